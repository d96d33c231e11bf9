//! Make certificates of what the state holds, or does not hold, as of a published checkpoint.

use super::past::StateAt;
use super::{Chain, ChainError, Committed, OlderBlocks, Unavailable};
use crate::store::Entry;
use std::collections::{BTreeMap, BTreeSet};
use tongda_ledger::block::Seal;
use tongda_ledger::certificate::{
    Certificate, EntryContent, EventPart, HistoryEntry, Proven, Statement, WitnessLine,
};
use tongda_ledger::codec::List;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::epoch::PlacedCosignature;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{DeclarationId, LicenceId, MemberId, PatentId, PatentNumber, PledgeId};
use tongda_ledger::state::{
    Declaration, Fault, Licence, Member, Patent, PatentByNumber, PatentEvent, PatentStatus, Pledge, StateKey,
};
use tongda_ledger::tree::Cosignature;
use tongda_ledger::vote::Address;

/// What is certified.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The status of a patent.
    Patent(PatentId),
    /// The status of the patent with this number, or that no patent of the ledger has it.
    Number(PatentNumber),
    /// A declaration of open licence.
    Declaration(DeclarationId),
    /// A licence.
    Licence(LicenceId),
    /// A pledge.
    Pledge(PledgeId),
    /// A member.
    Member(MemberId),
}

/// A checkpoint with those who cosigned it.
#[derive(Clone, Debug)]
pub struct Cosigned {
    /// The log's size.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// The validators' cosignatures.
    pub cosignatures: Vec<(Address, Cosignature)>,
    /// Those of witnesses outside, ascending by name and id.
    pub witnesses: Vec<WitnessLine>,
}

/// What goes with a certificate.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct With {
    /// The chain of epochs, from the founding on.
    pub epochs: bool,
    /// The history of a patent.
    pub history: bool,
}

/// Why no certificate was made.
#[derive(Debug, thiserror::Error)]
pub enum Uncertified {
    /// The state behind the checkpoint's last leaf is not kept.
    #[error("the state at the checkpoint of {0} leaves is not kept here any more")]
    StateGone(u64),
    /// A history of what has none.
    #[error("a history goes with the certificate of a patent that is on this ledger")]
    NoHistory,
    /// More events than a certificate holds.
    #[error("the patent has {0} events; a certificate holds up to {most}", most = EVENTS)]
    TooManyEvents(u64),
    /// The node has begun from a snapshot, and not executed the blocks before it.
    #[error(
        "this node began from a snapshot and does not know which of the older records touched the patent: ask another \
         node, or run `tongda-node reindex --from-genesis` here"
    )]
    NotExecuted,
    /// The older blocks are still being fetched.
    #[error("the older blocks are still being fetched")]
    NotYet(OlderBlocks),
    /// A hash of the log is not here.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// Chain or index cannot be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A value cannot be read.
    #[error(transparent)]
    State(#[from] Fault),
}

/// Events in a certified history at most.
const EVENTS: usize = Certificate::ENTRIES / 2;

impl Chain {
    /// Certifies what the state held, or did not hold, behind the last leaf of a checkpoint.
    ///
    /// # Errors
    /// [`Uncertified`] says why not, and whether it is worth asking again.
    pub fn certify(
        &self,
        checkpoint: &Cosigned,
        subject: Subject,
        with: With,
    ) -> Result<Certificate, Uncertified> {
        let (size, root) = (checkpoint.size, checkpoint.root);
        let (proven, details, seal, cosignatures, epochs, events) = {
            let committed = self.committed();
            let state = committed.state_at(size).ok_or(Uncertified::StateGone(size))?;
            let prove = |key: StateKey| -> Result<Proven, Uncertified> {
                let value = state.value(&key)?.map(|value| value.to_vec());
                Ok(Proven { key, value, proof: state.prove(&key)? })
            };
            let (key, mut details) = subject.keys(&state)?;
            details.sort_unstable();
            let details = details.into_iter().map(prove).collect::<Result<Vec<_>, _>>()?;
            let proven = prove(key)?;
            let seal = state.seal().clone();
            let signers = committed.epochs().signers_at(seal.height);
            let place = |(signer, cosignature): &(Address, Cosignature)| {
                Some(PlacedCosignature { signer: signers.place(signer)?, cosignature: *cosignature })
            };
            let mut cosignatures: Vec<_> = checkpoint.cosignatures.iter().filter_map(place).collect();
            cosignatures.sort_unstable_by_key(|placed| placed.signer);
            let mut epochs = if with.epochs { committed.links()? } else { Vec::new() };
            epochs.retain(|link| link.seal.height < seal.height);
            let events = if with.history { events(&committed, &proven)? } else { Vec::new() };
            (proven, details, seal, cosignatures, epochs, events)
        };
        let inclusion = self.inclusion(size.saturating_sub(1), size)?;
        let history = self.entries(size, &events)?;
        let witnesses = checkpoint.witnesses.clone();
        let statement = Statement { proven, seal, size, root, inclusion, cosignatures, witnesses, details };
        Ok(Certificate { statement, epochs, history })
    }

    /// The entries of the log that brought these events, and those that they build on, with their proofs.
    fn entries(&self, size: u64, events: &[PatentEvent]) -> Result<Vec<HistoryEntry>, Uncertified> {
        let mut wanted: BTreeSet<u64> = events.iter().map(|event| event.position).collect();
        let mut entries = BTreeMap::new();
        while let Some(position) = wanted.pop_first() {
            let (entry, built_on) = self.history_entry(size, position, events)?;
            entries.insert(position, entry);
            wanted.extend(built_on.filter(|position| !entries.contains_key(position)));
        }
        Ok(entries.into_values().collect())
    }

    fn history_entry(
        &self,
        size: u64,
        position: u64,
        events: &[PatentEvent],
    ) -> Result<(HistoryEntry, Option<u64>), Uncertified> {
        let missing = || match self.older_blocks() {
            Some(older) => Uncertified::NotYet(older),
            None => ChainError::Index(format!("the log has no entry {position}")).into(),
        };
        let (height, entry) = self.entry(position)?.ok_or_else(missing)?;
        let block = self.block(height)?.ok_or_else(missing)?;
        let seal = Seal::decode(&block.seal).map_err(ChainError::from)?;
        let seal_proof = self.inclusion(seal.index(), size)?;
        let (content, built_on) = match entry {
            Entry::Record(envelope) => {
                let read = Envelope::decode(&envelope)
                    .map_err(|error| ChainError::Index(format!("record {position}: {error}")))?;
                let proof = self.inclusion(position, size)?;
                let content = EntryContent::Record { envelope: envelope.to_vec(), proof };
                (content, HistoryEntry::builds_on(read.act()))
            }
            Entry::Seal(_) => (EntryContent::Seal, None),
        };
        let here = events.iter().filter(|event| event.position == position);
        let parts: Vec<_> =
            here.map(|event| EventPart { ordinal: event.ordinal, what: event.what }).collect();
        let count = parts.len() as u64;
        let events: List<_, 4096> = parts.try_into().map_err(|_| Uncertified::TooManyEvents(count))?;
        Ok((HistoryEntry { position, content, seal, seal_proof, events }, built_on))
    }
}

impl Subject {
    /// The key that is certified, and what helps to read it.
    fn keys(self, state: &StateAt<'_>) -> Result<(StateKey, Vec<StateKey>), Fault> {
        Ok(match self {
            Self::Patent(id) => patent(state, id)?,
            Self::Number(number) => match state.find::<PatentByNumber>(&number)? {
                Some(entry) => patent(state, entry.patent)?,
                None => (StateKey::of::<PatentByNumber>(&number), Vec::new()),
            },
            Self::Declaration(id) => (StateKey::of::<Declaration>(&id), Vec::new()),
            Self::Licence(id) => (StateKey::of::<Licence>(&id), Vec::new()),
            Self::Pledge(id) => (StateKey::of::<Pledge>(&id), Vec::new()),
            Self::Member(id) => (StateKey::of::<Member>(&id), Vec::new()),
        })
    }
}

/// A patent's status; its entry, declaration and pledge help to read it.
fn patent(state: &StateAt<'_>, id: PatentId) -> Result<(StateKey, Vec<StateKey>), Fault> {
    let mut details = Vec::new();
    if let Some(status) = state.find::<PatentStatus>(&id)? {
        details.push(StateKey::of::<Patent>(&id));
        details.extend(status.declaration.map(|id| StateKey::of::<Declaration>(&id)));
        details.extend(status.pledge.map(|id| StateKey::of::<Pledge>(&id)));
    }
    Ok((StateKey::of::<PatentStatus>(&id), details))
}

/// All events of the patent whose status is certified, the oldest first.
fn events(committed: &Committed, proven: &Proven) -> Result<Vec<PatentEvent>, Uncertified> {
    let (id, status) = proven.status().ok_or(Uncertified::NoHistory)?;
    if status.events > EVENTS as u64 {
        return Err(Uncertified::TooManyEvents(status.events));
    }
    let mut events = committed.events_of(id, Some(status.events.saturating_add(1)), EVENTS)?;
    events.reverse();
    if events.len() as u64 == status.events { Ok(events) } else { Err(Uncertified::NotExecuted) }
}
