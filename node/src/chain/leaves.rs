//! Read the leaves of the state map from the index that keeps the values.

use super::committed::broken;
use super::layout;
use crate::store::{Index, Scan};
use tongda_ledger::hash::Hash;
use tongda_ledger::state::Fault;
use tongda_ledger::tree::{Leaves, PageAddress, value_hash};

/// The leaves of the values in an index.
pub(super) struct IndexLeaves<'a>(pub(super) &'a dyn Index);

impl Leaves for IndexLeaves<'_> {
    type Error = Fault;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Fault> {
        let range = page.range();
        let from = layout::state(range.start());
        let last = layout::state(range.end());
        let mut leaves = Vec::new();
        let mut scan = Scan::prefix(layout::STATE).from(from).limit(64);
        loop {
            let entries = self.0.scan(&scan).map_err(broken)?;
            let Some((next, _)) = entries.last().cloned() else { return Ok(leaves) };
            for (key, entry) in entries {
                if key.as_ref() > last.as_slice() {
                    return Ok(leaves);
                }
                let (_, value) = layout::split_entry(&entry)
                    .ok_or_else(|| Fault::Store("an entry is cut short".into()))?;
                let hash = layout::split_state(&key);
                let hash = hash.ok_or_else(|| Fault::Store("a state key has no hash".into()))?;
                leaves.push((hash, value_hash(value)));
            }
            scan = Scan::prefix(layout::STATE).after(next.to_vec()).limit(64);
        }
    }
}
