//! Publish the checkpoints that a quorum has cosigned, and keep those that were.

use super::gathering::Gathered;
use super::history::{History, Record};
use super::tree::{CosignedTree, Tree};
use crate::store::StoreError;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::{
    Checkpoint, CheckpointError, Cosignature, NoteKey, NoteSignature, SignedCheckpoint, cosigner_key,
    log_key, origin,
};
use tongda_ledger::vote::{Address, NetworkId};

/// The history's file in the node's directory.
pub const FILE: &str = "checkpoints/history";

/// A checkpoint that a quorum has cosigned.
#[derive(Clone, Debug)]
pub struct Published {
    /// The height of the block whose seal is the tree's last leaf.
    pub height: u64,
    /// The tree.
    pub tree: Tree,
    /// The latest second since 1970 at or after which validators with more than two thirds of the power cosigned.
    pub time: u64,
    /// The cosignatures, ascending by signer.
    pub lines: Vec<Line>,
    /// The note: this node's own line (type 01) first, then the cosignatures.
    pub signed: SignedCheckpoint,
}

/// A cosignature under a published checkpoint, with the key that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The validator.
    pub signer: Address,
    /// Its Ed25519 key.
    pub key: [u8; 32],
    /// Its cosignature.
    pub cosignature: Cosignature,
}

/// Why a checkpoint could not be published or read.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointsError {
    /// The history's file.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The note takes no more, or a key is none.
    #[error("the checkpoint of {size} leaves: {error}")]
    Note {
        /// The tree's size.
        size: u64,
        /// What is wrong.
        error: CheckpointError,
    },
}

/// The published checkpoints of a node.
#[derive(Debug)]
pub struct Checkpoints {
    network: NetworkId,
    key: SigningKey,
    log_key: NoteKey,
    newest: watch::Sender<Option<Arc<Published>>>,
    history: Mutex<History>,
}

/// What was found when the checkpoints were opened.
#[derive(Debug, Default)]
pub struct CheckpointsOpening {
    /// The newest cosignature of every signer.
    pub of_signers: Vec<CosignedTree>,
    /// Bytes that were moved away, told in words.
    pub damage: Option<String>,
}

impl Checkpoints {
    /// Opens the history in a node's directory. `key` is the node's log key.
    ///
    /// # Errors
    /// [`CheckpointsError`] when the history cannot be read or written.
    pub fn open(
        directory: &Path,
        network: NetworkId,
        key: SigningKey,
    ) -> Result<(Self, CheckpointsOpening), CheckpointsError> {
        let (history, opened) = History::open(&directory.join(FILE), &network)?;
        let note = |error: tongda_ledger::tree::NoteKeyError| CheckpointsError::Note {
            size: 0,
            error: tongda_ledger::tree::NoteError::from(error).into(),
        };
        let log_key = log_key(&network, &key.public()).map_err(note)?;
        let (newest, _) = watch::channel(None);
        let checkpoints = Self { network, key, log_key, newest, history: Mutex::new(history) };
        if let Some(record) = opened.newest {
            checkpoints.newest.send_replace(Some(Arc::new(checkpoints.published(record)?)));
        }
        let opening = CheckpointsOpening { of_signers: opened.of_signers, damage: opened.damage };
        Ok((checkpoints, opening))
    }

    /// The node's own key for notes: type 01, its name is the origin.
    #[must_use]
    pub const fn log_key(&self) -> &NoteKey {
        &self.log_key
    }

    /// The newest published checkpoint.
    #[must_use]
    pub fn newest(&self) -> Option<Arc<Published>> {
        self.newest.borrow().clone()
    }

    /// The newest published checkpoint, and every one after it; a newer one may be of the same tree with more cosignatures
    /// or later times.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Option<Arc<Published>>> {
        self.newest.subscribe()
    }

    /// The published checkpoint of exactly this size. Reads the disk.
    ///
    /// # Errors
    /// [`CheckpointsError`] when the history cannot be read.
    pub fn at(&self, size: u64) -> Result<Option<Arc<Published>>, CheckpointsError> {
        Ok(self.covering(size)?.filter(|published| published.tree.size == size))
    }

    /// The smallest published checkpoint of at least this size. Reads the disk unless it is the newest.
    ///
    /// # Errors
    /// [`CheckpointsError`] when the history cannot be read.
    pub fn covering(&self, size: u64) -> Result<Option<Arc<Published>>, CheckpointsError> {
        let newest = self.newest().filter(|newest| newest.tree.size >= size);
        if newest.as_ref().is_some_and(|newest| newest.tree.size == size) {
            return Ok(newest);
        }
        match self.history().covering(size)? {
            // The newest may not be in the file yet, or is there with earlier times.
            Some(record) if newest.as_ref().is_none_or(|newest| record.tree.size < newest.tree.size) => {
                Ok(Some(Arc::new(self.published(record)?)))
            }
            _ => Ok(newest),
        }
    }

    /// The published checkpoints below this size, the largest first, at most `limit`. Reads the disk.
    ///
    /// # Errors
    /// [`CheckpointsError`] when the history cannot be read.
    pub fn before(&self, size: u64, limit: usize) -> Result<Vec<Arc<Published>>, CheckpointsError> {
        let newest = self.newest().filter(|newest| newest.tree.size < size);
        let below = newest.as_ref().map_or(size, |newest| newest.tree.size);
        let more = self.history().before(below, limit - newest.iter().len().min(limit))?;
        let older = more.into_iter().map(|record| Ok(Arc::new(self.published(record)?)));
        newest.into_iter().map(Ok).chain(older).take(limit).collect()
    }

    /// Publishes a tree that a quorum has cosigned, unless a larger one is published. It is not durable before
    /// [`Self::keep`].
    ///
    /// # Errors
    /// [`CheckpointsError::Note`] when no note can be made of it.
    pub(super) fn publish(&self, gathered: &Gathered, time: u64) -> Result<Arc<Published>, CheckpointsError> {
        let Gathered { place, cosignatures } = gathered;
        if let Some(larger) = self.newest().filter(|newest| newest.tree.size > place.tree.size) {
            return Ok(larger);
        }
        let mut lines: Vec<_> = cosignatures
            .iter()
            .filter_map(|(signer, cosignature)| {
                let key = place.cosigners.get(signer)?.key.public();
                let key = key.bytes().try_into().ok()?;
                Some(Line { signer: *signer, key, cosignature: *cosignature })
            })
            .collect();
        let before = self.newest().filter(|newest| newest.tree == place.tree);
        if let Some(before) = &before {
            // What is published loses no cosignature, and none becomes older.
            for line in &before.lines {
                match lines.iter_mut().find(|other| other.signer == line.signer) {
                    Some(other) if other.cosignature.time < line.cosignature.time => *other = line.clone(),
                    Some(_) => {}
                    None => lines.push(line.clone()),
                }
            }
            lines.sort_by_key(|line| line.signer);
        }
        let time = time.max(before.map_or(0, |before| before.time));
        let record = Record { height: place.height, tree: place.tree, time, lines };
        let published = Arc::new(self.published(record)?);
        self.newest.send_replace(Some(published.clone()));
        Ok(published)
    }

    /// Keeps a published checkpoint durably.
    ///
    /// # Errors
    /// [`CheckpointsError::Store`] when it cannot be written.
    pub(super) fn keep(&self, published: &Arc<Published>) -> Result<(), CheckpointsError> {
        Ok(self.history().append(&Record::from(published))?)
    }

    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A record with its note.
    fn published(&self, record: Record) -> Result<Published, CheckpointsError> {
        let Record { height, tree, time, lines } = record;
        let signed = self.note(&tree, &lines);
        let signed = signed.map_err(|error| CheckpointsError::Note { size: tree.size, error })?;
        Ok(Published { height, tree, time, lines, signed })
    }

    fn note(&self, tree: &Tree, lines: &[Line]) -> Result<SignedCheckpoint, CheckpointError> {
        let checkpoint = Checkpoint { origin: origin(&self.network), size: tree.size, root: tree.root };
        let mut signed = SignedCheckpoint::new(&checkpoint)?;
        signed.add(NoteSignature::sign(self.log_key.name().clone(), &self.key, &checkpoint.text()))?;
        for line in lines {
            let key = cosigner_key(&self.network, &line.signer, &line.public());
            let key = key.map_err(tongda_ledger::tree::NoteError::from)?;
            let cosignature = line.cosignature.line(&key).expect("a cosigner's key signs cosignatures");
            signed.add(cosignature)?;
        }
        Ok(signed)
    }
}
