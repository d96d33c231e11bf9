//! Keep a validator silent that began from a snapshot: it may have voted before, and what it voted is lost.
//!
//! A node votes at the height behind its last block, so before it lost its files it voted at most at the height behind the
//! last block that anyone had. It therefore follows without a vote until it hears a quorum and is level with it, and then
//! until the others have decided two blocks more. That it is silent stands in a file, and survives a restart.

use crate::health::Health;
use crate::store::StoreError;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Beside the vote log: like that, never restored from a backup.
const NAME: &str = "silent";

/// Blocks that the others decide before the node votes again.
const MARGIN: u64 = 2;

/// How long a node must have been level with those it hears.
const LEVEL: Duration = Duration::from_secs(3);

/// How long an announced block is waited for that does not come: one node alone cannot keep another silent.
const CLAIM: Duration = Duration::from_secs(60);

const LOOK: Duration = Duration::from_millis(200);

/// That a node is silent.
#[derive(Debug)]
pub struct Silence {
    path: PathBuf,
    /// The height at which it ends, once that is known.
    until: Option<u64>,
}

impl Silence {
    /// Begins it for the node with this consensus directory. Durable when this returns.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the file cannot be written.
    pub fn begin(directory: &Path) -> Result<(), StoreError> {
        std::fs::create_dir_all(directory).map_err(StoreError::io("create", directory))?;
        Self { path: directory.join(NAME), until: None }.write()
    }

    /// Whether the node with this consensus directory is silent.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the file cannot be read, or holds something else.
    pub fn of(directory: &Path) -> Result<Option<Self>, StoreError> {
        let path = directory.join(NAME);
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(StoreError::io("read", &path))?,
        };
        let until = match text.trim() {
            "" => None,
            number => {
                let number = number.parse().map_err(|_| io::Error::other("it holds no height"));
                Some(number.map_err(StoreError::io("read", &path))?)
            }
        };
        Ok(Some(Self { path, until }))
    }

    /// Waits until the node may vote. `needed` is how many nodes it must hear.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the file cannot be written.
    pub async fn passed(
        &mut self,
        mut heights: watch::Receiver<u64>,
        health: &Health,
        needed: usize,
    ) -> Result<(), StoreError> {
        let until = match self.until {
            Some(until) => until,
            None => {
                let until = level(&heights, health, needed).await + MARGIN;
                self.until = Some(until);
                self.write()?;
                tracing::info!(until, "level with the others: silent until they have decided this height");
                until
            }
        };
        // That the chain is gone ends the node by another way.
        let _ = heights.wait_for(|height| *height >= until).await;
        Ok(())
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the file cannot be removed.
    pub fn end(self) -> Result<(), StoreError> {
        std::fs::remove_file(&self.path).map_err(StoreError::io("remove", &self.path))
    }

    fn write(&self) -> Result<(), StoreError> {
        let text = self.until.map_or(String::new(), |until| until.to_string());
        let unfinished = self.path.with_extension("new");
        File::create(&unfinished)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .map_err(StoreError::io("write", &unfinished))?;
        std::fs::rename(&unfinished, &self.path).map_err(StoreError::io("name", &self.path))?;
        crate::store::sync_directory(self.path.parent().unwrap_or(Path::new(".")))
    }
}

/// The height at which the node has been level for a while with a quorum that it hears.
async fn level(heights: &watch::Receiver<u64>, health: &Health, needed: usize) -> u64 {
    let (mut since, mut heard) = (None, None);
    loop {
        let (report, height) = (health.report(), *heights.borrow());
        if report.connected < needed {
            (since, heard) = (None, None);
        } else {
            let heard = *heard.get_or_insert_with(Instant::now);
            if height < report.highest_peer && heard.elapsed() < CLAIM {
                since = None;
            } else if since.get_or_insert_with(Instant::now).elapsed() >= LEVEL {
                return height;
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_survives_a_restart_and_ends_once() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("consensus");
        assert!(Silence::of(&path).unwrap().is_none());
        Silence::begin(&path).unwrap();
        let mut silence = Silence::of(&path).unwrap().unwrap();
        assert_eq!(silence.until, None);
        silence.until = Some(70);
        silence.write().unwrap();
        let silence = Silence::of(&path).unwrap().unwrap();
        assert_eq!(silence.until, Some(70));
        silence.end().unwrap();
        assert!(Silence::of(&path).unwrap().is_none());
        std::fs::write(path.join(NAME), "soon").unwrap();
        assert!(Silence::of(&path).is_err());
    }

    #[tokio::test]
    async fn a_silent_node_waits_for_the_height_it_noted() {
        let directory = tempfile::tempdir().unwrap();
        let mut silence = Silence { path: directory.path().join(NAME), until: Some(9) };
        let (height, heights) = watch::channel(8);
        let health = Health::new();
        let mut passed = Box::pin(silence.passed(heights, &health, 3));
        assert!(futures::poll!(&mut passed).is_pending());
        height.send_replace(9);
        passed.await.unwrap();
    }
}
