//! Check votes and commit certificates.

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CertificateVectors {
    about: String,
    network: NetworkId,
    validators: ValidatorSet,
    seeds: Vec<Hash>,
    validators_wire: String,
    validators_hash: Hash,
    addresses: Vec<Address>,
    proposers: Vec<(u64, u32, Address)>,
    votes: Vec<VoteCase>,
    certificates: Vec<CertificateCase>,
    invalid_validators: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct VoteCase {
    kind: u8,
    height: u64,
    round: u32,
    block: Option<Hash>,
    voter: Address,
    signed_bytes: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CertificateCase {
    what: String,
    height: u64,
    block: Hash,
    certificate: CommitCertificate,
    wire: String,
    error: Option<String>,
}

fn validators() -> (Vec<SigningKey>, ValidatorSet) {
    let mut keys: Vec<_> = (1..=4).map(|seed| SigningKey::from_seed(&[seed; 32])).collect();
    keys.sort_by_key(|key| Address::of(&key.public()));
    let powers = keys.iter().map(|key| Validator { vote_key: key.public(), power: 1 }).collect();
    (keys, ValidatorSet::new(powers).unwrap())
}

fn certificate(keys: &[&SigningKey], network: &NetworkId, round: u32) -> CommitCertificate {
    let block = Hash([0xab; 32]);
    let votes: Vec<_> = keys
        .iter()
        .map(|key| {
            let validator = Address::of(&key.public());
            let message = vote_bytes(network, VoteKind::Precommit, 7, 1, Some(&block), &validator);
            CommitSignature { validator, signature: key.sign(&message) }
        })
        .collect();
    CommitCertificate { height: 7, round, block, signatures: votes.try_into().unwrap() }
}

#[test]
fn certificates_are_written_and_verified_as_the_vectors_say() {
    let (keys, set) = validators();
    let [a, b, c, d] = keys.iter().collect::<Vec<_>>().try_into().unwrap();
    let stranger = SigningKey::from_seed(&[77; 32]);
    let mut with_stranger = vec![a, b, &stranger];
    with_stranger.sort_by_key(|key| Address::of(&key.public()));
    let block = Hash([0xab; 32]);
    let case = |what: &str, certificate: CommitCertificate, height: u64, block: Hash| {
        let verdict: Result<(), CertificateError> = certificate.verify(&NETWORK, &set, height, &block);
        CertificateCase {
            what: what.into(),
            height,
            block,
            wire: hex::encode(encode(&certificate)),
            certificate,
            error: verdict.err().map(|error| name_of(&error)),
        }
    };
    let prevotes = {
        let mut certificate = certificate(&[a, b, c], &NETWORK, 1);
        let message = vote_bytes(&NETWORK, VoteKind::Prevote, 7, 1, Some(&block), &Address::of(&a.public()));
        certificate.signatures[0].signature = a.sign(&message);
        certificate
    };
    let certificates = vec![
        case("four of four", certificate(&[a, b, c, d], &NETWORK, 1), 7, block),
        case("three of four", certificate(&[b, c, d], &NETWORK, 1), 7, block),
        case("two of four", certificate(&[a, b], &NETWORK, 1), 7, block),
        case("nobody", certificate(&[], &NETWORK, 1), 7, block),
        case("another height is asked for", certificate(&[a, b, c], &NETWORK, 1), 8, block),
        case("another block is asked for", certificate(&[a, b, c], &NETWORK, 1), 7, Hash([0xac; 32])),
        case("another round was signed", certificate(&[a, b, c], &NETWORK, 2), 7, block),
        case("another network was signed", certificate(&[a, b, c], &NetworkId(Hash([8; 32])), 1), 7, block),
        case("a prevote among precommits", prevotes, 7, block),
        case("out of order", certificate(&[b, a, c], &NETWORK, 1), 7, block),
        case("one stands twice", certificate(&[a, a, b], &NETWORK, 1), 7, block),
        case("a stranger among validators", certificate(&with_stranger, &NETWORK, 1), 7, block),
    ];
    let wire = encode(&set);
    let refused = |what: &str, bytes: Vec<u8>| {
        let error = codec::decode::<ValidatorSet>(&bytes, LIMIT).expect_err(what);
        Refused { what: what.into(), wire: hex::encode(bytes), error: name_of(&error) }
    };
    // count u16, then validators of 35 + 8 bytes.
    let swapped = [&wire[..2], &wire[45..88], &wire[2..45], &wire[88..]].concat();
    let twice = [&[2, 0], &wire[2..45], &wire[2..45]].concat();
    let powerless = [&[1, 0], &wire[2..37], &[0; 8]].concat();
    let too_powerful = [&[1, 0], &wire[2..37], &[0, 0, 0, 0, 0, 0, 0, 0x80]].concat();
    let address = Address::of(&a.public());
    let vote = |kind: VoteKind, block: Option<Hash>| VoteCase {
        kind: kind as u8,
        height: 7,
        round: 1,
        block,
        voter: address,
        signed_bytes: hex::encode(vote_bytes(&NETWORK, kind, 7, 1, block.as_ref(), &address)),
    };
    let made = CertificateVectors {
        about: "Four validators with the Ed25519 keys of these seeds, ascending by address: the set on the wire and its \
                hash; who proposes (height, round, address); the bytes that a vote signs; certificates asked for at a height \
                and a block, with the error or null. Bytes are hexadecimal."
            .into(),
        network: NETWORK,
        seeds: keys.iter().map(|key| Hash(key.seed())).collect(),
        validators_wire: hex::encode(&wire),
        validators_hash: set.hash(),
        addresses: set.validators().iter().map(|validator| Address::of(&validator.vote_key)).collect(),
        proposers: [(1, 0), (1, 1), (2, 0), (4, 3), (u64::MAX, 1)]
            .map(|(height, round)| (height, round, set.proposer(height, round)))
            .to_vec(),
        votes: vec![
            vote(VoteKind::Prevote, Some(block)),
            vote(VoteKind::Precommit, Some(block)),
            vote(VoteKind::Precommit, None),
        ],
        certificates,
        invalid_validators: vec![
            refused("nobody", vec![0, 0]),
            refused("out of order", swapped),
            refused("one stands twice", twice),
            refused("one without power", powerless),
            refused("a sum of 2^63", too_powerful),
            refused("more than 1,024", vec![1, 4]),
        ],
        validators: set.clone(),
    };
    let kept = agree("certificate.json", &made);
    assert_eq!(codec::decode::<ValidatorSet>(&unhex(&kept.validators_wire), LIMIT), Ok(kept.validators));
    for (case, expected) in
        kept.certificates.iter().zip([true, true].into_iter().chain(std::iter::repeat(false)))
    {
        assert_eq!(case.error.is_none(), expected, "{}", case.what);
        assert_eq!(
            codec::decode::<CommitCertificate>(&unhex(&case.wire), LIMIT),
            Ok(case.certificate.clone())
        );
    }
}
