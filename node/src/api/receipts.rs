//! Receipts: a record's place in the log, proved under a checkpoint that a quorum has cosigned, in one small text.

use super::{Api, Problem, records};
use crate::chain::Unavailable;
use crate::cosign::Published;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tongda_ledger::tree::Receipt;

/// The longest that a question waits for a checkpoint, in seconds.
const LONGEST: u64 = 30;

/// How long to wait for a checkpoint.
#[derive(Debug, Deserialize)]
pub(super) struct ReceiptQuery {
    /// Seconds, up to 30.
    #[serde(default)]
    wait: u64,
}

/// `GET /v1/records/{record}/receipt?wait=SECONDS`: a `.tlog-proof` under the newest published checkpoint.
pub(super) async fn show(
    State(api): State<Api>,
    Path(record): Path<String>,
    Query(ReceiptQuery { wait }): Query<ReceiptQuery>,
) -> Result<Response, Problem> {
    let index = records::index_of(&api, &record)?;
    let size = api.chain.committed().tip().next_index();
    if index >= size {
        return Err(Problem::missing(format!("the log has no entry {index} yet; it has {size}")));
    }
    let mut published = api.checkpoints.watch();
    let covers =
        |newest: &Option<Arc<Published>>| newest.as_ref().is_some_and(|newest| newest.tree.size > index);
    let waiting = published.wait_for(covers);
    let found = match tokio::time::timeout(Duration::from_secs(wait.min(LONGEST)), waiting).await {
        Ok(Ok(newest)) => newest.clone(),
        _ => None,
    };
    let published = found.ok_or_else(|| Problem::uncovered(index))?;
    let prove = move || match api.chain.inclusion(index, published.tree.size) {
        Ok(proof) => {
            let checkpoint = api.witnessed.with(&published.signed);
            Ok(Receipt { extra: None, index, proof, checkpoint }.to_string())
        }
        // The others are ahead of this node.
        Err(Unavailable::Beyond { .. }) => Err(Problem::uncovered(index)),
        Err(error) => Err(error.into()),
    };
    let receipt = tokio::task::spawn_blocking(prove).await.map_err(Problem::broken)??;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, receipt).into_response())
}
