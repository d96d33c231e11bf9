//! A checkpoint of the index: a file with all changes that are about to be written into it.
//!
//! ```text
//! "TDINDEX1" │ crc32 u32 │ schema u32 │ network [32] │ height u64 │ base u8, u64 │ changes u32
//! key length u32 │ key │ value length u32 (0xffffffff: the key is removed) │ value      once for each change
//! ```
//!
//! Integers are little-endian; the CRC-32 is of everything behind it. The file is on the disk before the first of
//! its changes goes into the index. After a crash in the middle they are simply written again: the index stands
//! for the checkpoint's base or for its height, and never for something between. When they are in the index and on the
//! disk, an empty checkpoint from that height to itself takes the file's place.

use super::changes::Changes;
use super::error::StoreError;
use super::segment::sync_directory;
use bytes::Bytes;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"TDINDEX1";
const REMOVED: u32 = u32::MAX;

/// Whose index it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The version of the caller's keys and values.
    pub(crate) schema: u32,
    /// The network.
    pub(crate) network: [u8; 32],
}

impl Stamp {
    /// Schema, network, height: 44 bytes, little-endian.
    pub(crate) fn encode(self, height: u64) -> Vec<u8> {
        [&self.schema.to_le_bytes()[..], &self.network, &height.to_le_bytes()].concat()
    }

    /// The height in a stamp like this one; the error says why it is not like this one.
    pub(crate) fn height_in(self, bytes: &[u8]) -> Result<u64, String> {
        let (ours, height) = bytes.split_at_checked(36).ok_or("its stamp is damaged")?;
        let height = u64::from_le_bytes(height.try_into().map_err(|_| "its stamp is damaged")?);
        if ours == &self.encode(height)[..36] {
            Ok(height)
        } else {
            Err("it was built for another network or by another version of this program".into())
        }
    }
}

/// The changes that lead an index from one height to another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// The height of the index before.
    pub(crate) base: Option<u64>,
    /// The height of the index afterwards.
    pub(crate) height: u64,
    /// What changes.
    pub(crate) changes: Changes,
}

impl Checkpoint {
    /// Whether all of its changes are in the index.
    pub(crate) fn is_done(&self) -> bool {
        self.base == Some(self.height)
    }
}

/// The checkpoint's file in an index's directory.
pub(crate) fn path_in(directory: &Path) -> PathBuf {
    directory.join("checkpoint")
}

/// Writes a checkpoint in place of the one before. When this returns, it is on the disk.
pub(crate) fn write(
    directory: &Path,
    stamp: Stamp,
    base: Option<u64>,
    height: u64,
    changes: &Changes,
) -> Result<(), StoreError> {
    let path = path_in(directory);
    let unfinished = path.with_extension("new");
    let bytes = encode(stamp, base, height, changes);
    File::create(&unfinished)
        .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_data()))
        .map_err(StoreError::io("write", &unfinished))?;
    std::fs::rename(&unfinished, &path).map_err(StoreError::io("name", &path))?;
    sync_directory(directory)
}

/// Reads the directory's checkpoint, if it has one; the error says why it cannot be used.
pub(crate) fn read(directory: &Path, stamp: Stamp) -> Result<Option<Checkpoint>, String> {
    match std::fs::read(path_in(directory)) {
        Ok(bytes) => decode(stamp, bytes.into()).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("its checkpoint cannot be read: {error}")),
    }
}

fn encode(stamp: Stamp, base: Option<u64>, height: u64, changes: &Changes) -> Vec<u8> {
    fn length(bytes: &[u8]) -> [u8; 4] {
        u32::try_from(bytes.len()).expect("keys and values are short").to_le_bytes()
    }
    let mut bytes = Vec::with_capacity(70 + changes.bytes() + 8 * changes.iter().len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&stamp.encode(height));
    bytes.push(base.is_some().into());
    bytes.extend_from_slice(&base.unwrap_or_default().to_le_bytes());
    let count = u32::try_from(changes.iter().len()).expect("a checkpoint's size is bounded");
    bytes.extend_from_slice(&count.to_le_bytes());
    for (key, value) in changes.iter() {
        bytes.extend_from_slice(&length(key));
        bytes.extend_from_slice(key);
        match value {
            Some(value) => {
                bytes.extend_from_slice(&length(value));
                bytes.extend_from_slice(value);
            }
            None => bytes.extend_from_slice(&REMOVED.to_le_bytes()),
        }
    }
    let crc = crc32fast::hash(&bytes[12..]);
    bytes[8..12].copy_from_slice(&crc.to_le_bytes());
    bytes
}

fn decode(stamp: Stamp, mut bytes: Bytes) -> Result<Checkpoint, String> {
    const DAMAGED: &str = "its checkpoint is damaged";
    let mut take = |length: usize| (length <= bytes.len()).then(|| bytes.split_to(length)).ok_or(DAMAGED);
    fn number(bytes: &[u8]) -> u32 {
        bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
    }
    let head = take(12)?;
    let stamped = take(44)?;
    let base = take(9)?;
    let count = take(4)?;
    let mut crc = crc32fast::Hasher::new();
    [&stamped, &base, &count].into_iter().for_each(|part| crc.update(part));
    let mut changes = Changes::default();
    for _ in 0..number(&count) {
        let length = take(4)?;
        let key = take(number(&length) as usize)?;
        let value_length = take(4)?;
        let value = match number(&value_length) {
            REMOVED => None,
            length => Some(take(length as usize)?),
        };
        [&length, &key, &value_length].into_iter().chain(&value).for_each(|part| crc.update(part));
        changes.add((key, value));
    }
    if &head[..8] != MAGIC || number(&head[8..]) != crc.finalize() || !bytes.is_empty() {
        return Err(DAMAGED.into());
    }
    let height = stamp.height_in(&stamped)?;
    let base_height = u64::from_le_bytes(base[1..].try_into().map_err(|_| DAMAGED)?);
    Ok(Checkpoint { base: (base[0] == 1).then_some(base_height), height, changes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_as_written_and_every_changed_byte_is_noticed() {
        let stamp = Stamp { schema: 3, network: [4; 32] };
        let mut changes = Changes::default();
        changes.add(("key".into(), Some("value".into())));
        changes.add(("removed".into(), None));
        changes.add(("empty".into(), Some(Bytes::new())));
        let bytes = encode(stamp, Some(32), 64, &changes);
        let checkpoint = Checkpoint { base: Some(32), height: 64, changes };
        assert_eq!(decode(stamp, bytes.clone().into()), Ok(checkpoint));
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(decode(stamp, changed.into()).is_err(), "byte {place}");
            assert!(decode(stamp, bytes[..place].to_vec().into()).is_err(), "cut at {place}");
        }
        assert!(decode(Stamp { schema: 4, ..stamp }, bytes.into()).is_err());
    }
}
