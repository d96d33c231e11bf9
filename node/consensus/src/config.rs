//! What the engine needs to know before it starts: keys, peers, limits, timeouts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::vote::NetworkId;

/// The configuration of one engine.
#[derive(Clone)]
pub struct Config {
    /// The network: every signature names it.
    pub network: NetworkId,
    /// The node's name in the logs and at its peers.
    pub moniker: String,
    /// The TCP address to listen on.
    pub listen: SocketAddr,
    /// The Ed25519 key of the node's network identity. Not its vote key.
    pub network_key: SigningKey,
    /// The nodes that may connect, this one left out.
    pub peers: Vec<Peer>,
    /// The key to vote with; `None` for an observer, which follows without a vote. It counts only at heights whose
    /// validator set names it.
    pub vote_key: Option<SigningKey>,
    /// Where the engine keeps its vote log (`wal/votes`) and the undecided blocks (`undecided/blocks`). One engine
    /// at a time; never restored from a backup.
    pub directory: PathBuf,
    /// Bounds on what peers can make this node hold.
    pub limits: Limits,
    /// How long a step of a round waits.
    pub timeouts: Timeouts,
}

/// A node that may connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The Ed25519 key of its network identity: a connection under another identity is refused.
    pub network_key: PublicKey,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Bounds on what peers can make this node hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A block's length, in bytes. Equal on all nodes of a network.
    pub body_bytes: usize,
    /// The length of one part of a streamed block, in bytes.
    pub part_bytes: usize,
    /// Unfinished streams of one peer.
    pub streams_per_peer: usize,
    /// Bytes in unfinished streams of one peer.
    pub bytes_per_peer: usize,
    /// Bytes in unfinished streams of all peers; and as many again in bodies that wait for their parent.
    pub bytes_total: usize,
    /// How long an unfinished stream is kept.
    pub stream_age: Duration,
    /// Undecided blocks of one `(height, round)`.
    pub undecided_per_round: usize,
    /// How many heights ahead blocks are kept before their parent is committed.
    pub heights_ahead: u64,
}

impl Default for Limits {
    fn default() -> Self {
        let body_bytes = 2 << 20;
        Self {
            body_bytes,
            part_bytes: 128 << 10,
            streams_per_peer: 8,
            bytes_per_peer: 3 * body_bytes,
            bytes_total: 32 * body_bytes,
            stream_age: Duration::from_secs(30),
            undecided_per_round: 2,
            heights_ahead: 2,
        }
    }
}

/// How long a step of a round waits before the round goes on without it; longer by `step` with every round of a
/// height, until `rounds` rounds.
///
/// A leader that is dead costs each height that it should lead `propose + precommit`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the proposal and its body: making it, sending it, judging it.
    pub propose: Duration,
    /// For agreeing prevotes, once more than two thirds have prevoted and do not agree.
    pub prevote: Duration,
    /// For agreeing precommits, once more than two thirds have precommitted and do not agree.
    pub precommit: Duration,
    /// Added for each round after the first.
    pub step: Duration,
    /// From this round on the timeouts grow no longer.
    pub rounds: u32,
    /// How often a node tells its peers the last height that it decided.
    pub status: Duration,
}

impl Timeouts {
    /// A timeout as it is in `round`.
    pub(crate) fn grown(&self, timeout: Duration, round: u32) -> Duration {
        timeout.saturating_add(self.step.saturating_mul(round.min(self.rounds)))
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            propose: Duration::from_millis(1000),
            prevote: Duration::from_millis(400),
            precommit: Duration::from_millis(400),
            step: Duration::from_millis(300),
            rounds: 10,
            status: Duration::from_secs(1),
        }
    }
}
