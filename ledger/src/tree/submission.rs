//! Bring a checkpoint to a witness: the body of `add-checkpoint` (C2SP tlog-witness).
//!
//! ```text
//! old 20852014             the size of the checkpoint that the witness cosigned last, 0 for none
//! PlRNCrwHpqhGrup…=        consistency proof from there, at most 63 hashes
//! …
//!
//! checkpoint, word for word
//! ```

use super::checkpoint::{CheckpointError, SignedCheckpoint};
use super::lines;
use super::log::empty_root;
use super::log_proof::ConsistencyProof;
use super::note::{NOTE_LIMIT, NoteError, characters};
use crate::hash::Hash;
use std::fmt;

/// Hashes in a submission's proof at most.
const HASHES_LIMIT: usize = 63;

/// A submission is at most this many bytes.
pub const SUBMISSION_LIMIT: usize = NOTE_LIMIT + 4_096;

/// A checkpoint for a witness, with the proof that it continues the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The size of the checkpoint that the witness cosigned last; 0 for none.
    pub old: u64,
    /// From there to the checkpoint; empty from 0 and to the same size.
    pub proof: ConsistencyProof,
    /// The checkpoint.
    pub checkpoint: SignedCheckpoint,
}

/// Why a body is no submission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmissionError {
    /// More bytes than are read.
    #[error("{0} bytes; a submission has at most {SUBMISSION_LIMIT}")]
    TooLong(usize),
    /// The line of the old size is missing or wrong.
    #[error("a submission begins with `old SIZE`, in decimal without sign and leading zeros")]
    Old,
    /// A hash is none, or there are more than 63.
    #[error("line {0} of the consistency proof is no hash in base64, or one too many")]
    Hash(usize),
    /// There is no empty line before the checkpoint.
    #[error("an empty line stands between the proof and the checkpoint")]
    Shape,
    /// The old tree is larger.
    #[error("a checkpoint of size {new} continues none of size {old}")]
    Backwards {
        /// The old size.
        old: u64,
        /// The checkpoint's size.
        new: u64,
    },
    /// Not UTF-8, or a control character.
    #[error(transparent)]
    Character(#[from] NoteError),
    /// The checkpoint is none.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// Why a checkpoint does not continue the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContinuationError {
    /// A tree without leaves has one root.
    #[error("a tree without leaves has the root SHA-256(\"\"), and this checkpoint of size 0 another one")]
    Empty,
    /// A proof from nothing.
    #[error("every tree continues the empty one: a proof from size 0 has no hashes")]
    NeedlessProof,
    /// Two trees of one size.
    #[error("the checkpoint cosigned last has this size and another root")]
    OtherRoot,
    /// The proof proves nothing.
    #[error(transparent)]
    Proof(#[from] super::log_proof::LogProofError),
}

impl Submission {
    /// Reads a submission; verifies neither signatures nor proof.
    ///
    /// # Errors
    /// [`SubmissionError`] says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, SubmissionError> {
        if bytes.len() > SUBMISSION_LIMIT {
            return Err(SubmissionError::TooLong(bytes.len()));
        }
        let text = characters(bytes)?;
        let (line, mut rest) = lines::first(text).ok_or(SubmissionError::Old)?;
        let old = line.strip_prefix("old ").and_then(lines::decimal).ok_or(SubmissionError::Old)?;
        let mut hashes = Vec::new();
        loop {
            let (line, after) = lines::first(rest).ok_or(SubmissionError::Shape)?;
            rest = after;
            if line.is_empty() {
                break;
            }
            let hash = lines::hash(line).filter(|_| hashes.len() < HASHES_LIMIT);
            hashes.push(hash.ok_or(SubmissionError::Hash(hashes.len()))?);
        }
        let hashes = hashes.try_into().map_err(|_| SubmissionError::Hash(HASHES_LIMIT))?;
        let checkpoint = SignedCheckpoint::parse(rest.as_bytes())?;
        let new = checkpoint.checkpoint().size;
        if old > new {
            return Err(SubmissionError::Backwards { old, new });
        }
        Ok(Self { old, proof: ConsistencyProof { hashes }, checkpoint })
    }

    /// Checks that the checkpoint continues the tree of [`Self::old`] leaves with this root (whatever root, for 0).
    ///
    /// # Errors
    /// [`ContinuationError`] says why it does not.
    pub fn continues(&self, old_root: &Hash) -> Result<(), ContinuationError> {
        let new = self.checkpoint.checkpoint();
        if new.size == 0 && new.root != empty_root() {
            return Err(ContinuationError::Empty);
        }
        if self.old == 0 {
            return if self.proof.hashes.is_empty() { Ok(()) } else { Err(ContinuationError::NeedlessProof) };
        }
        if self.old == new.size && *old_root != new.root {
            return Err(ContinuationError::OtherRoot);
        }
        Ok(self.proof.verify(self.old, new.size, old_root, &new.root)?)
    }
}

impl fmt::Display for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof.hashes {
            writeln!(f, "{}", lines::base64(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
