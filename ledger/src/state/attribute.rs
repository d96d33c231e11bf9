//! Attributes of members, as others have certified them.

use super::key::{KeyId, stored};
use crate::act::attribute::{AttributeKind, AttributeValue};
use crate::codec::{self, Decode, Encode};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, RecordId};
use serde::{Deserialize, Serialize};

/// An attribute of a member, by member and kind; there is none before it is certified and after it was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct MemberAttribute {
    /// What.
    pub value: AttributeValue,
    /// From when.
    pub from: Date,
    /// The last day, if it ends.
    pub until: Option<Date>,
    /// Digest of the certificate or decision.
    pub document: Hash,
    /// Who certified it.
    pub by: MemberId,
    /// The record.
    pub record: RecordId,
}
stored!(MemberAttribute, 34, (MemberId, AttributeKind));

impl MemberAttribute {
    /// Whether it holds on this day.
    #[must_use]
    pub fn holds(&self, on: Date) -> bool {
        self.from <= on && self.until.is_none_or(|until| on <= until)
    }
}

impl KeyId for AttributeKind {
    fn bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }
}
