//! A thousand single bytes of an exported history are changed, one at a time: each change is found, or means nothing.

use crate::history::Chain;
use crate::history::acts::Story;
use crate::{audit, report};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tongda_client::audit::{
    Audit, Directory, Problem, Report, Source, SourceError, Verdict, Watch, run, run_from,
};
use tongda_genesis::file::Genesis;
use tongda_ledger::audit::{Auditor, CheckedEntry, What};
use tongda_ledger::replay::CheckedCertificate;
use tongda_ledger::tree::{SignedCheckpoint, TilePath};

const RECORDS: usize = 5_000;
const CHANGES: usize = 1_000;
const SEED: u64 = 0x0a0d_1700;

/// An audited prefix is kept every so many blocks, for an audit to go on from.
const KEPT_EVERY: usize = 8;

/// A folder of which one byte reads as another.
#[derive(Debug)]
struct Altered {
    inner: Directory,
    path: String,
    offset: usize,
    mask: u8,
}

impl Source for Altered {
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let mut bytes = self.inner.read(path, limit)?;
        if path == self.path {
            bytes[self.offset] ^= self.mask;
        }
        Ok(bytes)
    }

    fn widths(&self, path: &str) -> Vec<u16> {
        self.inner.widths(path)
    }

    fn checkpoints(&self) -> Vec<u64> {
        self.inner.checkpoints()
    }

    fn name(&self) -> String {
        self.inner.name()
    }
}

/// Ends at the first seal behind a problem.
struct Once;

impl Watch for Once {
    fn progress(&mut self, _done: u64, _total: u64) {}

    fn stop(&self, problems: &[Problem]) -> bool {
        !problems.is_empty()
    }
}

/// Prefixes of the log that were audited, by size.
fn prefixes(chain: &Chain) -> BTreeMap<u64, Auditor> {
    let mut auditor = Auditor::new(&chain.founders.founding).unwrap();
    let mut prefixes = BTreeMap::from([(0, auditor.clone())]);
    auditor.entry(CheckedEntry::new(&chain.log()[0]), None).unwrap();
    for (place, block) in chain.blocks.iter().enumerate() {
        if place > 0 && place % KEPT_EVERY == 0 {
            prefixes.insert(auditor.size(), auditor.clone());
        }
        let certificate =
            CheckedCertificate::new(chain.network, auditor.validators(), block.certificate.clone());
        for leaf in &block.leaves {
            auditor.entry(CheckedEntry::new(leaf), Some(&certificate)).unwrap();
            while auditor.next_tile().is_some() {}
        }
    }
    prefixes
}

fn files(folder: &Path) -> Vec<(String, u64)> {
    let (mut files, mut folders) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(folder.join(&inner)).unwrap() {
            let entry = entry.unwrap();
            let path = inner.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else {
                files.push((path.to_str().unwrap().to_owned(), entry.metadata().unwrap().len()));
            }
        }
    }
    files.sort();
    files
}

/// How many leaves come before what the byte at this place belongs to: an audit of a prefix up to there has not read it.
fn leaves_before(chain: &Chain, path: &str, offset: usize, bytes: &[u8]) -> u64 {
    match path.parse::<TilePath>() {
        Ok(TilePath::Entries(span)) => {
            let (mut at, mut leaf) = (0, span.start());
            loop {
                at += 2 + usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
                if offset < at {
                    return leaf;
                }
                leaf += 1;
            }
        }
        Ok(TilePath::Commits(span)) => {
            let (mut at, mut place) = (0, usize::try_from(span.start()).unwrap());
            loop {
                let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
                at += 4 + usize::try_from(length).unwrap();
                if offset < at {
                    return chain.size_at(place);
                }
                place += 1;
            }
        }
        // The tile is compared when its last leaf comes.
        Ok(TilePath::Tile(tile)) => {
            let end = (tile.span().start() + 256) << (8 * u32::from(tile.level()));
            end.min(chain.size()) - 1
        }
        _ => chain.size() - 1,
    }
}

/// Shows that a change that was not found means nothing: the same tree under a quorum, or the same genesis.
fn means_nothing(chain: &Chain, report: &Report, path: &str, before: &[u8], after: &[u8]) {
    if path == "genesis" {
        let read = |bytes: &[u8]| Genesis::parse(std::str::from_utf8(bytes).unwrap()).unwrap();
        let (before, after) = (read(before), read(after));
        assert_eq!((&before.founding, before.network), (&after.founding, after.network));
        after.verify().unwrap();
        return;
    }
    assert!(path == "checkpoint" || path.starts_with("checkpoints/"), "{path}: {:?}", report.problems);
    let (before, after) = (SignedCheckpoint::parse(before).unwrap(), SignedCheckpoint::parse(after).unwrap());
    assert_eq!(before.checkpoint(), after.checkpoint(), "{path}");
    // The one line that differs is of a key that is no validator's: the log's own.
    let origin = format!("tongda/{}", chain.network);
    let pairs = before.note().signatures().iter().zip(after.note().signatures());
    let differing: Vec<_> = pairs.filter(|(before, after)| before != after).collect();
    assert_eq!(differing.len(), 1, "{path}");
    let (before, after) = (differing[0].0.name().as_str(), differing[0].1.name().as_str());
    let is_validators = |name: &str| name.starts_with(&format!("{origin}/"));
    assert!(!is_validators(after), "{path}: {after}");
    // A validator's line under another name is a stranger's: three of four are a quorum without it.
    assert!(before == origin || is_validators(before), "{path}: {before}");
}

#[test]
fn a_thousand_changed_bytes_of_five_thousand_records_are_found_or_mean_nothing() {
    let mut story = Story::new(4, 4);
    story.bulk(RECORDS / 2, 40);
    story.rekey("sichuan", 0x60);
    story.bulk(RECORDS / 2, 40);
    let chain = &story.chain;
    let folder = tempfile::tempdir().unwrap();
    let heights = [10, 40, 90, chain.blocks.len()];
    chain.export(folder.path(), &heights);
    // What an export leaves behind as it grows: narrower copies.
    for (wide, narrow, bytes) in
        [("tile/0/003", "tile/0/003.p/17", 17 * 32), ("tile/0/010", "tile/0/010.p/200", 200 * 32)]
    {
        let whole = fs::read(folder.path().join(wide)).unwrap();
        crate::history::write(folder.path(), narrow, &whole[..bytes]);
    }
    let intact = audit(chain, folder.path());
    let sound = report(&intact);
    assert_eq!((sound.verdict, sound.problems), (Verdict::Sound, vec![]));
    assert!(sound.checked.records >= RECORDS as u64);

    let prefixes = prefixes(chain);
    let files = files(folder.path());
    let total: u64 = files.iter().map(|(_, length)| length).sum();
    let mut random = StdRng::seed_from_u64(SEED);
    let changes: Vec<_> = (0..CHANGES).map(|number| drawn(number, &files, total, &mut random)).collect();
    let outcome = |change: &Change| {
        let bytes = fs::read(folder.path().join(&change.path)).unwrap();
        let first = leaves_before(chain, &change.path, change.offset, &bytes);
        let (_, prefix) = prefixes.range(..=first).next_back().unwrap();
        let report = run_from(&change.made(&intact, folder.path()), prefix.clone(), &mut Once);
        if report.problems.is_empty() {
            assert_eq!(report.verdict, Verdict::Sound, "{change:?}");
            let mut altered = bytes.clone();
            altered[change.offset] ^= change.mask;
            means_nothing(chain, &report, &change.path, &bytes, &altered);
        }
        report.first_wrong.map(Problem::Wrong).or_else(|| report.problems.into_iter().next())
    };
    let outcomes: Vec<_> = changes.par_iter().map(outcome).collect();
    let (mut kinds, mut nothing, mut elsewhere) =
        (BTreeMap::<What, usize>::new(), BTreeMap::<&str, usize>::new(), Vec::new());
    for (change, problem) in changes.iter().zip(outcomes) {
        match problem {
            None => *nothing.entry(&change.path).or_default() += 1,
            Some(Problem::Wrong(finding)) => {
                *kinds.entry(finding.what).or_default() += 1;
                if finding.resource.as_deref() != Some(&change.path) {
                    elsewhere.push(format!("{change:?}: {finding}"));
                }
            }
            Some(other) => elsewhere.push(format!("{change:?}: {other:?}")),
        }
    }
    println!("found: {kinds:?}; without meaning: {nothing:?}");
    assert_eq!(elsewhere, [""; 0], "found, but named elsewhere");
}

/// Draws a change. Nine in ten fall on any byte of the export; the rest on its small files, each as often as the others.
fn drawn(number: usize, files: &[(String, u64)], total: u64, random: &mut StdRng) -> Change {
    let (path, offset) = if number.is_multiple_of(10) {
        let small: Vec<_> = files.iter().filter(|(path, _)| !path.starts_with("tile/entries")).collect();
        let (path, length) = small[random.gen_range(0..small.len())];
        (path, random.gen_range(0..*length))
    } else {
        let mut at = random.gen_range(0..total);
        let file = files.iter().find(|(_, length)| {
            let here = at < *length;
            at -= if here { 0 } else { *length };
            here
        });
        (&file.unwrap().0, at)
    };
    let mask = random.gen_range(1..=255_u8);
    Change { path: path.clone(), offset: usize::try_from(offset).unwrap(), mask }
}

/// A changed byte, as the [`SEED`] draws it.
#[derive(Debug)]
struct Change {
    path: String,
    offset: usize,
    mask: u8,
}

impl Change {
    /// The audit of the export in this folder with the change made.
    fn made(&self, intact: &Audit, folder: &Path) -> Audit {
        let (path, offset, mask) = (self.path.clone(), self.offset, self.mask);
        let source = Arc::new(Altered { inner: Directory::new(folder), path, offset, mask });
        Audit { source, cores: 1, ..intact.clone() }
    }
}

#[test]
fn an_audit_from_a_prefix_and_one_from_the_genesis_find_the_same() {
    let mut story = Story::new(4, 3);
    story.bulk(600, 20);
    let chain = &story.chain;
    let folder = tempfile::tempdir().unwrap();
    chain.export(folder.path(), &[chain.blocks.len()]);
    let intact = audit(chain, folder.path());
    let prefixes = prefixes(chain);
    let mut random = StdRng::seed_from_u64(7);
    for (path, length) in files(folder.path()) {
        let offset = random.gen_range(0..usize::try_from(length).unwrap());
        let bytes = fs::read(folder.path().join(&path)).unwrap();
        let first = leaves_before(chain, &path, offset, &bytes);
        let (_, prefix) = prefixes.range(..=first).next_back().unwrap();
        let change = Change { path, offset, mask: 0x10 };
        let audit = change.made(&intact, folder.path());
        let (whole, rest) = (run(&audit, &mut Once).unwrap(), run_from(&audit, prefix.clone(), &mut Once));
        assert_eq!((whole.first_wrong, whole.problems), (rest.first_wrong, rest.problems));
    }
}
