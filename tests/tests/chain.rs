//! The chain of one node, asked as the consensus asks it: what a later round changes, and what an undecided block does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use std::net::{IpAddr, Ipv4Addr};
use tempfile::TempDir;
use tongda_client::Signer;
use tongda_consensus::Verdict;
use tongda_genesis::demonstration::{Addresses, Demonstration};
use tongda_ledger::act::Act;
use tongda_ledger::act::member::{EnrolmentCode, KeyEntry, KeyEvidence, Register, Role, SigningPolicy};
use tongda_ledger::block::{Body, Seal};
use tongda_ledger::codec::List;
use tongda_ledger::envelope::{Core, Envelope};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CountryCode, Timestamp};
use tongda_ledger::key::SigningKey;
use tongda_ledger::refusal::Code;
use tongda_ledger::vote::{Address, CommitCertificate};
use tongda_node::chain::{Chain, ChainOptions};
use tongda_node::clock::now;
use tongda_node::pool::{Origin, Outcome, Pool, PoolLimits, Verified};
use tongda_tests::parties::{credit_code, digest, signer};

/// A network of four that begins at this time; nobody runs.
fn demonstration(start: Timestamp) -> Demonstration {
    Demonstration::new(7, &Addresses::local_range(15_000, 4), start).unwrap()
}

/// The chain of a node that proposes as this validator, in a directory of its own.
fn open(demonstration: &Demonstration, validator: Address) -> (Chain, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let options =
        ChainOptions { directory: directory.path().to_owned(), segment_bytes: 1 << 20, index_cache: 1 << 20 };
    let pool = Pool::new(PoolLimits::default());
    let (chain, _) = Chain::open(&options, &demonstration.founding, Some(validator), pool).unwrap();
    (chain, directory)
}

/// Who leads a round of the first height.
fn leader(demonstration: &Demonstration, round: u32) -> Address {
    demonstration.founding.nodes.validators().unwrap().proposer(1, round)
}

/// The decision of a block. The chain does not verify it: the consensus has.
fn decided(block: Hash, round: u32) -> CommitCertificate {
    CommitCertificate { height: 1, round, block, signatures: List::new() }
}

fn seal(body: &Bytes) -> Seal {
    Seal::decode(Body::decode(body).unwrap().seal).unwrap()
}

/// Enrols an organisation of this name under one and the same credit code.
fn enrolment(demonstration: &Demonstration, name: &str) -> Envelope {
    let exchange = signer(demonstration.exchanges().next().unwrap());
    let key = SigningKey::from_seed(digest(name).as_bytes());
    let evidence = KeyEvidence { digest: digest("key"), valid_until: None };
    let act = Act::from(Register {
        name: name.parse().unwrap(),
        country: CountryCode::CHINA,
        code: Some(EnrolmentCode::Checked { code: credit_code(1) }),
        roles: vec![Role::Enterprise].try_into().unwrap(),
        region: "110000".parse().unwrap(),
        industry: None,
        size: None,
        keys: vec![KeyEntry { key: key.public(), evidence }].try_into().unwrap(),
        policy: SigningPolicy { default: 1, acts: List::new() },
    });
    let from = Timestamp::try_from(now().milliseconds() - 60_000).unwrap();
    let core = Core {
        network: demonstration.founding.network(),
        author: exchange.member(),
        valid_from: from,
        valid_until: from.plus_milliseconds(600_000),
        nonce: [1; 16],
        gather_until: None,
        expects: List::new(),
        act,
    };
    let applicant = Signer::applicant(vec![key]);
    let signatures = exchange.sign(&core).chain(applicant.sign(&core)).collect();
    Envelope::new(core, signatures).unwrap()
}

fn admit(chain: &Chain, envelope: &Envelope) -> Verified {
    let verified = chain.pool().verify(envelope.bytes(), IpAddr::V4(Ipv4Addr::LOCALHOST)).unwrap();
    chain.pool().admit(verified.clone(), Origin::Client, now()).unwrap();
    verified
}

/// The network begins in ten minutes, so that its first block is ahead of every clock.
#[test]
fn a_block_proposed_again_or_fetched_is_judged_without_the_clock_and_may_be_of_an_earlier_round() {
    let demonstration = demonstration(now().plus_milliseconds(600_000));
    let (maker, _maker) = open(&demonstration, leader(&demonstration, 0));
    let (voter, _voter) = open(&demonstration, leader(&demonstration, 1));
    let (late, _late) = open(&demonstration, leader(&demonstration, 2));
    let (block, body) = maker.propose(0).unwrap();
    assert_eq!(seal(&body).round, 0);

    let fresh = voter.validate(block, &body, 0, true).unwrap();
    assert!(matches!(&fresh, Verdict::Invalid(reason) if reason.contains("ahead of the clock")), "{fresh:?}");
    // Another leader proposes it again in round 1: it is the same block still, made in round 0.
    assert_eq!(voter.validate(block, &body, 1, false).unwrap(), Verdict::Valid);
    // Who made it is held to the same rule, whatever it thought of its own block.
    let own = maker.validate(block, &body, 0, true).unwrap();
    assert!(matches!(own, Verdict::Invalid(_)), "{own:?}");

    // Decided in round 1, it is committed by who made it, by who voted, and by who fetches it.
    let certificate = decided(block, 1);
    assert_eq!(late.validate(block, &body, certificate.round, false).unwrap(), Verdict::Valid);
    for chain in [&maker, &voter, &late] {
        assert_eq!(chain.commit(&certificate, &body).unwrap().hash(), block);
        assert_eq!(chain.committed().state_root(), seal(&body).state_root);
    }
}

#[test]
fn a_block_cannot_be_decided_in_a_round_before_the_one_that_made_it() {
    let demonstration = demonstration(now());
    let (maker, _maker) = open(&demonstration, leader(&demonstration, 2));
    let (voter, _voter) = open(&demonstration, leader(&demonstration, 1));
    let (block, body) = maker.propose(2).unwrap();
    let early = voter.validate(block, &body, 1, false).unwrap();
    assert!(matches!(&early, Verdict::Invalid(reason) if reason.contains("WRONG ROUND")), "{early:?}");
    assert_eq!(voter.validate(block, &body, 2, true).unwrap(), Verdict::Valid);
    assert!(voter.commit(&decided(block, 1), &body).is_err());
}

#[test]
fn what_a_proposal_leaves_out_is_refused_once_it_is_decided_and_not_before() {
    let demonstration = demonstration(now());
    let (maker, _maker) = open(&demonstration, leader(&demonstration, 0));
    let (other, _other) = open(&demonstration, leader(&demonstration, 1));
    let envelopes = ["甲公司", "乙公司"].map(|name| enrolment(&demonstration, name));
    let [first, second] = envelopes.each_ref().map(|envelope| admit(&maker, envelope));
    let (mut told_first, mut told_second) = (maker.pool().wait(&first), maker.pool().wait(&second));

    // Beside the first there is no room for the second: one credit code, one member.
    let (_, body) = maker.propose(0).unwrap();
    assert!(Body::decode(&body).unwrap().records == [first.bytes()]);
    assert!(told_second.try_recv().is_err(), "nothing is decided");

    // Another block is decided, in which the second stands.
    admit(&other, &envelopes[1]);
    let (block, body) = other.propose(1).unwrap();
    assert!(Body::decode(&body).unwrap().records == [second.bytes()]);
    assert_eq!(maker.validate(block, &body, 1, true).unwrap(), Verdict::Valid);
    maker.commit(&decided(block, 1), &body).unwrap();
    assert!(matches!(told_second.try_recv().unwrap(), Outcome::Committed { height: 1, .. }));
    assert!(told_first.try_recv().is_err(), "its turn has not come");

    // Now it is the first that is left out, and told so with the block that leaves it out.
    let (block, body) = maker.propose(0).unwrap();
    let certificate = CommitCertificate { height: 2, ..decided(block, 0) };
    maker.commit(&certificate, &body).unwrap();
    let told = told_first.try_recv().unwrap();
    let Outcome::Refused(refusals) = &told else { panic!("{told:?}") };
    assert!(refusals.iter().any(|refusal| refusal.code == Code::CreditCodeTaken), "{refusals:?}");
}
