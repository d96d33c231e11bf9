//! What enters the register of patents, and in which order things happen to a right.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{annuity, life, names, preservation, refused};
use kit::{COURT, REGISTRAR, World, date, list, number, text};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::patent::{
    Annuity, AnnuityEvent, Correct, Correction, Evaluation, Freeze, FreezeKind, Life, LifeEvent, Owner,
    Stage, Unfreeze,
};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{Money, PatentId, Rate, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{AnnuityPaid, Life as LifeNow};

fn patent() -> (World, PatentId) {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    (world, patent)
}

#[test]
fn a_patent_is_entered_once_and_only_by_the_registrar() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let party = world.party_of(owner);
    let act = world.patent_act(&[party]);
    assert_eq!(world.codes(&[kit::EXCHANGE], act.clone()), [Code::RegistrarOnly]);
    let patent = world.register(act.clone());
    assert_eq!(world.codes(&[REGISTRAR], act), [Code::PatentNumberTaken]);
    assert_eq!(world.status(patent).term_last, Some(date("2040-01-14")));
}

#[test]
fn dates_and_classes_that_contradict_the_patent_are_not_entered() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let sound = world.patent_act(&[world.party_of(owner)]);
    let mut granted_before_filed = sound.clone();
    granted_before_filed.stage = Stage::Granted { on: Some(date("2020-01-14")) };
    refused(&mut world, &[REGISTRAR], granted_before_filed, Code::PatentDates);
    let mut of_next_year = sound.clone();
    of_next_year.number = number("202710000001");
    refused(&mut world, &[REGISTRAR], of_next_year, Code::PatentDates);
    let mut as_a_design = sound.clone();
    as_a_design.classification = Some("26-05".parse().unwrap());
    refused(&mut world, &[REGISTRAR], as_a_design, Code::PatentClassKind);
    let mut nobodys = sound.clone();
    nobodys.owners = list(&[]);
    refused(&mut world, &[REGISTRAR], nobodys, Code::OwnersMissing);
    world.register(sound);
}

#[test]
fn a_right_lives_in_order() {
    let (mut world, patent) = patent();
    for event in [LifeEvent::Granted { publication: None }, LifeEvent::Restored, LifeEvent::InvalidationEnded]
    {
        refused(&mut world, &[REGISTRAR], life(patent, event), Code::LifeTransition);
    }
    refused(&mut world, &[REGISTRAR], life(patent, LifeEvent::Expired), Code::LifeTransition);
    world.effect(&[REGISTRAR], annuity(patent, AnnuityEvent::Overdue { due: date("2026-10-15") }));
    refused(&mut world, &[REGISTRAR], life(patent, LifeEvent::Lapsed), Code::GraceRunning);
    world.go_to("2027-04-16");
    let effective = date("2026-10-15");
    world.effect(&[REGISTRAR], Life { effective, ..life(patent, LifeEvent::Lapsed) });
    refused(
        &mut world,
        &[REGISTRAR],
        Life { document: None, ..life(patent, LifeEvent::Restored) },
        Code::ProofMissing,
    );
    world.effect(&[REGISTRAR], life(patent, LifeEvent::Restored));
    assert_eq!(world.status(patent).life, LifeNow::Granted);
}

#[test]
fn a_term_is_extended_by_a_decision_and_only_made_longer() {
    let (mut world, patent) = patent();
    let extended = |last| life(patent, LifeEvent::TermExtended { last: date(last) });
    let bare = Life { document: None, ..extended("2041-01-14") };
    refused(&mut world, &[REGISTRAR], bare, Code::TermOverrideNoDecision);
    refused(&mut world, &[REGISTRAR], extended("2040-01-14"), Code::TermOverrideNoDecision);
    world.effect(&[REGISTRAR], extended("2041-01-14"));
    assert_eq!(world.status(patent).term_last, Some(date("2041-01-14")));
}

#[test]
fn annuities_are_of_a_year_of_the_term_and_reduced_once() {
    let (mut world, patent) = patent();
    let paid = |year, reduction: Option<u16>| {
        let reduction = reduction.map(|points| Rate::try_from(points).unwrap());
        Annuity { year, ..annuity(patent, AnnuityEvent::Paid { amount: Money::from_fen(1), reduction }) }
    };
    for year in [0, 21] {
        refused(&mut world, &[REGISTRAR], paid(year, None), Code::AnnuityOrder);
    }
    refused(&mut world, &[REGISTRAR], paid(7, Some(1_500)), Code::ReductionNotCumulative);
    refused(&mut world, &[REGISTRAR], paid(7, Some(8_501)), Code::ReductionNotCumulative);
    world.effect(&[REGISTRAR], paid(7, Some(8_500)));
    let overdue = Annuity { year: 8, ..annuity(patent, AnnuityEvent::Overdue { due: date("2026-10-15") }) };
    world.effect(&[REGISTRAR], overdue.clone());
    refused(&mut world, &[REGISTRAR], overdue, Code::AnnuityOrder);
}

#[test]
fn no_annuity_is_entered_of_a_year_up_to_the_last_that_was_paid() {
    let (mut world, patent) = patent();
    let paid = |year| {
        let event = AnnuityEvent::Paid { amount: Money::from_fen(120_000), reduction: None };
        Annuity { year, ..annuity(patent, event) }
    };
    let overdue =
        |year| Annuity { year, ..annuity(patent, AnnuityEvent::Overdue { due: date("2026-10-15") }) };
    // The first entry may be of any year: what was paid before the patent came to the ledger does not stand on it.
    let record = RecordId::new(world.effect(&[REGISTRAR], paid(7)));
    for act in [paid(7), paid(6), overdue(7), overdue(6)] {
        let refusal = refused(&mut world, &[REGISTRAR], act, Code::AnnuityOrder);
        assert_eq!((refusal.subject, refusal.obstacle), (Some(patent.into()), Some(record.into())));
    }
    world.effect(&[REGISTRAR], overdue(8));
    let later = RecordId::new(world.effect(&[REGISTRAR], paid(8)));
    assert_eq!(world.get::<AnnuityPaid>(patent), AnnuityPaid { year: 8, record: later });
    refused(&mut world, &[REGISTRAR], paid(8), Code::AnnuityOrder);
    world.effect(&[REGISTRAR], paid(9));
}

#[test]
fn a_freeze_is_a_courts_one_at_a_time_and_no_longer_than_the_law_allows() {
    let (mut world, patent) = patent();
    let owner = world.member("乙公司（演示）", Role::Enterprise);
    refused(&mut world, &[owner], preservation(patent, "2027-01-31"), Code::CourtOnly);
    refused(&mut world, &[COURT], preservation(patent, "2027-05-25"), Code::PreservationTooLong);
    let long = Freeze { kind: FreezeKind::Suspension, ..preservation(patent, "2027-11-25") };
    refused(&mut world, &[COURT], long, Code::PreservationTooLong);
    let kind = FreezeKind::Preservation;
    let lift = || Unfreeze { patent, kind, reason: text("撤回申请") };
    refused(&mut world, &[COURT], lift(), Code::FreezeNone);
    let record = RecordId::new(world.effect(&[COURT], preservation(patent, "2027-05-24")));
    let again =
        refused(&mut world, &[COURT], preservation(patent, "2027-01-31"), Code::PreservationDuplicate);
    names(&again, record);
    world.effect(&[COURT], lift());
    refused(&mut world, &[COURT], lift(), Code::FreezeNone);
}

#[test]
fn an_invention_has_no_evaluation_report() {
    let (mut world, patent) = patent();
    let report = Evaluation { patent, positive: true, number: text("PJ-1"), digest: Hash([3; 32]) };
    refused(&mut world, &[REGISTRAR], report, Code::EvaluationNotApplicable);
}

#[test]
fn a_correction_corrects_something() {
    let (mut world, patent) = patent();
    let correct = |correction| Correct { patent, correction, reason: text("误登") };
    let filing = |day| correct(Correction::Filing { filing: date(day) });
    refused(&mut world, &[REGISTRAR], filing("2020-01-15"), Code::CorrectionEmpty);
    refused(&mut world, &[REGISTRAR], filing("2022-03-02"), Code::PatentDates);
    let owners = list(&world.get::<tongda_ledger::state::Patent>(patent).owners);
    let same: Correction = Correction::Owners { owners, undisclosed: 0 };
    refused(&mut world, &[REGISTRAR], correct(same), Code::CorrectionEmpty);
    let stranger = Owner { party: tongda_ledger::identifier::PartyId::new(99_999, 0), share: None };
    let wrong = Correction::Owners { owners: list(&[stranger]), undisclosed: 0 };
    refused(&mut world, &[REGISTRAR], correct(wrong), Code::ObjectUnknown);
    world.effect(&[REGISTRAR], filing("2020-01-16"));
    assert_eq!(world.status(patent).term_last, Some(date("2040-01-15")));
}
