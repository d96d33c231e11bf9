//! Check the state values and their keys.

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct StateVectors {
    about: String,
    values: Vec<StateCase>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct StateCase {
    r#type: String,
    id: Value,
    value: Value,
    #[serde(default)]
    key: String,
    #[serde(default)]
    key_hash: String,
    #[serde(default)]
    wire: String,
    #[serde(default)]
    value_hash: String,
}

#[test]
fn state_values_are_written_and_read_as_the_vectors_say() {
    let mut tags = std::collections::BTreeSet::new();
    for name in samples::files("state") {
        let made = state_vectors(&name);
        for case in agree(&name, &made).values {
            let key = tongda_ledger::state::StateKey::from_bytes(&unhex(&case.key)).unwrap();
            let bytes = unhex(&case.wire);
            assert_eq!(samples::rewritten(&case.r#type, &key, &bytes), Some(bytes), "{}", case.r#type);
            tags.insert(key.tag());
        }
    }
    for tag in 1_u16..1024 {
        let name = tongda_ledger::state::type_name(tag);
        assert!(name == "unknown" || tags.contains(&tag), "no sample of {name}");
    }
}

fn state_vectors(name: &str) -> StateVectors {
    let kept = samples::read(name);
    let values: Vec<StateCase> = serde_json::from_value(kept["values"].clone()).unwrap();
    let values: Vec<_> = values
        .into_iter()
        .map(|case| {
            let made = samples::state_value(&case.r#type, &case.id, &case.value);
            StateCase {
                key: hex::encode(made.key.bytes()),
                key_hash: made.key.hash().to_string(),
                wire: hex::encode(&made.bytes),
                value_hash: value_hash(&made.bytes).to_string(),
                value: made.json,
                ..case
            }
        })
        .collect();
    StateVectors {
        about: "Values of the state: JSON form of id and value, the key (tag u16, id), its hash in the map, the value on \
                the wire (tag u16, schema u8, body length u16, body) and its hash. Bytes are hexadecimal."
            .into(),
        values,
    }
}
