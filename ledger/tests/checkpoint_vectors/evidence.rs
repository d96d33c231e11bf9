//! The vectors of evidence.

use super::*;
use tongda_ledger::evidence::Evidence;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct EvidenceVectors {
    about: String,
    keys: Vec<String>,
    evidence: Vec<EvidenceCase>,
    unsigned: Vec<Refused>,
    refused: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct EvidenceCase {
    what: String,
    evidence: String,
    sizes: (u64, u64),
    past_root: Option<Hash>,
    /// The keys that signed both.
    both: Vec<String>,
}

#[test]
fn evidence_is_as_the_vectors_say() {
    let known: Vec<NoteKey> = (1..=4).map(validator).collect();
    let (right, wrong) = (log(11, 11), log(13, 5));
    let fork = |size, validators: &[u8]| checkpoint(&wrong, size, validators);
    let proved = |first: SignedCheckpoint, size: u64, validators: &[u8]| {
        let old = first.checkpoint().size;
        let proof = ConsistencyProof::prove(&wrong, old, size).unwrap();
        let root = wrong.root(old).unwrap();
        Evidence::of_another_past(first, fork(size, validators), root, proof).unwrap()
    };
    let case = |what: &str, evidence: &Evidence| {
        let text = evidence.to_string();
        assert_eq!(&Evidence::parse(text.as_bytes()).unwrap(), evidence, "{what}");
        let signers = evidence.verify(&known).expect(what);
        EvidenceCase {
            what: what.into(),
            sizes: (evidence.first().checkpoint().size, evidence.second().checkpoint().size),
            past_root: evidence.past_root().copied(),
            both: signers.both.iter().map(|key| key.to_string()).collect(),
            evidence: text,
        }
    };
    let one_size =
        |a: &[u8], b: &[u8]| Evidence::of_one_size(checkpoint(&right, 11, a), fork(11, b)).unwrap();
    let two_sizes = proved(checkpoint(&right, 11, &[1, 2, 3]), 13, &[2, 3, 4]);
    let cases = vec![
        case("one size, two roots, one cosigner of both", &one_size(&[1], &[1])),
        case("two quorums of four have two cosigners in common", &one_size(&[1, 2, 3], &[2, 3, 4])),
        case("nobody signed both: the contradiction stands all the same", &one_size(&[1, 2], &[3, 4])),
        case("a larger tree that was another one", &two_sizes),
        case("from 8, a complete tree", &proved(checkpoint(&right, 8, &[1]), 13, &[1])),
    ];
    let unsigned = {
        let good = one_size(&[1], &[1]);
        let stranger = Evidence::of_one_size(checkpoint(&right, 11, &[9]), fork(11, &[1])).unwrap();
        // The second checkpoint's cosignature stands under the first one.
        let mut exchanged = checkpoint(&right, 11, &[]);
        exchanged.add(good.second().note().signatures()[1].clone()).unwrap();
        let exchanged = Evidence::of_one_size(exchanged, fork(11, &[1])).unwrap();
        let refuse = |what: &str, evidence: &Evidence| Refused {
            what: what.into(),
            text: evidence.to_string(),
            error: name_of(&evidence.verify(&known).expect_err(what)),
        };
        vec![refuse("nobody known signed the first", &stranger), refuse("a false signature", &exchanged)]
    };
    let good = two_sizes.to_string();
    let same = one_size(&[1], &[1]).to_string();
    let (first, second) = (checkpoint(&right, 11, &[1]), fork(13, &[1]));
    let continuing = {
        let long = log(13, 13);
        let proof = ConsistencyProof::prove(&long, 11, 13).unwrap();
        let hashes: String = proof.hashes.iter().map(|hash| line(hash) + "\n").collect();
        let root = line(&long.root(11).unwrap());
        format!("tongda/evidence/v1\npast {root}\n{hashes}\n{first}\n{}", checkpoint(&long, 13, &[1]))
    };
    let hash = good.lines().nth(2).unwrap().to_owned();
    let elsewhere = Checkpoint { origin: "elsewhere".into(), ..second.checkpoint().clone() };
    let refused = refused(
        &[
            ("another version", changed(&good, "/v1", "/v2")),
            ("one checkpoint twice", format!("tongda/evidence/v1\n\n{first}\n{first}")),
            ("a tree and its continuation", continuing),
            ("two sizes without a proof", format!("tongda/evidence/v1\n\n{first}\n{second}")),
            ("one size with a proof", changed(&same, "/v1\n", &format!("/v1\npast {hash}\n"))),
            ("the larger one first", format!("tongda/evidence/v1\n\n{second}\n{first}")),
            ("two logs", format!("tongda/evidence/v1\n\n{first}\n{}", signed(&elsewhere, &[1]))),
            ("a hash of the proof is another", changed(&good, &hash, &line(&Hash([1; 32])))),
            ("a hash of the proof is missing", changed(&good, &format!("{hash}\n"), "")),
            ("a hash that is cut off", changed(&good, &hash, &hash[4..])),
            ("65 hashes", changed(&good, &hash, &vec![hash.as_str(); 65].join("\n"))),
            ("one checkpoint only", format!("tongda/evidence/v1\n\n{first}")),
            ("two empty lines between them", format!("tongda/evidence/v1\n\n{first}\n\n{second}")),
            ("no line feed at the end", good.trim_end().into()),
        ],
        |text| Evidence::parse(text.as_bytes()),
    );
    let about = "Checkpoints of the network 09 × 32 that contradict each other, with the keys of its validators. Keys are \
                 made as in checkpoint.json. Leaf n of one tree is the text `entry n`; the other tree has the leaves \
                 `other entry n` from 5 on."
        .into();
    let keys = known.iter().map(NoteKey::to_string).collect();
    agree("evidence.json", &EvidenceVectors { about, keys, evidence: cases, unsigned, refused });
}

/// A hash as a line of base64.
fn line(hash: &Hash) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(hash.as_bytes())
}
