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
use super::lock::{HANDOVER, lock};
use super::segment::sync_directory;
use super::set_aside::{SetAside, beside, move_aside, parent_of};
use bytes::Bytes;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::JoinHandle;
use std::time::Duration;

/// Under this key stand schema, network and height.
const STAMP_KEY: [u8; 1] = [RESERVED];

/// With this many bytes of pending changes, `apply` waits for the writing thread.
const PENDING_LIMIT: usize = 64 << 20;

/// How long sled may take to let go of a data file.
const RELEASE: Duration = Duration::from_secs(10);

/// How the index is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexOptions {
    /// Bytes of memory for pages. sled takes up to 1.7 times as much.
    pub cache_bytes: u64,
    /// Write the index every so many blocks, or once the writing of those before has ended: what was not written
    /// is read from the log again after a crash.
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
    /// Of the checkpoint that is being written, or that could not be written.
    frozen: Option<Arc<Changes>>,
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
            if overlay.frozen.is_some() {
                let problem = "an earlier checkpoint could not be written".into();
                let path = self.shared.path.clone();
                return Err(StoreError::Index { doing: "write to", path, problem });
            }
            let changes = Arc::new(std::mem::take(&mut overlay.pending));
            overlay.frozen = Some(changes.clone());
            overlay.blocks = 0;
            (overlay.checkpoint.replace(height), height, changes)
        };
        let shared = self.shared.clone();
        let thread = std::thread::Builder::new().name("index".into());
        let spawned = thread.spawn(move || shared.write(base, height, &changes));
        *writer = Some(spawned.map_err(StoreError::io("start a thread for", &self.shared.path))?);
        Ok(())
    }

    fn is_writing(&self) -> bool {
        self.writer().as_ref().is_some_and(|thread| !thread.is_finished())
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
        settle(&self.path, self.stamp, height)?;
        self.overlay_mut().frozen = None;
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
        let frozen = || overlay.frozen.as_ref().and_then(|frozen| frozen.get(key));
        if let Some(change) = overlay.pending.get(key).or_else(frozen) {
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
            let frozen = overlay.frozen.iter().flat_map(|frozen| frozen.scan(scan));
            let items = Over::new(frozen, items, scan.is_reverse());
            let items = Over::new(overlay.pending.scan(scan), items, scan.is_reverse());
            let present = items.filter_map(|item| item.map(|(key, value)| Some((key, value?))).transpose());
            present.take(scan.most()).collect()
        })
    }

    fn apply(&self, batch: Batch, height: u64) -> Result<(), StoreError> {
        let changes = batch.checked()?;
        let (due, full) = {
            let mut overlay = self.shared.overlay_mut();
            changes.into_iter().for_each(|change| overlay.pending.add(change));
            overlay.height = Some(height);
            overlay.blocks += 1;
            (overlay.blocks >= self.sync_every, overlay.pending.bytes() >= PENDING_LIMIT)
        };
        if full || due && !self.is_writing() { self.checkpoint() } else { Ok(()) }
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

/// Makes durable what sled has written, which its own `flush` leaves in the operating system's memory, and then
/// puts an empty checkpoint in place of the one that is done: it keeps the height at which sled has to stand.
fn settle(directory: &Path, stamp: Stamp, height: u64) -> Result<(), StoreError> {
    let path = directory.join("db");
    File::open(&path).and_then(|file| file.sync_data()).map_err(StoreError::io("sync", &path))?;
    checkpoint::write(directory, stamp, Some(height), height, &Changes::default())
}

/// Takes the index's lock, and waits until sled has let go of its data file: its threads may hold it for a moment
/// after the index was dropped in this process, and an index that is only held must not be taken for a broken one.
fn hold(directory: &Path) -> Result<File, StoreError> {
    let held = lock(&beside(directory, ".lock"), HANDOVER)?;
    let data = directory.join("db");
    if data.exists() {
        drop(lock(&data, RELEASE)?);
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
            Some(last) if last.is_done() && found == last.base => found,
            Some(last) if found == last.base || found == Some(last.height) => {
                write_changes(&database, stamp, last.height, &last.changes).map_err(text)?;
                settle(directory, stamp, last.height).map_err(|error| error.to_string())?;
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

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: Stamp = Stamp { schema: 1, network: [7; 32] };

    fn changes(height: u64) -> Changes {
        let mut changes = Changes::default();
        for number in height..height + 20 {
            changes.add((format!("k{number}").into(), Some(format!("of {height}").into())));
        }
        changes.add((format!("k{height}").into(), None));
        changes
    }

    fn open(directory: &Path) -> (SledIndex, IndexOpening) {
        SledIndex::open(directory, STAMP.network, Some(100), IndexOptions::default()).unwrap()
    }

    fn content(index: &SledIndex) -> Vec<(Bytes, Bytes)> {
        index.scan(&Scan::prefix("")).unwrap()
    }

    /// After a crash, sled holds the first `kept` of a checkpoint's 20 changes, and perhaps its height.
    fn interrupted(directory: &Path, kept: usize, stamped: bool) -> (SledIndex, IndexOpening) {
        let (index, _) = open(directory);
        index.shared.write(None, 4, &changes(4)).unwrap();
        checkpoint::write(directory, STAMP, Some(4), 8, &changes(8)).unwrap();
        let mut part = Changes::default();
        for (key, value) in changes(8).iter().take(kept) {
            part.add((key.clone(), value.clone()));
        }
        write_changes(&index.shared.database, STAMP, if stamped { 8 } else { 4 }, &part).unwrap();
        drop(index);
        open(directory)
    }

    #[test]
    fn a_checkpoint_that_a_crash_interrupted_is_finished() {
        let whole = tempfile::tempdir().unwrap();
        let (index, _) = open(whole.path());
        index.shared.write(None, 4, &changes(4)).unwrap();
        index.shared.write(Some(4), 8, &changes(8)).unwrap();
        for (kept, stamped) in [(0, false), (1, false), (7, false), (20, false), (20, true)] {
            let directory = tempfile::tempdir().unwrap();
            let (found, opening) = interrupted(directory.path(), kept, stamped);
            assert_eq!((opening.height, opening.set_aside), (Some(8), None), "{kept} changes kept");
            assert_eq!(content(&found), content(&index), "{kept} changes kept");
            drop(found);
            let (found, opening) = open(directory.path());
            assert_eq!((opening.height, content(&found)), (Some(8), content(&index)));
        }
    }

    #[test]
    fn a_failing_writer_is_reported_and_what_it_had_is_still_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("index");
        let (index, _) = open(&path);
        std::fs::create_dir(path.join("checkpoint.new")).unwrap();
        let mut batch = Batch::new();
        batch.put("key", "value");
        index.apply(batch.clone(), 1).unwrap();
        assert!(matches!(index.sync(), Err(StoreError::Io { doing: "write", .. })));
        index.apply(batch, 2).unwrap();
        assert!(matches!(index.sync(), Err(StoreError::Index { .. })), "and goes on failing");
        assert_eq!(index.get(b"key").unwrap(), Some("value".into()));
        assert_eq!(content(&index), [("key".into(), "value".into())]);
    }

    #[test]
    fn a_caught_panic_is_reported_by_its_text() {
        let caught = quietly(|| catch_unwind(|| panic!("damaged {}", 1)).unwrap_err());
        assert_eq!(panic_text(&*caught), "sled panicked: damaged 1");
        assert_eq!(panic_text(&"as it is"), "sled panicked: as it is");
    }
}
