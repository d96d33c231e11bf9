//! Notes, checkpoints, receipts and policies against known answers and hostile bytes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use tongda_ledger::evidence::Evidence;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::tree::note::{NOTE_LIMIT, SIGNATURES_LIMIT};
use tongda_ledger::tree::policy::{POLICY_LIMIT, PolicyLog, PolicyWitness, sure_threshold};
use tongda_ledger::tree::receipt::RECEIPT_LIMIT;
use tongda_ledger::tree::{
    Checkpoint, CheckpointError, ConsistencyProof, Cosignature, InclusionProof, KeyName, LogProofError,
    MemoryHashes, Note, NoteAlgorithm, NoteError, NoteKey, NoteKeyError, NoteSignature, Policy, PolicyError,
    Receipt, ReceiptError, SignedCheckpoint, Submission, cosigner_key, cosigner_name, leaf_hash, log_key,
    origin,
};
use tongda_ledger::vote::{Address, NetworkId};

/// The example of C2SP tlog-cosignature, signed with the seeds 07 × 32 and 29 × 32.
const SOFA: &str = "\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa JSt00p6KTYtH8opAMF2NJ7glHT4uHMzg9iBNNDYLQta3PzLlhUjMPmDAXA2L1DXjWfKrvjQJdIEVj9Tiu9f35PqL5g8=
— witness.example.com/w1 cxSi6QAAAABkGFDLP/3bxApXIIkU5oPXcaO/rflBdOUVP6w0exm3HXlwkA59fmmPG5DG7ORqS+5I9VXA8aIsq2a9IAyiTlE9+nqgBA==
";
const SOFA_LOG: &str = "example.com/behind-the-sofa+252b74d2+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
const SOFA_WITNESS: &str = "witness.example.com/w1+7314a2e9+BPpINBR/bmkMNpPv9hM2BGQDzYrioU8xs8QHNYVpI5Vl";

/// The example of C2SP signed-note.
const FOO: &str = "\
This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
";
const FOO_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

fn key(text: &str) -> NoteKey {
    text.parse().unwrap()
}

fn sofa_keys() -> [NoteKey; 2] {
    [key(SOFA_LOG), key(SOFA_WITNESS)]
}

#[test]
fn the_examples_of_the_specifications_are_read_verified_and_printed_again() {
    let message = Note::parse(FOO.as_bytes()).unwrap();
    assert_eq!(message.text(), "This is an example message.\n");
    assert_eq!(message.to_string(), FOO);
    let foo_key = key(FOO_KEY);
    assert_eq!(foo_key.to_string(), FOO_KEY);
    assert_eq!(message.verify(std::slice::from_ref(&foo_key)).unwrap()[0].key, &foo_key);

    let sofa = SignedCheckpoint::parse(SOFA.as_bytes()).unwrap();
    let checkpoint = sofa.checkpoint();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(
        checkpoint.root.to_string(),
        "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
    );
    assert_eq!(sofa.to_string(), SOFA);
    let keys = sofa_keys();
    let signers = sofa.verify(&keys).unwrap();
    assert_eq!(signers.len(), 2);
    assert_eq!((signers[0].time(), signers[1].time()), (None, Some(1_679_315_147)));
}

#[test]
fn signing_again_gives_the_signatures_of_the_known_answers() {
    let parsed = SignedCheckpoint::parse(SOFA.as_bytes()).unwrap();
    let mut made = SignedCheckpoint::new(parsed.checkpoint()).unwrap();
    let text = made.note().text().to_owned();
    let log = SigningKey::from_seed(&[7; 32]);
    let witness = SigningKey::from_seed(&[0x29; 32]);
    let name: KeyName = "example.com/behind-the-sofa".parse().unwrap();
    assert_eq!(NoteKey::new(name.clone(), NoteAlgorithm::Ed25519, &log.public()).unwrap(), key(SOFA_LOG));
    made.add(NoteSignature::sign(name, &log, &text)).unwrap();
    let cosignature = Cosignature::sign(&witness, 1_679_315_147, &text);
    made.add(cosignature.line(&key(SOFA_WITNESS)).unwrap()).unwrap();
    assert_eq!(made.to_string(), SOFA);
    assert_eq!(cosignature.line(&key(SOFA_LOG)), None, "a log's key does not cosign");
}

#[test]
fn unknown_signatures_are_passed_over_and_a_false_one_of_a_known_key_spoils_the_note() {
    let note = Note::parse(SOFA.as_bytes()).unwrap();
    assert_eq!(note.verify(&[key(SOFA_LOG)]).unwrap().len(), 1);
    assert_eq!(note.verify(&[key(FOO_KEY)]), Err(NoteError::Unsigned));
    assert_eq!(note.verify(&[]), Err(NoteError::Unsigned));
    // The same text signed elsewhere: one byte of the size differs.
    let other = Note::parse(SOFA.replace("20852163", "20852164").as_bytes()).unwrap();
    for known in [&sofa_keys()[..], &[key(SOFA_WITNESS)]] {
        assert!(matches!(other.verify(known), Err(NoteError::Signature(_))));
    }
    // The name of a known key with another id is an unknown key.
    let renamed = SOFA.replace("cxSi6Q", "dxSi6Q");
    assert_eq!(Note::parse(renamed.as_bytes()).unwrap().verify(&sofa_keys()).unwrap().len(), 1);
    // A cosignature whose time was changed, and one that is cut off.
    for payload in ["cxSi6QAAAABkGFDM", "cxSi6YAAAABkGFDL"] {
        let changed = SOFA.replace("cxSi6QAAAABkGFDL", payload);
        let note = Note::parse(changed.as_bytes()).unwrap();
        assert!(matches!(note.verify(&sofa_keys()), Err(NoteError::Signature(_))), "{payload}");
    }
    let (kept, cut) = SOFA.split_at(SOFA.rfind("5PqL5g8=").unwrap());
    let short = format!("{kept}5PqL{}", cut.strip_prefix("5PqL5g8=").unwrap());
    let note = Note::parse(short.as_bytes()).unwrap();
    assert!(matches!(note.verify(&sofa_keys()), Err(NoteError::Signature(_))));
}

#[test]
fn a_key_counts_once_whatever_its_names_and_with_its_latest_cosignature() {
    let secret = SigningKey::from_seed(&[5; 32]);
    let named = |name: &str| {
        NoteKey::new(name.parse().unwrap(), NoteAlgorithm::Cosignature, &secret.public()).unwrap()
    };
    let keys = [named("one"), named("two")];
    let mut note = Note::new("text\n".into()).unwrap();
    for (key, time) in [(0, 7), (1, 8), (0, 9), (0, 8)] {
        note.add(Cosignature::sign(&secret, time, "text\n").line(&keys[key]).unwrap()).unwrap();
    }
    let signers = note.verify(&keys).unwrap();
    assert_eq!(signers.len(), 1);
    assert_eq!((signers[0].key, signers[0].time()), (&keys[0], Some(9)));
}

#[test]
fn only_the_last_empty_line_parts_text_and_signatures() {
    let secret = SigningKey::from_seed(&[5; 32]);
    for text in ["a\n\nb\n", "a\n\n", "\n", "\n\n", "— a AAAA\n\n— b AAAA\n"] {
        let mut note = Note::new(text.into()).unwrap();
        note.add(NoteSignature::sign("k".parse().unwrap(), &secret, text)).unwrap();
        let printed = note.to_string();
        let read = Note::parse(printed.as_bytes()).unwrap();
        assert_eq!((read.text(), &read), (text, &note));
    }
}

#[test]
fn hostile_notes_are_refused() {
    let line = SOFA.lines().nth(4).unwrap();
    let spaced = line.replace("sofa ", "sofa  ");
    let refused = |bytes: &[u8]| Note::parse(bytes).unwrap_err();
    for bytes in [
        &b""[..],
        b"\n",
        b"\n\n",
        b"text",
        b"text\n",
        b"text\n\n",
        "text\n— a AAAAAAAA\n".as_bytes(),
        // No line feed at the end.
        SOFA.trim_end().as_bytes(),
    ] {
        assert_eq!(refused(bytes), NoteError::Shape, "{:?}", String::from_utf8_lossy(bytes));
    }
    for line in [
        "\u{2014}",
        "— ",
        "— a",
        "— a ",
        "- a AAAAAAAA",
        "\u{2013} a AAAAAAAA",
        "—  AAAAAAAA",
        "— a+b AAAAAAAA",
        "— a\u{a0}b AAAAAAAA",
        "— a\u{3000}b AAAAAAAA",
        "— a b AAAAAAAA",
        "— a AAAAAAAA ",
        "—a AAAAAAAA",
        // Four bytes are a key's id without a signature; three are less.
        "— a AAAAAA==",
        "— a AAAA",
        // Stray bits, no padding, too much of it, other alphabets, white space within.
        "— a AAAAAAB=",
        "— a AAAAAAA",
        "— a AAAAAAA==",
        "— a AAAAAAAA====",
        "— a AAAA_AAA",
        "— a AAAA AAAA",
        &spaced,
        &format!("— {} AAAAAAAA", "n".repeat(256)),
    ] {
        let note = format!("text\n\n{line}\n");
        assert_eq!(refused(note.as_bytes()), NoteError::Line(0), "{line:?}");
    }
    for (bytes, place) in [
        (&b"te\0t\n\n\xe2\x80\x94 a AAAAAAAA\n"[..], 2),
        (b"te\tt\n\n\xe2\x80\x94 a AAAAAAAA\n", 2),
        (b"text\r\n\r\n\xe2\x80\x94 a AAAAAAAA\r\n", 4),
        (b"te\xfft\n\n\xe2\x80\x94 a AAAAAAAA\n", 2),
        (b"te\x1bt\n\n\xe2\x80\x94 a AAAAAAAA\n", 2),
    ] {
        assert_eq!(refused(bytes), NoteError::Character(place));
    }
    assert!(Note::parse(format!("text\n\n— {} AAAAAAAA\n", "n".repeat(255)).as_bytes()).is_ok());
}

#[test]
fn a_note_has_at_most_100_signatures_and_128_kib() {
    let full = format!("text\n\n{}", "— a AAAAAAAA\n".repeat(SIGNATURES_LIMIT));
    let mut note = Note::parse(full.as_bytes()).unwrap();
    assert_eq!(note.signatures().len(), 100);
    assert_eq!(note.to_string(), full);
    assert_eq!(note.add(note.signatures()[0].clone()), Err(NoteError::TooMany));
    let over = format!("text\n\n{}", "— a AAAAAAAA\n".repeat(SIGNATURES_LIMIT + 1));
    assert_eq!(Note::parse(over.as_bytes()), Err(NoteError::TooMany));

    let rest = "\n\n— a AAAAAAAA\n";
    let long = "x".repeat(NOTE_LIMIT - rest.len()) + rest;
    assert!(Note::parse(long.as_bytes()).is_ok());
    assert_eq!(Note::parse(format!("x{long}").as_bytes()), Err(NoteError::TooLong(NOTE_LIMIT + 1)));
    let mut near = Note::new("x".repeat(NOTE_LIMIT - 4) + "\n").unwrap();
    let secret = SigningKey::from_seed(&[5; 32]);
    let signature = NoteSignature::sign("a".parse().unwrap(), &secret, near.text());
    assert!(matches!(near.add(signature), Err(NoteError::TooLong(_))));
    assert!(near.signatures().is_empty());
    assert!(matches!(Note::new("x".repeat(NOTE_LIMIT + 1)), Err(NoteError::TooLong(_))));
}

#[test]
fn keys_with_another_id_type_name_or_encoding_are_refused() {
    let refused = |text: &str| text.parse::<NoteKey>().unwrap_err();
    assert!(matches!(refused(&FOO_KEY.replace("530d903a", "530d903b")), NoteKeyError::Id { .. }));
    assert!(matches!(refused(&FOO_KEY.replace("example", "exbmple")), NoteKeyError::Id { .. }));
    assert_eq!(refused(&FOO_KEY.replace("530d903a", "530D903A")), NoteKeyError::Shape);
    assert_eq!(refused(&FOO_KEY.replace("530d903a", "530d903")), NoteKeyError::Shape);
    assert_eq!(refused(&FOO_KEY.replace("+AekyeRrm", "+BukyeRrm")), NoteKeyError::Algorithm(6));
    for text in [
        "",
        "a",
        "a+00000000",
        "a+00000000+",
        "a+00000000+AQ==",
        &format!("{FOO_KEY}\n"),
        &format!(" {FOO_KEY}"),
    ] {
        assert!(text.parse::<NoteKey>().is_err(), "{text:?}");
    }
    // A key that is the neutral element, under which a signature proves nothing.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let weak = NoteKey::new("a".parse().unwrap(), NoteAlgorithm::Ed25519, &PublicKey::ed25519(neutral));
    assert!(matches!(weak, Err(NoteKeyError::Key(_))));
    for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b", "a\u{7}"] {
        assert!(name.parse::<KeyName>().is_err(), "{name:?}");
    }
    assert!("专利/一".parse::<KeyName>().is_ok());
}

#[test]
fn hostile_checkpoints_are_refused() {
    let text = "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    assert_eq!(Checkpoint::parse(text).unwrap().text(), text);
    let cases = [
        ("", CheckpointError::Lines),
        ("o\n1\n", CheckpointError::Lines),
        (text.trim_end(), CheckpointError::Lines),
        (&format!("{text}\n"), CheckpointError::Extension),
        (&format!("{text}extension\n"), CheckpointError::Extension),
        (&text.replace("o\n", "\n"), CheckpointError::Origin),
        (&text.replace("o\n", &format!("{}\n", "o".repeat(256))), CheckpointError::Origin),
        (&text.replace("1\n", "01\n"), CheckpointError::Size),
        (&text.replace("1\n", "00\n"), CheckpointError::Size),
        (&text.replace("1\n", "+1\n"), CheckpointError::Size),
        (&text.replace("1\n", "-1\n"), CheckpointError::Size),
        (&text.replace("1\n", " 1\n"), CheckpointError::Size),
        (&text.replace("1\n", "\n"), CheckpointError::Size),
        (&text.replace("1\n", "0x1\n"), CheckpointError::Size),
        (&text.replace("1\n", "18446744073709551616\n"), CheckpointError::Size),
        (&text.replace("q2I=", "q2J="), CheckpointError::Root),
        (&text.replace("q2I=", "q2I"), CheckpointError::Root),
        (&text.replace("q2I=", "q2I= "), CheckpointError::Root),
        (&text.replace("q2I=", "q2Ia"), CheckpointError::Root),
        (&text.replace("CsUY", ""), CheckpointError::Root),
        (&text.replace("1\n", "1\r\n"), CheckpointError::Note(NoteError::Character(3))),
    ];
    for (text, error) in cases {
        assert_eq!(Checkpoint::parse(text), Err(error), "{text:?}");
    }
    assert_eq!(Checkpoint::parse(&text.replace("1\n", "18446744073709551615\n")).unwrap().size, u64::MAX);
    assert!(SignedCheckpoint::new(&Checkpoint { origin: "a\nb".into(), size: 1, root: Hash::ZERO }).is_err());
}

#[test]
fn the_keys_of_a_network_bear_its_names() {
    let network = NetworkId(Hash([9; 32]));
    let vote = SigningKey::from_seed(&[1; 32]).public();
    let address = Address::of(&vote);
    let name = format!("tongda/{}", "09".repeat(32));
    assert_eq!(origin(&network), name);
    assert_eq!(cosigner_name(&network, &address).as_str(), format!("{name}/{address}"));
    let cosign = SigningKey::from_seed(&[2; 32]).public();
    let key = cosigner_key(&network, &address, &cosign).unwrap();
    assert_eq!((key.algorithm() as u8, key.public()), (4, cosign.clone()));
    assert_eq!(log_key(&network, &cosign).unwrap().algorithm() as u8, 1);
    assert_ne!(log_key(&network, &cosign).unwrap().id(), key.id());
}

/// A receipt of leaf 5 of 11.
fn receipt() -> (Receipt, Hash) {
    let mut hashes = MemoryHashes::default();
    for entry in 0..11_u8 {
        hashes.append(leaf_hash(&[entry]));
    }
    let checkpoint = Checkpoint { origin: "o".into(), size: 11, root: hashes.root(11).unwrap() };
    let mut signed = SignedCheckpoint::new(&checkpoint).unwrap();
    let text = checkpoint.text();
    let signature = NoteSignature::sign("o".parse().unwrap(), &SigningKey::from_seed(&[7; 32]), &text);
    signed.add(signature).unwrap();
    let proof = InclusionProof::prove(&hashes, 5, 11).unwrap();
    (Receipt { extra: None, index: 5, proof, checkpoint: signed }, leaf_hash(&[5]))
}

#[test]
fn a_receipt_proves_its_leaf_and_no_other() {
    let (mut receipt, leaf) = receipt();
    assert_eq!(receipt.verify(&leaf), Ok(()));
    assert_eq!(receipt.verify(&leaf_hash(&[6])), Err(LogProofError::Root));
    for extra in [None, Some(vec![1, 2, 3])] {
        receipt.extra = extra;
        let printed = receipt.to_string();
        let read = Receipt::parse(printed.as_bytes()).unwrap();
        assert_eq!((read.to_string(), read.verify(&leaf)), (printed, Ok(())));
        assert_eq!(read, receipt);
    }
    receipt.index = 4;
    assert_eq!(receipt.verify(&leaf), Err(LogProofError::Root));
    receipt.index = 11;
    assert!(matches!(receipt.verify(&leaf), Err(LogProofError::Outside { .. })));
}

#[test]
fn hostile_receipts_are_refused() {
    let (mut receipt, _) = receipt();
    receipt.extra = Some(b"extra".to_vec());
    let good = receipt.to_string();
    let hash = good.lines().nth(3).unwrap();
    let cases = [
        ("".to_owned(), ReceiptError::Header),
        (good.replace("@v1", "@v2"), ReceiptError::Header),
        (format!(" {good}"), ReceiptError::Header),
        (good.replace("extra ZXh0cmE=", "extra "), ReceiptError::Extra),
        (good.replace("extra ZXh0cmE=", "extra ZXh0cmF="), ReceiptError::Extra),
        (good.replace("extra ZXh0cmE=", "extra"), ReceiptError::Index),
        (good.replace("extra ZXh0cmE=", "extra ZXh0cmE=\nextra ZXh0cmE="), ReceiptError::Index),
        (good.replace("index 5", "index 05"), ReceiptError::Index),
        (good.replace("index 5", "index +5"), ReceiptError::Index),
        (good.replace("index 5", "index"), ReceiptError::Index),
        (good.replace("index 5\n", ""), ReceiptError::Index),
        (good.replace("index 5\n", "index 5\nindex 5\n"), ReceiptError::Hash(0)),
        (good.replace(hash, &hash[..43]), ReceiptError::Hash(0)),
        (good.replace(hash, &format!("{hash}\n").repeat(65)), ReceiptError::Hash(64)),
        (good.replace("\n\no\n", "\no\n"), ReceiptError::Hash(4)),
        (good.split("\n\n").next().unwrap().to_owned() + "\n", ReceiptError::Shape),
        (good.replace("index 5\n", "index 5\r\n"), ReceiptError::Character(NoteError::Character(45))),
        (good.replace("\n11\n", "\n011\n"), ReceiptError::Checkpoint(CheckpointError::Size)),
        (good.trim_end().to_owned(), ReceiptError::Checkpoint(NoteError::Shape.into())),
        ("x".repeat(RECEIPT_LIMIT + 1), ReceiptError::TooLong(RECEIPT_LIMIT + 1)),
    ];
    for (text, error) in cases {
        assert_eq!(Receipt::parse(text.as_bytes()).unwrap_err(), error, "{text}");
    }
}

fn cosigner(seed: u8) -> NoteKey {
    let name = format!("witness/{seed}").parse().unwrap();
    NoteKey::new(name, NoteAlgorithm::Cosignature, &SigningKey::from_seed(&[seed; 32]).public()).unwrap()
}

/// The example of C2SP tlog-policy: two of X1 to X3, and one of Y1 to Y3.
fn two_groups() -> String {
    let witness = |name: &str, seed| format!("witness {name} {}\n", cosigner(seed));
    let x: String = (1..=3).map(|place| witness(&format!("X{place}"), place)).collect();
    let y: String = (1..=3).map(|place| witness(&format!("Y{place}"), place + 3)).collect();
    format!(
        "log {SOFA_LOG} https://log.example/\n{x}{y}group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\n\
         group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
    )
}

#[test]
fn a_policy_takes_exactly_the_quorums_that_it_says() {
    let text = two_groups();
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(policy.to_string(), text);
    let sofa = SignedCheckpoint::parse(SOFA.as_bytes()).unwrap();
    for signers in 0..64_u8 {
        let mut signed = sofa.clone();
        for seed in (1..=6).filter(|seed| signers >> (seed - 1) & 1 == 1) {
            let secret = SigningKey::from_seed(&[seed; 32]);
            let cosignature = Cosignature::sign(&secret, 1_700_000_000, sofa.note().text());
            signed.add(cosignature.line(&cosigner(seed)).unwrap()).unwrap();
        }
        let verdict = policy.verify(&signed).unwrap();
        let expected = (signers & 0b111).count_ones() >= 2 && signers >> 3 != 0;
        assert_eq!(verdict.quorum, expected, "{signers:06b}");
        assert_eq!(verdict.witnesses.len(), signers.count_ones() as usize);
        assert_eq!(verdict.logs.len(), 1);
    }
    // The log must have signed, and only for its own origin.
    let mut unsigned = SignedCheckpoint::new(sofa.checkpoint()).unwrap();
    assert_eq!(policy.verify(&unsigned), Err(NoteError::Unsigned));
    let secret = SigningKey::from_seed(&[1; 32]);
    let false_one = Cosignature::sign(&secret, 1, "another text\n").line(&cosigner(1)).unwrap();
    unsigned = sofa;
    unsigned.add(false_one).unwrap();
    assert!(matches!(policy.verify(&unsigned), Err(NoteError::Signature(_))));
}

#[test]
fn a_policy_is_read_with_comments_and_free_white_space_and_printed_plainly() {
    let text = format!("# 策略\n\n \t\n\tlog\t {SOFA_LOG}  \n  #quorum x\nquorum none\n");
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(policy.to_string(), format!("log {SOFA_LOG}\nquorum none\n"));
    assert!(policy.verify(&SignedCheckpoint::parse(SOFA.as_bytes()).unwrap()).unwrap().quorum);
}

#[test]
fn hostile_policies_are_refused() {
    let good = two_groups();
    let w1 = cosigner(1);
    let refused = |text: &str| Policy::parse(text.as_bytes()).unwrap_err();
    assert_eq!(refused(""), PolicyError::Character);
    assert_eq!(refused(good.trim_end()), PolicyError::Character);
    assert_eq!(refused(&good.replace('\n', "\r\n")), PolicyError::Character);
    assert_eq!(refused(&good.replace("quorum X-and-Y\n", "")), PolicyError::Quorum);
    assert_eq!(refused(&format!("{good}quorum X1\n")), PolicyError::Quorum);
    assert_eq!(refused(&good.replace("quorum X-and-Y", "quorum Z")), PolicyError::Unknown("Z".into()));
    assert_eq!(refused(&format!("quorum X1\n{good}")), PolicyError::Unknown("X1".into()));
    assert_eq!(refused(&good.replace("2 X1", "0 X1")), PolicyError::Threshold("X-witnesses".into()));
    assert_eq!(refused(&good.replace("2 X1", "4 X1")), PolicyError::Threshold("X-witnesses".into()));
    assert_eq!(refused(&good.replace("2 X1", "02 X1")), PolicyError::Threshold("X-witnesses".into()));
    assert_eq!(refused(&good.replace("2 X1", "+2 X1")), PolicyError::Threshold("X-witnesses".into()));
    assert_eq!(refused(&good.replace("any Y1", "any Y1 Y1")), PolicyError::MemberTwice("Y1".into()));
    assert_eq!(refused(&good.replace("any Y1", "any X1")), PolicyError::MemberTwice("X1".into()));
    assert_eq!(refused(&good.replace("any Y1", "any X-and-Y")), PolicyError::Unknown("X-and-Y".into()));
    assert_eq!(refused(&good.replace("any Y1", "any none")), PolicyError::Unknown("none".into()));
    assert_eq!(refused(&good.replace("group Y-witnesses any Y1 Y2 Y3", "group Y any")), PolicyError::Line(9));
    assert_eq!(refused(&format!("witness none {w1}\nquorum none\n")), PolicyError::Name("none".into()));
    assert_eq!(
        refused(&format!("witness X1 {w1}\nwitness X1 {}\nquorum none\n", cosigner(2))),
        PolicyError::Name("X1".into())
    );
    // One key under two names counts as one.
    let renamed = NoteKey::new("other".parse().unwrap(), NoteAlgorithm::Cosignature, &w1.public()).unwrap();
    assert_eq!(
        refused(&format!("witness A {w1}\nwitness B {renamed}\nquorum none\n")),
        PolicyError::DuplicateKey(renamed)
    );
    assert_eq!(refused(&format!("witness A {SOFA_LOG}\nquorum none\n")), PolicyError::Algorithm("A".into()));
    assert!(matches!(refused("log x\nquorum none\n"), PolicyError::Key { line: 1, .. }));
    assert_eq!(refused(&format!("log {SOFA_LOG} a b\nquorum none\n")), PolicyError::Line(1));
    assert_eq!(refused("Quorum none\n"), PolicyError::Line(1));
    assert_eq!(refused("quorum\n"), PolicyError::Line(1));
    assert_eq!(refused("quorum a b\n"), PolicyError::Line(1));
    assert_eq!(refused(&"x".repeat(POLICY_LIMIT + 1)), PolicyError::TooLong(POLICY_LIMIT + 1));
    let many: String = (0..257_u16)
        .map(|seed| {
            let bytes = [[1; 30].as_slice(), &seed.to_be_bytes()].concat().try_into().unwrap();
            let key = SigningKey::from_seed(&bytes).public();
            let key = NoteKey::new("w".parse().unwrap(), NoteAlgorithm::Cosignature, &key).unwrap();
            format!("witness {seed} {key}\n")
        })
        .collect();
    assert_eq!(refused(&format!("{many}quorum none\n")), PolicyError::TooMany);
}

#[test]
fn a_sure_threshold_is_more_than_two_thirds_whoever_signs_and_no_larger() {
    assert_eq!(sure_threshold(&[]), None);
    assert_eq!(sure_threshold(&[0, 0]), None);
    assert_eq!(sure_threshold(&[1]), Some(1));
    assert_eq!(sure_threshold(&[1, 1, 1]), Some(3));
    assert_eq!(sure_threshold(&[1, 1, 1, 1]), Some(3));
    assert_eq!(sure_threshold(&[1; 7]), Some(5));
    // Any two of 5, 1, 1, 1 may have only 2 of 8; all four are needed to have the 5 for sure.
    assert_eq!(sure_threshold(&[5, 1, 1, 1]), Some(4));
    assert_eq!(sure_threshold(&[u64::MAX; 4]), Some(3));
    let logs = vec![PolicyLog { key: key(SOFA_LOG), url: None }];
    let witness = |seed: u8| PolicyWitness { name: format!("v{seed}"), key: cosigner(seed), url: None };
    let policy = Policy::threshold(logs, (1..=4).map(witness).collect(), 3).unwrap();
    assert_eq!(Policy::parse(policy.to_string().as_bytes()).unwrap(), policy);
}

/// The tree of a log of 13 leaves, or of one that differs from the sixth on.
fn tree(fork: bool) -> MemoryHashes {
    let mut hashes = MemoryHashes::default();
    for place in 0..13_u8 {
        hashes.append(leaf_hash(&[place, u8::from(fork && place >= 5)]));
    }
    hashes
}

fn signed(hashes: &MemoryHashes, size: u64) -> SignedCheckpoint {
    let checkpoint = Checkpoint { origin: "o".into(), size, root: hashes.root(size).unwrap() };
    let mut signed = SignedCheckpoint::new(&checkpoint).unwrap();
    let secret = SigningKey::from_seed(&[7; 32]);
    signed.add(NoteSignature::sign("o".parse().unwrap(), &secret, &checkpoint.text())).unwrap();
    signed
}

/// 11 leaves of one log, and 13 of the other.
fn evidence() -> Evidence {
    let fork = tree(true);
    let proof = ConsistencyProof::prove(&fork, 11, 13).unwrap();
    let root = fork.root(11).unwrap();
    Evidence::of_another_past(signed(&tree(false), 11), signed(&fork, 13), root, proof).unwrap()
}

/// From 6 to 11 leaves.
fn submission() -> Submission {
    let hashes = tree(false);
    let proof = ConsistencyProof::prove(&hashes, 6, 11).unwrap();
    Submission { old: 6, proof, checkpoint: signed(&hashes, 11) }
}

#[test]
fn evidence_is_made_of_contradictions_alone() {
    let (log, fork) = (tree(false), tree(true));
    for (old, new) in (0..=13_u64).flat_map(|old| (old..=13).map(move |new| (old, new))) {
        if old == 0 {
            continue;
        }
        // What an honest log signed at both sizes is never evidence, whatever is put beside it.
        let proof = ConsistencyProof::prove(&log, old, new).unwrap();
        let pair = || (signed(&log, old), signed(&log, new));
        for root in [log.root(old).unwrap(), fork.root(old).unwrap(), Hash([3; 32])] {
            let (first, second) = pair();
            assert!(Evidence::of_another_past(first, second, root, proof.clone()).is_err(), "{old} {new}");
        }
        let (first, second) = pair();
        assert!(Evidence::of_one_size(first, second).is_err());
        // A fork is, from the first leaf that differs on.
        let (first, second) = (signed(&log, old), signed(&fork, new));
        let proof = ConsistencyProof::prove(&fork, old, new).unwrap();
        let made = if old == new {
            Evidence::of_one_size(first, second)
        } else {
            Evidence::of_another_past(first, second, fork.root(old).unwrap(), proof)
        };
        assert_eq!(made.is_ok(), old >= 6, "{old} {new}");
    }
}

/// Lines that look like those of the formats, and noise.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("— ".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just(" ".to_owned()),
        Just("AAAAAAAA".to_owned()),
        Just("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n".to_owned()),
        Just("c2sp.org/tlog-proof@v1\n".to_owned()),
        Just("index 0\n".to_owned()),
        Just("old 0\n".to_owned()),
        Just("tongda/evidence/v1\n".to_owned()),
        Just("past CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n".to_owned()),
        Just("extra AA==\n".to_owned()),
        Just(format!("log {SOFA_LOG}\n")),
        Just("quorum none\n".to_owned()),
        Just("0".to_owned()),
        "[a-z0-9+/= ]{0,8}",
        any::<String>(),
    ];
    let text = prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![text, prop::collection::vec(any::<u8>(), 0..400)]
}

/// A note that could be read: a text, and signatures of any bytes.
fn notes() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec((" ?[a-z/.]{1,20}", prop::collection::vec(any::<u8>(), 5..90)), 1..8);
    ("([ -~专]{0,20}\n){1,5}", lines).prop_map(|(text, lines)| {
        use base64::Engine as _;
        let base64 = base64::engine::general_purpose::STANDARD;
        let lines: String = lines
            .iter()
            .map(|(name, bytes)| format!("— {} {}\n", name.trim(), base64.encode(bytes)))
            .collect();
        format!("{text}\n{lines}")
    })
}

proptest! {
    #[test]
    fn printing_what_was_parsed_gives_the_same_bytes(bytes in pieces()) {
        if let Ok(note) = Note::parse(&bytes) {
            prop_assert_eq!(note.to_string().into_bytes(), &bytes[..]);
        }
        if let Ok(text) = std::str::from_utf8(&bytes) {
            if let Ok(checkpoint) = Checkpoint::parse(text) {
                prop_assert_eq!(checkpoint.text(), text);
            }
            if let Ok(key) = text.parse::<NoteKey>() {
                prop_assert_eq!(key.to_string(), text);
            }
        }
        if let Ok(receipt) = Receipt::parse(&bytes) {
            prop_assert_eq!(receipt.to_string().into_bytes(), &bytes[..]);
        }
        if let Ok(submission) = Submission::parse(&bytes) {
            prop_assert_eq!(submission.to_string().into_bytes(), &bytes[..]);
        }
        if let Ok(evidence) = Evidence::parse(&bytes) {
            prop_assert_eq!(evidence.to_string().into_bytes(), &bytes[..]);
        }
        if let Ok(policy) = Policy::parse(&bytes) {
            let printed = policy.to_string();
            let again = Policy::parse(printed.as_bytes()).unwrap();
            prop_assert_eq!(&again, &policy);
            prop_assert_eq!(again.to_string(), printed);
        }
    }

    #[test]
    fn notes_of_every_kind_are_printed_as_they_were_read(text in notes()) {
        prop_assert_eq!(Note::parse(text.as_bytes()).unwrap().to_string(), text);
    }

    #[test]
    fn receipts_with_a_changed_byte_are_refused_or_other_receipts(place in 0_usize..2_000, byte in any::<u8>()) {
        let (receipt, _) = receipt();
        let mut bytes = receipt.to_string().into_bytes();
        let place = place % bytes.len();
        prop_assume!(bytes[place] != byte);
        bytes[place] = byte;
        if let Ok(other) = Receipt::parse(&bytes) {
            prop_assert_ne!(&other, &receipt);
            prop_assert_eq!(other.to_string().into_bytes(), bytes);
        }
    }

    #[test]
    fn evidence_and_submissions_with_a_changed_byte_are_refused_or_other_ones(
        place in 0_usize..4_000,
        byte in any::<u8>(),
    ) {
        let (evidence, submission) = (evidence(), submission());
        let changed = |text: String| {
            let mut bytes = text.into_bytes();
            let place = place % bytes.len();
            (bytes[place] != byte).then(|| {
                bytes[place] = byte;
                bytes
            })
        };
        if let Some(bytes) = changed(evidence.to_string())
            && let Ok(other) = Evidence::parse(&bytes)
        {
            prop_assert_ne!(&other, &evidence);
            prop_assert_eq!(other.to_string().into_bytes(), bytes);
        }
        if let Some(bytes) = changed(submission.to_string())
            && let Ok(other) = Submission::parse(&bytes)
        {
            prop_assert_ne!(&other, &submission);
            prop_assert_eq!(other.to_string().into_bytes(), bytes);
        }
    }

    #[test]
    fn noise_of_64_kib_is_refused(seed in any::<u64>()) {
        let mut state = seed;
        let noise: Vec<u8> = (0..65_536)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect();
        prop_assert!(Note::parse(&noise).is_err());
        prop_assert!(Receipt::parse(&noise).is_err());
        prop_assert!(Submission::parse(&noise).is_err());
        prop_assert!(Evidence::parse(&noise).is_err());
        prop_assert!(Policy::parse(&noise).is_err());
        let text = String::from_utf8_lossy(&noise);
        prop_assert!(Checkpoint::parse(&text).is_err());
        prop_assert!(text.parse::<NoteKey>().is_err());
    }
}
