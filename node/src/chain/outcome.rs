//! Conclude a block's execution: what its seal must say, and what its commit will write.
//!
//! A proposer makes the seal of it, a validator and a replay compare with it: one computation for all three.

use super::committed::{Committed, Effects};
use super::error::ChainError;
use tongda_ledger::block::{Seal, Tip};
use tongda_ledger::chain::{self, Making, SealError};
use tongda_ledger::execution::{Executed, Execution};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::Timestamp;
use tongda_ledger::state::{Nodes, Stored as _, Writes};
use tongda_ledger::tree::Change;
use tongda_ledger::vote::{Address, ValidatorSet};

/// What the execution of a block's records came to.
pub(super) struct Outcome {
    executed: Executed,
    change: Change,
    next: ValidatorSet,
    leaves: Vec<Hash>,
    ids: Vec<Hash>,
}

impl Outcome {
    /// Ends an execution. `leaves` and `ids` are those of the records that counted, in order.
    pub(super) fn of(
        committed: &Committed,
        execution: Execution<'_>,
        leaves: Vec<Hash>,
        ids: Vec<Hash>,
    ) -> Result<Self, ChainError> {
        let executed = execution.finish()?;
        let change = committed.change(&executed.writes)?;
        let next = next_validators(committed, &executed.writes)?;
        Ok(Self { executed, change, next, leaves, ids })
    }

    fn making<'a>(
        &'a self,
        committed: &'a Committed,
        round: u32,
        time: Timestamp,
        proposer: Address,
    ) -> Making<'a> {
        Making {
            round,
            time,
            proposer,
            record_leaves: &self.leaves,
            state_root: self.change.root(),
            validators: committed.validators(),
            next_validators: &self.next,
            every: committed.parameters().checkpoint_every,
        }
    }

    /// The seal of the block, if this is made in this round, at this time, by this proposer.
    pub(super) fn seal(&self, committed: &Committed, round: u32, time: Timestamp, proposer: Address) -> Seal {
        chain::make_seal(committed.tip(), &self.executed, self.making(committed, round, time, proposer))
    }

    /// Checks every field of a seal.
    pub(super) fn check(&self, committed: &Committed, seal: &Seal) -> Result<(), SealError> {
        let making = self.making(committed, seal.round, seal.time, seal.proposer);
        chain::check_seal(committed.tip(), seal, &self.executed, making)
    }

    /// What the commit of the block with this seal writes.
    pub(super) fn effects(self, tip: &Tip, seal: Seal) -> Effects {
        let mut sealed = tip.log.clone();
        self.leaves.iter().for_each(|leaf| sealed.append(*leaf));
        let before = Tip { log: sealed.clone(), ..tip.clone() };
        let tip = before.after(&[], seal);
        let Self { executed, change, leaves, ids, .. } = self;
        Effects { writes: executed.writes, change, tip, sealed, leaves, ids }
    }
}

/// The validators of the height after a block with these writes.
fn next_validators(committed: &Committed, writes: &Writes) -> Result<ValidatorSet, ChainError> {
    if !writes.values.keys().any(|key| key.tag() == Nodes::TAG) {
        return Ok(committed.validators().clone());
    }
    Ok(chain::validators_after(committed, writes)?)
}
