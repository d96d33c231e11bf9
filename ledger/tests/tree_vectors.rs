//! The frozen formats of log and map: every case of `tests/vectors/log.json` and `map.json`, good and bad.
//!
//! The files were computed by a separate implementation written from the definitions, not by this crate.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde::Deserialize;
use std::convert::Infallible;
use tongda_ledger::codec::{decode, encode};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{
    ConsistencyProof, Frontier, InclusionProof, Leaves, Map, MapProof, MemoryHashes, PageAddress, key_hash,
    leaf_hash, value_hash,
};

/// More than any proof or frontier of the files has.
const LIMIT: usize = 16_384;

#[derive(Deserialize)]
struct LogVectors {
    entries: Vec<String>,
    leaf_hashes: Vec<Hash>,
    roots: Vec<Hash>,
    inclusion: Vec<Inclusion>,
    consistency: Vec<Consistency>,
    frontier: Vec<FrontierCase>,
    frontier_refused: Vec<Refused>,
}

#[derive(Deserialize)]
struct Inclusion {
    case: String,
    index: u64,
    size: u64,
    leaf: Hash,
    root: Hash,
    proof: InclusionProof,
    valid: bool,
}

#[derive(Deserialize)]
struct Consistency {
    case: String,
    old: u64,
    new: u64,
    old_root: Hash,
    new_root: Hash,
    proof: ConsistencyProof,
    valid: bool,
}

#[derive(Deserialize)]
struct FrontierCase {
    size: u64,
    bytes: String,
    root: Hash,
}

#[derive(Deserialize)]
struct Refused {
    case: String,
    bytes: String,
}

#[derive(Deserialize)]
struct MapVectors {
    keys: Vec<Key>,
    values: Vec<Value>,
    maps: Vec<MapCase>,
    proofs: Vec<ProofCase>,
    refused: Vec<Refused>,
}

#[derive(Deserialize)]
struct Key {
    r#type: u16,
    id: String,
    hash: Hash,
}

#[derive(Deserialize)]
struct Value {
    value: String,
    hash: Hash,
}

#[derive(Deserialize)]
struct MapCase {
    case: String,
    leaves: Vec<(Hash, Hash)>,
    root: Hash,
}

#[derive(Deserialize)]
struct ProofCase {
    case: String,
    map: usize,
    root: Hash,
    key: Hash,
    value: Option<Hash>,
    proof: String,
    valid: bool,
}

impl Leaves for MapCase {
    type Error = Infallible;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Infallible> {
        Ok(self.leaves.iter().filter(|(key, _)| page.range().contains(key)).copied().collect())
    }
}

fn log_vectors() -> LogVectors {
    serde_json::from_str(include_str!("../../tests/vectors/log.json")).unwrap()
}

fn map_vectors() -> MapVectors {
    serde_json::from_str(include_str!("../../tests/vectors/map.json")).unwrap()
}

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

#[test]
fn the_log_has_the_known_leaf_hashes_roots_and_frontiers() {
    let vectors = log_vectors();
    let leaves: Vec<_> = vectors.entries.iter().map(|entry| leaf_hash(&bytes(entry))).collect();
    assert_eq!(leaves, vectors.leaf_hashes);
    let hashes: MemoryHashes = leaves.iter().copied().collect();
    for (size, root) in vectors.roots.iter().enumerate() {
        assert_eq!(hashes.root(size as u64).as_ref(), Ok(root));
    }
    let mut frontier = Frontier::new();
    for (case, next) in vectors.frontier.iter().zip(leaves.iter().map(Some).chain([None])) {
        assert_eq!((frontier.size(), frontier.root()), (case.size, case.root));
        assert_eq!(hex::encode(encode(&frontier)), case.bytes);
        assert_eq!(decode(&bytes(&case.bytes), LIMIT), Ok(frontier.clone()));
        next.into_iter().for_each(|leaf| frontier.append(*leaf));
    }
    assert_eq!(vectors.frontier.len(), leaves.len() + 1);
    for Refused { case, bytes: refused } in vectors.frontier_refused {
        assert!(decode::<Frontier>(&bytes(&refused), LIMIT).is_err(), "{case}");
    }
}

#[test]
fn the_proofs_of_the_log_are_the_known_ones_and_false_ones_fail() {
    let vectors = log_vectors();
    let hashes: MemoryHashes = vectors.leaf_hashes.iter().copied().collect();
    for case in &vectors.inclusion {
        let Inclusion { case: what, index, size, leaf, root, proof, valid } = case;
        assert_eq!(proof.verify(*index, *size, leaf, root).is_ok(), *valid, "{what}: {index} of {size}");
        if *valid {
            assert_eq!(InclusionProof::prove(&hashes, *index, *size).as_ref(), Ok(proof));
            assert_eq!(decode(&encode(proof), LIMIT).as_ref(), Ok(proof));
        }
    }
    for case in &vectors.consistency {
        let Consistency { case: what, old, new, old_root, new_root, proof, valid } = case;
        assert_eq!(proof.verify(*old, *new, old_root, new_root).is_ok(), *valid, "{what}: {old} to {new}");
        if *valid {
            assert_eq!(ConsistencyProof::prove(&hashes, *old, *new).as_ref(), Ok(proof));
            assert_eq!(decode(&encode(proof), LIMIT).as_ref(), Ok(proof));
        }
    }
    assert!(vectors.inclusion.iter().any(|case| !case.valid));
    assert!(vectors.consistency.iter().any(|case| !case.valid));
}

#[test]
fn the_map_has_the_known_hashes_and_roots() {
    let vectors = map_vectors();
    for key in &vectors.keys {
        assert_eq!(key_hash(key.r#type, &bytes(&key.id)), key.hash);
    }
    for value in &vectors.values {
        assert_eq!(value_hash(&bytes(&value.value)), value.hash);
    }
    for map in &vectors.maps {
        assert_eq!(build(map).root(), map.root, "{}", map.case);
    }
}

#[test]
fn the_proofs_of_the_map_are_the_known_ones_and_false_ones_fail() {
    let vectors = map_vectors();
    for case in &vectors.proofs {
        let proof: MapProof = decode(&bytes(&case.proof), LIMIT).unwrap();
        let map = &vectors.maps[case.map];
        let verified = proof.verify(&case.root, &case.key, case.value.as_ref());
        assert_eq!(verified.is_ok(), case.valid, "{} in {}: {verified:?}", case.case, map.case);
        if case.valid {
            assert_eq!(build(map).prove(map, &case.key), Ok(proof), "{} in {}", case.case, map.case);
        }
    }
    assert!(vectors.proofs.iter().any(|case| !case.valid));
    for Refused { case, bytes: refused } in vectors.refused {
        assert!(decode::<MapProof>(&bytes(&refused), LIMIT).is_err(), "{case}");
    }
}

fn build(map: &MapCase) -> Map {
    let leaves = map.leaves.iter().copied().map(Ok::<_, Infallible>);
    Map::from_leaves(map.leaves.len() as u64, leaves).unwrap()
}
