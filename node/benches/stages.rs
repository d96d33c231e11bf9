//! Measure what each stage of a record's way costs, one after the other, on one validator without a network.
//!
//! `cargo bench -p tongda-node --bench stages`. Members and patents are made.

use bytes::Bytes;
use std::time::{Duration, Instant};
use tongda_genesis::demonstration::{Addresses, Demonstration};
use tongda_ledger::act::Act;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::party::{Entry, PartyKind, PartyName, Register as Parties};
use tongda_ledger::act::patent::{Owner, Register, Stage};
use tongda_ledger::codec::List;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CountryCode, PartyId};
use tongda_ledger::vote::{Address, CommitCertificate};
use tongda_node::chain::{Chain, ChainOptions};
use tongda_node::clock::now;
use tongda_node::pool::{Origin, Pool, PoolLimits, Rate};

const BLOCKS: usize = 24;
const RECORDS: usize = 1_000;

/// A validator without a network.
struct Validator {
    chain: Chain,
    _directory: tempfile::TempDir,
}

impl Validator {
    fn new(network: &Demonstration) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let options = ChainOptions {
            directory: directory.path().to_owned(),
            segment_bytes: 64 << 20,
            index_cache: 128 << 20,
        };
        let unlimited = Rate::new(u32::MAX, u32::MAX);
        let limits = PoolLimits { member_records: unlimited, ..PoolLimits::default() };
        let address = Address::of(&network.founding.nodes.nodes[0].vote_key);
        let opened = Chain::open(&options, &network.founding, Some(address), Pool::new(limits));
        Self { chain: opened.expect("a fresh chain opens").0, _directory: directory }
    }
}

fn main() {
    let network = Demonstration::new(now().milliseconds(), &Addresses::local_range(1, 1), now());
    let network = network.expect("a network of one");
    let (leader, follower) = (Validator::new(&network), Validator::new(&network));
    let mut time = Times::default();
    let mut number = 0;
    let party = enter_party(&network, &leader, &follower);
    for _ in 0..BLOCKS {
        let records: Vec<_> = (0..RECORDS)
            .map(|_| {
                number += 1;
                envelope(&network, patent(number, party), number).bytes().to_vec()
            })
            .collect();
        time.block(&leader, &follower, &records);
    }
    time.print();
}

#[derive(Default)]
struct Times {
    records: usize,
    bytes: usize,
    stages: Vec<(&'static str, Duration)>,
}

impl Times {
    fn add<T>(&mut self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = work();
        let elapsed = started.elapsed();
        match self.stages.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, total)) => *total += elapsed,
            None => self.stages.push((stage, elapsed)),
        }
        result
    }

    fn block(&mut self, leader: &Validator, follower: &Validator, records: &[Vec<u8>]) {
        self.records += records.len();
        self.bytes += records.iter().map(Vec::len).sum::<usize>();
        let decoded: Vec<_> = self.add("read the envelope, hash its id", || {
            records.iter().map(|record| Envelope::decode(record).expect("sound")).collect()
        });
        self.add("verify its two signatures, strictly", || {
            decoded.iter().for_each(|envelope: &Envelope| envelope.verify().expect("signed"));
        });
        let shared: Vec<_> = records.iter().map(|record| Bytes::copy_from_slice(record)).collect();
        // Both pools verify and remember: what follows finds every record verified, as after admission and gossip.
        let verified = leader.chain.pool().verify_all(&shared).expect("sound");
        follower.chain.pool().verify_all(&shared).expect("sound");
        self.add("wait in the pool", || {
            leader.chain.pool().admit_all(verified, &Origin::Client, now());
        });
        let (block, body) =
            self.add("propose: execute, map, seal", || leader.chain.propose(0).expect("a block"));
        let verdict = self.add("validate: look up, execute, map, compare", || {
            follower.chain.validate(block, &body, 0, true).expect("judged")
        });
        assert_eq!(verdict, tongda_consensus::Verdict::Valid);
        let height = leader.chain.committed().tip().height() + 1;
        let certificate = CommitCertificate { height, round: 0, block, signatures: List::new() };
        self.add("commit: segment, fsync, index, pool", || {
            leader.chain.commit(&certificate, &body).expect("committed");
        });
        follower.chain.commit(&certificate, &body).expect("committed");
    }

    fn print(&self) {
        let each = |total: Duration| total.as_secs_f64() * 1e6 / self.records as f64;
        println!(
            "{} records of {} bytes on average, {RECORDS} a block\n",
            self.records,
            self.bytes / self.records
        );
        println!("| stage | µs a record, wall time on one thread |");
        println!("|---|---|");
        for (name, total) in &self.stages {
            println!("| {name} | {:.1} |", each(*total));
        }
    }
}

fn enter_party(network: &Demonstration, leader: &Validator, follower: &Validator) -> PartyId {
    let name = PartyName::Organisation { name: "演示权利人".parse().expect("a text"), code: None };
    let entry = Entry { name, kind: PartyKind::Unknown, country: CountryCode::CHINA };
    let act = Parties { parties: vec![entry].try_into().expect("one party") };
    let record = envelope(network, act.into(), 0).bytes().to_vec();
    Times::default().block(leader, follower, &[record]);
    PartyId::new(1, 0)
}

/// The registration of a made patent.
fn patent(number: u64, party: PartyId) -> Act {
    let digits = format!("20201{number:07}");
    let check = "0123456789X".chars().find_map(|check| format!("{digits}.{check}").parse().ok());
    let act = Register {
        number: check.expect("one check digit fits"),
        publication: None,
        title: "一种用于测量的演示装置及其方法".parse().expect("a text"),
        filing: "2020-01-15".parse().ok(),
        stage: Stage::Granted { on: "2022-03-01".parse().ok() },
        owners: vec![Owner { party, share: None }].try_into().expect("one owner"),
        undisclosed_owners: 0,
        classification: "G06Q 50/18".parse().ok(),
        industry: None,
        same_day: None,
        funded: false,
        source: Hash([7; 32]),
    };
    act.into()
}

fn envelope(network: &Demonstration, act: Act, number: u64) -> Envelope {
    let registrar = network.member(Role::Registrar).expect("a registrar");
    let envelope = registrar.envelope(network.founding.network(), now(), number, act);
    envelope.expect("a sound envelope")
}
