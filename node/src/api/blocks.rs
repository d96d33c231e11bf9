//! Blocks: the seal and the proof that it was decided.

use super::{Api, Problem};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use tongda_ledger::block::Seal;
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
    let block = block.ok_or_else(|| Problem::missing(format!("block {height} is not held here")))?;
    let seal = Seal::decode(&block.seal).map_err(Problem::broken)?;
    let certificate = decode(&block.certificate, block.certificate.len()).map_err(Problem::broken)?;
    Ok(Json(ShownBlock { hash: seal.hash(), seal, certificate }))
}
