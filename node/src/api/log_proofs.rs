//! Proofs of the log in JSON: that an entry stands in it, that it continues an earlier one.

use super::{Api, Problem};
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{ConsistencyProof, InclusionProof};

/// Which entry, in the log of which size.
#[derive(Debug, Deserialize)]
pub(super) struct InclusionQuery {
    index: u64,
    /// The tip's without it.
    size: Option<u64>,
}

/// That an entry stands in the log.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ShownInclusion {
    /// The entry's log index.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Hash,
    /// Leaves of the log.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// From the leaf to the root.
    pub hashes: InclusionProof,
}

/// `GET /v1/log/inclusion?index=INDEX&size=SIZE`.
pub(super) async fn inclusion(
    State(api): State<Api>,
    Query(InclusionQuery { index, size }): Query<InclusionQuery>,
) -> Result<Json<ShownInclusion>, Problem> {
    let prove = move || {
        let chain = &api.chain;
        let size = size.unwrap_or_else(|| chain.committed().tip().next_index());
        let hashes = chain.inclusion(index, size)?;
        Ok::<_, Problem>(ShownInclusion {
            index,
            leaf: chain.leaf(index)?,
            size,
            root: chain.root_at(size)?,
            hashes,
        })
    };
    Ok(Json(tokio::task::spawn_blocking(prove).await.map_err(Problem::broken)??))
}

/// From which size to which.
#[derive(Debug, Deserialize)]
pub(super) struct ConsistencyQuery {
    old: u64,
    /// The tip's without it.
    new: Option<u64>,
}

/// That the log continues an earlier one.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ShownConsistency {
    /// Leaves of the earlier log.
    pub old: u64,
    /// The root over them.
    pub old_root: Hash,
    /// Leaves of the later log.
    pub new: u64,
    /// The root over them.
    pub new_root: Hash,
    /// Of which both roots are made.
    pub hashes: ConsistencyProof,
}

/// `GET /v1/log/consistency?old=SIZE&new=SIZE`.
pub(super) async fn consistency(
    State(api): State<Api>,
    Query(ConsistencyQuery { old, new }): Query<ConsistencyQuery>,
) -> Result<Json<ShownConsistency>, Problem> {
    let prove = move || {
        let chain = &api.chain;
        let new = new.unwrap_or_else(|| chain.committed().tip().next_index());
        let hashes = chain.consistency(old, new)?;
        let (old_root, new_root) = (chain.root_at(old)?, chain.root_at(new)?);
        Ok::<_, Problem>(ShownConsistency { old, old_root, new, new_root, hashes })
    };
    Ok(Json(tokio::task::spawn_blocking(prove).await.map_err(Problem::broken)??))
}
