//! Why the engine stopped.

use crate::application::Fault;
use std::path::PathBuf;

/// Why the engine did not start or had to stop.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The configuration cannot work.
    #[error("the consensus cannot start: {0}")]
    Config(String),
    /// The application is broken.
    #[error("the consensus stopped because the node failed to {doing}: {fault}")]
    Application {
        /// What it was asked to do.
        doing: &'static str,
        /// What is broken.
        fault: Fault,
    },
    /// A file of the engine's directory could not be read or written.
    #[error("the consensus stopped: {doing} {path}: {error}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What went wrong.
        error: std::io::Error,
    },
    /// The vote log holds what this node cannot read.
    #[error(
        "the vote log {path} is damaged: {reason}. Without it the node does not know which votes it has signed, and \
         voting again could be taken for misconduct. Way out: wait until the network has decided height {height} \
         without this node, move the file aside, and start as an observer or let the node catch up first"
    )]
    VoteLog {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// The height whose votes it holds.
        height: u64,
    },
    /// The engine ended by itself.
    #[error("the consensus engine ended unexpectedly: {0}")]
    Ended(String),
}
