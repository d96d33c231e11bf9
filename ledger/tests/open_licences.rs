//! Who takes a licence of an open patent, what is paid for it, and how the open licence ends.

mod kit;

use kit::licensing::{close, declare, life, names, notice, pay, preservation, refused, term, withdraw};
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, text};
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::licence::LicenceKind;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::{CloseCause, Declare, FeeStandard};
use tongda_ledger::act::patent::{Evaluation, LifeEvent};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{LicenceId, MemberId, Money, NoticeId, PatentId, Rate, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{
    Declaration, DeclarationState, Duties, Licence, LicenceOrigin, LicenceState, NoticeState, OpenNotice,
    Read,
};

/// A network with an owner of a patent and somebody who would take a licence.
struct Market {
    world: World,
    owner: MemberId,
    licensee: MemberId,
    patent: PatentId,
}

fn market() -> Market {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let licensee = world.member("乙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    Market { world, owner, licensee, patent }
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
    world.go_to("2026-12-10");
    let mut yesterday = notice(declaration);
    yesterday.term = term("2026-12-09/2027-12-31");
    refused(&mut world, &[licensee], yesterday, Code::OlTermsMismatch);
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
    let foreign = world.member_of("Beispiel GmbH", Role::Enterprise, "DE");
    let declaration = world.opened(&[owner], patent);
    names(&refused(&mut world, &[foreign], notice(declaration), Code::ExportDocRequired), foreign);
    let mut act = notice(declaration);
    act.export = Some(Hash([8; 32]));
    world.effect(&[foreign], act);
    let abroad = world.patent(&[foreign]);
    let theirs = world.opened(&[foreign], abroad);
    let other = world.member_of("Example Inc.", Role::Enterprise, "US");
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
fn a_licence_takes_effect_when_notice_and_payment_are_both_there_and_not_after_its_term() {
    let Market { mut world, owner, licensee, patent } = market();
    let declaration = world.opened(&[owner], patent);
    world.go_to("2026-12-10");
    let noticed = world.noticed(licensee, declaration);
    let mut early = pay(&mut world, noticed);
    early.on = date("2026-12-01");
    let licence = LicenceId::new(world.effect(&[licensee, EXCHANGE], early), 0);
    assert_eq!(world.get::<Licence>(licence).effective, date("2026-12-10"));
    let second = world.noticed(licensee, declaration);
    let third = world.noticed(licensee, declaration);
    world.go_to("2026-12-20");
    let later = pay(&mut world, second);
    let licence = LicenceId::new(world.effect(&[licensee, EXCHANGE], later), 0);
    assert_eq!(world.get::<Licence>(licence).effective, date("2026-12-20"));
    world.go_to("2028-01-01");
    let never = pay(&mut world, third);
    refused(&mut world, &[licensee, EXCHANGE], never, Code::OlTermEnded);
}
