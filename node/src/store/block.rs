//! A block as the log keeps it: records, seal and commit certificate, all of them bytes.

use bytes::Bytes;

/// A decided block. Its log entries are its records, in order, and then its seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBlock {
    /// The block's height.
    pub height: u64,
    /// The log index of its first entry.
    pub first_index: u64,
    /// The records. When read from the log they share one allocation: whoever keeps one for long copies it.
    pub records: Vec<Bytes>,
    /// The seal: the block's last log entry.
    pub seal: Bytes,
    /// The certificate that the block was decided. It stands beside the log, not in it.
    pub certificate: Bytes,
}

impl StoredBlock {
    /// The log index of the seal.
    #[must_use]
    pub fn seal_index(&self) -> u64 {
        self.first_index + self.records.len() as u64
    }

    /// The log index at which the next block starts: the size of the log after this block.
    #[must_use]
    pub fn next_index(&self) -> u64 {
        self.seal_index() + 1
    }
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A record of the block.
    Record(Bytes),
    /// The seal that ends the block.
    Seal(Bytes),
}

impl Entry {
    /// The entry's bytes, whatever it is.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        match self {
            Self::Record(bytes) | Self::Seal(bytes) => bytes,
        }
    }
}
