//! What becomes of a licence after its grant: changes, the end of sublicences, cancellation of the recordal.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{Market, end, grant, market, names, preservation, refused, term};
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list};
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::licence::{Cancel, Change, EndCause, Grant, LicenceKind, Scope};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::transfer::Export;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{LicenceId, MemberId, PatentId, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{Duties, Licence, LicenceState, RecordalCancelled};

fn change(licence: LicenceId) -> Change {
    Change {
        licence,
        term: None,
        scope: None,
        kind: None,
        sublicence: None,
        funder: None,
        agreement: Hash([8; 32]),
    }
}

/// An exclusive licence of 2027 to `first` that may be sublicensed, and an ordinary sublicence of it to `second`.
fn with_sublicence() -> (Market, LicenceId, LicenceId) {
    let mut market = market();
    let Market { world, owner, first, second, patent } = &mut market;
    let mut act = grant(world, &[*patent], &[*owner], *first);
    act.kind = LicenceKind::Exclusive;
    act.sublicence = true;
    let above = world.granted(&[*owner, *first], act);
    let below = sublicence(world, *patent, above, *first, *second);
    (market, above, below)
}

fn sublicence(
    world: &mut World,
    patent: PatentId,
    under: LicenceId,
    from: MemberId,
    to: MemberId,
) -> LicenceId {
    let mut act = grant(world, &[patent], &[from], to);
    act.under = Some(under);
    act.sublicence = true;
    world.granted(&[from, to], act)
}

fn recorded(world: &mut World, licence: LicenceId, party: MemberId) {
    let record = world.recordal(licence);
    world.effect(&[REGISTRAR, party], record);
}

#[test]
fn a_change_is_signed_by_both_sides_and_may_wait_for_one() {
    let Market { mut world, owner, first, patent, .. } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let act = Change { term: Some(term("2027-01-01/2028-12-31")), ..change(licence) };
    names(&refused(&mut world, &[owner], act.clone(), Code::LicenseeRequired), first);
    names(&refused(&mut world, &[first], act.clone(), Code::LicencePartyRequired), owner);
    refused(&mut world, &[owner, first], change(licence), Code::FieldMissing);
    let (pending, missing) = world.pends(&[first], act);
    assert_eq!(missing, [owner]);
    let before = world.status(patent).events;
    world.effect(&[owner], Give { pending });
    assert_eq!(world.get::<Licence>(licence).term, term("2027-01-01/2028-12-31"));
    assert_eq!(world.status(patent).events, before + 1);
}

#[test]
fn a_changed_term_begins_where_it_began_and_ends_within_the_patents() {
    let Market { mut world, owner, first, patent, .. } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let with = |text: &str| Change { term: Some(term(text)), ..change(licence) };
    refused(&mut world, &[owner, first], with("2027-01-01/2040-01-15"), Code::LicenceTermExceedsPatent);
    world.effect(&[owner, first], with("2027-02-01/2028-12-31"));
    world.go_to("2027-03-01");
    refused(&mut world, &[owner, first], with("2027-03-02/2028-12-31"), Code::EffectiveDate);
    refused(&mut world, &[owner, first], with("2027-02-01/2027-02-28"), Code::EffectiveDate);
    world.effect(&[owner, first], with("2027-02-01/2027-03-01"));
    world.go_to("2027-03-02");
    assert_eq!(world.get::<Licence>(licence).state, LicenceState::Expired);
    refused(&mut world, &[owner, first], with("2027-02-01/2027-12-31"), Code::LicenceState);
}

#[test]
fn changed_terms_conflict_with_other_licences_but_not_with_themselves() {
    let Market { mut world, owner, first, second, patent } = market();
    let scope = |region: &str| Scope { territory: list(&[region.parse().unwrap()]), ..Scope::default() };
    let mut act = grant(&world, &[patent], &[owner], first);
    act.kind = LicenceKind::Exclusive;
    act.scope = scope("440000");
    let south = world.granted(&[owner, first], act.clone());
    act.licensee = second;
    act.scope = scope("110000");
    let north = world.granted(&[owner, second], act);
    let wider = Change { scope: Some(Scope::default()), ..change(south) };
    names(&refused(&mut world, &[owner, first], wider.clone(), Code::LicenceConflict), north);
    let act = Change { scope: Some(scope("330000")), ..change(south) };
    world.effect(&[owner, first], act);
    let act = Change { kind: Some(LicenceKind::Ordinary), scope: Some(Scope::default()), ..change(north) };
    names(&refused(&mut world, &[owner, second], act, Code::LicenceConflict), south);
    let act = end(&world, north, EndCause::Agreement);
    world.effect(&[owner, second], act);
    world.effect(&[owner, first], wider);
}

#[test]
fn a_licence_left_standing_beside_an_exclusive_one_does_not_grow_into_it() {
    let Market { mut world, owner, first, second, patent } = market();
    let mut act = grant(&world, &[patent], &[owner], first);
    act.scope.territory = list(&["440000".parse().unwrap()]);
    let ordinary = world.granted(&[owner, first], act);
    let mut act = grant(&world, &[patent], &[owner], second);
    act.kind = LicenceKind::Exclusive;
    act.beside = list(&[ordinary]);
    let exclusive = world.granted(&[owner, second], act);
    let wider = Change { scope: Some(Scope::default()), ..change(ordinary) };
    names(&refused(&mut world, &[owner, first], wider, Code::LicenceConflict), exclusive);
    let narrower = Scope { territory: list(&["440300".parse().unwrap()]), ..Scope::default() };
    world.effect(&[owner, first], Change { scope: Some(narrower), ..change(ordinary) });
    let shorter = Change { term: Some(term("2027-01-01/2027-06-30")), ..change(exclusive) };
    world.effect(&[owner, second], shorter);
}

#[test]
fn a_change_of_kind_is_counted_in_the_status_and_barred_while_the_patent_is_declared() {
    let Market { mut world, owner, first, patent, .. } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let counts = |world: &World| {
        let status = world.status(patent);
        (status.ordinary, status.sole, status.exclusive, status.sole_latest, status.exclusive_latest)
    };
    let to = |kind| Change { kind: Some(kind), ..change(licence) };
    world.effect(&[owner, first], to(LicenceKind::Exclusive));
    assert_eq!(counts(&world), (0, 0, 1, None, Some(licence)));
    world.effect(&[owner, first], to(LicenceKind::Sole));
    assert_eq!(counts(&world), (0, 1, 0, Some(licence), None));
    world.effect(&[owner, first], to(LicenceKind::Ordinary));
    assert_eq!(counts(&world), (1, 0, 0, None, None));
    let declaration = world.opened(&[owner], patent);
    let refusal = refused(&mut world, &[owner, first], to(LicenceKind::Sole), Code::OlExclusiveForbidden);
    names(&refusal, declaration);
}

#[test]
fn an_open_licence_is_not_changed_by_agreement() {
    let Market { mut world, owner, first, patent, .. } = market();
    let declaration = world.opened(&[owner], patent);
    let licence = world.licensed(first, declaration);
    let act = Change { term: Some(term("2027-01-01/2028-12-31")), ..change(licence) };
    refused(&mut world, &[owner, first], act, Code::LicenceNotContract);
    let act = end(&world, licence, EndCause::Agreement);
    world.effect(&[owner, first], act);
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    world.effect(&[owner, first], Change { sublicence: Some(true), ..change(licence) });
}

#[test]
fn a_recorded_licence_changes_with_the_registrar_and_is_prolonged_only_shortly_before_its_end() {
    let Market { mut world, owner, first, patent, .. } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    recorded(&mut world, licence, owner);
    let narrower = Scope { territory: list(&["440000".parse().unwrap()]), ..Scope::default() };
    let act = Change { scope: Some(narrower), ..change(licence) };
    refused(&mut world, &[owner, first], act.clone(), Code::RegistrarOnly);
    world.effect(&[owner, first, REGISTRAR], act);
    let longer = Change { term: Some(term("2027-01-01/2028-12-31")), ..change(licence) };
    let signers = [owner, first, REGISTRAR];
    let refusal = refused(&mut world, &signers, longer.clone(), Code::LicenceChangeTooEarly);
    assert_eq!(refusal.detail.as_deref(), Some("from 2027-10-31 to 2027-12-31"));
    world.go_to("2027-10-30");
    refused(&mut world, &signers, longer.clone(), Code::LicenceChangeTooEarly);
    world.go_to("2027-10-31");
    let freeze =
        tongda_ledger::act::patent::Freeze { from: world.today(), ..preservation(patent, "2027-11-05") };
    let frozen = RecordId::new(world.effect(&[COURT], freeze));
    names(&refused(&mut world, &signers, longer.clone(), Code::PatentFrozen), frozen);
    world.go_to("2027-11-06");
    world.effect(&signers, longer);
    assert_eq!(world.get::<Licence>(licence).term.last(), date("2028-12-31"));
}

#[test]
fn a_change_on_a_pledged_patent_needs_the_pledgee() {
    let Market { mut world, owner, first, patent, .. } = market();
    let bank = world.member("银行（演示）", Role::Bank);
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let pledge = world.pledged(patent, bank, false);
    let act = Change { kind: Some(LicenceKind::Exclusive), ..change(licence) };
    names(&refused(&mut world, &[owner, first], act.clone(), Code::PledgeeConsentRequired), pledge);
    world.effect(&[owner, first, bank], act);
    assert_eq!(*world.get::<Licence>(licence).pledges, [pledge]);
}

#[test]
fn a_licence_of_public_funds_abroad_becomes_exclusive_with_the_funder() {
    let mut world = World::default();
    let owner = world.member("甲大学（演示）", Role::University);
    let abroad = world.member_of("Foreign Co. (demo)", Role::Enterprise, "DE");
    let funder = world.member("项目管理机构（演示）", Role::Funder);
    let mut entry = world.patent_act(&[world.party_of(owner)]);
    entry.funded = true;
    let patent = world.register(entry);
    let export = Some(Export::Free { registration: Hash([7; 32]) });
    let act = Grant { export, ..grant(&world, &[patent], &[owner], abroad) };
    let licence = world.granted(&[owner, abroad], act);
    let mut act = Change { kind: Some(LicenceKind::Exclusive), ..change(licence) };
    refused(&mut world, &[owner, abroad], act.clone(), Code::FunderApprovalRequired);
    act.funder = Some(funder);
    names(&refused(&mut world, &[owner, abroad], act.clone(), Code::FunderApprovalRequired), funder);
    world.effect(&[owner, abroad, funder], act);
}

#[test]
fn after_a_transfer_the_new_owner_changes_and_ends_the_licence() {
    let Market { mut world, owner, first, second, patent } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    world.transferred(patent, owner, second);
    let act = Change { term: Some(term("2027-01-01/2028-12-31")), ..change(licence) };
    names(&refused(&mut world, &[owner, first], act.clone(), Code::LicencePartyRequired), second);
    world.effect(&[second, first], act);
    let act = end(&world, licence, EndCause::Agreement);
    world.effect(&[first, second], act);
}

#[test]
fn a_licence_does_not_shrink_below_its_sublicences() {
    let (Market { mut world, owner, first, second, .. }, above, below) = with_sublicence();
    for act in [
        Change { term: Some(term("2027-01-01/2027-12-30")), ..change(above) },
        Change { sublicence: Some(false), ..change(above) },
        Change {
            scope: Some(Scope { territory: list(&["110000".parse().unwrap()]), ..Scope::default() }),
            ..change(above)
        },
    ] {
        names(&refused(&mut world, &[owner, first], act, Code::SublicenceExceeds), below);
    }
    let wider = Change { term: Some(term("2027-01-01/2028-01-01")), ..change(below) };
    names(&refused(&mut world, &[first, second], wider, Code::SublicenceNotPermitted), above);
    let narrower = Change { term: Some(term("2027-01-01/2027-12-30")), ..change(below) };
    world.effect(&[first, second], narrower);
    let act = Change { term: Some(term("2027-01-01/2027-12-30")), ..change(above) };
    world.effect(&[owner, first], act);
}

#[test]
fn the_end_of_a_licence_ends_its_sublicences_and_those_below_them() {
    let (Market { mut world, owner, first, second, patent }, above, below) = with_sublicence();
    let third = world.member("丁公司（演示）", Role::Enterprise);
    let lowest = sublicence(&mut world, patent, below, second, third);
    let act = end(&world, above, EndCause::Agreement);
    let before = world.status(patent).events;
    let on = world.today();
    world.effect(&[owner, first], act);
    for licence in [below, lowest] {
        assert_eq!(world.get::<Licence>(licence).state, LicenceState::EndedWith { above, on });
    }
    let status = world.status(patent);
    assert_eq!((status.ordinary, status.exclusive, status.exclusive_latest), (0, 0, None));
    assert_eq!(status.events, before + 1, "one record is one event");
    for member in [first, second, third] {
        assert!(tongda_ledger::state::Read::find::<Duties>(&world.state, &member).unwrap().is_none());
    }
    let act = end(&world, below, EndCause::Agreement);
    refused(&mut world, &[first, second], act, Code::LicenceState);
    world.go_to("2028-01-02");
    assert_eq!(world.replayed(), world.state);
}

#[test]
fn the_recordal_of_an_ended_licence_is_cancelled_once_and_lateness_is_marked() {
    let Market { mut world, owner, first, second, patent } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act.clone());
    let unrecorded = world.granted(&[owner, second], Grant { licensee: second, ..act });
    recorded(&mut world, licence, first);
    let cancel = |world: &World, licence| Cancel { licence, on: world.today() };
    let act = cancel(&world, licence);
    refused(&mut world, &[REGISTRAR], act, Code::LicenceState);
    world.go_to("2028-01-01");
    let act = cancel(&world, unrecorded);
    refused(&mut world, &[REGISTRAR], act, Code::RecordalNone);
    let act = cancel(&world, licence);
    refused(&mut world, &[EXCHANGE], act, Code::RegistrarOnly);
    let early = Cancel { licence, on: date("2027-12-30") };
    refused(&mut world, &[REGISTRAR], early, Code::EffectiveDate);
    world.go_to("2028-01-31");
    let act = cancel(&world, licence);
    let record = RecordId::new(world.effect(&[REGISTRAR], act.clone()));
    let cancelled: RecordalCancelled = world.get(licence);
    assert_eq!((cancelled.record, cancelled.late), (record, true));
    names(&refused(&mut world, &[REGISTRAR], act, Code::RecordalNone), record);
}

#[test]
fn a_cancellation_within_thirty_days_is_not_late() {
    let Market { mut world, owner, first, patent, .. } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    recorded(&mut world, licence, first);
    let act = end(&world, licence, EndCause::Agreement);
    world.effect(&[owner, first], act);
    world.days(30);
    let act = Cancel { licence, on: world.today() };
    world.effect(&[REGISTRAR], act);
    assert!(!world.get::<RecordalCancelled>(licence).late);
}
