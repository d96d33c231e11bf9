//! A disk that loses at a power cut what was not synced, in any combination: no signature that left is forgotten.

use crate::{Log, NETWORK, Sent, key};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use tongda_node::cosign::guard::Refused;
use tongda_node::cosign::{Disk, Guard};

/// A file's bytes: those that were synced, and those that are seen.
#[derive(Clone, Debug, Default)]
struct Bytes {
    durable: Option<Vec<u8>>,
    seen: Vec<u8>,
}

/// A disk in memory.
#[derive(Debug, Default)]
struct State {
    files: Vec<Bytes>,
    /// Names as they are seen, and as they are on the disk.
    seen: BTreeMap<String, usize>,
    durable: BTreeMap<String, usize>,
    /// Steps that still succeed before the power is cut.
    left: Option<u32>,
}

#[derive(Clone, Debug, Default)]
struct Memory(Rc<RefCell<State>>);

impl Memory {
    fn step(&self) -> io::Result<()> {
        match &mut self.0.borrow_mut().left {
            Some(0) => Err(io::Error::other("the power is cut")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn cut_after(&self, steps: u32) {
        self.0.borrow_mut().left = Some(steps);
    }

    /// The power comes back: of what was not synced anything may be there, whole, in part or as zeros.
    fn restore(&self, random: &mut StdRng) {
        let mut state = self.0.borrow_mut();
        state.left = None;
        let names: Vec<_> = state.seen.iter().map(|(name, file)| (name.clone(), *file)).collect();
        let gone: Vec<_> =
            state.durable.keys().filter(|name| !state.seen.contains_key(*name)).cloned().collect();
        for (name, file) in names {
            if random.gen_bool(0.5) {
                state.durable.insert(name, file);
            }
        }
        for name in gone {
            if random.gen_bool(0.5) {
                state.durable.remove(&name);
            }
        }
        state.seen = state.durable.clone();
        for file in &mut state.files {
            file.seen = match (&file.durable, random.gen_range(0..4)) {
                (Some(durable), _) => durable.clone(),
                (None, 0) => Vec::new(),
                (None, 1) => vec![0; file.seen.len()],
                (None, 2) => file.seen[..random.gen_range(0..=file.seen.len())].to_vec(),
                (None, _) => file.seen.clone(),
            };
            file.durable = Some(file.seen.clone());
        }
    }
}

impl Disk for Memory {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let state = self.0.borrow();
        Ok(state.seen.get(name).map(|file| state.files[*file].seen.clone()))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let stepped = self.step();
        let mut state = self.0.borrow_mut();
        let file = state.files.len();
        // A cut in the middle leaves a part.
        let length = if stepped.is_ok() { bytes.len() } else { bytes.len() / 2 };
        state.files.push(Bytes { durable: None, seen: bytes[..length].to_vec() });
        state.seen.insert(name.to_owned(), file);
        stepped
    }

    fn sync_file(&self, name: &str) -> io::Result<()> {
        self.step()?;
        let mut state = self.0.borrow_mut();
        let file = *state.seen.get(name).ok_or(io::ErrorKind::NotFound)?;
        state.files[file].durable = Some(state.files[file].seen.clone());
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.step()?;
        let mut state = self.0.borrow_mut();
        let file = state.seen.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.seen.insert(to.to_owned(), file);
        Ok(())
    }

    fn sync_names(&self) -> io::Result<()> {
        self.step()?;
        let mut state = self.0.borrow_mut();
        state.durable = state.seen.clone();
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        name.into()
    }
}

#[test]
fn a_power_cut_at_any_step_forgets_no_signature_that_left_the_node() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let (mut signed, mut silent) = (0, 0);
    for run in 0..2_000 {
        let (disk, mut sent) = (Memory::default(), Sent::default());
        let told = format!("seed {seed}, run {run}");
        drop(Guard::make(disk.clone(), NETWORK, key(1)).unwrap());
        let (mut log, mut size) = (Log { way: 0, forked: 0 }, 1_u64);
        for _ in 0..6 {
            // Opening takes steps as well: the cut may come there.
            disk.cut_after(random.gen_range(0..14));
            if let Ok(mut guard) = Guard::open(disk.clone(), NETWORK, key(1)) {
                for _ in 0..3 {
                    let offered = match random.gen_range(0..4) {
                        0 => size,
                        1 => size.saturating_sub(1).max(1),
                        _ => size + 1,
                    };
                    let tree = log.tree(offered);
                    match guard.cosign(tree, offered, |size| Ok(log.root(size))) {
                        Ok(cosignature) => {
                            sent.note(&key(1), tree, &cosignature, &told);
                            size = offered;
                        }
                        Err(Refused::Guard(_)) => break,
                        Err(Refused::Silent(_)) => silent += 1,
                        Err(Refused::Smaller { .. } | Refused::Unproven { .. }) => {}
                    }
                }
            }
            disk.restore(&mut random);
            // Sometimes the node comes back with a log that went another way behind what it had signed.
            if random.gen_bool(0.3) {
                log = Log { way: log.way + 1, forked: size };
            }
        }
        signed += sent.count;
    }
    assert!(signed > 4_000 && silent > 0, "the guard neither signed nor refused: {signed}, {silent}");
}
