//! A session against a node: what is sent counts once, whatever happens on the way, and a no is told with its reasons.

use super::double::{Double, Fault};
use std::time::Duration;
use tongda_client::answer::Effect;
use tongda_client::{Error, Gathering, Node, Session, Signer};
use tongda_ledger::act::Act;
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::member::{Role, StandingChange, Status};
use tongda_ledger::act::open_licence::{Declare, FeeStandard};
use tongda_ledger::act::party::{Entry, Link, PartyKind, PartyName, Register};
use tongda_ledger::act::patent::{self, Owner, Stage};
use tongda_ledger::codec::List;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CountryCode, DeclarationId, MemberId, PartyId, PatentId, Term};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{Declaration, Member};

fn node(double: &Double) -> Node {
    Node::new(double.address()).unwrap().patient(Duration::from_secs(20))
}

async fn session(double: &Double, role: Role) -> Session {
    let (member, keys) = double.founder(role);
    Session::open(node(double), Signer::new(member, keys)).await.unwrap()
}

fn party(name: &str) -> Act {
    let name = PartyName::Organisation { name: name.parse().unwrap(), code: None };
    let entry = Entry { name, kind: PartyKind::Private, country: CountryCode::CHINA };
    Register { parties: vec![entry].try_into().unwrap() }.into()
}

fn link(member: MemberId, party: PartyId) -> Act {
    Link { member, parties: vec![party].try_into().unwrap(), proof: Hash([7; 32]) }.into()
}

#[tokio::test]
async fn an_act_is_asked_about_signed_sent_and_recorded() {
    let double = Double::start();
    let session = session(&double, Role::Registrar).await;
    let proposal = session.propose(party("演示大学"));
    let permission = proposal.may_i().await.unwrap();
    assert_eq!((permission.allowed, permission.effect), (true, Effect::Effective));
    let receipt = proposal.send().await.unwrap();
    let found =
        session.node().object::<tongda_ledger::state::Party>(PartyId::new(receipt.index, 0)).await.unwrap();
    assert!(matches!(found.value.name, PartyName::Organisation { name, .. } if name.as_str() == "演示大学"));
    assert_eq!((double.submissions(), double.records()), (1, 1));
}

#[tokio::test]
async fn a_refusal_comes_back_with_its_code_from_asking_and_from_sending() {
    let double = Double::start();
    let session = session(&double, Role::Exchange).await;
    let proposal = session.propose(party("演示大学"));
    let permission = proposal.may_i().await.unwrap();
    assert!(
        !permission.allowed && permission.refusals.iter().any(|refusal| refusal.code == Code::RegistrarOnly)
    );
    let Err(Error::Refused(refusals)) = proposal.send().await else {
        panic!("only the registrar enters parties")
    };
    assert!(refusals.iter().any(|refusal| refusal.code == Code::RegistrarOnly), "{refusals:?}");
    assert_eq!(double.records(), 0);
}

#[tokio::test]
async fn whatever_happens_on_the_way_the_act_counts_once() {
    for faults in [
        vec![Fault::Quota, Fault::Quota],
        vec![Fault::Busy],
        vec![Fault::Slow, Fault::Slow],
        vec![Fault::Quota, Fault::Slow, Fault::Busy],
    ] {
        let double = Double::start();
        let session = session(&double, Role::Registrar).await;
        double.fail(faults.iter().copied());
        session.propose(party("演示大学")).send().await.unwrap();
        assert_eq!((double.submissions(), double.records()), (faults.len() + 1, 1), "{faults:?}");
    }
}

#[tokio::test]
async fn an_envelope_whose_answer_was_lost_is_answered_when_it_is_sent_again() {
    let double = Double::start();
    let session = session(&double, Role::Registrar).await;
    let envelope = session.propose(party("演示大学")).sign().await.unwrap();
    double.fail([Fault::LostAnswer]);
    assert!(matches!(session.node().settle(&envelope).await, Err(Error::Broken { .. })));
    let receipt = session.node().settle(&envelope).await.unwrap();
    assert_eq!((receipt.id, double.records()), (envelope.id(), 1));
}

#[tokio::test]
async fn patience_ends_and_an_expired_envelope_is_told_from_a_refused_one() {
    let double = Double::start();
    let (member, keys) = double.founder(Role::Registrar);
    let impatient = Node::new(double.address()).unwrap().patient(Duration::ZERO);
    let session = Session::open(impatient, Signer::new(member, keys)).await.unwrap();
    let envelope = session.propose(party("演示大学")).sign().await.unwrap();
    double.fail([Fault::Busy, Fault::Slow, Fault::Expires]);
    assert!(matches!(session.node().settle(&envelope).await, Err(Error::Busy { .. })));
    assert!(
        matches!(session.node().settle(&envelope).await, Err(Error::Unsettled { id }) if id == envelope.id())
    );
    assert!(matches!(session.node().settle(&envelope).await, Err(Error::Expired)));
    assert_eq!(double.records(), 0);
}

#[tokio::test]
async fn the_next_address_answers_when_the_first_cannot_be_reached() {
    let double = Double::start();
    // Bound and closed again: nobody listens there.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed = format!("http://{closed}");
    let node = Node::any_of([closed.as_str(), double.address()]).unwrap();
    assert_eq!(node.network().await.unwrap().node, "double");
    assert!(matches!(Node::new(&closed).unwrap().network().await, Err(Error::Unreachable { .. })));
}

#[tokio::test]
async fn a_session_refuses_a_node_of_another_network() {
    let double = Double::start();
    let (member, keys) = double.founder(Role::Registrar);
    let other = tongda_ledger::vote::NetworkId(Hash([9; 32]));
    let opened = Session::open_in(node(&double), Signer::new(member, keys), other).await;
    assert!(matches!(opened, Err(Error::OtherNetwork { expected, .. }) if expected == other));
}

#[tokio::test]
async fn two_members_sign_one_envelope_in_turn() {
    let double = Double::start();
    let registrar = session(&double, Role::Registrar).await;
    let owner = PartyId::new(registrar.propose(party("演示企业")).send().await.unwrap().index, 0);
    let (member, keys) = double.founder(Role::Exchange);
    let proposal = registrar.propose(link(member, owner));
    assert!(!proposal.may_i().await.unwrap().allowed, "the member has not signed");
    assert!(proposal.clone().assuming(member).may_i().await.unwrap().allowed);
    let mut gathering = Gathering::read(&proposal.gather().await.unwrap().to_json()).unwrap();
    let alone = registrar.node().settle(&gathering.envelope().unwrap()).await;
    assert!(matches!(alone, Err(Error::Refused(_))));
    gathering.sign(&Signer::new(member, keys));
    registrar.node().settle(&gathering.envelope().unwrap()).await.unwrap();
}

/// Two exchanges' parties own a patent together: what one declares waits for the other.
#[tokio::test]
async fn an_act_that_lacks_a_consent_waits_for_it_and_then_takes_effect() {
    let double = Double::start();
    let registrar = session(&double, Role::Registrar).await;
    let mut owners = Vec::new();
    for role in [Role::Court, Role::Exchange] {
        let party =
            PartyId::new(registrar.propose(party(&format!("演示 {role:?}"))).send().await.unwrap().index, 0);
        let (member, keys) = double.founder(role);
        registrar.propose(link(member, party)).with(Signer::new(member, keys)).send().await.unwrap();
        owners.push(Owner { party, share: None });
    }
    let today = registrar.node().now().await.unwrap().date();
    let register = patent::Register {
        number: "202310123456.6".parse().unwrap(),
        publication: None,
        title: "一种演示装置".parse().unwrap(),
        filing: Some(today.add_days(-700)),
        stage: Stage::Granted { on: Some(today.add_days(-100)) },
        owners: owners.try_into().unwrap(),
        undisclosed_owners: 0,
        classification: None,
        industry: None,
        same_day: None,
        funded: false,
        source: Hash([5; 32]),
    };
    let patent = PatentId::new(registrar.propose(register).send().await.unwrap().index, 0);
    let declare = Declare {
        patent,
        fee: FeeStandard::Free,
        term: Term::new(today, today.add_days(300)).unwrap(),
        contact: "演示".parse().unwrap(),
        account: None,
        calculation: "免费".parse().unwrap(),
        industries: List::new(),
        application: None,
        know_how: false,
        undertaking: true,
    };
    let court = session(&double, Role::Court).await;
    let exchange = session(&double, Role::Exchange).await;
    let proposal = court.propose(declare);
    assert!(
        matches!(proposal.clone().send().await, Err(Error::Refused(_))),
        "without gathering it is refused"
    );
    let until = court.node().now().await.unwrap().plus_milliseconds(86_400_000);
    let proposal = proposal.gathering_until(until);
    let permission = proposal.may_i().await.unwrap();
    assert_eq!((permission.effect, permission.missing), (Effect::Pending, vec![exchange.member()]));
    let waiting = proposal.send().await.unwrap().pending.expect("a consent is missing");
    assert_eq!(waiting.missing, [exchange.member()]);
    let consent = exchange.propose(Give { pending: waiting.id }).send().await.unwrap();
    assert!(consent.pending.is_none());
    let declaration =
        exchange.node().object::<Declaration>(DeclarationId::new(consent.index, 0)).await.unwrap();
    assert_eq!(declaration.value.patent, patent);
    let shown = exchange.node().patent("ZL202310123456.6").await.unwrap();
    assert_eq!((shown.id, shown.status.declaration), (patent, Some(declaration.id)));
}

#[tokio::test]
async fn a_member_is_found_by_its_key_on_whatever_page_it_stands() {
    let double = Double::start();
    for role in [Role::Exchange, Role::Regulator] {
        let (member, keys) = double.founder(role);
        let found = node(&double).member_with(&keys[0].public()).await.unwrap();
        assert_eq!(found.map(|found| found.id), Some(member), "{role:?}");
    }
    let nobody = tongda_ledger::key::SigningKey::from_seed(&[1; 32]).public();
    assert!(node(&double).member_with(&nobody).await.unwrap().is_none());
    let missing = node(&double).object::<Member>(MemberId::new(77, 0)).await;
    assert!(matches!(missing, Err(Error::Missing(_))));
}

#[tokio::test]
async fn an_act_signed_over_an_older_version_is_refused_as_stale() {
    let double = Double::start();
    let exchange = session(&double, Role::Regulator).await;
    let (member, _) = double.founder(Role::Court);
    let status = Status { member, change: StandingChange::Suspend, reason: "演示".parse().unwrap() };
    let permission = exchange.propose(status).expecting(PatentId::new(5, 0), 3).may_i().await.unwrap();
    assert!(permission.refusals.iter().any(|refusal| refusal.code == Code::ObjectUnknown), "{permission:?}");
}
