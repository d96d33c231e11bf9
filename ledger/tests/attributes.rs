//! Attributes of members: who certifies which, of whom, and for how long.

mod kit;

use kit::licensing::refused;
use kit::{EXCHANGE, REGISTRAR, REGULATOR, World, date, list, text};
use tongda_ledger::act::attribute::{
    Attribute, AttributeChange, AttributeKind, AttributeValue, MarketStanding, SpecialisedGrade,
};
use tongda_ledger::act::member::{KeyChange, Role, StandingChange, Status};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{MemberAttribute, Read};

fn certify(member: MemberId, value: AttributeValue) -> Attribute {
    let change = AttributeChange::Certify {
        value,
        from: date("2026-11-01"),
        until: Some(date("2027-10-31")),
        document: Hash([5; 32]),
    };
    Attribute { member, change }
}

fn take_back(member: MemberId, kind: AttributeKind) -> Attribute {
    Attribute {
        member, change: AttributeChange::TakeBack { kind, reason: text("复核未通过（演示）") }
    }
}

#[test]
fn each_kind_is_certified_by_who_may_and_of_whom_it_fits() {
    let mut world = World::default();
    let firm = world.member("甲公司（演示）", Role::Enterprise);
    let agency = world.member("乙代理（演示）", Role::Agency);
    let centre = world.member("丙中心（演示）", Role::OperationCentre);
    let university = world.member("丁大学（演示）", Role::University);
    let specialised = || AttributeValue::SpecialisedEnterprise { grade: SpecialisedGrade::LittleGiant };
    let high_tech = || AttributeValue::HighTechEnterprise { number: text("GR202611000001") };
    let central = || AttributeValue::CentralEnterprise { group: None };
    let listed = || AttributeValue::EquityMarket { standing: MarketStanding::Listed, code: None };
    let scope = || AttributeValue::OperationScope { industries: list(&["C39".parse().unwrap()]) };
    let licence = || AttributeValue::AgencyLicence { number: text("11001") };
    let managed = || AttributeValue::InnovationManagement { level: 3 };
    let zone = || AttributeValue::DemonstrationZone { zone: text("示范区（演示）") };
    let free = || AttributeValue::FreeTradeZone { zone: text("自贸区（演示）") };
    for (value, member, may, may_not) in [
        (specialised(), firm, REGULATOR, EXCHANGE),
        (high_tech(), firm, REGULATOR, EXCHANGE),
        (central(), firm, REGULATOR, REGISTRAR),
        (listed(), firm, EXCHANGE, REGULATOR),
        (scope(), centre, REGULATOR, EXCHANGE),
        (licence(), agency, REGISTRAR, EXCHANGE),
        (managed(), university, EXCHANGE, REGISTRAR),
        (zone(), university, REGULATOR, EXCHANGE),
        (free(), firm, REGULATOR, EXCHANGE),
    ] {
        let kind = value.kind();
        let act = certify(member, value);
        refused(&mut world, &[may_not], act.clone(), Code::AttributeCertifier);
        refused(&mut world, &[member], act.clone(), Code::AttributeCertifier);
        let record = RecordId::new(world.effect(&[may], act));
        let attribute: MemberAttribute = world.get((member, kind));
        assert_eq!((attribute.by, attribute.record), (may, record));
    }
    for (value, member) in [
        (specialised(), university),
        (high_tech(), agency),
        (central(), centre),
        (scope(), firm),
        (licence(), firm),
    ] {
        refused(&mut world, &[REGULATOR], certify(member, value), Code::AttributeHolder);
    }
    refused(&mut world, &[EXCHANGE], certify(agency, listed()), Code::AttributeHolder);
}

#[test]
fn an_attribute_ends_by_its_date_is_renewed_and_is_taken_back_by_who_certifies_it() {
    let mut world = World::default();
    let firm = world.member("甲公司（演示）", Role::Enterprise);
    let kind = AttributeKind::HighTechEnterprise;
    let act = certify(firm, AttributeValue::HighTechEnterprise { number: text("GR202611000001") });
    refused(&mut world, &[REGULATOR], take_back(firm, kind), Code::AttributeNone);
    world.effect(&[REGULATOR], act.clone());
    let attribute: MemberAttribute = world.get((firm, kind));
    assert!(attribute.holds(date("2026-11-01")) && attribute.holds(date("2027-10-31")));
    assert!(!attribute.holds(date("2026-10-31")) && !attribute.holds(date("2027-11-01")));
    world.go_to("2027-11-01");
    refused(&mut world, &[REGULATOR], act, Code::EffectiveDate);
    let change = AttributeChange::Certify {
        value: AttributeValue::HighTechEnterprise { number: text("GR202711000001") },
        from: world.today(),
        until: None,
        document: Hash([5; 32]),
    };
    world.effect(&[REGULATOR], Attribute { member: firm, change });
    assert!(world.get::<MemberAttribute>((firm, kind)).holds(date("2040-01-01")));
    refused(&mut world, &[firm], take_back(firm, kind), Code::AttributeCertifier);
    world.effect(&[REGULATOR], take_back(firm, kind));
    assert_eq!(world.state.find::<MemberAttribute>(&(firm, kind)), Ok(None));
}

#[test]
fn an_attribute_is_complete_and_of_a_member_that_has_not_left() {
    let mut world = World::default();
    let centre = world.member("丙中心（演示）", Role::OperationCentre);
    let empty = certify(centre, AttributeValue::OperationScope { industries: list(&[]) });
    refused(&mut world, &[REGULATOR], empty, Code::FieldMissing);
    let wrong = certify(centre, AttributeValue::InnovationManagement { level: 6 });
    refused(&mut world, &[REGULATOR], wrong, Code::FieldMissing);
    let right = certify(centre, AttributeValue::InnovationManagement { level: 5 });
    world.effect(&[REGULATOR], right.clone());
    let exit = Status { member: centre, change: StandingChange::Exit, reason: text("退出") };
    world.effect(&[centre, EXCHANGE], exit);
    refused(&mut world, &[REGULATOR], right, Code::MemberStanding);
}

#[test]
fn an_exchange_that_enrolled_itself_recovers_its_keys_with_registrar_and_regulator() {
    let mut world = World::default();
    let (enrolment, key) = world.enrolment("备用（演示）", Role::Enterprise, "CN");
    let act = tongda_ledger::act::member::Key {
        member: EXCHANGE,
        change: KeyChange::Add { entry: enrolment.keys[0].clone() },
    };
    let refused = world.send_with(&[REGULATOR], act.clone(), &[&key]);
    assert!(!refused.is_allowed(), "a regulator alone gives nobody another's keys");
    assert!(world.send_with(&[REGISTRAR, REGULATOR], act, &[&key]).is_allowed());
}
