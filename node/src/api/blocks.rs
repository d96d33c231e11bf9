//! Blocks: the seal and the proof that it was decided; or whole blocks in a row, for a node that has none yet.

use super::{Api, Problem};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use tongda_ledger::block::{Body, Seal};
use tongda_ledger::codec::decode;
use tongda_ledger::hash::Hash;
use tongda_ledger::vote::CommitCertificate;

/// A block as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ShownBlock {
    /// Its hash.
    pub hash: Hash,
    /// Its seal.
    pub seal: Seal,
    /// The proof that it was decided.
    pub certificate: CommitCertificate,
}

/// `GET /v1/blocks/{height}`.
pub(super) async fn show(
    State(api): State<Api>,
    Path(height): Path<u64>,
) -> Result<Json<ShownBlock>, Problem> {
    let block = api.chain.block(height)?;
    let block = block.ok_or_else(|| not_held(&api, height))?;
    let seal = Seal::decode(&block.seal).map_err(Problem::broken)?;
    let certificate = decode(&block.certificate, block.certificate.len()).map_err(Problem::broken)?;
    Ok(Json(ShownBlock { hash: seal.hash(), seal, certificate }))
}

/// Why a block is not here.
pub(super) fn not_held(api: &Api, height: u64) -> Problem {
    match api.chain.older_blocks() {
        Some(older) if (1..=older.until).contains(&height) => Problem::not_yet(older),
        _ => Problem::missing(format!("block {height} is not held here")),
    }
}

/// Where a row of blocks begins.
#[derive(Debug, Deserialize)]
pub(super) struct RowQuery {
    /// The height of the first.
    from: u64,
}

/// Blocks in one answer at most.
const ROW: u64 = 1024;

/// With this many bytes, an answer is closed.
const ROW_BYTES: usize = 4 << 20;

/// `GET /v1/blocks?from=HEIGHT`: certificate and body of each block from there on, each behind its length as `u32`.
pub(super) async fn row(
    State(api): State<Api>,
    Query(RowQuery { from }): Query<RowQuery>,
) -> Result<Response, Problem> {
    let read = move || {
        let mut row = Vec::new();
        for height in from..from.saturating_add(ROW) {
            let block = match api.chain.block(height)? {
                Some(block) => block,
                None if height == from => return Err(not_held(&api, height)),
                None => break,
            };
            let records = block.records.iter().map(AsRef::as_ref).collect();
            let body = Body { records, seal: &block.seal }.encode();
            for part in [block.certificate.as_ref(), &body] {
                let length = u32::try_from(part.len()).map_err(Problem::broken)?;
                row.extend_from_slice(&length.to_le_bytes());
                row.extend_from_slice(part);
            }
            if row.len() >= ROW_BYTES {
                break;
            }
        }
        Ok(row)
    };
    let row = tokio::task::spawn_blocking(read).await.map_err(Problem::broken)??;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], row).into_response())
}
