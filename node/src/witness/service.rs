//! Judge the checkpoints that are brought to this witness, and cosign those that continue the ones before.
//!
//! ```text
//! read ─► log known? ─► signed? ─► old size right? ─► continues? ─► write and sync ─► cosignature
//! 400     404           403        409               422           500              200
//! ```
//!
//! From the comparison of the old size to the sync, one submission of a log is handled at a time: of two trees of one
//! size, brought at once, one finds the other's on disk.

use super::evidence::EvidenceFolder;
use super::memory::{self, MemoryError, file_of};
use crate::cosign::disk::Disk;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use tongda_ledger::evidence::Evidence;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::{
    Checkpoint, ContinuationError, Cosignature, KeyName, NoteAlgorithm, NoteError, NoteKey, NoteKeyError,
    NoteSignature, SignedCheckpoint, Submission, SubmissionError, empty_root,
};

/// Keys of one log at most: with their signatures, a checkpoint stays small on disk.
pub const KEYS_LIMIT: usize = 40;

/// Seconds for which a cosignature of the same tree is given again, without a write: whoever repeats himself costs
/// nothing.
const FRESH: u64 = 10;

/// A log that is witnessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessedLog {
    /// Its origin.
    pub origin: String,
    /// Keys that sign its checkpoints, 1 to [`KEYS_LIMIT`].
    pub keys: Vec<NoteKey>,
    /// How many of them must have signed a checkpoint, at least one.
    pub threshold: usize,
}

/// A witness: its key, the logs that it knows, what it cosigned last of each.
pub struct Witness {
    key: NoteKey,
    secret: SigningKey,
    own_origin: String,
    /// By origin.
    logs: BTreeMap<String, Known>,
    disk: Box<dyn Disk + Send + Sync>,
    evidence: EvidenceFolder,
}

struct Known {
    log: WitnessedLog,
    last: Mutex<Last>,
}

/// The checkpoint that was cosigned last.
enum Last {
    /// It must be read from disk: a write has failed, and either stands there.
    Unread,
    /// This, or none yet.
    Read(Option<SignedCheckpoint>),
}

/// Why a witness cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// Its own log.
    #[error(
        "node.toml lists {0:?} under [[witness.log]], which is this network's own log: a node never witnesses its own \
         log. Take it out"
    )]
    OwnLog(String),
    /// The same log twice.
    #[error("node.toml lists the log {0:?} twice under [[witness.log]]")]
    Twice(String),
    /// No origin.
    #[error("{0:?} is no origin of a log: 1 to 255 bytes without control characters")]
    Origin(String),
    /// Too few or too many keys, or an impossible threshold.
    #[error("the log {0:?} needs 1 to {KEYS_LIMIT} different keys, and a threshold from 1 to their number")]
    Keys(String),
    /// Its key.
    #[error("the witness's key: {0}")]
    Key(#[from] NoteKeyError),
    /// What it remembers.
    #[error(transparent)]
    Memory(#[from] MemoryError),
}

/// Why a checkpoint is not cosigned.
#[derive(Debug, thiserror::Error)]
pub enum WitnessRefusal {
    /// 400: it cannot be read, or the old size is above the new one.
    #[error(transparent)]
    Malformed(#[from] SubmissionError),
    /// 404: its own log.
    #[error(
        "{0:?} is the log of this node's own network, which it never witnesses; ask a node of another network"
    )]
    OwnLog(String),
    /// 404: a log that is not known.
    #[error(
        "this witness does not know the log {0:?}; its operator lists logs in node.toml under [[witness.log]]"
    )]
    UnknownLog(String),
    /// 403: a trusted key's signature is false, or none is there.
    #[error(transparent)]
    Untrusted(NoteError),
    /// 403: too few trusted keys signed.
    #[error("{signed} of this log's keys signed the checkpoint; {needed} must")]
    TooFew {
        /// Keys that signed.
        signed: usize,
        /// Keys that must have.
        needed: usize,
    },
    /// 409: the old size is another.
    #[error("{0}")]
    OtherSize(u64),
    /// 422: it does not continue what was cosigned last.
    #[error(transparent)]
    Inconsistent(#[from] ContinuationError),
    /// 500: what was cosigned last is not known, or the new one could not be kept.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// 500: the answer could not be made.
    #[error("the checkpoint could not be cosigned: {0}")]
    Note(NoteError),
}

impl WitnessRefusal {
    /// The status of HTTP.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::OwnLog(_) | Self::UnknownLog(_) => 404,
            Self::Untrusted(_) | Self::TooFew { .. } => 403,
            Self::OtherSize(_) => 409,
            Self::Inconsistent(_) => 422,
            Self::Memory(_) | Self::Note(_) => 500,
        }
    }
}

impl WitnessedLog {
    fn check(&self, own_origin: &str) -> Result<(), WitnessError> {
        if self.origin == own_origin {
            return Err(WitnessError::OwnLog(self.origin.clone()));
        }
        let checkpoint = Checkpoint { origin: self.origin.clone(), size: 0, root: empty_root() };
        SignedCheckpoint::new(&checkpoint).map_err(|_| WitnessError::Origin(self.origin.clone()))?;
        let distinct = self
            .keys
            .iter()
            .enumerate()
            .all(|(place, key)| !self.keys[..place].iter().any(|before| before.public() == key.public()));
        let counted =
            (1..=KEYS_LIMIT).contains(&self.keys.len()) && (1..=self.keys.len()).contains(&self.threshold);
        if distinct && counted { Ok(()) } else { Err(WitnessError::Keys(self.origin.clone())) }
    }
}

impl Witness {
    /// The witness of this name and key, of a node whose own log is `own_origin`, for these logs.
    ///
    /// # Errors
    /// [`WitnessError`] when a log is the node's own or listed wrongly, or what was cosigned last cannot be read.
    pub fn open(
        name: KeyName,
        secret: SigningKey,
        own_origin: String,
        logs: Vec<WitnessedLog>,
        disk: Box<dyn Disk + Send + Sync>,
        evidence: EvidenceFolder,
    ) -> Result<Self, WitnessError> {
        let key = NoteKey::new(name, NoteAlgorithm::Cosignature, &secret.public())?;
        let mut known = BTreeMap::new();
        for log in logs {
            log.check(&own_origin)?;
            let last = Mutex::new(Last::Read(memory::read(disk.as_ref(), &log.origin, &key)?));
            let origin = log.origin.clone();
            if known.insert(origin.clone(), Known { log, last }).is_some() {
                return Err(WitnessError::Twice(origin));
            }
        }
        Ok(Self { key, secret, own_origin, logs: known, disk, evidence })
    }

    /// The key by which others know its cosignatures.
    #[must_use]
    pub const fn key(&self) -> &NoteKey {
        &self.key
    }

    /// Each log with the size that was cosigned last.
    pub fn sizes(&self) -> impl Iterator<Item = (&str, Option<u64>)> {
        self.logs.iter().map(|(origin, known)| {
            let last = known.last.lock().unwrap_or_else(PoisonError::into_inner);
            let size = match &*last {
                Last::Read(Some(last)) => Some(last.checkpoint().size),
                Last::Read(None) | Last::Unread => None,
            };
            (origin.as_str(), size)
        })
    }

    /// Answers a submission: its line of cosignature, given at `now` (seconds since 1970). Blocks on the disk.
    ///
    /// # Errors
    /// [`WitnessRefusal`] says why there is none.
    pub fn submit(&self, body: &[u8], now: u64) -> Result<NoteSignature, WitnessRefusal> {
        let submission = Submission::parse(body)?;
        let origin = &submission.checkpoint.checkpoint().origin;
        if *origin == self.own_origin {
            return Err(WitnessRefusal::OwnLog(origin.clone()));
        }
        let known = self.logs.get(origin).ok_or_else(|| WitnessRefusal::UnknownLog(origin.clone()))?;
        let signed = submission.checkpoint.verify(&known.log.keys).map_err(WitnessRefusal::Untrusted)?;
        if signed.len() < known.log.threshold {
            return Err(WitnessRefusal::TooFew { signed: signed.len(), needed: known.log.threshold });
        }
        let mut last = known.last.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*last, Last::Unread) {
            *last = Last::Read(memory::read(self.disk.as_ref(), origin, &self.key)?);
        }
        let Last::Read(before) = &*last else { unreachable!("read above") };
        let new = self.judge(&submission, &known.log, before.as_ref(), now)?;
        let line = own_line(&new, &self.key);
        if before.as_ref() != Some(&new) {
            // If the write fails, the disk may hold the old or the new one; nobody has the cosignature yet.
            *last = Last::Unread;
            memory::write(self.disk.as_ref(), &new)?;
            *last = Last::Read(Some(new));
        }
        Ok(line)
    }

    /// The checkpoint as it is to be kept: with the log's signatures and a new one of this witness. The one from before
    /// when it is the same tree and still fresh.
    fn judge(
        &self,
        submission: &Submission,
        log: &WitnessedLog,
        before: Option<&SignedCheckpoint>,
        now: u64,
    ) -> Result<SignedCheckpoint, WitnessRefusal> {
        let last = before.map(SignedCheckpoint::checkpoint);
        let size = last.map_or(0, |last| last.size);
        let new = submission.checkpoint.checkpoint();
        if let Some(before) =
            before.filter(|_| size == new.size && last.is_some_and(|last| last.root != new.root))
        {
            self.contradiction(before, &submission.checkpoint);
        }
        if submission.old != size {
            return Err(WitnessRefusal::OtherSize(size));
        }
        submission.continues(&last.map_or_else(empty_root, |last| last.root))?;
        let given = before.and_then(|before| own_time(before, &self.key));
        if let (Some(before), Some(given)) = (before, given)
            && before.checkpoint() == new
            && now.saturating_sub(given) < FRESH
        {
            return Ok(before.clone());
        }
        let mut kept = SignedCheckpoint::new(new).map_err(SubmissionError::from)?;
        for key in &log.keys {
            let lines = submission.checkpoint.note().signatures();
            if let Some(line) = lines.iter().find(|line| line.is_of(key)) {
                kept.add(line.clone()).map_err(WitnessRefusal::Note)?;
            }
        }
        // Never earlier than the last one, whatever the clock says.
        let time = now.max(given.unwrap_or(1));
        let cosignature = Cosignature::sign(&self.secret, time, kept.note().text());
        let line = cosignature.line(&self.key).expect("the witness's key cosigns");
        kept.add(line).map_err(WitnessRefusal::Note)?;
        Ok(kept)
    }

    /// Keeps two trees of one size, both signed by the log, as evidence.
    fn contradiction(&self, before: &SignedCheckpoint, now: &SignedCheckpoint) {
        let Ok(evidence) = Evidence::of_one_size(before.clone(), now.clone()) else { return };
        self.evidence.keep_and_tell(&evidence);
    }

    /// The checkpoint that was cosigned last of the log whose origin has this SHA-256, in lower-case hexadecimal.
    #[must_use]
    pub fn newest(&self, origin_hash: &str) -> Option<SignedCheckpoint> {
        let hash: Hash = origin_hash.parse().ok().filter(|hash: &Hash| hash.to_string() == origin_hash)?;
        let known = self.logs.iter().find(|(origin, _)| file_of(origin) == hash.to_string())?.1;
        match &*known.last.lock().unwrap_or_else(PoisonError::into_inner) {
            Last::Read(last) => last.clone(),
            Last::Unread => None,
        }
    }
}

/// The line of the witness's own key.
fn own_line(checkpoint: &SignedCheckpoint, key: &NoteKey) -> NoteSignature {
    let lines = checkpoint.note().signatures();
    lines.iter().find(|line| line.is_of(key)).expect("a kept checkpoint bears the witness's own line").clone()
}

/// When the witness cosigned it.
fn own_time(checkpoint: &SignedCheckpoint, key: &NoteKey) -> Option<u64> {
    Some(Cosignature::from_bytes(own_line(checkpoint, key).bytes())?.time)
}
