//! Open-source pledges, and against whom they were terminated.

use super::key::stored;
use crate::act::open_source::SuitReference;
use crate::codec::{Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, OpenSourceId, PatentId, RecordId};
use serde::{Deserialize, Serialize};

/// A pledge of patents to everybody who keeps to a licence text.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct OpenSource {
    /// The patents.
    pub patents: List<PatentId, 32>,
    /// The licence's name.
    pub licence: Text<120>,
    /// Digest of its text.
    pub text: Hash,
    /// The conditions in short.
    pub conditions: Text<2000>,
    /// Whether it may be terminated against who sues.
    pub defensive: bool,
    /// Whether its terms let the owners revoke it.
    pub revocable: bool,
    /// Whether it is green technology.
    pub green: bool,
    /// The day it was made.
    pub pledged: Date,
    /// Members against which it was terminated.
    pub terminations: u32,
    /// The record that revoked it.
    pub revoked: Option<RecordId>,
}
stored!(OpenSource, 81, OpenSourceId);

/// The termination of a pledge against one member.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct OpenSourceTermination {
    /// For what.
    pub ground: SuitReference,
    /// The day.
    pub on: Date,
    /// The record.
    pub record: RecordId,
}
stored!(OpenSourceTermination, 82, (OpenSourceId, MemberId));
