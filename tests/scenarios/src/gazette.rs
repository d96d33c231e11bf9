//! Replay real gazette notices through the registrar's acts, each on the day of its gazette: accepted, or explained.
//!
//! The patents come from a listing, and enter the ledger with the first notice on them, owned by those whom the earliest
//! notice on their ownership names as the owners before. Each patent's owners are parties of its own: a name is no
//! identity. A preservation whose end the notice does not name lasts the six months that the law allows at most.

use crate::stage::{Memory, Stage};
use std::collections::BTreeMap;
use tongda_genesis::gazette::{Event, NamedOwners, Notice};
use tongda_genesis::patents::{PatentRow, Registration};
use tongda_ledger::act::Act;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::party::{self, PartyKind, PartyName};
use tongda_ledger::act::patent::{
    Annuity, AnnuityEvent, Freeze, FreezeKind, Life as LifeAct, LifeEvent, Stage as Granting, Unfreeze,
};
use tongda_ledger::act::transfer::{ByLaw, LawfulCause, Transferee};
use tongda_ledger::codec::Text;
use tongda_ledger::execution::Judgement;
use tongda_ledger::identifier::{CountryCode, Date, PartyId, PatentId, PatentNumber, Timestamp};
use tongda_ledger::state::Parameters;

/// What became of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The registrar's acts that entered it.
    Accepted(Vec<String>),
    /// Why nothing was entered, in Chinese and English.
    Explained(&'static str, &'static str),
    /// The ledger refused the registrar's act: the act and the codes.
    Refused(String, Vec<&'static str>),
}

/// The last day of the replay, on which undated notices stand too.
const LAST_DAY: &str = "2026-11-24";

/// Replays notices over the patents of a listing, in the order of their days.
///
/// # Errors
/// What is broken, in words; a notice that cannot be entered is no error.
pub fn replay(notices: &[Notice], patents: &[PatentRow]) -> Result<Vec<(Notice, Outcome)>, String> {
    let last: Date = LAST_DAY.parse().map_err(|error| format!("{error}"))?;
    let mut ordered: Vec<_> = notices.to_vec();
    ordered.sort_by_key(|notice| (day_of(notice, last), rank(&notice.event), notice.row));
    let first = ordered.first().map_or(last, |notice| day_of(notice, last));
    let stage = Memory::new(Timestamp::start_of(first), Parameters::default())?;
    let known = patents.iter().filter_map(|row| match row {
        PatentRow::Ready(ready) => Some((ready.number, ready.as_ref().clone())),
        PatentRow::Unusable { .. } => None,
    });
    let mut replay =
        Replay { stage, known: known.collect(), entered: BTreeMap::new(), notices: ordered.clone(), made: 0 };
    let mut outcomes = Vec::new();
    for notice in ordered {
        replay.stage.go_to(Timestamp::start_of(day_of(&notice, last)))?;
        let outcome = replay.enter(&notice)?;
        outcomes.push((notice, outcome));
    }
    Ok(outcomes)
}

fn day_of(notice: &Notice, last: Date) -> Date {
    notice.published.or(notice.effective).unwrap_or(last)
}

/// Of one day's notices the grant comes first, and the end of a preservation before the next one.
const fn rank(event: &Event) -> u8 {
    match event {
        Event::Granted => 0,
        Event::Released => 1,
        _ => 2,
    }
}

/// A patent on the ledger, and its owners as the replay knows them.
struct Entered {
    id: PatentId,
    filing: Option<Date>,
    owners: Vec<(Text<600>, PartyId)>,
    persons: u8,
}

struct Replay {
    stage: Memory,
    known: BTreeMap<PatentNumber, Registration>,
    entered: BTreeMap<PatentNumber, Entered>,
    notices: Vec<Notice>,
    made: u64,
}

/// An act that was refused, so that the notice's remaining acts are not tried.
enum Stop {
    Refused(Outcome),
    Broken(String),
}

impl From<String> for Stop {
    fn from(broken: String) -> Self {
        Self::Broken(broken)
    }
}

impl Replay {
    fn enter(&mut self, notice: &Notice) -> Result<Outcome, String> {
        let mut acts = Vec::new();
        match self.try_to(notice, &mut acts) {
            Ok(None) => Ok(Outcome::Accepted(acts)),
            Ok(Some((zh, en))) => Ok(Outcome::Explained(zh, en)),
            Err(Stop::Refused(outcome)) => Ok(outcome),
            Err(Stop::Broken(reason)) => Err(format!("row {}: {reason}", notice.row)),
        }
    }

    /// Enters what a notice announces; an explanation where there is nothing to enter.
    fn try_to(
        &mut self,
        notice: &Notice,
        acts: &mut Vec<String>,
    ) -> Result<Option<(&'static str, &'static str)>, Stop> {
        if notice.event == Event::Nothing {
            return Ok(Some((
                "该公告不改变权利登记（公布、实质审查、送达或境外登记）",
                "the notice changes nothing in the register of rights",
            )));
        }
        if !self.known.contains_key(&notice.number) {
            return Ok(Some((
                "清单中没有该专利：名称和专利权人未知，不能登记",
                "the listing has no such patent: title and owners are unknown, so it cannot be registered",
            )));
        }
        self.register(notice, acts)?;
        let today = self.stage.now().date();
        let Entered { id: patent, filing, .. } = self.entered[&notice.number];
        let document = Some(notice.digest);
        let effective = notice.effective.or(notice.published);
        match &notice.event {
            Event::Granted => {
                let event = LifeEvent::Granted { publication: notice.publication };
                let effective = effective.unwrap_or(today);
                self.send(LifeAct { patent, event, effective, document }, acts)?;
            }
            Event::Lapsed => {
                let (Some(due), Some(filing)) = (notice.effective, filing) else {
                    return Ok(Some((
                        "公告或清单未载明终止日、申请日",
                        "the notice or the listing lacks the day of the end or of filing",
                    )));
                };
                let year = u8::try_from(due.year() - filing.year() + 1).map_err(|error| error.to_string())?;
                let event = AnnuityEvent::Overdue { due };
                self.send(Annuity { patent, year, event, effective: due }, acts)?;
                self.send(LifeAct { patent, event: LifeEvent::Lapsed, effective: due, document }, acts)?;
            }
            Event::Expired if self.life(patent)? == "expired" => {
                return Ok(Some((
                    "期限届满已由账本按日期自行记入",
                    "the ledger has entered the end of the term by itself, on its day",
                )));
            }
            Event::Expired => {
                let effective = effective.unwrap_or(today);
                self.send(LifeAct { patent, event: LifeEvent::Expired, effective, document }, acts)?;
            }
            Event::Abandoned => {
                let effective = effective.unwrap_or(today);
                self.send(LifeAct { patent, event: LifeEvent::Abandoned, effective, document }, acts)?;
            }
            Event::Transferred { before, after } => {
                return self.transfer(notice, (before, after), acts);
            }
            Event::Renamed { before, after } => return self.rename(notice, (before, after), acts),
            Event::Preserved => {
                let from = effective.unwrap_or(today);
                let until = from.add_months(u32::from(Parameters::default().preservation_months)).previous();
                let case = "公告未载案号".parse().map_err(|error| format!("{error}"))?;
                self.send(Freeze { patent, kind: FreezeKind::Preservation, from, until, case }, acts)?;
            }
            Event::Released => {
                let reason = "公告：专利权保全的解除".parse().map_err(|error| format!("{error}"))?;
                self.send(Unfreeze { patent, kind: FreezeKind::Preservation, reason }, acts)?;
            }
            Event::Pledged => {
                return Ok(Some((
                    "公告未载当事人、登记号和日期",
                    "the notice names neither parties nor number nor day",
                )));
            }
            Event::Nothing => {}
        }
        Ok(None)
    }

    /// Enters the patent with the first notice on it: as an application if that notice is the grant.
    fn register(&mut self, notice: &Notice, acts: &mut Vec<String>) -> Result<(), Stop> {
        if self.entered.contains_key(&notice.number) {
            return Ok(());
        }
        let mut facts = self.known[&notice.number].clone();
        let before = self.notices.iter().find_map(|other| match &other.event {
            Event::Transferred { before, .. } | Event::Renamed { before, .. }
                if other.number == notice.number && *before != NamedOwners::default() =>
            {
                Some(before.clone())
            }
            _ => None,
        });
        let listed = NamedOwners { names: facts.owners.clone(), persons: facts.undisclosed_owners };
        let owners = before.unwrap_or(listed);
        if notice.event == Event::Granted {
            facts.stage = Granting::Application;
        }
        facts.undisclosed_owners = owners.persons;
        let parties = self.parties(&owners, acts)?;
        let ids: Vec<_> = parties.iter().map(|(_, id)| *id).collect();
        let act = facts.register(&ids).map_err(|error| error.to_string())?;
        let position = self.send(act, acts)?;
        let entered = Entered {
            id: PatentId::new(position, 0),
            filing: facts.filing,
            owners: parties,
            persons: owners.persons,
        };
        self.entered.insert(notice.number, entered);
        Ok(())
    }

    fn parties(
        &mut self,
        owners: &NamedOwners,
        acts: &mut Vec<String>,
    ) -> Result<Vec<(Text<600>, PartyId)>, Stop> {
        if owners.names.is_empty() {
            return Ok(Vec::new());
        }
        let entries = owners.names.iter().map(|name| party::Entry {
            name: PartyName::Organisation { name: name.clone(), code: None },
            kind: PartyKind::Unknown,
            country: CountryCode::CHINA,
        });
        let parties = entries
            .collect::<Vec<_>>()
            .try_into()
            .map_err(|_| "more owners than a record takes".to_owned())?;
        let position = self.send(party::Register { parties }, acts)?;
        let ids = (0_u8..).map(|ordinal| PartyId::new(position, ordinal));
        Ok(owners.names.iter().cloned().zip(ids).collect())
    }

    fn transfer(
        &mut self,
        notice: &Notice,
        (before, after): (&NamedOwners, &NamedOwners),
        acts: &mut Vec<String>,
    ) -> Result<Option<(&'static str, &'static str)>, Stop> {
        let (Some(on), false) = (notice.effective.or(notice.published), after == &NamedOwners::default())
        else {
            return Ok(Some((
                "公告未载转让人、受让人和登记生效日",
                "the notice names neither the owners nor the day",
            )));
        };
        let Entered { id, owners, persons, .. } = &self.entered[&notice.number];
        let names: Vec<_> = owners.iter().map(|(name, _)| name.clone()).collect();
        if names != before.names || *persons != before.persons {
            return Ok(Some((
                "公告所载变更前的专利权人与登记簿不一致",
                "the owners before, as the notice names them, are not those of the register",
            )));
        }
        let (id, from) = (*id, owners.iter().map(|(_, party)| *party).collect::<Vec<_>>());
        // An owner who stays is the same party.
        let mut kept: Vec<_> =
            owners.iter().filter(|(name, _)| after.names.contains(name)).cloned().collect();
        let new = after.names.iter().filter(|name| !names.contains(name)).cloned().collect();
        kept.extend(self.parties(&NamedOwners { names: new, persons: 0 }, acts)?);
        let to: Vec<_> = kept.iter().map(|(_, party)| Transferee { party: *party, share: None }).collect();
        let too_many = |_| "more owners than a patent may have".to_owned();
        let act = ByLaw {
            patents: vec![id].try_into().map_err(|_| "one patent".to_owned())?,
            from: from.try_into().map_err(too_many)?,
            to: to.try_into().map_err(|_| "more owners than a patent may have".to_owned())?,
            undisclosed: after.persons,
            cause: LawfulCause::OtherCause,
            document: Some(notice.digest),
            gazette: notice.published.and_then(|day| day.to_string().parse().ok()),
            on,
        };
        self.send(act, acts)?;
        let entered = self.entered.get_mut(&notice.number).ok_or_else(|| "entered above".to_owned())?;
        (entered.owners, entered.persons) = (kept, after.persons);
        Ok(None)
    }

    fn rename(
        &mut self,
        notice: &Notice,
        (before, after): (&NamedOwners, &NamedOwners),
        acts: &mut Vec<String>,
    ) -> Result<Option<(&'static str, &'static str)>, Stop> {
        let effective = notice.effective.or(notice.published).unwrap_or_else(|| self.stage.now().date());
        let changed: Vec<_> = before.names.iter().zip(&after.names).filter(|(old, new)| old != new).collect();
        if changed.is_empty() {
            return Ok(Some((
                "只有地址变更，账本不记载地址",
                "only an address changes, and the ledger holds none",
            )));
        }
        for (old, new) in changed {
            let entered = &self.entered[&notice.number];
            let Some(place) = entered.owners.iter().position(|(name, _)| name == old) else {
                return Ok(Some((
                    "公告所载变更前的专利权人与登记簿不一致",
                    "the owners before, as the notice names them, are not those of the register",
                )));
            };
            let act = party::Update {
                party: entered.owners[place].1,
                name: Some(PartyName::Organisation { name: new.clone(), code: None }),
                kind: None,
                effective,
                evidence: notice.digest,
            };
            self.send(act, acts)?;
            let entered = self.entered.get_mut(&notice.number).ok_or_else(|| "entered above".to_owned())?;
            entered.owners[place].0 = new.clone();
        }
        Ok(None)
    }

    fn life(&self, patent: PatentId) -> Result<String, Stop> {
        let object = self.stage.object(patent.into())?.unwrap_or_default();
        Ok(object["status"]["life"].as_str().unwrap_or_default().to_owned())
    }

    /// Sends an act of the registrar, signed as its policy asks; returns its position.
    fn send(&mut self, act: impl Into<Act>, acts: &mut Vec<String>) -> Result<u64, Stop> {
        let registrar =
            self.stage.founders().member(Role::Registrar).ok_or_else(|| "no registrar".to_owned())?.clone();
        let now = self.stage.now();
        self.made += 1;
        let act = act.into();
        let name = act.name();
        let envelope = registrar.envelope(self.stage.network(), now, self.made, act);
        let envelope = envelope.map_err(|error| error.to_string())?;
        let answer = self.stage.submit(&envelope)?;
        match answer.judgement {
            Judgement::Refused(refusals) => {
                let codes = refusals.iter().map(|refusal| refusal.code.as_str()).collect();
                Err(Stop::Refused(Outcome::Refused(name.to_owned(), codes)))
            }
            _ => {
                acts.push(name.to_owned());
                Ok(answer.position)
            }
        }
    }
}

/// The page of the book: what became of every notice.
#[must_use]
pub fn page(outcomes: &[(Notice, Outcome)]) -> String {
    use std::fmt::Write as _;
    let accepted = outcomes.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Accepted(_))).count();
    let mut page = format!(
        "# Real notices of the gazette\n\n{} real notices (grants, lapses, transfers, preservations, changes of names; \
         natural persons masked in the source), replayed through the registrar's acts on a network in memory, each on the \
         day of its gazette: {accepted} are accepted, the others explained. The patents and their facts are real; the \
         registrar is made (演示). Each patent enters with its first notice. This page is generated: \
         `TONGDA_WRITE_DOCS=1 cargo test -p tongda-scenarios --test gazette`.\n\n| what became of it | notices |\n|---|---|\n",
        outcomes.len()
    );
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (notice, outcome) in outcomes {
        *counts.entry(format!("{} {}", notice.code, told(outcome))).or_default() += 1;
    }
    for (what, count) in &counts {
        writeln!(page, "| {what} | {count} |").expect("a string takes all");
    }
    page.push_str("\n## Every notice\n\n| row | patent | day | notice | |\n|---|---|---|---|---|\n");
    let mut by_row: Vec<_> = outcomes.iter().collect();
    by_row.sort_by_key(|(notice, _)| notice.row);
    for (notice, outcome) in by_row {
        let day = notice.published.map_or_else(|| "–".to_owned(), |day| day.to_string());
        let (row, number, code) = (notice.row, notice.number, &notice.code);
        writeln!(page, "| {row} | {number} | {day} | {code} | {} |", told(outcome))
            .expect("a string takes all");
    }
    page
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted(acts) => {
            let acts: Vec<_> = acts.iter().map(|act| format!("`{act}`")).collect();
            format!("accepted: {}", acts.join(", "))
        }
        Outcome::Explained(zh, en) => format!("{zh} · {en}"),
        Outcome::Refused(act, codes) => {
            let codes: Vec<_> =
                codes.iter().map(|code| format!("[`{code}`](refusals.md#{})", code.to_lowercase())).collect();
            format!("`{act}` refused: {}", codes.join(", "))
        }
    }
}
