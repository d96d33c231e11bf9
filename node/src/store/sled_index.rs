//! An index on disk, kept by sled, and never trusted.
//!
//! ```text
//! apply ─► pending (memory) ─── every few dozen blocks ───► frozen (memory) ─► checkpoint file, synced
//!             │                                                │                    │
//! get ────────┴── else ────────────────────────────────────────┴── else ─► sled ◄───┴─ by ascending key, then synced
//! ```
//!
//! A block's batch is merged in memory, which is cheap; a thread of its own writes several dozen blocks at once.
//! In the order of the keys, and each key once, that takes sled a third of the time of a batch a block, which it
//! would write in random order while holding every version of every page it passes. The checkpoint file makes it
//! atomic. A crash loses what was in memory, and the log has it.
//!
//! Three habits of sled 0.34 shape this file. Its `flush` does not reach the disk, so the data file is synced by a
//! handle of our own. It can panic on a damaged directory, so it is called where a panic is caught. And opening a
//! damaged directory may destroy what is in it; that costs nothing here, because the log can rebuild it.

use super::changes::{Change, Changes, Over};
use super::checkpoint::{self, Stamp};
use super::error::StoreError;
use super::index::{Batch, Index, RESERVED, Scan};
use super::log::lock;
use super::segment::sync_directory;
use super::set_aside::{SetAside, beside, move_aside, parent_of};
use bytes::Bytes;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Under this key stand schema, network and height.
const STAMP_KEY: [u8; 1] = [RESERVED];

/// A checkpoint is due when the pending changes have this many bytes, whatever the number of blocks.
const PENDING_LIMIT: usize = 32 << 20;

/// How long sled may take to let go of a data file.
const RELEASE_LIMIT: Duration = Duration::from_secs(10);
const RELEASE_PAUSE: Duration = Duration::from_millis(2);

/// How the index is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexOptions {
    /// Bytes of memory for pages. sled takes up to 1.7 times as much.
    pub cache_bytes: u64,
    /// Make the index durable every so many blocks: a crash loses the work of at most twice as many.
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

/// An index in a directory of sled's.
#[derive(Debug)]
pub struct SledIndex {
    shared: Arc<Shared>,
    /// The thread that writes the frozen changes, while there is one.
    writer: Mutex<Option<JoinHandle<Result<(), StoreError>>>>,
    sync_every: u64,
    /// Held, never read: released when the index is dropped.
    _lock: File,
}

/// What the index and its writing thread share.
#[derive(Debug)]
struct Shared {
    path: PathBuf,
    database: sled::Db,
    stamp: Stamp,
    overlay: RwLock<Overlay>,
}

/// What is not in sled yet.
#[derive(Debug, Default)]
struct Overlay {
    /// Of the blocks since the last checkpoint.
    pending: Changes,
    /// Of the checkpoint that is being written.
    frozen: Arc<Changes>,
    /// The height with all of these.
    height: Option<u64>,
    /// The height of the last checkpoint.
    checkpoint: Option<u64>,
    /// Blocks in `pending`.
    blocks: u64,
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
        let parent = parent_of(directory);
        std::fs::create_dir_all(parent).map_err(StoreError::io("create", parent))?;
        let lock = hold(directory)?;
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
        let overlay = RwLock::new(Overlay { height, checkpoint: height, ..Overlay::default() });
        let index = Self {
            shared: Arc::new(Shared { path: directory.to_owned(), database, stamp, overlay }),
            writer: Mutex::new(None),
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
        let _lock = hold(directory)?;
        move_aside(directory, reason.to_owned())
    }

    /// Hands the pending changes to a writing thread, once the one before has ended.
    fn checkpoint(&self) -> Result<(), StoreError> {
        let mut writer = self.writer();
        finish(&mut writer)?;
        let (base, height, changes) = {
            let mut overlay = self.shared.overlay_mut();
            let (Some(height), false) = (overlay.height, overlay.blocks == 0) else { return Ok(()) };
            overlay.frozen = Arc::new(std::mem::take(&mut overlay.pending));
            overlay.blocks = 0;
            (overlay.checkpoint.replace(height), height, overlay.frozen.clone())
        };
        let shared = self.shared.clone();
        let thread = std::thread::Builder::new().name("index".into());
        let spawned = thread.spawn(move || shared.write(base, height, &changes));
        *writer = Some(spawned.map_err(StoreError::io("start a thread for", &self.shared.path))?);
        Ok(())
    }

    fn writer(&self) -> MutexGuard<'_, Option<JoinHandle<Result<(), StoreError>>>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for the writing thread, if there is one.
fn finish(writer: &mut Option<JoinHandle<Result<(), StoreError>>>) -> Result<(), StoreError> {
    let Some(thread) = writer.take() else { return Ok(()) };
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

impl Shared {
    fn overlay(&self) -> RwLockReadGuard<'_, Overlay> {
        self.overlay.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn overlay_mut(&self) -> RwLockWriteGuard<'_, Overlay> {
        self.overlay.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a checkpoint: its file first, then the changes into sled, where they are durable when this returns.
    fn write(&self, base: Option<u64>, height: u64, changes: &Changes) -> Result<(), StoreError> {
        checkpoint::write(&self.path, self.stamp, base, height, changes)?;
        self.call("write to", |database| write_changes(database, self.stamp, height, changes))?;
        sync_data(&self.path)?;
        self.overlay_mut().frozen = Arc::default();
        Ok(())
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
}

impl Index for SledIndex {
    fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let overlay = self.shared.overlay();
        if let Some(change) = overlay.pending.get(key).or_else(|| overlay.frozen.get(key)) {
            return Ok(change);
        }
        let value = self.shared.call("read", |database| database.get(key))?;
        Ok(value.map(|value| Bytes::copy_from_slice(&value)))
    }

    fn scan(&self, scan: &Scan) -> Result<Vec<(Bytes, Bytes)>, StoreError> {
        let Some(range) = scan.range() else { return Ok(Vec::new()) };
        let overlay = self.shared.overlay();
        self.shared.call("read", |database| {
            let copy = |item: sled::Result<(sled::IVec, sled::IVec)>| {
                item.map(|(key, value)| (Bytes::copy_from_slice(&key), Some(Bytes::copy_from_slice(&value))))
            };
            let items = database.range(range);
            let items: Box<dyn Iterator<Item = sled::Result<Change>>> =
                if scan.is_reverse() { Box::new(items.rev().map(copy)) } else { Box::new(items.map(copy)) };
            let items = Over::new(overlay.frozen.scan(scan), items, scan.is_reverse());
            let items = Over::new(overlay.pending.scan(scan), items, scan.is_reverse());
            let present = items.filter_map(|item| item.map(|(key, value)| Some((key, value?))).transpose());
            present.take(scan.most()).collect()
        })
    }

    fn apply(&self, batch: Batch, height: u64) -> Result<(), StoreError> {
        let changes = batch.checked()?;
        let due = {
            let mut overlay = self.shared.overlay_mut();
            changes.into_iter().for_each(|change| overlay.pending.add(change));
            overlay.height = Some(height);
            overlay.blocks += 1;
            overlay.blocks >= self.sync_every || overlay.pending.bytes() >= PENDING_LIMIT
        };
        if due { self.checkpoint() } else { Ok(()) }
    }

    fn height(&self) -> Option<u64> {
        self.shared.overlay().height
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.checkpoint()?;
        finish(&mut self.writer())
    }
}

impl Drop for SledIndex {
    fn drop(&mut self) {
        if let Err(error) = self.sync() {
            tracing::warn!(%error, "the index was not synced; it will be caught up from the log");
        }
    }
}

/// Puts the changes into sled by ascending key, and the height behind them. sled may still hold them in memory.
fn write_changes(database: &sled::Db, stamp: Stamp, height: u64, changes: &Changes) -> sled::Result<()> {
    for (key, value) in changes.iter() {
        match value {
            Some(value) => database.insert(key, value.as_ref())?,
            None => database.remove(key)?,
        };
    }
    database.insert(STAMP_KEY, stamp.encode(height))?;
    database.flush()?;
    Ok(())
}

/// Makes durable what sled has written: its own `flush` leaves it in the operating system's memory.
fn sync_data(directory: &Path) -> Result<(), StoreError> {
    let path = directory.join("db");
    File::open(&path).and_then(|file| file.sync_data()).map_err(StoreError::io("sync", &path))
}

/// Takes the index's lock, and waits until sled has let go of its data file: its threads may hold it for a moment
/// after the index was dropped in this process, and an index that is only held must not be taken for a broken one.
fn hold(directory: &Path) -> Result<File, StoreError> {
    let held = lock(&beside(directory, ".lock"))?;
    let data = directory.join("db");
    let deadline = Instant::now() + RELEASE_LIMIT;
    while data.exists() {
        match lock(&data) {
            Err(StoreError::Locked { .. }) if Instant::now() < deadline => std::thread::sleep(RELEASE_PAUSE),
            released => return released.map(|_| held),
        }
    }
    Ok(held)
}

/// Opens what is there, finishes its checkpoint and reads its height; the error says why it cannot be used.
fn attempt(
    directory: &Path,
    stamp: Stamp,
    log_tip: Option<u64>,
    options: IndexOptions,
) -> Result<(sled::Db, Option<u64>), String> {
    let open = || -> Result<_, String> {
        let text = |error: sled::Error| error.to_string();
        let config =
            sled::Config::new().path(directory).cache_capacity(options.cache_bytes).flush_every_ms(None);
        let database = config.open().map_err(text)?;
        let found = database.get(STAMP_KEY).map_err(text)?;
        let found = found.map(|found| stamp.height_in(&found)).transpose()?;
        let height = match checkpoint::read(directory, stamp)? {
            Some(last) if found == last.base || found == Some(last.height) => {
                write_changes(&database, stamp, last.height, &last.changes).map_err(text)?;
                sync_data(directory).map_err(|error| error.to_string())?;
                Some(last.height)
            }
            Some(last) => {
                let found = found.map_or("nothing".into(), |found| format!("height {found}"));
                return Err(format!("it holds {found}, its last checkpoint is of height {}", last.height));
            }
            None if database.is_empty() => None,
            None => return Err("its checkpoint is missing".into()),
        };
        if height > log_tip {
            let (height, tip) = (height.unwrap_or_default(), log_tip.unwrap_or_default());
            return Err(format!("it stands for height {height}, the log ends at {tip}"));
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
