//! What has been published: statistics, regional reports, projects, anchors, cases.

use super::key::stored;
use crate::act::product::OutputClass;
use crate::act::statistics::{AnchorSource, Cell, Indicator, ProjectKind, PublicationKind, TimeBasis};
use crate::codec::{Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, PatentId, ProjectId, RecordId, RegionCode, StatisticId, Term};
use serde::{Deserialize, Serialize};

/// A released statistic.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Statistic {
    /// Who released it.
    pub publisher: MemberId,
    /// What is counted.
    pub indicator: Indicator,
    /// Over which days.
    pub period: Term,
    /// By which time.
    pub basis: TimeBasis,
    /// Log index of the seal whose state and history it is counted from.
    pub seal: u64,
    /// The cells.
    pub cells: List<Cell, 128>,
    /// Digest of the whole table.
    pub table: Hash,
    /// The release that it revises.
    pub revises: Option<StatisticId>,
    /// The release that revises it.
    pub revised: Option<StatisticId>,
}
stored!(Statistic, 110, StatisticId);

/// A report on a region, by the record that entered it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct RegionalReport {
    /// The regulator.
    pub regulator: MemberId,
    /// The region.
    pub region: RegionCode,
    /// Over which days.
    pub period: Term,
    /// Digest of the set of indicators.
    pub indicators: Hash,
    /// Releases that it rests on.
    pub statistics: List<StatisticId, 64>,
    /// Digest of the report.
    pub report: Hash,
}
stored!(RegionalReport, 111, RecordId);

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Project {
    /// What it is.
    pub kind: ProjectKind,
    /// Its name.
    pub name: Text<300>,
    /// Its batch.
    pub batch: Text<60>,
    /// Who carries it out.
    pub institution: MemberId,
    /// Its partners.
    pub partners: List<MemberId, 16>,
    /// The patents.
    pub patents: List<PatentId, 64>,
    /// Digest of the plan.
    pub plan: Hash,
    /// The day it was registered.
    pub registered: Date,
}
stored!(Project, 112, ProjectId);

/// A project's result of a year, by project and year.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ProjectResult {
    /// The class of the output value that it brought.
    pub class: OutputClass,
    /// Patents that came of it.
    pub patents: List<PatentId, 64>,
    /// Salted digest of the figures.
    pub figures: Hash,
    /// The record that entered it.
    pub record: RecordId,
}
stored!(ProjectResult, 113, (ProjectId, u32));

/// An external hash, by the record that anchored it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ExternalAnchor {
    /// The exchange.
    pub exchange: MemberId,
    /// Where the hash comes from.
    pub source: AnchorSource,
    /// Its name there.
    pub name: Text<200>,
    /// The hash.
    pub digest: Hash,
    /// The day it is of.
    pub on: Date,
}
stored!(ExternalAnchor, 114, RecordId);

/// A published case or list, by the record that published it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Publication {
    /// The regulator.
    pub regulator: MemberId,
    /// What is published.
    pub what: PublicationKind,
    /// Its title.
    pub title: Text<300>,
    /// Digest of its text.
    pub document: Hash,
    /// The day.
    pub on: Date,
}
stored!(Publication, 115, RecordId);
