//! How fast four engines in one process agree, on the machine's own disk and cores: blocks a second, and the time
//! from making a block to its commit at each node.
//!
//! Beside it stands what the disk alone allows: how often this machine appends a block and syncs it.

#[path = "../tests/common/mod.rs"]
mod common;

use common::{Conduct, Net, Node};
use std::collections::HashMap;
use std::io::Write as _;
use std::time::{Duration, Instant};

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!(
        "{:>10} {:>10} {:>10} {:>10} {:>10} {:>12}",
        "bytes", "blocks/s", "p50 ms", "p95 ms", "p99 ms", "syncs/s"
    );
    for (filler, blocks) in [(1_000, 300), (100_000, 150), (500_000, 60)] {
        let syncs = syncs_per_second(filler);
        runtime.block_on(pace(filler, blocks, syncs));
    }
    runtime.block_on(dead_leader());
}

/// Appends of this length, each followed by `fdatasync`, a second.
fn syncs_per_second(length: usize) -> f64 {
    let directory = tempfile::tempdir().expect("a directory");
    let mut file = std::fs::File::create(directory.path().join("file")).expect("a file");
    let bytes = vec![7; length];
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < Duration::from_secs(1) {
        file.write_all(&bytes).and_then(|()| file.sync_data()).expect("the disk writes");
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

async fn pace(filler: usize, blocks: u64, syncs: f64) {
    const WARM: u64 = 10;
    let mut net = Net::new(4, 4, &Conduct { busy: true, filler, ..Conduct::default() });
    net.start();
    net.all_reached(WARM).await;
    let start = Instant::now();
    net.all_reached(WARM + blocks).await;
    let elapsed = start.elapsed().as_secs_f64();
    net.stop().await;
    net.audit();
    let made: HashMap<_, _> = net.nodes.iter().flat_map(|node| node.ledger.proposed()).collect();
    let mut times: Vec<f64> = Vec::new();
    for node in &net.nodes {
        let committed = node.ledger.hashes().into_iter().zip(node.ledger.committed()).skip(10);
        times.extend(
            committed.filter_map(|(block, when)| Some((when - *made.get(&block)?).as_secs_f64() * 1e3)),
        );
    }
    times.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred blocks")]
    let rate = blocks as f64 / elapsed;
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("{filler:>10} {rate:>10.1} {:>10.1} {:>10.1} {:>10.1} {syncs:>12.0}", at(50), at(95), at(99));
}

/// What a dead leader costs: the time between two blocks where it should have led.
async fn dead_leader() {
    let mut net = Net::new(4, 4, &Conduct { busy: true, ..Conduct::default() });
    net.nodes[..3].iter_mut().for_each(Node::start);
    net.nodes[0].ledger.reached(16).await;
    let stop = Instant::now();
    net.stop().await;
    let ledger = &net.nodes[0].ledger;
    let committed = ledger.committed();
    let passed: Vec<_> = (2..=16).filter(|height| ledger.decided_round(*height) > 0).collect();
    let cost = |height: &u64| {
        let at = usize::try_from(*height).expect("small");
        (committed[at - 1] - committed[at - 2]).as_secs_f64()
    };
    let costs: Vec<_> = passed.iter().map(|height| format!("{:.2} s", cost(height))).collect();
    println!("a height with a dead leader: {}", costs.join(", "));
    println!("stopping three engines: {:.2} s", stop.elapsed().as_secs_f64());
}
