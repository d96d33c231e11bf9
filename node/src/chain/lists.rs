//! List the objects of each type by their ids, as they are made: no object is ever removed.

use super::committed::Committed;
use super::error::ChainError;
use super::layout;
use crate::store::{Batch, Scan};
use std::collections::BTreeMap;
use tongda_ledger::identifier::ObjectId;
use tongda_ledger::state::{
    BorderTrade, Compensation, Consortium, CreditEntry, CreditLine, Declaration, Demand, DiligenceEntry,
    Disposal, DisputeCase, ExternalAnchor, Implementation, IncomeDistribution, Instrument, InsuranceClaim,
    Licence, Listing, MatchFeedback, MatchPush, MatchingEvent, Member, OpenNotice, OpenSource, Party, Patent,
    Pending, Pledge, Pool, PoolDistribution, Portfolio, Product, Project, Proposal, Publication,
    RegionalReport, RoyaltyReport, StandardDeclaration, StateKey, Statistic, Stored, SupportMeasure,
    TechnicalContract, TenderNotice, Transfer, Valuation, Writes,
};

/// Keys of a list read at once.
const LISTS_AT_ONCE: usize = 64;

/// The types whose values are listed: those named by the id of an object or of the record that made them.
const LISTED: [u16; 43] = [
    Member::TAG,
    Party::TAG,
    Patent::TAG,
    Declaration::TAG,
    OpenNotice::TAG,
    Licence::TAG,
    Transfer::TAG,
    Pledge::TAG,
    Pending::TAG,
    Valuation::TAG,
    Instrument::TAG,
    TechnicalContract::TAG,
    Listing::TAG,
    Demand::TAG,
    MatchPush::TAG,
    MatchingEvent::TAG,
    Pool::TAG,
    OpenSource::TAG,
    Product::TAG,
    DisputeCase::TAG,
    CreditEntry::TAG,
    Proposal::TAG,
    Statistic::TAG,
    Project::TAG,
    RoyaltyReport::TAG,
    Disposal::TAG,
    Compensation::TAG,
    InsuranceClaim::TAG,
    CreditLine::TAG,
    Implementation::TAG,
    BorderTrade::TAG,
    SupportMeasure::TAG,
    MatchFeedback::TAG,
    PoolDistribution::TAG,
    Portfolio::TAG,
    Consortium::TAG,
    StandardDeclaration::TAG,
    IncomeDistribution::TAG,
    DiligenceEntry::TAG,
    TenderNotice::TAG,
    RegionalReport::TAG,
    ExternalAnchor::TAG,
    Publication::TAG,
];

/// Lists the objects that a block made: those whose position is `first` or behind. No object is ever removed.
pub(super) fn put_lists(batch: &mut Batch, writes: &Writes, first: u64) {
    let mut made: BTreeMap<u16, Vec<u64>> = BTreeMap::new();
    for key in writes.values.keys().filter(|key| LISTED.contains(&key.tag())) {
        if let Some(number) = object_number(key).filter(|number| number >> 8 >= first) {
            made.entry(key.tag()).or_default().push(number);
        }
    }
    for (tag, made) in &made {
        put_list(batch, *tag, made);
    }
}

/// Whether the values of a type are listed.
#[cfg(test)]
pub(crate) fn is_listed(tag: u16) -> bool {
    LISTED.contains(&tag)
}

/// Lists objects of a type, ascending.
pub(super) fn put_list(batch: &mut Batch, tag: u16, ids: &[u64]) {
    for together in ids.chunks(layout::LISTED_TOGETHER) {
        batch.put(layout::listed(tag, together[0]), layout::listed_ids(together));
    }
}

/// The number under which an object is listed, if its type is.
pub(super) fn listed_number(key: &StateKey) -> Option<u64> {
    LISTED.contains(&key.tag()).then(|| object_number(key)).flatten()
}

/// Position and ordinal of an object in one number, from its key.
pub(super) fn object_number(key: &StateKey) -> Option<u64> {
    key.id().try_into().ok().map(u64::from_be_bytes)
}

impl Committed {
    /// The ids of the listed type `T` behind `after`, ascending, at most `limit`.
    ///
    /// # Errors
    /// [`ChainError`] when the index cannot be read.
    pub fn list<T: Stored>(&self, after: Option<&T::Id>, limit: usize) -> Result<Vec<ObjectId>, ChainError> {
        let list = || Scan::prefix(layout::list(T::TAG));
        let after = after.and_then(|id| object_number(&StateKey::of::<T>(id)));
        let mut scan = list().limit(LISTS_AT_ONCE);
        if let Some(after) = after {
            // The last key at or before the id holds it, and what follows it in its block.
            let before = list().from(layout::listed(T::TAG, after)).reverse().limit(1);
            if let Some((key, _)) = self.index.scan(&before)?.pop() {
                scan = scan.from(key.to_vec());
            }
        }
        let mut found = Vec::new();
        loop {
            let lists = self.index.scan(&scan)?;
            let Some((last, _)) = lists.last() else { return Ok(found) };
            scan = list().after(last.to_vec()).limit(LISTS_AT_ONCE);
            for (_, ids) in &lists {
                for id in layout::split_listed(ids).filter(|id| after.is_none_or(|after| *id > after)) {
                    if found.len() == limit {
                        return Ok(found);
                    }
                    found.push(ObjectId::new(id >> 8, id.to_le_bytes()[0]));
                }
            }
        }
    }
}
