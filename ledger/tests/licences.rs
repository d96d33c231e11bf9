//! Who grants which licence, and what licences stand beside one another.

mod kit;

use kit::licensing::{Market, annuity, end, grant, life, market, names, preservation, refused, term};
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list};
use tongda_ledger::act::ActKind;
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::licence::{
    EndCause, FeeClass, FeeShare, Grant, LicenceKind, Proceeds, Scope, UseAct,
};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::patent::{AnnuityEvent, CoOwnership, LifeEvent, Owner};
use tongda_ledger::act::transfer::Export;
use tongda_ledger::codec::List;
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{LicenceId, MemberId, Rate, RecordId};
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::state::{Duties, Licence, LicenceList, LicenceOrigin, LicenceState, PledgeConsent, Read};

/// The kind of act `licence.grant`.
const GRANT: ActKind = ActKind { family: 5, kind: 1 };

fn of_kind(kind: LicenceKind, act: Grant) -> Grant {
    Grant { kind, ..act }
}

fn shares(world: &World, of: &[(MemberId, u16)]) -> List<FeeShare, 32> {
    let share =
        |(owner, points): &(MemberId, u16)| FeeShare { owner: world.party_of(*owner), share: rate(*points) };
    list(&of.iter().map(share).collect::<Vec<_>>())
}

fn rate(points: u16) -> Rate {
    Rate::try_from(points).expect("a rate")
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
    let frozen = RecordId::new(world.effect(&[COURT], preservation(patent, "2027-01-31")));
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let record = world.recordal(licence);
    names(&refused(&mut world, &[REGISTRAR, owner], record, Code::PatentFrozen), frozen);
    let grace = world.patent(&[owner]);
    world.effect(&[REGISTRAR], annuity(grace, AnnuityEvent::Overdue { due: date("2026-10-15") }));
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
    let foreign = world.member_of("Beispiel GmbH", Role::Enterprise, "DE");
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
fn a_licence_past_its_last_day_conflicts_with_nothing_even_while_it_stands_in_the_list() {
    let Market { mut world, owner, first, second, patent } = market();
    let act = of_kind(LicenceKind::Exclusive, grant(&world, &[patent], &[owner], first));
    world.granted(&[owner, first], act);
    world.dawn_of("2028-01-01");
    assert_eq!(world.status(patent).exclusive, 1, "no block has removed it");
    // The term is that of the contract and reaches back over the earlier licence's.
    let mut act = of_kind(LicenceKind::Exclusive, grant(&world, &[patent], &[owner], second));
    act.term = term("2027-07-01/2028-12-31");
    world.granted(&[owner, second], act);
}

#[test]
fn undisclosed_co_owners_have_what_the_shares_leave() {
    let Market { mut world, owner, first, .. } = market();
    let mut act = world.patent_act(&[world.party_of(owner)]);
    act.undisclosed_owners = 1;
    let patent = world.register(act);
    let mut act = grant(&world, &[patent], &[owner], first);
    act.fee = FeeClass::Royalty;
    refused(&mut world, &[owner, first], act.clone(), Code::FeeShareMissing);
    act.shares = shares(&world, &[(owner, 6000)]);
    world.granted(&[owner, first], act);
}
