//! Patents made with public funds, and what institutions enter of their income and diligence.

use super::key::stored;
use crate::act::funding::{Diligence, IncomeSource, InventorPart, NetIncome, StateUseMode, TenderKind};
use crate::codec::{Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, PatentId, Rate, RecordId};
use serde::{Deserialize, Serialize};

/// A project of whose funds a patent was made.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct FundedProject {
    /// Salted digest of the project.
    pub project: Hash,
    /// The institution that declared it.
    pub institution: MemberId,
    /// The funder.
    pub funder: MemberId,
    /// The record that declared it.
    pub declared: RecordId,
    /// The record by which the funder verified it.
    pub verified: Option<RecordId>,
}

/// A reason that the funder accepted for not implementing a patent yet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Justification {
    /// Salted digest of the reason.
    pub reason: Hash,
    /// The last day of the time granted.
    pub until: Date,
    /// The record that entered it.
    pub record: RecordId,
}

/// The State's use of a patent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct StateUse {
    /// How.
    pub mode: StateUseMode,
    /// Digest of the decision.
    pub document: Hash,
    /// The record that entered it.
    pub record: RecordId,
}

/// That a patent was made with public funds, by patent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Funding {
    /// The projects.
    pub projects: List<FundedProject, 8>,
    /// The latest reason that was accepted.
    pub justification: Option<Justification>,
    /// The State's use.
    pub state_use: Option<StateUse>,
}
stored!(Funding, 94, PatentId);

/// The yearly report on a funded patent, by patent and year.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct FundingReport {
    /// Salted digest of the report.
    pub report: Hash,
    /// The record that entered it.
    pub record: RecordId,
}
stored!(FundingReport, 95, (PatentId, u32));

/// A distribution of net income, by the record that entered it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct IncomeDistribution {
    /// The institution.
    pub institution: MemberId,
    /// What brought the income.
    pub source: IncomeSource,
    /// The net income.
    pub net: NetIncome,
    /// The inventors' share.
    pub share: Rate,
    /// Their parts of it.
    pub inventors: List<InventorPart, 64>,
    /// Digest of the rules by which the share is lower than the law's.
    pub policy: Option<Hash>,
    /// The day.
    pub on: Date,
}
stored!(IncomeDistribution, 96, RecordId);

/// Evidence of an institution's diligence, by the record that entered it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct DiligenceEntry {
    /// The institution.
    pub institution: MemberId,
    /// What was entered.
    pub diligence: Diligence,
    /// The day of it.
    pub on: Date,
}
stored!(DiligenceEntry, 97, RecordId);

/// A notice of a tender or of a fund's outlays, by the record that published it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TenderNotice {
    /// The institution.
    pub institution: MemberId,
    /// What the notice tells.
    pub kind: TenderKind,
    /// Its title.
    pub title: Text<300>,
    /// Digest of its text.
    pub notice: Hash,
    /// The day of it.
    pub on: Date,
}
stored!(TenderNotice, 98, RecordId);
