//! Prove that an entry stands in a log, and that one log is the continuation of another (RFC 6962 §2.1.1, §2.1.2).
//!
//! Both proofs are a list of at most 64 hashes, written as a `u16` count (little-endian) and the hashes. What they are
//! about — index, sizes, roots — is not part of them: the verifier has it from a checkpoint. Size and root belong
//! together there: a proof alone does not say which of several sizes with the same way up the root is of.

use super::log::{empty_root, node_hash};
use super::log_hashes::{Hashes, range_hash};
use crate::codec::{Decode, Encode, List};
use crate::hash::Hash;

/// The hashes beside the way from a leaf up to the root, the lowest first.
#[derive(Clone, Debug, PartialEq, Eq, Default, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct InclusionProof {
    /// The hashes.
    pub hashes: List<Hash, 64>,
}

/// The hashes of which an older and a newer root are both made up, the lowest first.
#[derive(Clone, Debug, PartialEq, Eq, Default, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ConsistencyProof {
    /// The hashes.
    pub hashes: List<Hash, 64>,
}

/// Why a proof was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E> {
    /// No such leaf.
    #[error("leaf {index} lies outside a log of {size}")]
    Outside {
        /// The leaf asked for.
        index: u64,
        /// The log's size.
        size: u64,
    },
    /// The old log is larger than the new one.
    #[error("a log of {new} continues no log of {old}")]
    Backwards {
        /// The old size.
        old: u64,
        /// The new size.
        new: u64,
    },
    /// A hash could not be read.
    #[error("a hash of the log could not be read: {0}")]
    Hashes(#[source] E),
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogProofError {
    /// The leaf lies outside the log, or the old log is larger than the new one.
    #[error("{inner} lies outside a log of {size}")]
    Outside {
        /// The leaf's index, or the old size.
        inner: u64,
        /// The log's size.
        size: u64,
    },
    /// Too many or too few hashes.
    #[error("a proof of {0} hashes is too long or too short for logs of these sizes")]
    Length(usize),
    /// The hashes lead to another root than the old log's.
    #[error("the proof does not lead to the old root")]
    OldRoot,
    /// The hashes lead to another root.
    #[error("the proof does not lead to the root")]
    Root,
}

/// Where RFC 6962 cuts a tree: the largest power of two below `size`, which is at least 2.
fn cut(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// The hashes from the lowest up, gathered on the way down.
fn lowest_first(mut hashes: Vec<Hash>) -> List<Hash, 64> {
    hashes.reverse();
    hashes.try_into().expect("a tree is at most 64 levels high")
}

impl InclusionProof {
    /// Proves that leaf `index` stands in the log as it was with `size` leaves.
    ///
    /// # Errors
    /// [`ProveError`] when the leaf lies outside, or a hash cannot be read.
    pub fn prove<H: Hashes>(hashes: &H, index: u64, size: u64) -> Result<Self, ProveError<H::Error>> {
        if index >= size {
            return Err(ProveError::Outside { index, size });
        }
        let mut path = Vec::new();
        let (mut start, mut end) = (0, size);
        while end - start > 1 {
            let middle = start + cut(end - start);
            let beside = if index < middle { middle..end } else { start..middle };
            path.push(range_hash(hashes, beside.start, beside.end).map_err(ProveError::Hashes)?);
            if index < middle {
                end = middle;
            } else {
                start = middle;
            }
        }
        Ok(Self { hashes: lowest_first(path) })
    }

    /// Checks that the leaf with hash `leaf` stands at `index` in the log of `size` leaves with this root.
    ///
    /// # Errors
    /// [`LogProofError`] says what is wrong.
    pub fn verify(&self, index: u64, size: u64, leaf: &Hash, root: &Hash) -> Result<(), LogProofError> {
        if index >= size {
            return Err(LogProofError::Outside { inner: index, size });
        }
        let length = LogProofError::Length(self.hashes.len());
        // The place of the node reached, and of the last node, among the nodes of their level.
        let (mut node, mut last) = (index, size - 1);
        let mut hash = *leaf;
        for beside in &self.hashes {
            if last == 0 {
                return Err(length);
            }
            if node % 2 == 1 || node == last {
                hash = node_hash(beside, &hash);
                // The last node of a level without a neighbour rises unchanged until it has one.
                while node % 2 == 0 && node != 0 {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = node_hash(&hash, beside);
            }
            node >>= 1;
            last >>= 1;
        }
        if last != 0 {
            return Err(length);
        }
        if hash == *root { Ok(()) } else { Err(LogProofError::Root) }
    }
}

impl ConsistencyProof {
    /// Proves that the log as it was with `new` leaves continues the log as it was with `old` leaves.
    ///
    /// # Errors
    /// [`ProveError`] when `old` is larger than `new`, or a hash cannot be read.
    pub fn prove<H: Hashes>(hashes: &H, old: u64, new: u64) -> Result<Self, ProveError<H::Error>> {
        if old > new {
            return Err(ProveError::Backwards { old, new });
        }
        if old == 0 {
            return Ok(Self::default());
        }
        let mut path = Vec::new();
        let (mut start, mut end) = (0, new);
        while end != old {
            let middle = start + cut(end - start);
            let beside = if old <= middle { middle..end } else { start..middle };
            path.push(range_hash(hashes, beside.start, beside.end).map_err(ProveError::Hashes)?);
            if old <= middle {
                end = middle;
            } else {
                start = middle;
            }
        }
        // The verifier knows the old root; when it is a node of the new log, its hash is left out.
        if start != 0 {
            path.push(range_hash(hashes, start, end).map_err(ProveError::Hashes)?);
        }
        Ok(Self { hashes: lowest_first(path) })
    }

    /// Checks that the log of `new` leaves with root `new_root` continues the log of `old` leaves with `old_root`.
    ///
    /// # Errors
    /// [`LogProofError`] says what is wrong.
    pub fn verify(&self, old: u64, new: u64, old_root: &Hash, new_root: &Hash) -> Result<(), LogProofError> {
        if old > new {
            return Err(LogProofError::Outside { inner: old, size: new });
        }
        let length = LogProofError::Length(self.hashes.len());
        if old == 0 && *old_root != empty_root() {
            return Err(LogProofError::OldRoot);
        }
        if old == new && old_root != new_root {
            return Err(LogProofError::Root);
        }
        if old == 0 || old == new {
            return if self.hashes.is_empty() { Ok(()) } else { Err(length) };
        }
        let (first, rest) = match self.hashes.split_first() {
            None => return Err(length),
            Some(_) if old.is_power_of_two() => (old_root, &self.hashes[..]),
            Some((first, rest)) => (first, rest),
        };
        let (mut node, mut last) = (old - 1, new - 1);
        let complete = node.trailing_ones();
        node >>= complete;
        last >>= complete;
        let (mut old_hash, mut new_hash) = (*first, *first);
        for beside in rest {
            if last == 0 {
                return Err(length);
            }
            if node % 2 == 1 || node == last {
                old_hash = node_hash(beside, &old_hash);
                new_hash = node_hash(beside, &new_hash);
                while node % 2 == 0 && node != 0 {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                new_hash = node_hash(&new_hash, beside);
            }
            node >>= 1;
            last >>= 1;
        }
        if last != 0 {
            return Err(length);
        }
        if old_hash != *old_root {
            return Err(LogProofError::OldRoot);
        }
        if new_hash == *new_root { Ok(()) } else { Err(LogProofError::Root) }
    }
}
