//! Say what a light client does not believe, and why.

use std::path::PathBuf;
use tongda_ledger::certificate::CertificateError;
use tongda_ledger::epoch::{EpochError, QuorumError};
use tongda_ledger::tree::{CheckpointError, LogProofError, NoteError, TilePath};

/// Why a light client takes nothing from a node.
#[derive(Debug, thiserror::Error)]
pub enum LightError {
    /// The node does not answer as a client expects.
    #[error(transparent)]
    Client(#[from] crate::Error),
    /// The client's own folder.
    #[error("{path}: {source}")]
    Folder {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        source: std::io::Error,
    },
    /// What stands in the client's own folder is not what was written there.
    #[error("{path}: {reason}; remove the file to begin again from the genesis file")]
    Kept {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A change of the validators that is not proven.
    #[error("the node's chain of epochs: {0}")]
    Epoch(#[from] EpochError),
    /// Links of epochs that are none.
    #[error("the node's chain of epochs cannot be read: {0}")]
    Links(String),
    /// A certificate that is none.
    #[error("the node's certificate: {0}")]
    Certificate(#[from] CertificateError),
    /// A checkpoint that is none.
    #[error("the node's checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A checkpoint of another log.
    #[error("WRONG NETWORK: the checkpoint is of {found}, not of {expected}")]
    Origin {
        /// Its origin.
        found: String,
        /// The origin of the network followed.
        expected: String,
    },
    /// A signature under the checkpoint does not verify, or none is of a known key.
    #[error("the checkpoint's signatures: {0}")]
    Note(#[from] NoteError),
    /// Too few validators signed.
    #[error("NO QUORUM: {0}")]
    Quorum(#[from] QuorumError),
    /// Too few of the witnesses asked for signed.
    #[error(
        "TOO FEW WITNESSES: {found} of the witnesses named signed the checkpoint; {needed} are asked for"
    )]
    Witnesses {
        /// How many signed.
        found: usize,
        /// How many are asked for.
        needed: usize,
    },
    /// An older checkpoint than one seen before.
    #[error(
        "OLDER THAN KNOWN: the node serves a checkpoint of {served} entries, and one of {known} has been verified before; \
         ask another node"
    )]
    Older {
        /// Entries of the checkpoint served.
        served: u64,
        /// Entries of the newest one verified.
        known: u64,
    },
    /// A checkpoint whose quorum is too long ago.
    #[error(
        "TOO OLD: the quorum signed {age} s before this machine's time, and {limit} s are allowed; ask another node"
    )]
    Age {
        /// Seconds since the quorum.
        age: u64,
        /// Seconds allowed.
        limit: u64,
    },
    /// Two histories.
    #[error(
        "TWO HISTORIES: the checkpoint contradicts one that was verified before; the evidence stands in {}: show it to \
         the exchanges and to the public, and believe neither",
        evidence.display()
    )]
    Fork {
        /// The file of the evidence.
        evidence: PathBuf,
    },
    /// A log that does not continue the one seen, and nobody who signed it can be held to it.
    #[error("NOT A CONTINUATION: {0}; the node's log is not the one verified before")]
    Consistency(LogProofError),
    /// What the node serves of its log does not fit the checkpoint.
    #[error("{what} of the node's log does not fit its checkpoint: {reason}")]
    Proof {
        /// Of what.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A tile or bundle that is none.
    #[error("the node's {path} is no such tile: {reason}")]
    Tile {
        /// Which one.
        path: TilePath,
        /// What is wrong.
        reason: String,
    },
    /// An entry behind the end of the log.
    #[error(
        "entry {index} lies beyond the {size} entries of the checkpoint: the checkpoint after it is not published yet"
    )]
    Beyond {
        /// The entry.
        index: u64,
        /// Entries of the checkpoint.
        size: u64,
    },
}
