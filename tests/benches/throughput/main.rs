//! Measure four validators on this machine: records a second, latency, and what each record costs.
//!
//! Everything is printed beside the machine's own limit, measured in the same run: the strict-verify rate of all cores,
//! divided by the four validators that each verify every signature. Patents are real; members and what they do are made.
//!
//! The two full loads take turns, so that both meet the same state, which grows, and the same moods of the machine.
//!
//! `cargo bench -p tongda-tests --bench throughput [-- --seconds N] [-- --only open|mix]`

mod load;
mod mix;
mod open;

use load::{Load, Measured};
use std::path::PathBuf;
use std::time::Duration;
use tongda_client::audit::Machine;
use tongda_tests::{Network, Options, usage};

const NODES: usize = 4;

/// Turns of each full load.
const TURNS: usize = 3;

fn main() {
    let argument = |name: &str| std::env::args().skip_while(|argument| argument != name).nth(1);
    let seconds = argument("--seconds").and_then(|seconds| seconds.parse().ok()).unwrap_or(20);
    let only = argument("--only");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run(seconds, only.as_deref()));
}

async fn run(seconds: u64, only: Option<&str>) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let machine = Machine::measure(cores);
    let (verify, limit) = (machine.verifications, machine.limit() / NODES as f64);
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
    let open = if only == Some("mix") { None } else { Some(open::Market::prepare(&network).await) };
    if let Some(open) = &open {
        for rate in [100, 1_000] {
            let length = seconds.min(15);
            let records = open.notices(rate * length as usize);
            load.paced(&records, rate).await.print(&format!("open licences, {rate}/s"), limit);
        }
    }
    let mut mix = if only == Some("open") { None } else { Some(mix::Mix::prepare(&network, &load).await) };
    let (mut opens, mut mixes) = (Measured::default(), Measured::default());
    for turn in 1..=TURNS {
        if let Some(open) = &open {
            let wanted = (limit * seconds as f64 * 1.2) as usize;
            let measured = load.full(&open.notices(wanted), Some(Duration::from_secs(seconds))).await;
            measured.print(&format!("open licences, full, turn {turn}"), limit);
            opens.extend(measured);
        }
        if let Some(mix) = &mut mix {
            let measured = mix.measure(&load, Duration::from_secs(seconds)).await;
            measured.print(&format!("all families, full, turn {turn}"), limit);
            mixes.extend(measured);
        }
    }
    if open.is_some() {
        opens.print("open licences, full, all turns", limit);
    }
    if let Some(mix) = mix {
        mixes.print("all families, full, all turns", limit);
        println!("\n{}", mix.shares());
        if open.is_some() {
            let ratio = mixes.signatures_a_second() / opens.signatures_a_second();
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
