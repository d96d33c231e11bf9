//! Implementation: the reports, and what they say of a patent together.

use super::key::stored;
use crate::act::implementation::{ImplementationMode, ImplementedProduct};
use crate::act::product::OutputClass;
use crate::codec::{Decode, Encode};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, PatentId, RecordId};
use serde::{Deserialize, Serialize};

/// A report that a patent is worked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Implementation {
    /// The patent.
    pub patent: PatentId,
    /// Who works it.
    pub implementer: MemberId,
    /// By what right.
    pub mode: ImplementationMode,
    /// The day it began.
    pub start: Date,
    /// In what product.
    pub product: ImplementedProduct,
    /// The order of the yearly output.
    pub output: OutputClass,
    /// Salted digest of the figures.
    pub figures: Option<Hash>,
    /// Salted digest of the evidence.
    pub evidence: Hash,
    /// The day it was reported.
    pub reported: Date,
    /// The record that verified it.
    pub verified: Option<RecordId>,
}
stored!(Implementation, 60, RecordId);

/// The earliest of several reports.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct FirstImplementation {
    /// The day it began.
    pub start: Date,
    /// The report.
    pub report: RecordId,
}

/// Whether and since when a patent is worked: what stops the clock of one made with public funds (S&TPL 32).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PatentImplementation {
    /// Reports of it.
    pub reports: u32,
    /// Those that are verified.
    pub verified: u32,
    /// The earliest reported.
    pub first: Option<FirstImplementation>,
    /// The earliest verified.
    pub first_verified: Option<FirstImplementation>,
}
stored!(PatentImplementation, 61, PatentId);
