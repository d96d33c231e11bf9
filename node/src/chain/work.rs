//! Say whether there is work for the next height: records, due items, an unflagged tail.

use super::{Chain, ChainError};
use crate::clock::now;
use std::time::Duration;
use tokio::sync::watch;
use tongda_ledger::identifier::Timestamp;

/// When the next height has work, if it is not the pool that has it: the first due item, or the end of the cadence
/// behind a tail that no checkpoint covers.
fn next_work(chain: &Chain) -> Result<Option<Timestamp>, ChainError> {
    let committed = chain.committed();
    let tip = committed.tip();
    let covered = tip.seal.as_ref().is_none_or(tongda_ledger::block::Seal::is_checkpoint);
    let every = committed.parameters().checkpoint_every;
    let tail = (!covered).then(|| tip.checkpoint().plus_milliseconds(every));
    let due = committed.next_due()?;
    Ok(tail.into_iter().chain(due).min())
}

/// Whether there is work now.
///
/// # Errors
/// [`ChainError`] when the queue cannot be read.
pub(crate) fn has_work(chain: &Chain) -> Result<bool, ChainError> {
    Ok(*chain.pool().depth().borrow() > 0 || next_work(chain)?.is_some_and(|at| at <= now()))
}

/// Keeps `work` up to date, for as long as the task is kept: woken by the pool, by commits, and by the clock.
pub async fn watch_work(chain: Chain, work: watch::Sender<bool>) {
    let mut depth = chain.pool().depth();
    let mut heights = chain.heights();
    loop {
        let wait = match has_work(&chain).and_then(|found| Ok((found, next_work(&chain)?))) {
            Ok((found, next)) => {
                work.send_if_modified(|work| std::mem::replace(work, found) != found);
                let until = next.map_or(IDLE, |at| at.milliseconds().saturating_sub(now().milliseconds()));
                Duration::from_millis(until.clamp(1, IDLE))
            }
            Err(error) => {
                tracing::error!(%error, "the queue of due items cannot be read");
                Duration::from_millis(IDLE)
            }
        };
        tokio::select! {
            changed = depth.changed() => if changed.is_err() { return },
            changed = heights.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// How long nothing is looked at when nothing happens, in milliseconds.
const IDLE: u64 = 1000;
