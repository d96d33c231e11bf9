//! Read the state, and write to it without touching it: the overlay that one block's execution fills.

use super::key::{Fault, StateKey, Stored};
use super::patent::PatentStatus;
use crate::act::ActKind;
use crate::hash::Hash;
use crate::identifier::{PatentId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the rules need of a store: values by key, the queue of due items, and the used ids of the window.
pub trait View {
    /// The value with this key, in bytes.
    ///
    /// # Errors
    /// [`Fault::Store`] when the store cannot be read.
    fn get(&self, key: &StateKey) -> Result<Option<Arc<[u8]>>, Fault>;

    /// The values due at or before `until`, by time and key, at most `limit`.
    ///
    /// # Errors
    /// [`Fault::Store`] when the store cannot be read.
    fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, StateKey)>, Fault>;

    /// Whether an envelope with this id stands in the log within the replay window.
    fn is_used(&self, id: &Hash) -> bool;
}

/// Typed reading, for every view.
pub trait Read: View {
    /// The value of type `T` with this id.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read or the value is corrupt.
    fn find<T: Stored>(&self, id: &T::Id) -> Result<Option<T>, Fault> {
        let key = StateKey::of::<T>(id);
        self.get(&key)?.map(|bytes| T::from_bytes(&key, &bytes)).transpose()
    }

    /// The value of type `T` with this id, which another value names.
    ///
    /// # Errors
    /// [`Fault::Contradiction`] when it is not there.
    fn must<T: Stored>(&self, id: &T::Id) -> Result<T, Fault> {
        self.find(id)?
            .ok_or_else(|| Fault::Contradiction(format!("{:?} is named but missing", StateKey::of::<T>(id))))
    }
}

impl<V: View + ?Sized> Read for V {}

impl PatentEvent {
    /// What happened, by its name: the act's, like `licence.grant`, or that of an effect of passed time, like
    /// `time.term-ended`.
    #[must_use]
    pub fn name(&self) -> String {
        crate::rules::effect_name(self.what).map_or_else(|| self.what.to_string(), str::to_owned)
    }
}

/// What an execution wrote: for each key the new value, or `None` where it was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writes {
    /// New values by key.
    pub values: BTreeMap<StateKey, Option<Arc<[u8]>>>,
    /// Items that are no longer due.
    pub due_removed: BTreeSet<(Timestamp, StateKey)>,
    /// Items newly due.
    pub due_added: BTreeSet<(Timestamp, StateKey)>,
    /// Events of patents, in their order: what the chains in their status values are made of.
    pub events: Vec<PatentEvent>,
}

/// An event of a patent.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PatentEvent {
    /// The patent.
    pub patent: PatentId,
    /// Its number among the patent's events, from 1.
    pub number: u64,
    /// The log position of the record, or of the seal for an effect of passed time.
    pub position: u64,
    /// The ordinal of an effect of passed time; 0 for a record.
    pub ordinal: u16,
    /// The act's kind; family 0 for an effect of passed time.
    pub what: ActKind,
}

/// A view with the writes of an execution laid over it.
pub struct Overlay<'a> {
    base: &'a dyn View,
    writes: Writes,
    used: BTreeSet<Hash>,
}

impl<'a> Overlay<'a> {
    /// An overlay with nothing written yet.
    #[must_use]
    pub fn new(base: &'a dyn View) -> Self {
        Self { base, writes: Writes::default(), used: BTreeSet::new() }
    }

    /// Writes a value.
    ///
    /// # Errors
    /// [`Fault`] when the old value cannot be read or the new one is too long.
    pub fn put<T: Stored>(&mut self, id: &T::Id, value: &T) -> Result<(), Fault> {
        let key = StateKey::of::<T>(id);
        let before = self.due_before::<T>(id)?;
        self.requeue(key, before, value.due());
        self.writes.values.insert(key, Some(value.to_bytes()?.into()));
        Ok(())
    }

    /// Removes a value.
    ///
    /// # Errors
    /// [`Fault`] when the old value cannot be read.
    pub fn remove<T: Stored>(&mut self, id: &T::Id) -> Result<(), Fault> {
        let before = self.due_before::<T>(id)?;
        let key = StateKey::of::<T>(id);
        self.requeue(key, before, None);
        self.writes.values.insert(key, None);
        Ok(())
    }

    /// When the value that is to be replaced is due.
    fn due_before<T: Stored>(&self, id: &T::Id) -> Result<Option<Timestamp>, Fault> {
        Ok(if T::TIMED { self.find::<T>(id)?.and_then(|old| old.due()) } else { None })
    }

    fn requeue(&mut self, key: StateKey, before: Option<Timestamp>, after: Option<Timestamp>) {
        if before == after {
            return;
        }
        if let Some(item) = before.map(|at| (at, key))
            && !self.writes.due_added.remove(&item)
        {
            self.writes.due_removed.insert(item);
        }
        if let Some(item) = after.map(|at| (at, key))
            && !self.writes.due_removed.remove(&item)
        {
            self.writes.due_added.insert(item);
        }
    }

    /// Adds an event to a patent's chain. The caller writes the status.
    pub fn touch(
        &mut self,
        patent: PatentId,
        status: &mut PatentStatus,
        (position, ordinal): (u64, u16),
        (family, kind): (u8, u8),
    ) {
        status.touch(position, ordinal, (family, kind));
        let what = ActKind { family, kind };
        self.writes.events.push(PatentEvent { patent, number: status.events, position, ordinal, what });
    }

    /// Marks an envelope's id as used.
    pub fn mark_used(&mut self, id: Hash) {
        self.used.insert(id);
    }

    /// What was written.
    #[must_use]
    pub fn into_writes(self) -> Writes {
        self.writes
    }
}

impl View for Overlay<'_> {
    fn get(&self, key: &StateKey) -> Result<Option<Arc<[u8]>>, Fault> {
        match self.writes.values.get(key) {
            Some(written) => Ok(written.clone()),
            None => self.base.get(key),
        }
    }

    fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, StateKey)>, Fault> {
        let below = self.base.due(until, limit.saturating_add(self.writes.due_removed.len()))?;
        let added = self.writes.due_added.iter().take_while(|(at, _)| *at <= until).copied();
        let mut items: Vec<_> =
            below.into_iter().filter(|item| !self.writes.due_removed.contains(item)).chain(added).collect();
        items.sort_unstable();
        items.truncate(limit);
        Ok(items)
    }

    fn is_used(&self, id: &Hash) -> bool {
        self.used.contains(id) || self.base.is_used(id)
    }
}
