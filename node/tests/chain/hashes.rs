//! The hashes of the log's tree follow every block, mend themselves from the log, and are whole when the log is.

use super::{World, follow, sent, with_snapshot};
use std::fs;
use std::path::Path;
use tempfile::tempdir;
use tongda_ledger::block::LeafKind;
use tongda_ledger::codec::encode;
use tongda_ledger::tree::bundle::{decode_commits, decode_entries};
use tongda_ledger::tree::{Frontier, MemoryHashes, Span, Tile, leaf_hash};
use tongda_node::chain::{Chain, Unavailable};

/// The tree over all leaves, from the bundles of entries.
fn tree(chain: &Chain) -> MemoryHashes {
    let size = chain.committed().tip().log.size();
    let mut hashes = MemoryHashes::new();
    for span in Span::all(size) {
        let bundle = chain.entry_bundle(span).unwrap();
        decode_entries(&bundle, span.width())
            .unwrap()
            .into_iter()
            .for_each(|leaf| hashes.append(leaf_hash(leaf)));
    }
    assert_eq!(hashes.root(size).unwrap(), chain.committed().tip().log.root());
    hashes
}

/// Whether all that the chain gives of its log is right.
fn right(chain: &Chain) {
    let size = chain.committed().tip().log.size();
    let tree = tree(chain);
    for tile in Tile::all(size) {
        let bytes = chain.tile(tile).unwrap();
        assert_eq!(tile.decode(&bytes).unwrap(), tile.hashes(&tree, size).unwrap().unwrap());
    }
    for old in [0, 1, size / 2, size - 1, size] {
        let (before, now) = (tree.root(old).unwrap(), tree.root(size).unwrap());
        assert_eq!(chain.root_at(old).unwrap(), before);
        chain.consistency(old, size).unwrap().verify(old, size, &before, &now).unwrap();
        if old < size {
            let leaf = tongda_ledger::tree::Hashes::hash(&tree, 0, old).unwrap();
            chain.inclusion(old, size).unwrap().verify(old, size, &leaf, &now).unwrap();
        }
    }
    let beyond = |result: Result<(), Unavailable>| assert!(matches!(result, Err(Unavailable::Beyond { .. })));
    beyond(chain.root_at(size + 1).map(drop));
    beyond(chain.inclusion(size, size).map(drop));
    beyond(chain.inclusion(0, size + 1).map(drop));
    beyond(chain.consistency(size, size - 1).map(drop));
    beyond(chain.tile(Tile::new(9, Span::new(0, 1).unwrap()).unwrap()).map(drop));
    beyond(chain.entry_bundle(Span::new(size, 1).unwrap()).map(drop));
}

#[test]
fn tiles_bundles_and_proofs_are_those_of_the_log_after_every_block() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, opening) = world.open(directory.path());
    assert_eq!((opening.hashed, opening.hashes_rebuilt), (1, None), "the genesis leaf");
    right(&chain);
    for _ in 0..5 {
        world.blocks(&chain, 1);
        right(&chain);
    }
    world.blocks(&chain, 60);
    right(&chain);
    let size = chain.committed().tip().log.size();
    assert!(size > 256, "{size}");
    let bundle = chain.entry_bundle(Span::new(0, 5).unwrap()).unwrap();
    let kinds: Vec<_> = decode_entries(&bundle, 5).unwrap().iter().map(|leaf| leaf[0]).collect();
    let of = |kind: LeafKind| kind as u8;
    let expected =
        [LeafKind::Genesis, LeafKind::Record, LeafKind::Seal, LeafKind::Record, LeafKind::Record].map(of);
    assert_eq!(kinds, expected);
    let commits = decode_commits(&chain.commit_bundle(Span::new(0, 130).unwrap()).unwrap(), 130).unwrap();
    for (height, certificate) in (1..).zip(&commits) {
        assert_eq!(certificate.height, height);
        assert_eq!(encode(certificate), chain.block(height).unwrap().unwrap().certificate);
    }
    let beyond = chain.commit_bundle(Span::new(0, 131).unwrap());
    assert!(matches!(beyond, Err(Unavailable::Beyond { blocks: 130, .. })), "{beyond:?}");
    drop(chain);
    let (chain, opening) = world.open(directory.path());
    assert_eq!((opening.hashed, opening.hashes_rebuilt), (0, None));
    right(&chain);
}

fn shorten(path: &Path, by: u64) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(file.metadata().unwrap().len() - by).unwrap();
}

fn garbage(path: &Path, from: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[from..].fill(0xA5);
    fs::write(path, bytes).unwrap();
}

#[test]
fn files_that_are_lost_torn_too_long_or_garbage_mend_themselves_from_the_log() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 60);
    drop(chain);
    let folder = directory.path().join("log-hashes");
    type Harm<'a> = Box<dyn Fn() + 'a>;
    // What is harmed, how, and whether it shows only when it is checked.
    let cases: Vec<(&str, Harm<'_>, bool)> = vec![
        ("the folder is lost", Box::new(|| fs::remove_dir_all(&folder).unwrap()), false),
        ("the leaves are lost", Box::new(|| fs::remove_file(folder.join("0")).unwrap()), false),
        ("level 1 is lost", Box::new(|| fs::remove_file(folder.join("1")).unwrap()), false),
        ("a tail is torn within a hash", Box::new(|| shorten(&folder.join("0"), 45)), false),
        ("the leaves are cut", Box::new(|| shorten(&folder.join("0"), 32 * 50)), false),
        (
            "zeros stand where data was not written",
            Box::new(|| {
                shorten(&folder.join("0"), 320);
                let file = fs::OpenOptions::new().write(true).open(folder.join("0")).unwrap();
                file.set_len(file.metadata().unwrap().len() + 320).unwrap();
            }),
            true,
        ),
        ("the leaves are garbage from the middle on", Box::new(|| garbage(&folder.join("0"), 1_000)), true),
        ("all of them are", Box::new(|| garbage(&folder.join("0"), 0)), true),
        ("level 1 is garbage", Box::new(|| garbage(&folder.join("1"), 3)), true),
        (
            "a file is too long",
            Box::new(|| {
                let path = folder.join("0");
                fs::write(&path, [fs::read(&path).unwrap(), vec![7; 999]].concat()).unwrap();
            }),
            false,
        ),
        (
            "there is a base that is none",
            Box::new(|| fs::write(folder.join("base"), b"noise").unwrap()),
            false,
        ),
        (
            "there is a base of another log",
            Box::new(|| {
                let mut other = Frontier::new();
                (0..100_u8).for_each(|leaf| other.append(leaf_hash(&[leaf])));
                fs::write(folder.join("base"), encode(&other)).unwrap();
            }),
            true,
        ),
    ];
    for (what, harm, is_rebuilt) in cases {
        harm();
        let (chain, opening) = world.open(directory.path());
        assert_eq!(opening.hashes_rebuilt.is_some(), is_rebuilt, "{what}: {opening:?}");
        right(&chain);
        // And the next blocks follow on it.
        world.blocks(&chain, 1);
        right(&chain);
        drop(chain);
        let (_, opening) = world.open(directory.path());
        assert_eq!((opening.hashed, opening.hashes_rebuilt), (0, None), "{what}: it is mended for good");
    }
}

#[test]
fn a_node_begun_from_a_snapshot_proves_what_came_later_and_is_whole_when_its_log_is() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 70);
    let written = chain.write_snapshot(9).unwrap().unwrap();
    let base = chain.committed().tip().log.size();
    world.blocks(&chain, 60);
    let size = chain.committed().tip().log.size();
    let tree = tree(&chain);
    let (other, _) = with_snapshot(&written.path);
    let (new, opening) = world.open(other.path());
    assert_eq!((opening.hashed, &opening.hashes_rebuilt), (0, &None));
    assert_eq!(new.root_at(base).unwrap(), tree.root(base).unwrap());
    follow(&new, &sent(&chain, 141, 260));
    let later = |new: &Chain| {
        for index in [base, base + 1, base + 77, size - 1] {
            let proof = new.inclusion(index, size).unwrap();
            let leaf = tongda_ledger::tree::Hashes::hash(&tree, 0, index).unwrap();
            proof.verify(index, size, &leaf, &tree.root(size).unwrap()).unwrap();
        }
        let proof = new.consistency(base, size).unwrap();
        proof.verify(base, size, &tree.root(base).unwrap(), &tree.root(size).unwrap()).unwrap();
        let last = Span::around(size - 1, size).unwrap();
        assert_eq!(
            new.tile(Tile::new(0, last).unwrap()).unwrap(),
            chain.tile(Tile::new(0, last).unwrap()).unwrap()
        );
        assert_eq!(new.entry_bundle(last).unwrap(), chain.entry_bundle(last).unwrap());
    };
    let older = |result: Result<(), Unavailable>| match result {
        Err(Unavailable::Older { base: from }) => assert_eq!(from, base),
        other => panic!("{other:?}"),
    };
    let first = Span::new(0, 256).unwrap();
    let hidden = |new: &Chain| {
        older(new.tile(Tile::new(0, first).unwrap()).map(drop));
        older(new.entry_bundle(first).map(drop));
        older(new.commit_bundle(Span::new(0, 1).unwrap()).map(drop));
        older(new.inclusion(3, size).map(drop));
        assert_eq!(new.fill_hashes().unwrap(), 0, "there is nothing to fill them with");
    };
    later(&new);
    hidden(&new);
    drop(new);
    let folder = other.path().join("log-hashes");
    // What is harmed is made again behind the snapshot; without the frontier there, from the tip on.
    for (harm, remain) in [(0, true), (1, true), (2, false), (3, false)] {
        match harm {
            0 => {}
            1 => garbage(&folder.join("0"), usize::try_from(base * 32 + 5).unwrap()),
            2 => fs::remove_dir_all(&folder).unwrap(),
            _ => fs::write(folder.join("base"), encode(&Frontier::new())).unwrap(),
        }
        let (new, opening) = world.open(other.path());
        assert_eq!(opening.hashes_rebuilt.is_some(), harm > 0, "{opening:?}");
        assert_eq!(new.root_at(size).unwrap(), tree.root(size).unwrap());
        if remain {
            later(&new);
            hidden(&new);
        } else {
            assert!(
                matches!(new.inclusion(base, size), Err(Unavailable::Older { base: from }) if from == size)
            );
        }
    }
    for round in 0..3 {
        let (new, opening) = world.open(other.path());
        assert_eq!(opening.hashes_rebuilt, None, "{round}");
        if let Some(mut older) = new.older(&world.network.founding).unwrap() {
            assert_eq!(round, 0);
            older.take(&sent(&chain, 1, 139)).unwrap();
            assert_eq!(new.fill_hashes().unwrap(), 0, "one block is missing");
            older.take(&sent(&chain, 140, 140)).unwrap();
            assert_eq!(new.fill_hashes().unwrap(), size);
        }
        assert_eq!(new.fill_hashes().unwrap(), 0);
        right(&new);
        later(&new);
    }
}

#[test]
fn blocks_that_came_but_whose_hashes_were_not_filled_are_hashed_when_the_logs_are_joined() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 5);
    let written = chain.write_snapshot(9).unwrap().unwrap();
    world.blocks(&chain, 5);
    for behind in [0, 6] {
        let (other, _) = with_snapshot(&written.path);
        let (new, _) = world.open(other.path());
        follow(&new, &sent(&chain, 11, 10 + behind));
        let mut older = new.older(&world.network.founding).unwrap().unwrap();
        older.take(&sent(&chain, 1, 10)).unwrap();
        drop((older, new));
        let (new, opening) = world.open(other.path());
        if behind == 0 {
            // No block stands behind the older ones yet, so the logs are still two.
            assert!(new.fill_hashes().unwrap() > 0);
        } else {
            assert!(opening.joined && opening.hashes_rebuilt.is_some(), "{opening:?}");
        }
        right(&new);
        world.number += 1_000_000;
        world.blocks(&new, 1);
        right(&new);
    }
}
