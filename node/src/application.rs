//! Answer the consensus engine from the chain.

use crate::chain::{Chain, ChainError, has_work};
use crate::clock::now;
use crate::health::Health;
use crate::pool::gossip;
use async_trait::async_trait;
use bytes::Bytes;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::block_in_place;
use tongda_consensus::{
    Application, Fault, Next, Observed, Origin, Peer, Proposal, Question, Start, Verdict,
};
use tongda_ledger::block::Body;
use tongda_ledger::codec::decode;
use tongda_ledger::key::PublicKey;
use tongda_ledger::state::{Node, Nodes};
use tongda_ledger::vote::CommitCertificate;

/// The chain, as the engine asks for it.
pub struct NodeApplication {
    chain: Chain,
    /// This node's name: it is not its own peer.
    name: String,
    nodes: Nodes,
    work: watch::Sender<bool>,
    health: Arc<Health>,
    peers: watch::Sender<Nodes>,
}

/// What stops the engine. If it may be the index's fault, the next start builds that again.
fn fault(chain: &Chain, error: ChainError) -> Fault {
    if matches!(error, ChainError::Index(_) | ChainError::State(_) | ChainError::Decided { .. }) {
        chain.distrust_index();
    }
    Fault::new(error)
}

/// The engine's peers among a network's nodes.
#[must_use]
pub fn engine_peers(nodes: &Nodes, own: &str) -> Vec<Peer> {
    let peers = peers(nodes, own, |node| node.consensus_address.as_str()).into_iter();
    peers.map(|(network_key, address)| Peer { network_key, address }).collect()
}

/// The record gossip's peers among a network's nodes.
#[must_use]
pub fn gossip_peers(nodes: &Nodes, own: &str) -> Vec<gossip::Peer> {
    let peers = peers(nodes, own, |node| node.gossip_address.as_str()).into_iter();
    peers.map(|(network_key, address)| gossip::Peer { network_key, address }).collect()
}

fn peers(nodes: &Nodes, own: &str, address: impl Fn(&Node) -> &str) -> Vec<(PublicKey, SocketAddr)> {
    let others = nodes.nodes.iter().filter(|node| node.name.as_str() != own);
    others
        .filter_map(|node| {
            let address = socket_address(address(node));
            if address.is_none() {
                tracing::warn!(node = %node.name, "has an address that is no /ip4/…/tcp/… or /ip6/…/tcp/…");
            }
            Some((node.network_key.clone(), address?))
        })
        .collect()
}

/// The socket address in `/ip4/ADDRESS/tcp/PORT` or `/ip6/ADDRESS/tcp/PORT`.
#[must_use]
pub fn socket_address(multiaddress: &str) -> Option<SocketAddr> {
    let parts: Vec<_> = multiaddress.split('/').collect();
    match parts.as_slice() {
        ["", "ip4", address, "tcp", port] => {
            Some((address.parse::<std::net::Ipv4Addr>().ok()?, port.parse().ok()?).into())
        }
        ["", "ip6", address, "tcp", port] => {
            Some((address.parse::<std::net::Ipv6Addr>().ok()?, port.parse().ok()?).into())
        }
        _ => None,
    }
}

impl NodeApplication {
    /// The application of the node with this name. `work` is kept up to date by [`crate::chain::watch_work`] too;
    /// `peers` is told of every change of the network's nodes.
    #[must_use]
    pub fn new(
        chain: Chain,
        name: String,
        work: watch::Sender<bool>,
        health: Arc<Health>,
        peers: watch::Sender<Nodes>,
    ) -> Self {
        let nodes = chain.committed().nodes().clone();
        Self { chain, name, nodes, work, health, peers }
    }
}

#[async_trait]
impl Application for NodeApplication {
    async fn start(&mut self) -> Result<Start, Fault> {
        self.health.engine_starts();
        let committed = self.chain.committed();
        Ok(Start { height: committed.tip().height() + 1, validators: committed.validators().clone() })
    }

    async fn propose(&mut self, height: u64, round: u32) -> Result<Proposal, Fault> {
        let (block, body) =
            block_in_place(|| self.chain.propose(round)).map_err(|error| fault(&self.chain, error))?;
        self.health.proposed(height, block);
        tracing::debug!(height, round, %block, bytes = body.len(), "proposed");
        Ok(Proposal { block, body })
    }

    async fn validate(&mut self, question: Question) -> Result<Verdict, Fault> {
        let Question { height, round, proposer, origin, block, body } = question;
        let fresh = origin == Origin::Fresh;
        let verdict = block_in_place(|| self.chain.validate(block, &body, round, fresh))
            .map_err(|error| fault(&self.chain, error))?;
        if let Verdict::Invalid(reason) | Verdict::Mismatch(reason) = &verdict {
            tracing::warn!(height, round, %proposer, %block, reason, "refused a proposal");
            self.health.refused_proposal(reason);
        }
        Ok(verdict)
    }

    async fn commit(&mut self, certificate: CommitCertificate, body: Bytes) -> Result<Next, Fault> {
        let chain = self.chain.clone();
        let seal = block_in_place(|| {
            let seal = chain.commit(&certificate, &body)?;
            chain.pool().expire(now());
            chain.sweep()?;
            Ok(seal)
        })
        .map_err(|error| fault(&self.chain, error))?;
        let work = block_in_place(|| has_work(&self.chain)).map_err(|error| fault(&self.chain, error))?;
        self.work.send_if_modified(|known| std::mem::replace(known, work) != work);
        self.health.committed(&seal, now());
        tracing::debug!(height = seal.height, records = seal.records, round = certificate.round, "committed");
        let committed = self.chain.committed();
        let validators = committed.validators().clone();
        let mut changed = None;
        if *committed.nodes() != self.nodes {
            self.nodes = committed.nodes().clone();
            self.peers.send_replace(self.nodes.clone());
            changed = Some(engine_peers(&self.nodes, &self.name));
        }
        Ok(Next { validators, peers: changed })
    }

    fn work(&self) -> watch::Receiver<bool> {
        self.work.subscribe()
    }

    async fn decided(&mut self, height: u64) -> Result<Option<(CommitCertificate, Bytes)>, Fault> {
        let Some(block) =
            block_in_place(|| self.chain.block(height)).map_err(|error| fault(&self.chain, error))?
        else {
            return Ok(None);
        };
        let certificate = decode(&block.certificate, block.certificate.len()).map_err(Fault::new)?;
        let records = block.records.iter().map(AsRef::as_ref).collect();
        let body = Body { records, seal: &block.seal }.encode();
        Ok(Some((certificate, body.into())))
    }

    async fn oldest(&mut self) -> Result<u64, Fault> {
        Ok(self.chain.oldest())
    }

    fn observe(&mut self, event: Observed) {
        self.health.observed(&event);
    }
}
