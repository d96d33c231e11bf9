//! The stock of patents that wait to be used, and what supports them.

use super::key::stored;
use crate::act::stock::{StockTier, SupportKind, SupportTarget, Willingness};
use crate::codec::{Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, PatentId, RecordId, Term};
use serde::{Deserialize, Serialize};

/// The tier that a patent of the stock has been assigned.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct AssignedTier {
    /// The tier.
    pub tier: StockTier,
    /// The version of the rule.
    pub rule: u16,
    /// Feedback that counted.
    pub feedback: u16,
    /// The record that assigned it.
    pub record: RecordId,
}

/// A patent in the stock.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct StockEntry {
    /// The institution that entered it.
    pub institution: MemberId,
    /// What it would do.
    pub willingness: List<Willingness, 3>,
    /// The technology readiness level, 1 to 9.
    pub readiness: u8,
    /// The institution's own grade, 1 to 5.
    pub grade: u8,
    /// What it is good for.
    pub description: Text<3000>,
    /// Whom to write to.
    pub contact: Text<300>,
    /// The day it first entered.
    pub entered: Date,
    /// The day of the latest entry.
    pub updated: Date,
    /// Its tier; an entry that changes the grade takes it away.
    pub tier: Option<AssignedTier>,
    /// The day it left.
    pub left: Option<Date>,
}
stored!(StockEntry, 66, PatentId);

/// A measure for a patent or a tier of the stock.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct SupportMeasure {
    /// Who gives it.
    pub giver: MemberId,
    /// For what.
    pub target: SupportTarget,
    /// What kind.
    pub kind: SupportKind,
    /// What it is.
    pub title: Text<300>,
    /// From when to when.
    pub term: Option<Term>,
    /// Salted digest of the document.
    pub document: Option<Hash>,
    /// The day it was recorded.
    pub recorded: Date,
}
stored!(SupportMeasure, 67, RecordId);
