//! Patents in standards: what their owners declared and undertook.

use super::key::stored;
use crate::act::standard::StandardUndertaking;
use crate::codec::{self, Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{Date, PatentId, RecordId};
use serde::{Deserialize, Serialize};

/// A declaration of patents essential to a standard.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct StandardDeclaration {
    /// The patents.
    pub patents: List<PatentId, 32>,
    /// The standard's number.
    pub standard: Text<60>,
    /// The undertaking.
    pub undertaking: StandardUndertaking,
    /// Digest of the declaration.
    pub document: Hash,
    /// The day.
    pub declared: Date,
}
stored!(StandardDeclaration, 83, RecordId);

/// What is undertaken now for a patent in a standard: by SHA-256 over the patent's id and the standard's number.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct UndertakenFor {
    /// The undertaking.
    pub undertaking: StandardUndertaking,
    /// The declaration that made it.
    pub record: RecordId,
}
stored!(UndertakenFor, 84, Hash);

impl UndertakenFor {
    /// The key of a patent in a standard: SHA-256 over the canonical bytes of both.
    #[must_use]
    pub fn key_of(patent: PatentId, standard: &Text<60>) -> Hash {
        Hash::plain(&[&codec::encode(&patent), &codec::encode(standard)])
    }
}
