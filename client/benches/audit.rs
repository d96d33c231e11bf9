//! Measure the audit of an exported ledger: records and signatures a second, beside what all cores could verify.
//!
//! The limit is cores × the rate at which this machine verifies signatures strictly, measured in the same run; the ratio
//! counts signatures, since a record has one or several and each block the precommits of its validators. Where others use
//! the machine too, elapsed time says little: the last column compares processor time, of which a signature needs the same.
//!
//! `cargo bench -p tongda-client --bench audit [-- --records N]`
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "../tests/history/mod.rs"]
mod history;

use history::acts::Story;
use std::sync::Arc;
use std::time::Instant;
use tongda_client::audit::{Audit, Directory, Kept, Machine, Report, Unwatched, Verdict, run};

/// Records in a block.
const WIDTH: usize = 250;

/// For how many seconds [`Machine::measure`] measures.
const MEASURED: f64 = 0.3;

/// How often all is audited.
const TIMES: usize = 3;

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--records").skip(1);
    let records = arguments.next().and_then(|records| records.parse().ok()).unwrap_or(100_000);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let mut story = Story::new(4, 64);
    story.bulk(records, WIDTH);
    let (folder, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let blocks = story.chain.blocks.len();
    story.chain.export(folder.path(), &[blocks / 2, blocks]);
    println!("{blocks} blocks of up to {WIDTH} records, made in {:.0} s", began.elapsed().as_secs_f64());
    println!("load of the machine before: {}", load());

    let source = Arc::new(Directory::new(folder.path()));
    let genesis = story.chain.genesis();
    let kept = Some(Kept::new(state.path(), &genesis.founding, &*source));
    let mut audit =
        Audit { genesis, source, also: Vec::new(), kept, from_genesis: true, cores, machine: None };
    println!(
        "| what | s | records/s | signatures/s | limit, signatures/s | ratio | load | of processor time |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for _ in 0..TIMES {
        let before = processor();
        let machine = Machine::measure(cores);
        let between = processor();
        // Every core verifies for the time that is measured.
        let each = (between - before) / (machine.limit() * MEASURED);
        audit.machine = Some(machine);
        let report = run(&audit, &mut Unwatched).unwrap();
        let used = processor() - between;
        row(
            "from the genesis",
            &report,
            &format!("{:.1} %", 100.0 * each * report.run.signatures as f64 / used),
        );
    }
    audit.from_genesis = false;
    row("nothing new", &run(&audit, &mut Unwatched).unwrap(), "–");
    println!("kept prefix: {} bytes", std::fs::metadata(audit.kept.as_ref().unwrap().path()).unwrap().len());
}

fn row(what: &str, report: &Report, of_processor: &str) {
    assert_eq!(report.verdict, Verdict::Sound, "{:?}", report.problems);
    let run = &report.run;
    let (machine, ratio) = (run.machine.unwrap(), run.ratio.unwrap());
    println!(
        "| {what}: {} records, {} signatures | {:.2} | {:.0} | {:.0} | {} × {:.0} = {:.0} | {:.1} % | {} | {of_processor} |",
        run.records,
        run.signatures,
        run.seconds,
        run.records_per_second,
        run.signatures_per_second,
        machine.cores,
        machine.verifications,
        machine.limit(),
        100.0 * ratio,
        load()
    );
}

/// Seconds of processor time that this program has used, where it can be told: user and system, in hundredths.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(") ").next().unwrap_or_default();
    let fields = behind_name.split(' ').skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The load of the machine over the last minute, where it can be told.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("?").to_owned()
}
