//! The index: what is applied is found, and whatever is wrong with it, it is set aside.

use crate::{NETWORK, copy_files, overwrite};
use bytes::Bytes;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use tongda_node::store::{
    Batch, Index, IndexOpening, IndexOptions, MemoryIndex, Scan, SledIndex, StoreError,
};

const CACHE: IndexOptions = IndexOptions { cache_bytes: 1 << 20, sync_every: 4, schema: 1 };

pub(crate) fn open_index(directory: &Path, tip: Option<u64>) -> (SledIndex, IndexOpening) {
    SledIndex::open(&directory.join("index"), NETWORK, tip, CACHE).unwrap()
}

/// The changes of block `height` to the index.
pub(crate) fn batch(height: u64) -> Batch {
    let mut batch = Batch::new();
    for number in 0..50 {
        batch.put(format!("k{:03}", height * 7 % 100 + number), format!("{height}/{number}").repeat(10));
    }
    batch.delete(format!("k{height:03}"));
    batch
}

pub(crate) fn content(index: &dyn Index) -> Vec<(Bytes, Bytes)> {
    index.scan(&Scan::prefix("")).unwrap()
}

/// What the index holds after blocks 1 to `height`.
pub(crate) fn model(height: u64) -> Vec<(Bytes, Bytes)> {
    let index = MemoryIndex::new();
    (1..=height).for_each(|height| index.apply(batch(height), height).unwrap());
    content(&index)
}

/// An index of blocks 1 to `count`, closed again.
fn index_of(count: u64) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let (index, opening) = open_index(directory.path(), None);
    assert_eq!((opening.height, opening.set_aside), (None, None));
    (1..=count).for_each(|height| index.apply(batch(height), height).unwrap());
    directory
}

#[test]
fn an_index_keeps_what_was_applied_and_its_height() {
    let directory = index_of(30);
    let (index, opening) = open_index(directory.path(), Some(35));
    assert_eq!((opening.height, opening.set_aside), (Some(30), None));
    assert_eq!(content(&index), model(30));
    index.apply(batch(31), 31).unwrap();
    assert_eq!((index.height(), content(&index)), (Some(31), model(31)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn both_indexes_answer_every_scan_alike(
        keys in proptest::collection::vec(proptest::collection::vec(1_u8..4, 1..4), 0..40),
        prefix in proptest::collection::vec(1_u8..4, 0..3),
        from in proptest::option::of(proptest::collection::vec(0_u8..4, 0..4)),
        exclusive: bool, reverse: bool, limit in 0_usize..10,
    ) {
        let directory = tempfile::tempdir().unwrap();
        let (sled, _) = open_index(directory.path(), None);
        let memory = MemoryIndex::new();
        let mut batch = Batch::new();
        keys.iter().for_each(|key| batch.put(key.clone(), key.clone()));
        sled.apply(batch.clone(), 1).unwrap();
        memory.apply(batch, 1).unwrap();
        let mut scan = Scan::prefix(prefix.clone()).limit(limit);
        let mut expected: Vec<_> = keys.clone();
        expected.sort();
        expected.dedup();
        expected.retain(|key| key.starts_with(&prefix));
        if reverse {
            scan = scan.reverse();
            expected.reverse();
        }
        if let Some(from) = from {
            expected.retain(|key| match key.cmp(&from) {
                std::cmp::Ordering::Equal => !exclusive,
                std::cmp::Ordering::Less => reverse,
                std::cmp::Ordering::Greater => !reverse,
            });
            scan = if exclusive { scan.after(from) } else { scan.from(from) };
        }
        expected.truncate(limit);
        for index in [&sled as &dyn Index, &memory] {
            let found: Vec<_> = index.scan(&scan).unwrap().into_iter().map(|(key, _)| key.to_vec()).collect();
            prop_assert_eq!(&found, &expected);
        }
    }
}

#[test]
fn a_refused_batch_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let (sled, _) = open_index(directory.path(), None);
    for index in [&sled as &dyn Index, &MemoryIndex::new()] {
        let mut batch = batch(1);
        batch.put("large", vec![0; 16 * 1024 + 1]);
        assert!(matches!(index.apply(batch, 1), Err(StoreError::BadBatch(_))));
        assert_eq!((index.height(), content(index)), (None, vec![]));
    }
}

#[test]
fn an_index_behind_the_log_is_kept_and_one_ahead_is_set_aside() {
    let directory = index_of(10);
    let (_, opening) = open_index(directory.path(), Some(12));
    assert_eq!((opening.height, opening.set_aside), (Some(10), None));
    let (index, opening) = open_index(directory.path(), Some(9));
    let aside = opening.set_aside.unwrap();
    assert_eq!((opening.height, content(&index)), (None, vec![]));
    assert_eq!(aside.moved_to, directory.path().join("index.broken-1"));
    assert_eq!(aside.reason, "it stands for height 10, the log ends at 9");
}

#[test]
fn an_index_of_another_network_or_schema_is_set_aside() {
    for (network, schema) in [([8; 32], 1), (NETWORK, 2)] {
        let directory = index_of(3);
        let options = IndexOptions { schema, ..CACHE };
        let (_, opening) =
            SledIndex::open(&directory.path().join("index"), network, Some(9), options).unwrap();
        assert!(opening.set_aside.unwrap().reason.contains("another network"));
    }
}

#[test]
fn an_index_is_opened_by_one_node_at_a_time_and_never_moved_from_under_it() {
    let directory = index_of(3);
    let path = directory.path().join("index");
    let (index, opening) = open_index(directory.path(), Some(3));
    assert_eq!(opening.set_aside, None);
    assert!(matches!(SledIndex::open(&path, NETWORK, Some(1), CACHE), Err(StoreError::Locked { .. })));
    assert!(matches!(SledIndex::discard(&path, "test"), Err(StoreError::Locked { .. })));
    assert_eq!(content(&index), model(3));
}

#[test]
fn of_the_indexes_set_aside_the_newest_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index");
    assert_eq!(SledIndex::discard(&path, "nothing there").unwrap(), None);
    for number in 1..=3 {
        open_index(directory.path(), None);
        let aside = SledIndex::discard(&path, "its root is wrong").unwrap().unwrap();
        assert_eq!(aside.moved_to, directory.path().join(format!("index.broken-{number}")));
    }
    let kept = directory.path().read_dir().unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(kept.count(), 1);
}

/// Copies of an index's directory, each made when it was synced at a multiple of 4 up to 12.
fn synced_copies() -> [tempfile::TempDir; 3] {
    let directory = tempfile::tempdir().unwrap();
    let (index, _) = open_index(directory.path(), None);
    [4, 8, 12].map(|height| {
        (height - 3..=height).for_each(|height| index.apply(batch(height), height).unwrap());
        index.sync().unwrap();
        let copy = tempfile::tempdir().unwrap();
        copy_files(directory.path(), copy.path());
        copy
    })
}

#[test]
fn a_synced_index_is_whole_without_being_closed() {
    for (copy, height) in synced_copies().iter().zip([4, 8, 12]) {
        let (index, opening) = open_index(copy.path(), Some(height));
        assert_eq!((opening.height, opening.set_aside), (Some(height), None));
        assert_eq!(content(&index), model(height));
    }
}

#[test]
fn an_index_that_does_not_stand_at_its_checkpoint_is_set_aside() {
    for (index, checkpoint) in [(0, 2), (1, 0), (2, 0)] {
        let copies = synced_copies();
        let [from, to] = [checkpoint, index].map(|copy| copies[copy].path().join("index/checkpoint"));
        fs::copy(from, to).unwrap();
        let (_, opening) = open_index(copies[index].path(), Some(12));
        assert!(opening.set_aside.unwrap().reason.contains("its last checkpoint is of height"));
    }
    let [four, ..] = synced_copies();
    fs::remove_file(four.path().join("index/checkpoint")).unwrap();
    let (_, opening) = open_index(four.path(), Some(12));
    assert_eq!(opening.set_aside.unwrap().reason, "its checkpoint is missing");
}

#[test]
fn reading_sees_pending_frozen_and_written_changes_as_one() {
    let directory = tempfile::tempdir().unwrap();
    let (index, _) = open_index(directory.path(), None);
    for height in 1..=60 {
        index.apply(batch(height), height).unwrap();
        assert_eq!(content(&index), model(height), "after block {height}");
        for key in [format!("k{height:03}"), format!("k{:03}", height * 7 % 100)] {
            let expected = model(height).into_iter().find(|(found, _)| *found == key).map(|(_, value)| value);
            assert_eq!(index.get(key.as_bytes()).unwrap(), expected, "{key} after block {height}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_damaged_index_opens_or_is_set_aside_and_never_panics(
        file: prop::sample::Index, place: prop::sample::Index, garbage in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let directory = index_of(12);
        let path = directory.path().join("index");
        let mut files: Vec<_> = path.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.is_file());
        files.sort();
        let file = file.get(&files);
        let length = fs::metadata(file).unwrap().len();
        let place = place.index(usize::try_from(length).unwrap().max(1)) as u64;
        if garbage.is_empty() {
            fs::OpenOptions::new().write(true).open(file).unwrap().set_len(place).unwrap();
        } else {
            overwrite(file, place, &garbage);
        }
        let (index, opening) = open_index(directory.path(), Some(12));
        // What it opened with is right, or found to be damaged when it is read; it can be built on or it fails.
        let height = opening.height.unwrap_or(0);
        if let Ok(found) = index.scan(&Scan::prefix("")) {
            prop_assert_eq!(found, model(height));
        }
        let _ = (height + 1..=14).try_for_each(|height| index.apply(batch(height), height));
        drop(index);
        SledIndex::discard(&path, "damaged by a test").unwrap();
        let (index, _) = open_index(directory.path(), None);
        (1..=14).try_for_each(|height| index.apply(batch(height), height)).unwrap();
        prop_assert_eq!(content(&index), model(14));
    }
}

#[test]
fn a_directory_of_garbage_is_set_aside() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("index");
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("db"), vec![0xAB; 100_000]).unwrap();
    fs::write(path.join("conf"), "no configuration").unwrap();
    let (index, opening) = open_index(directory.path(), Some(5));
    assert!(opening.set_aside.is_some());
    index.apply(batch(1), 1).unwrap();
}
