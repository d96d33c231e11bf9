//! Take part in the consensus: with a vote, or without one as long as a vote could contradict one before.

use crate::application::NodeApplication;
use crate::chain::Chain;
use crate::health::Health;
use crate::run::{NodeDirectory, NodeError};
use crate::silence::Silence;
use futures::FutureExt as _;
use std::time::Duration;
use tongda_consensus::{Config, EngineError};
use tongda_ledger::vote::Address;

/// Turns in a row that a validator loses before it connects anew.
const LOST_TURNS: u32 = 3;

/// How long it stays away then, so that its peers see the old connections end before the new ones begin.
const AWAY: Duration = Duration::from_secs(2);

/// Takes part in the consensus until `shutdown` completes.
///
/// A validator that has voted above its ledger — its last block was torn, or it was restored from a copy — could
/// contradict its own votes. It follows without a vote until the others have decided every height that it voted at. One
/// that began from a snapshot does not know at which heights it voted: see [`Silence`].
///
/// A validator whose proposals reach nobody connects anew. Gossipsub tells its subscriptions only over the first
/// connection with a peer: a node that comes back while a peer still holds a connection of its former life hears the
/// peer and is not heard, for good. It shows in that the node proposes and the network decides other blocks.
pub(crate) async fn take_part(
    config: Config,
    application: impl Fn() -> NodeApplication,
    chain: &Chain,
    health: &Health,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), NodeError> {
    let shutdown = shutdown.shared();
    let observer = Config { vote_key: None, ..config.clone() };
    if let Some(mut silence) = Silence::of(&config.directory)?.filter(|_| config.vote_key.is_some()) {
        tracing::warn!("began from a snapshot: following without a vote until the others are further on");
        // With this node itself, more than two thirds of the validators.
        let needed = chain.committed().validators().validators().len() * 2 / 3;
        let mut passed = Ok(());
        let passing = async { passed = silence.passed(chain.heights(), health, needed).await };
        let until = futures::future::select(shutdown.clone(), Box::pin(passing)).map(drop);
        tongda_consensus::run(observer.clone(), application(), until).await?;
        if shutdown.peek().is_some() {
            return Ok(());
        }
        passed?;
        silence.end()?;
        tracing::info!("the others are further on than any vote of this node: taking part again");
    }
    let mut turns = LOST_TURNS;
    loop {
        if config.vote_key.is_some() && !has_vote(&config, chain) {
            tracing::info!("本节点无表决权，跟随；this node has no vote: following");
            let given = Box::pin(vote_becomes(true, &config, chain));
            let until = futures::future::select(shutdown.clone(), given).map(drop);
            tongda_consensus::run(observer.clone(), application(), until).await?;
            if shutdown.peek().is_some() {
                return Ok(());
            }
            tracing::info!("本节点取得表决权；this node has been given a vote: taking part");
            futures::future::select(shutdown.clone(), Box::pin(tokio::time::sleep(AWAY))).await;
        }
        let mute = Box::pin(health.has_lost_turns(turns));
        let taken = Box::pin(vote_becomes(false, &config, chain));
        let ended = Box::pin(futures::future::select(mute, taken));
        let until = futures::future::select(shutdown.clone(), ended).map(drop);
        let voted = match tongda_consensus::run(config.clone(), application(), until).await {
            Err(EngineError::Behind { voted, height }) => {
                tracing::warn!(
                    voted,
                    height,
                    "votes are ahead of the ledger: following without a vote until then"
                );
                voted
            }
            Ok(()) if shutdown.peek().is_none() && config.vote_key.is_some() && !has_vote(&config, chain) => {
                futures::future::select(shutdown.clone(), Box::pin(tokio::time::sleep(AWAY))).await;
                continue;
            }
            Ok(()) if shutdown.peek().is_none() => {
                tracing::warn!(
                    turns,
                    "proposals of this node are not decided: connecting to the others anew"
                );
                futures::future::select(shutdown.clone(), Box::pin(tokio::time::sleep(AWAY))).await;
                turns = turns.saturating_mul(2);
                continue;
            }
            result => return Ok(result?),
        };
        let mut heights = chain.heights();
        let caught_up = async {
            // That the chain is gone ends the node by another way.
            let _ = heights.wait_for(|height| *height >= voted).await;
        };
        let until = futures::future::select(shutdown.clone(), Box::pin(caught_up)).map(drop);
        tongda_consensus::run(observer.clone(), application(), until).await?;
        if shutdown.peek().is_some() {
            return Ok(());
        }
        tracing::info!(voted, "the ledger is level with the votes: taking part again");
    }
}

/// Whether the validators of the next height are told of this node's vote key.
fn has_vote(config: &Config, chain: &Chain) -> bool {
    let address = config.vote_key.as_ref().map(|key| Address::of(&key.public()));
    address.is_some_and(|address| chain.committed().validators().get(&address).is_some())
}

/// Waits until the node has a vote, or has none. The exchanges give and take it by voting while the node runs; the engine
/// makes itself known to the others as a validator only when it starts.
async fn vote_becomes(wanted: bool, config: &Config, chain: &Chain) {
    if config.vote_key.is_none() {
        return std::future::pending().await;
    }
    let mut heights = chain.heights();
    while has_vote(config, chain) != wanted {
        // That the chain is gone ends the node by another way.
        if heights.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

/// Follows without a vote until the state names the node's keys, or until `shutdown` completes.
pub(crate) async fn follow_until_named(
    directory: &NodeDirectory,
    config: &Config,
    application: &impl Fn() -> NodeApplication,
    chain: &Chain,
    shutdown: &(impl Future<Output = ()> + Clone + Send + Unpin),
) -> Result<(), NodeError> {
    tracing::warn!(
        "密钥并非账本为本节点所记：若为新换之钥，账本追上后即参与表决；none of the keys in keys/ is the one that the ledger \
         names for this node: if they are new ones, it follows without a vote until its log has the block that names them; \
         if not, put back those that were there"
    );
    let mut heights = chain.heights();
    let named = async {
        loop {
            let is_named = directory.check_keys(chain.committed().nodes()).is_ok();
            // That the chain is gone ends the node by another way.
            if is_named || heights.changed().await.is_err() {
                break;
            }
        }
    };
    let observer = Config { vote_key: None, ..config.clone() };
    let until = futures::future::select(shutdown.clone(), Box::pin(named)).map(drop);
    tongda_consensus::run(observer, application(), until).await?;
    tracing::info!("the ledger names the keys of this node: taking part");
    Ok(())
}
