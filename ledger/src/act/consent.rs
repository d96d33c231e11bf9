//! Acts on pending acts: a party whose signature is still missing consents or declines.

use crate::codec::{Decode, Encode, Text};
use crate::identifier::PendingId;
use serde::{Deserialize, Serialize};

/// Consents to a pending act. Signed by a party it waits for; with the last consent it takes effect.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Give {
    /// The pending act.
    pub pending: PendingId,
}

/// Declines a pending act: it ends at once. Signed by a party it waits for, or by its author to take it back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Decline {
    /// The pending act.
    pub pending: PendingId,
    /// Why.
    pub reason: Option<Text<600>>,
}
