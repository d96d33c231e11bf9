//! An index in memory: for tests, and for whoever needs no index on disk.

use super::error::StoreError;
use super::index::{Batch, Index, Scan};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Ordered keys in a [`BTreeMap`]. It forgets everything when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryIndex {
    content: RwLock<Content>,
}

#[derive(Debug, Default)]
struct Content {
    values: BTreeMap<Bytes, Bytes>,
    height: Option<u64>,
}

impl MemoryIndex {
    /// An empty index.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn content(&self) -> RwLockReadGuard<'_, Content> {
        self.content.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Index for MemoryIndex {
    fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        Ok(self.content().values.get(key).cloned())
    }

    fn scan(&self, scan: &Scan) -> Result<Vec<(Bytes, Bytes)>, StoreError> {
        let Some((low, high)) = scan.range() else { return Ok(Vec::new()) };
        let content = self.content();
        let range = content
            .values
            .range::<[u8], _>((low.as_ref().map(Vec::as_slice), high.as_ref().map(Vec::as_slice)));
        let copy = |(key, value): (&Bytes, &Bytes)| (key.clone(), value.clone());
        Ok(if scan.is_reverse() {
            range.rev().take(scan.most()).map(copy).collect()
        } else {
            range.take(scan.most()).map(copy).collect()
        })
    }

    fn apply(&self, batch: Batch, height: u64) -> Result<(), StoreError> {
        let changes = batch.checked()?;
        let mut content = self.content.write().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in changes {
            match value {
                Some(value) => content.values.insert(key.into(), value.into()),
                None => content.values.remove(key.as_slice()),
            };
        }
        content.height = Some(height);
        Ok(())
    }

    fn height(&self) -> Option<u64> {
        self.content().height
    }

    fn sync(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
