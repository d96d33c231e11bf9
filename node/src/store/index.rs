//! What an index is: ordered keys with values, changed by one atomic batch a block.
//!
//! An index is derived from the log and may be thrown away at any time. The first byte of a key is its caller's
//! choice, one for each kind of entry; byte 0 belongs to the index itself.

use super::changes::Change;
use super::error::StoreError;
use bytes::Bytes;
use std::ops::Bound;

/// A value is at most this many bytes: larger ones leak memory in the engine behind the index.
pub const VALUE_LIMIT: usize = 16 << 10;

/// Keys that start with this byte are the index's own.
pub(crate) const RESERVED: u8 = 0;

/// Ordered keys with values, and the height of the log that they stand for.
pub trait Index: Send + Sync {
    /// The value of a key.
    ///
    /// # Errors
    /// [`StoreError::Index`] when the index is damaged.
    fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError>;

    /// The keys and values that `scan` asks for, in its order.
    ///
    /// # Errors
    /// [`StoreError::Index`] when the index is damaged.
    fn scan(&self, scan: &Scan) -> Result<Vec<(Bytes, Bytes)>, StoreError>;

    /// Applies a block's batch: all of it together with the height that the index then stands for, or nothing.
    ///
    /// # Errors
    /// [`StoreError::BadBatch`] when a value is too large or a key is reserved; [`StoreError::Index`] when the
    /// index is damaged.
    fn apply(&self, batch: Batch, height: u64) -> Result<(), StoreError>;

    /// The height of the last block applied, `None` when there was none.
    fn height(&self) -> Option<u64>;

    /// Makes everything applied so far durable.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Index`].
    fn sync(&self) -> Result<(), StoreError>;
}

/// The keys from the first to the last that a scan may read.
pub(crate) type KeyRange = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// Changes to an index. Of several changes of one key, the last counts.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    changes: Vec<Change>,
}

impl Batch {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of a key.
    pub fn put(&mut self, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.changes.push((key.into().into(), Some(value.into().into())));
    }

    /// Removes a key, if it is there.
    pub fn delete(&mut self, key: impl Into<Vec<u8>>) {
        self.changes.push((key.into().into(), None));
    }

    /// How many changes were noted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes, in the order in which they were noted, if an index may take all of them.
    pub(crate) fn checked(self) -> Result<Vec<Change>, StoreError> {
        for (key, value) in &self.changes {
            if key.first().is_none_or(|byte| *byte == RESERVED) {
                return Err(StoreError::BadBatch(format!("keys of prefix {RESERVED} are its own")));
            }
            let length = value.as_ref().map_or(0, Bytes::len);
            if length > VALUE_LIMIT {
                return Err(StoreError::BadBatch(format!(
                    "a value under prefix {} has {length} bytes, the limit is {VALUE_LIMIT}",
                    key[0]
                )));
            }
        }
        Ok(self.changes)
    }
}

/// Which keys to read: those under a prefix, from a place on, in one direction, at most so many.
#[derive(Clone, Debug)]
pub struct Scan {
    prefix: Vec<u8>,
    from: Bound<Vec<u8>>,
    reverse: bool,
    limit: usize,
}

impl Scan {
    /// All keys that start with `prefix`, ascending.
    #[must_use]
    pub fn prefix(prefix: impl Into<Vec<u8>>) -> Self {
        Self { prefix: prefix.into(), from: Bound::Unbounded, reverse: false, limit: usize::MAX }
    }

    /// Starts with this key, or the next one in the scan's direction.
    #[must_use]
    pub fn from(mut self, key: impl Into<Vec<u8>>) -> Self {
        self.from = Bound::Included(key.into());
        self
    }

    /// Starts behind this key, in the scan's direction: with the last key of a page, it reads the next page.
    #[must_use]
    pub fn after(mut self, key: impl Into<Vec<u8>>) -> Self {
        self.from = Bound::Excluded(key.into());
        self
    }

    /// Descending.
    #[must_use]
    pub fn reverse(mut self) -> Self {
        self.reverse = true;
        self
    }

    /// At most this many.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    pub(crate) fn is_reverse(&self) -> bool {
        self.reverse
    }

    pub(crate) fn most(&self) -> usize {
        self.limit
    }

    /// The range of keys, or `None` when no key can be in it.
    pub(crate) fn range(&self) -> Option<KeyRange> {
        let mut low = Bound::Included(self.prefix.clone().max(vec![RESERVED + 1]));
        let mut high = successor(&self.prefix).map_or(Bound::Unbounded, Bound::Excluded);
        if let Bound::Included(from) | Bound::Excluded(from) = &self.from {
            let inside = from.starts_with(&self.prefix);
            match (self.reverse, from.as_slice() < self.prefix.as_slice()) {
                (false, _) if inside => low = low_of(&self.from, low),
                (true, _) if inside => high = self.from.clone(),
                (false, false) | (true, true) => return None,
                (false, true) | (true, false) => {}
            }
        }
        let (Bound::Included(first) | Bound::Excluded(first)) = &low else { return Some((low, high)) };
        match &high {
            Bound::Included(last) if last < first => None,
            Bound::Included(last) if last == first && matches!(low, Bound::Excluded(_)) => None,
            Bound::Excluded(last) if last <= first => None,
            _ => Some((low, high)),
        }
    }
}

/// The bound of a forward scan, never below the first key that may be read.
fn low_of(from: &Bound<Vec<u8>>, low: Bound<Vec<u8>>) -> Bound<Vec<u8>> {
    match (from, &low) {
        (Bound::Included(from) | Bound::Excluded(from), Bound::Included(first)) if from < first => low,
        _ => from.clone(),
    }
}

/// The first key behind all that start with `prefix`; `None` when there is none.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let kept = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut key = prefix[..=kept].to_vec();
    key[kept] += 1;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_of_a_prefix_is_behind_all_its_keys() {
        assert_eq!(successor(&[1, 2]), Some(vec![1, 3]));
        assert_eq!(successor(&[1, 255, 255]), Some(vec![2]));
        assert_eq!(successor(&[255, 255]), None);
        assert_eq!(successor(&[]), None);
    }

    #[test]
    fn a_batch_with_a_reserved_key_or_a_large_value_is_refused() {
        let mut batch = Batch::new();
        batch.put([1], vec![0; VALUE_LIMIT]);
        assert!(batch.clone().checked().is_ok());
        batch.put([1], vec![0; VALUE_LIMIT + 1]);
        assert!(matches!(batch.checked(), Err(StoreError::BadBatch(_))));
        for key in [vec![], vec![RESERVED, 5]] {
            let mut batch = Batch::new();
            batch.delete(key);
            assert!(matches!(batch.checked(), Err(StoreError::BadBatch(_))));
        }
    }
}
