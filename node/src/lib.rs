//! An exchange at work: the ledger on disk, in consensus with the other exchanges, behind an HTTP door.
//!
//! - [`store`] keeps the log on disk and the index beside it.
//! - [`pool`] holds the records on their way.
//! - [`chain`] proposes, validates and commits blocks.
//! - [`application`] answers the consensus engine from the chain.
//! - [`api`] is HTTP; [`fetch`] asks other nodes, [`backfill`] for the blocks older than a snapshot.
//! - `participation` takes part in the consensus.
//! - [`silence`] keeps a validator from voting where it may have voted before.
//! - [`tiles`] exports the log as files.
//! - [`witness`] watches other logs, and has ours watched.
//! - [`health`] counts, and says what an operator must be told.
//! - [`config`] has the node's settings, [`clock`] the time.
//! - [`run`](mod@run) puts all of it together; [`command`] has the other commands, [`doctor`] one that looks for what is wrong, [`devnet`] a network to try out,
//!   [`entry`] the command line.

pub mod api;
pub mod application;
pub mod backfill;
pub mod chain;
pub mod clock;
pub mod command;
pub mod config;
pub mod cosign;
pub mod devnet;
pub mod doctor;
pub mod entry;
pub mod fetch;
pub mod health;
mod participation;
pub mod pool;
pub mod run;
pub mod silence;
pub mod store;
pub mod tiles;
pub mod witness;
