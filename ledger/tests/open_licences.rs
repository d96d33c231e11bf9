//! When a patent may be declared open, who takes a licence under it, and how it ends.

mod kit;

use kit::licensing::{FEE, declare, grant, notice, pay, term};
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::licence::{End, EndCause, LicenceKind};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::{Close, CloseCause, Declare, FeeStandard, Withdraw};
use tongda_ledger::act::party::PartyKind;
use tongda_ledger::act::patent::{
    Annuity, AnnuityEvent, Correct, Correction, Evaluation, Freeze, FreezeKind, Life, LifeEvent, Stage,
    Unfreeze,
};
use tongda_ledger::act::{Act, ActKind};
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{
    DeclarationId, LicenceId, MemberId, Money, NoticeId, ObjectRef, PatentId, Rate, RecordId,
};
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::state::{
    Declaration, DeclarationState, Duties, Licence, LicenceOrigin, LicenceState, Life as LifeNow,
    NoticeState, OpenNotice, Parameters, Pledge, PledgeConsent, Read,
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

fn life(patent: PatentId, event: LifeEvent) -> Life {
    Life { patent, event, effective: date("2026-11-24"), document: Some(Hash([5; 32])) }
}

fn annuity(patent: PatentId, event: AnnuityEvent) -> Annuity {
    Annuity { patent, year: 7, event, effective: date("2026-11-24") }
}

fn preservation(patent: PatentId, until: &str) -> Freeze {
    let kind = FreezeKind::Preservation;
    Freeze {
        patent, kind, from: date("2026-11-24"), until: date(until), case: text("（2026）京民初1号")
    }
}

fn withdraw(declaration: DeclarationId) -> Withdraw {
    Withdraw { declaration, reason: text("拟自行实施"), condition: None }
}

fn close(declaration: DeclarationId, cause: CloseCause, on: &str) -> Close {
    Close { declaration, cause, gazette: text("2026-52"), on: date(on) }
}

fn ended(licence: LicenceId) -> End {
    let (on, document) = (date("2026-11-24"), None);
    End { licence, cause: EndCause::Agreement, on, document, remark: None }
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
        let mut end = ended(licence);
        end.on = world.today();
        // The licence begins in 2027 and took effect with its conclusion.
        world.effect(&[owner, licensee], end);
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
fn notice_is_given_of_an_open_declaration_alone() {
    let Market { mut world, owner, licensee, patent } = market();
    let declaration = world.declared(&[owner], declare(patent));
    refused(&mut world, &[licensee], notice(declaration), Code::OlNotOpen);
    let announcement = world.announcement(declaration);
    world.effect(&[REGISTRAR], announcement);
    let events = world.status(patent).events;
    let id = world.noticed(licensee, declaration);
    assert_eq!(world.status(patent).events, events + 1);
    assert_eq!(world.get::<OpenNotice>(id).licensee, licensee);
    let record = RecordId::new(world.effect(&[COURT], preservation(patent, "2027-01-31")));
    names(&refused(&mut world, &[licensee], notice(declaration), Code::OlHalted), record);
    world.effect(&[owner], withdraw(declaration));
    world.effect(&[REGISTRAR], close(declaration, CloseCause::Withdrawn, "2026-11-24"));
    refused(&mut world, &[licensee], notice(declaration), Code::OlNotOpen);
}

#[test]
fn a_negative_evaluation_halts_an_open_declaration() {
    let Market { mut world, owner, licensee, .. } = market();
    let model = world.utility_model(&[owner]);
    world.evaluated(model, true);
    let act = Declare { term: term("2026-11-24/2030-01-14"), ..declare(model) };
    let declaration = world.declared(&[owner], act);
    let announcement = world.announcement(declaration);
    world.effect(&[REGISTRAR], announcement);
    let report = Evaluation { patent: model, positive: false, number: text("PJ-2"), digest: Hash([3; 32]) };
    world.effect(&[REGISTRAR], report);
    refused(&mut world, &[licensee], notice(declaration), Code::OlHalted);
}

#[test]
fn a_notice_is_over_the_announced_terms() {
    let Market { mut world, owner, licensee, patent } = market();
    let declaration = world.opened(&[owner], patent);
    let mut cheaper = notice(declaration);
    cheaper.fee = FeeStandard::Lump { amount: Money::from_fen(1) };
    refused(&mut world, &[licensee], cheaper, Code::OlTermsMismatch);
    for text in ["2027-01-01/2031-01-01", "2026-11-23/2027-12-31"] {
        let mut act = notice(declaration);
        act.term = term(text);
        refused(&mut world, &[licensee], act, Code::OlTermsMismatch);
    }
    world.go_to("2031-01-01");
    let mut late = notice(declaration);
    late.term = term("2031-01-01/2031-12-31");
    refused(&mut world, &[licensee], late, Code::OlTermEnded);
}

#[test]
fn a_notice_of_a_patent_whose_term_is_over_is_refused_before_anything_marks_it_so() {
    let Market { mut world, owner, licensee, patent } = market();
    let act = Declare { term: term("2026-11-24/2040-01-14"), ..declare(patent) };
    let declaration = world.declared(&[owner], act);
    let announcement = world.announcement(declaration);
    world.effect(&[REGISTRAR], announcement);
    world.dawn_of("2040-01-15");
    assert_eq!(world.get::<Declaration>(declaration).state, DeclarationState::Open, "no block has halted it");
    let mut act = notice(declaration);
    act.term = term("2040-01-14/2040-01-14");
    assert_eq!(world.codes(&[licensee], act), [Code::PatentNotInForce, Code::OlTermEnded]);
}

#[test]
fn an_owner_takes_no_open_licence_of_its_own_patent() {
    let Market { mut world, owner, patent, .. } = market();
    let declaration = world.opened(&[owner], patent);
    names(&refused(&mut world, &[owner], notice(declaration), Code::LicenseeOwns), owner);
}

#[test]
fn a_foreign_licensee_of_a_chinese_owner_brings_the_export_document() {
    let Market { mut world, owner, patent, .. } = market();
    let foreign = world.foreign_member("Beispiel GmbH", "DE");
    let declaration = world.opened(&[owner], patent);
    names(&refused(&mut world, &[foreign], notice(declaration), Code::ExportDocRequired), foreign);
    let mut act = notice(declaration);
    act.export = Some(Hash([8; 32]));
    world.effect(&[foreign], act);
    let abroad = world.patent(&[foreign]);
    let theirs = world.opened(&[foreign], abroad);
    let other = world.foreign_member("Example Inc.", "US");
    world.effect(&[other], notice(theirs));
}

#[test]
fn a_payment_brings_the_licence_into_force() {
    let Market { mut world, owner, licensee, patent } = market();
    let declaration = world.opened(&[owner], patent);
    let noticed = world.noticed(licensee, declaration);
    let act = pay(&mut world, noticed);
    let licence = LicenceId::new(world.effect(&[licensee, EXCHANGE], act.clone()), 0);
    assert_eq!(world.get::<OpenNotice>(noticed).state, NoticeState::Licensed { licence });
    let entered: Licence = world.get(licence);
    assert_eq!(entered.origin, LicenceOrigin::Open { notice: noticed });
    assert_eq!((entered.kind, entered.licensee), (LicenceKind::Ordinary, licensee));
    assert_eq!(entered.effective, date("2026-11-24"));
    assert_eq!(world.status(patent).ordinary, 1);
    assert_eq!(world.get::<Duties>(licensee), Duties { open: 1 });
    let again = pay(&mut world, noticed);
    names(&refused(&mut world, &[licensee, EXCHANGE], again, Code::OlState), licence);
    let second = world.noticed(licensee, declaration);
    let mut reused = pay(&mut world, second);
    reused.receipt = act.receipt;
    let refusal = refused(&mut world, &[licensee, EXCHANGE], reused, Code::PaymentDuplicate);
    names(&refusal, RecordId::new(licence.position()));
    world.go_to("2028-01-01");
    assert_eq!(world.get::<Licence>(licence).state, LicenceState::Expired);
    assert_eq!(world.status(patent).ordinary, 0);
    assert_eq!(world.state.find::<Duties>(&licensee), Ok(None));
}

#[test]
fn a_payment_is_of_the_announced_amount_in_yuan_and_not_of_tomorrow() {
    let Market { mut world, owner, licensee, patent } = market();
    let declaration = world.opened(&[owner], patent);
    let noticed = world.noticed(licensee, declaration);
    let good = pay(&mut world, noticed);
    let signers = [licensee, EXCHANGE];
    let mut less = good.clone();
    less.amount = Money::from_fen(4_999_999);
    let refusal = refused(&mut world, &signers, less, Code::OlUnderpaid);
    assert_eq!(refusal.detail.as_deref(), Some("49,999.99 of 50,000.00 yuan"));
    let mut dollars = good.clone();
    dollars.currency = text("USD");
    refused(&mut world, &signers, dollars, Code::PaymentCurrency);
    let mut tomorrow = good.clone();
    tomorrow.on = date("2026-11-25");
    refused(&mut world, &signers, tomorrow, Code::EffectiveDate);
    assert_eq!(world.get::<OpenNotice>(noticed).state, NoticeState::Noticed);
    assert_eq!(world.status(patent).ordinary, 0);
    world.effect(&signers, good);
}

#[test]
fn what_is_due_on_taking_a_licence_follows_from_the_standard() {
    let money = Money::from_fen;
    let rate = Rate::try_from(500).unwrap();
    for (fee, due) in [
        (FeeStandard::Free, 0),
        (FeeStandard::Instalments { each: money(700), count: 3 }, 700),
        (FeeStandard::RoyaltyNetSales { rate }, 0),
        (FeeStandard::RoyaltyProfit { rate }, 0),
        (FeeStandard::RoyaltyPerUnit { amount: money(9) }, 0),
        (FeeStandard::EntryAndRoyalty { entry: money(900), rate }, 900),
    ] {
        let Market { mut world, owner, licensee, patent } = market();
        let declaration = world.declared(&[owner], Declare { fee: fee.clone(), ..declare(patent) });
        let announcement = world.announcement(declaration);
        world.effect(&[REGISTRAR], announcement);
        let mut taken = notice(declaration);
        taken.fee = fee.clone();
        let noticed = NoticeId::new(world.effect(&[licensee], taken), 0);
        let mut act = pay(&mut world, noticed);
        if let Some(less) = money(due).checked_sub(money(1)) {
            act.amount = less;
            refused(&mut world, &[licensee, EXCHANGE], act.clone(), Code::OlUnderpaid);
        }
        act.amount = money(due);
        let licence = LicenceId::new(world.effect(&[licensee, EXCHANGE], act), 0);
        assert_eq!(world.get::<Licence>(licence).fee, fee.class());
    }
}

#[test]
fn an_owner_an_exchange_or_a_bank_confirms_the_payment_and_nobody_else() {
    let Market { mut world, owner, licensee, patent } = market();
    let bank = world.member("银行（演示）", Role::Bank);
    let stranger = world.member("丙公司（演示）", Role::Enterprise);
    let declaration = world.opened(&[owner], patent);
    let noticed = world.noticed(licensee, declaration);
    for wrong in [stranger, licensee] {
        let mut act = pay(&mut world, noticed);
        act.confirmed_by = wrong;
        let refusal = refused(&mut world, &[licensee, stranger], act, Code::OlPaymentUnconfirmed);
        names(&refusal, wrong);
    }
    let unconfirmed = pay(&mut world, noticed);
    names(&refused(&mut world, &[licensee], unconfirmed.clone(), Code::OlPaymentUnconfirmed), EXCHANGE);
    names(&refused(&mut world, &[EXCHANGE], unconfirmed.clone(), Code::LicenseeRequired), licensee);
    let (pending, missing) = world.pends(&[licensee], unconfirmed);
    assert_eq!(missing, [EXCHANGE]);
    let licence = LicenceId::new(world.effect(&[EXCHANGE], Give { pending }), 0);
    assert_eq!(world.get::<OpenNotice>(noticed).state, NoticeState::Licensed { licence });
    for confirming in [owner, bank] {
        let noticed = world.noticed(licensee, declaration);
        let mut act = pay(&mut world, noticed);
        act.confirmed_by = confirming;
        world.effect(&[licensee, confirming], act);
    }
}

#[test]
fn a_bank_that_takes_a_licence_does_not_confirm_its_own_payment() {
    let Market { mut world, owner, patent, .. } = market();
    let bank = world.member("银行（演示）", Role::Bank);
    let declaration = world.opened(&[owner], patent);
    let noticed = world.noticed(bank, declaration);
    let mut act = pay(&mut world, noticed);
    act.confirmed_by = bank;
    refused(&mut world, &[bank], act, Code::OlPaymentUnconfirmed);
}

#[test]
fn a_notice_before_the_announced_end_is_honoured_and_licences_stand() {
    let Market { mut world, owner, licensee, patent } = market();
    let declaration = world.opened(&[owner], patent);
    let licence = world.licensed(licensee, declaration);
    world.effect(&[owner], withdraw(declaration));
    assert!(world.status(patent).open, "open until the end is announced");
    let noticed = world.noticed(licensee, declaration);
    world.effect(&[REGISTRAR], close(declaration, CloseCause::Withdrawn, "2026-11-24"));
    let status = world.status(patent);
    assert!(!status.open && status.declaration.is_none());
    refused(&mut world, &[licensee], notice(declaration), Code::OlNotOpen);
    let act = pay(&mut world, noticed);
    world.effect(&[licensee, EXCHANGE], act);
    assert_eq!(world.get::<Licence>(licence).state, LicenceState::Active);
    assert_eq!(world.status(patent).ordinary, 2);
}

#[test]
fn a_revoked_declaration_carries_no_further_licence() {
    let Market { mut world, owner, licensee, patent } = market();
    let declaration = world.opened(&[owner], patent);
    let noticed = world.noticed(licensee, declaration);
    world.effect(&[REGISTRAR], close(declaration, CloseCause::Revoked, "2026-11-24"));
    let act = pay(&mut world, noticed);
    let refusal = refused(&mut world, &[licensee, EXCHANGE], act, Code::OlNotOpen);
    assert_eq!(refusal.subject, Some(declaration.into()));
}

#[test]
fn a_payment_after_the_right_has_ended_brings_no_licence() {
    let Market { mut world, owner, licensee, patent } = market();
    let declaration = world.opened(&[owner], patent);
    let noticed = world.noticed(licensee, declaration);
    world.effect(&[REGISTRAR], life(patent, LifeEvent::Invalidated));
    let act = pay(&mut world, noticed);
    refused(&mut world, &[licensee, EXCHANGE], act, Code::PatentInvalidated);
}

#[test]
fn a_withdrawal_is_unconditional_and_by_all_owners() {
    let Market { mut world, owner, licensee, .. } = market();
    let second = world.member("丙大学（演示）", Role::University);
    let patent = world.patent(&[owner, second]);
    let declaration = world.opened(&[owner, second], patent);
    let mut conditional = withdraw(declaration);
    conditional.condition = Some(text("如无人反对"));
    refused(&mut world, &[owner, second], conditional, Code::OlWithdrawConditional);
    names(&refused(&mut world, &[owner], withdraw(declaration), Code::CoOwnerConsentRequired), second);
    assert_eq!(
        world.codes(&[licensee], withdraw(declaration)),
        [Code::NotOwner, Code::CoOwnerConsentRequired]
    );
    let (pending, _) = world.pends(&[second], withdraw(declaration));
    let record = RecordId::new(world.effect(&[owner], Give { pending }));
    assert_eq!(world.get::<Declaration>(declaration).withdrawal, Some(record));
    names(&refused(&mut world, &[owner, second], withdraw(declaration), Code::OlState), record);
    world.effect(&[REGISTRAR], close(declaration, CloseCause::Withdrawn, "2026-11-24"));
    refused(&mut world, &[owner, second], withdraw(declaration), Code::OlNotOpen);
}

#[test]
fn a_declaration_that_was_never_announced_is_closed_by_its_withdrawal() {
    let Market { mut world, owner, patent, .. } = market();
    let declaration = world.declared(&[owner], declare(patent));
    world.effect(&[owner], withdraw(declaration));
    let closed = DeclarationState::Closed { cause: CloseCause::Withdrawn, on: date("2026-11-24") };
    assert_eq!(world.get::<Declaration>(declaration).state, closed);
    world.declared(&[owner], declare(patent));
}

#[test]
fn the_registrar_closes_only_with_a_ground() {
    let Market { mut world, owner, patent, .. } = market();
    let declaration = world.opened(&[owner], patent);
    let withdrawn = close(declaration, CloseCause::Withdrawn, "2026-11-24");
    let terminated = close(declaration, CloseCause::Terminated, "2026-11-24");
    refused(&mut world, &[REGISTRAR], withdrawn.clone(), Code::OlState);
    refused(&mut world, &[REGISTRAR], terminated.clone(), Code::OlState);
    let revoked = close(declaration, CloseCause::Revoked, "2026-11-24");
    refused(&mut world, &[owner], revoked.clone(), Code::RegistrarOnly);
    refused(
        &mut world,
        &[REGISTRAR],
        close(declaration, CloseCause::Revoked, "2026-11-25"),
        Code::EffectiveDate,
    );
    refused(
        &mut world,
        &[REGISTRAR],
        close(declaration, CloseCause::Revoked, "2026-11-23"),
        Code::EffectiveDate,
    );
    world.effect(&[COURT], preservation(patent, "2027-01-31"));
    world.effect(&[REGISTRAR], terminated);
    assert_eq!(world.status(patent).declaration, None);
    refused(&mut world, &[REGISTRAR], revoked, Code::OlState);
}

#[test]
fn a_pledge_to_which_nobody_agreed_and_a_term_that_is_over_are_grounds_to_terminate() {
    let Market { mut world, owner, patent, .. } = market();
    let bank = world.member("银行（演示）", Role::Bank);
    let declaration = world.opened(&[owner], patent);
    world.pledged(patent, bank, false);
    world.effect(&[REGISTRAR], close(declaration, CloseCause::Terminated, "2026-11-24"));
    let second = world.declared(&[owner, bank], declare(patent));
    let announcement = world.announcement(second);
    world.effect(&[REGISTRAR], announcement);
    refused(&mut world, &[REGISTRAR], close(second, CloseCause::Terminated, "2026-11-24"), Code::OlState);
    world.go_to("2031-01-01");
    world.effect(&[REGISTRAR], close(second, CloseCause::Terminated, "2031-01-01"));
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
