//! Hold what a certificate says and what proves it.

use super::history::HistoryEntry;
use crate::block::Seal;
use crate::codec::{Bytes, Decode, DecodeError, Encode, EncodeError, List, checked_wire, encode, invalid};
use crate::epoch::{EpochLink, PlacedCosignature, Signers};
use crate::hash::Hash;
use crate::identifier::Timestamp;
use crate::state::{StateKey, VALUE_LIMIT};
use crate::tree::{
    Checkpoint, Cosignature, InclusionProof, KeyName, MapProof, NoteSignature, origin, value_hash,
};
use crate::vote::{Address, NetworkId};
use bincode::de::Decoder;
use bincode::enc::Encoder;

/// The longest value of the state, with its head, in bytes.
const VALUE: usize = VALUE_LIMIT + 5;

/// A certificate has at most this many lines of outside witnesses.
pub const WITNESSES_LIMIT: usize = 32;

/// What a key of the state stands for, or that it stands for nothing, with the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The key.
    pub key: StateKey,
    /// The value's bytes; none if the key stands for nothing.
    pub value: Option<Vec<u8>>,
    /// The proof of it under the seal's state root.
    pub proof: MapProof,
}

/// A cosignature of a witness outside the network's validators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessLine {
    /// The name of its key.
    pub name: KeyName,
    /// The id of its key.
    pub id: [u8; 4],
    /// Time and signature.
    pub cosignature: Cosignature,
}

/// What is certified, and the way to the cosigned checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What is certified.
    pub proven: Proven,
    /// The seal of the block as of which it holds: the last leaf of the checkpoint's tree.
    pub seal: Seal,
    /// The checkpoint's size.
    pub size: u64,
    /// The checkpoint's root.
    pub root: Hash,
    /// The proof that the seal is the leaf `size − 1`.
    pub inclusion: InclusionProof,
    /// The validators' cosignatures, ascending by place.
    pub cosignatures: Vec<PlacedCosignature>,
    /// Cosignatures of outside witnesses, ascending by name and id.
    pub witnesses: Vec<WitnessLine>,
    /// More of the same state: what helps to read the statement.
    pub details: Vec<Proven>,
}

/// A statement; the chain of epochs, as far as it is carried; the history, if it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// What is certified.
    pub statement: Statement,
    /// Links of the chain of epochs, ascending by height.
    pub epochs: Vec<EpochLink>,
    /// The history of the patent whose status is certified, ascending by position; empty if it is not carried.
    pub history: Vec<HistoryEntry>,
}

impl Proven {
    /// Checks the value, or its absence, under a state root.
    ///
    /// # Errors
    /// [`crate::tree::MapProofError`] says what is wrong.
    pub fn verify(&self, state_root: &Hash) -> Result<(), crate::tree::MapProofError> {
        let value = self.value.as_deref().map(value_hash);
        self.proof.verify(state_root, &self.key.hash(), value.as_ref())
    }
}

impl WitnessLine {
    /// The line as it stands under a checkpoint, if it is a cosignature.
    #[must_use]
    pub fn of(line: &NoteSignature) -> Option<Self> {
        let cosignature = Cosignature::from_bytes(line.bytes())?;
        Some(Self { name: line.name().clone(), id: line.id(), cosignature })
    }
}

impl Statement {
    /// The network that the seal names.
    #[must_use]
    pub const fn network(&self) -> NetworkId {
        self.seal.network
    }

    /// The checkpoint, of the log of the network that the seal names.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint { origin: origin(&self.network()), size: self.size, root: self.root }
    }
}

impl Certificate {
    /// What stands on paper: the statement alone, without details, with as few cosignatures as make a quorum of the
    /// signers of its height. Witnesses stay.
    #[must_use]
    pub fn for_paper(&self, signers: &Signers) -> Self {
        let statement = Statement {
            cosignatures: signers.fewest(&self.statement.cosignatures),
            details: Vec::new(),
            ..self.statement.clone()
        };
        Self { statement, epochs: Vec::new(), history: Vec::new() }
    }

    /// The same with these links in place of its own.
    #[must_use]
    pub fn with_epochs(mut self, epochs: Vec<EpochLink>) -> Self {
        self.epochs = epochs;
        self
    }
}

/// A proven value on the wire.
#[derive(Clone, Debug, Encode, Decode)]
struct ProvenWire {
    key: Bytes<34>,
    value: Option<Bytes<VALUE>>,
    proof: MapProof,
}

impl TryFrom<ProvenWire> for Proven {
    type Error = &'static str;

    fn try_from(wire: ProvenWire) -> Result<Self, Self::Error> {
        let key = StateKey::from_bytes(&wire.key).ok_or("a key has 2 to 34 bytes")?;
        Ok(Self { key, value: wire.value.map(|value| value.to_vec()), proof: wire.proof })
    }
}

impl From<&Proven> for ProvenWire {
    fn from(proven: &Proven) -> Self {
        let bounded = "keys and values are bounded when they are made";
        Self {
            key: proven.key.bytes().try_into().expect(bounded),
            value: proven.value.clone().map(|value| value.try_into().expect(bounded)),
            proof: proven.proof.clone(),
        }
    }
}
checked_wire!(Proven, ProvenWire, |proven| ProvenWire::from(proven));

/// A seal on the wire of a certificate: what a seal nearly always repeats is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ShortSeal(pub(super) Seal);

#[derive(Clone, Debug, Encode, Decode)]
struct SealWire {
    version: u8,
    network: NetworkId,
    suite: u8,
    height: u64,
    round: u32,
    time: Timestamp,
    proposer: Address,
    parent: Hash,
    first: u64,
    records: u32,
    due: u16,
    log_root: Hash,
    state_root: Hash,
    validators: Hash,
    /// None: the same validators.
    next_validators: Option<Hash>,
    rule_set: u16,
    /// None: the seal's own time.
    checkpoint: Option<Timestamp>,
    /// None: zero.
    extension: Option<Hash>,
}

impl From<SealWire> for ShortSeal {
    fn from(wire: SealWire) -> Self {
        Self(Seal {
            version: wire.version,
            network: wire.network,
            suite: wire.suite,
            height: wire.height,
            round: wire.round,
            time: wire.time,
            proposer: wire.proposer,
            parent: wire.parent,
            first: wire.first,
            records: wire.records,
            due: wire.due,
            log_root: wire.log_root,
            state_root: wire.state_root,
            validators: wire.validators,
            next_validators: wire.next_validators.unwrap_or(wire.validators),
            rule_set: wire.rule_set,
            checkpoint: wire.checkpoint.unwrap_or(wire.time),
            extension: wire.extension.unwrap_or(Hash::ZERO),
        })
    }
}

impl From<&ShortSeal> for SealWire {
    fn from(ShortSeal(seal): &ShortSeal) -> Self {
        Self {
            version: seal.version,
            network: seal.network,
            suite: seal.suite,
            height: seal.height,
            round: seal.round,
            time: seal.time,
            proposer: seal.proposer,
            parent: seal.parent,
            first: seal.first,
            records: seal.records,
            due: seal.due,
            log_root: seal.log_root,
            state_root: seal.state_root,
            validators: seal.validators,
            next_validators: Some(seal.next_validators).filter(|next| *next != seal.validators),
            rule_set: seal.rule_set,
            checkpoint: Some(seal.checkpoint).filter(|checkpoint| *checkpoint != seal.time),
            extension: Some(seal.extension).filter(|extension| *extension != Hash::ZERO),
        }
    }
}
checked_wire!(ShortSeal, SealWire, |seal| SealWire::from(seal));

impl Encode for WitnessLine {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let name: Bytes<255> = self.name.as_str().as_bytes().to_vec().try_into().expect("a name is bounded");
        (name, self.id, self.cosignature.to_bytes()).encode(encoder)
    }
}

impl<Context> Decode<Context> for WitnessLine {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let name = Bytes::<255>::decode(decoder)?;
        let name = std::str::from_utf8(&name).map_err(|error| invalid(error.to_string()))?;
        let name = name.parse().map_err(|error: crate::tree::NoteKeyError| invalid(error.to_string()))?;
        let id = <[u8; 4]>::decode(decoder)?;
        let cosignature = Cosignature::from_bytes(&<[u8; Cosignature::LENGTH]>::decode(decoder)?);
        let cosignature = cosignature.ok_or_else(|| invalid("a cosignature's time is below 2^63 seconds"))?;
        Ok(Self { name, id, cosignature })
    }
}
bincode::impl_borrow_decode!(WitnessLine);

/// A statement on the wire.
#[derive(Clone, Debug, Encode, Decode)]
pub(super) struct StatementWire {
    proven: Proven,
    seal: ShortSeal,
    size: u64,
    root: Hash,
    inclusion: InclusionProof,
    cosignatures: List<PlacedCosignature, 255>,
    witnesses: List<WitnessLine, WITNESSES_LIMIT>,
    details: List<Proven, 16>,
}

impl TryFrom<StatementWire> for Statement {
    type Error = &'static str;

    fn try_from(wire: StatementWire) -> Result<Self, Self::Error> {
        if wire.cosignatures.windows(2).any(|pair| pair[0].signer >= pair[1].signer) {
            return Err("the cosignatures do not ascend by their signer's place, or one stands twice");
        }
        let name = |line: &WitnessLine| (line.name.clone(), line.id);
        if wire.witnesses.windows(2).any(|pair| name(&pair[0]) >= name(&pair[1])) {
            return Err("the witnesses do not ascend by name and id, or one stands twice");
        }
        let keys = |pair: &[Proven]| pair[0].key >= pair[1].key;
        if wire.details.windows(2).any(keys) || wire.details.iter().any(|one| one.key == wire.proven.key) {
            return Err("the details do not ascend by key, or one stands twice");
        }
        Ok(Self {
            proven: wire.proven,
            seal: wire.seal.0,
            size: wire.size,
            root: wire.root,
            inclusion: wire.inclusion,
            cosignatures: wire.cosignatures.to_vec(),
            witnesses: wire.witnesses.to_vec(),
            details: wire.details.to_vec(),
        })
    }
}

impl Statement {
    /// The body of its frame.
    ///
    /// # Panics
    /// With more cosignatures, witnesses or details than the format takes.
    pub(super) fn body(&self) -> Vec<u8> {
        encode(&StatementWire {
            proven: self.proven.clone(),
            seal: ShortSeal(self.seal.clone()),
            size: self.size,
            root: self.root,
            inclusion: self.inclusion.clone(),
            cosignatures: self.cosignatures.clone().try_into().expect("a set has at most 40 signers"),
            witnesses: self.witnesses.clone().try_into().expect("at most 32 witnesses"),
            details: self.details.clone().try_into().expect("at most 16 details"),
        })
    }
}
