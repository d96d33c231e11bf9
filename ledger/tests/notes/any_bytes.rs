//! All of them against any bytes.

use super::*;

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
