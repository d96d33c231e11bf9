//! Remember genuine prevotes, to believe no proposer that claims more of them than there are.
//!
//! A block that is proposed again is exempt from the clock rule, for validators may have locked it while its time
//! was right. Who leads a round could claim that of any block. So the claim counts only if validators with more
//! than a third of the power have prevoted for the block in the round that it names: one of them is honest and
//! has judged the block by its clock, or by such a claim.

use crate::context::Validators;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use tongda_ledger::hash::Hash;
use tongda_ledger::vote::Address;

/// The genuine prevotes for blocks at one height.
#[derive(Default)]
pub(crate) struct Prevotes(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    height: u64,
    /// The first block that a validator prevoted for in a round. The engine verifies no vote of a round far ahead,
    /// so this is bounded by the validators times the rounds of one height.
    first: BTreeMap<(u32, Address), Hash>,
}

impl Prevotes {
    /// Forgets what came before and listens for prevotes at `height`.
    pub(crate) fn begin(&self, height: u64) {
        *self.lock() = Inner { height, first: BTreeMap::new() };
    }

    /// Notes a prevote whose signature is genuine.
    pub(crate) fn note(&self, height: u64, round: u32, block: Hash, voter: Address) {
        let mut inner = self.lock();
        if inner.height == height {
            inner.first.entry((round, voter)).or_insert(block);
        }
    }

    /// Whether more than a third of the power prevoted for `block` in `round`.
    pub(crate) fn support(&self, validators: &Validators, round: u32, block: Hash) -> bool {
        let inner = self.lock();
        let whole_round = (round, Address([0; 20]))..=(round, Address([0xFF; 20]));
        let votes = inner.first.range(whole_round).filter(|(_, voted)| **voted == block);
        let power = votes.filter_map(|((_, voter), _)| validators.get(voter)).map(|voter| voter.power).sum();
        validators.exceeds_third(power)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::validators;

    #[test]
    fn a_block_counts_as_proposed_again_only_with_more_than_a_third_of_the_prevotes() {
        let (_, set) = validators(4);
        let addresses: Vec<_> = set.ledger().validators().iter().map(|v| Address::of(&v.vote_key)).collect();
        let (block, other) = (Hash([1; 32]), Hash([2; 32]));
        let prevotes = Prevotes::default();
        prevotes.begin(5);
        prevotes.note(5, 0, block, addresses[0]);
        prevotes.note(5, 0, block, addresses[0]);
        prevotes.note(4, 0, block, addresses[1]);
        prevotes.note(5, 1, block, addresses[1]);
        prevotes.note(5, 0, other, addresses[1]);
        prevotes.note(5, 0, block, addresses[1]);
        assert!(!prevotes.support(&set, 0, block));
        prevotes.note(5, 0, block, addresses[2]);
        assert!(prevotes.support(&set, 0, block));
        prevotes.begin(6);
        assert!(!prevotes.support(&set, 0, block));
    }
}
