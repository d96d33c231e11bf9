//! Time what a certificate costs in a map of a million keys and a log of a million leaves, with five of seven validators:
//! the map proof, reading, verifying; with the signatures alone as the machine's own measure.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench")]

#[path = "../tests/crafted_chain/mod.rs"]
mod crafted_chain;

use crafted_chain::{Chain, MapLeaves, NETWORK, cosign, nodes};
use std::convert::Infallible;
use std::hint::black_box;
use std::time::{Duration, Instant};
use tongda_ledger::certificate::{Asked, Certificate, Proven, Statement};
use tongda_ledger::epoch::{Epochs, Signers};
use tongda_ledger::hash::Hash;
use tongda_ledger::state::{StateKey, Unit, UsedTail};
use tongda_ledger::tree::{InclusionProof, Map, MemoryHashes, leaf_hash, value_hash};

const MILLION: u64 = 1_000_000;

/// The time of one call, the best of five rounds.
fn time<T>(mut call: impl FnMut() -> T) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        for _ in 0..200 {
            black_box(call());
        }
        best = best.min(start.elapsed() / 200);
    }
    best
}

fn main() {
    let seven = nodes(&[1, 2, 3, 4, 5, 6, 7]);
    let mut chain = Chain::new(NETWORK, &[1, 2, 3, 4, 5, 6, 7]);
    chain.block(&[], |_| {});
    let key = StateKey::of::<UsedTail>(&Unit);
    let value = tongda_ledger::state::Stored::to_bytes(&UsedTail { oldest: 9 }).unwrap();
    let mut leaves: MapLeaves =
        MapLeaves((0..MILLION).map(|id| (Hash::plain(&[&id.to_le_bytes()]), Hash::ZERO)).collect());
    leaves.0.insert(key.hash(), value_hash(&value));
    let all = leaves.0.iter().map(|(key, value)| Ok::<_, Infallible>((*key, *value)));
    let map = Map::from_leaves(leaves.0.len() as u64, all).unwrap();
    let mut log: MemoryHashes = (0..MILLION).map(|leaf| leaf_hash(&leaf.to_le_bytes())).collect();
    let mut seal = chain.tip().clone();
    (seal.first, seal.records, seal.state_root) = (MILLION - 1, 1, map.root());
    log.append(seal.hash());
    let size = log.size();

    let prove = time(|| map.prove(&leaves, &key.hash()).unwrap());
    let include = time(|| InclusionProof::prove(&log, size - 1, size).unwrap());
    let mut statement = Statement {
        proven: Proven { key, value: Some(value), proof: map.prove(&leaves, &key.hash()).unwrap() },
        inclusion: InclusionProof::prove(&log, size - 1, size).unwrap(),
        seal,
        size,
        root: log.root(size).unwrap(),
        cosignatures: Vec::new(),
        witnesses: Vec::new(),
        details: Vec::new(),
    };
    let signers = Signers::of(&seven).unwrap();
    let checkpoint = statement.checkpoint();
    statement.cosignatures =
        cosign(&signers, &checkpoint, &[101, 102, 103, 104, 105].map(|seed| (seed, 1_800_000_000)));
    let placed = statement.cosignatures.clone();
    let certificate = Certificate { statement, epochs: Vec::new(), history: Vec::new() };
    let bytes = certificate.bytes();
    let epochs = Epochs::new(NETWORK, &seven).unwrap();
    assert!(certificate.verify(&epochs, &Asked::default()).holds);
    let write = time(|| certificate.bytes());
    let read = time(|| Certificate::decode(&bytes).unwrap());
    let verify = time(|| Certificate::verify_bytes(&bytes, &epochs, &Asked::default()).1.holds);
    let signatures = time(|| signers.check(&checkpoint, &placed).unwrap());
    println!("{} bytes", bytes.len());
    println!("made:     map proof {prove:.1?}, inclusion {include:.1?}, bytes {write:.1?}");
    println!("verified: {verify:.1?}, of which reading {read:.1?} and the five signatures {signatures:.1?}");
}
