//! Compose an act from a statement: the usual form, the act's words, the fields that differ.
//!
//! In a usual form a text that begins with `$` stands for something that the statement or the play says:
//! `$author`, `$signer 2` (with ` party` behind: the party that the member is), `$owners` (the parties that own the
//! patents named by `of`), `$of` and `$of.path` (the first thing named by `of`, or a field of it), `$digest`, `$new key`,
//! `$credit code`, `$patent number`, `$utility model number`, `$design number`, `$licence number`, `$pledge number`,
//! `$contract number`: a fresh one; `$proofs` (what proves the licence named by `of`: its contract, or else a notice and a
//! voucher), `$key 1 of 甲大学` (the member's first key) and `$founders` (the members that own the patents named by `of`,
//! each with its own).
//!
//! A word that fills no field (`of = ""`) names a list of which the act shows only `$count of` and `$root of`. It is kept
//! with what the act makes, and `$author among on.to` or `$of among on.of` finds where the author, or the first thing named
//! by `of`, stands in the list `to` or `of` of the thing named by `on`, with the proof.
//!
//! `$digest of 项目` is the same digest each time; `$node name` a fresh one, `$node key` a fresh key that proves itself, for a
//! node; `$in 2 hours` an instant; `$seal` the log index behind the last record, where the seal of its block stands.

use crate::cast::Cast;
use crate::listed;
use crate::script::Action;
use crate::stage::Stage;
use crate::usual::Usual;
use serde_json::{Value, json};
use tongda_ledger::act::Act;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CreditCode, Date, MemberId, ObjectRef, PatentNumber};
use tongda_ledger::key::SigningKey;

/// An act, and the keys that it names for the first time and that must prove themselves.
pub(crate) struct Composed {
    pub(crate) act: Act,
    pub(crate) new_keys: Vec<SigningKey>,
}

/// Composes the act of a statement.
pub(crate) fn compose(
    action: &Action,
    usual: &Usual,
    cast: &mut Cast,
    stage: &dyn Stage,
) -> Result<Composed, String> {
    let members = attempt(action, usual, cast, stage, false)?;
    match read(&action.act, members.0) {
        Ok(act) => Ok(Composed { act, new_keys: members.1 }),
        // A name stands for the member or for the party that it is: whichever the field takes.
        Err(reason) => {
            let parties = attempt(action, usual, cast, stage, true)?;
            let act = read(&action.act, parties.0).map_err(|_| reason)?;
            Ok(Composed { act, new_keys: parties.1 })
        }
    }
}

fn read(name: &str, form: Value) -> Result<Act, String> {
    serde_json::from_value(form.clone()).map_err(|error| format!("{name} with {form}: {error}"))
}

fn attempt(
    action: &Action,
    usual: &Usual,
    cast: &mut Cast,
    stage: &dyn Stage,
    parties: bool,
) -> Result<(Value, Vec<SigningKey>), String> {
    let mut composer = Composer { action, cast, stage, parties, new_keys: Vec::new() };
    let mut form = Value::Object(usual.form.clone());
    composer.fill(&mut form)?;
    for (word, names) in &action.words {
        let place = usual.words.get(word).ok_or_else(|| {
            let known: Vec<_> = usual.words.keys().map(String::as_str).collect();
            format!("{} has no word {word:?}, only {}", action.act, known.join(", "))
        })?;
        if place.is_empty() {
            continue;
        }
        let place = Place::of(place);
        let values = names.iter().map(|name| composer.thing(name, place.party)).collect::<Result<_, _>>()?;
        place.put(&mut form, values)?;
    }
    for (field, text) in &action.fields {
        let place = Place::of(usual.words.get(field).map_or(field.as_str(), String::as_str));
        let list = place.list || form.pointer(&place.pointer()).is_some_and(Value::is_array);
        let value = composer.value(text, place.party, list)?;
        match value {
            Value::Array(values) if place.list => place.put(&mut form, values)?,
            value => set(&mut form, &place.path, value)?,
        }
    }
    form["act"] = Value::String(action.act.clone());
    // What a statement says instead of the usual form may leave no place for the key that the form had made.
    let text = form.to_string();
    composer.new_keys.retain(|key| text.contains(&key.public().to_string()));
    Ok((form, composer.new_keys))
}

/// Where a word's things go: `owners[].party party`.
struct Place<'a> {
    path: Vec<&'a str>,
    list: bool,
    /// The field, or path, of each entry of the list that names the thing.
    inner: Option<&'a str>,
    party: bool,
}

impl<'a> Place<'a> {
    fn of(text: &'a str) -> Self {
        let (text, party) = match text.strip_suffix(" party") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (path, list, inner) = match text.split_once("[]") {
            Some((path, inner)) => (path, true, inner.strip_prefix('.')),
            None => (text, false, None),
        };
        Self { path: path.split('.').collect(), list, inner, party }
    }

    fn pointer(&self) -> String {
        self.path.iter().map(|step| format!("/{step}")).collect()
    }

    fn put(&self, form: &mut Value, values: Vec<Value>) -> Result<(), String> {
        let entries = values.into_iter().map(|value| match self.inner {
            Some(inner) if !value.is_object() => {
                inner.rsplit('.').fold(value, |value, step| json!({ step: value }))
            }
            _ => value,
        });
        let mut entries: Vec<_> = entries.collect();
        match (self.list, entries.len()) {
            (true, _) => set(form, &self.path, Value::Array(entries)),
            (false, 1) => set(form, &self.path, entries.remove(0)),
            (false, count) => Err(format!("{} names one thing, not {count}", self.path.join("."))),
        }
    }
}

/// Sets a field. A path that leads into another choice than the one that stands there replaces it.
fn set(form: &mut Value, path: &[&str], value: Value) -> Result<(), String> {
    let Some((first, rest)) = path.split_first() else {
        *form = value;
        return Ok(());
    };
    if let (Ok(index), Value::Array(list)) = (first.parse::<usize>(), &mut *form) {
        let count = list.len();
        let entry = list.get_mut(index).ok_or_else(|| format!("{first} of a list of {count}"))?;
        return set(entry, rest, value);
    }
    let fields = match form {
        Value::Object(fields) => fields,
        other => {
            *other = json!({});
            other.as_object_mut().expect("just made")
        }
    };
    let choice = fields.len() == 1 && fields.values().all(Value::is_object) && !rest.is_empty();
    if choice && !fields.contains_key(*first) {
        fields.clear();
    }
    set(fields.entry((*first).to_owned()).or_insert(Value::Null), rest, value)
}

struct Composer<'a> {
    action: &'a Action,
    cast: &'a mut Cast,
    stage: &'a dyn Stage,
    /// Whether a member's name stands for the party that it is.
    parties: bool,
    new_keys: Vec<SigningKey>,
}

impl Composer<'_> {
    fn thing(&self, name: &str, party: bool) -> Result<Value, String> {
        let (name, party) = match name.strip_prefix("party ") {
            Some(name) => (name, true),
            None => (name, party),
        };
        match self.cast.get(name) {
            Some(ObjectRef::Member(_)) if party || self.parties => {
                Ok(Value::String(self.cast.party(name, self.stage)?.to_string()))
            }
            Some(thing) => Ok(Value::String(thing.to_string())),
            None => Err(format!("nothing here is called {name}")),
        }
    }

    /// What a field's text says.
    fn value(&mut self, text: &str, party: bool, list: bool) -> Result<Value, String> {
        if let Ok(mut value) = serde_json::from_str::<Value>(text) {
            self.inside(&mut value, party)?;
            return Ok(value);
        }
        if list {
            let parts = text.split([',', '，', '、']).map(str::trim);
            return parts.map(|part| self.word(part, party)).collect::<Result<_, _>>().map(Value::Array);
        }
        self.word(text, party)
    }

    fn inside(&mut self, value: &mut Value, party: bool) -> Result<(), String> {
        match value {
            Value::String(text) => *value = self.word(&text.clone(), party)?,
            Value::Array(values) => values.iter_mut().try_for_each(|value| self.inside(value, party))?,
            Value::Object(fields) => fields.values_mut().try_for_each(|value| self.inside(value, party))?,
            _ => {}
        }
        Ok(())
    }

    fn word(&mut self, text: &str, party: bool) -> Result<Value, String> {
        let named = text.strip_prefix("party ").unwrap_or(text);
        if self.cast.get(named).is_some() { self.thing(text, party) } else { self.said(text) }
    }

    /// Fills in what a usual form leaves to the statement.
    fn fill(&mut self, value: &mut Value) -> Result<(), String> {
        match value {
            Value::String(text) => *value = self.said(&text.clone())?,
            Value::Array(values) => values.iter_mut().try_for_each(|value| self.fill(value))?,
            Value::Object(fields) => fields.values_mut().try_for_each(|value| self.fill(value))?,
            _ => {}
        }
        Ok(())
    }

    fn said(&mut self, text: &str) -> Result<Value, String> {
        if let Some(variable) = text.strip_prefix('$') {
            return self.variable(variable);
        }
        let today = self.stage.now().date();
        if let Some((first, last)) = text.split_once("..")
            && let Some((first, last)) = day(first, today).zip(day(last, today))
        {
            return Ok(Value::String(format!("{first}/{last}")));
        }
        if let Some(day) = day(text, today) {
            return Ok(Value::String(day.to_string()));
        }
        if let Some(fen) = fen(text) {
            return Ok(Value::String(fen));
        }
        Ok(Value::String(text.to_owned()))
    }

    fn variable(&mut self, variable: &str) -> Result<Value, String> {
        let text = |value: String| Ok(Value::String(value));
        let (variable, party) = match variable.strip_suffix(" party") {
            Some(variable) => (variable, true),
            None => (variable, false),
        };
        match variable {
            "author" => self.signer(1, party),
            "owners" => self.owners(),
            "founders" => self.founders(),
            "digest" => text(self.cast.fresh_digest().to_string()),
            "new key" => {
                let key = self.cast.fresh_key();
                let form = json!({ "key": key.public().to_string(), "evidence": { "digest": Hash([1; 32]).to_string() } });
                self.new_keys.push(key);
                Ok(form)
            }
            "node key" => {
                let key = self.cast.fresh_key();
                let form = key.public().to_string();
                self.new_keys.push(key);
                text(form)
            }
            "node name" => text(format!("node-{}", self.cast.fresh())),
            "seal" => Ok(json!(self.cast.seal())),
            "credit code" => text(credit_code(self.cast.fresh()).to_string()),
            "patent number" => text(patent_number('1', self.cast.fresh()).to_string()),
            "utility model number" => text(patent_number('2', self.cast.fresh()).to_string()),
            "design number" => text(patent_number('3', self.cast.fresh()).to_string()),
            "proofs" => self.proofs(),
            "licence number" => text(format!("X202698{:07}", self.cast.fresh())),
            "pledge number" => text(format!("Y202698{:07}", self.cast.fresh())),
            "contract number" => text(format!("2026110000{:06}", self.cast.fresh() % 1_000_000)),
            "of" => self.of("").map(Value::String),
            other if other.starts_with("key ") => self.key(&other[4..]),
            other if other.starts_with("count ") => Ok(json!(self.named_by(&other[6..]).len())),
            other if other.starts_with("root ") => text(listed::root(&self.list(&other[5..])?).to_string()),
            other if other.contains(" among ") => self.among(other),
            other if other.starts_with("digest of ") => {
                text(Hash::plain(&[b"tongda scenario document", &other.as_bytes()[10..]]).to_string())
            }
            other if other.starts_with("in ") => self.hence(&other[3..]),
            other => match (other.strip_prefix("signer "), other.strip_prefix("of.")) {
                (Some(place), _) => {
                    self.signer(place.parse().map_err(|_| format!("${other}: no number"))?, party)
                }
                (_, Some(path)) => self.of_path(path),
                _ => Err(format!("${other} is no variable of usual forms")),
            },
        }
    }

    fn signer(&self, place: usize, party: bool) -> Result<Value, String> {
        // Where the statement has fewer signers, its words or fields say who is meant.
        let Some(name) = self.action.signers.get(place - 1) else { return Ok(Value::Null) };
        let member: MemberId = self.cast.member(name)?;
        Ok(Value::String(if party {
            self.cast.party_of(member, self.stage)?.to_string()
        } else {
            member.to_string()
        }))
    }

    fn named_by(&self, word: &str) -> &[String] {
        self.action.words.iter().find(|(other, _)| other == word).map_or(&[], |(_, names)| names)
    }

    fn named_by_of(&self) -> &[String] {
        self.named_by("of")
    }

    fn known(&self, name: &str) -> Result<ObjectRef, String> {
        self.cast.get(name).ok_or_else(|| format!("nothing here is called {name}"))
    }

    /// The things that a word names.
    fn list(&self, word: &str) -> Result<Vec<ObjectRef>, String> {
        self.named_by(word).iter().map(|name| self.known(name)).collect()
    }

    /// Where something stands in a list that was shown by its root: `author among on.to`.
    fn among(&self, text: &str) -> Result<Value, String> {
        let (what, list) = text.split_once(" among ").ok_or_else(|| format!("${text}: no `among`"))?;
        let (holder, list) = list.split_once('.').ok_or_else(|| format!("${text}: no list of a thing"))?;
        let first = |word: &str| {
            let name = self.named_by(word).first();
            self.known(name.ok_or_else(|| format!("the statement names nothing with `{word}`"))?)
        };
        let thing = match what {
            "author" => self.cast.member(&self.action.signers[0])?.into(),
            word => first(word)?,
        };
        let holder = first(holder)?;
        let things = self.cast.list(holder, list).ok_or_else(|| format!("{holder} has no list {list:?}"))?;
        listed::place(things, thing)
    }

    fn of(&self, _: &str) -> Result<String, String> {
        let first = self.named_by_of().first().ok_or("the statement names nothing with `of`")?;
        Ok(self.known(first)?.to_string())
    }

    /// A field of the first thing named by `of`.
    fn of_path(&self, path: &str) -> Result<Value, String> {
        let id: ObjectRef = self.of("")?.parse().map_err(|error| format!("{error}"))?;
        let object = self.stage.object(id)?.unwrap_or_default();
        let found = object.pointer(&format!("/{}", path.replace('.', "/")));
        found.cloned().ok_or_else(|| format!("{id} has no {path}"))
    }

    /// What proves the licence named by `of`: its contract or, for an open licence, a notice and a payment voucher.
    fn proofs(&mut self) -> Result<Value, String> {
        Ok(match self.of_path("contract") {
            Ok(contract) if contract.is_string() => json!([contract]),
            _ => json!([self.cast.fresh_digest().to_string(), self.cast.fresh_digest().to_string()]),
        })
    }

    /// A member's key: `1 of 甲大学`.
    fn key(&self, text: &str) -> Result<Value, String> {
        let (place, name) = text.split_once(" of ").ok_or_else(|| format!("$key {text}: no `N of NAME`"))?;
        let place: usize = place.parse().map_err(|_| format!("$key {text}: no number"))?;
        let keys = self.cast.keys(self.cast.member(name)?);
        let key = place.checked_sub(1).and_then(|place| keys.get(place));
        Ok(Value::String(key.ok_or_else(|| format!("{name} has {} keys", keys.len()))?.public().to_string()))
    }

    /// The members that own the patents named by `of`, each with its own; what several own, the first of them brings.
    fn founders(&self) -> Result<Value, String> {
        let mut founders: Vec<(Value, Vec<Value>)> = Vec::new();
        for patent in self.list("of")? {
            let object = self.stage.object(patent)?.ok_or_else(|| format!("{patent} does not exist"))?;
            let party = object.pointer("/owners/0/party").and_then(Value::as_str).ok_or("nobody owns it")?;
            let party: ObjectRef = party.parse().map_err(|error| format!("{error}"))?;
            let party = self.stage.object(party)?.unwrap_or_default();
            let (member, patent) = (party["member"].clone(), Value::String(patent.to_string()));
            match founders.iter_mut().find(|(other, _)| *other == member) {
                Some((_, patents)) => patents.push(patent),
                None => founders.push((member, vec![patent])),
            }
        }
        let founders = founders.into_iter();
        Ok(founders.map(|(member, patents)| json!({ "member": member, "patents": patents })).collect())
    }

    /// An instant: `2 hours` from now.
    fn hence(&self, text: &str) -> Result<Value, String> {
        let hours = text.trim_end_matches(" hours").trim_end_matches(" hour");
        let hours: u64 = hours.parse().map_err(|_| format!("$in {text}: no `N hours`"))?;
        let time = self.stage.now().plus_milliseconds(hours.saturating_mul(3_600_000));
        serde_json::to_value(time).map_err(|error| error.to_string())
    }

    fn owners(&self) -> Result<Value, String> {
        let mut owners: Vec<Value> = Vec::new();
        for name in self.named_by_of() {
            let patent = self.known(name)?;
            let object = self.stage.object(patent)?.ok_or_else(|| format!("{patent} does not exist"))?;
            for owner in object["owners"].as_array().into_iter().flatten() {
                if !owners.contains(&owner["party"]) {
                    owners.push(owner["party"].clone());
                }
            }
        }
        Ok(Value::Array(owners))
    }
}

/// A day: `today`, `today+30`, `today-30`, or a date.
pub(crate) fn day(text: &str, today: Date) -> Option<Date> {
    let text = text.trim();
    let Some(offset) = text.strip_prefix("today") else { return text.parse().ok() };
    if offset.is_empty() { Some(today) } else { offset.parse().ok().map(|days| today.add_days(days)) }
}

/// The fen of an amount in yuan: `5000元`.
pub(crate) fn fen(text: &str) -> Option<String> {
    let yuan: u64 = text.strip_suffix('元')?.replace(',', "").parse().ok()?;
    Some((yuan * 100).to_string())
}

/// The number of a made patent of the kind (1 invention, 2 utility model, 3 design), with its check digit.
fn patent_number(kind: char, made: u32) -> PatentNumber {
    let digits = format!("2020{kind}{made:07}");
    let mut numbers = "0123456789X".chars().filter_map(|check| format!("{digits}.{check}").parse().ok());
    numbers.next().expect("one check digit fits")
}

/// The credit code of a made organisation, with both check characters.
fn credit_code(made: u32) -> CreditCode {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut codes = ALPHABET.chars().flat_map(|first| {
        ALPHABET.chars().filter_map(move |second| format!("91110000{made:08}{first}{second}").parse().ok())
    });
    codes.next().expect("two check characters fit")
}
