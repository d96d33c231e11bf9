//! Evidence and submissions.

use super::*;

/// The tree of a log of 13 leaves, or of one that differs from the sixth on.
fn tree(fork: bool) -> MemoryHashes {
    let mut hashes = MemoryHashes::default();
    for place in 0..13_u8 {
        hashes.append(leaf_hash(&[place, u8::from(fork && place >= 5)]));
    }
    hashes
}

fn signed(hashes: &MemoryHashes, size: u64) -> SignedCheckpoint {
    let checkpoint = Checkpoint { origin: "o".into(), size, root: hashes.root(size).unwrap() };
    let mut signed = SignedCheckpoint::new(&checkpoint).unwrap();
    let secret = SigningKey::from_seed(&[7; 32]);
    signed.add(NoteSignature::sign("o".parse().unwrap(), &secret, &checkpoint.text())).unwrap();
    signed
}

/// 11 leaves of one log, and 13 of the other.
pub(crate) fn evidence() -> Evidence {
    let fork = tree(true);
    let proof = ConsistencyProof::prove(&fork, 11, 13).unwrap();
    let root = fork.root(11).unwrap();
    Evidence::of_another_past(signed(&tree(false), 11), signed(&fork, 13), root, proof).unwrap()
}

/// From 6 to 11 leaves.
pub(crate) fn submission() -> Submission {
    let hashes = tree(false);
    let proof = ConsistencyProof::prove(&hashes, 6, 11).unwrap();
    Submission { old: 6, proof, checkpoint: signed(&hashes, 11) }
}

#[test]
fn evidence_is_made_of_contradictions_alone() {
    let (log, fork) = (tree(false), tree(true));
    for (old, new) in (0..=13_u64).flat_map(|old| (old..=13).map(move |new| (old, new))) {
        if old == 0 {
            continue;
        }
        // What an honest log signed at both sizes is never evidence, whatever is put beside it.
        let proof = ConsistencyProof::prove(&log, old, new).unwrap();
        let pair = || (signed(&log, old), signed(&log, new));
        for root in [log.root(old).unwrap(), fork.root(old).unwrap(), Hash([3; 32])] {
            let (first, second) = pair();
            assert!(Evidence::of_another_past(first, second, root, proof.clone()).is_err(), "{old} {new}");
        }
        let (first, second) = pair();
        assert!(Evidence::of_one_size(first, second).is_err());
        // A fork is, from the first leaf that differs on.
        let (first, second) = (signed(&log, old), signed(&fork, new));
        let proof = ConsistencyProof::prove(&fork, old, new).unwrap();
        let made = if old == new {
            Evidence::of_one_size(first, second)
        } else {
            Evidence::of_another_past(first, second, fork.root(old).unwrap(), proof)
        };
        assert_eq!(made.is_ok(), old >= 6, "{old} {new}");
    }
}
