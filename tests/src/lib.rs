//! What crosses crates: end to end, faults, vectors, benches.
