//! An index on disk, kept by sled, and never trusted.
//!
//! Three habits of sled 0.34 shape this file. Its `flush` does not reach the disk, so the data file is synced by a
//! handle of our own. It can panic on a damaged directory, so it is called where a panic is caught. And opening a
//! damaged directory may destroy what is in it; that costs nothing here, because the log can rebuild it.

use super::error::StoreError;
use super::index::{Batch, Index, RESERVED, Scan};
use super::log::lock;
use super::segment::sync_directory;
use bytes::Bytes;
use std::fmt;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Under this key stand schema, network and height.
const STAMP_KEY: [u8; 1] = [RESERVED];

/// How long sled may take to let go of a data file.
const RELEASE_LIMIT: Duration = Duration::from_secs(10);
const RELEASE_PAUSE: Duration = Duration::from_millis(2);

/// How the index is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexOptions {
    /// Bytes of memory for pages. sled takes up to 1.7 times as much.
    pub cache_bytes: u64,
    /// Make the index durable every so many blocks: what a crash loses is at most this much work.
    pub sync_every: u64,
    /// The version of the caller's keys and values: an index of another version is set aside.
    pub schema: u32,
}

impl Default for IndexOptions {
    fn default() -> Self {
        Self { cache_bytes: 256 << 20, sync_every: 32, schema: 1 }
    }
}

/// What was found when the index was opened.
#[derive(Debug)]
pub struct IndexOpening {
    /// The height it stands for: blocks of the log above it are still to be applied.
    pub height: Option<u64>,
    /// The index that could not be used, if there was one. The one opened is then new and empty.
    pub set_aside: Option<SetAside>,
}

/// An index that could not be used and was moved away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Where it lies now. It can be deleted.
    pub moved_to: PathBuf,
    /// Why it could not be used.
    pub reason: String,
}

/// An index in a directory of sled's.
pub struct SledIndex {
    path: PathBuf,
    database: sled::Db,
    stamp: Stamp,
    progress: Mutex<Progress>,
    sync_every: u64,
    /// Held, never read: released when the index is dropped.
    _lock: File,
}

#[derive(Debug, Default)]
struct Progress {
    height: Option<u64>,
    unsynced: u64,
}

/// What an index says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    schema: u32,
    network: [u8; 32],
}

impl Stamp {
    /// Schema, network, height: 44 bytes, little-endian.
    fn encode(self, height: u64) -> Vec<u8> {
        [&self.schema.to_le_bytes()[..], &self.network, &height.to_le_bytes()].concat()
    }

    /// The height in a stamp like this one; the error says why it is not like this one.
    fn height_in(self, bytes: &[u8]) -> Result<u64, String> {
        let (ours, height) = bytes.split_at_checked(36).ok_or("its stamp is damaged")?;
        let height = u64::from_le_bytes(height.try_into().map_err(|_| "its stamp is damaged")?);
        if ours == &self.encode(height)[..36] {
            Ok(height)
        } else {
            Err("it was built for another network or by another version of this program".into())
        }
    }
}

impl SledIndex {
    /// Opens the index in `directory`, or makes one. `log_tip` is the height of the log's last block.
    ///
    /// An index that fails, panics, was built for another network or schema, or is ahead of the log is moved to
    /// `<directory>.broken-<n>`, and the one opened is new and empty. Of the broken ones only the newest is kept.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process has it open; [`StoreError::Io`] and [`StoreError::Index`] when
    /// even a new one cannot be made.
    pub fn open(
        directory: &Path,
        network: [u8; 32],
        log_tip: Option<u64>,
        options: IndexOptions,
    ) -> Result<(Self, IndexOpening), StoreError> {
        let parent = directory.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent).map_err(StoreError::io("create", parent))?;
        let lock = lock(&beside(directory, ".lock"))?;
        await_release(&directory.join("db"))?;
        let stamp = Stamp { schema: options.schema, network };
        let mut set_aside = None;
        let (database, height) = match attempt(directory, stamp, log_tip, options) {
            Ok(opened) => opened,
            Err(reason) => {
                set_aside = move_aside(directory, reason)?;
                attempt(directory, stamp, log_tip, options).map_err(|problem| StoreError::Index {
                    doing: "make",
                    path: directory.to_owned(),
                    problem,
                })?
            }
        };
        sync_directory(directory)?;
        sync_directory(parent)?;
        let index = Self {
            path: directory.to_owned(),
            database,
            stamp,
            progress: Mutex::new(Progress { height, unsynced: 0 }),
            sync_every: options.sync_every.max(1),
            _lock: lock,
        };
        Ok((index, IndexOpening { height, set_aside }))
    }

    /// Moves the index in `directory` aside, so that the next [`SledIndex::open`] makes a new one: for an index
    /// whose content was found wrong. `None` when there is no index.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when a process has it open; [`StoreError::Io`] when it cannot be moved.
    pub fn discard(directory: &Path, reason: &str) -> Result<Option<SetAside>, StoreError> {
        let _lock = lock(&beside(directory, ".lock"))?;
        await_release(&directory.join("db"))?;
        move_aside(directory, reason.to_owned())
    }

    /// Calls sled, which may fail or panic.
    fn call<T>(
        &self,
        doing: &'static str,
        call: impl FnOnce(&sled::Db) -> sled::Result<T>,
    ) -> Result<T, StoreError> {
        let result = catch_unwind(AssertUnwindSafe(|| call(&self.database)));
        let problem = match result {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => error.to_string(),
            Err(panic) => panic_text(&*panic),
        };
        Err(StoreError::Index { doing, path: self.path.clone(), problem })
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Index for SledIndex {
    fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let value = self.call("read", |database| database.get(key))?;
        Ok(value.map(|value| Bytes::copy_from_slice(&value)))
    }

    fn scan(&self, scan: &Scan) -> Result<Vec<(Bytes, Bytes)>, StoreError> {
        let Some(range) = scan.range() else { return Ok(Vec::new()) };
        self.call("read", |database| {
            let copy = |item: sled::Result<(sled::IVec, sled::IVec)>| {
                item.map(|(key, value)| (Bytes::copy_from_slice(&key), Bytes::copy_from_slice(&value)))
            };
            let items = database.range(range);
            if scan.is_reverse() {
                items.rev().take(scan.most()).map(copy).collect()
            } else {
                items.take(scan.most()).map(copy).collect()
            }
        })
    }

    fn apply(&self, batch: Batch, height: u64) -> Result<(), StoreError> {
        let mut changes = sled::Batch::default();
        for (key, value) in batch.checked()? {
            match value {
                Some(value) => changes.insert(key, value),
                None => changes.remove(key),
            }
        }
        changes.insert(&STAMP_KEY, self.stamp.encode(height));
        let due = {
            let mut progress = self.progress();
            self.call("write to", |database| database.apply_batch(changes))?;
            progress.height = Some(height);
            progress.unsynced += 1;
            progress.unsynced >= self.sync_every
        };
        if due { self.sync() } else { Ok(()) }
    }

    fn height(&self) -> Option<u64> {
        self.progress().height
    }

    fn sync(&self) -> Result<(), StoreError> {
        let mut progress = self.progress();
        if progress.unsynced > 0 {
            self.call("flush", |database| database.flush().map(drop))?;
            let file = self.path.join("db");
            File::open(&file).and_then(|file| file.sync_data()).map_err(StoreError::io("sync", &file))?;
            progress.unsynced = 0;
        }
        Ok(())
    }
}

impl Drop for SledIndex {
    fn drop(&mut self) {
        if let Err(error) = self.sync() {
            tracing::warn!(%error, "the index was not synced; it will be caught up from the log");
        }
    }
}

impl fmt::Debug for SledIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SledIndex").field("path", &self.path).field("progress", &self.progress).finish()
    }
}

/// Waits until sled has let go of its data file: its threads may hold it for a moment after the index was dropped
/// in this process, and an index that is only held must not be taken for one that is broken.
fn await_release(data: &Path) -> Result<(), StoreError> {
    let deadline = Instant::now() + RELEASE_LIMIT;
    while data.exists() {
        match lock(data) {
            Err(StoreError::Locked { .. }) if Instant::now() < deadline => std::thread::sleep(RELEASE_PAUSE),
            released => return released.map(drop),
        }
    }
    Ok(())
}

/// Opens what is there and reads its height; the error says why it cannot be used.
fn attempt(
    directory: &Path,
    stamp: Stamp,
    log_tip: Option<u64>,
    options: IndexOptions,
) -> Result<(sled::Db, Option<u64>), String> {
    let open = || -> Result<_, String> {
        let config = sled::Config::new()
            .path(directory)
            .cache_capacity(options.cache_bytes)
            .mode(sled::Mode::HighThroughput)
            .flush_every_ms(None);
        let database = config.open().map_err(|error| error.to_string())?;
        let found = database.get(STAMP_KEY).map_err(|error| error.to_string())?;
        let height = found.map(|found| stamp.height_in(&found)).transpose()?;
        if height.is_none() && !database.is_empty() {
            return Err("it holds values but no height".into());
        }
        if height > log_tip {
            return Err(format!(
                "it stands for height {}, the log ends at {}",
                height.unwrap_or_default(),
                log_tip.unwrap_or_default()
            ));
        }
        Ok((database, height))
    };
    quietly(|| catch_unwind(AssertUnwindSafe(open)).unwrap_or_else(|panic| Err(panic_text(&*panic))))
}

/// Runs `action` while panics of this thread are not printed: they are caught, and their text is reported.
fn quietly<T>(action: impl FnOnce() -> T) -> T {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let previous = Arc::new(std::panic::take_hook());
    let (quiet, loud) = (std::thread::current().id(), previous.clone());
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() != quiet {
            loud(info);
        }
    }));
    let result = action();
    drop(std::panic::take_hook());
    std::panic::set_hook(Box::new(move |info| previous(info)));
    result
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("sled panicked: {}", text.unwrap_or("without a message"))
}

/// Moves the directory to the next free `<directory>.broken-<n>` and deletes earlier ones.
fn move_aside(directory: &Path, reason: String) -> Result<Option<SetAside>, StoreError> {
    if !directory.exists() {
        return Ok(None);
    }
    let parent = directory.parent().unwrap_or(Path::new("."));
    let broken = beside(directory, ".broken-");
    let prefix = broken.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut newest = 0;
    for entry in parent.read_dir().map_err(StoreError::io("list", parent))? {
        let path = entry.map_err(StoreError::io("list", parent))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(number) = name.strip_prefix(&prefix).and_then(|number| number.parse::<u64>().ok()) {
            newest = newest.max(number);
            std::fs::remove_dir_all(&path).map_err(StoreError::io("remove", &path))?;
        }
    }
    let moved_to = beside(directory, &format!(".broken-{}", newest + 1));
    std::fs::rename(directory, &moved_to).map_err(StoreError::io("move aside", directory))?;
    sync_directory(parent)?;
    Ok(Some(SetAside { moved_to, reason }))
}

/// The path of a neighbour of `directory`: its name with `suffix`.
fn beside(directory: &Path, suffix: &str) -> PathBuf {
    let mut name = directory.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    directory.with_file_name(name)
}
