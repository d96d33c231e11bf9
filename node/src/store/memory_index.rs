//! An index in memory: for tests, and for whoever needs no index on disk.

use super::changes::Changes;
use super::error::StoreError;
use super::index::{Batch, Index, Scan};
use bytes::Bytes;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Ordered keys in memory. It forgets everything when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryIndex {
    content: RwLock<Content>,
}

#[derive(Debug, Default)]
struct Content {
    changes: Changes,
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
        Ok(self.content().changes.get(key).flatten())
    }

    fn scan(&self, scan: &Scan) -> Result<Vec<(Bytes, Bytes)>, StoreError> {
        let content = self.content();
        let present = content.changes.scan(scan).filter_map(|(key, value)| Some((key, value?)));
        Ok(present.take(scan.most()).collect())
    }

    fn apply(&self, batch: Batch, height: u64) -> Result<(), StoreError> {
        let changes = batch.checked()?;
        let mut content = self.content.write().unwrap_or_else(PoisonError::into_inner);
        changes.into_iter().for_each(|change| content.changes.add(change));
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
