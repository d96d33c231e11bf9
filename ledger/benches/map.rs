//! Measure the map: batches of changed keys over a large map, beside the hashing rate of the same machine.
//!
//! `cargo bench -p tongda-ledger --bench map -- [KEYS] [BATCH]`, by default 1,000,000 and 1,500. Prints, for pages
//! that have to be read and for pages kept in memory, the time of a batch and of a key, and how many of the hashes
//! that the machine can make in that time a batch takes.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::hint::black_box;
use std::time::{Duration, Instant};
use tongda_ledger::codec::encode;
use tongda_ledger::hash::{Domain, Hash};
use tongda_ledger::tree::{Leaves, Map, PageAddress, key_hash, value_hash};

/// The leaves in one sorted list, and the time that was spent reading them, which is not the map's.
struct Sorted(Vec<(Hash, Hash)>, Cell<Duration>);

impl Leaves for Sorted {
    type Error = Infallible;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Infallible> {
        let begun = Instant::now();
        let range = page.range();
        let start = self.0.partition_point(|(key, _)| key < range.start());
        let end = self.0.partition_point(|(key, _)| key <= range.end());
        let leaves = self.0[start..end].to_vec();
        self.1.set(self.1.get() + begun.elapsed());
        Ok(leaves)
    }
}

impl Sorted {
    fn put(&mut self, changes: &BTreeMap<Hash, Option<Hash>>) {
        for (key, value) in changes {
            let at = self.0.binary_search_by_key(key, |(key, _)| *key).expect("the batch changes known keys");
            self.0[at].1 = value.expect("the batch deletes nothing");
        }
    }
}

/// A generator of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

fn per(duration: Duration, count: usize) -> f64 {
    duration.as_secs_f64() * 1e6 / count as f64
}

fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort_unstable();
    durations[durations.len() / 2]
}

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let keys = numbers.first().copied().unwrap_or(1_000_000);
    let batch = numbers.get(1).copied().unwrap_or(1_500);

    let mut hash = Hash::ZERO;
    let thousands = (0..500).map(|_| {
        let start = Instant::now();
        for _ in 0..1_000 {
            hash = Hash::of(Domain::MAP_NODE, &[hash.as_bytes(), hash.as_bytes()]);
        }
        start.elapsed()
    });
    let limit = per(median(thousands.collect()), 1_000);
    black_box(hash);
    println!("one node hash: {limit:.3} µs");

    let mut leaves: Vec<_> =
        (0..keys as u64).map(|id| (key_hash(1, &id.to_le_bytes()), value_hash(&id.to_le_bytes()))).collect();
    leaves.sort_unstable();
    let mut leaves = Sorted(leaves, Cell::default());
    let start = Instant::now();
    let mut map = Map::from_leaves(keys as u64, leaves.0.iter().copied().map(Ok::<_, Infallible>))
        .expect("the leaves are sorted");
    println!("build of {keys} keys: {:.2} s, {} pages", start.elapsed().as_secs_f64(), map.page_count());

    let start = Instant::now();
    let again = Map::from_summaries(map.page_count(), map.count(), map.pages().map(Ok::<_, Infallible>));
    assert_eq!(again.expect("the pages are the map's").root(), map.root());
    println!("start from page summaries: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);

    let mut random = Numbers(0x9e37_79b9_7f4a_7c15);
    for (what, cache, warm) in [("read", 0, 0), ("kept in memory", 1 << 30, 10 * keys / batch)] {
        map = map.with_cache(cache);
        let (mut updates, mut applies) = (Vec::new(), Vec::new());
        for round in 0..warm + 41 {
            let changes: BTreeMap<_, _> = (0..batch)
                .map(|_| {
                    let at = random.next() as usize % keys;
                    (leaves.0[at].0, Some(value_hash(&random.next().to_le_bytes())))
                })
                .collect();
            let start = Instant::now();
            let change = map.update(&leaves, &changes).expect("the leaves are the map's");
            let updated = start.elapsed() - leaves.1.take();
            let start = Instant::now();
            map.apply(change);
            if round >= warm {
                updates.push(updated);
                applies.push(start.elapsed());
            }
            leaves.put(&changes);
        }
        let (update, apply) = (median(updates), median(applies));
        println!(
            "pages {what}: update {:.2} ms a batch of {batch}, {:.2} µs a key = {:.1} hashes; apply {:.2} ms a batch",
            update.as_secs_f64() * 1e3,
            per(update, batch),
            per(update, batch) / limit,
            apply.as_secs_f64() * 1e3,
        );
    }

    let (mut prove, mut verify, mut bytes, rounds) = (Duration::ZERO, Duration::ZERO, 0, 5_000);
    for _ in 0..rounds {
        let (key, value) = leaves.0[random.next() as usize % keys];
        let start = Instant::now();
        let proof = map.prove(&leaves, &key).expect("the leaves are the map's");
        prove += start.elapsed() - leaves.1.take();
        bytes += encode(&proof).len();
        let start = Instant::now();
        proof.verify(&map.root(), &key, Some(&value)).expect("the proof is right");
        verify += start.elapsed();
    }
    println!(
        "proof: {} bytes, prove {:.1} µs, verify {:.1} µs",
        bytes / rounds,
        per(prove, rounds),
        per(verify, rounds)
    );
}
