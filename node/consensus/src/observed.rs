//! What the engine saw, told to the application for logs and metrics.

use tongda_ledger::hash::Hash;
use tongda_ledger::key::PublicKey;
use tongda_ledger::vote::Address;

/// Something worth a line in the log or a count in the metrics. Nothing depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Observed {
    /// A round began. A round above 0 means that the one before it decided nothing.
    RoundStarted {
        /// The height.
        height: u64,
        /// The round.
        round: u32,
        /// Who leads it.
        proposer: Address,
    },
    /// A block was judged invalid, or an unfinished one was refused.
    Refused {
        /// The height.
        height: u64,
        /// The round.
        round: u32,
        /// Who led the round.
        proposer: Address,
        /// The block's hash, as named.
        block: Hash,
        /// Why.
        reason: String,
    },
    /// A peer's stream of parts was dropped: it broke a limit or contradicted itself.
    StreamDropped {
        /// The peer's network key; `None` if it is no Ed25519 key.
        peer: Option<PublicKey>,
        /// What it broke.
        reason: String,
    },
    /// A validator signed two different votes or proposals for one round: proof of misconduct.
    Equivocation {
        /// Who.
        validator: Address,
        /// The height.
        height: u64,
        /// The round.
        round: u32,
        /// What it signed twice.
        what: Equivocated,
    },
    /// A decided block was fetched from a peer instead of decided here.
    Synced {
        /// The height.
        height: u64,
    },
    /// A peer connected.
    Connected {
        /// Its network key; `None` if it is no Ed25519 key.
        peer: Option<PublicKey>,
    },
    /// A peer's connection ended.
    Disconnected {
        /// Its network key; `None` if it is no Ed25519 key.
        peer: Option<PublicKey>,
    },
    /// A peer announced the last height that it decided.
    PeerTip {
        /// Its network key; `None` if it is no Ed25519 key.
        peer: Option<PublicKey>,
        /// The height.
        height: u64,
    },
    /// The network rests: nothing to decide at this height yet.
    Resting {
        /// The height that waits for work.
        height: u64,
    },
}

/// What was signed twice.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Equivocated {
    /// Two proposals.
    Proposal,
    /// Two votes of one kind.
    Vote,
}
