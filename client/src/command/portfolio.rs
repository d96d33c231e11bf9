//! `tongda portfolio`: high-value patent portfolios.

use super::caller::Caller;
use super::failure::Failure;
use super::value::{PatentName, list};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::portfolio;
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{IndustryCode, RecordId};

/// Acts on portfolios.
#[derive(Subcommand, Debug)]
pub(crate) enum PortfolioAct {
    /// 组成高价值专利组合（持有人） · Put patents together as a portfolio; by their holder
    Form(Form),
    /// 结束专利组合（持有人） · End a portfolio; by its holder
    End {
        /// 组成的记录 · The record that formed it
        portfolio: RecordId,
    },
}

/// `tongda portfolio form`.
#[derive(Args, Debug)]
pub(crate) struct Form {
    /// 专利，两件以上 · The patents; at least two
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 名称 · Its name
    #[arg(long)]
    name: Text<300>,
    /// 所属行业，可重复 · An industry it is for, as in C27; repeatable
    #[arg(long = "industry", value_name = "INDUSTRY", required = true, value_delimiter = ',')]
    industries: Vec<IndustryCode>,
}

impl PortfolioAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Form(form) => portfolio::Form {
                name: form.name.clone(),
                field: list(&form.industries, "--industry")?,
                patents: list(&caller.patents(&form.patents).await?, "patents")?,
            }
            .into(),
            Self::End { portfolio } => portfolio::End { portfolio: *portfolio }.into(),
        })
    }
}
