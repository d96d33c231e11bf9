//! Keep the state as it was at the last seals that validators cosign, so that it can be proven while the tip goes on.
//!
//! ```text
//!   flagged seal        flagged seal          tip
//!   ├── replaced since ──┼── replaced since ───┤     values and nodes of the map, each in the span that replaced it first
//! ```
//!
//! A certificate must be made at the seal that is the last leaf of a published checkpoint, and on a busy network the tip is
//! ahead of it. A value as it was stands in the first span behind the seal that has it, else in the index. What is kept is
//! bounded: when too much has changed, the oldest state is let go, and whoever asks for it is told to come again.

use super::committed::{Committed, Effects};
use super::error::ChainError;
use super::leaves::IndexLeaves;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tongda_ledger::block::Seal;
use tongda_ledger::hash::Hash;
use tongda_ledger::state::{Fault, StateKey, Stored, View as _};
use tongda_ledger::tree::{Leaves, Map, MapProof, PageAddress, Past, value_hash};

/// States kept at most.
const STATES: usize = 32;

/// Bytes of memory for what was replaced, about.
const BYTES: usize = 64 << 20;

/// What a replaced value takes beside its bytes, about.
const VALUE_SIZE: usize = 160;

/// What changed since a flagged seal, up to the next one that is kept.
struct Span {
    seal: Seal,
    nodes: Past,
    /// By key hash: the values before.
    values: BTreeMap<Hash, Option<Arc<[u8]>>>,
    bytes: usize,
}

impl Span {
    fn size(&self) -> usize {
        self.bytes + self.nodes.size()
    }
}

/// The states that are kept, the oldest first.
#[derive(Default)]
pub(super) struct Pasts(VecDeque<Span>);

impl Pasts {
    /// Begins to keep the state behind a seal, if it is flagged.
    pub(super) fn begin(&mut self, seal: &Seal, map: &Map) {
        if seal.is_checkpoint() {
            self.0.push_back(Span {
                seal: seal.clone(),
                nodes: map.past(),
                values: BTreeMap::new(),
                bytes: 0,
            });
            if self.0.len() > STATES {
                self.0.pop_front();
            }
        }
    }

    /// Keeps what a block is about to replace.
    pub(super) fn keep(
        &mut self,
        map: &Map,
        effects: &Effects,
        value: impl Fn(&StateKey) -> Result<Option<Arc<[u8]>>, Fault>,
    ) -> Result<(), Fault> {
        let Some(youngest) = self.0.back_mut() else { return Ok(()) };
        map.keep(&effects.change, &mut youngest.nodes);
        for key in effects.writes.values.keys() {
            let hash = key.hash();
            if !youngest.values.contains_key(&hash) {
                let before = value(key)?;
                youngest.bytes += VALUE_SIZE + before.as_ref().map_or(0, |value| value.len());
                youngest.values.insert(hash, before);
            }
        }
        let mut total: usize = self.0.iter().map(Span::size).sum();
        while total > BYTES
            && let Some(oldest) = self.0.pop_front()
        {
            total -= oldest.size();
        }
        Ok(())
    }

    /// The place of the state behind the seal with which the log has this size.
    fn place(&self, size: u64) -> Option<usize> {
        self.0.iter().position(|span| span.seal.index().checked_add(1) == Some(size))
    }
}

/// The state behind a flagged seal.
pub struct StateAt<'a> {
    committed: &'a Committed,
    spans: Vec<&'a Span>,
}

impl Committed {
    /// The state behind the flagged seal with which the log has this size, if it is kept still.
    #[must_use]
    pub fn state_at(&self, size: u64) -> Option<StateAt<'_>> {
        let place = self.pasts.place(size)?;
        Some(StateAt { committed: self, spans: self.pasts.0.iter().skip(place).collect() })
    }
}

impl StateAt<'_> {
    /// The seal.
    #[must_use]
    pub fn seal(&self) -> &Seal {
        &self.spans[0].seal
    }

    /// A value in bytes, as it was.
    ///
    /// # Errors
    /// [`Fault`] when the index cannot be read.
    pub fn value(&self, key: &StateKey) -> Result<Option<Arc<[u8]>>, Fault> {
        let hash = key.hash();
        match self.spans.iter().find_map(|span| span.values.get(&hash)) {
            Some(before) => Ok(before.clone()),
            None => self.committed.get(key),
        }
    }

    /// The value of type `T` with this id, as it was.
    ///
    /// # Errors
    /// [`Fault`] when the value cannot be read.
    pub fn find<T: Stored>(&self, id: &T::Id) -> Result<Option<T>, Fault> {
        let key = StateKey::of::<T>(id);
        self.value(&key)?.map(|bytes| T::from_bytes(&key, &bytes)).transpose()
    }

    /// The proof of what a key stood for, under the seal's state root.
    ///
    /// # Errors
    /// [`ChainError`] when the index cannot be read, or holds other values than it should.
    pub fn prove(&self, key: &StateKey) -> Result<MapProof, ChainError> {
        let pasts: Vec<_> = self.spans.iter().map(|span| &span.nodes).collect();
        let proof = self.committed.map().prove_past(&pasts, self, &key.hash());
        proof.map_err(|error| ChainError::Index(error.to_string()))
    }
}

impl Leaves for StateAt<'_> {
    type Error = Fault;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Fault> {
        let mut leaves: BTreeMap<_, _> =
            IndexLeaves(self.committed.index()).page(page)?.into_iter().collect();
        // The newest first, so that the oldest has the last word.
        for span in self.spans.iter().rev() {
            for (key, before) in span.values.range(page.range()) {
                match before {
                    Some(value) => _ = leaves.insert(*key, value_hash(value)),
                    None => _ = leaves.remove(key),
                }
            }
        }
        Ok(leaves.into_iter().collect())
    }
}
