//! `tongda event`: roadshows and meetings of supply and demand.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::value::{Digest, PatentName, choice, list};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::event::{self, MatchingEventKind};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{ContractId, Date, EventId, IndustryCode, MemberId, RegionCode};

/// Acts on events.
#[derive(Subcommand, Debug)]
pub(crate) enum EventAct {
    /// 公布路演、对接活动（交易机构、运营中心） · Announce an event; by an exchange or an operation centre
    Hold(Hold),
    /// 记录活动成果（公布者） · Say what came of an event; by who announced it
    Outcome(Outcome),
}

/// `tongda event hold`.
#[derive(Args, Debug)]
pub(crate) struct Hold {
    /// roadshow, docking（路演、对接活动）
    #[arg(long, value_parser = choice::<MatchingEventKind>)]
    kind: MatchingEventKind,
    /// 名称 · Its name
    #[arg(long)]
    name: Text<300>,
    /// 日期，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// 行业 · The industry, as in C27
    #[arg(long)]
    industry: IndustryCode,
    /// 地点的行政区划代码 · Where, six digits
    #[arg(long)]
    region: RegionCode,
    /// 展示的专利，可重复 · A patent shown; repeatable
    #[arg(long = "patent", value_name = "PATENT", value_delimiter = ',')]
    patents: Vec<PatentName>,
    /// 参加的成员，可重复 · A member that takes part; repeatable
    #[arg(long = "member", value_name = "MEMBER", value_delimiter = ',')]
    members: Vec<MemberId>,
}

/// `tongda event outcome`.
#[derive(Args, Debug)]
pub(crate) struct Outcome {
    /// 活动 · The event
    event: EventId,
    /// 意向数 · How many intents were declared
    #[arg(long, value_name = "COUNT")]
    intents: u32,
    /// 订立的技术合同，可重复 · A technical contract concluded; repeatable
    #[arg(long = "contract", value_name = "CONTRACT", value_delimiter = ',')]
    contracts: Vec<ContractId>,
    /// 报告的摘要 · The salted digest of the report: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    report: Option<Digest>,
}

impl EventAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Hold(hold) => event::Hold {
                kind: hold.kind,
                name: hold.name.clone(),
                on: day(hold.on),
                industry: hold.industry,
                region: hold.region,
                patents: list(&caller.patents(&hold.patents).await?, "--patent")?,
                members: list(&hold.members, "--member")?,
            }
            .into(),
            Self::Outcome(outcome) => event::Outcome {
                event: outcome.event,
                intents: outcome.intents,
                contracts: list(&outcome.contracts, "--contract")?,
                report: caller.maybe_salted(outcome.report.as_ref())?,
            }
            .into(),
        })
    }
}
