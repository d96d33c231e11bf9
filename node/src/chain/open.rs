//! Open the index of a log, catch it up, and build it anew when it cannot be used: without an operator.
//!
//! A new index begins at the newest snapshot that proves itself and lies within the log, and at the genesis only where
//! there is none.

use super::committed::Committed;
use super::error::ChainError;
use super::outcome::Outcome;
use super::restore::{self, verify_snapshot};
use super::{Beginning, ChainOpening, ChainOptions, layout};
use crate::store::{Index, IndexOptions, LogReader, SledIndex, SnapshotFile, Snapshots};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tongda_ledger::block::{LeafKind, Seal, leaf_of};
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::Judgement;
use tongda_ledger::founding::Founding;
use tongda_ledger::snapshot::Verified;

/// While a file of this name stands in the node's directory, the index is not used.
const SUSPECT: &str = "index.suspect";

/// Takes note that the index in this directory is not to be used.
pub(super) fn distrust_index(directory: &Path) {
    if let Err(error) = std::fs::write(directory.join(SUSPECT), b"") {
        tracing::error!(%error, "cannot note that the index is wrong; run `tongda-node reindex`");
    }
}

/// What an index is opened with.
pub(super) struct Opener<'a> {
    pub(super) options: &'a ChainOptions,
    pub(super) founding: &'a Founding,
    pub(super) reader: &'a LogReader,
    pub(super) snapshots: &'a Snapshots,
    pub(super) beginning: Beginning,
}

impl Opener<'_> {
    /// Opens the index and catches it up from the log. What is wrong with it, or was found wrong while the node ran, is
    /// moved aside, and it is built anew.
    pub(super) fn index(
        &self,
        opening: &mut ChainOpening,
    ) -> Result<(Arc<dyn Index>, Committed), ChainError> {
        let path = self.path();
        let suspect = self.options.directory.join(SUSPECT);
        if suspect.exists() {
            let aside = SledIndex::discard(&path, "found wrong while the node ran")?;
            opening.set_aside = aside.map(|aside| aside.to_string());
        }
        let opened = match self.attempt(opening) {
            // The log was checked frame by frame, so what does not fit is the index's fault until a new one says the
            // same.
            Err(error @ (ChainError::Index(_) | ChainError::State(_) | ChainError::Log { .. })) => {
                let aside = SledIndex::discard(&path, &error.to_string())?;
                opening.set_aside = aside.map(|aside| aside.to_string());
                self.attempt(opening)
            }
            other => other,
        }?;
        if suspect.exists() {
            std::fs::remove_file(&suspect)
                .map_err(|error| ChainError::Index(format!("{SUSPECT}: {error}")))?;
        }
        Ok(opened)
    }

    fn path(&self) -> PathBuf {
        self.options.directory.join("index")
    }

    fn index_options(&self) -> IndexOptions {
        let cache_bytes = self.options.index_cache;
        IndexOptions { cache_bytes, schema: layout::SCHEMA, ..IndexOptions::default() }
    }

    fn attempt(&self, opening: &mut ChainOpening) -> Result<(Arc<dyn Index>, Committed), ChainError> {
        let mut index = self.open(opening)?;
        if index.height().is_none()
            && let Some((file, verified)) = self.snapshot(opening)?
        {
            drop(index);
            restore::remove(&self.path())?;
            restore::install(&self.path(), &file.path, &verified, self.founding, self.index_options())?;
            opening.restored = Some(file.height);
            index = self.open(opening)?;
        }
        let index: Arc<dyn Index> = Arc::new(index);
        let mut committed = Committed::open(index.clone(), self.founding)?;
        opening.replayed = replay(&mut committed, self.reader)?;
        Ok((index, committed))
    }

    fn open(&self, opening: &mut ChainOpening) -> Result<SledIndex, ChainError> {
        // Behind a snapshot and before the first block, the log has no tip: the newest snapshot is where it will begin.
        let newest = || Ok::<_, ChainError>(self.snapshots.list()?.last().map_or(0, |file| file.height));
        let tip = self.reader.tip().map_or_else(newest, |tip| Ok(tip.height))?;
        let network = *self.founding.network().0.as_bytes();
        let (index, opened) = SledIndex::open(&self.path(), network, Some(tip), self.index_options())?;
        if let Some(aside) = opened.set_aside {
            opening.set_aside = Some(aside.to_string());
        }
        Ok(index)
    }

    /// The snapshot that a new index begins with. Bad ones are set aside, and the next is tried.
    fn snapshot(&self, opening: &mut ChainOpening) -> Result<Option<(SnapshotFile, Verified)>, ChainError> {
        let first = self.reader.first().map_or(1, |(height, _)| height);
        let mut files = self.snapshots.list()?;
        if let Some(tip) = self.reader.tip() {
            files.retain(|file| (first - 1..=tip.height).contains(&file.height));
        }
        match self.beginning {
            Beginning::Newest => files.reverse(),
            Beginning::Oldest => {}
            Beginning::Genesis => files.clear(),
        }
        for file in files {
            match self.prove(&file) {
                Ok(verified) => return Ok(Some((file, verified))),
                Err(error) => {
                    let bad = self.snapshots.set_aside(&file.path)?;
                    opening.bad_snapshots.push(format!("{} ({error})", bad.display()));
                }
            }
        }
        if first > 1 { Err(ChainError::NoBeginning { first }) } else { Ok(None) }
    }

    /// Proves a snapshot, and compares it with the log.
    fn prove(&self, file: &SnapshotFile) -> Result<Verified, ChainError> {
        let verified = verify_snapshot(&file.path, self.founding)?;
        let seal = &verified.header.seal;
        if seal.height != file.height {
            return Err(ChainError::Index(format!("the file holds the snapshot of height {}", seal.height)));
        }
        match self.reader.block(file.height)? {
            Some(block) if *block.seal != *seal.bytes() => {
                Err(ChainError::Index(format!("the log has another block at height {}", file.height)))
            }
            _ => Ok(verified),
        }
    }
}

/// Executes the blocks that the index lacks.
fn replay(committed: &mut Committed, reader: &LogReader) -> Result<u64, ChainError> {
    let from = committed.tip().height() + 1;
    let mut replayed = 0;
    for block in reader.blocks(from) {
        let block = block?;
        let height = block.height;
        let wrong = |reason: String| ChainError::Log { height, reason };
        let seal = Seal::decode(&block.seal).map_err(|error| wrong(format!("the seal: {error}")))?;
        let mut execution = super::execution(committed, seal.time)?;
        let mut leaves = Vec::with_capacity(block.records.len());
        let mut ids = Vec::with_capacity(block.records.len());
        for (place, record) in block.records.iter().enumerate() {
            let envelope =
                Envelope::decode(record).map_err(|error| wrong(format!("record {place}: {error}")))?;
            if let Judgement::Refused(refusals) = execution.record(&envelope)? {
                return Err(wrong(format!("record {place}: {refusals:?}")));
            }
            leaves.push(leaf_of(LeafKind::Record, record));
            ids.push(envelope.id());
        }
        let outcome = Outcome::of(committed, execution, leaves, ids)?;
        outcome.check(committed, &seal).map_err(|error| wrong(error.to_string()))?;
        let effects = outcome.effects(committed.tip(), seal);
        committed.apply(effects, &block.certificate)?;
        replayed += 1;
    }
    Ok(replayed)
}
