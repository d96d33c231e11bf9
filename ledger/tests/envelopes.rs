//! Whose signatures count, and over which state of a patent an act was signed.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::{COURT, EXCHANGE, REGISTRAR, World, list};
use tongda_ledger::act::member::Role;
use tongda_ledger::envelope::{Core, Envelope, Expected};
use tongda_ledger::execution::{Draft, Judgement, may_i};
use tongda_ledger::identifier::{MemberId, PatentId, RecordId};
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::state::{Parameters, Unit};

/// Sends the envelope of this core, signed with a founder's key in the name of a member.
fn send_signed(world: &mut World, core: Core, member: MemberId, holder: MemberId) -> Vec<Refusal> {
    let signatures = world.keys_of(holder).iter().map(|key| core.sign(member, key)).collect();
    let envelope = Envelope::new(core, signatures).unwrap();
    match world.block(&[envelope]).0.remove(0) {
        Judgement::Refused(refusals) => refusals,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn an_act_counts_only_over_the_version_of_a_patent_that_it_was_signed_over() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    let declaration = world.declared(&[owner], kit::licensing::declare(patent));
    let last = RecordId::new(declaration.position());
    let withdraw = kit::licensing::withdraw(declaration);
    let over = |world: &mut World, version| {
        let expects = list(&[Expected { patent, version }]);
        let core = Core { expects, ..world.envelope(&[owner], withdraw.clone(), None).core().clone() };
        let draft = Draft {
            author: owner,
            signers: vec![owner],
            gather_until: None,
            expects: core.expects.to_vec(),
            act: core.act.clone(),
        };
        let signatures = world.keys_of(owner).iter().map(|key| core.sign(owner, key)).collect();
        let asked = may_i(&world.state, world.network, world.time, &draft).unwrap();
        let judged = world.block(&[Envelope::new(core, signatures).unwrap()]).0.remove(0);
        assert_eq!(asked, judged, "may-I and the ledger differ");
        judged
    };
    for version in [0, 1, 3] {
        let refusal = Refusal::new(Code::StateStale).about(patent).because_of(last);
        let refusal = refusal.with(format!("signed over version {version}, now 2"));
        assert_eq!(over(&mut world, version), Judgement::Refused(vec![refusal]));
    }
    assert_eq!(over(&mut world, 2), Judgement::Effective);
}

#[test]
fn an_expected_patent_exists() {
    let mut world = World::default();
    let act = world.patent_act(&[]);
    let patent = PatentId::new(99_999, 0);
    let expects = list(&[Expected { patent, version: 1 }]);
    let core = Core { expects, ..world.envelope(&[REGISTRAR], act, None).core().clone() };
    let refusals = send_signed(&mut world, core, REGISTRAR, REGISTRAR);
    assert_eq!(refusals[0], Refusal::new(Code::ObjectUnknown).about(patent));
}

#[test]
fn the_author_signs_and_is_a_member() {
    let mut world = World::default();
    let act = world.patent_act(&[]);
    let core = world.envelope(&[REGISTRAR], act, None).core().clone();
    let refusals = send_signed(&mut world, core.clone(), COURT, COURT);
    assert!(refusals.contains(&Refusal::new(Code::AuthorNotSigned).about(REGISTRAR)), "{refusals:?}");
    let stranger = MemberId::new(99_999, 0);
    let core = Core { author: stranger, ..core };
    let refusals = send_signed(&mut world, core, stranger, EXCHANGE);
    assert!(refusals.contains(&Refusal::new(Code::MemberUnknown).about(stranger)), "{refusals:?}");
}

#[test]
fn a_signature_of_an_algorithm_that_the_network_does_not_accept_counts_for_nothing() {
    let mut world = World::default();
    // As in a network that has moved on from Ed25519: this program founds none.
    let parameters = Parameters { algorithms: list(&[2]), ..Parameters::default() };
    world.past_the_rules(|overlay| overlay.put(&Unit, &parameters));
    let act = world.patent_act(&[]);
    let core = world.envelope(&[REGISTRAR], act, None).core().clone();
    let refusals = send_signed(&mut world, core, REGISTRAR, REGISTRAR);
    assert!(refusals.iter().any(|refusal| refusal.code == Code::AlgorithmNotAccepted), "{refusals:?}");
}
