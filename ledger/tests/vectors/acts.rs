//! Check the acts.

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct ActVectors {
    about: String,
    acts: Vec<ActCase>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    invalid: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct ActCase {
    act: Act,
    #[serde(default)]
    family: u8,
    #[serde(default)]
    kind: u8,
    #[serde(default)]
    schema: u8,
    #[serde(default)]
    body: String,
}

#[test]
fn acts_are_written_and_read_as_the_vectors_say() {
    let invalid = invalid_acts();
    let mut found = std::collections::BTreeSet::new();
    for name in samples::files("act") {
        let invalid = if name == "act.json" { invalid.clone() } else { Vec::new() };
        for case in agree(&name, &act_vectors(&name, invalid)).acts {
            let read = Act::from_parts(case.family, case.kind, case.schema, &unhex(&case.body));
            found.insert(case.act.name());
            assert_eq!(read, Ok(case.act));
        }
    }
    for (_, name) in Act::ALL {
        assert!(found.contains(name), "no sample of {name}");
    }
}

fn act_vectors(name: &str, invalid: Vec<Refused>) -> ActVectors {
    let acts: Vec<_> = samples::acts_of(name)
        .into_iter()
        .map(|act| ActCase {
            family: act.kind().family,
            kind: act.kind().kind,
            schema: act.schema(),
            body: hex::encode(act.body()),
            act,
        })
        .collect();
    ActVectors {
        about: "Acts: their JSON form, their tags and their body on the wire (hexadecimal). On the wire an act is family \
                u8, kind u8, schema u8, body length u16, body. `invalid` acts are refused; `error` says why."
            .into(),
        acts,
        invalid,
    }
}

fn invalid_acts() -> Vec<Refused> {
    let give = unhex("0801010800 0064000000000000".replace(' ', "").as_str());
    let altered = |what: &str, change: fn(&mut Vec<u8>)| {
        let mut bytes = give.clone();
        change(&mut bytes);
        let error = codec::decode::<Act>(&bytes, LIMIT).expect_err(what);
        Refused { what: what.into(), wire: hex::encode(bytes), error: name_of(&error) }
    };
    vec![
        altered("family 99 is unknown", |bytes| bytes[0] = 99),
        altered("kind 9 of family 8 is unknown", |bytes| bytes[1] = 9),
        altered("schema 2 is unknown", |bytes| bytes[2] = 2),
        altered("the body is one byte shorter than its length says", |bytes| bytes.truncate(12)),
        altered("a byte follows the act", |bytes| bytes.push(0)),
        altered("a byte follows the fields in the body", |bytes| {
            bytes.push(0);
            bytes[3] = 9;
        }),
        altered("the body is cut within a field", |bytes| {
            bytes.pop();
            bytes[3] = 7;
        }),
        altered("the length is the largest, the body is not", |bytes| {
            bytes[3] = 0xff;
            bytes[4] = 0xff;
        }),
    ]
}
