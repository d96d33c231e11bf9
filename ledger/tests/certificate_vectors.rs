//! Every case of `tests/vectors/status-certificate.json`: certificates that hold, and what they say; certificates that are
//! refused, with every check that fails.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod certified;
mod crafted_chain;
mod samples;

use certified::{chain, check, failures, forged, founded, good, malformed, witness};
use crafted_chain::NETWORK;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tongda_ledger::certificate::{Asked, Certificate, Report, json};
use tongda_ledger::state::Nodes;
use tongda_ledger::vote::NetworkId;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Vectors {
    about: String,
    network: NetworkId,
    /// The nodes of the founding.
    founded: Nodes,
    /// A witness's key.
    witness: String,
    valid: Vec<Valid>,
    refused: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Valid {
    what: String,
    bytes: String,
    /// The JSON form, without the bytes.
    form: Value,
    report: Value,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Refused {
    what: String,
    bytes: String,
    /// Every check that fails, and why.
    failures: Vec<String>,
}

fn verify(bytes: &[u8]) -> Report {
    Certificate::verify_bytes(bytes, &founded(), &Asked::default()).1
}

fn valid(what: &str, certificate: &Certificate) -> Valid {
    let report = check(certificate);
    assert!(report.holds, "{what}: {:?}", failures(&report));
    let mut form = json::form(certificate);
    form.as_object_mut().unwrap().remove("bytes");
    let report = serde_json::to_value(&report).unwrap();
    Valid { what: what.into(), bytes: hex::encode(certificate.bytes()), form, report }
}

#[test]
fn the_golden_certificates_hold_and_every_wrong_one_is_refused_for_what_it_is() {
    let forged = forged().into_iter().map(|(what, certificate)| (what, certificate.bytes()));
    let refused = forged.chain(malformed()).map(|(what, bytes)| {
        let report = verify(&bytes);
        assert!(!report.holds, "{what} holds");
        Refused { what: what.into(), bytes: hex::encode(&bytes), failures: failures(&report) }
    });
    let vectors = Vectors {
        about: "Certificates of a network whose signers changed at height 2, as of height 3: their bytes, what they say and \
                what verifying them comes to from the founding's nodes alone; and certificates that must be refused, with \
                every check that fails. Bytes are hexadecimal."
            .into(),
        network: NETWORK,
        founded: chain().founded,
        witness: witness().to_string(),
        valid: good().iter().map(|(what, certificate)| valid(what, certificate)).collect(),
        refused: refused.collect(),
    };
    if samples::writing() {
        let text = serde_json::to_string_pretty(&vectors).unwrap() + "\n";
        std::fs::write(samples::path("status-certificate.json"), text).unwrap();
    }
    let kept: Vectors = serde_json::from_value(samples::read("status-certificate.json")).unwrap();
    assert!(kept == vectors, "status-certificate.json differs from what is made now");
    for valid in &kept.valid {
        let bytes = hex::decode(&valid.bytes).unwrap();
        let certificate = Certificate::decode(&bytes).unwrap();
        assert_eq!(certificate.bytes(), bytes, "{}", valid.what);
        let mut form = valid.form.clone();
        form.as_object_mut().unwrap().insert("bytes".into(), valid.bytes.clone().into());
        assert_eq!(json::read(form.to_string().as_bytes()).unwrap(), certificate, "{}", valid.what);
    }
    for refused in &kept.refused {
        let report = verify(&hex::decode(&refused.bytes).unwrap());
        assert!(!refused.failures.is_empty());
        assert_eq!(failures(&report), refused.failures, "{}", refused.what);
    }
}
