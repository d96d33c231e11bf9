//! Who may be enrolled, by whom, and what a member may do with its keys and powers.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::{COURT, EXCHANGE, REGISTRAR, REGULATOR, World, list, text};
use tongda_ledger::act::member::{
    EnrolmentCode, Key, KeyChange, Power, Register, Role, StandingChange, Status, Update,
};
use tongda_ledger::act::party::{Link, PartyKind, PartyName, Update as PartyUpdate};
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CountryCode, MemberId, PartyId};
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::state::{Member, Party};

/// The refusals of an enrolment that the applicant's key signs.
#[track_caller]
fn refusals(world: &mut World, signers: &[MemberId], act: &Register, key: &SigningKey) -> Vec<Refusal> {
    match world.send_with(signers, act.clone(), &[key]) {
        Judgement::Refused(refusals) => refusals,
        other => panic!("not refused: {other:?}"),
    }
}

#[track_caller]
fn codes(world: &mut World, signers: &[MemberId], act: &Register, key: &SigningKey) -> Vec<Code> {
    refusals(world, signers, act, key).iter().map(|refusal| refusal.code).collect()
}

#[test]
fn an_exchange_enrols_and_what_binds_others_is_granted_with_the_registrar() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let (act, key) = world.enrolment("乙公司（演示）", Role::Enterprise, "CN");
    assert_eq!(codes(&mut world, &[owner], &act, &key), [Code::ExchangeOnly]);
    let (act, key) = world.enrolment("仲裁庭（演示）", Role::Court, "CN");
    assert_eq!(codes(&mut world, &[EXCHANGE], &act, &key), [Code::RoleNotGrantable]);
    assert_eq!(world.send_with(&[EXCHANGE, REGISTRAR], act, &[&key]), Judgement::Effective);
}

#[test]
fn a_chinese_organisation_is_enrolled_with_its_credit_code_and_once() {
    let mut world = World::default();
    let (act, key) = world.enrolment("甲公司（演示）", Role::Enterprise, "CN");
    let missing = Register { code: None, ..act.clone() };
    let refused = refusals(&mut world, &[EXCHANGE], &missing, &key);
    assert_eq!(refused, [Refusal::new(Code::FieldMissing).with("code")]);
    let enrolled = MemberId::new(world.index, 0);
    assert_eq!(world.send_with(&[EXCHANGE], act.clone(), &[&key]), Judgement::Effective);
    let (other, key) = world.enrolment("乙公司（演示）", Role::Enterprise, "CN");
    let same = Register { code: act.code, ..other };
    let refused = refusals(&mut world, &[EXCHANGE], &same, &key);
    assert_eq!(refused, [Refusal::new(Code::CreditCodeTaken).because_of(enrolled)]);
}

#[test]
fn a_foreign_organisation_may_do_without_a_credit_code_and_its_party_is_foreign() {
    let mut world = World::default();
    for (name, country) in [("Beispiel GmbH", "DE"), ("Example Ltd", "HK")] {
        let member = world.member_of(name, Role::Enterprise, country);
        let member: Member = world.get(member);
        assert_eq!(member.code, None);
        let party: Party = world.get(member.party);
        assert_eq!(party.country, country.parse::<CountryCode>().unwrap());
        assert!(!party.is_chinese());
    }
    // One that has a code, of a representative office, may give it.
    let (act, key) = world.enrolment("Muster AG", Role::Enterprise, "CN");
    let with_code = Register { country: "DE".parse().unwrap(), ..act };
    assert_eq!(world.send_with(&[EXCHANGE], with_code, &[&key]), Judgement::Effective);
}

#[test]
fn an_enrolment_that_names_no_country_in_json_is_of_a_chinese_organisation() {
    let (act, _) = World::default().enrolment("甲公司（演示）", Role::Enterprise, "CN");
    let mut json = serde_json::to_value(&act).unwrap();
    assert!(json.as_object_mut().unwrap().remove("country").is_some());
    assert_eq!(serde_json::from_value::<Register>(json).unwrap(), act);
}

#[test]
fn a_credit_code_that_fails_its_check_is_answered_for_by_who_may_and_signs() {
    let mut world = World::default();
    let (act, key) = world.enrolment("甲公司（演示）", Role::Enterprise, "CN");
    let code = "911100000000010100".parse().unwrap();
    let overridden = |allowed_by| {
        let code = Some(EnrolmentCode::Overridden { code, allowed_by });
        Register { code, ..act.clone() }
    };
    let refused = [Refusal::new(Code::OverrideNotAllowed).because_of(COURT)];
    assert_eq!(refusals(&mut world, &[EXCHANGE, COURT], &overridden(COURT), &key), refused);
    assert_eq!(codes(&mut world, &[EXCHANGE], &overridden(REGULATOR), &key), [Code::OverrideNotAllowed]);
    let sent = world.send_with(&[EXCHANGE, REGULATOR], overridden(REGULATOR), &[&key]);
    assert_eq!(sent, Judgement::Effective);
}

#[test]
fn a_new_key_is_sound_nobodys_and_proved_by_its_own_signature() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let taken = world.keys_of(owner).remove(0);
    let (act, key) = world.enrolment("乙公司（演示）", Role::Enterprise, "CN");
    let unproved = world.send(&[EXCHANGE], act.clone());
    assert_eq!(unproved, Judgement::Refused(vec![Refusal::new(Code::KeyProofMissing)]));
    let mut with_taken = act.clone();
    with_taken.keys[0].key = taken.public();
    let refused = refusals(&mut world, &[EXCHANGE], &with_taken, &taken);
    assert_eq!(refused, [Refusal::new(Code::KeyTaken).because_of(owner)]);
    let mut weak = act.clone();
    weak.keys[0].key = PublicKey::ed25519([0; 32]);
    assert_eq!(codes(&mut world, &[EXCHANGE], &weak, &key), [Code::KeyWeak, Code::KeyProofMissing]);
    assert_eq!(world.send_with(&[EXCHANGE], act, &[&key]), Judgement::Effective);
}

#[test]
fn a_signing_policy_asks_for_some_keys_and_not_for_more_than_there_are() {
    let mut world = World::default();
    let (act, key) = world.enrolment("甲公司（演示）", Role::Enterprise, "CN");
    for keys in [0, 2] {
        let mut wrong = act.clone();
        wrong.policy.default = keys;
        assert_eq!(codes(&mut world, &[EXCHANGE], &wrong, &key), [Code::PolicyInvalid], "{keys}");
    }
    let owner = world.member("乙公司（演示）", Role::Enterprise);
    let change = KeyChange::Revoke { key: world.keys_of(owner)[0].public() };
    assert_eq!(world.codes(&[owner], Key { member: owner, change }), [Code::PolicyInvalid]);
}

#[test]
fn a_members_facts_change_with_its_own_signature_and_its_exchanges() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let name = Some(text("甲股份公司（演示）"));
    let act = Update { member: owner, name, region: None, industry: None, size: None, roles: None };
    assert_eq!(world.codes(&[owner], act.clone()), [Code::MemberExchangeRequired]);
    assert_eq!(world.codes(&[EXCHANGE], act.clone()), [Code::MemberSignatureRequired]);
    world.effect(&[owner, EXCHANGE], act);
}

#[test]
fn only_an_agency_is_empowered_and_by_the_principal_itself() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let agency = world.member("代理机构（演示）", Role::Agency);
    let power = |agent| Power {
        principal: owner,
        agent,
        acts: list(&[kit::rights::kind("open.declare")]),
        patents: list(&[]),
        until: kit::date("2027-11-24"),
    };
    assert_eq!(world.codes(&[owner], power(EXCHANGE)), [Code::AgentRoleRequired]);
    assert_eq!(world.codes(&[agency], power(agency)), [Code::MemberSignatureRequired]);
    world.effect(&[owner], power(agency));
}

#[test]
fn a_party_is_one_member_and_no_other() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let other = world.member("乙公司（演示）", Role::Enterprise);
    let party: PartyId = world.party("甲公司（演示）", PartyKind::Private, "CN");
    let link = |member| Link { member, parties: list(&[party]), proof: Hash([6; 32]) };
    world.effect(&[REGISTRAR, owner], link(owner));
    let refused = Refusal::new(Code::PartyLinked).about(party).because_of(owner);
    assert_eq!(world.refusals(&[REGISTRAR, other], link(other)), [refused]);
}

#[test]
fn a_suspended_member_cannot_sign_until_it_is_restored() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let status = |change| Status { member: owner, change, reason: kit::text("测试") };
    world.effect(&[EXCHANGE], status(StandingChange::Suspend));
    assert_eq!(
        world.codes(&[owner], status(StandingChange::Exit)),
        [Code::MemberSuspended, Code::RegulatorOnly,]
    );
    world.effect(&[REGISTRAR], status(StandingChange::Restore));
    world.effect(&[owner, EXCHANGE], status(StandingChange::Exit));
    assert_eq!(world.codes(&[EXCHANGE], status(StandingChange::Restore)), [Code::MemberStanding]);
}

#[test]
fn the_registrar_enters_a_partys_new_name_and_what_it_owns_stays() {
    let mut world = World::default();
    let party = world.party("旧名公司（演示）", PartyKind::Unknown, "CN");
    let patent = {
        let act = world.patent_act(&[party]);
        world.register(act)
    };
    let status = world.status(patent);
    let name = PartyName::Organisation { name: text("新名公司（演示）"), code: None };
    let update = |effective| PartyUpdate {
        party,
        name: Some(name.clone()),
        kind: None,
        effective,
        evidence: Hash([8; 32]),
    };
    let today = world.today();
    assert_eq!(world.codes(&[EXCHANGE], update(today)), [Code::RegistrarOnly]);
    assert_eq!(world.codes(&[REGISTRAR], update(today.next())), [Code::EffectiveDate]);
    assert_eq!(world.codes(&[REGISTRAR], PartyUpdate { name: None, ..update(today) }), [Code::FieldMissing]);
    let unknown = PartyUpdate { party: PartyId::new(9_999, 0), ..update(today) };
    assert_eq!(world.codes(&[REGISTRAR], unknown), [Code::ObjectUnknown]);
    world.effect(&[REGISTRAR], update(today));
    let stored: Party = world.get(party);
    assert_eq!((stored.name, stored.kind), (name, PartyKind::Unknown));
    assert_eq!(world.status(patent), status, "the patent is as it was");
}

#[test]
fn a_licensor_leaves_when_its_licences_have_ended_and_the_count_survives_a_transfer() {
    let kit::licensing::Market { mut world, owner, first, second, patent } = kit::licensing::market();
    let act = kit::licensing::grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let exit = |member| Status { member, change: StandingChange::Exit, reason: text("退出") };
    for member in [owner, first] {
        assert_eq!(world.codes(&[member, EXCHANGE], exit(member)), [Code::MemberObligationsOpen]);
    }
    world.transferred(patent, owner, second);
    assert_eq!(world.codes(&[owner, EXCHANGE], exit(owner)), [Code::MemberObligationsOpen]);
    let act = kit::licensing::end(&world, licence, tongda_ledger::act::licence::EndCause::Agreement);
    world.effect(&[second, first], act);
    for member in [owner, first] {
        world.effect(&[member, EXCHANGE], exit(member));
    }
}
