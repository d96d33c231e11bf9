//! Write the engine's messages as bytes for peers and for the vote log, in the ledger's codec.
//!
//! A choice starts with a tag of one byte that is never reused. Bodies are too long for the codec's lists: they
//! stand behind the encoded head as they are, so that reading one copies nothing.

use crate::context::{Address, Height, Proposal, Signed, Tongda, Value, Vote, defined, optional, voted};
use crate::hold::Hold;
use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use malachitebft_app_channel::app::consensus::{LivenessMsg, SignedConsensusMsg};
use malachitebft_app_channel::app::types::ProposedValue;
use malachitebft_app_channel::app::types::codec::Codec;
use malachitebft_app_channel::app::types::core::{
    NilOrVal, PolkaCertificate, PolkaSignature, Round, RoundCertificate, RoundCertificateType,
    RoundSignature, SignedProposal, SignedVote, ValidatorProof, Validity, VoteType,
};
use std::sync::Arc;
use tongda_ledger::codec::{self, CodecError, Decode, Encode, List, TooMany};
use tongda_ledger::hash::Hash;
use tongda_ledger::key::Signature;
use tongda_ledger::vote::{self, VoteKind};

/// The codec of every message.
#[derive(Clone)]
pub(crate) struct Wire {
    /// Knows which certificates are false, so that an answer with one is no answer, and another peer is asked.
    pub(crate) hold: Arc<Hold>,
    /// Whose prevotes of round 0 do not arrive here, in a hostile test.
    #[cfg(feature = "adversary")]
    pub(crate) deaf_to: Option<vote::Address>,
}

impl Wire {
    pub(crate) fn new(hold: Arc<Hold>) -> Self {
        Self {
            hold,
            #[cfg(feature = "adversary")]
            deaf_to: None,
        }
    }

    fn decode_vote(&self, bytes: &[u8]) -> Result<SignedVote<Tongda>, WireError> {
        let vote = decode_vote(bytes)?;
        #[cfg(feature = "adversary")]
        if vote.message.kind == VoteType::Prevote
            && vote.message.round == Round::ZERO
            && self.deaf_to == Some(vote.message.voter.0)
        {
            return Err(WireError::Range("a prevote that is not to arrive"));
        }
        Ok(vote)
    }
}

/// The limit on an encoded head, in bytes: a certificate with 1,024 signatures.
const HEAD_LIMIT: usize = 256 << 10;

/// Why bytes are no message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    #[error(transparent)]
    Codec(#[from] CodecError),
    #[error("{0} is no tag of this message")]
    Tag(u8),
    #[error("the message stops early")]
    Short,
    #[error("{0} bytes are left over behind the message")]
    Trailing(usize),
    #[error("a certificate with too many signatures: {0}")]
    Signatures(#[from] TooMany),
    #[error("no peer id: {0}")]
    Peer(String),
    #[error("the message has a value out of range: {0}")]
    Range(&'static str),
    #[error("the certificate of height {0} is false")]
    Certificate(u64),
}

#[derive(Encode, Decode)]
struct WireVote {
    kind: u8,
    height: u64,
    round: u32,
    block: Option<Hash>,
    voter: vote::Address,
    signature: Signature,
}

#[derive(Encode, Decode)]
struct WireProposal {
    height: u64,
    round: u32,
    block: Hash,
    valid_round: Option<u32>,
    proposer: vote::Address,
    signature: Signature,
}

#[derive(Encode, Decode)]
struct WireRoundVote {
    kind: u8,
    block: Option<Hash>,
    voter: vote::Address,
    signature: Signature,
}

#[derive(Encode, Decode)]
struct WireRound {
    height: u64,
    round: u32,
    /// 1: a third skipped ahead; 2: two thirds precommitted.
    kind: u8,
    votes: List<WireRoundVote, 2048>,
}

#[derive(Encode, Decode)]
struct WireProposedValue {
    height: u64,
    round: u32,
    valid_round: Option<u32>,
    proposer: vote::Address,
    block: Hash,
    valid: bool,
}

#[derive(Encode, Decode)]
struct WireProof {
    public_key: codec::Bytes<4096>,
    peer: codec::Bytes<128>,
    signature: Signature,
}

fn kind_of(kind: VoteType) -> u8 {
    match kind {
        VoteType::Prevote => VoteKind::Prevote as u8,
        VoteType::Precommit => VoteKind::Precommit as u8,
    }
}

fn kind_from(kind: u8) -> Result<VoteType, WireError> {
    const PREVOTE: u8 = VoteKind::Prevote as u8;
    const PRECOMMIT: u8 = VoteKind::Precommit as u8;
    match kind {
        PREVOTE => Ok(VoteType::Prevote),
        PRECOMMIT => Ok(VoteType::Precommit),
        other => Err(WireError::Tag(other)),
    }
}

fn vote_value(block: Option<Hash>) -> NilOrVal<Hash> {
    block.map_or(NilOrVal::Nil, NilOrVal::Val)
}

/// A bounded list; the engine's own lists are bounded by the number of validators.
fn list<T, const MAX: usize>(values: Vec<T>) -> Result<List<T, MAX>, WireError> {
    List::try_from(values).map_err(|_| WireError::Range("too many signatures"))
}

fn bounded<const MAX: usize>(bytes: Vec<u8>) -> Result<codec::Bytes<MAX>, WireError> {
    bytes.try_into().map_err(|_| WireError::Range("too many bytes"))
}

fn encode_vote(vote: &SignedVote<Tongda>) -> Vec<u8> {
    let SignedVote { message, signature } = vote;
    codec::encode(&WireVote {
        kind: kind_of(message.kind),
        height: message.height.0,
        round: defined(message.round),
        block: voted(&message.value),
        voter: message.voter.0,
        signature: signature.0.clone(),
    })
}

fn decode_vote(bytes: &[u8]) -> Result<SignedVote<Tongda>, WireError> {
    let wire: WireVote = codec::decode(bytes, HEAD_LIMIT)?;
    let vote = Vote {
        kind: kind_from(wire.kind)?,
        height: Height(wire.height),
        round: Round::new(wire.round),
        value: vote_value(wire.block),
        voter: Address(wire.voter),
    };
    Ok(SignedVote::new(vote, Signed(wire.signature)))
}

fn encode_proposal(proposal: &SignedProposal<Tongda>) -> Vec<u8> {
    let SignedProposal { message, signature } = proposal;
    codec::encode(&WireProposal {
        height: message.height.0,
        round: defined(message.round),
        block: message.value.0,
        valid_round: message.valid_round.as_u32(),
        proposer: message.proposer.0,
        signature: signature.0.clone(),
    })
}

fn decode_proposal(bytes: &[u8]) -> Result<SignedProposal<Tongda>, WireError> {
    let wire: WireProposal = codec::decode(bytes, HEAD_LIMIT)?;
    let proposal = Proposal {
        height: Height(wire.height),
        round: Round::new(wire.round),
        value: Value(wire.block),
        valid_round: optional(wire.valid_round),
        proposer: Address(wire.proposer),
    };
    Ok(SignedProposal::new(proposal, Signed(wire.signature)))
}

/// The quorum of prevotes for a block: the same fields as a commit certificate, under another kind of vote.
fn encode_polka(polka: &PolkaCertificate<Tongda>) -> Result<Vec<u8>, WireError> {
    let signatures = polka
        .polka_signatures
        .iter()
        .map(|vote| vote::CommitSignature { validator: vote.address.0, signature: vote.signature.0.clone() });
    Ok(codec::encode(&vote::CommitCertificate {
        height: polka.height.0,
        round: defined(polka.round),
        block: polka.value_id,
        signatures: list(signatures.collect())?,
    }))
}

fn decode_polka(bytes: &[u8]) -> Result<PolkaCertificate<Tongda>, WireError> {
    let wire: vote::CommitCertificate = codec::decode(bytes, HEAD_LIMIT)?;
    Ok(PolkaCertificate {
        height: Height(wire.height),
        round: Round::new(wire.round),
        value_id: wire.block,
        polka_signatures: wire
            .signatures
            .into_iter()
            .map(|vote| PolkaSignature::new(Address(vote.validator), Signed(vote.signature)))
            .collect(),
    })
}

fn encode_round(round: &RoundCertificate<Tongda>) -> Result<Vec<u8>, WireError> {
    let votes = round.round_signatures.iter().map(|vote| WireRoundVote {
        kind: kind_of(vote.vote_type),
        block: voted(&vote.value_id),
        voter: vote.address.0,
        signature: vote.signature.0.clone(),
    });
    Ok(codec::encode(&WireRound {
        height: round.height.0,
        round: defined(round.round),
        kind: match round.cert_type {
            RoundCertificateType::Skip => 1,
            RoundCertificateType::Precommit => 2,
        },
        votes: list(votes.collect())?,
    }))
}

fn decode_round(bytes: &[u8]) -> Result<RoundCertificate<Tongda>, WireError> {
    let wire: WireRound = codec::decode(bytes, HEAD_LIMIT)?;
    Ok(RoundCertificate {
        height: Height(wire.height),
        round: Round::new(wire.round),
        cert_type: match wire.kind {
            1 => RoundCertificateType::Skip,
            2 => RoundCertificateType::Precommit,
            other => return Err(WireError::Tag(other)),
        },
        round_signatures: wire
            .votes
            .into_iter()
            .map(|vote| {
                let value = vote_value(vote.block);
                let kind = kind_from(vote.kind)?;
                Ok(RoundSignature::new(kind, value, Address(vote.voter), Signed(vote.signature)))
            })
            .collect::<Result<_, WireError>>()?,
    })
}

/// A message with its tag in front.
fn with_tag(tag: u8, bytes: &[u8]) -> Bytes {
    let mut message = BytesMut::with_capacity(1 + bytes.len());
    message.put_u8(tag);
    message.put_slice(bytes);
    message.freeze()
}

fn take_tag(bytes: &mut Bytes) -> Result<u8, WireError> {
    bytes.try_get_u8().map_err(|_| WireError::Short)
}

/// Takes bytes that stand behind their length as `u32`.
fn take_block(bytes: &mut Bytes) -> Result<Bytes, WireError> {
    let length = bytes.try_get_u32_le().map_err(|_| WireError::Short)?;
    let length = usize::try_from(length).map_err(|_| WireError::Short)?;
    if length > bytes.len() { Err(WireError::Short) } else { Ok(bytes.split_to(length)) }
}

fn put_block(message: &mut BytesMut, bytes: &[u8]) {
    message.put_u32_le(u32::try_from(bytes.len()).expect("heads and bodies are bounded far below 4 GiB"));
    message.put_slice(bytes);
}

impl Codec<SignedConsensusMsg<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, message: &SignedConsensusMsg<Tongda>) -> Result<Bytes, WireError> {
        Ok(match message {
            SignedConsensusMsg::Vote(vote) => with_tag(1, &encode_vote(vote)),
            SignedConsensusMsg::Proposal(proposal) => with_tag(2, &encode_proposal(proposal)),
        })
    }

    fn decode(&self, mut bytes: Bytes) -> Result<SignedConsensusMsg<Tongda>, WireError> {
        match take_tag(&mut bytes)? {
            1 => self.decode_vote(&bytes).map(SignedConsensusMsg::Vote),
            2 => decode_proposal(&bytes).map(SignedConsensusMsg::Proposal),
            other => Err(WireError::Tag(other)),
        }
    }
}

impl Codec<LivenessMsg<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, message: &LivenessMsg<Tongda>) -> Result<Bytes, WireError> {
        Ok(match message {
            LivenessMsg::Vote(vote) => with_tag(1, &encode_vote(vote)),
            LivenessMsg::PolkaCertificate(polka) => with_tag(2, &encode_polka(polka)?),
            LivenessMsg::SkipRoundCertificate(round) => with_tag(3, &encode_round(round)?),
        })
    }

    fn decode(&self, mut bytes: Bytes) -> Result<LivenessMsg<Tongda>, WireError> {
        match take_tag(&mut bytes)? {
            1 => self.decode_vote(&bytes).map(LivenessMsg::Vote),
            2 => decode_polka(&bytes).map(LivenessMsg::PolkaCertificate),
            3 => decode_round(&bytes).map(LivenessMsg::SkipRoundCertificate),
            other => Err(WireError::Tag(other)),
        }
    }
}

impl Codec<PolkaCertificate<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, polka: &PolkaCertificate<Tongda>) -> Result<Bytes, WireError> {
        encode_polka(polka).map(Bytes::from)
    }

    fn decode(&self, bytes: Bytes) -> Result<PolkaCertificate<Tongda>, WireError> {
        decode_polka(&bytes)
    }
}

impl Codec<ProposedValue<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, value: &ProposedValue<Tongda>) -> Result<Bytes, WireError> {
        Ok(Bytes::from(codec::encode(&WireProposedValue {
            height: value.height.0,
            round: defined(value.round),
            valid_round: value.valid_round.as_u32(),
            proposer: value.proposer.0,
            block: value.value.0,
            valid: value.validity.to_bool(),
        })))
    }

    fn decode(&self, bytes: Bytes) -> Result<ProposedValue<Tongda>, WireError> {
        let wire: WireProposedValue = codec::decode(&bytes, HEAD_LIMIT)?;
        Ok(ProposedValue {
            height: Height(wire.height),
            round: Round::new(wire.round),
            valid_round: optional(wire.valid_round),
            proposer: Address(wire.proposer),
            value: Value(wire.block),
            validity: Validity::from_bool(wire.valid),
        })
    }
}

impl Codec<ValidatorProof<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, proof: &ValidatorProof<Tongda>) -> Result<Bytes, WireError> {
        Ok(Bytes::from(codec::encode(&WireProof {
            public_key: bounded(proof.public_key.clone())?,
            peer: bounded(proof.peer_id.clone())?,
            signature: proof.signature.0.clone(),
        })))
    }

    fn decode(&self, bytes: Bytes) -> Result<ValidatorProof<Tongda>, WireError> {
        let wire: WireProof = codec::decode(&bytes, HEAD_LIMIT)?;
        Ok(ValidatorProof::new(wire.public_key.to_vec(), wire.peer.to_vec(), Signed(wire.signature)))
    }
}

mod part;
mod sync;
#[cfg(test)]
mod tests;
