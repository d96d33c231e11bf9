//! An exchange at work.

pub mod store;
