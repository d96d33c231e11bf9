//! What bars a pledge, when it arises, and that only the pledgee lets it go.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::rights::{kind, told};
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list, number, text};
use tongda_ledger::act::member::{Role, StandingChange, Status};
use tongda_ledger::act::patent::{
    Annuity, AnnuityEvent, Correct, Correction, Freeze, FreezeKind, Life, LifeEvent, Owner, Stage,
};
use tongda_ledger::act::pledge::{Apply, Consent, Register, Release, ReleaseCause};
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, Money, PatentId, PledgeId, RecordId, Term, TransferId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{Duties, Pledge, PledgeConsent, PledgeState, Read};

/// A borrower, a bank and the borrower's patent.
fn loan() -> (World, MemberId, MemberId, PatentId) {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let bank = world.member("银行（演示）", Role::Bank);
    let patent = world.patent(&[owner]);
    (world, owner, bank, patent)
}

fn release(world: &World, pledge: PledgeId) -> Release {
    Release { pledge, cause: ReleaseCause::Paid, on: world.today() }
}

fn duties(world: &World, member: MemberId) -> u32 {
    world.state.find::<Duties>(&member).unwrap().map_or(0, |duties| duties.open)
}

#[track_caller]
fn told_by(world: &mut World, signers: &[MemberId], act: impl Into<tongda_ledger::act::Act>) -> Vec<String> {
    world.refusals(signers, act).iter().map(told).collect()
}

#[test]
fn a_pledge_arises_with_its_registration_and_ends_with_its_release() {
    let (mut world, owner, bank, patent) = loan();
    let before = world.status(patent);
    let pledge = world.applied(patent, owner, bank);
    assert_eq!(world.status(patent), before, "an application changes nothing of the patent");
    let act = world.pledge_registration(pledge);
    assert_eq!(world.codes(&[EXCHANGE], act.clone()), [Code::RegistrarOnly]);
    world.effect(&[REGISTRAR], act.clone());
    assert_eq!(world.status(patent).pledge, Some(pledge));
    let stored = world.get::<Pledge>(pledge);
    assert_eq!((stored.state, stored.registration), (PledgeState::Registered, Some((act.number, act.on))));
    let act = release(&world, pledge);
    world.effect(&[REGISTRAR, bank], act.clone());
    assert_eq!(world.status(patent).pledge, None);
    assert_eq!(world.codes(&[REGISTRAR, bank], act), [Code::PledgeState]);
    assert_eq!(world.status(patent).events, before.events + 2);
}

#[test]
fn each_bar_in_the_patent_has_its_own_refusal() {
    let (mut world, owner, bank, _) = loan();
    let party = world.party_of(owner);
    let today = world.today();
    let life = |world: &mut World, patent, event| {
        let document = Some(Hash([5; 32]));
        RecordId::new(world.effect(&[REGISTRAR], Life { patent, event, effective: today, document }))
    };
    let mut cases = Vec::new();

    let mut entry = world.patent_act(&[party]);
    entry.stage = Stage::Application;
    let patent = world.register(entry);
    cases.push((patent, format!("PLEDGE_NOT_GRANTED {patent} -")));

    let patent = world.patent(&[owner]);
    life(&mut world, patent, LifeEvent::Invalidated);
    cases.push((patent, format!("PATENT_INVALIDATED {patent} -")));

    let mut entry = world.patent_act(&[party]);
    entry.filing = Some(date("2006-01-15"));
    let patent = world.register(entry);
    cases.push((patent, format!("PATENT_NOT_IN_FORCE {patent} -")));

    let mut entry = world.patent_act(&[party]);
    entry.filing = None;
    let patent = world.register(entry);
    cases.push((patent, format!("PATENT_TERM_UNKNOWN {patent} -")));

    let patent = world.patent(&[owner]);
    let event = AnnuityEvent::Overdue { due: date("2026-01-15") };
    world.effect(&[REGISTRAR], Annuity { patent, year: 7, event, effective: today });
    cases.push((patent, format!("ANNUITY_OVERDUE {patent} -")));

    let patent = world.patent(&[owner]);
    let freeze = Freeze {
        patent,
        kind: FreezeKind::Suspension,
        from: today,
        until: date("2027-01-31"),
        case: text("（2026）京01民初1号"),
    };
    let record = RecordId::new(world.effect(&[COURT], freeze));
    cases.push((patent, format!("PATENT_FROZEN {patent} {record}")));

    let patent = world.patent(&[owner]);
    let pledge = world.pledge_registered(patent, owner, bank);
    cases.push((patent, format!("PLEDGE_ALREADY {patent} {pledge}")));

    let patent = world.patent(&[owner]);
    let record = life(&mut world, patent, LifeEvent::InvalidationStarted);
    cases.push((patent, format!("PLEDGE_INVALIDATION_ACK {patent} {record}")));

    let mut entry = world.patent_act(&[party]);
    entry.number = number("202020000777");
    entry.same_day = Some(number("202010000778"));
    let patent = world.register(entry);
    cases.push((patent, format!("PLEDGE_SAME_DAY_ACK {patent} -")));

    for (patent, expected) in cases {
        let act = world.pledge_act(&[patent], &[owner], bank);
        let told = told_by(&mut world, &[owner, bank], act);
        // A term that is over bars the debt's too.
        let told: Vec<_> = told.into_iter().filter(|told| !told.starts_with("PLEDGE_DEBT")).collect();
        assert_eq!(told, [expected]);
    }
}

#[test]
fn parties_who_insist_pledge_in_spite_of_an_invalidation_or_a_same_day_application() {
    let (mut world, owner, bank, patent) = loan();
    let today = world.today();
    let event = LifeEvent::InvalidationStarted;
    world.effect(&[REGISTRAR], Life { patent, event, effective: today, document: None });
    let mut act = world.pledge_act(&[patent], &[owner], bank);
    act.insist_same_day = true;
    assert_eq!(world.codes(&[owner, bank], act.clone()), [Code::PledgeInvalidationAck]);
    act.insist_invalidation = true;
    let pledge = PledgeId::new(world.effect(&[owner, bank], act), 0);
    let act = world.pledge_registration(pledge);
    world.effect(&[REGISTRAR], act);
}

#[test]
fn a_debt_ends_no_later_than_the_patent() {
    let (mut world, owner, bank, patent) = loan();
    let mut act = world.pledge_act(&[patent], &[owner], bank);
    act.debt_term = Some(Term::new(date("2026-11-24"), date("2040-01-15")).unwrap());
    let refusals = world.refusals(&[owner, bank], act.clone());
    assert_eq!(
        refusals.iter().map(told).collect::<Vec<_>>(),
        [format!("PLEDGE_DEBT_EXCEEDS_TERM {patent} -")]
    );
    assert_eq!(refusals[0].detail.as_deref(), Some("debt until 2040-01-15, patent until 2040-01-14"));
    act.debt_term = Some(Term::new(date("2026-11-24"), date("2040-01-14")).unwrap());
    world.effect(&[owner, bank], act);
}

#[test]
fn the_contract_has_its_contents_and_no_forfeiture() {
    let (mut world, owner, bank, patent) = loan();
    let sound = world.pledge_act(&[patent], &[owner], bank);
    let spoil = |change: &dyn Fn(&mut Apply)| {
        let mut act = sound.clone();
        change(&mut act);
        act
    };
    for (act, codes) in [
        (spoil(&|act| act.debt_term = None), vec![Code::PledgeFieldMissing]),
        (spoil(&|act| act.scope = None), vec![Code::PledgeFieldMissing]),
        (spoil(&|act| act.maximum = Some(Money::ZERO)), vec![Code::PledgeFieldMissing]),
        (spoil(&|act| act.patents = list(&[])), vec![Code::PledgeFieldMissing]),
        (
            spoil(&|act| act.pledgors = list(&[])),
            vec![Code::CoOwnerConsentRequired, Code::PledgeFieldMissing],
        ),
        (spoil(&|act| act.patents = list(&[patent, patent])), vec![Code::DuplicateEntry]),
        (spoil(&|act| act.forfeiture = true), vec![Code::PledgeForfeitureClause]),
        (spoil(&|act| act.pledgee = MemberId::new(99_999, 0)), vec![Code::ObjectUnknown]),
    ] {
        assert_eq!(world.codes(&[owner, bank], act.clone()), codes, "{act:?}");
    }
    let both = spoil(&|act| (act.debt_term, act.scope) = (None, None));
    assert_eq!(world.refusals(&[owner, bank], both).len(), 2, "each missing content is named");
    let act = spoil(&|act| act.maximum = Money::from_yuan(5_000_000));
    let pledge = PledgeId::new(world.effect(&[owner, bank], act), 0);
    assert_eq!(world.get::<Pledge>(pledge).maximum, Money::from_yuan(5_000_000));
}

#[test]
fn all_owners_and_the_pledgee_apply_together_and_either_side_may_bring_it() {
    let (mut world, owner, bank, _) = loan();
    let third = world.member("丙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner, third]);
    let act = world.pledge_act(&[patent], &[owner], bank);
    assert_eq!(
        told_by(&mut world, &[owner, bank], act),
        [
            format!("CO_OWNER_CONSENT_REQUIRED {patent} {}", world.party_of(third)),
            format!("CO_OWNER_CONSENT_REQUIRED {patent} {third}"),
        ]
    );
    let act = world.pledge_act(&[patent], &[owner, third], bank);
    assert_eq!(
        told_by(&mut world, &[owner, third], act.clone()),
        [format!("PLEDGE_PLEDGEE_REQUIRED - {bank}")]
    );
    let stranger = world.member("丁公司（演示）", Role::Enterprise);
    let mut wrong = act.clone();
    wrong.pledgors.push(world.party_of(stranger)).unwrap();
    assert_eq!(world.codes(&[owner, third, bank], wrong), [Code::PledgeNotOwner]);
    assert_eq!(world.codes(&[stranger, owner, third, bank], act.clone()), [Code::PledgeNotOwner]);
    world.effect(&[bank, owner, third], act.clone());
    let (_, missing) = world.pends(&[bank], act);
    assert_eq!(missing, [owner, third]);
}

#[test]
fn of_two_applications_the_first_registered_stands() {
    let (mut world, owner, bank, patent) = loan();
    let fund = world.member("基金（演示）", Role::Fund);
    let first = world.applied(patent, owner, bank);
    let second = world.applied(patent, owner, fund);
    let act = world.pledge_registration(second);
    world.effect(&[REGISTRAR], act);
    let act = world.pledge_registration(first);
    assert_eq!(told_by(&mut world, &[REGISTRAR], act), [format!("PLEDGE_ALREADY {patent} {second}")]);
    let act = release(&world, second);
    world.effect(&[REGISTRAR, fund], act);
    let act = world.pledge_registration(first);
    world.effect(&[REGISTRAR], act);
    assert_eq!(world.status(patent).pledge, Some(first));
}

#[test]
fn owners_changed_since_the_application_bar_its_registration() {
    let (mut world, owner, bank, patent) = loan();
    let buyer = world.member("乙公司（演示）", Role::Enterprise);
    let pledge = world.applied(patent, owner, bank);
    let transfer = world.transferred(patent, owner, buyer);
    let act = world.pledge_registration(pledge);
    assert_eq!(told_by(&mut world, &[REGISTRAR], act), [format!("PLEDGE_NOT_OWNER {patent} {transfer}")]);

    let patent = world.patent(&[owner]);
    let pledge = world.applied(patent, owner, bank);
    let owners = list(&[Owner { party: world.party_of(buyer), share: None }]);
    let correction = Correction::Owners { owners, undisclosed: 0 };
    let record =
        RecordId::new(world.effect(&[REGISTRAR], Correct { patent, correction, reason: text("误登") }));
    let act = world.pledge_registration(pledge);
    assert_eq!(told_by(&mut world, &[REGISTRAR], act), [format!("PLEDGE_NOT_OWNER {patent} {record}")]);
}

#[test]
fn what_arose_since_the_application_bars_its_registration() {
    let (mut world, owner, bank, patent) = loan();
    let pledge = world.applied(patent, owner, bank);
    let today = world.today();
    let event = LifeEvent::InvalidationStarted;
    let record =
        RecordId::new(world.effect(&[REGISTRAR], Life { patent, event, effective: today, document: None }));
    let due = AnnuityEvent::Overdue { due: date("2026-01-15") };
    world.effect(&[REGISTRAR], Annuity { patent, year: 7, event: due, effective: today });
    let act = world.pledge_registration(pledge);
    assert_eq!(
        told_by(&mut world, &[REGISTRAR], act),
        [format!("ANNUITY_OVERDUE {patent} -"), format!("PLEDGE_INVALIDATION_ACK {patent} {record}"),]
    );
}

#[test]
fn a_registration_number_is_a_pledges_and_is_given_once() {
    let (mut world, owner, bank, patent) = loan();
    let other = world.patent(&[owner]);
    let first = world.applied(patent, owner, bank);
    let second = world.applied(other, owner, bank);
    let mut act = world.pledge_registration(first);
    let number = act.number;
    act.number = "X2026980000001".parse().unwrap();
    assert_eq!(world.codes(&[REGISTRAR], act.clone()), [Code::RecordalNumber]);
    act.number = number;
    let record = RecordId::new(world.effect(&[REGISTRAR], act));
    let act = Register { number, ..world.pledge_registration(second) };
    assert_eq!(told_by(&mut world, &[REGISTRAR], act), [format!("RECORDAL_DUPLICATE - {record}")]);
    let act = Register { number: "20084400001234".parse().unwrap(), ..world.pledge_registration(second) };
    world.effect(&[REGISTRAR], act);
}

#[test]
fn a_registration_is_dated_between_the_application_and_today() {
    let (mut world, owner, bank, patent) = loan();
    let pledge = world.applied(patent, owner, bank);
    for on in ["2026-11-23", "2026-11-25"] {
        let act = Register { on: date(on), ..world.pledge_registration(pledge) };
        assert_eq!(world.codes(&[REGISTRAR], act), [Code::EffectiveDate], "{on}");
    }
    let act = world.pledge_registration(pledge);
    world.effect(&[REGISTRAR], act);
    let act = Release { on: date("2026-11-23"), ..release(&world, pledge) };
    assert_eq!(world.codes(&[REGISTRAR, bank], act), [Code::EffectiveDate]);
}

#[test]
fn only_the_pledgee_releases_and_its_release_may_be_waited_for() {
    let (mut world, owner, bank, patent) = loan();
    let pledge = world.pledge_registered(patent, owner, bank);
    let act = release(&world, pledge);
    assert_eq!(
        told_by(&mut world, &[REGISTRAR, owner], act.clone()),
        [format!("PLEDGE_CANCEL_PLEDGEE_SIGN {pledge} {bank}")]
    );
    assert_eq!(world.codes(&[bank], act.clone()), [Code::RegistrarOnly]);
    let (pending, missing) = world.pends(&[REGISTRAR], act);
    assert_eq!(missing, [bank]);
    world.effect(&[bank], tongda_ledger::act::consent::Give { pending });
    assert_eq!(world.status(patent).pledge, None);
}

#[test]
fn a_pledge_binds_both_sides_until_its_release_and_follows_no_owner() {
    let (mut world, owner, bank, patent) = loan();
    let buyer = world.member("乙公司（演示）", Role::Enterprise);
    let applied = world.applied(patent, owner, bank);
    assert_eq!((duties(&world, owner), duties(&world, bank)), (0, 0));
    let act = world.pledge_registration(applied);
    world.effect(&[REGISTRAR], act);
    assert_eq!((duties(&world, owner), duties(&world, bank)), (1, 1));
    let exit = |member| Status { member, change: StandingChange::Exit, reason: text("测试") };
    assert_eq!(world.codes(&[bank, EXCHANGE], exit(bank)), [Code::MemberObligationsOpen]);
    let act = world.prepaying(&[patent], &[owner], &[buyer]);
    let position = world.effect(&[owner, buyer, bank], act);
    let act = world.transfer_registration(TransferId::new(position, 0));
    world.effect(&[REGISTRAR], act);
    assert_eq!((duties(&world, owner), duties(&world, buyer)), (1, 0));
    let act = release(&world, applied);
    world.effect(&[REGISTRAR, bank], act);
    assert_eq!((duties(&world, owner), duties(&world, bank)), (0, 0));
    world.effect(&[bank, EXCHANGE], exit(bank));
}

#[test]
fn only_the_pledgee_consents_in_advance_and_only_to_acts_that_need_it() {
    let (mut world, owner, bank, patent) = loan();
    let applied = world.applied(patent, owner, bank);
    let until = date("2027-01-31");
    let act = |pledge, act| Consent { pledge, act: kind(act), conditions: None, until };
    assert_eq!(world.codes(&[bank], act(applied, "licence.grant")), [Code::PledgeState]);
    let registration = world.pledge_registration(applied);
    world.effect(&[REGISTRAR], registration);
    assert_eq!(world.codes(&[owner], act(applied, "licence.grant")), [Code::PledgeeConsentRequired]);
    assert_eq!(world.codes(&[bank], act(applied, "pledge.apply")), [Code::PledgeConsentKind]);
    for name in ["licence.grant", "transfer.propose", "open.declare", "patent.life"] {
        world.effect(&[bank], act(applied, name));
        assert!(world.state.find::<PledgeConsent>(&(applied, kind(name))).unwrap().is_some());
    }
    let released = release(&world, applied);
    world.effect(&[REGISTRAR, bank], released);
    for name in ["licence.grant", "transfer.propose", "open.declare", "patent.life"] {
        assert_eq!(world.state.find::<PledgeConsent>(&(applied, kind(name))).unwrap(), None);
    }
}

#[test]
fn an_open_patent_is_pledged_if_the_pledgee_agrees_that_it_stays_open() {
    let (mut world, owner, bank, patent) = loan();
    let before = world.applied(patent, owner, bank);
    let declaration = world.declaration_of(patent, true);
    let expected = [format!("PLEDGE_CONTINUATION_REQUIRED {patent} {declaration}")];
    let mut act = world.pledge_act(&[patent], &[owner], bank);
    assert_eq!(told_by(&mut world, &[owner, bank], act.clone()), expected);
    let registration = world.pledge_registration(before);
    assert_eq!(told_by(&mut world, &[REGISTRAR], registration), expected);
    act.open_continues = true;
    let pledge = PledgeId::new(world.effect(&[owner, bank], act), 0);
    let registration = world.pledge_registration(pledge);
    world.effect(&[REGISTRAR], registration);
}

/// A generator of numbers for made races: SplitMix64.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

#[test]
fn of_a_transfer_and_a_pledge_that_race_in_one_block_the_first_stands_and_the_other_learns_which() {
    const SEED: u64 = 20_261_124;
    let mut random = Seeded(SEED);
    let (mut world, owner, bank, _) = loan();
    let buyer = world.member("乙公司（演示）", Role::Enterprise);
    for round in 0..200 {
        let patent = world.patent(&[owner]);
        let act = world.prepaying(&[patent], &[owner], &[buyer]);
        let transfer = TransferId::new(world.effect(&[owner, buyer], act), 0);
        let pledge = world.applied(patent, owner, bank);
        let registration = world.transfer_registration(transfer);
        let transferring = world.envelope(&[REGISTRAR], registration, None);
        let registration = world.pledge_registration(pledge);
        let pledging = world.envelope(&[REGISTRAR], registration, None);
        // Others' records stand between, before and behind them.
        let mut block = Vec::new();
        let transfer_first = random.below(2) == 0;
        let pair = if transfer_first { [transferring, pledging] } else { [pledging, transferring] };
        let mut places = Vec::new();
        for envelope in pair {
            for _ in 0..random.below(3) {
                let party = world.party_of(owner);
                let entry = world.patent_act(&[party]);
                block.push(world.envelope(&[REGISTRAR], entry, None));
            }
            places.push(block.len());
            block.push(envelope);
        }
        let (judgements, executed) = world.block(&block);
        let context = format!("seed {SEED}, round {round}, transfer first: {transfer_first}");
        assert_eq!(executed.records as usize, block.len() - 1, "{context}");
        assert_eq!(judgements[places[0]], Judgement::Effective, "{context}");
        let Judgement::Refused(refusals) = &judgements[places[1]] else { panic!("both stand: {context}") };
        let expected = if transfer_first {
            format!("PLEDGE_NOT_OWNER {patent} {transfer}")
        } else {
            format!("PLEDGEE_CONSENT_REQUIRED {patent} {pledge}")
        };
        assert_eq!(refusals.iter().map(told).collect::<Vec<_>>(), [expected], "{context}");
        let status = world.status(patent);
        assert_eq!(status.pledge, (!transfer_first).then_some(pledge), "{context}");
    }
}
