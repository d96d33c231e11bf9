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
    DeclarationId, LicenceId, MemberId, NoticeId, PartyId, PendingId, PledgeId, TransferId,
};
use tongda_ledger::state::{
    Declaration, Licence, Member, OpenNotice, Party, Pending, Pledge, Read as _, Stored, Transfer,
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
    /// The id with this position and ordinal.
    fn id(position: u64, ordinal: u8) -> Self::Id;
}

macro_rules! listed {
    ($($type:ident, $id:ident);* $(;)?) => {
        $(impl Listed for $type {
            fn id(position: u64, ordinal: u8) -> $id {
                $id::new(position, ordinal)
            }
        })*
    };
}
listed!(
    Member, MemberId; Party, PartyId; Declaration, DeclarationId; OpenNotice, NoticeId; Licence, LicenceId;
    Transfer, TransferId; Pledge, PledgeId; Pending, PendingId;
);

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

/// The routes of all listed objects but patents.
pub(super) fn routes() -> Router<Api> {
    Router::new()
        .route("/v1/members", get(list::<Member>))
        .route("/v1/members/{id}", get(show::<Member>))
        .route("/v1/parties", get(list::<Party>))
        .route("/v1/parties/{id}", get(show::<Party>))
        .route("/v1/declarations", get(list::<Declaration>))
        .route("/v1/declarations/{id}", get(show::<Declaration>))
        .route("/v1/notices", get(list::<OpenNotice>))
        .route("/v1/notices/{id}", get(show::<OpenNotice>))
        .route("/v1/licences", get(list::<Licence>))
        .route("/v1/licences/{id}", get(show::<Licence>))
        .route("/v1/transfers", get(list::<Transfer>))
        .route("/v1/transfers/{id}", get(show::<Transfer>))
        .route("/v1/pledges", get(list::<Pledge>))
        .route("/v1/pledges/{id}", get(show::<Pledge>))
        .route("/v1/pending", get(list::<Pending>))
        .route("/v1/pending/{id}", get(show::<Pending>))
}
