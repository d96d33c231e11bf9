//! Prove what the map held before changes that were applied since, and what it will hold after one that is not.
//!
//! ```text
//!   past A            past B            map as it is          change, not applied
//!   what changes      what changes      ─────────────         what it makes of
//!   between A and B   since B           every node            some nodes
//!   replaced          replaced
//! ```
//!
//! A node as it was at A stands in the first of A, B and the map that has it. So keeping a state costs what changes
//! replace and nothing else, and a proof out of it costs as much as one out of the map as it is.

use super::map::{Change, Map, MapError};
use super::map_page::{Leaves, Page, PageAddress};
use super::map_proof::{MapProof, Slot};
use super::map_summary::{Summary, bit};
use crate::hash::Hash;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A state of the map: its bounds, and of every node that changed since, what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    root: Hash,
    count: u64,
    pages: u32,
    nodes: BTreeMap<u32, Summary>,
}

impl Past {
    /// The bytes a node takes, about.
    const NODE_SIZE: usize = size_of::<(u32, Summary)>() * 3 / 2;

    /// The root at that state.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// How many keys had a value.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The bytes of memory that it takes, about.
    #[must_use]
    pub fn size(&self) -> usize {
        self.nodes.len() * Self::NODE_SIZE
    }
}

impl Map {
    /// The state of the map now, to be kept while changes are applied.
    #[must_use]
    pub fn past(&self) -> Past {
        Past { root: self.root(), count: self.count(), pages: self.page_count(), nodes: BTreeMap::new() }
    }

    /// Keeps in `past`, the youngest kept, what a change replaces that is about to be applied.
    pub fn keep(&self, change: &Change, past: &mut Past) {
        for (position, _) in change.nodes() {
            if let Some(summary) = self.node(*position) {
                past.nodes.entry(*position).or_insert(summary);
            }
        }
    }

    /// Proves what `key` stood for in the first of these states, which follow on each other up to the map as it is.
    /// `leaves` are those of that first state.
    ///
    /// # Errors
    /// [`MapError`] when the page cannot be read or holds other leaves than the map had.
    pub fn prove_past<L: Leaves>(
        &self,
        pasts: &[&Past],
        leaves: &L,
        key: &Hash,
    ) -> Result<MapProof, MapError<L::Error>> {
        let Some(first) = pasts.first() else { return self.prove(leaves, key) };
        let node = |position: u32| {
            let kept = pasts.iter().find_map(|past| past.nodes.get(&position).copied());
            kept.or_else(|| self.node(position)).unwrap_or(Summary::Empty)
        };
        let page = |position: u32| checked(leaves, position, node(position)).map(Cow::Owned);
        prove_in(first.pages, node, page, key)
    }

    /// Proves what `key` will stand for once this change, computed from the map as it is, is applied. `leaves` are those
    /// before it.
    ///
    /// # Errors
    /// [`MapError`] when the page cannot be read or holds other leaves than the map was made of.
    pub fn prove_after<L: Leaves>(
        &self,
        change: &Change,
        leaves: &L,
        key: &Hash,
    ) -> Result<MapProof, MapError<L::Error>> {
        let changed: BTreeMap<u32, Summary> = change.nodes().iter().copied().collect();
        let node = |position: u32| {
            changed.get(&position).copied().or_else(|| self.node(position)).unwrap_or(Summary::Empty)
        };
        let page = |position: u32| match change.content(position) {
            Some(page) => Ok(Cow::Borrowed(page)),
            None => self.page(leaves, position),
        };
        prove_in(change.page_count(), node, page, key)
    }
}

/// Reads a page and checks that it is what is known of it.
pub(super) fn checked<L: Leaves>(
    leaves: &L,
    position: u32,
    known: Summary,
) -> Result<Page, MapError<L::Error>> {
    if known == Summary::Empty {
        return Ok(Page::default());
    }
    let address = PageAddress::at(position);
    let leaves = leaves.page(address).map_err(|error| MapError::Leaves { page: address, error })?;
    Page::new(leaves)
        .filter(|page| page.lies_within(&address.range()) && page.summary(address.depth) == known)
        .ok_or(MapError::Damaged { page: address })
}

/// Follows `key` down a heap of `pages` pages.
pub(super) fn prove_in<'a, E>(
    pages: u32,
    node: impl Fn(u32) -> Summary,
    page: impl FnOnce(u32) -> Result<Cow<'a, Page>, MapError<E>>,
    key: &Hash,
) -> Result<MapProof, MapError<E>> {
    let mut siblings = Vec::new();
    let mut position = 1;
    while position < pages && matches!(node(position), Summary::Node { .. }) {
        let child = 2 * position + u32::from(bit(key, siblings.len()));
        siblings.push(node(child ^ 1).hash());
        position = child;
    }
    let slot = if node(position) == Summary::Empty {
        Slot::Empty
    } else {
        // A single leaf may have risen here from far below.
        while position < pages {
            let left = 2 * position;
            position = left + u32::from(node(left) == Summary::Empty);
        }
        page(position)?.follow(key, siblings.len(), &mut siblings)
    };
    Ok(MapProof::new(siblings, slot).expect("the way ends where a subtree holds one leaf or none"))
}
