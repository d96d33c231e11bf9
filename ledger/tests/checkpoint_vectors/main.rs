//! Check notes, checkpoints, receipts, policies, submissions and evidence against the golden vectors
//! `tests/vectors/checkpoint.json` and `evidence.json`, which are written for implementations in any language.
//!
//! `TONGDA_WRITE_VECTORS=1 cargo test -p tongda-ledger --test checkpoint_vectors` writes them again.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod carried;
mod evidence;
#[path = "../samples/mod.rs"]
mod samples;
mod signed;

use carried::{policies, receipts, submissions};
use samples::agree;
use serde::{Deserialize, Serialize};
use signed::{checkpoints, keys, notes};
use std::fmt::Debug;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::{
    Checkpoint, ConsistencyProof, Cosignature, InclusionProof, KeyName, MemoryHashes, Note, NoteAlgorithm,
    NoteKey, NoteSignature, Policy, Receipt, SignedCheckpoint, Submission, cosigner_key, empty_root,
    leaf_hash, log_key, origin,
};
use tongda_ledger::vote::{Address, NetworkId};

const NETWORK: NetworkId = NetworkId(Hash([9; 32]));

/// The cosignatures' times, in seconds.
const TIME: u64 = 1_790_000_000;

/// The innermost variant of an error, in snake case.
fn name_of(error: &dyn Debug) -> String {
    let debug = format!("{error:?}");
    let mut rest = debug.as_str();
    // A variant that holds another error is its name, a bracket and a capital letter.
    while let Some((_, inner)) = rest.split_once('(') {
        let is_variant = inner.starts_with(|first: char| first.is_ascii_uppercase());
        if !is_variant || rest.find(|other: char| !other.is_alphanumeric()) != rest.find('(') {
            break;
        }
        rest = inner;
    }
    let mut name = String::new();
    let variant = rest.split(|other: char| !other.is_alphanumeric()).next().unwrap_or_default();
    for (index, character) in variant.char_indices() {
        if character.is_ascii_uppercase() && index > 0 {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

/// A text that is refused, and the name of the reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Refused {
    what: String,
    text: String,
    error: String,
}

/// Changes a good text; the change must take place.
fn changed(good: &str, from: &str, to: &str) -> String {
    assert!(good.contains(from), "{from:?} in {good}");
    good.replacen(from, to, 1)
}

fn refused<T: Debug, E: Debug>(
    cases: &[(&str, String)],
    parse: impl Fn(&str) -> Result<T, E>,
) -> Vec<Refused> {
    let refuse = |(what, text): &(&str, String)| Refused {
        what: (*what).to_owned(),
        text: text.clone(),
        error: name_of(&parse(text).expect_err(what)),
    };
    cases.iter().map(refuse).collect()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CheckpointVectors {
    about: String,
    network: String,
    origin: String,
    keys: Vec<KeyCase>,
    keys_refused: Vec<Refused>,
    notes: Vec<NoteCase>,
    notes_refused: Vec<Refused>,
    checkpoints: Vec<CheckpointCase>,
    checkpoints_refused: Vec<Refused>,
    receipts: Vec<ReceiptCase>,
    receipts_refused: Vec<Refused>,
    policies: Vec<PolicyCase>,
    policies_refused: Vec<Refused>,
    submissions: Vec<SubmissionCase>,
    submissions_refused: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct KeyCase {
    what: String,
    /// Hexadecimal; absent where only others know it.
    seed: Option<String>,
    vkey: String,
    name: String,
    algorithm: u8,
    public: String,
    id: String,
}

/// A note, and what comes of verifying it with these keys.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct NoteCase {
    what: String,
    note: String,
    text: String,
    known: Vec<String>,
    /// The keys that signed, with the time of a cosignature; or the error.
    signed_by: Option<Vec<(String, Option<u64>)>>,
    error: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CheckpointCase {
    text: String,
    origin: String,
    size: u64,
    root: Hash,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct ReceiptCase {
    what: String,
    receipt: String,
    leaf: Hash,
    index: u64,
    extra: Option<String>,
    /// Absent when the leaf is proved.
    error: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct PolicyCase {
    what: String,
    policy: String,
    /// As it is printed.
    printed: String,
    checkpoint: String,
    logs: usize,
    witnesses: Vec<String>,
    quorum: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct SubmissionCase {
    what: String,
    body: String,
    old_root: Hash,
    /// Absent when the checkpoint continues the old tree.
    error: Option<String>,
}

/// Hashes of a log of this many leaves, of which those from `fork` on are other ones.
fn log(size: u64, fork: u64) -> MemoryHashes {
    let mut hashes = MemoryHashes::default();
    for place in 0..size {
        let entry = if place < fork { format!("entry {place}") } else { format!("other entry {place}") };
        hashes.append(leaf_hash(entry.as_bytes()));
    }
    hashes
}

fn secret(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

/// The node's key, by which a checkpoint is a note for everybody: seed 7.
fn own_log_key() -> NoteKey {
    log_key(&NETWORK, &secret(7).public()).unwrap()
}

/// The cosigner's key of the validator whose vote key has this seed; its own has the seed 100 higher.
fn validator(seed: u8) -> NoteKey {
    let address = Address::of(&secret(seed).public());
    cosigner_key(&NETWORK, &address, &secret(seed + 100).public()).unwrap()
}

fn witness_key() -> NoteKey {
    let name: KeyName = "witness.example.com/w1".parse().unwrap();
    NoteKey::new(name, NoteAlgorithm::Cosignature, &secret(0x29).public()).unwrap()
}

/// The checkpoint of this tree, signed by the log and these validators.
fn checkpoint(hashes: &MemoryHashes, size: u64, validators: &[u8]) -> SignedCheckpoint {
    let root = if size == 0 { empty_root() } else { hashes.root(size).unwrap() };
    signed(&Checkpoint { origin: origin(&NETWORK), size, root }, validators)
}

fn signed(checkpoint: &Checkpoint, validators: &[u8]) -> SignedCheckpoint {
    let mut signed = SignedCheckpoint::new(checkpoint).unwrap();
    let text = checkpoint.text();
    signed.add(NoteSignature::sign(own_log_key().name().clone(), &secret(7), &text)).unwrap();
    for seed in validators {
        let cosignature = Cosignature::sign(&secret(seed + 100), TIME + u64::from(*seed), &text);
        signed.add(cosignature.line(&validator(*seed)).unwrap()).unwrap();
    }
    signed
}

#[test]
fn notes_checkpoints_receipts_policies_and_submissions_are_as_the_vectors_say() {
    let (keys, keys_refused) = keys();
    let (notes, notes_refused) = notes();
    let (checkpoints, checkpoints_refused) = checkpoints();
    let (receipts, receipts_refused) = receipts();
    let (policies, policies_refused) = policies();
    let (submissions, submissions_refused) = submissions();
    let made = CheckpointVectors {
        about: "Keys, notes, checkpoints, receipts, policies and submissions to witnesses of the network 09 × 32. The \
                node's log key has the seed 07 × 32; the validator N votes with the seed N × 32 and cosigns with the \
                seed (N+100) × 32; the outside witness has the seed 29 × 32 (hexadecimal). Leaf n is the text `entry n`."
            .into(),
        network: NETWORK.to_string(),
        origin: origin(&NETWORK),
        keys,
        keys_refused,
        notes,
        notes_refused,
        checkpoints,
        checkpoints_refused,
        receipts,
        receipts_refused,
        policies,
        policies_refused,
        submissions,
        submissions_refused,
    };
    agree("checkpoint.json", &made);
}
