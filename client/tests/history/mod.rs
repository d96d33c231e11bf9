//! Networks in memory whose blocks are sealed, decided and cosigned, and written as `tongda-node tiles export` does.
//!
//! Holds every validator's keys, so it can also decide what no honest validator would.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file uses its own part")]

pub mod acts;
pub mod played;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use tongda_genesis::demonstration::{Addresses, Demonstration};
use tongda_genesis::file::Genesis;
use tongda_ledger::block::{LeafKind, Seal, Tip, leaf_bytes};
use tongda_ledger::chain::{self, Making};
use tongda_ledger::codec;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::{Execution, Judgement};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::Timestamp;
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::state::{MemoryState, Nodes, Parameters, Read as _, Unit, Writes};
use tongda_ledger::tree::bundle::{encode_commits, encode_entries};
use tongda_ledger::tree::{
    Checkpoint, Cosignature, Leaves, Map, MemoryHashes, NoteSignature, PageAddress, SignedCheckpoint, Span,
    Tile, TilePath, cosigner_key, leaf_hash, origin,
};
use tongda_ledger::vote::{Address, CommitCertificate, CommitSignature, NetworkId, VoteKind, vote_bytes};

/// When cosigners sign, in seconds.
pub const SIGNED: u64 = 1_800_000_000;

/// A decided block: its leaves, tags first, the seal last.
#[derive(Clone, Debug)]
pub struct Block {
    pub leaves: Vec<Vec<u8>>,
    pub seal: Seal,
    pub certificate: CommitCertificate,
    /// The nodes that decided it.
    pub nodes: Nodes,
}

/// A network in memory.
#[derive(Clone)]
pub struct Chain {
    pub founders: Demonstration,
    pub network: NetworkId,
    pub state: MemoryState,
    pub tip: Tip,
    pub blocks: Vec<Block>,
    pub keys: BTreeMap<Vec<u8>, SigningKey>,
    map: Map,
    leaves: MapLeaves,
}

#[derive(Clone, Default)]
struct MapLeaves(BTreeMap<Hash, Hash>);

impl Leaves for MapLeaves {
    type Error = Infallible;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Infallible> {
        Ok(self.0.range(page.range()).map(|(key, value)| (*key, *value)).collect())
    }
}

/// The beginning of the demonstration networks.
pub fn start() -> Timestamp {
    Timestamp::start_of("2026-11-24".parse().unwrap())
}

impl Chain {
    /// A network of so many validators.
    pub fn new(validators: usize) -> Self {
        Self::with(validators, |_| {})
    }

    pub fn with(validators: usize, change: impl FnOnce(&mut Parameters)) -> Self {
        let addresses = Addresses::local_range(26_600, validators);
        let mut founders = Demonstration::new(1, &addresses, start()).unwrap();
        change(&mut founders.founding.parameters);
        Self::founded(founders)
    }

    pub fn founded(founders: Demonstration) -> Self {
        let founding = &founders.founding;
        let network = founding.network();
        let mut keys = BTreeMap::new();
        for node in &founders.nodes {
            for key in [&node.vote, &node.cosign] {
                keys.insert(key.public().bytes().to_vec(), key.clone());
            }
        }
        let tip = Tip::genesis(network, founding.anchor.start);
        let writes = founding.writes().unwrap();
        let mut chain = Self {
            founders,
            network,
            state: MemoryState::new(),
            tip,
            blocks: Vec::new(),
            keys,
            map: Map::new(),
            leaves: MapLeaves::default(),
        };
        chain.write(&writes);
        chain
    }

    /// The genesis file.
    pub fn genesis(&self) -> Genesis {
        Genesis::parse(&self.founders.genesis_file()).unwrap()
    }

    pub fn nodes(&self) -> Nodes {
        self.state.must(&Unit).unwrap()
    }

    /// The time of the next block, a second after the last one.
    pub fn next_time(&self) -> Timestamp {
        self.tip.time().plus_milliseconds(1000)
    }

    /// The log's size.
    pub fn size(&self) -> u64 {
        self.tip.next_index()
    }

    fn write(&mut self, writes: &Writes) {
        let changes = chain::map_changes(writes);
        let change = self.map.update(&self.leaves, &changes).unwrap();
        self.map.apply(change);
        for (key, value) in changes {
            match value {
                Some(value) => self.leaves.0.insert(key, value),
                None => self.leaves.0.remove(&key),
            };
        }
        self.state.apply(writes).unwrap();
    }

    /// Decides a block of these envelopes at this time; those that are refused are left out.
    pub fn block(&mut self, time: Timestamp, envelopes: &[Envelope]) -> Vec<Judgement> {
        let (mut leaves, mut judgements) = (Vec::new(), Vec::new());
        let mut execution =
            Execution::new(&self.state, self.network, self.tip.height() + 1, time, self.tip.next_index())
                .unwrap();
        for envelope in envelopes {
            let judgement = execution.record(envelope).unwrap();
            if judgement.is_allowed() {
                leaves.push(leaf_bytes(LeafKind::Record, envelope.bytes()));
            }
            judgements.push(judgement);
        }
        let executed = execution.finish().unwrap();
        self.seal(time, leaves, executed, |_| {});
        judgements
    }

    /// Decides a block of these leaves as they are, whatever the rules say of them; those that are refused have no
    /// effect on the state. The seal is changed before it is signed.
    pub fn forge(&mut self, leaves: Vec<Vec<u8>>, change: impl FnOnce(&mut Seal)) {
        let time = self.next_time();
        let mut execution =
            Execution::new(&self.state, self.network, self.tip.height() + 1, time, self.tip.next_index())
                .unwrap();
        for leaf in &leaves {
            if let Ok(envelope) = Envelope::decode(&leaf[1..]) {
                execution.record(&envelope).unwrap();
            }
        }
        let mut executed = execution.finish().unwrap();
        executed.records = u32::try_from(leaves.len()).unwrap();
        self.seal(time, leaves, executed, change);
    }

    fn seal(
        &mut self,
        time: Timestamp,
        mut leaves: Vec<Vec<u8>>,
        executed: tongda_ledger::execution::Executed,
        change: impl FnOnce(&mut Seal),
    ) {
        let nodes = self.nodes();
        let validators = nodes.validators().unwrap();
        let every = self.state.must::<Parameters>(&Unit).unwrap().checkpoint_every;
        self.write(&executed.writes);
        let next_validators = self.nodes().validators().unwrap();
        let record_leaves: Vec<_> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
        let height = self.tip.height() + 1;
        let making = Making {
            round: 0,
            time,
            proposer: validators.proposer(height, 0),
            record_leaves: &record_leaves,
            state_root: self.map.root(),
            validators: &validators,
            next_validators: &next_validators,
            every,
        };
        let mut seal = chain::make_seal(&self.tip, &executed, making);
        change(&mut seal);
        let certificate = self.certificate(&nodes, &seal);
        leaves.push(leaf_bytes(LeafKind::Seal, &seal.bytes()));
        self.tip = self.tip.after(&record_leaves, seal.clone());
        self.blocks.push(Block { leaves, seal, certificate, nodes });
    }

    pub fn key(&self, public: &PublicKey) -> &SigningKey {
        &self.keys[public.bytes()]
    }

    /// The certificate of these nodes for a seal.
    pub fn certificate(&self, nodes: &Nodes, seal: &Seal) -> CommitCertificate {
        let block = seal.hash();
        let voting = nodes.nodes.iter().filter(|node| node.power > 0);
        let mut signatures: Vec<_> = voting
            .map(|node| {
                let validator = Address::of(&node.vote_key);
                let message =
                    vote_bytes(&self.network, VoteKind::Precommit, seal.height, 0, Some(&block), &validator);
                CommitSignature { validator, signature: self.key(&node.vote_key).sign(&message) }
            })
            .collect();
        signatures.sort_by_key(|vote| vote.validator);
        CommitCertificate { height: seal.height, round: 0, block, signatures: signatures.try_into().unwrap() }
    }

    /// The leaves of the log, type tags first.
    pub fn log(&self) -> Vec<Vec<u8>> {
        let genesis = leaf_bytes(LeafKind::Genesis, self.network.0.as_bytes());
        let blocks = self.blocks.iter().flat_map(|block| block.leaves.iter().cloned());
        std::iter::once(genesis).chain(blocks).collect()
    }

    /// The log's size behind a block.
    pub fn size_at(&self, height: usize) -> u64 {
        1 + self.blocks[..height].iter().map(|block| block.leaves.len() as u64).sum::<u64>()
    }

    /// A checkpoint of this size and root, cosigned by these nodes, the log's own signature first.
    pub fn cosigned(&self, size: u64, root: Hash, nodes: &Nodes) -> String {
        let checkpoint = Checkpoint { origin: origin(&self.network), size, root };
        let mut signed = SignedCheckpoint::new(&checkpoint).unwrap();
        let log_key = SigningKey::from_seed(&[0x4c; 32]);
        let line = NoteSignature::sign(origin(&self.network).parse().unwrap(), &log_key, &checkpoint.text());
        signed.add(line).unwrap();
        for node in nodes.nodes.iter().filter(|node| node.power > 0) {
            let key = cosigner_key(&self.network, &Address::of(&node.vote_key), &node.cosign_key).unwrap();
            let cosignature = Cosignature::sign(self.key(&node.cosign_key), SIGNED, &checkpoint.text());
            signed.add(cosignature.line(&key).unwrap()).unwrap();
        }
        signed.note().to_string()
    }

    /// The checkpoint behind a block, over these leaves.
    pub fn checkpoint(&self, hashes: &MemoryHashes, height: usize) -> String {
        let size = self.size_at(height);
        self.cosigned(size, hashes.root(size).unwrap(), &self.blocks[height - 1].nodes)
    }

    /// Writes the log as files, with the checkpoints behind these heights kept, the last one the newest.
    pub fn export(&self, folder: &Path, heights: &[usize]) {
        let log = self.log();
        let hashes: MemoryHashes = log.iter().map(|leaf| leaf_hash(leaf)).collect();
        for height in heights {
            let text = self.checkpoint(&hashes, *height);
            write(folder, &format!("checkpoints/{}", self.size_at(*height)), text.as_bytes());
        }
        let last = *heights.last().unwrap();
        write(folder, "checkpoint", self.checkpoint(&hashes, last).as_bytes());
        self.export_leaves(folder, &log[..usize::try_from(self.size_at(last)).unwrap()], &hashes, last);
    }

    /// Writes genesis, tiles and bundles of these leaves, and the certificates of the first `last` blocks.
    pub fn export_leaves(&self, folder: &Path, log: &[Vec<u8>], hashes: &MemoryHashes, last: usize) {
        write(folder, "genesis", self.founders.genesis_file().as_bytes());
        let size = log.len() as u64;
        for tile in Tile::all(size) {
            let bytes = Tile::encode(&tile.hashes(hashes, size).unwrap().unwrap());
            write(folder, &TilePath::Tile(tile).to_string(), &bytes);
        }
        for span in Span::all(size) {
            write(folder, &TilePath::Entries(span).to_string(), &encode_entries(part(log, span)));
        }
        let certificates: Vec<_> =
            self.blocks[..last].iter().map(|block| codec::encode(&block.certificate)).collect();
        for span in Span::all(certificates.len() as u64) {
            write(folder, &TilePath::Commits(span).to_string(), &encode_commits(part(&certificates, span)));
        }
    }
}

fn part<T>(items: &[T], span: Span) -> &[T] {
    let start = usize::try_from(span.start()).unwrap();
    &items[start..start + usize::from(span.width())]
}

/// Writes a file of an export.
pub fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}
