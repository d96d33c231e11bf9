//! Commit to the state: a compact sparse Merkle map from key hashes to value hashes.
//!
//! How the root follows from what the map holds is told in [`super::map_summary`]. Only the upper part of the tree
//! stays in memory, down to pages of about eight leaves ([`super::map_page`]): 66 bytes a page, 83 MB for ten
//! million keys. A page's leaves are asked for when one of them changes or is to be proved, hashed, and compared with
//! what the tree says of the page, so a value that was damaged where it is kept is found when it is first needed.
//!
//! A change is computed without touching the map ([`Map::update`]), so that proposals can be tried; only what was
//! decided is applied ([`Map::apply`]), and [`Change::pages`] says what to keep in order to start again from
//! [`Map::from_summaries`]. Where the pages are cut is every node's own affair and never changes the root.

use super::map_cache::Cache;
use super::map_page::{Leaves, Page, PageAddress, position_of};
use super::map_past::{checked, prove_in};
use super::map_proof::MapProof;
use super::map_summary::Summary;
use crate::hash::Hash;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How many leaves a page holds on average before another page is made.
const PAGE_LEAVES: u64 = 8;

/// The most pages: enough for 8 billion keys.
const MAX_PAGES: u32 = 1 << 30;

/// The upper tree of the map, down to its pages.
#[derive(Clone, Debug)]
pub struct Map {
    /// How many keys have a value.
    count: u64,
    /// How many pages there are, at least 1.
    pages: u32,
    /// The heap of [`super::map_page`]: twice as many summaries as pages; the first is of no meaning.
    nodes: Vec<Summary>,
    cache: Cache,
}

/// Why the map cannot answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError<E> {
    /// The leaves of a page could not be read.
    #[error("page {page} of the map could not be read: {error}")]
    Leaves {
        /// Which page.
        page: PageAddress,
        /// What happened.
        #[source]
        error: E,
    },
    /// The leaves of a page are not those the map was made of.
    #[error(
        "page {page} of the map holds other leaves than its root commits to; rebuild the index from the log"
    )]
    Damaged {
        /// Which page.
        page: PageAddress,
    },
}

/// Why no map was built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError<E> {
    /// A leaf or a summary could not be read.
    #[error("what the map is built from could not be read: {0}")]
    Read(#[source] E),
    /// A leaf does not come after the one before.
    #[error("the leaf of key {key} is out of order, or stands twice")]
    Order {
        /// The leaf's key hash.
        key: Hash,
    },
    /// More leaves or fewer than promised.
    #[error("{found} leaves instead of {promised}")]
    Count {
        /// Leaves given.
        found: u64,
        /// Leaves promised.
        promised: u64,
    },
    /// The number of pages is none.
    #[error("a map has 1 to 2^30 pages, not {0}")]
    Pages(u32),
    /// An address at which the map has no page.
    #[error("the map has no page {page}")]
    NoPage {
        /// The address.
        page: PageAddress,
    },
}

/// What a batch of changes makes of a map, computed and not yet applied.
#[derive(Clone, Debug)]
pub struct Change {
    /// Root and pages of the map from which it was computed.
    base: (Hash, u32),
    count: u64,
    pages: u32,
    /// Every node that changed, from the highest position down to the root.
    nodes: Vec<(u32, Summary)>,
    /// What the changed pages hold now.
    contents: Vec<(u32, Page)>,
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

impl Map {
    /// The map without keys.
    #[must_use]
    pub fn new() -> Self {
        Self { count: 0, pages: 1, nodes: vec![Summary::Empty; 2], cache: Cache::default() }
    }

    /// Builds the map of `count` leaves, ascending by key hash, from nothing else: from a snapshot, or again from
    /// the values themselves. [`Self::pages`] then says what to keep.
    ///
    /// # Errors
    /// [`BuildError`] when a leaf cannot be read, is out of order, or the count is another.
    pub fn from_leaves<E>(
        count: u64,
        leaves: impl IntoIterator<Item = Result<(Hash, Hash), E>>,
    ) -> Result<Self, BuildError<E>> {
        let mut map = Self::with_pages(pages_for(count));
        let mut before: Option<Hash> = None;
        let mut page = Vec::new();
        for leaf in leaves {
            let (key, value) = leaf.map_err(BuildError::Read)?;
            if before.is_some_and(|before| before >= key) {
                return Err(BuildError::Order { key });
            }
            if before.is_some_and(|before| position_of(&before, map.pages) != position_of(&key, map.pages)) {
                map.fill(&mut page);
            }
            page.push((key, value));
            before = Some(key);
            map.count += 1;
        }
        map.fill(&mut page);
        if map.count != count {
            return Err(BuildError::Count { found: map.count, promised: count });
        }
        map.join_all();
        Ok(map)
    }

    /// Rebuilds the map from what [`Change::pages`] and [`Self::pages`] said: the number of pages, the number of
    /// keys, and the summary of each page that is not empty. The caller compares the root with the last seal's.
    ///
    /// # Errors
    /// [`BuildError`] when there cannot be so many pages, or one has the address of none.
    pub fn from_summaries<E>(
        pages: u32,
        count: u64,
        summaries: impl IntoIterator<Item = Result<(PageAddress, Summary), E>>,
    ) -> Result<Self, BuildError<E>> {
        if !(1..=MAX_PAGES).contains(&pages) {
            return Err(BuildError::Pages(pages));
        }
        let mut map = Self { count, ..Self::with_pages(pages) };
        for summary in summaries {
            let (page, summary) = summary.map_err(BuildError::Read)?;
            let position = page.position().filter(|position| (pages..2 * pages).contains(position));
            map.nodes[position.ok_or(BuildError::NoPage { page })? as usize] = summary;
        }
        map.join_all();
        Ok(map)
    }

    /// Keeps the pages changed last in memory, within about `bytes`: they need not be read again.
    #[must_use]
    pub fn with_cache(mut self, bytes: usize) -> Self {
        self.cache = Cache::new(bytes);
        self
    }

    /// The root: 32 zero bytes when the map is empty.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.nodes[1].hash()
    }

    /// How many keys have a value.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// How many pages there are.
    #[must_use]
    pub const fn page_count(&self) -> u32 {
        self.pages
    }

    /// The summary of each page that is not empty: what to keep, with [`Self::page_count`] and [`Self::count`].
    pub fn pages(&self) -> impl Iterator<Item = (PageAddress, Summary)> {
        (self.pages..2 * self.pages)
            .map(|position| (PageAddress::at(position), self.nodes[position as usize]))
            .filter(|(_, summary)| *summary != Summary::Empty)
    }

    /// Computes what the map becomes when each of these key hashes gets a value hash, or none; the map stays as it is.
    ///
    /// When the keys become more, the next pages in line are read too and cut in two, one for every eight new keys:
    /// there is never a moment at which all of them are cut. `leaves` are those before the change.
    ///
    /// # Errors
    /// [`MapError`] when a page cannot be read or holds other leaves than the map was made of.
    pub fn update<L: Leaves>(
        &self,
        leaves: &L,
        changes: &BTreeMap<Hash, Option<Hash>>,
    ) -> Result<Change, MapError<L::Error>> {
        let changes: Vec<_> = changes.iter().map(|(key, value)| (*key, *value)).collect();
        let mut touched = Vec::new();
        let mut count = self.count;
        for changes in changes.chunk_by(|one, next| self.position(&one.0) == self.position(&next.0)) {
            let position = self.position(&changes[0].0);
            let before = self.page(leaves, position)?;
            let after = before.changed(changes);
            // Saturating: the count of a map from summaries is only as good as what was kept.
            count = (count + after.len() as u64).saturating_sub(before.len() as u64);
            touched.push((position, after));
        }
        touched.sort_unstable_by_key(|(position, _)| *position);

        let pages = self.pages.max(pages_for(count));
        let mut contents = Vec::with_capacity(touched.len());
        for position in self.pages..pages.min(2 * self.pages) {
            if touched.binary_search_by_key(&position, |(position, _)| *position).is_err() {
                cut(position, self.page(leaves, position)?.into_owned(), pages, &mut contents);
            }
        }
        for (position, page) in touched {
            cut(position, page, pages, &mut contents);
        }
        contents.sort_unstable_by_key(|(position, _)| std::cmp::Reverse(*position));
        let nodes = self.join_up(&contents);
        Ok(Change { base: (self.root(), self.pages), count, pages, nodes, contents })
    }

    /// Makes the map what a change computed from it says.
    ///
    /// # Panics
    /// When the change was computed from another state of the map.
    pub fn apply(&mut self, change: Change) {
        assert_eq!(
            change.base,
            (self.root(), self.pages),
            "a change is applied to the map it was computed from"
        );
        for position in self.pages..change.pages {
            self.cache.remove(position);
        }
        self.count = change.count;
        self.pages = change.pages;
        self.nodes.resize(2 * change.pages as usize, Summary::Empty);
        for (position, summary) in change.nodes {
            self.nodes[position as usize] = summary;
        }
        for (position, page) in change.contents {
            self.cache.insert(position, page);
        }
    }

    /// Proves what `key` stands for: the value hash it has, or that it has none.
    ///
    /// # Errors
    /// [`MapError`] when the page cannot be read or holds other leaves than the map was made of.
    pub fn prove<L: Leaves>(&self, leaves: &L, key: &Hash) -> Result<MapProof, MapError<L::Error>> {
        prove_in(self.pages, |position| self.nodes[position as usize], |at| self.page(leaves, at), key)
    }

    /// A map of so many empty pages.
    fn with_pages(pages: u32) -> Self {
        Self { count: 0, pages, nodes: vec![Summary::Empty; 2 * pages as usize], cache: Cache::default() }
    }

    /// Hashes the leaves of a page, takes them away and sets its summary.
    fn fill(&mut self, leaves: &mut Vec<(Hash, Hash)>) {
        if let Some((key, _)) = leaves.first() {
            let position = self.position(key);
            let page = Page::new(leaves.drain(..)).expect("the order was checked");
            self.nodes[position as usize] = page.summary(PageAddress::at(position).depth);
        }
    }

    /// Computes the whole upper tree from the pages' summaries.
    fn join_all(&mut self) {
        for position in (1..self.pages as usize).rev() {
            self.nodes[position] = Summary::join(&self.nodes[2 * position], &self.nodes[2 * position + 1]);
        }
    }

    /// The position of the page of a key.
    fn position(&self, key: &Hash) -> u32 {
        position_of(key, self.pages)
    }

    /// What is known of the node at this position of the heap, if it reaches so far.
    pub(super) fn node(&self, position: u32) -> Option<Summary> {
        self.nodes.get(position as usize).copied()
    }

    /// The page at this position: as it was kept, or read and checked.
    pub(super) fn page<L: Leaves>(
        &self,
        leaves: &L,
        position: u32,
    ) -> Result<Cow<'_, Page>, MapError<L::Error>> {
        match self.cache.get(position) {
            Some(page) => Ok(Cow::Borrowed(page)),
            None => checked(leaves, position, self.nodes[position as usize]).map(Cow::Owned),
        }
    }

    /// The new summaries of these pages, which descend by position, and of all nodes above them.
    ///
    /// Positions descend in the whole list: a page stands behind every node, and a parent behind its children. So the
    /// list is its own queue, and a sibling that changed too is always the next in it.
    fn join_up(&self, pages: &[(u32, Page)]) -> Vec<(u32, Summary)> {
        let mut nodes = Vec::with_capacity(pages.len() * 8);
        nodes.extend(
            pages.iter().map(|(position, page)| (*position, page.summary(PageAddress::at(*position).depth))),
        );
        let mut next = 0;
        while let Some(&(position, summary)) = nodes.get(next).filter(|(position, _)| *position > 1) {
            next += 1;
            let beside = match nodes.get(next) {
                Some((other, summary)) if *other == position ^ 1 => {
                    next += 1;
                    *summary
                }
                _ => self.nodes[(position ^ 1) as usize],
            };
            let (left, right) = if position % 2 == 0 { (&summary, &beside) } else { (&beside, &summary) };
            nodes.push((position / 2, Summary::join(left, right)));
        }
        nodes
    }
}

impl Change {
    /// Every node that changes, from the highest position down to the root.
    pub(super) fn nodes(&self) -> &[(u32, Summary)] {
        &self.nodes
    }

    /// What the page at this position holds after the change, if it changes.
    pub(super) fn content(&self, position: u32) -> Option<&Page> {
        let place = self
            .contents
            .binary_search_by_key(&std::cmp::Reverse(position), |(at, _)| std::cmp::Reverse(*at));
        place.ok().map(|place| &self.contents[place].1)
    }

    /// The root of the map after the change.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.nodes.last().map_or(self.base.0, |(_, summary)| summary.hash())
    }

    /// How many keys have a value after the change.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// How many pages there are after the change.
    #[must_use]
    pub const fn page_count(&self) -> u32 {
        self.pages
    }

    /// The summaries to keep in place of those kept before, in one batch with [`Self::page_count`], [`Self::count`] and
    /// the leaves themselves. One that is empty is to be deleted; so are given the pages that were cut in two.
    pub fn pages(&self) -> impl Iterator<Item = (PageAddress, Summary)> {
        let changed = self.nodes.iter().take(self.contents.len()).copied();
        let was_cut =
            (self.base.1..self.pages.min(2 * self.base.1)).map(|position| (position, Summary::Empty));
        changed.chain(was_cut).map(|(position, summary)| (PageAddress::at(position), summary))
    }
}

/// How many pages a map of so many leaves needs.
fn pages_for(count: u64) -> u32 {
    u32::try_from(count.div_ceil(PAGE_LEAVES)).unwrap_or(MAX_PAGES).clamp(1, MAX_PAGES)
}

/// Cuts a page until its parts stand where a heap of `pages` pages has its pages.
fn cut(position: u32, page: Page, pages: u32, parts: &mut Vec<(u32, Page)>) {
    if position >= pages {
        parts.push((position, page));
    } else {
        let (left, right) = page.cut(PageAddress::at(position).depth);
        cut(2 * position, left, pages, parts);
        cut(2 * position + 1, right, pages, parts);
    }
}
