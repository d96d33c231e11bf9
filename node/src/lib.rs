//! An exchange at work.

pub mod pool;
pub mod store;
