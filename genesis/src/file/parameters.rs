//! Write the network's parameters as lines of the genesis file, each with its unit, its bounds and its article.

use super::GenesisError;
use super::layout::Layout;
use serde::{Deserialize, Deserializer};
use tongda_ledger::codec::List;
use tongda_ledger::identifier::{Money, Rate};
use tongda_ledger::state::{Parameters, Table};

/// A parameter as a line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterLine {
    /// Its name in the file.
    pub key: String,
    /// Its value as TOML.
    pub value: String,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// What it is, in English.
    pub en: &'static str,
}

/// The parameters that stand in a file's section `[parameters]`; code tables are left empty.
///
/// # Errors
/// [`GenesisError`] names the line.
pub fn parse_parameters(text: &str) -> Result<Parameters, GenesisError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        parameters: ParametersEntry,
    }
    let file: File = Layout::read(text)?.typed()?;
    Ok(file.parameters.into_parameters(List::new()))
}

/// Declares the parameters in the order of the file: a parameter is one line in the list below.
macro_rules! parameters {
    ($($(#[$attribute:meta])* $field:ident: $type:ty = $zh:literal / $en:literal;)*) => {
        /// The section `[parameters]`.
        #[derive(Clone, Debug, Deserialize)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub(crate) struct ParametersEntry {
            $($(#[$attribute])* $field: $type,)*
        }

        impl ParametersEntry {
            /// The parameters, with the tables that stand in sections of their own.
            pub(super) fn into_parameters(self, tables: List<Table, 32>) -> Parameters {
                Parameters { $($field: self.$field,)* tables }
            }
        }

        /// The parameters as lines of the file, in its order; the code tables have sections of their own.
        #[must_use]
        pub fn parameter_lines(parameters: &Parameters) -> Vec<ParameterLine> {
            vec![$(ParameterLine {
                key: stringify!($field).replace('_', "-"),
                value: parameters.$field.toml(),
                zh: $zh,
                en: $en,
            }),*]
        }

        /// The parameters with one of them at its default, for each of them: to find the one that is wrong.
        pub(super) fn each_at_default(parameters: &Parameters) -> Vec<(String, Parameters)> {
            vec![$((
                stringify!($field).replace('_', "-"),
                Parameters { $field: Parameters::default().$field, ..parameters.clone() },
            )),*]
        }
    };
}

parameters! {
    rule_set: u16 = "现行规则集；本程序只有第 1 套"
        / "Rule set in force; this program knows set 1.";
    window: u64 = "信封有效窗口上限，毫秒，1 至 86,400,000（24 小时）"
        / "Longest window of an envelope, in milliseconds: 1 to 86,400,000 (24 hours).";
    gather: u64 = "待签记录的最长等待，毫秒"
        / "Longest time an act may wait for signatures, in milliseconds.";
    due_per_block: u16 = "每块至多处理的到期事项，至少 1"
        / "Items of the due queue that take effect in one block, at most; at least 1.";
    records_per_block: u32 = "每块记录数上限，1 至 65,536"
        / "Records in a block, at most: 1 to 65,536.";
    bytes_per_block: u32 = "每块记录字节上限，65,535 至 8,388,608"
        / "Bytes of records in a block, at most: 65,535 to 8,388,608.";
    checkpoint_every: u64 = "检查点间隔，毫秒"
        / "Time between checkpoints, in milliseconds.";
    #[serde(deserialize_with = "yuan")]
    open_lump_cap: Money = "开放许可一次性固定费上限，元（《专利审查指南》第五部分第十一章 3.3：2,000 万元）"
        / "Highest fixed fee of an open licence, in yuan (Guidelines V.11 §3.3: 20,000,000).";
    open_sales_cap: Rate = "按净销售额提成上限（同上：20%）"
        / "Highest royalty on net sales (same: 20%).";
    open_profit_cap: Rate = "按利润提成上限（同上：40%）"
        / "Highest royalty on profit (same: 40%).";
    open_shortest_term: u32 = "开放许可最短期限，日；0 为不设（法律未规定）"
        / "Shortest term of an open licence, in days; 0 for none (the law names none).";
    open_calculation: u16 = "许可费计算说明的字数上限（同上 3.3：2,000 字）"
        / "Characters in the statement of how a fee was calculated, at most (same: 2,000).";
    recordal_days: u16 = "许可备案期限，自合同生效起，日（《专利法实施细则》第十五条：三个月）"
        / "Days from its effect within which a licence is recorded (Rule 15: three months).";
    publicity_days: u16 = "国立院校交易信息公示，日（国发〔2016〕16号：不少于 15 日）"
        / "Days that a public institution's notice of name and price stands (State Council 2016 No. 16: 15).";
    preservation_months: u8 = "保全期限，月（细则第一百零四条：6 个月）"
        / "Longest preservation, in months (Rule 104: 6).";
    suspension_months: u8 = "中止期限，月（细则第一百零三条：1 年）"
        / "Longest suspension, in months (Rule 103: 12).";
    grace_months: u8 = "年费滞纳期，月（细则第一百一十五条：6 个月）"
        / "Grace for an annuity, in months (Rule 115: 6).";
    licence_change_months: u8 = "许可期限变更应在届满前若干个月内办理（许可备案办法第十六条：2 个月）"
        / "Months before its end within which a licence's term may still be changed (许可备案办法 art. 16: 2).";
    licence_cancel_days: u16 = "许可终止后办理备案注销的期限，日（许可备案办法第十八条：30 日）"
        / "Days after its end within which a licence's recordal is cancelled (许可备案办法 art. 18: 30).";
    pledge_change_days: u16 = "质押担保债权种类、数额、范围变更后的登记期限，日（质押登记办法：30 日）"
        / "Days within which a change of a pledge's debt or scope is registered (质押登记办法: 30).";
    valuation_months: u8 = "评估报告的有效期，月（12 个月）"
        / "Months after which a valuation no longer counts.";
    compulsory_grant_years: u8 = "未实施可强制许可，自授权起满若干年（《专利法》第五十三条：三年）"
        / "Years from its grant after which a patent that is not worked can be licensed compulsorily (PL 53: 3).";
    compulsory_filing_years: u8 = "未实施可强制许可，自申请起满若干年（同上：四年）"
        / "Years from its filing after which it can (PL 53: 4).";
    funding_years: u8 = "财政资助专利未实施的期限，自授权起满若干年（国办发〔2023〕37号六：5 年）"
        / "Years from its grant after which a funded patent that is not implemented is overdue (plan §6: 5).";
    inventor_share: Rate = "发明人收益分配的最低比例，另有规定或约定的除外（促进科技成果转化法第四十五条：50%）"
        / "The least share of net income that goes to the inventors unless a policy says otherwise (成果转化法 45: 50 %).";
    credit_appeal_days: u16 = "信用认定的申诉期限，日"
        / "Days within which a member appeals against a credit event, before it is final.";
    proposal_days: u16 = "提案表决期限，日"
        / "Days that a proposal stays open for votes, at most.";
    statistic_cell: u8 = "统计单元格少于此贡献者数则不予公布"
        / "Contributors below which a statistic's cell is suppressed.";
    algorithms: List<u8, 16> = "有效的签名算法编号：1 为 Ed25519"
        / "Signature algorithms that count, by number: 1 is Ed25519.";
}

/// How a parameter is written in TOML.
trait Written {
    fn toml(&self) -> String;
}

macro_rules! written_as_number {
    ($($type:ty),*) => {$(
        impl Written for $type {
            fn toml(&self) -> String {
                self.to_string()
            }
        }
    )*};
}
written_as_number!(u8, u16, u32, u64);

impl Written for Money {
    fn toml(&self) -> String {
        format!("\"{self}\"")
    }
}

impl Written for Rate {
    fn toml(&self) -> String {
        format!("\"{self}\"")
    }
}

impl Written for List<u8, 16> {
    fn toml(&self) -> String {
        let numbers: Vec<_> = self.iter().map(u8::to_string).collect();
        format!("[{}]", numbers.join(", "))
    }
}

/// An amount for people: in yuan, where JSON has fen.
fn yuan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}
