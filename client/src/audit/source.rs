//! Read the resources of a log: from a folder, or from a server that is not believed.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// Where a log is read. Paths are those of the tile log: `checkpoint`, `tile/0/000`, `commits/000.p/17`.
pub trait Source: Send + Sync + fmt::Debug {
    /// The resource at this path, at most `limit` bytes of it.
    ///
    /// # Errors
    /// [`SourceError`] says why there is none. What is longer than `limit` is not read to its end.
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError>;

    /// The widths at which a tile or bundle is kept beside its full form, if that can be told.
    fn widths(&self, _path: &str) -> Vec<u16> {
        Vec::new()
    }

    /// The sizes of which older checkpoints are kept, if that can be told.
    fn checkpoints(&self) -> Vec<u64> {
        Vec::new()
    }

    /// How many resources are worth reading at once.
    fn readers(&self) -> usize {
        1
    }

    /// What it is called in reports.
    fn name(&self) -> String;
}

/// Why a resource could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{resource}: {trouble}")]
pub struct SourceError {
    /// The path of the resource.
    pub resource: String,
    /// What is wrong.
    pub trouble: Trouble,
}

/// What is wrong with a resource before its bytes are looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It is not there.
    #[error("it is missing")]
    Missing,
    /// It does not end where it must.
    #[error("it has more than {0} bytes, and was not read further")]
    TooLong(usize),
    /// It ends before the length that was promised.
    #[error("it was cut short: {0}")]
    Cut(String),
    /// The server does not answer, or too slowly.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The server answers with an error.
    #[error("the server answers with status {0}")]
    Status(u16),
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    File(String),
}

impl SourceError {
    pub(super) fn new(resource: &str, trouble: Trouble) -> Self {
        Self { resource: resource.to_owned(), trouble }
    }
}

/// A log in a folder, as `tongda-node tiles export` writes it.
#[derive(Clone, Debug)]
pub struct Directory(PathBuf);

impl Directory {
    /// The log in this folder.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

impl Source for Directory {
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let wrong = |error: std::io::Error| {
            let trouble = match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Trouble::Missing,
                _ => Trouble::File(error.to_string()),
            };
            SourceError::new(path, trouble)
        };
        let file = File::open(self.0.join(path)).map_err(wrong)?;
        let mut bytes = Vec::new();
        file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(wrong)?;
        if bytes.len() > limit {
            return Err(SourceError::new(path, Trouble::TooLong(limit)));
        }
        Ok(bytes)
    }

    fn widths(&self, path: &str) -> Vec<u16> {
        numbers(&self.0.join(format!("{path}.p")))
    }

    fn checkpoints(&self) -> Vec<u64> {
        numbers(&self.0.join("checkpoints"))
    }

    fn name(&self) -> String {
        self.0.display().to_string()
    }
}

/// The files of a folder whose names are numbers, ascending; none where there is no such folder.
fn numbers<T: std::str::FromStr + Ord>(folder: &Path) -> Vec<T> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = files.flatten().filter_map(|file| file.file_name().into_string().ok());
    let mut numbers: Vec<T> = names.filter_map(|name| name.parse().ok()).collect();
    numbers.sort();
    numbers
}
