//! Consortia: members that innovate together.

use super::key::stored;
use crate::codec::{Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{Date, IndustryCode, MemberId, RecordId};
use serde::{Deserialize, Serialize};

/// A consortium.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Consortium {
    /// Its name.
    pub name: Text<300>,
    /// Its members now.
    pub members: List<MemberId, 64>,
    /// Digest of what they agreed on intellectual property.
    pub ip_rules: Hash,
    /// What it is for.
    pub scope: Text<2000>,
    /// The industries.
    pub industries: List<IndustryCode, 8>,
    /// The day it was formed.
    pub formed: Date,
    /// The record that ended it.
    pub ended: Option<RecordId>,
}
stored!(Consortium, 80, RecordId);
