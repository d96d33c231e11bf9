//! The engine's types: heights, blocks, votes, proposals and validators as it wants to see them.

use crate::config::Timeouts;
use crate::part::Part;
use malachitebft_app_channel::app::types::core::{
    self as engine, NilOrVal, Round, SignedExtension, Timeout, TimeoutKind, VoteType, VotingPower,
};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tongda_ledger::codec::encode;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::{PublicKey, Signature, SigningKey};
use tongda_ledger::vote::{self, ValidatorSet, VoteKind};

/// The engine's instantiation: every generic type of it is made concrete here.
#[derive(Clone, Debug)]
pub(crate) struct Tongda;

/// A block's height.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Height(pub(crate) u64);

impl fmt::Display for Height {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl engine::Height for Height {
    const ZERO: Self = Self(0);
    const INITIAL: Self = Self(1);

    fn increment_by(&self, n: u64) -> Self {
        Self(self.0.saturating_add(n))
    }

    fn decrement_by(&self, n: u64) -> Option<Self> {
        self.0.checked_sub(n).map(Self)
    }

    fn as_u64(&self) -> u64 {
        self.0
    }
}

/// A validator's address.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address(pub(crate) vote::Address);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl engine::Address for Address {}

/// What is voted on: a block, named by its hash.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Value(pub(crate) Hash);

impl engine::Value for Value {
    type Id = Hash;

    fn id(&self) -> Hash {
        self.0
    }
}

/// The value of a vote as the ledger writes it: a block or none.
pub(crate) fn voted(value: &NilOrVal<Hash>) -> Option<Hash> {
    match value {
        NilOrVal::Nil => None,
        NilOrVal::Val(block) => Some(*block),
    }
}

/// A defined round. The engine's undefined one never reaches a vote, a proposal or the application.
pub(crate) fn defined(round: Round) -> u32 {
    round.as_u32().expect("the engine names a round in whatever it signs, verifies or asks")
}

/// A round that may be none, as the engine writes it.
pub(crate) fn optional(round: Option<u32>) -> Round {
    round.map_or(Round::Nil, Round::new)
}

/// A proposal: the leader of a round proposes a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub(crate) height: Height,
    pub(crate) round: Round,
    pub(crate) value: Value,
    pub(crate) valid_round: Round,
    pub(crate) proposer: Address,
}

impl engine::Proposal<Tongda> for Proposal {
    fn height(&self) -> Height {
        self.height
    }

    fn round(&self) -> Round {
        self.round
    }

    fn value(&self) -> &Value {
        &self.value
    }

    fn take_value(self) -> Value {
        self.value
    }

    fn pol_round(&self) -> Round {
        self.valid_round
    }

    fn validator_address(&self) -> &Address {
        &self.proposer
    }
}

/// A prevote or a precommit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vote {
    pub(crate) kind: VoteType,
    pub(crate) height: Height,
    pub(crate) round: Round,
    pub(crate) value: NilOrVal<Hash>,
    pub(crate) voter: Address,
}

impl Vote {
    /// The vote's kind in the ledger's terms.
    pub(crate) const fn ledger_kind(&self) -> VoteKind {
        match self.kind {
            VoteType::Prevote => VoteKind::Prevote,
            VoteType::Precommit => VoteKind::Precommit,
        }
    }
}

impl engine::Vote<Tongda> for Vote {
    fn height(&self) -> Height {
        self.height
    }

    fn round(&self) -> Round {
        self.round
    }

    fn value(&self) -> &NilOrVal<Hash> {
        &self.value
    }

    fn take_value(self) -> NilOrVal<Hash> {
        self.value
    }

    fn vote_type(&self) -> VoteType {
        self.kind
    }

    fn validator_address(&self) -> &Address {
        &self.voter
    }

    fn extension(&self) -> Option<&SignedExtension<Tongda>> {
        None
    }

    fn take_extension(&mut self) -> Option<SignedExtension<Tongda>> {
        None
    }

    fn extend(self, _: SignedExtension<Tongda>) -> Self {
        self
    }
}

/// A validator of a height.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Validator {
    pub(crate) address: Address,
    pub(crate) key: PublicKey,
    pub(crate) power: VotingPower,
}

impl engine::Validator<Tongda> for Validator {
    fn address(&self) -> &Address {
        &self.address
    }

    fn public_key(&self) -> &PublicKey {
        &self.key
    }

    fn voting_power(&self) -> VotingPower {
        self.power
    }
}

/// The validators of a height, their addresses computed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Validators(Arc<Members>);

#[derive(Debug, PartialEq, Eq)]
struct Members {
    set: ValidatorSet,
    ascending: Vec<Validator>,
    power: VotingPower,
}

impl Validators {
    /// The set as the ledger gives it.
    pub(crate) fn new(set: ValidatorSet) -> Self {
        let ascending: Vec<_> = set
            .validators()
            .iter()
            .map(|validator| Validator {
                address: Address(vote::Address::of(&validator.vote_key)),
                key: validator.vote_key.clone(),
                power: validator.power,
            })
            .collect();
        let power = set.power();
        Self(Arc::new(Members { set, ascending, power }))
    }

    /// The set as the ledger gave it.
    pub(crate) fn ledger(&self) -> &ValidatorSet {
        &self.0.set
    }

    /// The sum of the voting powers.
    pub(crate) fn power(&self) -> VotingPower {
        self.0.power
    }

    /// The validator with this address.
    pub(crate) fn get(&self, address: &vote::Address) -> Option<&Validator> {
        let at = self.0.ascending.binary_search_by_key(address, |validator| validator.address.0).ok()?;
        self.0.ascending.get(at)
    }

    /// Who leads a round.
    pub(crate) fn leader(&self, height: u64, round: u32) -> &Validator {
        self.get(&self.0.set.proposer(height, round)).expect("the proposer is one of the set")
    }

    /// Whether validators with this voting power include an honest one: more than a third.
    pub(crate) fn exceeds_third(&self, power: u64) -> bool {
        u128::from(power) * 3 > u128::from(self.0.power)
    }
}

impl engine::ValidatorSet<Tongda> for Validators {
    fn count(&self) -> usize {
        self.0.ascending.len()
    }

    fn total_voting_power(&self) -> VotingPower {
        self.power()
    }

    fn get_by_address(&self, address: &Address) -> Option<&Validator> {
        self.get(&address.0)
    }

    fn get_by_index(&self, index: usize) -> Option<&Validator> {
        self.0.ascending.get(index)
    }
}

/// A signature, ordered by its bytes as the engine demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed(pub(crate) Signature);

impl Ord for Signed {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0.algorithm(), self.0.bytes()).cmp(&(other.0.algorithm(), other.0.bytes()))
    }
}

impl PartialOrd for Signed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Keys and signatures in the ledger's own encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scheme;

/// No key and no signature is longer, in bytes.
const KEY_LIMIT: usize = 8192;

impl engine::SigningScheme for Scheme {
    type DecodingError = tongda_ledger::codec::CodecError;
    type Signature = Signed;
    type PublicKey = PublicKey;
    type PrivateKey = SigningKey;

    fn decode_signature(bytes: &[u8]) -> Result<Signed, Self::DecodingError> {
        tongda_ledger::codec::decode(bytes, KEY_LIMIT).map(Signed)
    }

    fn encode_signature(signature: &Signed) -> Vec<u8> {
        encode(&signature.0)
    }

    fn decode_public_key(bytes: &[u8]) -> Result<PublicKey, Self::DecodingError> {
        tongda_ledger::codec::decode(bytes, KEY_LIMIT)
    }

    fn encode_public_key(key: &PublicKey) -> Vec<u8> {
        encode(key)
    }
}

impl engine::ProposalPart<Tongda> for Part {
    fn is_first(&self) -> bool {
        matches!(self, Self::First { .. })
    }

    /// The first part names the body's length; no part is marked as the last.
    fn is_last(&self) -> bool {
        false
    }
}

impl engine::Timeouts<Tongda> for Timeouts {
    fn duration_for(&self, timeout: Timeout) -> Duration {
        let round = defined(timeout.round);
        match timeout.kind {
            TimeoutKind::Propose => self.grown(self.propose, round),
            TimeoutKind::Prevote => self.grown(self.prevote, round),
            TimeoutKind::Precommit => self.grown(self.precommit, round),
            TimeoutKind::Rebroadcast => self.grown(self.propose + self.prevote + self.precommit, round),
            TimeoutKind::FinalizeHeight(duration) => duration,
        }
    }
}

impl engine::Context for Tongda {
    type Address = Address;
    type Height = Height;
    type ProposalPart = Part;
    type Proposal = Proposal;
    type Validator = Validator;
    type ValidatorSet = Validators;
    type Timeouts = Timeouts;
    type Value = Value;
    type Vote = Vote;
    type Extension = ();
    type SigningScheme = Scheme;

    fn select_proposer<'a>(&self, set: &'a Validators, height: Height, round: Round) -> &'a Validator {
        set.leader(height.0, defined(round))
    }

    fn new_proposal(
        &self,
        height: Height,
        round: Round,
        value: Value,
        valid_round: Round,
        proposer: Address,
    ) -> Proposal {
        Proposal { height, round, value, valid_round, proposer }
    }

    fn new_prevote(&self, height: Height, round: Round, value: NilOrVal<Hash>, voter: Address) -> Vote {
        Vote { kind: VoteType::Prevote, height, round, value, voter }
    }

    fn new_precommit(&self, height: Height, round: Round, value: NilOrVal<Hash>, voter: Address) -> Vote {
        Vote { kind: VoteType::Precommit, height, round, value, voter }
    }
}
