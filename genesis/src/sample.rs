//! The samples of real patents and gazette notices that ship with the program, for demonstrations and tests.
//!
//! Comma-separated values in UTF-8; `genesis/data/README.md` explains every column and where the facts come from.

/// 643 granted Chinese patents from public listings of the register.
pub const PATENTS: &str = include_str!("../data/patents-sample.csv");

/// 278 notices of the patent gazette, about half of them on patents of [`PATENTS`].
pub const GAZETTE_EVENTS: &str = include_str!("../data/gazette-events-sample.csv");
