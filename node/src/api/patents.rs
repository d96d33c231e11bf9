//! Patents, by id or by number, each with its status and the names of its owners.

use super::objects::{Page, page_size};
use super::{Api, Problem};
use crate::chain::Committed;
use crate::store::StoredBlock;
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use tongda_ledger::block::Seal;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::identifier::{MemberId, PartyId, PatentId, PatentNumber, RecordId, Timestamp};
use tongda_ledger::state::{Member, Party, Patent, PatentByNumber, PatentStatus, Read as _};

/// Which patents.
#[derive(Debug, Deserialize)]
pub(super) struct PatentQuery {
    after: Option<PatentId>,
    limit: Option<usize>,
    /// Only those of this owner.
    owner: Option<PartyId>,
}

/// A patent as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ShownPatent {
    /// Its id.
    pub id: PatentId,
    /// What the register says.
    #[serde(flatten)]
    pub patent: Patent,
    /// What is true of it now.
    pub status: PatentStatus,
    /// The owners, by name where the ledger has one.
    pub owner_parties: Vec<ShownOwner>,
}

/// An owner as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ShownOwner {
    /// The party.
    pub id: PartyId,
    /// What the register says of it.
    #[serde(flatten)]
    pub party: Party,
    /// The name of the member that it is, if it is one.
    pub member_name: Option<String>,
}

fn shown(committed: &Committed, id: PatentId) -> Result<ShownPatent, Problem> {
    let patent: Patent = committed.must(&id)?;
    let mut owner_parties = Vec::new();
    for owner in &patent.owners {
        let party: Party = committed.must(&owner.party)?;
        let member = party.member.map(|member: MemberId| committed.must::<Member>(&member)).transpose()?;
        let member_name = member.map(|member| member.name.to_string());
        owner_parties.push(ShownOwner { id: owner.party, party, member_name });
    }
    Ok(ShownPatent { id, status: committed.must(&id)?, patent, owner_parties })
}

/// `GET /v1/patents`.
pub(super) async fn list(
    State(api): State<Api>,
    Query(query): Query<PatentQuery>,
) -> Result<Json<Page<ShownPatent>>, Problem> {
    let limit = page_size(query.limit)?;
    let committed = api.chain.committed();
    let mut ids: Vec<PatentId> = match query.owner {
        Some(owner) => committed.owned_by(owner, query.after, limit + 1)?,
        None => {
            let ids = committed.list::<Patent>(query.after.as_ref(), limit + 1)?;
            ids.into_iter().map(|id| PatentId::new(id.position(), id.ordinal())).collect()
        }
    };
    let more = ids.len() > limit;
    ids.truncate(limit);
    let next = ids.last().filter(|_| more).map(ToString::to_string);
    let items = ids.into_iter().map(|id| shown(&committed, id)).collect::<Result<_, _>>()?;
    Ok(Json(Page { items, next }))
}

/// `GET /v1/patents/{patent}`: by `P-…` id or by number in any usual form.
pub(super) async fn show(
    State(api): State<Api>,
    Path(patent): Path<String>,
) -> Result<Json<ShownPatent>, Problem> {
    let committed = api.chain.committed();
    let id = named(&committed, &patent)?;
    Ok(Json(shown(&committed, id)?))
}

/// The patent of the ledger that a path names, by id or by number.
pub(super) fn named(committed: &Committed, patent: &str) -> Result<PatentId, Problem> {
    let id = match patent.parse::<PatentId>() {
        Ok(id) => Some(id),
        Err(error) if patent.trim_start().to_uppercase().starts_with("P-") => {
            return Err(Problem::malformed(error));
        }
        Err(_) => {
            let number: PatentNumber = patent.parse().map_err(Problem::malformed)?;
            committed.find::<PatentByNumber>(&number)?.map(|entry| entry.patent)
        }
    };
    match id {
        Some(id) if committed.find::<Patent>(&id)?.is_some() => Ok(id),
        _ => Err(Problem::missing(format!("the patent {patent} is not on this ledger"))),
    }
}

/// Events in a page at most: each costs the reading of a block.
const EVENTS: usize = 100;

/// Which events.
#[derive(Debug, Deserialize)]
pub(super) struct EventQuery {
    /// Only those with a lower number. A position may hold several events, so it could not part pages.
    before: Option<u64>,
    limit: Option<usize>,
}

/// An event of a patent as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ShownEvent {
    /// Its number among the patent's events, from 1.
    pub number: u64,
    /// The record that brought it; the seal of the block for an effect of passed time.
    pub record: RecordId,
    /// The act, like `licence.grant`, or the effect, like `time.term-ended`.
    pub what: String,
    /// Who acted; nobody in an effect of passed time.
    pub author: Option<MemberId>,
    /// The author's name.
    pub author_name: Option<String>,
    /// The height and the time of its block.
    pub height: u64,
    /// When it was recorded.
    pub time: Timestamp,
}

/// `GET /v1/patents/{patent}/events`: the timeline, the newest first.
pub(super) async fn events(
    State(api): State<Api>,
    Path(patent): Path<String>,
    Query(query): Query<EventQuery>,
) -> Result<Json<Page<ShownEvent>>, Problem> {
    let limit = page_size(query.limit)?.min(EVENTS);
    let read = move || page_of_events(&api, &patent, query.before, limit);
    Ok(Json(tokio::task::spawn_blocking(read).await.map_err(Problem::broken)??))
}

fn page_of_events(
    api: &Api,
    patent: &str,
    before: Option<u64>,
    limit: usize,
) -> Result<Page<ShownEvent>, Problem> {
    let found = {
        let committed = api.chain.committed();
        let id = named(&committed, patent)?;
        committed.events_of(id, before, limit + 1)?
    };
    let mut items = Vec::new();
    let mut last: Option<StoredBlock> = None;
    for event in found.iter().take(limit) {
        let holds = |block: &StoredBlock| (block.first_index..block.next_index()).contains(&event.position);
        let block = match last.take().filter(holds) {
            Some(block) => block,
            None => api.chain.block_with(event.position)?,
        };
        let record = usize::try_from(event.position - block.first_index).ok();
        let author = match record.and_then(|place| block.records.get(place)) {
            Some(bytes) => Some(Envelope::decode(bytes).map_err(Problem::broken)?.core().author),
            None => None,
        };
        items.push(ShownEvent {
            number: event.number,
            record: RecordId::new(event.position),
            what: event.name(),
            author,
            author_name: None,
            height: block.height,
            time: Seal::decode(&block.seal).map_err(Problem::broken)?.time,
        });
        last = Some(block);
    }
    let committed = api.chain.committed();
    for item in &mut items {
        let member = item.author.map(|author| committed.find::<Member>(&author)).transpose()?.flatten();
        item.author_name = member.map(|member| member.name.to_string());
    }
    let more = found.len() > limit;
    let next = found.get(limit.saturating_sub(1)).filter(|_| more).map(|event| event.number.to_string());
    Ok(Page { items, next })
}
