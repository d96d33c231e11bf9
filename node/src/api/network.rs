//! The network: what it is, its roots, its nodes.

use super::{Api, Problem, objects};
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::Timestamp;
use tongda_ledger::state::{Anchor, Node, Parameters, Read as _, Unit};
use tongda_ledger::vote::NetworkId;

/// The resources, for whoever opens the node in a browser.
pub(super) async fn index(State(api): State<Api>) -> Json<serde_json::Value> {
    let lists = objects::PATHS.iter().map(|path| format!("GET /v1/{path}"));
    let resources = RESOURCES.iter().map(|resource| (*resource).to_owned()).chain(lists);
    Json(serde_json::json!({
        "tongda": "通达 · one ledger for intellectual-property exchanges",
        "node": &*api.name,
        "resources": resources.collect::<Vec<_>>(),
    }))
}

/// The resources beside the lists of objects.
const RESOURCES: &[&str] = &[
    "POST /v1/records?wait=commit|none",
    "POST /v1/records/batch",
    "GET /v1/records/{record}",
    "GET /v1/records/{record}/receipt?wait=SECONDS",
    "POST /v1/may-i",
    "GET /v1/patents",
    "GET /v1/patents/{patent}",
    "GET /v1/patents/{patent}/events",
    "GET /v1/calendars/{year}",
    "GET /v1/network",
    "GET /v1/log",
    "GET /v1/log/inclusion?index=INDEX&size=SIZE",
    "GET /v1/log/consistency?old=SIZE&new=SIZE",
    "GET /log/tile/{level}/{number}",
    "GET /log/tile/entries/{number}",
    "GET /log/commits/{number}",
    "GET /log/genesis",
    "GET /v1/state",
    "GET /v1/blocks/{height}",
    "GET /v1/blocks?from=HEIGHT",
    "GET /v1/snapshots",
    "GET /v1/snapshots/{height}",
    "GET /log/checkpoint",
    "GET /log/checkpoints/{size}",
    "GET /log/keys",
    "GET /log/policy",
    "GET /log/policy/{epoch}",
    "GET /v1/checkpoints",
    "GET /v1/peers",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
];

/// What the network is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ShownNetwork {
    /// Its id.
    pub network: NetworkId,
    /// Its name.
    pub name: String,
    /// The node that answers.
    pub node: String,
    /// Where it comes from; whether what is on it is made for demonstration.
    pub anchor: Anchor,
    /// Its parameters.
    pub parameters: Parameters,
    /// Its nodes.
    pub nodes: Vec<Node>,
}

/// `GET /v1/network`.
pub(super) async fn show(State(api): State<Api>) -> Result<Json<ShownNetwork>, Problem> {
    let committed = api.chain.committed();
    Ok(Json(ShownNetwork {
        network: api.chain.network(),
        name: api.founding.name.to_string(),
        node: api.name.to_string(),
        anchor: committed.must(&Unit)?,
        parameters: committed.parameters().clone(),
        nodes: committed.nodes().nodes.to_vec(),
    }))
}

/// The log's tip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ShownLog {
    /// Leaves in the log.
    pub size: u64,
    /// The root over them (RFC 6962).
    pub root: Hash,
    /// The last block's height.
    pub height: u64,
    /// The last block's hash.
    pub block: Hash,
    /// The last block's time.
    pub time: Timestamp,
    /// The state root after the last block.
    pub state_root: Hash,
}

/// Whether to wait for a block.
#[derive(Debug, Deserialize)]
pub(super) struct LogQuery {
    /// Answer when a block above this height is committed, or after ten seconds.
    after: Option<u64>,
}

/// How long a reader may wait for a block.
const LONG_POLL: Duration = Duration::from_secs(10);

/// `GET /v1/log`; with `?after=HEIGHT`, as soon as there is a higher block.
pub(super) async fn log(State(api): State<Api>, Query(query): Query<LogQuery>) -> Json<ShownLog> {
    if let Some(after) = query.after {
        let mut heights = api.chain.heights();
        // Whether it came or time is over: the answer tells the height.
        let _ = tokio::time::timeout(LONG_POLL, heights.wait_for(|height| *height > after)).await;
    }
    let committed = api.chain.committed();
    let tip = committed.tip();
    Json(ShownLog {
        size: tip.log.size(),
        root: tip.log.root(),
        height: tip.height(),
        block: tip.hash(),
        time: tip.time(),
        state_root: committed.state_root(),
    })
}

/// The state's root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ShownState {
    /// The root of the state map.
    pub root: Hash,
    /// Values in the state.
    pub values: u64,
    /// The height after which it holds.
    pub height: u64,
}

/// `GET /v1/state`.
pub(super) async fn state(State(api): State<Api>) -> Json<ShownState> {
    let committed = api.chain.committed();
    Json(ShownState {
        root: committed.state_root(),
        values: committed.values(),
        height: committed.tip().height(),
    })
}

/// `GET /v1/peers`.
pub(super) async fn peers(State(api): State<Api>) -> Json<serde_json::Value> {
    let nodes: Vec<_> = {
        let committed = api.chain.committed();
        let nodes = committed.nodes().nodes.iter();
        nodes
            .map(|node| {
                serde_json::json!({
                    "name": node.name, "region": node.region, "power": node.power,
                    "exchange": node.exchange, "api": node.api_address, "self": *node.name.as_str() == *api.name,
                })
            })
            .collect()
    };
    let gossip: Vec<_> = api
        .gossip
        .peers()
        .into_iter()
        .map(|status| {
            serde_json::json!({
                "network_key": status.peer.network_key, "address": status.peer.address,
                "connected": status.connected, "barred": status.barred, "in_flight": status.in_flight,
            })
        })
        .collect();
    Json(serde_json::json!({ "nodes": nodes, "consensus": api.health.report(), "gossip": gossip }))
}
