//! Check keys and signatures.

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct KeyVectors {
    about: String,
    keys: Vec<KeyCase>,
    verification: Vec<VerificationCase>,
    refused: Vec<RefusedKey>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct KeyCase {
    seed: Hash,
    public_key: PublicKey,
    wire: String,
    address: Address,
    message: String,
    signature: Signature,
    signature_wire: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct VerificationCase {
    what: String,
    public_key: PublicKey,
    message: String,
    signature: Signature,
    valid: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct RefusedKey {
    public_key: PublicKey,
    error: String,
}

#[test]
fn keys_and_signatures_are_written_and_verified_as_the_vectors_say() {
    let refused = |key: PublicKey| {
        let error: KeyError = key.check().expect_err("a key that must not be enrolled");
        RefusedKey { error: name_of(&error), public_key: key }
    };
    let encodings = crafted::small_order_encodings().into_iter().chain(crafted::non_canonical_encodings());
    let made = KeyVectors {
        about: "Ed25519 keys by seed with a signature of the message (hexadecimal); verdicts of strict verification, where \
                other rules differ; keys that are refused when they are enrolled, and why."
            .into(),
        keys: [1, 2, 3]
            .map(|seed| {
                let key = SigningKey::from_seed(&[seed; 32]);
                let message = vec![seed; usize::from(seed) - 1];
                let signature = key.sign(&message);
                KeyCase {
                    seed: Hash([seed; 32]),
                    public_key: key.public(),
                    wire: hex::encode(encode(&key.public())),
                    address: Address::of(&key.public()),
                    message: hex::encode(message),
                    signature_wire: hex::encode(encode(&signature)),
                    signature,
                }
            })
            .into(),
        verification: crafted::cases()
            .into_iter()
            .map(|case| VerificationCase {
                what: case.name.into(),
                public_key: case.public_key(),
                signature: case.signature(),
                message: hex::encode(case.message),
                valid: case.valid,
            })
            .collect(),
        refused: encodings
            .map(PublicKey::ed25519)
            .chain(crafted::cases().iter().filter(|case| case.name.starts_with("A ")).map(crafted::Case::public_key))
            .chain(["2:8a88", "3:00", "0:00", "ed25519:00"].map(|text| text.parse().unwrap()))
            .map(refused)
            .collect(),
    };
    let kept = agree("key.json", &made);
    for case in kept.keys {
        case.public_key.check().unwrap();
        case.public_key.verify(&unhex(&case.message), &case.signature).unwrap();
        assert_eq!(codec::decode::<PublicKey>(&unhex(&case.wire), LIMIT), Ok(case.public_key));
        assert_eq!(codec::decode::<Signature>(&unhex(&case.signature_wire), LIMIT), Ok(case.signature));
    }
    for case in kept.verification {
        let verdict = case.public_key.verify(&unhex(&case.message), &case.signature);
        assert_eq!(verdict.is_ok(), case.valid, "{}", case.what);
    }
}
