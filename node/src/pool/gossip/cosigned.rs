//! Carry cosignatures between the peers and whoever judges them.

use super::exchange::{Exchange, too_many};
use super::link::WINDOW;
use super::message::{Message, Reply};
use super::network::peer_id;
use crate::cosign::CosignedTree;
use libp2p::PeerId;
use libp2p::request_response::{OutboundRequestId, ResponseChannel};
use std::collections::HashSet;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tongda_ledger::key::PublicKey;

/// When a peer that finds nobody to judge what it sent may send it again.
const LATER: Duration = Duration::from_millis(500);

/// What a peer says of cosignatures. Nothing of it is verified.
#[derive(Debug)]
pub enum CosignEvent {
    /// A connection stands after there was none.
    Connected {
        /// The peer's network key.
        peer: PublicKey,
    },
    /// It has cosigned these trees, or it holds these cosignatures when it was asked.
    Told {
        /// The peer's network key.
        peer: PublicKey,
        /// The cosigned trees.
        trees: Vec<CosignedTree>,
        /// Whether it was asked.
        asked: bool,
        /// Where to say that no honest node sends this, and why.
        verdict: oneshot::Sender<Option<String>>,
    },
    /// It asks which cosignatures are held of trees from this size on.
    Asked {
        /// The size.
        size: u64,
        /// Where to answer, with as many as fit into a message.
        reply: oneshot::Sender<Vec<CosignedTree>>,
    },
}

/// What has come of a message.
pub(super) struct Settled {
    peer: PeerId,
    channel: Option<ResponseChannel<Reply>>,
    reply: Result<Reply, String>,
}

/// The way to whoever judges cosignatures.
pub(super) struct Cosigning {
    events: Option<mpsc::Sender<CosignEvent>>,
    /// Questions that were not answered yet.
    pub(super) asked: HashSet<OutboundRequestId>,
    pub(super) settled: (mpsc::UnboundedSender<Settled>, mpsc::UnboundedReceiver<Settled>),
}

impl Cosigning {
    pub(super) fn new(events: Option<mpsc::Sender<CosignEvent>>) -> Self {
        // Bounded by the unanswered messages of every peer, and by what was asked of it.
        Self { events, asked: HashSet::new(), settled: mpsc::unbounded_channel() }
    }

    pub(super) fn connected(&self, peer: &PublicKey) {
        self.send(CosignEvent::Connected { peer: peer.clone() });
    }

    /// Whether it was taken.
    fn send(&self, event: CosignEvent) -> bool {
        self.events.as_ref().is_some_and(|events| events.try_send(event).is_ok())
    }
}

impl Exchange {
    /// Sends every connected peer a message; the next one makes up for one that is lost.
    pub(super) fn tell_cosigned(&mut self, trees: &[CosignedTree]) {
        let open = self.links.iter().filter(|(_, link)| link.connections > 0 && link.barred_until.is_none());
        for peer in open.map(|(peer, _)| *peer).collect::<Vec<_>>() {
            let message = Ok(Message::Cosigned(trees.to_vec()));
            self.swarm.behaviour_mut().messages.send_request(&peer, message);
        }
    }

    /// Asks a peer, or all of them, for cosignatures.
    pub(super) fn ask_cosigned(&mut self, peer: Option<&PublicKey>, size: u64) {
        let wanted = peer.and_then(peer_id);
        let open = self.links.iter().filter(|(id, link)| {
            link.connections > 0
                && link.barred_until.is_none()
                && (peer.is_none() || wanted.as_ref() == Some(*id))
        });
        for peer in open.map(|(peer, _)| *peer).collect::<Vec<_>>() {
            let message = Ok(Message::HeldFrom(size));
            let id = self.swarm.behaviour_mut().messages.send_request(&peer, message);
            self.cosigning.asked.insert(id);
        }
    }

    /// Whether a peer may have one more message answered; it is in the wrong if not.
    fn may_ask(&mut self, peer: PeerId) -> Option<PublicKey> {
        let link = self.links.get_mut(&peer)?;
        if link.unanswered >= WINDOW * 2 {
            self.offence(peer, too_many());
            return None;
        }
        link.unanswered += 1;
        Some(link.key.as_ref().clone())
    }

    /// A peer has cosigned.
    pub(super) fn take_cosigned(
        &mut self,
        peer: PeerId,
        trees: Vec<CosignedTree>,
        channel: ResponseChannel<Reply>,
    ) {
        let Some(key) = self.may_ask(peer) else { return };
        self.judge(peer, key, trees, Some(channel));
    }

    /// A peer answers which cosignatures it holds.
    pub(super) fn take_held(&mut self, peer: PeerId, trees: Vec<CosignedTree>) {
        let Some(link) = self.links.get(&peer) else { return };
        let key = link.key.as_ref().clone();
        self.judge(peer, key, trees, None);
    }

    fn judge(
        &mut self,
        peer: PeerId,
        key: PublicKey,
        trees: Vec<CosignedTree>,
        channel: Option<ResponseChannel<Reply>>,
    ) {
        let (verdict, judged) = oneshot::channel();
        let asked = channel.is_none();
        self.cosigning.send(CosignEvent::Told { peer: key, trees, asked, verdict });
        let settled = self.cosigning.settled.0.clone();
        tokio::spawn(async move {
            let reply = match judged.await {
                Ok(None) => Ok(Reply::Taken),
                Ok(Some(offence)) => Err(offence),
                // Nobody judges, or there is no room.
                Err(_) => Ok(Reply::Busy(LATER)),
            };
            // The exchange may have ended: then nobody waits for it.
            let _ = settled.send(Settled { peer, channel, reply });
        });
    }

    /// A peer asks for cosignatures.
    pub(super) fn answer_held(&mut self, peer: PeerId, size: u64, channel: ResponseChannel<Reply>) {
        if self.may_ask(peer).is_none() {
            return;
        }
        let (reply, answered) = oneshot::channel();
        self.cosigning.send(CosignEvent::Asked { size, reply });
        let settled = self.cosigning.settled.0.clone();
        tokio::spawn(async move {
            let reply = answered.await.map_or(Reply::Busy(LATER), Reply::Held);
            let _ = settled.send(Settled { peer, channel: Some(channel), reply: Ok(reply) });
        });
    }

    /// Answers a message that has been judged.
    pub(super) fn settle(&mut self, settled: Settled) {
        let Settled { peer, channel, reply } = settled;
        let Some(link) = self.links.get_mut(&peer) else { return };
        if channel.is_some() {
            link.unanswered = link.unanswered.saturating_sub(1);
        }
        match (reply, channel) {
            (Err(offence), _) => self.offence(peer, offence),
            // A sender that is gone will ask again.
            (Ok(reply), Some(channel)) => {
                drop(self.swarm.behaviour_mut().messages.send_response(channel, reply));
            }
            (Ok(_), None) => {}
        }
    }
}
