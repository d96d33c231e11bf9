//! Name the tree that a log has reached: origin, size and root, as the text of a note (C2SP tlog-checkpoint).
//!
//! Lines of extension are refused: nobody who watches a log could check them. The size says which leaf is the last
//! one, and in our log that is the seal of a block, which fixes the state; so three lines fix history and state.

use super::lines;
use super::note::{Note, NoteError, NoteSignature, SignedBy, characters};
use super::note_key::{KeyName, NAME_LIMIT, NoteAlgorithm, NoteKey, NoteKeyError};
use crate::hash::Hash;
use crate::key::PublicKey;
use crate::vote::{Address, NetworkId};
use std::fmt;

/// The tree of a log at a size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name; see [`origin`] for ours. 1 to [`NAME_LIMIT`] bytes without control characters.
    pub origin: String,
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree of these leaves.
    pub root: Hash,
}

/// A checkpoint with the signatures under it, verified or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

/// Why bytes are no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note itself is none, or its signatures do not count.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Fewer or more than three lines, or an empty one.
    #[error("a checkpoint has three lines: origin, size and root")]
    Lines,
    /// Lines behind the root.
    #[error("lines of extension behind the root are not accepted: nobody could check them")]
    Extension,
    /// An origin that is none.
    #[error("an origin has 1 to {NAME_LIMIT} bytes")]
    Origin,
    /// A size that is none.
    #[error("the size is a number below 2^64 in decimal, without sign and leading zeros")]
    Size,
    /// A root that is none.
    #[error("the root is a hash of 32 bytes in base64, with padding")]
    Root,
}

/// The origin of a network's log: `tongda/` and the network id in hexadecimal.
#[must_use]
pub fn origin(network: &NetworkId) -> String {
    format!("tongda/{network}")
}

/// The key that a node signs checkpoints of its network's log with: type 01, its name is the origin. It lets other
/// people's tools read the note, and carries no safety.
///
/// # Errors
/// [`NoteKeyError::Key`] when the key is none.
pub fn log_key(network: &NetworkId, key: &PublicKey) -> Result<NoteKey, NoteKeyError> {
    NoteKey::new(origin(network).parse()?, NoteAlgorithm::Ed25519, key)
}

/// The name of a validator as a cosigner: the origin, `/`, and the address of its vote key in hexadecimal.
#[must_use]
pub fn cosigner_name(network: &NetworkId, address: &Address) -> KeyName {
    format!("{}/{address}", origin(network)).parse().expect("hexadecimal digits and slashes are a name")
}

/// The key with which a validator cosigns checkpoints: type 04.
///
/// # Errors
/// [`NoteKeyError::Key`] when the key is none.
pub fn cosigner_key(
    network: &NetworkId,
    address: &Address,
    key: &PublicKey,
) -> Result<NoteKey, NoteKeyError> {
    NoteKey::new(cosigner_name(network, address), NoteAlgorithm::Cosignature, key)
}

impl Checkpoint {
    /// Reads the text of a checkpoint's note.
    ///
    /// # Errors
    /// [`CheckpointError`] says which line is wrong.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        characters(text.as_bytes())?;
        let lines: Vec<_> = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?.splitn(4, '\n').collect();
        let (origin, size, root) = match lines[..] {
            [origin, size, root] => (origin, size, root),
            [_, _, _, _] => return Err(CheckpointError::Extension),
            _ => return Err(CheckpointError::Lines),
        };
        if origin.is_empty() || origin.len() > NAME_LIMIT {
            return Err(CheckpointError::Origin);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: lines::decimal(size).ok_or(CheckpointError::Size)?,
            root: lines::hash(root).ok_or(CheckpointError::Root)?,
        })
    }

    /// The three lines, each with its line feed: what is signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, lines::base64(self.root.as_bytes()))
    }
}

impl SignedCheckpoint {
    /// A checkpoint that nobody signed yet.
    ///
    /// # Errors
    /// [`CheckpointError`] when its text would not be read again.
    pub fn new(checkpoint: &Checkpoint) -> Result<Self, CheckpointError> {
        let text = checkpoint.text();
        Ok(Self { checkpoint: Checkpoint::parse(&text)?, note: Note::new(text)? })
    }

    /// Reads a checkpoint with at least one line of signature; verifies none.
    ///
    /// # Errors
    /// [`CheckpointError`] says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let note = Note::parse(bytes)?;
        Ok(Self { checkpoint: Checkpoint::parse(note.text())?, note })
    }

    /// Origin, size and root.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note: text and signatures.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Adds a line of signature.
    ///
    /// # Errors
    /// [`NoteError`] when the note takes no more.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        self.note.add(signature)
    }

    /// The known keys that signed it; see [`Note::verify`].
    ///
    /// # Errors
    /// [`NoteError`] when a known key's signature does not verify, or none signed.
    pub fn verify<'a>(&self, known: &'a [NoteKey]) -> Result<Vec<SignedBy<'a>>, NoteError> {
        self.note.verify(known)
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}
