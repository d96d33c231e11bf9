//! Rules for patents made with public funds: who declares and verifies it, when the funder may decide because nobody
//! works the patent, and how income is distributed (S&TPL 32, 34; 成果转化法 45; 国办发〔2023〕37号 §5, §6).

use super::{Context, Effects, Rule, Verdict, licences, transfer};
use crate::act::funding::{
    Assess, Clock, Declare, Diligence, Distribute, FundDecision, IncomeSource, NetIncome, Report, Tender,
    Verify,
};
use crate::act::member::Role;
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, Money, ObjectRef, PartyId, PatentId, Rate, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    DiligenceEntry, Fault, FundedProject, Funding, FundingReport, IncomeDistribution, Justification, Licence,
    Member, Party, Patent, PatentImplementation, PatentProducts, Read, StateUse, TenderNotice, Transfer,
    TransferState,
};

/// What on the ledger shows that a patent is implemented on this day: a licence in force or recorded, a registered
/// transfer, a filed product, a verified report. The one place where it is asked.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn implemented(
    state: &impl Read,
    on: Date,
    id: PatentId,
    patent: &Patent,
) -> Result<Option<ObjectRef>, Fault> {
    if let Some(products) = state.find::<PatentProducts>(&id)? {
        return Ok(Some(products.latest.into()));
    }
    let implementation = state.find::<PatentImplementation>(&id)?;
    if let Some(verified) = implementation.and_then(|implementation| implementation.first_verified) {
        return Ok(Some(verified.report.into()));
    }
    if let Some(transfer) = patent.acquired {
        return Ok(Some(transfer.into()));
    }
    let licences = licences::of_patent(state, id)?;
    let counts = |licence: &Licence| {
        licence.is_active(on) && (licence.term.first() <= on || licence.recorded.is_some())
    };
    Ok(licences.into_iter().find(|(_, licence)| counts(licence)).map(|(id, _)| id.into()))
}

impl Context<'_> {
    /// Whether a patent was made with public funds: the register says so, or its owner has declared it. The one place
    /// where it is asked.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn is_funded(&self, id: PatentId, patent: &Patent) -> Result<bool, Fault> {
        Ok(patent.funded || self.find::<Funding>(&id)?.is_some())
    }

    /// The project of whose funds a patent was made, or a refusal that it is not declared.
    fn project(&self, id: PatentId, project: Hash, verdict: &mut Verdict) -> Result<Option<Declared>, Fault> {
        if self.named::<Patent>(id, verdict)?.is_none() {
            return Ok(None);
        }
        let funding = self.find::<Funding>(&id)?;
        let declared = funding.and_then(|funding| {
            let entry = funding.projects.iter().find(|entry| entry.project == project)?.clone();
            Some(Declared { funding, entry })
        });
        if declared.is_none() {
            verdict.refuse(Refusal::new(Code::FundNotDeclared).about(id).with(project));
        }
        Ok(declared)
    }

    /// The member that an act names, which signs.
    fn institution_signs(
        &self,
        institution: MemberId,
        patents: &[PatentId],
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        if self.named::<Member>(institution, verdict)?.is_some() {
            let refusal = Refusal::new(Code::MemberSignatureRequired).about(institution);
            self.need_over(institution, patents, refusal, verdict)?;
        }
        Ok(())
    }
}

/// A project that stands declared for a patent.
struct Declared {
    funding: Funding,
    entry: FundedProject,
}

impl Declared {
    /// Needs the signature of the project's funder.
    fn funder_signs(&self, cx: &Context<'_>, id: PatentId, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.need(self.entry.funder, Some(id), Code::FundFunder, verdict)
    }
}

impl Rule for Declare {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.patents.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        cx.institution_signs(self.institution, &self.patents, verdict)?;
        if let Some(funder) = cx.named::<Member>(self.funder, verdict)?
            && !funder.is(Role::Funder)
        {
            verdict.refuse(Refusal::new(Code::FundFunder).because_of(self.funder).with("no funder"));
        }
        for id in &self.patents {
            let Some(patent) = cx.named::<Patent>(*id, verdict)? else { continue };
            if !cx.owns(self.institution, &patent)? {
                verdict.refuse(Refusal::new(Code::NotOwner).about(*id).because_of(self.institution));
            }
            let Some(mut funding) = cx.find::<Funding>(id)? else { continue };
            let refusal = Refusal::new(Code::FundDeclared).about(*id);
            let earlier = funding.projects.iter().find(|entry| entry.project == self.project).cloned();
            match earlier {
                Some(earlier) => verdict.refuse(refusal.because_of(earlier.declared)),
                None if funding.projects.push(self.entry(0)).is_err() => {
                    verdict.refuse(refusal.with(format!("{} projects", funding.projects.len())));
                }
                None => {}
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        for id in &self.patents {
            let none = Funding {
                projects: Vec::new().try_into().expect("an empty list"),
                justification: None,
                state_use: None,
            };
            let mut funding = effects.find::<Funding>(id)?.unwrap_or(none);
            let unchecked = |_| Fault::Contradiction("a project beyond the bound was not refused".into());
            funding.projects.push(self.entry(effects.position)).map_err(unchecked)?;
            effects.put(id, &funding)?;
            effects.touch(*id, |_| ())?;
        }
        Ok(())
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }
}

impl Declare {
    fn entry(&self, position: u64) -> FundedProject {
        FundedProject {
            project: self.project,
            institution: self.institution,
            funder: self.funder,
            declared: RecordId::new(position),
            verified: None,
        }
    }
}

impl Rule for Verify {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(declared) = cx.project(self.patent, self.project, verdict)? else { return Ok(()) };
        declared.funder_signs(cx, self.patent, verdict)?;
        if let Some(earlier) = declared.entry.verified {
            verdict.refuse(Refusal::new(Code::FundVerified).about(self.patent).because_of(earlier));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut funding: Funding = effects.must(&self.patent)?;
        let verified = Some(RecordId::new(effects.position));
        let projects = funding.projects.iter().cloned().map(|entry| match entry.project == self.project {
            true => FundedProject { verified, ..entry },
            false => entry,
        });
        funding.projects = projects.collect::<Vec<_>>().try_into().expect("as many as before");
        effects.put(&self.patent, &funding)?;
        effects.touch(self.patent, |_| ())?;
        Ok(())
    }
}

impl Clock {
    /// The time for implementation is over, and nothing on the ledger shows that the patent is implemented.
    fn check_time(&self, cx: &Context<'_>, funding: &Funding, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some((patent, status)) = cx.patent(self.patent, verdict)? else { return Ok(()) };
        cx.in_force(self.patent, &status, Code::PatentNotInForce, verdict);
        let refusal = Refusal::new(Code::FundClockRunning).about(self.patent);
        match patent.grant {
            None => verdict.refuse(refusal.clone().with("day of grant unknown")),
            Some(grant) => {
                let last = grant.add_years(u16::from(cx.parameters.funding_years));
                let granted = funding.justification.as_ref();
                let last = granted.map_or(last, |justification| last.max(justification.until));
                if cx.today <= last {
                    let running = refusal.clone().with(format!("until {last}"));
                    verdict.refuse(match granted.filter(|granted| granted.until == last) {
                        Some(granted) => running.because_of(granted.record),
                        None => running,
                    });
                }
            }
        }
        if let Some(evidence) = implemented(cx, cx.today, self.patent, &patent)? {
            verdict.refuse(refusal.because_of(evidence).with("implemented"));
        }
        Ok(())
    }
}

impl Rule for Clock {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(declared) = cx.project(self.patent, self.project, verdict)? else { return Ok(()) };
        declared.funder_signs(cx, self.patent, verdict)?;
        if declared.entry.verified.is_none() {
            let refusal = Refusal::new(Code::FundNotVerified).about(self.patent);
            verdict.refuse(refusal.because_of(declared.entry.declared));
        }
        self.check_time(cx, &declared.funding, verdict)?;
        if let Some(earlier) = &declared.funding.state_use {
            verdict.refuse(Refusal::new(Code::FundStateUse).about(self.patent).because_of(earlier.record));
        }
        match self.decision {
            FundDecision::Justified { until, .. } if until <= cx.today => {
                let figures = format!("until {until}, today {}", cx.today);
                verdict.refuse(Refusal::new(Code::EffectiveDate).about(self.patent).with(figures));
            }
            _ => {}
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut funding: Funding = effects.must(&self.patent)?;
        let record = RecordId::new(effects.position);
        match self.decision {
            FundDecision::Justified { reason, until } => {
                funding.justification = Some(Justification { reason, until, record });
            }
            FundDecision::StateUse { mode, document } => {
                funding.state_use = Some(StateUse { mode, document, record });
            }
        }
        effects.put(&self.patent, &funding)?;
        effects.touch(self.patent, |_| ())?;
        Ok(())
    }
}

impl Rule for Report {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        if i32::from(self.year) >= cx.today.year() {
            let figures = format!("{} is not over on {}", self.year, cx.today);
            verdict.refuse(Refusal::new(Code::EffectiveDate).about(self.patent).with(figures));
        }
        let Some(declared) = cx.project(self.patent, self.project, verdict)? else { return Ok(()) };
        cx.institution_signs(declared.entry.institution, &[self.patent], verdict)?;
        if let Some(earlier) = cx.find::<FundingReport>(&(self.patent, u32::from(self.year)))? {
            let refusal = Refusal::new(Code::FundReportDuplicate).about(self.patent);
            verdict.refuse(refusal.because_of(earlier.record).with(self.year));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let report = FundingReport { report: self.report, record: RecordId::new(effects.position) };
        effects.put(&(self.patent, u32::from(self.year)), &report)
    }
}

/// Whether the member is one of these parties.
fn is_among(cx: &Context<'_>, member: MemberId, parties: &[PartyId]) -> Result<bool, Fault> {
    for party in parties {
        if cx.must::<Party>(party)?.member == Some(member) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Distribute {
    /// The patents that brought the income, if it is the institution's; else a refusal.
    fn check_source(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<Vec<PatentId>, Fault> {
        let refusal = Refusal::new(Code::IncomeSource);
        match self.source {
            IncomeSource::FromLicence { licence: id } => {
                let Some(licence) = cx.named::<Licence>(id, verdict)? else { return Ok(Vec::new()) };
                if !is_among(cx, self.institution, &licence.licensors)? {
                    verdict.refuse(refusal.about(id).because_of(self.institution));
                }
                Ok(licence.patents.to_vec())
            }
            IncomeSource::FromTransfer { transfer: id } => {
                let Some(transfer) = cx.named::<Transfer>(id, verdict)? else { return Ok(Vec::new()) };
                if !is_among(cx, self.institution, &transfer.from)? {
                    verdict.refuse(refusal.clone().about(id).because_of(self.institution));
                }
                if !matches!(transfer.state, TransferState::Registered { .. }) {
                    verdict.refuse(refusal.about(id).with("not registered"));
                }
                Ok(transfer.patents.to_vec())
            }
        }
    }

    fn check_shares(&self, cx: &Context<'_>, verdict: &mut Verdict) {
        let sum: u32 = self.inventors.iter().map(|inventor| u32::from(inventor.part.basis_points())).sum();
        if sum != u32::from(Rate::WHOLE.basis_points()) {
            verdict.refuse(Refusal::new(Code::IncomeSharesSum).with(format!("{sum} of 10000")));
        }
        let inventors: Vec<_> = self.inventors.iter().map(|inventor| inventor.inventor).collect();
        cx.once(&inventors, verdict);
        let least = cx.parameters.inventor_share;
        if self.share < least && self.policy.is_none() {
            let figures = format!("{}, at least {least}", self.share);
            verdict.refuse(Refusal::new(Code::IncomeShareLow).with(figures));
        }
    }
}

impl Rule for Distribute {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let nothing = NetIncome::Public { amount: Money::ZERO };
        verdict.refuse_if(self.net == nothing, Code::FieldMissing);
        cx.not_future(self.on, verdict);
        self.check_shares(cx, verdict);
        let patents = self.check_source(cx, verdict)?;
        cx.institution_signs(self.institution, &patents, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let distribution = IncomeDistribution {
            institution: self.institution,
            source: self.source,
            net: self.net,
            share: self.share,
            inventors: self.inventors.clone(),
            policy: self.policy,
            on: self.on,
        };
        effects.put(&RecordId::new(effects.position), &distribution)
    }
}

impl Rule for Assess {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.not_future(self.on, verdict);
        if let Diligence::Decision { pricing, approvals } = &self.diligence {
            verdict.refuse_if(approvals.is_empty(), Code::ProofMissing);
            cx.once(approvals, verdict);
            if let Some(refusal) = transfer::notice_too_short(cx, pricing) {
                verdict.refuse(refusal.about(self.institution));
            }
        }
        cx.institution_signs(self.institution, &[], verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let entry =
            DiligenceEntry { institution: self.institution, diligence: self.diligence.clone(), on: self.on };
        effects.put(&RecordId::new(effects.position), &entry)
    }
}

impl Rule for Tender {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.not_future(self.on, verdict);
        cx.institution_signs(self.institution, &[], verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let notice = TenderNotice {
            institution: self.institution,
            kind: self.kind,
            title: self.title.clone(),
            notice: self.notice,
            on: self.on,
        };
        effects.put(&RecordId::new(effects.position), &notice)
    }
}
