//! Check codec, keys, envelopes, acts, state values, seals and certificates against the golden vectors in
//! `tests/vectors`, which are written for implementations in any language.
//!
//! `TONGDA_WRITE_VECTORS=1 cargo test -p tongda-ledger --test vectors` writes them again: acts and state values from the
//! JSON forms that the vectors hold themselves, the others from this file. A frozen format's vectors do not change.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod crafted;
mod samples;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt::Debug;
use tongda_ledger::act::Act;
use tongda_ledger::act::open_licence::FeeStandard;
use tongda_ledger::block::{Body, LeafKind, Seal, leaf_of};
use tongda_ledger::codec::{self, Bytes, CodecError, Decode, Encode, List, Text, encode};
use tongda_ledger::envelope::{Core, Envelope, EnvelopeError, Expected};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PatentId, Timestamp};
use tongda_ledger::key::{KeyError, PublicKey, Signature, SigningKey};
use tongda_ledger::tree::value_hash;
use tongda_ledger::vote::{
    Address, CertificateError, CommitCertificate, CommitSignature, NetworkId, Validator, ValidatorSet,
    VoteKind, vote_bytes,
};

/// Longer than any frame in the vectors.
const LIMIT: usize = codec::RECORD_LIMIT;

const NETWORK: NetworkId = NetworkId(Hash([9; 32]));

/// The vectors of this name, which must be these; written first where that is asked for.
fn agree<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, made: &T) -> T {
    if samples::writing() {
        let text = serde_json::to_string_pretty(made).unwrap() + "\n";
        // Other tests read it at the same time, so it is put in place whole.
        let made = samples::path(&format!("{name}.made"));
        std::fs::write(&made, text).unwrap();
        std::fs::rename(made, samples::path(name)).unwrap();
    }
    let kept: T =
        serde_json::from_value(samples::read(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(kept == *made, "{name} differs from what is made now; kept {kept:#?}, made {made:#?}");
    kept
}

/// Bytes that are refused, and the name of the reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Refused {
    what: String,
    wire: String,
    error: String,
}

/// The name of an error's innermost variant in snake case.
fn name_of(error: &dyn Debug) -> String {
    let debug = format!("{error:?}");
    let variants = debug.strip_prefix("Codec(").unwrap_or(&debug);
    let mut name = String::new();
    for (index, character) in variants.split([' ', '(']).next().unwrap_or_default().char_indices() {
        if character.is_ascii_uppercase() && index > 0 {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CodecVectors {
    about: String,
    valid: Vec<CodecCase>,
    invalid: Vec<CodecRefused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CodecCase {
    r#type: String,
    value: Value,
    wire: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CodecRefused {
    r#type: String,
    wire: String,
    error: String,
}

/// Writes a value of a type given by name, or reads one.
struct CodecType {
    name: &'static str,
    write: fn(&Value) -> Vec<u8>,
    read: fn(&[u8]) -> Result<Value, CodecError>,
}

fn codec_type<T: Serialize + DeserializeOwned + Encode + Decode<()>>(name: &'static str) -> CodecType {
    CodecType {
        name,
        write: |value| encode(&serde_json::from_value::<T>(value.clone()).unwrap()),
        read: |bytes| codec::decode::<T>(bytes, LIMIT).map(|value| serde_json::to_value(value).unwrap()),
    }
}

#[test]
fn values_are_written_and_read_as_the_vectors_say() {
    let types = [
        codec_type::<u8>("u8"),
        codec_type::<u16>("u16"),
        codec_type::<u32>("u32"),
        codec_type::<u64>("u64"),
        codec_type::<i32>("i32"),
        codec_type::<bool>("truth value"),
        codec_type::<Hash>("hash"),
        codec_type::<Option<u16>>("optional u16"),
        codec_type::<Option<Option<u8>>>("optional optional u8"),
        codec_type::<List<u32, 4>>("list of at most 4 u32"),
        codec_type::<List<List<u8, 2>, 3>>("list of at most 3 lists of at most 2 u8"),
        codec_type::<List<Option<u8>, 4>>("list of at most 4 optional u8"),
        codec_type::<Bytes<4>>("at most 4 bytes"),
        codec_type::<Text<16>>("text of at most 16 bytes"),
        codec_type::<FeeStandard>("choice: a fee standard"),
    ];
    let find = |name: &str| types.iter().find(|known| known.name == name).unwrap_or_else(|| panic!("{name}"));
    let valid = [
        ("u8", json!(255)),
        ("u16", json!(258)),
        ("u32", json!(66051)),
        ("u64", json!(72_623_859_790_382_856_u64)),
        ("i32", json!(-2)),
        ("truth value", json!(false)),
        ("truth value", json!(true)),
        ("hash", json!("ab".repeat(32))),
        ("optional u16", json!(null)),
        ("optional u16", json!(7)),
        ("optional optional u8", json!(7)),
        ("list of at most 4 u32", json!([])),
        ("list of at most 4 u32", json!([1, 258])),
        ("list of at most 3 lists of at most 2 u8", json!([[], [1], [2, 3]])),
        ("list of at most 4 optional u8", json!([null, 1])),
        ("at most 4 bytes", json!("00ff")),
        ("at most 4 bytes", json!("")),
        ("text of at most 16 bytes", json!("专利 A")),
        ("text of at most 16 bytes", json!("é")),
        ("choice: a fee standard", json!("free")),
        ("choice: a fee standard", json!({"instalments": {"each": "100", "count": 2}})),
    ];
    let invalid = [
        ("u16", "01"),
        ("u16", "010000"),
        ("truth value", "02"),
        ("optional u16", ""),
        ("optional u16", "02"),
        ("optional u16", "0107"),
        ("optional u16", "0000"),
        ("list of at most 4 u32", "05000100000001000000010000000100000001000000"),
        ("list of at most 4 u32", "ffff"),
        ("list of at most 4 u32", "020001000000"),
        ("list of at most 4 u32", "01000100000000"),
        ("list of at most 3 lists of at most 2 u8", "010003000102 03"),
        ("at most 4 bytes", "05000000000000"),
        ("at most 4 bytes", "ffff00"),
        ("text of at most 16 bytes", "0000"),
        ("text of at most 16 bytes", "01002041"),
        ("text of at most 16 bytes", "0100ff"),
        ("text of at most 16 bytes", "020041 20"),
        ("text of at most 16 bytes", "020041 00"),
        ("text of at most 16 bytes", "03006 5cc81"),
        ("text of at most 16 bytes", "0400 61e2808b"),
        ("text of at most 16 bytes", "0400 61e280ae"),
        ("text of at most 16 bytes", "0400 61efb790"),
        ("choice: a fee standard", "00"),
        ("choice: a fee standard", "08"),
        ("choice: a fee standard", "02"),
    ];
    let made = CodecVectors {
        about: "Values and their bytes on the wire (hexadecimal). `invalid` bytes are refused; `error` says why: \
                malformed, trailing, not_canonical, too_long."
            .into(),
        valid: valid
            .into_iter()
            .map(|(name, value)| CodecCase {
                r#type: name.into(),
                wire: hex::encode((find(name).write)(&value)),
                value,
            })
            .collect(),
        invalid: invalid
            .into_iter()
            .map(|(name, wire)| {
                let wire = wire.replace(' ', "");
                let error = (find(name).read)(&unhex(&wire)).expect_err(&format!("{name} {wire}"));
                CodecRefused { r#type: name.into(), wire, error: name_of(&error) }
            })
            .collect(),
    };
    for case in agree("codec.json", &made).valid {
        assert_eq!((find(&case.r#type).read)(&unhex(&case.wire)), Ok(case.value), "{}", case.wire);
    }
}

fn unhex(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap_or_else(|error| panic!("{digits}: {error}"))
}

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

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct EnvelopeVectors {
    about: String,
    envelopes: Vec<EnvelopeCase>,
    invalid: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct EnvelopeCase {
    core: Core,
    signers: Vec<Signer>,
    core_wire: String,
    signed_bytes: String,
    id: Hash,
    wire: String,
    fingerprint: Hash,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Signer {
    member: MemberId,
    seed: Hash,
}

fn envelope_of(number: u8, act: Act, signers: &[(MemberId, u8)]) -> (Envelope, Vec<Signer>) {
    let from: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
    let expected = Expected { patent: PatentId::new(40, 0), version: 3 };
    let core = Core {
        network: NETWORK,
        author: signers[0].0,
        valid_from: from,
        valid_until: from.plus_milliseconds(3_600_000),
        nonce: [number; 16],
        gather_until: (number % 2 == 1).then(|| from.plus_milliseconds(30 * 86_400_000)),
        expects: if number % 3 == 1 { vec![expected].try_into().unwrap() } else { List::new() },
        act,
    };
    let signatures = signers
        .iter()
        .map(|(member, seed)| core.sign(*member, &SigningKey::from_seed(&[*seed; 32])))
        .collect();
    let signers =
        signers.iter().map(|(member, seed)| Signer { member: *member, seed: Hash([*seed; 32]) }).collect();
    (Envelope::new(core, signatures).unwrap(), signers)
}

#[test]
fn envelopes_are_written_and_read_as_the_vectors_say() {
    let member = |position| MemberId::new(position, 0);
    let mut envelopes = Vec::new();
    let mut first = Vec::new();
    let acts = samples::acts();
    for (number, name) in (0..).zip(["consent.give", "open.declare", "transfer.propose", "patent.register"]) {
        let act = acts.iter().find(|act| act.name() == name).unwrap().clone();
        let signers: &[_] = if number == 2 {
            &[(member(13), 3), (member(12), 2), (member(12), 1)]
        } else {
            &[(member(12), 1)]
        };
        let (envelope, signers) = envelope_of(number, act, signers);
        envelope.verify().unwrap();
        let signed = envelope.signed_bytes();
        envelopes.push(EnvelopeCase {
            core: envelope.core().clone(),
            signers,
            core_wire: hex::encode(envelope.core().bytes().unwrap()),
            signed_bytes: hex::encode(signed),
            id: envelope.id(),
            wire: hex::encode(envelope.bytes()),
            fingerprint: envelope.fingerprint(),
        });
        if number == 2 {
            first = envelope.bytes().to_vec();
        }
    }
    // version u8, core length u16, core, then count u16 and signatures of 8 + 35 + 67 bytes.
    let signatures = first.len() - 2 - 3 * 110;
    let altered = |what: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = first.clone();
        change(&mut bytes);
        let error = verified(&bytes).expect_err(what);
        Refused { what: what.into(), wire: hex::encode(bytes), error: name_of(&error) }
    };
    let invalid = vec![
        altered("nothing", &|bytes| bytes.clear()),
        altered("cut after the version", &|bytes| bytes.truncate(1)),
        altered("cut within the core", &|bytes| bytes.truncate(100)),
        altered("cut within the last signature", &|bytes| bytes.truncate(bytes.len() - 1)),
        altered("a byte follows", &|bytes| bytes.push(0)),
        altered("version 2", &|bytes| bytes[0] = 2),
        altered("a core length that is one too small", &|bytes| bytes[1] = bytes[1].wrapping_sub(1)),
        altered("two signatures have changed places", &|bytes| {
            let last = bytes.split_off(bytes.len() - 110);
            bytes.splice(signatures + 2..signatures + 2, last);
        }),
        altered("a signature stands twice", &|bytes| {
            let last = bytes[bytes.len() - 110..].to_vec();
            bytes.extend(last);
            bytes[signatures] = 4;
        }),
        altered("no signature", &|bytes| {
            bytes.truncate(signatures + 2);
            bytes[signatures] = 0;
        }),
        altered("129 signatures", &|bytes| bytes[signatures] = 129),
        altered("one bit of a signature is another", &|bytes| *bytes.last_mut().unwrap() ^= 0x10),
        altered("one bit of the nonce is another", &|bytes| bytes[3 + 32 + 24] ^= 1),
        altered("an optional value whose mark is 2", &|bytes| bytes[3 + 32 + 24 + 16] = 2),
    ];
    let made = EnvelopeVectors {
        about: "Envelopes signed with the Ed25519 keys of these seeds: the core in JSON and on the wire, the bytes that are \
                signed, their SHA-256 (`id`), the envelope, its SHA-256 (`fingerprint`). Bytes are hexadecimal. `invalid` \
                envelopes are refused when they are read or verified; `error` says why."
            .into(),
        envelopes,
        invalid,
    };
    for case in agree("envelope.json", &made).envelopes {
        let bytes = unhex(&case.wire);
        let envelope = verified(&bytes).unwrap();
        assert_eq!(*envelope.core(), case.core);
        assert_eq!(envelope.bytes(), bytes);
        assert_eq!(Hash::plain(&[&unhex(&case.signed_bytes)]), case.id);
    }
}

fn verified(bytes: &[u8]) -> Result<Envelope, EnvelopeError> {
    let envelope = Envelope::decode(bytes)?;
    envelope.verify().map(|()| envelope)
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct SealVectors {
    about: String,
    leaves: Vec<LeafCase>,
    seals: Vec<SealCase>,
    bodies: Vec<BodyCase>,
    invalid_seals: Vec<Refused>,
    invalid_bodies: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct LeafCase {
    kind: u8,
    entry: String,
    leaf_hash: Hash,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct SealCase {
    seal: Seal,
    wire: String,
    block: Hash,
    index: u64,
    is_checkpoint: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct BodyCase {
    records: Vec<String>,
    seal: String,
    wire: String,
}

fn seal(height: u64, checkpoint: &str) -> Seal {
    let hash = |byte| Hash([byte; 32]);
    Seal {
        version: 1,
        network: NETWORK,
        suite: 1,
        height,
        round: 2,
        time: "2026-11-24T00:00:05.678Z".parse().unwrap(),
        proposer: Address([0xaa; 20]),
        parent: hash(1),
        first: 1000,
        records: 3,
        due: 1,
        log_root: hash(2),
        state_root: hash(3),
        validators: hash(4),
        next_validators: hash(5),
        rule_set: 1,
        checkpoint: checkpoint.parse().unwrap(),
        extension: Hash::ZERO,
    }
}

#[test]
fn seals_leaves_and_bodies_are_written_and_read_as_the_vectors_say() {
    let seals = [seal(7, "2026-11-24T00:00:05.678Z"), seal(8, "2026-11-24T00:00:05.000Z")];
    let bytes = seals[0].bytes();
    let records: [&[u8]; 3] = [b"one", b"", b"three"];
    let leaf = |kind: LeafKind, entry: &[u8]| LeafCase {
        kind: kind as u8,
        entry: hex::encode(entry),
        leaf_hash: leaf_of(kind, entry),
    };
    let body = |records: &[&[u8]]| BodyCase {
        records: records.iter().map(hex::encode).collect(),
        seal: hex::encode(&bytes),
        wire: hex::encode(Body { records: records.to_vec(), seal: &bytes }.encode()),
    };
    let altered_seal = |what: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut wire = bytes.clone();
        change(&mut wire);
        let error = Seal::decode(&wire).expect_err(what);
        Refused { what: what.into(), wire: hex::encode(wire), error: name_of(&error) }
    };
    let refused_body = |what: &str, wire: &str| {
        let wire = wire.replace(' ', "");
        let error = Body::decode(&unhex(&wire)).expect_err(what);
        Refused { what: what.into(), wire, error: name_of(&error) }
    };
    let made = SealVectors {
        about: "Leaves (kind u8, entry) and their hashes; seals, whose leaf hash is the block's; bodies of blocks. Bytes are \
                hexadecimal. What stands under `invalid…` is refused; `error` says why."
            .into(),
        leaves: vec![
            leaf(LeafKind::Genesis, NETWORK.0.as_bytes()),
            leaf(LeafKind::Record, b"one"),
            leaf(LeafKind::Seal, &bytes),
        ],
        seals: seals
            .iter()
            .map(|seal| SealCase {
                wire: hex::encode(seal.bytes()),
                block: seal.hash(),
                index: seal.index(),
                is_checkpoint: seal.is_checkpoint(),
                seal: seal.clone(),
            })
            .collect(),
        bodies: vec![body(&records), body(&[])],
        invalid_seals: vec![
            altered_seal("version 2", &|wire| wire[0] = 2),
            altered_seal("hash suite 2", &|wire| wire[33] = 2),
            altered_seal("cut short", &|wire| wire.truncate(wire.len() - 1)),
            altered_seal("a byte follows", &|wire| wire.push(0)),
            altered_seal("nothing", &|wire| wire.clear()),
        ],
        invalid_bodies: vec![
            refused_body("nothing", ""),
            refused_body("no seal", "00000000"),
            refused_body("more records than bytes", "ffff0000 00000000"),
            refused_body("more records than any block takes", "01000100 00000000"),
            refused_body("the largest count", "ffffffff 00000000"),
            refused_body("a record longer than the body", "01000000 05000000 00 00000000"),
            refused_body("a record beyond the record limit", "01000000 00000100 00"),
            refused_body("a byte follows", "00000000 01000000 00 00"),
        ],
    };
    let kept = agree("seal.json", &made);
    for case in kept.seals {
        assert_eq!(Seal::decode(&unhex(&case.wire)), Ok(case.seal));
    }
    for case in kept.bodies {
        let wire = unhex(&case.wire);
        let body = Body::decode(&wire).unwrap();
        assert_eq!(body.records.iter().map(hex::encode).collect::<Vec<_>>(), case.records);
        assert_eq!(hex::encode(body.seal), case.seal);
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CertificateVectors {
    about: String,
    network: NetworkId,
    validators: ValidatorSet,
    seeds: Vec<Hash>,
    validators_wire: String,
    validators_hash: Hash,
    addresses: Vec<Address>,
    proposers: Vec<(u64, u32, Address)>,
    votes: Vec<VoteCase>,
    certificates: Vec<CertificateCase>,
    invalid_validators: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct VoteCase {
    kind: u8,
    height: u64,
    round: u32,
    block: Option<Hash>,
    voter: Address,
    signed_bytes: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CertificateCase {
    what: String,
    height: u64,
    block: Hash,
    certificate: CommitCertificate,
    wire: String,
    error: Option<String>,
}

fn validators() -> (Vec<SigningKey>, ValidatorSet) {
    let mut keys: Vec<_> = (1..=4).map(|seed| SigningKey::from_seed(&[seed; 32])).collect();
    keys.sort_by_key(|key| Address::of(&key.public()));
    let powers = keys.iter().map(|key| Validator { vote_key: key.public(), power: 1 }).collect();
    (keys, ValidatorSet::new(powers).unwrap())
}

fn certificate(keys: &[&SigningKey], network: &NetworkId, round: u32) -> CommitCertificate {
    let block = Hash([0xab; 32]);
    let votes: Vec<_> = keys
        .iter()
        .map(|key| {
            let validator = Address::of(&key.public());
            let message = vote_bytes(network, VoteKind::Precommit, 7, 1, Some(&block), &validator);
            CommitSignature { validator, signature: key.sign(&message) }
        })
        .collect();
    CommitCertificate { height: 7, round, block, signatures: votes.try_into().unwrap() }
}

#[test]
fn certificates_are_written_and_verified_as_the_vectors_say() {
    let (keys, set) = validators();
    let [a, b, c, d] = keys.iter().collect::<Vec<_>>().try_into().unwrap();
    let stranger = SigningKey::from_seed(&[77; 32]);
    let mut with_stranger = vec![a, b, &stranger];
    with_stranger.sort_by_key(|key| Address::of(&key.public()));
    let block = Hash([0xab; 32]);
    let case = |what: &str, certificate: CommitCertificate, height: u64, block: Hash| {
        let verdict: Result<(), CertificateError> = certificate.verify(&NETWORK, &set, height, &block);
        CertificateCase {
            what: what.into(),
            height,
            block,
            wire: hex::encode(encode(&certificate)),
            certificate,
            error: verdict.err().map(|error| name_of(&error)),
        }
    };
    let prevotes = {
        let mut certificate = certificate(&[a, b, c], &NETWORK, 1);
        let message = vote_bytes(&NETWORK, VoteKind::Prevote, 7, 1, Some(&block), &Address::of(&a.public()));
        certificate.signatures[0].signature = a.sign(&message);
        certificate
    };
    let certificates = vec![
        case("four of four", certificate(&[a, b, c, d], &NETWORK, 1), 7, block),
        case("three of four", certificate(&[b, c, d], &NETWORK, 1), 7, block),
        case("two of four", certificate(&[a, b], &NETWORK, 1), 7, block),
        case("nobody", certificate(&[], &NETWORK, 1), 7, block),
        case("another height is asked for", certificate(&[a, b, c], &NETWORK, 1), 8, block),
        case("another block is asked for", certificate(&[a, b, c], &NETWORK, 1), 7, Hash([0xac; 32])),
        case("another round was signed", certificate(&[a, b, c], &NETWORK, 2), 7, block),
        case("another network was signed", certificate(&[a, b, c], &NetworkId(Hash([8; 32])), 1), 7, block),
        case("a prevote among precommits", prevotes, 7, block),
        case("out of order", certificate(&[b, a, c], &NETWORK, 1), 7, block),
        case("one stands twice", certificate(&[a, a, b], &NETWORK, 1), 7, block),
        case("a stranger among validators", certificate(&with_stranger, &NETWORK, 1), 7, block),
    ];
    let wire = encode(&set);
    let refused = |what: &str, bytes: Vec<u8>| {
        let error = codec::decode::<ValidatorSet>(&bytes, LIMIT).expect_err(what);
        Refused { what: what.into(), wire: hex::encode(bytes), error: name_of(&error) }
    };
    // count u16, then validators of 35 + 8 bytes.
    let swapped = [&wire[..2], &wire[45..88], &wire[2..45], &wire[88..]].concat();
    let twice = [&[2, 0], &wire[2..45], &wire[2..45]].concat();
    let powerless = [&[1, 0], &wire[2..37], &[0; 8]].concat();
    let too_powerful = [&[1, 0], &wire[2..37], &[0, 0, 0, 0, 0, 0, 0, 0x80]].concat();
    let address = Address::of(&a.public());
    let vote = |kind: VoteKind, block: Option<Hash>| VoteCase {
        kind: kind as u8,
        height: 7,
        round: 1,
        block,
        voter: address,
        signed_bytes: hex::encode(vote_bytes(&NETWORK, kind, 7, 1, block.as_ref(), &address)),
    };
    let made = CertificateVectors {
        about: "Four validators with the Ed25519 keys of these seeds, ascending by address: the set on the wire and its \
                hash; who proposes (height, round, address); the bytes that a vote signs; certificates asked for at a height \
                and a block, with the error or null. Bytes are hexadecimal."
            .into(),
        network: NETWORK,
        seeds: keys.iter().map(|key| Hash(key.seed())).collect(),
        validators_wire: hex::encode(&wire),
        validators_hash: set.hash(),
        addresses: set.validators().iter().map(|validator| Address::of(&validator.vote_key)).collect(),
        proposers: [(1, 0), (1, 1), (2, 0), (4, 3), (u64::MAX, 1)]
            .map(|(height, round)| (height, round, set.proposer(height, round)))
            .to_vec(),
        votes: vec![
            vote(VoteKind::Prevote, Some(block)),
            vote(VoteKind::Precommit, Some(block)),
            vote(VoteKind::Precommit, None),
        ],
        certificates,
        invalid_validators: vec![
            refused("nobody", vec![0, 0]),
            refused("out of order", swapped),
            refused("one stands twice", twice),
            refused("one without power", powerless),
            refused("a sum of 2^63", too_powerful),
            refused("more than 1,024", vec![1, 4]),
        ],
        validators: set.clone(),
    };
    let kept = agree("certificate.json", &made);
    assert_eq!(codec::decode::<ValidatorSet>(&unhex(&kept.validators_wire), LIMIT), Ok(kept.validators));
    for (case, expected) in
        kept.certificates.iter().zip([true, true].into_iter().chain(std::iter::repeat(false)))
    {
        assert_eq!(case.error.is_none(), expected, "{}", case.what);
        assert_eq!(
            codec::decode::<CommitCertificate>(&unhex(&case.wire), LIMIT),
            Ok(case.certificate.clone())
        );
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct KeyVectors {
    about: String,
    keys: Vec<KeyCase>,
    verification: Vec<VerificationCase>,
    refused: Vec<RefusedKey>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct KeyCase {
    seed: Hash,
    public_key: PublicKey,
    wire: String,
    address: Address,
    message: String,
    signature: Signature,
    signature_wire: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct VerificationCase {
    what: String,
    public_key: PublicKey,
    message: String,
    signature: Signature,
    valid: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct RefusedKey {
    public_key: PublicKey,
    error: String,
}

#[test]
fn keys_and_signatures_are_written_and_verified_as_the_vectors_say() {
    let refused = |key: PublicKey| {
        let error: KeyError = key.check().expect_err("a key that must not be enrolled");
        RefusedKey { error: name_of(&error), public_key: key }
    };
    let encodings = crafted::small_order_encodings().into_iter().chain(crafted::non_canonical_encodings());
    let made = KeyVectors {
        about: "Ed25519 keys by seed with a signature of the message (hexadecimal); verdicts of strict verification, where \
                other rules differ; keys that are refused when they are enrolled, and why."
            .into(),
        keys: [1, 2, 3]
            .map(|seed| {
                let key = SigningKey::from_seed(&[seed; 32]);
                let message = vec![seed; usize::from(seed) - 1];
                let signature = key.sign(&message);
                KeyCase {
                    seed: Hash([seed; 32]),
                    public_key: key.public(),
                    wire: hex::encode(encode(&key.public())),
                    address: Address::of(&key.public()),
                    message: hex::encode(message),
                    signature_wire: hex::encode(encode(&signature)),
                    signature,
                }
            })
            .into(),
        verification: crafted::cases()
            .into_iter()
            .map(|case| VerificationCase {
                what: case.name.into(),
                public_key: case.public_key(),
                signature: case.signature(),
                message: hex::encode(case.message),
                valid: case.valid,
            })
            .collect(),
        refused: encodings
            .map(PublicKey::ed25519)
            .chain(crafted::cases().iter().filter(|case| case.name.starts_with("A ")).map(crafted::Case::public_key))
            .chain(["2:8a88", "3:00", "0:00", "ed25519:00"].map(|text| text.parse().unwrap()))
            .map(refused)
            .collect(),
    };
    let kept = agree("key.json", &made);
    for case in kept.keys {
        case.public_key.check().unwrap();
        case.public_key.verify(&unhex(&case.message), &case.signature).unwrap();
        assert_eq!(codec::decode::<PublicKey>(&unhex(&case.wire), LIMIT), Ok(case.public_key));
        assert_eq!(codec::decode::<Signature>(&unhex(&case.signature_wire), LIMIT), Ok(case.signature));
    }
    for case in kept.verification {
        let verdict = case.public_key.verify(&unhex(&case.message), &case.signature);
        assert_eq!(verdict.is_ok(), case.valid, "{}", case.what);
    }
}
