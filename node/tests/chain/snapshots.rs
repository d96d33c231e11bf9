//! A lost index begins at a snapshot and comes to the same; a bad snapshot is set aside; commits go on meanwhile.

use super::{World, follow, seen, sent, with_snapshot};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::tempdir;
use tongda_node::chain::{Beginning, ChainError, verify_snapshot};

fn flip(path: &Path, place: u64) {
    use std::os::unix::fs::FileExt as _;
    let file = fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, place).unwrap();
    file.write_all_at(&[byte[0] ^ 1], place).unwrap();
}

#[test]
fn a_lost_index_begins_at_the_newest_snapshot_and_comes_to_the_same() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, opening) = world.open(directory.path());
    assert_eq!((opening.restored, opening.replayed), (None, 0));
    world.blocks(&chain, 6);
    let first = chain.write_snapshot(2).unwrap().unwrap();
    assert_eq!((first.height, first.values), (12, chain.committed().values()));
    assert!(chain.write_snapshot(2).unwrap().is_none(), "there is one of this height");
    world.blocks(&chain, 4);
    let second = chain.write_snapshot(2).unwrap().unwrap();
    world.blocks(&chain, 3);
    let before = seen(&chain);
    drop(chain);
    for (beginning, restored, replayed) in
        [(Beginning::Newest, Some(20), 6), (Beginning::Oldest, Some(12), 14), (Beginning::Genesis, None, 26)]
    {
        fs::remove_dir_all(directory.path().join("index")).unwrap();
        let (chain, opening) = world.open_from(directory.path(), beginning).unwrap();
        assert_eq!((opening.restored, opening.replayed), (restored, replayed), "{opening:?}");
        assert_eq!(seen(&chain), before);
    }
    // An index that is there is used as it is.
    let (chain, opening) = world.open_from(directory.path(), Beginning::Oldest).unwrap();
    assert_eq!((opening.restored, opening.replayed), (None, 0));
    // Of a restored index the next snapshot is as of any other.
    world.blocks(&chain, 1);
    let third = chain.write_snapshot(2).unwrap().unwrap();
    verify_snapshot(&third.path, &world.network.founding).unwrap();
    let kept: Vec<_> = chain.snapshots().list().unwrap().iter().map(|file| file.height).collect();
    assert_eq!(kept, [second.height, third.height], "the oldest is gone");
}

#[test]
fn a_bad_snapshot_is_set_aside_and_the_next_one_is_used() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 3);
    let first = chain.write_snapshot(9).unwrap().unwrap();
    world.blocks(&chain, 3);
    let second = chain.write_snapshot(9).unwrap().unwrap();
    let before = seen(&chain);
    drop(chain);
    flip(&second.path, second.bytes / 2);
    fs::remove_dir_all(directory.path().join("index")).unwrap();
    let (chain, opening) = world.open(directory.path());
    assert_eq!((opening.restored, opening.replayed), (Some(first.height), 6));
    let told = &opening.bad_snapshots[..];
    assert!(matches!(told, [told] if told.contains("DAMAGED") && told.contains(".snap.bad")), "{told:?}");
    assert_eq!(seen(&chain), before);
    drop(chain);
    // When no snapshot is left, the log is executed from its beginning.
    flip(&first.path, 40);
    fs::remove_dir_all(directory.path().join("index")).unwrap();
    let (chain, opening) = world.open(directory.path());
    assert_eq!((opening.restored, opening.replayed), (None, 12));
    assert_eq!(seen(&chain), before);
}

#[test]
fn a_snapshot_under_another_name_or_of_another_network_is_not_used() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 3);
    let written = chain.write_snapshot(9).unwrap().unwrap();
    world.blocks(&chain, 1);
    drop(chain);
    fs::rename(&written.path, written.path.with_file_name("00000000000000000007.snap")).unwrap();
    fs::remove_dir_all(directory.path().join("index")).unwrap();
    let (_, opening) = world.open(directory.path());
    assert!(opening.bad_snapshots[0].contains("the snapshot of height 6"), "{:?}", opening.bad_snapshots);
    let other = World::new();
    let bad = written.path.with_file_name("00000000000000000007.snap.bad");
    let error = verify_snapshot(&bad, &other.network.founding).unwrap_err().to_string();
    assert!(error.contains("ANOTHER NETWORK"), "{error}");
}

#[test]
fn a_snapshot_that_is_written_while_blocks_are_committed_is_the_state_at_its_seal() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 150);
    let done = AtomicBool::new(false);
    let written: Vec<_> = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut written = Vec::new();
            while !done.load(Ordering::Relaxed) {
                written.extend(chain.write_snapshot(1000).unwrap());
            }
            written
        });
        world.blocks(&chain, 60);
        done.store(true, Ordering::Relaxed);
        writing.join().unwrap()
    });
    assert!(written.len() > 3, "{} snapshots meanwhile", written.len());
    for written in &written {
        let verified = verify_snapshot(&written.path, &world.network.founding).unwrap();
        let block = chain.block(written.height).unwrap().unwrap();
        assert_eq!(verified.header.seal.bytes(), block.seal);
        assert_eq!(verified.digest, written.digest);
    }
}

#[test]
fn a_new_node_begins_from_a_snapshot_alone_and_its_index_can_be_lost_again() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 5);
    let written = chain.write_snapshot(9).unwrap().unwrap();
    let at_snapshot = seen(&chain);
    world.blocks(&chain, 5);
    let (other, copy) = with_snapshot(&written.path);
    let (new, opening) = world.open(other.path());
    assert_eq!((opening.restored, opening.height), (Some(10), 10));
    assert_eq!((seen(&new), new.oldest()), (at_snapshot, 0));
    assert!(new.write_snapshot(9).unwrap().is_none(), "there is nothing new");
    drop(new);
    // Before its first block, and behind it.
    for blocks in [0, 4, 6] {
        let (new, opening) = world.open(other.path());
        assert_eq!((opening.restored, opening.replayed), (None, 0), "the index is there");
        let height = new.committed().tip().height();
        follow(&new, &sent(&chain, height + 1, height + blocks));
        drop(new);
        fs::remove_dir_all(other.path().join("index")).unwrap();
        let (new, opening) = world.open(other.path());
        assert_eq!((opening.restored, opening.replayed), (Some(10), height + blocks - 10));
        assert_eq!(new.committed().tip().height(), height + blocks);
        new.sync().unwrap();
    }
    let (new, _) = world.open(other.path());
    assert_eq!(seen(&new), seen(&chain));
    drop(new);
    // Without a snapshot, a log that begins behind one cannot be executed, and says so.
    fs::remove_file(copy).unwrap();
    fs::remove_dir_all(other.path().join("index")).unwrap();
    for beginning in [Beginning::Newest, Beginning::Genesis] {
        let error = world.open_from(other.path(), beginning).err().unwrap();
        assert!(matches!(error, ChainError::NoBeginning { first: 11 }), "{error}");
    }
}

#[test]
fn a_crash_while_a_snapshot_is_installed_is_begun_again() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 5);
    let written = chain.write_snapshot(9).unwrap().unwrap();
    let before = seen(&chain);
    let (other, _) = with_snapshot(&written.path);
    // What a crash may leave: a part of a new index, of another run.
    fs::create_dir(other.path().join("index.new")).unwrap();
    fs::write(other.path().join("index.new/db"), b"a part").unwrap();
    fs::write(other.path().join("snapshots/00000000000000000099.snap.new"), b"a part").unwrap();
    let (new, opening) = world.open(other.path());
    assert_eq!((opening.restored, opening.set_aside), (Some(10), None));
    assert_eq!(seen(&new), before);
    let left: Vec<_> = other.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("new")), "{left:?}");
}
