//! Keep the files of an export: each appears whole or not at all, and one process writes at a time.
//!
//! A file is written under another name, and renamed. Data reach the disk together, before the checkpoint is named that
//! needs them ([`Folder::publish`]).

use crate::store::{StoreError, sync_directory};
use rustix::fs::syncfs;
use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::tile::{LEVELS, subtree_root};
use tongda_ledger::tree::{Hashes, Span, Tile, TilePath};

/// Under which name a file is written before it has its own.
const NEW: &str = ".new";

/// Held by the process that exports.
const LOCK: &str = ".lock";

/// An export's folder, open for writing.
#[derive(Debug)]
pub struct Folder {
    directory: PathBuf,
    /// Held, never read: released when the folder is dropped.
    _lock: File,
}

impl Folder {
    /// Opens a folder, which is made if it does not exist.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process exports into it; [`StoreError::Io`].
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(directory).map_err(StoreError::io("create", directory))?;
        let path = directory.join(LOCK);
        let lock = File::create(&path).map_err(StoreError::io("create", &path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { directory: directory.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path }),
            Err(TryLockError::Error(error)) => Err(StoreError::io("lock", &path)(error)),
        }
    }

    /// The bytes of a file; `None` when it is not there.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.directory.join(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("read", &path)(error)),
        }
    }

    /// Whether a file is there.
    #[must_use]
    pub fn has(&self, path: TilePath) -> bool {
        self.directory.join(path.to_string()).is_file()
    }

    /// Writes a file, unless it is there with these very bytes. Whether it was written.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        if self.read(name)?.is_some_and(|there| there == bytes) {
            return Ok(false);
        }
        let (new, path) = (self.directory.join(NEW), self.directory.join(name));
        let parent = path.parent().unwrap_or(&self.directory);
        fs::create_dir_all(parent).map_err(StoreError::io("create", parent))?;
        let mut file = File::create(&new).map_err(StoreError::io("create", &new))?;
        file.write_all(bytes).map_err(StoreError::io("write", &new))?;
        fs::rename(&new, &path).map_err(StoreError::io("name", &path))?;
        Ok(true)
    }

    /// Makes everything written so far durable, and then writes the checkpoint, durably.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn publish(&self, checkpoint: &[u8]) -> Result<bool, StoreError> {
        self.sync()?;
        let written = self.write("checkpoint", checkpoint)?;
        self.sync()?;
        sync_directory(&self.directory)?;
        Ok(written)
    }

    fn sync(&self) -> Result<(), StoreError> {
        let path = &self.directory;
        let file = File::open(path).map_err(StoreError::io("open", path))?;
        syncfs(&file).map_err(|error| StoreError::io("sync", path)(error.into()))
    }

    /// Removes the partial pieces of which this full one is there. Whether there were some.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn remove_partials(&self, full: TilePath) -> Result<bool, StoreError> {
        let path = self.directory.join(format!("{full}.p"));
        match fs::remove_dir_all(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::io("remove", &path)(error)),
        }
    }

    /// Removes what a broken run left unfinished.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn tidy(&self) -> Result<(), StoreError> {
        let path = self.directory.join(NEW);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::io("remove", &path)(error))
            }
            _ => Ok(()),
        }
    }

    /// The tree of the log's first `size` entries, from the tiles in the folder.
    #[must_use]
    pub const fn tree(&self, size: u64) -> FolderTree<'_> {
        FolderTree { folder: self, size }
    }
}

/// The tree of a log whose tiles lie in a folder.
#[derive(Debug)]
pub struct FolderTree<'a> {
    folder: &'a Folder,
    size: u64,
}

impl FolderTree<'_> {
    /// The tile that holds a hash of a level of tiles, as wide as it is in this log; what is wrong, if it is not there.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn tile(&self, level: u8, index: u64) -> Result<(Tile, Vec<Hash>), String> {
        let span = Span::around(index, Tile::hashes_of_level(level, self.size));
        let tile = span.and_then(|span| Tile::new(level, span)).ok_or("the log is not that long")?;
        let path = TilePath::Tile(tile).to_string();
        let bytes = self.folder.read(&path).map_err(|error| error.to_string())?;
        let bytes = bytes.ok_or_else(|| format!("{path} is missing"))?;
        Ok((tile, tile.decode(&bytes).map_err(|error| format!("{path}: {error}"))?))
    }
}

impl Hashes for FolderTree<'_> {
    type Error = String;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, String> {
        let (below, above) = (level / LEVELS, level % LEVELS);
        let first = index << above;
        let (tile, hashes) = self.tile(below, first)?;
        let from = usize::try_from(first - tile.span().start()).unwrap_or(usize::MAX);
        let part = hashes.get(from..).and_then(|rest| rest.get(..1 << above));
        part.map(subtree_root).ok_or_else(|| format!("tile {below}/{} is too narrow", tile.span().index()))
    }
}
