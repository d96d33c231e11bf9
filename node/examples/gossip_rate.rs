//! Measure what it costs to pass records on: four nodes in one process, records a second and CPU time a record.
//!
//! `cargo run --release -p tongda-node --example gossip_rate [RECORDS]`
//!
//! Every node admits a quarter of the records as its clients' and passes them on to the three others. What is
//! measured first is transport alone: all pools have verified all records before. The second run verifies as nodes
//! do, each record once at each. The third number is the machine's own limit for verifying, measured in the same run.

use bytes::Bytes;
use std::time::{Duration, Instant};
use tongda_ledger::act::consent::Decline;
use tongda_ledger::envelope::{Core, Envelope};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PendingId, Timestamp};
use tongda_ledger::key::SigningKey;
use tongda_ledger::vote::NetworkId;
use tongda_node::pool::gossip::{Gossip, GossipConfig, GossipHandle, Peer};
use tongda_node::pool::{Origin, Pool, PoolLimits, Rate, Verified};

const NODES: usize = 4;
const NETWORK: NetworkId = NetworkId(Hash([7; 32]));

type Error = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let count: usize = std::env::args().nth(1).map_or(Ok(40_000), |count| count.parse())?;
    let records: Vec<Bytes> = (0..count as u64).map(record).collect::<Result<_, _>>()?;
    println!("{count} records of {} bytes, {NODES} nodes, full mesh on loopback", records[0].len());
    run("transport alone", &records, true).await?;
    run("with verification", &records, false).await?;
    let sample = &records[..count.min(4_000)];
    let pool = Pool::new(limits());
    let (started, cpu) = (Instant::now(), cpu_time()?);
    pool.verify_all(sample).map_err(|(_, error)| error)?;
    let wall = started.elapsed().as_secs_f64();
    let cpu = (cpu_time()? - cpu).as_secs_f64();
    println!(
        "verifying alone: {:.0} records/s on all cores, {:.1} µs of CPU a record",
        sample.len() as f64 / wall,
        1e6 * cpu / sample.len() as f64
    );
    Ok(())
}

/// Passes all records to all nodes and prints the rate and the CPU time, for each record at each node.
async fn run(what: &str, records: &[Bytes], verified_before: bool) -> Result<(), Error> {
    let mut nodes: Vec<(Pool, GossipHandle)> = Vec::new();
    for seed in 1..=NODES as u8 {
        let pool = Pool::new(limits());
        let config = GossipConfig {
            network_key: SigningKey::from_seed(&[seed; 32]),
            listen: "127.0.0.1:0".parse()?,
            peers: Vec::new(),
            network: NETWORK,
        };
        let gossip = Gossip::start(config, pool.clone()).await?;
        nodes.push((pool, gossip));
    }
    let peers: Vec<Peer> = (1..)
        .zip(&nodes)
        .map(|(seed, (_, gossip))| Peer {
            network_key: SigningKey::from_seed(&[seed; 32]).public(),
            address: gossip.local_address(),
        })
        .collect();
    for (_, gossip) in &nodes {
        gossip.set_peers(peers.clone()).await;
    }
    let connected = |gossip: &GossipHandle| gossip.peers().iter().filter(|peer| peer.connected).count();
    while nodes.iter().any(|(_, gossip)| connected(gossip) < NODES - 1) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let share = records.len().div_ceil(NODES);
    let mut own: Vec<Vec<Verified>> = Vec::new();
    for ((pool, _), records) in nodes.iter().zip(records.chunks(share)) {
        own.push(pool.verify_all(records).map_err(|(_, error)| error)?);
    }
    if verified_before {
        for (pool, _) in &nodes {
            pool.verify_all(records).map_err(|(_, error)| error)?;
        }
    }
    let now = Timestamp::FIRST;
    let (started, cpu) = (Instant::now(), cpu_time()?);
    let mut shares: Vec<_> = own.iter().map(|records| records.chunks(50)).collect();
    loop {
        let mut done = true;
        for ((pool, _), share) in nodes.iter().zip(&mut shares) {
            if let Some(records) = share.next() {
                pool.admit_all(records.iter().cloned(), &Origin::Client, now);
                done = false;
            }
        }
        tokio::task::yield_now().await;
        if done {
            break;
        }
    }
    for (pool, _) in &nodes {
        pool.depth().wait_for(|depth| *depth == records.len()).await?;
    }
    let wall = started.elapsed().as_secs_f64();
    let cpu = (cpu_time()? - cpu).as_secs_f64();
    println!(
        "{what}: {:.0} records/s at every node, {:.1} µs of CPU a record and node, {:.2} cores busy",
        records.len() as f64 / wall,
        1e6 * cpu / (records.len() * NODES) as f64,
        cpu / wall
    );
    for (_, gossip) in nodes {
        gossip.shutdown().await;
    }
    Ok(())
}

fn limits() -> PoolLimits {
    PoolLimits {
        records: 1 << 20,
        bytes: 1 << 30,
        records_per_member: 1 << 20,
        records_per_node: 1 << 20,
        member_records: Rate::new(1 << 30, 1 << 30),
        verified_records: 1 << 22,
        verified_bytes: 1 << 32,
        ..PoolLimits::default()
    }
}

/// A record of about 500 bytes with one signature.
fn record(number: u64) -> Result<Bytes, Error> {
    let key = SigningKey::from_seed(&[9; 32]);
    let author = MemberId::new(1 + number % 100, 0);
    let mut nonce = [0; 16];
    nonce[..8].copy_from_slice(&number.to_le_bytes());
    let core = Core {
        network: NETWORK,
        author,
        valid_from: Timestamp::FIRST,
        valid_until: Timestamp::LAST,
        nonce,
        gather_until: None,
        expects: Vec::new().try_into()?,
        act: Decline { pending: PendingId::new(9, 0), reason: Some("a".repeat(280).parse()?) }.into(),
    };
    let signatures = vec![core.sign(author, &key)];
    Ok(Bytes::copy_from_slice(Envelope::new(core, signatures)?.bytes()))
}

/// The CPU time of this process: fields 14 and 15 of its `stat`, in hundredths of a second (proc(5)).
fn cpu_time() -> Result<Duration, Error> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: u64 = fields.skip(11).take(2).map(str::parse::<u64>).sum::<Result<_, _>>()?;
    Ok(Duration::from_millis(10 * ticks))
}
