//! Acts on events that bring patents, firms and capital together (“一月一链”路演, 精准对接活动): plan §2, §10.

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{ContractId, Date, EventId, IndustryCode, MemberId, PatentId, RegionCode};
use serde::{Deserialize, Serialize};

tagged! {
    /// What kind of event.
    #[derive(Copy)]
    pub enum MatchingEventKind {
        /// A roadshow before investors (投融资路演).
        1 => Roadshow,
        /// A meeting of supply and demand (对接活动).
        2 => Docking,
    }
}

/// Announces an event. By an exchange or an operation centre.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Hold {
    /// What kind.
    pub kind: MatchingEventKind,
    /// Its name.
    pub name: Text<300>,
    /// The day.
    pub on: Date,
    /// The industry.
    pub industry: IndustryCode,
    /// Where.
    pub region: RegionCode,
    /// The patents shown.
    pub patents: List<PatentId, 128>,
    /// The members that take part. There is at least one patent or member.
    pub members: List<MemberId, 128>,
}

/// Says what came of an event. By who announced it, once, on its day or later.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Outcome {
    /// The event.
    pub event: EventId,
    /// How many intents (意向) were declared.
    pub intents: u32,
    /// The technical contracts concluded.
    pub contracts: List<ContractId, 64>,
    /// Salted digest of the report.
    pub report: Option<Hash>,
}
