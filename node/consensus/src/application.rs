//! What the engine asks of the ledger: make a block, judge a block, commit a block, hand out a block.

use crate::config::Peer;
use crate::observed::Observed;
use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::watch;
use tongda_ledger::hash::Hash;
use tongda_ledger::vote::{Address, CommitCertificate, ValidatorSet};

/// The ledger as the engine sees it: a maker, judge and keeper of blocks that are opaque bytes to the engine.
///
/// Calls come one at a time, and while one runs the consensus of this node stands still. A [`Fault`] stops the
/// engine: a node that cannot read or store must not vote.
#[async_trait]
pub trait Application: Send + 'static {
    /// Where to begin: the height after the last committed block.
    async fn start(&mut self) -> Result<Start, Fault>;

    /// Makes the block for a round that this node leads. Never waits for work: with nothing to propose the block is
    /// empty. Asked once for each `(height, round)`, even across a crash: the engine keeps what it was given. The
    /// block is not given to [`Self::validate`]: the application knows that it is valid.
    async fn propose(&mut self, height: u64, round: u32) -> Result<Proposal, Fault>;

    /// Judges a block. The body is whatever a peer sent, up to the limit on its length; the application checks that
    /// it is the body of `question.block` and answers [`Verdict::Mismatch`] if it is not.
    async fn validate(&mut self, question: Question) -> Result<Verdict, Fault>;

    /// Commits the decided block. It is durable when this returns; the engine forgets it then.
    async fn commit(&mut self, certificate: CommitCertificate, body: Bytes) -> Result<Next, Fault>;

    /// Whether there is work for the height after the last committed block: records, due items, an unflagged tail.
    /// While there is none and the peers start nothing, the network rests. Asked once; up to date with a block's
    /// commit when [`Self::commit`] returns.
    fn work(&self) -> watch::Receiver<bool>;

    /// The decided block of a height and its certificate, for a peer that lags; `None` if it is not held.
    async fn decided(&mut self, height: u64) -> Result<Option<(CommitCertificate, Bytes)>, Fault>;

    /// The lowest height of which the decided block is held; 0 when none is.
    async fn oldest(&mut self) -> Result<u64, Fault>;

    /// Is told what the engine saw, for logs and metrics. Must return at once.
    fn observe(&mut self, _event: Observed) {}
}

/// Where the engine begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The first height that is not committed, at least 1.
    pub height: u64,
    /// Its validators.
    pub validators: ValidatorSet,
}

/// A block that the application made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The block's hash: what the validators vote on.
    pub block: Hash,
    /// The block, at most [`crate::Limits::body_bytes`] long.
    pub body: Bytes,
}

/// How a block came to be judged.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Proposed for the first time: its time is checked against the local clock.
    Fresh,
    /// Proposed again after more than a third of the honest validators may have locked it in `valid_round`: the
    /// clock rule does not apply, and the proposer of this round is not the one that made it.
    Reproposed {
        /// The round in which it gathered a quorum of prevotes.
        valid_round: u32,
    },
    /// Decided by others and fetched with a certificate: the clock rule does not apply, and `round` and `proposer`
    /// are those of the certificate's round.
    Synced,
}

/// A block to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The height, always the one after the last committed block.
    pub height: u64,
    /// The round in which it is proposed, or for a synced block decided.
    pub round: u32,
    /// Who leads that round.
    pub proposer: Address,
    /// How it came.
    pub origin: Origin,
    /// The hash that the proposer named.
    pub block: Hash,
    /// The body that the proposer sent.
    pub body: Bytes,
}

/// The answer to a [`Question`]. Equal on all nodes for the same block, but for the clock rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This node votes for the block.
    Valid,
    /// The body is that of the block, and this node votes against it, for this reason. For a synced block, which
    /// others have decided, this node then stands still: it follows other rules than they do.
    Invalid(String),
    /// The body is not that of the block: it has another hash, or does not contain what the hash covers. Nothing is
    /// said of the block; who sent the body is at fault, and another may send the true one.
    Mismatch(String),
}

/// What follows a committed block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The validators of the next height: a function of the committed state.
    pub validators: ValidatorSet,
    /// The nodes that may connect from now on, this one left out; `None` if they did not change.
    pub peers: Option<Vec<Peer>>,
}

/// Something of the application is broken: the engine stops with it.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Fault(Box<dyn std::error::Error + Send + Sync>);

impl Fault {
    /// A fault with the error that caused it, or with a text.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}
