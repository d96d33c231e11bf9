//! What licences are recorded, and how a licence ends.

mod kit;

use kit::licensing::{
    CONTRACT, Market, close, end, grant, life, market, names, pay, refused, term, withdraw,
};
use kit::{COURT, EXCHANGE, REGISTRAR, date, list, text};
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::licence::{End, EndCause, Grant, LicenceKind, Record};
use tongda_ledger::act::member::{Role, StandingChange, Status};
use tongda_ledger::act::open_licence::CloseCause;
use tongda_ledger::act::patent::{Correct, Correction, LifeEvent, Owner};
use tongda_ledger::codec::List;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{LicenceId, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{Duties, Licence, LicenceList, LicenceState, Read, Recorded};

#[test]
fn a_licence_is_recorded_once_by_the_registrar_and_a_party() {
    let Market { mut world, owner, first, second, patent } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let good = world.recordal(licence);
    refused(&mut world, &[owner], good.clone(), Code::RegistrarOnly);
    refused(&mut world, &[REGISTRAR, second], good.clone(), Code::LicencePartyRequired);
    let wrong = |change: &dyn Fn(&mut Record)| {
        let mut act = good.clone();
        change(&mut act);
        act
    };
    let signers = [REGISTRAR, first];
    let pledge = wrong(&|act| act.number = "Y2026980000001".parse().unwrap());
    refused(&mut world, &signers, pledge, Code::RecordalNumber);
    let bare = wrong(&|act| act.proofs = List::new());
    refused(&mut world, &signers, bare, Code::ProofMissing);
    let other = wrong(&|act| act.proofs = list(&[Hash([1; 32])]));
    refused(&mut world, &signers, other, Code::ProofMissing);
    let twice = wrong(&|act| act.proofs = list(&[CONTRACT, CONTRACT]));
    refused(&mut world, &signers, twice, Code::DuplicateEntry);
    let tomorrow = wrong(&|act| act.on = date("2026-11-25"));
    refused(&mut world, &signers, tomorrow, Code::EffectiveDate);
    let yesterday = wrong(&|act| act.on = date("2026-11-23"));
    refused(&mut world, &signers, yesterday, Code::EffectiveDate);
    let record = RecordId::new(world.effect(&signers, good.clone()));
    let expected = Recorded { number: good.number, on: date("2026-11-24"), late: false };
    assert_eq!(world.get::<Licence>(licence).recorded, Some(expected));
    assert_eq!(world.status(patent).last, Some(record));
    let again = world.recordal(licence);
    refused(&mut world, &signers, again, Code::RecordalDuplicate);
    let act = grant(&world, &[patent], &[owner], second);
    let third = world.granted(&[owner, second], act);
    let taken = Record { licence: third, ..good };
    names(&refused(&mut world, &[REGISTRAR, second], taken, Code::RecordalDuplicate), record);
    let old = Record { licence: third, number: "2013990000123".parse().unwrap(), ..world.recordal(third) };
    world.effect(&[REGISTRAR, second], old);
}

#[test]
fn a_recordal_after_three_months_is_entered_and_marked_late() {
    for (day, late) in [("2027-02-24", false), ("2027-02-25", true)] {
        let Market { mut world, owner, first, patent, .. } = market();
        let act = grant(&world, &[patent], &[owner], first);
        let licence = world.granted(&[owner, first], act);
        world.go_to(day);
        let record = world.recordal(licence);
        world.effect(&[REGISTRAR, first], record);
        assert_eq!(world.get::<Licence>(licence).recorded.map(|recorded| recorded.late), Some(late));
    }
}

#[test]
fn an_open_licence_is_recorded_with_notice_and_voucher() {
    let Market { mut world, owner, first, patent, .. } = market();
    let declaration = world.opened(&[owner], patent);
    let licence = world.licensed(first, declaration);
    let mut record = world.recordal(licence);
    refused(&mut world, &[REGISTRAR, first], record.clone(), Code::ProofMissing);
    record.proofs = list(&[Hash([1; 32]), Hash([2; 32])]);
    world.effect(&[REGISTRAR, first], record);
}

#[test]
fn what_the_measures_refuse_is_not_recorded() {
    let Market { mut world, owner, first, second, patent } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let record = world.recordal(licence);
    let signers = [REGISTRAR, first];
    let bank = world.member("银行（演示）", Role::Bank);
    let pledge = world.pledged(patent, bank, false);
    names(&refused(&mut world, &signers, record.clone(), Code::PledgeeConsentRequired), pledge);
    let new_owner = Owner { party: world.party_of(second), share: None };
    let correction = Correction::Owners { owners: list(&[new_owner]), undisclosed: 0 };
    world.effect(&[REGISTRAR], Correct { patent, correction, reason: text("判决") });
    let refusal = refused(&mut world, &[REGISTRAR, first, bank], record.clone(), Code::NotOwner);
    names(&refusal, world.party_of(owner));
    world.effect(&[REGISTRAR], life(patent, LifeEvent::Invalidated));
    assert!(world.codes(&signers, record).contains(&Code::PatentInvalidated));
}

#[test]
fn a_licence_that_conflicts_with_a_recorded_one_is_not_recorded() {
    let Market { mut world, owner, first, second, patent } = market();
    let declaration = world.opened(&[owner], patent);
    let notice = world.noticed(first, declaration);
    world.effect(&[owner], withdraw(declaration));
    world.effect(&[REGISTRAR], close(declaration, CloseCause::Withdrawn, "2026-11-24"));
    let act = Grant { kind: LicenceKind::Exclusive, ..grant(&world, &[patent], &[owner], second) };
    let exclusive = world.granted(&[owner, second], act);
    let paid = pay(&mut world, notice);
    let open = LicenceId::new(world.effect(&[first, EXCHANGE], paid), 0);
    let record = world.recordal(exclusive);
    world.effect(&[REGISTRAR, second], record);
    let mut record = world.recordal(open);
    record.proofs = list(&[Hash([1; 32]), Hash([2; 32])]);
    names(&refused(&mut world, &[REGISTRAR, first], record, Code::LicenceConflict), exclusive);
}

#[test]
fn a_licence_expires_by_time_and_leaves_list_counts_and_duties() {
    let Market { mut world, owner, first, second, patent } = market();
    let mut act = Grant { kind: LicenceKind::Sole, ..grant(&world, &[patent], &[owner], first) };
    act.scope.territory = list(&["110000".parse().unwrap()]);
    let sole = world.granted(&[owner, first], act.clone());
    act.scope.territory = list(&["440000".parse().unwrap()]);
    act.term = term("2027-01-01/2028-12-31");
    let longer = world.granted(&[owner, first], act.clone());
    assert_eq!(world.get::<Duties>(first), Duties { open: 2 });
    assert_eq!(world.status(patent).sole_latest, Some(longer));
    world.go_to("2027-12-31");
    assert_eq!(world.status(patent).sole, 2);
    world.dawn_of("2028-01-01");
    let stale = end(&world, sole, EndCause::Agreement);
    refused(&mut world, &[owner, first], stale, Code::LicenceState);
    assert_eq!(world.get::<Licence>(sole).state, LicenceState::Expired);
    let status = world.status(patent);
    assert_eq!((status.sole, status.sole_latest), (1, Some(longer)));
    let list_now: LicenceList = world.get((patent, 0));
    assert_eq!(&list_now.licences[..], [longer]);
    assert_eq!(world.get::<Duties>(first), Duties { open: 1 });
    act.licensee = second;
    act.scope.territory = list(&["110000".parse().unwrap()]);
    act.term = term("2028-01-01/2028-12-31");
    world.granted(&[owner, second], act);
}

#[test]
fn the_parties_end_a_licence_together_or_one_side_with_a_document_or_a_court() {
    let Market { mut world, owner, first, second, patent } = market();
    let mut taken = || {
        let act = grant(&world, &[patent], &[owner], first);
        world.granted(&[owner, first], act)
    };
    let (agreed, terminated, judged) = (taken(), taken(), taken());
    let mut act = end(&world, agreed, EndCause::Agreement);
    act.document = None;
    names(&refused(&mut world, &[owner], act.clone(), Code::LicencePartyRequired), first);
    names(&refused(&mut world, &[first], act.clone(), Code::LicencePartyRequired), owner);
    let mut tomorrow = act.clone();
    tomorrow.on = date("2026-11-25");
    refused(&mut world, &[owner, first], tomorrow, Code::EffectiveDate);
    let (pending, missing) = world.pends(&[first], act.clone());
    assert_eq!(missing, [owner]);
    world.effect(&[owner], Give { pending });
    let ended = LicenceState::Ended { cause: EndCause::Agreement, on: date("2026-11-24") };
    assert_eq!(world.get::<Licence>(agreed).state, ended);
    refused(&mut world, &[owner, first], act, Code::LicenceState);

    let act = end(&world, terminated, EndCause::Termination);
    refused(&mut world, &[second], act.clone(), Code::LicencePartyRequired);
    refused(&mut world, &[owner], End { document: None, ..act.clone() }, Code::ProofMissing);
    world.effect(&[owner], act);

    let act = end(&world, judged, EndCause::Judgment);
    refused(&mut world, &[owner, first], act.clone(), Code::CourtOnly);
    refused(&mut world, &[COURT], End { document: None, ..act.clone() }, Code::ProofMissing);
    world.effect(&[COURT], act);
    assert_eq!(world.status(patent).ordinary, 0);
    assert_eq!(world.state.find::<Duties>(&first), Ok(None));
}

#[test]
fn a_member_leaves_only_when_no_licence_binds_it() {
    let Market { mut world, owner, first, patent, .. } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let exit = Status { member: first, change: StandingChange::Exit, reason: text("停业") };
    refused(&mut world, &[first, EXCHANGE], exit.clone(), Code::MemberObligationsOpen);
    let cure = end(&world, licence, EndCause::Agreement);
    world.effect(&[owner, first], cure);
    world.effect(&[first, EXCHANGE], exit);
}

#[test]
fn licences_that_a_contract_leaves_standing_are_recorded_in_either_order() {
    for exclusive_first in [false, true] {
        let Market { mut world, owner, first, second, patent } = market();
        let act = grant(&world, &[patent], &[owner], first);
        let ordinary = world.granted(&[owner, first], act);
        let mut act = grant(&world, &[patent], &[owner], second);
        (act.kind, act.beside) = (LicenceKind::Exclusive, list(&[ordinary]));
        let exclusive = world.granted(&[owner, second], act);
        let order = if exclusive_first { [exclusive, ordinary] } else { [ordinary, exclusive] };
        for licence in order {
            let record = world.recordal(licence);
            world.effect(&[REGISTRAR, owner], record);
        }
    }
}

#[test]
fn a_sublicence_is_not_recorded_once_the_licence_above_has_ended() {
    let Market { mut world, owner, first, second, patent } = market();
    let mut act = grant(&world, &[patent], &[owner], first);
    act.sublicence = true;
    let above = world.granted(&[owner, first], act);
    let mut act = grant(&world, &[patent], &[first], second);
    act.under = Some(above);
    let below = world.granted(&[first, second], act);
    let cure = end(&world, above, EndCause::Agreement);
    world.effect(&[owner, first], cure);
    let record = world.recordal(below);
    names(&refused(&mut world, &[REGISTRAR, second], record, Code::LicenceState), above);
}

#[test]
fn one_of_several_licensors_does_not_terminate_a_licence_alone() {
    let Market { mut world, owner, first, second, .. } = market();
    let patent = world.patent(&[owner, second]);
    let act = grant(&world, &[patent], &[owner, second], first);
    let licence = world.granted(&[owner, second, first], act);
    let act = end(&world, licence, EndCause::Termination);
    names(&refused(&mut world, &[owner], act.clone(), Code::LicencePartyRequired), second);
    world.effect(&[owner, second], act);
}
