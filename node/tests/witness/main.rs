//! The node as a witness of other logs, and its log before witnesses of others.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod kit;
mod memory;
mod outside;
mod status;
