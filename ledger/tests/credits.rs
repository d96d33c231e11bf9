//! Credit supervision: grounds, appeals, decisions by others, finality by date, repair.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::disputes::{case, entry, result};
use kit::licensing::close;
use kit::rights::told;
use kit::{COURT, EXCHANGE, REGISTRAR, REGULATOR, World, date, list};
use tongda_ledger::act::Act;
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::credit::{Appeal, CreditGround, Decide, Enter, Repair};
use tongda_ledger::act::dispute::{CaseKind, CaseOutcome, Conclude, Open, Perform};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::CloseCause;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CreditEventId, MemberId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{CreditEntry, CreditState, MemberCredit};

/// Days for an appeal.
const DAYS: u16 = 15;

struct Supervision {
    world: World,
    firm: MemberId,
    second: MemberId,
}

fn supervision() -> Supervision {
    let mut world = World::default();
    let firm = world.member("甲公司（演示）", Role::Enterprise);
    let (act, key) = world.enrolment("省知识产权局（演示）", Role::Regulator, "CN");
    let position = world.index;
    let judgement = world.send_with(&[EXCHANGE, REGISTRAR], act, &[&key]);
    assert_eq!(judgement, tongda_ledger::execution::Judgement::Effective);
    let second = MemberId::new(position, 0);
    world.holds(second, key);
    Supervision { world, firm, second }
}

impl Supervision {
    #[track_caller]
    fn told(&mut self, signers: &[MemberId], act: impl Into<Act>) -> Vec<String> {
        self.world.refusals(signers, act).iter().map(told).collect()
    }

    #[track_caller]
    fn entered(&mut self, ground: CreditGround) -> CreditEventId {
        CreditEventId::new(self.world.effect(&[REGULATOR], entry(self.firm, ground)), 0)
    }

    fn decision(&self, event: CreditEventId, upheld: bool) -> Decide {
        Decide { event, upheld, decision: Hash([6; 32]), on: self.world.today() }
    }

    fn repair(&self, event: CreditEventId) -> Repair {
        Repair { event, evidence: Hash([7; 32]), on: self.world.today() }
    }

    fn get(&self, event: CreditEventId) -> CreditEntry {
        self.world.get(event)
    }
}

fn appeal(event: CreditEventId) -> Appeal {
    Appeal { event, grounds: Hash([5; 32]) }
}

#[test]
fn a_regulator_enters_an_event_and_a_members_events_lead_to_one_another() {
    let mut supervision = supervision();
    let act = entry(supervision.firm, CreditGround::AbnormalFiling);
    assert_eq!(supervision.world.codes(&[EXCHANGE], act.clone()), [Code::CreditRegulatorOnly]);
    let own = Enter { member: REGULATOR, ..act.clone() };
    assert_eq!(supervision.world.codes(&[REGULATOR], own), [Code::DuplicateEntry]);
    let over = Enter { until: date("2026-11-23"), ..act };
    assert_eq!(supervision.world.codes(&[REGULATOR], over), [Code::EffectiveDate]);
    let first = supervision.entered(CreditGround::AbnormalFiling);
    let second = supervision.entered(CreditGround::FalseMaterial);
    assert_eq!(supervision.get(second).previous, Some(first));
    let credit = supervision.world.get::<MemberCredit>(supervision.firm);
    assert_eq!(credit, MemberCredit { open: 2, latest: second });
}

#[test]
fn a_false_declaration_is_one_that_was_revoked() {
    let mut supervision = supervision();
    let firm = supervision.firm;
    let patent = supervision.world.patent(&[firm]);
    let declaration = supervision.world.opened(&[firm], patent);
    let ground = CreditGround::FalseDeclaration { declaration };
    let expected = [format!("CREDIT_GROUND {firm} {declaration}")];
    assert_eq!(supervision.told(&[REGULATOR], entry(firm, ground)), expected);
    let today = supervision.world.today().to_string();
    supervision.world.effect(&[REGISTRAR], close(declaration, CloseCause::Revoked, &today));
    let other = supervision.world.member("乙公司（演示）", Role::Enterprise);
    let expected = [format!("CREDIT_GROUND {other} {declaration}")];
    assert_eq!(supervision.told(&[REGULATOR], entry(other, ground)), expected);
    supervision.entered(ground);
}

#[test]
fn dishonest_agency_is_an_agencys() {
    let mut supervision = supervision();
    let firm = supervision.firm;
    let ground = CreditGround::DishonestAgency;
    assert_eq!(supervision.told(&[REGULATOR], entry(firm, ground)), [format!("CREDIT_GROUND {firm} -")]);
    let agency = supervision.world.member("代理所（演示）", Role::Agency);
    supervision.world.effect(&[REGULATOR], entry(agency, ground));
}

#[test]
fn the_member_appeals_once_and_in_time() {
    let mut supervision = supervision();
    let firm = supervision.firm;
    let event = supervision.entered(CreditGround::OtherBreach);
    assert_eq!(
        supervision.told(&[EXCHANGE], appeal(event)),
        [format!("CREDIT_MEMBER_REQUIRED {event} {firm}")]
    );
    let late = supervision.entered(CreditGround::OtherBreach);
    supervision.world.days(u32::from(DAYS));
    assert!(!supervision.get(late).is_final(supervision.world.today(), DAYS));
    supervision.world.effect(&[firm], appeal(event));
    assert_eq!(supervision.told(&[firm], appeal(event)), [format!("CREDIT_STATE {event} -")]);
    supervision.world.days(1);
    assert_eq!(supervision.told(&[firm], appeal(late)), [format!("CREDIT_APPEAL_LATE {late} -")]);
    assert!(supervision.get(late).is_final(supervision.world.today(), DAYS), "by date alone");
    assert!(!supervision.get(event).is_final(supervision.world.today(), DAYS), "an appeal keeps it open");
}

#[test]
fn who_entered_an_event_does_not_uphold_it_alone_and_may_cancel_it() {
    let mut supervision = supervision();
    let firm = supervision.firm;
    let mut appealed = || {
        let event = supervision.entered(CreditGround::OtherBreach);
        supervision.world.effect(&[firm], appeal(event));
        event
    };
    let (first, second, third) = (appealed(), appealed(), appealed());
    let upheld = supervision.decision(first, true);
    let expected = [format!("CREDIT_DECIDER {first} {REGULATOR}")];
    assert_eq!(supervision.told(&[REGULATOR], upheld.clone()), expected);
    assert_eq!(supervision.told(&[firm], upheld.clone()), expected);
    supervision.world.effect(&[REGULATOR, EXCHANGE], upheld.clone());
    assert_eq!(supervision.told(&[supervision.second], upheld), [format!("CREDIT_STATE {first} -")]);
    assert!(supervision.get(first).counts(date("2028-12-31"), DAYS));
    assert!(!supervision.get(first).counts(date("2029-01-01"), DAYS), "an entry runs out by date");
    let upheld = supervision.decision(second, true);
    supervision.world.effect(&[supervision.second], upheld);
    let cancelled = supervision.decision(third, false);
    supervision.world.effect(&[REGULATOR], cancelled);
    assert!(matches!(supervision.get(third).state, CreditState::Cancelled { .. }));
    assert_eq!(supervision.world.get::<MemberCredit>(firm).open, 2);
    let fourth = supervision.entered(CreditGround::OtherBreach);
    let early = supervision.decision(fourth, true);
    assert_eq!(supervision.told(&[supervision.second], early), [format!("CREDIT_STATE {fourth} -")]);
    let cancelled = supervision.decision(fourth, false);
    supervision.world.effect(&[REGULATOR], cancelled);
}

#[test]
fn a_final_event_is_repaired_by_member_and_regulator() {
    let mut supervision = supervision();
    let firm = supervision.firm;
    let event = supervision.entered(CreditGround::AbnormalFiling);
    let early = supervision.repair(event);
    assert_eq!(supervision.told(&[REGULATOR, firm], early), [format!("CREDIT_NOT_FINAL {event} -")]);
    supervision.world.days(u32::from(DAYS) + 1);
    let repair = supervision.repair(event);
    assert_eq!(supervision.world.codes(&[firm], repair.clone()), [Code::CreditRegulatorOnly]);
    let (pending, missing) = supervision.world.pends(&[REGULATOR], repair.clone());
    assert_eq!(missing, [firm]);
    supervision.world.effect(&[firm], Give { pending });
    assert_eq!(supervision.told(&[REGULATOR, firm], repair), [format!("CREDIT_STATE {event} -")]);
    assert_eq!(supervision.world.get::<MemberCredit>(firm).open, 0);
}

#[test]
fn a_refusal_to_perform_is_overdue_and_is_repaired_once_performed() {
    let mut supervision = supervision();
    let firm = supervision.firm;
    let owner = supervision.world.member("乙公司（演示）", Role::Enterprise);
    let patent = supervision.world.patent(&[owner]);
    let open = Open {
        patents: list(&[patent]),
        ..case(&supervision.world, CaseKind::Infringement, (owner, firm), COURT)
    };
    let id = supervision.world.accepted(open);
    let decided = Conclude {
        perform_by: Some(date("2026-12-24")),
        ..result(&supervision.world, id, CaseOutcome::Decided)
    };
    supervision.world.effect(&[COURT], decided);
    let ground = CreditGround::RefusalToPerform { case: id };
    supervision.world.go_to("2026-12-24");
    let expected = [format!("CREDIT_GROUND {firm} {id}")];
    assert_eq!(supervision.told(&[REGULATOR], entry(firm, ground)), expected, "not yet overdue");
    supervision.world.go_to("2026-12-25");
    let event = supervision.entered(ground);
    supervision.world.days(u32::from(DAYS) + 1);
    let repair = supervision.repair(event);
    let expected = [format!("CREDIT_NOT_PERFORMED {event} {id}")];
    assert_eq!(supervision.told(&[REGULATOR, firm], repair.clone()), expected);
    let on = supervision.world.today();
    supervision.world.effect(&[COURT], Perform { case: id, evidence: Hash([1; 32]), on });
    supervision.world.effect(&[REGULATOR, firm], repair);
}
