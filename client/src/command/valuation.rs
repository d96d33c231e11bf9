//! `tongda valuation`: what patents were found to be worth, by whom and how.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, PatentName, choice, list, word};
use clap::Args;
use tongda_client::answer::Object;
use tongda_ledger::act::Act;
use tongda_ledger::act::valuation::{ValuationMethod, ValuationTool, Value, ValueBand};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{Date, ValuationId};
use tongda_ledger::state::Valuation;

/// What is done with valuations: they are entered, or read.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct ValuationVerb {
    #[command(subcommand)]
    pub(crate) read: Option<ReadVerb<ValuationId>>,
    #[command(flatten)]
    pub(crate) act: Option<ValuationAct>,
}

/// `tongda valuation`.
#[derive(Args, Debug)]
pub(crate) struct ValuationAct {
    /// 一并评估的专利，可多个 · The patents that were valued together
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// cost, market, income, bank-internal, tool（成本法、市场法、收益法、银行内部评估、智能化工具）
    #[arg(long, value_parser = choice::<ValuationMethod>)]
    method: ValuationMethod,
    /// 公开的价值区间 · The band, if public: below-one-million, one-to-ten-million, ten-to-hundred-million,
    /// above-hundred-million
    #[arg(long, value_parser = choice::<ValueBand>)]
    band: Option<ValueBand>,
    /// 价值与报告的摘要 · The salted digest of value and report: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    value: Digest,
    /// 评估基准日，缺省今日 · The day as of which it holds; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// 评估工具 · The tool, if one was used
    #[arg(long, value_name = "NAME", requires = "tool_version")]
    tool: Option<Text<120>>,
    /// 工具版本 · The tool's version
    #[arg(long, value_name = "VERSION", requires = "tool")]
    tool_version: Option<Text<60>>,
}

impl ValuationAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let tool = self.tool.clone().zip(self.tool_version.clone());
        let value = Value {
            patents: list(&caller.patents(&self.patents).await?, "patents")?,
            method: self.method,
            band: self.band,
            value: caller.salted(&self.value)?,
            on: day(self.on),
            tool: tool.map(|(name, version)| ValuationTool { name, version }),
        };
        Ok(value.into())
    }
}

impl Listing for Valuation {
    const HEAD: &'static [&'static str] =
        &["评估 valuation", "方法 method", "评估人 appraiser", "基准日 as of", "专利 patents"];

    fn row(object: &Object<ValuationId, Self>) -> Vec<String> {
        let Object { id, value } = object;
        let patents: Vec<_> = value.patents.iter().map(ToString::to_string).collect();
        let appraiser = value.appraiser.to_string();
        vec![id.to_string(), word(&value.method), appraiser, value.on.to_string(), patents.join(",")]
    }

    fn state(&self) -> String {
        self.band.map_or_else(|| "withheld".into(), |band| word(&band))
    }
}
