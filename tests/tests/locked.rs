//! A block that some have locked in one round is proposed again by another leader in a later one, through the chain.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::inside::{Conduct, Engine, Inside};
use common::{ALL, Drill, PATIENCE, until};
use std::sync::{Arc, Mutex};
use tongda_consensus::adversary::{Mischief, run_hostile};
use tongda_consensus::{Application as _, Origin, Question, Verdict};
use tongda_ledger::block::Seal;
use tongda_ledger::vote::Address;
use tongda_node::chain::{Chain, ChainOptions};
use tongda_node::pool::{Pool, PoolLimits};

/// The height at which the block is locked and not decided in its first round.
const HEIGHT: u64 = 5;

/// A node that always has work, notes what it is asked, and may refuse the block of one height as a slow clock would.
#[derive(Clone, Default)]
struct Busy {
    refuses_fresh: bool,
    asked: Arc<Mutex<Vec<(u64, Origin)>>>,
}

impl Conduct for Busy {
    fn validate(&self, question: &Question) -> Option<Verdict> {
        self.asked.lock().unwrap().push((question.height, question.origin));
        let slow = self.refuses_fresh && question.height == HEIGHT && question.origin == Origin::Fresh;
        slow.then(|| Verdict::Invalid("the clock is slow".into()))
    }

    fn is_busy(&self) -> bool {
        true
    }
}

/// One validator refuses the fresh block, and another misses a prevote: two lock the block, two do not. The next
/// leader, who locked it, proposes it again, and who refused it accepts it.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_block_is_decided_in_a_later_round_as_it_was_made_in_the_first() {
    let mut drill = Drill::start(17_000).await;
    for place in ALL {
        drill.network.stop_node(place).await;
    }
    let nodes = ALL.map(|place| Inside::open(&drill, place));
    assert!(nodes.iter().all(|node| node.height() < HEIGHT), "the network rested before");
    let validators = nodes[0].chain.committed().validators().clone();
    let address = |node: &Inside| Address::of(&node.config().vote_key.unwrap().public());
    let leader = |round: u32| validators.proposer(HEIGHT, round);
    let (next, deaf, slow) = (leader(1), leader(2), leader(3));

    let mut engines = Vec::new();
    let mut asked_slow = None;
    for node in &nodes {
        let (config, own) = (node.config(), address(node));
        let conduct = Busy { refuses_fresh: own == slow, ..Busy::default() };
        if own == slow {
            asked_slow = Some(conduct.asked.clone());
        }
        let application = node.application(conduct);
        engines.push(Engine::start(|stop| async move {
            let stopped = async { drop(stop.await) };
            if own == deaf {
                return run_hostile(config, application, Mischief::Deaf(next), stopped).await;
            }
            tongda_consensus::run(config, application, stopped).await
        }));
    }
    until("all to go on behind the height", PATIENCE, async || {
        nodes.iter().all(|node| node.height() >= HEIGHT + 3)
    })
    .await;
    for engine in engines {
        engine.stop().await;
    }

    let hashes = nodes.each_ref().map(|node| node.chain.block(HEIGHT).unwrap().unwrap().seal);
    assert!(hashes.windows(2).all(|pair| pair[0] == pair[1]), "one block at all four");
    let seal = Seal::decode(&hashes[0]).unwrap();
    let mut application = nodes[0].application(Busy::default());
    let (certificate, _) = application.decided(HEIGHT).await.unwrap().unwrap();
    assert_eq!(seal.round, 0, "it is the block of the first round");
    assert!(certificate.round > 0, "and it was decided in a later one");
    let asked = asked_slow.unwrap().lock().unwrap().clone();
    assert!(asked.contains(&(HEIGHT, Origin::Reproposed { valid_round: 0 })), "{asked:?}");

    // Who was not there fetches the same, and comes to the same state.
    let (late, _directory) = empty_chain(&drill);
    for height in 1..=HEIGHT + 3 {
        let (certificate, body) = application.decided(height).await.unwrap().unwrap();
        let verdict = late.validate(certificate.block, &body, certificate.round, false).unwrap();
        assert_eq!(verdict, Verdict::Valid, "block {height}");
        let seal = late.commit(&certificate, &body).unwrap();
        assert_eq!(late.committed().state_root(), seal.state_root);
    }
}

fn empty_chain(drill: &Drill) -> (Chain, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let options =
        ChainOptions { directory: directory.path().to_owned(), segment_bytes: 1 << 20, index_cache: 1 << 20 };
    let founding = &drill.network.demonstration.founding;
    let (chain, _) = Chain::open(&options, founding, None, Pool::new(PoolLimits::default())).unwrap();
    (chain, directory)
}
