//! Changes that lie over an index: the newest value of each key, or its removal.

use super::index::Scan;
use bytes::Bytes;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::iter::Peekable;

/// A key and its new value, or none to remove it.
pub(crate) type Change = (Bytes, Option<Bytes>);

/// Changes by key, with their size in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    by_key: BTreeMap<Bytes, Option<Bytes>>,
    bytes: usize,
}

impl Changes {
    /// Adds a change; it replaces an earlier one of the same key.
    pub(crate) fn add(&mut self, (key, value): Change) {
        self.bytes += key.len() + size(value.as_ref());
        if let Some(replaced) = self.by_key.insert(key.clone(), value) {
            self.bytes -= key.len() + size(replaced.as_ref());
        }
    }

    /// The change of this key: `None` when there is none, `Some(None)` when it is removed.
    pub(crate) fn get(&self, key: &[u8]) -> Option<Option<Bytes>> {
        self.by_key.get(key).cloned()
    }

    /// All changes, by ascending key.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&Bytes, &Option<Bytes>)> {
        self.by_key.iter()
    }

    /// The changes that `scan` covers, in its order, without its limit.
    pub(crate) fn scan<'a>(&'a self, scan: &Scan) -> Box<dyn Iterator<Item = Change> + 'a> {
        let Some((low, high)) = scan.range() else { return Box::new(std::iter::empty()) };
        let bounds = (low.as_ref().map(Vec::as_slice), high.as_ref().map(Vec::as_slice));
        let range = self.by_key.range::<[u8], _>(bounds).map(|(key, value)| (key.clone(), value.clone()));
        if scan.is_reverse() { Box::new(range.rev()) } else { Box::new(range) }
    }

    /// Bytes of keys and values.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

fn size(value: Option<&Bytes>) -> usize {
    value.map_or(0, Bytes::len)
}

/// Two sequences in the same order as one, where the newer one's change of a key replaces the older one's.
pub(crate) struct Over<O: Iterator, N: Iterator> {
    older: Peekable<O>,
    newer: Peekable<N>,
    reverse: bool,
}

impl<O: Iterator, N: Iterator> Over<O, N> {
    /// `newer` over `older`, both of them descending if `reverse`.
    pub(crate) fn new(newer: N, older: O, reverse: bool) -> Self {
        Self { older: older.peekable(), newer: newer.peekable(), reverse }
    }
}

impl<E, O: Iterator<Item = Result<Change, E>>, N: Iterator<Item = Change>> Iterator for Over<O, N> {
    type Item = Result<Change, E>;

    fn next(&mut self) -> Option<Self::Item> {
        let order = match (self.older.peek(), self.newer.peek()) {
            (Some(Err(_)), _) | (_, None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(Ok((older, _))), Some((newer, _))) if self.reverse => newer.cmp(older),
            (Some(Ok((older, _))), Some((newer, _))) => older.cmp(newer),
        };
        match order {
            Ordering::Less => self.older.next(),
            Ordering::Greater => self.newer.next().map(Ok),
            Ordering::Equal => {
                self.older.next();
                self.newer.next().map(Ok)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_counts_each_key_once() {
        let mut changes = Changes::default();
        changes.add(("key".into(), Some("value".into())));
        changes.add(("key".into(), Some("v".into())));
        changes.add(("other".into(), None));
        assert_eq!(changes.bytes(), 3 + 1 + 5);
        assert_eq!(changes.get(b"key"), Some(Some("v".into())));
        assert_eq!(changes.get(b"other"), Some(None));
        assert_eq!(changes.get(b"none"), None);
    }
}
