//! The client against a node: the library in `session`, the command in `command`, the node in `double`; the light client in
//! `light` and `proofs` against `mirror`, a log served as files.

#[cfg(test)]
mod command;
#[cfg(test)]
#[path = "../../../ledger/tests/crafted_chain/mod.rs"]
mod crafted_chain;
#[cfg(test)]
mod double;
#[cfg(test)]
mod light;
#[cfg(test)]
mod mirror;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod session;
