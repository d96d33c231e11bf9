//! Fetch the blocks that are older than the snapshot with which the node began, beside its work.
//!
//! Any node may be asked, for every block is proven when it comes. One that sends what proves nothing is not asked again.

use crate::chain::{Chain, ChainError, Older, OlderError, SentBlock};
use crate::fetch::{FetchError, NodeDoor};
use crate::health::Health;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::spawn_blocking;
use tongda_ledger::founding::Founding;

/// The pause when no node has what is wanted.
const PAUSE: Duration = Duration::from_secs(2);

/// How often progress is told.
const TOLD: Duration = Duration::from_secs(10);

/// Fetches until the log is whole. `name` is the node's own: it is not asked.
pub async fn run(chain: Chain, founding: Arc<Founding>, name: String, health: Arc<Health>) {
    let opened = {
        let chain = chain.clone();
        spawn_blocking(move || chain.older(&founding)).await
    };
    let older = match opened {
        Ok(Ok(Some(older))) => older,
        // They may all be here, and the hashes not yet.
        Ok(Ok(None)) => return fill_hashes(chain).await,
        Ok(Err(error)) => {
            tracing::error!(%error, "the older blocks cannot be fetched");
            return;
        }
        Err(error) => {
            tracing::error!(%error, "the older blocks cannot be fetched");
            return;
        }
    };
    match fetch(&chain, older, &name, &health).await {
        Ok(()) => {
            tracing::info!("the log is whole: every older block is here and proven");
            fill_hashes(chain).await;
        }
        Err(error) => {
            tracing::error!(%error, "the older blocks cannot be kept; they are fetched at the next start")
        }
    }
}

async fn fetch(chain: &Chain, mut older: Older, name: &str, health: &Health) -> Result<(), ChainError> {
    let mut barred = BTreeSet::new();
    let mut told: Option<Instant> = None;
    tracing::info!(from = older.next(), "fetching the blocks that are older than the snapshot");
    while !older.is_complete() {
        let from = older.next();
        let mut came = false;
        for address in addresses(chain, name) {
            if barred.contains(&address) {
                continue;
            }
            match ask(&address, from).await {
                Ok(blocks) => {
                    let (back, taken) = take(older, blocks).await?;
                    older = back;
                    came = older.next() > from;
                    if let Err(wrong) = taken {
                        tracing::warn!(address, %wrong, "a node sent what is not the older blocks; it is not asked again");
                        barred.insert(address);
                    }
                }
                Err(error) => tracing::debug!(%error, "no older blocks"),
            }
            if came {
                break;
            }
        }
        if let Some(progress) = chain.older_blocks() {
            health.older_blocks(progress.held, progress.until);
            if told.is_none_or(|told| told.elapsed() >= TOLD) {
                tracing::info!(held = progress.held, until = progress.until, "fetching older blocks");
                told = Some(Instant::now());
            }
        }
        if !came {
            tokio::time::sleep(PAUSE).await;
        }
    }
    health.older_blocks(older.next() - 1, older.next() - 1);
    Ok(())
}

/// Makes the hashes of the older part of the log's tree, if blocks and hashes are not level.
async fn fill_hashes(chain: Chain) {
    match spawn_blocking(move || chain.fill_hashes()).await {
        Ok(Ok(0)) => {}
        Ok(Ok(leaves)) => {
            tracing::info!(leaves, "the log's tree is whole: tiles and proofs of its older part are here")
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "the older part of the log's tree was not made; it is at the next start")
        }
        Err(error) => tracing::error!(%error, "making the older part of the log's tree was broken off"),
    }
}

async fn ask(address: &str, from: u64) -> Result<Vec<SentBlock>, FetchError> {
    NodeDoor::new(address)?.blocks(from).await
}

/// Proves and keeps blocks, away from the tasks that must answer quickly.
async fn take(mut older: Older, blocks: Vec<SentBlock>) -> Result<(Older, Result<(), String>), ChainError> {
    let taking = spawn_blocking(move || {
        let taken = older.take(&blocks);
        (older, taken)
    });
    let (older, taken) =
        taking.await.map_err(|error| ChainError::Index(format!("taking older blocks: {error}")))?;
    match taken {
        Ok(()) => Ok((older, Ok(()))),
        Err(OlderError::Unproven(wrong)) => Ok((older, Err(wrong.to_string()))),
        Err(OlderError::Chain(error)) => Err(error),
    }
}

/// The other nodes' doors.
fn addresses(chain: &Chain, name: &str) -> Vec<String> {
    let committed = chain.committed();
    let others = committed.nodes().nodes.iter().filter(|node| node.name.as_str() != name);
    others.map(|node| node.api_address.to_string()).collect()
}
