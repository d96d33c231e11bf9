//! Remember the ids used within the replay window, so that no envelope counts twice.
//!
//! The ids of a block stand in the state as chunks keyed by height: part of the authenticated state, at one map key a
//! few hundred records. Chunks leave the state 24 hours after their block, when every envelope in them has expired.

use super::key::{Fault, StateKey, Stored, Unit, stored};
use super::overlay::Writes;
use crate::codec::{Decode, Encode, List};
use crate::hash::Hash;
use crate::identifier::Timestamp;
use std::collections::{BTreeMap, HashSet};

/// Ids a chunk holds at most: 256 × 32 bytes stay below the value limit.
pub const CHUNK: usize = 256;

/// One used id.
pub type UsedId = Hash;

/// Up to [`CHUNK`] ids used in one block, keyed by height and number of the chunk.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct UsedChunk {
    /// The block's time.
    pub time: Timestamp,
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

/// The ids of the window in memory: a function of the chunks in the state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayWindow {
    ids: HashSet<Hash>,
    chunks: BTreeMap<StateKey, Vec<Hash>>,
}

impl ReplayWindow {
    /// Whether the id was used within the window.
    #[must_use]
    pub fn contains(&self, id: &Hash) -> bool {
        self.ids.contains(id)
    }

    /// Takes over the chunks that an execution added or removed.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] when a chunk cannot be read.
    pub fn apply(&mut self, writes: &Writes) -> Result<(), Fault> {
        for (key, value) in writes.values.iter().filter(|(key, _)| key.tag() == UsedChunk::TAG) {
            match value {
                Some(bytes) => self.insert(*key, bytes)?,
                None => self.remove(key),
            }
        }
        Ok(())
    }

    /// Takes over one chunk as it stands in the state.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] when it cannot be read.
    pub fn insert(&mut self, key: StateKey, bytes: &[u8]) -> Result<(), Fault> {
        let chunk = UsedChunk::from_bytes(&key, bytes)?;
        self.remove(&key);
        self.ids.extend(chunk.ids.iter().copied());
        self.chunks.insert(key, chunk.ids.to_vec());
        Ok(())
    }

    fn remove(&mut self, key: &StateKey) {
        for id in self.chunks.remove(key).unwrap_or_default() {
            self.ids.remove(&id);
        }
    }
}
