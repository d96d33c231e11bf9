//! Keep what touched each patent, so that its timeline is read from any place in it.
//!
//! ```text
//! events of a block   at its positions, in the order of the log; each leads to the one before of the same patent
//! marks               of every 128th event of a patent, where it stands: a page begins at the next one above it
//! ```

use super::committed::Committed;
use super::error::ChainError;
use super::layout;
use crate::store::{Batch, Scan};
use std::collections::BTreeMap;
use tongda_ledger::identifier::PatentId;
use tongda_ledger::state::{PatentEvent, PatentStatus, Read as _, Writes};

/// Every so many events of a patent, one is marked.
const MARKED: u64 = 128;

impl Committed {
    /// Keeps the events of patents, each with the place of the one before it.
    pub(super) fn put_events(&self, batch: &mut Batch, writes: &Writes) -> Result<(), ChainError> {
        let mut last: BTreeMap<PatentId, Option<u64>> = BTreeMap::new();
        for (part, events) in (0_u16..).zip(writes.events.chunks(layout::EVENTS_TOGETHER)) {
            let mut value = Vec::new();
            for event in events {
                let before = match last.get(&event.patent) {
                    Some(before) => *before,
                    None => self
                        .find::<PatentStatus>(&event.patent)?
                        .and_then(|status| status.last)
                        .map(|record| record.position()),
                };
                value.extend(layout::event_entry(event, before));
                last.insert(event.patent, Some(event.position));
                if event.number.is_multiple_of(MARKED) {
                    let mark = layout::mark(event.patent, event.number);
                    batch.put(mark, event.position.to_be_bytes());
                }
            }
            batch.put(layout::events(events[0].position, part), value);
        }
        Ok(())
    }

    /// The events of a patent, the newest first: those whose number is below `before`, at most `limit`. They end early
    /// where the index began from a snapshot and has not executed what was before: then the last of them is not the
    /// first of the patent's events.
    ///
    /// # Errors
    /// [`ChainError`] when the index cannot be read.
    pub fn events_of(
        &self,
        patent: PatentId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<PatentEvent>, ChainError> {
        let marked = before.map(|before| self.marked(patent, before)).transpose()?.flatten();
        let mut at = match marked {
            None => {
                self.find::<PatentStatus>(&patent)?.and_then(|status| status.last).map(|last| last.position())
            }
            marked => marked,
        };
        let mut found = Vec::new();
        while let Some(position) = at {
            let mut here = self.events_at(patent, position)?;
            // The oldest event here leads on to the one before.
            at = here.first().and_then(|(_, before)| *before).filter(|earlier| *earlier < position);
            here.reverse();
            for (event, _) in here {
                if found.len() == limit {
                    return Ok(found);
                }
                if before.is_none_or(|before| event.number < before) {
                    found.push(event);
                }
            }
        }
        Ok(found)
    }

    /// Where the first marked event of a patent stands whose number is `number` or above.
    fn marked(&self, patent: PatentId, number: u64) -> Result<Option<u64>, ChainError> {
        let scan = Scan::prefix(layout::marks(patent)).from(layout::mark(patent, number)).limit(1);
        let position = |(_, value): (_, bytes::Bytes)| {
            let wrong = || ChainError::Index("a mark of a patent's events cannot be read".into());
            Ok(u64::from_be_bytes(value.as_ref().try_into().map_err(|_| wrong())?))
        };
        self.index.scan(&scan)?.pop().map(position).transpose()
    }

    /// A patent's events at this position, in their order.
    fn events_at(
        &self,
        patent: PatentId,
        position: u64,
    ) -> Result<Vec<(PatentEvent, Option<u64>)>, ChainError> {
        let keys = || Scan::prefix(layout::EVENTS).reverse().limit(1);
        let mut found = Vec::new();
        let mut scan = keys().from(layout::events(position, u16::MAX));
        while let Some((key, value)) = self.index.scan(&scan)?.pop() {
            let events: Vec<_> = layout::split_events(&value).collect();
            let begins_before = events.first().is_none_or(|(event, _)| event.position < position);
            let is_wanted =
                |(event, _): &(PatentEvent, _)| event.patent == patent && event.position == position;
            found.splice(0..0, events.into_iter().filter(is_wanted));
            if begins_before {
                break;
            }
            scan = keys().after(key.to_vec());
        }
        Ok(found)
    }
}
