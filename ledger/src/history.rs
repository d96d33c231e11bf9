//! Answer what held of a patent on a day, as known at a time: two times, from the patent's own records alone.
//!
//! A record says what is so in law from some day on, and is known from its block on; the two differ. A lapse is entered
//! after the grace period and takes effect back to the due date (Rule 115); an invalidity from the beginning (PL 47); a
//! correction from where the wrong entry began; a restoration as if the right had never lapsed. So the answer for a day
//! changes with what has become known since, and both are asked for:
//!
//! ```text
//! history.at(day, known)    what held on `day`, as the records up to `known` tell it
//! ```
//!
//! The records are those that took effect, at the place of the last consent if consents were gathered: the events of the
//! patent's chain, and what these name, the proposal of a transfer or the application for a pledge. What time alone brings
//! about (terms end, freezes run out) needs no record: it follows from the dates.

use crate::act::Act;
use crate::act::licence::LicenceKind;
use crate::act::patent::{AnnuityEvent, Correction, FreezeKind, LifeEvent, Owner, Stage};
use crate::act::transfer::Transferee;
use crate::identifier::{
    Date, DeclarationId, LicenceId, ObjectRef, PatentId, PatentNumber, PledgeId, RecordId, Term, Timestamp,
};
use crate::state::Life;
use std::collections::BTreeMap;

/// A record of a patent: its place and time in the log, and what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The record by which the act took effect.
    pub record: RecordId,
    /// The time of its block.
    pub time: Timestamp,
    /// The act.
    pub act: Act,
}

/// What held of a patent on a day, as known at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its life; none before it was filed.
    pub life: Option<Life>,
    /// Its owners.
    pub owners: Vec<Owner>,
    /// Owners of whom nothing stands on the ledger.
    pub undisclosed: u8,
    /// The declaration by which it was open to new licences.
    pub open: Option<DeclarationId>,
    /// The licences in their term, by kind.
    pub licences: BTreeMap<LicenceId, LicenceKind>,
    /// The registered pledge.
    pub pledge: Option<PledgeId>,
    /// The preservation in effect, by the record that entered it.
    pub preserved: Option<RecordId>,
    /// The suspension in effect.
    pub suspended: Option<RecordId>,
}

/// Why records are no history of a patent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// A record comes before the one in front of it.
    #[error("{0} does not come after the record before it: give the records in the order of the log")]
    Order(RecordId),
    /// A record names something that no record before it made.
    #[error("{record} names {named}, and no record before it made that: a record is missing")]
    Missing {
        /// What is named.
        named: ObjectRef,
        /// The record that names it.
        record: RecordId,
    },
}

/// A patent's records in the order of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    patent: PatentId,
    events: Vec<Event>,
}

impl History {
    /// The history of a patent.
    ///
    /// # Errors
    /// [`HistoryError::Order`] when the records are not in the order of the log.
    pub fn new(patent: PatentId, events: Vec<Event>) -> Result<Self, HistoryError> {
        let reversed = |pair: &[Event]| pair[1].record <= pair[0].record || pair[1].time < pair[0].time;
        match events.windows(2).find(|pair| reversed(pair)) {
            Some(pair) => Err(HistoryError::Order(pair[1].record)),
            None => Ok(Self { patent, events }),
        }
    }

    /// What held on a day, as known at a time; `None` while the patent had not been entered.
    ///
    /// # Errors
    /// [`HistoryError::Missing`] when a record is left out that another one builds on.
    pub fn at(&self, day: Date, known: Timestamp) -> Result<Option<Held>, HistoryError> {
        let mut facts = Facts { patent: self.patent, ..Facts::default() };
        for event in self.events.iter().take_while(|event| event.time <= known) {
            facts.take(event)?;
        }
        Ok(facts.number.is_some().then(|| facts.on(day)))
    }
}

/// From a day on, up to the day before another if it ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Span {
    from: Date,
    end: Option<Date>,
}

impl Span {
    const fn since(from: Date) -> Self {
        Self { from, end: None }
    }

    fn holds(&self, day: Date) -> bool {
        self.from <= day && self.end.is_none_or(|end| day < end)
    }

    /// Ends it on a day, unless it has ended before.
    fn close(&mut self, end: Date) {
        self.end = Some(self.end.map_or(end, |known| known.min(end)));
    }
}

#[derive(Clone, Debug)]
struct LicenceFacts {
    kind: LicenceKind,
    term: Term,
    ended: Option<Date>,
    under: Option<LicenceId>,
}

#[derive(Clone, Debug)]
struct FreezeFacts {
    kind: FreezeKind,
    record: RecordId,
    span: Span,
}

/// What the records say together, by what they are about.
#[derive(Clone, Debug)]
struct Facts {
    patent: PatentId,
    number: Option<PatentNumber>,
    filing: Option<Date>,
    granted: bool,
    grant: Option<Date>,
    term_last: Option<Date>,
    /// Annuities overdue: from the due date to the payment.
    graces: Vec<Span>,
    /// Days from which the right had ended, and how.
    ends: Vec<(Date, Life)>,
    invalid: bool,
    /// Owners from a day on; the first as far back as anything is known.
    owners: Vec<(Option<Date>, Vec<Owner>, u8)>,
    proposed: BTreeMap<u64, Vec<Transferee>>,
    declarations: BTreeMap<DeclarationId, Option<Span>>,
    notices: BTreeMap<u64, Term>,
    licences: BTreeMap<LicenceId, LicenceFacts>,
    pledges: BTreeMap<PledgeId, Option<Span>>,
    freezes: Vec<FreezeFacts>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            patent: PatentId::new(0, 0),
            number: None,
            filing: None,
            granted: false,
            grant: None,
            term_last: None,
            graces: Vec::new(),
            ends: Vec::new(),
            invalid: false,
            owners: Vec::new(),
            proposed: BTreeMap::new(),
            declarations: BTreeMap::new(),
            notices: BTreeMap::new(),
            licences: BTreeMap::new(),
            pledges: BTreeMap::new(),
            freezes: Vec::new(),
        }
    }
}

fn as_owners(transferees: &[Transferee]) -> Vec<Owner> {
    transferees.iter().map(|to| Owner { party: to.party, share: to.share }).collect()
}

impl Facts {
    fn take(&mut self, event: &Event) -> Result<(), HistoryError> {
        let (position, today) = (event.record.position(), event.time.date());
        let missing = |named: ObjectRef| move || HistoryError::Missing { named, record: event.record };
        match &event.act {
            Act::PatentRegister(act) if PatentId::new(position, 0) == self.patent => {
                self.number = Some(act.number);
                self.filing = act.filing;
                if let Stage::Granted { on } = act.stage {
                    (self.granted, self.grant) = (true, on);
                }
                self.owners = vec![(None, act.owners.to_vec(), act.undisclosed_owners)];
                self.term_last = self.term_of_filing();
            }
            Act::PatentAnnuity(act) => match &act.event {
                AnnuityEvent::Overdue { due } => {
                    self.graces.push(Span::since(*due));
                    self.halt(today);
                }
                AnnuityEvent::Paid { .. } => self.close_grace(act.effective),
            },
            Act::PatentLife(act) => {
                self.live(&act.event, act.effective);
                if matches!(
                    act.event,
                    LifeEvent::Lapsed | LifeEvent::Expired | LifeEvent::Abandoned | LifeEvent::Invalidated
                ) {
                    self.halt(today);
                }
            }
            Act::PatentFreeze(act) => {
                let span = Span { from: act.from, end: Some(act.until.next()) };
                self.freezes.push(FreezeFacts { kind: act.kind, record: event.record, span });
                self.halt(today);
            }
            Act::PatentUnfreeze(act) => {
                let of_kind = self.freezes.iter_mut().rev().find(|freeze| freeze.kind == act.kind);
                of_kind.ok_or_else(missing(self.patent.into()))?.span.close(today);
            }
            Act::PatentEvaluation(act) if !act.positive => self.halt(today),
            Act::PatentCoOwnership(act) => self.owned_from(today, act.owners.to_vec(), 0),
            Act::PatentCorrect(act) => self.correct(&act.correction, today),
            Act::TransferPropose(act) => _ = self.proposed.insert(position, act.to.to_vec()),
            Act::ContributeEquity(act) => {
                let company = Transferee { party: act.company, share: None };
                self.proposed.insert(position, vec![company]);
            }
            Act::TransferRegister(act) => {
                let to = self.proposed.get(&act.transfer.position());
                let owners = as_owners(to.ok_or_else(missing(act.transfer.into()))?);
                self.owned_from(act.on, owners, 0);
            }
            Act::TransferByLaw(act) => {
                self.owned_from(act.on, as_owners(&act.to), act.undisclosed);
                self.halt(today);
            }
            Act::OpenDeclare(_) => {
                self.declarations.insert(DeclarationId::new(position, 0), None);
            }
            Act::OpenAnnounce(act) => {
                let declared = self.declarations.get_mut(&act.declaration);
                *declared.ok_or_else(missing(act.declaration.into()))? = Some(Span::since(act.on));
            }
            Act::OpenClose(act) => {
                let declared = self.declarations.get_mut(&act.declaration);
                if let Some(open) = declared.ok_or_else(missing(act.declaration.into()))? {
                    open.close(act.on);
                }
            }
            Act::OpenNotice(act) => _ = self.notices.insert(position, act.term),
            Act::OpenPay(act) => {
                let term =
                    *self.notices.get(&act.notice.position()).ok_or_else(missing(act.notice.into()))?;
                self.license(position, LicenceKind::Ordinary, term, None);
            }
            Act::LicenceGrant(act) if act.patents.contains(&self.patent) => {
                self.license(position, act.kind, act.term, act.under);
            }
            Act::LicenceCompulsory(act) if act.patents.contains(&self.patent) => {
                self.license(position, LicenceKind::Ordinary, act.term, None);
            }
            Act::LicenceChange(act) => {
                let licence = self.licences.get_mut(&act.licence).ok_or_else(missing(act.licence.into()))?;
                licence.term = act.term.unwrap_or(licence.term);
                licence.kind = act.kind.unwrap_or(licence.kind);
            }
            Act::LicenceEnd(act) => {
                let licence = self.licences.get_mut(&act.licence).ok_or_else(missing(act.licence.into()))?;
                licence.ended = Some(act.on);
                self.end_below(act.licence, act.on);
            }
            Act::PledgeApply(_) => _ = self.pledges.insert(PledgeId::new(position, 0), None),
            Act::PledgeRegister(act) => {
                let applied = self.pledges.get_mut(&act.pledge).ok_or_else(missing(act.pledge.into()))?;
                *applied = Some(Span::since(act.on));
            }
            Act::PledgeRelease(act) => {
                let pledge = self.pledges.get_mut(&act.pledge).ok_or_else(missing(act.pledge.into()))?;
                pledge.as_mut().ok_or_else(missing(act.pledge.into()))?.close(act.on);
            }
            _ => {}
        }
        Ok(())
    }

    fn live(&mut self, event: &LifeEvent, effective: Date) {
        match event {
            LifeEvent::Granted { .. } => (self.granted, self.grant) = (true, Some(effective)),
            // As of the due date of the annuity, whenever it is entered.
            LifeEvent::Lapsed => {
                let due = self.graces.last().map_or(effective, |grace| grace.from);
                self.ends.push((due, Life::Lapsed));
            }
            LifeEvent::Restored => {
                self.ends.retain(|(_, how)| *how != Life::Lapsed);
                self.close_grace(effective);
            }
            LifeEvent::Expired => self.ends.push((effective, Life::Expired)),
            LifeEvent::Abandoned => self.ends.push((effective, Life::Abandoned)),
            LifeEvent::Invalidated => self.invalid = true,
            LifeEvent::TermExtended { last } => self.term_last = Some(*last),
            LifeEvent::PartlyInvalidated | LifeEvent::InvalidationStarted | LifeEvent::InvalidationEnded => {}
        }
    }

    fn close_grace(&mut self, on: Date) {
        if let Some(grace) = self.graces.last_mut() {
            grace.close(on);
        }
    }

    fn correct(&mut self, correction: &Correction, today: Date) {
        match correction {
            Correction::Filing { filing } => {
                self.filing = Some(*filing);
                self.term_last = self.term_of_filing();
                // An expiry that rested on the wrong day has not happened.
                let over = self.term_last.is_some_and(|last| last < today);
                self.ends.retain(|(_, how)| *how != Life::Expired || over);
            }
            Correction::Grant { grant } => self.grant = Some(*grant),
            // What was wrong was wrong since it was entered.
            Correction::Owners { owners, undisclosed } => {
                let from = self.owners.last().and_then(|(from, ..)| *from);
                self.owners.pop();
                self.owners.push((from, owners.to_vec(), *undisclosed));
                self.halt(today);
            }
            Correction::Title { .. } | Correction::Class { .. } | Correction::Publication { .. } => {}
        }
    }

    fn term_of_filing(&self) -> Option<Date> {
        Some(Term::of_patent(self.number?.kind(), self.filing?).last())
    }

    fn owned_from(&mut self, from: Date, owners: Vec<Owner>, undisclosed: u8) {
        self.owners.push((Some(from), owners, undisclosed));
    }

    /// A bar arose: what is open takes no new notices from this day on.
    fn halt(&mut self, on: Date) {
        for open in self.declarations.values_mut().flatten() {
            open.close(on);
        }
    }

    fn license(&mut self, position: u64, kind: LicenceKind, term: Term, under: Option<LicenceId>) {
        let id = LicenceId::new(position, 0);
        self.licences.insert(id, LicenceFacts { kind, term, ended: None, under });
    }

    /// Sublicences end with the licence above them, and those below them too.
    fn end_below(&mut self, above: LicenceId, on: Date) {
        let mut ended = vec![above];
        for (id, licence) in &mut self.licences {
            if licence.under.is_some_and(|under| ended.contains(&under)) {
                ended.push(*id);
                if licence.ended.is_none() && licence.term.last() >= on {
                    licence.ended = Some(on);
                }
            }
        }
    }

    fn life_on(&self, day: Date) -> Option<Life> {
        if self.filing.is_some_and(|filing| day < filing) {
            return None;
        }
        if self.invalid {
            return Some(Life::Invalidated);
        }
        let over = self.term_last.map(|last| (last.next(), Life::Expired)).filter(|_| self.granted);
        let ended = self.ends.iter().copied().chain(over).filter(|(from, _)| *from <= day);
        if let Some((_, how)) = ended.min_by_key(|(from, _)| *from) {
            return Some(how);
        }
        if !self.granted || self.grant.is_some_and(|grant| day < grant) {
            return Some(Life::Application);
        }
        let grace = self.graces.iter().any(|grace| grace.holds(day));
        Some(if grace { Life::Grace } else { Life::Granted })
    }

    fn on(&self, day: Date) -> Held {
        let life = self.life_on(day);
        let begun = |from: &Option<Date>| from.is_none_or(|from| from <= day);
        let (owners, undisclosed) = match self.owners.iter().rev().find(|(from, ..)| begun(from)) {
            Some((_, owners, undisclosed)) => (owners.clone(), *undisclosed),
            None => (Vec::new(), 0),
        };
        let holds = |span: &Option<Span>| span.is_some_and(|span| span.holds(day));
        let open = self.declarations.iter().rev().find(|(_, open)| holds(open)).map(|(id, _)| *id);
        let in_term = |licence: &LicenceFacts| {
            licence.term.contains(day) && licence.ended.is_none_or(|ended| day < ended)
        };
        let frozen = |kind| {
            let of_kind = self.freezes.iter().rev().filter(|freeze| freeze.kind == kind);
            of_kind.filter(|freeze| freeze.span.holds(day)).map(|freeze| freeze.record).next()
        };
        Held {
            life,
            owners,
            undisclosed,
            open: open.filter(|_| life == Some(Life::Granted)),
            licences: self
                .licences
                .iter()
                .filter(|(_, licence)| in_term(licence))
                .map(|(id, licence)| (*id, licence.kind))
                .collect(),
            pledge: self.pledges.iter().rev().find(|(_, pledge)| holds(pledge)).map(|(id, _)| *id),
            preserved: frozen(FreezeKind::Preservation),
            suspended: frozen(FreezeKind::Suspension),
        }
    }
}
