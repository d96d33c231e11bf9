//! Exchange records with the other nodes: dial, push what clients of this node sent, take in what others push.
//!
//! Nothing is queued for a peer. The pool numbers this node's own waiting records, and a peer is a place in that
//! order and a window of batches that it has not acknowledged. A batch that fails moves the place back; a new
//! connection moves it to the beginning, for the peer may have forgotten everything. So what is still waiting
//! arrives in the end, what has been committed is not sent, and a slow peer costs nothing but its window.

use super::cosigned::Cosigning;
use super::inbox::{self, Received};
use super::link::{Flying, Link, WINDOW};
use super::message::{BATCH_BYTES, FrameError, Message, RECORD_HEAD, Reply};
use super::network::{Behaviour, BehaviourEvent, multiaddress, peer_id};
use super::{Peer, PeerStatus};
use crate::clock::now;
use crate::cosign::CosignedTree;
use crate::pool::{Origin, Pool, lock};
use bytes::Bytes;
use futures::StreamExt as _;
use libp2p::request_response::{self, ResponseChannel};
use libp2p::swarm::SwarmEvent;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::{PeerId, Swarm, ping};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, MissedTickBehavior};
use tongda_ledger::key::PublicKey;
use tongda_ledger::vote::NetworkId;

/// How long a batch waits for more records.
const GATHER: Duration = Duration::from_millis(5);

/// How often lost connections are dialled again and bars are lifted.
const ROUND: Duration = Duration::from_millis(500);

/// Of two nodes the one with the smaller peer id dials; the other joins in after this many rounds in vain.
const ROUNDS_BEFORE_DIALLING: u32 = 4;

/// What the handle asks of the exchange.
pub(super) enum Command {
    /// From now on these nodes, and no others.
    SetPeers(Vec<Peer>),
    /// Tell every connected peer that these trees were cosigned here.
    TellCosigned(Vec<CosignedTree>),
    /// Ask a peer, or every connected one, which cosignatures it holds of trees from a size on.
    AskCosigned(Option<PublicKey>, u64),
}

/// The state of all peers, for whoever asks.
pub(super) type Board = Arc<Mutex<BTreeMap<PeerId, PeerStatus>>>;

/// A batch that was taken in, and where its answer goes.
struct Answer {
    peer: PeerId,
    channel: ResponseChannel<Reply>,
    received: Received,
}

/// The task that owns the swarm.
pub(super) struct Exchange {
    pub(super) swarm: Swarm<Behaviour>,
    network: NetworkId,
    pool: Pool,
    pub(super) links: BTreeMap<PeerId, Link>,
    pub(super) cosigning: Cosigning,
    board: Board,
    shortest_bar: Duration,
    /// Batches taken in at once: as many as there are cores.
    cores: Arc<Semaphore>,
    answers: (mpsc::UnboundedSender<Answer>, mpsc::UnboundedReceiver<Answer>),
    /// When to send what has been gathered.
    flush_at: Option<Instant>,
}

impl Exchange {
    pub(super) fn new(
        swarm: Swarm<Behaviour>,
        network: NetworkId,
        pool: Pool,
        board: Board,
        shortest_bar: Duration,
        cosigning: Cosigning,
    ) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            swarm,
            network,
            pool,
            links: BTreeMap::new(),
            cosigning,
            board,
            shortest_bar,
            cores: Arc::new(Semaphore::new(cores)),
            // Bounded by the unanswered batches of every peer.
            answers: mpsc::unbounded_channel(),
            flush_at: None,
        }
    }

    /// Runs until the handle is gone.
    pub(super) async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut own = self.pool.0.own_bytes.subscribe();
        let mut rounds = tokio::time::interval(ROUND);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let flush_at = self.flush_at;
            tokio::select! {
                event = self.swarm.select_next_some() => self.on_event(event),
                Some(answer) = self.answers.1.recv() => self.answer(answer),
                Some(settled) = self.cosigning.settled.1.recv() => self.settle(settled),
                // While a batch is gathering, further records need not wake the task.
                Ok(()) = own.changed(), if flush_at.is_none() => self.flush_by(Instant::now() + GATHER),
                () = sleep_until(flush_at), if flush_at.is_some() => self.flush(),
                _ = rounds.tick() => self.round(),
                command = commands.recv() => match command {
                    Some(Command::SetPeers(peers)) => self.set_peers(peers),
                    Some(Command::TellCosigned(trees)) => self.tell_cosigned(&trees),
                    Some(Command::AskCosigned(peer, size)) => self.ask_cosigned(peer.as_ref(), size),
                    None => break,
                },
            }
        }
    }

    /// Admits these nodes and no others; who is no longer named is disconnected.
    pub(super) fn set_peers(&mut self, peers: Vec<Peer>) {
        let own = *self.swarm.local_peer_id();
        let mut named = BTreeMap::new();
        for peer in peers {
            match peer_id(&peer.network_key) {
                Some(id) if id == own => {}
                Some(id) => {
                    named.insert(id, peer);
                }
                None => tracing::warn!(key = %peer.network_key, "no Ed25519 key: the node cannot connect"),
            }
        }
        let removed: Vec<PeerId> = self.links.keys().filter(|id| !named.contains_key(id)).copied().collect();
        for id in removed {
            self.links.remove(&id);
            self.swarm.behaviour_mut().admitted.disallow_peer(id);
            lock(&self.board).remove(&id);
        }
        for (id, peer) in named {
            if let Some(link) = self.links.get_mut(&id) {
                link.peer = peer;
            } else {
                self.links.insert(id, Link::new(peer));
                self.swarm.behaviour_mut().admitted.allow_peer(id);
            }
            self.publish(id);
        }
        self.round();
    }

    /// Dials who is missing, and lifts bars that have run out.
    fn round(&mut self) {
        let own = *self.swarm.local_peer_id();
        let mut lifted = Vec::new();
        for (id, link) in &mut self.links {
            if link.unbar() {
                self.swarm.behaviour_mut().admitted.allow_peer(*id);
                lifted.push(*id);
            }
            if link.connections > 0 || link.barred_until.is_some() {
                continue;
            }
            link.missed = link.missed.saturating_add(1);
            if own < *id || link.missed > ROUNDS_BEFORE_DIALLING {
                let dial = DialOpts::peer_id(*id)
                    .addresses(vec![multiaddress(link.peer.address)])
                    .condition(PeerCondition::DisconnectedAndNotDialing)
                    .build();
                if let Err(error) = self.swarm.dial(dial) {
                    tracing::trace!(peer = %link.key, %error, "not dialled");
                }
            }
        }
        for id in lifted {
            self.publish(id);
        }
    }

    fn flush_by(&mut self, at: Instant) {
        self.flush_at = Some(self.flush_at.map_or(at, |before| before.min(at)));
    }

    /// Sends every peer what it has not been sent.
    fn flush(&mut self) {
        self.flush_at = None;
        let peers: Vec<PeerId> = self.links.keys().copied().collect();
        for peer in peers {
            self.push(peer);
        }
    }

    /// Sends a peer what it has not been sent, as far as its window goes.
    fn push(&mut self, peer: PeerId) {
        let Some(link) = self.links.get_mut(&peer) else { return };
        link.held_back = false;
        while link.is_open() {
            let batch = lock(&self.pool.0.queue).own_from(link.next, BATCH_BYTES, RECORD_HEAD);
            let (Some((first, _)), Some((last, _))) = (batch.first(), batch.last()) else { return };
            let flying = Flying { first: *first, records: batch.len() };
            link.next = last + 1;
            let records = batch.iter().map(|(_, record)| Bytes::copy_from_slice(record.bytes())).collect();
            let id = self.swarm.behaviour_mut().messages.send_request(&peer, Ok(Message::Records(records)));
            link.flying.insert(id, flying);
        }
        link.held_back = true;
        if let Some(until) = link.paused_until() {
            self.flush_by(until);
        }
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, num_established, .. } => {
                let Some(link) = self.links.get_mut(&peer_id) else { return };
                link.connections = num_established.get();
                if link.connections == 1 {
                    link.connected();
                    tracing::info!(peer = %link.key, "connected");
                    self.cosigning.connected(&link.key);
                    self.push(peer_id);
                }
                self.publish(peer_id);
            }
            SwarmEvent::ConnectionClosed { peer_id, num_established, cause, .. } => {
                let Some(link) = self.links.get_mut(&peer_id) else { return };
                link.connections = num_established;
                if num_established == 0 {
                    let cause = cause.map(|cause| cause.to_string());
                    tracing::info!(peer = %link.key, cause, "disconnected");
                }
                self.publish(peer_id);
            }
            SwarmEvent::IncomingConnectionError { send_back_addr, error, .. } => {
                tracing::debug!(from = %send_back_addr, %error, "a connection was not taken");
            }
            SwarmEvent::OutgoingConnectionError { peer_id, error, .. } => {
                tracing::debug!(?peer_id, %error, "a connection was not made");
            }
            SwarmEvent::Behaviour(BehaviourEvent::Ping(ping)) => {
                // Who cannot be pinged is watched by the timeout of its replies alone.
                if let Err(error @ (ping::Failure::Timeout | ping::Failure::Other { .. })) = ping.result {
                    tracing::debug!(peer = %ping.peer, %error, "no answer to a ping");
                    self.swarm.close_connection(ping.connection);
                }
            }
            SwarmEvent::Behaviour(BehaviourEvent::Messages(event)) => self.on_message(event),
            _ => {}
        }
    }

    fn on_message(&mut self, event: request_response::Event<Result<Message, FrameError>, Reply>) {
        match event {
            request_response::Event::Message { peer, message, .. } => match message {
                request_response::Message::Request { request, channel, .. } => match request {
                    Ok(Message::Records(records)) => self.take_in(peer, records, channel),
                    Ok(Message::Cosigned(trees)) => self.take_cosigned(peer, trees, channel),
                    Ok(Message::HeldFrom(size)) => self.answer_held(peer, size, channel),
                    Err(error) => self.offence(peer, error.to_string()),
                },
                request_response::Message::Response { request_id, response } => {
                    let asked = self.cosigning.asked.remove(&request_id);
                    let Some(link) = self.links.get_mut(&peer) else { return };
                    match response {
                        Reply::Taken => link.taken(request_id),
                        Reply::Busy(after) => link.busy(request_id, after),
                        Reply::Held(trees) if asked => return self.take_held(peer, trees),
                        Reply::Held(_) => {
                            return self.offence(peer, "cosignatures that nobody asked for".into());
                        }
                    }
                    // What fits into the window is sent when it has been gathered, not with every answer.
                    if link.held_back {
                        self.push(peer);
                    }
                    self.publish(peer);
                }
            },
            request_response::Event::OutboundFailure { peer, request_id, error, .. } => {
                let Some(link) = self.links.get_mut(&peer) else { return };
                tracing::debug!(peer = %link.key, %error, "a message did not arrive");
                self.cosigning.asked.remove(&request_id);
                link.failed(request_id);
                self.push(peer);
                self.publish(peer);
            }
            request_response::Event::InboundFailure { .. } | request_response::Event::ResponseSent { .. } => {
            }
        }
    }

    /// Has a batch verified and admitted elsewhere.
    fn take_in(&mut self, peer: PeerId, records: Vec<Bytes>, channel: ResponseChannel<Reply>) {
        let Some(link) = self.links.get_mut(&peer) else { return };
        if link.unanswered >= WINDOW * 2 {
            return self.offence(peer, too_many());
        }
        link.unanswered += 1;
        let origin = Origin::Node(link.key.clone());
        let (pool, network) = (self.pool.clone(), self.network);
        let (cores, answers) = (self.cores.clone(), self.answers.0.clone());
        tokio::spawn(async move {
            let _core = cores.acquire_owned().await.expect("the semaphore is never closed");
            let received =
                tokio::task::spawn_blocking(move || inbox::receive(&pool, network, &records, &origin, now()));
            if let Ok(received) = received.await {
                // The exchange may have ended: then nobody waits for the answer.
                let _ = answers.send(Answer { peer, channel, received });
            }
        });
    }

    /// Answers a batch that has been taken in.
    fn answer(&mut self, answer: Answer) {
        let Answer { peer, channel, received } = answer;
        let Some(link) = self.links.get_mut(&peer) else { return };
        link.unanswered = link.unanswered.saturating_sub(1);
        link.counts.received += received.records;
        link.counts.admitted += received.admitted;
        match received.offence {
            Some(offence) => self.offence(peer, offence),
            // A sender that is gone will send the batch again.
            None => drop(self.swarm.behaviour_mut().messages.send_response(channel, received.reply)),
        }
        self.publish(peer);
    }

    /// Notes that a node sent what no honest node sends, disconnects it and keeps it out for a while.
    pub(super) fn offence(&mut self, peer: PeerId, offence: String) {
        let Some(link) = self.links.get_mut(&peer) else { return };
        tracing::warn!(peer = %link.key, offence, "a node breaks the protocol: it is kept out for a while");
        link.offend(offence, self.shortest_bar);
        self.swarm.behaviour_mut().admitted.disallow_peer(peer);
        self.publish(peer);
    }

    /// Puts a peer's state on the board.
    fn publish(&mut self, peer: PeerId) {
        if let Some(link) = self.links.get(&peer) {
            lock(&self.board).insert(peer, link.status());
        }
    }
}

/// The offence of a peer that sends on without waiting for answers.
pub(super) fn too_many() -> String {
    format!("more than {} messages at once", WINDOW * 2)
}

async fn sleep_until(at: Option<Instant>) {
    if let Some(at) = at {
        tokio::time::sleep_until(at).await;
    }
}
