//! What licences stand beside one another, who grants them, what is recorded, and how they end.

mod kit;

use kit::licensing::{CONTRACT, grant, term};
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::licence::{
    End, EndCause, FeeClass, FeeShare, Grant, LicenceKind, Proceeds, Record, Scope, UseAct,
};
use tongda_ledger::act::member::{Role, StandingChange, Status};
use tongda_ledger::act::open_licence::{Close, CloseCause, Withdraw};
use tongda_ledger::act::patent::{
    Annuity, AnnuityEvent, CoOwnership, Correct, Correction, Freeze, FreezeKind, Life, LifeEvent, Owner,
};
use tongda_ledger::act::transfer::Export;
use tongda_ledger::act::{Act, ActKind};
use tongda_ledger::codec::List;
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{LicenceId, MemberId, ObjectRef, PatentId, Rate, RecordId};
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::state::{
    Duties, Licence, LicenceList, LicenceOrigin, LicenceState, PledgeConsent, Read, Recorded,
};

/// The kind of act `licence.grant`.
const GRANT: ActKind = ActKind { family: 5, kind: 1 };

/// A network with an owner of a patent and two who would take licences.
struct Market {
    world: World,
    owner: MemberId,
    first: MemberId,
    second: MemberId,
    patent: PatentId,
}

fn market() -> Market {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let first = world.member("乙公司（演示）", Role::Enterprise);
    let second = world.member("丙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    Market { world, owner, first, second, patent }
}

/// The act is refused for one reason alone, with this code and an article in both languages.
#[track_caller]
fn refused(world: &mut World, signers: &[MemberId], act: impl Into<Act>, code: Code) -> Refusal {
    let mut refusals = world.refusals(signers, act);
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    let refusal = refusals.remove(0);
    assert_eq!(refusal.code, code, "{refusal:?}");
    let article = code.wording().article;
    assert!(!article.zh.is_empty() && !article.en.is_empty());
    refusal
}

#[track_caller]
fn names(refusal: &Refusal, obstacle: impl Into<ObjectRef>) {
    assert_eq!(refusal.obstacle, Some(obstacle.into()), "{refusal:?}");
}

fn of_kind(kind: LicenceKind, act: Grant) -> Grant {
    Grant { kind, ..act }
}

fn life(patent: PatentId, event: LifeEvent) -> Life {
    Life { patent, event, effective: date("2026-11-24"), document: Some(Hash([5; 32])) }
}

fn preservation(patent: PatentId) -> Freeze {
    let (from, until) = (date("2026-11-24"), date("2027-01-31"));
    Freeze { patent, kind: FreezeKind::Preservation, from, until, case: text("（2026）京民初1号") }
}

fn overdue(patent: PatentId) -> Annuity {
    let event = AnnuityEvent::Overdue { due: date("2026-10-15") };
    Annuity { patent, year: 7, event, effective: date("2026-11-24") }
}

fn end(world: &World, licence: LicenceId, cause: EndCause) -> End {
    End { licence, cause, on: world.today(), document: Some(Hash([6; 32])), remark: None }
}

fn shares(world: &World, of: &[(MemberId, u16)]) -> List<FeeShare, 32> {
    let share =
        |(owner, points): &(MemberId, u16)| FeeShare { owner: world.party_of(*owner), share: rate(*points) };
    list(&of.iter().map(share).collect::<Vec<_>>())
}

fn rate(points: u16) -> Rate {
    Rate::try_from(points).unwrap()
}

#[test]
fn a_licence_needs_licensor_and_licensee_in_one_envelope_or_by_consent() {
    let Market { mut world, owner, first, second, patent } = market();
    let act = grant(&world, &[patent], &[owner], first);
    names(&refused(&mut world, &[owner], act.clone(), Code::LicenseeRequired), first);
    names(&refused(&mut world, &[first], act.clone(), Code::LicencePartyRequired), owner);
    let (pending, missing) = world.pends(&[owner], act.clone());
    assert_eq!(missing, [first]);
    let licence = LicenceId::new(world.effect(&[first], Give { pending }), 0);
    let entered: Licence = world.get(licence);
    assert_eq!((entered.licensee, entered.state), (first, LicenceState::Active));
    assert_eq!((entered.origin, entered.effective), (LicenceOrigin::Contract, date("2026-11-24")));
    let status = world.status(patent);
    assert_eq!((status.ordinary, status.last), (1, Some(RecordId::new(licence.position()))));
    let other = grant(&world, &[patent], &[second], first);
    names(&refused(&mut world, &[second, first], other, Code::NotOwner), world.party_of(second));
}

#[test]
fn of_two_exclusive_licences_in_one_block_the_first_stands_and_is_named_to_the_second() {
    let Market { mut world, owner, first, second, patent } = market();
    let position = world.index;
    let envelopes = [first, second].map(|licensee| {
        let act = of_kind(LicenceKind::Exclusive, grant(&world, &[patent], &[owner], licensee));
        world.envelope(&[owner, licensee], act, None)
    });
    let before = world.status(patent).events;
    let (judgements, _) = world.block(&envelopes);
    let stands = LicenceId::new(position, 0);
    assert_eq!(judgements[0], Judgement::Effective);
    let refusal = Refusal::new(Code::LicenceConflict).about(patent).because_of(stands);
    assert_eq!(judgements[1], Judgement::Refused(vec![refusal.with("2027-01-01/2027-12-31")]));
    let status = world.status(patent);
    assert_eq!((status.exclusive, status.exclusive_latest), (1, Some(stands)));
    assert_eq!(status.events, before + 1);
    assert_eq!(world.state.find::<Duties>(&second), Ok(None));
    let list: LicenceList = world.get((patent, 0));
    assert_eq!(&list.licences[..], [stands]);
}

#[test]
fn every_pair_of_kinds_conflicts_but_two_ordinary_licences() {
    use LicenceKind::{Exclusive, Ordinary, Sole};
    for earlier in [Ordinary, Sole, Exclusive] {
        for later in [Ordinary, Sole, Exclusive] {
            let Market { mut world, owner, first, second, patent } = market();
            let act = of_kind(earlier, grant(&world, &[patent], &[owner], first));
            let stands = world.granted(&[owner, first], act);
            let act = of_kind(later, grant(&world, &[patent], &[owner], second));
            if earlier == Ordinary && later == Ordinary {
                world.granted(&[owner, second], act);
            } else {
                let refusal = refused(&mut world, &[owner, second], act.clone(), Code::LicenceConflict);
                names(&refusal, stands);
                let cure = end(&world, stands, EndCause::Agreement);
                world.effect(&[owner, first], cure);
                world.granted(&[owner, second], act);
            }
        }
    }
}

#[test]
fn exclusive_licences_stand_beside_one_another_where_they_do_not_meet() {
    let Market { mut world, owner, first, second, patent } = market();
    let mut act = of_kind(LicenceKind::Exclusive, grant(&world, &[patent], &[owner], first));
    act.scope = Scope {
        territory: list(&["440000".parse().unwrap()]),
        fields: list(&["C39".parse().unwrap()]),
        acts: list(&[UseAct::Make, UseAct::Sell]),
    };
    let stands = world.granted(&[owner, first], act.clone());
    act.licensee = second;
    let apart = |change: &dyn Fn(&mut Grant)| {
        let mut act = act.clone();
        change(&mut act);
        act
    };
    let within = apart(&|act| {
        act.scope.territory = list(&["440305".parse().unwrap()]);
        act.scope.fields = list(&["C3911".parse().unwrap()]);
        act.scope.acts = list(&[UseAct::Sell, UseAct::Use]);
    });
    names(&refused(&mut world, &[owner, second], within, Code::LicenceConflict), stands);
    let everywhere = apart(&|act| act.scope = Scope::default());
    names(&refused(&mut world, &[owner, second], everywhere, Code::LicenceConflict), stands);
    let last_day = apart(&|act| act.term = term("2027-12-31/2028-12-31"));
    names(&refused(&mut world, &[owner, second], last_day, Code::LicenceConflict), stands);
    for act in [
        apart(&|act| act.scope.territory = list(&["110000".parse().unwrap()])),
        apart(&|act| act.scope.fields = list(&["I65".parse().unwrap()])),
        apart(&|act| act.scope.acts = list(&[UseAct::Import])),
        apart(&|act| act.term = term("2028-01-01/2028-12-31")),
    ] {
        world.granted(&[owner, second], act);
    }
    assert_eq!(world.status(patent).exclusive, 5);
}

#[test]
fn an_exclusive_contract_may_leave_earlier_ordinary_licences_standing() {
    let Market { mut world, owner, first, second, patent } = market();
    let act = grant(&world, &[patent], &[owner], first);
    let ordinary = world.granted(&[owner, first], act);
    let mut act = of_kind(LicenceKind::Exclusive, grant(&world, &[patent], &[owner], second));
    names(&refused(&mut world, &[owner, second], act.clone(), Code::LicenceConflict), ordinary);
    act.beside = list(&[LicenceId::new(9_999, 0)]);
    assert_eq!(world.codes(&[owner, second], act.clone()), [Code::ObjectUnknown, Code::LicenceConflict]);
    act.beside = list(&[ordinary]);
    let exclusive = world.granted(&[owner, second], act.clone());
    act.licensee = first;
    act.beside = list(&[exclusive]);
    let refusals = world.refusals(&[owner, first], act);
    let obstacles: Vec<_> = refusals.iter().map(|refusal| refusal.obstacle).collect();
    assert_eq!(obstacles, [Some(ordinary.into()), Some(exclusive.into())], "exclusives are not set aside");
    for licence in [ordinary, exclusive] {
        let record = world.recordal(licence);
        world.effect(&[REGISTRAR, owner], record);
    }
}

#[test]
fn a_licence_ends_no_later_than_each_patent_and_not_before_it_is_entered() {
    let Market { mut world, owner, first, patent, .. } = market();
    let model = world.utility_model(&[owner]);
    let mut act = grant(&world, &[patent, model], &[owner], first);
    act.term = term("2027-01-01/2040-01-15");
    let refusals = world.refusals(&[owner, first], act.clone());
    let subjects: Vec<_> = refusals.iter().map(|refusal| (refusal.code, refusal.subject)).collect();
    let code = Code::LicenceTermExceedsPatent;
    assert_eq!(subjects, [(code, Some(patent.into())), (code, Some(model.into()))]);
    act.term = term("2027-01-01/2030-01-14");
    world.granted(&[owner, first], act.clone());
    act.term = term("2025-01-01/2026-11-23");
    refused(&mut world, &[owner, first], act, Code::EffectiveDate);
}

#[test]
fn no_licence_is_granted_of_a_right_that_has_ended_and_one_in_grace_or_frozen_is_licensed_but_not_recorded() {
    let Market { mut world, owner, first, patent, .. } = market();
    let invalid = world.patent(&[owner]);
    world.effect(&[REGISTRAR], life(invalid, LifeEvent::Invalidated));
    let act = grant(&world, &[invalid], &[owner], first);
    refused(&mut world, &[owner, first], act, Code::PatentInvalidated);
    let abandoned = world.patent(&[owner]);
    world.effect(&[REGISTRAR, owner], life(abandoned, LifeEvent::Abandoned));
    let act = grant(&world, &[abandoned], &[owner], first);
    refused(&mut world, &[owner, first], act, Code::PatentNotInForce);
    let frozen = RecordId::new(world.effect(&[COURT], preservation(patent)));
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let record = world.recordal(licence);
    names(&refused(&mut world, &[REGISTRAR, owner], record, Code::PatentFrozen), frozen);
    let grace = world.patent(&[owner]);
    world.effect(&[REGISTRAR], overdue(grace));
    let act = grant(&world, &[grace], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let record = world.recordal(licence);
    refused(&mut world, &[REGISTRAR, owner], record, Code::AnnuityOverdue);
}

#[test]
fn a_co_owner_grants_an_ordinary_licence_alone_and_shares_the_fee() {
    let Market { mut world, owner, first, second, .. } = market();
    let patent = world.patent(&[owner, second]);
    let mut act = grant(&world, &[patent], &[owner], first);
    world.granted(&[owner, first], act.clone());
    act.fee = FeeClass::Lump;
    for wrong in [
        vec![],
        vec![(owner, 10_000)],
        vec![(owner, 5000), (second, 4999)],
        vec![(owner, 5000), (second, 5001)],
        vec![(owner, 5000), (first, 5000)],
        vec![(owner, 5000), (owner, 0), (second, 5000)],
    ] {
        act.shares = shares(&world, &wrong);
        refused(&mut world, &[owner, first], act.clone(), Code::FeeShareMissing);
    }
    act.shares = shares(&world, &[(owner, 2500), (second, 7500)]);
    world.granted(&[owner, first], act);
}

#[test]
fn the_co_owners_agreement_and_any_other_kind_of_licence_ask_for_all_of_them() {
    let Market { mut world, owner, first, second, .. } = market();
    let patent = world.patent(&[owner, second]);
    for kind in [LicenceKind::Sole, LicenceKind::Exclusive] {
        let act = of_kind(kind, grant(&world, &[patent], &[owner], first));
        names(&refused(&mut world, &[owner, first], act, Code::CoOwnerConsentRequired), second);
    }
    let share = |member| Owner { party: world.party_of(member), share: Some(rate(5000)) };
    let owners = list(&[share(owner), share(second)]);
    let agreement = Hash([7; 32]);
    world.effect(&[owner, second], CoOwnership { patent, owners, agreement });
    let ordinary = grant(&world, &[patent], &[owner], first);
    names(&refused(&mut world, &[owner, first], ordinary.clone(), Code::CoOwnerConsentRequired), second);
    let (pending, missing) = world.pends(&[owner, first], ordinary);
    assert_eq!(missing, [second]);
    world.effect(&[second], Give { pending });
    assert_eq!(world.status(patent).ordinary, 1);
}

#[test]
fn an_exclusive_licence_gathers_its_consents_in_any_order_unless_another_came_first() {
    let Market { mut world, owner, first, second, .. } = market();
    let co_owner = world.member("丁大学（演示）", Role::University);
    for order in [[co_owner, first], [first, co_owner]] {
        let patent = world.patent(&[owner, co_owner]);
        let act = of_kind(LicenceKind::Exclusive, grant(&world, &[patent], &[owner], first));
        let (pending, missing) = world.pends(&[owner], act);
        assert_eq!(missing, [co_owner, first]);
        world.effect(&[order[0]], Give { pending });
        world.effect(&[order[1]], Give { pending });
        assert_eq!(world.status(patent).exclusive, 1);
    }
    let patent = world.patent(&[owner, co_owner]);
    let act = of_kind(LicenceKind::Exclusive, grant(&world, &[patent], &[owner], first));
    let (pending, _) = world.pends(&[owner, first], act.clone());
    let other = Grant { licensee: second, ..act };
    let stands = world.granted(&[owner, co_owner, second], other);
    let refusals = world.refusals(&[co_owner], Give { pending });
    assert_eq!(refusals[0].code, Code::PendingStale);
    assert_eq!(refusals[1].code, Code::LicenceConflict);
    names(&refusals[1], stands);
}

#[test]
fn a_pledged_patent_is_licensed_with_the_pledgee_and_an_allocation_of_the_fee() {
    let Market { mut world, owner, first, patent, .. } = market();
    let bank = world.member("银行（演示）", Role::Bank);
    let pledge = world.pledged(patent, bank, false);
    let mut act = grant(&world, &[patent], &[owner], first);
    names(&refused(&mut world, &[owner, first], act.clone(), Code::PledgeeConsentRequired), pledge);
    world.granted(&[owner, first, bank], act.clone());
    let consent = PledgeConsent { conditions: None, until: date("2026-12-31") };
    world.past_the_rules(|overlay| overlay.put(&(pledge, GRANT), &consent));
    act.fee = FeeClass::Royalty;
    let refusal = refused(&mut world, &[owner, first], act.clone(), Code::ProceedsAllocationRequired);
    names(&refusal, pledge);
    act.proceeds = Some(Proceeds::Deposit);
    let licence = world.granted(&[owner, first], act.clone());
    world.go_to("2027-01-01");
    names(&refused(&mut world, &[owner, first], act, Code::PledgeeConsentRequired), pledge);
    let record = world.recordal(licence);
    world.effect(&[REGISTRAR, first], record);
}

#[test]
fn a_sublicence_is_ordinary_permitted_and_no_wider_than_the_licence_above() {
    let Market { mut world, owner, first, second, patent } = market();
    let mut act = of_kind(LicenceKind::Exclusive, grant(&world, &[patent], &[owner], first));
    act.scope.territory = list(&["440000".parse().unwrap()]);
    let silent = world.granted(&[owner, first], act.clone());
    let mut sub = grant(&world, &[patent], &[first], second);
    sub.scope.territory = list(&["440300".parse().unwrap()]);
    sub.under = Some(silent);
    let refusal = refused(&mut world, &[first, second], sub.clone(), Code::SublicenceNotPermitted);
    names(&refusal, silent);
    assert_eq!(refusal.detail.as_deref(), Some("contract"));
    let cure = end(&world, silent, EndCause::Agreement);
    world.effect(&[owner, first], cure);
    act.sublicence = true;
    let above = world.granted(&[owner, first], act);
    sub.under = Some(above);
    let own = world.patent(&[owner]);
    let second_party = world.party_of(second);
    let change = |change: &dyn Fn(&mut Grant)| {
        let mut act = sub.clone();
        change(&mut act);
        act
    };
    for (wrong, detail) in [
        (change(&|act| act.kind = LicenceKind::Sole), "kind"),
        (change(&|act| act.scope = Scope::default()), "scope or term"),
        (change(&|act| act.term = term("2027-01-01/2028-01-01")), "scope or term"),
        (change(&|act| act.patents = list(&[patent, own])), "patents"),
        (change(&|act| act.licensors = list(&[second_party])), "licensor"),
    ] {
        let refusal = refused(&mut world, &[first, second], wrong, Code::SublicenceNotPermitted);
        names(&refusal, above);
        assert_eq!(refusal.detail.as_deref(), Some(detail));
    }
    let licence = world.granted(&[first, second], sub.clone());
    assert_eq!(world.get::<Licence>(licence).origin, LicenceOrigin::Sublicence { under: above });
    for licence in [licence, above] {
        let record = world.recordal(licence);
        world.effect(&[REGISTRAR, first], record);
    }
    let cure = end(&world, above, EndCause::Agreement);
    world.effect(&[owner, first], cure);
    refused(&mut world, &[first, second], sub, Code::LicenceState);
}

#[test]
fn a_licence_abroad_needs_the_export_document_and_of_funded_work_the_funder() {
    let Market { mut world, owner, .. } = market();
    let foreign = world.foreign_member("Beispiel GmbH", "DE");
    let funder = world.member("项目管理部门（演示）", Role::Funder);
    let mut act = world.patent_act(&[world.party_of(owner)]);
    act.funded = true;
    let patent = world.register(act);
    let mut act = grant(&world, &[patent], &[owner], foreign);
    names(&refused(&mut world, &[owner, foreign], act.clone(), Code::ExportDocRequired), foreign);
    act.export = Some(Export::Banned);
    refused(&mut world, &[owner, foreign], act.clone(), Code::ExportForbidden);
    act.export = Some(Export::Free { registration: Hash([8; 32]) });
    let ordinary = world.granted(&[owner, foreign], act.clone());
    act.kind = LicenceKind::Exclusive;
    act.beside = list(&[ordinary]);
    refused(&mut world, &[owner, foreign], act.clone(), Code::FunderApprovalRequired);
    act.funder = Some(EXCHANGE);
    refused(&mut world, &[owner, foreign, EXCHANGE], act.clone(), Code::FunderApprovalRequired);
    act.funder = Some(funder);
    names(&refused(&mut world, &[owner, foreign], act.clone(), Code::FunderApprovalRequired), funder);
    world.granted(&[owner, foreign, funder], act);
}

#[test]
fn a_contract_names_its_patents_and_licensors_and_nothing_twice() {
    let Market { mut world, owner, first, patent, .. } = market();
    let good = grant(&world, &[patent], &[owner], first);
    let region = "440000".parse().unwrap();
    let party = world.party_of(owner);
    let mut wrong = |change: &dyn Fn(&mut Grant), code| {
        let mut act = good.clone();
        change(&mut act);
        refused(&mut world, &[owner, first], act, code);
    };
    wrong(&|act| act.patents = List::new(), Code::FieldMissing);
    wrong(&|act| act.patents = list(&[patent, patent]), Code::DuplicateEntry);
    wrong(&|act| act.licensors = list(&[party, party]), Code::DuplicateEntry);
    wrong(&|act| act.scope.territory = list(&[region, region]), Code::DuplicateEntry);
    wrong(&|act| act.scope.acts = list(&[UseAct::Use, UseAct::Use]), Code::DuplicateEntry);
    world.granted(&[owner, first], good);
}

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
    let withdraw = Withdraw { declaration, reason: text("拟独占许可"), condition: None };
    world.effect(&[owner], withdraw);
    let close =
        Close { declaration, cause: CloseCause::Withdrawn, gazette: text("2026-52"), on: world.today() };
    world.effect(&[REGISTRAR], close);
    let act = of_kind(LicenceKind::Exclusive, grant(&world, &[patent], &[owner], second));
    let exclusive = world.granted(&[owner, second], act);
    let pay = kit::licensing::pay(&mut world, notice);
    let open = LicenceId::new(world.effect(&[first, EXCHANGE], pay), 0);
    let record = world.recordal(exclusive);
    world.effect(&[REGISTRAR, second], record);
    let mut record = world.recordal(open);
    record.proofs = list(&[Hash([1; 32]), Hash([2; 32])]);
    names(&refused(&mut world, &[REGISTRAR, first], record, Code::LicenceConflict), exclusive);
}

#[test]
fn a_licence_expires_by_time_and_leaves_list_counts_and_duties() {
    let Market { mut world, owner, first, second, patent } = market();
    let mut act = of_kind(LicenceKind::Sole, grant(&world, &[patent], &[owner], first));
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
