//! The chain on disk without a network: what it begins from when files are lost, and how older blocks come back.

#![allow(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod certificates;
mod exported;
mod hashes;
mod older;
mod proofs;
mod served;
mod snapshots;
mod timelines;

use bytes::Bytes;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tongda_genesis::demonstration::{Addresses, Demonstration};
use tongda_ledger::act::Act;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::party::{Entry, PartyKind, PartyName, Register as Parties};
use tongda_ledger::act::patent::{Owner, Register, Stage};
use tongda_ledger::envelope::Envelope;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CountryCode, ObjectId, PartyId};
use tongda_ledger::state::{Party, Patent};
use tongda_ledger::vote::{Address, CommitCertificate, CommitSignature, VoteKind, vote_bytes};
use tongda_node::chain::{Beginning, Chain, ChainError, ChainOpening, ChainOptions, SentBlock};
use tongda_node::clock::now;
use tongda_node::pool::{Origin, Pool, PoolLimits, Rate};

/// A network of one validator, whose certificates hold.
struct World {
    network: Demonstration,
    number: u64,
}

impl World {
    fn new() -> Self {
        let network = Demonstration::new(now().milliseconds(), &Addresses::local_range(1, 1), now());
        Self { network: network.unwrap(), number: 0 }
    }

    /// The chain in a directory.
    fn open(&self, directory: &Path) -> (Chain, ChainOpening) {
        self.open_from(directory, Beginning::Newest).unwrap()
    }

    fn open_from(&self, directory: &Path, from: Beginning) -> Result<(Chain, ChainOpening), ChainError> {
        let options =
            ChainOptions { directory: directory.to_owned(), segment_bytes: 32 << 10, index_cache: 4 << 20 };
        let unlimited = Rate::new(u32::MAX, u32::MAX);
        let pool = Pool::new(PoolLimits { member_records: unlimited, ..PoolLimits::default() });
        let founding = &self.network.founding;
        let address = Address::of(&founding.nodes.nodes[0].vote_key);
        Chain::open_from(&options, founding, Some(address), pool, from)
    }

    /// Decides a block of these acts.
    fn block(&mut self, chain: &Chain, acts: Vec<Act>) {
        let records: Vec<_> =
            acts.into_iter().map(|act| Bytes::copy_from_slice(self.envelope(act).bytes())).collect();
        let verified = chain.pool().verify_all(&records).unwrap();
        chain.pool().admit_all(verified, &Origin::Client, now());
        let (block, body) = chain.propose(0).unwrap();
        let height = chain.committed().tip().height() + 1;
        chain.commit(&self.certificate(height, block), &body).unwrap();
    }

    fn certificate(&self, height: u64, block: Hash) -> CommitCertificate {
        let key = &self.network.nodes[0].vote;
        let validator = Address::of(&key.public());
        let network = self.network.founding.network();
        let message = vote_bytes(&network, VoteKind::Precommit, height, 0, Some(&block), &validator);
        let vote = CommitSignature { validator, signature: key.sign(&message) };
        CommitCertificate { height, round: 0, block, signatures: vec![vote].try_into().unwrap() }
    }

    /// So many blocks, each with a party and two patents of it.
    fn blocks(&mut self, chain: &Chain, count: u64) {
        for _ in 0..count {
            let party = self.party();
            self.block(chain, vec![party]);
            let owner = PartyId::new(chain.committed().tip().seal.clone().unwrap().first, 0);
            let acts = vec![self.patent(owner), self.patent(owner)];
            self.block(chain, acts);
        }
    }

    fn party(&mut self) -> Act {
        self.number += 1;
        let name = format!("演示权利人{}", self.number).parse().unwrap();
        let name = PartyName::Organisation { name, code: None };
        let entry = Entry { name, kind: PartyKind::Unknown, country: CountryCode::CHINA };
        Parties { parties: vec![entry].try_into().unwrap() }.into()
    }

    fn patent(&mut self, party: PartyId) -> Act {
        self.number += 1;
        let digits = format!("20201{:07}", self.number);
        let check = "0123456789X".chars().find_map(|check| format!("{digits}.{check}").parse().ok());
        let act = Register {
            number: check.unwrap(),
            publication: None,
            title: "一种用于测量的演示装置及其方法".parse().unwrap(),
            filing: "2020-01-15".parse().ok(),
            stage: Stage::Granted { on: "2022-03-01".parse().ok() },
            owners: vec![Owner { party, share: None }].try_into().unwrap(),
            undisclosed_owners: 0,
            classification: "G06Q 50/18".parse().ok(),
            industry: None,
            same_day: None,
            funded: false,
            source: Hash([7; 32]),
        };
        act.into()
    }

    fn envelope(&mut self, act: Act) -> Envelope {
        self.number += 1;
        let registrar = self.network.member(Role::Registrar).unwrap();
        registrar.envelope(self.network.founding.network(), now(), self.number, act).unwrap()
    }
}

/// What must be the same, however an index came about.
#[derive(Debug, PartialEq)]
struct Seen {
    root: Hash,
    log: Hash,
    values: u64,
    patents: Vec<ObjectId>,
    parties: Vec<ObjectId>,
    owned: Vec<String>,
    due: Option<u64>,
}

fn seen(chain: &Chain) -> Seen {
    let committed = chain.committed();
    let parties = committed.list::<Party>(None, 10_000).unwrap();
    let owned = parties.iter().map(|party| {
        let party = PartyId::new(party.position(), party.ordinal());
        format!("{party}: {:?}", committed.owned_by(party, None, 100).unwrap())
    });
    Seen {
        root: committed.state_root(),
        log: committed.tip().log.root(),
        values: committed.values(),
        patents: committed.list::<Patent>(None, 10_000).unwrap(),
        owned: owned.collect(),
        due: committed.tip().seal.as_ref().map(|seal| seal.time.milliseconds()),
        parties,
    }
}

/// The blocks of a chain as another node sends them.
fn sent(chain: &Chain, from: u64, until: u64) -> Vec<SentBlock> {
    let block = |height| {
        let block = chain.block(height).unwrap().unwrap();
        let records = block.records.iter().map(AsRef::as_ref).collect();
        let body = tongda_ledger::block::Body { records, seal: &block.seal }.encode().into();
        SentBlock { certificate: block.certificate, body }
    };
    (from..=until).map(block).collect()
}

/// A directory that holds nothing but a snapshot.
fn with_snapshot(snapshot: &Path) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("snapshots");
    std::fs::create_dir(&folder).unwrap();
    let copy = folder.join(snapshot.file_name().unwrap());
    std::fs::copy(snapshot, &copy).unwrap();
    (directory, copy)
}

/// The same blocks on another chain.
fn follow(chain: &Chain, blocks: &[SentBlock]) {
    for sent in blocks {
        let certificate = tongda_ledger::codec::decode(&sent.certificate, sent.certificate.len()).unwrap();
        chain.commit(&certificate, &sent.body).unwrap();
    }
}
