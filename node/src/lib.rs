//! An exchange at work.
