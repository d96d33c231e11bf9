//! Networks of engines in one process: they agree, rest, catch up and pass over who does not do its part.

mod common;

use bytes::Bytes;
use common::{Conduct, Net, validator_set, vote_key};
use tongda_consensus::{EngineError, Equivocated, Observed};
use tongda_ledger::vote::Address;

fn busy() -> Conduct {
    Conduct { busy: true, filler: 1000, ..Conduct::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn four_nodes_agree_on_twenty_blocks_with_certificates_that_verify() {
    let mut net = Net::new(4, 4, &busy());
    net.start();
    net.all_reached(20).await;
    net.stop().await;
    net.audit();
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_of_many_parts_arrive_whole() {
    let mut net = Net::new(4, 4, &Conduct { filler: 1_500_000, ..busy() });
    net.start();
    net.all_reached(5).await;
    net.stop().await;
    net.audit();
    assert_eq!(net.nodes[0].ledger.block(3).payload.len(), 1_500_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_network_makes_no_blocks_until_there_is_work() {
    let mut net = Net::new(4, 4, &Conduct::default());
    net.start();
    net.all_reached(1).await;
    let height = net.all_rest().await;
    let payload = Bytes::from_static(b"a record");
    net.submit(&payload);
    net.all_reached(height).await;
    assert_eq!(net.all_rest().await, height + 1);
    net.stop().await;
    net.audit();
    assert_eq!(net.nodes[0].ledger.block(height).payload, payload);
}

#[tokio::test(flavor = "multi_thread")]
async fn work_at_two_of_four_wakes_the_others() {
    let mut net = Net::new(4, 4, &Conduct::default());
    net.start();
    net.all_reached(1).await;
    let height = net.all_rest().await;
    let payload = Bytes::from_static(b"a record");
    for node in &net.nodes[..2] {
        node.ledger.submit(&payload);
    }
    let has_it = |ledger: &common::Ledger| {
        (height..=ledger.tip()).any(|height| ledger.block(height).payload == payload)
    };
    for node in &net.nodes {
        node.ledger.until("the record", has_it).await;
    }
    net.stop().await;
    net.audit();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_starts_late_or_was_stopped_catches_up_even_when_the_others_rest() {
    let mut net = Net::new(4, 4, &busy());
    net.nodes[..3].iter_mut().for_each(common::Node::start);
    net.nodes[0].ledger.reached(15).await;
    net.nodes[3].start();
    net.nodes[3].ledger.reached(15).await;
    assert!(net.nodes[3].ledger.has_observed(|seen| matches!(seen, Observed::Synced { .. })));
    net.nodes[3].stop().await;
    let stopped_at = net.nodes[3].ledger.tip();
    net.nodes[0].ledger.reached(stopped_at + 15).await;
    for node in &net.nodes {
        node.ledger.conduct(|conduct| conduct.busy = false);
    }
    let tip = net.nodes[0].ledger.tip();
    net.nodes[3].start();
    net.nodes[3].ledger.reached(tip).await;
    net.stop().await;
    net.audit();
}

#[tokio::test(flavor = "multi_thread")]
async fn all_nodes_stopped_at_any_moment_go_on_where_they_were() {
    let mut net = Net::new(4, 4, &busy());
    for round in 1..=4 {
        net.start();
        net.all_reached(net.nodes.iter().map(|node| node.ledger.tip()).max().unwrap() + 2).await;
        net.stop().await;
        net.audit();
        assert!(net.nodes[0].ledger.tip() >= round * 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_whose_blocks_are_invalid_is_passed_over() {
    let mut net = Net::new(4, 4, &busy());
    net.nodes[2].ledger.conduct(|conduct| conduct.makes_invalid = true);
    net.start();
    net.all_reached(8).await;
    net.stop().await;
    net.audit();
    let bad = Address::of(&vote_key(2).public());
    let ledger = &net.nodes[0].ledger;
    assert!((1..=8).all(|height| ledger.block(height).proposer != bad));
    assert!(ledger.has_observed(
        |seen| matches!(seen, Observed::Refused { proposer, reason, .. } if *proposer == bad && reason == "it breaks a rule")
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn three_of_four_go_on_without_a_dead_leader() {
    let mut net = Net::new(4, 4, &busy());
    net.nodes[..3].iter_mut().for_each(common::Node::start);
    net.nodes[0].ledger.reached(8).await;
    net.stop().await;
    net.audit();
    let dead = Address::of(&vote_key(3).public());
    assert!((1..=8).all(|height| net.nodes[0].ledger.block(height).proposer != dead));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_observer_follows_without_a_vote() {
    let mut net = Net::new(5, 4, &busy());
    net.start();
    net.all_reached(10).await;
    net.stop().await;
    net.audit();
    assert!(net.nodes[4].ledger.proposed().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fifth_validator_joins_at_the_height_that_the_ledger_names() {
    let mut net = Net::new(5, 4, &busy());
    let (joins, five) = (6, validator_set(5));
    let peers: Vec<_> = net.nodes.iter().map(common::Node::peer).collect();
    for (index, node) in net.nodes.iter_mut().enumerate() {
        let others = peers.iter().filter(|peer| peer.address != node.config.listen).cloned().collect();
        if index < 4 {
            node.config.peers.retain(|peer| *peer != peers[4]);
        }
        node.config.vote_key = Some(vote_key(index));
        node.ledger.conduct(|conduct| conduct.change = Some((joins, five.clone(), others)));
    }
    net.start();
    let fifth = Address::of(&vote_key(4).public());
    let leads =
        |ledger: &common::Ledger| (1..=ledger.tip()).any(|height| ledger.block(height).proposer == fifth);
    for node in &net.nodes {
        node.ledger.until("a block of the fifth validator", leads).await;
    }
    net.stop().await;
    net.audit();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_vote_key_in_two_nodes_is_told_as_misconduct() {
    let mut net = Net::new(5, 4, &busy());
    net.nodes[4].config.vote_key = Some(vote_key(0));
    net.nodes[4].ledger =
        common::Ledger::new(&vote_key(0), net.validators.clone(), Conduct { filler: 2000, ..busy() });
    net.start();
    let twice = Address::of(&vote_key(0).public());
    net.nodes[1]
        .ledger
        .until("the misconduct", |ledger| {
            ledger.has_observed(|seen| {
                matches!(seen, Observed::Equivocation { validator, what: Equivocated::Proposal | Equivocated::Vote, .. } if *validator == twice)
            })
        })
        .await;
    net.stop().await;
    net.audit();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_cannot_commit_stops_with_the_reason_and_the_others_go_on() {
    let mut net = Net::new(4, 4, &busy());
    net.nodes[1].ledger.conduct(|conduct| conduct.fails_at = Some(4));
    net.start();
    let error = net.nodes[1].ends().await;
    assert!(matches!(&error, EngineError::Application { doing: "commit a block", .. }), "{error}");
    assert!(error.to_string().contains("the disk is full"));
    net.nodes[0].ledger.reached(8).await;
    net.stop().await;
    net.audit();
    assert_eq!(net.nodes[1].ledger.tip(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_whose_vote_log_is_damaged_or_ahead_of_its_ledger_does_not_vote() {
    let mut net = Net::new(4, 4, &busy());
    net.start();
    net.all_reached(3).await;
    net.stop().await;
    let node = &mut net.nodes[0];
    let path = node.vote_log();
    let good = std::fs::read(&path).unwrap();
    let head = |height: u64| [&good[..4], &height.to_be_bytes()[..]].concat();

    std::fs::write(&path, head(node.ledger.tip() + 2)).unwrap();
    node.start();
    assert!(matches!(node.ends().await, EngineError::Behind { .. }));

    let entry =
        [&head(node.ledger.tip() + 1)[..], &[0, 0, 0, 0, 0, 0, 0, 0, 3, 9, 9, 9, 9, 1, 2, 3]].concat();
    std::fs::write(&path, &entry).unwrap();
    node.start();
    let error = node.ends().await;
    assert!(matches!(error, EngineError::VoteLog { .. }), "{error}");

    std::fs::write(&path, [9; 12]).unwrap();
    node.start();
    assert!(matches!(node.ends().await, EngineError::VoteLogHead { .. }));

    // A tail of zeros was never flushed, so nothing in it was ever sent.
    std::fs::write(&path, [&head(node.ledger.tip() + 1)[..], &[0; 100]].concat()).unwrap();
    net.start();
    let tip = net.nodes.iter().map(|node| node.ledger.tip()).max().unwrap();
    net.all_reached(tip + 2).await;
    net.stop().await;
    net.audit();
}
