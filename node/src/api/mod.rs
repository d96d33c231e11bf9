//! Open the node's door: HTTP with JSON, one file a resource.
//!
//! | method and path | what |
//! |---|---|
//! | `POST /v1/records?wait=commit\|none` | submit an envelope; waits for its commit unless told otherwise |
//! | `POST /v1/records/batch` | submit many at once, without waiting |
//! | `GET /v1/records/{record}` | a log entry, by log index, `R-…` id or envelope id |
//! | `GET /v1/records/{record}/receipt?wait=SECONDS` | the proof that it stands in a cosigned log |
//! | `POST /v1/may-i` | whether an act would be allowed, with every reason against it |
//! | `GET /v1/patents`, `/v1/patents/{patent}` | patents, by id or number, with status |
//! | `GET /v1/patents/{patent}/events` | what touched it, the newest first |
//! | `GET /v1/{kind}`, `/v1/{kind}/{id}` | all other objects, by the plural of their kind |
//! | `GET /v1/{kind}/{id}/dependents` and lists beside it | what hangs on a patent, licence, transfer, notice, pledge or member |
//! | `GET /v1/calendars/{year}` | the holidays of a year |
//! | `GET /v1/network` | what the network is |
//! | `GET /v1/log`, `GET /v1/state` | the roots of log and state; `/v1/log?after=HEIGHT` waits for a higher block |
//! | `GET /v1/log/inclusion`, `/v1/log/consistency` | proofs of the log |
//! | `GET /log/tile/…`, `/log/commits/…`, `/log/genesis` | the log to copy and check: C2SP tlog-tiles |
//! | `GET /v1/blocks/{height}` | a seal and its commit certificate |
//! | `GET /v1/blocks?from=HEIGHT` | whole blocks in a row, in bytes |
//! | `GET /v1/snapshots`, `/v1/snapshots/{height}` | snapshots of the state; their bytes, with ranges |
//! | `GET /log/checkpoint`, `/log/checkpoints/{size}` | the newest checkpoint that a quorum has cosigned; an older one |
//! | `GET /v1/checkpoints` | the published checkpoints, the newest first |
//! | `GET /v1/certificates/{kind}/{id}` | what the state holds as of the newest of them, or does not hold, with the proof |
//! | `GET /v1/epochs` | every change of those who decide and cosign, with its proof |
//! | `GET /log/keys`, `/log/policy`, `/log/policy/{epoch}` | whose signatures stand under them, and how many must |
//! | `GET /v1/peers` | the nodes and who is connected |
//! | `/witness/…` | the node as a witness of other logs, where it is one: [`crate::witness::http`] |
//! | `GET /healthz`, `/readyz`, `/metrics` | for machines that watch |
//!
//! Errors are RFC 9457 problem documents; where the law says no, they carry the refusals. Lists are paged by key:
//! `?limit=` up to 1,000 and `?after=` the last id of the page before.

mod batch;
mod blocks;
mod certificates;
pub(crate) mod checkpoints;
mod dependents;
mod health;
pub mod log;
mod log_proofs;
mod may_i;
mod network;
mod objects;
mod patents;
mod problem;
mod receipts;
mod records;
pub(crate) mod snapshots;

pub use problem::Problem;

use crate::chain::Chain;
use crate::cosign::Checkpoints;
use crate::health::Health;
use crate::pool::gossip::GossipHandle;
use crate::witness::{Kept, Witness};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use std::sync::Arc;
use std::time::Duration;
use tongda_ledger::codec::RECORD_LIMIT;
use tongda_ledger::founding::Founding;

/// What the handlers answer from.
#[derive(Clone)]
pub struct Api {
    /// The chain.
    pub chain: Chain,
    /// The published checkpoints.
    pub checkpoints: Arc<Checkpoints>,
    /// The node's health.
    pub health: Arc<Health>,
    /// The record gossip, which tells its peers of what is submitted here.
    pub gossip: Arc<GossipHandle>,
    /// What the network began with.
    pub founding: Arc<Founding>,
    /// The file of it.
    pub genesis: Arc<str>,
    /// The node's name.
    pub name: Arc<str>,
    /// How long a submission waits for its commit.
    pub wait: Duration,
    /// The witness that the node is for other logs, if it is one.
    pub witness: Option<Arc<Witness>>,
    /// What outside witnesses cosigned of the published checkpoints.
    pub witnessed: Arc<Kept>,
}

impl Api {
    /// All routes.
    pub fn router(self) -> Router {
        let witness = self.witness.clone().map(crate::witness::http::routes).unwrap_or_default();
        Router::new()
            .route("/", get(network::index))
            .route("/v1/records", post(records::submit))
            .route("/v1/records/batch", post(batch::submit).layer(DefaultBodyLimit::max(batch::BYTES)))
            .route("/v1/records/{record}", get(records::show))
            .route("/v1/records/{record}/receipt", get(receipts::show))
            .route("/v1/may-i", post(may_i::ask))
            .route("/v1/patents", get(patents::list))
            .route("/v1/patents/{patent}", get(patents::show))
            .route("/v1/patents/{patent}/events", get(patents::events))
            .merge(objects::routes())
            .merge(dependents::routes())
            .route("/v1/network", get(network::show))
            .route("/v1/log", get(network::log))
            .route("/v1/log/inclusion", get(log_proofs::inclusion))
            .route("/v1/log/consistency", get(log_proofs::consistency))
            .merge(log::routes())
            .route("/v1/state", get(network::state))
            .route("/v1/blocks/{height}", get(blocks::show))
            .route("/v1/blocks", get(blocks::row))
            .route("/v1/snapshots", get(snapshots::list))
            .route("/v1/snapshots/{height}", get(snapshots::fetch))
            .merge(checkpoints::routes())
            .merge(certificates::routes())
            .route("/v1/peers", get(network::peers))
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .route("/metrics", get(health::metrics))
            .fallback(problem::not_found)
            .method_not_allowed_fallback(problem::method_not_allowed)
            .layer(DefaultBodyLimit::max(4 * RECORD_LIMIT))
            .with_state(self)
            .merge(witness)
    }
}
