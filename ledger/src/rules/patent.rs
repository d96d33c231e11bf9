//! Rules for patents: what enters the register, and what may happen to a right.

use super::{Context, Effects, Rule, Verdict as Findings, commitments, pledges, time};
use crate::act::ActKind;
use crate::act::member::Role;
use crate::act::patent::{
    Annuity, AnnuityEvent, CoOwnership, Correct, Correction, Evaluation, Freeze, FreezeKind,
    Life as LifeChange, LifeEvent, Owner, Register, Stage, Unfreeze,
};
use crate::identifier::{Classification, Date, PatentId, PatentKind, PatentNumber, RecordId, Term};
use crate::refusal::{Code, Refusal};
use crate::state::{
    AnnuityPaid, Declaration, DeclarationState, Fault, Frozen, Life, NoticeCause, Parameters, Party, Patent,
    PatentByNumber, PatentStatus, Verdict,
};
use std::collections::BTreeSet;

/// The owners exist, each once, and their shares, if any are given, sum to the whole.
pub(super) fn check_owners(
    cx: &Context<'_>,
    owners: &[Owner],
    undisclosed: u8,
    findings: &mut Findings,
) -> Result<(), Fault> {
    findings.refuse_if(owners.is_empty() && undisclosed == 0, Code::OwnersMissing);
    let parties: BTreeSet<_> = owners.iter().map(|owner| owner.party).collect();
    findings.refuse_if(parties.len() != owners.len(), Code::DuplicateEntry);
    for owner in owners {
        cx.named::<Party>(owner.party, findings)?;
    }
    let shares: Vec<_> = owners.iter().filter_map(|owner| owner.share).collect();
    let sum: u32 = shares.iter().map(|share| u32::from(share.basis_points())).sum();
    if !shares.is_empty() && (shares.len() != owners.len() || sum != 10_000 || undisclosed > 0) {
        findings.refuse(Refusal::new(Code::OwnersShares).with(format!("{sum} of 10000")));
    }
    Ok(())
}

fn check_class(kind: PatentKind, class: Option<&Classification>, findings: &mut Findings) {
    let fits = match class {
        None => true,
        Some(Classification::Locarno { .. }) => kind == PatentKind::Design,
        Some(_) => kind != PatentKind::Design,
    };
    findings.refuse_if(!fits, Code::PatentClassKind);
}

/// Dates that contradict one another: granted before filed, or filed after today.
fn check_dates(
    cx: &Context<'_>,
    number: PatentNumber,
    filing: Option<Date>,
    grant: Option<Date>,
    findings: &mut Findings,
) {
    for date in [filing, grant].into_iter().flatten() {
        cx.not_future(date, findings);
    }
    let reversed = filing.zip(grant).is_some_and(|(filing, grant)| grant < filing);
    let year = u16::try_from(cx.today.year()).unwrap_or(u16::MAX);
    if reversed || number.is_later_than(year) {
        findings.refuse(Refusal::new(Code::PatentDates).with(number));
    }
}

fn term_last(number: PatentNumber, filing: Option<Date>) -> Option<Date> {
    filing.map(|filing| Term::of_patent(number.kind(), filing).last())
}

impl Rule for Register {
    fn check(&self, cx: &Context<'_>, findings: &mut Findings) -> Result<(), Fault> {
        cx.registrar(findings);
        if let Some(taken) = cx.find::<PatentByNumber>(&self.number)? {
            findings.refuse(Refusal::new(Code::PatentNumberTaken).because_of(taken.patent).with(self.number));
        }
        let grant = match self.stage {
            Stage::Granted { on } => on,
            Stage::Application => None,
        };
        check_dates(cx, self.number, self.filing, grant, findings);
        check_class(self.number.kind(), self.classification.as_ref(), findings);
        check_owners(cx, &self.owners, self.undisclosed_owners, findings)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = PatentId::new(effects.position, 0);
        let grant = match self.stage {
            Stage::Granted { on } => on,
            Stage::Application => None,
        };
        let patent = Patent {
            number: self.number,
            publication: self.publication,
            title: self.title.clone(),
            filing: self.filing,
            grant,
            owners: self.owners.clone(),
            undisclosed_owners: self.undisclosed_owners,
            agreement: None,
            classification: self.classification,
            industry: self.industry,
            same_day: self.same_day,
            funded: self.funded,
            source: self.source,
            acquired: None,
        };
        let mut status = PatentStatus {
            number: self.number,
            life: if self.stage == Stage::Application { Life::Application } else { Life::Granted },
            term_last: term_last(self.number, self.filing),
            annuity_due: None,
            evaluation: Verdict::None,
            invalidation: None,
            preservation: None,
            suspension: None,
            declaration: None,
            open: false,
            exclusive: 0,
            exclusive_latest: None,
            sole: 0,
            sole_latest: None,
            ordinary: 0,
            pledge: None,
            compulsory: 0,
            pools: 0,
            open_source: None,
            assigned: 0,
            events: 0,
            last: None,
            chain: crate::hash::Hash::ZERO,
        };
        if status.life == Life::Granted && status.term_over(effects.today) {
            status.life = Life::Expired;
        }
        let (position, ActKind { family, kind }) = (effects.position, effects.kind);
        effects.overlay.touch(id, &mut status, (position, 0), (family, kind));
        effects.put(&id, &patent)?;
        effects.put(&self.number, &PatentByNumber { patent: id })?;
        effects.put(&id, &status)
    }
}

impl Rule for Annuity {
    fn check(&self, cx: &Context<'_>, findings: &mut Findings) -> Result<(), Fault> {
        cx.registrar(findings);
        cx.not_future(self.effective, findings);
        let Some((patent, status)) = cx.patent(self.patent, findings)? else { return Ok(()) };
        let years = match patent.number.kind() {
            PatentKind::Invention => 20,
            PatentKind::UtilityModel => 10,
            PatentKind::Design => 15,
        };
        let order = self.year == 0 || self.year > years;
        if let Some(paid) = cx.find::<AnnuityPaid>(&self.patent)?.filter(|paid| self.year <= paid.year) {
            let refusal = Refusal::new(Code::AnnuityOrder).about(self.patent).because_of(paid.record);
            findings.refuse(refusal.with(format!("year {}, paid for {}", self.year, paid.year)));
        }
        match &self.event {
            AnnuityEvent::Overdue { due } => {
                cx.not_future(*due, findings);
                let granted = status.life == Life::Granted && status.in_force(cx.today);
                if order || !granted {
                    findings.refuse(Refusal::new(Code::AnnuityOrder).about(self.patent));
                }
            }
            AnnuityEvent::Paid { reduction, .. } => {
                if order || !matches!(status.life, Life::Granted | Life::Grace) {
                    findings.refuse(Refusal::new(Code::AnnuityOrder).about(self.patent));
                }
                // The open licence's reduction is 15 %, needs a recorded open licence, and stands alone (V.11 §8).
                let open_licence =
                    reduction.is_some_and(|rate| rate.basis_points() == OPEN_LICENCE_REDUCTION);
                if open_licence && !has_recorded_open_licence(cx, self.patent)? {
                    findings.refuse(Refusal::new(Code::ReductionNotCumulative).about(self.patent));
                }
                if reduction.is_some_and(|rate| rate.basis_points() > HIGHEST_REDUCTION) {
                    findings.refuse(Refusal::new(Code::ReductionNotCumulative).about(self.patent));
                }
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let status = effects.touch(self.patent, |status| match &self.event {
            AnnuityEvent::Overdue { due } => {
                status.life = Life::Grace;
                status.annuity_due = Some(*due);
            }
            AnnuityEvent::Paid { .. } => {
                status.life = Life::Granted;
                status.annuity_due = None;
            }
        })?;
        match &self.event {
            AnnuityEvent::Overdue { .. } => {
                tell_pledgee(effects, self.patent, &status, NoticeCause::AnnuityOverdue)?;
            }
            AnnuityEvent::Paid { .. } => {
                let paid = AnnuityPaid { year: self.year, record: RecordId::new(effects.position) };
                effects.put(&self.patent, &paid)?;
            }
        }
        settle(effects, self.patent, status)
    }
}

/// The reduction for open licences: 15 % (财政部、国家发展改革委 2024-07).
const OPEN_LICENCE_REDUCTION: u16 = 1500;
/// The highest single reduction that exists: 85 % (专利收费减缴办法 art. 4).
const HIGHEST_REDUCTION: u16 = 8500;

fn has_recorded_open_licence(cx: &Context<'_>, patent: PatentId) -> Result<bool, Fault> {
    let licences = super::licences::of_patent(cx, patent)?;
    Ok(licences.iter().any(|(_, licence)| {
        matches!(licence.origin, crate::state::LicenceOrigin::Open { .. })
            && licence.recorded.is_some()
            && licence.is_active(cx.today)
    }))
}

/// Tells the pledgee, if the patent is pledged, what this act did to it.
fn tell_pledgee(
    effects: &mut Effects<'_, '_>,
    id: PatentId,
    status: &PatentStatus,
    cause: NoticeCause,
) -> Result<(), Fault> {
    let at = (RecordId::new(effects.position), effects.today);
    pledges::notify(effects.overlay, id, status, cause, at)
}

/// After a status changed: halts the open declaration if a bar has arisen.
fn settle(effects: &mut Effects<'_, '_>, id: PatentId, mut status: PatentStatus) -> Result<(), Fault> {
    let barred = !matches!(status.life, Life::Granted)
        || status.frozen(effects.today).is_some()
        || status.evaluation == Verdict::Negative;
    if barred && status.declaration.is_some() {
        time::halt(effects.overlay, &mut status)?;
        effects.put(&id, &status)?;
    }
    Ok(())
}

impl LifeChange {
    fn fits(&self, status: &PatentStatus) -> bool {
        let living = matches!(status.life, Life::Granted | Life::Grace);
        match &self.event {
            LifeEvent::Granted { .. } => status.life == Life::Application,
            LifeEvent::Lapsed => status.life == Life::Grace,
            LifeEvent::Restored => status.life == Life::Lapsed,
            LifeEvent::Expired | LifeEvent::Abandoned | LifeEvent::PartlyInvalidated => living,
            LifeEvent::Invalidated => !matches!(status.life, Life::Application | Life::Invalidated),
            LifeEvent::InvalidationStarted => {
                status.life != Life::Application
                    && status.life != Life::Invalidated
                    && status.invalidation.is_none()
            }
            LifeEvent::InvalidationEnded => status.invalidation.is_some(),
            LifeEvent::TermExtended { .. } => living,
        }
    }
}

impl Rule for LifeChange {
    fn check(&self, cx: &Context<'_>, findings: &mut Findings) -> Result<(), Fault> {
        cx.registrar(findings);
        cx.not_future(self.effective, findings);
        let Some((patent, status)) = cx.patent(self.patent, findings)? else { return Ok(()) };
        if !self.fits(&status) {
            findings.refuse(Refusal::new(Code::LifeTransition).about(self.patent));
        }
        match &self.event {
            LifeEvent::Abandoned => self.check_abandonment(cx, &patent, &status, findings)?,
            LifeEvent::Lapsed => {
                cx.free(self.patent, &status, findings);
                let grace_over = status
                    .annuity_due
                    .is_some_and(|due| due.add_months(u32::from(cx.parameters.grace_months)) < cx.today);
                findings.refuse_if(!grace_over, Code::GraceRunning);
            }
            LifeEvent::Restored | LifeEvent::Invalidated | LifeEvent::PartlyInvalidated => {
                findings.refuse_if(self.document.is_none(), Code::ProofMissing);
            }
            LifeEvent::TermExtended { last } => {
                let longer = status.term_last.is_some_and(|now| now < *last);
                findings.refuse_if(self.document.is_none() || !longer, Code::TermOverrideNoDecision);
            }
            LifeEvent::Expired => {
                let over = status.term_last.is_none_or(|_| status.term_over(cx.today));
                findings.refuse_if(!over, Code::LifeTransition);
            }
            LifeEvent::Granted { .. } => {
                let early = patent.filing.is_some_and(|filing| self.effective < filing);
                findings.refuse_if(early, Code::PatentDates);
            }
            LifeEvent::InvalidationStarted | LifeEvent::InvalidationEnded => {}
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let position = effects.position;
        if let LifeEvent::Granted { publication } = &self.event {
            let mut patent: Patent = effects.must(&self.patent)?;
            patent.grant = Some(self.effective);
            patent.publication = publication.or(patent.publication);
            effects.put(&self.patent, &patent)?;
        }
        let status = effects.touch(self.patent, |status| match &self.event {
            LifeEvent::Granted { .. } => status.life = Life::Granted,
            LifeEvent::Restored => {
                status.life = Life::Granted;
                status.annuity_due = None;
            }
            LifeEvent::Lapsed => status.life = Life::Lapsed,
            LifeEvent::Expired => status.life = Life::Expired,
            LifeEvent::Abandoned => status.life = Life::Abandoned,
            LifeEvent::Invalidated => {
                status.life = Life::Invalidated;
                status.invalidation = None;
            }
            LifeEvent::PartlyInvalidated => status.invalidation = None,
            LifeEvent::InvalidationStarted => status.invalidation = Some(RecordId::new(position)),
            LifeEvent::InvalidationEnded => status.invalidation = None,
            LifeEvent::TermExtended { last } => status.term_last = Some(*last),
        })?;
        if let Some(cause) = self.notice() {
            tell_pledgee(effects, self.patent, &status, cause)?;
        }
        settle(effects, self.patent, status)
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(vec![self.patent])
    }

    fn may_wait(&self) -> bool {
        matches!(self.event, LifeEvent::Abandoned)
    }
}

impl LifeChange {
    /// What the pledgee of a pledged patent is told of it.
    fn notice(&self) -> Option<NoticeCause> {
        match self.event {
            LifeEvent::Lapsed => Some(NoticeCause::Lapsed),
            LifeEvent::Restored => Some(NoticeCause::Restored),
            LifeEvent::Expired => Some(NoticeCause::Expired),
            LifeEvent::Abandoned => Some(NoticeCause::Abandoned),
            LifeEvent::InvalidationStarted => Some(NoticeCause::InvalidationStarted),
            LifeEvent::Invalidated => Some(NoticeCause::Invalidated),
            LifeEvent::PartlyInvalidated => Some(NoticeCause::PartlyInvalidated),
            LifeEvent::Granted { .. } | LifeEvent::InvalidationEnded | LifeEvent::TermExtended { .. } => None,
        }
    }

    /// All owners abandon, the pledgee consents, nothing is frozen, and an open licence is withdrawn first (V.11 §9).
    fn check_abandonment(
        &self,
        cx: &Context<'_>,
        patent: &Patent,
        status: &PatentStatus,
        findings: &mut Findings,
    ) -> Result<(), Fault> {
        cx.free(self.patent, status, findings);
        if let Some(declaration) = status.declaration {
            let refusal = Refusal::new(Code::OlWithdrawFirst).about(self.patent);
            findings.refuse(refusal.because_of(declaration));
        }
        commitments::bar_abandonment(cx, self.patent, status, findings)?;
        let owners: Vec<_> = patent.owners.iter().map(|owner| owner.party).collect();
        findings.refuse_if(patent.undisclosed_owners > 0, Code::CoOwnerConsentRequired);
        cx.parties_sign(&owners, Some(self.patent), Code::CoOwnerConsentRequired, findings)?;
        let kind = ActKind { family: 3, kind: 3 };
        cx.pledgee(self.patent, status, kind, findings)
    }
}

fn frozen(status: &PatentStatus, kind: FreezeKind) -> Option<Frozen> {
    match kind {
        FreezeKind::Preservation => status.preservation,
        FreezeKind::Suspension => status.suspension,
    }
}

fn court(cx: &Context<'_>, findings: &mut Findings) {
    let may = cx.role_signed(Role::Registrar) || cx.role_signed(Role::Court);
    findings.refuse_if(!may, Code::CourtOnly);
}

impl Freeze {
    fn longest(&self, parameters: &Parameters) -> Date {
        let months = match self.kind {
            FreezeKind::Preservation => parameters.preservation_months,
            FreezeKind::Suspension => parameters.suspension_months,
        };
        self.from.add_months(u32::from(months))
    }
}

impl Rule for Freeze {
    fn check(&self, cx: &Context<'_>, findings: &mut Findings) -> Result<(), Fault> {
        court(cx, findings);
        cx.not_future(self.from, findings);
        let Some((_, status)) = cx.patent(self.patent, findings)? else { return Ok(()) };
        if let Some(standing) = frozen(&status, self.kind).filter(|frozen| cx.today <= frozen.until) {
            let refusal = Refusal::new(Code::PreservationDuplicate).about(self.patent);
            findings.refuse(refusal.because_of(standing.record).with(format!("until {}", standing.until)));
        }
        let longest = self.longest(cx.parameters);
        if self.until < self.from || self.until > longest {
            findings.refuse(Refusal::new(Code::PreservationTooLong).with(format!("at most until {longest}")));
        }
        findings.refuse_if(self.until < cx.today, Code::EffectiveDate);
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let entered = Some(Frozen { record: RecordId::new(effects.position), until: self.until });
        let status = effects.touch(self.patent, |status| match self.kind {
            FreezeKind::Preservation => status.preservation = entered,
            FreezeKind::Suspension => status.suspension = entered,
        })?;
        let cause = match self.kind {
            FreezeKind::Preservation => NoticeCause::Preserved,
            FreezeKind::Suspension => NoticeCause::Suspended,
        };
        tell_pledgee(effects, self.patent, &status, cause)?;
        settle(effects, self.patent, status)
    }
}

impl Rule for Unfreeze {
    fn check(&self, cx: &Context<'_>, findings: &mut Findings) -> Result<(), Fault> {
        court(cx, findings);
        let Some((_, status)) = cx.patent(self.patent, findings)? else { return Ok(()) };
        if frozen(&status, self.kind).is_none_or(|frozen| frozen.until < cx.today) {
            findings.refuse(Refusal::new(Code::FreezeNone).about(self.patent));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        effects.touch(self.patent, |status| match self.kind {
            FreezeKind::Preservation => status.preservation = None,
            FreezeKind::Suspension => status.suspension = None,
        })?;
        Ok(())
    }
}

impl Rule for Evaluation {
    fn check(&self, cx: &Context<'_>, findings: &mut Findings) -> Result<(), Fault> {
        cx.registrar(findings);
        if let Some((patent, _)) = cx.patent(self.patent, findings)?
            && patent.number.kind() == PatentKind::Invention
        {
            findings.refuse(Refusal::new(Code::EvaluationNotApplicable).about(self.patent));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let verdict = if self.positive { Verdict::Positive } else { Verdict::Negative };
        let status = effects.touch(self.patent, |status| status.evaluation = verdict)?;
        settle(effects, self.patent, status)
    }
}

impl Rule for CoOwnership {
    fn check(&self, cx: &Context<'_>, findings: &mut Findings) -> Result<(), Fault> {
        let Some((patent, _)) = cx.patent(self.patent, findings)? else { return Ok(()) };
        cx.all_owners(self.patent, &patent, Code::NotOwner, findings)?;
        let same = |owners: &[Owner]| owners.iter().map(|owner| owner.party).collect::<BTreeSet<_>>();
        let shares = self.owners.iter().filter_map(|owner| owner.share).count();
        if same(&self.owners) != same(&patent.owners) || shares != self.owners.len() {
            findings.refuse(Refusal::new(Code::OwnersShares).about(self.patent));
        }
        check_owners(cx, &self.owners, 0, findings)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut patent: Patent = effects.must(&self.patent)?;
        patent.owners = self.owners.clone();
        patent.agreement = Some(self.agreement);
        effects.put(&self.patent, &patent)?;
        effects.touch(self.patent, |_| ())?;
        Ok(())
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(vec![self.patent])
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Rule for Correct {
    fn check(&self, cx: &Context<'_>, findings: &mut Findings) -> Result<(), Fault> {
        cx.registrar(findings);
        let Some((patent, status)) = cx.patent(self.patent, findings)? else { return Ok(()) };
        let unchanged = match &self.correction {
            Correction::Title { title } => *title == patent.title,
            Correction::Filing { filing } => {
                check_dates(cx, patent.number, Some(*filing), patent.grant, findings);
                patent.filing == Some(*filing)
            }
            Correction::Grant { grant } => {
                check_dates(cx, patent.number, patent.filing, Some(*grant), findings);
                findings.refuse_if(status.life == Life::Application, Code::OlNotGranted);
                patent.grant == Some(*grant)
            }
            Correction::Class { classification } => {
                check_class(patent.number.kind(), Some(classification), findings);
                patent.classification == Some(*classification)
            }
            Correction::Publication { publication } => patent.publication == Some(*publication),
            Correction::Owners { owners, undisclosed } => {
                cx.free(self.patent, &status, findings);
                check_owners(cx, owners, *undisclosed, findings)?;
                patent.owners == *owners && patent.undisclosed_owners == *undisclosed
            }
        };
        findings.refuse_if(unchanged, Code::CorrectionEmpty);
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut patent: Patent = effects.must(&self.patent)?;
        match &self.correction {
            Correction::Title { title } => patent.title = title.clone(),
            Correction::Filing { filing } => patent.filing = Some(*filing),
            Correction::Grant { grant } => patent.grant = Some(*grant),
            Correction::Class { classification } => patent.classification = Some(*classification),
            Correction::Publication { publication } => patent.publication = Some(*publication),
            Correction::Owners { owners, undisclosed } => {
                patent.owners = owners.clone();
                patent.undisclosed_owners = *undisclosed;
                patent.agreement = None;
                patent.acquired = None;
            }
        }
        let today = effects.today;
        let last = term_last(patent.number, patent.filing);
        let refiled = matches!(self.correction, Correction::Filing { .. });
        effects.put(&self.patent, &patent)?;
        let status = effects.touch(self.patent, |status| {
            if refiled {
                status.term_last = last;
                if status.life == Life::Expired && !status.term_over(today) {
                    status.life = Life::Granted;
                } else if matches!(status.life, Life::Granted | Life::Grace) && status.term_over(today) {
                    status.life = Life::Expired;
                }
            }
        })?;
        if refiled && status.life == Life::Expired {
            tell_pledgee(effects, self.patent, &status, NoticeCause::Expired)?;
        }
        if let Correction::Owners { .. } = &self.correction
            && let Some(id) = status.declaration
        {
            // The owner changed otherwise than by assignment: the declaration is withdrawn and made anew (V.11 §9).
            let declaration: Declaration = effects.must(&id)?;
            if declaration.state != DeclarationState::Halted {
                let mut status = status.clone();
                time::halt(effects.overlay, &mut status)?;
            }
        }
        settle(effects, self.patent, status)
    }
}
