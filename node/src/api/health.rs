//! Health: whether the process lives, whether it can serve, what it counts.

use super::Api;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Blocks that a node may lag behind its peers and still be ready.
const LAG: u64 = 3;

/// `GET /healthz`: the process lives.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: 200 when the node is level with its peers, hears a quorum and has a sound clock; else 503 and why.
/// How far the older blocks are is told beside it: a node that still fetches them decides and serves. So is cosigning: a
/// node that cosigns nothing still votes.
pub(super) async fn ready(State(api): State<Api>) -> Response {
    let report = api.health.report();
    let (height, validators) = {
        let committed = api.chain.committed();
        (committed.tip().height(), committed.validators().validators().len())
    };
    let mut reasons = Vec::new();
    // With this node itself, more than two thirds of the validators.
    let needed = validators * 2 / 3;
    if report.connected < needed {
        reasons.push(format!("connected to {} nodes, {needed} are needed for a quorum", report.connected));
    }
    if report.highest_peer > height + LAG {
        reasons.push(format!("at height {height}, a peer is at {}: catching up", report.highest_peer));
    }
    if let Some(ahead) = report.clock_ahead {
        reasons.push(format!("the clock is {ahead} ms ahead of the network's: set it (NTP)"));
    }
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let cosigning = api.health.cosigning_report();
    let silent = cosigning.silent.as_ref();
    let body = serde_json::json!({
        "ready": reasons.is_empty(), "height": height, "reasons": reasons, "consensus": report,
        "older_blocks": api.chain.older_blocks(),
        "cosigning": {
            "size": cosigning.size, "age_seconds": cosigning.age, "missing": cosigning.missing,
            "silent": silent.map(|silence| format!("{silence}; {}", silence.english_cure())),
        },
    });
    (status, Json(body)).into_response()
}

/// `GET /metrics`: counters in the text format of OpenMetrics.
pub(super) async fn metrics(State(api): State<Api>) -> Response {
    let text = api.health.metrics(api.chain.pool());
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
