//! Who is no member of the network gets nothing from it, whatever it knows of it, and keeps nobody from going on.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::inside::Engine;
use common::{ALL, Drill, Load, PATIENCE, PROGRAM, until};
use std::process::Stdio;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::watch;
use tongda_client::Node;
use tongda_consensus::Config;
use tongda_genesis::demonstration::Addresses;
use tongda_genesis::keys::{KeyFile, Protection, Purpose};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state;
use tongda_node::application::{NodeApplication, engine_peers, gossip_peers};
use tongda_node::chain::{Chain, ChainOptions};
use tongda_node::command;
use tongda_node::config::NodeConfig;
use tongda_node::health::Health;
use tongda_node::pool::gossip::{Gossip, GossipConfig, GossipHandle};
use tongda_node::pool::{Pool, PoolLimits};
use tongda_node::run::NodeDirectory;

/// A process that has everything of a node but its place: the genesis, the addresses, the engine, the record gossip.
struct Outsider {
    chain: Chain,
    gossip: GossipHandle,
    engine: Engine,
    _directory: TempDir,
}

impl Outsider {
    /// Connects to all nodes under this network key, with an empty chain and no vote.
    async fn start(drill: &Drill, key: &SigningKey) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let options = ChainOptions {
            directory: directory.path().to_owned(),
            segment_bytes: 1 << 20,
            index_cache: 1 << 20,
        };
        let founding = &drill.network.demonstration.founding;
        let (chain, _) = Chain::open(&options, founding, None, Pool::new(PoolLimits::default())).unwrap();
        let own = founding.nodes.nodes.iter().find(|node| node.network_key == key.public());
        let own = own.map_or("nobody", |node| node.name.as_str());
        let anywhere = "127.0.0.1:0".parse().unwrap();
        let gossip = GossipConfig {
            network_key: key.clone(),
            listen: anywhere,
            peers: gossip_peers(&founding.nodes, own),
            network: chain.network(),
        };
        let gossip = Gossip::start(gossip, chain.pool().clone()).await.unwrap();
        let member = NodeDirectory::open(&drill.network.node_directory(0)).unwrap();
        let config = Config {
            listen: anywhere,
            network_key: key.clone(),
            peers: engine_peers(&founding.nodes, own),
            vote_key: None,
            directory: directory.path().join("consensus"),
            ..member.engine_config(&founding.nodes).unwrap()
        };
        let (work, peers) = (watch::Sender::new(false), watch::Sender::new(founding.nodes.clone()));
        let application =
            NodeApplication::new(chain.clone(), own.to_owned(), work, Arc::new(Health::new()), peers);
        let engine = Engine::start(|stop| async {
            tongda_consensus::run(config, application, async { drop(stop.await) }).await
        });
        Self { chain, gossip, engine, _directory: directory }
    }

    fn height(&self) -> u64 {
        self.chain.committed().tip().height()
    }

    fn records(&self) -> u64 {
        self.chain.pool().metrics().admitted
    }

    async fn stop(self) {
        self.engine.stop().await;
        self.gossip.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_with_a_nodes_whole_knowledge_gets_no_block_and_no_record() {
    let mut drill = Drill::start(16_000).await;
    let load = Load::start(&drill, &[0, 1, 2]);
    let stranger = Outsider::start(&drill, &SigningKey::from_seed(&[0xFE; 32])).await;
    let height = drill.height(0).await;
    drill.reached(0, height + 12).await;
    assert_eq!((stranger.height(), stranger.records()), (0, 0));
    // A connection may stand for the moment that it takes to see whose it is; none lasts, and nothing passes over it.
    until("every node to have cut the stranger off", PATIENCE, async || {
        stranger.gossip.peers().iter().all(|peer| !peer.connected)
    })
    .await;
    let passed = stranger.gossip.peers().into_iter().any(|peer| peer.counts.received + peer.counts.sent > 0);
    assert!(!passed, "{:?}", stranger.gossip.peers());
    stranger.stop().await;

    // The same under a node's key gets both: it is the key that is refused, not the manner of asking.
    drill.network.stop_node(3).await;
    let member = Outsider::start(&drill, &drill.network.demonstration.nodes[3].network).await;
    until("blocks and records", PATIENCE, async || member.height() > 0 && member.records() > 0).await;
    member.stop().await;

    let receipts = load.stop().await;
    drill.run(3).await;
    drill.level(&ALL).await;
    drill.nothing_is_missing(&receipts, &ALL).await;
    drill.stop().await;
}

/// A fifth node whose genesis file names it among the four, signed by all their exchanges; theirs does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_only_its_own_genesis_names_gets_no_block_and_no_record() {
    let drill = Drill::start(16_100).await;
    let port = drill.network.nodes[3].url.rsplit(':').next().unwrap().parse::<u16>().unwrap() + 8;
    let directory = drill.network.directory.join("stranger");
    let api = make_stranger(&drill, &directory, &Addresses::local(port));
    let log = std::fs::File::create(directory.join("node.log")).unwrap();
    let mut process = tokio::process::Command::new(PROGRAM)
        .arg("run")
        .arg(&directory)
        .stdout(Stdio::null())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let stranger = Node::new(&api).unwrap();
    until("the stranger to answer", PATIENCE, async || stranger.log().await.is_ok()).await;

    let load = Load::start(&drill, &ALL);
    let height = drill.height(0).await;
    drill.reached(0, height + 12).await;
    let receipts = load.stop().await;
    let tip = stranger.log().await.unwrap();
    assert_eq!((tip.height, tip.size), (0, 1), "it has its own genesis and nothing else");
    let ready = stranger.readiness().await.unwrap();
    assert!(
        !ready.ready && ready.reasons.iter().any(|reason| reason.contains("connected to 0")),
        "{ready:?}"
    );
    for receipt in &receipts {
        assert!(stranger.record(receipt.id).await.is_err());
    }
    let metrics = reqwest::Client::builder().no_proxy().build().unwrap();
    let metrics = metrics.get(format!("{api}/metrics")).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("tongda_pool_waiting 0"), "no record reached it: {metrics}");
    process.kill().await.unwrap();
    drill.level(&ALL).await;
    drill.nothing_is_missing(&receipts, &ALL).await;
    drill.stop().await;
}

/// Makes the stranger's directory; where its HTTP interface is reached.
fn make_stranger(drill: &Drill, directory: &std::path::Path, addresses: &Addresses) -> String {
    let [vote, cosign, network] = [1, 2, 3].map(|seed| SigningKey::from_seed(&[seed; 32]));
    let keys = directory.join("made-keys");
    std::fs::create_dir_all(&keys).unwrap();
    let files = [
        ("vote", Purpose::Vote, &vote),
        ("cosign", Purpose::Cosign, &cosign),
        ("network", Purpose::Network, &network),
    ];
    for (name, purpose, key) in files {
        let file = KeyFile { purpose, key: key.clone() };
        file.save(&keys.join(format!("{name}.key")), &Protection::OwnerOnly).unwrap();
    }
    let mut demonstration = drill.network.demonstration.clone();
    let like = demonstration.founding.nodes.nodes[0].clone();
    let node = state::Node {
        name: "zz-stranger".parse().unwrap(),
        vote_key: vote.public(),
        cosign_key: cosign.public(),
        network_key: network.public(),
        consensus_address: addresses.consensus.parse().unwrap(),
        gossip_address: addresses.gossip.parse().unwrap(),
        api_address: addresses.api.parse().unwrap(),
        ..like
    };
    demonstration.founding.nodes.nodes.push(node).unwrap();
    let genesis = directory.join("made-genesis.toml");
    std::fs::write(&genesis, demonstration.genesis_file()).unwrap();
    let config = NodeConfig::read(&drill.network.node_directory(0).join("node.toml")).unwrap();
    let listen = addresses.api.trim_start_matches("http://").parse().unwrap();
    let api = tongda_node::config::ApiConfig { listen, ..config.api };
    let config = NodeConfig { name: "zz-stranger".into(), api, ..config };
    command::make(directory, &config, &genesis, &keys).unwrap();
    addresses.api.clone()
}
