//! Checkpoints: the newest one that a quorum has cosigned, older ones, and whose signatures stand under them.

use super::objects::page_size;
use super::{Api, Problem};
use crate::chain::Chain;
use crate::cosign::{Cosigners, Published};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::sync::Arc;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::NoteKey;
use tongda_ledger::vote::Address;

pub(super) fn routes() -> Router<Api> {
    Router::new()
        .route("/log/checkpoint", get(newest))
        .route("/log/checkpoints/{size}", get(at))
        .route("/log/keys", get(keys))
        .route("/log/policy", get(policy))
        .route("/log/policy/{epoch}", get(policy_of))
        .route("/v1/checkpoints", get(list))
}

/// A text, and for how long a cache may answer with it.
fn text(text: String, cache: &'static str) -> Response {
    let headers: [(HeaderName, &str); 2] =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, cache)];
    (headers, text).into_response()
}

fn none_yet() -> Problem {
    Problem::missing(
        "no checkpoint is published yet: validators with more than two thirds of the power must have cosigned one, and \
         this node must have received their cosignatures",
    )
}

/// `GET /log/checkpoint`: the note, as other people's tools read it, with the cosignatures of outside witnesses last.
async fn newest(State(api): State<Api>) -> Result<Response, Problem> {
    let published = api.checkpoints.newest().ok_or_else(none_yet)?;
    Ok(text(api.witnessed.with(&published.signed).to_string(), "max-age=1"))
}

/// `GET /log/checkpoints/{size}`: one that was published.
async fn at(State(api): State<Api>, Path(size): Path<u64>) -> Result<Response, Problem> {
    let checkpoints = api.checkpoints.clone();
    let found = tokio::task::spawn_blocking(move || checkpoints.at(size)).await.map_err(Problem::broken)?;
    let found = found.map_err(Problem::broken)?.ok_or_else(|| {
        Problem::missing(format!(
            "no checkpoint of {size} leaves was published here; GET /v1/checkpoints lists those that were"
        ))
    })?;
    // Cosignatures are still added while it is young.
    Ok(text(api.witnessed.with(&found.signed).to_string(), "max-age=60"))
}

/// Which page.
#[derive(Debug, Deserialize)]
struct ListQuery {
    before: Option<u64>,
    limit: Option<usize>,
}

/// A published checkpoint in short.
#[derive(Debug, Serialize)]
struct Shown {
    size: u64,
    root: Hash,
    height: u64,
    /// Seconds since 1970: more than two thirds of the power cosigned then or later.
    time: u64,
    signers: Vec<Address>,
}

/// A page of them.
#[derive(Debug, Serialize)]
struct ShownPage {
    items: Vec<Shown>,
    /// `?before=` for the next page; `None` when this one is the last.
    next: Option<u64>,
}

impl From<Arc<Published>> for Shown {
    fn from(published: Arc<Published>) -> Self {
        let signers = published.lines.iter().map(|line| line.signer).collect();
        let (size, root) = (published.tree.size, published.tree.root);
        Self { size, root, height: published.height, time: published.time, signers }
    }
}

/// `GET /v1/checkpoints?before=SIZE&limit=N`: the newest first.
async fn list(State(api): State<Api>, Query(query): Query<ListQuery>) -> Result<Json<ShownPage>, Problem> {
    let limit = page_size(query.limit)?;
    let before = query.before.unwrap_or(u64::MAX);
    let checkpoints = api.checkpoints.clone();
    let read = move || checkpoints.before(before, limit);
    let found = tokio::task::spawn_blocking(read).await.map_err(Problem::broken)?.map_err(Problem::broken)?;
    let next = (found.len() == limit).then(|| found.last().map(|last| last.tree.size)).flatten();
    Ok(Json(ShownPage { items: found.into_iter().map(Shown::from).collect(), next }))
}

/// An epoch's number, the first height that it decides, and its cosigners; without a number, that of the next block.
fn cosigners(chain: &Chain, epoch: Option<usize>) -> Result<(usize, u64, Cosigners), Problem> {
    let committed = chain.committed();
    let epochs = committed.epochs();
    let found = match epoch {
        None => epochs.iter().next_back(),
        Some(number) => epochs.iter().nth(number),
    };
    let found = found.ok_or_else(|| {
        Problem::missing(format!("there is no such epoch yet: they are numbered 0 to {}", epochs.changes()))
    })?;
    let cosigners = Cosigners::of(&chain.network(), found.signers).map_err(Problem::broken)?;
    Ok((found.number, found.from, cosigners))
}

/// An epoch's policy with comments for people; without a number, that of the next block. `log_key` is the node's own, and
/// `name` the network's.
///
/// # Errors
/// [`Problem`] when there is no such epoch.
pub(crate) fn policy_text(
    chain: &Chain,
    log_key: &NoteKey,
    name: &str,
    epoch: Option<usize>,
) -> Result<String, Problem> {
    let (number, from, cosigners) = cosigners(chain, epoch)?;
    let policy = cosigners.policy(log_key.clone()).map_err(Problem::broken)?;
    let threshold = policy.groups().first().map_or(0, |group| group.threshold.of(group.members.len()));
    let powers: Vec<_> =
        cosigners.list().iter().map(|cosigner| format!("{} {}", cosigner.name, cosigner.power)).collect();
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(text, "# {name} · {}, epoch {number}, from height {from} on", chain.network());
    let _ = writeln!(text, "# Voting power: {}.", powers.join(", "));
    let _ = writeln!(
        text,
        "# A checkpoint counts with cosignatures of more than two thirds of {}. Any {threshold} of these {} have that; \
         fewer may, where powers differ.",
        cosigners.power(),
        cosigners.list().len()
    );
    let _ = writeln!(text, "# The log line is this node's own key and carries no safety.");
    let _ = write!(text, "{policy}");
    Ok(text)
}

fn policy_of_epoch(api: &Api, epoch: Option<usize>) -> Result<String, Problem> {
    policy_text(&api.chain, api.checkpoints.log_key(), api.founding.name.as_str(), epoch)
}

/// `GET /log/policy`: that of the validators who decide the next block.
async fn policy(State(api): State<Api>) -> Result<Response, Problem> {
    Ok(text(policy_of_epoch(&api, None)?, "max-age=60"))
}

/// `GET /log/policy/{epoch}`.
async fn policy_of(State(api): State<Api>, Path(epoch): Path<usize>) -> Result<Response, Problem> {
    Ok(text(policy_of_epoch(&api, Some(epoch))?, "max-age=60"))
}

/// The verifier keys, one a line: the node's own first, then the current validators'.
pub(crate) fn keys_text(chain: &Chain, log_key: &NoteKey) -> Result<String, Problem> {
    let (_, _, cosigners) = cosigners(chain, None)?;
    let keys = std::iter::once(log_key).chain(cosigners.list().iter().map(|cosigner| &cosigner.key));
    Ok(keys.map(|key| format!("{key}\n")).collect())
}

/// `GET /log/keys`.
async fn keys(State(api): State<Api>) -> Result<Response, Problem> {
    Ok(text(keys_text(&api.chain, api.checkpoints.log_key())?, "max-age=60"))
}
