//! The log: what is appended is read, torn tails are cut, damage is refused with its place.

use crate::{NETWORK, copy_files, overwrite};
use bytes::Bytes;
use proptest::prelude::*;
use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tongda_node::store::{
    Entry, FrameProblem, LogOptions, Opening, SegmentLog, StoreError, StoredBlock, Tip, inspect,
};

const SMALL: LogOptions = LogOptions { segment_bytes: 8192 };

/// Block `height` of a chain whose blocks have three records each.
pub(crate) fn block(height: u64) -> StoredBlock {
    let record = |number: u64| Bytes::from(format!("record {number} of block {height}").repeat(8));
    StoredBlock {
        height,
        first_index: (height - 1) * 4,
        records: (0..3).map(record).collect(),
        seal: Bytes::from(format!("seal of block {height}")),
        certificate: Bytes::from(format!("certificate of block {height}")),
    }
}

pub(crate) fn open(directory: &Path) -> Result<(SegmentLog, Opening), StoreError> {
    SegmentLog::open(directory, NETWORK, SMALL)
}

/// A log of blocks 1 to `count`, closed again.
fn log_of(count: u64) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let (mut log, _) = open(directory.path()).unwrap();
    for height in 1..=count {
        log.append(&block(height)).unwrap();
    }
    directory
}

/// The segments of a directory, oldest first.
fn segments(directory: &Path) -> Vec<PathBuf> {
    inspect::segments(directory).unwrap().into_iter().map(|segment| segment.path).collect()
}

/// Where the last block of a segment starts and ends.
fn last_frame(path: &Path) -> (usize, usize) {
    let bytes = fs::read(path).unwrap();
    let start = bytes.windows(4).rposition(|four| four == b"TDBK").unwrap();
    let length = u32::from_le_bytes(bytes[start + 4..start + 8].try_into().unwrap());
    (start, start + 12 + length as usize)
}

#[test]
fn what_is_appended_is_read_by_height_and_by_log_index_now_and_after_opening_again() {
    let directory = log_of(40);
    let (log, opening) = open(directory.path()).unwrap();
    assert!(opening.segments > 3, "40 blocks of 600 bytes in segments of 8 KiB");
    assert_eq!((opening.blocks, opening.cut.is_none()), (40, true));
    assert_eq!(log.tip(), Some(Tip { height: 40, size: 160 }));
    for height in 1..=40 {
        assert_eq!(log.block(height).unwrap(), Some(block(height)));
    }
    assert_eq!(log.block(0).unwrap(), None);
    assert_eq!(log.block(41).unwrap(), None);
    for index in 0..160 {
        let block = block(index / 4 + 1);
        let entry = match usize::try_from(index % 4).unwrap() {
            3 => Entry::Seal(block.seal.clone()),
            place => Entry::Record(block.records[place].clone()),
        };
        assert_eq!(log.entry(index).unwrap(), Some((block.height, entry)));
    }
    assert_eq!(log.entry(160).unwrap(), None);
    let read: Vec<_> = log.blocks(38).map(|block| block.unwrap().height).collect();
    assert_eq!(read, [38, 39, 40]);
}

#[test]
fn a_reader_follows_the_writer() {
    let directory = tempfile::tempdir().unwrap();
    let (mut log, _) = open(directory.path()).unwrap();
    let reader = log.reader();
    assert_eq!((reader.tip(), reader.first()), (None, None));
    let follower = std::thread::spawn(move || {
        let mut blocks = reader.blocks(1);
        let mut seen = 0;
        while seen < 100 {
            match blocks.next() {
                Some(read) => {
                    seen += 1;
                    assert_eq!(read.unwrap(), block(seen));
                }
                None => std::thread::yield_now(),
            }
        }
    });
    for height in 1..=100 {
        log.append(&block(height)).unwrap();
    }
    follower.join().unwrap();
}

#[test]
fn an_empty_log_starts_anywhere_and_goes_on_only_with_the_next_block() {
    let directory = tempfile::tempdir().unwrap();
    let (mut log, _) = open(directory.path()).unwrap();
    log.append(&block(1000)).unwrap();
    assert_eq!(log.reader().first(), Some((1000, 3996)));
    assert_eq!(log.block(999).unwrap(), None);
    assert_eq!(log.entry(3995).unwrap(), None);
    for wrong in [block(1000), block(1002), StoredBlock { first_index: 1, ..block(1001) }] {
        assert!(matches!(log.append(&wrong), Err(StoreError::NotNext { expected_height: 1001, .. })));
    }
    log.append(&block(1001)).unwrap();
}

#[test]
fn a_block_larger_than_a_segment_gets_a_segment_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let large = |height| StoredBlock { seal: Bytes::from(vec![9; 50_000]), ..block(height) };
    let (mut log, _) = open(directory.path()).unwrap();
    log.append(&large(1)).unwrap();
    log.append(&block(2)).unwrap();
    log.append(&large(3)).unwrap();
    drop(log);
    assert_eq!(segments(directory.path()).len(), 3);
    let (log, _) = open(directory.path()).unwrap();
    assert_eq!(log.block(3).unwrap(), Some(large(3)));
}

#[test]
fn an_empty_last_segment_grows_for_a_large_block() {
    let directory = log_of(1);
    let path = &segments(directory.path())[0];
    let (start, _) = last_frame(path);
    overwrite(path, start as u64, &[0; 4096]);
    let (mut log, opening) = open(directory.path()).unwrap();
    assert_eq!((opening.segments, opening.blocks), (1, 0));
    let large = StoredBlock { seal: Bytes::from(vec![9; 50_000]), ..block(1) };
    log.append(&large).unwrap();
    drop(log);
    assert_eq!(open(directory.path()).unwrap().0.block(1).unwrap(), Some(large));
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_and_the_log_goes_on() {
    let directory = log_of(20);
    let path = segments(directory.path()).pop().unwrap();
    let (start, end) = last_frame(&path);
    let whole = fs::read(&path).unwrap();
    for kept in start..end {
        // Once with the reserved space behind the tear still there, once with a file that ends there.
        for shortened in [false, true] {
            let mut torn = whole.clone();
            torn[kept..].fill(0);
            if shortened {
                torn.truncate(kept);
            }
            fs::write(&path, &torn).unwrap();
            let (mut log, opening) = open(directory.path()).unwrap();
            assert_eq!(log.tip(), Some(Tip { height: 19, size: 76 }), "torn at {kept}");
            assert_eq!(opening.cut.is_some(), kept > start, "torn at {kept}");
            if let Some(cut) = opening.cut {
                assert_eq!((&cut.path, cut.offset, cut.height), (&path, start as u64, 20));
                assert!(cut.bytes > 0 && cut.bytes <= (kept - start) as u64, "{} at {kept}", cut.bytes);
            }
            log.append(&block(20)).unwrap();
            drop(log);
            let (log, opening) = open(directory.path()).unwrap();
            assert!(opening.cut.is_none());
            assert_eq!(log.block(20).unwrap(), Some(block(20)));
        }
    }
}

#[test]
fn a_torn_block_whose_first_page_is_missing_is_cut() {
    let directory = log_of(20);
    let path = segments(directory.path()).pop().unwrap();
    let (start, _) = last_frame(&path);
    overwrite(&path, start as u64, &[0; 60]);
    let (log, opening) = open(directory.path()).unwrap();
    assert_eq!(log.tip(), Some(Tip { height: 19, size: 76 }));
    assert_eq!(opening.cut.unwrap().problem, FrameProblem::Magic);
}

#[test]
fn a_record_that_looks_like_a_block_does_not_keep_a_torn_tail_from_being_cut() {
    let directory = log_of(1);
    let path = segments(directory.path()).pop().unwrap();
    let mut forged = Vec::from(*b"TDBK");
    let body = [&99_u64.to_le_bytes()[..], &99_u64.to_le_bytes(), &[0; 12]].concat();
    forged.extend_from_slice(&u32::try_from(body.len()).unwrap().to_le_bytes());
    forged.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    forged.extend_from_slice(&body);
    let (mut log, _) = open(directory.path()).unwrap();
    log.append(&StoredBlock { records: vec![forged.into()], ..block(2) }).unwrap();
    drop(log);
    let start = last_frame(&path).0 - 12 - 20 - 4;
    overwrite(&path, start as u64, &[0; 12]);
    let (log, opening) = open(directory.path()).unwrap();
    assert_eq!((log.tip().unwrap().height, opening.cut.unwrap().offset), (1, start as u64));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_byte_changed_before_the_last_block_is_refused_with_its_place(
        height in 1_u64..20, place: prop::sample::Index, flip in 1..=255_u8,
    ) {
        static WHOLE: LazyLock<tempfile::TempDir> = LazyLock::new(|| log_of(20));
        let directory = tempfile::tempdir().unwrap();
        copy_files(WHOLE.path(), directory.path());
        let (path, offset, length) = place_of(directory.path(), height);
        let place = offset + place.index(length) as u64;
        let mut byte = [0];
        fs::File::open(&path).unwrap().read_exact_at(&mut byte, place).unwrap();
        overwrite(&path, place, &[byte[0] ^ flip]);
        let before = fs::read(&path).unwrap();
        match open(directory.path()) {
            Err(StoreError::BadFrame { path: named, offset: at, height: expected, .. }) => {
                prop_assert_eq!((named, at, expected), (path.clone(), offset, height));
            }
            other => prop_assert!(false, "byte {} changed by {:#x}: {:?}", place, flip, other.map(|_| ())),
        }
        prop_assert_eq!(fs::read(&path).unwrap(), before, "nothing is repaired behind the operator's back");
    }
}

/// The file, the offset and the length of a block's frame.
fn place_of(directory: &Path, height: u64) -> (PathBuf, u64, usize) {
    for path in segments(directory).into_iter().rev() {
        let bytes = fs::read(&path).unwrap();
        let mut at = 4096;
        while bytes.get(at..at + 4) == Some(b"TDBK") {
            let length = 12 + u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
            if bytes[at + 12..at + 20] == height.to_le_bytes() {
                return (path, at as u64, length);
            }
            at += length;
        }
    }
    panic!("block {height} is in no segment");
}

#[test]
fn a_torn_tail_in_an_older_segment_is_refused() {
    let directory = log_of(40);
    let path = segments(directory.path()).remove(1);
    let (start, _) = last_frame(&path);
    overwrite(&path, start as u64 + 30, &[0; 200]);
    let error = open(directory.path()).unwrap_err();
    assert!(matches!(&error, StoreError::BadFrame { offset, .. } if *offset == start as u64), "{error}");
    let text = error.to_string();
    assert!(text.contains("restore this file") && text.contains(&path.display().to_string()), "{text}");
}

#[test]
fn a_block_changed_on_the_disk_while_the_log_is_open_is_noticed_when_it_is_read() {
    let directory = log_of(3);
    let (log, _) = open(directory.path()).unwrap();
    let (path, offset, _) = place_of(directory.path(), 2);
    overwrite(&path, offset + 50, b"?");
    assert!(matches!(log.block(2), Err(StoreError::BadFrame { height: 2, .. })));
    assert!(matches!(log.entry(4), Err(StoreError::BadFrame { height: 2, .. })));
    let read: Vec<_> = log.blocks(1).map(|block| block.is_ok()).collect();
    assert_eq!(read, [true, false], "the iterator ends behind the error");
}

#[test]
fn a_missing_segment_is_named() {
    let directory = log_of(40);
    let paths = segments(directory.path());
    let first_of = |path: &Path| path.file_stem().unwrap().to_str().unwrap().parse::<u64>().unwrap();
    fs::remove_file(&paths[1]).unwrap();
    match open(directory.path()).unwrap_err() {
        StoreError::MissingBlocks { path, from, to } => {
            assert_eq!((path, from, to), (paths[2].clone(), first_of(&paths[1]), first_of(&paths[2]) - 1));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_segment_of_another_history_is_refused() {
    let (directory, other) = (log_of(40), tempfile::tempdir().unwrap());
    let path = segments(directory.path()).remove(1);
    let height = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
    let (mut log, _) = open(other.path()).unwrap();
    log.append(&StoredBlock { first_index: 5000, ..block(height) }).unwrap();
    fs::copy(&segments(other.path())[0], &path).unwrap();
    assert!(matches!(open(directory.path()), Err(StoreError::BadSegment { .. })));
}

#[test]
fn another_networks_log_is_refused() {
    let directory = log_of(3);
    let error = SegmentLog::open(directory.path(), [8; 32], SMALL).unwrap_err();
    assert!(matches!(&error, StoreError::OtherNetwork { .. }), "{error}");
}

#[test]
fn a_log_is_opened_by_one_node_at_a_time() {
    let directory = log_of(3);
    let (log, _) = open(directory.path()).unwrap();
    assert!(matches!(open(directory.path()), Err(StoreError::Locked { .. })));
    drop(log);
    open(directory.path()).unwrap();
}

#[test]
fn what_a_crash_left_of_a_rotation_is_removed() {
    let directory = log_of(3);
    let unfinished = directory.path().join("00000000000000000004.seg.new");
    fs::write(&unfinished, [0; 5000]).unwrap();
    let (log, _) = open(directory.path()).unwrap();
    assert_eq!((log.tip().unwrap().height, unfinished.exists()), (3, false));
}

#[test]
fn a_log_copied_while_it_is_written_opens_with_every_acknowledged_block() {
    let (directory, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mut log, _) = open(directory.path()).unwrap();
    for height in 1..=30 {
        log.append(&block(height)).unwrap();
        copy_files(directory.path(), copy.path());
        let (copied, opening) = open(copy.path()).unwrap();
        assert!(opening.cut.is_none());
        assert_eq!(copied.tip(), log.tip());
    }
}

#[test]
fn inspection_lists_segments_and_shows_a_block_without_touching_an_open_log() {
    let directory = log_of(40);
    let (_log, _) = open(directory.path()).unwrap();
    let found = inspect::segments(directory.path()).unwrap();
    assert_eq!((found[0].first_height, found.last().unwrap().last_height), (1, Some(40)));
    for pair in found.windows(2) {
        assert_eq!(pair[0].last_height.unwrap() + 1, pair[1].first_height);
        assert_eq!(pair[0].next_index, pair[1].first_index);
    }
    assert!(found.iter().all(|segment| segment.fault.is_none() && segment.bytes_reserved == 8192));
    let read = inspect::block(directory.path(), 17).unwrap().unwrap();
    assert_eq!(read, block(17));
    let text = inspect::FrameSummary::of(&read).to_string();
    assert!(text.starts_with("block 17: 3 records, log indexes 64 to 67"), "{text}");
    assert_eq!(inspect::block(directory.path(), 41).unwrap(), None);
    assert_eq!(inspect::block(directory.path(), 0).unwrap(), None);
}

#[test]
fn inspection_says_what_is_wrong_and_where() {
    let directory = log_of(3);
    let (path, offset, _) = place_of(directory.path(), 2);
    overwrite(&path, offset + 50, b"?");
    let text = inspect::segments(directory.path()).unwrap()[0].to_string();
    assert!(text.contains(&format!("damaged at offset {offset}")), "{text}");
}
