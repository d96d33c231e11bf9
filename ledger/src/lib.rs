//! What is true and what is allowed: records, rules, state, log and map.
//!
//! Pure: no I/O, no clock, no randomness, no async, no threads of its own. Everything that decides whether a record
//! counts stands here, so that a node and an auditor run the same lines.

pub mod codec;
pub mod hash;
pub mod identifier;
pub mod key;
pub mod tree;
pub mod vote;
