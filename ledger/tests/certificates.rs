//! What a certificate proves, what it does not, and that whatever is wrong with one is named for what it is: every case of
//! `tests/vectors/status-certificate.json`, good and bad.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod crafted_chain;
mod samples;

use crafted_chain::{Chain, NETWORK, cosign, fill, key, node, nodes, nodes_of};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::LazyLock;
use tongda_ledger::certificate::{
    Asked, Certificate, CertificateError, Failure, Outcome, Proven, Report, Statement, Subject, WitnessLine,
    json,
};
use tongda_ledger::codec::encode;
use tongda_ledger::epoch::{EpochLink, Epochs, PlacedCosignature, Signers};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PatentNumber, PledgeId};
use tongda_ledger::state::{Member, Nodes, PatentByNumber, PatentStatus, Pledge, StateKey, Stored};
use tongda_ledger::tree::{
    Cosignature, InclusionProof, MapProof, NoteAlgorithm, NoteKey, Slot, leaf_hash, node_hash,
};
use tongda_ledger::vote::NetworkId;

/// Seconds since 1970 at which the first of them cosigned.
const COSIGNED: u64 = 1_764_547_300;

/// A chain with some values of every kind that is certified; its signers changed once.
fn chain() -> Chain {
    static MADE: LazyLock<Chain> = LazyLock::new(make_chain);
    MADE.clone()
}

fn make_chain() -> Chain {
    let mut chain = Chain::new(NETWORK, &[1, 2, 3, 4]);
    chain.block(&[b"one".to_vec(), b"two".to_vec()], |values| {
        fill(values, 1, 30);
        for kind in ["Patent", "PatentStatus", "Declaration", "Pledge", "Licence", "Member"] {
            let sample = samples::state_values().into_iter().find(|sample| sample.kind == kind).unwrap();
            values.insert(sample.key, sample.bytes);
        }
    });
    chain.change_nodes(&nodes(&[2, 3, 4, 5]));
    chain.block(&[b"five".to_vec()], |values| fill(values, 3, 2));
    chain
}

fn key_of(chain: &Chain, tag: u16) -> StateKey {
    *chain.values.keys().find(|key| key.tag() == tag).unwrap()
}

fn proven(chain: &Chain, key: StateKey) -> Proven {
    Proven { key, value: chain.values.get(&key).cloned(), proof: chain.proof(&key) }
}

/// Those who cosign: seeds of their cosigning keys, and seconds.
const COSIGNERS: [(u8, u64); 3] = [(102, COSIGNED), (103, COSIGNED + 5), (105, COSIGNED + 9)];

fn statement(chain: &Chain, key: StateKey, signed: &[(u8, u64)]) -> Statement {
    let (seal, size) = (chain.tip().clone(), chain.log.size());
    let checkpoint = chain.checkpoint();
    let signers = chain.epochs().signers_at(seal.height).clone();
    Statement {
        proven: proven(chain, key),
        inclusion: chain.inclusion(size - 1),
        seal,
        size,
        root: checkpoint.root,
        cosignatures: cosign(&signers, &checkpoint, signed),
        witnesses: Vec::new(),
        details: Vec::new(),
    }
}

fn certificate(chain: &Chain, key: StateKey) -> Certificate {
    let statement = statement(chain, key, &COSIGNERS);
    Certificate { statement, epochs: chain.links.clone(), history: Vec::new() }
}

fn founded() -> Epochs {
    Epochs::new(NETWORK, &chain().founded).unwrap()
}

fn check(certificate: &Certificate) -> Report {
    certificate.verify(&founded(), &Asked::default())
}

/// The failures in words, each behind what was checked.
fn failures(report: &Report) -> Vec<String> {
    let name =
        |subject: &Subject| serde_json::to_value(subject).unwrap()["check"].as_str().unwrap().to_owned();
    report.failures().map(|(subject, failure)| format!("{}: {failure}", name(subject))).collect()
}

/// The certificate with a statement in which something is different.
fn with(certificate: &Certificate, change: impl FnOnce(&mut Statement)) -> Certificate {
    let mut changed = certificate.clone();
    change(&mut changed.statement);
    changed
}

fn witness() -> NoteKey {
    NoteKey::new("witness.example.com/w1".parse().unwrap(), NoteAlgorithm::Cosignature, &key(77).public())
        .unwrap()
}

fn witnessed(certificate: &Certificate) -> Certificate {
    with(certificate, |statement| {
        let cosignature = Cosignature::sign(&key(77), COSIGNED + 3, &statement.checkpoint().text());
        let (name, id) = (witness().name().clone(), witness().id());
        statement.witnesses = vec![WitnessLine { name, id, cosignature }];
    })
}

/// Every good certificate of the vectors.
fn good() -> Vec<(&'static str, Certificate)> {
    static MADE: LazyLock<Vec<(&'static str, Certificate)>> = LazyLock::new(make_good);
    MADE.clone()
}

fn make_good() -> Vec<(&'static str, Certificate)> {
    let chain = chain();
    let of = |tag| certificate(&chain, key_of(&chain, tag));
    let status = of(PatentStatus::TAG);
    let member = StateKey::of::<Member>(&MemberId::new(7, 7));
    let pledge = StateKey::of::<Pledge>(&PledgeId::new(7, 7));
    let number: PatentNumber = "201510542317.2".parse().unwrap();
    let detailed = with(&status, |statement| {
        let tags = [tongda_ledger::state::Patent::TAG, tongda_ledger::state::Declaration::TAG, Pledge::TAG];
        statement.details = tags.map(|tag| proven(&chain, key_of(&chain, tag))).to_vec();
        statement.details.push(proven(&chain, pledge));
        statement.details.sort_by_key(|detail| detail.key);
    });
    vec![
        ("the status of a patent", status.clone()),
        ("the status with details, one of them an absence", detailed),
        ("a declaration", of(tongda_ledger::state::Declaration::TAG)),
        ("a licence", of(tongda_ledger::state::Licence::TAG)),
        ("a pledge", of(Pledge::TAG)),
        ("a member", of(Member::TAG)),
        ("that nobody is this member", certificate(&chain, member)),
        ("that there is no such pledge", certificate(&chain, pledge)),
        ("that no patent has this number", certificate(&chain, StateKey::of::<PatentByNumber>(&number))),
        ("the status with the line of a witness", witnessed(&status)),
    ]
}

/// Certificates that are put together wrongly, with all bytes well-formed.
fn forged() -> Vec<(&'static str, Certificate)> {
    let chain = chain();
    let status = certificate(&chain, key_of(&chain, PatentStatus::TAG));
    let checkpoint = chain.checkpoint();
    let mut stranger_chain = Chain::new(NetworkId(Hash([8; 32])), &[1, 2, 3, 4]);
    stranger_chain.values = self::chain().values;
    stranger_chain.block(&[b"one".to_vec()], |_| {});
    let foreign = Certificate {
        statement: statement(
            &stranger_chain,
            status.statement.proven.key,
            &[(101, COSIGNED), (102, COSIGNED), (103, COSIGNED)],
        ),
        epochs: Vec::new(),
        history: Vec::new(),
    };
    // The state goes on, and somebody shows the old one under the new checkpoint.
    let mut later = chain.clone();
    later.block(&[b"seven".to_vec()], |values| fill(values, 9, 1));
    let old = Certificate {
        statement: Statement {
            inclusion: later.inclusion(status.statement.seal.index()),
            size: later.log.size(),
            root: later.checkpoint().root,
            cosignatures: cosign(&later.signers(), &later.checkpoint(), &COSIGNERS),
            ..status.statement.clone()
        },
        ..status.clone()
    };
    let absent = StateKey::of::<Member>(&MemberId::new(7, 7));
    // Those of the first epoch sign the checkpoint of the second.
    let before = Signers::of(&chain.founded).unwrap();
    let retired = cosign(&before, &checkpoint, &[(101, COSIGNED), (102, COSIGNED), (103, COSIGNED)]);
    let mut without_one = status.clone();
    without_one.statement.cosignatures.remove(1);
    vec![
        ("one signature short", without_one),
        (
            "a bit of a signature flipped",
            with(&status, |statement| {
                statement.cosignatures[1].cosignature.signature[9] ^= 1;
            }),
        ),
        (
            "a signature with another time",
            with(&status, |statement| {
                statement.cosignatures[2].cosignature.time += 1;
            }),
        ),
        (
            "two signatures in each other's place",
            with(&status, |statement| {
                let first = statement.cosignatures[0].cosignature;
                statement.cosignatures[0].cosignature = statement.cosignatures[1].cosignature;
                statement.cosignatures[1].cosignature = first;
            }),
        ),
        (
            "a signer at a place where there is none",
            with(&status, |statement| {
                statement.cosignatures[2].signer = 9;
            }),
        ),
        ("no signature", with(&status, |statement| statement.cosignatures.clear())),
        ("another network", foreign),
        ("cosignatures of the epoch before", with(&status, |statement| statement.cosignatures = retired)),
        ("the links left out", status.clone().with_epochs(Vec::new())),
        ("a link of another chain", {
            let mut other = Chain::new(NETWORK, &[1, 2, 3, 4]);
            other.change_nodes(&nodes_of(vec![node(1, 101, 1), node(2, 102, 1)]));
            status.clone().with_epochs(other.links)
        }),
        ("an absence of what is present", with(&status, |statement| statement.proven.value = None)),
        ("a value of what is absent", {
            let value = status.statement.proven.value.clone();
            with(&certificate(&chain, absent), |statement| statement.proven.value = value)
        }),
        (
            "an absence proven by a leaf that stands elsewhere",
            with(&certificate(&chain, absent), |statement| {
                statement.proven.proof = proven(&chain, StateKey::of::<Member>(&MemberId::new(8, 8))).proof;
                statement.proven.key = status.statement.proven.key;
            }),
        ),
        (
            "another value",
            with(&status, |statement| {
                let value = statement.proven.value.as_mut().unwrap();
                *value.last_mut().unwrap() ^= 1;
            }),
        ),
        (
            "the value of another key",
            with(&status, |statement| {
                statement.proven.key = key_of(&chain, Pledge::TAG);
            }),
        ),
        (
            "a detail changed",
            with(&status, |statement| {
                let mut detail = proven(&chain, key_of(&chain, Pledge::TAG));
                *detail.value.as_mut().unwrap().last_mut().unwrap() ^= 1;
                statement.details = vec![detail];
            }),
        ),
        ("an old seal under a new checkpoint", old.clone()),
        (
            "the same with a size that fits the seal",
            with(&old, |statement| {
                statement.size = statement.seal.index() + 1;
            }),
        ),
        (
            "another state root in the seal",
            with(&status, |statement| statement.seal.state_root = Hash([1; 32])),
        ),
        ("another height in the seal", with(&status, |statement| statement.seal.height = 2)),
        ("another root", with(&status, |statement| statement.root = Hash([1; 32]))),
        (
            "another hash of the inclusion proof",
            with(&status, |statement| {
                statement.inclusion.hashes[0] = Hash([1; 32]);
            }),
        ),
        (
            "a hash of the inclusion proof left out",
            with(&status, |statement| {
                let fewer = statement.inclusion.hashes[1..].to_vec();
                statement.inclusion = InclusionProof { hashes: fewer.try_into().unwrap() };
            }),
        ),
        ("a seal of version 2", with(&status, |statement| statement.seal.version = 2)),
    ]
}

/// Bytes that are no certificate.
fn malformed() -> Vec<(&'static str, Vec<u8>)> {
    let chain = chain();
    let status = certificate(&chain, key_of(&chain, PatentStatus::TAG));
    let bytes = status.bytes();
    let paper = status.for_paper(&chain.signers()).bytes();
    let changed = |place: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[place] = byte;
        bytes
    };
    let twice = with(&status, |statement| statement.cosignatures[1] = statement.cosignatures[0]);
    vec![
        ("nothing", Vec::new()),
        ("the first two bytes", bytes[..2].to_vec()),
        ("another magic", changed(0, b'X')),
        ("version 2", changed(3, 2)),
        ("the last byte missing", bytes[..bytes.len() - 1].to_vec()),
        ("cut within the statement", bytes[..300].to_vec()),
        ("cut within the head of the link", bytes[..paper.len() + 3].to_vec()),
        ("a byte behind the end", [&bytes[..], &[0]].concat()),
        ("a space behind the end", [&paper[..], b" "].concat()),
        ("the statement twice", [&paper[..], &paper[4..]].concat()),
        ("the link twice", {
            let link = &bytes[paper_link(&bytes)..];
            [&bytes[..], link].concat()
        }),
        ("no statement", [&bytes[..4], &bytes[paper_link(&bytes)..]].concat()),
        ("a signer twice", twice.bytes()),
        ("64 KB of noise", noise(1)),
        ("64 KB of noise behind the magic", [b"TDC\x01", &noise(2)[..]].concat()),
        ("64 KB of noise as a statement", [&b"TDC\x01\x01\x00\x00\x01\x00"[..], &noise(3)].concat()),
    ]
}

/// Where the link begins: behind the statement.
fn paper_link(bytes: &[u8]) -> usize {
    9 + u32::from_le_bytes(bytes[5..9].try_into().unwrap()) as usize
}

fn noise(seed: u8) -> Vec<u8> {
    let blocks = (0..2048_u32).map(|number| Hash::plain(&[&[seed], &number.to_le_bytes()]).0);
    blocks.flatten().collect()
}

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

#[test]
fn each_forgery_is_told_apart_from_the_others() {
    let named: std::collections::BTreeMap<_, _> = forged().into_iter().collect();
    let first = |what: &str| {
        let report = check(&named[what]);
        let (subject, failure) = report.failures().next().unwrap();
        (subject.clone(), failure.clone())
    };
    assert!(matches!(first("one signature short"), (Subject::Quorum, Failure::Short { power: 2, total: 4 })));
    assert!(matches!(
        first("a bit of a signature flipped"),
        (Subject::Cosignature { .. }, Failure::Forged { .. })
    ));
    assert!(matches!(first("another network"), (Subject::Network, Failure::Network { .. })));
    assert!(matches!(
        first("cosignatures of the epoch before"),
        (Subject::Cosignature { .. }, Failure::OtherEpoch { epoch: 0, .. })
    ));
    assert!(matches!(
        first("the links left out"),
        (Subject::Epoch, Failure::MixedEpoch { height: 3, epoch: 0 })
    ));
    assert!(matches!(first("an absence of what is present"), (Subject::Value, Failure::Present)));
    assert!(matches!(first("a value of what is absent"), (Subject::Value, Failure::Absent)));
    assert!(matches!(
        first("an old seal under a new checkpoint"),
        (Subject::LastLeaf, Failure::NotLast { .. })
    ));
    assert!(matches!(
        first("the same with a size that fits the seal"),
        (Subject::Inclusion, Failure::Inclusion(_))
    ));
    let decode = |bytes: &[u8]| Certificate::decode(bytes).unwrap_err();
    let wrong: std::collections::BTreeMap<_, _> = malformed().into_iter().collect();
    assert!(matches!(decode(&wrong["the last byte missing"]), CertificateError::Cut { .. }));
    assert!(matches!(decode(&wrong["a byte behind the end"]), CertificateError::Trailing { .. }));
    assert!(matches!(decode(&wrong["64 KB of noise"]), CertificateError::NoCertificate));
    // A link that is wrong does not hide what else can be said.
    let report = check(&named["a link of another chain"]);
    assert!(
        report.checks.iter().any(|check| check.what == Subject::Value && check.outcome == Outcome::Holds)
    );
}

#[test]
fn a_checkpoint_that_is_too_old_or_lacks_a_witness_is_refused_only_where_that_is_asked() {
    let status = certificate(&chain(), key_of(&chain(), PatentStatus::TAG));
    let age = |now: u64, limit: u64| {
        let asked = Asked { age: Some((now, limit)), ..Asked::default() };
        failures(&status.verify(&founded(), &asked))
    };
    // A quorum stood from the first of the three cosignatures on.
    assert_eq!(check(&status).as_of.unwrap().quorum.unwrap().time, COSIGNED);
    assert_eq!(age(COSIGNED + 60, 60), Vec::<String>::new());
    assert!(age(COSIGNED + 61, 60)[0].contains("TOO OLD"));
    assert_eq!(age(COSIGNED - 60, 60), Vec::<String>::new());
    assert!(age(COSIGNED - 61, 60)[0].contains("FROM THE FUTURE"));
    let asked = Asked { witnesses: vec![witness()], witnesses_needed: 1, ..Asked::default() };
    assert!(failures(&status.verify(&founded(), &asked))[0].contains("TOO FEW WITNESSES: 0"));
    let report = witnessed(&status).verify(&founded(), &asked);
    assert!(report.holds);
    assert_eq!(report.rests_on.unwrap().witnesses, ["witness.example.com/w1"]);
    // One key under two names counts once.
    let other =
        NoteKey::new("other.example.com".parse().unwrap(), NoteAlgorithm::Cosignature, &key(77).public());
    let two = Asked { witnesses: vec![witness(), other.unwrap()], witnesses_needed: 2, ..Asked::default() };
    assert!(failures(&witnessed(&status).verify(&founded(), &two))[0].contains("TOO FEW WITNESSES: 1"));
    let forged = with(&witnessed(&status), |statement| statement.witnesses[0].cosignature.signature[0] ^= 1);
    assert!(failures(&forged.verify(&founded(), &asked))[0].contains("FORGED WITNESS"));
    assert!(check(&forged).holds, "nobody asked for the witness");
}

#[test]
fn it_says_what_it_rests_on() {
    let status = certificate(&chain(), key_of(&chain(), PatentStatus::TAG));
    let rests_on = check(&status).rests_on.unwrap();
    assert_eq!((rests_on.network, rests_on.epoch, rests_on.links), (NETWORK, 1, 1));
    assert_eq!(rests_on.cosigners.len(), 3);
    // Whoever knows the epochs needs no link.
    let known = chain().epochs();
    let paper = status.for_paper(known.current());
    assert!(paper.verify(&known, &Asked::default()).holds);
    assert_eq!(paper.verify(&known, &Asked::default()).rests_on.unwrap().links, 0);
}

#[test]
fn a_json_form_that_shows_another_meaning_than_its_bytes_is_refused() {
    let status = certificate(&chain(), key_of(&chain(), PatentStatus::TAG));
    let form = json::form(&status);
    assert_eq!(form["value"]["number"], "202110483351.2");
    assert_eq!(json::read(form.to_string().as_bytes()).unwrap(), status);
    let refused = |change: fn(&mut Value)| {
        let mut form = form.clone();
        change(&mut form);
        json::read(form.to_string().as_bytes()).unwrap_err()
    };
    let shown = |field: &str| CertificateError::Shown(format!("`{field}`"));
    assert_eq!(refused(|form| form["value"]["pledge"] = "G-40-7".into()), shown("value"));
    assert_eq!(refused(|form| form["as_of"]["height"] = 4.into()), shown("as_of"));
    assert_eq!(refused(|form| form["note"] = "and nobody else owns it".into()), shown("note"));
    assert_eq!(refused(|form| drop(form.as_object_mut().unwrap().remove("network"))), shown("network"));
    assert!(matches!(refused(|form| form["bytes"] = "00".into()), CertificateError::NoCertificate));
    assert!(matches!(refused(|form| form["format"] = "x".into()), CertificateError::Json(_)));
    assert!(matches!(json::read(b"[1]"), Err(CertificateError::Json(_))));
    assert!(matches!(json::read(&noise(4)), Err(CertificateError::Json(_))));
}

/// The widest status of a patent.
fn widest() -> Vec<u8> {
    let chain = chain();
    let bytes = &chain.values[&key_of(&chain, PatentStatus::TAG)];
    let status = PatentStatus::from_bytes(&key_of(&chain, PatentStatus::TAG), bytes).unwrap();
    let mut form = serde_json::to_value(&status).unwrap();
    let frozen = serde_json::json!({"record": "R-40-S", "until": "2027-01-01"});
    for (field, value) in [
        ("annuity_due", "2027-01-01".into()),
        ("invalidation", "R-40-S".into()),
        ("preservation", frozen.clone()),
        ("suspension", frozen),
        ("declaration", Value::String(tongda_ledger::identifier::DeclarationId::new(9, 0).to_string())),
        ("exclusive_latest", tongda_ledger::identifier::LicenceId::new(9, 0).to_string().into()),
        ("sole_latest", tongda_ledger::identifier::LicenceId::new(9, 0).to_string().into()),
        ("pledge", PledgeId::new(9, 0).to_string().into()),
        ("open_source", tongda_ledger::identifier::OpenSourceId::new(9, 0).to_string().into()),
    ] {
        form[field] = value;
    }
    let status: PatentStatus = serde_json::from_value(form).unwrap();
    status.to_bytes().unwrap()
}

/// A map proof of so many siblings, none of them empty, for this value; and the root it leads to.
fn deep(key: &StateKey, value: &[u8], depth: u8) -> (MapProof, Hash) {
    let siblings: Vec<_> = (0..depth).map(|at| Hash::plain(&[b"sibling", &[at]])).collect();
    let hash = key.hash();
    let leaf = Hash::of(
        tongda_ledger::hash::Domain::MAP_LEAF,
        &[hash.as_bytes(), tongda_ledger::tree::value_hash(value).as_bytes()],
    );
    let root = siblings.iter().enumerate().rev().fold(leaf, |below, (at, sibling)| {
        let right = hash.0[at / 8] >> (7 - at % 8) & 1 == 1;
        let (left, right) = if right { (sibling, &below) } else { (&below, sibling) };
        Hash::of(tongda_ledger::hash::Domain::MAP_NODE, &[left.as_bytes(), right.as_bytes()])
    });
    (MapProof::new(siblings, Slot::Present).unwrap(), root)
}

#[test]
fn a_patents_certificate_among_a_million_with_five_of_seven_fits_one_code_on_paper() {
    let seven = nodes(&[1, 2, 3, 4, 5, 6, 7]);
    let mut chain = Chain::new(NETWORK, &[1, 2, 3, 4, 5, 6, 7]);
    chain.block(&[b"one".to_vec()], |_| {});
    let key = key_of(&self::chain(), PatentStatus::TAG);
    let value = widest();
    assert_eq!(value.len(), PatentStatus::LONGEST);
    let mut lengths = Vec::new();
    // About what a map of a million keys has, and far more; an index with few bits set, and with all of them.
    for (depth, index) in [(21, 1_000_000_u64), (24, (1 << 20) - 1)] {
        let (proof, state_root) = deep(&key, &value, depth);
        let hashes: Vec<_> = (0..index.count_ones()).map(|at| leaf_hash(&at.to_le_bytes())).collect();
        let mut seal = chain.tip().clone();
        (seal.first, seal.records, seal.state_root) = (index - 1, 1, state_root);
        let root = hashes.iter().fold(seal.hash(), |below, peak| node_hash(peak, &below));
        let inclusion = InclusionProof { hashes: hashes.try_into().unwrap() };
        let mut statement = Statement {
            proven: Proven { key, value: Some(value.clone()), proof },
            seal,
            size: index + 1,
            root,
            inclusion,
            cosignatures: Vec::new(),
            witnesses: Vec::new(),
            details: Vec::new(),
        };
        let signers = Signers::of(&seven).unwrap();
        let all = [101, 102, 103, 104, 105, 106, 107].map(|seed| (seed, COSIGNED));
        statement.cosignatures = cosign(&signers, &statement.checkpoint(), &all);
        let paper = Certificate { statement, epochs: Vec::new(), history: Vec::new() }.for_paper(&signers);
        assert_eq!(paper.statement.cosignatures.len(), 5);
        let known = Epochs::new(NETWORK, &seven).unwrap();
        let (read, report) = Certificate::verify_bytes(&paper.bytes(), &known, &Asked::default());
        assert!(report.holds, "{:?}", failures(&report));
        assert_eq!(read, Some(paper.clone()));
        lengths.push(paper.bytes().len());
    }
    println!("bytes: {lengths:?}");
    assert!(lengths.iter().all(|length| *length <= 2_260), "{lengths:?}");
}

/// Whether one certificate is the other but for the key, of which both say that it stands for nothing; and it does.
fn is_other_absence(certificate: &Certificate, read: &Certificate) -> bool {
    let key = certificate.statement.proven.key;
    let is_same = with(read, |statement| statement.proven.key = key) == *certificate;
    is_same
        && read.statement.proven.value.is_none()
        && !chain().values.contains_key(&read.statement.proven.key)
}

#[test]
fn every_changed_byte_of_a_certificate_is_noticed() {
    let known = chain().epochs();
    for (what, certificate) in good().into_iter().take(7).step_by(3) {
        let certificate = certificate.for_paper(known.current());
        let paper = certificate.bytes();
        for place in (0..paper.len()).step_by(2) {
            let mut bytes = paper.clone();
            bytes[place] ^= 1 << (place % 8);
            let (read, report) = Certificate::verify_bytes(&bytes, &known, &Asked::default());
            // The way of another key may end at the same empty place: then it says of that key what is so.
            let is_true = |read: Certificate| is_other_absence(&certificate, &read);
            assert!(!report.holds || read.is_some_and(is_true), "{what}, byte {place}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// With everything in it, a changed byte is noticed or says nothing: lines of witnesses that nobody asked for.
    #[test]
    fn no_changed_byte_gives_another_meaning(
        case in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        bits in 1..=255_u8,
    ) {
        let good = good();
        let (what, certificate) = &good[case.index(good.len())];
        let mut bytes = certificate.bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= bits;
        let (read, report) = Certificate::verify_bytes(&bytes, &founded(), &Asked::default());
        if report.holds {
            let read = read.unwrap();
            let unwitnessed = |certificate: &Certificate| {
                with(certificate, |statement| statement.witnesses.clear())
            };
            let of_a_witness =
                !certificate.statement.witnesses.is_empty() && unwitnessed(&read) == unwitnessed(certificate);
            prop_assert!(of_a_witness || is_other_absence(certificate, &read), "{}, byte {}", what, place);
        }
    }

    /// Whatever bytes come, there is a report.
    #[test]
    fn hostile_bytes_are_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        kinds in prop::collection::vec((1..=4_u8, prop::collection::vec(any::<u8>(), 0..120)), 0..5),
    ) {
        prop_assert!(!verify(&bytes).holds);
        let mut framed = b"TDC\x01".to_vec();
        for (kind, body) in kinds {
            framed.push(kind);
            framed.extend_from_slice(&u32::try_from(body.len()).unwrap().to_le_bytes());
            framed.extend_from_slice(&body);
        }
        prop_assert!(!verify(&framed).holds);
    }
}

#[test]
fn the_layout_is_that_of_the_page() {
    let chain = chain();
    let status = certificate(&chain, key_of(&chain, PatentStatus::TAG));
    let statement = &status.statement;
    let mut body = Vec::new();
    let key = statement.proven.key.bytes();
    let value = statement.proven.value.as_deref().unwrap();
    body.extend(u16::try_from(key.len()).unwrap().to_le_bytes());
    body.extend(&key);
    body.push(1);
    body.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
    body.extend(value);
    body.extend(encode(&statement.proven.proof));
    // The seal as it is in the log, but for what may be left out: 0 in place of the same validators, time and zero.
    let seal = statement.seal.bytes();
    body.extend(&seal[..216]);
    body.push(0);
    body.extend(&seal[248..250]);
    body.extend([0, 0]);
    body.extend(statement.size.to_le_bytes());
    body.extend(statement.root.as_bytes());
    body.extend(encode(&statement.inclusion));
    body.extend(3_u16.to_le_bytes());
    for PlacedCosignature { signer, cosignature } in &statement.cosignatures {
        body.push(*signer);
        body.extend(cosignature.time.to_be_bytes());
        body.extend(cosignature.signature);
    }
    body.extend([0, 0, 0, 0]);
    let link: &EpochLink = &status.epochs[0];
    let frames = [(1_u8, body), (2, link.bytes())];
    let mut bytes = b"TDC\x01".to_vec();
    for (kind, body) in frames {
        bytes.push(kind);
        bytes.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
        bytes.extend(body);
    }
    assert_eq!(hex::encode(status.bytes()), hex::encode(bytes));
}
