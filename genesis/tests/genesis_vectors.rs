//! Check the genesis file against its golden vectors, which are written for implementations in any language.

#![allow(clippy::unwrap_used, reason = "a test fails where a value is missing")]

use serde::Deserialize;
use tongda_genesis::file::{Genesis, signed_bytes};
use tongda_ledger::codec::decode;
use tongda_ledger::founding::Founding;
use tongda_ledger::key::{Signature, SigningKey};
use tongda_ledger::vote::NetworkId;

const VECTORS: &str = include_str!("../../tests/vectors/genesis.json");

#[derive(Deserialize)]
struct Vectors {
    founding: Founding,
    canonical: String,
    network_id: NetworkId,
    signed: String,
    signature: Signature,
    invalid_canonical: Vec<Invalid>,
    file: Vec<String>,
    refused: Vec<Refused>,
}

#[derive(Deserialize)]
struct Invalid {
    change: String,
    bytes: String,
}

#[derive(Deserialize)]
struct Refused {
    from: String,
    to: String,
    line: usize,
    at: String,
}

#[test]
fn the_founding_has_the_bytes_the_id_and_the_signature_of_its_vector() {
    let vectors: Vectors = serde_json::from_str(VECTORS).unwrap();
    assert_eq!(hex::encode(vectors.founding.bytes()), vectors.canonical);
    let bytes = hex::decode(&vectors.canonical).unwrap();
    assert_eq!(decode::<Founding>(&bytes, Founding::LIMIT).as_ref(), Ok(&vectors.founding));
    assert_eq!(vectors.founding.network(), vectors.network_id);
    let signed = signed_bytes(&vectors.network_id);
    assert_eq!(hex::encode(&signed), vectors.signed);
    assert_eq!(SigningKey::from_seed(&[1; 32]).sign(&signed), vectors.signature);
    assert!(!vectors.invalid_canonical.is_empty());
    for invalid in &vectors.invalid_canonical {
        let bytes = hex::decode(&invalid.bytes).unwrap();
        assert!(decode::<Founding>(&bytes, Founding::LIMIT).is_err(), "{}", invalid.change);
    }
}

#[test]
fn the_file_says_the_founding_and_every_change_is_refused_at_its_line() {
    let vectors: Vectors = serde_json::from_str(VECTORS).unwrap();
    let text = vectors.file.join("\n");
    let genesis = Genesis::parse(&text).unwrap();
    assert_eq!((&genesis.founding, genesis.network), (&vectors.founding, vectors.network_id));
    assert_eq!(genesis.verify(), Ok(()));
    assert!(!vectors.refused.is_empty());
    for Refused { from, to, line, at } in &vectors.refused {
        assert_eq!(text.matches(from.as_str()).count(), 1, "{from}");
        let changed = Genesis::parse(&text.replace(from, to));
        let error = match at.as_str() {
            "read" => changed.expect_err(to),
            _ => changed.unwrap().verify().expect_err(to),
        };
        assert_eq!(error.line(), Some(*line), "{to}: {error}");
    }
}
