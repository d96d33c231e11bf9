//! Cut the map's leaves into pages, small enough to read and hash at once.
//!
//! Pages are the leaves of a binary heap: with `n` pages, position 1 is the root, position `p` below `n` has the
//! halves `2p` and `2p + 1`, and the positions from `n` up to `2n` are the pages. A page more means to cut the page
//! at position `n` in two, so the map grows by one page at a time and never all at once:
//!
//! ```text
//!          1                          1
//!       /     \                    /     \
//!      2       3        ──►       2       3        3 pages become 4
//!    /   \    page              /   \    /  \
//!   4     5                    4     5  6    7
//!  page  page                 page page page page
//! ```

use super::map_proof::Slot;
use super::map_summary::{Summary, bit, common_bits, leaf_hash, node_hash};
use crate::hash::Hash;
use std::fmt;
use std::ops::RangeInclusive;

/// The subtree of all keys that begin with the same `depth` bits: the number `index`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageAddress {
    /// How many bits, at most 31.
    pub depth: u8,
    /// The bits, as a number.
    pub index: u32,
}

impl PageAddress {
    /// The address of a position in the heap, which is at least 1.
    pub(super) fn at(position: u32) -> Self {
        let depth = position.ilog2();
        Self { depth: u8::try_from(depth).expect("below 32"), index: position - (1 << depth) }
    }

    /// The position in the heap, unless the address is none.
    pub(super) fn position(self) -> Option<u32> {
        (self.depth < 32 && u64::from(self.index) < 1 << self.depth).then(|| (1 << self.depth) + self.index)
    }

    /// The first and the last key hash that belong here: the bounds of a scan.
    ///
    /// # Panics
    /// When `index` has more than `depth` bits, or `depth` is above 31.
    #[must_use]
    pub fn range(self) -> RangeInclusive<Hash> {
        assert!(self.position().is_some(), "{self} is the address of no page");
        let (mut first, mut last) = (Hash::ZERO, Hash([0xff; 32]));
        let free = 32 - u32::from(self.depth);
        let start = u64::from(self.index) << free;
        let end = start + (1 << free) - 1;
        first.0[..4].copy_from_slice(&u32::try_from(start).expect("32 bits").to_be_bytes());
        last.0[..4].copy_from_slice(&u32::try_from(end).expect("32 bits").to_be_bytes());
        first..=last
    }
}

impl fmt::Display for PageAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.depth)
    }
}

/// The position in a heap of `pages` pages of the page to which a key belongs.
pub(super) fn position_of(key: &Hash, pages: u32) -> u32 {
    let first = u32::from_be_bytes(key.0[..4].try_into().expect("a hash has 32 bytes"));
    let at = |depth: u32| (1 << depth) | (u64::from(first) >> (32 - depth)) as u32;
    let depth = pages.ilog2();
    if at(depth) >= pages { at(depth) } else { at(depth + 1) }
}

/// Where the leaves of the map are kept.
pub trait Leaves {
    /// Why a page could not be read.
    type Error;

    /// The leaves of a page, key hash and value hash, ascending by key hash: all whose key hash lies in
    /// [`PageAddress::range`].
    ///
    /// # Errors
    /// When the page cannot be read.
    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Self::Error>;
}

/// A leaf, and the node at which it and the next leaf part.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    key: Hash,
    value: Hash,
    /// The leaf's hash.
    leaf: Hash,
    /// The hash of the lowest node that stands above this leaf and the next one; of no meaning for the last leaf.
    fork: Hash,
}

/// The leaves of a page with all their hashes, which do not depend on where the page is cut.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Page {
    entries: Vec<Entry>,
}

impl Page {
    /// The bytes a leaf takes.
    pub(super) const LEAF_SIZE: usize = size_of::<Entry>();

    /// The page of these leaves, or nothing unless they ascend by key.
    pub(super) fn new(leaves: impl IntoIterator<Item = (Hash, Hash)>) -> Option<Self> {
        let mut entries: Vec<_> = leaves.into_iter().map(|(key, value)| Entry::new(key, value)).collect();
        if entries.windows(2).any(|pair| pair[0].key >= pair[1].key) {
            return None;
        }
        let stale = vec![true; entries.len()];
        settle(&mut entries, &stale);
        Some(Self { entries })
    }

    /// The number of leaves.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether every key of the page lies within `range`.
    pub(super) fn lies_within(&self, range: &RangeInclusive<Hash>) -> bool {
        self.entries.first().is_none_or(|first| range.contains(&first.key))
            && self.entries.last().is_none_or(|last| range.contains(&last.key))
    }

    /// What is known of the page as the subtree at `depth`.
    pub(super) fn summary(&self, depth: u8) -> Summary {
        summary(&self.entries, usize::from(depth))
    }

    /// The page after some keys, ascending, got another value or none.
    pub(super) fn changed(&self, changes: &[(Hash, Option<Hash>)]) -> Self {
        let mut entries: Vec<Entry> = Vec::with_capacity(self.entries.len() + changes.len());
        let mut stale = Vec::with_capacity(entries.capacity());
        let mut old = self.entries.as_slice();
        // A leaf that is taken away makes its neighbours stale: whatever node it stood below, one of them did too.
        let mut gap = false;
        for (key, value) in changes {
            let (before, rest) = old.split_at(old.partition_point(|entry| entry.key < *key));
            let (was, rest) = match rest.split_first() {
                Some((first, rest)) if first.key == *key => (Some(first), rest),
                _ => (None, rest),
            };
            keep(before, &mut entries, &mut stale, &mut gap);
            old = rest;
            match (was, value) {
                (Some(was), Some(value)) if was.value == *value => {
                    keep(std::slice::from_ref(was), &mut entries, &mut stale, &mut gap);
                }
                (_, Some(value)) => {
                    entries.push(Entry::new(*key, *value));
                    stale.push(true);
                    gap = false;
                }
                (Some(_), None) => {
                    gap = true;
                    if let Some(last) = stale.last_mut() {
                        *last = true;
                    }
                }
                (None, None) => {}
            }
        }
        keep(old, &mut entries, &mut stale, &mut gap);
        settle(&mut entries, &stale);
        Self { entries }
    }

    /// The two halves of a page that stands at `depth`.
    pub(super) fn cut(mut self, depth: u8) -> (Self, Self) {
        let right = self.entries.partition_point(|entry| !bit(&entry.key, usize::from(depth)));
        let right = Self { entries: self.entries.split_off(right) };
        (self, right)
    }

    /// Follows `key` down from `depth`, adds the hashes beside the way to `siblings`, and says where it ends.
    pub(super) fn follow(&self, key: &Hash, depth: usize, siblings: &mut Vec<Hash>) -> Slot {
        let mut entries = self.entries.as_slice();
        for depth in depth.. {
            match entries {
                [] => return Slot::Empty,
                [only] if only.key == *key => return Slot::Present,
                [only] => return Slot::Other { key: only.key, value: only.value },
                _ => {
                    let (left, right) = halves(entries, depth);
                    let (on, beside) = if bit(key, depth) { (right, left) } else { (left, right) };
                    siblings.push(summary(beside, depth + 1).hash());
                    entries = on;
                }
            }
        }
        unreachable!("two keys part within 256 bits")
    }
}

impl Entry {
    fn new(key: Hash, value: Hash) -> Self {
        Self { key, value, leaf: leaf_hash(&key, &value), fork: Hash::ZERO }
    }
}

/// Takes over leaves that did not change; the first of them is stale when one before it was taken away.
fn keep(unchanged: &[Entry], entries: &mut Vec<Entry>, stale: &mut Vec<bool>, gap: &mut bool) {
    if !unchanged.is_empty() {
        stale.push(std::mem::take(gap));
        stale.resize(stale.len() + unchanged.len() - 1, false);
        entries.extend_from_slice(unchanged);
    }
}

/// The entries whose bit at `depth` is 0, and those whose is 1.
fn halves(entries: &[Entry], depth: usize) -> (&[Entry], &[Entry]) {
    entries.split_at(entries.partition_point(|entry| !bit(&entry.key, depth)))
}

/// What is known of the subtree at `depth` that holds these entries, whose forks are right.
fn summary(entries: &[Entry], depth: usize) -> Summary {
    let (first, last) = match entries {
        [] => return Summary::Empty,
        [only] => return Summary::Leaf { hash: only.leaf },
        [first, .., last] => (first, last),
    };
    let parting = common_bits(&first.key, &last.key);
    let (left, _) = halves(entries, parting);
    let fork = left.last().expect("the first entry is on the left").fork;
    // Above the place where the leaves part, each node has one empty half.
    let hash = (depth..parting).rev().fold(fork, |hash, depth| {
        if bit(&first.key, depth) { node_hash(&Hash::ZERO, &hash) } else { node_hash(&hash, &Hash::ZERO) }
    });
    Summary::Node { hash }
}

/// Makes the forks right of all nodes that stand above a stale entry.
fn settle(entries: &mut [Entry], stale: &[bool]) {
    let [first, .., last] = &*entries else { return };
    if !stale.contains(&true) {
        return;
    }
    let parting = common_bits(&first.key, &last.key);
    let middle = halves(entries, parting).0.len();
    let (left, right) = entries.split_at_mut(middle);
    settle(left, &stale[..middle]);
    settle(right, &stale[middle..]);
    let fork = node_hash(&summary(left, parting + 1).hash(), &summary(right, parting + 1).hash());
    left.last_mut().expect("the first entry is on the left").fork = fork;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_belongs_to_the_page_whose_range_holds_it() {
        for pages in 1..70_u32 {
            let mut next = Some(Hash::ZERO);
            let mut positions: Vec<_> = (pages..2 * pages).collect();
            positions.sort_by_key(|position| *PageAddress::at(*position).range().start());
            for position in positions {
                let address = PageAddress::at(position);
                assert_eq!(address.position(), Some(position));
                let (first, last) = address.range().into_inner();
                assert_eq!(Some(first), next, "no key between two pages, none in both");
                assert_eq!(position_of(&first, pages), position);
                assert_eq!(position_of(&last, pages), position);
                let end = u32::from_be_bytes(last.0[..4].try_into().unwrap());
                next = end.checked_add(1).map(|start| {
                    let mut hash = Hash::ZERO;
                    hash.0[..4].copy_from_slice(&start.to_be_bytes());
                    hash
                });
            }
            assert_eq!(next, None);
        }
    }

    #[test]
    fn leaves_out_of_order_or_twice_make_no_page() {
        let leaf = |byte| (Hash([byte; 32]), Hash::ZERO);
        assert!(Page::new([leaf(1), leaf(2)]).is_some());
        assert!(Page::new([leaf(2), leaf(1)]).is_none());
        assert!(Page::new([leaf(1), leaf(1)]).is_none());
    }
}
