//! Write the state at the tip into a file, beside the commits.

use super::{Chain, ChainError, unpoisoned};
use std::path::PathBuf;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tongda_ledger::chain::Differs;
use tongda_ledger::codec::decode;
use tongda_ledger::hash::Hash;
use tongda_ledger::snapshot::{Header, Writer};
use tongda_ledger::tree::{MapStream, value_hash};

/// Values read at once: a commit waits for no more.
const PAGE: usize = 256;

/// A snapshot that was written.
#[derive(Clone, Debug)]
pub struct WrittenSnapshot {
    /// Where it lies.
    pub path: PathBuf,
    /// The height at which it stands.
    pub height: u64,
    /// Values in it.
    pub values: u64,
    /// Its length.
    pub bytes: u64,
    /// The digest of the whole.
    pub digest: Hash,
    /// How long it took.
    pub elapsed: Duration,
    /// The longest that a commit may have had to wait for it.
    pub longest_wait: Duration,
}

impl Chain {
    /// Writes a snapshot of the state as it is now, while blocks go on being committed, and removes all but the newest
    /// `keep`. `None` when the node stops, before the first block, and when there is a snapshot of this height already.
    ///
    /// # Errors
    /// [`ChainError::Index`] when the index does not hold the state of its seal; [`ChainError::Store`] when the file
    /// cannot be written.
    pub fn write_snapshot(&self, keep: usize) -> Result<Option<WrittenSnapshot>, ChainError> {
        let _one_at_a_time = unpoisoned(&self.shared.copying);
        let started = Instant::now();
        let (header, links, copying) = {
            let mut committed = self.shared.committed.write().unwrap_or_else(PoisonError::into_inner);
            let Some(seal) = committed.tip().seal.clone() else { return Ok(None) };
            if self.shared.snapshots.find(seal.height)?.is_some() {
                return Ok(None);
            }
            // A node that has just begun from a snapshot has no block yet, and nothing new to write.
            let Some(block) = self.shared.reader.block(seal.height)? else { return Ok(None) };
            let certificate = decode(&block.certificate, block.certificate.len())?;
            let (log, values) = (committed.sealed().clone(), committed.values());
            let header = Header { network: self.network(), seal, certificate, log, values };
            (header, committed.links()?, committed.begin_copy())
        };
        let mut longest_wait = started.elapsed();
        let height = header.seal.height;
        let mut file = self.shared.snapshots.create(height)?;
        let (mut out, mut bytes, mut map) = (Vec::new(), 0, MapStream::new());
        let mut writer = Writer::new(&header, &mut out);
        for link in links.iter().filter(|link| link.seal.height < height) {
            writer.epoch(link, &mut out);
        }
        loop {
            if self.shared.stopping.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let page = {
                let committed = self.committed();
                let held = Instant::now();
                let page = committed.copy(&copying, PAGE)?;
                longest_wait = longest_wait.max(held.elapsed());
                page
            };
            if page.is_empty() {
                break;
            }
            for (key, value) in &page {
                if !map.push(key.hash(), value_hash(value)) {
                    return Err(ChainError::Index("the state's keys are out of order".into()));
                }
                writer.value(key, value, &mut out);
            }
            file.write(&out)?;
            bytes += out.len() as u64;
            out.clear();
        }
        let values = map.count();
        let (found, expected) = (map.root(), header.seal.state_root);
        if found != expected {
            let differs = Differs { found, expected };
            return Err(ChainError::Index(format!("the values of height {height} have the root {differs}")));
        }
        let digest = writer.end(&mut out);
        file.write(&out)?;
        bytes += out.len() as u64;
        let path = file.finish()?;
        self.shared.snapshots.prune(keep.max(1))?;
        let elapsed = started.elapsed();
        Ok(Some(WrittenSnapshot { path, height, values, bytes, digest, elapsed, longest_wait }))
    }
}
