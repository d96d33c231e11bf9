//! Measure four validators on this machine: records a second, latency, and what each record costs.
//!
//! Everything is printed beside the machine's own limit, measured in the same run: the strict-verify rate of all cores,
//! divided by the four validators that each verify every signature. Patents are real; members and declarations are made.
//!
//! `cargo bench -p tongda-tests --bench throughput [-- --seconds N]`

use futures::StreamExt as _;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::{Announce, Declare, FeeStandard, Notice};
use tongda_ledger::act::patent::Evaluation;
use tongda_ledger::codec::List;
use tongda_ledger::envelope::{Core, Envelope};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{DeclarationId, Money, PatentKind, Term};
use tongda_ledger::key::SigningKey;
use tongda_node::store::inspect;
use tongda_tests::parties::{Made, digest, enrol, founder, now, real_patents, register, send};
use tongda_tests::{Network, Options, usage};

const NODES: usize = 4;
const LICENSEES: u32 = 16;
const PATENTS: usize = 64;
/// Records in one batch of the full load.
const BATCH: usize = 256;

fn main() {
    let seconds = std::env::args()
        .skip_while(|argument| argument != "--seconds")
        .nth(1)
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or(20);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run(seconds));
}

async fn run(seconds: u64) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let verify = verify_rate(cores);
    let limit = verify * cores as f64 / NODES as f64;
    println!("strict-verify rate: {verify:.0}/s on each of {cores} cores at once");
    println!("limit: {cores} × {verify:.0} ÷ {NODES} validators = {limit:.0} single-signature records/s\n");

    let options = Options {
        count: NODES,
        port: 28_600,
        directory: None,
        program: PathBuf::from(env!("CARGO_BIN_EXE_tongda-test-node")),
    };
    let mut network = Network::start(options).await.expect("the network starts");
    let bench = Bench::prepare(&network).await;
    println!(
        "| load | offered/s | committed/s | of the limit | p50 ms | p99 ms | CPU µs a record and node | disk B a record and node |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for rate in [100, 1_000] {
        bench.paced(&network, rate, Duration::from_secs(seconds.min(15)), limit).await;
    }
    bench.full(&network, Duration::from_secs(seconds), limit).await;
    println!();
    for running in &network.nodes {
        if let Some(used) = running.process_id().and_then(usage::of) {
            println!(
                "{}: {:.1} s of CPU, {} MiB at most",
                running.name,
                used.processor,
                used.peak_memory >> 20
            );
        }
    }
    network.stop().await;
}

/// Strict verifications a second of one core, while all are at it.
fn verify_rate(cores: usize) -> f64 {
    let key = SigningKey::from_seed(&[5; 32]);
    let message = [7_u8; 600];
    let signature = key.sign(&message);
    let public = key.public();
    let length = Duration::from_secs(2);
    let counts: Vec<u64> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    let (started, mut count) = (Instant::now(), 0);
                    while started.elapsed() < length {
                        assert!(public.verify(&message, &signature).is_ok());
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker only counts")).collect()
    });
    counts.iter().sum::<u64>() as f64 / length.as_secs_f64() / cores as f64
}

/// Open licences over real patents, and members who take them.
struct Bench {
    declarations: Vec<(DeclarationId, FeeStandard, Term)>,
    licensees: Vec<Made>,
    http: reqwest::Client,
    made: AtomicUsize,
}

impl Bench {
    async fn prepare(network: &Network) -> Self {
        let today = now().date();
        let registrar = founder(network, Role::Registrar);
        let owner = enrol(network, 0, 1, Role::University).await.expect("an owner is enrolled");
        let licensees: Vec<_> = futures::stream::iter(0..LICENSEES)
            .map(|number| enrol(network, number as usize % NODES, 100 + number, Role::Enterprise))
            .buffered(8)
            .map(|made| made.expect("a licensee is enrolled"))
            .collect()
            .await;
        let fee = FeeStandard::Lump { amount: Money::from_fen(5_000_000) };
        let term = Term::new(today, today.add_months(11)).expect("a term");
        let patents = real_patents(today);
        assert!(patents.len() >= PATENTS, "the sample has {} living patents", patents.len());
        let declarations = futures::stream::iter(patents.iter().take(PATENTS).enumerate())
            .map(|(place, patent)| {
                let (registrar, owner, fee) = (&registrar, &owner, fee.clone());
                async move {
                    let node = place % NODES;
                    let id = register(network, node, patent, &[owner.party])
                        .await
                        .expect("a patent is registered");
                    if patent.kind() != PatentKind::Invention {
                        let number = "演示".parse().expect("a text");
                        let report =
                            Evaluation { patent: id, positive: true, number, digest: digest("report") };
                        send(network, node, &[registrar], report).await.expect("a report is entered");
                    }
                    let declare = Declare {
                        patent: id,
                        fee: fee.clone(),
                        term,
                        contact: "演示联系人".parse().expect("a text"),
                        account: None,
                        calculation: "演示：参照同类技术".parse().expect("a text"),
                        industries: List::new(),
                        application: None,
                        know_how: false,
                        undertaking: true,
                    };
                    let declared =
                        send(network, node, &[&owner.signer], declare).await.expect("a declaration");
                    let declaration = DeclarationId::new(declared.index, 0);
                    let gazette = "演示".parse().expect("a text");
                    let announce = Announce { declaration, gazette, on: today };
                    send(network, node, &[registrar], announce).await.expect("an announcement");
                    (declaration, fee, term)
                }
            })
            .buffer_unordered(16)
            .collect()
            .await;
        Self { declarations, licensees, http: reqwest::Client::new(), made: AtomicUsize::new(0) }
    }

    /// Signed notices under the open licences, made on all cores.
    fn notices(&self, network: &Network, count: usize) -> Vec<Envelope> {
        use rayon::prelude::*;
        let first = self.made.fetch_add(count, Ordering::Relaxed);
        let id = network.demonstration.founding.network();
        let from = now();
        (first..first + count)
            .into_par_iter()
            .map(|number| {
                let (declaration, fee, term) = &self.declarations[number % self.declarations.len()];
                let licensee = &self.licensees[number / self.declarations.len() % self.licensees.len()];
                let plan = "演示：压力测试中的实施计划".parse().expect("a text");
                let (fee, term) = (fee.clone(), *term);
                let act = Notice { declaration: *declaration, fee, term, plan, export: None };
                let mut nonce = [0; 16];
                nonce[..8].copy_from_slice(&(number as u64).to_le_bytes());
                let core = Core {
                    network: id,
                    author: licensee.id,
                    valid_from: from,
                    valid_until: from.plus_milliseconds(3_600_000),
                    nonce,
                    gather_until: None,
                    expects: List::new(),
                    act: act.into(),
                };
                let signed = core.sign(licensee.id, &licensee.key);
                Envelope::new(core, vec![signed]).expect("a sound envelope")
            })
            .collect()
    }

    async fn post(&self, url: &str, records: &[Envelope]) -> usize {
        let mut body = Vec::new();
        for record in records {
            body.extend_from_slice(&u32::try_from(record.bytes().len()).expect("bounded").to_le_bytes());
            body.extend_from_slice(record.bytes());
        }
        let answer =
            self.http.post(format!("{url}/v1/records/batch")).body(body).send().await.expect("an answer");
        let taken: Vec<serde_json::Value> = answer.json().await.expect("a list");
        taken.iter().filter(|one| one.get("accepted").is_some()).count()
    }

    /// Sends records at a rate, a tenth of a second's worth at most at once, and follows them to all nodes.
    async fn paced(&self, network: &Network, rate: usize, length: Duration, limit: f64) {
        let records = self.notices(network, rate * length.as_secs() as usize);
        let before = Before::take(network).await;
        let watch = Watch::start(network);
        let step = (rate / 100).max(1);
        let pause = Duration::from_secs_f64(step as f64 / rate as f64);
        let started = Instant::now();
        let mut sent = Vec::with_capacity(records.len());
        let mut posts = Vec::new();
        for (turn, records) in records.chunks(step).enumerate() {
            let due = started + pause * u32::try_from(turn).expect("few turns");
            tokio::time::sleep_until(due.into()).await;
            let url = network.nodes[turn % NODES].url.clone();
            sent.extend(records.iter().map(|record| (record.id(), Instant::now())));
            let post = self.post_owned(url, records.to_vec());
            posts.push(tokio::spawn(post));
        }
        for post in posts {
            post.await.expect("a post");
        }
        let committed = self.settle(network, before.size, records.len()).await;
        let elapsed = started.elapsed();
        let seen = watch.stop().await;
        // A sample of the records is looked up: where each stands in the log says when each node had it.
        let sample = sent.len().div_ceil(500).max(1);
        let mut latencies = Vec::new();
        for (id, at) in sent.iter().step_by(sample) {
            if let Some(index) = self.index_of(network, id).await
                && let Some(latest) = seen.iter().map(|node| node.readable(index)).max().flatten()
            {
                latencies.push(latest.duration_since(*at).as_secs_f64() * 1e3);
            }
        }
        let load = format!("{rate}/s");
        before.report(network, &load, Some(rate as f64), committed, elapsed, limit, &mut latencies).await;
    }

    fn post_owned(&self, url: String, records: Vec<Envelope>) -> impl Future<Output = usize> + use<> {
        let http = self.http.clone();
        let bench = Self { declarations: Vec::new(), licensees: Vec::new(), http, made: AtomicUsize::new(0) };
        async move { bench.post(&url, &records).await }
    }

    /// Keeps every node's pool filled for a while.
    async fn full(&self, network: &Network, length: Duration, limit: f64) {
        let wanted = (limit * length.as_secs_f64() * 1.2) as usize;
        let records = self.notices(network, wanted);
        let batches: Arc<Vec<Vec<Envelope>>> = Arc::new(records.chunks(BATCH).map(<[_]>::to_vec).collect());
        let before = Before::take(network).await;
        let watch = Watch::start(network);
        let next = Arc::new(AtomicUsize::new(0));
        let started = Instant::now();
        let mut workers = Vec::new();
        for node in 0..NODES {
            for _ in 0..2 {
                let (batches, next, url) = (batches.clone(), next.clone(), network.nodes[node].url.clone());
                let http = self.http.clone();
                let bench =
                    Self { declarations: Vec::new(), licensees: Vec::new(), http, made: AtomicUsize::new(0) };
                workers.push(tokio::spawn(async move {
                    let mut sent = BTreeMap::new();
                    while started.elapsed() < length {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        let Some(batch) = batches.get(place) else { break };
                        let at = Instant::now();
                        bench.post(&url, batch).await;
                        sent.insert(place, at);
                        // No more than a second's worth waits in the pools: latency is the system's, not the queue's.
                        throttle(&bench.http, &url).await;
                    }
                    sent
                }));
            }
        }
        let mut sent = BTreeMap::new();
        for worker in workers {
            sent.extend(worker.await.expect("a worker"));
        }
        let offered = sent.len() * BATCH;
        let committed = self.settle(network, before.size, offered).await;
        let elapsed = started.elapsed();
        let seen = watch.stop().await;
        let mut latencies = Vec::new();
        for (place, at) in &sent {
            if let Some(index) = self.index_of(network, &batches[*place][BATCH / 2].id()).await
                && let Some(latest) = seen.iter().map(|node| node.readable(index)).max().flatten()
            {
                latencies.push(latest.duration_since(*at).as_secs_f64() * 1e3);
            }
        }
        before.report(network, "full", None, committed, elapsed, limit, &mut latencies).await;
    }

    async fn index_of(&self, network: &Network, id: &Hash) -> Option<u64> {
        network.nodes[0].node.record(id).await.ok().map(|entry| entry.index)
    }

    /// Waits until all nodes have these records, or nothing has moved for a while; says how many came.
    async fn settle(&self, network: &Network, size: u64, records: usize) -> usize {
        let mut still = 0;
        let mut last = 0;
        while still < 50 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let tip = network.nodes[0].node.log().await.expect("a tip");
            let waiting = waiting(&self.http, network).await;
            let grown = (tip.size - size) as usize;
            if waiting == 0 && grown >= records {
                break;
            }
            still = if grown == last { still + 1 } else { 0 };
            last = grown;
        }
        records - waiting(&self.http, network).await.min(records)
    }
}

/// Records that wait in all pools.
async fn waiting(http: &reqwest::Client, network: &Network) -> usize {
    let mut most = 0;
    for running in &network.nodes {
        most = most.max(waiting_at(http, &running.url).await);
    }
    most
}

async fn waiting_at(http: &reqwest::Client, url: &str) -> usize {
    let text = http.get(format!("{url}/metrics")).send().await.expect("metrics").text().await.expect("text");
    let line = text.lines().find_map(|line| line.strip_prefix("tongda_pool_waiting "));
    line.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
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
    size: u64,
    processor: f64,
    disk: u64,
}

impl Before {
    async fn take(network: &Network) -> Self {
        let size = network.nodes[0].node.log().await.expect("a tip").size;
        let (processor, disk) = used(network);
        Self { size, processor, disk }
    }

    #[expect(clippy::too_many_arguments, reason = "one row of the table")]
    async fn report(
        &self,
        network: &Network,
        load: &str,
        offered: Option<f64>,
        committed: usize,
        elapsed: Duration,
        limit: f64,
        latencies: &mut [f64],
    ) {
        let (processor, disk) = used(network);
        let rate = committed as f64 / elapsed.as_secs_f64();
        latencies.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (latencies.len() as f64 * share) as usize;
            latencies.get(place.min(latencies.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
        };
        let each = committed.max(1) as f64 * NODES as f64;
        println!(
            "| {load} | {} | {rate:.0} | {:.0} % | {:.0} | {:.0} | {:.0} | {:.0} |",
            offered.map_or("—".into(), |offered| format!("{offered:.0}")),
            rate / limit * 100.0,
            at(0.5),
            at(0.99),
            (processor - self.processor) / each * 1e6,
            disk.saturating_sub(self.disk) as f64 / each,
        );
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
