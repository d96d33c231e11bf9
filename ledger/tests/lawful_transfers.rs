//! Patents that pass to others by law, and patents that are contributed to a company's capital.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{Market, declare, grant, market, names, notice, preservation, refused, withdraw};
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list};
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::licence::Proceeds;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::CloseCause;
use tongda_ledger::act::party::PartyKind;
use tongda_ledger::act::patent::Stage;
use tongda_ledger::act::transfer::{
    ByLaw, CapitalShare, Contribute, ContributionValue, LawfulCause, Pricing, Transferee,
};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{PartyId, PatentId, PledgeId, Rate, RecordId, TransferId, ValuationId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{
    Declaration, DeclarationState, Licence, LicenceState, Patent, Transfer, TransferBasis, TransferGround,
    TransferState,
};

fn by_law(world: &World, patent: PatentId, to: PartyId, cause: LawfulCause) -> ByLaw {
    let owners: Vec<_> = world.get::<Patent>(patent).owners.iter().map(|owner| owner.party).collect();
    ByLaw {
        patents: list(&[patent]),
        from: list(&owners),
        to: list(&[Transferee { party: to, share: None }]),
        undisclosed: 0,
        cause,
        document: Some(Hash([6; 32])),
        gazette: None,
        on: world.today(),
    }
}

#[test]
fn a_document_stands_for_the_old_owner_s_signature_and_the_chain_of_title_goes_on() {
    let Market { mut world, first, patent, .. } = market();
    let heir = world.party("戊公司（演示）", PartyKind::Private, "CN");
    let act = by_law(&world, patent, heir, LawfulCause::Merger);
    refused(&mut world, &[EXCHANGE], act.clone(), Code::CourtOnly);
    let bare = ByLaw { document: None, ..act.clone() };
    refused(&mut world, &[REGISTRAR], bare, Code::ProofMissing);
    let stranger = world.party_of(first);
    let wrong = ByLaw { from: list(&[stranger]), ..act.clone() };
    assert_eq!(world.codes(&[REGISTRAR], wrong), [Code::NotOwner, Code::CoOwnerConsentRequired]);
    let position = world.effect(&[REGISTRAR], act);
    let transfer = TransferId::new(position, 0);
    let entry: Patent = world.get(patent);
    assert_eq!((entry.owners[0].party, entry.acquired), (heir, Some(transfer)));
    let (on, by) = (world.today(), RecordId::new(position));
    assert_eq!(world.get::<Transfer>(transfer).state, TransferState::Registered { on, by });
    let basis = TransferBasis::ByLaw { cause: LawfulCause::Merger, gazette: None };
    assert_eq!(world.get::<TransferGround>(transfer).basis, basis);
    let again = by_law(&world, patent, stranger, LawfulCause::Division);
    names(&refused(&mut world, &[REGISTRAR], again.clone(), Code::TransferChain), transfer);
    world.days(1);
    world.effect(&[REGISTRAR], ByLaw { on: world.today(), ..again });
}

#[test]
fn a_freeze_bars_all_but_the_judgment_of_its_own_dispute() {
    let Market { mut world, first, second, patent, .. } = market();
    let frozen = RecordId::new(world.effect(&[COURT], preservation(patent, "2027-01-31")));
    let to = world.party_of(first);
    let merger = by_law(&world, patent, to, LawfulCause::Merger);
    names(&refused(&mut world, &[REGISTRAR], merger, Code::PatentFrozen), frozen);
    let judgment = |preservation| LawfulCause::Judgment { preservation, suspension: None };
    let other = by_law(&world, patent, to, judgment(Some(RecordId::new(3))));
    names(&refused(&mut world, &[COURT], other, Code::PatentFrozen), frozen);
    let act = by_law(&world, patent, to, judgment(Some(frozen)));
    world.effect(&[COURT], act);
    world.go_to("2027-02-01");
    let act = by_law(&world, patent, world.party_of(second), LawfulCause::Bankruptcy);
    world.effect(&[COURT], act);
}

#[test]
fn licences_and_pledge_follow_and_what_was_pending_is_stale() {
    let Market { mut world, owner, first, second, patent } = market();
    let bank = world.member("银行（演示）", Role::Bank);
    let act = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], act);
    let pledge = world.pledge_registered(patent, owner, bank);
    let mut act = grant(&world, &[patent], &[owner], second);
    act.proceeds = Some(Proceeds::Prepay);
    let (pending, _) = world.pends(&[owner, second], act);
    let unknown = PledgeId::new(9_999, 0);
    let to = world.party_of(second);
    let wrong = by_law(&world, patent, to, LawfulCause::PledgeRealised { pledge: unknown });
    assert_eq!(world.codes(&[REGISTRAR], wrong), [Code::ObjectUnknown, Code::PledgeState]);
    let act = by_law(&world, patent, to, LawfulCause::PledgeRealised { pledge });
    world.effect(&[REGISTRAR], act);
    assert_eq!(world.get::<Licence>(licence).state, LicenceState::Active);
    assert_eq!((world.status(patent).pledge, world.status(patent).ordinary), (Some(pledge), 1));
    assert!(world.codes(&[bank], Give { pending }).contains(&Code::PendingStale));
}

#[test]
fn an_open_declaration_is_halted_until_the_new_owner_withdraws_it_and_declares_anew() {
    let Market { mut world, owner, first, second, patent } = market();
    let declaration = world.opened(&[owner], patent);
    let licence = world.licensed(first, declaration);
    let act = by_law(&world, patent, world.party_of(second), LawfulCause::Merger);
    world.effect(&[REGISTRAR], act);
    assert_eq!(world.get::<Declaration>(declaration).state, DeclarationState::Halted);
    refused(&mut world, &[first], notice(declaration), Code::OlHalted);
    assert_eq!(world.get::<Licence>(licence).state, LicenceState::Active, "licences survive");
    names(&refused(&mut world, &[second], declare(patent), Code::OlAlreadyOpen), declaration);
    world.effect(&[second], withdraw(declaration));
    let close = kit::licensing::close(declaration, CloseCause::Withdrawn, "2026-11-24");
    world.effect(&[REGISTRAR], close);
    world.opened(&[second], patent);
}

#[test]
fn it_names_all_owners_from_then_on_and_the_day() {
    let Market { mut world, first, patent, .. } = market();
    let owner = world.get::<Patent>(patent).owners[0].party;
    let act = by_law(&world, patent, owner, LawfulCause::Inheritance);
    refused(&mut world, &[REGISTRAR], act, Code::DuplicateEntry);
    let mut act = by_law(&world, patent, world.party_of(first), LawfulCause::Inheritance);
    act.on = date("2026-11-25");
    refused(&mut world, &[REGISTRAR], act.clone(), Code::EffectiveDate);
    act.on = date("2026-11-24");
    act.to = list(&[]);
    refused(&mut world, &[REGISTRAR], act.clone(), Code::OwnersMissing);
    act.undisclosed = 1;
    world.effect(&[REGISTRAR], act);
    let entry: Patent = world.get(patent);
    assert_eq!((entry.owners.len(), entry.undisclosed_owners), (0, 1));
}

#[test]
fn an_application_is_transferred_like_a_patent() {
    let Market { mut world, owner, first, .. } = market();
    let mut entry = world.patent_act(&[world.party_of(owner)]);
    entry.stage = Stage::Application;
    let application = world.register(entry);
    world.transferred(application, owner, first);
    world.days(1);
    let act = by_law(&world, application, world.party_of(owner), LawfulCause::OtherCause);
    world.effect(&[REGISTRAR], act);
}

fn contribute(world: &World, patent: PatentId, from: PartyId, company: PartyId) -> Contribute {
    Contribute {
        patents: list(&[patent]),
        from: list(&[from]),
        company,
        value: ContributionValue { digest: Hash([4; 32]), on: world.today(), valuation: None },
        capital: list(&[CapitalShare { owner: from, share: Rate::try_from(1250).unwrap() }]),
        pricing: None,
        export: None,
        funder: None,
        proceeds: None,
        contract: Hash([3; 32]),
    }
}

#[test]
fn a_contribution_is_a_transfer_to_the_company_that_has_effect_when_registered() {
    let Market { mut world, owner, first, patent, .. } = market();
    let (from, company) = (world.party_of(owner), world.party_of(first));
    let act = contribute(&world, patent, from, company);
    refused(&mut world, &[owner], act.clone(), Code::TransfereeRequired);
    let (pending, missing) = world.pends(&[owner], act);
    assert_eq!(missing, [first]);
    let transfer = TransferId::new(world.effect(&[first], Give { pending }), 0);
    assert!(matches!(world.get::<TransferGround>(transfer).basis, TransferBasis::Contribution { .. }));
    assert_eq!(world.get::<Patent>(patent).owners[0].party, from);
    let act = world.transfer_registration(transfer);
    world.effect(&[REGISTRAR], act);
    assert_eq!(world.get::<Patent>(patent).owners[0].party, company);
}

#[test]
fn a_contribution_goes_to_a_company_for_shares_on_a_fresh_valuation() {
    let Market { mut world, owner, first, patent, .. } = market();
    let bank = world.member("银行（演示）", Role::Bank);
    let (from, company) = (world.party_of(owner), world.party_of(first));
    let sound = contribute(&world, patent, from, company);
    let to_bank = Contribute { company: world.party_of(bank), ..sound.clone() };
    names(&refused(&mut world, &[owner, bank], to_bank, Code::EquityCompany), world.party_of(bank));
    let share = |owner, points: u16| CapitalShare { owner, share: Rate::try_from(points).unwrap() };
    for capital in
        [vec![], vec![share(from, 0)], vec![share(company, 100)], vec![share(from, 1), share(from, 1)]]
    {
        let act = Contribute { capital: list(&capital), ..sound.clone() };
        refused(&mut world, &[owner, first], act, Code::EquityShare);
    }
    let valued = |on: &str, valuation| ContributionValue { digest: Hash([4; 32]), on: date(on), valuation };
    let act = Contribute { value: valued("2025-11-23", None), ..sound.clone() };
    refused(&mut world, &[owner, first], act, Code::EquityValuation);
    let act = Contribute { value: valued("2026-11-25", None), ..sound.clone() };
    refused(&mut world, &[owner, first], act, Code::EffectiveDate);
    let unknown = Some(ValuationId::new(1 << 40, 0));
    let act = Contribute { value: valued("2025-11-24", unknown), ..sound.clone() };
    refused(&mut world, &[owner, first], act, Code::ObjectUnknown);
    let appraiser = world.member("评估机构（演示）", Role::Appraiser);
    let made = kit::finance::valuation(&world, &[patent]);
    let valuation = Some(ValuationId::new(world.effect(&[appraiser], made), 0));
    let act = Contribute { value: valued("2026-11-24", valuation), ..sound.clone() };
    refused(&mut world, &[owner, first], act, Code::EquityValuation);
    let value = ContributionValue { digest: Hash([0x31; 32]), on: world.today(), valuation };
    let act = Contribute { value, ..sound };
    world.effect(&[owner, first], act);
}

#[test]
fn a_university_that_contributes_names_how_the_price_was_found() {
    let Market { mut world, first, .. } = market();
    let university = world.member("大学（演示）", Role::University);
    let patent = world.patent(&[university]);
    let mut act = contribute(&world, patent, world.party_of(university), world.party_of(first));
    refused(&mut world, &[university, first], act.clone(), Code::PricingMethodRequired);
    act.pricing = Some(Pricing::Agreement { notice: None });
    refused(&mut world, &[university, first], act.clone(), Code::PublicityPeriod);
    act.pricing = Some(Pricing::Listing);
    world.effect(&[university, first], act);
}
