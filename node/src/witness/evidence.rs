//! Keep checkpoints that contradict each other, for whoever asks what happened.
//!
//! A folder of text files, `<origin>-<size>-<size>-<signers>.evidence` with the first digits of hashes of the log's origin
//! and of the keys' names under the checkpoint that fewer signed: one for each who contradicts himself at two sizes, and
//! a bounded number in all, so that whoever signs without end does not fill the disk.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use tongda_ledger::evidence::{EVIDENCE_LIMIT, Evidence, EvidenceError};
use tongda_ledger::hash::Hash;

/// Pieces of evidence kept at most.
const FILES_LIMIT: usize = 256;

/// How the files' names end.
const SUFFIX: &str = "evidence";

/// A folder of evidence.
#[derive(Clone, Debug)]
pub struct EvidenceFolder(PathBuf);

/// A file of the folder.
#[derive(Debug)]
pub struct Found {
    /// The file.
    pub path: PathBuf,
    /// What it holds, or why it is no evidence.
    pub evidence: Result<Evidence, EvidenceError>,
}

impl EvidenceFolder {
    /// The folder at this path; it is made when there is something to keep.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Keeps the evidence, unless there is some of these signers for these two sizes of the log, or the folder is full.
    /// Durable when this returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, evidence: &Evidence) -> io::Result<Option<PathBuf>> {
        let path = self.0.join(name_of(evidence));
        std::fs::create_dir_all(&self.0)?;
        if path.exists() || self.files()?.len() >= FILES_LIMIT {
            return Ok(None);
        }
        let unfinished = path.with_extension("new");
        let mut file = std::fs::File::create(&unfinished)?;
        file.write_all(evidence.to_string().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&unfinished, &path)?;
        std::fs::File::open(&self.0)?.sync_all()?;
        Ok(Some(path))
    }

    /// Keeps the evidence and tells the operator; again only in short.
    pub fn keep_and_tell(&self, evidence: &Evidence) {
        let (first, second) = (evidence.first().checkpoint(), evidence.second().checkpoint());
        let (origin, sizes) = (&first.origin, (first.size, second.size));
        match self.keep(evidence) {
            Ok(Some(path)) => tracing::error!(
                origin, ?sizes, path = %path.display(),
                "two signed checkpoints of this log contradict each other: the evidence was kept; `tongda-node doctor` \
                 shows it"
            ),
            Ok(None) => {
                tracing::warn!(origin, ?sizes, "signed checkpoints of this log contradict each other again")
            }
            Err(error) => tracing::error!(
                origin, ?sizes, %error, evidence = %evidence, "evidence of a fork could not be kept; here it is"
            ),
        }
    }

    /// Everything that is there, by name.
    ///
    /// # Errors
    /// When the folder or a file cannot be read.
    pub fn list(&self) -> io::Result<Vec<Found>> {
        let read = |path: PathBuf| {
            let mut bytes = Vec::new();
            std::fs::File::open(&path)?.take(EVIDENCE_LIMIT as u64 + 1).read_to_end(&mut bytes)?;
            Ok(Found { evidence: Evidence::parse(&bytes), path })
        };
        self.files()?.into_iter().map(read).collect()
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match std::fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == SUFFIX) {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

fn name_of(evidence: &Evidence) -> String {
    let (first, second) = (evidence.first(), evidence.second());
    let fewer = std::cmp::min_by_key(first, second, |signed| signed.note().signatures().len());
    let mut signers: Vec<_> = fewer
        .note()
        .signatures()
        .iter()
        .map(|line| format!("{} {}\n", line.name(), hex::encode(line.id())))
        .collect();
    signers.sort();
    signers.dedup();
    let short = |text: &str| Hash::plain(&[text.as_bytes()]).to_string()[..16].to_owned();
    let (first, second) = (first.checkpoint(), second.checkpoint());
    format!("{}-{}-{}-{}.{SUFFIX}", short(&first.origin), first.size, second.size, short(&signers.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tongda_ledger::key::SigningKey;
    use tongda_ledger::tree::{Checkpoint, NoteSignature, SignedCheckpoint};

    fn signed(root: u8, names: &[&str]) -> SignedCheckpoint {
        let checkpoint = Checkpoint { origin: "o".into(), size: 7, root: Hash([root; 32]) };
        let mut signed = SignedCheckpoint::new(&checkpoint).unwrap();
        for name in names {
            let secret = SigningKey::from_seed(&[5; 32]);
            signed.add(NoteSignature::sign(name.parse().unwrap(), &secret, &checkpoint.text())).unwrap();
        }
        signed
    }

    #[test]
    fn one_piece_is_kept_of_each_who_contradicts_himself_and_the_folder_is_bounded() {
        let directory = tempfile::tempdir().unwrap();
        let folder = EvidenceFolder::new(directory.path().join("evidence"));
        let of = |ours: &[&str], root: u8, theirs: &str| {
            Evidence::of_one_size(signed(1, ours), signed(root, &[theirs])).unwrap()
        };
        let kept = of(&["a", "b"], 2, "a");
        let path = folder.keep(&kept).unwrap().unwrap();
        assert_eq!(Evidence::parse(&std::fs::read(&path).unwrap()).unwrap(), kept);
        assert_eq!(folder.keep(&of(&["a", "b", "c"], 3, "a")).unwrap(), None, "of the same one");
        assert!(folder.keep(&of(&["a", "b"], 2, "b")).unwrap().is_some(), "of another one");
        for place in 2..FILES_LIMIT {
            assert!(folder.keep(&of(&["a", "b"], 2, &format!("n{place}"))).unwrap().is_some(), "{place}");
        }
        assert_eq!(folder.keep(&of(&["a", "b"], 2, "c")).unwrap(), None, "full");
        let found = folder.list().unwrap();
        assert_eq!(found.len(), FILES_LIMIT);
        assert!(found.iter().all(|found| found.evidence.is_ok()));
    }
}
