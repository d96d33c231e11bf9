//! When a patent may be declared open, and from when it is.

mod kit;

use kit::licensing::{
    FEE, annuity, close, declare, end, grant, life, names, preservation, refused, term, withdraw,
};
use kit::{COURT, REGISTRAR, World, date, list, text};
use tongda_ledger::act::ActKind;
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::licence::{EndCause, LicenceKind};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::{CloseCause, Declare, FeeStandard};
use tongda_ledger::act::party::PartyKind;
use tongda_ledger::act::patent::{AnnuityEvent, Correct, Correction, FreezeKind, LifeEvent, Stage, Unfreeze};
use tongda_ledger::execution::Judgement;
use tongda_ledger::identifier::{DeclarationId, MemberId, Money, PatentId, Rate, RecordId};
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::state::{
    Declaration, DeclarationState, Life as LifeNow, Parameters, Pledge, PledgeConsent, Read,
};

/// The kind of act `open.declare`.
const DECLARE: ActKind = ActKind { family: 4, kind: 1 };

/// A network with an owner of a patent and somebody who would take a licence.
struct Market {
    world: World,
    owner: MemberId,
    licensee: MemberId,
    patent: PatentId,
}

fn market() -> Market {
    market_with(Parameters::default())
}

fn market_with(parameters: Parameters) -> Market {
    let mut world = World::with_parameters("2026-11-24", parameters);
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let licensee = world.member("乙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    Market { world, owner, licensee, patent }
}

#[test]
fn an_exclusive_or_sole_licence_bars_a_declaration_until_it_ends() {
    for kind in [LicenceKind::Exclusive, LicenceKind::Sole] {
        let Market { mut world, owner, licensee, patent } = market();
        let mut act = grant(&world, &[patent], &[owner], licensee);
        act.kind = kind;
        let licence = world.granted(&[owner, licensee], act);
        let refusal = refused(&mut world, &[owner], declare(patent), Code::OlExclusiveActive);
        names(&refusal, licence);
        assert_eq!(refusal.subject, Some(patent.into()));
        let cure = end(&world, licence, EndCause::Agreement);
        world.effect(&[owner, licensee], cure);
        world.declared(&[owner], declare(patent));
    }
}

#[test]
fn an_exclusive_licence_past_its_last_day_does_not_bar_even_while_it_stands_in_the_list() {
    let Market { mut world, owner, licensee, patent } = market();
    let mut act = grant(&world, &[patent], &[owner], licensee);
    act.kind = LicenceKind::Exclusive;
    let licence = world.granted(&[owner, licensee], act);
    world.go_to("2027-12-31");
    names(&refused(&mut world, &[owner], declare(patent), Code::OlExclusiveActive), licence);
    world.dawn_of("2028-01-01");
    assert_eq!(world.status(patent).exclusive, 1, "no block has removed it");
    world.declared(&[owner], declare(patent));
}

#[test]
fn a_preserved_or_suspended_patent_is_not_declared_until_it_is_free() {
    let Market { mut world, owner, patent, .. } = market();
    let record = RecordId::new(world.effect(&[COURT], preservation(patent, "2027-01-31")));
    names(&refused(&mut world, &[owner], declare(patent), Code::PatentFrozen), record);
    let kind = FreezeKind::Preservation;
    world.effect(&[COURT], Unfreeze { patent, kind, reason: text("撤回申请") });
    let mut suspension = preservation(patent, "2027-01-31");
    suspension.kind = FreezeKind::Suspension;
    let record = RecordId::new(world.effect(&[REGISTRAR], suspension));
    names(&refused(&mut world, &[owner], declare(patent), Code::PatentFrozen), record);
    world.go_to("2027-02-01");
    world.declared(&[owner], declare(patent));
}

#[test]
fn an_overdue_annuity_bars_a_declaration_until_it_is_paid() {
    let Market { mut world, owner, patent, .. } = market();
    world.effect(&[REGISTRAR], annuity(patent, AnnuityEvent::Overdue { due: date("2026-10-15") }));
    let refusal = refused(&mut world, &[owner], declare(patent), Code::AnnuityOverdue);
    assert_eq!(refusal.detail.as_deref(), Some("due 2026-10-15"));
    let amount = Money::from_fen(200_000);
    world.effect(&[REGISTRAR], annuity(patent, AnnuityEvent::Paid { amount, reduction: None }));
    world.declared(&[owner], declare(patent));
}

#[test]
fn a_pledged_patent_is_declared_with_the_pledgee_by_signature_consent_or_gathering() {
    for way in ["signature", "in advance", "gathering"] {
        let Market { mut world, owner, patent, .. } = market();
        let bank = world.member("银行（演示）", Role::Bank);
        let pledge = world.pledged(patent, bank, false);
        let refusal = refused(&mut world, &[owner], declare(patent), Code::PledgeeConsentRequired);
        names(&refusal, pledge);
        match way {
            "signature" => {
                world.declared(&[owner, bank], declare(patent));
            }
            "in advance" => {
                let consent = PledgeConsent { conditions: None, until: date("2026-12-31") };
                world.past_the_rules(|overlay| overlay.put(&(pledge, DECLARE), &consent));
                world.declared(&[owner], declare(patent));
            }
            _ => {
                let (pending, missing) = world.pends(&[owner], declare(patent));
                assert_eq!(missing, [bank]);
                world.effect(&[bank], Give { pending });
            }
        }
        let declaration = world.status(patent).declaration.expect("declared");
        assert_eq!(world.get::<Declaration>(declaration).pledge, Some(pledge));
        let announcement = world.announcement(declaration);
        world.effect(&[REGISTRAR], announcement);
    }
}

#[test]
fn a_terminated_right_is_not_declared_until_it_is_restored() {
    let Market { mut world, owner, patent, .. } = market();
    world.effect(&[REGISTRAR], annuity(patent, AnnuityEvent::Overdue { due: date("2026-01-15") }));
    world.effect(&[REGISTRAR], life(patent, LifeEvent::Lapsed));
    refused(&mut world, &[owner], declare(patent), Code::PatentNotInForce);
    world.effect(&[REGISTRAR], life(patent, LifeEvent::Restored));
    world.declared(&[owner], declare(patent));
}

#[test]
fn a_right_whose_term_is_over_is_not_declared_whether_or_not_it_is_marked_expired() {
    for marked in [false, true] {
        let Market { mut world, owner, patent, .. } = market();
        world.dawn_of("2040-01-15");
        if marked {
            world.block(&[]);
        }
        assert_eq!(world.status(patent).life == LifeNow::Expired, marked);
        let mut act = declare(patent);
        act.term = term("2039-01-01/2040-01-14");
        assert_eq!(world.codes(&[owner], act), [Code::PatentNotInForce, Code::OlTermEnded]);
    }
}

#[test]
fn an_invalidated_right_is_never_declared() {
    let Market { mut world, owner, patent, .. } = market();
    world.effect(&[REGISTRAR], life(patent, LifeEvent::Invalidated));
    refused(&mut world, &[owner], declare(patent), Code::PatentInvalidated);
}

#[test]
fn a_utility_model_needs_an_evaluation_report_and_a_positive_one() {
    let Market { mut world, owner, .. } = market();
    let model = world.utility_model(&[owner]);
    let mut act = declare(model);
    act.term = term("2026-11-24/2030-01-14");
    refused(&mut world, &[owner], act.clone(), Code::EvalReportRequired);
    world.evaluated(model, false);
    refused(&mut world, &[owner], act.clone(), Code::EvalReportNegative);
    world.evaluated(model, true);
    world.declared(&[owner], act);
}

#[test]
fn the_owners_undertake_that_nothing_prevents_implementation() {
    let Market { mut world, owner, patent, .. } = market();
    let mut act = declare(patent);
    act.undertaking = false;
    refused(&mut world, &[owner], act, Code::OlImplementationPrevented);
    world.declared(&[owner], declare(patent));
}

#[test]
fn an_application_is_not_declared_until_it_is_granted() {
    let Market { mut world, owner, .. } = market();
    let mut act = world.patent_act(&[world.party_of(owner)]);
    act.stage = Stage::Application;
    let patent = world.register(act);
    refused(&mut world, &[owner], declare(patent), Code::OlNotGranted);
    world.effect(&[REGISTRAR], life(patent, LifeEvent::Granted { publication: None }));
    world.declared(&[owner], declare(patent));
}

#[test]
fn a_patent_has_one_declaration_at_a_time() {
    let Market { mut world, owner, patent, .. } = market();
    let declaration = world.declared(&[owner], declare(patent));
    names(&refused(&mut world, &[owner], declare(patent), Code::OlAlreadyOpen), declaration);
    let announcement = world.announcement(declaration);
    world.effect(&[REGISTRAR], announcement);
    names(&refused(&mut world, &[owner], declare(patent), Code::OlAlreadyOpen), declaration);
    world.effect(&[owner], withdraw(declaration));
    names(&refused(&mut world, &[owner], declare(patent), Code::OlAlreadyOpen), declaration);
    world.effect(&[REGISTRAR], close(declaration, CloseCause::Withdrawn, "2026-11-24"));
    world.declared(&[owner], declare(patent));
}

#[test]
fn only_an_owner_declares_and_an_owner_that_is_no_member_cannot_yet() {
    let Market { mut world, owner, licensee, patent } = market();
    assert_eq!(world.codes(&[licensee], declare(patent)), [Code::NotOwner, Code::CoOwnerConsentRequired]);
    let stranger = world.party("丙公司（演示）", PartyKind::Unknown, "CN");
    let act = world.patent_act(&[world.party_of(owner), stranger]);
    let shared = world.register(act);
    names(&refused(&mut world, &[owner], declare(shared), Code::OwnerNotMember), stranger);
    let mut act = world.patent_act(&[world.party_of(owner)]);
    act.undisclosed_owners = 1;
    let undisclosed = world.register(act);
    refused(&mut world, &[owner], declare(undisclosed), Code::CoOwnerConsentRequired);
}

#[test]
fn all_co_owners_declare_in_one_envelope_or_one_after_the_other_in_any_order() {
    let Market { mut world, owner, .. } = market();
    let second = world.member("丙大学（演示）", Role::University);
    let third = world.member("丁研究所（演示）", Role::ResearchInstitute);
    let owners = [owner, second, third];
    let one = world.patent(&owners);
    assert_eq!(world.refusals(&[owner], declare(one)).len(), 2);
    names(&refused(&mut world, &[owner, third], declare(one), Code::CoOwnerConsentRequired), second);
    world.declared(&owners, declare(one));
    for order in [[second, third], [third, second]] {
        let patent = world.patent(&owners);
        let (pending, missing) = world.pends(&[owner], declare(patent));
        assert_eq!(missing, [second, third]);
        world.effect(&[order[0]], Give { pending });
        assert_eq!(world.status(patent).declaration, None);
        let position = world.effect(&[order[1]], Give { pending });
        let declaration = DeclarationId::new(position, 0);
        assert_eq!(world.status(patent).declaration, Some(declaration));
        assert_eq!(world.get::<Declaration>(declaration).state, DeclarationState::Declared);
    }
}

#[test]
fn a_consent_no_longer_counts_once_an_exclusive_licence_came_in_between() {
    let Market { mut world, owner, licensee, .. } = market();
    let second = world.member("丙大学（演示）", Role::University);
    let patent = world.patent(&[owner, second]);
    let (pending, _) = world.pends(&[owner], declare(patent));
    let mut act = grant(&world, &[patent], &[owner, second], licensee);
    act.kind = LicenceKind::Exclusive;
    let licence = world.granted(&[owner, second, licensee], act);
    let refusals = world.refusals(&[second], Give { pending });
    let codes: Vec<_> = refusals.iter().map(|refusal| refusal.code).collect();
    assert_eq!(codes, [Code::PendingStale, Code::OlExclusiveActive]);
    names(&refusals[1], licence);
    assert_eq!(world.status(patent).declaration, None);
}

#[test]
fn the_term_lies_within_the_patents_and_is_long_enough_for_the_network() {
    let Market { mut world, owner, patent, .. } =
        market_with(Parameters { open_shortest_term: 365, ..Parameters::default() });
    let mut declared = |text: &str, code| {
        let act = Declare { term: term(text), ..declare(patent) };
        refused(&mut world, &[owner], act, code);
    };
    declared("2027-01-01/2040-01-15", Code::OlTermExceedsPatent);
    declared("2021-01-01/2030-12-31", Code::OlTermExceedsPatent);
    declared("2024-01-01/2026-11-23", Code::OlTermEnded);
    declared("2027-01-01/2027-12-30", Code::OlTermTooShort);
    let act = Declare { term: term("2027-01-01/2027-12-31"), ..declare(patent) };
    let short = world.declared(&[owner], act);
    world.effect(&[owner], withdraw(short));
    world.declared(&[owner], Declare { term: term("2022-03-01/2040-01-14"), ..declare(patent) });
}

#[test]
fn a_patent_whose_filing_date_is_unknown_is_declared_once_it_is_entered() {
    let Market { mut world, owner, .. } = market();
    let mut act = world.patent_act(&[world.party_of(owner)]);
    act.filing = None;
    let patent = world.register(act);
    refused(&mut world, &[owner], declare(patent), Code::PatentTermUnknown);
    let correction = Correction::Filing { filing: date("2020-01-15") };
    world.effect(&[REGISTRAR], Correct { patent, correction, reason: text("补登申请日") });
    world.declared(&[owner], declare(patent));
}

#[test]
fn fees_reach_the_guide_and_do_not_pass_it() {
    let Market { mut world, owner, patent, .. } = market();
    let money = Money::from_fen;
    let rate = |points: u16| Rate::try_from(points).unwrap();
    let cap = 2_000_000_000;
    let cases: [(FeeStandard, Option<Code>); 20] = [
        (FeeStandard::Free, None),
        (FeeStandard::Lump { amount: money(cap) }, None),
        (FeeStandard::Lump { amount: money(cap + 1) }, Some(Code::OlFeeAboveGuide)),
        (FeeStandard::Lump { amount: money(0) }, Some(Code::OlFieldMissing)),
        (FeeStandard::Instalments { each: money(cap / 4), count: 4 }, None),
        (FeeStandard::Instalments { each: money(cap / 4 + 1), count: 4 }, Some(Code::OlFeeAboveGuide)),
        (FeeStandard::Instalments { each: money(u64::MAX / 2), count: 3 }, Some(Code::OlFeeAboveGuide)),
        (FeeStandard::Instalments { each: money(100), count: 1 }, Some(Code::OlFieldMissing)),
        (FeeStandard::Instalments { each: money(0), count: 2 }, Some(Code::OlFieldMissing)),
        (FeeStandard::RoyaltyNetSales { rate: rate(2000) }, None),
        (FeeStandard::RoyaltyNetSales { rate: rate(2001) }, Some(Code::OlFeeAboveGuide)),
        (FeeStandard::RoyaltyNetSales { rate: rate(0) }, Some(Code::OlFieldMissing)),
        (FeeStandard::RoyaltyProfit { rate: rate(4000) }, None),
        (FeeStandard::RoyaltyProfit { rate: rate(4001) }, Some(Code::OlFeeAboveGuide)),
        (FeeStandard::RoyaltyPerUnit { amount: money(100) }, None),
        (FeeStandard::RoyaltyPerUnit { amount: money(0) }, Some(Code::OlFieldMissing)),
        (FeeStandard::EntryAndRoyalty { entry: money(cap), rate: rate(2000) }, None),
        (FeeStandard::EntryAndRoyalty { entry: money(cap + 1), rate: rate(1) }, Some(Code::OlFeeAboveGuide)),
        (FeeStandard::EntryAndRoyalty { entry: money(1), rate: rate(2001) }, Some(Code::OlFeeAboveGuide)),
        (FeeStandard::EntryAndRoyalty { entry: money(0), rate: rate(1) }, Some(Code::OlFieldMissing)),
    ];
    for (fee, code) in cases {
        let act = Declare { fee: fee.clone(), ..declare(patent) };
        match code {
            Some(code) => {
                refused(&mut world, &[owner], act, code);
            }
            None => {
                let declaration = world.declared(&[owner], act);
                world.effect(&[owner], withdraw(declaration));
            }
        }
    }
}

#[test]
fn a_declaration_states_facts_and_is_not_too_long() {
    let Market { mut world, owner, patent, .. } = market();
    let long = Declare { calculation: text(&"算".repeat(2001)), ..declare(patent) };
    refused(&mut world, &[owner], long, Code::OlFieldMissing);
    let twice = ["C39".parse().unwrap(), "C39".parse().unwrap()];
    let twice = Declare { industries: list(&twice), ..declare(patent) };
    refused(&mut world, &[owner], twice, Code::DuplicateEntry);
    let praise = Declare { application: Some(text("行业第一品牌首选")), ..declare(patent) };
    let refusal = refused(&mut world, &[owner], praise, Code::OlCommercialText);
    assert_eq!(refusal.detail.as_deref(), Some("第一品牌"));
    let offer = Declare { contact: text("Call now for a special offer"), ..declare(patent) };
    refused(&mut world, &[owner], offer, Code::OlCommercialText);
    let cheap = Declare { calculation: text("限时优惠"), ..declare(patent) };
    refused(&mut world, &[owner], cheap, Code::OlCommercialText);
    world.declared(&[owner], Declare { calculation: text(&"算".repeat(2000)), ..declare(patent) });
}

#[test]
fn a_declaration_is_open_from_its_announcement_by_the_registrar() {
    let Market { mut world, owner, patent, .. } = market();
    let declaration = world.declared(&[owner], declare(patent));
    assert!(!world.status(patent).open);
    let announcement = world.announcement(declaration);
    refused(&mut world, &[owner], announcement.clone(), Code::RegistrarOnly);
    let mut early = announcement.clone();
    early.on = date("2026-11-25");
    refused(&mut world, &[REGISTRAR], early, Code::EffectiveDate);
    let mut before = announcement.clone();
    before.on = date("2026-11-23");
    refused(&mut world, &[REGISTRAR], before, Code::EffectiveDate);
    world.effect(&[REGISTRAR], announcement.clone());
    let status = world.status(patent);
    assert!(status.open && status.declaration == Some(declaration));
    assert_eq!(world.get::<Declaration>(declaration).state, DeclarationState::Open);
    let refusal = refused(&mut world, &[REGISTRAR], announcement, Code::OlState);
    assert_eq!(refusal.subject, Some(declaration.into()));
}

#[test]
fn the_announcement_asks_for_the_bars_again() {
    let Market { mut world, owner, patent, .. } = market();
    let declaration = world.declared(&[owner], declare(patent));
    let announcement = world.announcement(declaration);
    let bank = world.member("银行（演示）", Role::Bank);
    let pledge = world.pledged(patent, bank, false);
    names(&refused(&mut world, &[REGISTRAR], announcement.clone(), Code::PledgeeConsentRequired), pledge);
    world.past_the_rules(|overlay| {
        let mut agreed: Pledge = overlay.must(&pledge)?;
        agreed.open_continues = true;
        overlay.put(&pledge, &agreed)
    });
    let record = RecordId::new(world.effect(&[COURT], preservation(patent, "2027-01-31")));
    let refusals = world.refusals(&[REGISTRAR], announcement.clone());
    let codes: Vec<_> = refusals.iter().map(|refusal| refusal.code).collect();
    assert_eq!(codes, [Code::OlHalted, Code::PatentFrozen]);
    names(&refusals[0], record);
    world.go_to("2027-02-01");
    refused(&mut world, &[REGISTRAR], announcement, Code::OlHalted);
    world.effect(&[owner], withdraw(declaration));
    assert_eq!(world.status(patent).declaration, None, "never announced, so closed at once");
}

#[test]
fn a_refused_act_changes_nothing_and_of_two_that_race_the_first_stands() {
    let Market { mut world, owner, licensee, patent } = market();
    let before = world.status(patent);
    let mut act = declare(patent);
    act.undertaking = false;
    refused(&mut world, &[owner], act, Code::OlImplementationPrevented);
    assert_eq!(world.status(patent), before);
    let mut exclusive = grant(&world, &[patent], &[owner], licensee);
    exclusive.kind = LicenceKind::Exclusive;
    let position = world.index;
    let envelopes = [
        world.envelope(&[owner], declare(patent), None),
        world.envelope(&[owner, licensee], exclusive, None),
    ];
    let (judgements, _) = world.block(&envelopes);
    assert_eq!(judgements[0], Judgement::Effective);
    let refusal = Refusal::new(Code::OlExclusiveForbidden).about(patent);
    let refusal = refusal.because_of(DeclarationId::new(position, 0));
    assert_eq!(judgements[1], Judgement::Refused(vec![refusal]));
    let status = world.status(patent);
    assert_eq!((status.exclusive, status.events), (0, before.events + 1));
    assert_eq!(world.get::<Declaration>(DeclarationId::new(position, 0)).fee, FEE);
}

#[test]
fn while_a_patent_is_declared_no_exclusive_or_sole_licence_is_granted() {
    let Market { mut world, owner, licensee, patent } = market();
    let declaration = world.declared(&[owner], declare(patent));
    let mut act = grant(&world, &[patent], &[owner], licensee);
    for announced in [false, true] {
        for kind in [LicenceKind::Exclusive, LicenceKind::Sole] {
            act.kind = kind;
            let refusal = refused(&mut world, &[owner, licensee], act.clone(), Code::OlExclusiveForbidden);
            names(&refusal, declaration);
        }
        if !announced {
            let announcement = world.announcement(declaration);
            world.effect(&[REGISTRAR], announcement);
        }
    }
    let ordinary = grant(&world, &[patent], &[owner], licensee);
    world.granted(&[owner, licensee], ordinary);
}
