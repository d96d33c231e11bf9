//! Keep the blocks on disk: the log, which is the truth, and the index, which is derived from it.
//!
//! ```text
//! segments/
//!   lock                          held while a node has the log open
//!   00000000000000000001.seg      blocks from height 1
//!   00000000000000008231.seg      blocks from height 8,231: the one appended to
//! index/                          sled; may lag behind the log, is never trusted beyond it
//!   checkpoint                    the changes that are being written into it, so that they go in whole
//! index.lock                      held while a node has the index open
//! index.broken-1/                 an index that failed, moved aside; a new one is built from the log
//! snapshots/                      the state at some heights: where a new index begins
//! log-hashes/                     the hashes of the log's tree, by levels of tiles
//! older/                          a log of the blocks below the first segment, while they are being fetched
//! ```
//!
//! A block is written to the log with one write and one `fdatasync`, and is decided only then. The index follows
//! with one batch a block and is written every few dozen blocks, all of them or none: what it loses in a crash is
//! read from the log again. This module knows bytes, heights and log indexes, and nothing of what they mean; the hashes
//! it knows as a tree.

pub mod block;
mod changes;
mod checkpoint;
pub mod error;
mod frame;
pub mod hashes;
pub mod index;
pub mod inspect;
mod join;
mod lock;
pub mod log;
pub mod memory_index;
pub mod reader;
mod segment;
mod set_aside;
pub mod sled_index;
pub mod snapshots;

pub use block::{Entry, StoredBlock};
pub use error::StoreError;
pub use frame::FrameProblem;
pub use hashes::{HashError, HashReader, HashStore};
pub use index::{Batch, Index, Scan};
pub use join::join;
pub use log::{Cut, LogOptions, Opening, SegmentLog};
pub use memory_index::MemoryIndex;
pub use reader::{Blocks, LogReader, Tip};
pub(crate) use segment::sync_directory;
pub use set_aside::SetAside;
pub(crate) use set_aside::parent_of;
pub use sled_index::{IndexOpening, IndexOptions, SledIndex};
pub use snapshots::{SnapshotFile, SnapshotWriter, Snapshots};
