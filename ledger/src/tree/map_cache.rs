//! Keep the pages that were changed last, within a bound of bytes.

use super::map_page::Page;
use std::collections::HashMap;

/// Two generations of pages: when the younger has filled its half of the bound, it becomes the older, and what was
/// in the older and not changed since is let go.
#[derive(Clone, Debug, Default)]
pub(super) struct Cache {
    limit: usize,
    young: HashMap<u32, Page>,
    young_bytes: usize,
    old: HashMap<u32, Page>,
}

impl Cache {
    /// What a page takes beside its leaves, about.
    const PAGE_SIZE: usize = 64;

    /// A cache of at most about `limit` bytes; 0 keeps nothing.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// The page at this position, if it is here.
    pub(super) fn get(&self, position: u32) -> Option<&Page> {
        self.young.get(&position).or_else(|| self.old.get(&position))
    }

    /// Lets the page at this position go.
    pub(super) fn remove(&mut self, position: u32) {
        if let Some(page) = self.young.remove(&position) {
            self.young_bytes -= Self::size(&page);
        }
        self.old.remove(&position);
    }

    /// Keeps a page, in place of what was kept at its position.
    pub(super) fn insert(&mut self, position: u32, page: Page) {
        self.remove(position);
        let size = Self::size(&page);
        if self.young_bytes + size > self.limit / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        if size <= self.limit / 2 {
            self.young_bytes += size;
            self.young.insert(position, page);
        }
    }

    fn size(page: &Page) -> usize {
        Self::PAGE_SIZE + page.len() * Page::LEAF_SIZE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;

    fn page() -> Page {
        Page::new([(Hash([1; 32]), Hash::ZERO)]).expect("one leaf is in order")
    }

    #[test]
    fn the_pages_changed_last_are_kept_within_the_bound() {
        let size = Cache::size(&page());
        let mut cache = Cache::new(8 * size);
        for position in 0..100 {
            cache.insert(position, page());
            let kept = (0..100).filter(|position| cache.get(*position).is_some()).count();
            assert!(kept <= 8, "{kept} pages kept");
            assert!(((position.max(3) - 3)..=position).all(|position| cache.get(position).is_some()));
        }
        cache.remove(99);
        assert!(cache.get(99).is_none());
    }

    #[test]
    fn a_cache_without_room_keeps_nothing() {
        let mut cache = Cache::new(0);
        cache.insert(1, page());
        assert!(cache.get(1).is_none());
    }
}
