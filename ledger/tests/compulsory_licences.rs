//! Compulsory licences: on which ground they are granted, what they bar, how they end.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{CONTRACT, Market, declare, end, grant, market, names, refused, term};
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::licence::{
    Compulsory, CompulsoryGround, EndCause, FeeClass, LicenceKind, Record, Scope,
};
use tongda_ledger::act::patent::{Correct, Correction};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{LicenceId, MemberId, PatentId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{Licence, LicenceOrigin, LicenceState};

fn compulsory(world: &World, patent: PatentId, licensee: MemberId, ground: CompulsoryGround) -> Compulsory {
    Compulsory {
        patents: list(&[patent]),
        licensee,
        ground,
        scope: Scope::default(),
        term: term("2027-01-01/2029-12-31"),
        number: text("国知强许〔2026〕1号（演示）"),
        decision: Hash([6; 32]),
        on: world.today(),
    }
}

#[test]
fn the_registrar_grants_one_beside_an_exclusive_licence_and_it_bars_nothing() {
    let Market { mut world, owner, first, second, patent } = market();
    let mut act = grant(&world, &[patent], &[owner], first);
    act.kind = LicenceKind::Exclusive;
    let exclusive = world.granted(&[owner, first], act.clone());
    let decision = compulsory(&world, patent, second, CompulsoryGround::Emergency);
    refused(&mut world, &[EXCHANGE], decision.clone(), Code::RegistrarOnly);
    let licence = LicenceId::new(world.effect(&[REGISTRAR], decision), 0);
    let entered: Licence = world.get(licence);
    assert_eq!(entered.origin, LicenceOrigin::Compulsory { ground: CompulsoryGround::Emergency });
    assert_eq!(
        (entered.kind, entered.sublicence, entered.fee),
        (LicenceKind::Ordinary, false, FeeClass::Other)
    );
    let status = world.status(patent);
    assert_eq!((status.compulsory, status.ordinary, status.exclusive), (1, 0, 1));
    let sublicence = kit_sublicence(&world, patent, licence, second, first);
    let codes = world.codes(&[second, first], sublicence);
    assert_eq!(codes, [Code::SublicenceNotPermitted]);
    let over = end(&world, exclusive, EndCause::Agreement);
    world.effect(&[owner, first], over);
    world.granted(&[owner, first], act);
    let exclusive = world.status(patent).exclusive_latest.unwrap();
    let over = end(&world, exclusive, EndCause::Agreement);
    world.effect(&[owner, first], over);
    world.declared(&[owner], declare(patent));
}

fn kit_sublicence(
    world: &World,
    patent: PatentId,
    under: LicenceId,
    from: MemberId,
    to: MemberId,
) -> tongda_ledger::act::licence::Grant {
    let mut act = grant(world, &[patent], &[from], to);
    act.under = Some(under);
    act
}

#[test]
fn for_want_of_working_three_years_since_the_grant_and_four_since_the_filing_are_over() {
    let Market { mut world, owner, first, .. } = market();
    let mut entry = world.patent_act(&[world.party_of(owner)]);
    entry.filing = Some(date("2022-12-01"));
    entry.stage = tongda_ledger::act::patent::Stage::Granted { on: None };
    let patent = world.register(entry);
    let act = compulsory(&world, patent, first, CompulsoryGround::NotWorked);
    let refusals = world.refusals(&[REGISTRAR], act);
    let details: Vec<_> = refusals.iter().map(|refusal| (refusal.code, refusal.detail.as_deref())).collect();
    let code = Code::CompulsoryTooEarly;
    assert_eq!(details, [(code, Some("granted: unknown")), (code, Some("filed: from 2026-12-01"))]);
    let correction = Correction::Grant { grant: date("2023-12-02") };
    world.effect(&[REGISTRAR], Correct { patent, correction, reason: text("补录") });
    world.go_to("2026-12-01");
    let act = compulsory(&world, patent, first, CompulsoryGround::NotWorked);
    let refusal = refused(&mut world, &[REGISTRAR], act, Code::CompulsoryTooEarly);
    assert_eq!(refusal.detail.as_deref(), Some("granted: from 2026-12-02"));
    world.go_to("2026-12-02");
    let act = compulsory(&world, patent, first, CompulsoryGround::NotWorked);
    world.effect(&[REGISTRAR], act);
}

#[test]
fn a_dependent_patent_is_the_licensee_s_and_later_and_designs_are_not_licensed_so() {
    let Market { mut world, owner, first, patent, .. } = market();
    let same_day = world.patent(&[first]);
    let mut entry = world.patent_act(&[world.party_of(first)]);
    entry.filing = Some(date("2021-01-15"));
    let later = world.register(entry);
    let mut entry = world.patent_act(&[world.party_of(owner)]);
    entry.filing = Some(date("2021-01-15"));
    let strangers = world.register(entry);
    for wrong in [same_day, strangers] {
        let act = compulsory(&world, patent, first, CompulsoryGround::Dependent { patent: wrong });
        names(&refused(&mut world, &[REGISTRAR], act, Code::CompulsoryGround), wrong);
    }
    let act = compulsory(&world, patent, first, CompulsoryGround::Dependent { patent: later });
    world.effect(&[REGISTRAR], act);
    let mut entry = world.patent_act(&[world.party_of(owner)]);
    entry.number = kit::number("202030000001");
    let design = world.register(entry);
    let act = compulsory(&world, design, first, CompulsoryGround::Monopoly);
    refused(&mut world, &[REGISTRAR], act, Code::CompulsoryGround);
    let act = compulsory(&world, patent, owner, CompulsoryGround::Monopoly);
    names(&refused(&mut world, &[REGISTRAR], act, Code::LicenseeOwns), owner);
}

#[test]
fn it_ends_by_decision_or_judgment_and_not_by_agreement_and_is_no_contract_to_record() {
    let Market { mut world, owner, first, patent, .. } = market();
    let act = compulsory(&world, patent, first, CompulsoryGround::PublicHealth);
    let licence = LicenceId::new(world.effect(&[REGISTRAR], act.clone()), 0);
    let agreed = end(&world, licence, EndCause::Agreement);
    refused(&mut world, &[owner, first], agreed, Code::LicenceNotContract);
    let number = "X2026980000001".parse().unwrap();
    let record = Record { licence, number, on: world.today(), proofs: list(&[CONTRACT, Hash([6; 32])]) };
    refused(&mut world, &[REGISTRAR, first], record, Code::LicenceNotContract);
    let ceased = end(&world, licence, EndCause::GroundCeased);
    refused(&mut world, &[COURT], ceased.clone(), Code::RegistrarOnly);
    world.effect(&[REGISTRAR], ceased);
    let on = world.today();
    let state = LicenceState::Ended { cause: EndCause::GroundCeased, on };
    assert_eq!(world.get::<Licence>(licence).state, state);
    assert_eq!(world.status(patent).compulsory, 0);
    let licence = LicenceId::new(world.effect(&[REGISTRAR], act), 0);
    let judged = end(&world, licence, EndCause::Judgment);
    world.effect(&[COURT], judged);
    let act = grant(&world, &[patent], &[owner], first);
    let contract = world.granted(&[owner, first], act);
    let ceased = end(&world, contract, EndCause::GroundCeased);
    refused(&mut world, &[REGISTRAR], ceased, Code::LicenceNotContract);
}

#[test]
fn its_time_lies_within_the_patent_and_after_the_decision_and_then_it_ends() {
    let Market { mut world, first, patent, .. } = market();
    let mut act = compulsory(&world, patent, first, CompulsoryGround::Monopoly);
    act.term = term("2027-01-01/2040-01-15");
    refused(&mut world, &[REGISTRAR], act.clone(), Code::LicenceTermExceedsPatent);
    act.term = term("2026-11-23/2027-12-31");
    refused(&mut world, &[REGISTRAR], act.clone(), Code::EffectiveDate);
    act.term = term("2026-11-24/2027-12-31");
    act.patents = list(&[]);
    refused(&mut world, &[REGISTRAR], act.clone(), Code::FieldMissing);
    act.patents = list(&[patent]);
    let licence = LicenceId::new(world.effect(&[REGISTRAR], act), 0);
    world.go_to("2028-01-01");
    assert_eq!(world.get::<Licence>(licence).state, LicenceState::Expired);
    assert_eq!(world.status(patent).compulsory, 0);
}
