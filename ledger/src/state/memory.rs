//! Keep a whole state in memory: for replay, tests and small tools.

use super::key::{Fault, StateKey, Stored as _, due_of};
use super::overlay::{View, Writes};
use super::used::{ReplayWindow, UsedChunk};
use crate::hash::{Domain, Hash};
use crate::identifier::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A state in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryState {
    values: BTreeMap<StateKey, Arc<[u8]>>,
    due: BTreeSet<(Timestamp, StateKey)>,
    window: ReplayWindow,
}

impl MemoryState {
    /// An empty state.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The state of these values: what is due and which ids are used follow from them.
    ///
    /// # Errors
    /// [`Fault`] when a value cannot be read.
    pub fn of(values: impl IntoIterator<Item = (StateKey, Arc<[u8]>)>) -> Result<Self, Fault> {
        let mut state = Self::new();
        for (key, value) in values {
            if let Some(at) = due_of(&key, &value)? {
                state.due.insert((at, key));
            }
            if key.tag() == UsedChunk::TAG {
                state.window.insert(&UsedChunk::from_bytes(&key, &value)?);
            }
            state.values.insert(key, value);
        }
        Ok(state)
    }

    /// Takes over what an execution wrote.
    ///
    /// # Errors
    /// [`Fault`] when the ids that the writes mark as used cannot be read.
    pub fn apply(&mut self, writes: &Writes) -> Result<(), Fault> {
        let mut window = std::mem::take(&mut self.window);
        window.apply(writes, self)?;
        self.window = window;
        for (key, value) in &writes.values {
            match value {
                Some(bytes) => self.values.insert(*key, bytes.clone()),
                None => self.values.remove(key),
            };
        }
        for item in &writes.due_removed {
            self.due.remove(item);
        }
        self.due.extend(writes.due_added.iter().copied());
        Ok(())
    }

    /// All values, by key.
    pub fn values(&self) -> impl Iterator<Item = (&StateKey, &Arc<[u8]>)> {
        self.values.iter()
    }

    /// The leaves of the state map: key hash and value hash.
    pub fn leaves(&self) -> impl Iterator<Item = (Hash, Hash)> + '_ {
        self.values.iter().map(|(key, value)| (key.hash(), Hash::of(Domain::MAP_VALUE, &[value])))
    }

    /// Checks that the queue of due items is what the values say.
    ///
    /// # Errors
    /// [`Fault::Contradiction`] when it is not.
    pub fn check_due(&self) -> Result<(), Fault> {
        let mut derived = BTreeSet::new();
        for (key, value) in &self.values {
            if let Some(at) = due_of(key, value)? {
                derived.insert((at, *key));
            }
        }
        if derived == self.due {
            Ok(())
        } else {
            Err(Fault::Contradiction("the queue of due items differs".into()))
        }
    }
}

impl View for MemoryState {
    fn get(&self, key: &StateKey) -> Result<Option<Arc<[u8]>>, Fault> {
        Ok(self.values.get(key).cloned())
    }

    fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, StateKey)>, Fault> {
        Ok(self.due.iter().take_while(|(at, _)| *at <= until).take(limit).copied().collect())
    }

    fn is_used(&self, id: &Hash) -> bool {
        self.window.contains(id)
    }
}
