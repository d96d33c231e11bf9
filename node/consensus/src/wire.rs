//! Write the engine's messages as bytes for peers and for the vote log, in the ledger's codec.
//!
//! A choice starts with a tag of one byte that is never reused. Bodies are too long for the codec's lists: they
//! stand behind the encoded head as they are, so that reading one copies nothing.

use crate::context::{Address, Height, Proposal, Signed, Tongda, Value, Vote, defined, optional, voted};
use crate::hold::Hold;
use crate::part::{Announced, Part};
use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use malachitebft_app_channel::app::consensus::{LivenessMsg, SignedConsensusMsg};
use malachitebft_app_channel::app::engine::util::streaming::StreamContent;
use malachitebft_app_channel::app::streaming::{StreamId, StreamMessage};
use malachitebft_app_channel::app::types::codec::{Codec, HasEncodedLen};
use malachitebft_app_channel::app::types::core::{
    CommitCertificate, CommitSignature, ExtendedCommitCertificate, NilOrVal, PolkaCertificate,
    PolkaSignature, Round, RoundCertificate, RoundCertificateType, RoundSignature, SignedProposal,
    SignedVote, ValidatorProof, Validity, VoteType,
};
use malachitebft_app_channel::app::types::sync::{RawDecidedValue, Request, Response, Status};
use malachitebft_app_channel::app::types::{PeerId, ProposedValue};
use malachitebft_sync::{ValueRequest, ValueResponse};
use std::sync::Arc;
use tongda_ledger::codec::{self, CodecError, Decode, Encode, List};
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

/// Decided blocks in one answer at most.
const ANSWER_LIMIT: usize = 64;

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

#[derive(Encode, Decode)]
struct WireStatus {
    peer: codec::Bytes<128>,
    tip: u64,
    oldest: u64,
}

#[derive(Encode, Decode)]
struct WirePlace {
    stream: codec::Bytes<64>,
    sequence: u64,
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

/// The ledger's form of a certificate: its signatures ascend by address, each validator once.
pub(crate) fn ledger_certificate(
    certificate: &CommitCertificate<Tongda>,
) -> Result<vote::CommitCertificate, WireError> {
    let mut signatures: Vec<_> = certificate
        .commit_signatures
        .iter()
        .map(|vote| vote::CommitSignature { validator: vote.address.0, signature: vote.signature.0.clone() })
        .collect();
    signatures.sort_by_key(|vote| vote.validator);
    signatures.dedup_by_key(|vote| vote.validator);
    Ok(vote::CommitCertificate {
        height: certificate.height.0,
        round: defined(certificate.round),
        block: certificate.value_id,
        signatures: list(signatures)?,
    })
}

/// The engine's form of a certificate.
pub(crate) fn engine_certificate(certificate: vote::CommitCertificate) -> ExtendedCommitCertificate<Tongda> {
    let certificate = CommitCertificate {
        height: Height(certificate.height),
        round: Round::new(certificate.round),
        value_id: certificate.block,
        commit_signatures: certificate
            .signatures
            .into_iter()
            .map(|vote| CommitSignature::new(Address(vote.validator), Signed(vote.signature)))
            .collect(),
    };
    ExtendedCommitCertificate::from_commit_certificate_and_extensions(certificate, Default::default())
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

fn rest_is_empty(bytes: &Bytes) -> Result<(), WireError> {
    if bytes.is_empty() { Ok(()) } else { Err(WireError::Trailing(bytes.len())) }
}

fn peer_id(bytes: &[u8]) -> Result<PeerId, WireError> {
    PeerId::from_bytes(bytes).map_err(|error| WireError::Peer(error.to_string()))
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

/// The tags of a stream's messages.
const FIRST: u8 = 1;
const CHUNK: u8 = 2;

impl Codec<Part> for Wire {
    type Error = WireError;

    fn encode(&self, part: &Part) -> Result<Bytes, WireError> {
        let mut message = BytesMut::with_capacity(part.chunk().len() + 512);
        match part {
            Part::First { announced, .. } => {
                message.put_u8(FIRST);
                put_block(&mut message, &codec::encode(announced));
            }
            Part::Chunk(_) => message.put_u8(CHUNK),
        }
        message.put_slice(part.chunk());
        Ok(message.freeze())
    }

    fn decode(&self, mut bytes: Bytes) -> Result<Part, WireError> {
        match take_tag(&mut bytes)? {
            FIRST => {
                let announced: Announced = codec::decode(&take_block(&mut bytes)?, HEAD_LIMIT)?;
                Ok(Part::First { announced, chunk: bytes })
            }
            CHUNK => Ok(Part::Chunk(bytes)),
            other => Err(WireError::Tag(other)),
        }
    }
}

impl Codec<StreamMessage<Part>> for Wire {
    type Error = WireError;

    fn encode(&self, message: &StreamMessage<Part>) -> Result<Bytes, WireError> {
        let StreamContent::Data(part) = &message.content else {
            return Err(WireError::Range("a stream has no end mark: its first part names its length"));
        };
        let place =
            WirePlace { stream: bounded(message.stream_id.to_bytes().to_vec())?, sequence: message.sequence };
        let part = Codec::<Part>::encode(self, part)?;
        let mut bytes = BytesMut::with_capacity(part.len() + 128);
        put_block(&mut bytes, &codec::encode(&place));
        bytes.put_slice(&part);
        Ok(bytes.freeze())
    }

    fn decode(&self, mut bytes: Bytes) -> Result<StreamMessage<Part>, WireError> {
        let place: WirePlace = codec::decode(&take_block(&mut bytes)?, HEAD_LIMIT)?;
        let part = Codec::<Part>::decode(self, bytes)?;
        let stream = StreamId::new(Bytes::copy_from_slice(&place.stream));
        Ok(StreamMessage::new(stream, place.sequence, StreamContent::Data(part)))
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

impl Codec<Status<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, status: &Status<Tongda>) -> Result<Bytes, WireError> {
        Ok(Bytes::from(codec::encode(&WireStatus {
            peer: bounded(status.peer_id.to_bytes())?,
            tip: status.tip_height.0,
            oldest: status.history_min_height.0,
        })))
    }

    fn decode(&self, bytes: Bytes) -> Result<Status<Tongda>, WireError> {
        let wire: WireStatus = codec::decode(&bytes, HEAD_LIMIT)?;
        Ok(Status {
            peer_id: peer_id(&wire.peer)?,
            tip_height: Height(wire.tip),
            history_min_height: Height(wire.oldest),
        })
    }
}

impl Codec<Request<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, request: &Request<Tongda>) -> Result<Bytes, WireError> {
        let Request::ValueRequest(ValueRequest { range }) = request;
        Ok(Bytes::from(codec::encode(&(range.start().0, range.end().0))))
    }

    fn decode(&self, bytes: Bytes) -> Result<Request<Tongda>, WireError> {
        let (start, end): (u64, u64) = codec::decode(&bytes, HEAD_LIMIT)?;
        Ok(Request::ValueRequest(ValueRequest::new(Height(start)..=Height(end))))
    }
}

impl Codec<Response<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, response: &Response<Tongda>) -> Result<Bytes, WireError> {
        let Response::ValueResponse(ValueResponse { start_height, values }) = response;
        let bodies: usize = values.iter().map(|value| value.value_bytes.len()).sum();
        let mut bytes = BytesMut::with_capacity(bodies + 1024 * (values.len() + 1));
        bytes.put_u64_le(start_height.0);
        for value in values {
            let certificate = ledger_certificate(&value.certificate.trim_vote_extensions())?;
            put_block(&mut bytes, &codec::encode(&certificate));
            put_block(&mut bytes, &value.value_bytes);
        }
        Ok(bytes.freeze())
    }

    fn decode(&self, mut bytes: Bytes) -> Result<Response<Tongda>, WireError> {
        let start = bytes.try_get_u64_le().map_err(|_| WireError::Short)?;
        let mut values = Vec::new();
        while !bytes.is_empty() && values.len() < ANSWER_LIMIT {
            let certificate: vote::CommitCertificate = codec::decode(&take_block(&mut bytes)?, HEAD_LIMIT)?;
            if !self.hold.is_plausible(&certificate) {
                return Err(WireError::Certificate(certificate.height));
            }
            let body = take_block(&mut bytes)?;
            values.push(RawDecidedValue::new(body, engine_certificate(certificate)));
        }
        rest_is_empty(&bytes)?;
        Ok(Response::ValueResponse(ValueResponse::new(Height(start), values)))
    }
}

impl HasEncodedLen<Response<Tongda>> for Wire {
    fn encoded_len(&self, response: &Response<Tongda>) -> Result<usize, WireError> {
        let Response::ValueResponse(ValueResponse { values, .. }) = response;
        values.iter().try_fold(8, |length, value| {
            let certificate = ledger_certificate(&value.certificate.trim_vote_extensions())?;
            Ok(length + 8 + codec::encode(&certificate).len() + value.value_bytes.len())
        })
    }
}

#[cfg(test)]
mod tests;
