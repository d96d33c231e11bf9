//! Check the genesis file against its golden vectors, which are written for implementations in any language.

#![allow(clippy::unwrap_used, reason = "a test fails where a value is missing")]

use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::LazyLock;
use tongda_genesis::file::{FounderSignature, Genesis, render, signed_bytes};
use tongda_ledger::codec::decode;
use tongda_ledger::founding::Founding;
use tongda_ledger::identifier::MemberId;
use tongda_ledger::key::{Signature, SigningKey};
use tongda_ledger::vote::NetworkId;

/// The vectors, written again first if `TONGDA_WRITE_VECTORS` is set: everything but the form of the founding and the
/// changes that must be refused follows from those two.
fn vectors() -> Vectors {
    static VECTORS: LazyLock<String> = LazyLock::new(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/genesis.json");
        let text = std::fs::read_to_string(&path).unwrap();
        if std::env::var_os("TONGDA_WRITE_VECTORS").is_none() {
            return text;
        }
        let written = serde_json::to_string_pretty(&written_again(serde_json::from_str(&text).unwrap()))
            .unwrap()
            + "\n";
        std::fs::write(&path, &written).unwrap();
        written
    });
    serde_json::from_str(&VECTORS).unwrap()
}

fn written_again(old: Vectors) -> Vectors {
    let bytes = old.founding.bytes();
    let network_id = old.founding.network();
    let key = SigningKey::from_seed(&[1; 32]);
    let signature = key.sign(&signed_bytes(&network_id));
    let founder =
        FounderSignature { member: MemberId::new(0, 1), key: key.public(), signature: signature.clone() };
    let file: Vec<String> = render(&old.founding, &[founder])
        .lines()
        .map(|line| line.split(" # ").next().unwrap_or_default().trim_end().to_owned())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let line_of =
        |file: &[String], from: &str| file.iter().position(|line| line.contains(from)).map(|line| line + 1);
    let refused = old.refused.into_iter().map(|refused| {
        let before = line_of(&old.file, &refused.from).unwrap();
        let after = line_of(&file, &refused.from);
        match after {
            Some(after) => Refused { line: after + refused.line - before, ..refused },
            // The network id, the signature and the canonical form follow from the founding: one character changes.
            None => {
                let key = refused.from.split_once('"').map_or(" = \"\"\"", |(key, _)| key);
                let line = line_of(&file, key).unwrap();
                let from = match key.starts_with(' ') {
                    true => {
                        file[line..].iter().take_while(|line| *line != "\"\"\"").last().unwrap().to_owned()
                    }
                    false => file[line - 1][..refused.from.len()].to_owned(),
                };
                let place = from.trim_end_matches('=').len() - 1;
                let other = if from[place..].starts_with('4') { "8" } else { "4" };
                let to = format!("{}{other}{}", &from[..place], &from[place + 1..]);
                // A changed canonical form is told at the network id it no longer has, on the line before.
                let line = if key.starts_with(' ') { line - 1 } else { line + refused.line - before };
                Refused { line, from, to, ..refused }
            }
        }
    });
    let invalid = old.invalid_canonical.into_iter().map(|invalid| match invalid.change.as_str() {
        "a byte behind the end" => Invalid { bytes: hex::encode(&bytes) + "00", ..invalid },
        "the last byte missing" => Invalid { bytes: hex::encode(&bytes[..bytes.len() - 1]), ..invalid },
        _ => invalid,
    });
    Vectors {
        about: old.about,
        canonical: hex::encode(&bytes),
        network_id,
        signed: hex::encode(signed_bytes(&network_id)),
        signature,
        invalid_canonical: invalid.collect(),
        refused: refused.collect(),
        file,
        founding: old.founding,
    }
}

#[derive(Serialize, Deserialize)]
struct Vectors {
    about: serde_json::Value,
    founding: Founding,
    canonical: String,
    network_id: NetworkId,
    signed: String,
    signature: Signature,
    invalid_canonical: Vec<Invalid>,
    file: Vec<String>,
    refused: Vec<Refused>,
}

#[derive(Serialize, Deserialize)]
struct Invalid {
    change: String,
    bytes: String,
}

#[derive(Serialize, Deserialize)]
struct Refused {
    from: String,
    to: String,
    line: usize,
    at: String,
}

#[test]
fn the_founding_has_the_bytes_the_id_and_the_signature_of_its_vector() {
    let vectors = vectors();
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
    let vectors = vectors();
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
