//! An exchange at work: the ledger on disk, in consensus with the other exchanges, behind an HTTP door.
//!
//! - [`store`]: the log on disk and the index beside it.
//! - [`pool`]: records on their way.
//! - [`chain`]: propose, validate, commit.
//! - [`application`]: the chain as the consensus engine asks for it.
//! - [`api`]: HTTP.
//! - [`health`]: what is counted and what an operator must be told.
//! - [`config`]: the node's settings.
//! - [`run`](mod@run): all of it together; [`command`]: the other commands; [`devnet`]: a network to try out;
//!   [`entry`]: the command line.

pub mod api;
pub mod application;
pub mod chain;
pub mod command;
pub mod config;
pub mod devnet;
pub mod entry;
pub mod health;
pub mod pool;
pub mod run;
pub mod store;
