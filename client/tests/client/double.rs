//! A node in memory: the ledger's own rules behind the node's HTTP forms, with faults on request. One block a record.

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};
use tongda_genesis::demonstration::{Addresses, Demonstration};
use tongda_ledger::act::member::Role;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::{Draft, Execution, Judgement, may_i};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PatentId, PatentNumber, PendingId, RecordId, Timestamp};
use tongda_ledger::key::SigningKey;
use tongda_ledger::refusal::Refusal;
use tongda_ledger::state::{
    Declaration, Member, MemoryState, Party, Patent, PatentByNumber, PatentStatus, Pending, Read as _, Stored,
};

/// Seed of the demonstration network that the double plays.
const SEED: u64 = 20_261_124;

/// What the double does with an envelope instead of what it should.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Asks to come back: 429 with `Retry-After: 0`.
    Quota,
    /// Cannot take it now: 503 without a time.
    Busy,
    /// Takes it and answers before the block: 202.
    Slow,
    /// Commits it and then fails to answer: 500.
    LostAnswer,
    /// Takes it, and it expires: 410.
    Expires,
}

struct Inner {
    state: MemoryState,
    demonstration: Demonstration,
    next: u64,
    committed: HashMap<Hash, (u64, Vec<u8>)>,
    faults: VecDeque<Fault>,
    submissions: usize,
}

/// The double and where it listens.
pub(crate) struct Double {
    inner: Arc<Mutex<Inner>>,
    address: String,
}

type Shared = Arc<Mutex<Inner>>;

impl Double {
    /// Starts a double on a free port of this machine, on a thread of its own.
    pub(crate) fn start() -> Self {
        let demonstration = Demonstration::new(SEED, &[Addresses::local(26600)], now()).unwrap();
        let mut state = MemoryState::new();
        state.apply(&demonstration.founding.writes().unwrap()).unwrap();
        let inner = Inner {
            state,
            demonstration,
            next: 1,
            committed: HashMap::new(),
            faults: VecDeque::new(),
            submissions: 0,
        };
        let inner = Arc::new(Mutex::new(inner));
        let router = router(inner.clone());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        Self { inner, address }
    }

    /// Its address.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The genesis file of its network.
    pub(crate) fn genesis_file(&self) -> String {
        self.inner.lock().unwrap().demonstration.genesis_file()
    }

    /// A founding member with this role and the keys that sign for it.
    pub(crate) fn founder(&self, role: Role) -> (MemberId, Vec<SigningKey>) {
        let inner = self.lock();
        let member = inner.demonstration.member(role).unwrap();
        (member.id, member.keys[..usize::from(member.sign_with)].to_vec())
    }

    /// The next envelopes meet these faults, in this order.
    pub(crate) fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().faults.extend(faults);
    }

    /// How often an envelope was sent.
    pub(crate) fn submissions(&self) -> usize {
        self.lock().submissions
    }

    /// How many records stand in the log.
    pub(crate) fn records(&self) -> usize {
        self.lock().committed.len()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }
}

fn now() -> Timestamp {
    let milliseconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    Timestamp::try_from(u64::try_from(milliseconds).unwrap()).unwrap()
}

fn router(inner: Shared) -> Router {
    Router::new()
        .route("/v1/network", get(network))
        .route("/v1/log", get(log))
        .route("/v1/may-i", post(ask))
        .route("/v1/records", post(submit))
        .route("/v1/members", get(members))
        .route("/v1/members/{id}", get(object::<Member>))
        .route("/v1/parties/{id}", get(object::<Party>))
        .route("/v1/declarations/{id}", get(object::<Declaration>))
        .route("/v1/pending/{id}", get(object::<Pending>))
        .route("/v1/patents/{patent}", get(patent))
        .with_state(inner)
}

fn problem(status: StatusCode, detail: &str, refusals: &[Refusal]) -> Response {
    let body = json!({
        "type": "urn:tongda:problem:double", "title": "double", "status": status.as_u16(),
        "detail": detail, "refusals": refusals,
    });
    (status, Json(body)).into_response()
}

async fn network(State(inner): State<Shared>) -> Json<Value> {
    let inner = inner.lock().unwrap();
    let founding = &inner.demonstration.founding;
    Json(json!({
        "network": founding.network(), "name": founding.name, "node": "double", "anchor": founding.anchor,
        "parameters": founding.parameters, "nodes": founding.nodes.nodes,
    }))
}

async fn log(State(inner): State<Shared>) -> Json<Value> {
    let inner = inner.lock().unwrap();
    let zero = Hash([0; 32]);
    Json(json!({
        "size": inner.next, "root": zero, "height": inner.next - 1, "block": zero,
        "time": inner.demonstration.founding.anchor.start, "state_root": zero,
    }))
}

async fn ask(State(inner): State<Shared>, Json(draft): Json<Draft>) -> Json<Value> {
    let inner = inner.lock().unwrap();
    let judgement = may_i(&inner.state, inner.demonstration.founding.network(), now(), &draft).unwrap();
    let (effect, missing, refusals) = match judgement {
        Judgement::Effective => ("effective", Vec::new(), Vec::new()),
        Judgement::Pending { missing, .. } => ("pending", missing, Vec::new()),
        Judgement::Refused(refusals) => ("refused", Vec::new(), refusals),
    };
    Json(json!({
        "allowed": refusals.is_empty(), "effect": effect, "missing": missing, "refusals": refusals,
        "as_of": now(), "height": inner.next - 1,
    }))
}

async fn submit(State(inner): State<Shared>, body: Bytes) -> Response {
    let mut inner = inner.lock().unwrap();
    inner.submissions += 1;
    let fault = inner.faults.pop_front();
    match fault {
        Some(Fault::Quota) => {
            let mut response = problem(StatusCode::TOO_MANY_REQUESTS, "too fast", &[]);
            response.headers_mut().insert(header::RETRY_AFTER, 0.into());
            return response;
        }
        Some(Fault::Busy) => return problem(StatusCode::SERVICE_UNAVAILABLE, "the pool is full", &[]),
        Some(Fault::Expires) => return problem(StatusCode::GONE, "expired", &[]),
        _ => {}
    }
    let envelope = match Envelope::decode(&body).and_then(|envelope| envelope.verify().map(|()| envelope)) {
        Ok(envelope) => envelope,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string(), &[]),
    };
    let id = envelope.id();
    if let Some((index, bytes)) = inner.committed.get(&id)
        && *bytes == body
    {
        return receipt(&inner, *index, id);
    }
    if fault == Some(Fault::Slow) {
        return (StatusCode::ACCEPTED, Json(json!({ "id": id }))).into_response();
    }
    let index = inner.next;
    let network = inner.demonstration.founding.network();
    let writes = {
        let mut execution = Execution::new(&inner.state, network, index, now(), index).unwrap();
        if let Judgement::Refused(refusals) = execution.record(&envelope).unwrap() {
            return problem(StatusCode::CONFLICT, "refused", &refusals);
        }
        execution.finish().unwrap().writes
    };
    inner.state.apply(&writes).unwrap();
    inner.next += 2;
    inner.committed.insert(id, (index, body.to_vec()));
    if fault == Some(Fault::LostAnswer) {
        return problem(StatusCode::INTERNAL_SERVER_ERROR, "the answer was lost", &[]);
    }
    receipt(&inner, index, id)
}

fn receipt(inner: &Inner, index: u64, id: Hash) -> Response {
    let pending_id = PendingId::new(index, 0);
    let pending: Option<Pending> = inner.state.find(&pending_id).unwrap();
    let pending = pending.map(|pending| json!({ "id": pending_id, "missing": pending.missing }));
    Json(json!({
        "record": RecordId::new(index), "index": index, "id": id, "height": index, "pending": pending,
        "certificate": { "height": index, "round": 0, "block": Hash([0; 32]), "signatures": [] },
    }))
    .into_response()
}

async fn object<T>(State(inner): State<Shared>, Path(id): Path<String>) -> Response
where
    T: Stored + serde::Serialize,
    T::Id: std::str::FromStr<Err: std::fmt::Debug>,
{
    let found: Option<T> = inner.lock().unwrap().state.find(&id.parse().unwrap()).unwrap();
    match found {
        Some(value) => {
            let mut value = json!(value);
            value["id"] = json!(id);
            Json(value).into_response()
        }
        None => problem(StatusCode::NOT_FOUND, &format!("{id} does not exist here"), &[]),
    }
}

/// The founding members, and those enrolled since; two a page, so that paging is walked.
async fn members(State(inner): State<Shared>, Query(query): Query<HashMap<String, String>>) -> Response {
    let inner = inner.lock().unwrap();
    let founding = (1..=u8::MAX).map(|ordinal| MemberId::new(0, ordinal));
    let ids = founding.chain((1..inner.next).map(|position| MemberId::new(position, 0)));
    let found = ids.filter_map(|id| Some((id, inner.state.find::<Member>(&id).unwrap()?)));
    let after = query.get("after").map(|after| after.parse::<MemberId>().unwrap());
    let mut rest = found.skip_while(|(id, _)| after.is_some_and(|after| *id <= after));
    let page: Vec<_> = rest.by_ref().take(2).collect();
    let next = rest.next().and_then(|_| page.last()).map(|(id, _)| id.to_string());
    let items: Vec<_> = page
        .into_iter()
        .map(|(id, member)| {
            let mut value = json!(member);
            value["id"] = json!(id);
            value
        })
        .collect();
    Json(json!({ "items": items, "next": next })).into_response()
}

async fn patent(State(inner): State<Shared>, Path(name): Path<String>) -> Response {
    let inner = inner.lock().unwrap();
    let id = match name.parse::<PatentId>() {
        Ok(id) => Some(id),
        Err(_) => {
            let number: PatentNumber = name.parse().unwrap();
            inner.state.find::<PatentByNumber>(&number).unwrap().map(|entry| entry.patent)
        }
    };
    let Some(patent) = id.and_then(|id| inner.state.find::<Patent>(&id).unwrap()) else {
        return problem(StatusCode::NOT_FOUND, &format!("the patent {name} is not on this ledger"), &[]);
    };
    let id = id.unwrap();
    let status: PatentStatus = inner.state.must(&id).unwrap();
    let mut value = json!(patent);
    value["id"] = json!(id);
    value["status"] = json!(status);
    value["owner_parties"] = json!([]);
    Json(value).into_response()
}
