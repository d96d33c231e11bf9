//! Freeze which damaged forms of the golden vectors still decode: readers of two programs are equally strict if they
//! agree on every one.
//!
//! ```text
//! for each place: its byte XOR 01 · XOR 80 · XOR ff · the bytes cut to the place        then: a zero byte behind the end
//! ```
//! One bit for each, the first the most significant of the first byte, 1 for what decodes. Whether hashes and signatures
//! hold is left aside: they would refuse nearly all of it, and so hide how strictly bytes are read.
//!
//! `TONGDA_WRITE_VECTORS=1 cargo test -p tongda-ledger --test damage` writes `tests/vectors/damage.json` again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use tongda_ledger::act::Act;
use tongda_ledger::block::{Body, Seal};
use tongda_ledger::codec::{Decode, Encode, RECORD_LIMIT, decode};
use tongda_ledger::envelope::Envelope;
use tongda_ledger::epoch::EpochLink;
use tongda_ledger::founding::Founding;
use tongda_ledger::state::{AnyValue, StateKey};
use tongda_ledger::tree::{Frontier, MapProof, Note, NoteKey, Receipt};
use tongda_ledger::vote::{CommitCertificate, ValidatorSet};

/// Of longer bytes only so many places are damaged, evenly chosen.
const PLACES: usize = 400;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

fn read(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder().join(name)).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

/// The verdicts on all damaged forms, as hexadecimal digits.
fn verdicts(original: &[u8], decodes: &dyn Fn(&[u8]) -> bool) -> String {
    assert!(decodes(original), "a golden vector decodes");
    let mut bits = Vec::new();
    for place in (0..original.len()).step_by((original.len() / PLACES).max(1)) {
        for flip in [0x01, 0x80, 0xff] {
            let mut damaged = original.to_vec();
            damaged[place] ^= flip;
            bits.push(decodes(&damaged));
        }
        bits.push(decodes(&original[..place]));
    }
    bits.push(decodes(&[original, &[0]].concat()));
    let byte =
        |eight: &[bool]| (0..8).fold(0_u8, |byte, bit| byte << 1 | u8::from(eight.get(bit) == Some(&true)));
    hex::encode(bits.chunks(8).map(byte).collect::<Vec<_>>())
}

fn is<T: Decode<()> + Encode>(limit: usize) -> impl Fn(&[u8]) -> bool {
    move |bytes| decode::<T>(bytes, limit).is_ok()
}

/// The bytes that stand under a name in each entry of a list.
fn all(vectors: &Value, list: &str, field: &str, decodes: &dyn Fn(&[u8]) -> bool) -> Value {
    vectors[list].as_array().unwrap().iter().map(|entry| verdicts(&bytes(&entry[field]), decodes)).collect()
}

fn acts(vectors: &Value) -> Value {
    let decodes = is::<Act>(RECORD_LIMIT);
    let wire = |entry: &Value| {
        let tag = |name: &str| u8::try_from(entry[name].as_u64().unwrap()).unwrap();
        let body = bytes(&entry["body"]);
        let length = u16::try_from(body.len()).unwrap().to_le_bytes();
        [&[tag("family"), tag("kind"), tag("schema")][..], &length, &body].concat()
    };
    vectors["acts"].as_array().unwrap().iter().map(|entry| verdicts(&wire(entry), &decodes)).collect()
}

fn values(vectors: &Value) -> Value {
    let each = |entry: &Value| {
        let key = StateKey::from_bytes(&bytes(&entry["key"])).unwrap();
        verdicts(&bytes(&entry["wire"]), &|bytes| AnyValue::read(&key, bytes).is_ok())
    };
    vectors["values"].as_array().unwrap().iter().map(each).collect()
}

fn families(kind: &str, made: &mut Map<String, Value>, verdicts: fn(&Value) -> Value) {
    made.insert(format!("{kind}.json"), verdicts(&read(&format!("{kind}.json"))));
    let mut names: Vec<_> = std::fs::read_dir(folder().join(kind))
        .unwrap()
        .map(|entry| format!("{kind}/{}", entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    names.sort();
    for name in names {
        let vectors = read(&name);
        made.insert(name, verdicts(&vectors));
    }
}

fn texts(made: &mut Map<String, Value>) {
    let checkpoint = read("checkpoint.json");
    let text = |list: &str, field: &str, decodes: &dyn Fn(&[u8]) -> bool| -> Value {
        let each = |entry: &Value| verdicts(entry[field].as_str().unwrap().as_bytes(), decodes);
        checkpoint[list].as_array().unwrap().iter().map(each).collect()
    };
    let is_key = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok_and(|text| text.parse::<NoteKey>().is_ok());
    made.insert("checkpoint.json keys".into(), text("keys", "vkey", &is_key));
    made.insert("checkpoint.json notes".into(), text("notes", "note", &|bytes| Note::parse(bytes).is_ok()));
    made.insert(
        "checkpoint.json receipts".into(),
        text("receipts", "receipt", &|bytes| Receipt::parse(bytes).is_ok()),
    );
}

fn made() -> Map<String, Value> {
    let mut made = Map::new();
    families("act", &mut made, acts);
    families("state", &mut made, values);
    let mut put = |name: &str, value: Value| made.insert(name.to_owned(), value);
    let envelope = |bytes: &[u8]| Envelope::decode(bytes).is_ok();
    put("envelope.json", all(&read("envelope.json"), "envelopes", "wire", &envelope));
    let seals = read("seal.json");
    put("seal.json seals", all(&seals, "seals", "wire", &|bytes| Seal::decode(bytes).is_ok()));
    put("seal.json bodies", all(&seals, "bodies", "wire", &|bytes| Body::decode(bytes).is_ok()));
    let certificates = read("certificate.json");
    put("certificate.json", all(&certificates, "certificates", "wire", &is::<CommitCertificate>(131_072)));
    let set = bytes(&certificates["validators_wire"]);
    put("certificate.json validators", json!([verdicts(&set, &is::<ValidatorSet>(RECORD_LIMIT))]));
    put("log.json frontier", all(&read("log.json"), "frontier", "bytes", &is::<Frontier>(RECORD_LIMIT)));
    put("map.json", all(&read("map.json"), "proofs", "proof", &is::<MapProof>(RECORD_LIMIT)));
    let founding = |bytes: &[u8]| {
        decode::<Founding>(bytes, Founding::LIMIT).is_ok_and(|founding: Founding| founding.check().is_ok())
    };
    put("genesis.json", json!([verdicts(&bytes(&read("genesis.json")["canonical"]), &founding)]));
    put(
        "epochs.json",
        all(&read("epochs.json"), "links", "bytes", &|bytes| EpochLink::decode(bytes).is_ok()),
    );
    texts(&mut made);
    made
}

#[test]
fn which_damaged_forms_still_decode_is_frozen() {
    let about = "For every vector of a file, in its order: which damaged forms of its bytes still decode, one bit each, the \
                 first the most significant of the first byte (hexadecimal). For each place (of bytes longer than 800 every \
                 (length / 400)-th): the byte XOR 01, XOR 80, XOR ff, then the bytes cut to the place; at the end a zero \
                 byte behind. Decoding alone is judged: no hash, no signature.";
    let file = json!({ "about": about, "places": PLACES, "verdicts": made() });
    let text = serde_json::to_string_pretty(&file).unwrap() + "\n";
    let path = folder().join("damage.json");
    if std::env::var_os("TONGDA_WRITE_VECTORS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == text,
        "damage.json differs: a reader became more or less strict"
    );
}
