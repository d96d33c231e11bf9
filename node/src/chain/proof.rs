//! Prove what the ledger holds: values and absences of the state at the tip, entries and earlier sizes of the log.

use super::{Chain, ChainError};
use std::sync::Arc;
use tongda_ledger::block::Seal;
use tongda_ledger::codec::decode;
use tongda_ledger::state::{StateKey, View as _};
use tongda_ledger::tree::{Frontier, InclusionProof, MapProof};
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
}
