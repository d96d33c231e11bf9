//! Play a scenario on a stage: do what it says, and compare what comes of it with what it expects.

use crate::cast::Cast;
use crate::compose::{compose, day, fen};
use crate::script::{Action, Expectation, Scenario, Statement, Step};
use crate::stage::{Answer, Memory, Stage};
use crate::usual::{self, Usual};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tongda_ledger::envelope::{APPLICANT, Core, Envelope, Expected};
use tongda_ledger::execution::{Draft, Judgement};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, ObjectId, ObjectKind, ObjectRef, PatentId, Timestamp};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::Parameters;
use tongda_ledger::vote::NetworkId;

const DAY: u64 = 86_400_000;

/// An envelope's window begins a minute before: clocks differ.
const SLACK: u64 = 60_000;

/// What one act of a scenario came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// The act's name.
    pub act: String,
    /// The codes for which it was refused; none if it was allowed.
    pub refused: Vec<&'static str>,
}

/// Where a scenario and the ledger disagree.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct Trouble {
    /// The scenario's file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What was expected and what came.
    pub reason: String,
}

/// Plays a scenario; what it makes is numbered from `first`.
///
/// # Errors
/// [`Trouble`] at the first line with which the ledger does not agree.
pub fn play(scenario: &Scenario, stage: &mut dyn Stage, first: u32) -> Result<Vec<Played>, Trouble> {
    play_and_name(scenario, stage, first).map(|(played, _)| played)
}

/// Plays a scenario, and says what its names stand for in the end.
///
/// # Errors
/// [`Trouble`] at the first line with which the ledger does not agree.
pub fn play_and_name(
    scenario: &Scenario,
    stage: &mut dyn Stage,
    first: u32,
) -> Result<(Vec<Played>, BTreeMap<String, ObjectRef>), Trouble> {
    let cast = Cast::new(stage.founders(), first);
    let mut play = Play { stage, cast, last: None };
    let mut played = Vec::new();
    for step in &scenario.steps {
        let trouble = |line, reason| Trouble { file: scenario.file.clone(), line, reason };
        let judgement = play.step(&step.what).map_err(|reason| trouble(step.line, reason))?;
        play.compare(step, judgement.as_ref()).map_err(|(line, reason)| trouble(line, reason))?;
        if let (Statement::Act(action), Some(judgement)) = (&step.what, &judgement) {
            let refused = match judgement {
                Judgement::Refused(refusals) => {
                    refusals.iter().map(|refusal| refusal.code.as_str()).collect()
                }
                _ => Vec::new(),
            };
            played.push(Played { act: action.act.clone(), refused });
        }
    }
    Ok((played, play.cast.into_names()))
}

/// Plays a scenario on a network of its own in memory.
///
/// # Errors
/// [`Trouble`] at the first line with which the ledger does not agree.
pub fn play_in_memory(scenario: &Scenario) -> Result<Vec<Played>, Trouble> {
    let trouble = |reason| Trouble { file: scenario.file.clone(), line: 1, reason };
    let start = Timestamp::start_of(FIRST_DAY.parse().expect("a date"));
    let parameters = parameters(&scenario.parameters).map_err(trouble)?;
    let mut stage = Memory::new(start, parameters).map_err(trouble)?;
    play(scenario, &mut stage, 0)
}

/// The day on which a play in memory begins.
const FIRST_DAY: &str = "2026-11-24";

/// The usual parameters with those changed that a scenario names.
///
/// # Errors
/// What is wrong with them, in words.
pub fn parameters(changes: &[(String, String)]) -> Result<Parameters, String> {
    let mut form = serde_json::to_value(Parameters::default()).map_err(|error| error.to_string())?;
    for (name, value) in changes {
        let field = form.get_mut(name).ok_or_else(|| format!("there is no parameter {name:?}"))?;
        *field = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.clone()));
    }
    serde_json::from_value(form).map_err(|error| error.to_string())
}

struct Play<'a> {
    stage: &'a mut dyn Stage,
    cast: Cast,
    last: Option<Envelope>,
}

impl Play<'_> {
    fn step(&mut self, what: &Statement) -> Result<Option<Judgement>, String> {
        let now = self.stage.now();
        match what {
            Statement::Today(date) => {
                let date = day(date, now.date()).ok_or_else(|| format!("{date:?} is no day"))?;
                self.stage.go_to(Timestamp::start_of(date))?;
                Ok(None)
            }
            Statement::After(days) => {
                self.stage.go_to(now.plus_milliseconds(u64::from(*days) * DAY))?;
                Ok(None)
            }
            Statement::Enrol { role, names, country } => {
                for name in names {
                    self.enrol(role, name, country)?;
                }
                Ok(None)
            }
            Statement::Party { names, country } => {
                for name in names {
                    let parties = json!([{
                        "name": { "organisation": { "name": format!("{name}（演示）") } },
                        "kind": "private", "country": country,
                    }]);
                    self.must("登记机构", "party.register", &[("parties", parties)], name)?;
                }
                Ok(None)
            }
            Statement::Act(action) => self.act(action).map(Some),
        }
    }

    /// Enrols a made organisation: by the first exchange, and the registrar for a role that an exchange cannot grant.
    fn enrol(&mut self, role: &str, name: &str, country: &str) -> Result<(), String> {
        let mut fields = vec![
            ("name", json!(format!("{name}（演示）"))),
            ("roles", json!([role])),
            ("country", json!(country)),
        ];
        if country != "CN" {
            fields.push(("code", Value::Null));
        }
        self.must("北京交易所+登记机构", "member.register", &fields, name)
    }

    fn must(
        &mut self,
        signers: &str,
        act: &str,
        fields: &[(&str, Value)],
        label: &str,
    ) -> Result<(), String> {
        let action = Action {
            signers: signers.split('+').map(str::to_owned).collect(),
            act: act.to_owned(),
            labels: vec![label.to_owned()],
            fields: fields.iter().map(|(field, value)| ((*field).to_owned(), value.to_string())).collect(),
            ..Action::default()
        };
        match self.act(&action)? {
            Judgement::Effective => Ok(()),
            other => Err(format!("{act}: {}", spoken(&other, &self.cast))),
        }
    }

    fn act(&mut self, action: &Action) -> Result<Judgement, String> {
        let usual = usual::all().get(&action.act).ok_or_else(|| format!("{:?} is no act", action.act))?;
        let (envelope, new_keys) = if action.envelope.iter().any(|change| change == "again") {
            (self.last.clone().ok_or("nothing was sent before")?, Vec::new())
        } else {
            self.envelope(action, usual)?
        };
        let asked = if action.envelope.is_empty() { Some(self.ask(action, &envelope)?) } else { None };
        let Answer { judgement, position } = self.stage.submit(&envelope)?;
        if let Some(asked) = asked.filter(|asked| !agree(asked, &judgement)) {
            return Err(format!(
                "may-I and the ledger differ: {} and {}",
                spoken(&asked, &self.cast),
                spoken(&judgement, &self.cast)
            ));
        }
        if judgement.is_allowed() {
            self.remember(action, usual, &envelope, &judgement, (position, new_keys))?;
        }
        self.last = Some(envelope);
        Ok(judgement)
    }

    fn ask(&self, action: &Action, envelope: &Envelope) -> Result<Judgement, String> {
        let core = envelope.core();
        let signers = action.signers.iter().map(|name| self.cast.member(name)).collect::<Result<_, _>>()?;
        self.stage.may_i(&Draft {
            author: core.author,
            signers,
            gather_until: core.gather_until,
            expects: core.expects.to_vec(),
            act: core.act.clone(),
        })
    }

    fn envelope(&mut self, action: &Action, usual: &Usual) -> Result<(Envelope, Vec<SigningKey>), String> {
        let composed = compose(action, usual, &mut self.cast, &*self.stage)?;
        let signers =
            action.signers.iter().map(|name| self.cast.member(name)).collect::<Result<Vec<_>, _>>()?;
        let now = self.stage.now();
        let mut nonce = [0; 16];
        nonce[..4].copy_from_slice(&self.cast.fresh().to_le_bytes());
        let core = Core {
            network: self.stage.network(),
            author: signers[0],
            valid_from: now
                .milliseconds()
                .saturating_sub(SLACK)
                .try_into()
                .map_err(|error| format!("{error}"))?,
            valid_until: now.plus_milliseconds(3_600_000),
            nonce,
            gather_until: action.waiting.map(|days| now.plus_milliseconds(u64::from(days) * DAY)),
            expects: tongda_ledger::codec::List::new(),
            act: composed.act,
        };
        let mut draft = Signing { core, signers, keys: usize::MAX, extra: Vec::new(), new_keys: true };
        for change in &action.envelope {
            draft.change(change, &self.cast)?;
        }
        let envelope = draft.sign(&self.cast, &composed.new_keys)?;
        Ok((envelope, composed.new_keys))
    }

    /// Remembers the keys and the names of what was made.
    fn remember(
        &mut self,
        action: &Action,
        usual: &Usual,
        envelope: &Envelope,
        judgement: &Judgement,
        (position, new_keys): (u64, Vec<SigningKey>),
    ) -> Result<(), String> {
        self.cast.recorded(position);
        if let Judgement::Pending { id, .. } = judgement {
            self.cast.wait(*id, &action.act);
            action.labels.iter().for_each(|label| self.cast.name(label, (*id).into()));
            return Ok(());
        }
        let mut makes = usual.makes();
        if action.act == "consent.give"
            && let Some(ObjectRef::Pending(pending)) =
                action.words.first().and_then(|(_, names)| self.cast.get(&names[0]))
            && let Some(act) = self.cast.awaited(pending)
        {
            makes = usual::all().get(act).and_then(Usual::makes);
        }
        for (ordinal, label) in (0_u8..).zip(&action.labels) {
            let kind = makes.unwrap_or(ObjectKind::Record);
            let ordinal = if kind == ObjectKind::Record { 0 } else { ordinal };
            let id =
                ObjectRef::new(kind, ObjectId::new(position, ordinal)).map_err(|error| error.to_string())?;
            self.cast.name(label, id);
            for (word, names) in &action.words {
                if usual.words.get(word).is_some_and(String::is_empty) {
                    self.cast.keep(id, word, names);
                }
            }
        }
        let form = serde_json::to_value(envelope.act()).map_err(|error| error.to_string())?;
        let holder = match form["member"].as_str() {
            Some(member) => member.parse().map_err(|error| format!("{member}: {error}"))?,
            None => MemberId::new(position, 0),
        };
        self.cast.give(holder, new_keys);
        let gone = ["/change/revoke/key", "/change/rotate/old"]
            .map(|path| form.pointer(path).and_then(Value::as_str));
        gone.into_iter().flatten().for_each(|key| self.cast.forget(key));
        Ok(())
    }

    fn compare(&self, step: &Step, judgement: Option<&Judgement>) -> Result<(), (usize, String)> {
        let Some(judgement) = judgement else {
            return self.compare_state(step);
        };
        let came = || format!("came: {}", spoken(judgement, &self.cast));
        let expected =
            |line: usize, what: &dyn std::fmt::Display| (line, format!("expected: {what}; {}", came()));
        let told = step.then.iter().any(|(_, expectation)| !matches!(expectation, Expectation::Is { .. }));
        // Under `given`, and before the last line of `when`, an act may also stand as pending.
        if !told && !judgement.is_allowed() {
            return Err((step.line, format!("it must be accepted; {}", came())));
        }
        let mut codes = Vec::new();
        for (line, expectation) in &step.then {
            let holds = match (expectation, judgement) {
                (Expectation::Is { .. }, _) | (Expectation::Accepted, Judgement::Effective) => true,
                (Expectation::WaitsFor(names), Judgement::Pending { missing, .. }) => {
                    let mut named = names
                        .iter()
                        .map(|name| self.cast.member(name))
                        .collect::<Result<Vec<_>, _>>()
                        .map_err(|reason| (*line, reason))?;
                    let mut missing = missing.clone();
                    named.sort_unstable();
                    missing.sort_unstable();
                    named == missing
                }
                (Expectation::Refused { code, about, because }, Judgement::Refused(refusals)) => {
                    codes.push(code.as_str());
                    let names = |id: Option<ObjectRef>, name: &Option<String>| {
                        name.as_ref().is_none_or(|name| id.is_some_and(|id| self.is(name, id)))
                    };
                    refusals.iter().any(|refusal| {
                        refusal.code.as_str() == code
                            && names(refusal.subject, about)
                            && names(refusal.obstacle, because)
                    })
                }
                _ => false,
            };
            if !holds {
                return Err(expected(*line, expectation));
            }
        }
        if let Judgement::Refused(refusals) = judgement
            && let Some(more) = refusals.iter().find(|refusal| !codes.contains(&refusal.code.as_str()))
        {
            return Err((step.line, format!("nothing expects {}; {}", more.code, came())));
        }
        self.compare_state(step)
    }

    /// Whether a name stands for a thing: `甲大学` for the member, `party 甲大学` for the party that it is.
    fn is(&self, name: &str, id: ObjectRef) -> bool {
        match name.strip_prefix("party ") {
            Some(name) => self.cast.party(name, &*self.stage).is_ok_and(|party| id == party.into()),
            None => self.cast.get(name) == Some(id),
        }
    }

    fn compare_state(&self, step: &Step) -> Result<(), (usize, String)> {
        for (line, expectation) in &step.then {
            match expectation {
                Expectation::Is { label, path, value } => {
                    self.holds(label, path, value).map_err(|reason| (*line, reason))?;
                }
                other if !matches!(step.what, Statement::Act(_)) => {
                    return Err((*line, format!("{other} is expected of something that is no act")));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn holds(&self, label: &str, path: &str, value: &str) -> Result<(), String> {
        let id = self.cast.get(label).ok_or_else(|| format!("nothing here is called {label}"))?;
        let object = self.stage.object(id)?.ok_or_else(|| format!("{label} does not exist"))?;
        let found = object
            .pointer(&format!("/{}", path.replace('.', "/")))
            .ok_or_else(|| format!("{label} has no {path}: {object}"))?;
        let today = self.stage.now().date();
        let party = value.strip_prefix("party ").and_then(|name| self.cast.party(name, &*self.stage).ok());
        let thing = party.map(ObjectRef::from).or_else(|| self.cast.get(value));
        let wanted = match (thing, day(value, today), fen(value)) {
            (Some(thing), ..) => Value::String(thing.to_string()),
            (_, Some(day), _) => Value::String(day.to_string()),
            (.., Some(fen)) => Value::String(fen),
            _ => serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned())),
        };
        // A choice with fields is named by its name alone.
        let named =
            found.as_object().filter(|fields| fields.len() == 1).and_then(|fields| fields.keys().next());
        if *found == wanted || named.is_some_and(|name| wanted == Value::String(name.clone())) {
            return Ok(());
        }
        Err(format!("expected: {label}.{path} is {value}; it is {found}"))
    }
}

/// An envelope while it is being signed.
struct Signing {
    core: Core,
    signers: Vec<MemberId>,
    keys: usize,
    /// Signatures in the name of members by keys that are not theirs.
    extra: Vec<MemberId>,
    new_keys: bool,
}

impl Signing {
    fn change(&mut self, change: &str, cast: &Cast) -> Result<(), String> {
        let (word, rest) = change.split_once(' ').unwrap_or((change, ""));
        let today = self.core.valid_from.date();
        let time = |text: &str| {
            day(text, today).map(Timestamp::start_of).ok_or_else(|| format!("{text:?} is no day"))
        };
        match (word, rest) {
            ("network", "other") => self.core.network = NetworkId(Hash([0xee; 32])),
            ("from", day) => {
                self.core.valid_from = time(day)?;
                self.core.valid_until = self.core.valid_from.plus_milliseconds(3_600_000);
            }
            ("until", day) => {
                let until = time(day)?;
                if until < self.core.valid_from {
                    self.core.valid_from = until;
                }
                self.core.valid_until = until;
            }
            ("keys", count) => self.keys = count.parse().map_err(|_| format!("{count:?} is no number"))?,
            ("signed", who) => {
                let name = who.strip_prefix("for ").ok_or("envelope signed for NAME")?;
                self.extra.push(match name {
                    "nobody" => MemberId::new(1 << 40, 0),
                    name => cast.member(name)?,
                });
            }
            ("unsigned", who) => {
                let member = cast.member(who.strip_prefix("by ").ok_or("envelope unsigned by NAME")?)?;
                self.signers.retain(|signer| *signer != member);
            }
            ("without", "new keys") => self.new_keys = false,
            ("expects", rest) => {
                let (name, version) = rest.split_once(' ').ok_or("envelope expects PATENT VERSION")?;
                let patent: PatentId = match cast.get(name) {
                    Some(ObjectRef::Patent(patent)) => patent,
                    _ => return Err(format!("{name} is no patent")),
                };
                let version = version.parse().map_err(|_| format!("{version:?} is no number"))?;
                let expected = Expected { patent, version };
                self.core.expects.push(expected).map_err(|_| "too many expected versions".to_owned())?;
            }
            _ => return Err(format!("{change:?} is no change of an envelope")),
        }
        Ok(())
    }

    fn sign(self, cast: &Cast, new_keys: &[SigningKey]) -> Result<Envelope, String> {
        let mut signatures = Vec::new();
        for signer in self.signers.iter().collect::<std::collections::BTreeSet<_>>() {
            for key in cast.keys(*signer).iter().take(self.keys) {
                signatures.push(self.core.sign(*signer, key));
            }
        }
        for member in &self.extra {
            let stranger = SigningKey::from_seed(&[0xaa; 32]);
            signatures.push(self.core.sign(*member, &stranger));
        }
        if self.new_keys {
            signatures.extend(new_keys.iter().map(|key| self.core.sign(APPLICANT, key)));
        }
        Envelope::new(self.core, signatures).map_err(|error| error.to_string())
    }
}

/// Whether "may I?" and the ledger say the same; the id of a pending act is the ledger's own.
fn agree(asked: &Judgement, judgement: &Judgement) -> bool {
    match (asked, judgement) {
        (Judgement::Pending { missing: asked, .. }, Judgement::Pending { missing, .. }) => asked == missing,
        (asked, judgement) => asked == judgement,
    }
}

fn spoken(judgement: &Judgement, cast: &Cast) -> String {
    match judgement {
        Judgement::Effective => "accepted".into(),
        Judgement::Pending { missing, .. } => {
            let names: Vec<_> = missing.iter().map(|member| cast.spoken((*member).into())).collect();
            format!("waits for {}", names.join(", "))
        }
        Judgement::Refused(refusals) => {
            let lines: Vec<_> = refusals
                .iter()
                .map(|refusal| {
                    let mut line = format!("refused {}", refusal.code);
                    if let Some(subject) = refusal.subject {
                        line = format!("{line} about {}", cast.spoken(subject));
                    }
                    if let Some(obstacle) = refusal.obstacle {
                        line = format!("{line} because of {}", cast.spoken(obstacle));
                    }
                    match &refusal.detail {
                        Some(detail) => format!("{line} ({detail})"),
                        None => line,
                    }
                })
                .collect();
            lines.join("; ")
        }
    }
}
