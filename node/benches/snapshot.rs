//! How long it takes to write a snapshot beside commits and to begin a new node from it, beside what the disk does.
//!
//! `cargo bench -p tongda-node --bench snapshot -- [directory]` makes 1,000,000 values below `directory` (default: the
//! system's temporary directory), or as many as `TONGDA_BENCH_KEYS` says, and removes them. Members and parties are made.

#![allow(clippy::unwrap_used, reason = "a bench may stop at the first error")]

use bytes::Bytes;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use tongda_genesis::demonstration::{Addresses, Demonstration};
use tongda_ledger::act::Act;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::party::{Entry, PartyKind, PartyName, Register};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::CountryCode;
use tongda_ledger::vote::{Address, CommitCertificate, CommitSignature, VoteKind, vote_bytes};
use tongda_node::chain::{Beginning, Chain, ChainOpening, ChainOptions, verify_snapshot};
use tongda_node::clock::now;
use tongda_node::pool::{Origin, Pool, PoolLimits, Rate};

/// Parties that one record enters: as many as the act takes, for what is made first is not what is measured.
const PARTIES: u64 = 100;

/// Records of a block.
const RECORDS: u64 = 40;

/// Blocks of one record each that are committed while nothing else happens, and again while a snapshot is written.
const COMMITS: usize = 200;

fn main() {
    let directory = match std::env::args().skip(1).find(|argument| !argument.starts_with("--")) {
        Some(parent) => tempfile::tempdir_in(parent).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let keys = std::env::var("TONGDA_BENCH_KEYS").map_or(1_000_000, |keys| keys.parse().unwrap());
    let mut bench = Bench::new();
    let (old, new) = (directory.path().join("old"), directory.path().join("new"));
    let (chain, _) = bench.open(&old);
    let started = Instant::now();
    while chain.committed().values() < keys {
        let records: Vec<_> = (0..RECORDS).map(|_| bench.record(PARTIES)).collect();
        bench.block(&chain, &records);
    }
    let values = chain.committed().values();
    println!("{values} values made in {:.0} s", started.elapsed().as_secs_f64());

    let alone = bench.commits(&chain, COMMITS, || false);
    let (written, meanwhile) = std::thread::scope(|scope| {
        let writing = scope.spawn(|| chain.write_snapshot(1).unwrap().unwrap());
        let meanwhile = bench.commits(&chain, usize::MAX, || writing.is_finished());
        (writing.join().unwrap(), meanwhile)
    });
    let disk = disk(directory.path(), written.bytes);
    let row = |what: &str, took: Duration| {
        let (seconds, megabytes) = (took.as_secs_f64(), written.bytes as f64 / 1e6);
        let share = 100.0 * disk.as_secs_f64() / seconds;
        println!("{what}: {seconds:.1} s, {:.0} MB/s, {share:.0} % of the disk", megabytes / seconds);
    };
    println!("snapshot: {} values, {} bytes", written.values, written.bytes);
    row("  the disk: as many bytes written in a row and synced", disk);
    row("  write, blocks being committed", written.elapsed);
    println!("  a commit waits for it at most {:.1} ms", written.longest_wait.as_secs_f64() * 1e3);
    report("  commit of one record, alone", &alone);
    report("  commit of one record, beside the writing", &meanwhile);
    drop(chain);

    let verified = Instant::now();
    verify_snapshot(&written.path, &bench.network.founding).unwrap();
    row("  prove", verified.elapsed());
    std::fs::create_dir_all(new.join("snapshots")).unwrap();
    let copy = new.join("snapshots").join(written.path.file_name().unwrap());
    std::fs::copy(&written.path, copy).unwrap();
    let began = Instant::now();
    let (chain, opening) = bench.open(&new);
    assert_eq!((opening.restored, chain.committed().values()), (Some(written.height), written.values));
    row("  begin a node from it: prove, fill the index, sync", began.elapsed());
    drop(chain);
    let reopened = Instant::now();
    drop(bench.open(&new));
    println!("  open that node again: {:.1} s", reopened.elapsed().as_secs_f64());
    replay(&mut bench, directory.path());
    println!("memory at most{}", memory());
}

/// How many records a second are executed again for an index that is lost.
fn replay(bench: &mut Bench, directory: &Path) {
    let directory = directory.join("replay");
    let (chain, _) = bench.open(&directory);
    let (blocks, records) = (20, 1000);
    for _ in 0..blocks {
        let records: Vec<_> = (0..records).map(|_| bench.record(1)).collect();
        bench.block(&chain, &records);
    }
    let root = chain.committed().state_root();
    drop(chain);
    std::fs::remove_dir_all(directory.join("index")).unwrap();
    let started = Instant::now();
    let (chain, opening) = bench.open(&directory);
    let rate = f64::from(blocks * records) / started.elapsed().as_secs_f64();
    assert_eq!((opening.replayed, chain.committed().state_root()), (u64::try_from(blocks).unwrap(), root));
    println!("replay: {rate:.0} records/s of one party each");
}

/// Writes as many bytes in a row and syncs them.
fn disk(directory: &Path, bytes: u64) -> Duration {
    let path = directory.join("raw");
    let portion = vec![0x5a; 1 << 20];
    let started = Instant::now();
    let mut file = std::fs::File::create(&path).unwrap();
    for _ in 0..bytes.div_ceil(1 << 20) {
        file.write_all(&portion).unwrap();
    }
    file.sync_all().unwrap();
    let took = started.elapsed();
    std::fs::remove_file(path).unwrap();
    took
}

fn report(what: &str, times: &[Duration]) {
    let mut sorted = times.to_vec();
    sorted.sort();
    let at = |part: usize| sorted[(sorted.len() - 1) * part / 100].as_secs_f64() * 1e3;
    println!(
        "{what}: {} times, p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
        times.len(),
        at(50),
        at(99),
        at(100)
    );
}

/// A network of one validator.
struct Bench {
    network: Demonstration,
    number: u64,
}

impl Bench {
    fn new() -> Self {
        let network = Demonstration::new(now().milliseconds(), &Addresses::local_range(1, 1), now());
        Self { network: network.unwrap(), number: 0 }
    }

    fn open(&self, directory: &Path) -> (Chain, ChainOpening) {
        let options =
            ChainOptions { directory: directory.to_owned(), segment_bytes: 64 << 20, index_cache: 128 << 20 };
        let unlimited = Rate::new(u32::MAX, u32::MAX);
        let limits = PoolLimits { member_records: unlimited, ..PoolLimits::default() };
        let founding = &self.network.founding;
        let address = Address::of(&founding.nodes.nodes[0].vote_key);
        Chain::open_from(&options, founding, Some(address), Pool::new(limits), Beginning::Newest).unwrap()
    }

    /// A record that enters so many parties.
    fn record(&mut self, parties: u64) -> Bytes {
        self.number += 1;
        let entry = |number: u64| {
            let name = format!("演示权利人{}-{number}", self.number).parse().unwrap();
            let name = PartyName::Organisation { name, code: None };
            Entry { name, kind: PartyKind::Unknown, country: CountryCode::CHINA }
        };
        let parties: Vec<_> = (0..parties).map(entry).collect();
        let act: Act = Register { parties: parties.try_into().unwrap() }.into();
        let registrar = self.network.member(Role::Registrar).unwrap();
        let envelope = registrar.envelope(self.network.founding.network(), now(), self.number, act);
        Bytes::copy_from_slice(envelope.unwrap().bytes())
    }

    /// Decides a block of these records; how long its commit took.
    fn block(&self, chain: &Chain, records: &[Bytes]) -> Duration {
        let verified = chain.pool().verify_all(records).unwrap();
        chain.pool().admit_all(verified, &Origin::Client, now());
        let (block, body) = chain.propose(0).unwrap();
        let height = chain.committed().tip().height() + 1;
        let certificate = self.certificate(height, block);
        let started = Instant::now();
        chain.commit(&certificate, &body).unwrap();
        started.elapsed()
    }

    fn certificate(&self, height: u64, block: Hash) -> CommitCertificate {
        let key = &self.network.nodes[0].vote;
        let validator = Address::of(&key.public());
        let network = self.network.founding.network();
        let message = vote_bytes(&network, VoteKind::Precommit, height, 0, Some(&block), &validator);
        let vote = CommitSignature { validator, signature: key.sign(&message) };
        CommitCertificate { height, round: 0, block, signatures: vec![vote].try_into().unwrap() }
    }

    /// How long commits of one record take, one behind the other.
    fn commits(&mut self, chain: &Chain, most: usize, enough: impl Fn() -> bool) -> Vec<Duration> {
        let mut times = Vec::new();
        while times.len() < most && (times.is_empty() || !enough()) {
            let record = self.record(1);
            times.push(self.block(chain, &[record]));
        }
        times
    }
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or(" unknown").into()
}
