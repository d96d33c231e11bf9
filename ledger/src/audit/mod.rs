//! Audit a log from the genesis on: apply every rule again, recompute every root, and name the first thing that is wrong.
//!
//! ```text
//! leaf bytes ──► CheckedEntry        any number at once: type, canonical bytes, signatures, leaf hash
//!                     │
//!                     ▼ in order
//!   genesis ──► Auditor::entry       records are gathered until a seal; then the block is replayed:
//!                     │              certificate, rules, state root, log root, validators, seal
//!                     ├─► next_tile  the hash tiles as they must be, to compare with those that are served
//!                     └─► prove      a checkpoint's root is the log's, more than two thirds of the validators of
//!                                    its epoch cosigned it
//! ```
//! Pure as all of the ledger: whoever audits brings the bytes, the threads and the clock. Nothing but the genesis is
//! believed. An auditor stops at the first wrong entry: what comes after it has no state to be judged by.

mod checkpoint;
mod counts;
mod entry;
mod finding;
mod kept;
mod rows;

pub use checkpoint::{Cosigner, ProvenCheckpoint, read_checkpoint};
pub use counts::Counts;
pub use entry::{CheckedEntry, EntryError};
pub use finding::{Finding, What};
pub use kept::KeptError;
pub use rows::ExpectedTile;

use crate::block::{Body, Seal};
use crate::chain::SealError;
use crate::envelope::EnvelopeError;
use crate::epoch::Signers;
use crate::founding::{Founding, FoundingError};
use crate::hash::Hash;
use crate::replay::{Applied, CheckedBlock, CheckedCertificate, CheckedRecord, Replay, ReplayError};
use crate::state::{Nodes, Read as _, StateKey, Unit};
use crate::tree::checkpoint::SignedCheckpoint;
use crate::vote::{CertificateError, NetworkId, ValidatorSet};
use entry::Content;
use rows::Rows;
use serde::Serialize;
use std::collections::BTreeMap;

/// A log as far as it was audited.
#[derive(Clone, Debug)]
pub struct Auditor {
    replay: Replay,
    rows: Rows,
    /// Records since the last seal.
    block: Vec<CheckedRecord>,
    counts: Counts,
    epochs: Vec<Epoch>,
    /// The roots of the log at seals that are checkpoints, by size.
    roots: BTreeMap<u64, Hash>,
}

/// The blocks that one set of validators decided.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Epoch {
    /// The height of the block that made this set the next one; 0 is the genesis.
    height: u64,
    /// The log's size behind that block: larger checkpoints are cosigned by this set.
    size: u64,
    nodes: Nodes,
    signers: Signers,
}

/// A set of validators, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EpochReport {
    /// The block after which it decides; 0 is the genesis.
    pub height: u64,
    /// The log's size behind that block.
    pub size: u64,
    /// The hash of the set, as seals name it.
    pub validators: Hash,
    /// The voting nodes and their powers.
    pub nodes: Vec<(String, u64)>,
}

impl Auditor {
    /// An auditor of the network of this genesis, before the first leaf.
    ///
    /// # Errors
    /// [`FoundingError`] when the founding makes no network.
    pub fn new(founding: &Founding) -> Result<Self, FoundingError> {
        let replay = Replay::new(founding)?;
        let epoch = Epoch::new(&replay, (0, 0))?;
        Ok(Self {
            replay,
            rows: Rows::default(),
            block: Vec::new(),
            counts: Counts::default(),
            epochs: vec![epoch],
            roots: BTreeMap::new(),
        })
    }

    /// The network.
    #[must_use]
    pub const fn network(&self) -> NetworkId {
        self.replay.tip().network
    }

    /// The index of the leaf that is expected next: the size of the log so far.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.rows.log().size()
    }

    /// The root of the log so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.rows.log().root()
    }

    /// The height of the last block.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.replay.tip().height()
    }

    /// The last seal; none before the first.
    #[must_use]
    pub const fn seal(&self) -> Option<&Seal> {
        self.replay.tip().seal.as_ref()
    }

    /// The replayed network.
    #[must_use]
    pub const fn replay(&self) -> &Replay {
        &self.replay
    }

    /// What was checked.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The sets of validators so far, from the genesis on.
    #[must_use]
    pub fn epochs(&self) -> Vec<EpochReport> {
        self.epochs.iter().map(Epoch::report).collect()
    }

    /// The validators that decide the next block: the best guess for certificates to be checked beforehand.
    #[must_use]
    pub const fn validators(&self) -> &ValidatorSet {
        self.replay.validators()
    }

    /// Whether all leaves so far are those of whole blocks that were replayed.
    #[must_use]
    pub fn is_at_seal(&self) -> bool {
        self.size() == self.replay.tip().next_index()
    }

    /// Remembers the root at this size when it is reached, to prove a checkpoint of it.
    pub fn watch(&mut self, size: u64) {
        self.rows.watch(size);
    }

    /// Takes the next leaf; with a seal, the certificate of its block. A block that was completed is returned.
    ///
    /// # Errors
    /// [`Finding`] names what is wrong; the auditor is at its end then, as far as [`Self::height`].
    pub fn entry(
        &mut self,
        entry: CheckedEntry,
        certificate: Option<&CheckedCertificate>,
    ) -> Result<Option<Applied>, Box<Finding>> {
        let index = self.size();
        let height = self.height() + 1;
        let wrong = |what, detail: &dyn std::fmt::Display| {
            Err(Box::new(Finding::new(what, detail).at(index).in_block(height)))
        };
        let CheckedEntry { leaf, content } = entry;
        if let (Content::Wrong(_) | Content::Genesis(_), true) = (&content, index > 0) {
            self.no_record_is_wrong()?;
        }
        let mut applied = None;
        match content {
            Content::Genesis(bytes) if index == 0 => {
                if bytes != self.network().0.as_bytes() {
                    let detail = format!("it names {}, expected {}", hex::encode(bytes), self.network());
                    return Err(Box::new(Finding::new(What::Genesis, detail).at(0)));
                }
            }
            Content::Wrong(error @ (EntryError::RecordIsSeal { .. } | EntryError::SealIsRecord { .. })) => {
                return wrong(What::Posing, &error);
            }
            Content::Wrong(error @ EntryError::Seal(_)) => return wrong(What::Seal, &error),
            Content::Wrong(error) => return wrong(What::Leaf, &error),
            Content::Genesis(_) => {
                return wrong(What::Genesis, &"a genesis leaf stands inside the log; it is leaf 0 alone");
            }
            _ if index == 0 => {
                return wrong(What::Genesis, &"leaf 0 is not the genesis leaf, which names the network");
            }
            Content::Record(record) => {
                if self.block.len() >= Body::RECORDS {
                    return wrong(What::Block, &format!("{} records and no seal", Body::RECORDS));
                }
                self.block.push(*record);
            }
            Content::Seal(seal) => {
                let Some(certificate) = certificate else {
                    return wrong(What::Certificate, &"the block has no certificate");
                };
                applied = Some(self.close(*seal, index, certificate)?);
            }
        }
        self.rows.append(leaf);
        if let Some(applied) = &applied {
            self.sealed(applied, index)
                .map_err(|error| Box::new(Finding::new(What::State, error).at(index).in_block(height)))?;
        }
        Ok(applied)
    }

    /// Looks for the first record since the last seal that is wrong by itself: it comes before what follows it.
    fn no_record_is_wrong(&self) -> Result<(), Box<Finding>> {
        let first = self.replay.tip().next_index();
        for (place, record) in (0..).zip(&self.block) {
            if let Err(error) = record.envelope() {
                let finding = Finding::new(what_of(error), error);
                return Err(Box::new(finding.at(first + place).in_block(self.height() + 1)));
            }
        }
        Ok(())
    }

    fn close(
        &mut self,
        seal: Seal,
        index: u64,
        certificate: &CheckedCertificate,
    ) -> Result<Applied, Box<Finding>> {
        let height = self.height() + 1;
        if seal.height < height {
            let detail =
                format!("it is of height {}, behind the block of height {}", seal.height, height - 1);
            return Err(Box::new(Finding::new(What::OldSeal, detail).at(index).in_block(height)));
        }
        let first = self.replay.tip().next_index();
        let block = CheckedBlock::of(std::mem::take(&mut self.block), seal);
        let applied = self.replay.apply(block, certificate).map_err(|error| {
            let record = match &error {
                ReplayError::Envelope { record, .. } | ReplayError::Refused { record, .. } => Some(*record),
                _ => None,
            };
            let place = record.map_or(index, |record| first + record as u64);
            Box::new(self.blame(error, certificate).at(place).in_block(height))
        })?;
        self.counts.add(&applied, certificate.certificate().signatures.len());
        Ok(applied)
    }

    /// Says in which kind of thing an error lies.
    fn blame(&self, error: ReplayError, certificate: &CheckedCertificate) -> Finding {
        let what = match &error {
            ReplayError::Body(_) => What::Block,
            ReplayError::Envelope { error, .. } => what_of(error),
            ReplayError::Refused { .. } => What::Rule,
            ReplayError::State(_) => What::State,
            ReplayError::SealBytes(_) => What::Seal,
            ReplayError::Seal(error) => match error {
                SealError::LogRoot(_) => What::LogRoot,
                SealError::StateRoot(_) => What::StateRoot,
                SealError::Validators(_) | SealError::NextValidators(_) => What::Validators,
                SealError::TooManyRecords { .. } | SealError::TooManyBytes { .. } => What::Block,
                _ => What::Seal,
            },
            ReplayError::Certificate(error) => return self.blame_certificate(error, certificate),
        };
        let refusals = match &error {
            ReplayError::Refused { refusals, .. } => refusals.clone(),
            _ => Vec::new(),
        };
        Finding { refusals, ..Finding::new(what, error) }
    }

    /// A certificate that does not prove its block: of another epoch, of another block than stands here, or of none.
    fn blame_certificate(&self, error: &CertificateError, checked: &CheckedCertificate) -> Finding {
        let own = checked.certificate();
        let (network, height) = (self.network(), self.height() + 1);
        let decided = |set: &ValidatorSet| checked.verify(&network, set, own.height, &own.block).is_ok();
        if matches!(error, CertificateError::OtherBlock { .. }) {
            if own.height == height && decided(self.replay.validators()) {
                let detail = format!("the validators decided the block {}, and not this seal", own.block);
                return Finding::new(What::Seal, detail);
            }
            return Finding::new(What::Certificate, error);
        }
        let current = self.replay.validators().hash();
        let other = self.epochs.iter().rev().filter(|epoch| epoch.signers.hash() != current);
        match other.into_iter().find(|epoch| decided(epoch.signers.validators())) {
            Some(epoch) => {
                let detail = format!(
                    "it is signed by the validators of the epoch that began behind height {}: {error}",
                    epoch.height
                );
                Finding::new(What::OtherEpoch, detail)
            }
            None => Finding::new(What::Certificate, error),
        }
    }

    /// Notes what a block has changed for those who come after it.
    fn sealed(&mut self, applied: &Applied, index: u64) -> Result<(), crate::state::Fault> {
        let size = index + 1;
        if applied.seal.is_checkpoint() {
            self.roots.insert(size, self.rows.log().root());
        }
        if applied.executed.writes.values.contains_key(&StateKey::of::<Nodes>(&Unit)) {
            let epoch = Epoch::new(&self.replay, (applied.seal.height, size))?;
            let before = self.epochs.last().expect("the first epoch is the genesis");
            if epoch.signers != before.signers {
                self.epochs.push(epoch);
            }
        }
        Ok(())
    }

    /// The next tile of hashes that became full, as it must be.
    pub fn next_tile(&mut self) -> Option<ExpectedTile> {
        self.rows.next_full()
    }

    /// The tiles at the end of each level that are not full.
    #[must_use]
    pub fn partial_tiles(&self) -> Vec<ExpectedTile> {
        self.rows.partial()
    }

    /// Compares a leaf that was audited before with the one that was audited, as far as the open tile tells.
    ///
    /// # Errors
    /// [`Finding`] when it is another leaf, or one that is not known any more.
    pub fn seen(&self, index: u64, leaf: Hash) -> Result<(), Box<Finding>> {
        let open = self.rows.open().next().unwrap_or_default();
        let first = self.size() - open.len() as u64;
        let known = index.checked_sub(first).and_then(|place| open.get(usize::try_from(place).ok()?));
        if known == Some(&leaf) {
            return Ok(());
        }
        let detail = "it is another leaf than the one that was audited before";
        Err(Box::new(Finding::new(What::Leaf, detail).at(index)))
    }

    /// Proves a checkpoint: that it is of this log, stands at a seal, has the replayed root, and is cosigned by more
    /// than two thirds of the voting power of the validators that decided the block.
    ///
    /// The size must have been watched, or belong to a seal that is a checkpoint.
    ///
    /// # Errors
    /// [`Finding`] says which of these does not hold.
    pub fn prove(&self, signed: &SignedCheckpoint) -> Result<ProvenCheckpoint, Box<Finding>> {
        let checkpoint = signed.checkpoint();
        let size = checkpoint.size;
        let at = |finding: Finding| Box::new(finding.at(size.saturating_sub(1)));
        let root = self.root_at(size).ok_or_else(|| {
            let detail =
                format!("no root is known of the log at size {size}; it was audited up to {}", self.size());
            Box::new(Finding::new(What::Checkpoint, detail))
        })?;
        if checkpoint.root != root {
            let detail = format!("at size {size} it is {}, expected {root}", checkpoint.root);
            return Err(at(Finding::new(What::CheckpointRoot, detail)));
        }
        checkpoint::prove(&self.replay.tip().network, self.signers_at(size), signed).map_err(at)
    }

    /// The log's root at a size, if it is known.
    #[must_use]
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        let now = (size == self.size()).then(|| self.root());
        now.or_else(|| self.roots.get(&size).copied()).or_else(|| self.rows.root_at(size))
    }

    /// The validators that cosign a log of this size: those that decided its last block.
    fn signers_at(&self, size: u64) -> &Signers {
        let epoch = self.epochs.iter().rev().find(|epoch| epoch.size < size);
        &epoch.unwrap_or(&self.epochs[0]).signers
    }

    /// Says who cosigned a checkpoint beyond the audited log, under the validators known last. Its root is not compared.
    ///
    /// # Errors
    /// [`Finding`] when it is not cosigned by more than two thirds of their voting power.
    pub fn cosigned(&self, signed: &SignedCheckpoint) -> Result<ProvenCheckpoint, Box<Finding>> {
        let signers = self.signers_at(signed.checkpoint().size);
        Ok(checkpoint::prove(&self.replay.tip().network, signers, signed)?)
    }
}

fn what_of(error: &EnvelopeError) -> What {
    match error {
        EnvelopeError::Signature { .. } | EnvelopeError::Unsigned => What::Signature,
        _ => What::Record,
    }
}

impl ExpectedTile {
    /// Compares a tile that is served, or a part of it, with what it must be.
    ///
    /// # Errors
    /// [`Finding`] names the first leaf under the first hash that differs.
    pub fn check(&self, bytes: &[u8]) -> Result<(), Box<Finding>> {
        self.compare(bytes).map_err(|place| {
            let detail = match (bytes.len() / 32).checked_sub(place) {
                Some(rest) if rest > 0 && place < self.hashes.len() => format!("hash {place} of it differs"),
                _ => format!("it has {} bytes, expected {}", bytes.len(), 32 * self.hashes.len()),
            };
            Box::new(Finding::new(What::Tile, detail).at(self.first_leaf(place)))
        })
    }

    /// The beginning of the tile: what a partial tile of this width must be; none when it is wider.
    #[must_use]
    pub fn narrowed(&self, width: u16) -> Option<Self> {
        let hashes = self.hashes.get(..usize::from(width))?.to_vec();
        let span = crate::tree::tile::Span::new(self.tile.span().index(), width)?;
        Some(Self { tile: crate::tree::tile::Tile::new(self.tile.level(), span)?, hashes })
    }
}

impl Epoch {
    fn new(replay: &Replay, (height, size): (u64, u64)) -> Result<Self, crate::state::Fault> {
        let nodes: Nodes = replay.state().must(&Unit)?;
        Self::of(nodes, (height, size))
    }

    fn of(nodes: Nodes, (height, size): (u64, u64)) -> Result<Self, crate::state::Fault> {
        let signers = Signers::of(&nodes);
        let signers = signers.map_err(|error| crate::state::Fault::Contradiction(error.to_string()))?;
        Ok(Self { height, size, nodes, signers })
    }

    fn report(&self) -> EpochReport {
        let voting = self.nodes.nodes.iter().filter(|node| node.power > 0);
        EpochReport {
            height: self.height,
            size: self.size,
            validators: self.signers.hash(),
            nodes: voting.map(|node| (node.name.to_string(), node.power)).collect(),
        }
    }
}
