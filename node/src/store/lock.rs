//! Keep a directory to one process with a lock file.

use super::error::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a process that is just ending may take to let go of its directory.
pub(crate) const HANDOVER: Duration = Duration::from_millis(500);

const PAUSE: Duration = Duration::from_millis(2);

/// Takes a lock file, or says that another process holds it and went on holding it for as long as `patience`.
/// The lock goes with the file handle.
pub(crate) fn lock(path: &Path, patience: Duration) -> Result<File, StoreError> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(StoreError::io("create", path))?;
    let deadline = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => std::thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Err(StoreError::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", path)(error)),
        }
    }
}
