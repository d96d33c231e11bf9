//! Acts on patents in standards (标准必要专利): 国家标准涉及专利的管理规定（暂行）; plan §3.

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::PatentId;
use serde::{Deserialize, Serialize};

tagged! {
    /// What the owner undertakes towards users of the standard, from the least to the most.
    #[derive(Copy, PartialOrd, Ord)]
    pub enum StandardUndertaking {
        /// To license nobody, or not to say.
        1 => NoUndertaking,
        /// To license on fair, reasonable and non-discriminatory terms (公平、合理、无歧视).
        2 => Frand,
        /// The same, free of charge.
        3 => FrandRoyaltyFree,
    }
}

/// Declares patents essential to a standard. Signed by all owners. An undertaking can be made anew only to give more.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Declare {
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// The standard's number, like `GB/T 46961-2025`.
    pub standard: Text<60>,
    /// The undertaking.
    pub undertaking: StandardUndertaking,
    /// Digest of the declaration.
    pub document: Hash,
}
