//! A block's body on its way: a signed announcement with the first chunk, then chunk after chunk.

use bytes::Bytes;
use tongda_ledger::codec::{Decode, Encode, encode};
use tongda_ledger::hash::{Domain, Hash};
use tongda_ledger::key::{KeyError, Signature, SigningKey};
use tongda_ledger::vote::{Address, NetworkId};

use crate::context::Validators;

/// What the leader of a round signs before it sends a body.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Announcement {
    /// The height.
    pub(crate) height: u64,
    /// The round that the proposer leads.
    pub(crate) round: u32,
    /// For a block proposed again, the earlier round in which it gathered a quorum of prevotes.
    pub(crate) valid_round: Option<u32>,
    /// Who leads the round.
    pub(crate) proposer: Address,
    /// The block's hash.
    pub(crate) block: Hash,
    /// The body's length in bytes.
    pub(crate) length: u32,
}

/// Why an announcement does not count.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AnnouncementError {
    #[error("{named} announces a body for a round that {leader} leads")]
    NotLeader { named: Address, leader: Address },
    #[error("the announcement of {proposer}: {error}")]
    Signature { proposer: Address, error: KeyError },
    #[error("it proposes again from round {valid_round}, which is not before round {round}")]
    ValidRound { valid_round: u32, round: u32 },
}

impl Announcement {
    /// The bytes that the proposer signs.
    fn signed_bytes(&self, network: &NetworkId) -> Vec<u8> {
        Domain::PART.bytes(&[network.0.as_bytes(), &encode(self)])
    }

    /// Signs the announcement with the proposer's vote key.
    pub(crate) fn sign(self, network: &NetworkId, key: &SigningKey) -> Announced {
        let signature = key.sign(&self.signed_bytes(network));
        Announced { announcement: self, signature }
    }
}

/// An announcement and its proposer's signature.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Announced {
    /// What is announced.
    pub(crate) announcement: Announcement,
    /// The proposer's signature.
    pub(crate) signature: Signature,
}

impl Announced {
    /// Checks that the leader of the round made it.
    pub(crate) fn check(
        &self,
        network: &NetworkId,
        validators: &Validators,
    ) -> Result<(), AnnouncementError> {
        let announcement = &self.announcement;
        let leader = validators.leader(announcement.height, announcement.round);
        if leader.address.0 != announcement.proposer {
            return Err(AnnouncementError::NotLeader {
                named: announcement.proposer,
                leader: leader.address.0,
            });
        }
        if let Some(valid_round) = announcement.valid_round.filter(|valid| *valid >= announcement.round) {
            return Err(AnnouncementError::ValidRound { valid_round, round: announcement.round });
        }
        leader
            .key
            .verify(&announcement.signed_bytes(network), &self.signature)
            .map_err(|error| AnnouncementError::Signature { proposer: announcement.proposer, error })
    }

    /// The parts in which the body travels, at most `part_bytes` of it in each.
    pub(crate) fn parts(&self, body: &Bytes, part_bytes: usize) -> Vec<Part> {
        let mut rest = body.clone();
        let first = rest.split_to(rest.len().min(part_bytes));
        let mut parts = vec![Part::First { announced: self.clone(), chunk: first }];
        while !rest.is_empty() {
            parts.push(Part::Chunk(rest.split_to(rest.len().min(part_bytes))));
        }
        parts
    }
}

/// One message of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The announcement with the start of the body; for a small block it is the whole stream.
    First {
        /// Who announces what.
        announced: Announced,
        /// The start of the body.
        chunk: Bytes,
    },
    /// More of the body.
    Chunk(Bytes),
}

impl Part {
    /// The part's share of the body.
    pub(crate) const fn chunk(&self) -> &Bytes {
        match self {
            Self::First { chunk, .. } | Self::Chunk(chunk) => chunk,
        }
    }
}
