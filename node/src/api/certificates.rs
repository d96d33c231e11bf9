//! Certificates of what the state holds, or does not hold, as of the newest published checkpoint; the epochs behind them.

use super::{Api, Problem};
use crate::chain::StateAt;
use crate::store::Entry;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tongda_ledger::block::Seal;
use tongda_ledger::certificate::{
    Certificate, EntryContent, EventPart, HistoryEntry, Proven, Statement, WitnessLine, json,
};
use tongda_ledger::envelope::Envelope;
use tongda_ledger::epoch::{EpochLink, PlacedCosignature, Signer};
use tongda_ledger::identifier::{
    DeclarationId, LicenceId, MemberId, ObjectKind, PatentId, PatentNumber, PledgeId,
};
use tongda_ledger::state::{
    Declaration, Licence, Member, Patent, PatentByNumber, PatentEvent, PatentStatus, Pledge, StateKey,
};
use tongda_ledger::tree::{InclusionProof, SignedCheckpoint, origin};

pub(super) fn routes() -> Router<Api> {
    Router::new().route("/v1/certificates/{kind}/{id}", get(show)).route("/v1/epochs", get(epochs))
}

/// What goes with a certificate.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    /// The history too: for a patent alone.
    #[serde(default)]
    history: bool,
    /// Without the links of the chain of epochs: for whoever knows them.
    #[serde(default)]
    without_epochs: bool,
}

/// Whether the asker wants bytes.
fn wants_bytes(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/octet-stream"))
}

fn bytes(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
}

/// `GET /v1/certificates/{kind}/{id}`.
async fn show(
    State(api): State<Api>,
    Path((kind, id)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let make = move || certificate(&api, &kind, &id, &wanted);
    let certificate = tokio::task::spawn_blocking(make).await.map_err(Problem::broken)??;
    Ok(if wants_bytes(&headers) {
        bytes(certificate.bytes())
    } else {
        Json(json::form(&certificate)).into_response()
    })
}

/// An epoch as it is shown.
#[derive(Debug, Serialize)]
struct ShownEpoch<'a> {
    /// Its number; 0 begins with the founding.
    number: usize,
    /// The first height that its signers decide.
    from: u64,
    /// Its signers, in the order in which cosignatures name them by their place.
    signers: &'a [Signer],
    /// The link that leads to it, in hexadecimal; none for the first.
    link: Option<String>,
}

/// `GET /v1/epochs`: every block that changed the signers, with its proof. In bytes: `(length u32 ‖ link)…`.
async fn epochs(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    let committed = api.chain.committed();
    let links: Vec<_> = committed.links()?.iter().map(EpochLink::bytes).collect();
    if wants_bytes(&headers) {
        let mut all = Vec::new();
        for link in &links {
            all.extend_from_slice(&u32::try_from(link.len()).map_err(Problem::broken)?.to_le_bytes());
            all.extend_from_slice(link);
        }
        return Ok(bytes(all));
    }
    let shown: Vec<_> = committed
        .epochs()
        .iter()
        .map(|epoch| {
            let link = epoch.number.checked_sub(1).and_then(|place| links.get(place)).map(hex::encode);
            ShownEpoch { number: epoch.number, from: epoch.from, signers: epoch.signers.signers(), link }
        })
        .collect();
    Ok(Json(serde_json::json!({ "network": api.chain.network(), "epochs": shown })).into_response())
}

/// The key that a certificate is asked of, and what helps to read it.
fn named(state: &StateAt<'_>, kind: &str, id: &str) -> Result<(StateKey, Vec<StateKey>), Problem> {
    let kinds = [
        ObjectKind::Patent,
        ObjectKind::Declaration,
        ObjectKind::Licence,
        ObjectKind::Pledge,
        ObjectKind::Member,
    ];
    let kind = kinds.into_iter().find(|known| known.plural() == kind).ok_or_else(|| {
        let known: Vec<_> = kinds.iter().map(|kind| kind.plural()).collect();
        Problem::missing(format!("there are certificates of {}, and none of {kind}", known.join(", ")))
    })?;
    let none = Vec::new();
    Ok(match kind {
        ObjectKind::Declaration => {
            (StateKey::of::<Declaration>(&id.parse::<DeclarationId>().map_err(Problem::malformed)?), none)
        }
        ObjectKind::Licence => {
            (StateKey::of::<Licence>(&id.parse::<LicenceId>().map_err(Problem::malformed)?), none)
        }
        ObjectKind::Pledge => {
            (StateKey::of::<Pledge>(&id.parse::<PledgeId>().map_err(Problem::malformed)?), none)
        }
        ObjectKind::Member => {
            (StateKey::of::<Member>(&id.parse::<MemberId>().map_err(Problem::malformed)?), none)
        }
        _ if id.trim_start().to_uppercase().starts_with("P-") => {
            patent(state, id.parse().map_err(Problem::malformed)?)?
        }
        _ => {
            let number: PatentNumber = id.parse().map_err(Problem::malformed)?;
            match state.find::<PatentByNumber>(&number)? {
                Some(entry) => patent(state, entry.patent)?,
                // That no patent has the number is what can be certified.
                None => (StateKey::of::<PatentByNumber>(&number), none),
            }
        }
    })
}

/// A patent's status; its entry, declaration and pledge help to read it.
fn patent(state: &StateAt<'_>, id: PatentId) -> Result<(StateKey, Vec<StateKey>), Problem> {
    let mut details = Vec::new();
    if let Some(status) = state.find::<PatentStatus>(&id)? {
        details.push(StateKey::of::<Patent>(&id));
        details.extend(status.declaration.map(|id| StateKey::of::<Declaration>(&id)));
        details.extend(status.pledge.map(|id| StateKey::of::<Pledge>(&id)));
    }
    Ok((StateKey::of::<PatentStatus>(&id), details))
}

fn certificate(api: &Api, kind: &str, id: &str, wanted: &Wanted) -> Result<Certificate, Problem> {
    let published = api.checkpoints.newest().ok_or_else(Problem::no_checkpoint)?;
    let size = published.tree.size;
    let (proven, details, seal, cosignatures, links, events) = {
        let committed = api.chain.committed();
        let state = committed.state_at(size).ok_or_else(Problem::state_gone)?;
        let prove = |key: StateKey| -> Result<Proven, Problem> {
            let value = state.value(&key)?.map(|value| value.to_vec());
            Ok(Proven { key, value, proof: state.prove(&key)? })
        };
        let (key, mut details) = named(&state, kind, id)?;
        details.sort_unstable();
        let details = details.into_iter().map(prove).collect::<Result<Vec<_>, _>>()?;
        let proven = prove(key)?;
        let seal = state.seal().clone();
        let signers = committed.epochs().signers_at(seal.height);
        let mut cosignatures: Vec<_> = published
            .lines
            .iter()
            .filter_map(|line| {
                Some(PlacedCosignature {
                    signer: signers.place(&line.signer)?,
                    cosignature: line.cosignature,
                })
            })
            .collect();
        cosignatures.sort_unstable_by_key(|placed| placed.signer);
        let mut links = if wanted.without_epochs { Vec::new() } else { committed.links()? };
        links.retain(|link| link.seal.height < seal.height);
        let events = if wanted.history { events(&committed, &proven)? } else { Vec::new() };
        (proven, details, seal, cosignatures, links, events)
    };
    let checkpoint = api.witnessed.with(&published.signed);
    let witnesses = witnesses(&api.chain.network(), &checkpoint);
    let inclusion = api.chain.inclusion(size - 1, size).map_err(Problem::broken)?;
    let (root, history) = (published.tree.root, history(api, size, &events)?);
    let statement = Statement { proven, seal, size, root, inclusion, cosignatures, witnesses, details };
    Ok(Certificate { statement, epochs: links, history })
}

/// The lines under a checkpoint of whoever is neither this node's log nor a validator, of each key the latest.
fn witnesses(network: &tongda_ledger::vote::NetworkId, checkpoint: &SignedCheckpoint) -> Vec<WitnessLine> {
    let (origin, inside) = (origin(network), format!("{}/", origin(network)));
    let outside = |line: &&tongda_ledger::tree::NoteSignature| {
        let name = line.name().as_str();
        name != origin && !name.starts_with(&inside)
    };
    let lines = checkpoint.note().signatures().iter().filter(outside).filter_map(WitnessLine::of);
    let mut latest: BTreeMap<_, WitnessLine> = BTreeMap::new();
    for line in lines {
        let kept = latest.entry((line.name.clone(), line.id)).or_insert_with(|| line.clone());
        if kept.cosignature.time < line.cosignature.time {
            *kept = line;
        }
    }
    latest.into_values().take(tongda_ledger::certificate::WITNESSES_LIMIT).collect()
}

/// All events of the patent whose status is certified, the oldest first.
fn events(committed: &crate::chain::Committed, proven: &Proven) -> Result<Vec<PatentEvent>, Problem> {
    let Some((id, status)) = proven.status() else {
        return Err(Problem::malformed("a history goes with the certificate of a patent on this ledger"));
    };
    let most = Certificate::ENTRIES / 2;
    if status.events > most as u64 {
        return Err(Problem::malformed(format!("a certificate holds a history of up to {most} events")));
    }
    let mut events = committed.events_of(id, Some(status.events.saturating_add(1)), most)?;
    events.reverse();
    if events.len() as u64 != status.events {
        return Err(Problem::not_held(
            "this node began from a snapshot and has not executed the older blocks: ask another node, or run \
             `tongda-node reindex --from-genesis` here",
        ));
    }
    Ok(events)
}

/// The entries of the log that brought these events, and those that they build on, with their proofs.
fn history(api: &Api, size: u64, events: &[PatentEvent]) -> Result<Vec<HistoryEntry>, Problem> {
    let mut wanted: BTreeSet<u64> = events.iter().map(|event| event.position).collect();
    let mut entries = BTreeMap::new();
    while let Some(position) = wanted.pop_first() {
        let (entry, built_on) = entry(api, size, position, events)?;
        entries.insert(position, entry);
        wanted.extend(built_on.filter(|position| !entries.contains_key(position)));
    }
    Ok(entries.into_values().collect())
}

fn entry(
    api: &Api,
    size: u64,
    position: u64,
    events: &[PatentEvent],
) -> Result<(HistoryEntry, Option<u64>), Problem> {
    let missing = || match api.chain.older_blocks() {
        Some(older) => Problem::not_yet(older),
        None => Problem::broken(format!("the log has no entry {position}")),
    };
    let (height, entry) = api.chain.entry(position)?.ok_or_else(missing)?;
    let block = api.chain.block(height)?.ok_or_else(missing)?;
    let seal = Seal::decode(&block.seal).map_err(Problem::broken)?;
    let prove = |index: u64| -> Result<InclusionProof, Problem> {
        api.chain.inclusion(index, size).map_err(Problem::broken)
    };
    let seal_proof = prove(seal.index())?;
    let (content, built_on) = match entry {
        Entry::Record(envelope) => {
            let read = Envelope::decode(&envelope).map_err(Problem::broken)?;
            let content = EntryContent::Record { envelope: envelope.to_vec(), proof: prove(position)? };
            (content, HistoryEntry::builds_on(read.act()))
        }
        Entry::Seal(_) => (EntryContent::Seal, None),
    };
    let here = events.iter().filter(|event| event.position == position);
    let parts: Vec<_> = here.map(|event| EventPart { ordinal: event.ordinal, what: event.what }).collect();
    let events = parts.try_into().map_err(Problem::broken)?;
    Ok((HistoryEntry { position, content, seal, seal_proof, events }, built_on))
}
