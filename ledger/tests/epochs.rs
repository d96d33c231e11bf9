//! The chain of those who decide and cosign: what continues it, and what is refused for what it is. Every case of
//! `tests/vectors/epochs.json`, good and bad.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod crafted_chain;
mod samples;

use crafted_chain::{Chain, NETWORK, certificate, cosign, key, node, nodes, nodes_of};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use tongda_ledger::codec::encode;
use tongda_ledger::epoch::{
    EpochError, EpochLink, Epochs, PlacedCosignature, Quorum, QuorumError, Signers, SignersError,
};
use tongda_ledger::hash::Hash;
use tongda_ledger::state::Nodes;
use tongda_ledger::tree::{Checkpoint, SignedCheckpoint};
use tongda_ledger::vote::NetworkId;

/// Validators 1 to 4; at height 2 another node only; at 3 number 5 in the place of 1; at 5 other cosigning keys of 2,
/// and nothing else; at 6 other powers.
fn chain() -> Chain {
    let mut chain = Chain::new(NETWORK, &[1, 2, 3, 4]);
    chain.block(&[b"one".to_vec()], |_| {});
    let observed = [1, 2, 3, 4].map(|vote| node(vote, vote + 100, 1)).into_iter().chain([node(9, 109, 0)]);
    chain.change_nodes(&nodes_of(observed.collect()));
    chain.change_nodes(&nodes(&[2, 3, 4, 5]));
    chain.block(&[], |_| {});
    let rekeyed = vec![node(2, 150, 1), node(3, 103, 1), node(4, 104, 1), node(5, 105, 1)];
    chain.change_nodes(&nodes_of(rekeyed.clone()));
    let mut weighed = rekeyed;
    weighed[0].power = 3;
    chain.change_nodes(&nodes_of(weighed));
    chain.block(&[b"seven".to_vec()], |_| {});
    chain
}

#[test]
fn signers_are_the_validators_of_the_nodes_and_observers_are_none() {
    let observed = nodes_of(vec![node(1, 101, 2), node(2, 102, 1), node(3, 103, 0)]);
    let signers = Signers::of(&observed).unwrap();
    assert_eq!(*signers.validators(), observed.validators().unwrap());
    assert_eq!((signers.signers().len(), signers.power()), (2, 3));
    assert!(signers.signers().windows(2).all(|pair| pair[0].address < pair[1].address));
    for (place, signer) in (0..).zip(signers.signers()) {
        assert_eq!(signers.place(&signer.address), Some(place));
        assert_eq!(signers.get(place), Some(signer));
    }
    assert_eq!(signers.get(2), None);
    let shared = nodes_of(vec![node(1, 101, 1), node(2, 101, 1)]);
    assert_eq!(Signers::of(&shared), Err(SignersError::Duplicate(key(101).public())));
    assert!(matches!(Signers::of(&Nodes::default()), Err(SignersError::Validators(_))));
    let names = signers.note_keys(&NETWORK);
    assert_eq!(names[0].name().as_str(), format!("tongda/{NETWORK}/{}", signers.signers()[0].address));
}

#[test]
fn a_block_that_changes_the_signers_is_decided_by_those_before_and_the_next_height_by_those_behind() {
    let chain = chain();
    assert_eq!(chain.links.iter().map(|link| link.seal.height).collect::<Vec<_>>(), [3, 5, 6]);
    let epochs = chain.epochs();
    assert_eq!((epochs.changes(), epochs.last_change()), (3, 6));
    let numbers: Vec<_> = (1..=7).map(|height| epochs.at(height).number).collect();
    assert_eq!(numbers, [0, 0, 0, 1, 1, 2, 3]);
    assert_eq!(epochs.iter().map(|epoch| epoch.from).collect::<Vec<_>>(), [1, 4, 6, 7]);
    assert_eq!(*epochs.signers_at(3), Signers::of(&nodes(&[1, 2, 3, 4])).unwrap());
    assert_eq!(epochs.signers_at(4), &Signers::of(&nodes(&[2, 3, 4, 5])).unwrap());
    assert_eq!(epochs.current(), &chain.signers());
    // Only the keys for cosigning changed: the validators' hash is the same, the signers are others.
    let [_, rekeyed, _] = chain.links.as_slice() else { panic!("three links") };
    assert_eq!(rekeyed.seal.validators, rekeyed.seal.next_validators);
    assert_ne!(epochs.signers_at(5), epochs.signers_at(6));
    // What is known is taken again, and changes nothing.
    let mut again = epochs.clone();
    chain.links.iter().for_each(|link| again.push(link).unwrap());
    assert_eq!(again, epochs);
}

/// A forger's link, who has every key: other signers behind the same block.
fn forked() -> EpochLink {
    let mut other = Chain::new(NETWORK, &[1, 2, 3, 4]);
    other.block(&[b"one".to_vec()], |_| {});
    other.block(&[], |_| {});
    other.change_nodes(&nodes(&[1, 2, 3, 4, 6]));
    other.links[0].clone()
}

fn with(link: &EpochLink, change: impl FnOnce(&mut EpochLink)) -> EpochLink {
    let mut changed = link.clone();
    change(&mut changed);
    changed
}

/// Links that do not follow on the first so many of the good ones.
fn wrong() -> Vec<(&'static str, usize, Vec<u8>)> {
    let chain = chain();
    let [first, second, third] = chain.links.as_slice() else { panic!("three links") };
    let resealed = |change: fn(&mut EpochLink)| {
        let mut link = first.clone();
        change(&mut link);
        link.certificate = certificate(NETWORK, &[1, 2, 3, 4], &link.seal, 0);
        link
    };
    let cases = [
        (
            "two of four precommits",
            0,
            with(first, |link| {
                link.certificate = certificate(NETWORK, &[1, 2], &link.seal, 0);
            }),
        ),
        (
            "a precommit of one who is none of them yet",
            0,
            with(first, |link| {
                link.certificate = certificate(NETWORK, &[2, 3, 4, 5], &link.seal, 0);
            }),
        ),
        ("a precommit over another round", 0, with(first, |link| link.certificate.round = 1)),
        ("made in a later round than it was decided in", 0, resealed(|link| link.seal.round = 1)),
        ("another network", 0, resealed(|link| link.seal.network = NetworkId(Hash([8; 32])))),
        ("a seal of version 2", 0, resealed(|link| link.seal.version = 2)),
        ("a hash suite 2", 0, resealed(|link| link.seal.suite = 2)),
        ("the seal changed behind the certificate", 0, with(first, |link| link.seal.due = 1)),
        ("other nodes", 0, with(first, |link| link.nodes = nodes(&[2, 3, 4, 6]))),
        (
            "another address of a node",
            0,
            with(first, |link| {
                link.nodes.nodes[0].api_address = "http://127.0.0.1:1".parse().unwrap();
            }),
        ),
        ("the proof of another state", 0, with(first, |link| link.proof = third.proof.clone())),
        (
            "a seal that names other next validators than the nodes are",
            0,
            resealed(|link| {
                link.seal.next_validators = link.seal.validators;
            }),
        ),
        ("the first one left out", 0, second.clone()),
        ("the first one again behind the second, with other signers", 2, forked()),
        ("a link below the last", 3, with(third, |link| link.seal.height = 4)),
    ];
    let mut cases: Vec<_> =
        cases.into_iter().map(|(what, behind, link)| (what, behind, link.bytes())).collect();
    let mut same = Chain::new(NETWORK, &[1, 2, 3, 4]);
    let observed = [1, 2, 3, 4].map(|vote| node(vote, vote + 100, 1)).into_iter().chain([node(9, 109, 0)]);
    let seal = same.change_nodes(&nodes_of(observed.collect()));
    let proof = same.proof(&EpochLink::key());
    let certificate = certificate(NETWORK, &[1, 2, 3, 4], &seal, 0);
    let unchanged = EpochLink { seal, certificate, nodes: same.nodes.clone(), proof };
    cases.push(("an observer joined, and nothing else changed", 0, unchanged.bytes()));
    cases.push(("the last byte missing", 0, first.bytes()[..first.bytes().len() - 1].to_vec()));
    cases.push(("a byte behind the end", 0, [&first.bytes()[..], &[0]].concat()));
    cases.push(("nothing", 0, Vec::new()));
    cases.push(("65,537 bytes of noise", 0, vec![0xA5; (1 << 16) + 1]));
    cases
}

/// Takes the first so many links, then these bytes.
fn refusal(behind: usize, bytes: &[u8]) -> Option<EpochError> {
    let chain = chain();
    let mut epochs = Epochs::new(NETWORK, &chain.founded).unwrap();
    chain.links[..behind].iter().for_each(|link| epochs.push(link).unwrap());
    let before = epochs.clone();
    let error = EpochLink::decode(bytes).and_then(|link| epochs.push(&link)).err()?;
    assert_eq!(epochs, before, "a link that is refused changes nothing");
    Some(error)
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Vectors {
    about: String,
    network: NetworkId,
    /// The nodes of the founding.
    founded: Nodes,
    links: Vec<VectorLink>,
    /// For heights from 1 on: the number of the epoch that decides them.
    epochs: Vec<usize>,
    quorum: VectorQuorum,
    refused: Vec<Refused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct VectorLink {
    height: u64,
    nodes: Nodes,
    /// Addresses, cosigning keys and powers of the signers behind it, in their order.
    signers: Vec<(String, String, u64)>,
    bytes: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct VectorQuorum {
    checkpoint: String,
    /// By those of the last epoch: place, time, signature.
    cosignatures: Vec<String>,
    power: u64,
    total: u64,
    time: u64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Refused {
    what: String,
    /// How many of the links are taken before it.
    behind: usize,
    bytes: String,
    error: String,
}

#[test]
fn the_golden_links_are_taken_and_every_wrong_one_is_refused_by_name() {
    let chain = chain();
    let epochs = chain.epochs();
    let checkpoint = chain.checkpoint();
    let signed = [(150, 1_764_547_300), (104, 1_764_547_290), (103, 1_764_547_295)];
    let cosignatures = cosign(&chain.signers(), &checkpoint, &signed);
    let Quorum { power, total, time } = chain.signers().check(&checkpoint, &cosignatures).unwrap();
    let vectors = Vectors {
        about: "A network whose signers change at heights 3, 5 (cosigning keys alone) and 6 (powers alone): the links, \
                the epoch that decides each height, a quorum of the last signers; and links that must be refused behind \
                so many of the good ones, with the reason in words. Bytes are hexadecimal."
            .into(),
        network: NETWORK,
        founded: chain.founded.clone(),
        links: chain
            .links
            .iter()
            .map(|link| VectorLink {
                height: link.seal.height,
                nodes: link.nodes.clone(),
                signers: Signers::of(&link.nodes)
                    .unwrap()
                    .signers()
                    .iter()
                    .map(|signer| {
                        (signer.address.to_string(), hex::encode(signer.cosign_key.bytes()), signer.power)
                    })
                    .collect(),
                bytes: hex::encode(link.bytes()),
            })
            .collect(),
        epochs: (1..=8).map(|height| epochs.at(height).number).collect(),
        quorum: VectorQuorum {
            checkpoint: checkpoint.text(),
            cosignatures: cosignatures.iter().map(|placed| hex::encode(encode(placed))).collect(),
            power,
            total,
            time,
        },
        refused: wrong()
            .into_iter()
            .map(|(what, behind, bytes)| Refused {
                what: what.into(),
                behind,
                error: refusal(behind, &bytes).unwrap_or_else(|| panic!("{what} is taken")).to_string(),
                bytes: hex::encode(bytes),
            })
            .collect(),
    };
    if samples::writing() {
        let text = serde_json::to_string_pretty(&vectors).unwrap() + "\n";
        std::fs::write(samples::path("epochs.json"), text).unwrap();
    }
    let kept: Vectors = serde_json::from_value(samples::read("epochs.json")).unwrap();
    assert!(kept == vectors, "epochs.json differs from what is made now");
    let mut epochs = Epochs::new(kept.network, &kept.founded).unwrap();
    for link in &kept.links {
        let bytes = hex::decode(&link.bytes).unwrap();
        let read = EpochLink::decode(&bytes).unwrap();
        assert_eq!((read.seal.height, &read.nodes), (link.height, &link.nodes));
        assert_eq!(read.bytes(), bytes);
        epochs.push(&read).unwrap();
    }
    for refused in &kept.refused {
        let error = refusal(refused.behind, &hex::decode(&refused.bytes).unwrap()).expect(&refused.what);
        assert_eq!(error.to_string(), refused.error, "{}", refused.what);
    }
}

#[test]
fn leaving_out_a_change_of_cosigning_keys_alone_makes_the_old_keys_count_and_nothing_else() {
    let chain = chain();
    let mut epochs = Epochs::new(NETWORK, &chain.founded).unwrap();
    epochs.push(&chain.links[0]).unwrap();
    epochs.push(&chain.links[2]).unwrap();
    assert_eq!(epochs.signers_at(6), epochs.signers_at(4), "those who had to destroy their keys");
    assert_eq!(epochs.current(), &chain.signers());
}

#[test]
fn a_quorum_is_more_than_two_thirds_of_the_power_and_its_time_is_the_latest_at_which_it_stood() {
    let weighed = nodes_of(vec![node(1, 101, 3), node(2, 102, 2), node(3, 103, 2), node(4, 104, 2)]);
    let signers = Signers::of(&weighed).unwrap();
    let checkpoint = Checkpoint { origin: "tongda/x".into(), size: 7, root: Hash([7; 32]) };
    let check = |signed: &[(u8, u64)]| signers.check(&checkpoint, &cosign(&signers, &checkpoint, signed));
    assert_eq!(check(&[(101, 10), (102, 20), (103, 30)]), Ok(Quorum { power: 7, total: 9, time: 10 }));
    assert_eq!(
        check(&[(101, 10), (102, 20), (103, 30), (104, 5)]),
        Ok(Quorum { power: 9, total: 9, time: 10 }),
        "the fourth came earlier and is not needed"
    );
    // Six of nine is two thirds, and not more.
    assert_eq!(check(&[(102, 1), (103, 1), (104, 1)]), Err(QuorumError::Short { power: 6, total: 9 }));
    assert_eq!(check(&[]), Err(QuorumError::Short { power: 0, total: 9 }));

    let all = cosign(&signers, &checkpoint, &[(101, 10), (102, 20), (103, 30), (104, 5)]);
    let fewest = signers.fewest(&all);
    assert_eq!(signers.check(&checkpoint, &fewest), Ok(Quorum { power: 7, total: 9, time: 10 }));
    assert_eq!(fewest.len(), 3);
    let mut twice = all.clone();
    twice[1] = twice[0];
    assert_eq!(signers.check(&checkpoint, &twice), Err(QuorumError::Order));
    assert_eq!(
        signers.quorum(&twice[..2]),
        Err(QuorumError::Short { power: power(&signers, &all[0]), total: 9 })
    );
    let mut stranger = all.clone();
    stranger[3].signer = 200;
    assert_eq!(signers.check(&checkpoint, &stranger), Err(QuorumError::Stranger { place: 200, count: 4 }));
    let mut later = all.clone();
    later[2].cosignature.time += 1;
    assert!(matches!(signers.check(&checkpoint, &later), Err(QuorumError::Signature { .. })));
    let other = Checkpoint { size: 8, ..checkpoint };
    assert!(matches!(signers.check(&other, &all), Err(QuorumError::Signature { .. })));
}

fn power(signers: &Signers, placed: &PlacedCosignature) -> u64 {
    signers.get(placed.signer).unwrap().power
}

#[test]
fn the_cosignatures_under_a_checkpoint_are_found_by_their_names() {
    let chain = chain();
    let (signers, checkpoint) = (chain.signers(), chain.checkpoint());
    let placed = cosign(&signers, &checkpoint, &[(150, 1_764_547_300), (104, 1_764_547_290)]);
    let mut signed = SignedCheckpoint::new(&checkpoint).unwrap();
    let keys = signers.note_keys(&NETWORK);
    for placed in placed.iter().rev() {
        signed.add(placed.cosignature.line(&keys[usize::from(placed.signer)]).unwrap()).unwrap();
    }
    assert_eq!(signers.cosignatures(&NETWORK, &signed).unwrap(), placed);
    assert!(Signers::of(&nodes(&[1, 2])).unwrap().cosignatures(&NETWORK, &signed).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// No byte of a link can be changed unnoticed.
    #[test]
    fn every_changed_byte_of_a_link_is_noticed(place in any::<prop::sample::Index>(), bits in 1..=255_u8) {
        let mut bytes = chain().links[0].bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= bits;
        prop_assert!(refusal(0, &bytes).is_some(), "byte {place}");
    }
}
