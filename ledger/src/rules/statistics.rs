//! Rules for what is published: who may, that figures have their unit, and that no cell tells of too few.
//!
//! A release names the seal from which it is counted, so that anyone with the log can count again. The rules do not count:
//! they see to who signs, to the form, and to what is suppressed.

use super::{Context, Effects, Rule, Verdict};
use crate::act::member::Role;
use crate::act::statistics::{
    Anchor, Cell, Cut, Figure, Indicator, ProjectKind, PublicationKind, Publish, RegisterProject, Release,
    Report, ReportResult,
};
use crate::codec;
use crate::identifier::{MemberId, PatentId, ProjectId, RecordId, StatisticId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    ExternalAnchor, Fault, Member, Patent, Project, ProjectResult, Publication, RegionalReport, Statistic,
};

impl Context<'_> {
    /// A member that an act names, which has one of the roles and signs.
    fn with_role_signs(
        &self,
        id: MemberId,
        roles: &[Role],
        otherwise: Code,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        if let Some(member) = self.named::<Member>(id, verdict)? {
            if !roles.iter().any(|role| member.is(*role)) {
                verdict.refuse(Refusal::new(otherwise).about(id));
            }
            self.need(id, None, Code::MemberSignatureRequired, verdict)?;
        }
        Ok(())
    }
}

/// The unit of a figure.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Unit {
    Count,
    Amount,
    Ratio,
}

impl Indicator {
    const fn unit(self) -> Unit {
        match self {
            Self::OpenAmount
            | Self::TechnicalTurnover
            | Self::PledgeAmount
            | Self::PledgeAverage
            | Self::PledgeCompensation
            | Self::ProductOutputValue
            | Self::ProductExport
            | Self::ProductValueAdded
            | Self::RoyaltiesReceived
            | Self::RoyaltiesPaid => Unit::Amount,
            Self::OpenManyRatio
            | Self::OpenUptake
            | Self::OpenFreeShare
            | Self::OpenWithdrawalRate
            | Self::ConversionRate
            | Self::IndustrialisationRate
            | Self::InventoryCoverage
            | Self::SharingCompleteness
            | Self::RecordalCoverage
            | Self::RecordalLateShare
            | Self::PledgeSmallShare
            | Self::PledgeInclusiveShare
            | Self::PledgeDisposalRate
            | Self::PledgeRecovery
            | Self::ProductCoverage
            | Self::MediationSuccess
            | Self::MediationPerformance
            | Self::TopTenShare => Unit::Ratio,
            Self::OpenDeclarations
            | Self::OpenLive
            | Self::OpenHolders
            | Self::OpenLicences
            | Self::OpenDaysToFirst
            | Self::PatentTimes
            | Self::Contracts
            | Self::DistinctPatents
            | Self::Inventoried
            | Self::InLibrary
            | Self::Pushed
            | Self::FedBack
            | Self::Contracted
            | Self::Implemented
            | Self::PledgeItems
            | Self::PledgePatents
            | Self::PledgeFirms
            | Self::ProductsFiled
            | Self::ProductsRecognised
            | Self::FundsDeclared
            | Self::FundsImplemented
            | Self::FundsOverdue
            | Self::FundsJustified
            | Self::FundsStateUse
            | Self::CrossBorderContracts
            | Self::MediationAccepted
            | Self::MediationDays
            | Self::CreditEvents
            | Self::CreditRepairs
            | Self::LicenseeConcentration => Unit::Count,
        }
    }
}

/// The kind of a cut: its tag on the wire.
fn kind_of(cut: &Cut) -> u8 {
    codec::encode(cut)[0]
}

fn unit_of(figure: Figure) -> Unit {
    match figure {
        Figure::Count { .. } => Unit::Count,
        Figure::Amount { .. } => Unit::Amount,
        Figure::Ratio { .. } => Unit::Ratio,
    }
}

impl Release {
    /// Cells of one kind, each once, with figures in the indicator's unit; none that tells of too few contributors.
    fn check_cells(&self, cx: &Context<'_>, verdict: &mut Verdict) {
        verdict.refuse_if(self.cells.is_empty(), Code::FieldMissing);
        let cuts: Vec<_> = self.cells.iter().map(|cell| codec::encode(&cell.cut)).collect();
        cx.once(&cuts, verdict);
        let mixed = self.cells.windows(2).any(|pair| kind_of(&pair[0].cut) != kind_of(&pair[1].cut));
        verdict.refuse_if(mixed, Code::StatCut);
        let unit = self.indicator.unit();
        for Cell { figure, .. } in &self.cells {
            if figure.is_some_and(|figure| unit_of(figure) != unit) {
                verdict.refuse(Refusal::new(Code::StatUnit).with(format!("{unit:?}")));
            }
        }
        let least = u32::from(cx.parameters.statistic_cell);
        for cell in self.cells.iter().filter(|cell| cell.figure.is_some() && cell.contributors < least) {
            let figures = format!("{} contributors, at least {least}", cell.contributors);
            verdict.refuse(Refusal::new(Code::StatCell).with(figures));
        }
    }

    /// A revision is the publisher's own, of the same indicator and period, and the first of that release.
    fn check_revision(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(id) = self.revises else { return Ok(()) };
        let Some(earlier) = cx.named::<Statistic>(id, verdict)? else { return Ok(()) };
        let refusal = Refusal::new(Code::StatRevision).about(id);
        if let Some(revised) = earlier.revised {
            verdict.refuse(refusal.clone().because_of(revised));
        }
        if earlier.publisher != self.publisher {
            verdict.refuse(refusal.clone().because_of(earlier.publisher));
        }
        if (earlier.indicator, earlier.period, earlier.basis) != (self.indicator, self.period, self.basis) {
            verdict.refuse(refusal.with("another indicator, period or basis"));
        }
        Ok(())
    }
}

impl Rule for Release {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let roles = [Role::Statistics, Role::Exchange];
        cx.with_role_signs(self.publisher, &roles, Code::StatPublisher, verdict)?;
        cx.not_future(self.period.last(), verdict);
        if self.seal >= cx.position {
            verdict.refuse(Refusal::new(Code::StatSeal).with(self.seal));
        }
        self.check_cells(cx, verdict);
        self.check_revision(cx, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = StatisticId::new(effects.position, 0);
        if let Some(earlier) = self.revises {
            let mut revised: Statistic = effects.must(&earlier)?;
            revised.revised = Some(id);
            effects.put(&earlier, &revised)?;
        }
        let statistic = Statistic {
            publisher: self.publisher,
            indicator: self.indicator,
            period: self.period,
            basis: self.basis,
            seal: self.seal,
            cells: self.cells.clone(),
            table: self.table,
            revises: self.revises,
            revised: None,
        };
        effects.put(&id, &statistic)
    }
}

impl Rule for Report {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.with_role_signs(self.regulator, &[Role::Regulator], Code::StatRegulator, verdict)?;
        cx.not_future(self.period.last(), verdict);
        cx.once(&self.statistics, verdict);
        for id in &self.statistics {
            cx.named::<Statistic>(*id, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let report = RegionalReport {
            regulator: self.regulator,
            region: self.region,
            period: self.period,
            indicators: self.indicators,
            statistics: self.statistics.clone(),
            report: self.report,
        };
        effects.put(&RecordId::new(effects.position), &report)
    }
}

impl RegisterProject {
    /// Everyone who carries the project out.
    fn members(&self) -> Vec<MemberId> {
        [&[self.institution], &*self.partners].concat()
    }

    /// What only joint research may lack, and what it may not.
    fn check_fields(&self, verdict: &mut Verdict) {
        let joint = self.kind == ProjectKind::JointResearch;
        let missing = if joint { self.partners.is_empty() } else { self.patents.is_empty() };
        verdict.refuse_if(missing, Code::FieldMissing);
    }
}

impl Rule for RegisterProject {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        self.check_fields(verdict);
        cx.once(&self.members(), verdict);
        cx.once(&self.patents, verdict);
        for member in self.members() {
            if cx.named::<Member>(member, verdict)?.is_some() {
                let refusal = Refusal::new(Code::MemberSignatureRequired).about(member);
                cx.need_over(member, &self.patents, refusal, verdict)?;
            }
        }
        if self.kind != ProjectKind::JointResearch && !cx.role_signed(Role::Regulator) {
            verdict.refuse(Refusal::new(Code::StatRegulator));
        }
        for id in &self.patents {
            let Some(patent) = cx.named::<Patent>(*id, verdict)? else { continue };
            let mut owned = false;
            for member in self.members() {
                owned |= cx.owns(member, &patent)?;
            }
            if !owned {
                verdict.refuse(Refusal::new(Code::NotOwner).about(*id).because_of(self.institution));
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let project = Project {
            kind: self.kind,
            name: self.name.clone(),
            batch: self.batch.clone(),
            institution: self.institution,
            partners: self.partners.clone(),
            patents: self.patents.clone(),
            plan: self.plan,
            registered: effects.today,
        };
        effects.put(&ProjectId::new(effects.position, 0), &project)
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Rule for ReportResult {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        if i32::from(self.year) >= cx.today.year() {
            let figures = format!("{} is not over on {}", self.year, cx.today);
            verdict.refuse(Refusal::new(Code::EffectiveDate).about(self.project).with(figures));
        }
        cx.once(&self.patents, verdict);
        for id in &self.patents {
            cx.named::<Patent>(*id, verdict)?;
        }
        if let Some(earlier) = cx.find::<ProjectResult>(&(self.project, u32::from(self.year)))? {
            let refusal = Refusal::new(Code::ProjectResultDuplicate).about(self.project);
            verdict.refuse(refusal.because_of(earlier.record).with(self.year));
        }
        let Some(project) = cx.named::<Project>(self.project, verdict)? else { return Ok(()) };
        let refusal = Refusal::new(Code::MemberSignatureRequired).about(self.project);
        cx.need_over(project.institution, &project.patents, refusal, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let result = ProjectResult {
            class: self.class,
            patents: self.patents.clone(),
            figures: self.figures,
            record: RecordId::new(effects.position),
        };
        effects.put(&(self.project, u32::from(self.year)), &result)
    }
}

impl Rule for Anchor {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.not_future(self.on, verdict);
        cx.with_role_signs(self.exchange, &[Role::Exchange], Code::ExchangeOnly, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let anchor = ExternalAnchor {
            exchange: self.exchange,
            source: self.source,
            name: self.name.clone(),
            digest: self.digest,
            on: self.on,
        };
        effects.put(&RecordId::new(effects.position), &anchor)
    }
}

impl Rule for Publish {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.with_role_signs(self.regulator, &[Role::Regulator], Code::StatRegulator, verdict)?;
        cx.not_future(self.on, verdict);
        match &self.what {
            PublicationKind::TypicalCase => {}
            PublicationKind::HighValuePatents { patents } => {
                verdict.refuse_if(patents.is_empty(), Code::FieldMissing);
                cx.once(patents, verdict);
                for id in patents {
                    cx.named::<Patent>(*id, verdict)?;
                }
            }
            PublicationKind::Outstanding { members } => {
                verdict.refuse_if(members.is_empty(), Code::FieldMissing);
                cx.once(members, verdict);
                for id in members {
                    cx.named::<Member>(*id, verdict)?;
                }
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let publication = Publication {
            regulator: self.regulator,
            what: self.what.clone(),
            title: self.title.clone(),
            document: self.document,
            on: self.on,
        };
        effects.put(&RecordId::new(effects.position), &publication)
    }
}
