//! Try passing records on between nodes of one process, honest, absent, full, strange and hostile.

use super::*;
use crate::cosign::Tree;
use crate::pool::fixtures::{NETWORK, Sample, key, noon, sample};
use crate::pool::{Admission, Origin, PoolLimits};
use libp2p::request_response::{self, OutboundFailure, ProtocolSupport};
use libp2p::{StreamProtocol, Swarm, SwarmBuilder, noise, tcp, yamux};
use message::Message;
use std::collections::BTreeSet;
use std::io;
use std::time::Duration;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::Cosignature;
use tongda_ledger::vote::Address;

/// Long enough for a busy machine: what is waited for here comes within a second.
const PATIENCE: Duration = Duration::from_secs(60);

struct Node {
    seed: u8,
    pool: Pool,
    gossip: GossipHandle,
}

async fn node_at(seed: u8, listen: SocketAddr, peers: Vec<Peer>, limits: PoolLimits) -> Node {
    let pool = Pool::new(limits);
    let config = GossipConfig { network_key: key(seed), listen, peers, network: NETWORK };
    let gossip = Gossip::start(config, pool.clone()).await.unwrap();
    Node { seed, pool, gossip }
}

async fn node(seed: u8) -> Node {
    node_at(seed, any_port(), Vec::new(), PoolLimits::default()).await
}

fn any_port() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

impl Node {
    fn peer(&self) -> Peer {
        Peer { network_key: key(self.seed).public(), address: self.gossip.local_address() }
    }

    fn admit(&self, sample: Sample) -> Hash {
        let record = self.pool.verify_all(&[sample.bytes()]).unwrap().remove(0);
        let id = record.id();
        assert_eq!(self.pool.admit(record, Origin::Client, noon()), Ok(Admission::New));
        id
    }

    async fn holds(&self, count: usize) {
        let mut depth = self.pool.depth();
        let held = tokio::time::timeout(PATIENCE, depth.wait_for(|depth| *depth == count)).await;
        assert!(
            held.is_ok(),
            "node {} holds {} records, not {count}",
            self.seed,
            *self.pool.depth().borrow()
        );
    }

    async fn sees(&self, what: &str, condition: impl Fn(&[PeerStatus]) -> bool) {
        let seen = async {
            while !condition(&self.gossip.peers()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let seen = tokio::time::timeout(PATIENCE, seen).await;
        assert!(seen.is_ok(), "node {} never saw {what}: {:?}", self.seed, self.gossip.peers());
    }
}

async fn acquaint(nodes: &[&Node]) {
    let peers: Vec<Peer> = nodes.iter().map(|node| node.peer()).collect();
    for node in nodes {
        node.gossip.set_peers(peers.clone()).await;
    }
}

fn ids(pool: &Pool) -> BTreeSet<Hash> {
    pool.take(usize::MAX, usize::MAX, noon()).iter().map(|record| record.id()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_clients_of_any_node_send_reaches_every_node() {
    let nodes = [node(1).await, node(2).await, node(3).await];
    acquaint(&nodes.each_ref()).await;
    let mut sent = BTreeSet::new();
    for number in 0..300 {
        sent.insert(nodes[number as usize % 3].admit(sample(1 + number % 7, number)));
    }
    for node in &nodes {
        node.holds(300).await;
        assert_eq!(ids(&node.pool), sent);
    }
    for node in &nodes {
        node.sees("two peers that acknowledged everything", |peers| {
            peers.len() == 2
                && peers.iter().all(|peer| peer.connected && peer.counts.sent == 100 && peer.in_flight == 0)
        })
        .await;
        // Verified once here, whether a client or two peers brought them.
        assert_eq!(node.pool.metrics().verified, 300);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_was_down_gets_what_is_still_waiting_when_it_is_back() {
    let first = node(1).await;
    let second = node(2).await;
    let (second_peer, listen) = (second.peer(), second.gossip.local_address());
    acquaint(&[&first, &second]).await;
    first.admit(sample(1, 0));
    second.holds(1).await;
    second.gossip.shutdown().await;
    first.sees("the second node leave", |peers| !peers[0].connected).await;
    let committed = first.admit(sample(1, 1));
    let waiting: BTreeSet<_> = (2..50).map(|number| first.admit(sample(1, number))).collect();
    first.pool.committed(&[(committed, 0)], 1);
    // It comes back without memory of what it had.
    let back = node_at(2, listen, vec![first.peer()], PoolLimits::default()).await;
    assert_eq!(back.peer(), second_peer);
    back.holds(49).await;
    assert!(ids(&back.pool).is_superset(&waiting) && !ids(&back.pool).contains(&committed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_node_is_sent_the_rest_when_it_has_room() {
    let first = node(1).await;
    let small = node_at(2, any_port(), Vec::new(), PoolLimits { records: 10, ..PoolLimits::default() }).await;
    let sent: BTreeSet<_> = (0..25).map(|number| first.admit(sample(1, number))).collect();
    acquaint(&[&first, &small]).await;
    let mut delivered = BTreeSet::new();
    for height in 1..=3 {
        small.holds(if height < 3 { 10 } else { 5 }).await;
        let block: Vec<(Hash, u64)> = ids(&small.pool).into_iter().map(|id| (id, 0)).collect();
        delivered.extend(block.iter().map(|(id, _)| *id));
        small.pool.committed(&block, height);
    }
    assert_eq!(delivered, sent);
    first.sees("a batch refused for want of room", |peers| peers[0].counts.resent > 0).await;
    assert_eq!(first.gossip.peers()[0].counts.offences, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_no_longer_named_is_disconnected_and_gets_nothing_more() {
    let nodes = [node(1).await, node(2).await, node(3).await];
    acquaint(&nodes.each_ref()).await;
    nodes[0].admit(sample(1, 0));
    nodes[2].holds(1).await;
    for node in &nodes[..2] {
        node.gossip.set_peers(nodes[..2].iter().map(Node::peer).collect()).await;
    }
    nodes[2].sees("both others leave", |peers| peers.iter().all(|peer| !peer.connected)).await;
    nodes[0].admit(sample(1, 1));
    nodes[2].admit(sample(1, 2));
    nodes[1].holds(2).await;
    assert_eq!(nodes[0].gossip.peers().len(), 1);
    assert_eq!(ids(&nodes[2].pool).len(), 2);
    assert_eq!(ids(&nodes[0].pool).len(), 2);
}

/// Writes whatever bytes it is given onto streams of the protocol.
#[derive(Clone, Default)]
struct Raw;

#[async_trait::async_trait]
impl request_response::Codec for Raw {
    type Protocol = StreamProtocol;
    type Request = Vec<u8>;
    type Response = Vec<u8>;

    async fn read_request<T>(&mut self, _: &StreamProtocol, _: &mut T) -> io::Result<Vec<u8>>
    where
        T: futures::AsyncRead + Unpin + Send,
    {
        Ok(Vec::new())
    }

    async fn read_response<T>(&mut self, _: &StreamProtocol, stream: &mut T) -> io::Result<Vec<u8>>
    where
        T: futures::AsyncRead + Unpin + Send,
    {
        let mut reply = Vec::new();
        futures::AsyncReadExt::read_to_end(stream, &mut reply).await?;
        if reply.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(reply) }
    }

    async fn write_request<T>(&mut self, _: &StreamProtocol, stream: &mut T, bytes: Vec<u8>) -> io::Result<()>
    where
        T: futures::AsyncWrite + Unpin + Send,
    {
        futures::AsyncWriteExt::write_all(stream, &bytes).await
    }

    async fn write_response<T>(&mut self, _: &StreamProtocol, _: &mut T, _: Vec<u8>) -> io::Result<()>
    where
        T: futures::AsyncWrite + Unpin + Send,
    {
        Ok(())
    }
}

/// A node that says whatever the test wants.
struct Hostile {
    swarm: Swarm<request_response::Behaviour<Raw>>,
    /// Messages that it was sent.
    heard: usize,
}

impl Hostile {
    fn new(seed: u8) -> Self {
        let identity = libp2p::identity::Keypair::ed25519_from_bytes(key(seed).seed()).unwrap();
        let protocol = StreamProtocol::try_from_owned(format!("/tongda/{NETWORK}/records/1")).unwrap();
        let behaviour = request_response::Behaviour::<Raw>::new(
            [(protocol, ProtocolSupport::Full)],
            request_response::Config::default(),
        );
        let swarm = SwarmBuilder::with_existing_identity(identity)
            .with_tokio()
            .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
            .unwrap()
            .with_behaviour(|_| behaviour)
            .unwrap()
            .build();
        Self { swarm, heard: 0 }
    }

    /// Sends bytes to a node; its reply, or why there is none.
    async fn send(&mut self, to: &Peer, bytes: Vec<u8>) -> Result<Vec<u8>, OutboundFailure> {
        let id = network::peer_id(&to.network_key).unwrap();
        let address = network::multiaddress(to.address);
        self.swarm.behaviour_mut().send_request_with_addresses(&id, bytes, vec![address]);
        let answered = async {
            loop {
                match self.swarm.select_next_some().await {
                    SwarmEvent::Behaviour(request_response::Event::Message {
                        message: request_response::Message::Response { response, .. },
                        ..
                    }) => return Ok(response),
                    SwarmEvent::Behaviour(request_response::Event::OutboundFailure { error, .. }) => {
                        return Err(error);
                    }
                    SwarmEvent::Behaviour(request_response::Event::Message { .. }) => self.heard += 1,
                    _ => {}
                }
            }
        };
        tokio::time::timeout(PATIENCE, answered).await.expect("an answer or a failure")
    }
}

fn framed(frame: &[u8]) -> Vec<u8> {
    let length = u32::try_from(frame.len()).unwrap();
    [&length.to_le_bytes(), frame].concat()
}

fn batch(records: &[bytes::Bytes]) -> Vec<u8> {
    framed(&Message::Records(records.to_vec()).encode())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_knows_every_address_gets_nothing_and_delivers_nothing() {
    let nodes = [node(1).await, node(2).await];
    acquaint(&nodes.each_ref()).await;
    nodes[0].admit(sample(1, 0));
    nodes[1].holds(1).await;
    let mut stranger = Hostile::new(66);
    for node in &nodes {
        let failure = stranger.send(&node.peer(), batch(&[sample(9, 9).bytes()])).await;
        assert!(
            matches!(failure, Err(OutboundFailure::ConnectionClosed | OutboundFailure::Io(_))),
            "{failure:?}"
        );
    }
    nodes[0].admit(sample(1, 1));
    nodes[1].holds(2).await;
    assert_eq!(ids(&nodes[0].pool), ids(&nodes[1].pool));
    assert_eq!(stranger.heard, 0);
    // The same bytes from a node that is named are taken.
    let named = Peer { network_key: key(66).public(), address: any_port() };
    nodes[0].gossip.set_peers(vec![named]).await;
    nodes[0].sees("the stranger named", |peers| peers[0].peer.network_key == key(66).public()).await;
    let mut named = Hostile::new(66);
    named.send(&nodes[0].peer(), batch(&[sample(9, 9).bytes()])).await.unwrap();
    nodes[0].holds(3).await;
}

/// A node that knows one peer, which is hostile, and keeps it out so long after an offence.
async fn node_with_hostile_peer(bar: Duration) -> (Node, Hostile) {
    let peer = Peer { network_key: key(5).public(), address: any_port() };
    let config =
        GossipConfig { network_key: key(1), listen: any_port(), peers: vec![peer], network: NETWORK };
    let pool = Pool::new(PoolLimits::default());
    let gossip = Gossip::start_with(config, pool.clone(), bar, None).await.unwrap();
    (Node { seed: 1, pool, gossip }, Hostile::new(5))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_sends_what_no_honest_node_sends_is_kept_out() {
    let foreign = Sample { network: NetworkId(Hash([8; 32])), ..sample(1, 1) };
    let offences = [
        ("a frame of 4294967295 bytes", u32::MAX.to_le_bytes().to_vec(), 0),
        ("unknown tag 9", framed(&[9, 1, 2, 3]), 0),
        ("holds nothing", framed(&[]), 0),
        ("cut short", framed(&[1, 200, 0, 1]), 0),
        ("the frame is cut short", batch(&[bytes::Bytes::from_static(b"x")]), 0),
        ("the signature of", batch(&[sample(1, 1).bytes(), sample(1, 2).forged(), sample(1, 3).bytes()]), 1),
        ("another network", batch(&[foreign.bytes()]), 0),
    ];
    for (what, bytes, admitted) in offences {
        let (node, mut hostile) = node_with_hostile_peer(Duration::from_secs(3600)).await;
        hostile.send(&node.peer(), bytes).await.unwrap_err();
        node.sees(what, |peers| peers[0].barred && !peers[0].connected).await;
        let counts = node.gossip.peers()[0].counts.clone();
        assert_eq!(counts.offences, 1);
        let said = counts.last_offence.unwrap();
        assert!(said.contains(what), "{said:?} does not say {what:?}");
        node.holds(admitted).await;
        let failure = hostile.send(&node.peer(), batch(&[sample(2, 2).bytes()])).await;
        assert!(
            matches!(failure, Err(OutboundFailure::ConnectionClosed | OutboundFailure::Io(_))),
            "{failure:?}"
        );
        assert_eq!(ids(&node.pool).len(), admitted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_was_kept_out_is_let_in_again_after_a_while() {
    let (node, mut hostile) = node_with_hostile_peer(Duration::from_millis(1)).await;
    hostile.send(&node.peer(), framed(&[9])).await.unwrap_err();
    node.sees("the bar lifted", |peers| peers[0].counts.offences == 1 && !peers[0].barred).await;
    hostile.send(&node.peer(), batch(&[sample(2, 2).bytes()])).await.unwrap();
    node.holds(1).await;
}

fn cosigned(size: u64) -> CosignedTree {
    let cosignature = Cosignature { time: 1, signature: [3; 64] };
    CosignedTree { tree: Tree { size, root: Hash([4; 32]) }, signer: Address([5; 20]), cosignature }
}

/// A node whose judge of cosignatures is the test.
async fn judging(seed: u8, peers: Vec<Peer>, bar: Duration) -> (GossipHandle, mpsc::Receiver<CosignEvent>) {
    let (events, received) = mpsc::channel(16);
    let config = GossipConfig { network_key: key(seed), listen: any_port(), peers, network: NETWORK };
    let pool = Pool::new(PoolLimits::default());
    (Gossip::start_with(config, pool, bar, Some(events)).await.unwrap(), received)
}

async fn next(events: &mut mpsc::Receiver<CosignEvent>) -> CosignEvent {
    tokio::time::timeout(PATIENCE, events.recv()).await.expect("an event in time").expect("an event")
}

#[tokio::test(flavor = "multi_thread")]
async fn cosignatures_are_told_to_all_and_given_to_who_asks() {
    let (first, mut at_first) = judging(1, Vec::new(), link::SHORTEST_BAR).await;
    let (second, mut at_second) = judging(2, Vec::new(), link::SHORTEST_BAR).await;
    let peer = |seed: u8, gossip: &GossipHandle| Peer {
        network_key: key(seed).public(),
        address: gossip.local_address(),
    };
    let peers = vec![peer(1, &first), peer(2, &second)];
    first.set_peers(peers.clone()).await;
    second.set_peers(peers).await;
    for events in [&mut at_first, &mut at_second] {
        assert!(matches!(next(events).await, CosignEvent::Connected { .. }));
    }
    first.tell_cosigned(vec![cosigned(7)]).await;
    match next(&mut at_second).await {
        CosignEvent::Told { peer, trees, asked: false, verdict } => {
            assert_eq!((peer, trees), (key(1).public(), vec![cosigned(7)]));
            verdict.send(None).unwrap();
        }
        other => panic!("{other:?}"),
    }
    second.ask_cosigned(Some(key(1).public()), 5).await;
    match next(&mut at_first).await {
        CosignEvent::Asked { size: 5, reply } => reply.send(vec![cosigned(5), cosigned(6)]).unwrap(),
        other => panic!("{other:?}"),
    }
    match next(&mut at_second).await {
        CosignEvent::Told { peer, trees, asked: true, .. } => {
            assert_eq!((peer, trees), (key(1).public(), vec![cosigned(5), cosigned(6)]));
        }
        other => panic!("{other:?}"),
    }
    // Of a node that does not know it, nothing is asked.
    second.ask_cosigned(Some(key(9).public()), 5).await;
    second.ask_cosigned(None, 8).await;
    assert!(matches!(next(&mut at_first).await, CosignEvent::Asked { size: 8, .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_whose_cosignatures_are_an_offence_is_kept_out() {
    let peer = Peer { network_key: key(5).public(), address: any_port() };
    let (gossip, mut events) = judging(1, vec![peer], Duration::from_secs(3600)).await;
    let node = Node { seed: 1, pool: Pool::new(PoolLimits::default()), gossip };
    let mut hostile = Hostile::new(5);
    let judge = tokio::spawn(async move {
        loop {
            if let CosignEvent::Told { verdict, .. } = next(&mut events).await {
                verdict.send(Some("a stranger's cosignature".into())).unwrap();
                break events;
            }
        }
    });
    let told = framed(&Message::Cosigned(vec![cosigned(7)]).encode());
    hostile.send(&node.peer(), told).await.unwrap_err();
    node.sees("the peer barred", |peers| peers[0].barred && !peers[0].connected).await;
    let counts = node.gossip.peers()[0].counts.clone();
    assert_eq!(counts.last_offence.unwrap(), "a stranger's cosignature");
    drop(judge.await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_judges_no_cosignatures_is_busy_and_bars_nobody() {
    let (node, mut hostile) = node_with_hostile_peer(Duration::from_secs(3600)).await;
    let frames = [Message::Cosigned(vec![cosigned(7)]), Message::HeldFrom(0)];
    for frame in frames {
        let reply = hostile.send(&node.peer(), framed(&frame.encode())).await.unwrap();
        assert_eq!(reply[..5], [5, 0, 0, 0, 2], "busy: {reply:?}");
    }
    assert_eq!(node.gossip.peers()[0].counts.offences, 0);
}
