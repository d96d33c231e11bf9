//! The exchanges' machines: who votes, who may connect, where.

use super::key::{Unit, stored};
use crate::codec::{Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{MemberId, RegionCode, Timestamp};
use crate::key::PublicKey;
use crate::vote::{Validator, ValidatorSet, ValidatorSetError};
use serde::{Deserialize, Serialize};

/// A node: the machine of an exchange, or of anyone admitted to follow.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Node {
    /// Its short name, unique in the network.
    pub name: Text<60>,
    /// The exchange that runs it.
    pub exchange: MemberId,
    /// Where it stands.
    pub region: RegionCode,
    /// Voting power; 0 for an observer.
    pub power: u64,
    /// The key it votes with.
    pub vote_key: PublicKey,
    /// The key it cosigns checkpoints with.
    pub cosign_key: PublicKey,
    /// The identity of its network connections.
    pub network_key: PublicKey,
    /// Where its consensus engine listens, as a multiaddress with an IP address.
    pub consensus_address: Text<200>,
    /// Where its record gossip listens, as a multiaddress with an IP address.
    pub gossip_address: Text<200>,
    /// Where its HTTP interface is reached.
    pub api_address: Text<200>,
}

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
