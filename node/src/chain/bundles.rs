//! Read the log in bundles: the leaves' bytes by log index, the commit certificates by height.

use super::{Chain, Unavailable};
use crate::store::StoredBlock;
use tongda_ledger::block::{LeafKind, leaf_bytes};
use tongda_ledger::tree::bundle::{encode_commits, encode_entries};
use tongda_ledger::tree::{Span, TilePath};

impl Chain {
    /// The bytes of a tile or a bundle.
    ///
    /// # Errors
    /// [`Unavailable`] when the log does not have all of it, or it is not here.
    pub fn piece(&self, path: TilePath) -> Result<Vec<u8>, Unavailable> {
        match path {
            TilePath::Tile(tile) => self.tile(tile),
            TilePath::Entries(span) => self.entry_bundle(span),
            TilePath::Commits(span) => self.commit_bundle(span),
        }
    }

    /// The bundle of these entries of the log, each with its type tag.
    ///
    /// # Errors
    /// [`Unavailable`] when the log does not have all of them, or they are not here.
    pub fn entry_bundle(&self, span: Span) -> Result<Vec<u8>, Unavailable> {
        let size = self.committed().tip().next_index();
        if !span.is_within(size) {
            return Err(self.beyond());
        }
        let (mut at, end) = (span.start(), span.start() + u64::from(span.width()));
        let mut leaves = Vec::with_capacity(usize::from(span.width()));
        if at == 0 {
            leaves.push(leaf_bytes(LeafKind::Genesis, self.network().0.as_bytes()));
            at = 1;
        }
        while at < end {
            let block = self.block_with(at)?;
            let next = block.next_index();
            let skipped = usize::try_from(at - block.first_index).unwrap_or(usize::MAX);
            let wanted = usize::try_from(end - at).unwrap_or(usize::MAX);
            let records = block.records.iter().map(|record| leaf_bytes(LeafKind::Record, record));
            let entries = records.chain(std::iter::once_with(|| leaf_bytes(LeafKind::Seal, &block.seal)));
            leaves.extend(entries.skip(skipped).take(wanted));
            at = next;
        }
        Ok(encode_entries(leaves))
    }

    /// The bundle of these commit certificates: item 0 is that of height 1.
    ///
    /// # Errors
    /// As [`Self::entry_bundle`].
    pub fn commit_bundle(&self, span: Span) -> Result<Vec<u8>, Unavailable> {
        if !span.is_within(self.committed().tip().height()) {
            return Err(self.beyond());
        }
        let heights = span.start() + 1..=span.start() + u64::from(span.width());
        let certificates = heights.map(|height| {
            let block = self.block(height)?.ok_or_else(|| self.not_here())?;
            Ok(block.certificate)
        });
        Ok(encode_commits(certificates.collect::<Result<Vec<_>, Unavailable>>()?))
    }

    /// The block with this entry of the log.
    ///
    /// # Errors
    /// [`Unavailable`] when the log does not have it, or it is not here.
    pub fn block_with(&self, index: u64) -> Result<StoredBlock, Unavailable> {
        let height =
            self.shared.reader.height_of(index).or_else(|| self.shared.older_reader.height_of(index));
        let block = height.map(|height| self.block(height)).transpose()?.flatten();
        let beyond = index >= self.committed().tip().next_index();
        block.ok_or_else(|| if beyond { self.beyond() } else { self.not_here() })
    }

    /// What is within the log and not here lies before the log's first block.
    fn not_here(&self) -> Unavailable {
        let first = self.shared.reader.first().map(|(_, first)| first);
        Unavailable::Older { base: first.unwrap_or_else(|| self.committed().tip().next_index()) }
    }
}
