//! Copy the state as it is at one height, page by page, while blocks are committed.
//!
//! ```text
//!   key hashes   ├──── copied ────┤ cursor ├──────── not yet ────────┤
//!   a commit writes here: no matter │ here: it first leaves the value before with the copy
//! ```
//!
//! A page is read while no block is being committed, so a commit waits for one page at most. What commits replace stays
//! in memory until the copy has passed it.

use super::error::ChainError;
use super::layout;
use crate::store::{Index, Scan};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tongda_ledger::hash::Hash;
use tongda_ledger::state::{Fault, StateKey};

/// A copy being made: how far it is, and what was replaced in front of it.
#[derive(Debug, Default)]
pub(super) struct Copying(Mutex<Progress>);

#[derive(Debug, Default)]
struct Progress {
    /// The last key hash copied.
    cursor: Option<Hash>,
    /// Values before, by key hash.
    before: BTreeMap<Hash, Before>,
    complete: bool,
}

/// A key and the value that it had, if it had one.
type Before = (StateKey, Option<Arc<[u8]>>);

impl Copying {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the values that these keys have now and that were not copied yet: they are about to change.
    pub(super) fn keep_before<'a>(
        &self,
        keys: impl Iterator<Item = &'a StateKey>,
        value: impl Fn(&StateKey) -> Result<Option<Arc<[u8]>>, Fault>,
    ) -> Result<(), Fault> {
        let mut progress = self.progress();
        if progress.complete {
            return Ok(());
        }
        for key in keys {
            let hash = key.hash();
            let copied = progress.cursor.is_some_and(|cursor| hash <= cursor);
            if !copied && !progress.before.contains_key(&hash) {
                progress.before.insert(hash, (*key, value(key)?));
            }
        }
        Ok(())
    }

    /// Copies the next keys of the index, at most `limit` as they are now. To be asked while no block is committed.
    pub(super) fn page(&self, index: &dyn Index, limit: usize) -> Result<Vec<(StateKey, Bytes)>, ChainError> {
        let mut progress = self.progress();
        let mut page = BTreeMap::new();
        while page.is_empty() && !progress.complete {
            let mut scan = Scan::prefix(layout::STATE).limit(limit);
            if let Some(cursor) = &progress.cursor {
                scan = scan.after(layout::state(cursor));
            }
            let entries = index.scan(&scan)?;
            progress.complete = entries.len() < limit;
            for (key, entry) in &entries {
                let wrong = || ChainError::Index("an entry of the state cannot be read".into());
                let hash = layout::split_state(key).ok_or_else(wrong)?;
                let (key, value) = layout::split_entry(entry).ok_or_else(wrong)?;
                page.insert(hash, (key, entry.slice_ref(value)));
                progress.cursor = Some(hash);
            }
            // Of what was replaced since, the copy takes the value before, and what is new it leaves out.
            let behind = match progress.cursor.filter(|_| !progress.complete) {
                Some(cursor) => {
                    let mut behind = progress.before.split_off(&cursor);
                    if let Some(last) = behind.remove(&cursor) {
                        progress.before.insert(cursor, last);
                    }
                    behind
                }
                None => BTreeMap::new(),
            };
            for (hash, (key, value)) in std::mem::replace(&mut progress.before, behind) {
                match value {
                    Some(value) => page.insert(hash, (key, Bytes::copy_from_slice(&value))),
                    None => page.remove(&hash),
                };
            }
        }
        Ok(page.into_values().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Batch, MemoryIndex};
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
    use tongda_ledger::state::UsedChunk;

    fn key(number: u64) -> StateKey {
        StateKey::of::<UsedChunk>(&(number, 0))
    }

    fn put(index: &MemoryIndex, changes: &[(StateKey, Option<Vec<u8>>)], height: u64) {
        let mut batch = Batch::new();
        for (key, value) in changes {
            match value {
                Some(value) => batch.put(layout::state(&key.hash()), layout::state_entry(key, value)),
                None => batch.delete(layout::state(&key.hash())),
            }
        }
        index.apply(batch, height).unwrap();
    }

    fn value(index: &MemoryIndex, key: &StateKey) -> Option<Arc<[u8]>> {
        let entry = index.get(&layout::state(&key.hash())).unwrap()?;
        layout::split_entry(&entry).map(|(_, value)| value.into())
    }

    #[test]
    fn a_copy_is_the_state_at_its_beginning_whatever_is_committed_meanwhile() {
        let seed: u64 = rand::random();
        println!("seed {seed}");
        let mut random = StdRng::seed_from_u64(seed);
        for limit in [1, 2, 7, 64, 1000] {
            let index = MemoryIndex::default();
            let first: Vec<_> = (0..200).map(|number| (key(number), Some(vec![1; 9]))).collect();
            put(&index, &first, 1);
            let copying = Copying::default();
            let mut copied = Vec::new();
            for height in 2.. {
                let page = copying.page(&index, limit).unwrap();
                if page.is_empty() {
                    break;
                }
                copied.extend(page);
                let number = random.gen_range(0..20);
                let changes: BTreeMap<_, _> = (0..number)
                    .map(|_| {
                        let value =
                            random.gen_bool(0.7).then(|| vec![u8::try_from(height % 251).unwrap(); 5]);
                        (key(random.gen_range(0..400)), value)
                    })
                    .collect();
                copying.keep_before(changes.keys(), |key| Ok(value(&index, key))).unwrap();
                put(&index, &changes.into_iter().collect::<Vec<_>>(), height);
            }
            let mut expected: Vec<_> =
                (0..200).map(|number| (key(number), Bytes::from(vec![1; 9]))).collect();
            expected.sort_by_key(|(key, _)| key.hash());
            assert_eq!(copied, expected, "pages of {limit}");
        }
    }
}
