//! The files of the log's tree give what the tree in memory gives, with a hole below a snapshot and without.

use proptest::prelude::*;
use std::path::Path;
use tempfile::tempdir;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{
    ConsistencyProof, Frontier, Hashes as _, InclusionProof, MemoryHashes, ProveError, Tile, leaf_hash,
};
use tongda_node::store::{HashError, HashReader, HashStore, StoreError};

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|leaf| leaf_hash(&leaf.to_le_bytes())).collect()
}

/// A store of these leaves, in batches of this many, from an empty one or a frontier on.
fn store(directory: &Path, base: u64, leaves: &[Hash], batch: usize) -> HashStore {
    let mut store = HashStore::open(directory, leaves.len() as u64).unwrap();
    let (before, behind) = leaves.split_at(usize::try_from(base).unwrap());
    let mut frontier = Frontier::new();
    before.iter().for_each(|leaf| frontier.append(*leaf));
    store.reset(frontier).unwrap();
    behind.chunks(batch).for_each(|batch| store.append(batch).unwrap());
    store
}

/// The tiles that can be had, each of which must be right; how many cannot.
fn tiles(reader: &HashReader, memory: &MemoryHashes, size: u64) -> (usize, usize) {
    let (mut there, mut hidden) = (0, 0);
    for tile in Tile::all(size) {
        match reader.tile(tile) {
            Ok(bytes) => {
                assert_eq!(
                    tile.decode(&bytes).unwrap(),
                    tile.hashes(memory, size).unwrap().unwrap(),
                    "{tile:?}"
                );
                there += 1;
            }
            Err(HashError::Hole { base }) => {
                assert!(tile.level() < 2 && tile.span().start() << (8 * tile.level()) < base);
                hidden += 1;
            }
            Err(error) => panic!("{tile:?}: {error}"),
        }
    }
    (there, hidden)
}

#[test]
fn every_hash_and_tile_of_seventy_thousand_leaves_is_that_of_the_tree() {
    let directory = tempdir().unwrap();
    let leaves = leaves(70_000);
    let memory: MemoryHashes = leaves.iter().copied().collect();
    let store = store(directory.path(), 0, &leaves, 1_009);
    let reader = store.reader();
    assert_eq!(tiles(&reader, &memory, 70_000), (277, 0));
    for level in 0..17 {
        for index in [0, 1, 2, (70_000 >> level) / 2, (70_000 >> level) - 1] {
            if (index + 1) << level <= 70_000 {
                assert_eq!(reader.hash(level, index).unwrap(), memory.hash(level, index).unwrap());
            }
        }
    }
    assert!(matches!(reader.hash(0, 70_000), Err(HashError::Beyond { .. })));
    assert!(matches!(reader.hash(17, 0), Err(HashError::Beyond { .. })));
    assert!(matches!(reader.hash(200, u64::MAX), Err(HashError::Beyond { .. })));
    let root = memory.root(70_000).unwrap();
    assert_eq!((store.root(), store.size()), (root, 70_000));
    assert_eq!(reader.check(&root).unwrap(), Ok(()));
    let wrong = reader.check(&memory.root(69_999).unwrap()).unwrap().unwrap_err();
    assert!(wrong.contains("the root is"), "{wrong}");
    drop(store);
    let again = HashStore::open(directory.path(), 70_000).unwrap();
    assert_eq!((again.root(), again.size()), (root, 70_000));
    drop(again);
    // A log that was cut is shorter than its hashes, and these follow.
    let mut shorter = HashStore::open(directory.path(), 65_600).unwrap();
    assert_eq!(shorter.root(), memory.root(65_600).unwrap());
    shorter.append(&leaves[65_600..]).unwrap();
    assert_eq!(shorter.reader().check(&root).unwrap(), Ok(()));
}

#[test]
fn behind_a_snapshot_every_proof_of_a_later_leaf_is_there_and_the_hole_is_filled_later() {
    let leaves = leaves(1_300);
    let memory: MemoryHashes = leaves.iter().copied().collect();
    for base in [1, 2, 7, 255, 256, 257, 512, 700, 768, 1_023, 1_299, 1_300] {
        let directory = tempdir().unwrap();
        let first = store(directory.path(), base, &leaves, 37);
        drop(first);
        let store = HashStore::open(directory.path(), 1_300).unwrap();
        let reader = store.reader();
        assert_eq!((store.base().size(), reader.base(), store.size()), (base, base, 1_300));
        assert_eq!(reader.check(&memory.root(1_300).unwrap()).unwrap(), Ok(()));
        for size in [base + 1, base.next_multiple_of(256) + 1, 1_290, 1_300] {
            for index in [base, base + 1, base + 100, size - 1].into_iter().filter(|index| *index < size) {
                if size > 1_300 || index < base {
                    continue;
                }
                let proof = InclusionProof::prove(&reader, index, size).unwrap();
                let (leaf, root) = (leaves[usize::try_from(index).unwrap()], memory.root(size).unwrap());
                proof.verify(index, size, &leaf, &root).unwrap();
            }
            if (base..=1_300).contains(&size) {
                for old in [base, size] {
                    let proof = ConsistencyProof::prove(&reader, old, size).unwrap();
                    let roots = (memory.root(old).unwrap(), memory.root(size).unwrap());
                    proof.verify(old, size, &roots.0, &roots.1).unwrap();
                }
                assert_eq!(Frontier::of(&reader, size).unwrap().root(), memory.root(size).unwrap());
            }
        }
        // Of what lies in the hole, only whole subtrees of the frontier are known.
        let inner = InclusionProof::prove(&reader, 0, 1_300);
        if base > 2 {
            assert!(matches!(inner, Err(ProveError::Hashes(HashError::Hole { .. }))), "{base}");
        }
        let (_, hidden) = tiles(&reader, &memory, 1_300);
        assert!(hidden > 0 || base <= 1, "{base}");
        let good = || leaves.iter().map(|leaf| Ok::<_, StoreError>(*leaf));
        let wrong = good().map(|leaf| leaf.map(|leaf| if leaf == leaves[0] { Hash([1; 32]) } else { leaf }));
        assert!(!reader.fill(wrong).unwrap(), "another leaf leads elsewhere");
        assert_eq!(reader.base(), base);
        assert!(
            !reader.fill(good().take(usize::try_from(base).unwrap() - 1)).unwrap(),
            "one leaf is missing"
        );
        assert!(reader.fill(good()).unwrap());
        for _ in 0..2 {
            let store = HashStore::open(directory.path(), 1_300).unwrap();
            for reader in [&reader, &store.reader()] {
                assert_eq!(tiles(reader, &memory, 1_300), (7, 0));
                assert_eq!(reader.base(), 0);
                assert_eq!(reader.check(&memory.root(1_300).unwrap()).unwrap(), Ok(()));
                InclusionProof::prove(reader, 0, 1_300).unwrap();
            }
        }
    }
}

#[test]
fn a_wrong_byte_anywhere_is_found_and_named() {
    let leaves = leaves(66_000);
    let memory: MemoryHashes = leaves.iter().copied().collect();
    let root = memory.root(66_000).unwrap();
    let directory = tempdir().unwrap();
    let store = store(directory.path(), 0, &leaves, 66_000);
    let reader = store.reader();
    for (file, place) in
        [("0", 0), ("0", 65_536 * 32 - 1), ("0", 66_000 * 32 - 1), ("1", 5), ("1", 257 * 32 - 9), ("2", 31)]
    {
        let path = directory.path().join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[place] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        reader.check(&root).unwrap().unwrap_err();
        bytes[place] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(reader.check(&root).unwrap(), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn however_leaves_come_and_files_are_shortened_what_is_held_is_right(
        size in 1_u64..900, base in 0_u64..900, batch in 1_usize..300, file in 0_u8..3, cut in 0_u64..30_000,
    ) {
        let base = base.min(size);
        let directory = tempdir().unwrap();
        let leaves = leaves(size);
        let memory: MemoryHashes = leaves.iter().copied().collect();
        drop(store(directory.path(), base, &leaves, batch));
        let path = directory.path().join(file.to_string());
        let shorter = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        let length = shorter.metadata().unwrap().len();
        shorter.set_len(length.saturating_sub(cut)).unwrap();
        let mut store = HashStore::open(directory.path(), size).unwrap();
        let held = store.size();
        prop_assert!((base..=size).contains(&held));
        prop_assert!(cut > 0 || held == size);
        store.append(&leaves[usize::try_from(held).unwrap()..]).unwrap();
        prop_assert_eq!(store.root(), memory.root(size).unwrap());
        prop_assert_eq!(store.reader().check(&memory.root(size).unwrap()).unwrap(), Ok(()));
        tiles(&store.reader(), &memory, size);
    }
}
