//! Read the objects of the ledger: one by its id, or their list page by page.

use crate::answer::{Object, Page, PatentEvent, PatentView};
use crate::node::segment;
use crate::{Error, Node};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Display;
use tongda_ledger::identifier::{
    DeclarationId, LicenceId, MemberId, NoticeId, PartyId, PatentId, PendingId, PledgeId, TransferId,
};
use tongda_ledger::key::PublicKey;
use tongda_ledger::state::{Declaration, Licence, Member, OpenNotice, Party, Pending, Pledge, Transfer};

/// The largest page that a node gives.
const LARGEST_PAGE: usize = 1_000;

/// A type of object that a node lists.
pub trait Resource: DeserializeOwned + Serialize {
    /// What names one of them.
    type Id: Copy + Display + DeserializeOwned + Serialize;
    /// Where they stand under `/v1/`.
    const PATH: &'static str;
}

macro_rules! resources {
    ($($type:ident, $id:ident, $path:literal);* $(;)?) => {
        $(impl Resource for $type {
            type Id = $id;
            const PATH: &'static str = $path;
        })*
    };
}
resources!(
    Member, MemberId, "members"; Party, PartyId, "parties"; Declaration, DeclarationId, "declarations";
    OpenNotice, NoticeId, "notices"; Licence, LicenceId, "licences"; Transfer, TransferId, "transfers";
    Pledge, PledgeId, "pledges"; Pending, PendingId, "pending";
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

    /// Up to `limit` events of a patent, 1 to 1,000, the newest first: those before the log position named.
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
