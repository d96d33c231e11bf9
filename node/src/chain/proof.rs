//! Prove what the ledger holds: values and absences of the state at the tip, entries and earlier sizes of the log.

use super::{Chain, ChainError, Unavailable};
use std::sync::Arc;
use tongda_ledger::block::Seal;
use tongda_ledger::codec::decode;
use tongda_ledger::hash::Hash;
use tongda_ledger::state::{StateKey, View as _};
use tongda_ledger::tree::{ConsistencyProof, Frontier, Hashes as _, InclusionProof, MapProof, Tile};
use tongda_ledger::vote::CommitCertificate;

/// What the state holds under some keys after one block, and what proves it: all of the same moment.
#[derive(Clone, Debug)]
pub struct ProvenState {
    /// The seal of the block: it names the state root that the values are proven under.
    pub seal: Seal,
    /// The proof that the block was decided.
    pub certificate: CommitCertificate,
    /// The log behind the seal, which is its last leaf.
    pub log: Frontier,
    /// The proof that the seal is the last leaf: its index is the log's size − 1.
    pub inclusion: InclusionProof,
    /// The values, in the order in which they were asked for.
    pub values: Vec<ProvenValue>,
}

/// A value, or that there is none.
#[derive(Clone, Debug)]
pub struct ProvenValue {
    /// The key.
    pub key: StateKey,
    /// The value's bytes; `None` when the key stands for nothing.
    pub value: Option<Arc<[u8]>>,
    /// The proof of it under the seal's state root.
    pub proof: MapProof,
}

impl Chain {
    /// What the state holds under these keys at the tip, with proofs. `None` before the first block, and on a node that
    /// has begun from a snapshot until its first block: it does not hold the certificate of the block before.
    ///
    /// # Errors
    /// [`ChainError`] when index or log cannot be read.
    pub fn prove_state(&self, keys: &[StateKey]) -> Result<Option<ProvenState>, ChainError> {
        let committed = self.committed();
        let Some(seal) = committed.tip().seal.clone() else { return Ok(None) };
        // A block is in the log before it is committed.
        let Some(block) = self.block(seal.height)? else { return Ok(None) };
        let certificate = decode(&block.certificate, block.certificate.len())?;
        let prove = |key: &StateKey| {
            Ok(ProvenValue { key: *key, value: committed.get(key)?, proof: committed.prove(key)? })
        };
        let values = keys.iter().map(prove).collect::<Result<_, ChainError>>()?;
        // Beside the way of the last leaf up to the root stand the complete subtrees before it, the smallest first.
        let beside: Vec<_> = committed.sealed().peaks().iter().rev().copied().collect();
        let inclusion =
            InclusionProof { hashes: beside.try_into().expect("a log has at most 64 complete subtrees") };
        Ok(Some(ProvenState { seal, certificate, log: committed.tip().log.clone(), inclusion, values }))
    }

    /// The leaf hash of an entry.
    ///
    /// # Errors
    /// [`Unavailable`] when the log does not have it, or the hashes are not here.
    pub fn leaf(&self, index: u64) -> Result<Hash, Unavailable> {
        self.within(index.saturating_add(1))?;
        Ok(self.shared.hash_reader.hash(0, index)?)
    }

    /// The root of the log as it was with its first `size` entries.
    ///
    /// # Errors
    /// [`Unavailable`] when the log is shorter, or the hashes are not here.
    pub fn root_at(&self, size: u64) -> Result<Hash, Unavailable> {
        self.within(size)?;
        Ok(Frontier::of(&self.shared.hash_reader, size)?.root())
    }

    /// Proves that entry `index` stands in the log as it was with its first `size` entries.
    ///
    /// # Errors
    /// [`Unavailable`] when the log is shorter, or `size` does not contain the entry, or the hashes are not here.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<InclusionProof, Unavailable> {
        self.within(size)?;
        if index >= size {
            return Err(self.beyond());
        }
        Ok(InclusionProof::prove(&self.shared.hash_reader, index, size)?)
    }

    /// Proves that the log of `new` entries continues the log of `old` ones.
    ///
    /// # Errors
    /// [`Unavailable`] when the log is shorter, or `old` is larger than `new`, or the hashes are not here.
    pub fn consistency(&self, old: u64, new: u64) -> Result<ConsistencyProof, Unavailable> {
        self.within(new)?;
        if old > new {
            return Err(self.beyond());
        }
        Ok(ConsistencyProof::prove(&self.shared.hash_reader, old, new)?)
    }

    /// The bytes of a tile.
    ///
    /// # Errors
    /// [`Unavailable`] when the log does not have all of its hashes, or they are not here.
    pub fn tile(&self, tile: Tile) -> Result<Vec<u8>, Unavailable> {
        if !tile.is_within(self.committed().tip().next_index()) {
            return Err(self.beyond());
        }
        Ok(self.shared.hash_reader.tile(tile)?)
    }

    fn within(&self, size: u64) -> Result<(), Unavailable> {
        if size > self.committed().tip().next_index() { Err(self.beyond()) } else { Ok(()) }
    }

    pub(super) fn beyond(&self) -> Unavailable {
        let committed = self.committed();
        Unavailable::Beyond { size: committed.tip().next_index(), blocks: committed.tip().height() }
    }
}
