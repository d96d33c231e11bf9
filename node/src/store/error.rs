//! What can break in the store, said with the file, the place and the way out.

use super::frame::FrameProblem;
use std::io;
use std::path::{Path, PathBuf};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The operating system refused.
    #[error("could not {doing} {}: {source}; check the disk, its free space and the permissions", path.display())]
    Io {
        /// What was being done, as a verb.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process has the same directory open.
    #[error("{} is held by another process; stop the other node, or give this one its own data directory", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The files belong to another network.
    #[error(
        "{} belongs to the network {found}, not to {expected}; point the node at the right data directory",
        path.display()
    )]
    OtherNetwork {
        /// The segment.
        path: PathBuf,
        /// The network it names, in hexadecimal.
        found: String,
        /// The network asked for, in hexadecimal.
        expected: String,
    },
    /// A segment's header is damaged or of an unknown version.
    #[error(
        "{}: {problem}; restore this file from a copy or from another node's segments; never edit it",
        path.display()
    )]
    BadSegment {
        /// The segment.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A frame that is not the end of the log is damaged.
    #[error(
        "{} at offset {offset}, where block {height} is expected: {problem}; restore this file from a copy or \
         from another node's segments; never edit it",
        path.display()
    )]
    BadFrame {
        /// The segment.
        path: PathBuf,
        /// Where the frame starts, in bytes from the start of the file.
        offset: u64,
        /// The height that should stand there.
        height: u64,
        /// What is wrong.
        problem: FrameProblem,
    },
    /// Between two segments, blocks are missing.
    #[error(
        "blocks {from} to {to} are missing before {}; restore the segment that starts at height {from} \
         from a copy or from another node",
        path.display()
    )]
    MissingBlocks {
        /// The segment behind the gap.
        path: PathBuf,
        /// The first missing height.
        from: u64,
        /// The last missing height.
        to: u64,
    },
    /// The block is not the one that comes next. Nothing was written.
    #[error(
        "the log expects block {expected_height} at log index {expected_index}, \
         and was given block {height} at {index}"
    )]
    NotNext {
        /// The height that comes next.
        expected_height: u64,
        /// The log index that comes next.
        expected_index: u64,
        /// The height given.
        height: u64,
        /// The log index given.
        index: u64,
    },
    /// The block is larger than a frame can be. Nothing was written.
    #[error("block {height} takes {bytes} bytes, a frame takes at most {limit}")]
    BlockTooLarge {
        /// The block's height.
        height: u64,
        /// What it would take.
        bytes: u64,
        /// What a frame takes at most.
        limit: u64,
    },
    /// An earlier append failed, and what it left behind is unknown.
    #[error(
        "the log in {} is closed to writing since an append failed; free disk space if it is full, \
         then start the node again: the unfinished block is cut off and fetched once more",
        path.display()
    )]
    Unusable {
        /// The log's directory.
        path: PathBuf,
    },
    /// The index failed. It can always be built again from the log.
    #[error(
        "could not {doing} the index {}: {problem}; stop the node and move this directory away: \
         the index is rebuilt from the log at the next start",
        path.display()
    )]
    Index {
        /// What was being done, as a verb.
        doing: &'static str,
        /// The index's directory.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A batch that the index does not take. Nothing of it was applied.
    #[error("the index does not take this batch: {0}")]
    BadBatch(String),
}

impl StoreError {
    /// For `map_err`: what the operating system refused, with what.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }
}
