//! What others tell of cosignatures: counted once, verified against the set that decided, bounded, never believed.

use crate::{Log, NETWORK, key};
use std::sync::Arc;
use tongda_ledger::epoch::Signers;
use tongda_ledger::founding::Founding;
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::{Node, Nodes};
use tongda_ledger::tree::Cosignature;
use tongda_ledger::vote::Address;
use tongda_node::cosign::gathering::{Gathering, Place, Standing, Worth};
use tongda_node::cosign::{CosignedTree, Cosigners, Tree};

const LOG: Log = Log { way: 0, forked: 0 };
const NOW: u64 = 1_795_000_000;

/// Nodes with these powers; the vote key of node `n` is made of `n`, its cosigning key of `n + 100`.
fn nodes(powers: &[u64]) -> Nodes {
    let nodes = powers.iter().zip(1_u8..).map(|(power, number)| Node {
        name: format!("node-{number}").parse().unwrap(),
        exchange: Founding::member_id(number.into()),
        region: "110000".parse().unwrap(),
        power: *power,
        vote_key: key(number).public(),
        cosign_key: key(number + 100).public(),
        network_key: key(number + 200).public(),
        consensus_address: "/ip4/127.0.0.1/tcp/1".parse().unwrap(),
        gossip_address: "/ip4/127.0.0.1/tcp/2".parse().unwrap(),
        api_address: "http://127.0.0.1:3".parse().unwrap(),
    });
    Nodes { nodes: nodes.collect::<Vec<_>>().try_into().unwrap() }
}

fn cosigners(powers: &[u64]) -> Arc<Cosigners> {
    Arc::new(Cosigners::of(&NETWORK, &Signers::of(&nodes(powers)).unwrap()).unwrap())
}

fn address(number: u8) -> Address {
    Address::of(&key(number).public())
}

fn signed(number: u8, signing: &SigningKey, tree: Tree, time: u64) -> CosignedTree {
    let cosignature = Cosignature::sign(signing, time, &tree.text(&NETWORK));
    CosignedTree { tree, signer: address(number), cosignature }
}

fn by(number: u8, size: u64, time: u64) -> CosignedTree {
    signed(number, &key(number + 100), LOG.tree(size), time)
}

struct Gathers {
    gathering: Gathering,
    cosigners: Arc<Cosigners>,
}

impl Gathers {
    fn new(powers: &[u64]) -> Self {
        Self { gathering: Gathering::new(NETWORK, []), cosigners: cosigners(powers) }
    }

    fn place(&self, size: u64) -> Place {
        Place { height: size / 2, tree: LOG.tree(size), cosigners: self.cosigners.clone() }
    }

    fn begin(&mut self, size: u64) {
        let place = self.place(size);
        self.gathering.begin(place, NOW);
    }

    fn take(&mut self, cosigned: CosignedTree) -> Worth {
        let standing = Standing::Checkpoint(self.place(cosigned.tree.size));
        self.take_as(cosigned, standing)
    }

    fn take_as(&mut self, cosigned: CosignedTree, standing: Standing) -> Worth {
        self.gathering.take(&cosigned, NOW, &self.cosigners.clone(), standing)
    }

    fn quorum(&self, size: u64) -> Option<u64> {
        self.gathering.at(size).unwrap().quorum_time()
    }
}

#[test]
fn a_quorum_is_more_than_two_thirds_of_the_power_and_its_time_is_that_of_the_last_one_needed() {
    let mut four = Gathers::new(&[1, 1, 1, 1]);
    four.begin(10);
    assert_eq!(four.take(by(1, 10, NOW)), Worth::New);
    assert_eq!(four.take(by(2, 10, NOW - 9)), Worth::New);
    assert_eq!(four.quorum(10), None);
    assert_eq!(four.take(by(3, 10, NOW - 5)), Worth::New);
    assert_eq!(four.quorum(10), Some(NOW - 9));
    // A fourth one and a newer time of the oldest bring the quorum's time forward.
    assert_eq!(four.take(by(4, 10, NOW - 1)), Worth::New);
    assert_eq!(four.quorum(10), Some(NOW - 5));
    assert_eq!(four.take(by(2, 10, NOW)), Worth::New);
    assert_eq!(four.quorum(10), Some(NOW - 1));

    let mut unequal = Gathers::new(&[6, 1, 1, 1]);
    unequal.begin(10);
    unequal.take(by(1, 10, NOW));
    assert_eq!(unequal.quorum(10), None, "six of nine are two thirds and no more");
    unequal.take(by(3, 10, NOW));
    assert_eq!(unequal.quorum(10), Some(NOW));
    for number in [2, 3, 4] {
        assert!(unequal.cosigners.get(&address(number)).is_some());
    }
    // The smallest number of validators that is enough whoever they are: here all four.
    let policy = unequal.cosigners.policy(log_key()).unwrap().to_string();
    assert!(policy.contains("group quorum-of-validators 4 "), "{policy}");
    let policy = cosigners(&[1, 1, 1, 1, 1, 1, 1]).policy(log_key()).unwrap().to_string();
    assert!(policy.contains("group quorum-of-validators 5 "), "{policy}");
}

fn log_key() -> tongda_ledger::tree::NoteKey {
    tongda_ledger::tree::log_key(&NETWORK, &key(9).public()).unwrap()
}

#[test]
fn an_older_time_never_takes_the_place_of_a_newer_one_and_nothing_counts_twice() {
    let mut gathers = Gathers::new(&[1, 1, 1, 1]);
    gathers.begin(10);
    assert_eq!(gathers.take(by(1, 10, NOW)), Worth::New);
    assert_eq!(gathers.take(by(1, 10, NOW)), Worth::Nothing);
    assert_eq!(gathers.take(by(1, 10, NOW - 30)), Worth::Nothing);
    let gathered = gathers.gathering.at(10).unwrap();
    assert_eq!((gathered.cosignatures.len(), gathered.cosignatures[&address(1)].time), (1, NOW));
    // Nor is a time taken that the clock has not reached.
    assert_eq!(gathers.take(by(2, 10, NOW + 3_600)), Worth::Nothing);
    assert_eq!(gathers.gathering.at(10).unwrap().cosignatures.len(), 1);
}

#[test]
fn strangers_false_signatures_and_trees_between_checkpoints_are_offences() {
    let offence = |worth: Worth, what: &str| match worth {
        Worth::Offence(offence) => assert!(offence.contains(what), "{offence:?} does not say {what:?}"),
        other => panic!("{other:?} instead of an offence: {what}"),
    };
    let mut gathers = Gathers::new(&[1, 1, 1, 1]);
    gathers.begin(10);
    offence(gathers.take(by(9, 10, NOW)), "did not decide");
    offence(gathers.take(signed(1, &key(102), LOG.tree(10), NOW)), "does not match");
    let mut changed = by(1, 10, NOW);
    changed.cosignature.time -= 1;
    offence(gathers.take(changed), "does not match");
    offence(gathers.take_as(by(1, 11, NOW), Standing::Between), "no flagged seal");
    // An observer has no say, whatever it signs.
    let mut observed = Gathers::new(&[1, 1, 1, 0]);
    observed.begin(10);
    offence(observed.take(by(4, 10, NOW)), "did not decide");
    assert_eq!(gathers.gathering.at(10).unwrap().cosignatures.len(), 0);
    assert_eq!(gathers.take_as(by(1, 8, NOW), Standing::NotHeld), Worth::Nothing);
}

#[test]
fn a_validator_that_signs_another_tree_contradicts_itself_and_not_who_tells_of_it() {
    let mut gathers = Gathers::new(&[1, 1, 1, 1]);
    gathers.begin(10);
    let other = Tree { size: 10, root: Log { way: 1, forked: 0 }.root(10) };
    let ours = gathers.place(10);
    let standing = Standing::Checkpoint(ours.clone());
    let told = signed(1, &key(101), other, NOW);
    assert_eq!(gathers.take_as(told, standing.clone()), Worth::Contradiction { ours });
    // A forged one contradicts nobody.
    assert!(matches!(gathers.take_as(signed(1, &key(102), other, NOW), standing), Worth::Offence(_)));
    assert_eq!(gathers.gathering.at(10).unwrap().cosignatures.len(), 0);
}

#[test]
fn what_is_told_before_the_log_has_the_tree_counts_as_soon_as_it_has_and_is_bounded() {
    let mut gathers = Gathers::new(&[1, 1, 1, 1]);
    for size in (10..100).step_by(2) {
        for number in 1..=3 {
            assert_eq!(gathers.take_as(by(number, size, NOW), Standing::Ahead), Worth::Nothing);
        }
    }
    assert_eq!(gathers.take_as(signed(4, &key(101), LOG.tree(98), NOW), Standing::Ahead), Worth::Doubtful);
    assert_eq!(gathers.take_as(by(9, 98, NOW), Standing::Ahead), Worth::Doubtful, "a stranger, as yet");
    gathers.begin(20);
    assert_eq!(gathers.quorum(20), None, "of each signer the newest few are kept");
    gathers.begin(98);
    assert_eq!(gathers.quorum(98), Some(NOW));
    assert_eq!(gathers.gathering.at(98).unwrap().missing(), 1, "the false one of the fourth was not kept");
}

#[test]
fn another_node_is_told_the_newest_of_every_signer_and_all_from_a_size_on() {
    let mut gathers = Gathers::new(&[1, 1, 1, 1]);
    for size in [10, 12, 14] {
        gathers.begin(size);
        for number in 1..=3 {
            gathers.take(by(number, size, NOW));
        }
    }
    gathers.take(by(4, 10, NOW));
    let held = |from, limit| gathers.gathering.held_from(from, limit);
    assert_eq!(held(100, 480), [by(1, 14, NOW), by(2, 14, NOW), by(3, 14, NOW), by(4, 10, NOW)].sorted());
    assert_eq!(held(12, 480).len(), 7);
    assert_eq!(held(0, 480).len(), 10);
    assert_eq!(held(0, 6).len(), 6);
    // What is known from before a restart is told too.
    let again = Gathering::new(NETWORK, held(100, 480));
    assert_eq!(again.held_from(0, 480), held(100, 480));
}

trait Sorted {
    fn sorted(self) -> Vec<CosignedTree>;
}

impl<const N: usize> Sorted for [CosignedTree; N] {
    fn sorted(self) -> Vec<CosignedTree> {
        let mut trees = self.to_vec();
        trees.sort_by_key(|tree| tree.signer);
        trees
    }
}

#[test]
fn of_many_trees_the_newest_are_gathered() {
    let mut gathers = Gathers::new(&[1, 1, 1, 1]);
    for size in (2..200).step_by(2) {
        gathers.begin(size);
    }
    assert!(gathers.gathering.at(2).is_none() && gathers.gathering.at(198).is_some());
    let kept = (2..200).filter(|size| gathers.gathering.at(*size).is_some()).count();
    assert_eq!(kept, 16);
    gathers.gathering.forget_below(198);
    assert!(gathers.gathering.at(196).is_none() && gathers.gathering.at(198).is_some());
}
