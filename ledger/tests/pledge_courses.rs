//! What happens to a pledge after its registration: changes, notices to the pledgee, default, disposal, revocation.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::finance::{split, yuan};
use kit::rights::told;
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::Act;
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::patent::{Annuity, AnnuityEvent, Freeze, FreezeKind, Life, LifeEvent};
use tongda_ledger::act::pledge::{Change, DebtKind, RegistrationBar, Release, ReleaseCause, Revoke};
use tongda_ledger::act::realisation::{DefaultEvent, DefaultStatement, DisposalMode, Dispose, ProceedsSplit};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, Money, PatentId, PledgeId, RecordId, Term, TransferId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{
    Disposal, Duties, NoticeCause, Pledge, PledgeCourse, PledgeNotice, PledgeState, Read,
};

/// A borrower, a bank, the borrower's two patents and the pledge of both.
struct Loan {
    world: World,
    owner: MemberId,
    bank: MemberId,
    patents: [PatentId; 2],
    pledge: PledgeId,
}

fn loan_up_to(maximum: Option<Money>) -> Loan {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let bank = world.member("银行（演示）", Role::Bank);
    let patents = [world.patent(&[owner]), world.patent(&[owner])];
    let mut act = world.pledge_act(&patents, &[owner], bank);
    act.maximum = maximum;
    let pledge = PledgeId::new(world.effect(&[owner, bank], act), 0);
    let act = world.pledge_registration(pledge);
    world.effect(&[REGISTRAR], act);
    Loan { world, owner, bank, patents, pledge }
}

fn loan() -> Loan {
    loan_up_to(None)
}

impl Loan {
    fn course(&self) -> PledgeCourse {
        self.world.state.find(&self.pledge).unwrap().unwrap_or_default()
    }

    fn all(&self) -> [MemberId; 3] {
        [REGISTRAR, self.owner, self.bank]
    }

    #[track_caller]
    fn told(&mut self, signers: &[MemberId], act: impl Into<Act>) -> Vec<String> {
        self.world.refusals(signers, act).iter().map(told).collect()
    }

    fn duties(&self) -> [u32; 2] {
        [self.owner, self.bank]
            .map(|member| self.world.state.find::<Duties>(&member).unwrap().map_or(0, |duties| duties.open))
    }
}

#[test]
fn both_sides_change_a_pledge_and_the_registrar_registers_it() {
    let mut loan = loan();
    let released = loan.patents[1];
    let debt_term = Term::new(date("2026-11-24"), date("2029-11-23")).unwrap();
    let act = Change {
        debt: Some(DebtKind::Trade),
        contract: Some(Hash([5; 32])),
        debt_term: Some(debt_term),
        scope: Some(text("本金")),
        released: list(&[released]),
        ..loan.world.pledge_change(loan.pledge)
    };
    assert_eq!(loan.world.codes(&[loan.owner, loan.bank], act.clone()), [Code::RegistrarOnly]);
    let (pending, missing) = loan.world.pends(&[REGISTRAR, loan.bank], act);
    assert_eq!(missing, [loan.owner]);
    loan.world.effect(&[loan.owner], Give { pending });
    let pledge = loan.world.get::<Pledge>(loan.pledge);
    assert_eq!(pledge.patents, list(&[loan.patents[0]]));
    assert_eq!((pledge.debt, pledge.contract, pledge.debt_term), (DebtKind::Trade, Hash([5; 32]), debt_term));
    assert_eq!(loan.world.status(released).pledge, None);
    assert_eq!(loan.world.status(loan.patents[0]).pledge, Some(loan.pledge));
    let course = loan.course();
    assert_eq!((course.changes, course.change.map(|change| change.late)), (1, Some(false)));
}

#[test]
fn a_change_needs_the_pledgee_the_pledgor_and_whoever_owns_the_patents_now() {
    let mut loan = loan();
    let buyer = loan.world.member("乙公司（演示）", Role::Enterprise);
    let patent = loan.patents[0];
    let act = loan.world.prepaying(&[patent], &[loan.owner], &[buyer]);
    let transfer = TransferId::new(loan.world.effect(&[loan.owner, buyer, loan.bank], act), 0);
    let act = loan.world.transfer_registration(transfer);
    loan.world.effect(&[REGISTRAR], act);
    let act = Change { debt: Some(DebtKind::Trade), ..loan.world.pledge_change(loan.pledge) };
    let expected = [
        format!("PLEDGE_PLEDGOR_REQUIRED {patent} {buyer}"),
        format!("PLEDGE_PLEDGOR_REQUIRED {} {}", loan.patents[1], loan.owner),
        format!("PLEDGE_PLEDGOR_REQUIRED - {}", loan.owner),
        format!("PLEDGE_PLEDGEE_REQUIRED {} {}", loan.pledge, loan.bank),
    ];
    assert_eq!(loan.told(&[REGISTRAR], act.clone()), expected);
    loan.world.effect(&[REGISTRAR, buyer, loan.owner, loan.bank], act);
}

#[test]
fn a_change_changes_something_and_takes_out_some_of_the_pledges_patents() {
    let mut loan = loan();
    let all = loan.all();
    let pledge = loan.pledge;
    let empty = loan.world.pledge_change(pledge);
    assert_eq!(loan.told(&all, empty.clone()), [format!("PLEDGE_CHANGE_EMPTY {pledge} -")]);
    let same = Change { debt: Some(DebtKind::Loan), ..empty.clone() };
    assert_eq!(loan.world.codes(&all, same), [Code::PledgeChangeEmpty]);
    let other = loan.world.patent(&[loan.owner]);
    let strange = Change { debt: Some(DebtKind::Trade), released: list(&[other]), ..empty.clone() };
    assert_eq!(loan.told(&all, strange), [format!("PLEDGE_CHANGE_PATENTS {other} {pledge}")]);
    let whole = Change { released: list(&loan.patents), ..empty.clone() };
    assert_eq!(loan.told(&all, whole), [format!("PLEDGE_CHANGE_PATENTS - {pledge}")]);
    let one = Change { released: list(&loan.patents[..1]), ..empty };
    loan.world.effect(&all, one);
}

#[test]
fn what_stays_pledged_outlasts_the_debt_and_is_in_force_and_free() {
    let mut loan = loan();
    let all = loan.all();
    let [first, second] = loan.patents;
    let debt_term = Some(Term::new(date("2026-11-24"), date("2040-01-15")).unwrap());
    let act = Change { debt_term, ..loan.world.pledge_change(loan.pledge) };
    assert_eq!(
        loan.told(&all, act),
        [first, second].map(|patent| format!("PLEDGE_DEBT_EXCEEDS_TERM {patent} -"))
    );
    let today = loan.world.today();
    let case = text("（2026）京01民初1号");
    let freeze = Freeze {
        patent: second,
        kind: FreezeKind::Preservation,
        from: today,
        until: date("2027-01-31"),
        case,
    };
    let record = RecordId::new(loan.world.effect(&[COURT], freeze));
    let act = Change { debt: Some(DebtKind::Trade), ..loan.world.pledge_change(loan.pledge) };
    assert_eq!(loan.told(&all, act.clone()), [format!("PATENT_FROZEN {second} {record}")]);
    loan.world.effect(&all, Change { released: list(&[second]), ..act });
}

#[test]
fn a_late_change_is_registered_and_marked_late() {
    let mut loan = loan();
    let all = loan.all();
    let agreed = loan.world.today();
    loan.world.days(30);
    let act = Change { agreed, debt: Some(DebtKind::Trade), ..loan.world.pledge_change(loan.pledge) };
    loan.world.effect(&all, act);
    assert!(!loan.course().change.unwrap().late, "thirty days are in time");
    loan.world.days(1);
    let act = Change { agreed, debt: Some(DebtKind::Other), ..loan.world.pledge_change(loan.pledge) };
    loan.world.effect(&all, act);
    assert!(loan.course().change.unwrap().late);
    let before = Change {
        agreed: date("2026-11-23"),
        debt: Some(DebtKind::Loan),
        ..loan.world.pledge_change(loan.pledge)
    };
    assert_eq!(loan.world.codes(&all, before), [Code::EffectiveDate]);
}

#[test]
fn only_a_maximum_amount_pledge_whose_debt_is_not_fixed_has_its_maximum_changed() {
    let mut plain = loan();
    let all = plain.all();
    let act = Change { maximum: Some(yuan(5)), ..plain.world.pledge_change(plain.pledge) };
    assert_eq!(plain.told(&all, act), [format!("PLEDGE_NOT_MAXIMUM {} -", plain.pledge)]);

    let mut loan = loan_up_to(Some(yuan(5_000_000)));
    let all = loan.all();
    let change = loan.world.pledge_change(loan.pledge);
    let none = Change { maximum: Some(Money::ZERO), ..change.clone() };
    assert_eq!(loan.world.codes(&all, none), [Code::PledgeFieldMissing]);
    loan.world.effect(&all, Change { maximum: Some(yuan(4_000_000)), ..change.clone() });
    assert_eq!(loan.world.get::<Pledge>(loan.pledge).maximum, Some(yuan(4_000_000)));
    loan.world.effect(&all, Change { fixed: Some(loan.world.today()), ..change.clone() });
    let act = Change { maximum: Some(yuan(5_000_000)), ..change };
    assert_eq!(loan.world.codes(&all, act), [Code::PledgeNotMaximum]);
}

#[test]
fn the_end_of_its_term_fixes_the_debt_of_a_maximum_amount_pledge_and_a_longer_term_does_not_unfix_it() {
    let mut loan = loan_up_to(Some(yuan(5_000_000)));
    let all = loan.all();
    loan.world.go_to("2028-11-25");
    let debt_term = Some(Term::new(date("2026-11-24"), date("2030-11-23")).unwrap());
    let act = Change { debt_term, ..loan.world.pledge_change(loan.pledge) };
    loan.world.effect(&all, act);
    assert_eq!(loan.course().fixed, Some(date("2028-11-24")));
    let act = Change { maximum: Some(yuan(9_000_000)), ..loan.world.pledge_change(loan.pledge) };
    assert_eq!(loan.world.codes(&all, act), [Code::PledgeNotMaximum]);
}

#[test]
fn the_pledgee_is_told_what_happens_to_a_pledged_patent() {
    let mut loan = loan();
    let [first, second] = loan.patents;
    let today = loan.world.today();
    let document = Some(Hash([5; 32]));
    let life = |patent, event| Life { patent, event, effective: today, document };
    let freeze = |kind| Freeze {
        patent: first,
        kind,
        from: today,
        until: date("2027-05-01"),
        case: text("（2026）京01民初1号"),
    };
    let annuity = |event| Annuity { patent: first, year: 7, event, effective: today };
    let mut expected = Vec::new();
    let world = &mut loan.world;
    let acts: Vec<(MemberId, Act, PatentId, NoticeCause)> = vec![
        (
            REGISTRAR,
            annuity(AnnuityEvent::Overdue { due: date("2026-01-15") }).into(),
            first,
            NoticeCause::AnnuityOverdue,
        ),
        (REGISTRAR, life(first, LifeEvent::Lapsed).into(), first, NoticeCause::Lapsed),
        (REGISTRAR, life(first, LifeEvent::Restored).into(), first, NoticeCause::Restored),
        (COURT, freeze(FreezeKind::Preservation).into(), first, NoticeCause::Preserved),
        (COURT, freeze(FreezeKind::Suspension).into(), first, NoticeCause::Suspended),
        (
            REGISTRAR,
            life(first, LifeEvent::InvalidationStarted).into(),
            first,
            NoticeCause::InvalidationStarted,
        ),
        (REGISTRAR, life(first, LifeEvent::PartlyInvalidated).into(), first, NoticeCause::PartlyInvalidated),
        (REGISTRAR, life(second, LifeEvent::Invalidated).into(), second, NoticeCause::Invalidated),
    ];
    for (signer, act, patent, cause) in acts {
        let record = RecordId::new(world.effect(&[signer], act));
        expected.push(PledgeNotice { patent, cause, record, on: today });
    }
    let read = |loan: &Loan| {
        let notices = loan.course().notices;
        (0..notices).map(|number| loan.world.get::<PledgeNotice>((loan.pledge, number))).collect::<Vec<_>>()
    };
    assert_eq!(read(&loan), expected);
    assert_eq!(loan.world.state.find::<PledgeNotice>(&(loan.pledge, 8)).unwrap(), None);
    // A patent that is not pledged tells nobody, and an end by time is told as well.
    let free = loan.world.patent(&[loan.owner]);
    loan.world.effect(&[REGISTRAR], life(free, LifeEvent::Invalidated));
    loan.world.go_to("2040-01-15");
    let notices = read(&loan);
    assert_eq!(notices.len(), 9);
    assert_eq!((notices[8].patent, notices[8].cause), (first, NoticeCause::Expired));
}

#[test]
fn an_abandonment_to_which_the_pledgee_consents_is_told_it_too() {
    let mut loan = loan();
    let patent = loan.patents[0];
    let effective = loan.world.today();
    let act = Life { patent, event: LifeEvent::Abandoned, effective, document: None };
    let all = loan.all();
    loan.world.effect(&all, act);
    assert_eq!(loan.world.get::<PledgeNotice>((loan.pledge, 0)).cause, NoticeCause::Abandoned);
}

#[test]
fn a_default_is_stated_by_the_pledgee_once_and_may_be_cured() {
    let mut loan = loan();
    let pledge = loan.pledge;
    let act = loan.world.default_act(pledge);
    let signers = [loan.owner];
    assert_eq!(loan.told(&signers, act.clone()), [format!("PLEDGE_PLEDGEE_REQUIRED {pledge} {}", loan.bank)]);
    let bank = [loan.bank];
    let early = DefaultStatement { on: date("2026-11-23"), ..act.clone() };
    assert_eq!(loan.world.codes(&bank, early), [Code::EffectiveDate]);
    let cured = DefaultStatement { event: DefaultEvent::Cured, ..act.clone() };
    assert_eq!(loan.told(&bank, cured.clone()), [format!("PLEDGE_DEFAULT_STATE {pledge} -")]);
    let record = RecordId::new(loan.world.effect(&bank, act.clone()));
    assert_eq!(loan.told(&bank, act.clone()), [format!("PLEDGE_DEFAULT_STATE {pledge} {record}")]);
    loan.world.effect(&bank, cured);
    assert_eq!(loan.course().default, None);
    loan.world.effect(&bank, act);
}

#[test]
fn a_realised_pledge_has_a_default_a_disposal_and_a_release() {
    let mut loan = loan();
    let buyer = loan.world.member("乙公司（演示）", Role::Enterprise);
    let pledge = loan.pledge;
    let sale = loan.world.sale(pledge, &loan.patents, buyer);
    let signers = [loan.bank, loan.owner];
    assert_eq!(loan.told(&signers, sale.clone()), [format!("DISPOSAL_NO_DEFAULT {pledge} -")]);
    loan.world.defaulted(pledge, loan.bank);
    let release = Release { pledge, cause: ReleaseCause::Realised, on: loan.world.today() };
    let releasing = [REGISTRAR, loan.bank];
    assert_eq!(loan.told(&releasing, release.clone()), [format!("DISPOSAL_NONE {pledge} -")]);
    let owners = loan.world.get::<tongda_ledger::state::Patent>(loan.patents[0]).owners;
    let (pending, missing) = loan.world.pends(&[loan.bank], sale.clone());
    assert_eq!(missing, [loan.owner]);
    let record = RecordId::new(loan.world.effect(&[loan.owner], Give { pending }));
    assert_eq!(loan.course().disposals, list(&[record]));
    assert_eq!(loan.world.get::<Disposal>(record).proceeds, sale.proceeds);
    let [first, second] = loan.patents;
    let again = loan.told(&signers, sale);
    assert_eq!(again, [first, second].map(|patent| format!("DISPOSAL_PATENTS {patent} {record}")));
    assert_eq!(loan.world.get::<tongda_ledger::state::Patent>(first).owners, owners, "title has not moved");
    let cured = DefaultStatement { event: DefaultEvent::Cured, ..loan.world.default_act(pledge) };
    let bank = [loan.bank];
    assert_eq!(loan.told(&bank, cured), [format!("PLEDGE_DEFAULT_STATE {pledge} {record}")]);
    loan.world.effect(&releasing, release);
    assert_eq!(loan.world.status(first).pledge, None);
    assert_eq!(loan.duties(), [0, 0]);
}

#[test]
fn the_proceeds_of_a_disposal_balance_to_the_fen() {
    let mut loan = loan();
    let buyer = loan.world.member("乙公司（演示）", Role::Enterprise);
    loan.world.defaulted(loan.pledge, loan.bank);
    let sale = loan.world.sale(loan.pledge, &loan.patents, buyer);
    let signers = [loan.bank, loan.owner];
    let published = |surplus, deficiency| ProceedsSplit::Published {
        price: yuan(100),
        costs: yuan(1),
        pledgee: yuan(90),
        surplus,
        deficiency,
    };
    for proceeds in [
        published(Money::from_fen(899), Money::ZERO),
        published(Money::from_fen(901), Money::ZERO),
        published(Money::from_fen(u64::MAX), Money::ZERO),
        published(yuan(9), Money::from_fen(1)),
    ] {
        let act = Dispose { proceeds, ..sale.clone() };
        assert_eq!(loan.world.codes(&signers, act), [Code::DisposalProceedsUnbalanced], "{proceeds:?}");
    }
    let proceeds = published(yuan(9), Money::ZERO);
    let act = Dispose { proceeds, patents: list(&loan.patents[..1]), ..sale.clone() };
    loan.world.effect(&signers, act);
    let proceeds = ProceedsSplit::Published {
        price: yuan(100),
        costs: yuan(1),
        pledgee: yuan(99),
        surplus: Money::ZERO,
        deficiency: yuan(5),
    };
    loan.world.effect(&signers, Dispose { proceeds, patents: list(&loan.patents[1..]), ..sale });
}

#[test]
fn at_an_agreed_value_the_pledgee_takes_the_patents_and_an_auction_is_public() {
    let mut loan = loan();
    let buyer = loan.world.member("乙公司（演示）", Role::Enterprise);
    loan.world.defaulted(loan.pledge, loan.bank);
    let signers = [loan.bank, loan.owner];
    let pledge = loan.pledge;
    let withheld = ProceedsSplit::Withheld { digest: Hash([6; 32]) };
    let act = Dispose {
        mode: DisposalMode::AgreedValue,
        proceeds: withheld,
        ..loan.world.sale(pledge, &loan.patents, buyer)
    };
    let party = loan.world.party_of(buyer);
    assert_eq!(loan.told(&signers, act.clone()), [format!("DISPOSAL_BUYER {pledge} {party}")]);
    let auction = Dispose { mode: DisposalMode::Auction, ..act.clone() };
    assert_eq!(loan.told(&signers, auction), [format!("DISPOSAL_FIGURES_REQUIRED {pledge} -")]);
    let other = loan.world.patent(&[loan.owner]);
    let strange = Dispose { patents: list(&[other]), mode: DisposalMode::Sale, ..act.clone() };
    assert_eq!(loan.told(&signers, strange), [format!("DISPOSAL_PATENTS {other} {pledge}")]);
    let act = Dispose { buyer: loan.world.party_of(loan.bank), ..act };
    loan.world.effect(&signers, act);
}

#[test]
fn a_court_disposes_without_the_parties_and_has_the_pledge_struck_out() {
    let mut loan = loan();
    let buyer = loan.world.member("乙公司（演示）", Role::Enterprise);
    loan.world.defaulted(loan.pledge, loan.bank);
    let [first, _] = loan.patents;
    let case = text("（2026）京01民初1号");
    let today = loan.world.today();
    let freeze = Freeze {
        patent: first,
        kind: FreezeKind::Preservation,
        from: today,
        until: date("2027-01-31"),
        case,
    };
    let record = RecordId::new(loan.world.effect(&[COURT], freeze));
    let sale = loan.world.sale(loan.pledge, &loan.patents, buyer);
    let signers = [loan.bank, loan.owner];
    assert_eq!(loan.told(&signers, sale.clone()), [format!("PATENT_FROZEN {first} {record}")]);
    loan.world.effect(&[COURT], sale);
    let release = Release { pledge: loan.pledge, cause: ReleaseCause::Realised, on: today };
    loan.world.effect(&[REGISTRAR, COURT], release);
    assert_eq!(loan.duties(), [0, 0]);
}

#[test]
fn a_maximum_amount_pledge_is_realised_once_its_debt_is_fixed_and_up_to_its_maximum() {
    let mut loan = loan_up_to(Some(yuan(900_000)));
    let buyer = loan.world.member("乙公司（演示）", Role::Enterprise);
    loan.world.defaulted(loan.pledge, loan.bank);
    let pledge = loan.pledge;
    let signers = [loan.bank, loan.owner];
    let sale = loan.world.sale(pledge, &loan.patents, buyer);
    assert_eq!(loan.told(&signers, sale.clone()), [format!("DISPOSAL_DEBT_NOT_FIXED {pledge} -")]);
    let fixed = Change { fixed: Some(loan.world.today()), ..loan.world.pledge_change(pledge) };
    let all = loan.all();
    loan.world.effect(&all, fixed);
    let above = Dispose { proceeds: split(1_000_000, 10_000, 900_001, 89_999), ..sale.clone() };
    assert_eq!(loan.told(&signers, above), [format!("DISPOSAL_ABOVE_MAXIMUM {pledge} -")]);
    let first = Dispose {
        patents: list(&loan.patents[..1]),
        proceeds: split(500_000, 0, 500_000, 0),
        ..sale.clone()
    };
    loan.world.effect(&signers, first);
    let rest = Dispose { patents: list(&loan.patents[1..]), ..sale };
    let above = Dispose { proceeds: split(500_000, 0, 400_001, 99_999), ..rest.clone() };
    assert_eq!(loan.world.codes(&signers, above), [Code::DisposalAboveMaximum]);
    loan.world.effect(&signers, Dispose { proceeds: split(500_000, 0, 400_000, 100_000), ..rest });
}

#[test]
fn a_registration_that_should_have_been_refused_is_revoked_from_its_start() {
    let mut loan = loan();
    let ground = RegistrationBar::SameDay;
    let act = Revoke { pledge: loan.pledge, ground, document: Hash([7; 32]), on: loan.world.today() };
    assert_eq!(loan.world.codes(&[EXCHANGE], act.clone()), [Code::RegistrarOnly]);
    let before = Revoke { on: date("2026-11-23"), ..act.clone() };
    assert_eq!(loan.world.codes(&[REGISTRAR], before), [Code::EffectiveDate]);
    loan.world.effect(&[REGISTRAR], act.clone());
    let pledge = loan.world.get::<Pledge>(loan.pledge);
    assert_eq!(pledge.state, PledgeState::Revoked { ground, on: act.on });
    assert!(pledge.registration.is_some(), "the day from which it is void stays");
    assert_eq!(loan.world.status(loan.patents[0]).pledge, None);
    assert_eq!(loan.duties(), [0, 0]);
    assert_eq!(loan.told(&[REGISTRAR], act), [format!("PLEDGE_STATE {} -", loan.pledge)]);
    loan.world.pledge_registered(loan.patents[0], loan.owner, loan.bank);
}
