//! The log against the known answers of RFC 6962, a naive model, and another implementation.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2_011::Sha256;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{
    ConsistencyProof, Frontier, InclusionProof, LogProofError, MemoryHashes, MissingHash, ProveError,
    empty_root, leaf_hash, node_hash,
};

/// Every size up to here is tried; it has all shapes of three levels of right edges.
const SIZES: u64 = 69;

/// RFC 6962 §2.1, word for word.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::plain(&[b""]),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Hash::plain(&[&[1], naive_root(left).as_bytes(), naive_root(right).as_bytes()])
        }
    }
}

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|entry| leaf_hash(&entry.to_le_bytes())).collect()
}

/// Proofs that are almost this one: a hash changed, left out, doubled, or moved.
fn mutations(hashes: &[Hash]) -> Vec<Vec<Hash>> {
    let mut mutations = vec![[hashes, &[Hash([7; 32])]].concat(), [&[Hash([7; 32])], hashes].concat()];
    for at in 0..hashes.len() {
        let mut flipped = hashes.to_vec();
        flipped[at].0[31] ^= 1;
        let mut shorter = hashes.to_vec();
        shorter.remove(at);
        let mut longer = hashes.to_vec();
        longer.insert(at, hashes[at]);
        mutations.extend([flipped, shorter, longer]);
        if at > 0 && hashes[at - 1] != hashes[at] {
            let mut swapped = hashes.to_vec();
            swapped.swap(at - 1, at);
            mutations.push(swapped);
        }
    }
    mutations
}

fn inclusion(hashes: Vec<Hash>) -> InclusionProof {
    InclusionProof { hashes: hashes.try_into().unwrap() }
}

fn consistency(hashes: Vec<Hash>) -> ConsistencyProof {
    ConsistencyProof { hashes: hashes.try_into().unwrap() }
}

#[test]
fn the_roots_are_those_of_the_definition_at_every_size() {
    let all = leaves(SIZES);
    let hashes: MemoryHashes = all.iter().copied().collect();
    let mut frontier = Frontier::new();
    for size in 0..=all.len() {
        assert_eq!(frontier.root(), naive_root(&all[..size]));
        assert_eq!(hashes.root(size as u64), Ok(frontier.root()));
        if let Some(leaf) = all.get(size) {
            frontier.append(*leaf);
        }
    }
}

#[test]
fn every_inclusion_proof_verifies_and_nothing_like_it_does() {
    let all = leaves(SIZES);
    let hashes: MemoryHashes = all.iter().copied().collect();
    for size in 1..=SIZES {
        let root = hashes.root(size).unwrap();
        for index in 0..size {
            let leaf = all[usize::try_from(index).unwrap()];
            let proof = InclusionProof::prove(&hashes, index, size).unwrap();
            assert_eq!(proof.verify(index, size, &leaf, &root), Ok(()));
            assert_eq!(proof.verify(index, size, &leaf, &Hash::ZERO), Err(LogProofError::Root));
            assert!(proof.verify(index, size, &Hash::ZERO, &root).is_err());
            for other in (0..size).filter(|other| *other != index) {
                assert!(
                    proof.verify(other, size, &leaf, &root).is_err(),
                    "{index} passes for {other} of {size}"
                );
            }
            for mutation in mutations(&proof.hashes) {
                assert!(inclusion(mutation).verify(index, size, &leaf, &root).is_err());
            }
        }
    }
}

#[test]
fn every_consistency_proof_verifies_and_nothing_like_it_does() {
    let hashes: MemoryHashes = leaves(SIZES).into_iter().collect();
    for new in 0..=SIZES {
        let new_root = hashes.root(new).unwrap();
        for old in 0..=new {
            let old_root = hashes.root(old).unwrap();
            let proof = ConsistencyProof::prove(&hashes, old, new).unwrap();
            assert_eq!(proof.verify(old, new, &old_root, &new_root), Ok(()));
            assert!(proof.verify(old, new, &Hash::ZERO, &new_root).is_err());
            if old != 0 {
                assert!(proof.verify(old, new, &old_root, &Hash::ZERO).is_err());
                assert!(proof.verify(old - 1, new, &old_root, &new_root).is_err());
            }
            if old < new && old != 0 {
                assert!(proof.verify(old + 1, new, &old_root, &new_root).is_err());
                assert!(consistency(vec![]).verify(old, new, &old_root, &new_root).is_err());
            }
            for mutation in mutations(&proof.hashes) {
                assert!(consistency(mutation).verify(old, new, &old_root, &new_root).is_err());
            }
        }
    }
}

#[test]
fn a_log_that_was_rewritten_is_no_continuation() {
    let honest: MemoryHashes = leaves(40).into_iter().collect();
    for rewritten in 0..23 {
        let mut leaves = leaves(40);
        leaves[rewritten] = leaf_hash(b"another record");
        let forged: MemoryHashes = leaves.into_iter().collect();
        let proof = ConsistencyProof::prove(&forged, 23, 40).unwrap();
        let (old, new) = (honest.root(23).unwrap(), forged.root(40).unwrap());
        assert!(proof.verify(23, 40, &old, &new).is_err());
    }
}

#[test]
fn what_lies_outside_the_log_is_neither_proved_nor_verified() {
    let hashes: MemoryHashes = leaves(5).into_iter().collect();
    let root = hashes.root(5).unwrap();
    assert_eq!(InclusionProof::prove(&hashes, 5, 5), Err(ProveError::Outside { index: 5, size: 5 }));
    assert_eq!(
        InclusionProof::prove(&hashes, 0, 6),
        Err(ProveError::Hashes(MissingHash { level: 1, index: 2 }))
    );
    assert_eq!(ConsistencyProof::prove(&hashes, 6, 5), Err(ProveError::Backwards { old: 6, new: 5 }));
    assert_eq!(
        inclusion(vec![]).verify(0, 0, &root, &root),
        Err(LogProofError::Outside { inner: 0, size: 0 })
    );
    assert_eq!(
        consistency(vec![]).verify(6, 5, &root, &root),
        Err(LogProofError::Outside { inner: 6, size: 5 })
    );
    let far = u64::MAX;
    assert!(inclusion(vec![root; 64]).verify(far - 1, far, &root, &root).is_err());
    assert!(consistency(vec![root; 64]).verify(far - 1, far, &root, &root).is_err());
    assert!(consistency(vec![root; 64]).verify(1 << 63, far, &root, &root).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn another_implementation_finds_the_same_roots_and_proofs(
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..300),
        index in any::<prop::sample::Index>(),
        old in any::<prop::sample::Index>(),
    ) {
        let size = entries.len();
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut old_theirs = theirs.root();
        let (index, old) = (index.index(size), old.index(size) + 1);
        for (at, entry) in entries.iter().enumerate() {
            theirs.push(entry.clone());
            if at + 1 == old {
                old_theirs = theirs.root();
            }
        }
        let ours: MemoryHashes = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let (size, old_size) = (size as u64, old as u64);
        let (root, old_root) = (ours.root(size).unwrap(), ours.root(old_size).unwrap());
        prop_assert_eq!(root.0.to_vec(), theirs.root().as_bytes().to_vec());
        prop_assert_eq!(old_root.0.to_vec(), old_theirs.as_bytes().to_vec());

        let proof = InclusionProof::prove(&ours, index as u64, size).unwrap();
        let bytes: Vec<u8> = proof.hashes.iter().flat_map(|hash| hash.0).collect();
        prop_assert_eq!(bytes, theirs.prove_inclusion(index).as_bytes().to_vec());
        prop_assert_eq!(proof.verify(index as u64, size, &leaf_hash(&entries[index]), &root), Ok(()));

        let proof = ConsistencyProof::prove(&ours, old_size, size).unwrap();
        if old_size < size {
            let bytes: Vec<u8> = proof.hashes.iter().flat_map(|hash| hash.0).collect();
            prop_assert_eq!(bytes, theirs.prove_consistency(entries.len() - old).as_bytes().to_vec());
        }
        prop_assert_eq!(proof.verify(old_size, size, &old_root, &root), Ok(()));
    }
}

#[test]
fn a_leaf_and_a_node_of_the_same_bytes_have_different_hashes() {
    let (left, right) = (leaf_hash(b"left"), leaf_hash(b"right"));
    assert_ne!(leaf_hash(&[left.0, right.0].concat()), node_hash(&left, &right));
    assert_ne!(empty_root(), leaf_hash(b""));
}
