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
    /// The vote log is damaged.
    #[error(
        "the vote log {path} is damaged: {reason}. It tells which votes this validator has signed; voting without it \
         could contradict them, which is misconduct. Way out: start the node without its vote key, as an observer, \
         until the network has decided height {height}; then start it with the key again"
    )]
    VoteLog {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// The height whose votes it holds.
        height: u64,
    },
    /// The vote log's first bytes are damaged, so that not even its height is known.
    #[error(
        "the vote log {path} cannot be read: {reason}. It tells which votes this validator has signed. Way out: start \
         the node without its vote key, as an observer, until it has the network's latest block and one more; then \
         move the file aside and start it with the key again"
    )]
    VoteLogHead {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The vote log is ahead of the ledger.
    #[error(
        "this validator has voted at height {voted}, but its ledger ends before height {height}: was it restored from \
         a backup? It could contradict its own votes. Way out: start the node without its vote key, as an observer, \
         until the network has decided height {voted}; then start it with the key again"
    )]
    Behind {
        /// The height whose votes the log holds.
        voted: u64,
        /// The height at which the ledger wants to begin.
        height: u64,
    },
    /// The engine ended by itself.
    #[error("the consensus engine ended unexpectedly: {0}")]
    Ended(String),
}

/// Turns a fault of the application into the engine's error.
pub(crate) const fn fault(doing: &'static str) -> impl FnOnce(Fault) -> EngineError {
    move |fault| EngineError::Application { doing, fault }
}
