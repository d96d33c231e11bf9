//! The vectors of keys, notes and checkpoints.

use super::*;

pub(crate) fn keys() -> (Vec<KeyCase>, Vec<Refused>) {
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

pub(crate) fn notes() -> (Vec<NoteCase>, Vec<Refused>) {
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

pub(crate) fn checkpoints() -> (Vec<CheckpointCase>, Vec<Refused>) {
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
