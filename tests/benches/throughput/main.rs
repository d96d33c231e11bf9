//! Measure four validators on this machine: records a second, latency, and what each record costs.
//!
//! Everything is printed beside the machine's own limit, measured in the same run: the strict-verify rate of all cores,
//! divided by the four validators that each verify every signature. Patents are real; members and what they do are made.
//!
//! `cargo bench -p tongda-tests --bench throughput [-- --seconds N] [-- --only open|mix]`

mod load;
mod mix;
mod open;

use load::{Load, Measured};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tongda_ledger::key::SigningKey;
use tongda_tests::{Network, Options, usage};

const NODES: usize = 4;

fn main() {
    let argument = |name: &str| std::env::args().skip_while(|argument| argument != name).nth(1);
    let seconds = argument("--seconds").and_then(|seconds| seconds.parse().ok()).unwrap_or(20);
    let only = argument("--only");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run(seconds, only.as_deref()));
}

async fn run(seconds: u64, only: Option<&str>) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let verify = verify_rate(cores);
    let limit = verify * cores as f64 / NODES as f64;
    println!("strict-verify rate: {verify:.0}/s on each of {cores} cores at once");
    println!("limit: {cores} × {verify:.0} ÷ {NODES} validators = {limit:.0} signatures/s\n");

    let options = Options {
        count: NODES,
        port: 28_600,
        directory: None,
        program: PathBuf::from(env!("CARGO_BIN_EXE_tongda-test-node")),
    };
    let mut network = Network::start(options).await.expect("the network starts");
    let load = Load::new(&network);
    Measured::print_head();
    let mut open_rate = None;
    if only != Some("mix") {
        let open = open::Market::prepare(&network).await;
        for rate in [100, 1_000] {
            let length = seconds.min(15);
            let records = open.notices(rate * length as usize);
            load.paced(&records, rate).await.print(&format!("open licences, {rate}/s"), limit);
        }
        let wanted = (limit * seconds as f64 * 1.2) as usize;
        let measured = load.full(&open.notices(wanted), Some(Duration::from_secs(seconds))).await;
        measured.print("open licences, full", limit);
        open_rate = Some(measured.signatures_a_second());
    }
    if only != Some("open") {
        let mix = mix::measure(&network, &load, Duration::from_secs(seconds)).await;
        mix.measured.print("all families, full", limit);
        println!("\n{}", mix.shares);
        if let Some(open) = open_rate {
            let ratio = mix.measured.signatures_a_second() / open;
            println!("all families / open licences, by verified signature: {:.0} %", ratio * 100.0);
        }
    }
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
