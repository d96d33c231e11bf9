//! Say what went wrong between a caller and the ledger, and what to try.

use crate::GatheringError;
use tongda_ledger::envelope::EnvelopeError;
use tongda_ledger::hash::Hash;
use tongda_ledger::refusal::Refusal;
use tongda_ledger::vote::NetworkId;

/// Why there is no answer, or why the answer is no.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The law says no: an answer, not a fault. Every reason is named.
    #[error("the act is not allowed: {}", codes(.0))]
    Refused(Vec<Refusal>),
    /// The node cannot take what was sent.
    #[error("{node} does not take the request ({status}): {detail}")]
    Rejected {
        /// Which node.
        node: String,
        /// The HTTP status.
        status: u16,
        /// What the node says.
        detail: String,
    },
    /// There is no such thing on this ledger.
    #[error("{0}")]
    Missing(String),
    /// The envelope's window passed before a block took it; nothing was written.
    #[error("the envelope expired before a block took it, and nothing was written: sign the act again")]
    Expired,
    /// No node answers.
    #[error("{node} cannot be reached: {reason}; check the address, or name another node")]
    Unreachable {
        /// Which node.
        node: String,
        /// What the connection says.
        reason: String,
    },
    /// The node asked to come back later until patience ran out.
    #[error("{node} is busy: {detail}; try again later, or name another node")]
    Busy {
        /// Which node.
        node: String,
        /// What the node says.
        detail: String,
    },
    /// The node is at fault, or it is no node of this program's version.
    #[error("{node} is at fault: {detail}; its operator should know")]
    Broken {
        /// Which node.
        node: String,
        /// What the node says, or what is wrong with what it says.
        detail: String,
    },
    /// The node took the envelope, but no commit was seen in time. It may still be committed until it expires; sending
    /// the same envelope again is safe.
    #[error(
        "the envelope {id} was taken, but no block was seen to hold it in time; send the same envelope again, or ask \
         for the record {id} later"
    )]
    Unsettled {
        /// The envelope's id.
        id: Hash,
    },
    /// The node belongs to another network.
    #[error(
        "{node} belongs to the network {found}, not to {expected}: check the address and the network's id"
    )]
    OtherNetwork {
        /// Which node.
        node: String,
        /// The network asked for.
        expected: NetworkId,
        /// The node's network.
        found: NetworkId,
    },
    /// An address that cannot be one.
    #[error("{address:?} is no address of a node: {reason}; write it as in http://127.0.0.1:26602")]
    Address {
        /// The text given.
        address: String,
        /// What is wrong.
        reason: String,
    },
    /// What is to be signed or sent is no envelope.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// Signatures that do not belong to what was signed.
    #[error(transparent)]
    Gathering(#[from] GatheringError),
    /// The act names more versions of patents than an envelope holds.
    #[error("an act is signed over the versions of 64 patents at most, not of {0}")]
    Expectations(usize),
}

fn codes(refusals: &[Refusal]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
