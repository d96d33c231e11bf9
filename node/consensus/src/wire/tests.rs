//! Every message comes back as it went, and bytes that are no message are refused without harm.

use super::*;
use crate::certificate::engine_certificate;
use crate::fixtures::validators;
use crate::part::Announcement;
use malachitebft_app_channel::app::engine::util::streaming::StreamContent;
use malachitebft_app_channel::app::streaming::{StreamId, StreamMessage};
use malachitebft_app_channel::app::types::PeerId;
use malachitebft_app_channel::app::types::codec::HasEncodedLen as _;
use malachitebft_app_channel::app::types::sync::{RawDecidedValue, Request, Response, Status};
use malachitebft_sync::{ValueRequest, ValueResponse};
use tongda_ledger::key::SigningKey;
use tongda_ledger::vote::NetworkId;

fn wire() -> Wire {
    let (_, set) = validators(4);
    Wire::new(Arc::new(Hold::new(NetworkId(Hash::ZERO), 1000, set)))
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn signed() -> Signed {
    Signed(key().sign(b"anything"))
}

fn address() -> Address {
    Address(vote::Address::of(&key().public()))
}

fn vote(kind: VoteType, value: NilOrVal<Hash>) -> SignedVote<Tongda> {
    let vote = Vote { kind, height: Height(7), round: Round::new(2), value, voter: address() };
    SignedVote::new(vote, signed())
}

fn proposal(valid_round: Round) -> SignedProposal<Tongda> {
    let (height, round, value) = (Height(7), Round::new(2), Value(Hash([5; 32])));
    SignedProposal::new(Proposal { height, round, value, valid_round, proposer: address() }, signed())
}

fn polka() -> PolkaCertificate<Tongda> {
    let polka_signatures = vec![PolkaSignature::new(address(), signed())];
    PolkaCertificate { height: Height(7), round: Round::new(2), value_id: Hash([5; 32]), polka_signatures }
}

/// Checks that a message comes back, and that no shortened, prolonged or altered form of it does any harm: what
/// still decodes is another message with exactly those bytes.
fn check<T>(message: &T)
where
    T: PartialEq + std::fmt::Debug,
    Wire: Codec<T, Error = WireError>,
{
    let wire = wire();
    let bytes = Codec::<T>::encode(&wire, message).unwrap();
    assert_eq!(&Codec::<T>::decode(&wire, bytes.clone()).unwrap(), message);
    for length in 0..bytes.len() {
        if let Ok(other) = Codec::<T>::decode(&wire, bytes.slice(..length)) {
            assert_eq!(Codec::<T>::encode(&wire, &other).unwrap(), bytes.slice(..length));
        }
    }
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut altered = bytes.to_vec();
            altered[at] ^= flip;
            let altered = Bytes::from(altered);
            if let Ok(other) = Codec::<T>::decode(&wire, altered.clone()) {
                assert_ne!(&other, message);
                assert_eq!(Codec::<T>::encode(&wire, &other).unwrap(), altered);
            }
        }
    }
}

#[test]
fn votes_and_proposals_come_back() {
    for kind in [VoteType::Prevote, VoteType::Precommit] {
        for value in [NilOrVal::Nil, NilOrVal::Val(Hash([5; 32]))] {
            check(&SignedConsensusMsg::Vote(vote(kind, value)));
            check(&LivenessMsg::Vote(vote(kind, value)));
        }
    }
    for valid_round in [Round::Nil, Round::new(1)] {
        check(&SignedConsensusMsg::Proposal(proposal(valid_round)));
    }
}

#[test]
fn certificates_come_back() {
    check(&polka());
    check(&LivenessMsg::PolkaCertificate(polka()));
    for cert_type in [RoundCertificateType::Skip, RoundCertificateType::Precommit] {
        let signature = |value| RoundSignature::new(VoteType::Precommit, value, address(), signed());
        let round_signatures = vec![signature(NilOrVal::Nil), signature(NilOrVal::Val(Hash([5; 32])))];
        let certificate =
            RoundCertificate { height: Height(7), round: Round::new(2), cert_type, round_signatures };
        check(&LivenessMsg::SkipRoundCertificate(certificate));
    }
}

#[test]
fn parts_and_their_places_come_back() {
    let announcement = Announcement {
        height: 7,
        round: 2,
        valid_round: Some(1),
        proposer: address().0,
        block: Hash([5; 32]),
        length: 6,
    };
    let announced = announcement.sign(&NetworkId(Hash::ZERO), &key());
    for (sequence, part) in (0..).zip(announced.parts(&Bytes::from_static(b"a body"), 4)) {
        check(&part);
        let name = StreamId::new(Bytes::from_static(b"a stream"));
        check(&StreamMessage::new(name, sequence, StreamContent::Data(part)));
    }
}

#[test]
fn sync_messages_and_what_the_vote_log_holds_come_back() {
    let peer = crate::identity::key_pair(&key()).public().to_peer_id().to_bytes();
    let peer_id = PeerId::from_bytes(&peer).unwrap();
    check(&Status { peer_id, tip_height: Height(7), history_min_height: Height(1) });
    check(&Request::<Tongda>::ValueRequest(ValueRequest::new(Height(3)..=Height(9))));
    let certificate = |height| vote::CommitCertificate {
        height,
        round: 1,
        block: Hash([5; 32]),
        signatures: vec![vote::CommitSignature { validator: address().0, signature: signed().0 }]
            .try_into()
            .unwrap(),
    };
    let values = (3..6)
        .map(|height| {
            RawDecidedValue::new(Bytes::from_static(b"a block"), engine_certificate(certificate(height)))
        })
        .collect();
    let response = Response::ValueResponse(ValueResponse::new(Height(3), values));
    check(&response);
    assert_eq!(wire().encoded_len(&response).unwrap(), wire().encode(&response).unwrap().len());
    check(&ValidatorProof::<Tongda>::new(vec![1, 2, 3], peer, signed()));
    check(&ProposedValue::<Tongda> {
        height: Height(7),
        round: Round::new(2),
        valid_round: Round::Nil,
        proposer: address(),
        value: Value(Hash([5; 32])),
        validity: Validity::Invalid,
    });
}

#[test]
fn an_answer_with_a_false_certificate_is_no_answer() {
    let false_one =
        vote::CommitCertificate { height: 1000, round: 0, block: Hash([5; 32]), signatures: List::new() };
    let values = vec![RawDecidedValue::new(Bytes::new(), engine_certificate(false_one))];
    let response = Response::ValueResponse(ValueResponse::new(Height(1000), values));
    let bytes = wire().encode(&response).unwrap();
    let answer: Result<Response<Tongda>, _> = wire().decode(bytes);
    assert!(matches!(answer, Err(WireError::Certificate(1000))));
}
