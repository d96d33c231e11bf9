//! Watch other logs, and have ours watched (C2SP tlog-witness).
//!
//! ```text
//!   another log ── add-checkpoint ─►  witness: known log? signed? continues?  ─► on disk ─► cosignature
//!   our log     ── published      ─►  outside: old size and proof ─► others' witnesses ─► cosignature kept with it
//! ```
//!
//! A witness remembers of each log the largest tree that it cosigned, and cosigns only what continues it. So whoever
//! asks for cosignatures of witnesses cannot be shown a history of its own. A node never witnesses its own log: it
//! would vouch for itself. Checkpoints that contradict each other are kept as [`evidence`].
//!
//! - [`service`] judges what is brought, and cosigns; [`memory`] is what it remembers; [`http`] is its door.
//! - [`outside`] brings our checkpoints to others' witnesses, [`kept`] keeps their cosignatures; [`own_log`]
//!   is what they are shown.
//! - [`evidence`] is the folder of contradictions, [`command`] the command line.

pub mod command;
pub mod evidence;
pub mod http;
pub mod kept;
pub mod memory;
pub mod outside;
pub mod own_log;
pub mod service;

pub use evidence::EvidenceFolder;
pub use kept::Kept;
pub use memory::MemoryError;
pub use outside::{OutsideWitness, WatchedLog};
pub use service::{Witness, WitnessError, WitnessRefusal, WitnessedLog};
