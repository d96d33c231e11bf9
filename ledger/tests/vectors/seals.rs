//! Check seals, leaves and bodies.

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct SealVectors {
    about: String,
    leaves: Vec<LeafCase>,
    seals: Vec<SealCase>,
    bodies: Vec<BodyCase>,
    invalid_seals: Vec<Refused>,
    invalid_bodies: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct LeafCase {
    kind: u8,
    entry: String,
    leaf_hash: Hash,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct SealCase {
    seal: Seal,
    wire: String,
    block: Hash,
    index: u64,
    is_checkpoint: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct BodyCase {
    records: Vec<String>,
    seal: String,
    wire: String,
}

fn seal(height: u64, checkpoint: &str) -> Seal {
    let hash = |byte| Hash([byte; 32]);
    Seal {
        version: 1,
        network: NETWORK,
        suite: 1,
        height,
        round: 2,
        time: "2026-11-24T00:00:05.678Z".parse().unwrap(),
        proposer: Address([0xaa; 20]),
        parent: hash(1),
        first: 1000,
        records: 3,
        due: 1,
        log_root: hash(2),
        state_root: hash(3),
        validators: hash(4),
        next_validators: hash(5),
        rule_set: 1,
        checkpoint: checkpoint.parse().unwrap(),
        extension: Hash::ZERO,
    }
}

#[test]
fn seals_leaves_and_bodies_are_written_and_read_as_the_vectors_say() {
    let seals = [seal(7, "2026-11-24T00:00:05.678Z"), seal(8, "2026-11-24T00:00:05.000Z")];
    let bytes = seals[0].bytes();
    let records: [&[u8]; 3] = [b"one", b"", b"three"];
    let leaf = |kind: LeafKind, entry: &[u8]| LeafCase {
        kind: kind as u8,
        entry: hex::encode(entry),
        leaf_hash: leaf_of(kind, entry),
    };
    let body = |records: &[&[u8]]| BodyCase {
        records: records.iter().map(hex::encode).collect(),
        seal: hex::encode(&bytes),
        wire: hex::encode(Body { records: records.to_vec(), seal: &bytes }.encode()),
    };
    let altered_seal = |what: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut wire = bytes.clone();
        change(&mut wire);
        let error = Seal::decode(&wire).expect_err(what);
        Refused { what: what.into(), wire: hex::encode(wire), error: name_of(&error) }
    };
    let refused_body = |what: &str, wire: &str| {
        let wire = wire.replace(' ', "");
        let error = Body::decode(&unhex(&wire)).expect_err(what);
        Refused { what: what.into(), wire, error: name_of(&error) }
    };
    let made = SealVectors {
        about: "Leaves (kind u8, entry) and their hashes; seals, whose leaf hash is the block's; bodies of blocks. Bytes are \
                hexadecimal. What stands under `invalid…` is refused; `error` says why."
            .into(),
        leaves: vec![
            leaf(LeafKind::Genesis, NETWORK.0.as_bytes()),
            leaf(LeafKind::Record, b"one"),
            leaf(LeafKind::Seal, &bytes),
        ],
        seals: seals
            .iter()
            .map(|seal| SealCase {
                wire: hex::encode(seal.bytes()),
                block: seal.hash(),
                index: seal.index(),
                is_checkpoint: seal.is_checkpoint(),
                seal: seal.clone(),
            })
            .collect(),
        bodies: vec![body(&records), body(&[])],
        invalid_seals: vec![
            altered_seal("version 2", &|wire| wire[0] = 2),
            altered_seal("hash suite 2", &|wire| wire[33] = 2),
            altered_seal("cut short", &|wire| wire.truncate(wire.len() - 1)),
            altered_seal("a byte follows", &|wire| wire.push(0)),
            altered_seal("nothing", &|wire| wire.clear()),
        ],
        invalid_bodies: vec![
            refused_body("nothing", ""),
            refused_body("no seal", "00000000"),
            refused_body("more records than bytes", "ffff0000 00000000"),
            refused_body("more records than any block takes", "01000100 00000000"),
            refused_body("the largest count", "ffffffff 00000000"),
            refused_body("a record longer than the body", "01000000 05000000 00 00000000"),
            refused_body("a record beyond the record limit", "01000000 00000100 00"),
            refused_body("a byte follows", "00000000 01000000 00 00"),
        ],
    };
    let kept = agree("seal.json", &made);
    for case in kept.seals {
        assert_eq!(Seal::decode(&unhex(&case.wire)), Ok(case.seal));
    }
    for case in kept.bodies {
        let wire = unhex(&case.wire);
        let body = Body::decode(&wire).unwrap();
        assert_eq!(body.records.iter().map(hex::encode).collect::<Vec<_>>(), case.records);
        assert_eq!(hex::encode(body.seal), case.seal);
    }
}
