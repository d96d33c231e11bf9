//! Look through the engine's vote log before the engine does, to say clearly when it cannot be relied on.
//!
//! The engine flushes the log before a vote leaves the node. What a crash tore off behind the last flush was never
//! sent: an unfinished entry, or a tail of zeros, is cut off. Any other damage may hide a vote that was sent.

use crate::error::EngineError;
use crate::wire::Wire;
use malachitebft_app_channel::app::engine::wal::decode_entry;
use malachitebft_app_channel::app::wal::Log;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Bytes before the first entry, and before the data of each: version and height; flag, length and checksum.
const FILE_HEAD: usize = 12;
const ENTRY_HEAD: usize = 13;

/// How often an engine that is just ending in this process is waited for, 50 ms each time.
const PATIENCE: u32 = 100;

/// Checks the log of a validator that begins at `height`.
pub(crate) async fn check(path: &Path, height: u64, wire: &Wire) -> Result<(), EngineError> {
    if !path.exists() {
        return Ok(());
    }
    let mut log = open(path).await?;
    let voted = log.sequence();
    if voted > height {
        return Err(EngineError::Behind { voted, height });
    }
    if voted < height {
        return Ok(());
    }
    let Some((entry, at, reason)) = first_damage(&mut log, wire).map_err(|error| reading(path, error))?
    else {
        return Ok(());
    };
    let bytes = std::fs::read(path).map_err(|error| reading(path, error))?;
    if bytes.get(at..).is_some_and(|tail| tail.iter().all(|byte| *byte == 0)) {
        tracing::warn!(path = %path.display(), at, "the vote log ends in zeros that were never flushed: cut off");
        log.truncate(entry).map_err(|error| reading(path, error))?;
        return log.flush().map_err(|error| reading(path, error));
    }
    Err(EngineError::VoteLog { path: path.to_owned(), reason, height })
}

async fn open(path: &Path) -> Result<Log, EngineError> {
    let mut tries = 0;
    loop {
        match Log::open(path) {
            Ok(log) => return Ok(log),
            Err(error)
                if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) =>
            {
                return Err(EngineError::VoteLogHead { path: path.to_owned(), reason: error.to_string() });
            }
            Err(error) if tries >= PATIENCE => return Err(reading(path, error)),
            Err(_) => {
                // Locked: an engine that ended in this process lets go of the file a moment later.
                tries += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

fn reading(path: &Path, error: io::Error) -> EngineError {
    EngineError::File { doing: "reading the vote log", path: path.to_owned(), error }
}

/// The first entry that cannot be read: its number, its place in the file, and what is wrong with it.
fn first_damage(log: &mut Log, wire: &Wire) -> io::Result<Option<(u64, usize, String)>> {
    if log.is_empty() {
        return Ok(None);
    }
    let mut at = FILE_HEAD;
    for (number, entry) in (0..).zip(log.iter()?) {
        let read = entry.and_then(|bytes| {
            decode_entry(wire, io::Cursor::new(&bytes))?;
            Ok(bytes.len())
        });
        match read {
            Ok(length) => at += ENTRY_HEAD + length,
            Err(error) => return Ok(Some((number, at, format!("entry {number} at byte {at}: {error}")))),
        }
    }
    Ok(None)
}
