//! The vectors of what carries checkpoints: receipts, policies, submissions.

use super::*;

pub(crate) fn receipts() -> (Vec<ReceiptCase>, Vec<Refused>) {
    let hashes = log(11, 11);
    let checkpoint = checkpoint(&hashes, 11, &[1, 2, 3]);
    let receipt = |index, extra: Option<&[u8]>| Receipt {
        extra: extra.map(<[u8]>::to_vec),
        index,
        proof: InclusionProof::prove(&hashes, index, 11).unwrap(),
        checkpoint: checkpoint.clone(),
    };
    let case = |what: &str, receipt: &Receipt, leaf: u64| {
        let leaf = leaf_hash(format!("entry {leaf}").as_bytes());
        let text = receipt.to_string();
        assert_eq!(&Receipt::parse(text.as_bytes()).unwrap(), receipt);
        ReceiptCase {
            what: what.into(),
            receipt: text,
            leaf,
            index: receipt.index,
            extra: receipt.extra.as_ref().map(hex::encode),
            error: receipt.verify(&leaf).err().map(|error| name_of(&error)),
        }
    };
    let mut outside = receipt(10, None);
    outside.index = 11;
    let mut short = receipt(5, None);
    short.proof.hashes = short.proof.hashes[1..].to_vec().try_into().unwrap();
    let mut single = receipt(0, None);
    single.checkpoint = self::checkpoint(&hashes, 1, &[1]);
    single.proof = InclusionProof::default();
    let cases = vec![
        case("leaf 5 of 11", &receipt(5, None), 5),
        case("the last leaf, with something beside it", &receipt(10, Some(b"entry 10")), 10),
        case("the only leaf of a log: no hashes", &single, 0),
        case("another leaf", &receipt(5, None), 6),
        case("an index outside the tree", &outside, 10),
        case("a hash is missing", &short, 5),
    ];
    let good = cases[1].receipt.clone();
    let hash = good.lines().nth(3).unwrap();
    let refused = refused(
        &[
            ("another version", changed(&good, "@v1", "@v2")),
            ("nothing behind `extra`", changed(&good, "extra ZW50cnkgMTA=", "extra ")),
            ("stray bits in `extra`", changed(&good, "ZW50cnkgMTA=", "ZW50cnkgMTB=")),
            (
                "`extra` behind the index",
                changed(&good, "extra ZW50cnkgMTA=\nindex 10\n", "index 10\nextra ZW50cnkgMTA=\n"),
            ),
            ("a leading zero", changed(&good, "index 10", "index 010")),
            ("no index", changed(&good, "index 10\n", "")),
            ("a hash that is cut off", changed(&good, hash, &hash[4..])),
            ("65 hashes", changed(&good, hash, &[hash; 65].join("\n"))),
            ("no empty line", changed(&good, "\n\ntongda/", "\ntongda/")),
            ("no checkpoint", good.split("\n\n").next().unwrap().to_owned() + "\n"),
            ("an extension in the checkpoint", changed(&good, "\n\n—", "\nextension\n\n—")),
        ],
        |text| Receipt::parse(text.as_bytes()),
    );
    (cases, refused)
}

pub(crate) fn policies() -> (Vec<PolicyCase>, Vec<Refused>) {
    let hashes = log(11, 11);
    let validators: String = (1..=4).map(|seed| format!("witness v{seed} {}\n", validator(seed))).collect();
    let three =
        format!("log {}\n{validators}group validators 3 v1 v2 v3 v4\nquorum validators\n", own_log_key());
    let loose = format!("# 策略\n\n\tlog   {} https://log.example/ \nquorum none\n", own_log_key());
    let nested = format!(
        "log {}\n{validators}witness w1 {} https://w1.example/\ngroup validators 3 v1 v2 v3 v4\n\
         group outside any w1\ngroup both all validators outside\nquorum both\n",
        own_log_key(),
        witness_key()
    );
    let case = |what: &str, policy: &str, checkpoint: &SignedCheckpoint| {
        let read = Policy::parse(policy.as_bytes()).expect(what);
        let verdict = read.verify(checkpoint).unwrap();
        PolicyCase {
            what: what.into(),
            policy: policy.into(),
            printed: read.to_string(),
            checkpoint: checkpoint.to_string(),
            logs: verdict.logs.len(),
            witnesses: verdict.witnesses.iter().map(|witness| witness.name.clone()).collect(),
            quorum: verdict.quorum,
        }
    };
    let mut witnessed = checkpoint(&hashes, 11, &[1, 2, 3]);
    let cosignature = Cosignature::sign(&secret(0x29), TIME, witnessed.note().text());
    witnessed.add(cosignature.line(&witness_key()).unwrap()).unwrap();
    let cases = vec![
        case("three of four", &three, &checkpoint(&hashes, 11, &[1, 2, 4])),
        case("two of four", &three, &checkpoint(&hashes, 11, &[1, 2])),
        case("comments, white space, no quorum", &loose, &checkpoint(&hashes, 11, &[])),
        case("three of four and the outside witness", &nested, &witnessed),
        case("three of four without the outside witness", &nested, &checkpoint(&hashes, 11, &[1, 2, 3])),
    ];
    let refused = refused(
        &[
            ("no quorum", changed(&three, "quorum validators\n", "")),
            ("two quorums", format!("{three}quorum none\n")),
            ("a quorum that is not defined", changed(&three, "quorum validators", "quorum others")),
            ("a group before its members", changed(&three, "log", "group early 1 v1\nlog")),
            ("a threshold of 0", changed(&three, "validators 3", "validators 0")),
            ("a threshold above the members", changed(&three, "validators 3", "validators 5")),
            ("a leading zero in the threshold", changed(&three, "validators 3", "validators 03")),
            ("a member twice", changed(&three, "v1 v2", "v1 v1")),
            ("a member of two groups", changed(&three, "quorum", "group more any v1\nquorum")),
            ("a name twice", changed(&three, "witness v2", "witness v1")),
            ("a key twice", format!("witness again {}\n{three}", validator(1))),
            (
                "a witness with a log's key",
                changed(&three, "witness v1", &format!("witness v0 {}\nwitness v1", own_log_key())),
            ),
            ("a key that is none", changed(&three, "log tongda", "log tangda")),
            ("a line of another kind", format!("{three}witnesses 3\n")),
            ("a carriage return", three.replace('\n', "\r\n")),
            ("no line feed at the end", three.trim_end().into()),
        ],
        |text| Policy::parse(text.as_bytes()),
    );
    (cases, refused)
}

pub(crate) fn submissions() -> (Vec<SubmissionCase>, Vec<Refused>) {
    let hashes = log(11, 11);
    let submission = |old: u64| {
        let proof = ConsistencyProof::prove(&hashes, old, 11).unwrap();
        Submission { old, proof, checkpoint: checkpoint(&hashes, 11, &[1]) }
    };
    let root = |size| if size == 0 { empty_root() } else { hashes.root(size).unwrap() };
    let case = |what: &str, submission: &Submission, old_root: Hash| {
        let body = submission.to_string();
        assert_eq!(&Submission::parse(body.as_bytes()).unwrap(), submission);
        let error = submission.continues(&old_root).err().map(|error| name_of(&error));
        SubmissionCase { what: what.into(), body, old_root, error }
    };
    let mut from_nothing = submission(6);
    from_nothing.old = 0;
    let mut empty = submission(0);
    empty.checkpoint = signed(&Checkpoint { origin: origin(&NETWORK), size: 0, root: Hash([1; 32]) }, &[]);
    let cases = vec![
        case("the first one", &submission(0), root(0)),
        case("from 6 to 11", &submission(6), root(6)),
        case("from 8, a complete tree, to 11", &submission(8), root(8)),
        case("the same size again", &submission(11), root(11)),
        case("a tree that was another at 6", &submission(6), log(6, 5).root(6).unwrap()),
        case("the same size and another root", &submission(11), log(11, 5).root(11).unwrap()),
        case("a proof from nothing", &from_nothing, root(0)),
        case("a tree without leaves and with a root", &empty, root(0)),
    ];
    let good = submission(6).to_string();
    let hash = good.lines().nth(1).unwrap();
    let refused = refused(
        &[
            ("no old size", changed(&good, "old 6\n", "")),
            ("a leading zero", changed(&good, "old 6", "old 06")),
            ("two spaces", changed(&good, "old 6", "old  6")),
            ("an old size above the new", changed(&good, "old 6", "old 12")),
            ("a hash that is cut off", changed(&good, hash, &hash[4..])),
            ("64 hashes", changed(&good, hash, &[hash; 64].join("\n"))),
            ("no empty line", changed(&good, "\n\ntongda/", "\ntongda/")),
            ("no checkpoint", good.split("\n\n").next().unwrap().to_owned() + "\n\n"),
        ],
        |text| Submission::parse(text.as_bytes()),
    );
    (cases, refused)
}
