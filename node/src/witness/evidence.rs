//! Keep checkpoints that contradict each other, for whoever asks what happened.
//!
//! A folder of text files, `<first 16 digits of SHA-256(origin)>-<size>-<size>.evidence`: one for two sizes of a log, and
//! a bounded number in all, so that a log which signs without end does not fill the disk.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use tongda_ledger::evidence::{EVIDENCE_LIMIT, Evidence, EvidenceError};
use tongda_ledger::hash::Hash;

/// Pieces of evidence kept at most.
const FILES_LIMIT: usize = 1_000;

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

    /// Keeps the evidence, unless there is some for these two sizes of the log, or the folder is full. Durable when this
    /// returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, evidence: &Evidence) -> io::Result<Option<PathBuf>> {
        let (first, second) = (evidence.first().checkpoint(), evidence.second().checkpoint());
        let origin = Hash::plain(&[first.origin.as_bytes()]).to_string();
        let name = format!("{}-{}-{}.{SUFFIX}", &origin[..16], first.size, second.size);
        let path = self.0.join(name);
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

    /// Keeps the evidence and tells the operator.
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
