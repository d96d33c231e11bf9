//! Put the segments of an older log in front of a newer one's, once no block is missing between them.
//!
//! ```text
//! older/      1 … 480   481 … 960            ──► the last one first
//! segments/                        961 …         then 481 …, 961 …       then 1 …, 481 …, 961 …
//! ```
//!
//! Each file is moved by renaming it, from the last to the first: at no moment has either of the two logs a gap, so
//! that a crash in between is finished by doing the same again.

use super::error::StoreError;
use super::log::{LogOptions, SegmentLog};
use super::segment::{Header, list, sync_directory};
use std::fs::File;
use std::path::Path;

/// Joins the logs in two directories, none of which is open; the older directory is then gone. Returns the first height
/// of the whole; `None`, and nothing is done, while blocks are missing between the two, or there is no older one.
///
/// # Errors
/// As [`SegmentLog::open`] for the older log; [`StoreError::Io`] when a file cannot be moved.
pub fn join(
    older: &Path,
    newer: &Path,
    network: [u8; 32],
    options: LogOptions,
) -> Result<Option<u64>, StoreError> {
    if !older.exists() || !newer.exists() {
        return Ok(None);
    }
    let (log, _) = SegmentLog::open(older, network, options)?;
    let Some(first) = first_block(newer)? else { return Ok(None) };
    let Some(tip) = log.tip() else {
        // Nothing was fetched yet, or all of it was moved and the directory was left.
        return if first.0 == 1 { remove(older).map(|()| Some(1)) } else { Ok(None) };
    };
    if (tip.height + 1, tip.size) != first {
        return Ok(None);
    }
    let (segments, _) = list(older)?;
    for segment in segments.iter().rev() {
        let target = newer.join(segment.file_name().unwrap_or_default());
        std::fs::rename(segment, &target).map_err(StoreError::io("move", segment))?;
        sync_directory(newer)?;
        sync_directory(older)?;
    }
    remove(older)?;
    Ok(first_block(newer)?.map(|(height, _)| height))
}

/// Height and log index of the first block of the log in a directory.
fn first_block(directory: &Path) -> Result<Option<(u64, u64)>, StoreError> {
    let (segments, _) = list(directory)?;
    let Some(path) = segments.first() else { return Ok(None) };
    let file = File::open(path).map_err(StoreError::io("open", path))?;
    let header = Header::read(path, &file)?;
    Ok(Some((header.first_height, header.first_index)))
}

fn remove(directory: &Path) -> Result<(), StoreError> {
    std::fs::remove_dir_all(directory).map_err(StoreError::io("remove", directory))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoredBlock;
    use bytes::Bytes;

    const NETWORK: [u8; 32] = [3; 32];
    const OPTIONS: LogOptions = LogOptions { segment_bytes: 8192 };

    fn block(height: u64) -> StoredBlock {
        StoredBlock {
            height,
            first_index: 2 * height - 1,
            records: vec![Bytes::from(vec![5; 200])],
            seal: Bytes::from_static(b"seal"),
            certificate: Bytes::from_static(b"certificate"),
        }
    }

    fn append(directory: &Path, heights: std::ops::RangeInclusive<u64>) {
        let (mut log, _) = SegmentLog::open(directory, NETWORK, OPTIONS).unwrap();
        log.append_all(&heights.map(block).collect::<Vec<_>>()).unwrap();
    }

    #[test]
    fn logs_are_joined_only_when_nothing_is_missing_and_a_crash_in_between_is_finished() {
        // Behind how many moved segments it crashes.
        for crash in 0..5 {
            let directory = tempfile::tempdir().unwrap();
            let (older, newer) = (directory.path().join("older"), directory.path().join("segments"));
            assert_eq!(join(&older, &newer, NETWORK, OPTIONS).unwrap(), None);
            append(&newer, 61..=70);
            append(&older, 1..=59);
            assert_eq!(join(&older, &newer, NETWORK, OPTIONS).unwrap(), None, "block 60 is missing");
            append(&older, 60..=60);
            let (segments, _) = list(&older).unwrap();
            assert!(segments.len() >= 4);
            for segment in segments.iter().rev().take(crash) {
                std::fs::rename(segment, newer.join(segment.file_name().unwrap())).unwrap();
                let (log, _) = SegmentLog::open(&newer, NETWORK, OPTIONS).unwrap();
                assert_eq!(log.tip().unwrap().height, 70, "no gap at any moment");
            }
            assert_eq!(join(&older, &newer, NETWORK, OPTIONS).unwrap(), Some(1));
            assert!(!older.exists());
            let (log, _) = SegmentLog::open(&newer, NETWORK, OPTIONS).unwrap();
            let blocks = log.blocks(1).collect::<Result<Vec<_>, _>>().unwrap();
            assert_eq!(blocks, (1..=70).map(block).collect::<Vec<_>>());
            drop(log);
            append(&newer, 71..=80);
        }
    }
}
