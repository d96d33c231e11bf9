//! Keep the cosignatures of outside witnesses with the checkpoints that they are for.
//!
//! A file of lines, appended to: `SIZE ROOT — NAME BASE64`, the root in hexadecimal, the rest as it stands under the
//! checkpoint. It is not synced: what a crash takes, the witness gives again. When it has grown long, its older half is
//! left out; a later checkpoint with its witnesses vouches for all before it.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{Checkpoint, NoteSignature, SignedCheckpoint};

/// The file in a node's directory.
pub const FILE: &str = "checkpoints/witnessed";

/// Lines of the file at most.
const LINES: usize = 20_000;

/// Lines of outside witnesses, by checkpoint.
#[derive(Debug)]
pub struct Kept {
    path: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    /// Lines of the file.
    count: usize,
    /// By size; for each witness the last one.
    lines: BTreeMap<u64, Vec<Line>>,
}

#[derive(Clone, Debug)]
struct Line {
    root: Hash,
    signature: NoteSignature,
}

impl Kept {
    /// Opens the file, or makes it. A last line that a crash cut is left out.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn open(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let text = match std::fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            bytes => bytes?,
        };
        let mut lines = BTreeMap::new();
        let mut count = 0;
        // A cut line may look like a whole one with a shorter signature, so only what ends with a line feed counts.
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        for (size, line) in String::from_utf8_lossy(&text[..whole]).lines().filter_map(parse) {
            count += 1;
            insert(&mut lines, size, line);
        }
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let kept = Self { path: path.to_owned(), inner: Mutex::new(Inner { file, count, lines }) };
        // Whatever was cut or is none of ours is gone before anything is written behind it.
        if whole != text.len() || text.iter().filter(|byte| **byte == b'\n').count() != count {
            kept.rewrite(&mut kept.lock())?;
        }
        Ok(kept)
    }

    /// Keeps a verified line with its checkpoint, in place of an earlier one of the same witness.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, checkpoint: &Checkpoint, signature: NoteSignature) -> io::Result<()> {
        let mut inner = self.lock();
        let line = Line { root: checkpoint.root, signature };
        let written = print(checkpoint.size, &line);
        inner.file.write_all(written.as_bytes())?;
        inner.count += 1;
        insert(&mut inner.lines, checkpoint.size, line);
        if inner.count > LINES {
            while inner.lines.values().map(Vec::len).sum::<usize>() > LINES / 2 {
                inner.lines.pop_first();
            }
            self.rewrite(&mut inner)?;
        }
        Ok(())
    }

    /// The lines for a checkpoint, in the order in which their witnesses were first heard.
    #[must_use]
    pub fn of(&self, checkpoint: &Checkpoint) -> Vec<NoteSignature> {
        let inner = self.lock();
        let lines = inner.lines.get(&checkpoint.size).into_iter().flatten();
        lines.filter(|line| line.root == checkpoint.root).map(|line| line.signature.clone()).collect()
    }

    /// A published checkpoint with the lines of outside witnesses behind its own.
    #[must_use]
    pub fn with(&self, signed: &SignedCheckpoint) -> SignedCheckpoint {
        let mut witnessed = signed.clone();
        for line in self.of(signed.checkpoint()) {
            // A note that takes no more is whole without it.
            if witnessed.add(line).is_err() {
                break;
            }
        }
        witnessed
    }

    fn rewrite(&self, inner: &mut Inner) -> io::Result<()> {
        let unfinished = self.path.with_extension("new");
        let text: String = inner
            .lines
            .iter()
            .flat_map(|(size, lines)| lines.iter().map(|line| print(*size, line)))
            .collect();
        std::fs::write(&unfinished, text)?;
        std::fs::rename(&unfinished, &self.path)?;
        inner.file = OpenOptions::new().append(true).open(&self.path)?;
        inner.count = inner.lines.values().map(Vec::len).sum();
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn insert(lines: &mut BTreeMap<u64, Vec<Line>>, size: u64, line: Line) {
    let of_size = lines.entry(size).or_default();
    let same = |other: &&mut Line| {
        (other.signature.name(), other.signature.id()) == (line.signature.name(), line.signature.id())
    };
    match of_size.iter_mut().find(same) {
        Some(other) => *other = line,
        None => of_size.push(line),
    }
}

fn print(size: u64, line: &Line) -> String {
    format!("{size} {} {}\n", line.root, line.signature)
}

fn parse(line: &str) -> Option<(u64, Line)> {
    let (size, rest) = line.split_once(' ')?;
    let (root, signature) = rest.split_once(' ')?;
    let signature = NoteSignature::parse(signature).ok()?;
    Some((size.parse().ok()?, Line { root: root.parse().ok()?, signature }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tongda_ledger::key::SigningKey;

    fn line(name: &str, seed: u8) -> NoteSignature {
        NoteSignature::sign(name.parse().unwrap(), &SigningKey::from_seed(&[seed; 32]), "text\n")
    }

    fn checkpoint(size: u64) -> Checkpoint {
        Checkpoint { origin: "o".into(), size, root: Hash([1; 32]) }
    }

    #[test]
    fn lines_are_there_again_after_a_restart_and_a_cut_one_is_left_out() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("checkpoints/witnessed");
        let kept = Kept::open(&path).unwrap();
        kept.keep(&checkpoint(3), line("a", 1)).unwrap();
        kept.keep(&checkpoint(3), line("b", 2)).unwrap();
        kept.keep(&checkpoint(3), line("a", 1)).unwrap();
        kept.keep(&checkpoint(4), line("a", 1)).unwrap();
        let other = Checkpoint { root: Hash([2; 32]), ..checkpoint(3) };
        assert_eq!(kept.of(&checkpoint(3)), [line("a", 1), line("b", 2)]);
        assert_eq!(kept.of(&other), []);
        let signed = SignedCheckpoint::new(&checkpoint(3)).unwrap();
        assert_eq!(kept.with(&signed).note().signatures(), [line("a", 1), line("b", 2)]);
        drop(kept);
        let whole = std::fs::read(&path).unwrap();
        for cut in 1..60 {
            std::fs::write(&path, &whole[..whole.len() - cut]).unwrap();
            let kept = Kept::open(&path).unwrap();
            assert_eq!(kept.of(&checkpoint(3)), [line("a", 1), line("b", 2)], "{cut}");
            assert_eq!(kept.of(&checkpoint(4)), [], "{cut}");
            kept.keep(&checkpoint(5), line("a", 1)).unwrap();
            assert_eq!(Kept::open(&path).unwrap().of(&checkpoint(5)), [line("a", 1)], "{cut}");
        }
    }

    #[test]
    fn a_long_file_loses_its_older_half() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("witnessed");
        let one = Line { root: Hash([1; 32]), signature: line("a", 1) };
        let old: String = (0..LINES as u64).map(|size| print(size, &one)).collect();
        std::fs::write(&path, old).unwrap();
        let kept = Kept::open(&path).unwrap();
        kept.keep(&checkpoint(LINES as u64), line("a", 1)).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), LINES / 2);
        assert_eq!(kept.of(&checkpoint(0)), []);
        assert_eq!(kept.of(&checkpoint(LINES as u64)).len(), 1);
    }
}
