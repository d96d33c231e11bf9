//! What a network is: the genesis file, the key ceremony, the code tables.
//!
//! The ceremony: every exchange makes its keys ([`keys`]) and a signed [`application`]; a coordinator assembles them
//! into one [`file`](mod@file); every exchange compares it with its own application and signs; the node verifies all
//! of it before it starts. [`demonstration`] plays all founders itself, and [`patents`] reads listings of real patents.

pub mod application;
pub mod demonstration;
pub mod file;
pub mod gazette;
pub mod keys;
pub mod patents;
pub mod sample;
pub mod tables;
