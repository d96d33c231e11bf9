//! Hold what is committed: the index with the state's values, the map over them, the log's tip.

use super::copy::Copying;
use super::error::ChainError;
use super::leaves::IndexLeaves;
use super::lists::{object_number, put_lists};
use super::past::Pasts;
use super::{epochs, layout};
use crate::store::{Batch, Index, Scan, StoreError};
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use tongda_ledger::block::{Seal, Tip};
use tongda_ledger::codec::{self, decode, encode};
use tongda_ledger::epoch::{EpochLink, Epochs, Signers};
use tongda_ledger::founding::Founding;
use tongda_ledger::hash::{Domain, Hash};
use tongda_ledger::identifier::{PartyId, PatentId, Timestamp};
use tongda_ledger::state::{
    Fault, Nodes, Parameters, Patent, Read, ReplayWindow, StateKey, Stored, Unit, UsedChunk, UsedTail, View,
    Writes,
};
use tongda_ledger::tree::{Change, Frontier, Leaves, Map, MapProof, PageAddress, Summary};
use tongda_ledger::vote::ValidatorSet;

/// Bytes of decoded map pages kept in memory.
const PAGE_CACHE: usize = 96 << 20;

/// Bytes of state values kept in memory.
const VALUE_CACHE: u64 = 96 << 20;

/// What is committed.
pub struct Committed {
    pub(super) index: Arc<dyn Index>,
    values: Cache<StateKey, Option<Arc<[u8]>>, Weight>,
    map: Map,
    window: ReplayWindow,
    tip: Tip,
    /// The log before the last seal, whose root the seal names.
    sealed: Frontier,
    /// A copy of the state that is being made.
    copying: Weak<Copying>,
    parameters: Parameters,
    nodes: Nodes,
    /// Who decides and cosigns at every height.
    epochs: Epochs,
    /// The states behind the last flagged seals.
    pub(super) pasts: Pasts,
}

#[derive(Clone)]
struct Weight;

impl Weighter<StateKey, Option<Arc<[u8]>>> for Weight {
    fn weight(&self, _: &StateKey, value: &Option<Arc<[u8]>>) -> u64 {
        value.as_ref().map_or(0, |value| value.len() as u64) + 96
    }
}

/// A block's effects, computed and not yet committed.
#[derive(Clone, Debug)]
pub(super) struct Effects {
    pub(super) writes: Writes,
    pub(super) change: Change,
    pub(super) tip: Tip,
    /// The log before the seal.
    pub(super) sealed: Frontier,
    /// Leaf hashes of the records, in the order of the log.
    pub(super) leaves: Vec<Hash>,
    /// Ids of the records, in the order of the log.
    pub(super) ids: Vec<Hash>,
}

pub(super) fn broken(error: StoreError) -> Fault {
    Fault::Store(error.to_string())
}

impl Committed {
    /// The state that the index holds; in an empty index, the founding's is written first.
    pub(super) fn open(index: Arc<dyn Index>, founding: &Founding) -> Result<Self, ChainError> {
        if index.height().is_none() {
            Self::found(index.as_ref(), founding)?;
        }
        let stored = index.get(layout::TIP)?.ok_or(ChainError::Index("it has no tip".into()))?;
        let (pages, count, sealed, tip) = read_tip(&stored, founding)?;
        let summaries = index.scan(&Scan::prefix(layout::PAGES))?.into_iter().map(|(key, value)| {
            let address = layout::split_page(&key).ok_or_else(|| "a page without an address".to_owned())?;
            let summary: Summary = decode(&value, 64).map_err(|error| error.to_string())?;
            Ok::<_, String>((address, summary))
        });
        let map = Map::from_summaries(pages, count, summaries)
            .map_err(|error| ChainError::Index(error.to_string()))?
            .with_cache(PAGE_CACHE);
        if let Some(seal) = &tip.seal
            && seal.state_root != map.root()
        {
            let what =
                format!("its state root is {}, height {} says {}", map.root(), seal.height, seal.state_root);
            return Err(ChainError::Index(what));
        }
        let mut committed = Self {
            values: Cache::with_weighter(200_000, VALUE_CACHE, Weight),
            index,
            map,
            window: ReplayWindow::default(),
            tip,
            sealed,
            copying: Weak::new(),
            parameters: founding.parameters.clone(),
            nodes: founding.nodes.clone(),
            epochs: Epochs::of(founding).map_err(|error| ChainError::Founding(error.to_string()))?,
            pasts: Pasts::default(),
        };
        if let Some(seal) = &committed.tip.seal {
            committed.pasts.begin(seal, &committed.map);
        }
        committed.load_window()?;
        committed.refresh()?;
        committed.load_epochs()?;
        Ok(committed)
    }

    fn found(index: &dyn Index, founding: &Founding) -> Result<(), ChainError> {
        let writes = founding.writes().map_err(|error| ChainError::Founding(error.to_string()))?;
        let mut leaves: Vec<_> = writes
            .values
            .iter()
            .filter_map(|(key, value)| Some((key.hash(), value_hash(value.as_ref()?))))
            .collect();
        leaves.sort_unstable();
        let count = leaves.len() as u64;
        let map = Map::from_leaves::<Fault>(count, leaves.into_iter().map(Ok))
            .map_err(|error| ChainError::Founding(error.to_string()))?;
        let mut batch = Batch::new();
        for (address, summary) in map.pages() {
            batch.put(layout::page(address), encode(&summary));
        }
        let tip = Tip::genesis(founding.network(), founding.anchor.start);
        batch.put(layout::TIP, tip_bytes(map.page_count(), map.count(), &tip.log, &tip));
        put_values(&mut batch, &writes);
        put_lists(&mut batch, &writes, 0);
        index.apply(batch, 0)?;
        Ok(())
    }

    fn load_window(&mut self) -> Result<(), ChainError> {
        let Some(UsedTail { oldest }) = self.find(&Unit)? else { return Ok(()) };
        for height in oldest..=self.tip.height() {
            for number in 0.. {
                let Some(chunk) = self.find::<UsedChunk>(&(height, number))? else { break };
                self.window.insert(&chunk);
            }
        }
        Ok(())
    }

    /// Reads again what every block needs.
    fn refresh(&mut self) -> Result<(), ChainError> {
        self.parameters = self.must(&Unit)?;
        self.nodes = self.must(&Unit)?;
        Ok(())
    }

    /// Follows the signers from the founding to those of the nodes that the state has.
    fn load_epochs(&mut self) -> Result<(), ChainError> {
        let wrong = |error: String| ChainError::Index(error);
        for link in epochs::read(self.index.as_ref())? {
            self.epochs.push(&link).map_err(|error| wrong(error.to_string()))?;
        }
        let signers = Signers::of(&self.nodes).map_err(|error| wrong(error.to_string()))?;
        if signers != *self.epochs.current() {
            return Err(wrong("its epochs lead to other signers than its state names".into()));
        }
        Ok(())
    }

    /// The block of these effects, if it changes the signers: with the proof that its state has the nodes behind it.
    fn link(
        &self,
        effects: &Effects,
        seal: &Seal,
        certificate: &[u8],
    ) -> Result<Option<EpochLink>, ChainError> {
        let key = EpochLink::key();
        let Some(Some(bytes)) = effects.writes.values.get(&key) else { return Ok(None) };
        let nodes = Nodes::from_bytes(&key, bytes)?;
        let signers = Signers::of(&nodes).map_err(|error| Fault::Contradiction(error.to_string()))?;
        if signers == *self.epochs.current() {
            return Ok(None);
        }
        let proof = self
            .map
            .prove_after(&effects.change, self, &key.hash())
            .map_err(|error| ChainError::Index(error.to_string()))?;
        let certificate = decode(certificate, certificate.len())?;
        Ok(Some(EpochLink { seal: seal.clone(), certificate, nodes, proof }))
    }

    /// The log's tip.
    #[must_use]
    pub const fn tip(&self) -> &Tip {
        &self.tip
    }

    /// The log before the last seal, whose root the seal names.
    pub(super) const fn sealed(&self) -> &Frontier {
        &self.sealed
    }

    /// Begins a copy of the state as it is now. A copy that was begun before is then no longer kept right.
    pub(super) fn begin_copy(&mut self) -> Arc<Copying> {
        let copying = Arc::new(Copying::default());
        self.copying = Arc::downgrade(&copying);
        copying
    }

    /// The next values of a copy, by ascending key hash; none when it is complete.
    pub(super) fn copy(&self, copying: &Copying, limit: usize) -> Result<Vec<(StateKey, Bytes)>, ChainError> {
        copying.page(self.index.as_ref(), limit)
    }

    /// The blocks that changed the signers, ascending by height.
    ///
    /// # Errors
    /// [`ChainError`] when the index cannot be read.
    pub fn links(&self) -> Result<Vec<EpochLink>, ChainError> {
        epochs::read(self.index.as_ref())
    }

    /// Who decides and cosigns at every height up to the next one.
    #[must_use]
    pub const fn epochs(&self) -> &Epochs {
        &self.epochs
    }

    /// The upper tree of the state map.
    pub(super) const fn map(&self) -> &Map {
        &self.map
    }

    /// The index with the state's values.
    pub(super) fn index(&self) -> &dyn Index {
        self.index.as_ref()
    }

    /// The state map's root.
    #[must_use]
    pub fn state_root(&self) -> Hash {
        self.map.root()
    }

    /// How many values the state has.
    #[must_use]
    pub const fn values(&self) -> u64 {
        self.map.count()
    }

    /// The network's parameters.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The network's nodes.
    #[must_use]
    pub const fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    /// The validators of the next height.
    #[must_use]
    pub fn validators(&self) -> &ValidatorSet {
        self.epochs.current().validators()
    }

    /// When the next item falls due, if one does.
    pub(super) fn next_due(&self) -> Result<Option<Timestamp>, ChainError> {
        let first = self.index.scan(&Scan::prefix(layout::DUE).limit(1))?;
        Ok(first.first().and_then(|(key, _)| layout::split_due(key)).map(|(at, _)| at))
    }

    /// The log index of the envelope with this id, if it was committed within the replay window of 24 hours.
    #[must_use]
    pub fn position_of(&self, id: &Hash) -> Option<u64> {
        self.window.index_of(id)
    }

    /// The patents that a party owns behind `after`, ascending, at most `limit`.
    ///
    /// # Errors
    /// [`ChainError`] when the index cannot be read.
    pub fn owned_by(
        &self,
        party: PartyId,
        after: Option<PatentId>,
        limit: usize,
    ) -> Result<Vec<PatentId>, ChainError> {
        let mut scan = Scan::prefix(layout::owned_by(party)).limit(limit);
        if let Some(after) = after {
            scan = scan.after(layout::owned(party, after));
        }
        let keys = self.index.scan(&scan)?;
        Ok(keys.into_iter().filter_map(|(key, _)| layout::split_owned(&key)).collect())
    }

    /// A value in bytes by its key, for those who know the type by its tag.
    ///
    /// # Errors
    /// [`Fault`] when the index cannot be read.
    pub fn value(&self, key: &StateKey) -> Result<Option<Arc<[u8]>>, Fault> {
        self.get(key)
    }

    /// The proof of what a key stands for, or that it stands for nothing, under [`Self::state_root`].
    pub(super) fn prove(&self, key: &StateKey) -> Result<MapProof, ChainError> {
        self.map.prove(self, &key.hash()).map_err(|error| ChainError::Index(error.to_string()))
    }

    /// What the map becomes with these writes.
    pub(super) fn change(&self, writes: &Writes) -> Result<Change, ChainError> {
        let changes: BTreeMap<_, _> = writes
            .values
            .iter()
            .map(|(key, value)| (key.hash(), value.as_ref().map(|value| value_hash(value))))
            .collect();
        self.map.update(self, &changes).map_err(|error| ChainError::Index(error.to_string()))
    }

    /// Takes over a block's effects: all of them with the height, in one batch of the index. The certificate proves that
    /// the block was decided.
    pub(super) fn apply(&mut self, effects: Effects, certificate: &[u8]) -> Result<(), ChainError> {
        if let Some(copying) = self.copying.upgrade() {
            copying.keep_before(effects.writes.values.keys(), |key| self.get(key))?;
        }
        let mut batch = Batch::new();
        put_values(&mut batch, &effects.writes);
        self.put_owners(&mut batch, &effects.writes)?;
        self.put_events(&mut batch, &effects.writes)?;
        for (address, summary) in effects.change.pages() {
            match summary {
                Summary::Empty => batch.delete(layout::page(address)),
                other => batch.put(layout::page(address), encode(&other)),
            }
        }
        let seal = effects.tip.seal.as_ref().ok_or(ChainError::Index("a block without a seal".into()))?;
        put_lists(&mut batch, &effects.writes, seal.first);
        let (pages, count) = (effects.change.page_count(), effects.change.count());
        batch.put(layout::TIP, tip_bytes(pages, count, &effects.sealed, &effects.tip));
        if let Some(link) = self.link(&effects, seal, certificate)? {
            self.epochs.push(&link).map_err(|error| ChainError::Index(error.to_string()))?;
            epochs::put(&mut batch, &link);
        }
        let height = seal.height;
        let mut window = std::mem::take(&mut self.window);
        window.apply(&effects.writes, self)?;
        self.window = window;
        let mut pasts = std::mem::take(&mut self.pasts);
        pasts.keep(&self.map, &effects, |key| self.get(key))?;
        self.index.apply(batch, height)?;
        for (key, value) in &effects.writes.values {
            self.values.insert(*key, value.clone());
        }
        self.map.apply(effects.change);
        self.tip = effects.tip;
        self.pasts = pasts;
        if let Some(seal) = &self.tip.seal {
            self.pasts.begin(seal, &self.map);
        }
        self.sealed = effects.sealed;
        self.refresh()
    }

    /// Keeps the table of who owns what.
    fn put_owners(&self, batch: &mut Batch, writes: &Writes) -> Result<(), ChainError> {
        for (key, value) in writes.values.iter().filter(|(key, _)| key.tag() == Patent::TAG) {
            let Some(number) = object_number(key) else { continue };
            let id = PatentId::new(number >> 8, number.to_le_bytes()[0]);
            let before = self.get(key)?.map(|bytes| Patent::from_bytes(key, &bytes)).transpose()?;
            let after = value.as_ref().map(|bytes| Patent::from_bytes(key, bytes)).transpose()?;
            for owner in before.iter().flat_map(|patent| &patent.owners) {
                batch.delete(layout::owned(owner.party, id));
            }
            for owner in after.iter().flat_map(|patent| &patent.owners) {
                batch.put(layout::owned(owner.party, id), []);
            }
        }
        Ok(())
    }
}

fn value_hash(value: &[u8]) -> Hash {
    Hash::of(Domain::MAP_VALUE, &[value])
}

fn put_values(batch: &mut Batch, writes: &Writes) {
    for (key, value) in &writes.values {
        match value {
            Some(value) => batch.put(layout::state(&key.hash()), layout::state_entry(key, value)),
            None => batch.delete(layout::state(&key.hash())),
        }
    }
    for (at, key) in &writes.due_removed {
        batch.delete(layout::due(*at, key));
    }
    for (at, key) in &writes.due_added {
        batch.put(layout::due(*at, key), []);
    }
}

/// What stands under [`layout::TIP`]: the pages and keys of the map, the log before the last seal, the seal.
pub(super) fn tip_bytes(pages: u32, count: u64, sealed: &Frontier, tip: &Tip) -> Vec<u8> {
    encode(&(pages, count, sealed.clone(), tip.seal.clone()))
}

fn read_tip(bytes: &[u8], founding: &Founding) -> Result<(u32, u64, Frontier, Tip), ChainError> {
    let (pages, count, sealed, seal): (u32, u64, Frontier, Option<Seal>) =
        decode(bytes, codec::RECORD_LIMIT).map_err(|error| ChainError::Index(format!("its tip: {error}")))?;
    let (network, start) = (founding.network(), founding.anchor.start);
    let before = Tip { network, seal: None, log: sealed.clone(), start };
    let tip = match seal {
        Some(seal) => before.after(&[], seal),
        None => before,
    };
    Ok((pages, count, sealed, tip))
}

impl View for Committed {
    fn get(&self, key: &StateKey) -> Result<Option<Arc<[u8]>>, Fault> {
        if let Some(known) = self.values.get(key) {
            return Ok(known);
        }
        let found = match self.index.get(&layout::state(&key.hash())).map_err(broken)? {
            None => None,
            Some(entry) => match layout::split_entry(&entry) {
                Some((other, value)) if other == *key => Some(Arc::<[u8]>::from(value)),
                _ => {
                    return Err(Fault::Corrupt {
                        key: *key,
                        reason: "the index has another key there".into(),
                    });
                }
            },
        };
        self.values.insert(*key, found.clone());
        Ok(found)
    }

    fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, StateKey)>, Fault> {
        let items = self.index.scan(&Scan::prefix(layout::DUE).limit(limit)).map_err(broken)?;
        let corrupt = || Fault::Store("an item of the queue cannot be read".into());
        let items: Vec<_> = items
            .iter()
            .map(|(key, _)| layout::split_due(key).ok_or_else(corrupt))
            .collect::<Result<_, _>>()?;
        Ok(items.into_iter().take_while(|(at, _)| *at <= until).collect())
    }

    fn is_used(&self, id: &Hash) -> bool {
        self.window.contains(id)
    }
}

impl Leaves for Committed {
    type Error = Fault;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Fault> {
        IndexLeaves(self.index.as_ref()).page(page)
    }
}
