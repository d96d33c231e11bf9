//! Notes, their keys and checkpoints.

use super::*;

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
