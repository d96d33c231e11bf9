//! Check notes, checkpoints, receipts, policies, submissions and evidence against the golden vectors
//! `tests/vectors/checkpoint.json` and `evidence.json`, which are written for implementations in any language.
//!
//! `TONGDA_WRITE_VECTORS=1 cargo test -p tongda-ledger --test checkpoint_vectors` writes them again.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod samples;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use tongda_ledger::evidence::Evidence;
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

/// The vectors of this name, which must be these; written first where that is asked for.
fn agree<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, made: &T) -> T {
    if samples::writing() {
        let text = serde_json::to_string_pretty(made).unwrap() + "\n";
        std::fs::write(samples::path(name), text).unwrap();
    }
    let kept: T =
        serde_json::from_value(samples::read(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(kept == *made, "{name} differs from what is made now; kept {kept:#?}, made {made:#?}");
    kept
}

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

fn keys() -> (Vec<KeyCase>, Vec<Refused>) {
    let case = |what: &str, seed: Option<u8>, key: NoteKey| KeyCase {
        what: what.into(),
        seed: seed.map(|seed| hex::encode([seed; 32])),
        vkey: key.to_string(),
        name: key.name().to_string(),
        algorithm: key.algorithm() as u8,
        public: hex::encode(key.public().bytes()),
        id: hex::encode(key.id()),
    };
    let example: NoteKey =
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k".parse().unwrap();
    let cases = vec![
        case("a node's key of the network 09 × 32", Some(7), own_log_key()),
        case(
            "the cosigner's key of the validator whose vote key has the seed 01 × 32",
            Some(101),
            validator(1),
        ),
        case("an outside witness", Some(0x29), witness_key()),
        case("the example of C2SP signed-note", None, example.clone()),
    ];
    let good = example.to_string();
    let weak = {
        // The neutral element of the curve.
        let name = "a";
        let mut key = [0_u8; 32];
        key[0] = 1;
        let id = Hash::plain(&[name.as_bytes(), b"\n", &[1], &key]);
        use base64::Engine as _;
        let typed = base64::engine::general_purpose::STANDARD.encode([&[1_u8][..], &key].concat());
        format!("{name}+{}+{typed}", hex::encode(&id.0[..4]))
    };
    let refused = refused(
        &[
            ("another id", changed(&good, "530d903a", "530d903b")),
            ("another name", changed(&good, "foo", "fop")),
            ("an id in capitals", changed(&good, "530d903a", "530D903A")),
            ("a type that is not in use", changed(&good, "+Aeky", "+Buky")),
            ("a key that is cut off", changed(&good, "3U2k", "")),
            ("no name", changed(&good, "example.com/foo", "")),
            ("a space in the name", changed(&good, "example.com/", "example.com ")),
            ("a line feed behind it", format!("{good}\n")),
            ("no key", "example.com/foo+530d903a".into()),
            ("a weak key", weak),
        ],
        str::parse::<NoteKey>,
    );
    (cases, refused)
}

fn note_case(what: &str, note: &str, known: &[NoteKey]) -> NoteCase {
    let read = Note::parse(note.as_bytes()).expect(what);
    assert_eq!(read.to_string(), note);
    let verified = read.verify(known);
    NoteCase {
        what: what.into(),
        note: note.into(),
        text: read.text().into(),
        known: known.iter().map(NoteKey::to_string).collect(),
        error: verified.as_ref().err().map(|error| name_of(error)),
        signed_by: verified
            .ok()
            .map(|signers| signers.iter().map(|signer| (signer.key.to_string(), signer.time())).collect()),
    }
}

fn notes() -> (Vec<NoteCase>, Vec<Refused>) {
    let known = [own_log_key(), validator(1), validator(2), validator(3)];
    let good = checkpoint(&log(11, 11), 11, &[1, 2, 3]).to_string();
    let sofa_text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let sofa_key = NoteKey::new(
        "example.com/behind-the-sofa".parse().unwrap(),
        NoteAlgorithm::Ed25519,
        &secret(7).public(),
    )
    .unwrap();
    let mut sofa = Note::new(sofa_text.into()).unwrap();
    sofa.add(NoteSignature::sign(sofa_key.name().clone(), &secret(7), sofa_text)).unwrap();
    let cosignature = Cosignature::sign(&secret(0x29), 1_679_315_147, sofa_text);
    sofa.add(cosignature.line(&witness_key()).unwrap()).unwrap();
    let mut paragraphs = Note::new("one\n\ntwo\n".into()).unwrap();
    paragraphs.add(NoteSignature::sign(sofa_key.name().clone(), &secret(7), "one\n\ntwo\n")).unwrap();
    let mut later = checkpoint(&log(11, 11), 11, &[1]);
    let again = Cosignature::sign(&secret(101), TIME + 60, later.note().text());
    later.add(again.line(&validator(1)).unwrap()).unwrap();
    let cases = vec![
        note_case(
            "the checkpoint of C2SP tlog-cosignature",
            &sofa.to_string(),
            &[sofa_key.clone(), witness_key()],
        ),
        note_case("a checkpoint with the node's line and three cosignatures", &good, &known),
        note_case("signatures of unknown keys are passed over", &good, &known[1..2]),
        note_case("nobody known signed", &good, &[witness_key()]),
        note_case("a key that signed twice counts once, with its later time", &later.to_string(), &known),
        note_case("a text with empty lines: the last one parts", &paragraphs.to_string(), &[sofa_key]),
        note_case("another size under the same signatures", &changed(&good, "\n11\n", "\n12\n"), &known),
    ];
    let refused = refused(
        &[
            ("no line feed at the end", good.trim_end().into()),
            ("no signature", good.split("\n\n").next().unwrap().to_owned() + "\n\n"),
            ("no empty line", changed(&good, "\n\n", "\n")),
            ("a carriage return", changed(&good, "\n11\n", "\n11\r\n")),
            ("a zero byte", changed(&good, "\n11\n", "\n11\0\n")),
            ("a hyphen in place of the dash", changed(&good, "\n—", "\n-")),
            ("two spaces before the name", changed(&good, "— tongda", "—  tongda")),
            ("a plus sign in the name", changed(&good, "— tongda/", "— tongda+")),
            ("a name with an ideographic space", changed(&good, "— tongda/", "— tongda\u{3000}")),
            ("stray bits in base64", "text\n\n— a AAAAAAB=\n".into()),
            ("base64 without padding", "text\n\n— a AAAAAAA\n".into()),
            ("a key's id without signature", "text\n\n— a AAAAAA==\n".into()),
            ("101 signatures", format!("text\n\n{}", "— a AAAAAAAA\n".repeat(101))),
        ],
        |text| Note::parse(text.as_bytes()),
    );
    (cases, refused)
}

fn checkpoints() -> (Vec<CheckpointCase>, Vec<Refused>) {
    let hashes = log(11, 11);
    let case = |origin: &str, size: u64, root: Hash| {
        let text = Checkpoint { origin: origin.into(), size, root }.text();
        let read = Checkpoint::parse(&text).unwrap();
        CheckpointCase { text, origin: read.origin, size: read.size, root: read.root }
    };
    let own = origin(&NETWORK);
    let cases = vec![
        case(&own, 0, empty_root()),
        case(&own, 11, hashes.root(11).unwrap()),
        case("rekor.example - 2605736670972794746", u64::MAX, Hash([0xff; 32])),
    ];
    let good = cases[1].text.clone();
    let root = good.lines().nth(2).unwrap();
    let refused = refused(
        &[
            ("a line of extension", format!("{good}extension\n")),
            ("an empty line of extension", format!("{good}\n")),
            ("no root", good.replace(&format!("{root}\n"), "")),
            ("no line feed at the end", good.trim_end().into()),
            ("no origin", changed(&good, &own, "")),
            ("an origin of 256 bytes", changed(&good, &own, &"o".repeat(256))),
            ("a leading zero", changed(&good, "\n11\n", "\n011\n")),
            ("a sign", changed(&good, "\n11\n", "\n+11\n")),
            ("a size of 2^64", changed(&good, "\n11\n", "\n18446744073709551616\n")),
            ("a root without padding", good.replace('=', "")),
            ("a root of 31 bytes", changed(&good, root, &format!("{}==", &root[..42]))),
            ("stray bits in the root", changed(&good, root, &format!("{}/=", &root[..42]))),
        ],
        Checkpoint::parse,
    );
    (cases, refused)
}

fn receipts() -> (Vec<ReceiptCase>, Vec<Refused>) {
    let hashes = log(11, 11);
    let checkpoint = checkpoint(&hashes, 11, &[1, 2, 3]);
    let receipt = |index, extra: Option<&[u8]>| Receipt {
        extra: extra.map(<[u8]>::to_vec),
        index,
        proof: InclusionProof::prove(&hashes, index, 11).unwrap(),
        checkpoint: checkpoint.clone(),
    };
    let case = |what: &str, receipt: &Receipt, leaf: u64| {
        let leaf = leaf_hash(format!("entry {leaf}").as_bytes());
        let text = receipt.to_string();
        assert_eq!(&Receipt::parse(text.as_bytes()).unwrap(), receipt);
        ReceiptCase {
            what: what.into(),
            receipt: text,
            leaf,
            index: receipt.index,
            extra: receipt.extra.as_ref().map(hex::encode),
            error: receipt.verify(&leaf).err().map(|error| name_of(&error)),
        }
    };
    let mut outside = receipt(10, None);
    outside.index = 11;
    let mut short = receipt(5, None);
    short.proof.hashes = short.proof.hashes[1..].to_vec().try_into().unwrap();
    let mut single = receipt(0, None);
    single.checkpoint = self::checkpoint(&hashes, 1, &[1]);
    single.proof = InclusionProof::default();
    let cases = vec![
        case("leaf 5 of 11", &receipt(5, None), 5),
        case("the last leaf, with something beside it", &receipt(10, Some(b"entry 10")), 10),
        case("the only leaf of a log: no hashes", &single, 0),
        case("another leaf", &receipt(5, None), 6),
        case("an index outside the tree", &outside, 10),
        case("a hash is missing", &short, 5),
    ];
    let good = cases[1].receipt.clone();
    let hash = good.lines().nth(3).unwrap();
    let refused = refused(
        &[
            ("another version", changed(&good, "@v1", "@v2")),
            ("nothing behind `extra`", changed(&good, "extra ZW50cnkgMTA=", "extra ")),
            ("stray bits in `extra`", changed(&good, "ZW50cnkgMTA=", "ZW50cnkgMTB=")),
            (
                "`extra` behind the index",
                changed(&good, "extra ZW50cnkgMTA=\nindex 10\n", "index 10\nextra ZW50cnkgMTA=\n"),
            ),
            ("a leading zero", changed(&good, "index 10", "index 010")),
            ("no index", changed(&good, "index 10\n", "")),
            ("a hash that is cut off", changed(&good, hash, &hash[4..])),
            ("65 hashes", changed(&good, hash, &[hash; 65].join("\n"))),
            ("no empty line", changed(&good, "\n\ntongda/", "\ntongda/")),
            ("no checkpoint", good.split("\n\n").next().unwrap().to_owned() + "\n"),
            ("an extension in the checkpoint", changed(&good, "\n\n—", "\nextension\n\n—")),
        ],
        |text| Receipt::parse(text.as_bytes()),
    );
    (cases, refused)
}

fn policies() -> (Vec<PolicyCase>, Vec<Refused>) {
    let hashes = log(11, 11);
    let validators: String = (1..=4).map(|seed| format!("witness v{seed} {}\n", validator(seed))).collect();
    let three =
        format!("log {}\n{validators}group validators 3 v1 v2 v3 v4\nquorum validators\n", own_log_key());
    let loose = format!("# 策略\n\n\tlog   {} https://log.example/ \nquorum none\n", own_log_key());
    let nested = format!(
        "log {}\n{validators}witness w1 {} https://w1.example/\ngroup validators 3 v1 v2 v3 v4\n\
         group outside any w1\ngroup both all validators outside\nquorum both\n",
        own_log_key(),
        witness_key()
    );
    let case = |what: &str, policy: &str, checkpoint: &SignedCheckpoint| {
        let read = Policy::parse(policy.as_bytes()).expect(what);
        let verdict = read.verify(checkpoint).unwrap();
        PolicyCase {
            what: what.into(),
            policy: policy.into(),
            printed: read.to_string(),
            checkpoint: checkpoint.to_string(),
            logs: verdict.logs.len(),
            witnesses: verdict.witnesses.iter().map(|witness| witness.name.clone()).collect(),
            quorum: verdict.quorum,
        }
    };
    let mut witnessed = checkpoint(&hashes, 11, &[1, 2, 3]);
    let cosignature = Cosignature::sign(&secret(0x29), TIME, witnessed.note().text());
    witnessed.add(cosignature.line(&witness_key()).unwrap()).unwrap();
    let cases = vec![
        case("three of four", &three, &checkpoint(&hashes, 11, &[1, 2, 4])),
        case("two of four", &three, &checkpoint(&hashes, 11, &[1, 2])),
        case("comments, white space, no quorum", &loose, &checkpoint(&hashes, 11, &[])),
        case("three of four and the outside witness", &nested, &witnessed),
        case("three of four without the outside witness", &nested, &checkpoint(&hashes, 11, &[1, 2, 3])),
    ];
    let refused = refused(
        &[
            ("no quorum", changed(&three, "quorum validators\n", "")),
            ("two quorums", format!("{three}quorum none\n")),
            ("a quorum that is not defined", changed(&three, "quorum validators", "quorum others")),
            ("a group before its members", changed(&three, "log", "group early 1 v1\nlog")),
            ("a threshold of 0", changed(&three, "validators 3", "validators 0")),
            ("a threshold above the members", changed(&three, "validators 3", "validators 5")),
            ("a leading zero in the threshold", changed(&three, "validators 3", "validators 03")),
            ("a member twice", changed(&three, "v1 v2", "v1 v1")),
            ("a member of two groups", changed(&three, "quorum", "group more any v1\nquorum")),
            ("a name twice", changed(&three, "witness v2", "witness v1")),
            ("a key twice", format!("witness again {}\n{three}", validator(1))),
            (
                "a witness with a log's key",
                changed(&three, "witness v1", &format!("witness v0 {}\nwitness v1", own_log_key())),
            ),
            ("a key that is none", changed(&three, "log tongda", "log tangda")),
            ("a line of another kind", format!("{three}witnesses 3\n")),
            ("a carriage return", three.replace('\n', "\r\n")),
            ("no line feed at the end", three.trim_end().into()),
        ],
        |text| Policy::parse(text.as_bytes()),
    );
    (cases, refused)
}

fn submissions() -> (Vec<SubmissionCase>, Vec<Refused>) {
    let hashes = log(11, 11);
    let submission = |old: u64| {
        let proof = ConsistencyProof::prove(&hashes, old, 11).unwrap();
        Submission { old, proof, checkpoint: checkpoint(&hashes, 11, &[1]) }
    };
    let root = |size| if size == 0 { empty_root() } else { hashes.root(size).unwrap() };
    let case = |what: &str, submission: &Submission, old_root: Hash| {
        let body = submission.to_string();
        assert_eq!(&Submission::parse(body.as_bytes()).unwrap(), submission);
        let error = submission.continues(&old_root).err().map(|error| name_of(&error));
        SubmissionCase { what: what.into(), body, old_root, error }
    };
    let mut from_nothing = submission(6);
    from_nothing.old = 0;
    let mut empty = submission(0);
    empty.checkpoint = signed(&Checkpoint { origin: origin(&NETWORK), size: 0, root: Hash([1; 32]) }, &[]);
    let cases = vec![
        case("the first one", &submission(0), root(0)),
        case("from 6 to 11", &submission(6), root(6)),
        case("from 8, a complete tree, to 11", &submission(8), root(8)),
        case("the same size again", &submission(11), root(11)),
        case("a tree that was another at 6", &submission(6), log(6, 5).root(6).unwrap()),
        case("the same size and another root", &submission(11), log(11, 5).root(11).unwrap()),
        case("a proof from nothing", &from_nothing, root(0)),
        case("a tree without leaves and with a root", &empty, root(0)),
    ];
    let good = submission(6).to_string();
    let hash = good.lines().nth(1).unwrap();
    let refused = refused(
        &[
            ("no old size", changed(&good, "old 6\n", "")),
            ("a leading zero", changed(&good, "old 6", "old 06")),
            ("two spaces", changed(&good, "old 6", "old  6")),
            ("an old size above the new", changed(&good, "old 6", "old 12")),
            ("a hash that is cut off", changed(&good, hash, &hash[4..])),
            ("64 hashes", changed(&good, hash, &[hash; 64].join("\n"))),
            ("no empty line", changed(&good, "\n\ntongda/", "\ntongda/")),
            ("no checkpoint", good.split("\n\n").next().unwrap().to_owned() + "\n\n"),
        ],
        |text| Submission::parse(text.as_bytes()),
    );
    (cases, refused)
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

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct EvidenceVectors {
    about: String,
    keys: Vec<String>,
    evidence: Vec<EvidenceCase>,
    unsigned: Vec<Refused>,
    refused: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct EvidenceCase {
    what: String,
    evidence: String,
    sizes: (u64, u64),
    past_root: Option<Hash>,
    /// The keys that signed both.
    both: Vec<String>,
}

#[test]
fn evidence_is_as_the_vectors_say() {
    let known: Vec<NoteKey> = (1..=4).map(validator).collect();
    let (right, wrong) = (log(11, 11), log(13, 5));
    let fork = |size, validators: &[u8]| checkpoint(&wrong, size, validators);
    let proved = |first: SignedCheckpoint, size: u64, validators: &[u8]| {
        let old = first.checkpoint().size;
        let proof = ConsistencyProof::prove(&wrong, old, size).unwrap();
        let root = wrong.root(old).unwrap();
        Evidence::of_another_past(first, fork(size, validators), root, proof).unwrap()
    };
    let case = |what: &str, evidence: &Evidence| {
        let text = evidence.to_string();
        assert_eq!(&Evidence::parse(text.as_bytes()).unwrap(), evidence, "{what}");
        let signers = evidence.verify(&known).expect(what);
        EvidenceCase {
            what: what.into(),
            sizes: (evidence.first().checkpoint().size, evidence.second().checkpoint().size),
            past_root: evidence.past_root().copied(),
            both: signers.both.iter().map(|key| key.to_string()).collect(),
            evidence: text,
        }
    };
    let one_size =
        |a: &[u8], b: &[u8]| Evidence::of_one_size(checkpoint(&right, 11, a), fork(11, b)).unwrap();
    let two_sizes = proved(checkpoint(&right, 11, &[1, 2, 3]), 13, &[2, 3, 4]);
    let cases = vec![
        case("one size, two roots, one cosigner of both", &one_size(&[1], &[1])),
        case("two quorums of four have two cosigners in common", &one_size(&[1, 2, 3], &[2, 3, 4])),
        case("nobody signed both: the contradiction stands all the same", &one_size(&[1, 2], &[3, 4])),
        case("a larger tree that was another one", &two_sizes),
        case("from 8, a complete tree", &proved(checkpoint(&right, 8, &[1]), 13, &[1])),
    ];
    let unsigned = {
        let good = one_size(&[1], &[1]);
        let stranger = Evidence::of_one_size(checkpoint(&right, 11, &[9]), fork(11, &[1])).unwrap();
        // The second checkpoint's cosignature stands under the first one.
        let mut exchanged = checkpoint(&right, 11, &[]);
        exchanged.add(good.second().note().signatures()[1].clone()).unwrap();
        let exchanged = Evidence::of_one_size(exchanged, fork(11, &[1])).unwrap();
        let refuse = |what: &str, evidence: &Evidence| Refused {
            what: what.into(),
            text: evidence.to_string(),
            error: name_of(&evidence.verify(&known).expect_err(what)),
        };
        vec![refuse("nobody known signed the first", &stranger), refuse("a false signature", &exchanged)]
    };
    let good = two_sizes.to_string();
    let same = one_size(&[1], &[1]).to_string();
    let (first, second) = (checkpoint(&right, 11, &[1]), fork(13, &[1]));
    let continuing = {
        let long = log(13, 13);
        let proof = ConsistencyProof::prove(&long, 11, 13).unwrap();
        let hashes: String = proof.hashes.iter().map(|hash| line(hash) + "\n").collect();
        let root = line(&long.root(11).unwrap());
        format!("tongda/evidence/v1\npast {root}\n{hashes}\n{first}\n{}", checkpoint(&long, 13, &[1]))
    };
    let hash = good.lines().nth(2).unwrap().to_owned();
    let elsewhere = Checkpoint { origin: "elsewhere".into(), ..second.checkpoint().clone() };
    let refused = refused(
        &[
            ("another version", changed(&good, "/v1", "/v2")),
            ("one checkpoint twice", format!("tongda/evidence/v1\n\n{first}\n{first}")),
            ("a tree and its continuation", continuing),
            ("two sizes without a proof", format!("tongda/evidence/v1\n\n{first}\n{second}")),
            ("one size with a proof", changed(&same, "/v1\n", &format!("/v1\npast {hash}\n"))),
            ("the larger one first", format!("tongda/evidence/v1\n\n{second}\n{first}")),
            ("two logs", format!("tongda/evidence/v1\n\n{first}\n{}", signed(&elsewhere, &[1]))),
            ("a hash of the proof is another", changed(&good, &hash, &line(&Hash([1; 32])))),
            ("a hash of the proof is missing", changed(&good, &format!("{hash}\n"), "")),
            ("a hash that is cut off", changed(&good, &hash, &hash[4..])),
            ("65 hashes", changed(&good, &hash, &vec![hash.as_str(); 65].join("\n"))),
            ("one checkpoint only", format!("tongda/evidence/v1\n\n{first}")),
            ("two empty lines between them", format!("tongda/evidence/v1\n\n{first}\n\n{second}")),
            ("no line feed at the end", good.trim_end().into()),
        ],
        |text| Evidence::parse(text.as_bytes()),
    );
    let about = "Checkpoints of the network 09 × 32 that contradict each other, with the keys of its validators. Keys are \
                 made as in checkpoint.json. Leaf n of one tree is the text `entry n`; the other tree has the leaves \
                 `other entry n` from 5 on."
        .into();
    let keys = known.iter().map(NoteKey::to_string).collect();
    agree("evidence.json", &EvidenceVectors { about, keys, evidence: cases, unsigned, refused });
}

/// A hash as a line of base64.
fn line(hash: &Hash) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(hash.as_bytes())
}
