//! What crosses crates: a network of processes on this machine, with made members and patents, for tests and benches.

pub mod parties;
pub mod usage;

pub use tongda_node::devnet::network::{Network, Options, Running};
