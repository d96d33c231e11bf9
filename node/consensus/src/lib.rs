//! Let the validators agree on one block after another.
//!
//! The engine behind a plain interface: an [`Application`] makes, judges and commits blocks, [`run`] drives it.
//! Nothing outside this crate knows which engine that is. The validators vote on a block's hash; its body travels
//! beside the votes in signed streams of parts.
//!
//! ```text
//!             propose                    parts                     validate
//! leader ──► Application ──► undecided ─────────► stream ──► judge ──► Application ──► undecided
//!                                                                                         │ on disk
//! all    ◄── Application ◄── host ◄── engine: prevotes, precommits, certificate ◄─────────┘
//!              commit
//! ```
//!
//! Between two heights the node rests until there is work, or until the peers have begun or decided the next height.
//! After a start it begins its first height at once: it cannot know whether the others wait for it.

#[cfg(feature = "adversary")]
pub mod adversary;
mod application;
mod certificate;
mod config;
mod context;
mod engine;
mod error;
#[cfg(test)]
mod fixtures;
mod hold;
mod host;
mod identity;
mod judge;
mod listener;
mod observed;
mod part;
mod prevotes;
mod settings;
mod signing;
mod stream;
mod tamper;
mod undecided;
mod vote_log;
mod wire;

pub use application::{Application, Fault, Next, Origin, Proposal, Question, Start, Verdict};
pub use config::{Config, Limits, Peer, Timeouts};
pub use error::EngineError;
pub use observed::{Equivocated, Observed};

/// Runs the engine until `shutdown` completes or something is broken.
///
/// Needs a tokio runtime with I/O and time. Everything it started has ended when this returns.
///
/// # Errors
/// [`EngineError`] says what is broken; after a [`Fault`] of the application it carries it.
pub async fn run<A: Application>(
    config: Config,
    application: A,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), EngineError> {
    engine::run(config, application, None, shutdown).await
}
