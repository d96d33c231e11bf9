//! Acts on innovation consortia (产业知识产权创新联合体): plan §3.

use crate::codec::{Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{IndustryCode, MemberId, RecordId};
use serde::{Deserialize, Serialize};

/// Forms a consortium. Signed by all its members.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Form {
    /// Its name.
    pub name: Text<300>,
    /// Its members; at least two.
    pub members: List<MemberId, 64>,
    /// Digest of what they agreed on intellectual property.
    pub ip_rules: Hash,
    /// What it is for.
    pub scope: Text<2000>,
    /// The industries.
    pub industries: List<IndustryCode, 8>,
}

/// Leaves a consortium; with the last but one it ends. By the member.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Leave {
    /// The consortium's record.
    pub consortium: RecordId,
    /// The member.
    pub member: MemberId,
}

/// Ends a consortium. Signed by all its members.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct End {
    /// The consortium's record.
    pub consortium: RecordId,
}
