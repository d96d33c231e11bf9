//! What held of a patent on a day, as known at a time: against the state itself, and against a calendar painted by hand.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{Market, end, grant, market, preservation, withdraw};
use kit::{COURT, REGISTRAR, World, date, list, text};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tongda_ledger::act::Act;
use tongda_ledger::act::licence::{End, EndCause, FeeClass, Grant, LicenceKind, Scope};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::{Announce, Close, CloseCause};
use tongda_ledger::act::patent::{
    Annuity, AnnuityEvent, Correct, Correction, Freeze, FreezeKind, Life as LifeChange, LifeEvent, Owner,
    Unfreeze,
};
use tongda_ledger::act::pledge::{Register as PledgeRegister, Release, ReleaseCause};
use tongda_ledger::act::transfer::{ByLaw, LawfulCause, Transferee};
use tongda_ledger::execution::{Execution, Judgement};
use tongda_ledger::hash::Hash;
use tongda_ledger::history::{Event, History, HistoryError};
use tongda_ledger::identifier::{
    Date, DeclarationId, LicenceId, MemberId, PartyId, PatentId, PledgeId, RecordId, Term, Timestamp,
};
use tongda_ledger::state::{Licence, LicenceState, Life, Patent};

/// Every record of a world that took effect, in the order of the log.
fn events(world: &World) -> Vec<Event> {
    let mut state = world.founded.clone();
    let (mut index, mut events) = (1, Vec::new());
    for (height, (time, envelopes)) in (1..).zip(&world.history) {
        let mut execution = Execution::new(&state, world.network, height, *time, index).unwrap();
        for envelope in envelopes {
            let record = RecordId::new(index + execution.records() as u64);
            if execution.record(envelope).unwrap() == Judgement::Effective {
                events.push(Event { record, time: *time, act: envelope.act().clone() });
            }
        }
        let executed = execution.finish().unwrap();
        state.apply(&executed.writes).unwrap();
        index += u64::from(executed.records) + 1;
    }
    events
}

/// History says of today, as known now, what the state says.
fn agrees_with_the_state(world: &World, patent: PatentId, licences: &[LicenceId]) {
    let history = History::new(patent, events(world)).unwrap();
    let today = world.today();
    let held = history.at(today, world.time).unwrap().unwrap();
    let status = world.status(patent);
    assert_eq!(held.life, Some(status.life_on(today)));
    let entry: Patent = world.get(patent);
    assert_eq!((held.owners, held.undisclosed), (entry.owners.to_vec(), entry.undisclosed_owners));
    assert_eq!(held.pledge, status.pledge);
    let frozen = |frozen: Option<tongda_ledger::state::Frozen>| {
        frozen.filter(|frozen| today <= frozen.until).map(|frozen| frozen.record)
    };
    assert_eq!((held.preserved, held.suspended), (frozen(status.preservation), frozen(status.suspension)));
    let standing = licences.iter().filter(|id| {
        let licence: Licence = world.get(**id);
        licence.state == LicenceState::Active && licence.term.contains(today)
    });
    assert!(held.licences.keys().eq(standing), "{:?}", held.licences);
}

#[test]
fn history_agrees_with_the_state_at_every_step() {
    let Market { mut world, owner, first, second, patent } = market();
    let bank = world.member("银行（演示）", Role::Bank);
    let mut act = grant(&world, &[patent], &[owner], first);
    act.sublicence = true;
    act.term = kit::licensing::term("2026-11-24/2027-12-31");
    let above = world.granted(&[owner, first], act);
    agrees_with_the_state(&world, patent, &[above]);
    let mut act = grant(&world, &[patent], &[first], second);
    act.under = Some(above);
    let below = world.granted(&[first, second], act);
    world.go_to("2027-01-01");
    agrees_with_the_state(&world, patent, &[above, below]);
    let pledge = world.pledge_registered(patent, owner, bank);
    agrees_with_the_state(&world, patent, &[above, below]);
    let release = Release { pledge, cause: ReleaseCause::Paid, on: world.today() };
    world.effect(&[REGISTRAR, bank], release);
    let declaration = world.opened(&[owner], patent);
    let licence = world.licensed(second, declaration);
    agrees_with_the_state(&world, patent, &[above, below, licence]);
    world.effect(&[owner], withdraw(declaration));
    world.effect(&[REGISTRAR], kit::licensing::close(declaration, CloseCause::Withdrawn, "2027-01-01"));
    world.transferred(patent, owner, second);
    agrees_with_the_state(&world, patent, &[above, below, licence]);
    let freeze = Freeze { from: world.today(), ..preservation(patent, "2027-01-31") };
    world.effect(&[COURT], freeze);
    agrees_with_the_state(&world, patent, &[above, below, licence]);
    world.go_to("2027-02-01");
    let act = end(&world, above, EndCause::Agreement);
    world.effect(&[second, first], act);
    agrees_with_the_state(&world, patent, &[above, below, licence]);
    world.go_to("2040-01-15");
    agrees_with_the_state(&world, patent, &[above, below, licence]);
}

/// What held of life on a day, as known at the beginning of another.
fn life(history: &History, day: &str, known: &str) -> Option<Life> {
    history.at(date(day), Timestamp::start_of(date(known))).unwrap().unwrap().life
}

#[test]
fn a_lapse_takes_effect_back_to_the_due_date_and_a_restoration_undoes_it() {
    let Market { mut world, patent, .. } = market();
    let annuity = Annuity {
        patent,
        year: 8,
        event: AnnuityEvent::Overdue { due: date("2026-11-20") },
        effective: world.today(),
    };
    world.effect(&[REGISTRAR], annuity);
    world.go_to("2027-05-21");
    let change =
        |event| LifeChange { patent, event, effective: date("2027-05-21"), document: Some(Hash([5; 32])) };
    world.effect(&[REGISTRAR], change(LifeEvent::Lapsed));
    world.go_to("2027-07-01");
    world.effect(&[REGISTRAR], change(LifeEvent::Restored));
    world.days(1);
    let history = History::new(patent, events(&world)).unwrap();
    assert_eq!(life(&history, "2026-11-25", "2026-11-25"), Some(Life::Grace));
    assert_eq!(life(&history, "2026-11-25", "2027-05-22"), Some(Life::Lapsed));
    assert_eq!(life(&history, "2026-11-19", "2027-05-22"), Some(Life::Granted));
    assert_eq!(life(&history, "2027-06-01", "2027-05-22"), Some(Life::Lapsed));
    assert_eq!(life(&history, "2027-06-01", "2027-07-02"), Some(Life::Granted));
    assert_eq!(life(&history, "2040-01-15", "2027-07-02"), Some(Life::Expired));
}

#[test]
fn an_invalidity_is_from_the_beginning_and_a_correction_from_where_the_wrong_entry_began() {
    let Market { mut world, first, patent, .. } = market();
    world.days(10);
    let owners = list(&[Owner { party: world.party_of(first), share: None }]);
    let correction = Correction::Owners { owners: owners.clone(), undisclosed: 0 };
    world.effect(&[REGISTRAR], Correct { patent, correction, reason: text("误登") });
    world.days(10);
    let act = kit::licensing::life(patent, LifeEvent::Invalidated);
    world.effect(&[REGISTRAR], act);
    world.days(1);
    let history = History::new(patent, events(&world)).unwrap();
    assert_eq!(life(&history, "2022-03-01", "2026-12-05"), Some(Life::Granted));
    assert_eq!(life(&history, "2022-02-28", "2026-12-05"), Some(Life::Application));
    assert_eq!(life(&history, "2020-01-14", "2026-12-05"), None);
    assert_eq!(life(&history, "2022-03-01", "2026-12-15"), Some(Life::Invalidated));
    let owned = |known: &str| {
        let held = history.at(date("2026-11-24"), Timestamp::start_of(date(known))).unwrap().unwrap();
        held.owners
    };
    assert_eq!(owned("2026-12-05"), owners.to_vec());
    assert_ne!(owned("2026-12-01"), owners.to_vec());
    assert_eq!(history.at(date("2026-11-24"), Timestamp::start_of(date("2026-11-23"))), Ok(None));
}

#[test]
fn records_out_of_order_or_left_out_are_noticed() {
    let Market { mut world, owner, first, patent, .. } = market();
    let transfer = world.transferred(patent, owner, first);
    let mut all = events(&world);
    let known = world.time;
    let register = all.last().unwrap().record;
    let mut reversed = all.clone();
    reversed.reverse();
    assert!(matches!(History::new(patent, reversed), Err(HistoryError::Order(_))));
    all.retain(|event| event.record.position() != transfer.position());
    let history = History::new(patent, all).unwrap();
    let missing = HistoryError::Missing { named: transfer.into(), record: register };
    assert_eq!(history.at(world.today(), known), Err(missing));
}

/// Days of the painted calendar.
const DAYS: usize = 80;
const PATENT: PatentId = PatentId::new(1, 0);

fn day(number: usize) -> Date {
    date("2026-11-24").add_days(i32::try_from(number).unwrap())
}

/// A calendar on which each record paints what it changes, over what was there.
#[derive(Clone, Debug)]
struct Calendar {
    grace: Vec<bool>,
    lapsed: Vec<bool>,
    invalid: bool,
    owner: Vec<PartyId>,
    open: Vec<Option<DeclarationId>>,
    pledge: Vec<Option<PledgeId>>,
    preserved: Vec<Option<RecordId>>,
    licences: Vec<BTreeMap<LicenceId, LicenceKind>>,
}

fn paint<T: Clone>(days: &mut [T], from: usize, to: usize, value: &T) {
    days.iter_mut().take(to).skip(from).for_each(|day| *day = value.clone());
}

impl Calendar {
    fn new() -> Self {
        Self {
            grace: vec![false; DAYS],
            lapsed: vec![false; DAYS],
            invalid: false,
            owner: vec![PartyId::new(9, 0); DAYS],
            open: vec![None; DAYS],
            pledge: vec![None; DAYS],
            preserved: vec![None; DAYS],
            licences: vec![BTreeMap::new(); DAYS],
        }
    }

    fn life(&self, day: usize) -> Life {
        match (self.invalid, self.lapsed[day], self.grace[day]) {
            (true, ..) => Life::Invalidated,
            (_, true, _) => Life::Lapsed,
            (.., true) => Life::Grace,
            _ => Life::Granted,
        }
    }
}

/// Makes records that fit one another, and paints the calendar after each.
struct Maker {
    events: Vec<Event>,
    calendar: Calendar,
    painted: Vec<Calendar>,
    today: usize,
    due: Option<usize>,
    frozen_until: Option<usize>,
    declared: Option<DeclarationId>,
    pledge: Option<PledgeId>,
    licences: Vec<(LicenceId, Option<LicenceId>)>,
}

impl Maker {
    fn new() -> Self {
        let mut world = World::default();
        let mut register = world.patent_act(&[PartyId::new(9, 0)]);
        register.number = kit::number("202010000001");
        let time = Timestamp::start_of(day(0));
        let events = vec![Event { record: RecordId::new(1), time, act: register.into() }];
        let calendar = Calendar::new();
        Self {
            events,
            painted: vec![calendar.clone()],
            calendar,
            today: 0,
            due: None,
            frozen_until: None,
            declared: None,
            pledge: None,
            licences: Vec::new(),
        }
    }

    fn enter(&mut self, act: impl Into<Act>) -> u64 {
        let position = self.events.last().unwrap().record.position() + 3;
        let time = Timestamp::start_of(day(self.today));
        self.events.push(Event { record: RecordId::new(position), time, act: act.into() });
        position
    }

    fn halt(&mut self) {
        paint(&mut self.calendar.open, self.today, DAYS, &None);
    }

    fn step(&mut self, what: u8, lag: usize, length: usize) {
        let (today, back) = (self.today, self.today.saturating_sub(lag));
        match what {
            0 if self.due.is_none() => {
                let event = AnnuityEvent::Overdue { due: day(back) };
                self.enter(Annuity { patent: PATENT, year: 7, event, effective: day(today) });
                self.due = Some(back);
                paint(&mut self.calendar.grace, back, DAYS, &true);
                self.halt();
            }
            1 if self.due.is_some() => {
                let change =
                    |event| LifeChange { patent: PATENT, event, effective: day(today), document: None };
                if lag == 0 {
                    let amount = tongda_ledger::identifier::Money::ZERO;
                    let event = AnnuityEvent::Paid { amount, reduction: None };
                    self.enter(Annuity { patent: PATENT, year: 7, event, effective: day(today) });
                } else {
                    self.enter(change(LifeEvent::Lapsed));
                    self.painted.push(self.calendar.clone());
                    paint(&mut self.painted.last_mut().unwrap().lapsed, self.due.unwrap(), DAYS, &true);
                    paint(&mut self.painted.last_mut().unwrap().open, today, DAYS, &None);
                    self.halt();
                    self.enter(change(LifeEvent::Restored));
                }
                paint(&mut self.calendar.grace, today, DAYS, &false);
                self.due = None;
            }
            2 if self.frozen_until.is_none_or(|until| until < today) => {
                let (kind, until) = (FreezeKind::Preservation, today + length);
                let act =
                    Freeze { patent: PATENT, kind, from: day(today), until: day(until), case: text("1号") };
                let record = RecordId::new(self.enter(act));
                paint(&mut self.calendar.preserved, today, until + 1, &Some(record));
                self.frozen_until = Some(until);
                self.halt();
            }
            3 if self.frozen_until.is_some_and(|until| until >= today) => {
                self.enter(Unfreeze {
                    patent: PATENT, kind: FreezeKind::Preservation, reason: text("解除")
                });
                paint(&mut self.calendar.preserved, today, DAYS, &None);
                self.frozen_until = None;
            }
            4 => {
                let party = PartyId::new(1000 + self.events.len() as u64, 0);
                let act = ByLaw {
                    patents: list(&[PATENT]),
                    from: list(&[]),
                    to: list(&[Transferee { party, share: None }]),
                    undisclosed: 0,
                    cause: LawfulCause::Merger,
                    document: None,
                    gazette: None,
                    on: day(back),
                };
                self.enter(act);
                paint(&mut self.calendar.owner, back, DAYS, &party);
                self.halt();
            }
            5 => match self.declared.take() {
                None => {
                    let id = DeclarationId::new(self.enter(kit::licensing::declare(PATENT)), 0);
                    self.painted.push(self.calendar.clone());
                    self.enter(Announce { declaration: id, gazette: text("1"), on: day(today) });
                    self.declared = Some(id);
                    paint(&mut self.calendar.open, today, DAYS, &Some(id));
                }
                Some(declaration) => {
                    let cause = CloseCause::Withdrawn;
                    self.enter(Close { declaration, cause, gazette: text("1"), on: day(today) });
                    self.halt();
                }
            },
            6 => match self.pledge.take() {
                None => {
                    let world = World::default();
                    let apply = world.pledge_act(&[PATENT], &[], MemberId::new(0, 2));
                    let id = PledgeId::new(self.enter(apply), 0);
                    self.painted.push(self.calendar.clone());
                    let number = "Y2026980000001".parse().unwrap();
                    self.enter(PledgeRegister { pledge: id, number, on: day(back) });
                    self.pledge = Some(id);
                    paint(&mut self.calendar.pledge, back, DAYS, &Some(id));
                }
                Some(pledge) => {
                    self.enter(Release { pledge, cause: ReleaseCause::Paid, on: day(today) });
                    paint(&mut self.calendar.pledge, today, DAYS, &None);
                }
            },
            7 => {
                let under = self.licences.get(lag).map(|(id, _)| *id);
                let act = Grant {
                    patents: list(&[PATENT]),
                    licensors: list(&[]),
                    licensee: MemberId::new(0, 2),
                    kind: LicenceKind::Ordinary,
                    scope: Scope::default(),
                    term: Term::new(day(today), day(today + length)).unwrap(),
                    sublicence: true,
                    under,
                    fee: FeeClass::Free,
                    shares: list(&[]),
                    proceeds: None,
                    beside: list(&[]),
                    export: None,
                    funder: None,
                    contract: Hash([1; 32]),
                };
                let id = LicenceId::new(self.enter(act), 0);
                self.licences.push((id, under));
                for day in self.calendar.licences.iter_mut().take(today + length + 1).skip(today) {
                    day.insert(id, LicenceKind::Ordinary);
                }
            }
            8 if lag < self.licences.len() => {
                let (licence, _) = self.licences.remove(lag);
                let (cause, on) = (EndCause::Agreement, day(today));
                self.enter(End { licence, cause, on, document: None, remark: None });
                let mut gone = vec![licence];
                for (id, under) in self.licences.clone() {
                    if under.is_some_and(|under| gone.contains(&under)) {
                        gone.push(id);
                    }
                }
                self.licences.retain(|(id, _)| !gone.contains(id));
                for day in self.calendar.licences.iter_mut().skip(today) {
                    day.retain(|id, _| !gone.contains(id));
                }
            }
            9 if length == 17 => {
                let event = LifeEvent::Invalidated;
                self.enter(LifeChange { patent: PATENT, event, effective: day(today), document: None });
                self.calendar.invalid = true;
                self.halt();
            }
            _ => return,
        }
        self.painted.push(self.calendar.clone());
    }
}

proptest! {
    #[test]
    fn history_is_what_a_painted_calendar_shows(
        steps in proptest::collection::vec((0..10_u8, 1..3_usize, 0..4_usize, 0..18_usize), 1..25)
    ) {
        let mut maker = Maker::new();
        for (what, gap, lag, length) in steps {
            maker.today += gap;
            maker.step(what, lag, length);
        }
        prop_assert_eq!(maker.events.len(), maker.painted.len());
        // As known at each record: the records after it are not known, those of the same block neither.
        for (known, calendar) in maker.painted.iter().enumerate() {
            let history = History::new(PATENT, maker.events[..=known].to_vec()).unwrap();
            for number in 0..DAYS {
                let held = history.at(day(number), maker.events[known].time).unwrap().unwrap();
                let life = calendar.life(number);
                prop_assert_eq!(held.life, Some(life), "day {} after {} records", number, known);
                prop_assert_eq!(held.owners[0].party, calendar.owner[number]);
                let open = calendar.open[number].filter(|_| life == Life::Granted);
                prop_assert_eq!(held.open, open, "day {} after {} records", number, known);
                prop_assert_eq!(held.pledge, calendar.pledge[number]);
                prop_assert_eq!(held.preserved, calendar.preserved[number]);
                prop_assert_eq!(&held.licences, &calendar.licences[number]);
            }
        }
        // The whole history, asked for an earlier time, says what the shorter one said.
        let whole = History::new(PATENT, maker.events.clone()).unwrap();
        for known in &maker.events {
            let last = maker.events.iter().rposition(|event| event.time <= known.time).unwrap();
            let shorter = History::new(PATENT, maker.events[..=last].to_vec()).unwrap();
            prop_assert_eq!(whole.at(day(5), known.time), shorter.at(day(5), known.time));
        }
    }
}
