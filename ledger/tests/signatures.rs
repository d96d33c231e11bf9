//! One rule of verification for all: where implementations differ, strict verification decides.

mod crafted;

use tongda_ledger::key::{KeyError, PublicKey, Signature, SigningKey};

#[test]
fn crafted_signatures_get_the_verdict_of_strict_verification() {
    for case in crafted::cases() {
        let verdict = case.public_key().verify(&case.message, &case.signature());
        assert_eq!(verdict.is_ok(), case.valid, "{}: {verdict:?}", case.name);
    }
}

#[test]
fn a_key_of_small_order_is_refused_in_every_encoding() {
    let encodings = crafted::small_order_encodings();
    assert_eq!(encodings.len(), 14);
    for encoding in encodings {
        let verdict = PublicKey::ed25519(encoding).check();
        assert_eq!(verdict, Err(KeyError::Weak), "{}", hex::encode(encoding));
    }
}

#[test]
fn a_key_with_a_part_of_small_order_is_refused() {
    let mut refused = 0;
    for case in crafted::cases() {
        let fit = !case.name.starts_with("A ");
        assert_eq!(case.public_key().check().is_ok(), fit, "{}", case.name);
        refused += usize::from(!fit);
    }
    assert_eq!(refused, 5);
}

#[test]
fn a_key_that_is_not_canonically_encoded_is_refused() {
    let encodings = crafted::non_canonical_encodings();
    assert!(encodings.len() > 4);
    for encoding in encodings {
        assert_eq!(PublicKey::ed25519(encoding).check(), Err(KeyError::Weak), "{}", hex::encode(encoding));
    }
}

#[test]
fn keys_of_other_algorithms_lengths_and_points_are_refused() {
    let signature: Signature = SigningKey::from_seed(&[1; 32]).sign(b"act");
    for (text, error) in [
        ("2:8a88e3dd", KeyError::Algorithm(2)),
        ("3:00", KeyError::Algorithm(3)),
        ("0:00", KeyError::Algorithm(0)),
        ("ed25519:", KeyError::Malformed),
        ("ed25519:0202020202020202020202020202020202020202020202020202020202020202", KeyError::Malformed),
    ] {
        let key: PublicKey = text.parse().unwrap();
        assert_eq!(key.check(), Err(error), "{text}");
        assert!(key.verify(b"act", &signature).is_err(), "{text}");
    }
}

#[test]
fn a_signature_of_another_algorithm_or_length_is_refused() {
    let key = SigningKey::from_seed(&[1; 32]);
    let good = key.sign(b"act");
    key.public().verify(b"act", &good).unwrap();
    let digits = hex::encode(good.bytes());
    for text in [format!("2:{digits}"), format!("ed25519:{digits}00"), format!("ed25519:{}", &digits[2..])] {
        assert!(key.public().verify(b"act", &text.parse().unwrap()).is_err(), "{text}");
    }
    assert_eq!(key.public().verify(b"acT", &good), Err(KeyError::Signature));
    assert_eq!(SigningKey::from_seed(&[2; 32]).public().verify(b"act", &good), Err(KeyError::Signature));
}
