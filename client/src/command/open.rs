//! `tongda open`: open licences, from the declaration to the licence in force.

use super::caller::{Caller, day, typed_or_read};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, PatentName, choice, fee, list, word};
use clap::{Args, Subcommand};
use tongda_client::answer::Object;
use tongda_ledger::act::Act;
use tongda_ledger::act::open_licence::{self, CloseCause, FeeStandard};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{Date, DeclarationId, IndustryCode, MemberId, Money, NoticeId, Term};
use tongda_ledger::state::{Declaration, OpenNotice};

/// What is done with open licences.
#[derive(Subcommand, Debug)]
pub(crate) enum OpenVerb {
    #[command(flatten)]
    Act(OpenAct),
    #[command(flatten)]
    Read(ReadVerb<DeclarationId>),
    /// 开放许可声明下的通知 · The notices under declarations
    #[command(subcommand)]
    Notices(ReadVerb<NoticeId>),
}

/// Acts on open licences.
#[derive(Subcommand, Debug)]
pub(crate) enum OpenAct {
    /// 声明开放许可（全体专利权人） · Declare that anyone may take a licence; signed by all owners
    Declare(Box<Declare>),
    /// 公告声明（登记机构） · Announce a declaration; by the registrar
    Announce(Announce),
    /// 通知专利权人实施（被许可人） · Notify the owner that the licence is taken; by the licensee
    Notice(Notice),
    /// 支付许可使用费（被许可人与确认人） · Enter that the fee is paid; by the licensee and who confirms it
    Pay(Pay),
    /// 撤回声明（全体专利权人） · Withdraw a declaration; signed by all owners
    Withdraw(Withdraw),
    /// 公告声明终结（登记机构） · Announce a declaration's end; by the registrar
    Close(Close),
    /// 备案，同 `licence record` · Record the licence, as `licence record`
    Record(super::licence::Record),
}

/// `tongda open declare`.
#[derive(Args, Debug)]
pub(crate) struct Declare {
    /// 专利 · The patent
    patent: PatentName,
    /// 许可使用费 · The fee: free, lump:5000, instalments:1000x4, net-sales:3%, profit:10%, per-unit:2.50,
    /// entry:10000+3%
    #[arg(long, value_parser = fee)]
    fee: FeeStandard,
    /// 许可期限 · The licence's term, FIRST/LAST, as in 2026-01-01/2030-12-31
    #[arg(long)]
    term: Term,
    /// 联系方式 · Whom to write to
    #[arg(long)]
    contact: Text<300>,
    /// 许可使用费的计算依据 · How the fee was calculated: TEXT or @FILE
    #[arg(long, value_name = "TEXT")]
    calculation: String,
    /// 收款账户的摘要 · The digest of the payment account: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    account: Option<Digest>,
    /// 适用行业，可重复 · A branch it can be used in; repeatable
    #[arg(long = "industry", value_delimiter = ',')]
    industries: Vec<IndustryCode>,
    /// 应用场景 · What it can be used for
    #[arg(long, value_name = "TEXT")]
    application: Option<Text<2000>>,
    /// 附带技术秘密 · Know-how comes with it
    #[arg(long)]
    know_how: bool,
    /// 承诺符合开放许可的条件 · The owners undertake that the conditions of an open licence are met
    #[arg(long)]
    undertake: bool,
}

/// `tongda open announce`.
#[derive(Args, Debug)]
pub(crate) struct Announce {
    /// 声明 · The declaration
    declaration: DeclarationId,
    /// 公报期号 · The gazette's number
    #[arg(long)]
    gazette: Text<60>,
    /// 公告日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda open notice`.
#[derive(Args, Debug)]
pub(crate) struct Notice {
    /// 声明 · The declaration
    declaration: DeclarationId,
    /// 所见的许可使用费，须与声明一致 · The fee as read; it must be the declaration's
    #[arg(long, value_parser = fee)]
    fee: FeeStandard,
    /// 期限，在声明期限之内 · The term taken, FIRST/LAST
    #[arg(long)]
    term: Term,
    /// 实施方案 · What it is for
    #[arg(long, value_name = "TEXT")]
    plan: Text<2000>,
    /// 涉外：出口登记或者许可的摘要 · For a foreign licensee: the digest of the export registration or licence
    #[arg(long, value_name = "DIGEST")]
    export: Option<Digest>,
}

/// `tongda open pay`.
#[derive(Args, Debug)]
pub(crate) struct Pay {
    /// 通知 · The notice
    notice: NoticeId,
    /// 已付数额（元） · What was paid, in yuan
    #[arg(long)]
    amount: Money,
    /// 币种 · The currency
    #[arg(long, default_value = "CNY")]
    currency: Text<3>,
    /// 付款凭证的摘要 · The digest of the receipt: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    receipt: Digest,
    /// 付款日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// 确认人：专利权人、交易机构或者银行 · Who confirms it: an owner, an exchange or a bank
    #[arg(long, value_name = "MEMBER")]
    confirmed_by: MemberId,
}

/// `tongda open withdraw`.
#[derive(Args, Debug)]
pub(crate) struct Withdraw {
    /// 声明 · The declaration
    declaration: DeclarationId,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<2000>,
    /// 条件：法律不允许附条件 · A condition; the law allows none
    #[arg(long, hide = true)]
    condition: Option<Text<2000>>,
}

/// `tongda open close`.
#[derive(Args, Debug)]
pub(crate) struct Close {
    /// 声明 · The declaration
    declaration: DeclarationId,
    /// withdrawn, terminated, revoked
    #[arg(long, value_parser = choice::<CloseCause>)]
    cause: CloseCause,
    /// 公报期号 · The gazette's number
    #[arg(long)]
    gazette: Text<60>,
    /// 公告日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl OpenAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Declare(declare) => declare.act(caller).await?,
            Self::Announce(announce) => open_licence::Announce {
                declaration: announce.declaration,
                gazette: announce.gazette.clone(),
                on: day(announce.on),
            }
            .into(),
            Self::Notice(notice) => open_licence::Notice {
                declaration: notice.declaration,
                fee: notice.fee.clone(),
                term: notice.term,
                plan: notice.plan.clone(),
                export: notice.export.as_ref().map(|digest| caller.plain(digest)).transpose()?,
            }
            .into(),
            Self::Pay(pay) => open_licence::Pay {
                notice: pay.notice,
                amount: pay.amount,
                currency: pay.currency.clone(),
                receipt: caller.plain(&pay.receipt)?,
                on: day(pay.on),
                confirmed_by: pay.confirmed_by,
            }
            .into(),
            Self::Withdraw(withdraw) => open_licence::Withdraw {
                declaration: withdraw.declaration,
                reason: withdraw.reason.clone(),
                condition: withdraw.condition.clone(),
            }
            .into(),
            Self::Close(close) => open_licence::Close {
                declaration: close.declaration,
                cause: close.cause,
                gazette: close.gazette.clone(),
                on: day(close.on),
            }
            .into(),
            Self::Record(record) => record.act(caller)?,
        })
    }
}

impl Declare {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let declare = open_licence::Declare {
            patent: caller.patent(self.patent).await?,
            fee: self.fee.clone(),
            term: self.term,
            contact: self.contact.clone(),
            account: caller.maybe_salted(self.account.as_ref())?,
            calculation: typed_or_read(&self.calculation, "--calculation")?,
            industries: list(&self.industries, "--industry")?,
            application: self.application.clone(),
            know_how: self.know_how,
            undertaking: self.undertake,
        };
        Ok(declare.into())
    }
}

/// A fee as it is typed.
fn fee_text(fee: &FeeStandard) -> String {
    match fee {
        FeeStandard::Free => "free".into(),
        FeeStandard::Lump { amount } => format!("lump:{amount}"),
        FeeStandard::Instalments { each, count } => format!("instalments:{each}x{count}"),
        FeeStandard::RoyaltyNetSales { rate } => format!("net-sales:{rate}"),
        FeeStandard::RoyaltyProfit { rate } => format!("profit:{rate}"),
        FeeStandard::RoyaltyPerUnit { amount } => format!("per-unit:{amount}"),
        FeeStandard::EntryAndRoyalty { entry, rate } => format!("entry:{entry}+{rate}"),
    }
}

impl Listing for Declaration {
    const HEAD: &'static [&'static str] =
        &["声明 declaration", "状态 state", "专利 patent", "期限 term", "费用 fee"];

    fn row(object: &Object<DeclarationId, Self>) -> Vec<String> {
        let Object { id, value } = object;
        let patent = value.patent.to_string();
        vec![id.to_string(), word(&value.state), patent, value.term.to_string(), fee_text(&value.fee)]
    }

    fn state(&self) -> String {
        word(&self.state)
    }
}

impl Listing for OpenNotice {
    const HEAD: &'static [&'static str] =
        &["通知 notice", "状态 state", "声明 declaration", "被许可人 licensee", "期限 term"];

    fn row(object: &Object<NoticeId, Self>) -> Vec<String> {
        let Object { id, value } = object;
        let (declaration, licensee) = (value.declaration.to_string(), value.licensee.to_string());
        vec![id.to_string(), word(&value.state), declaration, licensee, value.term.to_string()]
    }

    fn state(&self) -> String {
        word(&self.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_is_shown_as_it_is_typed() {
        for text in
            ["free", "lump:5,000.00", "net-sales:3.00%", "entry:10,000.00+3.00%", "instalments:1.00x4"]
        {
            assert_eq!(fee_text(&fee(text).unwrap()), text);
        }
    }
}
