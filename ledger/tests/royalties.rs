//! Royalty reports: which periods, what is public of them, and who answers.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{Market, declare, end, grant, market, names, notice, pay, refused, term};
use kit::{EXCHANGE, REGISTRAR, World};
use tongda_ledger::act::licence::{EndCause, FeeClass};
use tongda_ledger::act::open_licence::{Declare, FeeStandard, Notice, Pay};
use tongda_ledger::act::royalty::{Acknowledge, Report, RoyaltyAmount, RoyaltyAnswer};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{LicenceId, Money, NoticeId, Rate, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{RoyaltyPeriods, RoyaltyReport, RoyaltyState};

fn report(licence: LicenceId, period: &str) -> Report {
    let sealed = RoyaltyAmount::Sealed { digest: Hash([7; 32]) };
    Report { licence, period: term(period), base: Hash([6; 32]), due: sealed, paid: sealed }
}

/// A royalty-bearing licence of 2027, on the first day of 2028.
fn licensed() -> (Market, LicenceId) {
    let mut market = market();
    let Market { world, owner, first, patent, .. } = &mut market;
    let mut act = grant(world, &[*patent], &[*owner], *first);
    act.fee = FeeClass::Royalty;
    let licence = world.granted(&[*owner, *first], act);
    world.go_to("2028-01-01");
    (market, licence)
}

#[test]
fn each_period_is_reported_once_by_the_licensee_after_it_is_over() {
    let (Market { mut world, owner, first, .. }, licence) = licensed();
    let quarter = report(licence, "2027-01-01/2027-03-31");
    names(&refused(&mut world, &[owner], quarter.clone(), Code::LicenseeRequired), first);
    let record = RecordId::new(world.effect(&[first], quarter));
    assert_eq!(world.get::<RoyaltyReport>(record).state, RoyaltyState::Reported);
    let overlapping = report(licence, "2027-03-31/2027-06-30");
    names(&refused(&mut world, &[first], overlapping, Code::RoyaltyOverlap), record);
    world.effect(&[first], report(licence, "2027-04-01/2027-06-30"));
    for outside in ["2026-12-31/2026-12-31", "2027-12-01/2028-01-01"] {
        refused(&mut world, &[first], report(licence, outside), Code::RoyaltyPeriod);
    }
    world.effect(&[first], report(licence, "2027-12-01/2027-12-31"));
    assert_eq!(world.get::<RoyaltyPeriods>((licence, 0)).periods.len(), 3);
}

#[test]
fn a_period_is_not_reported_before_it_is_over_nor_beyond_an_early_end() {
    let Market { mut world, owner, first, patent, .. } = market();
    let mut act = grant(&world, &[patent], &[owner], first);
    act.fee = FeeClass::EntryAndRoyalty;
    let licence = world.granted(&[owner, first], act);
    world.go_to("2027-02-15");
    refused(&mut world, &[first], report(licence, "2027-01-01/2027-02-28"), Code::RoyaltyPeriod);
    let act = end(&world, licence, EndCause::Agreement);
    world.effect(&[owner, first], act);
    world.go_to("2027-03-15");
    refused(&mut world, &[first], report(licence, "2027-01-01/2027-02-28"), Code::RoyaltyPeriod);
    world.effect(&[first], report(licence, "2027-01-01/2027-02-15"));
}

#[test]
fn a_licence_that_is_free_or_paid_once_has_no_royalty() {
    let Market { mut world, owner, first, patent, .. } = market();
    for fee in [FeeClass::Free, FeeClass::Lump] {
        let mut act = grant(&world, &[patent], &[owner], first);
        act.fee = fee;
        let licence = world.granted(&[owner, first], act);
        world.go_to("2027-12-01");
        refused(&mut world, &[first], report(licence, "2027-01-01/2027-03-31"), Code::RoyaltyNone);
    }
}

#[test]
fn amounts_are_public_under_an_open_licence_alone() {
    let (Market { mut world, owner, first, second, patent }, licence) = licensed();
    let amount = RoyaltyAmount::Public { amount: Money::from_fen(1_200_000) };
    let negotiated = Report { due: amount, ..report(licence, "2027-01-01/2027-03-31") };
    refused(&mut world, &[first], negotiated, Code::RoyaltyConfidential);
    world.effect(&[first], report(licence, "2027-01-01/2027-03-31"));
    let fee = FeeStandard::RoyaltyNetSales { rate: Rate::try_from(300).unwrap() };
    let period = term("2028-01-01/2030-12-31");
    let declaration = world.declared(&[owner], Declare { fee: fee.clone(), term: period, ..declare(patent) });
    let act = world.announcement(declaration);
    world.effect(&[REGISTRAR], act);
    let taken = Notice { fee, term: term("2028-01-01/2028-12-31"), ..notice(declaration) };
    let taken = NoticeId::new(world.effect(&[second], taken), 0);
    let paid = Pay { amount: Money::ZERO, ..pay(&mut world, taken) };
    let open = LicenceId::new(world.effect(&[second, EXCHANGE], paid), 0);
    world.go_to("2028-07-01");
    let act = Report { due: amount, paid: amount, ..report(open, "2028-01-01/2028-06-30") };
    world.effect(&[second], act);
}

#[test]
fn a_licensor_answers_once_and_what_it_disputes_is_reported_anew() {
    let (Market { mut world, owner, first, .. }, licence) = licensed();
    let act = report(licence, "2027-01-01/2027-03-31");
    let record = RecordId::new(world.effect(&[first], act.clone()));
    let disputed = Acknowledge { report: record, answer: RoyaltyAnswer::Disputed { reasons: Hash([8; 32]) } };
    refused(&mut world, &[first], disputed.clone(), Code::LicencePartyRequired);
    let by = RecordId::new(world.effect(&[owner], disputed.clone()));
    names(&refused(&mut world, &[owner], disputed, Code::RoyaltyState), by);
    let anew = RecordId::new(world.effect(&[first], act));
    let right = Acknowledge { report: anew, answer: RoyaltyAnswer::Acknowledged };
    let by = RecordId::new(world.effect(&[owner], right));
    assert_eq!(world.get::<RoyaltyReport>(anew).state, RoyaltyState::Acknowledged { by });
    let unknown = Acknowledge { report: by, answer: RoyaltyAnswer::Acknowledged };
    refused(&mut world, &[owner], unknown, Code::ObjectUnknown);
    let replayed: &World = &world;
    assert_eq!(replayed.replayed(), replayed.state);
}
