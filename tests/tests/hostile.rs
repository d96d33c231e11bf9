//! A validator of four turns hostile, with its own keys and the ledger's own engine: what it sends is refused for a
//! reason that is told, and the network goes on.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use bytes::Bytes;
use common::inside::{Conduct, Engine, Honest, Inside};
use common::{ALL, Drill, Load, PATIENCE, party, until};
use tongda_client::{Session, Signer};
use tongda_consensus::Proposal;
use tongda_consensus::adversary::{Mischief, run_hostile};
use tongda_ledger::act::member::Role;
use tongda_ledger::block::{Body, LeafKind, Seal, leaf_of};
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_node::chain::Chain;
use tongda_tests::parties::founder;

/// The hostile node.
const HOSTILE: usize = 3;

/// The others.
const HONEST: [usize; 3] = [0, 1, 2];

/// What a forger puts in the place of the block that its node made: for its height, sealed as it should be but for one
/// thing.
#[derive(Clone)]
enum Forgery {
    /// A record that no block may bring.
    Record(Vec<u8>),
    /// A state root that is not the state's.
    StateRoot,
    /// A time not later than the block before.
    Past,
    /// A time an hour ahead.
    Future,
}

impl Forgery {
    fn forge(&self, chain: &Chain, body: &Bytes) -> (Hash, Bytes) {
        let committed = chain.committed();
        let (tip, every) = (committed.tip(), committed.parameters().checkpoint_every);
        let Body { mut records, seal } = Body::decode(body).unwrap();
        let mut seal = Seal::decode(seal).unwrap();
        match self {
            Self::Record(record) => {
                records.push(record);
                let mut log = tip.log.clone();
                records.iter().for_each(|record| log.append(leaf_of(LeafKind::Record, record)));
                (seal.records, seal.log_root) = (u32::try_from(records.len()).unwrap(), log.root());
            }
            Self::StateRoot => seal.state_root = Hash([7; 32]),
            Self::Past => seal.time = tip.time(),
            Self::Future => {
                seal.time = seal.time.plus_milliseconds(3_600_000);
                seal.checkpoint = tip.checkpoint_at(seal.time, every);
            }
        }
        let bytes = seal.bytes();
        (seal.hash(), Body { records, seal: &bytes }.encode().into())
    }
}

impl Conduct for Forgery {
    fn propose(&self, chain: &Chain, proposal: Proposal) -> Proposal {
        let (block, body) = self.forge(chain, &proposal.body);
        Proposal { block, body }
    }
}

/// A second block beside the first, made a millisecond later and valid like it.
fn a_moment_later(body: &[u8]) -> (Hash, Bytes) {
    resealed(body, |seal| {
        let is_checkpoint = seal.is_checkpoint();
        seal.time = seal.time.plus_milliseconds(1);
        if is_checkpoint {
            seal.checkpoint = seal.time;
        }
    })
}

/// A second block beside the first that claims another state.
fn another_state(body: &[u8]) -> (Hash, Bytes) {
    resealed(body, |seal| seal.state_root = Hash([9; 32]))
}

fn resealed(body: &[u8], change: impl FnOnce(&mut Seal)) -> (Hash, Bytes) {
    let Body { records, seal } = Body::decode(body).unwrap();
    let mut seal = Seal::decode(seal).unwrap();
    change(&mut seal);
    let bytes = seal.bytes();
    (seal.hash(), Body { records, seal: &bytes }.encode().into())
}

/// An envelope that its author may not send, signed as it should be; and one with a signature that is none.
async fn bad_records(drill: &Drill) -> (Vec<u8>, Vec<u8>) {
    let exchange = founder(&drill.network, Role::Exchange);
    let session = Session::open(drill.node(0).clone(), exchange.clone()).await.unwrap();
    let forbidden = session.propose(party("演示：无权登记者")).sign().await.unwrap().bytes().to_vec();
    let stranger = Signer::new(exchange.member(), vec![SigningKey::from_seed(&[0xFF; 32])]);
    let session = Session::open(drill.node(0).clone(), stranger).await.unwrap();
    let mut unsigned = session.propose(party("演示：签名不符")).sign().await.unwrap().bytes().to_vec();
    *unsigned.last_mut().unwrap() ^= 1;
    (forbidden, unsigned)
}

/// Waits until the honest nodes have told this reason, and the network has gone on.
async fn told(drill: &Drill, engine: &Engine, before: &[usize; 3], reason: &str) {
    for place in HONEST {
        let what = format!("{reason:?} in the log of node {place}");
        until(&what, PATIENCE, async || {
            engine.runs();
            drill.log_since(place, before[place]).contains(reason)
        })
        .await;
    }
    goes_on(drill).await;
}

/// Waits until the honest nodes have seen the hostile one go: an engine that comes back while its old connections are
/// still there is not heard over the new ones.
async fn gone(drill: &Drill) {
    let connected = HONEST.len() - 1;
    for place in HONEST {
        until(&format!("node {place} connected to {connected} peers"), PATIENCE, async || {
            drill
                .text(place, "metrics")
                .await
                .lines()
                .any(|line| line == format!("tongda_connected_peers {connected}"))
        })
        .await;
    }
}

/// Waits for as many blocks that each validator has led twice.
async fn goes_on(drill: &Drill) {
    let height = drill.height(0).await;
    drill.reached(0, height + 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hostile_validator_sends_is_refused_for_a_reason_and_the_network_goes_on() {
    let mut drill = Drill::start(14_000).await;
    let (forbidden, unsigned) = bad_records(&drill).await;
    drill.network.stop_node(HOSTILE).await;
    let hostile = Inside::open(&drill, HOSTILE);
    let load = Load::start(&drill, &HONEST);
    let logged = |drill: &Drill| HONEST.map(|place| drill.network.node_log(place).len());

    let forgeries = [
        (Forgery::Record(forbidden), "REGISTRAR_ONLY"),
        (Forgery::Record(unsigned), "record 0: the signature of"),
        (Forgery::StateRoot, "WRONG STATE ROOT"),
        (Forgery::Past, "not later than the block before"),
        (Forgery::Future, "ahead of the clock"),
    ];
    for (forgery, reason) in forgeries {
        let before = logged(&drill);
        let (config, application) = (hostile.config(), hostile.application(forgery));
        let engine = Engine::start(|stop| async {
            tongda_consensus::run(config, application, async { drop(stop.await) }).await
        });
        told(&drill, &engine, &before, reason).await;
        engine.stop().await;
        gone(&drill).await;
    }

    let mischiefs = [
        (Mischief::TwoBlocks(another_state), Some("WRONG STATE ROOT")),
        (Mischief::TwoBlocks(a_moment_later), None),
        (Mischief::ForgedSignatures, Some("the announcement of")),
        (Mischief::FalseBodies, Some("dropped a stream of parts")),
        (Mischief::EndlessStreams(4), Some("dropped a stream of parts")),
    ];
    for (mischief, reason) in mischiefs {
        let before = logged(&drill);
        let (config, application) = (hostile.config(), hostile.application(Honest));
        let engine =
            Engine::start(|stop| run_hostile(config, application, mischief, async { drop(stop.await) }));
        match reason {
            Some(reason) => told(&drill, &engine, &before, reason).await,
            None => goes_on(&drill).await,
        }
        engine.stop().await;
        gone(&drill).await;
        drill.no_fork(&HONEST).await;
    }
    drop(hostile);

    // Nothing stays behind: the node comes back honest, and all four have the same.
    let receipts = load.stop().await;
    drill.run(HOSTILE).await;
    drill.level(&ALL).await;
    drill.nothing_is_missing(&receipts, &ALL).await;
    drill.stop().await;
}
