//! The place where a hostile test changes what this node sends.

use crate::part::{Announced, Part};
use bytes::Bytes;

/// Turns an announcement, its body and the length of a part into the streams that are sent. A node has none.
pub(crate) type Tamper = Box<dyn FnMut(&Announced, &Bytes, usize) -> Vec<Vec<Part>> + Send>;
