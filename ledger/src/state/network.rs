//! The exchanges' machines: who votes, who may connect, where.

use super::key::{Unit, stored};
pub use crate::act::governance::Node;
use crate::codec::{Decode, Encode, List};
use crate::hash::Hash;
use crate::identifier::Timestamp;
use crate::vote::{Validator, ValidatorSet, ValidatorSetError};
use serde::{Deserialize, Serialize};

/// All nodes of the network, ascending by name.
#[derive(Clone, Debug, PartialEq, Eq, Default, Encode, Decode, Serialize, Deserialize)]
pub struct Nodes {
    /// The nodes.
    pub nodes: List<Node, 40>,
}
stored!(Nodes, 2, Unit);

impl Nodes {
    /// The nodes that vote, as the consensus knows them.
    ///
    /// # Errors
    /// [`ValidatorSetError`] when no node votes or two share a key.
    pub fn validators(&self) -> Result<ValidatorSet, ValidatorSetError> {
        let voting = self.nodes.iter().filter(|node| node.power > 0);
        ValidatorSet::new(
            voting.map(|node| Validator { vote_key: node.vote_key.clone(), power: node.power }).collect(),
        )
    }
}

/// Where the network comes from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Anchor {
    /// When it begins.
    pub start: Timestamp,
    /// For a successor: the hash of the final checkpoint of the network before it.
    pub predecessor: Option<Hash>,
    /// Whether members, fees and declarations on it are made for demonstration.
    pub demonstration: bool,
}
stored!(Anchor, 3, Unit);
