//! A snapshot proves itself to whoever has the genesis, and a wrong one is refused for what is wrong with it: every case
//! of `tests/vectors/snapshot.json`, good and bad, and what hostile bytes can try.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod crafted_chain;
mod samples;

use crafted_chain::{NETWORK, nodes, proof_in, time};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use tongda_ledger::block::{SEAL_VERSION, SUITE_SHA256, Seal};
use tongda_ledger::codec::encode;
use tongda_ledger::epoch::{EpochLink, Epochs};
use tongda_ledger::hash::{Domain, Hash};
use tongda_ledger::identifier::Timestamp;
use tongda_ledger::snapshot::{CHUNK, Header, Piece, Reader, SnapshotError, Trust, Verified, Writer};
use tongda_ledger::state::{Nodes, StateKey, Stored as _, Unit, UsedChunk, UsedTail};
use tongda_ledger::tree::{Frontier, Map, MapProof, leaf_hash, value_hash};
use tongda_ledger::vote::{CommitCertificate, NetworkId, ValidatorSet};

fn set(seeds: &[u8]) -> ValidatorSet {
    nodes(seeds).validators().unwrap()
}

fn certificate(seeds: &[u8], seal: &Seal) -> CommitCertificate {
    crafted_chain::certificate(NETWORK, seeds, seal, 1)
}

fn log_of(leaves: u64) -> Frontier {
    let mut log = Frontier::new();
    (0..leaves).for_each(|leaf| log.append(leaf_hash(&leaf.to_le_bytes())));
    log
}

type Values = Vec<(StateKey, Vec<u8>)>;

/// So many made values, ascending by key hash.
fn values_of(count: u64) -> Values {
    let mut values: Values = (1..count)
        .map(|number| (StateKey::of::<UsedChunk>(&(number, 0)), number.to_le_bytes().repeat(4)))
        .collect();
    values.push((StateKey::of::<UsedTail>(&Unit), vec![7; 13]));
    values.sort_by_key(|(key, _)| key.hash());
    values
}

fn root_of(values: &Values) -> Hash {
    let leaves = values.iter().map(|(key, value)| Ok::<_, Infallible>((key.hash(), value_hash(value))));
    Map::from_leaves(values.len() as u64, leaves).unwrap().root()
}

fn seal(height: u64, validators: &ValidatorSet, next: &ValidatorSet, log: &Frontier, root: Hash) -> Seal {
    Seal {
        version: SEAL_VERSION,
        network: NETWORK,
        suite: SUITE_SHA256,
        height,
        round: 0,
        time: time(height),
        proposer: validators.proposer(height, 0),
        parent: Hash([3; 32]),
        first: log.size() - 2,
        records: 2,
        due: 0,
        log_root: log.root(),
        state_root: root,
        validators: validators.hash(),
        next_validators: next.hash(),
        rule_set: 1,
        checkpoint: time(height),
        extension: Hash::ZERO,
    }
}

/// The block of height 5, behind which these vote: its seal, the nodes, the proof that its state has them.
fn changed(old: &ValidatorSet, seeds: &[u8]) -> (Seal, Nodes, MapProof) {
    let nodes = nodes(seeds);
    let mut state: std::collections::BTreeMap<_, _> = values_of(3).into_iter().collect();
    state.insert(EpochLink::key(), nodes.to_bytes().unwrap());
    let mut ascending: Values = state.clone().into_iter().collect();
    ascending.sort_by_key(|(key, _)| key.hash());
    let seal = seal(5, old, &nodes.validators().unwrap(), &log_of(40), root_of(&ascending));
    (seal, nodes, proof_in(&state, &EpochLink::key()))
}

/// What a snapshot is made of.
#[derive(Clone)]
struct Made {
    header: Header,
    epochs: Vec<EpochLink>,
    values: Values,
}

impl Made {
    /// Validators 1 to 4 until height 5, then 5 in the place of 1; at height 9 a state of so many values.
    fn of(values: Values) -> Self {
        let (old, new) = (set(&[1, 2, 3, 4]), set(&[2, 3, 4, 5]));
        let (change, behind, proof) = changed(&old, &[2, 3, 4, 5]);
        let last = seal(9, &new, &new, &log_of(77), root_of(&values));
        let header = Header {
            network: NETWORK,
            certificate: certificate(&[2, 4, 5], &last),
            seal: last,
            log: log_of(77),
            values: values.len() as u64,
        };
        let epoch =
            EpochLink { certificate: certificate(&[1, 2, 3], &change), seal: change, nodes: behind, proof };
        Self { header, epochs: vec![epoch], values }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut writer = Writer::new(&self.header, &mut out);
        self.epochs.iter().for_each(|epoch| writer.epoch(epoch, &mut out));
        self.values.iter().for_each(|(key, value)| writer.value(key, value, &mut out));
        let digest = writer.end(&mut out);
        assert!(out.ends_with(digest.as_bytes()));
        out
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut made = self.clone();
        change(&mut made);
        made.bytes()
    }

    /// With another seal, signed by those who signed this one.
    fn sealed(&self, change: impl FnOnce(&mut Seal)) -> Vec<u8> {
        self.with(|made| {
            change(&mut made.header.seal);
            made.header.certificate = certificate(&[2, 4, 5], &made.header.seal);
        })
    }
}

/// A file of these frames, as the page of the book says, without the writer.
fn frames(frames: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"TDSNAPSH\x02\0\0\0".to_vec();
    let mut digest = Hash::of(Domain::SNAPSHOT, &[&bytes]);
    for (kind, body) in frames {
        let length = u32::try_from(body.len()).unwrap().to_le_bytes();
        digest = Hash::of(Domain::SNAPSHOT, &[digest.as_bytes(), &[*kind], &length, body]);
        bytes.extend([&[*kind][..], &length, body, digest.as_bytes()].concat());
    }
    bytes
}

fn trust() -> Trust {
    Trust { start: time(0), epochs: Epochs::new(NETWORK, &nodes(&[1, 2, 3, 4])).unwrap() }
}

/// Reads in portions of so many bytes.
fn read(bytes: &[u8], portion: usize) -> Result<(Verified, Values), SnapshotError> {
    let (mut reader, mut values) = (Reader::new(trust()), Values::new());
    for portion in bytes.chunks(portion) {
        reader.push(portion, |piece| {
            if let Piece::Value { key, hash, value } = piece {
                assert_eq!(hash, key.hash());
                values.push((key, value.to_vec()));
            }
            Ok::<_, SnapshotError>(())
        })?;
    }
    Ok((reader.finish()?, values))
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Vectors {
    about: String,
    network: NetworkId,
    start: Timestamp,
    nodes: Nodes,
    header: VectorHeader,
    epochs: Vec<VectorEpoch>,
    /// Key and value.
    values: Vec<(String, String)>,
    bytes: String,
    digest: Hash,
    log_size_behind: u64,
    log_root_behind: Hash,
    refused: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct VectorHeader {
    seal: Seal,
    certificate: CommitCertificate,
    log_size: u64,
    log_peaks: Vec<Hash>,
    values: u64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct VectorEpoch {
    seal: Seal,
    certificate: CommitCertificate,
    nodes: Nodes,
    proof: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Refused {
    what: String,
    bytes: String,
    error: String,
}

fn refused() -> Vec<Refused> {
    let made = Made::of(values_of(4));
    let good = made.bytes();
    let header = encode(&made.header);
    let epoch = encode(&made.epochs[0]);
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let short = |mut bytes: Vec<u8>| {
        bytes.pop();
        bytes
    };
    let values = good.len() - 37 - 60;
    let unsigned = |made: &mut Made| {
        made.header.certificate = certificate(&[2, 5], &made.header.seal);
    };
    let foreign = |made: &mut Made| {
        made.header.certificate = certificate(&[1, 2, 4], &made.header.seal);
    };
    let cases = [
        ("another magic", flipped(0)),
        ("version 3", flipped(8)),
        ("a flipped bit in the header", flipped(100)),
        ("a flipped bit in a value", flipped(values)),
        ("a flipped bit in the digest of the whole", flipped(good.len() - 1)),
        ("the last byte missing", short(good.clone())),
        ("a byte behind the end", [&good[..], &[0]].concat()),
        ("nothing", Vec::new()),
        ("a frame of kind 5", frames(&[(5, Vec::new())])),
        ("a body of 262,145 bytes", [&good[..12], &[3, 1, 0, 4, 0]].concat()),
        ("no header", frames(&[(2, epoch.clone())])),
        ("two headers", frames(&[(1, header.clone()), (1, header.clone())])),
        ("an end with a body", frames(&[(1, header.clone()), (2, epoch.clone()), (4, vec![0])])),
        ("a header with a byte left over", frames(&[(1, [&header[..], &[0]].concat())])),
        ("a value that is cut short", frames(&[(1, header.clone()), (2, epoch), (3, vec![2, 23, 0, 9, 0])])),
        ("another network", made.with(|made| made.header.network = NetworkId(Hash([8; 32])))),
        ("a precommit missing", made.with(unsigned)),
        ("a precommit of a validator of an earlier epoch", made.with(foreign)),
        ("the epoch missing", made.with(|made| made.epochs.clear())),
        ("the epoch twice", made.with(|made| made.epochs.push(made.epochs[0].clone()))),
        ("an epoch with other nodes", made.with(|made| made.epochs[0].nodes = nodes(&[2, 3, 4, 6]))),
        (
            "an epoch signed by too few",
            made.with(|made| made.epochs[0].certificate = certificate(&[1, 2], &made.epochs[0].seal)),
        ),
        ("a log of another size", made.with(|made| made.header.log = log_of(76))),
        (
            "another log of the same size",
            made.with(|made| {
                made.header.log = {
                    let mut log = log_of(76);
                    log.append(Hash([1; 32]));
                    log
                }
            }),
        ),
        ("a seal made after it was decided", made.sealed(|seal| seal.round = 2)),
        ("a seal of version 2", made.sealed(|seal| seal.version = 2)),
        ("a value changed", made.with(|made| made.values[1].1[0] ^= 1)),
        ("a value missing", made.with(|made| drop(made.values.remove(2)))),
        ("a value twice", made.with(|made| made.values.insert(1, made.values[1].clone()))),
        ("values out of order", made.with(|made| made.values.swap(0, 1))),
    ];
    let refused = cases.into_iter().map(|(what, bytes)| Refused {
        what: what.into(),
        error: read(&bytes, bytes.len().max(1)).expect_err(what).to_string(),
        bytes: hex::encode(bytes),
    });
    refused.collect()
}

#[test]
fn the_golden_snapshot_is_written_read_and_proven_and_every_bad_one_is_refused_by_name() {
    let made = Made::of(values_of(4));
    let bytes = made.bytes();
    let (verified, values) = read(&bytes, 7).unwrap();
    assert_eq!((&values, &verified.header), (&made.values, &made.header));
    let Header { seal, certificate, log, values, .. } = made.header.clone();
    let vectors = Vectors {
        about: "A snapshot at height 9 of a network whose validators changed at height 5; what its bytes are, and the \
                log it leads to; files that must be refused, with the reason in words. The digests of a refused file \
                are right where the reason is another. Bytes are hexadecimal."
            .into(),
        network: NETWORK,
        start: time(0),
        nodes: nodes(&[1, 2, 3, 4]),
        header: VectorHeader {
            seal,
            certificate,
            log_size: log.size(),
            log_peaks: log.peaks().to_vec(),
            values,
        },
        epochs: made
            .epochs
            .iter()
            .map(|epoch| VectorEpoch {
                seal: epoch.seal.clone(),
                certificate: epoch.certificate.clone(),
                nodes: epoch.nodes.clone(),
                proof: hex::encode(encode(&epoch.proof)),
            })
            .collect(),
        values: made
            .values
            .iter()
            .map(|(key, value)| (hex::encode(key.bytes()), hex::encode(value)))
            .collect(),
        digest: verified.digest,
        log_size_behind: verified.tip.log.size(),
        log_root_behind: verified.tip.log.root(),
        bytes: hex::encode(&bytes),
        refused: refused(),
    };
    if samples::writing() {
        let text = serde_json::to_string_pretty(&vectors).unwrap() + "\n";
        std::fs::write(samples::path("snapshot.json"), text).unwrap();
    }
    let kept: Vectors = serde_json::from_value(samples::read("snapshot.json")).unwrap();
    assert!(kept == vectors, "snapshot.json differs from what is made now");
    for refused in &kept.refused {
        let bytes = hex::decode(&refused.bytes).unwrap();
        for portion in [1, 40, bytes.len().max(1)] {
            let error = read(&bytes, portion).expect_err(&refused.what);
            assert_eq!(error.to_string(), refused.error, "{}", refused.what);
        }
    }
}

#[test]
fn the_frames_of_the_writer_are_those_of_the_page() {
    let made = Made::of(values_of(3));
    let values = made.values.iter().flat_map(|(key, value)| {
        let (key, length) = (key.bytes(), u16::try_from(value.len()).unwrap().to_le_bytes());
        [&[u8::try_from(key.len()).unwrap()], &key[..], &length, value].concat()
    });
    let bodies =
        [(1, encode(&made.header)), (2, encode(&made.epochs[0])), (3, values.collect()), (4, Vec::new())];
    assert_eq!(made.bytes(), frames(&bodies));
}

#[test]
fn a_snapshot_of_many_frames_is_read_in_portions_of_any_size_and_holds_one_at_a_time() {
    let made = Made::of(values_of(6_000));
    let bytes = made.bytes();
    assert!(bytes.len() > 4 * CHUNK);
    for portion in [1000, 65_536, 1 << 20] {
        let (verified, values) = read(&bytes, portion).unwrap();
        assert_eq!(values, made.values);
        assert_eq!(verified.tip.log.size(), 78);
        assert_eq!(verified.tip.seal, Some(made.header.seal.clone()));
    }
}

#[test]
fn a_snapshot_that_was_cut_says_so_wherever_it_was_cut() {
    let bytes = Made::of(values_of(3)).bytes();
    for length in 0..bytes.len() {
        assert_eq!(
            read(&bytes[..length], 64).map(|_| ()),
            Err(SnapshotError::Cut { offset: length as u64 }),
            "cut at {length}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// No byte can be changed unnoticed, and none brings the reader down.
    #[test]
    fn every_changed_byte_is_noticed(place in any::<prop::sample::Index>(), bits in 1..=255_u8) {
        let mut bytes = Made::of(values_of(3)).bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= bits;
        prop_assert!(read(&bytes, 64).is_err(), "byte {place}");
    }

    /// Whatever stands in frames whose digests are right, the reader answers with an error.
    #[test]
    fn hostile_bodies_are_refused(
        kinds in prop::collection::vec((1..=4_u8, prop::collection::vec(any::<u8>(), 0..200)), 0..6),
        behind in any::<bool>(),
    ) {
        let made = Made::of(values_of(3));
        let mut all = vec![(1, encode(&made.header)), (2, encode(&made.epochs[0]))];
        if !behind {
            all.clear();
        }
        all.extend(kinds);
        prop_assert!(read(&frames(&all), 64).is_err());
    }

    /// The root that is computed while leaves come by is the map's.
    #[test]
    fn the_streamed_root_is_the_maps(
        mut keys in prop::collection::btree_set(prop::array::uniform3(0..4_u8), 0..40),
        tail in any::<u8>(),
    ) {
        // Keys that share many bits, at the beginning, in the middle and at the end.
        keys.insert([0, 0, 0]);
        let leaves: std::collections::BTreeMap<_, _> = keys
            .into_iter()
            .map(|[first, middle, last]| {
                let mut key = Hash([tail; 32]);
                (key.0[0], key.0[15], key.0[31]) = (first << 6, middle << 3, last);
                (key, Hash([first ^ last; 32]))
            })
            .collect();
        let mut stream = tongda_ledger::tree::MapStream::new();
        for (key, value) in &leaves {
            prop_assert!(stream.push(*key, *value));
        }
        prop_assert_eq!(stream.count(), leaves.len() as u64);
        let count = leaves.len() as u64;
        let map = Map::from_leaves(count, leaves.into_iter().map(Ok::<_, Infallible>)).unwrap();
        prop_assert_eq!(stream.root(), map.root());
    }
}

#[test]
fn a_map_without_leaves_has_the_empty_root_and_a_key_out_of_order_is_not_taken() {
    let mut stream = tongda_ledger::tree::MapStream::new();
    assert_eq!(stream.clone().root(), Hash::ZERO);
    assert!(stream.push(Hash([2; 32]), Hash([1; 32])));
    assert!(!stream.push(Hash([2; 32]), Hash([1; 32])));
    assert!(!stream.push(Hash([1; 32]), Hash([1; 32])));
    assert_eq!(stream.count(), 1);
}
