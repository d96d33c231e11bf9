//! Prove the blocks below the log's first one, and keep them: the log of a node that began from a snapshot grows
//! downwards until it is whole.
//!
//! They come in ascending order from the genesis. Each is proven when it comes, by what is known from the blocks before
//! it: its parent and its place in the log, the validators who decided it, and by the records themselves, which must
//! lead to its log root. The last one must be the block that the log's first one names as its parent. When it is there,
//! nothing is missing, and at the next start the two logs become one.

use super::{Chain, ChainError, unpoisoned};
use crate::store::{SegmentLog, StoredBlock};
use bytes::Bytes;
use tongda_ledger::block::{Body, LeafKind, SEAL_VERSION, SUITE_SHA256, Seal, Tip, leaf_of};
use tongda_ledger::chain;
use tongda_ledger::codec::{RECORD_LIMIT, decode};
use tongda_ledger::epoch::Epochs;
use tongda_ledger::founding::Founding;
use tongda_ledger::hash::Hash;
use tongda_ledger::vote::{CommitCertificate, ValidatorSet};

/// How far the older blocks are.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OlderBlocks {
    /// They are here up to this height.
    pub held: u64,
    /// Up to this height they are wanted: above it stands the log.
    pub until: u64,
}

/// A block as another node sends it.
#[derive(Clone, Debug)]
pub struct SentBlock {
    /// Its certificate.
    pub certificate: Bytes,
    /// Its body.
    pub body: Bytes,
}

/// Why a block is not the next of the older ones.
#[derive(Debug, thiserror::Error)]
#[error("block {height}: {reason}")]
pub struct Unproven {
    /// The height that was expected.
    pub height: u64,
    /// What is wrong.
    pub reason: String,
}

/// What can become of blocks that were sent.
#[derive(Debug, thiserror::Error)]
pub enum OlderError {
    /// They are not what they should be: another node must be asked.
    #[error(transparent)]
    Unproven(#[from] Unproven),
    /// They cannot be kept.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

/// The older blocks, being fetched.
pub struct Older {
    log: SegmentLog,
    known: Known,
    until: u64,
    /// The hash of the block at `until`.
    last: Hash,
}

/// What is proven so far.
#[derive(Clone)]
struct Known {
    tip: Tip,
    validators: ValidatorSet,
    /// Who decides at every height: the snapshot has proven it.
    epochs: Epochs,
}

impl Chain {
    /// The older blocks that are still to be fetched; `None` when the log is whole, or someone fetches them already.
    ///
    /// # Errors
    /// [`ChainError::Log`] when those that are here do not follow from each other.
    pub fn older(&self, founding: &Founding) -> Result<Option<Older>, ChainError> {
        let Some(OlderBlocks { until, .. }) = self.older_blocks() else { return Ok(None) };
        let Some(log) = unpoisoned(&self.shared.older).take() else { return Ok(None) };
        let epochs = self.committed().epochs().clone();
        let validators =
            founding.nodes.validators().map_err(|error| ChainError::Founding(error.to_string()))?;
        let tip = Tip::genesis(self.network(), founding.anchor.start);
        let mut known = Known { tip, validators, epochs };
        for block in log.blocks(1) {
            let block = block?;
            let height = block.height;
            let wrong = |reason: String| ChainError::Log { height, reason };
            let records: Vec<_> = block.records.iter().map(AsRef::as_ref).collect();
            let seal = Seal::decode(&block.seal).map_err(|error| wrong(error.to_string()))?;
            known.follow(&seal, &records).map_err(wrong)?;
        }
        let last = match self.shared.reader.block(until + 1)? {
            Some(first) => {
                let seal = Seal::decode(&first.seal)?;
                seal.parent
            }
            None => self.committed().tip().hash(),
        };
        Ok(Some(Older { log, known, until, last }))
    }

    /// How far the older blocks are; `None` when the log is whole.
    #[must_use]
    pub fn older_blocks(&self) -> Option<OlderBlocks> {
        let held = self.shared.older_reader.tip().map_or(0, |tip| tip.height);
        let until = self.shared.base;
        (held < until).then_some(OlderBlocks { held, until })
    }
}

impl Older {
    /// The height of the next block.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.known.tip.height() + 1
    }

    /// Whether nothing is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.known.tip.height() == self.until
    }

    /// Proves the next blocks, each of them, and keeps them durably, with one sync for all. Of those up to the first
    /// that is wrong, the good ones are kept; what lies above the last one wanted is left out.
    ///
    /// # Errors
    /// [`OlderError::Unproven`] names the first that is wrong.
    pub fn take(&mut self, blocks: &[SentBlock]) -> Result<(), OlderError> {
        let (mut proven, mut wrong) = (Vec::new(), None);
        let mut known = self.known.clone();
        for sent in blocks {
            let height = known.tip.height() + 1;
            if height > self.until {
                break;
            }
            match known.prove(sent, (height == self.until).then_some(&self.last)) {
                Ok(block) => proven.push(block),
                Err(reason) => {
                    wrong = Some(Unproven { height, reason });
                    break;
                }
            }
        }
        self.log.append_all(&proven).map_err(ChainError::from)?;
        self.known = known;
        wrong.map_or(Ok(()), |wrong| Err(wrong.into()))
    }
}

impl Known {
    /// Proves the next block; what is known is then known with it. If it is wrong, nothing changes.
    fn prove(&mut self, sent: &SentBlock, last: Option<&Hash>) -> Result<StoredBlock, String> {
        let body = Body::decode(&sent.body).map_err(|error| format!("the body: {error}"))?;
        let seal = Seal::decode(body.seal).map_err(|error| format!("the seal: {error}"))?;
        let certificate: CommitCertificate = decode(&sent.certificate, 2 * RECORD_LIMIT)
            .map_err(|error| format!("the certificate: {error}"))?;
        let (hash, height) = (seal.hash(), self.tip.height() + 1);
        if last.is_some_and(|last| *last != hash) {
            return Err(format!("{hash} is not the block on which the log goes on"));
        }
        certificate
            .verify(&self.tip.network, &self.validators, height, &hash)
            .map_err(|error| error.to_string())?;
        chain::check_round(&seal, certificate.round).map_err(|error| error.to_string())?;
        self.follow(&seal, &body.records)?;
        Ok(StoredBlock {
            height,
            first_index: seal.first,
            records: body.records.iter().map(|record| sent.body.slice_ref(record)).collect(),
            seal: sent.body.slice_ref(body.seal),
            certificate: sent.certificate.clone(),
        })
    }

    /// Checks that a block continues the log, without executing it.
    fn follow(&mut self, seal: &Seal, records: &[&[u8]]) -> Result<(), String> {
        let tip = &self.tip;
        let must = |is: bool, what: &str| if is { Ok(()) } else { Err(format!("another {what}")) };
        must(seal.version == SEAL_VERSION && seal.suite == SUITE_SHA256, "version or hash suite")?;
        must(seal.network == tip.network, "network")?;
        must(seal.height == tip.height() + 1, "height")?;
        must(seal.parent == tip.hash(), "parent")?;
        must(seal.first == tip.next_index(), "first index")?;
        must(seal.records as usize == records.len(), "count of records")?;
        must(seal.time > tip.time(), "order of times")?;
        must(seal.validators == self.validators.hash(), "set of validators")?;
        must(seal.proposer == self.validators.proposer(seal.height, seal.round), "proposer")?;
        let leaves: Vec<_> = records.iter().map(|record| leaf_of(LeafKind::Record, record)).collect();
        let mut log = tip.log.clone();
        leaves.iter().for_each(|leaf| log.append(*leaf));
        must(log.root() == seal.log_root, "log root than its records lead to")?;
        if seal.next_validators != seal.validators {
            let next = self.epochs.signers_at(seal.height.saturating_add(1)).validators();
            must(next.hash() == seal.next_validators, "next validators than the snapshot has proven")?;
            self.validators = next.clone();
        }
        self.tip = tip.after(&leaves, seal.clone());
        Ok(())
    }
}
