//! Say what is wrong with a snapshot: with its bytes, or with what they prove.

use crate::chain::Differs;
use crate::codec::CodecError;
use crate::epoch::EpochError;
use crate::hash::Hash;
use crate::vote::NetworkId;

/// The first thing that is wrong with a snapshot. Offsets are bytes from its beginning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// The magic bytes are missing.
    #[error("NO SNAPSHOT: the file does not begin with TDSNAPSH")]
    NoSnapshot,
    /// A version of the format that this program does not know.
    #[error("UNKNOWN VERSION: format {0}; this program reads version 2")]
    Version(u32),
    /// The file ends before its end frame does.
    #[error("CUT SHORT: the file ends at offset {offset}, before its end")]
    Cut {
        /// The file's length.
        offset: u64,
    },
    /// Bytes behind the end frame.
    #[error("BYTES BEHIND THE END, at offset {offset}")]
    Trailing {
        /// Where the end frame ends.
        offset: u64,
    },
    /// A frame whose digest is not that of its bytes.
    #[error("DAMAGED: the {frame} frame at offset {offset} has another digest than its bytes")]
    Damaged {
        /// Which kind of frame.
        frame: &'static str,
        /// Where it starts.
        offset: u64,
    },
    /// A frame of an unknown kind, or longer than a frame can be.
    #[error("NO FRAME at offset {offset}: kind {kind}, {length} bytes")]
    NoFrame {
        /// Where it starts.
        offset: u64,
        /// Its kind.
        kind: u8,
        /// Its length.
        length: u32,
    },
    /// A frame that cannot stand where it stands.
    #[error("OUT OF PLACE: the {frame} frame at offset {offset}")]
    Misplaced {
        /// Which kind of frame.
        frame: &'static str,
        /// Where it starts.
        offset: u64,
    },
    /// A frame whose body is none.
    #[error("the {frame} frame at offset {offset}: {error}")]
    Body {
        /// Which kind of frame.
        frame: &'static str,
        /// Where it starts.
        offset: u64,
        /// What is wrong.
        error: CodecError,
    },
    /// A value that is cut short, or a key or value beyond its limit.
    #[error("NO VALUE in the frame at offset {offset}: its lengths do not fit")]
    Value {
        /// Where the frame starts.
        offset: u64,
    },
    /// A snapshot of another network.
    #[error("ANOTHER NETWORK: the snapshot is of {found}, the genesis file of {expected}")]
    Network {
        /// The snapshot's network.
        found: NetworkId,
        /// The network asked for.
        expected: NetworkId,
    },
    /// An epoch that does not continue the chain of epochs, or a block that those who decide its height did not decide.
    #[error(transparent)]
    Epoch(#[from] EpochError),
    /// An epoch that is known already, or reaches beyond the header.
    #[error("the epoch of height {height} is out of place")]
    EpochOrder {
        /// Its height.
        height: u64,
    },
    /// A frontier of another size than the seal's index.
    #[error("WRONG LOG SIZE: {0}")]
    LogSize(Differs<u64>),
    /// A frontier that is not the log before the seal.
    #[error("WRONG LOG ROOT: {0}")]
    LogRoot(Differs<Hash>),
    /// A key that does not come behind the one before.
    #[error("KEYS OUT OF ORDER: the key hash {key} does not come behind the one before")]
    Order {
        /// Its hash.
        key: Hash,
    },
    /// More values or fewer than the header says.
    #[error("WRONG COUNT OF VALUES: {0}")]
    Count(Differs<u64>),
    /// Values that are not the state of the seal.
    #[error("WRONG STATE ROOT: {0}")]
    StateRoot(Differs<Hash>),
}
