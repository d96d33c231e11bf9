//! Cosign the log's checkpoints with the other validators, and publish what a quorum has cosigned.

pub mod disk;
