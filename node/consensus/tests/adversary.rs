//! Hostile validators in a network of four: what they send is refused or harmless, and the others agree.

mod common;

use bytes::Bytes;
use common::{Conduct, Memory, Net, TestBlock, hash, turn, vote_key};
use std::sync::Arc;
use tongda_consensus::adversary::{Mischief, run_hostile};
use tongda_consensus::{Observed, Origin};
use tongda_ledger::hash::Hash;
use tongda_ledger::vote::Address;

fn busy() -> Conduct {
    Conduct { busy: true, filler: 300_000, ..Conduct::default() }
}

/// A network whose node 0 does mischief.
fn network_with(mischief: Mischief, conduct: &Conduct) -> Net {
    let mut net = Net::new(4, 4, conduct);
    start_hostile(&mut net, 0, mischief);
    net.nodes[1..].iter_mut().for_each(common::Node::start);
    net
}

fn start_hostile(net: &mut Net, index: usize, mischief: Mischief) {
    let node = &mut net.nodes[index];
    let (config, memory) = (node.config.clone(), Memory(Arc::clone(&node.ledger)));
    node.start_with(|shutdown| run_hostile(config, memory, mischief, shutdown));
}

fn second_block(body: &[u8]) -> (Hash, Bytes) {
    let mut block = TestBlock::read(&Bytes::copy_from_slice(body)).expect("a block of this test");
    block.payload = Bytes::from_static(b"the other block");
    let body = block.body();
    (hash(&body), body)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_signed_blocks_for_one_round_are_both_judged_and_only_the_proposed_one_is_decided() {
    let mut net = network_with(Mischief::TwoBlocks(second_block), &busy());
    net.all_reached(12).await;
    net.stop().await;
    net.audit();
    let ledger = &net.nodes[1].ledger;
    let hostile = Address::of(&vote_key(0).public());
    let led: Vec<_> = (1..=12).map(|height| ledger.block(height)).filter(|b| b.proposer == hostile).collect();
    assert!(!led.is_empty(), "it still leads its rounds");
    assert!(led.iter().all(|block| block.payload != Bytes::from_static(b"the other block")));
    let mut asked = ledger.asked();
    asked.retain(|(height, round, _)| *round == 0 && net.validators.proposer(*height, 0) == hostile);
    assert!(asked.len() > led.len(), "both blocks were judged: {asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_announced_under_a_false_signature_are_passed_over() {
    let mut net = network_with(Mischief::ForgedSignatures, &busy());
    for node in &net.nodes[1..] {
        node.ledger.reached(8).await;
    }
    net.stop().await;
    net.audit();
    let ledger = &net.nodes[1].ledger;
    let hostile = Address::of(&vote_key(0).public());
    assert!((1..=8).all(|height| ledger.block(height).proposer != hostile));
    let key = net.nodes[0].config.network_key.public();
    assert!(ledger.has_observed(
        |seen| matches!(seen, Observed::StreamDropped { peer: Some(peer), .. } if *peer == key)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_false_body_says_nothing_about_the_block_whose_true_body_follows() {
    let mut net = network_with(Mischief::FalseBodies, &busy());
    net.all_reached(12).await;
    net.stop().await;
    net.audit();
    let ledger = &net.nodes[1].ledger;
    let hostile = Address::of(&vote_key(0).public());
    assert!((1..=12).any(|height| ledger.block(height).proposer == hostile));
    assert!(ledger.has_observed(|seen| matches!(seen, Observed::StreamDropped { .. })));
    assert!(!ledger.has_observed(|seen| matches!(seen, Observed::Refused { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_without_an_end_stop_nobody() {
    let mut net = network_with(Mischief::EndlessStreams(4), &busy());
    for node in &net.nodes[1..] {
        node.ledger.reached(12).await;
    }
    net.stop().await;
    net.audit();
    assert!(net.nodes[1].ledger.has_observed(|seen| matches!(seen, Observed::StreamDropped { .. })));
}

/// At height 5 one validator refuses the fresh block as a slow clock would, and another misses a prevote: two lock
/// the block, two do not. The next leader, who locked it, proposes it again, and all accept it.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_block_is_proposed_again_by_the_next_leader_and_judged_without_the_clock() {
    let height = 5;
    let mut net = Net::new(4, 4, &busy());
    let at_turn = |wanted: u64| (0..4).find(|index| turn(&net.validators, *index) == wanted % 4).unwrap();
    let (next, deaf, slow) = (at_turn(height + 1), at_turn(height + 2), at_turn(height + 3));
    net.nodes[slow].ledger.conduct(|conduct| conduct.refuses_fresh_at = Some(height));
    start_hostile(&mut net, deaf, Mischief::Deaf(Address::of(&vote_key(next).public())));
    for index in (0..4).filter(|index| *index != deaf) {
        net.nodes[index].start();
    }
    net.all_reached(height + 3).await;
    net.stop().await;
    net.audit();
    let slow = &net.nodes[slow].ledger;
    assert_eq!(slow.block(height).round, 0, "it is the block of the first round");
    assert!(slow.decided_round(height) > 0);
    assert!(
        slow.asked()
            .iter()
            .any(|(at, _, origin)| { *at == height && *origin == Origin::Reproposed { valid_round: 0 } }),
        "{:?}",
        slow.asked()
    );
}
