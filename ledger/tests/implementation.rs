//! Who reports that a patent is worked, and who verifies it.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::contracts::{report, verify};
use kit::licensing::{grant, market, names, refused, term};
use kit::{EXCHANGE, REGULATOR, date};
use tongda_ledger::act::implementation::ImplementationMode;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::patent::LifeEvent;
use tongda_ledger::identifier::RecordId;
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{Implementation, PatentImplementation};

#[test]
fn an_owner_reports_and_an_exchange_verifies_once() {
    let mut market = market();
    let (world, owner, patent) = (&mut market.world, market.owner, market.patent);
    let before = world.status(patent).events;
    let first = world.effect(&[owner], report(patent, ImplementationMode::Own));
    let mut earlier = report(patent, ImplementationMode::Own);
    earlier.start = date("2025-01-02");
    let second = world.effect(&[owner], earlier);
    names(&refused(world, &[owner], verify(first), Code::VerifierRequired), owner);
    let record = RecordId::new(world.effect(&[EXCHANGE], verify(first)));
    names(&refused(world, &[REGULATOR], verify(first), Code::ImplementationVerified), record);
    let summary: PatentImplementation = world.get(patent);
    assert_eq!((summary.reports, summary.verified), (2, 1));
    assert_eq!(summary.first.unwrap().report, RecordId::new(second), "the earliest start counts");
    assert_eq!(summary.first_verified.unwrap().report, RecordId::new(first));
    world.effect(&[REGULATOR], verify(second));
    assert_eq!(world.get::<PatentImplementation>(patent).first_verified.unwrap().start, date("2025-01-02"));
    assert_eq!(world.get::<Implementation>(RecordId::new(first)).verified, Some(record));
    assert_eq!(world.status(patent).events, before + 4);
}

#[test]
fn only_who_has_the_right_reports_that_it_works_the_patent() {
    let mut market = market();
    let (owner, first, second, patent) = (market.owner, market.first, market.second, market.patent);
    let world = &mut market.world;
    let act = report(patent, ImplementationMode::Own);
    names(&refused(world, &[first], act, Code::ImplementerNoRight), first);
    let mut contract = grant(world, &[patent], &[owner], first);
    contract.term = term("2026-11-01/2027-10-31");
    let licence = world.granted(&[owner, first], contract);
    let act = report(patent, ImplementationMode::Licensed { licence });
    names(&refused(world, &[second], act.clone(), Code::ImplementerNoRight), licence);
    let mut early = act.clone();
    early.start = date("2026-10-31");
    refused(world, &[first], early, Code::EffectiveDate);
    world.effect(&[first], act.clone());
    world.go_to("2027-11-01");
    names(&refused(world, &[first], act, Code::ImplementerNoRight), licence);

    let transfer = world.transferred(patent, owner, second);
    let mut act = report(patent, ImplementationMode::Acquired { transfer });
    refused(world, &[second], act.clone(), Code::EffectiveDate);
    act.start = world.today();
    names(&refused(world, &[owner], act.clone(), Code::ImplementerNoRight), transfer);
    world.effect(&[second], act);
}

#[test]
fn in_cooperation_one_side_owns_and_both_sign() {
    let mut market = market();
    let (owner, first, second, patent) = (market.owner, market.first, market.second, market.patent);
    let world = &mut market.world;
    let act = report(patent, ImplementationMode::Cooperating { with: second });
    names(&refused(world, &[first, second], act, Code::ImplementerNoRight), second);
    let act = report(patent, ImplementationMode::Cooperating { with: owner });
    refused(world, &[first], act.clone(), Code::MemberSignatureRequired);
    let (pending, missing) = world.pends(&[first], act);
    assert_eq!(missing, [owner]);
    world.effect(&[owner], tongda_ledger::act::consent::Give { pending });
    assert_eq!(world.get::<PatentImplementation>(patent).reports, 1);
}

#[test]
fn a_party_does_not_verify_and_a_dead_right_is_not_worked() {
    let mut market = market();
    let (owner, patent) = (market.owner, market.patent);
    let world = &mut market.world;
    let other = world.appointed("管理部门二（演示）", Role::Regulator);
    let with = report(patent, ImplementationMode::Cooperating { with: other });
    let position = world.effect(&[owner, other], with);
    names(&refused(world, &[other], verify(position), Code::VerifierRequired), other);
    world.effect(&[REGULATOR], verify(position));
    world.effect(&[kit::REGISTRAR], kit::licensing::life(patent, LifeEvent::Invalidated));
    refused(world, &[owner], report(patent, ImplementationMode::Own), Code::PatentInvalidated);
}
