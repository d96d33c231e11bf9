//! How fast the store is, beside what the machine's disk and memory do in the same run.
//!
//! `cargo bench -p tongda-node --bench store -- [directory]` writes about 2 GB below `directory` (default: the
//! system's temporary directory) and removes it.

#![allow(clippy::unwrap_used, reason = "a bench may stop at the first error")]

use bytes::Bytes;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::{Duration, Instant};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{InclusionProof, Tile};
use tongda_node::store::{
    Batch, HashStore, Index, IndexOptions, LogOptions, Scan, SegmentLog, SledIndex, StoredBlock,
};

const BLOCKS: u64 = 600;
const RECORDS: u64 = 500;
const RECORD_BYTES: usize = 600;
const BATCHES: u64 = 400;
const CHANGES: u64 = 3_000;
const KEYS: u64 = 1_000_000;

fn main() {
    let directory = match std::env::args().skip(1).find(|argument| !argument.starts_with("--")) {
        Some(parent) => tempfile::tempdir_in(parent).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    log(directory.path());
    hashes(directory.path());
    index(directory.path());
}

/// Numbers that repeat from run to run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).take(length).collect()
    }
}

fn log(directory: &Path) {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let block = |height: u64, numbers: &mut Numbers| StoredBlock {
        height,
        first_index: (height - 1) * (RECORDS + 1),
        records: (0..RECORDS).map(|_| Bytes::from(numbers.bytes(RECORD_BYTES))).collect(),
        seal: Bytes::from(numbers.bytes(400)),
        certificate: Bytes::from(numbers.bytes(400)),
    };
    let frame = numbers.bytes((RECORD_BYTES + 4) * usize::try_from(RECORDS).unwrap());
    println!("log: {BLOCKS} blocks of {RECORDS} records of {RECORD_BYTES} bytes");

    for (name, zeroed) in [("reserved", false), ("written before", true)] {
        let file = File::create(directory.join("raw")).unwrap();
        let length = BLOCKS * frame.len() as u64;
        if zeroed {
            (0..length).step_by(1 << 20).for_each(|at| file.write_all_at(&[0; 1 << 20], at).unwrap());
        } else {
            rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, length).unwrap();
        }
        file.sync_all().unwrap();
        let raw = times(0..BLOCKS, |number| {
            file.write_all_at(&frame, number * frame.len() as u64).unwrap();
            file.sync_data().unwrap();
        });
        report(&format!("  bare write and fdatasync, space {name}"), &raw, BLOCKS * RECORDS, "records");
    }

    let segments = directory.join("segments");
    let (mut log, _) = SegmentLog::open(&segments, [1; 32], LogOptions::default()).unwrap();
    let blocks: Vec<_> = (1..=BLOCKS).map(|height| block(height, &mut numbers)).collect();
    let appended = times(blocks.iter(), |block| log.append(block).unwrap());
    report("  append", &appended, BLOCKS * RECORDS, "records");
    let read = times(1..=BLOCKS, |height| drop(log.block(height).unwrap().unwrap()));
    report("  read a block", &read, BLOCKS * RECORDS, "records");
    drop(log);
    let opened = times(0..1, |_| drop(SegmentLog::open(&segments, [1; 32], LogOptions::default()).unwrap()));
    report("  open, every frame checked", &opened, BLOCKS * RECORDS, "records");
}

fn hashes(directory: &Path) {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let leaf = |numbers: &mut Numbers| Hash(numbers.bytes(32).try_into().unwrap());
    let path = directory.join("log-hashes");
    for records in [1, RECORDS] {
        let blocks = 120_000 / (records + 1);
        println!("the log's tree: {blocks} blocks of {records} records");
        let mut store = HashStore::open(&path, 0).unwrap();
        let leaves: Vec<Vec<_>> =
            (0..blocks).map(|_| (0..=records).map(|_| leaf(&mut numbers)).collect()).collect();
        let appended = times(leaves.iter(), |leaves| store.append(leaves).unwrap());
        report("  append", &appended, blocks * (records + 1), "leaves");
        let (reader, size) = (store.reader(), store.size());
        let mut index = || numbers.next() % size;
        let proved = times(0..20_000, |_| drop(InclusionProof::prove(&reader, index(), size).unwrap()));
        report("  prove inclusion", &proved, 20_000, "proofs");
        let tiles: Vec<_> = Tile::all(size).collect();
        let read = times(tiles.iter(), |tile| drop(reader.tile(*tile).unwrap()));
        report("  read a tile", &read, tiles.len() as u64, "tiles");
        let root = store.root();
        let checked = times(0..1, |_| reader.check(&root).unwrap().unwrap());
        report("  check every hash", &checked, size, "leaves");
    }
}

fn index(directory: &Path) {
    let mut numbers = Numbers(88_172_645_463_325_252);
    println!("index: {BATCHES} batches of {CHANGES} changes of 121 bytes over {KEYS} keys");
    let path = directory.join("index");
    let (index, _) = SledIndex::open(&path, [1; 32], None, IndexOptions::default()).unwrap();
    let mut key = || {
        let number = (numbers.next() % KEYS).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        [&[1][..], &number.to_be_bytes(), &[7; 24]].concat()
    };
    let cpu = cpu_time();
    let start = Instant::now();
    let applied = times(1..=BATCHES, |height| {
        let mut batch = Batch::new();
        (0..CHANGES).for_each(|_| batch.put(key(), vec![9; 88]));
        index.apply(batch, height).unwrap();
    });
    report("  apply, the writing thread beside it", &applied, BATCHES * CHANGES, "changes");
    index.sync().unwrap();
    let per_change = (cpu_time() - cpu).as_secs_f64() * 1e6 / (BATCHES * CHANGES) as f64;
    let rate = (BATCHES * CHANGES) as f64 / start.elapsed().as_secs_f64();
    println!("  all of it durable: {rate:.0} changes/s, {per_change:.1} us of processor time each");
    let got = times(0..100_000, |_| drop(index.get(&key()).unwrap()));
    report("  get", &got, 100_000, "values");
    let scanned = times(0..1000, |_| drop(index.scan(&Scan::prefix([1]).from(key()).limit(100)).unwrap()));
    report("  scan of 100", &scanned, 100_000, "values");
    drop(index);
    let reopened = times(0..1, |_| {
        let opened = SledIndex::open(&path, [1; 32], Some(BATCHES), IndexOptions::default()).unwrap();
        assert_eq!(opened.1.height, Some(BATCHES));
    });
    report("  open and close", &reopened, KEYS, "keys");
    let size = std::fs::metadata(path.join("db")).unwrap().len() >> 20;
    println!("  {size} MB on the disk; memory at most{}", memory());
}

/// How long the action takes for each item.
fn times<T>(items: impl IntoIterator<Item = T>, mut action: impl FnMut(T)) -> Vec<Duration> {
    let timed = items.into_iter().map(|item| {
        let start = Instant::now();
        action(item);
        start.elapsed()
    });
    timed.collect()
}

fn report(what: &str, times: &[Duration], count: u64, noun: &str) {
    let total: Duration = times.iter().sum();
    let mut sorted = times.to_vec();
    sorted.sort();
    let at = |part: usize| sorted[(sorted.len() - 1) * part / 100].as_secs_f64() * 1e3;
    let rate = count as f64 / total.as_secs_f64();
    println!("{what}: {rate:.0} {noun}/s, p50 {:.3} ms, p99 {:.3} ms, max {:.3} ms", at(50), at(99), at(100));
    std::io::stdout().flush().unwrap();
}

/// User and system time of this process.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks = |place: usize| fields[place].parse::<u64>().unwrap();
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or(" unknown").into()
}
