//! Who brings a dispute before whom, and how it ends.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::disputes::{case, result};
use kit::licensing::grant;
use kit::rights::told;
use kit::{COURT, EXCHANGE, REGULATOR, World, date, list};
use tongda_ledger::act::Act;
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::dispute::{Accept, CaseKind, CaseOutcome, Conclude, Open, Perform};
use tongda_ledger::act::member::Role;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CaseId, LicenceId, MemberId, PatentId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{CaseState, Declaration, DeclarationState, DisputeCase, LicenceDisputes, Read};

struct Dispute {
    world: World,
    owner: MemberId,
    licensee: MemberId,
    mediator: MemberId,
    patent: PatentId,
}

fn dispute() -> Dispute {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let licensee = world.member("乙公司（演示）", Role::Enterprise);
    let mediator = world.member("调解委员会（演示）", Role::Mediator);
    let patent = world.patent(&[owner]);
    Dispute { world, owner, licensee, mediator, patent }
}

impl Dispute {
    #[track_caller]
    fn told(&mut self, signers: &[MemberId], act: impl Into<Act>) -> Vec<String> {
        self.world.refusals(signers, act).iter().map(told).collect()
    }

    fn infringement(&self, forum: MemberId) -> Open {
        let sides = (self.owner, self.licensee);
        Open { patents: list(&[self.patent]), ..case(&self.world, CaseKind::Infringement, sides, forum) }
    }

    fn disputes(&self, licence: LicenceId) -> Option<LicenceDisputes> {
        self.world.state.find(&licence).unwrap()
    }
}

#[test]
fn a_fee_dispute_marks_the_licence_and_not_the_declaration_until_its_result() {
    let mut dispute = dispute();
    let declaration = dispute.world.opened(&[dispute.owner], dispute.patent);
    let licence = dispute.world.licensed(dispute.licensee, declaration);
    let sides = (dispute.licensee, dispute.owner);
    let open = Open {
        licences: list(&[licence]),
        ..case(&dispute.world, CaseKind::OpenLicence, sides, dispute.mediator)
    };
    let contract = grant(&dispute.world, &[dispute.patent], &[dispute.owner], dispute.licensee);
    let contract = LicenceId::new(dispute.world.effect(&[dispute.owner, dispute.licensee], contract), 0);
    let wrong = Open { licences: list(&[contract]), ..open.clone() };
    assert_eq!(dispute.told(&[dispute.licensee], wrong), [format!("CASE_OBJECTS {contract} -")]);
    let before = dispute.world.status(dispute.patent);
    let first = dispute.world.accepted(open.clone());
    let second = dispute.world.accepted(open);
    assert_eq!(dispute.disputes(licence), Some(LicenceDisputes { open: 2, latest: second }));
    assert_eq!(dispute.world.status(dispute.patent), before, "a claim changes nothing of the patent");
    assert_eq!(dispute.world.get::<Declaration>(declaration).state, DeclarationState::Open);
    for id in [first, second] {
        let withdrawn = result(&dispute.world, id, CaseOutcome::Withdrawn);
        let expected = [format!("CASE_PARTY_REQUIRED {id} {}", dispute.licensee)];
        assert_eq!(dispute.told(&[dispute.mediator], withdrawn.clone()), expected);
        dispute.world.effect(&[dispute.licensee], withdrawn);
    }
    assert_eq!(dispute.disputes(licence), None);
}

#[test]
fn who_claims_has_a_part_in_what_it_disputes() {
    let mut dispute = dispute();
    let stranger = dispute.world.member("丙公司（演示）", Role::Enterprise);
    let open = Open { claimant: stranger, ..dispute.infringement(COURT) };
    let expected = [format!("CASE_CLAIMANT {} {stranger}", dispute.patent)];
    assert_eq!(dispute.told(&[stranger], open.clone()), expected);
    let licence = grant(&dispute.world, &[dispute.patent], &[dispute.owner], stranger);
    let licence = LicenceId::new(dispute.world.effect(&[dispute.owner, stranger], licence), 0);
    dispute.world.effect(&[stranger], Open { licences: list(&[licence]), ..open.clone() });
    let bank = dispute.world.member("银行（演示）", Role::Bank);
    let pledge = dispute.world.pledge_registered(dispute.patent, dispute.owner, bank);
    let contract = Open {
        kind: CaseKind::Contract,
        patents: list(&[]),
        licences: list(&[licence]),
        pledges: list(&[pledge]),
        claimant: dispute.licensee,
        respondents: list(&[dispute.world.party_of(bank)]),
        ..open.clone()
    };
    let claimant = dispute.licensee;
    assert_eq!(
        dispute.told(&[claimant], contract.clone()),
        [format!("CASE_CLAIMANT {licence} {claimant}"), format!("CASE_CLAIMANT {pledge} {claimant}")]
    );
    dispute.world.effect(&[dispute.owner], Open { claimant: dispute.owner, ..contract });
    let ownership = Open { kind: CaseKind::Ownership, ..open.clone() };
    assert_eq!(dispute.told(&[EXCHANGE], ownership.clone()), [format!("CASE_PARTY_REQUIRED - {stranger}")]);
    dispute.world.effect(&[stranger], ownership);
    let empty = Open { kind: CaseKind::InventorReward, patents: list(&[]), ..open.clone() };
    assert_eq!(dispute.world.codes(&[stranger], empty), [Code::CaseObjects]);
    let nobody = Open { kind: CaseKind::InventorReward, respondents: list(&[]), ..open.clone() };
    assert_eq!(dispute.world.codes(&[stranger], nobody), [Code::FieldMissing]);
    let own =
        Open { kind: CaseKind::Ownership, respondents: list(&[dispute.world.party_of(stranger)]), ..open };
    assert_eq!(dispute.world.codes(&[stranger], own), [Code::DuplicateEntry]);
}

#[test]
fn a_case_comes_before_a_mediator_an_authority_or_a_court_and_that_one_accepts_it() {
    let mut dispute = dispute();
    let owner = dispute.owner;
    let wrong = dispute.infringement(EXCHANGE);
    assert_eq!(dispute.told(&[owner], wrong), [format!("CASE_FORUM - {EXCHANGE}")]);
    let open = dispute.infringement(COURT);
    let id = CaseId::new(dispute.world.effect(&[owner], open), 0);
    let accept = dispute.world.acceptance(id);
    assert_eq!(dispute.told(&[REGULATOR], accept.clone()), [format!("CASE_FORUM_REQUIRED {id} {COURT}")]);
    let early = Accept { until: date("2026-11-23"), ..accept.clone() };
    assert_eq!(dispute.told(&[COURT], early), [format!("CASE_DEADLINE {id} -")]);
    let decided = result(&dispute.world, id, CaseOutcome::Decided);
    assert_eq!(dispute.told(&[COURT], decided.clone()), [format!("CASE_STATE {id} -")]);
    dispute.world.effect(&[COURT], accept.clone());
    assert_eq!(dispute.told(&[COURT], accept), [format!("CASE_STATE {id} -")]);
    dispute.world.effect(&[COURT], decided);
}

#[test]
fn a_mediator_settles_with_the_parties_and_decides_nothing() {
    let mut dispute = dispute();
    let open = dispute.infringement(dispute.mediator);
    let id = dispute.world.accepted(open);
    let (owner, licensee, mediator) = (dispute.owner, dispute.licensee, dispute.mediator);
    let decided = result(&dispute.world, id, CaseOutcome::Decided);
    assert_eq!(dispute.told(&[mediator], decided), [format!("CASE_DECISION {id} {mediator}")]);
    let settled = result(&dispute.world, id, CaseOutcome::Settled);
    let bare = Conclude { document: None, ..settled.clone() };
    assert_eq!(dispute.world.codes(&[mediator, owner, licensee], bare), [Code::ProofMissing]);
    assert_eq!(
        dispute.told(&[mediator], settled.clone()),
        [format!("CASE_PARTY_REQUIRED {id} {owner}"), format!("CASE_PARTY_REQUIRED {id} {licensee}")]
    );
    let (pending, _) = dispute.world.pends(&[mediator, owner], settled);
    dispute.world.effect(&[licensee], Give { pending });
    let CaseState::Concluded { outcome, late, .. } = dispute.world.get::<DisputeCase>(id).state else {
        panic!("not concluded")
    };
    assert_eq!((outcome, late), (CaseOutcome::Settled, false));
}

#[test]
fn an_authority_decides_on_infringement_alone_and_a_court_on_everything() {
    let mut dispute = dispute();
    for (forum, kind, allowed) in [
        (REGULATOR, CaseKind::Infringement, true),
        (REGULATOR, CaseKind::Ownership, false),
        (REGULATOR, CaseKind::InventorReward, false),
        (COURT, CaseKind::Ownership, true),
        (COURT, CaseKind::InventorReward, true),
    ] {
        let open = Open { kind, ..dispute.infringement(forum) };
        let id = dispute.world.accepted(open);
        let decided = result(&dispute.world, id, CaseOutcome::Decided);
        if allowed {
            dispute.world.effect(&[forum], decided);
        } else {
            assert_eq!(dispute.told(&[forum], decided), [format!("CASE_DECISION {id} {forum}")], "{kind:?}");
            let dismissed = result(&dispute.world, id, CaseOutcome::Dismissed);
            dispute.world.effect(&[forum], dismissed);
        }
    }
}

#[test]
fn what_was_decided_is_performed_by_its_day_or_late() {
    let mut dispute = dispute();
    let owner = dispute.owner;
    let mut lates = Vec::new();
    for performed in ["2026-12-24", "2026-12-25"] {
        let mut dispute = self::dispute();
        let open = dispute.infringement(COURT);
        let id = dispute.world.accepted(open);
        let decided = Conclude {
            perform_by: Some(date("2026-12-24")),
            ..result(&dispute.world, id, CaseOutcome::Decided)
        };
        let perform = Perform { case: id, evidence: Hash([1; 32]), on: date(performed) };
        let today = dispute.world.today();
        let early = Perform { on: today, ..perform.clone() };
        assert_eq!(dispute.told(&[dispute.owner], early), [format!("CASE_STATE {id} -")]);
        dispute.world.effect(&[COURT], decided);
        dispute.world.go_to(performed);
        let respondent = [dispute.licensee];
        let expected = [format!("CASE_PARTY_REQUIRED {id} {}", dispute.owner)];
        assert_eq!(dispute.told(&respondent, perform.clone()), expected);
        let (pending, _) = dispute.world.pends(&respondent, perform);
        dispute.world.effect(&[dispute.owner], Give { pending });
        let CaseState::Performed { late, .. } = dispute.world.get::<DisputeCase>(id).state else {
            panic!("not performed")
        };
        lates.push(late);
    }
    assert_eq!(lates, [false, true]);
    let open = dispute.infringement(COURT);
    let id = dispute.world.accepted(open);
    let withdrawn = Conclude {
        perform_by: Some(date("2026-12-24")),
        ..result(&dispute.world, id, CaseOutcome::Withdrawn)
    };
    assert_eq!(dispute.told(&[owner], withdrawn.clone()), [format!("CASE_DEADLINE {id} -")]);
    dispute.world.effect(&[owner], Conclude { perform_by: None, ..withdrawn });
}
