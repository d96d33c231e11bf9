//! The directory of snapshots: written whole or not at all, the newest kept, the bad ones set aside.
//!
//! ```text
//! snapshots/
//!   00000000000000010000.snap      the state at height 10,000
//!   00000000000000020000.snap
//!   00000000000000030000.snap.new  being written; what a crash left of one is removed
//!   00000000000000010000.snap.bad  found wrong; only the newest is kept
//! ```
//!
//! What stands in a file is the ledger's affair.

use super::error::StoreError;
use super::segment::sync_directory;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

const SUFFIX: &str = ".snap";
const UNFINISHED: &str = ".snap.new";
const BAD: &str = ".snap.bad";
const WRITE_BUFFER: usize = 1 << 20;

/// A snapshot's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotFile {
    /// The height of its seal, by its name.
    pub height: u64,
    /// Where it lies.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
}

/// A directory of snapshots.
#[derive(Clone, Debug)]
pub struct Snapshots {
    directory: PathBuf,
}

impl Snapshots {
    /// The snapshots in `directory`, which need not exist yet.
    #[must_use]
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The snapshots, by ascending height.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the directory cannot be read.
    pub fn list(&self) -> Result<Vec<SnapshotFile>, StoreError> {
        let mut found = Vec::new();
        for path in self.paths()? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let Some(height) = name.strip_suffix(SUFFIX).and_then(|height| height.parse().ok()) else {
                continue;
            };
            let bytes = path.metadata().map_err(StoreError::io("look at", &path))?.len();
            found.push(SnapshotFile { height, path, bytes });
        }
        found.sort_by_key(|file| file.height);
        Ok(found)
    }

    /// The snapshot of this height, if there is one.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub fn find(&self, height: u64) -> Result<Option<SnapshotFile>, StoreError> {
        Ok(self.list()?.into_iter().find(|file| file.height == height))
    }

    /// Begins a file for the snapshot of this height. Nothing has its name before [`SnapshotWriter::finish`].
    ///
    /// # Errors
    /// [`StoreError::Io`] when it cannot be made.
    pub fn create(&self, height: u64) -> Result<SnapshotWriter, StoreError> {
        std::fs::create_dir_all(&self.directory).map_err(StoreError::io("create", &self.directory))?;
        let path = self.directory.join(format!("{height:020}{SUFFIX}"));
        let unfinished = self.directory.join(format!("{height:020}{UNFINISHED}"));
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(&unfinished);
        let file = file.map_err(StoreError::io("create", &unfinished))?;
        Ok(SnapshotWriter {
            file: Some(BufWriter::with_capacity(WRITE_BUFFER, file)),
            directory: self.directory.clone(),
            unfinished,
            path,
        })
    }

    /// Puts a finished file in place as the snapshot of this height: by renaming, so from the same file system.
    ///
    /// # Errors
    /// [`StoreError::Io`] when it cannot be synced or renamed.
    pub fn adopt(&self, file: &Path, height: u64) -> Result<(), StoreError> {
        let path = self.directory.join(format!("{height:020}{SUFFIX}"));
        File::open(file).and_then(|file| file.sync_all()).map_err(StoreError::io("sync", file))?;
        std::fs::rename(file, &path).map_err(StoreError::io("name", &path))?;
        sync_directory(&self.directory)
    }

    /// Removes all but the newest `keep` snapshots; says how many went.
    ///
    /// # Errors
    /// [`StoreError::Io`] when one cannot be removed.
    pub fn prune(&self, keep: usize) -> Result<usize, StoreError> {
        let files = self.list()?;
        let old = files.len().saturating_sub(keep);
        for file in &files[..old] {
            std::fs::remove_file(&file.path).map_err(StoreError::io("remove", &file.path))?;
        }
        Ok(old)
    }

    /// Removes what a crash left unfinished.
    ///
    /// # Errors
    /// [`StoreError::Io`] when a file cannot be removed.
    pub fn clean(&self) -> Result<(), StoreError> {
        for path in self.paths()?.iter().filter(|path| path.to_string_lossy().ends_with(UNFINISHED)) {
            std::fs::remove_file(path).map_err(StoreError::io("remove", path))?;
        }
        Ok(())
    }

    /// Renames a snapshot that was found wrong, so that it is not tried again; of such files the newest is kept.
    ///
    /// # Errors
    /// [`StoreError::Io`] when it cannot be renamed.
    pub fn set_aside(&self, path: &Path) -> Result<PathBuf, StoreError> {
        for bad in self.paths()?.iter().filter(|path| path.to_string_lossy().ends_with(BAD)) {
            std::fs::remove_file(bad).map_err(StoreError::io("remove", bad))?;
        }
        let bad = path.with_extension("snap.bad");
        std::fs::rename(path, &bad).map_err(StoreError::io("set aside", path))?;
        sync_directory(&self.directory)?;
        Ok(bad)
    }

    fn paths(&self) -> Result<Vec<PathBuf>, StoreError> {
        let list = StoreError::io("list", &self.directory);
        match self.directory.read_dir() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(list(error)),
            Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<Result<_, _>>().map_err(list),
        }
    }
}

/// A snapshot's file being written. Dropped before it is finished, it leaves nothing.
#[derive(Debug)]
pub struct SnapshotWriter {
    file: Option<BufWriter<File>>,
    directory: PathBuf,
    unfinished: PathBuf,
    path: PathBuf,
}

impl SnapshotWriter {
    /// Writes the next bytes.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the disk is full, for instance.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(bytes).map_err(StoreError::io("write", &self.unfinished))
    }

    /// Puts the file in place. When this returns, it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Io`] when it cannot be synced or named.
    pub fn finish(mut self) -> Result<PathBuf, StoreError> {
        if let Some(mut file) = self.file.take() {
            file.flush()
                .and_then(|()| file.get_ref().sync_all())
                .map_err(StoreError::io("sync", &self.unfinished))?;
        }
        std::fs::rename(&self.unfinished, &self.path).map_err(StoreError::io("name", &self.path))?;
        sync_directory(&self.directory)?;
        Ok(self.path.clone())
    }
}

impl Drop for SnapshotWriter {
    fn drop(&mut self) {
        if self.file.is_some() {
            // What cannot be removed now is removed at the next start.
            let _ = std::fs::remove_file(&self.unfinished);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heights(snapshots: &Snapshots) -> Vec<u64> {
        snapshots.list().unwrap().iter().map(|file| file.height).collect()
    }

    fn write(snapshots: &Snapshots, height: u64) {
        let mut writer = snapshots.create(height).unwrap();
        writer.write(&height.to_le_bytes()).unwrap();
        writer.finish().unwrap();
    }

    #[test]
    fn a_snapshot_has_its_name_only_when_it_is_whole_and_the_newest_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::new(directory.path().join("snapshots"));
        assert!(heights(&snapshots).is_empty());
        [30, 9, 100].into_iter().for_each(|height| write(&snapshots, height));
        let mut unfinished = snapshots.create(200).unwrap();
        unfinished.write(b"part").unwrap();
        assert_eq!(heights(&snapshots), [9, 30, 100]);
        assert_eq!(snapshots.prune(2).unwrap(), 1);
        assert_eq!(heights(&snapshots), [30, 100]);
        drop(unfinished);
        assert_eq!(snapshots.paths().unwrap().len(), 2, "what was not finished leaves nothing");
        std::fs::write(snapshots.directory().join("00000000000000000300.snap.new"), b"a crash").unwrap();
        snapshots.clean().unwrap();
        assert_eq!(snapshots.paths().unwrap().len(), 2);
    }

    #[test]
    fn a_bad_snapshot_is_set_aside_and_not_found_again() {
        let directory = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::new(directory.path().to_owned());
        [1, 2].into_iter().for_each(|height| write(&snapshots, height));
        for height in [2, 1] {
            let file = snapshots.find(height).unwrap().unwrap();
            let bad = snapshots.set_aside(&file.path).unwrap();
            assert!(bad.ends_with(format!("{height:020}.snap.bad")));
            assert_eq!(snapshots.find(height).unwrap(), None);
        }
        assert_eq!(snapshots.paths().unwrap().len(), 1, "only the newest bad one is kept");
    }
}
