//! Answer what hangs on an object beside its own value: a patent's funding, a pledge's notices, a member's credit.
//!
//! Such values are keyed by the object, or by it and something else. What may be there or not stands together in
//! `…/dependents`; what there may be many of has a list of its own.

use super::objects::{Object, Page, PageQuery, page_size};
use super::{Api, Problem, patents};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use std::fmt::Display;
use std::str::FromStr;
use tongda_ledger::act::attribute::AttributeKind;
use tongda_ledger::identifier::{
    ContractId, CreditEventId, LicenceId, MemberId, NoticeId, OpenSourceId, PatentId, PledgeId, PoolId,
    ProductId, ProjectId, TransferId,
};
use tongda_ledger::state::{
    Calendar, ContractOf, CreditEntry, Duties, Fault, FundAccount, Funding, FundingReport, Licence,
    LicenceDisputes, LicensorsBound, LiveListing, Member, MemberAttribute, MemberCredit, OpenNotice,
    OpenSourceTermination, PatentImplementation, PatentProducts, Pledge, PledgeCourse, PledgeNotice,
    PoolMember, PoolsOf, ProductOutput, ProjectResult, Read, RecordalCancelled, RoyaltyPeriod,
    RoyaltyPeriods, StockEntry, Stored, StreamList, Transfer, TransferGround,
};

/// What hangs on a patent.
#[derive(Clone, Debug, Serialize)]
struct PatentDependents {
    /// Whether and since when it is worked.
    implementation: Option<PatentImplementation>,
    /// The public funds that it was made with.
    funding: Option<Funding>,
    /// Its entry in the stock.
    stock: Option<StockEntry>,
    /// The pools that it is in.
    pools: Option<PoolsOf>,
    /// The filed products in which it is worked.
    products: Option<PatentProducts>,
    /// Its incomes that are assigned to finance instruments.
    streams: Option<StreamList>,
    /// Its latest listings on exchanges, at most one a mode.
    listings: Vec<LiveListing>,
}

/// What hangs on a licence.
#[derive(Clone, Debug, Serialize)]
struct LicenceDependents {
    /// The open cases about it.
    disputes: Option<LicenceDisputes>,
    /// The technical contract that it is linked with.
    contract: Option<ContractId>,
    /// The cancellation of its recordal.
    recordal_cancelled: Option<RecordalCancelled>,
    /// The members that it binds as licensors.
    bound: Option<LicensorsBound>,
}

/// What hangs on a transfer.
#[derive(Clone, Debug, Serialize)]
struct TransferDependents {
    /// What it rests on, if it is no sale.
    ground: Option<TransferGround>,
    /// The technical contract that it is linked with.
    contract: Option<ContractId>,
}

/// What hangs on a notice under an open licence.
#[derive(Clone, Debug, Serialize)]
struct NoticeDependents {
    /// The technical contract that it is linked with.
    contract: Option<ContractId>,
}

/// What hangs on a pledge.
#[derive(Clone, Debug, Serialize)]
struct PledgeDependents {
    /// What has happened to it since its registration.
    course: Option<PledgeCourse>,
}

/// What hangs on a member.
#[derive(Clone, Debug, Serialize)]
struct MemberDependents {
    /// What keeps it from leaving.
    duties: Option<Duties>,
    /// Its account, if it is a fund into which somebody has paid.
    fund: Option<FundAccount>,
    /// Its entries in the credit supervision.
    credit: Option<MemberCredit>,
}

/// The answer about one object.
type Answer<Id, T> = Result<Json<Object<Id, T>>, Problem>;

impl PatentDependents {
    fn of(state: &impl Read, id: PatentId) -> Result<Self, Fault> {
        /// The tags of the modes of listing, the last part of their keys.
        const MODES: std::ops::RangeInclusive<u32> = 1..=3;
        let mut listings = Vec::new();
        for mode in MODES {
            listings.extend(state.find::<LiveListing>(&(id, mode))?);
        }
        Ok(Self {
            implementation: state.find(&id)?,
            funding: state.find(&id)?,
            stock: state.find(&id)?,
            pools: state.find(&id)?,
            products: state.find(&id)?,
            streams: state.find(&id)?,
            listings,
        })
    }
}

async fn of_patent(State(api): State<Api>, Path(patent): Path<String>) -> Answer<PatentId, PatentDependents> {
    let committed = api.chain.committed();
    let id = patents::named(&committed, &patent)?;
    Ok(Json(Object { id, value: PatentDependents::of(&*committed, id)? }))
}

async fn of_licence(State(api): State<Api>, Path(id): Path<String>) -> Answer<LicenceId, LicenceDependents> {
    let committed = api.chain.committed();
    let id = existing::<Licence>(&*committed, &id)?;
    let value = LicenceDependents {
        disputes: committed.find(&id)?,
        contract: contract(&*committed, id)?,
        recordal_cancelled: committed.find(&id)?,
        bound: committed.find(&id)?,
    };
    Ok(Json(Object { id, value }))
}

async fn of_transfer(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Answer<TransferId, TransferDependents> {
    let committed = api.chain.committed();
    let id = existing::<Transfer>(&*committed, &id)?;
    let value = TransferDependents { ground: committed.find(&id)?, contract: contract(&*committed, id)? };
    Ok(Json(Object { id, value }))
}

async fn of_notice(State(api): State<Api>, Path(id): Path<String>) -> Answer<NoticeId, NoticeDependents> {
    let committed = api.chain.committed();
    let id = existing::<OpenNotice>(&*committed, &id)?;
    Ok(Json(Object { id, value: NoticeDependents { contract: contract(&*committed, id)? } }))
}

async fn of_pledge(State(api): State<Api>, Path(id): Path<String>) -> Answer<PledgeId, PledgeDependents> {
    let committed = api.chain.committed();
    let id = existing::<Pledge>(&*committed, &id)?;
    Ok(Json(Object { id, value: PledgeDependents { course: committed.find(&id)? } }))
}

async fn of_member(State(api): State<Api>, Path(id): Path<String>) -> Answer<MemberId, MemberDependents> {
    let committed = api.chain.committed();
    let id = existing::<Member>(&*committed, &id)?;
    let value = MemberDependents {
        duties: committed.find(&id)?,
        fund: committed.find(&id)?,
        credit: committed.find(&id)?,
    };
    Ok(Json(Object { id, value }))
}

/// `GET /v1/pledges/{id}/notices`: what the pledgee was told, by number.
async fn notices(
    State(api): State<Api>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery<u32>>,
) -> Result<Json<Page<Object<u32, PledgeNotice>>>, Problem> {
    let limit = page_size(query.limit)?;
    let committed = api.chain.committed();
    let id = existing::<Pledge>(&*committed, &id)?;
    Ok(Json(notices_of(&*committed, id, query.after, limit)?))
}

fn notices_of(
    state: &impl Read,
    pledge: PledgeId,
    after: Option<u32>,
    limit: usize,
) -> Result<Page<Object<u32, PledgeNotice>>, Fault> {
    let told = state.find::<PledgeCourse>(&pledge)?.map_or(0, |course| course.notices);
    let first = after.map_or(0, |after| after.saturating_add(1));
    let mut items = Vec::new();
    for number in (first..told).take(limit) {
        items.push(Object { id: number, value: state.must(&(pledge, number))? });
    }
    let next = items.last().map(|notice| notice.id).filter(|last| last + 1 < told);
    Ok(Page { items, next: next.map(|last| last.to_string()) })
}

/// `GET /v1/licences/{id}/royalties`: the reported periods that are not disputed.
async fn royalties(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<Page<RoyaltyPeriod>>, Problem> {
    let committed = api.chain.committed();
    let id = existing::<Licence>(&*committed, &id)?;
    let mut items = Vec::new();
    for number in 0.. {
        let Some(chunk) = committed.find::<RoyaltyPeriods>(&(id, number))? else { break };
        items.extend(chunk.periods.iter().copied());
    }
    Ok(Json(Page { items, next: None }))
}

/// `GET /v1/members/{id}/attributes`: what others have certified of the member, also what no longer holds.
async fn attributes(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<Page<MemberAttribute>>, Problem> {
    let committed = api.chain.committed();
    let id = existing::<Member>(&*committed, &id)?;
    Ok(Json(Page { items: attributes_of(&*committed, id)?, next: None }))
}

fn attributes_of(state: &impl Read, member: MemberId) -> Result<Vec<MemberAttribute>, Fault> {
    const KINDS: [AttributeKind; 9] = [
        AttributeKind::SpecialisedEnterprise,
        AttributeKind::HighTechEnterprise,
        AttributeKind::CentralEnterprise,
        AttributeKind::InnovationManagement,
        AttributeKind::DemonstrationZone,
        AttributeKind::FreeTradeZone,
        AttributeKind::EquityMarket,
        AttributeKind::OperationScope,
        AttributeKind::AgencyLicence,
    ];
    let mut found = Vec::new();
    for kind in KINDS {
        found.extend(state.find::<MemberAttribute>(&(member, kind))?);
    }
    Ok(found)
}

/// `GET /v1/members/{id}/credit`: the member's entries in the credit supervision, the latest first.
async fn credit(
    State(api): State<Api>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery<CreditEventId>>,
) -> Result<Json<Page<Object<CreditEventId, CreditEntry>>>, Problem> {
    let limit = page_size(query.limit)?;
    let committed = api.chain.committed();
    let id = existing::<Member>(&*committed, &id)?;
    Ok(Json(credit_of(&*committed, id, query.after, limit)?))
}

fn credit_of(
    state: &impl Read,
    member: MemberId,
    after: Option<CreditEventId>,
    limit: usize,
) -> Result<Page<Object<CreditEventId, CreditEntry>>, Problem> {
    let mut place = match after {
        None => state.find::<MemberCredit>(&member)?.map(|credit| credit.latest),
        Some(after) => match state.find::<CreditEntry>(&after)? {
            Some(entry) if entry.member == member => entry.previous,
            _ => return Err(Problem::malformed(format!("after={after}: no entry of this member"))),
        },
    };
    let mut items = Vec::new();
    while let Some(id) = place.filter(|_| items.len() < limit) {
        let value: CreditEntry = state.must(&id)?;
        place = value.previous;
        items.push(Object { id, value });
    }
    let next = items.last().filter(|_| place.is_some()).map(|entry| entry.id.to_string());
    Ok(Page { items, next })
}

/// `GET /v1/calendars/{year}`.
async fn calendar(State(api): State<Api>, Path(year): Path<String>) -> Answer<u32, Calendar> {
    let year: u32 = parsed(&year)?;
    let found = api.chain.committed().find::<Calendar>(&year)?;
    let value = found.ok_or_else(|| Problem::missing(format!("no calendar of {year} is on this ledger")))?;
    Ok(Json(Object { id: year, value }))
}

/// A value that is named by an object and something else.
async fn second<T, A, B>(
    State(api): State<Api>,
    Path((first, second)): Path<(String, String)>,
) -> Answer<B, T>
where
    T: Stored<Id = (A, B)> + Serialize,
    A: FromStr<Err: Display> + Copy + Display + Send,
    B: FromStr<Err: Display> + Copy + Display + Serialize + Send,
{
    let (first, second): (A, B) = (parsed(&first)?, parsed(&second)?);
    let found = api.chain.committed().find::<T>(&(first, second))?;
    let value = found.ok_or_else(|| Problem::missing(format!("{first} has nothing for {second}")))?;
    Ok(Json(Object { id: second, value }))
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|error: T::Err| Problem::malformed(format!("{text:?}: {error}")))
}

/// The id of an object that exists.
fn existing<T>(state: &impl Read, id: &str) -> Result<T::Id, Problem>
where
    T: Stored<Id: FromStr<Err: Display> + Display>,
{
    let id: T::Id = parsed(id)?;
    match state.find::<T>(&id)? {
        Some(_) => Ok(id),
        None => Err(Problem::missing(format!("{id} does not exist here"))),
    }
}

fn contract(
    state: &impl Read,
    id: impl Into<tongda_ledger::identifier::ObjectRef>,
) -> Result<Option<ContractId>, Fault> {
    Ok(state.find::<ContractOf>(&id.into())?.map(|linked| linked.contract))
}

/// The routes.
pub(super) fn routes() -> Router<Api> {
    Router::new()
        .route("/v1/patents/{patent}/dependents", get(of_patent))
        .route("/v1/licences/{id}/dependents", get(of_licence))
        .route("/v1/licences/{id}/royalties", get(royalties))
        .route("/v1/transfers/{id}/dependents", get(of_transfer))
        .route("/v1/notices/{id}/dependents", get(of_notice))
        .route("/v1/pledges/{id}/dependents", get(of_pledge))
        .route("/v1/pledges/{id}/notices", get(notices))
        .route("/v1/members/{id}/dependents", get(of_member))
        .route("/v1/members/{id}/attributes", get(attributes))
        .route("/v1/members/{id}/credit", get(credit))
        .route("/v1/calendars/{year}", get(calendar))
        .route("/v1/patents/{id}/funding-reports/{year}", get(second::<FundingReport, PatentId, u32>))
        .route("/v1/products/{id}/outputs/{year}", get(second::<ProductOutput, ProductId, u32>))
        .route("/v1/projects/{id}/results/{year}", get(second::<ProjectResult, ProjectId, u32>))
        .route("/v1/patent-pools/{id}/members/{member}", get(second::<PoolMember, PoolId, MemberId>))
        .route(
            "/v1/open-source-pledges/{id}/terminations/{member}",
            get(second::<OpenSourceTermination, OpenSourceId, MemberId>),
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use tongda_ledger::act::attribute::AttributeValue;
    use tongda_ledger::act::credit::{CreditGround, CreditLevel};
    use tongda_ledger::hash::Hash;
    use tongda_ledger::identifier::{Date, RecordId};
    use tongda_ledger::state::{CreditState, MemoryState, NoticeCause, Overlay};

    /// A state with what `write` puts into it.
    fn state(write: impl FnOnce(&mut Overlay<'_>)) -> MemoryState {
        let empty = MemoryState::new();
        let mut overlay = Overlay::new(&empty);
        write(&mut overlay);
        let writes = overlay.into_writes();
        let mut state = MemoryState::new();
        state.apply(&writes).unwrap();
        state
    }

    fn on() -> Date {
        Date::new(2026, 5, 1).unwrap()
    }

    #[test]
    fn a_pledges_notices_are_paged_by_number() {
        let pledge = PledgeId::new(9, 0);
        let told = state(|overlay| {
            overlay.put(&pledge, &PledgeCourse { notices: 3, ..PledgeCourse::default() }).unwrap();
            for number in 0..3 {
                let notice = PledgeNotice {
                    patent: PatentId::new(5, 0),
                    cause: NoticeCause::Lapsed,
                    record: RecordId::new(20 + u64::from(number)),
                    on: on(),
                };
                overlay.put(&(pledge, number), &notice).unwrap();
            }
        });
        let page = notices_of(&told, pledge, None, 2).unwrap();
        assert_eq!((page.items.len(), page.next.as_deref()), (2, Some("1")));
        let page = notices_of(&told, pledge, Some(1), 2).unwrap();
        assert_eq!((page.items[0].value.record, page.next), (RecordId::new(22), None));
        assert!(notices_of(&told, pledge, Some(u32::MAX), 2).unwrap().items.is_empty());
        assert!(notices_of(&told, PledgeId::new(8, 0), None, 2).unwrap().items.is_empty());
    }

    #[test]
    fn a_members_credit_is_read_from_the_latest_entry_back() {
        let member = MemberId::new(3, 0);
        let ids = [CreditEventId::new(30, 0), CreditEventId::new(31, 0), CreditEventId::new(32, 0)];
        let entered = state(|overlay| {
            for (index, id) in ids.iter().enumerate() {
                let entry = CreditEntry {
                    member,
                    regulator: MemberId::new(1, 0),
                    ground: CreditGround::AbnormalFiling,
                    level: CreditLevel::Minor,
                    evidence: Hash([1; 32]),
                    entered: on(),
                    until: on(),
                    previous: index.checked_sub(1).map(|before| ids[before]),
                    state: CreditState::Entered,
                };
                overlay.put(id, &entry).unwrap();
            }
            overlay.put(&member, &MemberCredit { open: 3, latest: ids[2] }).unwrap();
        });
        let page = credit_of(&entered, member, None, 2).ok().unwrap();
        let read: Vec<_> = page.items.iter().map(|entry| entry.id).collect();
        assert_eq!((read, page.next), (vec![ids[2], ids[1]], Some(ids[1].to_string())));
        let page = credit_of(&entered, member, Some(ids[1]), 2).ok().unwrap();
        assert_eq!((page.items.len(), page.items[0].id, page.next), (1, ids[0], None));
        assert!(credit_of(&entered, MemberId::new(4, 0), Some(ids[1]), 2).is_err(), "another member's entry");
    }

    #[test]
    fn a_member_shows_each_attribute_that_was_certified() {
        let member = MemberId::new(3, 0);
        let values = [
            AttributeValue::AgencyLicence { number: "44000".parse().unwrap() },
            AttributeValue::InnovationManagement { level: 3 },
        ];
        let certified = state(|overlay| {
            for value in &values {
                let attribute = MemberAttribute {
                    value: value.clone(),
                    from: on(),
                    until: None,
                    document: Hash([1; 32]),
                    by: MemberId::new(1, 0),
                    record: RecordId::new(40),
                };
                overlay.put(&(member, value.kind()), &attribute).unwrap();
            }
        });
        let found: Vec<_> =
            attributes_of(&certified, member).unwrap().into_iter().map(|it| it.value).collect();
        assert_eq!(found.len(), 2);
        assert!(values.iter().all(|value| found.contains(value)));
        assert!(attributes_of(&certified, MemberId::new(4, 0)).unwrap().is_empty());
    }

    #[test]
    fn what_does_not_hang_on_a_patent_is_null() {
        let json =
            serde_json::to_value(PatentDependents::of(&MemoryState::new(), PatentId::new(5, 0)).unwrap());
        let json = json.unwrap();
        assert!(json["funding"].is_null() && json["listings"].as_array().unwrap().is_empty(), "{json}");
    }
}
