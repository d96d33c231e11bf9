//! Continue the chain: make a block's seal, and check a seal against the block before it and what its records came to.
//!
//! The same lines make a seal and check one: whoever checks makes the seal anew from the proposer's round and time and
//! compares field by field. A proposer calls [`make_seal`]; a validator, replay and audit call
//!
//! 1. [`check_header`] before executing: everything that follows from the block before;
//! 2. [`check_size`]: the records are not more than the parameters allow;
//! 3. [`check_seal`] after executing: everything else;
//! 4. [`check_clock`] when voting on a fresh proposal, and only then; [`check_round`] once the block is decided.

use crate::block::{Body, SEAL_VERSION, SUITE_SHA256, Seal, Tip};
use crate::execution::Executed;
use crate::hash::Hash;
use crate::identifier::Timestamp;
use crate::state::{Fault, Nodes, Parameters, Read as _, StateKey, Stored as _, Unit, View, Writes};
use crate::tree::value_hash;
use crate::vote::{Address, NetworkId, ValidatorSet};
use std::collections::BTreeMap;
use std::fmt;

/// How far a fresh proposal's time may be ahead of a voter's clock, in milliseconds.
pub const CLOCK_AHEAD: u64 = 2000;

/// What a seal is made of beside the block before it and what the execution came to.
#[derive(Clone, Copy, Debug)]
pub struct Making<'a> {
    /// The round in which the block is made.
    pub round: u32,
    /// The block's time.
    pub time: Timestamp,
    /// Who makes it.
    pub proposer: Address,
    /// The leaf hashes of the records, in order.
    pub record_leaves: &'a [Hash],
    /// The root of the state map after the block.
    pub state_root: Hash,
    /// The validators that decide this block: those of the state before it.
    pub validators: &'a ValidatorSet,
    /// The validators that decide the next block: those of the state after this one.
    pub next_validators: &'a ValidatorSet,
    /// Milliseconds of seal time between checkpoints: the parameter of the state before the block.
    pub every: u64,
}

/// A field's value as it is, and as it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differs<T> {
    /// What stands in the seal.
    pub found: T,
    /// What must stand there.
    pub expected: T,
}

impl<T: fmt::Display> fmt::Display for Differs<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, expected {}", self.found, self.expected)
    }
}

/// The first field of a seal that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The format's version.
    #[error("WRONG SEAL VERSION: {0}")]
    Version(Differs<u8>),
    /// The network.
    #[error("WRONG NETWORK: {0}")]
    Network(Differs<NetworkId>),
    /// The hash suite.
    #[error("WRONG HASH SUITE: {0}")]
    Suite(Differs<u8>),
    /// The height.
    #[error("WRONG HEIGHT: {0}")]
    Height(Differs<u64>),
    /// The block before.
    #[error("WRONG PARENT: {0}")]
    Parent(Differs<Hash>),
    /// A time that is not later than the time of the block before.
    #[error("WRONG TIME: {found}, not later than the block before, {parent}")]
    Time {
        /// The seal's time.
        found: Timestamp,
        /// The time of the block before.
        parent: Timestamp,
    },
    /// A time too far ahead of the clock.
    #[error("WRONG TIME: {found} is more than {CLOCK_AHEAD} ms ahead of the clock, {clock}")]
    Ahead {
        /// The seal's time.
        found: Timestamp,
        /// The time of the voter's clock.
        clock: Timestamp,
    },
    /// The proposer of height and origin round.
    #[error("WRONG PROPOSER: {0}")]
    Proposer(Differs<Address>),
    /// A block made in a later round than the one that decided it.
    #[error("WRONG ROUND: made in round {origin}, decided in the earlier round {decided}")]
    Round {
        /// The seal's round.
        origin: u32,
        /// The certificate's round.
        decided: u32,
    },
    /// The log index of the first leaf.
    #[error("WRONG FIRST INDEX: {0}")]
    First(Differs<u64>),
    /// The validators of this block.
    #[error("WRONG VALIDATORS: {0}")]
    Validators(Differs<Hash>),
    /// The time of the last checkpoint.
    #[error("WRONG CHECKPOINT: {0}")]
    Checkpoint(Differs<Timestamp>),
    /// The extension, of which there is none in this version.
    #[error("WRONG EXTENSION: {0}")]
    Extension(Differs<Hash>),
    /// More records than a block takes.
    #[error("TOO MANY RECORDS: {found}, at most {limit}")]
    TooManyRecords {
        /// Records in the block.
        found: usize,
        /// Records allowed.
        limit: usize,
    },
    /// More bytes of records than a block takes.
    #[error("TOO MANY BYTES: {found} bytes of records, at most {limit}")]
    TooManyBytes {
        /// Bytes in the block.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The count of records.
    #[error("WRONG RECORD COUNT: {0}")]
    Records(Differs<u32>),
    /// The count of effects of passed time.
    #[error("WRONG DUE COUNT: {0}")]
    Due(Differs<u16>),
    /// The root of the log.
    #[error("WRONG LOG ROOT: {0}")]
    LogRoot(Differs<Hash>),
    /// The root of the state map.
    #[error("WRONG STATE ROOT: {0}")]
    StateRoot(Differs<Hash>),
    /// The validators of the next block.
    #[error("WRONG NEXT VALIDATORS: {0}")]
    NextValidators(Differs<Hash>),
    /// The rule set.
    #[error("WRONG RULE SET: {0}")]
    RuleSet(Differs<u16>),
}

/// The seal of the block that continues `tip`.
///
/// # Panics
/// When there are not as many record leaves as records were executed.
#[must_use]
pub fn make_seal(tip: &Tip, executed: &Executed, making: Making<'_>) -> Seal {
    assert_eq!(making.record_leaves.len(), executed.records as usize, "every record that counts is a leaf");
    let mut log = tip.log.clone();
    for leaf in making.record_leaves {
        log.append(*leaf);
    }
    Seal {
        version: SEAL_VERSION,
        network: tip.network,
        suite: SUITE_SHA256,
        height: tip.height() + 1,
        round: making.round,
        time: making.time,
        proposer: making.proposer,
        parent: tip.hash(),
        first: tip.next_index(),
        records: executed.records,
        due: executed.due,
        log_root: log.root(),
        state_root: making.state_root,
        validators: making.validators.hash(),
        next_validators: making.next_validators.hash(),
        rule_set: executed.rule_set,
        checkpoint: tip.checkpoint_at(making.time, making.every),
        extension: Hash::ZERO,
    }
}

/// Checks what follows from the block before: to be asked before the records are executed.
///
/// # Errors
/// [`SealError`] names the first field that is wrong.
pub fn check_header(tip: &Tip, seal: &Seal, validators: &ValidatorSet, every: u64) -> Result<(), SealError> {
    same(seal.version, SEAL_VERSION, SealError::Version)?;
    same(seal.network, tip.network, SealError::Network)?;
    same(seal.suite, SUITE_SHA256, SealError::Suite)?;
    same(seal.height, tip.height() + 1, SealError::Height)?;
    same(seal.parent, tip.hash(), SealError::Parent)?;
    if seal.time <= tip.time() {
        return Err(SealError::Time { found: seal.time, parent: tip.time() });
    }
    same(seal.proposer, validators.proposer(seal.height, seal.round), SealError::Proposer)?;
    same(seal.first, tip.next_index(), SealError::First)?;
    same(seal.validators, validators.hash(), SealError::Validators)?;
    same(seal.checkpoint, tip.checkpoint_at(seal.time, every), SealError::Checkpoint)?;
    same(seal.extension, Hash::ZERO, SealError::Extension)
}

/// Checks that a block's records are within the limits of the parameters before the block.
///
/// # Errors
/// [`SealError::TooManyRecords`] or [`SealError::TooManyBytes`].
pub fn check_size(parameters: &Parameters, body: &Body<'_>) -> Result<(), SealError> {
    check_lengths(parameters, body.records.iter().map(|record| record.len()))
}

/// The same of records of which only the lengths in bytes are known.
///
/// # Errors
/// [`SealError::TooManyRecords`] or [`SealError::TooManyBytes`].
pub fn check_lengths(
    parameters: &Parameters,
    lengths: impl ExactSizeIterator<Item = usize>,
) -> Result<(), SealError> {
    let (found, limit) = (lengths.len(), parameters.records_per_block as usize);
    if found > limit {
        return Err(SealError::TooManyRecords { found, limit });
    }
    let found = lengths.sum();
    let limit = parameters.bytes_per_block as usize;
    if found > limit { Err(SealError::TooManyBytes { found, limit }) } else { Ok(()) }
}

/// Checks every field of a seal, after its records were executed. Round and time are the seal's own, and its proposer
/// must be the one of its round: of `making` these three are not read.
///
/// # Errors
/// [`SealError`] names the first field that is wrong.
///
/// # Panics
/// When there are not as many record leaves as records were executed.
pub fn check_seal(tip: &Tip, seal: &Seal, executed: &Executed, making: Making<'_>) -> Result<(), SealError> {
    check_header(tip, seal, making.validators, making.every)?;
    let own = Making { round: seal.round, time: seal.time, proposer: seal.proposer, ..making };
    let expected = make_seal(tip, executed, own);
    same(seal.records, expected.records, SealError::Records)?;
    same(seal.due, expected.due, SealError::Due)?;
    same(seal.log_root, expected.log_root, SealError::LogRoot)?;
    same(seal.state_root, expected.state_root, SealError::StateRoot)?;
    same(seal.next_validators, expected.next_validators, SealError::NextValidators)?;
    same(seal.rule_set, expected.rule_set, SealError::RuleSet)?;
    assert_eq!(*seal, expected, "a seal whose every field is right is the seal");
    Ok(())
}

/// Checks a fresh proposal's time against the voter's clock. Never asked of a block that others have decided.
///
/// # Errors
/// [`SealError::Ahead`] when it is more than [`CLOCK_AHEAD`] in the future.
pub fn check_clock(seal: &Seal, clock: Timestamp) -> Result<(), SealError> {
    let ahead = seal.time.milliseconds().saturating_sub(clock.milliseconds());
    if ahead > CLOCK_AHEAD { Err(SealError::Ahead { found: seal.time, clock }) } else { Ok(()) }
}

/// Checks that a block was made no later than in the round that decided it.
///
/// # Errors
/// [`SealError::Round`] when it was.
pub fn check_round(seal: &Seal, decided: u32) -> Result<(), SealError> {
    if seal.round > decided { Err(SealError::Round { origin: seal.round, decided }) } else { Ok(()) }
}

/// What an execution's writes change in the state map: for each key hash the new value hash, or none.
#[must_use]
pub fn map_changes(writes: &Writes) -> BTreeMap<Hash, Option<Hash>> {
    writes.values.iter().map(|(key, value)| (key.hash(), value.as_deref().map(value_hash))).collect()
}

/// The validators of the state that these writes make of a state; with no writes, of the state itself.
///
/// # Errors
/// [`Fault`] when the state cannot be read, or names no validator.
pub fn validators_after(state: &dyn View, writes: &Writes) -> Result<ValidatorSet, Fault> {
    let key = StateKey::of::<Nodes>(&Unit);
    let nodes = match writes.values.get(&key) {
        Some(Some(bytes)) => Nodes::from_bytes(&key, bytes)?,
        Some(None) => return Err(Fault::Contradiction("the nodes are removed".into())),
        None => state.must(&Unit)?,
    };
    nodes.validators().map_err(|error| Fault::Contradiction(error.to_string()))
}

fn same<T: PartialEq>(found: T, expected: T, wrong: fn(Differs<T>) -> SealError) -> Result<(), SealError> {
    if found == expected { Ok(()) } else { Err(wrong(Differs { found, expected })) }
}
