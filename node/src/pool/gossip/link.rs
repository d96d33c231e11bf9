//! Keep what a node knows of one other: what it was sent, what it has acknowledged, what it did wrong.

use super::message::BATCH_BYTES;
use super::{Peer, PeerStatus};
use libp2p::request_response::OutboundRequestId;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tongda_ledger::key::PublicKey;

/// Batches sent and not acknowledged, at most: 1 MiB on its way, which is 4 MB/s over 250 ms.
pub(super) const WINDOW: usize = 16;

/// How long to rest after a batch that did not arrive.
const AFTER_FAILURE: Duration = Duration::from_millis(200);

/// Bounds on how long a busy peer can keep us waiting.
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// After its first offence a node is barred this long; twice as long after each further one.
pub(super) const SHORTEST_BAR: Duration = Duration::from_secs(1);

/// From this offence on, bars grow no longer: about four minutes.
const OFFENCES_COUNTED: u32 = 8;

/// A batch that has been sent and not acknowledged.
#[derive(Copy, Clone, Debug)]
pub(super) struct Flying {
    /// The pool's serial of its first record.
    pub(super) first: u64,
    /// How many records it holds.
    pub(super) records: usize,
}

/// One other node.
pub(super) struct Link {
    pub(super) key: Arc<PublicKey>,
    pub(super) peer: Peer,
    pub(super) connections: u32,
    /// The pool's serial from which on nothing has been sent.
    pub(super) next: u64,
    pub(super) flying: HashMap<OutboundRequestId, Flying>,
    /// More is waiting than the window lets out.
    pub(super) held_back: bool,
    paused_until: Option<Instant>,
    /// Messages of it that have not been answered.
    pub(super) unanswered: usize,
    /// Rounds of dialling that have found it disconnected.
    pub(super) missed: u32,
    offences: u32,
    pub(super) barred_until: Option<Instant>,
    pub(super) counts: PeerCounts,
}

/// What has passed between this node and another since they know each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerCounts {
    /// Records that it acknowledged.
    pub sent: u64,
    /// Records that it sent.
    pub received: u64,
    /// Those of them that were new.
    pub admitted: u64,
    /// Batches that it did not acknowledge, and were or will be sent again.
    pub resent: u64,
    /// Frames and records that no honest node sends.
    pub offences: u64,
    /// The last of them.
    pub last_offence: Option<String>,
}

impl Link {
    pub(super) fn new(peer: Peer) -> Self {
        Self {
            key: Arc::new(peer.network_key.clone()),
            peer,
            connections: 0,
            next: 0,
            flying: HashMap::new(),
            held_back: false,
            paused_until: None,
            unanswered: 0,
            missed: 0,
            offences: 0,
            barred_until: None,
            counts: PeerCounts::default(),
        }
    }

    /// Whether a batch may be sent now.
    pub(super) fn is_open(&self) -> bool {
        self.connections > 0
            && self.flying.len() < WINDOW
            && self.barred_until.is_none()
            && self.paused_until().is_none()
    }

    /// Until when it asked for, or needs, a rest.
    pub(super) fn paused_until(&self) -> Option<Instant> {
        self.paused_until.filter(|until| *until > Instant::now())
    }

    /// How it stands with it.
    pub(super) fn status(&self) -> PeerStatus {
        PeerStatus {
            peer: self.peer.clone(),
            connected: self.connections > 0,
            barred: self.barred_until.is_some(),
            in_flight: self.flying.len(),
            counts: self.counts.clone(),
        }
    }

    /// A batch was acknowledged.
    pub(super) fn taken(&mut self, id: OutboundRequestId) {
        if let Some(batch) = self.flying.remove(&id) {
            self.counts.sent += batch.records as u64;
        }
    }

    /// There was no room for a batch.
    pub(super) fn busy(&mut self, id: OutboundRequestId, after: Duration) {
        self.send_again(id, after.clamp(SHORTEST_PAUSE, LONGEST_PAUSE));
    }

    /// A batch may not have arrived.
    pub(super) fn failed(&mut self, id: OutboundRequestId) {
        self.send_again(id, AFTER_FAILURE);
    }

    fn send_again(&mut self, id: OutboundRequestId, pause: Duration) {
        if let Some(batch) = self.flying.remove(&id) {
            self.next = self.next.min(batch.first);
            self.held_back = true;
            self.counts.resent += 1;
            self.paused_until = Some(Instant::now() + pause);
        }
    }

    /// A connection stands after there was none: whatever is waiting is sent, for the other may have forgotten all.
    pub(super) fn connected(&mut self) {
        self.next = 0;
        self.missed = 0;
        self.held_back = true;
        self.paused_until = None;
    }

    /// Notes what it did wrong, and bars it for a while.
    pub(super) fn offend(&mut self, offence: String, shortest_bar: Duration) {
        self.counts.offences += 1;
        self.counts.last_offence = Some(offence);
        let bar = shortest_bar.saturating_mul(1 << self.offences);
        self.offences = (self.offences + 1).min(OFFENCES_COUNTED);
        self.barred_until = Some(Instant::now() + bar);
    }

    /// Whether its bar has just run out.
    pub(super) fn unbar(&mut self) -> bool {
        let over = self.barred_until.is_some_and(|until| until <= Instant::now());
        if over {
            self.barred_until = None;
        }
        over
    }
}

const _: () = assert!(WINDOW * BATCH_BYTES <= 1 << 20, "the window is what its comment says");
