//! Compute the root of an append-only log: the Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1) over SHA-256.
//!
//! ```text
//! leaf   SHA-256(0x00 || entry)
//! node   SHA-256(0x01 || left || right)      a tree of n > 1 leaves is cut at the largest power of two below n
//! empty  SHA-256("")
//! ```
//!
//! The hash of a complete subtree, one of 2^level leaves, never changes again. So the [`Frontier`], the at most 64
//! complete subtrees that make up a log, is all it takes to append to it and to know its root.

use super::log_hashes::{Hashes, peaks};
use crate::codec::{Decode, DecodeError, Encode, EncodeError, invalid};
use crate::hash::Hash;
use bincode::de::{BorrowDecode, BorrowDecoder, Decoder};
use bincode::enc::Encoder;

/// The hash of an entry of the log.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash::plain(&[&[0], entry])
}

/// The hash of a node of the log with these two children.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash::plain(&[&[1], left.as_bytes(), right.as_bytes()])
}

/// The root of a log without entries.
#[must_use]
pub fn empty_root() -> Hash {
    Hash::plain(&[])
}

/// The root over complete subtrees, given from the largest (leftmost) to the smallest.
pub(super) fn join_peaks(peaks: &[Hash]) -> Hash {
    let Some((last, before)) = peaks.split_last() else { return empty_root() };
    before.iter().rev().fold(*last, |right, left| node_hash(left, &right))
}

/// The complete subtrees of a log, one for each bit set in its size: enough to append, and to know the root.
///
/// Written as its size (`u64`, little-endian) and the 32-byte hash of each subtree, the largest first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The entries a log may hold; no log comes near it.
    pub const SIZE_LIMIT: u64 = 1 << 62;

    /// The frontier of an empty log.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, peaks: Vec::new() }
    }

    /// The frontier of the log as it was with its first `size` leaves.
    ///
    /// # Errors
    /// When a hash cannot be read.
    ///
    /// # Panics
    /// Beyond [`Self::SIZE_LIMIT`].
    pub fn of<H: Hashes>(hashes: &H, size: u64) -> Result<Self, H::Error> {
        assert!(size <= Self::SIZE_LIMIT, "no log is that long");
        Ok(Self { size, peaks: peaks(hashes, 0, size)? })
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of the complete subtrees, the largest first.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// The hash of a complete subtree that is one of [`Self::peaks`].
    #[must_use]
    pub fn peak(&self, level: u8, index: u64) -> Option<Hash> {
        let size_above = self.size.checked_shr(u32::from(level))?;
        let is_peak = size_above % 2 == 1 && index == size_above - 1;
        // The larger ones stand before it, one for each higher bit of the size.
        is_peak.then(|| self.peaks[(size_above >> 1).count_ones() as usize])
    }

    /// The root of the log.
    #[must_use]
    pub fn root(&self) -> Hash {
        join_peaks(&self.peaks)
    }

    /// Appends a leaf, given by its [`leaf_hash`].
    ///
    /// # Panics
    /// When the log holds [`Self::SIZE_LIMIT`] leaves.
    pub fn append(&mut self, leaf: Hash) {
        self.append_with(leaf, |_, _, _| {});
    }

    /// Appends a leaf and tells `completed` every subtree that became complete, the leaf itself first:
    /// `(level, index, hash)` is the subtree of the leaves from `index * 2^level` up to `(index + 1) * 2^level`.
    ///
    /// # Panics
    /// When the log holds [`Self::SIZE_LIMIT`] leaves.
    pub fn append_with(&mut self, leaf: Hash, mut completed: impl FnMut(u8, u64, Hash)) {
        assert!(self.size < Self::SIZE_LIMIT, "the log is full");
        let (mut level, mut index, mut hash) = (0, self.size, leaf);
        completed(level, index, hash);
        while index % 2 == 1 {
            let left = self.peaks.pop().expect("a peak stands for each bit of the size");
            hash = node_hash(&left, &hash);
            level += 1;
            index /= 2;
            completed(level, index, hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }
}

impl Encode for Frontier {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.size.encode(encoder)?;
        self.peaks.iter().try_for_each(|peak| peak.encode(encoder))
    }
}

impl<Context> Decode<Context> for Frontier {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let size = u64::decode(decoder)?;
        if size > Self::SIZE_LIMIT {
            return Err(invalid(format!("a log of {size} entries")));
        }
        let peaks = (0..size.count_ones()).map(|_| Hash::decode(decoder)).collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }
}

impl<'de, Context> BorrowDecode<'de, Context> for Frontier {
    fn borrow_decode<D: BorrowDecoder<'de, Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        <Self as Decode<Context>>::decode(decoder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{CodecError, decode, encode};

    #[test]
    fn a_frontier_survives_writing_and_reading_at_every_size_up_to_69() {
        let mut frontier = Frontier::new();
        for size in 0..=69_u64 {
            let bytes = encode(&frontier);
            assert_eq!(bytes.len(), 8 + 32 * size.count_ones() as usize);
            assert_eq!(decode::<Frontier>(&bytes, 4096), Ok(frontier.clone()));
            assert!(matches!(
                decode::<Frontier>(&bytes[..bytes.len() - 1], 4096),
                Err(CodecError::Malformed(_))
            ));
            assert_eq!(decode::<Frontier>(&[&bytes[..], &[0]].concat(), 4096), Err(CodecError::Trailing(1)));
            frontier.append(leaf_hash(&size.to_le_bytes()));
        }
    }

    #[test]
    fn a_frontier_of_an_impossible_size_is_refused() {
        let bytes = [u64::MAX.to_le_bytes().to_vec(), vec![7; 64 * 32]].concat();
        assert!(matches!(decode::<Frontier>(&bytes, 4096), Err(CodecError::Malformed(_))));
    }

    #[test]
    fn appending_names_exactly_the_subtrees_that_became_complete() {
        let mut frontier = Frontier::new();
        for size in 0..64_u64 {
            let mut completed = Vec::new();
            frontier.append_with(leaf_hash(&[]), |level, index, _| completed.push((level, index)));
            let expected: Vec<_> = (0..=u8::try_from((size + 1).trailing_zeros()).unwrap())
                .map(|level| (level, size >> level))
                .collect();
            assert_eq!(completed, expected);
        }
    }
}
