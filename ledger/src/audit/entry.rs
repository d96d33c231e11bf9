//! Read a leaf of the log for what it is, and check what its bytes alone decide.

use crate::block::{LeafKind, Seal};
use crate::codec::CodecError;
use crate::envelope::Envelope;
use crate::hash::Hash;
use crate::replay::CheckedRecord;
use crate::tree::leaf_hash;

/// A leaf of the log, read and checked for itself: a function of its bytes, so that many can be checked at once.
#[derive(Clone, Debug)]
pub struct CheckedEntry {
    pub(super) leaf: Hash,
    pub(super) content: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    Genesis(Vec<u8>),
    Record(Box<CheckedRecord>),
    Seal(Box<Seal>),
    Wrong(EntryError),
}

/// Why bytes are no leaf of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// No byte at all: a leaf begins with its type tag.
    #[error("the leaf is empty; a leaf begins with its type tag")]
    Empty,
    /// A type tag that this program does not know.
    #[error("type tag {0} is unknown; 0 is the genesis, 1 a record, 2 a seal")]
    Tag(u8),
    /// The tag of a record before the bytes of a seal.
    #[error("a record poses as a seal: behind tag 1, of a record, stands the seal of height {height}")]
    RecordIsSeal {
        /// The height that it claims.
        height: u64,
    },
    /// The tag of a seal before the bytes of an envelope.
    #[error("a record poses as a seal: behind tag 2, of a seal, stands the envelope {envelope}")]
    SealIsRecord {
        /// The envelope's id.
        envelope: Hash,
    },
    /// The tag of a seal before bytes that are none.
    #[error("the seal: {0}")]
    Seal(CodecError),
}

impl CheckedEntry {
    /// Reads a leaf, type tag first; of a record every signature is verified.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let Some((tag, entry)) = bytes.split_first() else {
            return Self { leaf: leaf_hash(bytes), content: Content::Wrong(EntryError::Empty) };
        };
        if *tag == LeafKind::Record as u8 {
            let record = CheckedRecord::new(entry);
            return Self { leaf: record.leaf(), content: record_or_posing(record, entry) };
        }
        let content = match *tag {
            tag if tag == LeafKind::Genesis as u8 => Content::Genesis(entry.to_vec()),
            tag if tag == LeafKind::Seal as u8 => seal_or_posing(entry),
            tag => Content::Wrong(EntryError::Tag(tag)),
        };
        Self { leaf: leaf_hash(bytes), content }
    }

    /// Its leaf hash.
    #[must_use]
    pub const fn leaf(&self) -> Hash {
        self.leaf
    }

    /// The seal, if it is one.
    #[must_use]
    pub fn seal(&self) -> Option<&Seal> {
        match &self.content {
            Content::Seal(seal) => Some(seal),
            _ => None,
        }
    }
}

fn record_or_posing(record: CheckedRecord, entry: &[u8]) -> Content {
    match Seal::decode(entry) {
        Ok(seal) if record.envelope().is_err() => {
            Content::Wrong(EntryError::RecordIsSeal { height: seal.height })
        }
        _ => Content::Record(Box::new(record)),
    }
}

fn seal_or_posing(entry: &[u8]) -> Content {
    match (Seal::decode(entry), Envelope::decode(entry)) {
        (Ok(seal), _) => Content::Seal(Box::new(seal)),
        (Err(_), Ok(envelope)) => Content::Wrong(EntryError::SealIsRecord { envelope: envelope.id() }),
        (Err(error), Err(_)) => Content::Wrong(EntryError::Seal(error)),
    }
}
