//! A log to witness, a witness to bring it to, and a disk that fails.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::{
    Checkpoint, ConsistencyProof, Cosignature, MemoryHashes, NoteAlgorithm, NoteKey, NoteSignature,
    SignedCheckpoint, Submission, empty_root, leaf_hash,
};
use tongda_node::cosign::disk::{Disk, Folder};
use tongda_node::witness::http::routes;
use tongda_node::witness::{EvidenceFolder, Witness, WitnessError, WitnessedLog};

/// The origin of the log that is witnessed.
pub(crate) const ORIGIN: &str = "example.org/log";

/// The origin of the witness's own network.
pub(crate) const OWN: &str = "tongda/own";

pub(crate) const NOW: u64 = 1_790_000_000;

/// The key of the log, of this seed.
pub(crate) fn log_key(seed: u8) -> NoteKey {
    let public = SigningKey::from_seed(&[seed; 32]).public();
    NoteKey::new(ORIGIN.parse().unwrap(), NoteAlgorithm::Ed25519, &public).unwrap()
}

pub(crate) fn witnessed(seeds: &[u8], threshold: usize) -> WitnessedLog {
    let keys = seeds.iter().map(|seed| log_key(*seed)).collect();
    WitnessedLog { origin: ORIGIN.into(), keys, threshold }
}

/// A log of this many leaves; those from `fork` on are other ones.
pub(crate) struct Log(pub(crate) MemoryHashes);

impl Log {
    pub(crate) fn new(size: u64, fork: u64) -> Self {
        let mut hashes = MemoryHashes::default();
        for place in 0..size {
            hashes.append(leaf_hash(&[u8::from(place >= fork), u8::try_from(place).unwrap()]));
        }
        Self(hashes)
    }

    pub(crate) fn tree(&self, size: u64) -> Checkpoint {
        let root = if size == 0 { empty_root() } else { self.0.root(size).unwrap() };
        Checkpoint { origin: ORIGIN.into(), size, root }
    }

    pub(crate) fn signed(&self, size: u64, seeds: &[u8]) -> SignedCheckpoint {
        signed(&self.tree(size), seeds)
    }

    /// From `old` to `new`, signed with the seed 1.
    pub(crate) fn submission(&self, old: u64, new: u64) -> Submission {
        let proof = ConsistencyProof::prove(&self.0, old, new).unwrap();
        Submission { old, proof, checkpoint: self.signed(new, &[1]) }
    }
}

pub(crate) fn signed(checkpoint: &Checkpoint, seeds: &[u8]) -> SignedCheckpoint {
    let mut signed = SignedCheckpoint::new(checkpoint).unwrap();
    for seed in seeds {
        let secret = SigningKey::from_seed(&[*seed; 32]);
        let name = checkpoint.origin.parse().unwrap();
        signed.add(NoteSignature::sign(name, &secret, &checkpoint.text())).unwrap();
    }
    signed
}

/// A witness that remembers in this directory.
pub(crate) fn open(directory: &Path, logs: Vec<WitnessedLog>) -> Result<Witness, WitnessError> {
    open_on(Box::new(Folder::open(&directory.join("witness")).unwrap()), directory, logs)
}

pub(crate) fn open_on(
    disk: Box<dyn Disk + Send + Sync>,
    directory: &Path,
    logs: Vec<WitnessedLog>,
) -> Result<Witness, WitnessError> {
    let evidence = EvidenceFolder::new(directory.join("evidence"));
    let secret = SigningKey::from_seed(&[0x29; 32]);
    Witness::open("witness.example.com/w1".parse().unwrap(), secret, OWN.into(), logs, disk, evidence)
}

/// Whether the line is the witness's cosignature of this checkpoint, and its time.
pub(crate) fn time_of(line: &NoteSignature, witness: &NoteKey, checkpoint: &Checkpoint) -> u64 {
    line.verify(witness, &checkpoint.text()).unwrap().time().unwrap()
}

/// Serves a witness on a port of its own; its address.
pub(crate) async fn serve(witness: Arc<Witness>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes(witness)).await.unwrap() });
    format!("http://{address}/witness")
}

/// A directory that notes every step, and fails before one of them.
#[derive(Clone)]
pub(crate) struct Drill {
    folder: Folder,
    pub(crate) steps: Arc<Mutex<Vec<&'static str>>>,
    pub(crate) fail_at: Arc<Mutex<Option<&'static str>>>,
}

pub(crate) const STEPS: [&str; 4] = ["write", "sync file", "rename", "sync names"];

impl Drill {
    pub(crate) fn new(directory: &Path) -> Self {
        let folder = Folder::open(&directory.join("witness")).unwrap();
        Self { folder, steps: Arc::default(), fail_at: Arc::default() }
    }

    fn step(&self, step: &'static str) -> io::Result<()> {
        if *self.fail_at.lock().unwrap() == Some(step) {
            return Err(io::Error::other("the drill's disk fails"));
        }
        self.steps.lock().unwrap().push(step);
        Ok(())
    }
}

impl Disk for Drill {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.folder.read(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.step(STEPS[0])?;
        self.folder.write(name, bytes)
    }

    fn sync_file(&self, name: &str) -> io::Result<()> {
        self.step(STEPS[1])?;
        self.folder.sync_file(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.step(STEPS[2])?;
        self.folder.rename(from, to)
    }

    fn sync_names(&self) -> io::Result<()> {
        self.step(STEPS[3])?;
        self.folder.sync_names()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }
}

/// The cosignature of a key of type 04, of this seed, under the log's name.
pub(crate) fn cosigned(checkpoint: &Checkpoint, seed: u8, key: &NoteKey) -> SignedCheckpoint {
    let mut signed = SignedCheckpoint::new(checkpoint).unwrap();
    let cosignature = Cosignature::sign(&SigningKey::from_seed(&[seed; 32]), NOW, &checkpoint.text());
    signed.add(cosignature.line(key).unwrap()).unwrap();
    signed
}
