//! Policies.

use super::*;

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
