//! `tongda agency`: powers of attorney.

use super::caller::Caller;
use super::failure::Failure;
use super::value::{PatentName, act_kind, list};
use clap::{Args, Subcommand};
use tongda_ledger::act::{Act, ActKind, member};
use tongda_ledger::identifier::{Date, MemberId};

/// Acts on powers of attorney.
#[derive(Subcommand, Debug)]
pub(crate) enum AgencyAct {
    /// 委托代理；截止日在过去即为撤销 · Empower an agent; a last day in the past takes the power back
    Power(Power),
}

/// `tongda agency power`.
#[derive(Args, Debug)]
pub(crate) struct Power {
    /// 代理人 · The agent
    #[arg(long)]
    agent: MemberId,
    /// 委托人，缺省为签名人 · The principal; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    principal: Option<MemberId>,
    /// 委托办理的行为，如 open.declare · The acts, as in open.declare
    #[arg(long = "act", required = true, value_parser = act_kind, value_delimiter = ',')]
    acts: Vec<ActKind>,
    /// 涉及的专利，缺省为全部 · The patents; without it, all of them
    #[arg(long = "patent", value_delimiter = ',')]
    patents: Vec<PatentName>,
    /// 截止日 · The last day
    #[arg(long)]
    until: Date,
}

impl AgencyAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        match self {
            Self::Power(power) => power.act(caller).await,
        }
    }
}

impl Power {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let principal = match self.principal {
            Some(principal) => principal,
            None => caller.author().await?,
        };
        let power = member::Power {
            principal,
            agent: self.agent,
            acts: list(&self.acts, "--act")?,
            patents: list(&caller.patents(&self.patents).await?, "--patent")?,
            until: self.until,
        };
        Ok(power.into())
    }
}
