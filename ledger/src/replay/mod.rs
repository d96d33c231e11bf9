//! Replay a network from its founding and its log alone, believing nothing: state, map root and log root are computed
//! again, and every record, seal and certificate is checked again.
//!
//! ```text
//! founding ──► state, map, tip        block by block:
//!   certificate  proves the seal's hash under the validators of the state before
//!   header       follows from the tip
//!   records      decode canonically, verify, are allowed at their place
//!   seal         names exactly the roots and counts that come out
//! ```
//! Whoever has the log and the genesis file comes to the same roots, or to the first thing that is wrong.
//!
//! What the bytes of a block alone decide, signatures above all, can be checked beforehand and for many blocks at once
//! ([`CheckedBlock`], [`CheckedCertificate`]); the rest is done in the order of the log ([`Replay::apply`]).

mod checked;

pub use checked::{CheckedBlock, CheckedCertificate, CheckedRecord};

use crate::block::{Seal, Tip};
use crate::chain::{self, Making, SealError};
use crate::codec::CodecError;
use crate::envelope::{Envelope, EnvelopeError};
use crate::execution::{Executed, Execution, Judgement};
use crate::founding::{Founding, FoundingError};
use crate::hash::Hash;
use crate::refusal::Refusal;
use crate::state::{Fault, MemoryState, Writes};
use crate::tree::{Change, Leaves, Map, MapError, PageAddress};
use crate::vote::{CertificateError, CommitCertificate, ValidatorSet};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Bytes of the map's pages that are kept at hand: a page that is not is read from the leaves, hashed and compared again.
const PAGES_KEPT: usize = 64 << 20;

/// A network as far as its log has been replayed.
#[derive(Clone, Debug)]
pub struct Replay {
    tip: Tip,
    state: MemoryState,
    map: Map,
    leaves: MapLeaves,
    validators: ValidatorSet,
}

/// What one replayed block came to.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Its seal.
    pub seal: Seal,
    /// Its hash.
    pub hash: Hash,
    /// The envelopes, in order.
    pub envelopes: Vec<Envelope>,
    /// What became of each: effective or pending.
    pub judgements: Vec<Judgement>,
    /// What the block wrote.
    pub executed: Executed,
}

/// The first thing in a block that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The body is none.
    #[error("the body: {0}")]
    Body(CodecError),
    /// The seal is none.
    #[error("the seal: {0}")]
    SealBytes(CodecError),
    /// A field of the seal is wrong.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The certificate proves another block, or nothing.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A record is no envelope, or a signature is wrong.
    #[error("record {record}: {error}")]
    Envelope {
        /// Its place in the block, from 0.
        record: usize,
        /// What is wrong.
        error: EnvelopeError,
    },
    /// A record that is not allowed at its place.
    #[error("record {record} is refused: {}", codes(refusals))]
    Refused {
        /// Its place in the block, from 0.
        record: usize,
        /// Why.
        refusals: Vec<Refusal>,
    },
    /// The state is broken: a defect of the rules, not of the block.
    #[error(transparent)]
    State(#[from] Fault),
}

/// Why a replay is not resumed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError {
    /// There is no block yet: such a replay begins at the founding.
    #[error("no block was replayed")]
    NoSeal,
    /// The log does not end with the seal.
    #[error("a log of {found} leaves does not end with the seal at {seal}")]
    LogSize {
        /// The log's size.
        found: u64,
        /// The seal's index.
        seal: u64,
    },
    /// The state is not the one that the seal names.
    #[error("the state's root is {found}, expected {expected}")]
    StateRoot {
        /// The root of the state.
        found: Hash,
        /// The root in the seal.
        expected: Hash,
    },
    /// The validators are not those that the seal names.
    #[error("the validators' hash is {found}, expected {expected}")]
    Validators {
        /// The hash of the state's validators.
        found: Hash,
        /// The hash in the seal.
        expected: Hash,
    },
    /// The state is broken.
    #[error(transparent)]
    State(#[from] Fault),
}

fn codes(refusals: &[Refusal]) -> String {
    refusals.iter().map(|refusal| refusal.code.as_str()).collect::<Vec<_>>().join(", ")
}

impl Replay {
    /// The network before its first block.
    ///
    /// # Errors
    /// [`FoundingError`] when the founding makes no network.
    pub fn new(founding: &Founding) -> Result<Self, FoundingError> {
        let writes = founding.writes()?;
        let mut state = MemoryState::new();
        state.apply(&writes)?;
        let (mut map, mut leaves) = (Map::new().with_cache(PAGES_KEPT), MapLeaves::default());
        let changes = chain::map_changes(&writes);
        let change = next_map(&map, &leaves, &changes);
        map.apply(change);
        leaves.apply(changes);
        let validators = chain::validators_after(&state, &writes)?;
        let tip = Tip::genesis(founding.network(), founding.anchor.start);
        Ok(Self { tip, state, map, leaves, validators })
    }

    /// The network behind a block that was replayed before: its tip and its state, kept since.
    ///
    /// # Errors
    /// [`ResumeError`] when tip and state do not fit each other.
    pub fn resume(tip: Tip, state: MemoryState) -> Result<Self, ResumeError> {
        let seal = tip.seal.as_ref().ok_or(ResumeError::NoSeal)?;
        if tip.log.size() != seal.index().saturating_add(1) {
            return Err(ResumeError::LogSize { found: tip.log.size(), seal: seal.index() });
        }
        let leaves = MapLeaves(state.leaves().collect());
        let all = leaves.0.iter().map(|(key, value)| Ok::<_, Infallible>((*key, *value)));
        let map = Map::from_leaves(leaves.0.len() as u64, all)
            .expect("leaves of a sorted map are in order and counted")
            .with_cache(PAGES_KEPT);
        let (found, expected) = (map.root(), seal.state_root);
        if found != expected {
            return Err(ResumeError::StateRoot { found, expected });
        }
        let validators = chain::validators_after(&state, &Writes::default())?;
        let (found, expected) = (validators.hash(), seal.next_validators);
        if found != expected {
            return Err(ResumeError::Validators { found, expected });
        }
        Ok(Self { tip, state, map, leaves, validators })
    }

    /// Checks the next block, all of it, and takes it over. A block that is wrong changes nothing.
    ///
    /// # Errors
    /// [`ReplayError`] names the first record or field that is wrong.
    pub fn block(&mut self, body: &[u8], certificate: &CommitCertificate) -> Result<Applied, ReplayError> {
        let block = CheckedBlock::new(body)?;
        let certificate = CheckedCertificate::new(self.tip.network, &self.validators, certificate.clone());
        self.apply(block, &certificate)
    }

    /// Takes over the next block, after checking in it everything that follows from the blocks before. A block that is
    /// wrong changes nothing.
    ///
    /// # Errors
    /// [`ReplayError`] names the first record or field that is wrong.
    pub fn apply(
        &mut self,
        block: CheckedBlock,
        certificate: &CheckedCertificate,
    ) -> Result<Applied, ReplayError> {
        let CheckedBlock { records, seal, hash } = block;
        let network = self.tip.network;
        certificate.verify(&network, &self.validators, self.tip.height() + 1, &hash)?;
        chain::check_round(&seal, certificate.certificate().round)?;

        let mut execution =
            Execution::new(&self.state, network, seal.height, seal.time, self.tip.next_index())?;
        let every = execution.parameters().checkpoint_every;
        chain::check_header(&self.tip, &seal, &self.validators, every)?;
        chain::check_lengths(execution.parameters(), records.iter().map(CheckedRecord::length))?;
        let record_leaves: Vec<_> = records.iter().map(CheckedRecord::leaf).collect();
        let mut envelopes = Vec::with_capacity(records.len());
        let mut judgements = Vec::with_capacity(records.len());
        for (record, checked) in records.into_iter().enumerate() {
            let envelope =
                checked.into_envelope().map_err(|error| ReplayError::Envelope { record, error })?;
            match execution.record(&envelope)? {
                Judgement::Refused(refusals) => return Err(ReplayError::Refused { record, refusals }),
                judgement => judgements.push(judgement),
            }
            envelopes.push(envelope);
        }
        let executed = execution.finish()?;

        let changes = chain::map_changes(&executed.writes);
        let change = next_map(&self.map, &self.leaves, &changes);
        let next_validators = chain::validators_after(&self.state, &executed.writes)?;
        let making = Making {
            round: seal.round,
            time: seal.time,
            proposer: seal.proposer,
            record_leaves: &record_leaves,
            state_root: change.root(),
            validators: &self.validators,
            next_validators: &next_validators,
            every,
        };
        chain::check_seal(&self.tip, &seal, &executed, making)?;

        self.state.apply(&executed.writes)?;
        self.map.apply(change);
        self.leaves.apply(changes);
        self.tip = self.tip.after(&record_leaves, seal.clone());
        self.validators = next_validators;
        Ok(Applied { seal, hash, envelopes, judgements, executed })
    }

    /// The end of the log so far.
    #[must_use]
    pub const fn tip(&self) -> &Tip {
        &self.tip
    }

    /// The state after the last block.
    #[must_use]
    pub const fn state(&self) -> &MemoryState {
        &self.state
    }

    /// The map over that state.
    #[must_use]
    pub const fn map(&self) -> &Map {
        &self.map
    }

    /// The map's leaves, for proofs.
    #[must_use]
    pub const fn leaves(&self) -> &MapLeaves {
        &self.leaves
    }

    /// The validators that decide the next block.
    #[must_use]
    pub const fn validators(&self) -> &ValidatorSet {
        &self.validators
    }
}

fn next_map(map: &Map, leaves: &MapLeaves, changes: &BTreeMap<Hash, Option<Hash>>) -> Change {
    map.update(leaves, changes).unwrap_or_else(|error| match error {
        MapError::Leaves { error, .. } => match error {},
        MapError::Damaged { page } => unreachable!("page {page} was changed behind the map's back"),
    })
}

/// The leaves of a state map in memory.
#[derive(Clone, Debug, Default)]
pub struct MapLeaves(BTreeMap<Hash, Hash>);

impl MapLeaves {
    fn apply(&mut self, changes: BTreeMap<Hash, Option<Hash>>) {
        for (key, value) in changes {
            match value {
                Some(value) => self.0.insert(key, value),
                None => self.0.remove(&key),
            };
        }
    }
}

impl Leaves for MapLeaves {
    type Error = Infallible;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Infallible> {
        Ok(self.0.range(page.range()).map(|(key, value)| (*key, *value)).collect())
    }
}
