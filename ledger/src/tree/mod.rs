//! Commit to everything that happened (the log) and to everything that holds now (the map).
//!
//! ```text
//!   records ──► log   append-only Merkle tree of RFC 6962: nothing that was written is ever changed or taken out
//!   state   ──► map   compact sparse Merkle map: the value that a key has now, or that it has none
//! ```
//!
//! Each has a root of 32 bytes. A block's seal names both, so one signed checkpoint fixes history and state; whoever
//! holds it checks an entry, an old checkpoint, a value or an absence with a proof of some hundred bytes, and needs
//! to trust nobody who serves it.
//!
//! - [`log`]: the hashes of the log, and the [`Frontier`] that computes its root while it grows.
//! - [`log_hashes`]: where the inner hashes of a log come from.
//! - [`log_proof`]: an entry stands in a log; a log is a continuation of another.
//! - [`tile`]: the log cut into tiles, as it is served and kept; [`bundle`]: its leaves in bundles.
//! - [`note`], [`note_key`]: a text signed under names, as other people's tools read it.
//! - [`checkpoint`], [`cosignature`]: a log's size and root as such a text; who saw it, and when.
//! - [`receipt`]: an entry's proof and its checkpoint in one file.
//! - [`submission`]: a checkpoint on its way to a witness.
//! - [`policy`]: whose signatures a checkpoint needs.
//! - [`tile`]: the log cut into tiles, as it is served and kept; [`bundle`]: its leaves in bundles.
//! - [`map`]: the [`Map`]; its root before and after a batch of changes.
//! - [`map_stream`]: the root from leaves that come by in order.
//! - [`map_summary`]: the hashes of the map, and what is known of a subtree of it.
//! - [`map_page`]: the pieces in which the map's leaves are read.
//! - [`map_past`]: what the map held before changes that were applied since.
//! - [`map_proof`]: a key has a value, or none.
//!
//! Both are computed here and stored elsewhere: the log asks for its inner hashes, the map for its pages.

pub mod bundle;
pub mod checkpoint;
pub mod cosignature;
pub(crate) mod lines;
pub mod log;
pub mod log_hashes;
pub mod log_proof;
pub mod map;
mod map_cache;
pub mod map_page;
pub mod map_past;
pub mod map_proof;
pub mod map_stream;
pub mod map_summary;
pub mod note;
pub mod note_key;
pub mod policy;
pub mod receipt;
pub mod submission;
pub mod tile;

pub use checkpoint::{
    Checkpoint, CheckpointError, SignedCheckpoint, cosigner_key, cosigner_name, log_key, origin,
};
pub use cosignature::Cosignature;
pub use log::{Frontier, empty_root, leaf_hash, node_hash};
pub use log_hashes::{Hashes, MemoryHashes, MissingHash};
pub use log_proof::{ConsistencyProof, InclusionProof, LogProofError, ProveError};
pub use map::{BuildError, Change, Map, MapError};
pub use map_page::{Leaves, PageAddress};
pub use map_past::Past;
pub use map_proof::{MapProof, MapProofError, Slot};
pub use map_stream::MapStream;
pub use map_summary::{Summary, key_hash, value_hash};
pub use note::{Note, NoteError, NoteSignature, SignedBy};
pub use note_key::{KeyName, NoteAlgorithm, NoteKey, NoteKeyError};
pub use policy::{Policy, PolicyError};
pub use receipt::{Receipt, ReceiptError};
pub use submission::{ContinuationError, Submission, SubmissionError};
pub use tile::{Span, TILE_WIDTH, Tile, TilePath, TilePathError};
