//! What a certificate proves, what it does not, and that whatever is wrong with one is named for what it is.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod certified;
mod crafted_chain;
mod samples;

use certified::{
    COSIGNED, certificate, chain, check, failures, forged, founded, good, key_of, malformed, noise, with,
    witness, witnessed,
};
use crafted_chain::{Chain, NETWORK, cosign, key, nodes};
use proptest::prelude::*;
use serde_json::Value;
use tongda_ledger::certificate::{
    Asked, Certificate, CertificateError, Failure, Outcome, Proven, Statement, Subject, json,
};
use tongda_ledger::codec::encode;
use tongda_ledger::epoch::{EpochLink, Epochs, PlacedCosignature, Signers};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::PledgeId;
use tongda_ledger::state::{PatentStatus, StateKey, Stored as _};
use tongda_ledger::tree::{InclusionProof, MapProof, NoteAlgorithm, NoteKey, Slot, leaf_hash, node_hash};

#[test]
fn each_forgery_is_told_apart_from_the_others() {
    let named: std::collections::BTreeMap<_, _> = forged().into_iter().collect();
    let first = |what: &str| {
        let report = check(&named[what]);
        let (subject, failure) = report.failures().next().unwrap();
        (subject.clone(), failure.clone())
    };
    assert!(matches!(first("one signature short"), (Subject::Quorum, Failure::Short { power: 2, total: 4 })));
    assert!(matches!(
        first("a bit of a signature flipped"),
        (Subject::Cosignature { .. }, Failure::Forged { .. })
    ));
    assert!(matches!(first("another network"), (Subject::Network, Failure::Network { .. })));
    assert!(matches!(
        first("cosignatures of the epoch before"),
        (Subject::Cosignature { .. }, Failure::OtherEpoch { epoch: 0, .. })
    ));
    assert!(matches!(
        first("the links left out"),
        (Subject::Epoch, Failure::MixedEpoch { height: 3, epoch: 0 })
    ));
    assert!(matches!(first("an absence of what is present"), (Subject::Value, Failure::Present)));
    assert!(matches!(first("a value of what is absent"), (Subject::Value, Failure::Absent)));
    assert!(matches!(
        first("an old seal under a new checkpoint"),
        (Subject::LastLeaf, Failure::NotLast { .. })
    ));
    assert!(matches!(
        first("the same with a size that fits the seal"),
        (Subject::Inclusion, Failure::Inclusion(_))
    ));
    let decode = |bytes: &[u8]| Certificate::decode(bytes).unwrap_err();
    let wrong: std::collections::BTreeMap<_, _> = malformed().into_iter().collect();
    assert!(matches!(decode(&wrong["the last byte missing"]), CertificateError::Cut { .. }));
    assert!(matches!(decode(&wrong["a byte behind the end"]), CertificateError::Trailing { .. }));
    assert!(matches!(decode(&wrong["64 KB of noise"]), CertificateError::NoCertificate));
    // A link that is wrong does not hide what else can be said.
    let report = check(&named["a link of another chain"]);
    assert!(
        report.checks.iter().any(|check| check.what == Subject::Value && check.outcome == Outcome::Holds)
    );
}

#[test]
fn a_checkpoint_that_is_too_old_or_lacks_a_witness_is_refused_only_where_that_is_asked() {
    let status = certificate(&chain(), key_of(&chain(), PatentStatus::TAG));
    let age = |now: u64, limit: u64| {
        let asked = Asked { age: Some((now, limit)), ..Asked::default() };
        failures(&status.verify(&founded(), &asked))
    };
    // A quorum stood from the first of the three cosignatures on.
    assert_eq!(check(&status).as_of.unwrap().quorum.unwrap().time, COSIGNED);
    assert_eq!(age(COSIGNED + 60, 60), Vec::<String>::new());
    assert!(age(COSIGNED + 61, 60)[0].contains("TOO OLD"));
    assert_eq!(age(COSIGNED - 60, 60), Vec::<String>::new());
    assert!(age(COSIGNED - 61, 60)[0].contains("FROM THE FUTURE"));
    let asked = Asked { witnesses: vec![witness()], witnesses_needed: 1, ..Asked::default() };
    assert!(failures(&status.verify(&founded(), &asked))[0].contains("TOO FEW WITNESSES: 0"));
    let report = witnessed(&status).verify(&founded(), &asked);
    assert!(report.holds);
    assert_eq!(report.rests_on.unwrap().witnesses, ["witness.example.com/w1"]);
    // One key under two names counts once.
    let other =
        NoteKey::new("other.example.com".parse().unwrap(), NoteAlgorithm::Cosignature, &key(77).public());
    let two = Asked { witnesses: vec![witness(), other.unwrap()], witnesses_needed: 2, ..Asked::default() };
    assert!(failures(&witnessed(&status).verify(&founded(), &two))[0].contains("TOO FEW WITNESSES: 1"));
    let forged = with(&witnessed(&status), |statement| statement.witnesses[0].cosignature.signature[0] ^= 1);
    assert!(failures(&forged.verify(&founded(), &asked))[0].contains("FORGED WITNESS"));
    assert!(check(&forged).holds, "nobody asked for the witness");
}

#[test]
fn it_says_what_it_rests_on() {
    let status = certificate(&chain(), key_of(&chain(), PatentStatus::TAG));
    let rests_on = check(&status).rests_on.unwrap();
    assert_eq!((rests_on.network, rests_on.epoch, rests_on.links), (NETWORK, 1, 1));
    assert_eq!(rests_on.cosigners.len(), 3);
    // Whoever knows the epochs needs no link.
    let known = chain().epochs();
    let paper = status.for_paper(known.current());
    assert!(paper.verify(&known, &Asked::default()).holds);
    assert_eq!(paper.verify(&known, &Asked::default()).rests_on.unwrap().links, 0);
}

#[test]
fn a_json_form_that_shows_another_meaning_than_its_bytes_is_refused() {
    let status = certificate(&chain(), key_of(&chain(), PatentStatus::TAG));
    let form = json::form(&status);
    assert_eq!(form["value"]["number"], "202110483351.2");
    assert_eq!(json::read(form.to_string().as_bytes()).unwrap(), status);
    let refused = |change: fn(&mut Value)| {
        let mut form = form.clone();
        change(&mut form);
        json::read(form.to_string().as_bytes()).unwrap_err()
    };
    let shown = |field: &str| CertificateError::Shown(format!("`{field}`"));
    assert_eq!(refused(|form| form["value"]["pledge"] = "G-40-7".into()), shown("value"));
    assert_eq!(refused(|form| form["as_of"]["height"] = 4.into()), shown("as_of"));
    assert_eq!(refused(|form| form["note"] = "and nobody else owns it".into()), shown("note"));
    assert_eq!(refused(|form| drop(form.as_object_mut().unwrap().remove("network"))), shown("network"));
    assert!(matches!(refused(|form| form["bytes"] = "00".into()), CertificateError::NoCertificate));
    assert!(matches!(refused(|form| form["format"] = "x".into()), CertificateError::Json(_)));
    assert!(matches!(json::read(b"[1]"), Err(CertificateError::Json(_))));
    assert!(matches!(json::read(&noise(4)), Err(CertificateError::Json(_))));
}

/// The widest status of a patent.
fn widest() -> Vec<u8> {
    let chain = chain();
    let bytes = &chain.values[&key_of(&chain, PatentStatus::TAG)];
    let status = PatentStatus::from_bytes(&key_of(&chain, PatentStatus::TAG), bytes).unwrap();
    let mut form = serde_json::to_value(&status).unwrap();
    let frozen = serde_json::json!({"record": "R-40-S", "until": "2027-01-01"});
    for (field, value) in [
        ("annuity_due", "2027-01-01".into()),
        ("invalidation", "R-40-S".into()),
        ("preservation", frozen.clone()),
        ("suspension", frozen),
        ("declaration", Value::String(tongda_ledger::identifier::DeclarationId::new(9, 0).to_string())),
        ("exclusive_latest", tongda_ledger::identifier::LicenceId::new(9, 0).to_string().into()),
        ("sole_latest", tongda_ledger::identifier::LicenceId::new(9, 0).to_string().into()),
        ("pledge", PledgeId::new(9, 0).to_string().into()),
        ("open_source", tongda_ledger::identifier::OpenSourceId::new(9, 0).to_string().into()),
    ] {
        form[field] = value;
    }
    let status: PatentStatus = serde_json::from_value(form).unwrap();
    status.to_bytes().unwrap()
}

/// A map proof of so many siblings, none of them empty, for this value; and the root it leads to.
fn deep(key: &StateKey, value: &[u8], depth: u8) -> (MapProof, Hash) {
    let siblings: Vec<_> = (0..depth).map(|at| Hash::plain(&[b"sibling", &[at]])).collect();
    let hash = key.hash();
    let leaf = Hash::of(
        tongda_ledger::hash::Domain::MAP_LEAF,
        &[hash.as_bytes(), tongda_ledger::tree::value_hash(value).as_bytes()],
    );
    let root = siblings.iter().enumerate().rev().fold(leaf, |below, (at, sibling)| {
        let right = hash.0[at / 8] >> (7 - at % 8) & 1 == 1;
        let (left, right) = if right { (sibling, &below) } else { (&below, sibling) };
        Hash::of(tongda_ledger::hash::Domain::MAP_NODE, &[left.as_bytes(), right.as_bytes()])
    });
    (MapProof::new(siblings, Slot::Present).unwrap(), root)
}

#[test]
fn a_patents_certificate_among_a_million_with_five_of_seven_fits_one_code_on_paper() {
    let seven = nodes(&[1, 2, 3, 4, 5, 6, 7]);
    let mut chain = Chain::new(NETWORK, &[1, 2, 3, 4, 5, 6, 7]);
    chain.block(&[b"one".to_vec()], |_| {});
    let key = key_of(&self::chain(), PatentStatus::TAG);
    let value = widest();
    assert_eq!(value.len(), PatentStatus::LONGEST);
    let mut lengths = Vec::new();
    // About what a map of a million keys has, and far more; an index with few bits set, and with all of them.
    for (depth, index) in [(21, 1_000_000_u64), (24, (1 << 20) - 1)] {
        let (proof, state_root) = deep(&key, &value, depth);
        let hashes: Vec<_> = (0..index.count_ones()).map(|at| leaf_hash(&at.to_le_bytes())).collect();
        let mut seal = chain.tip().clone();
        (seal.first, seal.records, seal.state_root) = (index - 1, 1, state_root);
        let root = hashes.iter().fold(seal.hash(), |below, peak| node_hash(peak, &below));
        let inclusion = InclusionProof { hashes: hashes.try_into().unwrap() };
        let mut statement = Statement {
            proven: Proven { key, value: Some(value.clone()), proof },
            seal,
            size: index + 1,
            root,
            inclusion,
            cosignatures: Vec::new(),
            witnesses: Vec::new(),
            details: Vec::new(),
        };
        let signers = Signers::of(&seven).unwrap();
        let all = [101, 102, 103, 104, 105, 106, 107].map(|seed| (seed, COSIGNED));
        statement.cosignatures = cosign(&signers, &statement.checkpoint(), &all);
        let paper = Certificate { statement, epochs: Vec::new(), history: Vec::new() }.for_paper(&signers);
        assert_eq!(paper.statement.cosignatures.len(), 5);
        let known = Epochs::new(NETWORK, &seven).unwrap();
        let (read, report) = Certificate::verify_bytes(&paper.bytes(), &known, &Asked::default());
        assert!(report.holds, "{:?}", failures(&report));
        assert_eq!(read, Some(paper.clone()));
        lengths.push(paper.bytes().len());
    }
    println!("bytes: {lengths:?}");
    assert!(lengths.iter().all(|length| *length <= 2_260), "{lengths:?}");
}

/// Whether one certificate is the other but for the key, of which both say that it stands for nothing; and it does.
fn is_other_absence(certificate: &Certificate, read: &Certificate) -> bool {
    let key = certificate.statement.proven.key;
    let is_same = with(read, |statement| statement.proven.key = key) == *certificate;
    is_same
        && read.statement.proven.value.is_none()
        && !chain().values.contains_key(&read.statement.proven.key)
}

#[test]
fn every_changed_byte_of_a_certificate_is_noticed() {
    let known = chain().epochs();
    for (what, certificate) in good().into_iter().take(7).step_by(3) {
        let certificate = certificate.for_paper(known.current());
        let paper = certificate.bytes();
        for place in (0..paper.len()).step_by(2) {
            let mut bytes = paper.clone();
            bytes[place] ^= 1 << (place % 8);
            let (read, report) = Certificate::verify_bytes(&bytes, &known, &Asked::default());
            // The way of another key may end at the same empty place: then it says of that key what is so.
            let is_true = |read: Certificate| is_other_absence(&certificate, &read);
            assert!(!report.holds || read.is_some_and(is_true), "{what}, byte {place}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// With everything in it, a changed byte is noticed or says nothing: lines of witnesses that nobody asked for.
    #[test]
    fn no_changed_byte_gives_another_meaning(
        case in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        bits in 1..=255_u8,
    ) {
        let good = good();
        let (what, certificate) = &good[case.index(good.len())];
        let mut bytes = certificate.bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= bits;
        let (read, report) = Certificate::verify_bytes(&bytes, &founded(), &Asked::default());
        if report.holds {
            let read = read.unwrap();
            let unwitnessed = |certificate: &Certificate| {
                with(certificate, |statement| statement.witnesses.clear())
            };
            let of_a_witness =
                !certificate.statement.witnesses.is_empty() && unwitnessed(&read) == unwitnessed(certificate);
            prop_assert!(of_a_witness || is_other_absence(certificate, &read), "{}, byte {}", what, place);
        }
    }

    /// Whatever bytes come, there is a report.
    #[test]
    fn hostile_bytes_are_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        kinds in prop::collection::vec((1..=4_u8, prop::collection::vec(any::<u8>(), 0..120)), 0..5),
    ) {
        prop_assert!(!Certificate::verify_bytes(&bytes, &founded(), &Asked::default()).1.holds);
        let mut framed = b"TDC\x01".to_vec();
        for (kind, body) in kinds {
            framed.push(kind);
            framed.extend_from_slice(&u32::try_from(body.len()).unwrap().to_le_bytes());
            framed.extend_from_slice(&body);
        }
        prop_assert!(!Certificate::verify_bytes(&framed, &founded(), &Asked::default()).1.holds);
    }
}

#[test]
fn the_layout_is_that_of_the_page() {
    let chain = chain();
    let status = certificate(&chain, key_of(&chain, PatentStatus::TAG));
    let statement = &status.statement;
    let mut body = Vec::new();
    let key = statement.proven.key.bytes();
    let value = statement.proven.value.as_deref().unwrap();
    body.extend(u16::try_from(key.len()).unwrap().to_le_bytes());
    body.extend(&key);
    body.push(1);
    body.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
    body.extend(value);
    body.extend(encode(&statement.proven.proof));
    // The seal as it is in the log, but for what may be left out: 0 in place of the same validators, time and zero.
    let seal = statement.seal.bytes();
    body.extend(&seal[..216]);
    body.push(0);
    body.extend(&seal[248..250]);
    body.extend([0, 0]);
    body.extend(statement.size.to_le_bytes());
    body.extend(statement.root.as_bytes());
    body.extend(encode(&statement.inclusion));
    body.extend(3_u16.to_le_bytes());
    for PlacedCosignature { signer, cosignature } in &statement.cosignatures {
        body.push(*signer);
        body.extend(cosignature.time.to_be_bytes());
        body.extend(cosignature.signature);
    }
    body.extend([0, 0, 0, 0]);
    let link: &EpochLink = &status.epochs[0];
    let frames = [(1_u8, body), (2, link.bytes())];
    let mut bytes = b"TDC\x01".to_vec();
    for (kind, body) in frames {
        bytes.push(kind);
        bytes.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
        bytes.extend(body);
    }
    assert_eq!(hex::encode(status.bytes()), hex::encode(bytes));
}
