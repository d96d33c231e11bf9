//! Check envelopes, their signed bytes and ids.

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct EnvelopeVectors {
    about: String,
    envelopes: Vec<EnvelopeCase>,
    invalid: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct EnvelopeCase {
    core: Core,
    signers: Vec<Signer>,
    core_wire: String,
    signed_bytes: String,
    id: Hash,
    wire: String,
    fingerprint: Hash,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Signer {
    member: MemberId,
    seed: Hash,
}

fn envelope_of(number: u8, act: Act, signers: &[(MemberId, u8)]) -> (Envelope, Vec<Signer>) {
    let from: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
    let expected = Expected { patent: PatentId::new(40, 0), version: 3 };
    let core = Core {
        network: NETWORK,
        author: signers[0].0,
        valid_from: from,
        valid_until: from.plus_milliseconds(3_600_000),
        nonce: [number; 16],
        gather_until: (number % 2 == 1).then(|| from.plus_milliseconds(30 * 86_400_000)),
        expects: if number % 3 == 1 { vec![expected].try_into().unwrap() } else { List::new() },
        act,
    };
    let signatures = signers
        .iter()
        .map(|(member, seed)| core.sign(*member, &SigningKey::from_seed(&[*seed; 32])))
        .collect();
    let signers =
        signers.iter().map(|(member, seed)| Signer { member: *member, seed: Hash([*seed; 32]) }).collect();
    (Envelope::new(core, signatures).unwrap(), signers)
}

#[test]
fn envelopes_are_written_and_read_as_the_vectors_say() {
    let member = |position| MemberId::new(position, 0);
    let mut envelopes = Vec::new();
    let mut first = Vec::new();
    let acts = samples::acts();
    for (number, name) in (0..).zip(["consent.give", "open.declare", "transfer.propose", "patent.register"]) {
        let act = acts.iter().find(|act| act.name() == name).unwrap().clone();
        let signers: &[_] = if number == 2 {
            &[(member(13), 3), (member(12), 2), (member(12), 1)]
        } else {
            &[(member(12), 1)]
        };
        let (envelope, signers) = envelope_of(number, act, signers);
        envelope.verify().unwrap();
        let signed = envelope.signed_bytes();
        envelopes.push(EnvelopeCase {
            core: envelope.core().clone(),
            signers,
            core_wire: hex::encode(envelope.core().bytes().unwrap()),
            signed_bytes: hex::encode(signed),
            id: envelope.id(),
            wire: hex::encode(envelope.bytes()),
            fingerprint: envelope.fingerprint(),
        });
        if number == 2 {
            first = envelope.bytes().to_vec();
        }
    }
    // version u8, core length u16, core, then count u16 and signatures of 8 + 35 + 67 bytes.
    let signatures = first.len() - 2 - 3 * 110;
    let altered = |what: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = first.clone();
        change(&mut bytes);
        let error = verified(&bytes).expect_err(what);
        Refused { what: what.into(), wire: hex::encode(bytes), error: name_of(&error) }
    };
    let invalid = vec![
        altered("nothing", &|bytes| bytes.clear()),
        altered("cut after the version", &|bytes| bytes.truncate(1)),
        altered("cut within the core", &|bytes| bytes.truncate(100)),
        altered("cut within the last signature", &|bytes| bytes.truncate(bytes.len() - 1)),
        altered("a byte follows", &|bytes| bytes.push(0)),
        altered("version 2", &|bytes| bytes[0] = 2),
        altered("a core length that is one too small", &|bytes| bytes[1] = bytes[1].wrapping_sub(1)),
        altered("two signatures have changed places", &|bytes| {
            let last = bytes.split_off(bytes.len() - 110);
            bytes.splice(signatures + 2..signatures + 2, last);
        }),
        altered("a signature stands twice", &|bytes| {
            let last = bytes[bytes.len() - 110..].to_vec();
            bytes.extend(last);
            bytes[signatures] = 4;
        }),
        altered("no signature", &|bytes| {
            bytes.truncate(signatures + 2);
            bytes[signatures] = 0;
        }),
        altered("129 signatures", &|bytes| bytes[signatures] = 129),
        altered("one bit of a signature is another", &|bytes| *bytes.last_mut().unwrap() ^= 0x10),
        altered("one bit of the nonce is another", &|bytes| bytes[3 + 32 + 24] ^= 1),
        altered("an optional value whose mark is 2", &|bytes| bytes[3 + 32 + 24 + 16] = 2),
    ];
    let made = EnvelopeVectors {
        about: "Envelopes signed with the Ed25519 keys of these seeds: the core in JSON and on the wire, the bytes that are \
                signed, their SHA-256 (`id`), the envelope, its SHA-256 (`fingerprint`). Bytes are hexadecimal. `invalid` \
                envelopes are refused when they are read or verified; `error` says why."
            .into(),
        envelopes,
        invalid,
    };
    for case in agree("envelope.json", &made).envelopes {
        let bytes = unhex(&case.wire);
        let envelope = verified(&bytes).unwrap();
        assert_eq!(*envelope.core(), case.core);
        assert_eq!(envelope.bytes(), bytes);
        assert_eq!(Hash::plain(&[&unhex(&case.signed_bytes)]), case.id);
    }
}

fn verified(bytes: &[u8]) -> Result<Envelope, EnvelopeError> {
    let envelope = Envelope::decode(bytes)?;
    envelope.verify().map(|()| envelope)
}
