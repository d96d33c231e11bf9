//! Carry the proof that a log was forked: two of its checkpoints that cannot both be of one append-only log.
//!
//! ```text
//! tongda/evidence/v1
//! past BASE64          ┐ only when the sizes differ: the root that the second tree had at the first one's size,
//! BASE64               │ and the proof that this root leads to the second one's
//! …                    ┘
//!
//! first checkpoint, word for word, the smaller one
//!
//! second checkpoint, word for word
//! ```
//!
//! Either both have one size and different roots, or a consistency proof leads from *another* root at the first one's
//! size to the second one's root. A log that is one append-only tree has no two such checkpoints: whoever signed both
//! of them has signed a fork, and anybody who knows the key can check it with nothing but this text.

use crate::hash::Hash;
use crate::tree::lines;
use crate::tree::note::{NOTE_LIMIT, characters};
use crate::tree::{
    CheckpointError, ConsistencyProof, LogProofError, NoteError, NoteKey, SignedBy, SignedCheckpoint,
};
use std::fmt;

/// The first line.
const HEADER: &str = "tongda/evidence/v1";

/// Evidence is at most this many bytes.
pub const EVIDENCE_LIMIT: usize = 2 * NOTE_LIMIT + 8_192;

/// Two checkpoints of one origin that contradict each other. Whose signatures stand under them, [`Self::verify`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    first: SignedCheckpoint,
    second: SignedCheckpoint,
    past: Option<Past>,
}

/// What the second tree was at the first one's size.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Past {
    root: Hash,
    proof: ConsistencyProof,
}

/// Who signed two checkpoints that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signers<'a> {
    /// The known keys under the first checkpoint, at least one.
    pub first: Vec<SignedBy<'a>>,
    /// The known keys under the second checkpoint, at least one.
    pub second: Vec<SignedBy<'a>>,
    /// Those under both: they signed a fork. Empty when, say, the validators changed between the two; then the
    /// contradiction stands, and no single key has spoken against itself.
    pub both: Vec<&'a NoteKey>,
}

/// Why something is no evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// More bytes than are read.
    #[error("{0} bytes; evidence has at most {EVIDENCE_LIMIT}")]
    TooLong(usize),
    /// Other lines than those of the format.
    #[error(
        "evidence is the line `{HEADER}`, for two sizes `past` and a proof, and two checkpoints, each after an empty line"
    )]
    Shape,
    /// A hash is none, or there are more than 64.
    #[error("line {0} of the consistency proof is no hash in base64, or one too many")]
    Hash(usize),
    /// One of the checkpoints is none.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Two logs.
    #[error("the checkpoints are of two logs, {0:?} and {1:?}")]
    Origins(String, String),
    /// The smaller one is not the first.
    #[error("the first checkpoint is larger than the second one")]
    Order,
    /// They agree.
    #[error("the checkpoints do not contradict each other")]
    NoContradiction,
    /// The sizes differ, and nothing shows what the second tree was before.
    #[error(
        "checkpoints of two sizes contradict each other only with a proof of what the larger tree was before"
    )]
    NoProof,
    /// A proof beside checkpoints of one size.
    #[error("checkpoints of one size need no proof, and have none")]
    NeedlessProof,
    /// The proof proves nothing.
    #[error("the proof of what the larger tree was before: {0}")]
    Proof(#[from] LogProofError),
    /// A signature is false, or nobody known signed.
    #[error(transparent)]
    Signatures(#[from] NoteError),
}

impl Evidence {
    /// Two checkpoints of one size.
    ///
    /// # Errors
    /// [`EvidenceError`] when they do not contradict each other.
    pub fn of_one_size(first: SignedCheckpoint, second: SignedCheckpoint) -> Result<Self, EvidenceError> {
        Self { first, second, past: None }.checked()
    }

    /// A checkpoint, and a larger one of a tree whose root at the first one's size was `root`, as `proof` shows from
    /// there to the larger one.
    ///
    /// # Errors
    /// [`EvidenceError`] when they do not contradict each other.
    pub fn of_another_past(
        first: SignedCheckpoint,
        second: SignedCheckpoint,
        root: Hash,
        proof: ConsistencyProof,
    ) -> Result<Self, EvidenceError> {
        Self { first, second, past: Some(Past { root, proof }) }.checked()
    }

    fn checked(self) -> Result<Self, EvidenceError> {
        let (first, second) = (self.first.checkpoint(), self.second.checkpoint());
        if first.origin != second.origin {
            return Err(EvidenceError::Origins(first.origin.clone(), second.origin.clone()));
        }
        match &self.past {
            _ if first.size > second.size => return Err(EvidenceError::Order),
            None if first.size != second.size => return Err(EvidenceError::NoProof),
            Some(_) if first.size == second.size => return Err(EvidenceError::NeedlessProof),
            None if first.root == second.root => return Err(EvidenceError::NoContradiction),
            None => {}
            Some(past) if past.root == first.root => return Err(EvidenceError::NoContradiction),
            Some(past) => past.proof.verify(first.size, second.size, &past.root, &second.root)?,
        }
        Ok(self)
    }

    /// Reads evidence and checks that the checkpoints contradict each other; verifies no signature.
    ///
    /// # Errors
    /// [`EvidenceError`] says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, EvidenceError> {
        if bytes.len() > EVIDENCE_LIMIT {
            return Err(EvidenceError::TooLong(bytes.len()));
        }
        let text = characters(bytes)?;
        let (head, checkpoints) = text.split_once("\n\n").ok_or(EvidenceError::Shape)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(HEADER) {
            return Err(EvidenceError::Shape);
        }
        let past = match lines.next() {
            None => None,
            Some(line) => {
                let root = line.strip_prefix("past ").and_then(lines::hash).ok_or(EvidenceError::Shape)?;
                let mut hashes = Vec::new();
                for (place, line) in lines.enumerate() {
                    let hash = lines::hash(line).filter(|_| place < 64);
                    hashes.push(hash.ok_or(EvidenceError::Hash(place))?);
                }
                let hashes = hashes.try_into().map_err(|_| EvidenceError::Hash(64))?;
                Some(Past { root, proof: ConsistencyProof { hashes } })
            }
        };
        // A checkpoint's text has no empty line, nor have its signatures: the second empty line ends the first one.
        let between = checkpoints.match_indices("\n\n").nth(1).ok_or(EvidenceError::Shape)?.0;
        let (first, second) = (&checkpoints[..=between], &checkpoints[between + 2..]);
        let first = SignedCheckpoint::parse(first.as_bytes())?;
        Self { first, second: SignedCheckpoint::parse(second.as_bytes())?, past }.checked()
    }

    /// The smaller checkpoint.
    #[must_use]
    pub const fn first(&self) -> &SignedCheckpoint {
        &self.first
    }

    /// The larger checkpoint.
    #[must_use]
    pub const fn second(&self) -> &SignedCheckpoint {
        &self.second
    }

    /// The root that the second tree had at the first one's size, where the sizes differ.
    #[must_use]
    pub fn past_root(&self) -> Option<&Hash> {
        self.past.as_ref().map(|past| &past.root)
    }

    /// Verifies the signatures of the known keys, of which at least one must stand under each checkpoint.
    ///
    /// # Errors
    /// [`EvidenceError::Signatures`] when one is false, or a checkpoint bears none.
    pub fn verify<'a>(&self, known: &'a [NoteKey]) -> Result<Signers<'a>, EvidenceError> {
        let (first, second) = (self.first.verify(known)?, self.second.verify(known)?);
        let signed_too =
            |signer: &&SignedBy<'a>| second.iter().any(|other| other.key.is_same_key(signer.key));
        let both = first.iter().filter(signed_too).map(|signer| signer.key).collect();
        Ok(Signers { first, second, both })
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(past) = &self.past {
            writeln!(f, "past {}", lines::base64(past.root.as_bytes()))?;
            for hash in &past.proof.hashes {
                writeln!(f, "{}", lines::base64(hash.as_bytes()))?;
            }
        }
        write!(f, "\n{}\n{}", self.first, self.second)
    }
}
