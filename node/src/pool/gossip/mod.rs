//! Pass records on to every other node, over connections that only admitted nodes have.
//!
//! ```text
//! pool (own records, numbered) ── batches, a window of them for each peer ──► stream ──► verify, admit ──► its pool
//!                              ◄──────────── taken | busy ───────────────────
//! ```
//!
//! Every node pushes what its own clients sent to every peer, and passes nothing on: a full mesh of as many
//! connections as there are exchanges. Each batch is acknowledged, and sent again until it is; a record that waits
//! longer than a peer is down reaches it after all. It is a network of its own beside the consensus, under the same
//! identity and on another port, so that bulk never stands before votes.
//!
//! Cosignatures under checkpoints travel here too: pushed to all, and asked for where they are missing. What they are
//! worth is not judged here but by [`crate::cosign`].
//!
//! Frames are tagged: a further kind of message is a variant in `message.rs` and an arm in `exchange.rs`.

mod codec;
mod cosigned;
mod exchange;
mod inbox;
mod link;
mod message;
mod network;
#[cfg(test)]
mod tests;

pub use cosigned::CosignEvent;
pub use link::PeerCounts;
pub(crate) use message::COSIGNATURES;

use super::{Pool, lock};
use crate::cosign::CosignedTree;
use cosigned::Cosigning;
use exchange::{Board, Command, Exchange};
use futures::StreamExt as _;
use libp2p::TransportError;
use libp2p::swarm::SwarmEvent;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::vote::NetworkId;

/// What a node needs to pass records on.
#[derive(Clone)]
pub struct GossipConfig {
    /// The node's network identity: the one that it has in the consensus too.
    pub network_key: SigningKey,
    /// Where to listen; port 0 is any free one.
    pub listen: SocketAddr,
    /// The nodes that may connect. The node itself among them is passed over.
    pub peers: Vec<Peer>,
    /// The network: nodes of another find no common protocol.
    pub network: NetworkId,
}

/// A node that may connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The Ed25519 key of its network identity.
    pub network_key: PublicKey,
    /// Where it listens for records: not where it listens for the consensus.
    pub address: SocketAddr,
}

/// How it stands with a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerStatus {
    /// Which.
    pub peer: Peer,
    /// Whether a connection stands.
    pub connected: bool,
    /// Whether it is kept out because of what it did.
    pub barred: bool,
    /// Batches that it has not acknowledged yet.
    pub in_flight: usize,
    /// What has passed between the two.
    pub counts: PeerCounts,
}

/// Why passing records on cannot start.
#[derive(Debug, thiserror::Error)]
pub enum GossipError {
    /// The identity cannot be used.
    #[error("the network identity cannot be used: {0}")]
    Identity(String),
    /// The address is taken or not the machine's.
    #[error("cannot listen on {address} for records: {reason}; set another address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        reason: String,
    },
}

/// Passing records on.
pub struct Gossip;

/// Passing records on, while it is kept.
pub struct GossipHandle {
    local: SocketAddr,
    board: Board,
    commands: mpsc::Sender<Command>,
    task: JoinHandle<()>,
}

impl Gossip {
    /// Listens, and begins to pass on what `pool` admits from clients. Runs on the Tokio runtime that it is called in.
    ///
    /// # Errors
    /// [`GossipError`] when the node cannot listen.
    pub async fn start(config: GossipConfig, pool: Pool) -> Result<GossipHandle, GossipError> {
        Self::start_with(config, pool, link::SHORTEST_BAR, None).await
    }

    /// The same, with `cosigning` told of what the peers say of cosignatures. What does not fit into it is dropped: it
    /// is asked for again.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_cosigning(
        config: GossipConfig,
        pool: Pool,
        cosigning: mpsc::Sender<CosignEvent>,
    ) -> Result<GossipHandle, GossipError> {
        Self::start_with(config, pool, link::SHORTEST_BAR, Some(cosigning)).await
    }

    async fn start_with(
        config: GossipConfig,
        pool: Pool,
        shortest_bar: Duration,
        cosigning: Option<mpsc::Sender<CosignEvent>>,
    ) -> Result<GossipHandle, GossipError> {
        let failed = |reason: String| GossipError::Listen { address: config.listen, reason };
        let mut swarm = network::swarm(&config.network_key, config.network, 2 * link::WINDOW)?;
        swarm.listen_on(network::multiaddress(config.listen)).map_err(|error| match error {
            TransportError::Other(error) => failed(error.to_string()),
            TransportError::MultiaddrNotSupported(_) => failed("not an address of TCP".into()),
        })?;
        let port = loop {
            match swarm.select_next_some().await {
                SwarmEvent::NewListenAddr { address, .. } => break network::port(&address),
                SwarmEvent::ListenerError { error, .. } => return Err(failed(error.to_string())),
                SwarmEvent::ListenerClosed { reason, .. } => return Err(failed(format!("{reason:?}"))),
                _ => {}
            }
        };
        let local = SocketAddr::new(config.listen.ip(), port.unwrap_or(config.listen.port()));
        let board = Board::default();
        let (commands, received) = mpsc::channel(16);
        let cosigning = Cosigning::new(cosigning);
        let mut exchange = Exchange::new(swarm, config.network, pool, board.clone(), shortest_bar, cosigning);
        exchange.set_peers(config.peers);
        let task = tokio::spawn(exchange.run(received));
        Ok(GossipHandle { local, board, commands, task })
    }
}

impl GossipHandle {
    /// Where this node listens.
    #[must_use]
    pub const fn local_address(&self) -> SocketAddr {
        self.local
    }

    /// Admits these nodes from now on, and no others: one that is no longer named is disconnected.
    pub async fn set_peers(&self, peers: Vec<Peer>) {
        // The task ends only when this handle does.
        let _ = self.commands.send(Command::SetPeers(peers)).await;
    }

    /// Tells every connected peer that these trees were cosigned here.
    pub async fn tell_cosigned(&self, trees: Vec<CosignedTree>) {
        let _ = self.commands.send(Command::TellCosigned(trees)).await;
    }

    /// Asks a peer, or every connected one, which cosignatures it holds of trees from this size on.
    pub async fn ask_cosigned(&self, peer: Option<PublicKey>, size: u64) {
        let _ = self.commands.send(Command::AskCosigned(peer, size)).await;
    }

    /// How it stands with every peer.
    #[must_use]
    pub fn peers(&self) -> Vec<PeerStatus> {
        lock(&self.board).values().cloned().collect()
    }

    /// Closes all connections and stops listening.
    pub async fn shutdown(self) {
        drop(self.commands);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "passing records on had failed");
        }
    }
}
