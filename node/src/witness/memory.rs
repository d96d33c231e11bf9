//! Remember the checkpoint of a log that was cosigned last, over any crash.
//!
//! One file a log, `<hex of SHA-256(origin)>`: the checkpoint as it was answered, with the log's signatures and this
//! witness's own. It is replaced as a whole and synced before anybody has the cosignature. A file that is damaged is
//! never taken for none: a witness that forgot would cosign a second history.

use crate::cosign::disk::Disk;
use std::path::PathBuf;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{CheckpointError, NoteError, NoteKey, SignedCheckpoint};

/// Why the last checkpoint is not known, or could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// The disk refuses.
    #[error("{}: {error}; check the disk, its free space and the permissions", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What happened.
        error: std::io::Error,
    },
    /// The file is none of this witness.
    #[error(
        "{}: {reason}; nothing is cosigned for this log. Never restore this file from a backup: take the log out of \
         node.toml, or make a new key under a new name with `tongda-node witness init`", path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// The file of a log: its name on disk, and in the address where it is read.
#[must_use]
pub fn file_of(origin: &str) -> String {
    Hash::plain(&[origin.as_bytes()]).to_string()
}

/// The checkpoint of the log that the witness with this key cosigned last.
pub(super) fn read(
    disk: &dyn Disk,
    origin: &str,
    key: &NoteKey,
) -> Result<Option<SignedCheckpoint>, MemoryError> {
    let (name, path) = (file_of(origin), disk.path(&file_of(origin)));
    let bytes = disk.read(&name).map_err(|error| MemoryError::Io { path: path.clone(), error })?;
    let Some(bytes) = bytes else { return Ok(None) };
    let damaged = |reason: String| MemoryError::Damaged { path: path.clone(), reason };
    let kept =
        SignedCheckpoint::parse(&bytes).map_err(|error: CheckpointError| damaged(error.to_string()))?;
    if kept.checkpoint().origin != origin {
        return Err(damaged(format!("it holds a checkpoint of {:?}", kept.checkpoint().origin)));
    }
    kept.verify(std::slice::from_ref(key)).map_err(|error| {
        damaged(match error {
            NoteError::Unsigned => "this witness's key did not sign it".into(),
            error => error.to_string(),
        })
    })?;
    Ok(Some(kept))
}

/// Keeps the checkpoint as the log's last one. Durable when this returns; when it fails, the old or the new one stands.
pub(super) fn write(disk: &dyn Disk, checkpoint: &SignedCheckpoint) -> Result<(), MemoryError> {
    let name = file_of(&checkpoint.checkpoint().origin);
    disk.replace(&name, checkpoint.to_string().as_bytes())
        .map_err(|error| MemoryError::Io { path: disk.path(&name), error })
}
