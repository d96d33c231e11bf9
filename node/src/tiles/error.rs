//! Say why an export was broken off. What was there before is then as good as it was.

use crate::chain::Unavailable;
use crate::fetch::FetchError;
use crate::store::StoreError;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::CheckpointError;

/// Why an export was broken off.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file of the export.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A part of the log that the node's directory cannot give.
    #[error("{path}: {error}")]
    Unavailable {
        /// The piece.
        path: String,
        /// Why.
        error: Box<Unavailable>,
    },
    /// What the node at an address answers.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// There is no checkpoint to export.
    #[error(
        "there is no published checkpoint {0}: it appears as soon as more than two thirds of the validators have \
         cosigned; let the node run until GET /log/checkpoint answers, then export again"
    )]
    NoCheckpoint(String),
    /// The checkpoint cannot be read.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The folder is that of another log.
    #[error("the folder holds the log {found}, not {expected}: export into another folder")]
    OtherLog {
        /// The origin of the checkpoint in the folder.
        found: String,
        /// The origin of the checkpoint to export.
        expected: String,
    },
    /// The folder is further on.
    #[error(
        "the folder holds {found} entries, and the checkpoint to export only {size}: the node is behind; let it catch up"
    )]
    Behind {
        /// Entries in the folder.
        found: u64,
        /// Entries of the checkpoint to export.
        size: u64,
    },
    /// Two checkpoints that cannot both be true.
    #[error(
        "A FORK: the checkpoint in the folder says that the first {size} entries have the root {there}, and the log to \
         export says {here}. One of them was signed falsely: keep both, and let `tongda audit` tell which"
    )]
    Fork {
        /// Entries.
        size: u64,
        /// Their root by the checkpoint in the folder.
        there: Hash,
        /// Their root by the log to export.
        here: Hash,
    },
    /// A piece that does not fit with the others.
    #[error("{path}: {reason}; nothing of it is published. Export from another node, or start this one anew")]
    Wrong {
        /// The piece.
        path: String,
        /// What is wrong.
        reason: String,
    },
}
