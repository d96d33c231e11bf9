//! Show a certificate so that people and programs read what it says, and read it back from its bytes alone.
//!
//! Only the bytes are signed. The fields beside them are shown for reading: whoever reads the form makes them again from
//! the bytes, and a form that shows anything else is refused.

use super::content::{Certificate, Proven};
use super::error::CertificateError;
use super::history::{EntryContent, HistoryEntry};
use crate::envelope::Envelope;
use crate::state::{AnyValue, StateKey, type_name};
use serde_json::{Map, Value, json};

/// The name of the form.
pub const FORMAT: &str = "tongda-certificate/1";

/// The key as it is shown: the type and the id, which for an object is the one that people use.
#[must_use]
pub fn key(key: &StateKey) -> Value {
    json!({ "type": type_name(key.tag()), "id": key.shown_id(), "bytes": hex::encode(key.bytes()) })
}

fn proven(proven: &Proven) -> Value {
    let value = proven.value.as_deref().map(|bytes| {
        AnyValue::read(&proven.key, bytes)
            .ok()
            .and_then(|value| serde_json::to_value(value).ok())
            .unwrap_or_else(|| Value::String(hex::encode(bytes)))
    });
    json!({ "key": key(&proven.key), "present": proven.value.is_some(), "value": value })
}

fn entry(entry: &HistoryEntry) -> Value {
    let events: Vec<_> = entry
        .events
        .iter()
        .map(
            |event| json!({ "ordinal": event.ordinal, "family": event.what.family, "kind": event.what.kind }),
        )
        .collect();
    let (kind, record) = match &entry.content {
        EntryContent::Record { envelope, .. } => {
            let read = Envelope::decode(envelope).ok();
            let act = read.and_then(|envelope| serde_json::to_value(envelope.act()).ok());
            ("record", act.unwrap_or(Value::Null))
        }
        EntryContent::Seal => ("seal", Value::Null),
    };
    json!({
        "position": entry.position,
        "type": kind,
        "height": entry.seal.height,
        "time": entry.seal.time,
        "act": record,
        "events": events,
    })
}

/// The JSON form.
///
/// # Panics
/// As [`Certificate::bytes`].
#[must_use]
pub fn form(certificate: &Certificate) -> Value {
    let statement = &certificate.statement;
    let mut form = Map::new();
    let mut put = |name: &str, value: Value| form.insert(name.to_owned(), value);
    put("format", json!(FORMAT));
    put("network", json!(statement.network()));
    put("key", key(&statement.proven.key));
    let shown = proven(&statement.proven);
    put("present", shown["present"].clone());
    put("value", shown["value"].clone());
    put(
        "as_of",
        json!({ "height": statement.seal.height, "time": statement.seal.time, "size": statement.size, "root": statement.root }),
    );
    put("seal", json!(statement.seal));
    let cosignatures: Vec<_> = statement
        .cosignatures
        .iter()
        .map(|placed| json!({ "signer": placed.signer, "time": placed.cosignature.time }))
        .collect();
    put("cosignatures", json!(cosignatures));
    let witnesses: Vec<_> = statement
        .witnesses
        .iter()
        .map(|line| json!({ "name": line.name, "id": hex::encode(line.id), "time": line.cosignature.time }))
        .collect();
    put("witnesses", json!(witnesses));
    put("details", statement.details.iter().map(proven).collect());
    put("epochs", certificate.epochs.iter().map(|link| json!(link.seal.height)).collect());
    put("history", certificate.history.iter().map(entry).collect());
    put("bytes", json!(hex::encode(certificate.bytes())));
    Value::Object(form)
}

/// Reads the JSON form: its bytes, and that everything shown beside them is what they say.
///
/// # Errors
/// [`CertificateError`] when the text is no such form, the bytes are none, or another meaning is shown.
pub fn read(text: &[u8]) -> Result<Certificate, CertificateError> {
    if text.len() > 4 * Certificate::LIMIT {
        return Err(CertificateError::TooLong(text.len()));
    }
    let no_form = |reason: String| CertificateError::Json(reason);
    let given: Value = serde_json::from_slice(text).map_err(|error| no_form(error.to_string()))?;
    let given = given.as_object().ok_or_else(|| no_form("it is no object".into()))?;
    if given.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(no_form(format!("its format is not {FORMAT}")));
    }
    let bytes = given.get("bytes").and_then(Value::as_str);
    let bytes = bytes.ok_or_else(|| no_form("the bytes are missing".into()))?;
    let bytes = hex::decode(bytes).map_err(|error| no_form(format!("the bytes: {error}")))?;
    let certificate = Certificate::decode(&bytes)?;
    let meant = form(&certificate);
    let meant = meant.as_object().expect("the form is an object");
    let differs = |name: &&String| given.get(*name) != meant.get(*name);
    match given.keys().chain(meant.keys()).find(differs) {
        Some(name) => Err(CertificateError::Shown(format!("`{name}`"))),
        None => Ok(certificate),
    }
}
