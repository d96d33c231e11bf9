//! Put a load of signed records on a network, follow it to all nodes, and say what it cost.

use crate::NODES;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tongda_client::Signer;
use tongda_ledger::act::Act;
use tongda_ledger::codec::List;
use tongda_ledger::envelope::{Core, Envelope};
use tongda_ledger::hash::Hash;
use tongda_ledger::vote::NetworkId;
use tongda_node::store::inspect;
use tongda_tests::parties::now;
use tongda_tests::{Network, usage};

/// Records in one batch of the full load.
const BATCH: usize = 256;

/// Makes envelopes, each with a nonce of its own.
pub(crate) struct Signing {
    network: NetworkId,
    next: AtomicU64,
}

impl Signing {
    pub(crate) fn new(network: &Network) -> Self {
        Self { network: network.demonstration.founding.network(), next: AtomicU64::new(0) }
    }

    /// An act of the first signer, signed by all.
    pub(crate) fn envelope(&self, signers: &[&Signer], act: Act) -> Envelope {
        let (from, author) = (now(), signers[0].member());
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&self.next.fetch_add(1, Ordering::Relaxed).to_le_bytes());
        nonce[8..].copy_from_slice(&author.position().to_le_bytes());
        let core = Core {
            network: self.network,
            author,
            valid_from: from,
            valid_until: from.plus_milliseconds(3_600_000),
            nonce,
            gather_until: None,
            expects: List::new(),
            act,
        };
        let signatures = signers.iter().flat_map(|signer| signer.sign(&core)).collect();
        Envelope::new(core, signatures).expect("a sound envelope")
    }
}

/// The network under load.
pub(crate) struct Load<'a> {
    network: &'a Network,
    http: reqwest::Client,
}

/// What a load came to, and what it cost all nodes together.
#[derive(Default)]
pub(crate) struct Measured {
    offered: usize,
    committed: usize,
    signatures: usize,
    elapsed: Duration,
    latencies: Vec<f64>,
    processor: f64,
    disk: u64,
    /// What the network says of a record that was offered and not committed.
    missing: Option<String>,
}

impl Measured {
    pub(crate) const fn elapsed(&self) -> Duration {
        self.elapsed
    }

    pub(crate) fn signatures_a_second(&self) -> f64 {
        self.signatures as f64 / self.elapsed.as_secs_f64()
    }

    /// Adds a load that ran after this one.
    pub(crate) fn extend(&mut self, other: Self) {
        self.offered += other.offered;
        self.committed += other.committed;
        self.signatures += other.signatures;
        self.elapsed += other.elapsed;
        self.latencies.extend(other.latencies);
        self.processor += other.processor;
        self.disk += other.disk;
        self.missing = self.missing.take().or(other.missing);
    }

    pub(crate) fn print_head() {
        println!(
            "| load | committed/s | signatures/s | of the limit | p50 ms | p99 ms | CPU µs a record and node | CPU µs a signature and node | disk B a record and node |"
        );
        println!("|---|---|---|---|---|---|---|---|---|");
    }

    /// Prints a row of the table. What was offered and not committed is said behind it: there must be nothing.
    pub(crate) fn print(&self, load: &str, limit: f64) {
        let mut latencies = self.latencies.clone();
        latencies.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (latencies.len() as f64 * share) as usize;
            latencies.get(place.min(latencies.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
        };
        let nodes = NODES as f64;
        println!(
            "| {load} | {:.0} | {:.0} | {:.0} % | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} |",
            self.committed as f64 / self.elapsed.as_secs_f64(),
            self.signatures_a_second(),
            self.signatures_a_second() / limit * 100.0,
            at(0.5),
            at(0.99),
            self.processor / (self.committed.max(1) as f64 * nodes) * 1e6,
            self.processor / (self.signatures.max(1) as f64 * nodes) * 1e6,
            self.disk as f64 / (self.committed.max(1) as f64 * nodes),
        );
        if self.committed != self.offered {
            println!("{} of {} records were not committed", self.offered - self.committed, self.offered);
            println!("of one of them the network says: {}", self.missing.as_deref().unwrap_or("nothing"));
        }
    }
}

impl<'a> Load<'a> {
    pub(crate) fn new(network: &'a Network) -> Self {
        Self { network, http: reqwest::Client::new() }
    }

    /// Sends records at a rate, a hundredth of a second's worth at once, and follows them to all nodes.
    pub(crate) async fn paced(&self, records: &[Envelope], rate: usize) -> Measured {
        let before = Before::take(self.network).await;
        let watch = Watch::start(self.network);
        let step = (rate / 100).max(1);
        let pause = Duration::from_secs_f64(step as f64 / rate as f64);
        let started = Instant::now();
        let mut sent = Vec::with_capacity(records.len());
        let mut posts = Vec::new();
        for (turn, records) in records.chunks(step).enumerate() {
            let due = started + pause * u32::try_from(turn).expect("few turns");
            tokio::time::sleep_until(due.into()).await;
            let url = &self.network.nodes[turn % NODES].url;
            sent.extend(records.iter().map(|record| (record.id(), Instant::now())));
            posts.push(tokio::spawn(post(self.http.clone(), url.clone(), body(records))));
        }
        for post in posts {
            post.await.expect("a post");
        }
        self.settle(before.records + records.len() as u64).await;
        let elapsed = started.elapsed();
        let sample = sent.len().div_ceil(500).max(1);
        let latencies = self.latencies(watch, sent.into_iter().step_by(sample)).await;
        self.measured(before, records, elapsed, latencies).await
    }

    /// Keeps every node's pool filled until the records are sent, or for a while; measures those that were sent.
    pub(crate) async fn full(&self, records: &[Envelope], length: Option<Duration>) -> Measured {
        let batches: Arc<Vec<Vec<u8>>> = Arc::new(records.chunks(BATCH).map(body).collect());
        let before = Before::take(self.network).await;
        let watch = Watch::start(self.network);
        let next = Arc::new(AtomicUsize::new(0));
        let started = Instant::now();
        let mut workers = Vec::new();
        for node in 0..NODES {
            for _ in 0..2 {
                let (batches, next, url) =
                    (batches.clone(), next.clone(), self.network.nodes[node].url.clone());
                let http = self.http.clone();
                workers.push(tokio::spawn(async move {
                    let mut sent = BTreeMap::new();
                    while length.is_none_or(|length| started.elapsed() < length) {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        let Some(batch) = batches.get(place) else { break };
                        let at = Instant::now();
                        post(http.clone(), url.clone(), batch.clone()).await;
                        sent.insert(place, at);
                        // No more than a second's worth waits in the pools: latency is the system's, not the queue's.
                        throttle(&http, &url).await;
                    }
                    sent
                }));
            }
        }
        let mut sent = BTreeMap::new();
        for worker in workers {
            sent.extend(worker.await.expect("a worker"));
        }
        // Batches are taken in turn: those that were sent are the first ones.
        let offered = &records[..(sent.len() * BATCH).min(records.len())];
        self.settle(before.records + offered.len() as u64).await;
        let elapsed = started.elapsed();
        let sample = sent.iter().map(|(place, at)| {
            let batch = &records[place * BATCH..((place + 1) * BATCH).min(records.len())];
            (batch[batch.len() / 2].id(), *at)
        });
        let latencies = self.latencies(watch, sample).await;
        self.measured(before, offered, elapsed, latencies).await
    }

    /// The log index of a record.
    pub(crate) async fn index_of(&self, id: &Hash) -> Option<u64> {
        self.network.nodes[0].node.record(id).await.ok().map(|entry| entry.index)
    }

    /// What became of the records between two moments.
    async fn measured(
        &self,
        before: Before,
        records: &[Envelope],
        elapsed: Duration,
        latencies: Vec<f64>,
    ) -> Measured {
        let mut measured = before.measured(self.network, records, elapsed, latencies).await;
        if measured.committed != measured.offered {
            for record in records {
                if let Err(error) = self.network.nodes[0].node.record(record.id()).await {
                    measured.missing = Some(error.to_string());
                    break;
                }
            }
        }
        measured
    }

    /// Milliseconds from sending each of these records until the last node had it: where it stands in the log says when
    /// each node could read it.
    async fn latencies(&self, watch: Watch, sent: impl Iterator<Item = (Hash, Instant)>) -> Vec<f64> {
        let seen = watch.stop().await;
        let mut latencies = Vec::new();
        for (id, at) in sent {
            if let Some(index) = self.index_of(&id).await
                && let Some(latest) = seen.iter().map(|node| node.readable(index)).max().flatten()
            {
                latencies.push(latest.duration_since(at).as_secs_f64() * 1e3);
            }
        }
        latencies
    }

    /// Waits until the log has this many records, or nothing has moved for a second.
    async fn settle(&self, wanted: u64) {
        let (mut still, mut last) = (0, 0);
        while still < 50 && last < wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let records = records_of(self.network).await;
            still = if records == last { still + 1 } else { 0 };
            last = records;
        }
    }
}

/// Records in a batch, as they are posted.
fn body(records: &[Envelope]) -> Vec<u8> {
    let mut body = Vec::new();
    for record in records {
        body.extend_from_slice(&u32::try_from(record.bytes().len()).expect("bounded").to_le_bytes());
        body.extend_from_slice(record.bytes());
    }
    body
}

async fn post(http: reqwest::Client, url: String, body: Vec<u8>) {
    let answer = http.post(format!("{url}/v1/records/batch")).body(body).send().await.expect("an answer");
    answer.error_for_status().expect("the batch is taken");
}

/// Records in the log: all leaves but the genesis and a seal a block.
async fn records_of(network: &Network) -> u64 {
    let tip = network.nodes[0].node.log().await.expect("a tip");
    tip.size - 1 - tip.height
}

async fn waiting_at(http: &reqwest::Client, url: &str) -> usize {
    let text = http.get(format!("{url}/metrics")).send().await.expect("metrics").text().await.expect("text");
    let line = text.lines().find_map(|line| line.strip_prefix("tongda_pool_waiting "));
    line.and_then(|count| count.trim().parse().ok()).expect("the pool's size is a metric")
}

async fn throttle(http: &reqwest::Client, url: &str) {
    while waiting_at(http, url).await > 4_000 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// When each node had how much of the log.
struct Watch {
    stop: tokio::sync::watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<Seen>>,
}

#[derive(Default)]
struct Seen {
    sizes: Vec<(Instant, u64)>,
}

impl Seen {
    fn readable(&self, index: u64) -> Option<Instant> {
        let place = self.sizes.partition_point(|(_, size)| *size <= index);
        self.sizes.get(place).map(|(at, _)| *at)
    }
}

impl Watch {
    fn start(network: &Network) -> Self {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let tasks = network.nodes.iter().map(|running| {
            let (url, stopped) = (running.url.clone(), stopped.clone());
            tokio::spawn(async move {
                let http = reqwest::Client::new();
                let (mut seen, mut height) = (Seen::default(), 0);
                while !*stopped.borrow() {
                    let url = format!("{url}/v1/log?after={height}");
                    let Ok(answer) = http.get(url).send().await else { break };
                    let Ok(tip) = answer.json::<serde_json::Value>().await else { break };
                    height = tip["height"].as_u64().unwrap_or(height);
                    seen.sizes.push((Instant::now(), tip["size"].as_u64().unwrap_or(0)));
                }
                seen
            })
        });
        Self { tasks: tasks.collect(), stop }
    }

    async fn stop(self) -> Vec<Seen> {
        // A reader that waits for a block is answered within ten seconds.
        let _ = self.stop.send(true);
        let mut seen = Vec::new();
        for task in self.tasks {
            seen.push(task.await.expect("a watcher"));
        }
        seen
    }
}

/// What the nodes had used before a load.
struct Before {
    records: u64,
    processor: f64,
    disk: u64,
}

impl Before {
    async fn take(network: &Network) -> Self {
        let (processor, disk) = used(network);
        Self { records: records_of(network).await, processor, disk }
    }

    async fn measured(
        &self,
        network: &Network,
        offered: &[Envelope],
        elapsed: Duration,
        latencies: Vec<f64>,
    ) -> Measured {
        let (processor, disk) = used(network);
        Measured {
            offered: offered.len(),
            committed: usize::try_from(records_of(network).await - self.records).expect("it fits"),
            signatures: offered.iter().map(|record| record.signatures().len()).sum(),
            elapsed,
            latencies,
            processor: processor - self.processor,
            disk: disk.saturating_sub(self.disk),
            missing: None,
        }
    }
}

/// Processor time and disk of all nodes together.
fn used(network: &Network) -> (f64, u64) {
    let mut total = (0.0, 0);
    for (place, running) in network.nodes.iter().enumerate() {
        let used = running.process_id().and_then(usage::of).unwrap_or_default();
        total.0 += used.processor;
        let directory = network.node_directory(place);
        // Segments are preallocated: what counts is how far they are written.
        let segments = inspect::segments(&directory.join("segments")).unwrap_or_default();
        total.1 += segments.iter().map(|segment| segment.bytes_used).sum::<u64>();
        total.1 += usage::disk(&directory.join("index"));
    }
    total
}
