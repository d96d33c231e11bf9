//! Cosign the log's checkpoints with the other validators, and publish what a quorum has cosigned.
//!
//! ```text
//! block with a flagged seal ─► guard (durable) ─► own cosignature ─► all nodes
//!                                                                      │
//!      published checkpoint ◄── more than two thirds of the power ◄── verified cosignatures, pushed and pulled
//! ```
//!
//! - [`tree`]: a tree of the log, and who cosigned it; [`cosigners`]: whose cosignatures count.
//! - [`guard`] remembers the largest tree that a key cosigned, over any crash; [`silence`] is why a key signs no more.
//! - [`disk`] replaces a small file so that it is whole after any crash.
//! - [`gathering`] verifies what others tell and sees when a quorum is reached.
//! - [`checkpoints`] publishes, and keeps the history of what was published.
//! - [`service`] is the task that does all of it; what it keeps of a contradiction is [`evidence`].
//! - [`command`] makes the guard of a fresh key; [`examine`](mod@examine) says how it stands with a node's files.

pub mod checkpoints;
pub mod command;
pub mod cosigners;
pub mod disk;
pub mod evidence;
pub mod examine;
pub mod gathering;
pub mod guard;
mod history;
mod ledger;
pub mod service;
pub mod silence;
pub mod tree;

pub use checkpoints::{Checkpoints, CheckpointsError, CheckpointsOpening, Published};
pub use cosigners::{Cosigner, Cosigners};
pub use disk::{Disk, Folder};
pub use examine::{Finding, examine};
pub use guard::Guard;
pub use service::Cosigning;
pub use silence::Silence;
pub use tree::{CosignedTree, Tree};
