//! Records: submit one and wait for its commit; read one back.

use super::{Api, Problem};
use crate::clock::now;
use crate::pool::{Admission, Origin, Outcome};
use crate::store::Entry;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use tongda_ledger::block::{LeafKind, Seal, leaf_of};
use tongda_ledger::codec::decode;
use tongda_ledger::envelope::{Core, Envelope, Signed};
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PendingId, RecordId};
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::state::{Pending, Read as _};
use tongda_ledger::vote::CommitCertificate;

/// How a submission waits.
#[derive(Debug, Deserialize)]
pub(super) struct SubmitQuery {
    #[serde(default)]
    wait: Wait,
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wait {
    /// Answer when the record is committed.
    #[default]
    Commit,
    /// Answer when it is in the pool.
    None,
}

/// A record that stands in the log.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Committed {
    /// The record.
    pub record: RecordId,
    /// Its log index.
    pub index: u64,
    /// The envelope's id.
    pub id: Hash,
    /// The height of its block.
    pub height: u64,
    /// The pending act that it left, with who still has to consent; `None` when it took effect.
    pub pending: Option<PendingAct>,
    /// The proof that its block was decided.
    pub certificate: CommitCertificate,
}

/// A pending act.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PendingAct {
    /// Its id: what consents name.
    pub id: PendingId,
    /// Who still has to consent.
    pub missing: Vec<MemberId>,
}

/// A record on its way.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Accepted {
    /// The envelope's id: `GET /v1/records/{id}` answers once it is committed.
    pub id: Hash,
}

/// `POST /v1/records`: the body is the envelope's bytes.
pub(super) async fn submit(
    State(api): State<Api>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Query(query): Query<SubmitQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body?;
    let verifying = api.clone();
    let (id, receiver) = tokio::task::spawn_blocking(move || admit(&verifying, &body, address))
        .await
        .map_err(Problem::broken)??;
    let Some(receiver) = receiver else { return Ok(Json(committed(&api, &id)?).into_response()) };
    if query.wait == Wait::None {
        return Ok((StatusCode::ACCEPTED, Json(Accepted { id })).into_response());
    }
    match tokio::time::timeout(api.wait, receiver).await {
        Ok(Ok(Outcome::Committed { .. })) => Ok(Json(committed(&api, &id)?).into_response()),
        Ok(Ok(Outcome::Refused(refusals))) => Err(Problem::refused(refusals)),
        Ok(Ok(Outcome::Expired)) => Err(Problem::expired()),
        _ => Ok((StatusCode::ACCEPTED, Json(Accepted { id })).into_response()),
    }
}

type Receiver = tokio::sync::oneshot::Receiver<Outcome>;

/// Verifies and judges an envelope and puts it into the pool. `None` when it stands in the log already.
fn admit(api: &Api, body: &Bytes, address: SocketAddr) -> Result<(Hash, Option<Receiver>), Problem> {
    let record = api.chain.pool().verify(body, address.ip())?;
    let id = record.envelope().id();
    if api.chain.committed().position_of(&id).is_some() && stands_as_sent(api, &id, body)? {
        return Ok((id, None));
    }
    if let Judgement::Refused(refusals) = api.chain.judge(record.envelope())? {
        // What only waits for the network's clock is taken: it counts when its window opens.
        if !refusals.iter().all(|refusal: &Refusal| refusal.code == Code::EnvelopeNotYetValid) {
            return Err(Problem::refused(refusals));
        }
    }
    match api.chain.pool().admit(record.clone(), Origin::Client, now())? {
        Admission::Committed { .. } => Ok((id, None)),
        Admission::New | Admission::Waiting => Ok((id, Some(api.chain.pool().wait(&record)))),
    }
}

/// Whether the very bytes stand in the log under this id: sending a record twice is no error.
fn stands_as_sent(api: &Api, id: &Hash, body: &Bytes) -> Result<bool, Problem> {
    let Some(index) = api.chain.committed().position_of(id) else { return Ok(false) };
    let (_, entry) = api.chain.entry(index)?.ok_or_else(|| no_entry(api, index))?;
    Ok(entry.bytes() == body)
}

/// What is answered for a committed record.
fn committed(api: &Api, id: &Hash) -> Result<Committed, Problem> {
    let lost = || Problem::broken("a committed record cannot be found");
    let index = api.chain.committed().position_of(id).ok_or_else(lost)?;
    let (height, _) = api.chain.entry(index)?.ok_or_else(|| no_entry(api, index))?;
    let block = api.chain.block(height)?.ok_or_else(lost)?;
    let certificate = decode(&block.certificate, block.certificate.len()).map_err(Problem::broken)?;
    let pending_id = PendingId::new(index, 0);
    let pending: Option<Pending> = api.chain.committed().find(&pending_id)?;
    let pending = pending.map(|pending| PendingAct { id: pending_id, missing: pending.missing.to_vec() });
    Ok(Committed { record: RecordId::new(index), index, id: *id, height, pending, certificate })
}

/// Why an entry of the log is not here: it lies in an older block that is still to be fetched, or in none.
fn no_entry(api: &Api, index: u64) -> Problem {
    match api.chain.older_blocks() {
        Some(older) if index < api.chain.committed().tip().next_index() => Problem::not_yet(older),
        _ => Problem::missing(format!("the log has no entry {index} yet")),
    }
}

/// A log entry in JSON.
#[derive(Debug, Serialize)]
struct Shown {
    record: RecordId,
    index: u64,
    height: u64,
    leaf: Hash,
    #[serde(flatten)]
    entry: ShownEntry,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase", tag = "type")]
enum ShownEntry {
    Genesis { network: String },
    Record { id: Hash, core: Box<Core>, signatures: Vec<Signed>, bytes: String },
    Seal { seal: Box<Seal>, bytes: String },
}

/// The log index that a record is named by, by itself or by an id.
pub(super) fn index_of(api: &Api, record: &str) -> Result<u64, Problem> {
    let what = "a log index, an R-… id or an envelope id of 64 hexadecimal digits";
    if let Ok(index) = record.parse::<u64>() {
        Ok(index)
    } else if let Ok(id) = record.parse::<RecordId>() {
        Ok(id.position())
    } else if let Ok(id) = record.parse::<Hash>() {
        let found = api.chain.committed().position_of(&id);
        let what =
            "was committed here in the last 24 hours; an older one is found by its log index or R-… id";
        found.ok_or_else(|| Problem::missing(format!("no envelope {id} {what}")))
    } else {
        Err(Problem::malformed(format!("{record:?} is neither {what}")))
    }
}

/// `GET /v1/records/{record}`.
pub(super) async fn show(State(api): State<Api>, Path(record): Path<String>) -> Result<Response, Problem> {
    let index = index_of(&api, &record)?;
    if index == 0 {
        let network = api.chain.network();
        let leaf = leaf_of(LeafKind::Genesis, network.0.as_bytes());
        let entry = ShownEntry::Genesis { network: network.to_string() };
        return Ok(Json(Shown { record: RecordId::new(0), index, height: 0, leaf, entry }).into_response());
    }
    let found = api.chain.entry(index)?;
    let (height, entry) = found.ok_or_else(|| no_entry(&api, index))?;
    let (leaf, entry) = match entry {
        Entry::Record(bytes) => {
            let envelope = Envelope::decode(&bytes).map_err(Problem::broken)?;
            let entry = ShownEntry::Record {
                id: envelope.id(),
                core: Box::new(envelope.core().clone()),
                signatures: envelope.signatures().to_vec(),
                bytes: hex::encode(&bytes),
            };
            (leaf_of(LeafKind::Record, &bytes), entry)
        }
        Entry::Seal(bytes) => {
            let seal = Box::new(Seal::decode(&bytes).map_err(Problem::broken)?);
            (leaf_of(LeafKind::Seal, &bytes), ShownEntry::Seal { seal, bytes: hex::encode(&bytes) })
        }
    };
    Ok(Json(Shown { record: RecordId::new(index), index, height, leaf, entry }).into_response())
}
