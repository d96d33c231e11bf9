//! A process that is killed at every step of sign-and-persist: whatever tree it is offered next, it contradicts nothing
//! that left it.

use crate::{Log, NETWORK, Sent, key};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::cell::Cell;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::Cosignature;
use tongda_node::cosign::guard::{Found, look};
use tongda_node::cosign::{Disk, Folder, Guard, Tree};

/// Where the process ends, by SIGKILL.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Step {
    BeforeWrite,
    HalfWritten,
    BeforeSync,
    BeforeRename,
    BeforeNamesSync,
    BeforeSending,
    AfterSending,
    Nowhere,
}

const STEPS: [Step; 8] = [
    Step::BeforeWrite,
    Step::HalfWritten,
    Step::BeforeSync,
    Step::BeforeRename,
    Step::BeforeNamesSync,
    Step::BeforeSending,
    Step::AfterSending,
    Step::Nowhere,
];

impl Step {
    fn reached(self, step: Self) {
        if self == step {
            let own = rustix::process::getpid();
            rustix::process::kill_process(own, rustix::process::Signal::KILL).unwrap();
            unreachable!("SIGKILL cannot be survived");
        }
    }
}

/// The machine's directory; the process ends at a step of replacing a file once it is armed.
struct Deadly {
    folder: Folder,
    at: Step,
    armed: Cell<bool>,
}

impl Deadly {
    fn reached(&self, step: Step) {
        if self.armed.get() {
            self.at.reached(step);
        }
    }
}

impl Disk for &Deadly {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.folder.read(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.reached(Step::BeforeWrite);
        if self.armed.get() && self.at == Step::HalfWritten {
            self.folder.write(name, &bytes[..bytes.len() / 2])?;
            self.reached(Step::HalfWritten);
        }
        self.folder.write(name, bytes)?;
        self.reached(Step::BeforeSync);
        Ok(())
    }

    fn sync_file(&self, name: &str) -> io::Result<()> {
        self.folder.sync_file(name)?;
        self.reached(Step::BeforeRename);
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.folder.rename(from, to)?;
        self.reached(Step::BeforeNamesSync);
        Ok(())
    }

    fn sync_names(&self) -> io::Result<()> {
        self.folder.sync_names()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }
}

const DIRECTORY: &str = "TONGDA_TEST_COSIGN_DIRECTORY";
const OFFERED: &str = "TONGDA_TEST_COSIGN_OFFERED";
const TEST: &str = "crash::a_process_killed_at_any_step_never_signs_two_trees_of_one_size_or_a_smaller_one";

/// What the child does: opens the guard, is offered a tree, signs it if the guard lets it, and sends.
fn child(directory: &Path) {
    let offered = std::env::var(OFFERED).unwrap();
    let [step, way, forked, size]: [u64; 4] =
        offered.split(' ').map(|number| number.parse().unwrap()).collect::<Vec<_>>().try_into().unwrap();
    let at = STEPS[usize::try_from(step).unwrap()];
    let log = Log { way: u8::try_from(way).unwrap(), forked };
    let disk = Deadly { folder: Folder::open(directory).unwrap(), at, armed: Cell::new(false) };
    let mut guard = Guard::open(&disk, NETWORK, key(1)).unwrap();
    disk.armed.set(true);
    let signed = guard.cosign(log.tree(size), size, |size| Ok(log.root(size)));
    let Ok(cosignature) = signed else { return };
    disk.reached(Step::BeforeSending);
    // What has left the process, no crash takes back: the parent reads it from this file.
    let mut sent =
        std::fs::OpenOptions::new().append(true).create(true).open(directory.join("sent")).unwrap();
    let line = format!("{size} {} {}\n", log.root(size), hex::encode(cosignature.to_bytes()));
    sent.write_all(line.as_bytes()).unwrap();
    disk.reached(Step::AfterSending);
}

/// Runs a child that is offered a tree; whether it was killed.
fn offer(directory: &Path, at: Step, log: Log, size: u64) -> bool {
    let step = STEPS.iter().position(|step| *step == at).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", TEST])
        .env(DIRECTORY, directory)
        .env(OFFERED, format!("{step} {} {} {size}", log.way, log.forked))
        .output()
        .unwrap();
    let killed = std::os::unix::process::ExitStatusExt::signal(&output.status) == Some(9);
    assert!(killed || output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    killed
}

/// Checks everything that was sent so far; how much it was.
fn check(directory: &Path, told: &str) -> usize {
    let text = std::fs::read_to_string(directory.join("sent")).unwrap_or_default();
    let mut sent = Sent::default();
    for line in text.lines() {
        let [size, root, cosignature] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let root: Hash = root.parse().unwrap();
        let cosignature = Cosignature::from_bytes(&hex::decode(cosignature).unwrap()).unwrap();
        sent.note(&key(1), Tree { size: size.parse().unwrap(), root }, &cosignature, told);
    }
    sent.count
}

#[test]
fn a_process_killed_at_any_step_never_signs_two_trees_of_one_size_or_a_smaller_one() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        return child(&PathBuf::from(directory));
    }
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    for at in STEPS {
        for after in 0..4 {
            let directory = tempfile::tempdir().unwrap();
            Guard::make(Folder::open(directory.path()).unwrap(), NETWORK, key(1)).unwrap();
            let first: u64 = random.gen_range(2..1000);
            let second = first + random.gen_range(1..1000);
            let (ours, other) = (Log { way: 0, forked: 0 }, Log { way: 1, forked: first });
            let told =
                format!("seed {seed}, killed {at:?}, then {after}: trees of {first} and {second} leaves");
            assert!(!offer(directory.path(), Step::Nowhere, ours, first), "{told}");
            assert_eq!(check(directory.path(), &told), 1, "{told}");
            let killed = offer(directory.path(), at, ours, second);
            assert_eq!(killed, at != Step::Nowhere, "{told}");
            let left = check(directory.path(), &told);
            assert_eq!(left, if matches!(at, Step::AfterSending | Step::Nowhere) { 2 } else { 1 }, "{told}");
            // It comes back, and is offered the same tree, another of that size, and smaller ones, in any order.
            let offers: &[(Log, u64)] = match after {
                0 => &[(ours, second), (other, second), (ours, first)],
                1 => &[(other, second), (ours, second), (other, second)],
                2 => &[(ours, first), (ours, second - 1), (ours, second), (other, second)],
                _ => &[(other, second + 1), (ours, second), (ours, second + 1)],
            };
            for (log, size) in offers {
                // Half of them are killed too, wherever.
                let again = if random.gen_bool(0.5) { STEPS[random.gen_range(0..7)] } else { Step::Nowhere };
                offer(directory.path(), again, *log, *size);
                check(directory.path(), &told);
            }
            if after == 0 {
                // The same tree again is no reason to fall silent: it has been signed by now, unless it was killed.
                offer(directory.path(), Step::Nowhere, ours, second);
                let silent = match look(&Folder::open(directory.path()).unwrap()).unwrap() {
                    Found::Guard(content) => content.silent.is_some(),
                    found => panic!("{found:?}: {told}"),
                };
                assert!(silent || check(directory.path(), &told) > left, "{told}");
            }
        }
    }
}
