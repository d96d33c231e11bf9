//! Keep what has been verified of a network in a folder, each file written whole or not at all.
//!
//! ```text
//! DATA/<first 16 digits of the network id>/checkpoint       the newest checkpoint verified, a signed note
//!                                         /epochs           the links of the epochs, (length u32 ‖ link)…
//!                                         /receipts/        a .tlog-proof for each submission
//!                                         /evidence/        checkpoints that contradict each other
//! ```

use super::LightError;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use tongda_ledger::epoch::EpochLink;
use tongda_ledger::vote::NetworkId;

/// The most bytes of all links that are read.
const EPOCHS_LIMIT: u64 = 1 << 28;

/// The folder of one network.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The network's folder within the client's data folder. Nothing is made until something is written.
    #[must_use]
    pub fn new(data: &Path, network: &NetworkId) -> Self {
        Self { path: data.join(&network.to_string()[..16]) }
    }

    /// Where receipts are kept unless told otherwise.
    #[must_use]
    pub fn receipts(&self) -> PathBuf {
        self.path.join("receipts")
    }

    /// The note of the newest checkpoint.
    pub(crate) fn checkpoint(&self) -> Result<Option<Vec<u8>>, LightError> {
        read(&self.path.join("checkpoint"), 1 << 18)
    }

    pub(crate) fn keep_checkpoint(&self, note: &str) -> Result<(), LightError> {
        write(&self.path.join("checkpoint"), note.as_bytes())
    }

    /// The links of the epochs, as they were verified.
    ///
    /// # Errors
    /// [`LightError`] when the file cannot be read, or holds something else.
    pub fn epochs(&self) -> Result<Vec<EpochLink>, LightError> {
        let path = self.path.join("epochs");
        match read(&path, EPOCHS_LIMIT)? {
            Some(bytes) => links(&bytes).map_err(|reason| LightError::Kept { path, reason }),
            None => Ok(Vec::new()),
        }
    }

    pub(crate) fn keep_epochs(&self, links: &[EpochLink]) -> Result<(), LightError> {
        write(&self.path.join("epochs"), &links_bytes(links))
    }

    /// Keeps evidence, and says where.
    pub(crate) fn keep_evidence(&self, name: &str, text: &str) -> Result<PathBuf, LightError> {
        let path = self.path.join("evidence").join(name);
        write(&path, text.as_bytes())?;
        Ok(path)
    }

    /// What a verified thing that is wrong here is called.
    pub(crate) fn wrong_checkpoint(&self, reason: String) -> LightError {
        LightError::Kept { path: self.path.join("checkpoint"), reason }
    }
}

/// Links one after another: `(length u32 ‖ link)…`.
#[must_use]
pub(crate) fn links_bytes(links: &[EpochLink]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for link in links {
        let link = link.bytes();
        bytes.extend(u32::try_from(link.len()).expect("a link is bounded").to_le_bytes());
        bytes.extend(link);
    }
    bytes
}

/// The links in these bytes; not verified.
pub(crate) fn links(mut bytes: &[u8]) -> Result<Vec<EpochLink>, String> {
    let mut links = Vec::new();
    while !bytes.is_empty() {
        let cut = || "it breaks off within a link".to_owned();
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(cut)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| cut())?;
        let (link, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
        links.push(EpochLink::decode(link).map_err(|error| error.to_string())?);
        bytes = rest;
    }
    Ok(links)
}

/// A file's bytes; `None` when there is no such file.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, LightError> {
    let wrong = |source| LightError::Folder { path: path.to_owned(), source };
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(error)),
        Ok(data) if data.len() > limit => {
            let reason = format!("{} bytes, the limit is {limit}", data.len());
            return Err(LightError::Kept { path: path.to_owned(), reason });
        }
        Ok(_) => {}
    }
    fs::read(path).map(Some).map_err(wrong)
}

/// Writes a file whole or not at all: beside it, synced, moved into its place, the folder synced.
///
/// # Errors
/// [`LightError::Folder`].
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), LightError> {
    let wrong = |source| LightError::Folder { path: path.to_owned(), source };
    // A bare name stands in the working directory, and has an empty parent.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(wrong)?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = PathBuf::from(name);
    let written = File::create(&new).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        File::open(folder)?.sync_all()
    });
    written.map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_and_read_within_its_bound() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("a/b");
        assert!(read(&path, 10).unwrap().is_none());
        write(&path, b"first").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(read(&path, 10).unwrap().unwrap(), b"second");
        assert!(matches!(read(&path, 5), Err(LightError::Kept { .. })));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn links_that_break_off_are_refused() {
        assert_eq!(links(&[]).unwrap(), []);
        for bytes in [&[0][..], &[9, 0, 0, 0, 1], &[255, 255, 255, 255, 0], &[1, 0, 0, 0, 7]] {
            assert!(links(bytes).is_err(), "{bytes:?}");
        }
    }
}
