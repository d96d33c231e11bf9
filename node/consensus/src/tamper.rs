//! The place where a hostile test changes what this node sends. A node has no tamper.

use crate::part::{Announced, Part};
use bytes::Bytes;

/// Turns an announcement, its body and the length of a part into the streams that are sent.
pub(crate) type Streaming = Box<dyn FnMut(&Announced, &Bytes, usize) -> Vec<Vec<Part>> + Send>;

/// What a hostile test changes.
pub(crate) struct Tamper {
    /// How bodies are sent.
    pub(crate) streams: Streaming,
    /// Whose prevotes of round 0 do not arrive.
    #[cfg(feature = "adversary")]
    pub(crate) deaf_to: Option<tongda_ledger::vote::Address>,
}
