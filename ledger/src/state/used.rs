//! Remember the ids used within the replay window, so that no envelope counts twice.
//!
//! The ids of a block stand in the state as chunks keyed by height: part of the authenticated state, at one map key a
//! few hundred records. Chunks leave the state 24 hours after their block, when every envelope in them has expired.

use super::key::{Fault, Stored, Unit, stored};
use super::overlay::{View, Writes};
use crate::codec::{Decode, Encode, List};
use crate::hash::Hash;
use crate::identifier::Timestamp;
use std::collections::HashMap;

/// Ids a chunk holds at most: 256 × 32 bytes stay below the value limit.
pub const CHUNK: usize = 256;

/// One used id.
pub type UsedId = Hash;

/// Up to [`CHUNK`] ids used in one block, keyed by height and number of the chunk.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct UsedChunk {
    /// The block's time.
    pub time: Timestamp,
    /// The log index of the first of them.
    pub first: u64,
    /// The ids, in the order of the log.
    pub ids: List<UsedId, CHUNK>,
}
stored!(UsedChunk, 22, (u64, u32));

/// The oldest height whose chunks still stand in the state.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct UsedTail {
    /// The height.
    pub oldest: u64,
}
stored!(UsedTail, 23, Unit);

/// The ids of the window in memory, with the log index of each: a function of the chunks in the state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayWindow {
    ids: HashMap<Hash, u64>,
}

impl ReplayWindow {
    /// Whether the id was used within the window.
    #[must_use]
    pub fn contains(&self, id: &Hash) -> bool {
        self.ids.contains_key(id)
    }

    /// The log index of the record with this id, if it was used within the window.
    #[must_use]
    pub fn index_of(&self, id: &Hash) -> Option<u64> {
        self.ids.get(id).copied()
    }

    /// Takes over the chunks that an execution added or removed. `before` is the state that it was executed on.
    ///
    /// # Errors
    /// [`Fault`] when a chunk cannot be read.
    pub fn apply(&mut self, writes: &Writes, before: &dyn View) -> Result<(), Fault> {
        for (key, value) in writes.values.iter().filter(|(key, _)| key.tag() == UsedChunk::TAG) {
            if let Some(old) = before.get(key)? {
                for id in &UsedChunk::from_bytes(key, &old)?.ids {
                    self.ids.remove(id);
                }
            }
            if let Some(bytes) = value {
                self.insert(&UsedChunk::from_bytes(key, bytes)?);
            }
        }
        Ok(())
    }

    /// Takes over one chunk as it stands in the state.
    pub fn insert(&mut self, chunk: &UsedChunk) {
        self.ids.extend(chunk.ids.iter().copied().zip(chunk.first..));
    }
}
