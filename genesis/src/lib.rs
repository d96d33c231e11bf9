//! What a network is: the genesis file, the key ceremony, the code tables.

pub mod sample;
pub mod tables;
