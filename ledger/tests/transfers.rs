//! Who may transfer a patent, what bars it, and that it has effect from its registration alone.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::rights::told;
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::licence::Proceeds;
use tongda_ledger::act::member::{Power, Role};
use tongda_ledger::act::party::{Link, PartyKind};
use tongda_ledger::act::patent::{
    Annuity, AnnuityEvent, CoOwnership, Correct, Correction, Freeze, FreezeKind, Life, LifeEvent, Owner,
    Stage,
};
use tongda_ledger::act::pledge::Consent;
use tongda_ledger::act::transfer::{Export, Pricing, Propose, Register, Transferee};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PartyId, PatentId, Rate, RecordId, TransferId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{Patent, Transfer, TransferState};

/// A seller, a buyer and the seller's patent.
fn sale() -> (World, MemberId, MemberId, PatentId) {
    let mut world = World::default();
    let seller = world.member("甲公司（演示）", Role::Enterprise);
    let buyer = world.member("乙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[seller]);
    (world, seller, buyer, patent)
}

fn owners(world: &World, patent: PatentId) -> Vec<PartyId> {
    world.get::<Patent>(patent).owners.iter().map(|owner| owner.party).collect()
}

fn share(basis_points: u16) -> Option<Rate> {
    Some(Rate::try_from(basis_points).unwrap())
}

#[test]
fn a_patent_changes_hands_on_registration_and_not_before() {
    let (mut world, seller, buyer, patent) = sale();
    let before = world.status(patent);
    let transfer = world.proposed(patent, seller, buyer);
    assert_eq!(owners(&world, patent), [world.party_of(seller)]);
    assert_eq!(world.status(patent), before, "a proposal changes nothing of the patent");
    let act = world.transfer_registration(transfer);
    assert_eq!(world.codes(&[EXCHANGE], act.clone()), [Code::RegistrarOnly]);
    let by = world.effect(&[REGISTRAR], act.clone());
    assert_eq!(owners(&world, patent), [world.party_of(buyer)]);
    assert_eq!(world.status(patent).events, before.events + 1);
    let state = world.get::<Transfer>(transfer).state;
    assert!(matches!(state, TransferState::Registered { by: record, .. } if record.position() == by));
    let refusals = world.refusals(&[REGISTRAR], act);
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].code, Code::TransferState);
    assert_eq!(refusals[0].obstacle.unwrap().object_id().position(), by);
}

#[test]
fn only_the_owner_transfers_and_every_transferee_signs() {
    let (mut world, seller, buyer, patent) = sale();
    let act = world.transfer_act(&[patent], &[seller], &[buyer]);
    assert_eq!(world.codes(&[buyer, seller], act.clone()), [Code::NotOwner]);
    assert_eq!(world.codes(&[seller], act.clone()), [Code::TransfereeRequired]);
    assert_eq!(world.codes(&[buyer], act), [Code::NotOwner, Code::CoOwnerConsentRequired]);
    let wrong = world.transfer_act(&[patent], &[buyer], &[seller]);
    assert_eq!(world.codes(&[buyer, seller], wrong), [Code::NotOwner, Code::CoOwnerConsentRequired]);
    let outside = world.party("外部公司（演示）", PartyKind::Private, "CN");
    let mut act = world.transfer_act(&[patent], &[seller], &[buyer]);
    act.to = list(&[Transferee { party: outside, share: None }]);
    let refusals = world.refusals(&[seller], act);
    assert_eq!(refusals.iter().map(told).collect::<Vec<_>>(), [format!("OWNER_NOT_MEMBER - {outside}")]);
}

#[test]
fn co_owners_transfer_together() {
    let (mut world, seller, buyer, _) = sale();
    let third = world.member("丙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[seller, third]);
    let half = world.transfer_act(&[patent], &[seller], &[buyer]);
    let told: Vec<_> = world.refusals(&[seller, buyer], half).iter().map(told).collect();
    assert_eq!(
        told,
        [
            format!("CO_OWNER_CONSENT_REQUIRED {patent} {}", world.party_of(third)),
            format!("CO_OWNER_CONSENT_REQUIRED {patent} {third}"),
        ]
    );
    let act = world.transfer_act(&[patent], &[third, seller], &[buyer]);
    assert_eq!(world.codes(&[seller, buyer], act.clone()), [Code::CoOwnerConsentRequired]);
    world.effect(&[seller, buyer, third], act);
}

#[test]
fn undisclosed_owners_bar_a_transfer() {
    let (mut world, seller, buyer, _) = sale();
    let mut entry = world.patent_act(&[world.party_of(seller)]);
    entry.undisclosed_owners = 1;
    let patent = world.register(entry);
    let act = world.transfer_act(&[patent], &[seller], &[buyer]);
    assert_eq!(world.codes(&[seller, buyer], act), [Code::CoOwnerConsentRequired]);
}

#[test]
fn a_transfer_names_patents_and_parties_once_and_shares_that_sum() {
    let (mut world, seller, buyer, patent) = sale();
    let party = world.party_of(buyer);
    let sound = world.transfer_act(&[patent], &[seller], &[buyer]);
    let spoil = |change: &dyn Fn(&mut Propose)| {
        let mut act = sound.clone();
        change(&mut act);
        act
    };
    let to = |shares: &[Option<Rate>]| {
        list(&shares.iter().map(|share| Transferee { party, share: *share }).collect::<Vec<_>>())
    };
    for (act, code) in [
        (spoil(&|act| act.patents = list(&[])), Code::FieldMissing),
        (spoil(&|act| act.patents = list(&[patent, patent])), Code::DuplicateEntry),
        (spoil(&|act| act.from = list(&[act.from[0], act.from[0]])), Code::DuplicateEntry),
        (spoil(&|act| act.to = list(&[])), Code::OwnersMissing),
        (spoil(&|act| act.to = to(&[None, None])), Code::DuplicateEntry),
        (spoil(&|act| act.to = to(&[share(9_999)])), Code::OwnersShares),
        (
            spoil(&|act| act.to = list(&[Transferee { party: act.from[0], share: None }])),
            Code::DuplicateEntry,
        ),
        (spoil(&|act| act.patents = list(&[PatentId::new(99_999, 0)])), Code::ObjectUnknown),
    ] {
        assert_eq!(world.codes(&[seller, buyer], act.clone()), [code], "{act:?}");
    }
    let act = spoil(&|act| act.to = to(&[share(10_000)]));
    world.effect(&[seller, buyer], act);
}

#[test]
fn the_agreed_shares_become_the_owners_and_the_old_agreement_ends() {
    let (mut world, seller, buyer, _) = sale();
    let third = world.member("丙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[seller, third]);
    let owner = |world: &World, member, basis_points| Owner {
        party: world.party_of(member),
        share: share(basis_points),
    };
    let agreed = list(&[owner(&world, seller, 4_000), owner(&world, third, 6_000)]);
    world.effect(&[seller, third], CoOwnership { patent, owners: agreed, agreement: Hash([9; 32]) });
    assert!(world.get::<Patent>(patent).agreement.is_some());
    let mut act = world.transfer_act(&[patent], &[seller, third], &[third, buyer]);
    act.to[0].share = share(2_500);
    act.to[1].share = share(7_500);
    let position = world.effect(&[seller, third, buyer], act);
    let act = world.transfer_registration(TransferId::new(position, 0));
    world.effect(&[REGISTRAR], act);
    let entry = world.get::<Patent>(patent);
    assert_eq!(*entry.owners, [owner(&world, third, 2_500), owner(&world, buyer, 7_500)]);
    assert_eq!(entry.agreement, None);
}

#[test]
fn what_is_not_in_force_is_not_transferred_but_grace_does_not_bar_nor_that_it_is_not_granted_yet() {
    let (mut world, seller, buyer, patent) = sale();
    let mut entry = world.patent_act(&[world.party_of(seller)]);
    entry.stage = Stage::Application;
    let application = world.register(entry);
    let act = world.transfer_act(&[application], &[seller], &[buyer]);
    world.effect(&[seller, buyer], act);
    let today = world.today();
    let event = AnnuityEvent::Overdue { due: date("2026-01-15") };
    world.effect(&[REGISTRAR], Annuity { patent, year: 7, event, effective: today });
    let transfer = world.proposed(patent, seller, buyer);
    let document = Some(Hash([5; 32]));
    world.effect(&[REGISTRAR], Life { patent, event: LifeEvent::Invalidated, effective: today, document });
    let act = world.transfer_registration(transfer);
    assert_eq!(world.codes(&[REGISTRAR], act), [Code::PatentInvalidated]);
}

#[test]
fn a_frozen_patent_is_neither_proposed_nor_registered_and_the_freeze_is_named() {
    let (mut world, seller, buyer, patent) = sale();
    let transfer = world.proposed(patent, seller, buyer);
    let freeze = Freeze {
        patent,
        kind: FreezeKind::Preservation,
        from: world.today(),
        until: date("2027-01-31"),
        case: text("（2026）京01民初1号"),
    };
    let record = RecordId::new(world.effect(&[COURT], freeze));
    let expected = [format!("PATENT_FROZEN {patent} {record}")];
    let propose = world.transfer_act(&[patent], &[seller], &[buyer]);
    let register = world.transfer_registration(transfer);
    assert_eq!(world.refusals(&[seller, buyer], propose).iter().map(told).collect::<Vec<_>>(), expected);
    assert_eq!(world.refusals(&[REGISTRAR], register).iter().map(told).collect::<Vec<_>>(), expected);
    world.go_to("2027-02-01");
    let register = world.transfer_registration(transfer);
    world.effect(&[REGISTRAR], register);
}

#[test]
fn of_two_proposals_the_first_registered_stands_and_the_other_learns_which() {
    let (mut world, seller, buyer, patent) = sale();
    let other = world.member("丙公司（演示）", Role::Enterprise);
    let first = world.proposed(patent, seller, buyer);
    let second = world.proposed(patent, seller, other);
    let act = world.transfer_registration(second);
    world.effect(&[REGISTRAR], act);
    world.days(1);
    let act = world.transfer_registration(first);
    let refusals = world.refusals(&[REGISTRAR], act);
    assert_eq!(refusals.iter().map(told).collect::<Vec<_>>(), [format!("NOT_OWNER {patent} {second}")]);
    // Even when the seller has the patent back, what it agreed to before is not revived.
    world.transferred(patent, other, seller);
    world.days(1);
    let act = world.transfer_registration(first);
    assert_eq!(world.codes(&[REGISTRAR], act), [Code::NotOwner]);
}

#[test]
fn owners_corrected_since_the_proposal_bar_its_registration() {
    let (mut world, seller, buyer, patent) = sale();
    let transfer = world.proposed(patent, seller, buyer);
    let owners = list(&[Owner { party: world.party_of(buyer), share: None }]);
    let correct =
        Correct { patent, correction: Correction::Owners { owners, undisclosed: 0 }, reason: text("误登") };
    let record = RecordId::new(world.effect(&[REGISTRAR], correct));
    let act = world.transfer_registration(transfer);
    let refusals = world.refusals(&[REGISTRAR], act);
    assert_eq!(refusals.iter().map(told).collect::<Vec<_>>(), [format!("NOT_OWNER {patent} {record}")]);
}

#[test]
fn transfers_are_not_chained_in_one_day() {
    let (mut world, seller, buyer, patent) = sale();
    let first = world.transferred(patent, seller, buyer);
    let back = world.proposed(patent, buyer, seller);
    let act = world.transfer_registration(back);
    let refusals = world.refusals(&[REGISTRAR], act);
    assert_eq!(refusals.iter().map(told).collect::<Vec<_>>(), [format!("TRANSFER_CHAIN {patent} {first}")]);
    world.days(1);
    let act = world.transfer_registration(back);
    world.effect(&[REGISTRAR], act);
}

#[test]
fn a_registration_is_dated_between_the_proposal_and_today() {
    let (mut world, seller, buyer, patent) = sale();
    let transfer = world.proposed(patent, seller, buyer);
    for on in ["2026-11-23", "2026-11-25"] {
        let act = Register { on: date(on), ..world.transfer_registration(transfer) };
        assert_eq!(world.codes(&[REGISTRAR], act), [Code::EffectiveDate], "{on}");
    }
    let act = Register { transfer: TransferId::new(99_999, 0), ..world.transfer_registration(transfer) };
    assert_eq!(world.codes(&[REGISTRAR], act), [Code::ObjectUnknown]);
}

#[test]
fn a_pledged_patent_cannot_be_transferred_without_the_pledgee() {
    let (mut world, seller, buyer, patent) = sale();
    let bank = world.member("银行（演示）", Role::Bank);
    let pledge = world.pledge_registered(patent, seller, bank);
    let bare = world.transfer_act(&[patent], &[seller], &[buyer]);
    let told: Vec<_> = world.refusals(&[seller, buyer], bare.clone()).iter().map(told).collect();
    assert_eq!(
        told,
        [
            format!("PROCEEDS_ALLOCATION_REQUIRED {patent} {pledge}"),
            format!("PLEDGEE_CONSENT_REQUIRED {patent} {pledge}"),
        ]
    );
    assert_eq!(world.codes(&[seller, buyer, bank], bare), [Code::ProceedsAllocationRequired]);
    let act = world.prepaying(&[patent], &[seller], &[buyer]);
    let transfer = TransferId::new(world.effect(&[seller, buyer, bank], act), 0);
    assert_eq!(*world.get::<Transfer>(transfer).consented, [pledge]);
    let act = world.transfer_registration(transfer);
    world.effect(&[REGISTRAR], act);
    assert_eq!(world.status(patent).pledge, Some(pledge), "the pledge follows the patent");
}

#[test]
fn a_pledgee_consents_in_advance_and_takes_its_consent_back() {
    let (mut world, seller, buyer, patent) = sale();
    let bank = world.member("银行（演示）", Role::Bank);
    let pledge = world.pledge_registered(patent, seller, bank);
    let consent = |until| Consent {
        pledge,
        act: kit::rights::kind("transfer.propose"),
        conditions: None,
        until: date(until),
    };
    world.effect(&[bank], consent("2026-11-30"));
    let act = world.prepaying(&[patent], &[seller], &[buyer]);
    world.effect(&[seller, buyer], act.clone());
    world.effect(&[bank], consent("2026-11-23"));
    assert_eq!(world.codes(&[seller, buyer], act.clone()), [Code::PledgeeConsentRequired]);
    world.effect(&[bank], consent("2026-11-30"));
    world.go_to("2026-12-01");
    assert_eq!(world.codes(&[seller, buyer], act), [Code::PledgeeConsentRequired]);
}

#[test]
fn a_pledge_registered_since_the_proposal_asks_its_pledgee_and_an_allocation() {
    let (mut world, seller, buyer, patent) = sale();
    let bank = world.member("银行（演示）", Role::Bank);
    let bare = world.proposed(patent, seller, buyer);
    let allocated = world.prepaying(&[patent], &[seller], &[buyer]);
    let allocated = TransferId::new(world.effect(&[seller, buyer], allocated), 0);
    let pledge = world.pledge_registered(patent, seller, bank);
    let act = world.transfer_registration(bare);
    assert_eq!(world.codes(&[REGISTRAR, bank], act), [Code::ProceedsAllocationRequired]);
    let act = world.transfer_registration(allocated);
    let refusals = world.refusals(&[REGISTRAR], act.clone());
    assert_eq!(
        refusals.iter().map(told).collect::<Vec<_>>(),
        [format!("PLEDGEE_CONSENT_REQUIRED {patent} {pledge}")]
    );
    world.effect(&[REGISTRAR, bank], act);
}

/// A foreign company that is a member.
fn foreigner(world: &mut World) -> (MemberId, PartyId) {
    let member = world.member("Foreign Co. (demo)", Role::Enterprise);
    let party = world.party("Foreign Co. (demo)", PartyKind::Private, "DE");
    let link = Link { member, parties: list(&[party]), proof: Hash([6; 32]) };
    world.effect(&[REGISTRAR, member], link);
    (member, party)
}

#[test]
fn a_patent_goes_abroad_with_the_export_document_and_for_public_funds_with_the_funder() {
    let (mut world, seller, _, patent) = sale();
    let (member, party) = foreigner(&mut world);
    let funder = world.member("项目管理机构（演示）", Role::Funder);
    let to = list(&[Transferee { party, share: None }]);
    let act = |world: &World, patent, export| Propose {
        to: to.clone(),
        export,
        ..world.transfer_act(&[patent], &[seller], &[seller])
    };
    let free = Some(Export::Free { registration: Hash([7; 32]) });
    let sent = act(&world, patent, None);
    assert_eq!(world.codes(&[seller, member], sent), [Code::ExportDocRequired]);
    let sent = act(&world, patent, Some(Export::Banned));
    assert_eq!(world.codes(&[seller, member], sent), [Code::ExportForbidden]);
    let sent = act(&world, patent, free.clone());
    world.effect(&[seller, member], sent);

    let mut entry = world.patent_act(&[world.party_of(seller)]);
    entry.funded = true;
    let funded = world.register(entry);
    let mut sent = act(&world, funded, free);
    assert_eq!(world.codes(&[seller, member], sent.clone()), [Code::FunderApprovalRequired]);
    sent.funder = Some(member);
    assert_eq!(world.codes(&[seller, member], sent.clone()), [Code::FunderApprovalRequired]);
    sent.funder = Some(funder);
    assert_eq!(world.codes(&[seller, member], sent.clone()), [Code::FunderApprovalRequired]);
    let (_, missing) = world.pends(&[seller, member], sent.clone());
    assert_eq!(missing, [funder]);
    world.effect(&[seller, member, funder], sent);
}

#[test]
fn a_university_names_how_the_price_was_found_and_an_agreed_price_has_stood_in_notice() {
    let (mut world, _, buyer, _) = sale();
    let university = world.member("大学（演示）", Role::University);
    let patent = world.patent(&[university]);
    let mut act = world.transfer_act(&[patent], &[university], &[buyer]);
    assert_eq!(world.codes(&[university, buyer], act.clone()), [Code::PricingMethodRequired]);
    for (notice, code) in [
        (None, Some(Code::PublicityPeriod)),
        (Some("2026-11-10/2026-11-23"), Some(Code::PublicityPeriod)),
        (Some("2026-11-10/2026-11-24"), Some(Code::PublicityPeriod)),
        (Some("2026-11-09/2026-11-23"), None),
    ] {
        act.pricing = Some(Pricing::Agreement { notice: notice.map(|notice| notice.parse().unwrap()) });
        match code {
            Some(code) => assert_eq!(world.codes(&[university, buyer], act.clone()), [code], "{notice:?}"),
            None => _ = world.effect(&[university, buyer], act.clone()),
        }
    }
    for pricing in [Pricing::Listing, Pricing::Auction] {
        act.pricing = Some(pricing);
        world.effect(&[university, buyer], act.clone());
    }
}

#[test]
fn an_agent_signs_within_its_power_and_only_for_a_member_that_may_sign_itself() {
    use tongda_ledger::act::member::{StandingChange, Status};
    let (mut world, seller, buyer, patent) = sale();
    let agency = world.member("代理机构（演示）", Role::Agency);
    let other = world.patent(&[seller]);
    let act = world.transfer_act(&[patent], &[seller], &[buyer]);
    let power = |patents: &[PatentId]| Power {
        principal: seller,
        agent: agency,
        acts: list(&[kit::rights::kind("transfer.propose")]),
        patents: list(patents),
        until: date("2027-11-24"),
    };
    world.effect(&[seller], power(&[other]));
    let refused = [Code::NotOwner, Code::CoOwnerConsentRequired];
    assert_eq!(world.codes(&[agency, buyer], act.clone()), refused);
    world.effect(&[seller], power(&[patent]));
    world.effect(&[agency, buyer], act.clone());
    let status = Status { member: seller, change: StandingChange::Suspend, reason: text("测试") };
    world.effect(&[EXCHANGE], status);
    assert_eq!(world.codes(&[agency, buyer], act), refused);
}

#[test]
fn one_transfer_takes_several_patents_and_their_pledgees() {
    let (mut world, seller, buyer, one) = sale();
    let bank = world.member("银行（演示）", Role::Bank);
    let fund = world.member("基金（演示）", Role::Fund);
    let two = world.patent(&[seller]);
    let pledges = [world.pledge_registered(one, seller, bank), world.pledge_registered(two, seller, fund)];
    let mut act = world.prepaying(&[one, two], &[seller], &[buyer]);
    act.proceeds = Some(Proceeds::Deposit);
    assert_eq!(world.codes(&[seller, buyer, bank], act.clone()), [Code::PledgeeConsentRequired]);
    let position = world.effect(&[seller, buyer, bank, fund], act);
    let transfer = TransferId::new(position, 0);
    assert_eq!(*world.get::<Transfer>(transfer).consented, pledges);
    let act = world.transfer_registration(transfer);
    world.effect(&[REGISTRAR], act);
    assert_eq!(owners(&world, one), owners(&world, two));
}

#[test]
fn a_declaration_of_open_licence_is_withdrawn_before_a_transfer() {
    for open in [false, true] {
        let (mut world, seller, buyer, patent) = sale();
        let transfer = world.proposed(patent, seller, buyer);
        let declaration = world.declaration_of(patent, open);
        let expected = [format!("OL_WITHDRAW_FIRST {patent} {declaration}")];
        let act = world.transfer_act(&[patent], &[seller], &[buyer]);
        assert_eq!(world.refusals(&[seller, buyer], act).iter().map(told).collect::<Vec<_>>(), expected);
        let act = world.transfer_registration(transfer);
        assert_eq!(world.refusals(&[REGISTRAR], act).iter().map(told).collect::<Vec<_>>(), expected);
    }
}
