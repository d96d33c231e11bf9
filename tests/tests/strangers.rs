//! Who is no member of the network gets nothing from it, whatever it knows of it, and keeps nobody from going on.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill, Load, PATIENCE, PROGRAM, until};
use futures::StreamExt as _;
use libp2p::identity::Keypair;
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, Swarm, SwarmBuilder, gossipsub, noise, ping, tcp, yamux};
use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tongda_client::Node;
use tongda_genesis::demonstration::Addresses;
use tongda_genesis::keys::{KeyFile, Protection, Purpose};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state;
use tongda_node::command;
use tongda_node::config::NodeConfig;

/// Ears on the engine's network: it subscribes to whatever the validators tell each other.
#[derive(NetworkBehaviour)]
struct Ears {
    gossip: gossipsub::Behaviour,
    ping: ping::Behaviour,
}

/// What the ears have come by.
#[derive(Debug, Default)]
struct Heard {
    messages: usize,
    /// Connections that stood, by address, and how many have ended again.
    connected: BTreeSet<String>,
    ended: usize,
    refused: usize,
}

/// A process that dials these addresses under a key of its own, again and again, and listens.
struct Listener {
    heard: Arc<Mutex<Heard>>,
    task: JoinHandle<()>,
}

impl Listener {
    fn start(drill: &Drill, key: &SigningKey, addresses: Vec<Multiaddr>) -> Self {
        let heard = Arc::new(Mutex::new(Heard::default()));
        let swarm = ears(drill, key);
        let task = tokio::spawn(listen(swarm, addresses, heard.clone()));
        Self { heard, task }
    }

    fn messages(&self) -> usize {
        self.heard.lock().unwrap().messages
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn ears(drill: &Drill, key: &SigningKey) -> Swarm<Ears> {
    let identity = Keypair::ed25519_from_bytes(key.seed()).unwrap();
    let author = gossipsub::MessageAuthenticity::Signed(identity.clone());
    let config = gossipsub::ConfigBuilder::default().max_transmit_size(16 << 20).build().unwrap();
    let mut gossip: gossipsub::Behaviour = gossipsub::Behaviour::new(author, config).unwrap();
    let network = drill.network.demonstration.founding.network().0.to_string();
    for channel in ["votes", "parts", "status", "liveness"] {
        let topic = gossipsub::IdentTopic::new(format!("/tongda/{}/{channel}/v1", &network[..16]));
        gossip.subscribe(&topic).unwrap();
    }
    SwarmBuilder::with_existing_identity(identity)
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
        .unwrap()
        .with_behaviour(|_| Ears { gossip, ping: ping::Behaviour::default() })
        .unwrap()
        .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::MAX))
        .build()
}

async fn listen(mut swarm: Swarm<Ears>, addresses: Vec<Multiaddr>, heard: Arc<Mutex<Heard>>) {
    let mut again = tokio::time::interval(Duration::from_millis(500));
    loop {
        tokio::select! {
            _ = again.tick() => for address in &addresses {
                // A dial that is refused is counted as it ends.
                let _ = swarm.dial(address.clone());
            },
            event = swarm.select_next_some() => {
                let mut heard = heard.lock().unwrap();
                match event {
                    SwarmEvent::Behaviour(EarsEvent::Gossip(gossipsub::Event::Message { .. })) => heard.messages += 1,
                    SwarmEvent::ConnectionEstablished { endpoint, .. } => {
                        heard.connected.insert(endpoint.get_remote_address().to_string());
                    }
                    SwarmEvent::ConnectionClosed { .. } => heard.ended += 1,
                    SwarmEvent::OutgoingConnectionError { .. } => heard.refused += 1,
                    _ => {}
                }
            }
        }
    }
}

/// The addresses of the network's engines, and of its record gossip.
fn addresses(drill: &Drill) -> (Vec<Multiaddr>, Vec<Multiaddr>) {
    let nodes = &drill.network.demonstration.founding.nodes.nodes;
    let parse = |address: &str| address.parse::<Multiaddr>().unwrap();
    let engines = nodes.iter().map(|node| parse(node.consensus_address.as_str())).collect();
    (engines, nodes.iter().map(|node| parse(node.gossip_address.as_str())).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_that_dials_every_port_hears_nothing() {
    let mut drill = Drill::start(46_000).await;
    let load = Load::start(&drill, &[0, 1, 2]);
    let (engines, gossip) = addresses(&drill);
    let stranger = SigningKey::from_seed(&[0xFE; 32]);
    let all = engines.iter().chain(&gossip).cloned().collect();
    let ears = Listener::start(&drill, &stranger, all);
    let height = drill.height(0).await;
    drill.reached(0, height + 12).await;
    until("its dials to have come to an end", PATIENCE, async || {
        let heard = ears.heard.lock().unwrap();
        heard.ended + heard.refused >= 2 * ALL.len()
    })
    .await;
    assert_eq!(ears.messages(), 0, "{:?}", ears.heard.lock().unwrap());
    drop(ears);

    // The same ears under a validator's key do hear: it is the key that is refused, not the manner of listening.
    drill.network.stop_node(3).await;
    let member = drill.network.demonstration.nodes[3].network.clone();
    let ears = Listener::start(&drill, &member, engines);
    until("a validator's message", PATIENCE, async || ears.messages() > 0).await;
    drop(ears);
    let receipts = load.stop().await;
    drill.run(3).await;
    drill.level(&ALL).await;
    drill.nothing_is_missing(&receipts, &ALL).await;
    drill.stop().await;
}

/// A fifth node whose genesis file names it among the four, signed by all their exchanges; theirs does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_only_its_own_genesis_names_gets_no_block_and_no_record() {
    let drill = Drill::start(46_100).await;
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
    assert!(!ready.ready && ready.reasons.iter().any(|reason| reason.contains("connected to 0")), "{ready:?}");
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
    let files = [("vote", Purpose::Vote, &vote), ("cosign", Purpose::Cosign, &cosign), ("network", Purpose::Network, &network)];
    for (name, purpose, key) in files {
        let file = KeyFile { purpose, key: key.clone() };
        file.save(&keys.join(format!("{name}.toml")), &Protection::OwnerOnly).unwrap();
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
