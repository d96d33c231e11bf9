//! `tongda consent`: acts that wait for further consents.

use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::word;
use clap::{Args, Subcommand};
use tongda_client::answer::Object;
use tongda_ledger::act::{Act, consent};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::PendingId;
use tongda_ledger::state::Pending;

/// What is done with pending acts.
#[derive(Subcommand, Debug)]
pub(crate) enum ConsentVerb {
    #[command(flatten)]
    Act(ConsentAct),
    #[command(flatten)]
    Read(ReadVerb<PendingId>),
}

/// Acts on pending acts.
#[derive(Subcommand, Debug)]
pub(crate) enum ConsentAct {
    /// 同意；最后一方同意时即生效 · Consent; with the last consent the act takes effect
    Give {
        /// 待同意的行为 · The pending act
        pending: PendingId,
    },
    /// 拒绝，或者由提出人收回 · Decline, or take it back as its author
    Decline(Decline),
}

/// `tongda consent decline`.
#[derive(Args, Debug)]
pub(crate) struct Decline {
    /// 待同意的行为 · The pending act
    pending: PendingId,
    /// 理由 · Why
    #[arg(long)]
    reason: Option<Text<600>>,
}

impl ConsentAct {
    /// The act.
    pub(crate) fn act(&self) -> Result<Act, Failure> {
        Ok(match self {
            Self::Give { pending } => consent::Give { pending: *pending }.into(),
            Self::Decline(decline) => {
                consent::Decline { pending: decline.pending, reason: decline.reason.clone() }.into()
            }
        })
    }
}

impl Listing for Pending {
    const HEAD: &'static [&'static str] =
        &["待同意 pending", "状态 state", "行为 act", "提出人 author", "截止 deadline", "待同意人 missing"];

    fn row(object: &Object<PendingId, Self>) -> Vec<String> {
        let Object { id, value } = object;
        let missing: Vec<_> = value.missing.iter().map(ToString::to_string).collect();
        let (act, author) = (value.kind.to_string(), value.author.to_string());
        vec![id.to_string(), word(&value.state), act, author, value.deadline.to_string(), missing.join(",")]
    }

    fn state(&self) -> String {
        word(&self.state)
    }
}
