//! Answer from a proven history what touched a patent, and what held on a day as known at a time.
//!
//! **Proven** is that these are all events that touched the patent up to the checkpoint, in this order, at these times, and
//! the records that brought them word for word. **Derived** by the rules of this program is what held on a day
//! ([`crate::history`]): whoever doubts the derivation has the records.

use super::history::EventPart;
use crate::act::Act;
use crate::history::{Event, Held, History, HistoryError};
use crate::identifier::{Date, PatentId, RecordId, Timestamp};
use crate::state::PatentEvent;

/// A patent's history, proven complete up to the seal of a checkpoint.
#[derive(Clone, Debug)]
pub struct ProvenHistory {
    patent: PatentId,
    until: Timestamp,
    events: Vec<(Timestamp, PatentEvent)>,
    records: Vec<Event>,
}

/// Why no answer follows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotKnown {
    /// The time as of which is asked lies behind the checkpoint.
    #[error("what is known at {known} cannot be told: the history ends at {until}; get a newer certificate")]
    Later {
        /// The time asked for.
        known: Timestamp,
        /// The time of the seal.
        until: Timestamp,
    },
    /// The records do not suffice.
    #[error(transparent)]
    History(#[from] HistoryError),
}

/// The time of an entry, its position, the act that took effect with it, the events it brought.
pub(super) type Entry = (Timestamp, u64, Option<Act>, Vec<EventPart>);

impl ProvenHistory {
    pub(super) fn new(patent: PatentId, until: Timestamp, entries: Vec<Entry>) -> Self {
        let (mut events, mut records) = (Vec::new(), Vec::new());
        for (time, position, act, parts) in entries {
            if let Some(act) = act.filter(|act| !parts.is_empty() || is_built_on(act)) {
                records.push(Event { record: RecordId::new(position), time, act });
            }
            for EventPart { ordinal, what } in parts {
                let number = events.len() as u64 + 1;
                events.push((time, PatentEvent { patent, number, position, ordinal, what }));
            }
        }
        Self { patent, until, events, records }
    }

    /// The patent.
    #[must_use]
    pub const fn patent(&self) -> PatentId {
        self.patent
    }

    /// The time of the seal up to which the history is complete.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// Every event that touched the patent, with the time of its block, in the order of the log.
    #[must_use]
    pub fn events(&self) -> &[(Timestamp, PatentEvent)] {
        &self.events
    }

    /// The acts that took effect, and those that they build on.
    #[must_use]
    pub fn records(&self) -> &[Event] {
        &self.records
    }

    /// What held on a day, as known at a time; `None` while the patent had not been entered.
    ///
    /// # Errors
    /// [`NotKnown`] when the time lies behind the checkpoint, or a record is missing that another one builds on.
    pub fn at(&self, day: Date, known: Timestamp) -> Result<Option<Held>, NotKnown> {
        if known > self.until {
            return Err(NotKnown::Later { known, until: self.until });
        }
        Ok(History::new(self.patent, self.records.clone())?.at(day, known)?)
    }
}

/// Whether others build on such an act, which touches no patent itself. Others without an event had no effect.
const fn is_built_on(act: &Act) -> bool {
    matches!(act, Act::TransferPropose(_) | Act::ContributeEquity(_) | Act::PledgeApply(_))
}
