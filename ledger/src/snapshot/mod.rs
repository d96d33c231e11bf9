//! Carry the state at a seal in one file that whoever has the genesis file can check without anything else.
//!
//! ```text
//! file    = "TDSNAPSH" ‖ version u32 (=2) ‖ header ‖ epoch… ‖ values… ‖ end
//! frame   = kind u8 ‖ length u32 ‖ body ‖ digest 32
//! digest  = H(snapshot, digest before ‖ kind ‖ length ‖ body); before the first one H(snapshot, "TDSNAPSH" ‖ version)
//!
//! header  kind 1   network 32 ‖ seal ‖ certificate ‖ frontier of the log before the seal ‖ values u64
//! epoch   kind 2   a link of [`crate::epoch`]: a block that changed the signers, ascending by height
//! values  kind 3   (key length u8 ‖ key ‖ value length u16 ‖ value)…, ascending by key hash over all frames
//! end     kind 4   nothing: its digest is that of the whole file
//! ```
//!
//! What makes it trustworthy is not the digests, which only say where a file is damaged:
//!
//! 1. the validators of the genesis decide the first epoch's block, whose state has the next nodes, and so on;
//! 2. the set that the last epoch leads to decides the block of the header;
//! 3. the frontier has that seal's log root, so with the seal appended it continues the network's own log;
//! 4. the values have that seal's state root. The ids used within the replay window are among them.
//!
//! What is trusted beside the genesis file: that of no set of validators in the chain more than two thirds of the power
//! ever sign a false block, even long after they have handed over. Old vote keys are destroyed.

mod content;
mod error;
mod frame;
mod reader;
mod writer;

pub use content::Header;
pub use error::SnapshotError;
pub use frame::{BODY_LIMIT, CHUNK, MAGIC, VERSION};
pub use reader::{Piece, Reader, Trust, Verified};
pub use writer::Writer;
