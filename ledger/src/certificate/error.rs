//! Say why bytes are no certificate, and what is wrong with a history.

use crate::codec::CodecError;
use crate::hash::Hash;
use crate::tree::LogProofError;

/// Why bytes are no certificate. Offsets are bytes from the beginning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// More bytes than are read.
    #[error("TOO LONG: {0} bytes are more than a certificate or a part of it has")]
    TooLong(usize),
    /// The magic bytes are missing.
    #[error("NO CERTIFICATE: the bytes do not begin with TDC")]
    NoCertificate,
    /// A version of the format that this program does not know.
    #[error("UNKNOWN VERSION: certificate format {0}; this program reads version 1; a newer one may read it")]
    Version(u8),
    /// The bytes end within a part.
    #[error("CUT SHORT: the certificate ends at byte {offset}, within a part; get it whole")]
    Cut {
        /// How many bytes there are.
        offset: usize,
    },
    /// Bytes behind the last part.
    #[error("BYTES BEHIND THE END, from byte {offset}")]
    Trailing {
        /// Where they begin.
        offset: usize,
    },
    /// A part of an unknown kind.
    #[error("NO PART: kind {kind} at byte {offset}")]
    NoFrame {
        /// Where it begins.
        offset: usize,
        /// Its kind.
        kind: u8,
    },
    /// A part that cannot stand where it stands.
    #[error("OUT OF PLACE: the part of kind {kind} at byte {offset}")]
    Misplaced {
        /// Where it begins.
        offset: usize,
        /// Its kind.
        kind: u8,
    },
    /// A part whose body is none.
    #[error("DAMAGED: the part at byte {offset}: {error}")]
    Body {
        /// Where it begins.
        offset: usize,
        /// What is wrong.
        error: CodecError,
    },
    /// Text that is no JSON form of a certificate.
    #[error("NO JSON FORM: {0}")]
    Json(String),
    /// Shown fields that are not those of the bytes.
    #[error(
        "ANOTHER MEANING SHOWN: {0} in the JSON form is not what its bytes say; only the bytes are signed"
    )]
    Shown(String),
}

/// What is wrong with the history that a certificate carries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryFlaw {
    /// What is certified is no status of a patent.
    #[error("a history goes with the status of a patent, and this is none")]
    NoStatus,
    /// An entry that does not stand in the checkpoint's tree.
    #[error("the entry at {position} does not stand in the checkpoint's tree: {error}")]
    Entry {
        /// Its position.
        position: u64,
        /// What is wrong.
        error: LogProofError,
    },
    /// The seal of an entry's block does not stand in the checkpoint's tree.
    #[error("the seal of the block of entry {position} does not stand in the checkpoint's tree: {error}")]
    Seal {
        /// The entry's position.
        position: u64,
        /// What is wrong.
        error: LogProofError,
    },
    /// A seal that is not that of the entry's block.
    #[error("the seal beside entry {position} is that of another block")]
    OtherBlock {
        /// The entry's position.
        position: u64,
    },
    /// An entry that is no record.
    #[error("the entry at {position} is no record: {reason}")]
    Record {
        /// Its position.
        position: u64,
        /// What is wrong.
        reason: String,
    },
    /// An event that its record did not bring.
    #[error("the record at {position} did not bring an event {family}.{kind}")]
    Event {
        /// Its position.
        position: u64,
        /// The event's family.
        family: u8,
        /// The event's kind.
        kind: u8,
    },
    /// More events or fewer than the status counts.
    #[error("INCOMPLETE: {found} events, and the status counts {counted}")]
    Count {
        /// Events carried.
        found: u64,
        /// Events counted.
        counted: u64,
    },
    /// Events that do not lead to the head of the chain.
    #[error("ANOTHER HISTORY: the events lead to the chain head {found}, and the status has {expected}")]
    Chain {
        /// Where they lead.
        found: Hash,
        /// What the status has.
        expected: Hash,
    },
}
