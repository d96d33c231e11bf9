//! Read the objects of the ledger: one by its id, or their list page by page.

use crate::answer::{Object, Page, PatentEvent, PatentView};
use crate::node::segment;
use crate::{Error, Node};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Display;
use tongda_ledger::identifier::{
    CaseId, ContractId, CreditEventId, DeclarationId, DemandId, EventId, InstrumentId, LicenceId, ListingId,
    MemberId, NoticeId, ObjectKind, OpenSourceId, PartyId, PatentId, PendingId, PledgeId, PoolId, ProductId,
    ProjectId, ProposalId, PushId, StatisticId, TransferId, ValuationId,
};
use tongda_ledger::key::PublicKey;
use tongda_ledger::state::{
    CreditEntry, Declaration, Demand, DisputeCase, Instrument, Licence, Listing, MatchPush, MatchingEvent,
    Member, OpenNotice, OpenSource, Party, Pending, Pledge, Pool, Product, Project, Proposal, Statistic,
    TechnicalContract, Transfer, Valuation,
};

/// The largest page that a node gives.
const LARGEST_PAGE: usize = 1_000;

/// A type of object that a node lists.
pub trait Resource: DeserializeOwned + Serialize {
    /// What names one of them.
    type Id: Copy + Display + DeserializeOwned + Serialize;
    /// Where they stand under `/v1/`.
    const PATH: &'static str;
}

/// Objects that have an id of their own stand under the plural of their kind.
macro_rules! resources {
    ($($type:ident, $id:ident, $kind:ident);* $(;)?) => {
        $(impl Resource for $type {
            type Id = $id;
            const PATH: &'static str = ObjectKind::$kind.plural();
        })*
    };
}
resources!(
    Member, MemberId, Member; Party, PartyId, Party; Declaration, DeclarationId, Declaration;
    OpenNotice, NoticeId, Notice; Licence, LicenceId, Licence; Transfer, TransferId, Transfer;
    Pledge, PledgeId, Pledge; Pending, PendingId, Pending; Valuation, ValuationId, Valuation;
    Instrument, InstrumentId, Instrument; TechnicalContract, ContractId, Contract; Listing, ListingId, Listing;
    Demand, DemandId, Demand; MatchPush, PushId, Push; MatchingEvent, EventId, Event; Pool, PoolId, Pool;
    OpenSource, OpenSourceId, OpenSource; Product, ProductId, Product; DisputeCase, CaseId, Case;
    CreditEntry, CreditEventId, CreditEvent; Proposal, ProposalId, Proposal; Statistic, StatisticId, Statistic;
    Project, ProjectId, Project;
);

impl Node {
    /// An object by its id.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none, and others.
    pub async fn object<T: Resource>(&self, id: T::Id) -> Result<Object<T::Id, T>, Error> {
        self.get(&format!("v1/{}/{}", T::PATH, segment(&id.to_string()))).await
    }

    /// Up to `limit` objects, 1 to 1,000, that come after the one named; ascending by id.
    ///
    /// # Errors
    /// [`Error`] when no node answers.
    pub async fn page<T: Resource>(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<Object<T::Id, T>>, Error> {
        let limit = limit.clamp(1, LARGEST_PAGE).to_string();
        let after = after.map(|after| ("after", after));
        let query: Vec<_> = [("limit", limit.as_str())].into_iter().chain(after).collect();
        self.get_with(&format!("v1/{}", T::PATH), &query).await
    }

    /// Up to `limit` objects for which `keep` holds, from as many pages as that takes.
    ///
    /// # Errors
    /// [`Error`] when no node answers.
    pub async fn find<T: Resource>(
        &self,
        limit: usize,
        keep: impl Fn(&Object<T::Id, T>) -> bool,
    ) -> Result<Vec<Object<T::Id, T>>, Error> {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = self.page::<T>(after.as_deref(), LARGEST_PAGE).await?;
            found.extend(page.items.into_iter().filter(|object| keep(object)).take(limit - found.len()));
            after = page.next;
            if found.len() == limit || after.is_none() {
                return Ok(found);
            }
        }
    }

    /// A patent by its id or its number, in any of its usual forms.
    ///
    /// # Errors
    /// [`Error::Missing`] when it is not on the ledger, and others.
    pub async fn patent(&self, patent: impl ToString) -> Result<PatentView, Error> {
        self.get(&format!("v1/patents/{}", segment(&patent.to_string()))).await
    }

    /// Up to `limit` events of a patent, 1 to 1,000, the newest first: those with a number below the one named.
    ///
    /// # Errors
    /// [`Error::Missing`] when it is not on the ledger, and others.
    pub async fn patent_events(
        &self,
        patent: impl ToString,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page<PatentEvent>, Error> {
        let limit = limit.clamp(1, LARGEST_PAGE).to_string();
        let before = before.map(|before| before.to_string());
        let mut query = vec![("limit", limit.as_str())];
        query.extend(before.as_deref().map(|before| ("before", before)));
        self.get_with(&format!("v1/patents/{}/events", segment(&patent.to_string())), &query).await
    }

    /// Up to `limit` patents, 1 to 1,000, that come after the one named; only those of `owner` if one is.
    ///
    /// # Errors
    /// [`Error`] when no node answers.
    pub async fn patents(
        &self,
        owner: Option<PartyId>,
        after: Option<PatentId>,
        limit: usize,
    ) -> Result<Page<PatentView>, Error> {
        let limit = limit.clamp(1, LARGEST_PAGE).to_string();
        let owner = owner.map(|owner| owner.to_string());
        let after = after.map(|after| after.to_string());
        let mut query = vec![("limit", limit.as_str())];
        query.extend(owner.as_deref().map(|owner| ("owner", owner)));
        query.extend(after.as_deref().map(|after| ("after", after)));
        self.get_with("v1/patents", &query).await
    }

    /// The member that holds a key now, if there is one. Reads the list of members.
    ///
    /// # Errors
    /// [`Error`] when no node answers.
    pub async fn member_with(&self, key: &PublicKey) -> Result<Option<Object<MemberId, Member>>, Error> {
        let holds = |member: &Object<MemberId, Member>| member.value.keys.iter().any(|held| held.key == *key);
        Ok(self.find(1, holds).await?.pop())
    }
}
