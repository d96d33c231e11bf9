//! Events that bring patents, firms and capital together.

use super::key::stored;
use crate::act::event::MatchingEventKind;
use crate::codec::{Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{ContractId, Date, EventId, IndustryCode, MemberId, PatentId, RecordId, RegionCode};
use serde::{Deserialize, Serialize};

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct EventResult {
    /// How many intents were declared.
    pub intents: u32,
    /// The technical contracts concluded.
    pub contracts: List<ContractId, 64>,
    /// Salted digest of the report.
    pub report: Option<Hash>,
    /// The record that says so.
    pub record: RecordId,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct MatchingEvent {
    /// What kind.
    pub kind: MatchingEventKind,
    /// Its name.
    pub name: Text<300>,
    /// Who holds it.
    pub organiser: MemberId,
    /// The day.
    pub on: Date,
    /// The industry.
    pub industry: IndustryCode,
    /// Where.
    pub region: RegionCode,
    /// The patents shown.
    pub patents: List<PatentId, 128>,
    /// The members that take part.
    pub members: List<MemberId, 128>,
    /// What came of it.
    pub result: Option<EventResult>,
}
stored!(MatchingEvent, 74, EventId);
