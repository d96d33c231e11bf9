//! Tell those who wait for a record what became of it, and remember it for those who ask late.

use std::collections::HashMap;
use tongda_ledger::hash::Hash;
use tongda_ledger::refusal::Refusal;

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in the log.
    Committed {
        /// Its index in the log.
        index: u64,
        /// The block that brought it.
        height: u64,
    },
    /// The rules refused it when its turn came, for all these reasons.
    Refused(Vec<Refusal>),
    /// Its window passed before a block took it.
    Expired,
    /// This node does not hold it: it never did, or has forgotten. It may still be committed through another node.
    Dropped,
}

/// The outcomes of late, in two generations: the old one is dropped when the young one is half of what may be held.
/// A committed record is known by its id, for all its envelopes; any other by its fingerprint.
pub(super) struct Outcomes {
    young: HashMap<Hash, Outcome>,
    old: HashMap<Hash, Outcome>,
    limit: usize,
}

impl Outcomes {
    pub(super) fn new(limit: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), limit }
    }

    pub(super) fn remember(&mut self, name: Hash, outcome: Outcome) {
        if self.young.len() + 1 > self.limit / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(name, outcome);
    }

    pub(super) fn forget(&mut self, name: &Hash) {
        self.young.remove(name);
        self.old.remove(name);
    }

    pub(super) fn get(&self, name: &Hash) -> Option<&Outcome> {
        self.young.get(name).or_else(|| self.old.get(name))
    }
}
