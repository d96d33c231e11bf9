//! Open the index of a log, catch it up, and build it anew when it cannot be used: without an operator.

use super::committed::Committed;
use super::error::ChainError;
use super::outcome::Outcome;
use super::{ChainOpening, ChainOptions, layout};
use crate::store::{Index, IndexOptions, LogReader, SledIndex};
use std::path::Path;
use std::sync::Arc;
use tongda_ledger::block::{LeafKind, Seal, leaf_of};
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::Judgement;
use tongda_ledger::founding::Founding;

/// While a file of this name stands in the node's directory, the index is not used.
const SUSPECT: &str = "index.suspect";

/// Takes note that the index in this directory is not to be used.
pub(super) fn distrust_index(directory: &Path) {
    if let Err(error) = std::fs::write(directory.join(SUSPECT), b"") {
        tracing::error!(%error, "cannot note that the index is wrong; run `tongda-node reindex`");
    }
}

/// Opens the index and catches it up from the log. What is wrong with it, or was found wrong while the node ran, is moved
/// aside, and it is built anew.
pub(super) fn index(
    options: &ChainOptions,
    founding: &Founding,
    reader: &LogReader,
    opening: &mut ChainOpening,
) -> Result<(Arc<dyn Index>, Committed), ChainError> {
    let path = options.directory.join("index");
    let suspect = options.directory.join(SUSPECT);
    if suspect.exists() {
        let aside = SledIndex::discard(&path, "found wrong while the node ran")?;
        opening.set_aside = aside.map(|aside| aside.to_string());
    }
    let opened = match attempt(&path, options, founding, reader, opening) {
        // The log was checked frame by frame, so what does not fit is the index's fault until a new one says the same.
        Err(error @ (ChainError::Index(_) | ChainError::State(_) | ChainError::Log { .. })) => {
            let aside = SledIndex::discard(&path, &error.to_string())?;
            opening.set_aside = aside.map(|aside| aside.to_string());
            attempt(&path, options, founding, reader, opening)
        }
        other => other,
    }?;
    if suspect.exists() {
        std::fs::remove_file(&suspect).map_err(|error| ChainError::Index(format!("{SUSPECT}: {error}")))?;
    }
    Ok(opened)
}

fn attempt(
    path: &Path,
    options: &ChainOptions,
    founding: &Founding,
    reader: &LogReader,
    opening: &mut ChainOpening,
) -> Result<(Arc<dyn Index>, Committed), ChainError> {
    let index_options =
        IndexOptions { cache_bytes: options.index_cache, schema: layout::SCHEMA, ..IndexOptions::default() };
    let tip = reader.tip().map(|tip| tip.height).or(Some(0));
    let (index, opened) = SledIndex::open(path, *founding.network().0.as_bytes(), tip, index_options)?;
    if let Some(aside) = opened.set_aside {
        opening.set_aside = Some(aside.to_string());
    }
    let index: Arc<dyn Index> = Arc::new(index);
    let mut committed = Committed::open(index.clone(), founding)?;
    opening.replayed = replay(&mut committed, reader)?;
    Ok((index, committed))
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
        committed.apply(effects)?;
        replayed += 1;
    }
    Ok(replayed)
}
