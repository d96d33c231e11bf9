//! Order the waiting records: fair between members, first come first served for each.
//!
//! A record gets a *turn* when it comes: the turn that is being served if its author has nothing else waiting, or
//! the one after its author's last. Records are taken by turn. So an author with ten thousand waiting records and
//! one with a single record both have one in the next turn, and the order is a key in a sorted map. Authors are told
//! apart by origin too: nobody here knows yet whether the keys are the author's own, and a node that sends records
//! in someone else's name must not stand in that one's way.

use super::limits::PoolLimits;
use super::outcome::{Outcome, Outcomes};
use super::rejection::Rejection;
use super::verified::Verified;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, Timestamp};
use tongda_ledger::key::PublicKey;
use tongda_ledger::refusal::Refusal;

/// How far ahead a window may begin: clocks of other nodes differ.
const CLOCK_SKEW: u64 = 10_000;

/// From where a record came to this node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A client of this node sent it, and the ledger judged it allowed. It is passed on to the other nodes.
    Client,
    /// Another node passed it on: the one with this network key. Nobody here has judged it.
    Node(Arc<PublicKey>),
}

/// What came of admitting a record that was not rejected.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It waits from now on.
    New,
    /// It was waiting already.
    Waiting,
    /// A record with its id has been committed.
    Committed {
        /// Its index in the log.
        index: u64,
        /// The block that brought it.
        height: u64,
    },
}

/// A record's place: its id and its fingerprint. Envelopes with one id stand side by side.
type Name = (Hash, Hash);

fn name(record: &Verified) -> Name {
    (record.id(), record.fingerprint())
}

struct Entry {
    record: Verified,
    origin: Origin,
    turn: u64,
    /// Counts the admissions of this pool.
    serial: u64,
    /// The last height when it came, or was last looked at again.
    height: u64,
    waiters: Vec<oneshot::Sender<Outcome>>,
}

struct Lane {
    waiting: usize,
    last_turn: u64,
}

/// The waiting records, in all the orders that are asked for.
pub(super) struct Queue {
    entries: BTreeMap<Name, Entry>,
    by_turn: BTreeMap<(u64, u64), Verified>,
    by_end: BTreeMap<(Timestamp, u64), Verified>,
    by_height: BTreeMap<(u64, u64), Verified>,
    /// What this node's clients sent, by serial.
    own: BTreeMap<u64, Verified>,
    lanes: HashMap<(Origin, MemberId), Lane>,
    nodes: HashMap<Arc<PublicKey>, usize>,
    outcomes: Outcomes,
    bytes: usize,
    serial: u64,
    height: u64,
}

impl Queue {
    pub(super) fn new(outcomes: usize) -> Self {
        Self {
            entries: BTreeMap::new(),
            by_turn: BTreeMap::new(),
            by_end: BTreeMap::new(),
            by_height: BTreeMap::new(),
            own: BTreeMap::new(),
            lanes: HashMap::new(),
            nodes: HashMap::new(),
            outcomes: Outcomes::new(outcomes),
            bytes: 0,
            serial: 0,
            height: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// What is known of the record without admitting it.
    pub(super) fn known(&self, record: &Verified) -> Option<Admission> {
        if let Some(Outcome::Committed { index, height }) = self.outcomes.get(&record.id()) {
            return Some(Admission::Committed { index: *index, height: *height });
        }
        self.entries.contains_key(&name(record)).then_some(Admission::Waiting)
    }

    /// Puts a record that is not known into the queue, if there is room for it.
    pub(super) fn admit(
        &mut self,
        record: Verified,
        origin: Origin,
        now: Timestamp,
        limits: &PoolLimits,
    ) -> Result<(), Rejection> {
        let author = record.core().author;
        let lane = (origin.clone(), author);
        within_window(&record, now)?;
        if self.entries.len() >= limits.records || self.bytes + record.bytes().len() > limits.bytes {
            return Err(Rejection::Full);
        }
        if self.lanes.get(&lane).is_some_and(|lane| lane.waiting >= limits.records_per_member) {
            return Err(Rejection::MemberShare { member: author, limit: limits.records_per_member });
        }
        if let Origin::Node(node) = &origin {
            let waiting = self.nodes.entry(node.clone()).or_default();
            if *waiting >= limits.records_per_node {
                return Err(Rejection::NodeShare(limits.records_per_node));
            }
            *waiting += 1;
        }
        self.serial += 1;
        let serial = self.serial;
        let turn = match self.lanes.get(&lane) {
            Some(lane) => lane.last_turn + 1,
            None => self.by_turn.first_key_value().map_or(0, |((turn, _), _)| *turn),
        };
        let lane = self.lanes.entry(lane).or_insert(Lane { waiting: 0, last_turn: turn });
        lane.waiting += 1;
        lane.last_turn = turn;
        self.bytes += record.bytes().len();
        self.by_turn.insert((turn, serial), record.clone());
        self.by_end.insert((record.core().valid_until, serial), record.clone());
        self.by_height.insert((self.height, serial), record.clone());
        if origin == Origin::Client {
            self.own.insert(serial, record.clone());
        }
        self.outcomes.forget(&record.fingerprint());
        let entry = Entry { origin, turn, serial, height: self.height, waiters: Vec::new(), record };
        self.entries.insert(name(&entry.record), entry);
        Ok(())
    }

    /// Tells what becomes of the record.
    pub(super) fn wait(&mut self, record: &Verified) -> oneshot::Receiver<Outcome> {
        let (sender, receiver) = oneshot::channel();
        if let Some(entry) = self.entries.get_mut(&name(record)) {
            entry.waiters.retain(|waiter| !waiter.is_closed());
            entry.waiters.push(sender);
        } else {
            let outcome =
                self.outcomes.get(&record.id()).or_else(|| self.outcomes.get(&record.fingerprint()));
            // The receiver is in this function's hands, so the answer arrives.
            let _ = sender.send(outcome.cloned().unwrap_or(Outcome::Dropped));
        }
        receiver
    }

    /// The next records by turn, within these bounds, that count at `now`.
    pub(super) fn take(&self, max_records: usize, max_bytes: usize, now: Timestamp) -> Vec<Verified> {
        let mut taken = Vec::with_capacity(max_records.min(self.entries.len()));
        let mut room = max_bytes;
        for record in self.by_turn.values() {
            let length = record.bytes().len();
            let window = record.core().valid_from..=record.core().valid_until;
            if !window.contains(&now) || length > max_bytes {
                continue;
            }
            if taken.len() == max_records || length > room {
                break;
            }
            room -= length;
            taken.push(record.clone());
        }
        taken
    }

    /// Removes the records that a block brought, by id, whatever their signatures.
    pub(super) fn committed(&mut self, block: &[(Hash, u64)], height: u64) {
        self.height = self.height.max(height);
        for (id, index) in block {
            let outcome = Outcome::Committed { index: *index, height };
            let names: Vec<Name> = self
                .entries
                .range((*id, Hash::ZERO)..=(*id, Hash([0xff; 32])))
                .map(|(name, _)| *name)
                .collect();
            for name in names {
                self.remove(&name, &outcome);
            }
            self.outcomes.remember(*id, outcome);
        }
    }

    /// Removes a record that the rules refused; the origin it had, if it was here.
    pub(super) fn refuse(&mut self, record: &Verified, refusals: Vec<Refusal>) -> Option<Origin> {
        let outcome = Outcome::Refused(refusals);
        let origin = self.remove(&name(record), &outcome)?;
        self.outcomes.remember(record.fingerprint(), outcome);
        Some(origin)
    }

    /// Removes the records whose window has passed; how many they were.
    pub(super) fn expire(&mut self, now: Timestamp) -> usize {
        let mut expired = 0;
        while let Some(((end, _), record)) = self.by_end.first_key_value()
            && *end < now
        {
            let record = record.clone();
            self.remove(&name(&record), &Outcome::Expired);
            self.outcomes.remember(record.fingerprint(), Outcome::Expired);
            expired += 1;
        }
        expired
    }

    /// At most `limit` of the records that at least `blocks` blocks have passed over since they came or were last
    /// returned from here, longest first.
    pub(super) fn passed_over(&mut self, blocks: u64, limit: usize) -> Vec<Verified> {
        let mut found = Vec::new();
        while found.len() < limit
            && let Some((&(height, serial), _)) = self.by_height.first_key_value()
            && height.saturating_add(blocks) <= self.height
            && height < self.height
            && let Some(record) = self.by_height.remove(&(height, serial))
        {
            let entry = self.entries.get_mut(&name(&record)).expect("what is ordered by height is waiting");
            entry.height = self.height;
            self.by_height.insert((self.height, serial), record.clone());
            found.push(record);
        }
        found
    }

    /// This node's own records with a serial from `first` on: as many as fit into `bytes` with `overhead` for each,
    /// and at least one.
    pub(super) fn own_from(&self, first: u64, bytes: usize, overhead: usize) -> Vec<(u64, Verified)> {
        let mut found = Vec::new();
        let mut room = bytes;
        for (serial, record) in self.own.range(first..) {
            let length = record.bytes().len() + overhead;
            if length > room && !found.is_empty() {
                break;
            }
            room = room.saturating_sub(length);
            found.push((*serial, record.clone()));
        }
        found
    }

    /// Panics if the orders do not hold the same records, or the counts are not theirs.
    #[cfg(test)]
    pub(super) fn assert_consistent(&self) {
        let count = self.entries.len();
        assert_eq!([self.by_turn.len(), self.by_end.len(), self.by_height.len()], [count; 3]);
        let mut lanes: HashMap<(Origin, MemberId), usize> = HashMap::new();
        let mut nodes: HashMap<Arc<PublicKey>, usize> = HashMap::new();
        for entry in self.entries.values() {
            let record = &entry.record;
            assert_eq!(self.by_turn.get(&(entry.turn, entry.serial)), Some(record));
            assert_eq!(self.by_end.get(&(record.core().valid_until, entry.serial)), Some(record));
            assert_eq!(self.by_height.get(&(entry.height, entry.serial)), Some(record));
            assert_eq!(self.own.get(&entry.serial), (entry.origin == Origin::Client).then_some(record));
            *lanes.entry((entry.origin.clone(), record.core().author)).or_default() += 1;
            if let Origin::Node(node) = &entry.origin {
                *nodes.entry(node.clone()).or_default() += 1;
            }
        }
        let own = self.entries.values().filter(|entry| entry.origin == Origin::Client).count();
        assert_eq!(self.own.len(), own);
        assert_eq!(
            self.lanes.iter().map(|(key, lane)| (key.clone(), lane.waiting)).collect::<HashMap<_, _>>(),
            lanes
        );
        assert_eq!(self.nodes, nodes);
        assert_eq!(self.bytes, self.entries.values().map(|entry| entry.record.bytes().len()).sum::<usize>());
    }

    fn remove(&mut self, name: &Name, outcome: &Outcome) -> Option<Origin> {
        let entry = self.entries.remove(name)?;
        let core = entry.record.core();
        self.bytes -= entry.record.bytes().len();
        self.by_turn.remove(&(entry.turn, entry.serial));
        self.by_end.remove(&(core.valid_until, entry.serial));
        self.by_height.remove(&(entry.height, entry.serial));
        self.own.remove(&entry.serial);
        let key = (entry.origin, core.author);
        if let Some(lane) = self.lanes.get_mut(&key) {
            lane.waiting -= 1;
            if lane.waiting == 0 {
                self.lanes.remove(&key);
            }
        }
        let (origin, _) = key;
        if let Origin::Node(node) = &origin
            && let Some(waiting) = self.nodes.get_mut(node)
        {
            *waiting -= 1;
            if *waiting == 0 {
                self.nodes.remove(node);
            }
        }
        for waiter in entry.waiters {
            // Whoever has stopped waiting needs no answer.
            let _ = waiter.send(outcome.clone());
        }
        Some(origin)
    }
}

/// Whether the record counts now, or within the skew of clocks.
fn within_window(record: &Verified, now: Timestamp) -> Result<(), Rejection> {
    let (from, until) = (record.core().valid_from, record.core().valid_until);
    if until < now {
        return Err(Rejection::Expired(until));
    }
    let ahead = from.milliseconds().saturating_sub(now.milliseconds());
    if ahead > CLOCK_SKEW {
        return Err(Rejection::NotYetValid { from, after: Duration::from_millis(ahead) });
    }
    Ok(())
}
