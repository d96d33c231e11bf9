//! Time one envelope's way through a node before its act is judged: read, name, verify; with the signature alone and one
//! hash of the same bytes as the machine's own measure.
#![allow(clippy::unwrap_used, missing_docs, reason = "a bench")]

use std::hint::black_box;
use std::time::{Duration, Instant};
use tongda_ledger::act::Act;
use tongda_ledger::codec::List;
use tongda_ledger::envelope::{Core, Envelope};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::MemberId;
use tongda_ledger::key::SigningKey;
use tongda_ledger::vote::NetworkId;

/// The time of one call, the best of five rounds.
fn time<T>(mut call: impl FnMut() -> T) -> Duration {
    let round = |count: u32, call: &mut dyn FnMut() -> T| {
        let start = Instant::now();
        for _ in 0..count {
            black_box(call());
        }
        start.elapsed()
    };
    let once = round(10, &mut call) / 10;
    let count = u32::try_from(200_000_000 / once.as_nanos().max(1)).unwrap_or(1).max(10);
    (0..5).map(|_| round(count, &mut call) / count).min().unwrap()
}

fn main() {
    let key = SigningKey::from_seed(&[1; 32]);
    let author = MemberId::new(12, 0);
    println!(
        "{:<18} {:>6} {:>10} {:>10} {:>10} {:>10} {:>8}",
        "act", "bytes", "read", "hash", "verify", "all", "read/all"
    );
    for act in acts() {
        let core = Core {
            network: NetworkId(Hash([9; 32])),
            author,
            valid_from: "2026-11-24T00:00:00Z".parse().unwrap(),
            valid_until: "2026-11-24T01:00:00Z".parse().unwrap(),
            nonce: [3; 16],
            gather_until: None,
            expects: List::new(),
            act,
        };
        let signed = core.sign(author, &key);
        let envelope = Envelope::new(core, vec![signed]).unwrap();
        let bytes = envelope.bytes();
        let read = time(|| Envelope::decode(bytes).unwrap());
        let hash = time(|| envelope.fingerprint());
        let verify = time(|| envelope.verify().unwrap());
        let all = read + hash + verify;
        println!(
            "{:<18} {:>6} {:>10.2?} {:>10.2?} {:>10.2?} {:>10.2?} {:>7.1}%",
            envelope.act().name(),
            bytes.len(),
            read,
            hash,
            verify,
            all,
            100.0 * read.as_secs_f64() / all.as_secs_f64()
        );
    }
}

fn acts() -> Vec<Act> {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/vectors/act.json")).unwrap();
    let acts = vectors["acts"].as_array().unwrap();
    ["consent.give", "open.notice", "open.declare", "licence.grant", "patent.register"]
        .iter()
        .map(|name| acts.iter().find(|entry| entry["act"]["act"] == *name).unwrap())
        .map(|entry| serde_json::from_value(entry["act"].clone()).unwrap())
        .collect()
}
