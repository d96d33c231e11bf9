//! Check every identifier against the golden vectors, which are written for implementations in any language.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::str::FromStr;
use tongda_ledger::codec::{Decode, Encode, decode, encode};
use tongda_ledger::identifier as id;

const VECTORS: &str = include_str!("../../tests/vectors/identifier.json");

#[derive(serde::Deserialize)]
struct Vectors {
    types: BTreeMap<String, Cases>,
}

#[derive(serde::Deserialize)]
struct Cases {
    valid: Vec<Valid>,
    invalid: Vec<Invalid>,
    invalid_wire: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Valid {
    input: String,
    normal: String,
    wire: String,
}

#[derive(serde::Deserialize)]
struct Invalid {
    input: String,
    error: String,
}

#[test]
fn every_identifier_agrees_with_its_vectors() {
    let mut vectors: Vectors = serde_json::from_str(VECTORS).unwrap();
    let mut check_type = |name: &str, check: fn(&str, &Cases)| {
        let cases = vectors.types.remove(name).unwrap_or_else(|| panic!("no vectors for {name}"));
        assert!(
            !cases.valid.is_empty() && !cases.invalid.is_empty() && !cases.invalid_wire.is_empty(),
            "{name}"
        );
        check(name, &cases);
    };
    check_type("patent_number", check::<id::PatentNumber>);
    check_type("publication_number", check::<id::PublicationNumber>);
    check_type("credit_code", check::<id::CreditCode>);
    check_type("overridden_code", check::<id::OverriddenCode>);
    check_type("ipc_symbol", check::<id::IpcSymbol>);
    check_type("ipc_subclass", check::<id::IpcSubclass>);
    check_type("locarno_class", check::<id::LocarnoClass>);
    check_type("classification", check::<id::Classification>);
    check_type("industry_code", check::<id::IndustryCode>);
    check_type("region_code", check::<id::RegionCode>);
    check_type("country_code", check::<id::CountryCode>);
    check_type("money", check::<id::Money>);
    check_type("rate", check::<id::Rate>);
    check_type("date", check::<id::Date>);
    check_type("timestamp", check::<id::Timestamp>);
    check_type("term", check::<id::Term>);
    check_type("recordal_number", check::<id::RecordalNumber>);
    check_type("technical_contract_number", check::<id::TechnicalContractNumber>);
    check_type("patent_id", check::<id::PatentId>);
    check_type("record_id", check::<id::RecordId>);
    check_type("object_ref", check::<id::ObjectRef>);
    assert!(vectors.types.is_empty(), "unchecked vectors: {:?}", vectors.types.keys());
}

fn check<T>(name: &str, cases: &Cases)
where
    T: FromStr<Err: Debug> + Display + Debug + PartialEq + Encode + Decode<()>,
{
    for case in &cases.valid {
        let value: T =
            case.input.parse().unwrap_or_else(|error| panic!("{name} {:?}: {error:?}", case.input));
        assert_eq!(value.to_string(), case.normal, "{name}: normal form of {:?}", case.input);
        assert_eq!(hex::encode(encode(&value)), case.wire, "{name}: wire form of {:?}", case.input);
        let wire = hex::decode(&case.wire).expect("vectors hold hexadecimal digits");
        assert_eq!(decode::<T>(&wire, wire.len()), Ok(value), "{name}: wire form {}", case.wire);
    }
    for case in &cases.invalid {
        let error = case.input.parse::<T>().err().map(|error| kind_of(&error));
        assert_eq!(error.as_ref(), Some(&case.error), "{name}: {:?}", case.input);
    }
    for wire in &cases.invalid_wire {
        let bytes = hex::decode(wire).expect("vectors hold hexadecimal digits");
        assert!(decode::<T>(&bytes, bytes.len()).is_err(), "{name}: {wire} is decoded");
    }
}

/// The name of an error's variant in snake case; `malformed` for types with one reason to refuse.
fn kind_of(error: &impl Debug) -> String {
    let debug = format!("{error:?}");
    let name = debug.split([' ', '(']).next().unwrap_or_default();
    if name.ends_with("Error") {
        return "malformed".to_owned();
    }
    let mut kind = String::new();
    for (index, character) in name.chars().enumerate() {
        if character.is_ascii_uppercase() && index > 0 {
            kind.push('_');
        }
        kind.push(character.to_ascii_lowercase());
    }
    kind
}
