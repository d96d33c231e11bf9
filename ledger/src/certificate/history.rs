//! Carry what touched a patent, complete by the hash chain in its status value.
//!
//! An entry is a record of the log, or for effects of passed time a block's seal, with the proof that it stands in the
//! checkpoint's tree; beside a record stands the seal of its block, from which its time is known. Entries without events
//! are records that others build on: the proposal of a transfer, the application for a pledge, an act that waited for
//! consents.

use super::content::{Certificate, Proven, ShortSeal};
use super::error::HistoryFlaw;
use super::past::ProvenHistory;
use crate::act::{Act, ActKind};
use crate::block::{LeafKind, Seal, leaf_of};
use crate::codec::{Bytes, Decode, Encode, List, RECORD_LIMIT, checked_wire};
use crate::envelope::Envelope;
use crate::hash::Hash;
use crate::identifier::PatentId;
use crate::state::{PatentStatus, Stored as _, chain_event};
use crate::tree::InclusionProof;

/// An event of a patent: its ordinal (0 for a record) and the act's kind, whose family is 0 for an effect of passed time.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct EventPart {
    /// The ordinal of an effect of passed time.
    pub ordinal: u16,
    /// What it was.
    pub what: ActKind,
}

/// What stands at a position of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryContent {
    /// A record.
    Record {
        /// The envelope's bytes.
        envelope: Vec<u8>,
        /// The proof that it stands in the checkpoint's tree.
        proof: InclusionProof,
    },
    /// The seal of the block, which let time take its effects.
    Seal,
}

/// An entry of the log that touched a patent, or that another one builds on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Its position in the log.
    pub position: u64,
    /// What it is.
    pub content: EntryContent,
    /// The seal of its block.
    pub seal: Seal,
    /// The proof that the seal stands in the checkpoint's tree.
    pub seal_proof: InclusionProof,
    /// The events of the patent that it brought, in their order.
    pub events: List<EventPart, 4096>,
}

#[derive(Clone, Debug, Encode, Decode)]
struct EntryWire {
    position: u64,
    record: Option<(Bytes<RECORD_LIMIT>, InclusionProof)>,
    seal: ShortSeal,
    seal_proof: InclusionProof,
    events: List<EventPart, 4096>,
}

impl From<EntryWire> for HistoryEntry {
    fn from(wire: EntryWire) -> Self {
        let content = match wire.record {
            Some((envelope, proof)) => EntryContent::Record { envelope: envelope.to_vec(), proof },
            None => EntryContent::Seal,
        };
        let (position, seal_proof, events) = (wire.position, wire.seal_proof, wire.events);
        Self { position, content, seal: wire.seal.0, seal_proof, events }
    }
}

impl From<&HistoryEntry> for EntryWire {
    fn from(entry: &HistoryEntry) -> Self {
        let record = match &entry.content {
            EntryContent::Record { envelope, proof } => {
                let bytes = envelope.clone().try_into().expect("a record is within its limit");
                Some((bytes, proof.clone()))
            }
            EntryContent::Seal => None,
        };
        Self {
            position: entry.position,
            record,
            seal: ShortSeal(entry.seal.clone()),
            seal_proof: entry.seal_proof.clone(),
            events: entry.events.clone(),
        }
    }
}
checked_wire!(HistoryEntry, EntryWire, |entry| EntryWire::from(entry));

impl HistoryEntry {
    /// The position of the record that an act builds on and that touched no patent itself: the proposal of a transfer, the
    /// application for a pledge, the act that waited for this consent.
    #[must_use]
    pub fn builds_on(act: &Act) -> Option<u64> {
        match act {
            Act::TransferRegister(act) => Some(act.transfer.position()),
            Act::PledgeRegister(act) => Some(act.pledge.position()),
            Act::PledgeRelease(act) => Some(act.pledge.position()),
            Act::ConsentGive(act) => Some(act.pending.position()),
            _ => None,
        }
    }

    /// Checks that entry and seal stand in the checkpoint's tree, and belong together; the act, if it is a record.
    fn check(&self, size: u64, root: &Hash) -> Result<Option<Act>, HistoryFlaw> {
        let position = self.position;
        let index = self.seal.index();
        self.seal_proof
            .verify(index, size, &self.seal.hash(), root)
            .map_err(|error| HistoryFlaw::Seal { position, error })?;
        match &self.content {
            EntryContent::Seal if position == index => Ok(None),
            EntryContent::Record { envelope, proof } if (self.seal.first..index).contains(&position) => {
                proof
                    .verify(position, size, &leaf_of(LeafKind::Record, envelope), root)
                    .map_err(|error| HistoryFlaw::Entry { position, error })?;
                let read = Envelope::decode(envelope);
                let read =
                    read.map_err(|error| HistoryFlaw::Record { position, reason: error.to_string() })?;
                Ok(Some(read.act().clone()))
            }
            _ => Err(HistoryFlaw::OtherBlock { position }),
        }
    }
}

impl Certificate {
    /// The history that the certificate carries, once it is proven complete and each of its entries proven to stand in
    /// the checkpoint's tree. Whether checkpoint and status count, [`Certificate::verify`] says.
    ///
    /// # Errors
    /// [`HistoryFlaw`] names the first thing that is wrong.
    pub fn proven_history(&self) -> Result<ProvenHistory, HistoryFlaw> {
        let (patent, status) = self.status().ok_or(HistoryFlaw::NoStatus)?;
        let (size, root) = (self.statement.size, self.statement.root);
        let mut acts = std::collections::BTreeMap::new();
        for entry in &self.history {
            if let Some(act) = entry.check(size, &root)? {
                acts.insert(entry.position, act);
            }
        }
        let (mut chain, mut count, mut events) = (Hash::ZERO, 0_u64, Vec::new());
        for entry in &self.history {
            let position = entry.position;
            let act = acts.get(&position).map(|act| effective(act, &acts));
            for event in &entry.events {
                let ActKind { family, kind } = event.what;
                let brought = match &act {
                    Some(act) => act.is_some_and(|act| act.kind() == event.what),
                    None => family == 0,
                };
                if !brought {
                    return Err(HistoryFlaw::Event { position, family, kind });
                }
                chain = chain_event(&chain, position, event.ordinal, (family, kind));
                count += 1;
            }
            events.push((entry.seal.time, position, act.flatten().cloned(), entry.events.to_vec()));
        }
        if count != status.events {
            return Err(HistoryFlaw::Count { found: count, counted: status.events });
        }
        if chain != status.chain {
            return Err(HistoryFlaw::Chain { found: chain, expected: status.chain });
        }
        Ok(ProvenHistory::new(patent, self.statement.seal.time, events))
    }

    /// The patent and its status, if that is what is certified.
    #[must_use]
    pub fn status(&self) -> Option<(PatentId, PatentStatus)> {
        self.statement.proven.status()
    }
}

impl Proven {
    /// The patent and its status, if that is what this is.
    #[must_use]
    pub fn status(&self) -> Option<(PatentId, PatentStatus)> {
        let (proven, key) = (self, &self.key);
        let value = proven.value.as_deref().filter(|_| key.tag() == PatentStatus::TAG)?;
        let number = u64::from_be_bytes(key.id().try_into().ok()?);
        let status = PatentStatus::from_bytes(key, value).ok()?;
        Some((PatentId::new(number >> 8, number.to_le_bytes()[0]), status))
    }
}

/// The act that took effect with a record: for a consent, the one that waited for it.
fn effective<'a>(act: &'a Act, acts: &'a std::collections::BTreeMap<u64, Act>) -> Option<&'a Act> {
    match act {
        Act::ConsentGive(give) => acts.get(&give.pending.position()),
        act => Some(act),
    }
}
