//! Show that every node has published the same checkpoint, and who cosigned it.

use super::DevnetError;
use super::network::{Network, Running};
use std::time::{Duration, Instant};
use tongda_client::answer::LogTip;
use tongda_ledger::state::Nodes;
use tongda_ledger::tree::{NoteKey, SignedCheckpoint, cosigner_key};
use tongda_ledger::vote::Address;

/// How long the nodes may take to publish what they have committed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The nodes' cosigning keys, from the genesis: nothing that a node says is believed.
fn keys(network: &Network) -> Result<Vec<NoteKey>, DevnetError> {
    let founding = &network.demonstration.founding;
    let Nodes { nodes } = &founding.nodes;
    nodes
        .iter()
        .map(|node| cosigner_key(&founding.network(), &Address::of(&node.vote_key), &node.cosign_key))
        .collect::<Result<_, _>>()
        .map_err(|error| DevnetError::Setup(error.to_string()))
}

/// The checkpoint that a node has published, if it has.
async fn published(http: &reqwest::Client, running: &Running) -> Option<SignedCheckpoint> {
    let answer = http.get(format!("{}/log/checkpoint", running.url)).send().await.ok()?;
    let note = answer.error_for_status().ok()?.bytes().await.ok()?;
    SignedCheckpoint::parse(&note).ok()
}

/// Waits until every node has published the checkpoint of `tip` with a quorum, verified here, and prints it.
pub(super) async fn agree(network: &Network, tip: &LogTip) -> Result<(), DevnetError> {
    let keys = keys(network)?;
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build();
    let http = http.map_err(|error| DevnetError::Setup(error.to_string()))?;
    let started = Instant::now();
    for running in &network.nodes {
        let signers = loop {
            if let Some(signed) = published(&http, running).await
                && (signed.checkpoint().size, signed.checkpoint().root) == (tip.size, tip.root)
            {
                let signers = signed.verify(&keys);
                let signers = signers.map_err(|error| {
                    DevnetError::Disagreement(format!("the checkpoint of {}: {error}", running.name))
                })?;
                if signers.len() * 3 > keys.len() * 2 {
                    break signers.len();
                }
            }
            if started.elapsed() > PATIENCE {
                let what = format!(
                    "{} has not published a checkpoint of {} leaves within {} s",
                    running.name,
                    tip.size,
                    PATIENCE.as_secs()
                );
                return Err(DevnetError::Disagreement(what));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        println!("  {:<10} {signers}/{} 联署 · cosigned", running.name, keys.len());
    }
    println!(
        "  各节点发布了同一检查点 ✓ all {} nodes published the same cosigned checkpoint: {} leaves, root {}",
        network.nodes.len(),
        tip.size,
        tip.root
    );
    Ok(())
}
