//! Carry the proof that an entry stands in a log, to be checked without asking anybody (C2SP tlog-proof, `.tlog-proof`).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra BASE64              not signed by anybody; left out when there is none
//! index 73894
//! gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=     inclusion proof, from the leaf up
//! …
//!
//! checkpoint, word for word
//! ```

use super::checkpoint::{CheckpointError, SignedCheckpoint};
use super::lines;
use super::log_proof::{InclusionProof, LogProofError};
use super::note::{NOTE_LIMIT, NoteError, characters};
use crate::hash::Hash;
use std::fmt;

/// The first line.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// What is carried beside the proof is at most this many bytes: a record, and room beside it.
pub const EXTRA_LIMIT: usize = 1 << 17;

/// A receipt is at most this many bytes.
pub const RECEIPT_LIMIT: usize = NOTE_LIMIT + EXTRA_LIMIT / 3 * 4 + 8_192;

/// An entry's place in a log, the proof of it, and the checkpoint that it is proved in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Anything that whoever reads it may need, not covered by any signature. Absent rather than empty.
    pub extra: Option<Vec<u8>>,
    /// The leaf's place, from 0.
    pub index: u64,
    /// From the leaf to the checkpoint's root.
    pub proof: InclusionProof,
    /// The tree.
    pub checkpoint: SignedCheckpoint,
}

/// Why bytes are no receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// More bytes than are read.
    #[error("{0} bytes; a receipt has at most {RECEIPT_LIMIT}")]
    TooLong(usize),
    /// The first line is another.
    #[error("a receipt begins with the line `{HEADER}`")]
    Header,
    /// The line of further data is wrong.
    #[error("`extra` is followed by 1 to {EXTRA_LIMIT} bytes in base64")]
    Extra,
    /// The line of the index is missing or wrong.
    #[error("`index` is followed by a number in decimal, without sign and leading zeros")]
    Index,
    /// A hash is none, or there are more than 64.
    #[error("line {0} of the inclusion proof is no hash in base64, or one too many")]
    Hash(usize),
    /// There is no empty line before the checkpoint.
    #[error("an empty line stands between the proof and the checkpoint")]
    Shape,
    /// Not UTF-8, or a control character.
    #[error(transparent)]
    Character(#[from] NoteError),
    /// The checkpoint is none.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl Receipt {
    /// Reads a receipt; verifies nothing.
    ///
    /// # Errors
    /// [`ReceiptError`] says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > RECEIPT_LIMIT {
            return Err(ReceiptError::TooLong(bytes.len()));
        }
        let all = characters(bytes)?;
        let (header, rest) = lines::first(all).ok_or(ReceiptError::Header)?;
        if header != HEADER {
            return Err(ReceiptError::Header);
        }
        let (mut line, mut rest) = lines::first(rest).ok_or(ReceiptError::Index)?;
        let mut extra = None;
        if let Some(text) = line.strip_prefix("extra ") {
            let bytes = lines::bytes(text).filter(|bytes| (1..=EXTRA_LIMIT).contains(&bytes.len()));
            extra = Some(bytes.ok_or(ReceiptError::Extra)?);
            (line, rest) = lines::first(rest).ok_or(ReceiptError::Index)?;
        }
        let index = line.strip_prefix("index ").and_then(lines::decimal).ok_or(ReceiptError::Index)?;
        let mut hashes = Vec::new();
        loop {
            (line, rest) = lines::first(rest).ok_or(ReceiptError::Shape)?;
            if line.is_empty() {
                break;
            }
            let hash = lines::hash(line).filter(|_| hashes.len() < 64);
            hashes.push(hash.ok_or(ReceiptError::Hash(hashes.len()))?);
        }
        let proof = InclusionProof { hashes: hashes.try_into().map_err(|_| ReceiptError::Hash(64))? };
        Ok(Self { extra, index, proof, checkpoint: SignedCheckpoint::parse(rest.as_bytes())? })
    }

    /// Checks that the leaf with this hash stands in the checkpoint's tree. Whether the checkpoint counts, its
    /// signatures say ([`SignedCheckpoint::verify`]), which the caller checks.
    ///
    /// # Errors
    /// [`LogProofError`] says what is wrong.
    pub fn verify(&self, leaf: &Hash) -> Result<(), LogProofError> {
        let checkpoint = self.checkpoint.checkpoint();
        self.proof.verify(self.index, checkpoint.size, leaf, &checkpoint.root)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = self.extra.as_deref().filter(|extra| !extra.is_empty()) {
            writeln!(f, "extra {}", lines::base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.proof.hashes {
            writeln!(f, "{}", lines::base64(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
