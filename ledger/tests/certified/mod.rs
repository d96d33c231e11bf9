//! Certificates of a chain made by hand: good ones, forged ones, and bytes that are none.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses its own part of them"
)]

use crate::crafted_chain::{Chain, NETWORK, cosign, fill, key, node, nodes, nodes_of};
use crate::samples;
use std::sync::LazyLock;
use tongda_ledger::certificate::{Asked, Certificate, Proven, Report, Statement, Subject, WitnessLine};
use tongda_ledger::epoch::{Epochs, Signers};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PatentNumber, PledgeId};
use tongda_ledger::state::{Member, PatentByNumber, PatentStatus, Pledge, StateKey, Stored};
use tongda_ledger::tree::{Cosignature, InclusionProof, NoteAlgorithm, NoteKey};
use tongda_ledger::vote::NetworkId;

/// Seconds since 1970 at which the first of them cosigned.
pub const COSIGNED: u64 = 1_764_547_300;

/// A chain with some values of every kind that is certified; its signers changed once.
pub fn chain() -> Chain {
    static MADE: LazyLock<Chain> = LazyLock::new(make_chain);
    MADE.clone()
}

pub fn make_chain() -> Chain {
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

pub fn key_of(chain: &Chain, tag: u16) -> StateKey {
    *chain.values.keys().find(|key| key.tag() == tag).unwrap()
}

pub fn proven(chain: &Chain, key: StateKey) -> Proven {
    Proven { key, value: chain.values.get(&key).cloned(), proof: chain.proof(&key) }
}

/// Those who cosign: seeds of their cosigning keys, and seconds.
pub const COSIGNERS: [(u8, u64); 3] = [(102, COSIGNED), (103, COSIGNED + 5), (105, COSIGNED + 9)];

pub fn statement(chain: &Chain, key: StateKey, signed: &[(u8, u64)]) -> Statement {
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

pub fn certificate(chain: &Chain, key: StateKey) -> Certificate {
    let statement = statement(chain, key, &COSIGNERS);
    Certificate { statement, epochs: chain.links.clone(), history: Vec::new() }
}

pub fn founded() -> Epochs {
    Epochs::new(NETWORK, &chain().founded).unwrap()
}

pub fn check(certificate: &Certificate) -> Report {
    certificate.verify(&founded(), &Asked::default())
}

/// The failures in words, each behind what was checked.
pub fn failures(report: &Report) -> Vec<String> {
    let name =
        |subject: &Subject| serde_json::to_value(subject).unwrap()["check"].as_str().unwrap().to_owned();
    report.failures().map(|(subject, failure)| format!("{}: {failure}", name(subject))).collect()
}

/// The certificate with a statement in which something is different.
pub fn with(certificate: &Certificate, change: impl FnOnce(&mut Statement)) -> Certificate {
    let mut changed = certificate.clone();
    change(&mut changed.statement);
    changed
}

pub fn witness() -> NoteKey {
    NoteKey::new("witness.example.com/w1".parse().unwrap(), NoteAlgorithm::Cosignature, &key(77).public())
        .unwrap()
}

pub fn witnessed(certificate: &Certificate) -> Certificate {
    with(certificate, |statement| {
        let cosignature = Cosignature::sign(&key(77), COSIGNED + 3, &statement.checkpoint().text());
        let (name, id) = (witness().name().clone(), witness().id());
        statement.witnesses = vec![WitnessLine { name, id, cosignature }];
    })
}

/// Every good certificate of the vectors.
pub fn good() -> Vec<(&'static str, Certificate)> {
    static MADE: LazyLock<Vec<(&'static str, Certificate)>> = LazyLock::new(make_good);
    MADE.clone()
}

pub fn make_good() -> Vec<(&'static str, Certificate)> {
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
pub fn forged() -> Vec<(&'static str, Certificate)> {
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
pub fn malformed() -> Vec<(&'static str, Vec<u8>)> {
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
pub fn paper_link(bytes: &[u8]) -> usize {
    9 + u32::from_le_bytes(bytes[5..9].try_into().unwrap()) as usize
}

pub fn noise(seed: u8) -> Vec<u8> {
    let blocks = (0..2048_u32).map(|number| Hash::plain(&[&[seed], &number.to_le_bytes()]).0);
    blocks.flatten().collect()
}
