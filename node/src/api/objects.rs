//! Objects of the ledger: one of them by its id, or a page of their list.

use super::{Api, Problem};
use crate::chain::Committed;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::str::FromStr;
use tongda_ledger::identifier::{
    CaseId, ContractId, CreditEventId, DeclarationId, DemandId, EventId, InstrumentId, LicenceId, ListingId,
    MemberId, NoticeId, ObjectKind, OpenSourceId, PartyId, PendingId, PledgeId, PoolId, ProductId, ProjectId,
    ProposalId, PushId, RecordId, StatisticId, TransferId, ValuationId,
};
use tongda_ledger::state::{
    BorderTrade, Compensation, Consortium, CreditEntry, CreditLine, Declaration, Demand, DiligenceEntry,
    Disposal, DisputeCase, ExternalAnchor, Implementation, IncomeDistribution, Instrument, InsuranceClaim,
    Licence, Listing, MatchFeedback, MatchPush, MatchingEvent, Member, OpenNotice, OpenSource, Party,
    Pending, Pledge, Pool, PoolDistribution, Portfolio, Product, Project, Proposal, Publication, Read as _,
    RegionalReport, RoyaltyReport, StandardDeclaration, Statistic, Stored, SupportMeasure, TechnicalContract,
    TenderNotice, Transfer, Valuation,
};

/// Objects in a page unless asked otherwise.
pub(super) const PAGE: usize = 100;
/// Objects in a page at most.
pub(super) const LARGEST_PAGE: usize = 1_000;

/// Which page.
#[derive(Debug, Deserialize)]
pub(super) struct PageQuery<Id> {
    pub(super) after: Option<Id>,
    pub(super) limit: Option<usize>,
}

/// A page of a list.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Page<T> {
    /// The objects, ascending by id.
    pub items: Vec<T>,
    /// `?after=` for the next page; `None` when this one is the last.
    pub next: Option<String>,
}

/// An object with its id.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Object<Id, T> {
    /// The id.
    pub id: Id,
    /// What is true of it now.
    #[serde(flatten)]
    pub value: T,
}

pub(super) fn page_size(limit: Option<usize>) -> Result<usize, Problem> {
    match limit.unwrap_or(PAGE) {
        limit @ 1..=LARGEST_PAGE => Ok(limit),
        other => Err(Problem::malformed(format!("limit={other}: a page has 1 to {LARGEST_PAGE} objects"))),
    }
}

/// A type of object that is listed: its id is made of position and ordinal.
pub(super) trait Listed: Stored<Id: Copy + Display + FromStr> + Serialize + Send + 'static {
    /// Where it stands under `/v1/`.
    const PATH: &'static str;

    /// The id with this position and ordinal.
    fn id(position: u64, ordinal: u8) -> Self::Id;
}

/// Lists types: objects under the plural of their kind, the others under a word of their own and named by the record that
/// made them.
macro_rules! listed {
    { objects { $($type:ident, $id:ident, $kind:ident);* $(;)? } records { $($entry:ident, $path:literal);* $(;)? } } => {
        $(impl Listed for $type {
            const PATH: &'static str = ObjectKind::$kind.plural();

            fn id(position: u64, ordinal: u8) -> $id {
                $id::new(position, ordinal)
            }
        })*

        $(impl Listed for $entry {
            const PATH: &'static str = $path;

            fn id(position: u64, _: u8) -> RecordId {
                RecordId::new(position)
            }
        })*

        /// The routes of all listed objects but patents.
        pub(super) fn routes() -> Router<Api> {
            let router = Router::new();
            $(let router = served::<$type>(router);)*
            $(let router = served::<$entry>(router);)*
            router
        }

        /// Paths and tags of all listed types but patents.
        #[cfg(test)]
        const ALL: &[(&str, u16)] = &[
            $((<$type as Listed>::PATH, <$type as Stored>::TAG),)*
            $((<$entry as Listed>::PATH, <$entry as Stored>::TAG),)*
        ];

        /// Where lists stand: for whoever opens the node in a browser.
        pub(super) const PATHS: &[&str] = &[$(<$type as Listed>::PATH,)* $(<$entry as Listed>::PATH,)*];
    };
}
listed! {
    objects {
        Member, MemberId, Member; Party, PartyId, Party; Declaration, DeclarationId, Declaration;
        OpenNotice, NoticeId, Notice; Licence, LicenceId, Licence; Transfer, TransferId, Transfer;
        Pledge, PledgeId, Pledge; Pending, PendingId, Pending; Valuation, ValuationId, Valuation;
        Instrument, InstrumentId, Instrument; TechnicalContract, ContractId, Contract; Listing, ListingId, Listing;
        Demand, DemandId, Demand; MatchPush, PushId, Push; MatchingEvent, EventId, Event; Pool, PoolId, Pool;
        OpenSource, OpenSourceId, OpenSource; Product, ProductId, Product; DisputeCase, CaseId, Case;
        CreditEntry, CreditEventId, CreditEvent; Proposal, ProposalId, Proposal; Statistic, StatisticId, Statistic;
        Project, ProjectId, Project;
    }
    records {
        RoyaltyReport, "royalty-reports"; Disposal, "disposals"; Compensation, "compensations";
        InsuranceClaim, "insurance-claims"; CreditLine, "credit-lines"; Implementation, "implementations";
        BorderTrade, "border-trades"; SupportMeasure, "support-measures"; MatchFeedback, "match-feedback";
        PoolDistribution, "pool-distributions"; Portfolio, "portfolios"; Consortium, "consortia";
        StandardDeclaration, "standard-declarations"; IncomeDistribution, "income-distributions";
        DiligenceEntry, "diligence-entries"; TenderNotice, "tender-notices"; RegionalReport, "regional-reports";
        ExternalAnchor, "external-anchors"; Publication, "publications";
    }
}

/// The two routes of a listed type.
fn served<T: Listed>(router: Router<Api>) -> Router<Api>
where
    T::Id: DeserializeOwned + Serialize + Send,
    <T::Id as FromStr>::Err: Display,
{
    let (all, one) = (format!("/v1/{}", T::PATH), format!("/v1/{}/{{id}}", T::PATH));
    router.route(&all, get(list::<T>)).route(&one, get(show::<T>))
}

pub(super) fn objects<T: Listed>(
    committed: &Committed,
    after: Option<T::Id>,
    limit: usize,
) -> Result<Vec<(T::Id, T)>, Problem> {
    let mut found = Vec::new();
    for id in committed.list::<T>(after.as_ref(), limit)? {
        let id = T::id(id.position(), id.ordinal());
        found.push((id, committed.must(&id)?));
    }
    Ok(found)
}

async fn list<T: Listed>(
    State(api): State<Api>,
    Query(query): Query<PageQuery<T::Id>>,
) -> Result<Json<Page<Object<T::Id, T>>>, Problem>
where
    T::Id: DeserializeOwned + Serialize + Send,
{
    let limit = page_size(query.limit)?;
    let mut found = objects::<T>(&api.chain.committed(), query.after, limit + 1)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(id, _)| id.to_string());
    let items = found.into_iter().map(|(id, value)| Object { id, value }).collect();
    Ok(Json(Page { items, next }))
}

async fn show<T: Listed>(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<Object<T::Id, T>>, Problem>
where
    T::Id: Serialize + Send,
    <T::Id as FromStr>::Err: Display,
{
    let id: T::Id = id.parse().map_err(|error: <T::Id as FromStr>::Err| Problem::malformed(error))?;
    let found = api.chain.committed().find::<T>(&id)?;
    let value = found.ok_or_else(|| Problem::missing(format!("{id} does not exist here")))?;
    Ok(Json(Object { id, value }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::is_listed;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_of_object_is_served_under_its_plural() {
        let served: BTreeSet<_> = PATHS.iter().copied().collect();
        assert_eq!(served.len(), PATHS.len(), "two types share a path");
        for kind in ObjectKind::ALL {
            // Patents and records have resources of their own; a power of attorney is named by its two members.
            let apart = matches!(kind, ObjectKind::Patent | ObjectKind::Record | ObjectKind::Power);
            assert_ne!(served.contains(kind.plural()), apart, "{kind}");
        }
    }

    #[test]
    fn every_type_that_is_served_is_listed_by_the_chain() {
        for (path, tag) in ALL {
            assert!(is_listed(*tag), "/v1/{path} would always be empty");
        }
    }
}
