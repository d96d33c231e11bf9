//! Lay out the index: one prefix byte for each kind of entry.
//!
//! | prefix | key | value |
//! |---|---|---|
//! | `s` | key hash 32 | key length u8 ‖ key ‖ state value |
//! | `d` | time u64 ‖ key | nothing: the value with this key is due |
//! | `p` | depth u8 ‖ index u32 | summary of a page of the state map |
//! | `t` | | the tip: map pages u32 ‖ map keys u64 ‖ frontier before the seal ‖ seal |
//! | `k` | type tag u16 ‖ id u64 | the ids of this type that a block made, from this one on: u64 each |
//! | `e` | height u64 ‖ part u32 | a part of the epoch that began with this block: a change of the validators |
//! | `o` | party u64 ‖ patent u64 | nothing: the party owns the patent |
//! | `h` | position u64 ‖ part u16 | events of patents that a block brought, from the one at this position on |
//!
//! Numbers in keys are big-endian, so that keys sort as numbers do; in values they are little-endian.

use tongda_ledger::act::ActKind;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{ObjectId, PartyId, PatentId, Timestamp};
use tongda_ledger::state::{PatentEvent, StateKey};
use tongda_ledger::tree::PageAddress;

/// The version of this layout: an index of another one is set aside and built anew.
pub(super) const SCHEMA: u32 = 5;

/// A state value's key.
pub(super) fn state(hash: &Hash) -> Vec<u8> {
    [b"s".as_slice(), hash.as_bytes()].concat()
}

/// The hash in a key made by [`state`].
pub(super) fn split_state(key: &[u8]) -> Option<Hash> {
    Some(Hash(key.strip_prefix(STATE)?.try_into().ok()?))
}

/// All state values.
pub(super) const STATE: &[u8] = b"s";

/// What stands under a state value's key.
pub(super) fn state_entry(key: &StateKey, value: &[u8]) -> Vec<u8> {
    let key = key.bytes();
    let length = u8::try_from(key.len()).expect("a state key has at most 34 bytes");
    [&[length], key.as_slice(), value].concat()
}

/// Key and value of an entry made by [`state_entry`].
pub(super) fn split_entry(entry: &[u8]) -> Option<(StateKey, &[u8])> {
    let (length, rest) = entry.split_first()?;
    let (key, value) = rest.split_at_checked(usize::from(*length))?;
    Some((StateKey::from_bytes(key)?, value))
}

/// An item of the queue of what falls due.
pub(super) fn due(at: Timestamp, key: &StateKey) -> Vec<u8> {
    [b"d".as_slice(), &at.milliseconds().to_be_bytes(), &key.bytes()].concat()
}

/// The whole queue.
pub(super) const DUE: &[u8] = b"d";

/// Time and key of an item made by [`due`].
pub(super) fn split_due(entry: &[u8]) -> Option<(Timestamp, StateKey)> {
    let (at, key) = entry.strip_prefix(DUE)?.split_first_chunk::<8>()?;
    let at = Timestamp::try_from(u64::from_be_bytes(*at)).ok()?;
    Some((at, StateKey::from_bytes(key)?))
}

/// A page of the state map.
pub(super) fn page(address: PageAddress) -> Vec<u8> {
    [b"p".as_slice(), &[address.depth], &address.index.to_be_bytes()].concat()
}

/// All pages.
pub(super) const PAGES: &[u8] = b"p";

/// The address in a key made by [`page`].
pub(super) fn split_page(key: &[u8]) -> Option<PageAddress> {
    let (depth, index) = key.strip_prefix(PAGES)?.split_first()?;
    Some(PageAddress { depth: *depth, index: u32::from_be_bytes(index.try_into().ok()?) })
}

/// The tip.
pub(super) const TIP: &[u8] = b"t";

/// A part of an epoch, which may be longer than a value of the index.
pub(super) fn epoch(height: u64, part: usize) -> Vec<u8> {
    let part = u32::try_from(part).expect("an epoch has a few parts");
    [b"e".as_slice(), &height.to_be_bytes(), &part.to_be_bytes()].concat()
}

/// All epochs.
pub(super) const EPOCHS: &[u8] = b"e";

/// The height in a key made by [`epoch`].
pub(super) fn split_epoch(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(*key.strip_prefix(EPOCHS)?.first_chunk()?))
}

/// Where the list of a type's ids goes on with this one.
pub(super) fn listed(tag: u16, id: u64) -> Vec<u8> {
    [b"k".as_slice(), &tag.to_be_bytes(), &id.to_be_bytes()].concat()
}

/// Ids under one key of a list at most.
pub(super) const LISTED_TOGETHER: usize = 1024;

/// What stands under a key made by [`listed`].
pub(super) fn listed_ids(ids: &[u64]) -> Vec<u8> {
    ids.iter().flat_map(|id| id.to_be_bytes()).collect()
}

/// The ids in a value made by [`listed_ids`].
pub(super) fn split_listed(value: &[u8]) -> impl Iterator<Item = u64> + '_ {
    value.chunks_exact(8).map(|id| u64::from_be_bytes(id.try_into().expect("eight bytes")))
}

/// The list of a type.
pub(super) fn list(tag: u16) -> Vec<u8> {
    [b"k".as_slice(), &tag.to_be_bytes()].concat()
}

/// That a party owns a patent.
pub(super) fn owned(party: PartyId, patent: PatentId) -> Vec<u8> {
    [b"o".as_slice(), &number(party.object_id()), &number(patent.object_id())].concat()
}

/// What a party owns.
pub(super) fn owned_by(party: PartyId) -> Vec<u8> {
    [b"o".as_slice(), &number(party.object_id())].concat()
}

/// The patent in a key made by [`owned`].
pub(super) fn split_owned(key: &[u8]) -> Option<PatentId> {
    let number = u64::from_be_bytes(key.get(9..)?.try_into().ok()?);
    Some(PatentId::new(number >> 8, number.to_le_bytes()[0]))
}

/// Events under one key at most.
pub(super) const EVENTS_TOGETHER: usize = 400;

/// All events.
pub(super) const EVENTS: &[u8] = b"h";

/// Where the events of a block go on with those at this position.
pub(super) fn events(position: u64, part: u16) -> Vec<u8> {
    [EVENTS, &position.to_be_bytes(), &part.to_be_bytes()].concat()
}

/// Where an event of a patent stands, of one in many.
pub(super) fn mark(patent: PatentId, event: u64) -> Vec<u8> {
    [marks(patent).as_slice(), &event.to_be_bytes()].concat()
}

/// All marks of a patent's events.
pub(super) fn marks(patent: PatentId) -> Vec<u8> {
    [b"m".as_slice(), &number(patent.object_id())].concat()
}

/// An event, and the position of the one before it of the same patent.
pub(super) fn event_entry(event: &PatentEvent, before: Option<u64>) -> Vec<u8> {
    let patent = event.patent.object_id();
    let mut entry = (patent.position() << 8 | u64::from(patent.ordinal())).to_le_bytes().to_vec();
    entry.extend(event.number.to_le_bytes());
    entry.extend(event.position.to_le_bytes());
    entry.extend(event.ordinal.to_le_bytes());
    entry.extend([event.what.family, event.what.kind]);
    entry.extend(before.unwrap_or(u64::MAX).to_le_bytes());
    entry
}

/// The events in a value made of [`event_entry`]s.
pub(super) fn split_events(value: &[u8]) -> impl Iterator<Item = (PatentEvent, Option<u64>)> + '_ {
    value.chunks_exact(36).map(|entry| {
        let number = |place: usize| {
            u64::from_le_bytes(entry[place..place + 8].try_into().expect("eight bytes of thirty-six"))
        };
        let (patent, before) = (number(0), number(28));
        let event = PatentEvent {
            patent: PatentId::new(patent >> 8, patent.to_le_bytes()[0]),
            number: number(8),
            position: number(16),
            ordinal: u16::from_le_bytes([entry[24], entry[25]]),
            what: ActKind { family: entry[26], kind: entry[27] },
        };
        (event, Some(before).filter(|before| *before != u64::MAX))
    })
}

fn number(id: ObjectId) -> [u8; 8] {
    (id.position() << 8 | u64::from(id.ordinal())).to_be_bytes()
}
