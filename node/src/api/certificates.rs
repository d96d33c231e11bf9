//! Certificates of what the state holds, or does not hold, as of the newest published checkpoint; the epochs behind them.

use super::{Api, Problem};
use crate::chain::{CertifiedSubject, Cosigned, Uncertified, With};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tongda_ledger::certificate::{Certificate, WITNESSES_LIMIT, WitnessLine, json};
use tongda_ledger::epoch::{EpochLink, Signer};
use tongda_ledger::identifier::ObjectKind;
use tongda_ledger::tree::{NoteSignature, SignedCheckpoint, origin};
use tongda_ledger::vote::NetworkId;

pub(super) fn routes() -> Router<Api> {
    Router::new().route("/v1/certificates/{kind}/{id}", get(show)).route("/v1/epochs", get(epochs))
}

/// What goes with a certificate.
#[derive(Debug, Deserialize)]
struct Wanted {
    /// The history too: for a patent alone.
    #[serde(default)]
    history: bool,
    /// The links of the chain of epochs; whoever knows them does without.
    #[serde(default = "yes")]
    epochs: bool,
}

const fn yes() -> bool {
    true
}

/// Whether the asker wants bytes.
fn wants_bytes(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/octet-stream"))
}

fn bytes(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
}

/// `GET /v1/certificates/{kind}/{id}?history=true&epochs=false`.
async fn show(
    State(api): State<Api>,
    Path((kind, id)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let subject = subject(&kind, &id)?;
    let with = With { epochs: wanted.epochs, history: wanted.history };
    let make = move || certificate(&api, subject, with);
    let certificate = tokio::task::spawn_blocking(make).await.map_err(Problem::broken)??;
    Ok(if wants_bytes(&headers) {
        bytes(certificate.bytes())
    } else {
        Json(json::form(&certificate)).into_response()
    })
}

/// What a path names: a kind in the plural, and an id; a patent by its number too.
fn subject(kind: &str, id: &str) -> Result<CertifiedSubject, Problem> {
    use CertifiedSubject as Of;
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
    match kind {
        ObjectKind::Declaration => id.parse().map(Of::Declaration).map_err(Problem::malformed),
        ObjectKind::Licence => id.parse().map(Of::Licence).map_err(Problem::malformed),
        ObjectKind::Pledge => id.parse().map(Of::Pledge).map_err(Problem::malformed),
        ObjectKind::Member => id.parse().map(Of::Member).map_err(Problem::malformed),
        _ if id.trim_start().to_uppercase().starts_with("P-") => {
            id.parse().map(Of::Patent).map_err(Problem::malformed)
        }
        _ => id.parse().map(Of::Number).map_err(Problem::malformed),
    }
}

fn certificate(api: &Api, subject: CertifiedSubject, with: With) -> Result<Certificate, Problem> {
    let published = api.checkpoints.newest().ok_or_else(Problem::no_checkpoint)?;
    let checkpoint = Cosigned {
        size: published.tree.size,
        root: published.tree.root,
        cosignatures: published.lines.iter().map(|line| (line.signer, line.cosignature)).collect(),
        witnesses: witnesses(&api.chain.network(), &api.witnessed.with(&published.signed)),
    };
    api.chain.certify(&checkpoint, subject, with).map_err(Problem::from)
}

/// The lines under a checkpoint of whoever is neither this node's log nor a validator, of each key the latest.
fn witnesses(network: &NetworkId, checkpoint: &SignedCheckpoint) -> Vec<WitnessLine> {
    let (origin, inside) = (origin(network), format!("{}/", origin(network)));
    let outside = |line: &&NoteSignature| {
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
    latest.into_values().take(WITNESSES_LIMIT).collect()
}

impl From<Uncertified> for Problem {
    fn from(error: Uncertified) -> Self {
        match error {
            Uncertified::StateGone(_) => Self::state_gone(),
            Uncertified::NotYet(older) => Self::not_yet(older),
            Uncertified::NoHistory | Uncertified::TooManyEvents(_) => Self::malformed(error),
            Uncertified::NotExecuted => Self::not_held(error),
            other => Self::broken(other),
        }
    }
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
