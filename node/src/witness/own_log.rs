//! Show this node's own log to its outside witnesses: proofs from the chain, published checkpoints, lines kept.

use super::{EvidenceFolder, Kept, OutsideWitness, WatchedLog};
use crate::chain::Chain;
use crate::cosign::{Checkpoints, Published};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{Checkpoint, ConsistencyProof, NoteSignature, SignedCheckpoint};

/// The log of a node.
struct OwnLog {
    chain: Chain,
    kept: Arc<Kept>,
}

impl WatchedLog for OwnLog {
    fn consistency(&self, old: u64, new: u64) -> Result<ConsistencyProof, String> {
        self.chain.consistency(old, new).map_err(|error| error.to_string())
    }

    fn root(&self, size: u64) -> Result<Hash, String> {
        self.chain.root_at(size).map_err(|error| error.to_string())
    }

    fn keep(&self, checkpoint: &Checkpoint, line: NoteSignature) -> Result<(), String> {
        self.kept.keep(checkpoint, line).map_err(|error| error.to_string())
    }
}

/// Brings what is published to the witnesses, one task each, until it is dropped.
pub async fn ask_all(
    witnesses: Vec<OutsideWitness>,
    every: Duration,
    chain: Chain,
    checkpoints: Arc<Checkpoints>,
    kept: Arc<Kept>,
    evidence: EvidenceFolder,
) {
    if witnesses.is_empty() {
        return;
    }
    let log: Arc<dyn WatchedLog> = Arc::new(OwnLog { chain, kept });
    let (newest, brought) = watch::channel(None::<Arc<SignedCheckpoint>>);
    let asking = witnesses
        .into_iter()
        .map(|witness| witness.ask(every, brought.clone(), log.clone(), evidence.clone()));
    let asking = futures::future::join_all(asking);
    tokio::join!(asking, follow(checkpoints.watch(), newest));
}

/// Tells what is published as notes.
async fn follow(
    mut published: watch::Receiver<Option<Arc<Published>>>,
    newest: watch::Sender<Option<Arc<SignedCheckpoint>>>,
) {
    loop {
        let note = published.borrow_and_update().as_ref().map(|published| Arc::new(published.signed.clone()));
        if let Some(note) = note {
            newest.send_replace(Some(note));
        }
        if published.changed().await.is_err() {
            return;
        }
    }
}
