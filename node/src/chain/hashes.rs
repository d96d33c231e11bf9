//! Keep the hashes of the log's tree level with the log: checked and caught up when the chain is opened, appended to with
//! each block, filled when older blocks have come.
//!
//! They follow from the log. What is lost, torn or wrong is made anew from it, without an operator.

use super::committed::Effects;
use super::error::ChainError;
use super::{Chain, ChainOpening, unpoisoned};
use crate::store::{HashStore, LogReader, StoredBlock};
use rayon::prelude::*;
use std::path::Path;
use tongda_ledger::block::{LeafKind, Tip, leaf_of};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::Frontier;
use tongda_ledger::vote::NetworkId;

/// The folder in a node's directory.
const FOLDER: &str = "log-hashes";

/// Blocks that are hashed side by side.
const TOGETHER: usize = 256;

/// Opens the hashes of a log with this tip, catches them up, and makes them anew where they do not lead to its root.
pub(super) fn open(
    directory: &Path,
    reader: &LogReader,
    tip: &Tip,
    opening: &mut ChainOpening,
) -> Result<HashStore, ChainError> {
    let size = tip.next_index();
    // The first leaf that the log can give again.
    let first = match (reader.first(), &tip.seal) {
        (Some((1, _)), _) | (None, None) => 0,
        (Some((_, first)), _) => first,
        (None, Some(_)) => size,
    };
    let whole = first == 0;
    let mut store = HashStore::open(&directory.join(FOLDER), size)?;
    if whole && store.base().size() > 0 {
        opening.hashes_rebuilt = Some("the blocks that were missing below them are here".into());
        store.reset(Frontier::new())?;
    } else if store.size() < first {
        // Where a node has just begun from a snapshot, this is no loss.
        if reader.first().is_some() {
            opening.hashes_rebuilt = Some("they did not reach up to the log's first block".into());
        }
        store.reset(tip.log.clone())?;
    }
    opening.hashed = catch_up(&mut store, reader, tip.network, size)?;
    let Err(reason) = store.reader().check(&tip.log.root())? else { return Ok(store) };
    let base = Some(store.base()).filter(|base| base.size() >= first.max(1));
    store.reset(if whole { Frontier::new() } else { base.unwrap_or_else(|| tip.log.clone()) })?;
    opening.hashed = catch_up(&mut store, reader, tip.network, size)?;
    match store.reader().check(&tip.log.root())? {
        Ok(()) => {}
        Err(reason) if whole => return Err(ChainError::Log { height: tip.height(), reason }),
        // The frontier behind the snapshot was wrong: they begin at the tip, and older ones come with the older blocks.
        Err(_) => store.reset(tip.log.clone())?,
    }
    opening.hashes_rebuilt = Some(reason);
    Ok(store)
}

/// Appends what the log has beyond the hashes; how many leaves that is.
fn catch_up(
    store: &mut HashStore,
    reader: &LogReader,
    network: NetworkId,
    size: u64,
) -> Result<u64, ChainError> {
    let held = store.size();
    if held == 0 {
        store.append(&[genesis_leaf(network)])?;
    }
    if store.size() >= size {
        return Ok(store.size() - held);
    }
    let wrong = || ChainError::Hashes(format!("the log has no block with entry {}", store.size()));
    let mut blocks = reader.blocks(reader.height_of(store.size()).ok_or_else(wrong)?);
    loop {
        let together: Vec<_> = blocks.by_ref().take(TOGETHER).collect::<Result<_, _>>()?;
        let Some(first) = together.first() else { return Ok(store.size() - held) };
        let known = usize::try_from(store.size().saturating_sub(first.first_index)).unwrap_or(usize::MAX);
        let leaves: Vec<_> = together.par_iter().flat_map_iter(leaves).collect();
        store.append(leaves.get(known..).unwrap_or_default())?;
    }
}

fn genesis_leaf(network: NetworkId) -> Hash {
    leaf_of(LeafKind::Genesis, network.0.as_bytes())
}

/// A block's leaf hashes: its records' and its seal's.
fn leaves(block: &StoredBlock) -> impl Iterator<Item = Hash> + '_ {
    let records = block.records.iter().map(|record| leaf_of(LeafKind::Record, record));
    records.chain(std::iter::once_with(|| leaf_of(LeafKind::Seal, &block.seal)))
}

impl Chain {
    /// Appends the leaves of a block that is in the log. A disk that does not take them stops nothing: they follow with
    /// a later block, or at the next start.
    pub(super) fn append_hashes(&self, effects: &Effects) {
        let Some(seal) = &effects.tip.seal else { return };
        let mut store = unpoisoned(&self.shared.hashes);
        let appended = if store.size() == seal.first {
            let leaves: Vec<_> = effects.leaves.iter().copied().chain([seal.hash()]).collect();
            store.append(&leaves).map_err(ChainError::from)
        } else {
            catch_up(&mut store, &self.shared.reader, self.network(), effects.tip.next_index()).map(drop)
        };
        if let Err(error) = appended {
            tracing::error!(%error, height = seal.height, "the block's leaf hashes could not be kept");
        }
    }

    /// Fills the hashes of what lies before the snapshot with which the node began, once all older blocks are here.
    /// How many leaves were filled in; 0 when there is nothing to fill, or blocks are still missing.
    ///
    /// # Errors
    /// [`ChainError::Hashes`] when the older blocks do not lead to the frontier that the hashes begin with: it is then
    /// taken from the blocks at the next start.
    pub fn fill_hashes(&self) -> Result<u64, ChainError> {
        let base = self.shared.hash_reader.base();
        if base == 0 || self.older_blocks().is_some() {
            return Ok(0);
        }
        let older = self.shared.older_reader.blocks(1).chain(self.shared.reader.blocks(self.shared.base + 1));
        let older = older.flat_map(|block| match block {
            Ok(block) => leaves(&block).map(Ok).collect::<Vec<_>>(),
            Err(error) => vec![Err(ChainError::from(error))],
        });
        let leaves = std::iter::once(Ok(genesis_leaf(self.network()))).chain(older);
        if self.shared.hash_reader.fill(leaves)? {
            return Ok(base);
        }
        Err(ChainError::Hashes(format!(
            "the older blocks lead to another frontier than that of entry {base}"
        )))
    }
}
