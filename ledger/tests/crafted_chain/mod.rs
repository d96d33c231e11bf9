//! A chain of blocks made by hand, with keys whose seeds are known: its log, its state, who decided and who cosigned.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses its own part of the chain"
)]

use std::collections::BTreeMap;
use std::convert::Infallible;
use tongda_ledger::block::{LeafKind, SEAL_VERSION, SUITE_SHA256, Seal, leaf_of};
use tongda_ledger::epoch::{EpochLink, Epochs, PlacedCosignature, Signers};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, Timestamp};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::{Node, Nodes, StateKey, Stored as _, UsedChunk};
use tongda_ledger::tree::{
    Checkpoint, Cosignature, InclusionProof, Leaves, Map, MapProof, MemoryHashes, PageAddress, origin,
    value_hash,
};
use tongda_ledger::vote::{Address, CommitCertificate, CommitSignature, NetworkId, VoteKind, vote_bytes};

pub const NETWORK: NetworkId = NetworkId(Hash([9; 32]));

/// When the network begins.
pub const START: u64 = 1_764_547_200_000;

/// The key with this seed.
pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

/// The instant so many seconds behind the beginning.
pub fn time(seconds: u64) -> Timestamp {
    Timestamp::try_from(START + 1000 * seconds).unwrap()
}

/// A node: its vote key has the seed `vote`, its cosigning key `cosign`.
pub fn node(vote: u8, cosign: u8, power: u64) -> Node {
    let address = |port: u16| format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap();
    Node {
        name: format!("exchange-{vote:03}").parse().unwrap(),
        exchange: MemberId::new(0, vote),
        region: "310000".parse().unwrap(),
        power,
        vote_key: key(vote).public(),
        cosign_key: key(cosign).public(),
        network_key: key(vote + 200).public(),
        consensus_address: address(7000 + u16::from(vote)),
        gossip_address: address(8000 + u16::from(vote)),
        api_address: format!("http://127.0.0.1:{}", 9000 + u16::from(vote)).parse().unwrap(),
    }
}

/// Nodes of power 1 with these vote keys; the seeds of their cosigning keys are higher by 100.
pub fn nodes(votes: &[u8]) -> Nodes {
    nodes_of(votes.iter().map(|vote| node(*vote, vote + 100, 1)).collect())
}

pub fn nodes_of(mut nodes: Vec<Node>) -> Nodes {
    nodes.sort_by(|one, next| one.name.cmp(&next.name));
    Nodes { nodes: nodes.try_into().unwrap() }
}

/// The precommits of these vote keys.
pub fn certificate(network: NetworkId, votes: &[u8], seal: &Seal, round: u32) -> CommitCertificate {
    let block = seal.hash();
    let mut signatures: Vec<_> = votes
        .iter()
        .map(|vote| {
            let validator = Address::of(&key(*vote).public());
            let message =
                vote_bytes(&network, VoteKind::Precommit, seal.height, round, Some(&block), &validator);
            CommitSignature { validator, signature: key(*vote).sign(&message) }
        })
        .collect();
    signatures.sort_by_key(|vote| vote.validator);
    CommitCertificate { height: seal.height, round, block, signatures: signatures.try_into().unwrap() }
}

/// Key hashes and value hashes.
#[derive(Clone, Debug, Default)]
pub struct MapLeaves(pub BTreeMap<Hash, Hash>);

impl Leaves for MapLeaves {
    type Error = Infallible;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Infallible> {
        Ok(self.0.range(page.range()).map(|(key, value)| (*key, *value)).collect())
    }
}

pub type Values = BTreeMap<StateKey, Vec<u8>>;

/// Adds so many values of no meaning, others for every height.
pub fn fill(values: &mut Values, height: u64, count: u32) {
    for number in 0..count {
        values.insert(StateKey::of::<UsedChunk>(&(height, number)), vec![7; 9]);
    }
}

fn map_of(values: &Values) -> (Map, MapLeaves) {
    let leaves = MapLeaves(values.iter().map(|(key, value)| (key.hash(), value_hash(value))).collect());
    let all = leaves.0.iter().map(|(key, value)| Ok::<_, Infallible>((*key, *value)));
    (Map::from_leaves(leaves.0.len() as u64, all).unwrap(), leaves)
}

/// The map proof of a key in the map of these values.
pub fn proof_in(values: &Values, key: &StateKey) -> MapProof {
    let (map, leaves) = map_of(values);
    map.prove(&leaves, &key.hash()).unwrap()
}

/// A chain of blocks.
#[derive(Clone)]
pub struct Chain {
    pub network: NetworkId,
    pub log: MemoryHashes,
    /// The entries of the log, without their type tags.
    pub entries: Vec<(LeafKind, Vec<u8>)>,
    pub values: Values,
    pub founded: Nodes,
    pub nodes: Nodes,
    /// The seeds of those that vote now.
    pub votes: Vec<u8>,
    pub seals: Vec<Seal>,
    pub links: Vec<EpochLink>,
}

impl Chain {
    /// Before the first block; the state has the nodes.
    pub fn new(network: NetworkId, votes: &[u8]) -> Self {
        let founded = nodes(votes);
        let leaf = leaf_of(LeafKind::Genesis, network.0.as_bytes());
        Self {
            network,
            log: [leaf].into_iter().collect(),
            entries: vec![(LeafKind::Genesis, network.0.as_bytes().to_vec())],
            values: [(EpochLink::key(), founded.to_bytes().unwrap())].into(),
            nodes: founded.clone(),
            founded,
            votes: votes.to_vec(),
            seals: Vec::new(),
            links: Vec::new(),
        }
    }

    pub fn signers(&self) -> Signers {
        Signers::of(&self.nodes).unwrap()
    }

    /// The chain of epochs, proven.
    pub fn epochs(&self) -> Epochs {
        let mut epochs = Epochs::new(self.network, &self.founded).unwrap();
        self.links.iter().for_each(|link| epochs.push(link).unwrap());
        epochs
    }

    pub fn tip(&self) -> &Seal {
        self.seals.last().unwrap()
    }

    /// Decides a block of these entries, with the state that `change` makes.
    pub fn block(&mut self, records: &[Vec<u8>], change: impl FnOnce(&mut Values)) -> Seal {
        self.block_at(time(self.seals.len() as u64 + 1), records, change)
    }

    pub fn block_at(
        &mut self,
        time: Timestamp,
        records: &[Vec<u8>],
        change: impl FnOnce(&mut Values),
    ) -> Seal {
        let before = self.signers();
        let first = self.log.size();
        for record in records {
            self.log.append(leaf_of(LeafKind::Record, record));
            self.entries.push((LeafKind::Record, record.clone()));
        }
        change(&mut self.values);
        let key = EpochLink::key();
        let nodes = Nodes::from_bytes(&key, &self.values[&key]).unwrap();
        let after = Signers::of(&nodes).unwrap();
        let height = self.seals.len() as u64 + 1;
        let seal = Seal {
            version: SEAL_VERSION,
            network: self.network,
            suite: SUITE_SHA256,
            height,
            round: 0,
            time,
            proposer: before.validators().proposer(height, 0),
            parent: self.seals.last().map_or(self.network.0, Seal::hash),
            first,
            records: u32::try_from(records.len()).unwrap(),
            due: 0,
            log_root: self.log.root(self.log.size()).unwrap(),
            state_root: map_of(&self.values).0.root(),
            validators: before.hash(),
            next_validators: after.hash(),
            rule_set: 1,
            checkpoint: time,
            extension: Hash::ZERO,
        };
        self.log.append(seal.hash());
        self.entries.push((LeafKind::Seal, seal.bytes()));
        if after != before {
            let proof = self.proof(&key);
            let certificate = certificate(self.network, &self.votes, &seal, 0);
            self.links.push(EpochLink { seal: seal.clone(), certificate, nodes: nodes.clone(), proof });
        }
        self.votes = nodes.nodes.iter().filter(|node| node.power > 0).map(vote_of).collect();
        self.nodes = nodes;
        self.seals.push(seal.clone());
        seal
    }

    /// A block behind which these are the nodes.
    pub fn change_nodes(&mut self, nodes: &Nodes) -> Seal {
        let height = self.seals.len() as u64 + 1;
        self.block(&[b"a vote of the exchanges".to_vec()], |values| {
            values.insert(EpochLink::key(), nodes.to_bytes().unwrap());
            fill(values, height, 3);
        })
    }

    pub fn proof(&self, key: &StateKey) -> MapProof {
        proof_in(&self.values, key)
    }

    /// The proof that the entry at `index` stands in the log as it is.
    pub fn inclusion(&self, index: u64) -> InclusionProof {
        InclusionProof::prove(&self.log, index, self.log.size()).unwrap()
    }

    /// The checkpoint of the log as it is.
    pub fn checkpoint(&self) -> Checkpoint {
        let size = self.log.size();
        Checkpoint { origin: origin(&self.network), size, root: self.log.root(size).unwrap() }
    }
}

/// The seed of a node's vote key, which its name tells.
fn vote_of(node: &Node) -> u8 {
    node.name.as_str().rsplit('-').next().unwrap().parse().unwrap()
}

/// The cosignatures of those at these places among the nodes that vote, whose cosigning keys have these seeds.
pub fn cosign(
    signers: &Signers,
    checkpoint: &Checkpoint,
    seeds_and_times: &[(u8, u64)],
) -> Vec<PlacedCosignature> {
    let text = checkpoint.text();
    let mut placed: Vec<_> = seeds_and_times
        .iter()
        .map(|(seed, time)| {
            let public = key(*seed).public();
            let place = signers.signers().iter().position(|signer| signer.cosign_key == public).unwrap();
            let cosignature = Cosignature::sign(&key(*seed), *time, &text);
            PlacedCosignature { signer: u8::try_from(place).unwrap(), cosignature }
        })
        .collect();
    placed.sort_by_key(|placed| placed.signer);
    placed
}
