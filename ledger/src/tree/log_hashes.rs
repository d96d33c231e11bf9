//! Give the hashes of a log's complete subtrees: from a store, or from memory.

use super::log::{Frontier, join_peaks, node_hash};
use crate::hash::Hash;

/// Where the hashes of a log's complete subtrees are kept.
pub trait Hashes {
    /// Why a hash could not be read.
    type Error;

    /// The hash of the complete subtree of the leaves from `index * 2^level` up to `(index + 1) * 2^level`.
    /// Asked only for subtrees that lie within the log.
    ///
    /// # Errors
    /// When the hash cannot be read.
    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error>;

    /// The root of the log as it was with its first `size` leaves.
    ///
    /// # Errors
    /// When a hash cannot be read.
    fn root_of(&self, size: u64) -> Result<Hash, Self::Error>
    where
        Self: Sized,
    {
        range_hash(self, 0, size)
    }
}

/// The hash of the tree over the leaves from `start` up to `end`, where `start` is a multiple of the smallest power
/// of two that is not below `end - start`: every part in which RFC 6962 cuts a tree is such.
pub(super) fn range_hash<H: Hashes>(hashes: &H, start: u64, end: u64) -> Result<Hash, H::Error> {
    Ok(join_peaks(&peaks(hashes, start, end)?))
}

/// The complete subtrees that such a range is made up of, the largest first.
pub(super) fn peaks<H: Hashes>(hashes: &H, start: u64, end: u64) -> Result<Vec<Hash>, H::Error> {
    let mut peaks = Vec::new();
    let mut at = start;
    while at < end {
        let level = (end - at).ilog2();
        peaks.push(hashes.hash(u8::try_from(level).expect("below 64"), at >> level)?);
        at += 1 << level;
    }
    Ok(peaks)
}

/// A log's hashes in memory, all levels of them: for replays, tests and small logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryHashes {
    levels: Vec<Vec<Hash>>,
}

/// A hash that the log in memory does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log holds no subtree {index} of level {level}")]
pub struct MissingHash {
    /// The subtree has 2^level leaves.
    pub level: u8,
    /// Its place among the subtrees of its level.
    pub index: u64,
}

impl MemoryHashes {
    /// The hashes of an empty log.
    #[must_use]
    pub const fn new() -> Self {
        Self { levels: Vec::new() }
    }

    /// Appends a leaf, given by its hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if level == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let hashes = &mut self.levels[level];
            hashes.push(hash);
            match hashes.as_slice() {
                [.., left, right] if hashes.len().is_multiple_of(2) => hash = node_hash(left, right),
                _ => break,
            }
        }
    }

    /// The number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// The root of the log as it was with its first `size` leaves.
    ///
    /// # Errors
    /// [`MissingHash`] when the log has fewer leaves.
    pub fn root(&self, size: u64) -> Result<Hash, MissingHash> {
        range_hash(self, 0, size)
    }
}

impl Hashes for MemoryHashes {
    type Error = MissingHash;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, MissingHash> {
        let missing = MissingHash { level, index };
        let hashes = self.levels.get(usize::from(level)).ok_or(missing)?;
        usize::try_from(index).ok().and_then(|index| hashes.get(index)).copied().ok_or(missing)
    }
}

impl FromIterator<Hash> for MemoryHashes {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut hashes = Self::new();
        leaves.into_iter().for_each(|leaf| hashes.append(leaf));
        hashes
    }
}

impl From<&MemoryHashes> for Frontier {
    fn from(hashes: &MemoryHashes) -> Self {
        let mut frontier = Self::new();
        hashes.levels.first().into_iter().flatten().for_each(|leaf| frontier.append(*leaf));
        frontier
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::{empty_root, leaf_hash};
    use super::*;

    #[test]
    fn a_frontier_and_the_hashes_in_memory_agree_at_every_size_up_to_69() {
        let mut frontier = Frontier::new();
        let mut hashes = MemoryHashes::new();
        assert_eq!(hashes.root(0), Ok(empty_root()));
        for size in 1..=69_u64 {
            let leaf = leaf_hash(&size.to_le_bytes());
            let mut completed = Vec::new();
            frontier.append_with(leaf, |level, index, hash| completed.push((level, index, hash)));
            hashes.append(leaf);
            assert_eq!(hashes.size(), size);
            assert_eq!(hashes.root(size), Ok(frontier.root()));
            for (level, index, hash) in completed {
                assert_eq!(hashes.hash(level, index), Ok(hash));
            }
        }
        assert_eq!(Frontier::from(&hashes), frontier);
    }

    #[test]
    fn a_frontier_of_hashes_is_the_one_that_appended_them_and_finds_its_own_peaks() {
        let mut frontier = Frontier::new();
        let mut hashes = MemoryHashes::new();
        for size in 0..=69_u64 {
            assert_eq!(Frontier::of(&hashes, size), Ok(frontier.clone()));
            for (level, index) in (0..=64).flat_map(|level| (0..=70).map(move |index| (level, index))) {
                let complete = |level: u8, index: u64| (u128::from(index) + 1) << level <= u128::from(size);
                let is_peak = complete(level, index) && !complete(level + 1, index / 2);
                let expected = is_peak.then(|| hashes.hash(level, index).unwrap());
                assert_eq!(frontier.peak(level, index), expected, "{level} {index} of {size}");
            }
            let leaf = leaf_hash(&size.to_le_bytes());
            frontier.append(leaf);
            hashes.append(leaf);
        }
    }

    #[test]
    fn a_root_beyond_the_end_is_missing() {
        let hashes: MemoryHashes = (0..5_u8).map(|leaf| leaf_hash(&[leaf])).collect();
        assert_eq!(hashes.root(6), Err(MissingHash { level: 1, index: 2 }));
        assert_eq!(hashes.hash(9, 0), Err(MissingHash { level: 9, index: 0 }));
    }
}
