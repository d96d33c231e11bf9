//! Say what is broken with the chain of blocks on this node. Not what is refused: that is an answer.

use crate::store::{HashError, StoreError};
use tongda_ledger::block::Seal;
use tongda_ledger::codec::CodecError;
use tongda_ledger::snapshot::SnapshotError;
use tongda_ledger::state::Fault;
use tongda_ledger::tree::ProveError;

/// Why the chain cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The log or the index cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state cannot be read, or contradicts itself.
    #[error(transparent)]
    State(#[from] Fault),
    /// The index is not what the log says. It can be thrown away: it is built again from the log.
    #[error("the index is wrong: {0}; `tongda-node reindex` builds it again from the log")]
    Index(String),
    /// The genesis file makes no network.
    #[error("the genesis: {0}")]
    Founding(String),
    /// A block of the node's own log does not follow from the ones before it.
    #[error(
        "block {height} of the log does not follow from the blocks before it: {reason}. The log was changed, or was \
         written by a program with other rules; fetch the segment from another node"
    )]
    Log {
        /// The block's height.
        height: u64,
        /// What is wrong.
        reason: String,
    },
    /// A decided block that this node holds invalid.
    #[error(
        "block {height} was decided by the network, and is not valid here: {reason}. This program follows other rules \
         than the network's; update it"
    )]
    Decided {
        /// The block's height.
        height: u64,
        /// What is wrong.
        reason: String,
    },
    /// The hashes of the log's tree cannot be had.
    #[error("the folder log-hashes: {0}; it is made anew from the log when the node starts")]
    Hashes(String),
    /// A snapshot that proves nothing.
    #[error("the snapshot: {0}")]
    Snapshot(#[from] SnapshotError),
    /// A log that begins behind a snapshot which is not there.
    #[error(
        "the log begins at block {first}, and no snapshot from height {} on can be used: put one into the folder \
         snapshots, from GET /v1/snapshots of another node or by `tongda-node init --snapshot` in a new directory",
        first - 1
    )]
    NoBeginning {
        /// The height of the log's first block.
        first: u64,
    },
    /// Bytes that are no block.
    #[error("a block: {0}")]
    Codec(#[from] CodecError),
}

/// Why a part of the log, or a proof of it, cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// The log is not that long.
    #[error("the log has {size} entries in {blocks} blocks, and what was asked for lies beyond")]
    Beyond {
        /// Entries in the log.
        size: u64,
        /// Blocks in it.
        blocks: u64,
    },
    /// It lies before the snapshot with which the node began.
    #[error(
        "this node began from a snapshot behind entry {base} of the log, and what lies before it is still being fetched: \
         ask again later, or ask another node"
    )]
    Older {
        /// The first entry from which on all is here.
        base: u64,
    },
    /// The log cannot be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

impl From<HashError> for Unavailable {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Hole { base } => Self::Older { base },
            HashError::Store(error) => Self::Chain(error.into()),
            // The size was asked for before: the files are behind the log.
            beyond @ HashError::Beyond { .. } => Self::Chain(ChainError::Hashes(beyond.to_string())),
        }
    }
}

impl From<ProveError<HashError>> for Unavailable {
    fn from(error: ProveError<HashError>) -> Self {
        match error {
            ProveError::Hashes(error) => error.into(),
            other => Self::Chain(ChainError::Hashes(other.to_string())),
        }
    }
}

/// What a body was judged to be.
#[derive(Debug)]
pub(super) enum Judged {
    /// It follows from the tip.
    Valid(Box<(Seal, super::committed::Effects)>),
    /// It is the body of the block, and is refused.
    Invalid(String),
    /// It is not the body of the block.
    Mismatch(String),
}
