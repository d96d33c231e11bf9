//! Name the lines in which a genesis file differs from the canonical form that its founders sign.

use super::entry::FoundingEntry;
use super::layout::{Layout, Step};
use super::{Alteration, GenesisError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tongda_ledger::codec;
use tongda_ledger::founding::Founding;

/// Checks that the canonical form has the stated network id and says what the entries say.
pub(super) fn check_sealed(
    sealed: &FoundingEntry,
    founding: &Founding,
    node_places: &[usize],
    layout: &Layout<'_>,
) -> Result<(), GenesisError> {
    let at = |key: &str| [Step::key("founding"), Step::key(key)];
    let compact: String = sealed.canonical.split_whitespace().collect();
    let bytes = STANDARD.decode(compact).map_err(|error| {
        layout.error(&at("canonical"), format!("the canonical form is no Base64: {error}"))
    })?;
    let signed: Founding = codec::decode(&bytes, Founding::LIMIT)
        .map_err(|error| layout.error(&at("canonical"), format!("the canonical form is damaged: {error}")))?;
    if signed.network() != sealed.network_id {
        let line = layout.line(&at("network-id"));
        return Err(GenesisError::NetworkId { line, stated: sealed.network_id, found: signed.network() });
    }
    if signed == *founding {
        return Ok(());
    }
    let mut differences = Vec::new();
    compare(&json(&signed), &json(founding), &mut Vec::new(), &mut differences);
    let alterations =
        differences.into_iter().map(|difference| difference.located(node_places, layout)).collect();
    Err(GenesisError::Altered(alterations))
}

fn json(founding: &Founding) -> Value {
    serde_json::to_value(founding).expect("a founding has no maps with keys that are no text")
}

/// A place in the JSON form where the two differ, and the names or numbers of the elements on the way.
struct Difference {
    path: Vec<Step>,
    labels: Vec<String>,
    signed: Option<Value>,
    found: Option<Value>,
}

fn compare(signed: &Value, found: &Value, path: &mut Vec<(Step, String)>, differences: &mut Vec<Difference>) {
    match (signed, found) {
        (Value::Object(signed), Value::Object(found)) => {
            for key in signed.keys().chain(found.keys().filter(|key| !signed.contains_key(*key))) {
                path.push((Step::key(key), key.clone()));
                compare_optional(signed.get(key), found.get(key), path, differences);
                path.pop();
            }
        }
        (Value::Array(signed), Value::Array(found)) => {
            let before = differences.len();
            let pairs = pairs(signed, found);
            let moved = pairs.iter().any(|(a, b)| matches!((a, b), (Some(a), Some(b)) if a != b));
            for (a, b) in pairs {
                let (one, other) = (a.and_then(|a| signed.get(a)), b.and_then(|b| found.get(b)));
                let place = b.or(a).unwrap_or(0);
                let label =
                    other.or(one).and_then(name).map_or_else(|| (place + 1).to_string(), str::to_owned);
                // What the file lacks has no line of its own in it.
                let step = if b.is_some() { Step::Index(place) } else { Step::Index(usize::MAX) };
                path.push((step, label));
                compare_optional(one, other, path, differences);
                path.pop();
            }
            if moved && differences.len() == before {
                path.push((Step::Index(0), "order".into()));
                record(
                    Some(&Value::Array(signed.clone())),
                    Some(&Value::Array(found.clone())),
                    path,
                    differences,
                );
                path.pop();
            }
        }
        _ if signed == found => {}
        _ => record(Some(signed), Some(found), path, differences),
    }
}

fn compare_optional(
    signed: Option<&Value>,
    found: Option<&Value>,
    path: &mut Vec<(Step, String)>,
    differences: &mut Vec<Difference>,
) {
    match (signed, found) {
        (Some(signed), Some(found)) => compare(signed, found, path, differences),
        (None, None) => {}
        _ => record(signed, found, path, differences),
    }
}

fn record(
    signed: Option<&Value>,
    found: Option<&Value>,
    path: &[(Step, String)],
    differences: &mut Vec<Difference>,
) {
    let is_element = |step: &Step| matches!(step, Step::Index(_));
    let labels = path.iter().filter(|(step, _)| is_element(step)).map(|(_, label)| label.clone()).collect();
    let path = path.iter().map(|(step, _)| step.clone()).collect();
    differences.push(Difference { path, labels, signed: signed.cloned(), found: found.cloned() });
}

/// Which element of the one list is which of the other: by name where they have names, else by place. What is left
/// over on both sides is taken for renamed.
fn pairs(signed: &[Value], found: &[Value]) -> Vec<(Option<usize>, Option<usize>)> {
    if !signed.iter().chain(found).all(|value| name(value).is_some()) {
        let longest = signed.len().max(found.len());
        let within = |n: usize, list: &[Value]| (n < list.len()).then_some(n);
        return (0..longest).map(|n| (within(n, signed), within(n, found))).collect();
    }
    let mut left: Vec<usize> = (0..found.len()).collect();
    let mut unmatched = Vec::new();
    let mut pairs = Vec::new();
    for (n, value) in signed.iter().enumerate() {
        match left.iter().position(|other| name(&found[*other]) == name(value)) {
            Some(place) => pairs.push((Some(n), Some(left.remove(place)))),
            None => unmatched.push(n),
        }
    }
    let longest = unmatched.len().max(left.len());
    pairs.extend((0..longest).map(|n| (unmatched.get(n).copied(), left.get(n).copied())));
    pairs
}

fn name(value: &Value) -> Option<&str> {
    value.get("name").and_then(Value::as_str)
}

impl Difference {
    fn located(self, node_places: &[usize], layout: &Layout<'_>) -> Alteration {
        let path = in_file(&self.path, node_places);
        // An entry that is missing is shown where the canonical form stands, which has it.
        let missing = self.path.contains(&Step::Index(usize::MAX));
        let line = if missing {
            layout.line(&[Step::key("founding"), Step::key("canonical")])
        } else {
            layout.line(&path)
        };
        Alteration {
            line,
            entry: entry(&path, self.labels),
            expected: self.signed.map(|value| shown(&value)),
            found: self.found.map(|value| shown(&value)),
        }
    }
}

/// What the file calls a place: `member 登记机构 sign-with`.
fn entry(path: &[Step], labels: Vec<String>) -> String {
    let mut labels = labels.into_iter();
    let words = path.iter().map(|step| match step {
        Step::Key(key) => key.clone(),
        Step::Index(_) => labels.next().unwrap_or_default(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The path in the file of a path in the founding's JSON.
fn in_file(path: &[Step], node_places: &[usize]) -> Vec<Step> {
    let keys: Vec<&str> = path
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) => "",
        })
        .collect();
    let member = |field: &str| vec![Step::key("member"), path[1].clone(), Step::key(field)];
    match (keys.as_slice(), path) {
        (["version" | "name", ..], _) => [&[Step::key("network")], path].concat(),
        (["anchor", ..], _) => [&[Step::key("network")], &path[1..]].concat(),
        (["nodes", "nodes", "", ..], [_, _, Step::Index(n), rest @ ..]) => {
            let place = node_places.get(*n).copied().unwrap_or(*n);
            [&[Step::key("node"), Step::Index(place)], kebab(rest).as_slice()].concat()
        }
        (["nodes", ..], _) => vec![Step::key("node"), Step::Index(0)],
        (["parameters", "tables", ..], _) => [&[Step::key("table")], &path[2..]].concat(),
        (["parameters", ..], _) => [&[Step::key("parameters")], kebab(&path[1..]).as_slice()].concat(),
        (["members", "", "code", "overridden", "allowed_by"], _) => member("code-allowed-by"),
        (["members", "", "code", "overridden", ..], _) => member("overridden-code"),
        (["members", "", "code", ..], _) => member("code"),
        (["members", "", "policy", "default", ..], _) => member("sign-with"),
        (["members", "", "policy", "acts", ..], [_, place, _, _, rest @ ..]) => {
            [&[Step::key("member"), place.clone(), Step::key("sign-acts")], rest].concat()
        }
        (["members", "", "keys", "", "evidence", "valid_until"], _) => {
            [&[Step::key("member")], &path[1..4], [Step::key("valid-until")].as_slice()].concat()
        }
        _ => [&[Step::key("member")], &path[1..]].concat(),
    }
}

fn kebab(path: &[Step]) -> Vec<Step> {
    path.iter()
        .map(|step| match step {
            Step::Key(key) => Step::Key(key.replace('_', "-")),
            Step::Index(index) => Step::Index(*index),
        })
        .collect()
}

/// A value for people: texts without quotation marks, and of a long one the beginning.
fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() <= 120 { text } else { text.chars().take(119).chain(['…']).collect() }
}
