//! Export the log as files that any web server or object store can serve: the same paths and bytes as below `/log/`.
//!
//! ```text
//! DIR/
//!   tile/0/000, tile/entries/000, commits/000, …    full ones are written once and never again
//!   tile/0/001.p/17                                 as wide as at the exported checkpoint; removed when 001 is full
//!   genesis, policy, keys                           what a verifier starts from
//!   checkpoints/70000, …                            those that were exported
//!   checkpoint                                      written last: all that it needs is there
//! ```
//!
//! - [`source`]: where the pieces come from, a stopped node's directory or a running node.
//! - [`export`](mod@export): what is missing is taken, checked against what it is made of, and written.
//! - [`folder`]: files that appear whole or not at all.
//! - [`command`]: `tongda-node tiles`.

pub mod command;
pub mod error;
pub mod export;
pub mod folder;
pub mod source;

pub use error::ExportError;
pub use export::{Exported, export};
pub use folder::Folder;
pub use source::{ChainSource, NodeSource, Source};
