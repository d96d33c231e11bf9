//! Rules for disputes: who may claim what before whom, and who may end a case how.

use super::{Context, Effects, Rule, Verdict};
use crate::act::dispute::{Accept, CaseKind, CaseOutcome, Conclude, Open, Perform};
use crate::act::member::Role;
use crate::identifier::{CaseId, LicenceId, MemberId, ObjectRef, PartyId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    CaseState, DisputeCase, Fault, Licence, LicenceDisputes, LicenceOrigin, Member, Party, Patent, Pledge,
};

/// Whether the member is one of these parties, or the other side of their contract.
fn is_side(cx: &Context<'_>, member: MemberId, parties: &[PartyId], other: MemberId) -> Result<bool, Fault> {
    for party in parties {
        if cx.must::<Party>(party)?.member == Some(member) {
            return Ok(true);
        }
    }
    Ok(other == member)
}

impl Open {
    /// The forum mediates or decides disputes, and is no party.
    fn check_forum(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(forum) = cx.named::<Member>(self.forum, verdict)? else { return Ok(()) };
        let may = [Role::Mediator, Role::Regulator, Role::Court].into_iter().any(|role| forum.is(role));
        if !may || self.forum == self.claimant {
            verdict.refuse(Refusal::new(Code::CaseForum).because_of(self.forum));
        }
        Ok(())
    }

    fn check_respondents(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.once(&self.respondents, verdict);
        if self.respondents.is_empty() {
            verdict.refuse(Refusal::new(Code::FieldMissing).with("respondents"));
        }
        for respondent in &self.respondents {
            if let Some(party) = cx.named::<Party>(*respondent, verdict)? {
                verdict.refuse_if(party.member == Some(self.claimant), Code::DuplicateEntry);
            }
        }
        Ok(())
    }

    /// A case of this kind is about something of the right sort.
    fn check_objects(&self, verdict: &mut Verdict) {
        let there = match self.kind {
            CaseKind::OpenLicence => !self.licences.is_empty(),
            CaseKind::Infringement | CaseKind::Ownership | CaseKind::InventorReward => {
                !self.patents.is_empty()
            }
            CaseKind::Contract => !self.licences.is_empty() || !self.pledges.is_empty(),
        };
        verdict.refuse_if(!there, Code::CaseObjects);
    }

    fn refuse_claimant(&self, about: impl Into<ObjectRef>, verdict: &mut Verdict) {
        verdict.refuse(Refusal::new(Code::CaseClaimant).about(about).because_of(self.claimant));
    }

    /// Who names a contract is a party to it, so that nobody else marks it as disputed; who claims infringement owns the patent or has a licence that it names.
    fn check_claimant(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let mut licensed = Vec::new();
        for id in &self.licences {
            let Some(licence) = cx.named::<Licence>(*id, verdict)? else { continue };
            if self.kind == CaseKind::OpenLicence && !matches!(licence.origin, LicenceOrigin::Open { .. }) {
                verdict.refuse(Refusal::new(Code::CaseObjects).about(*id));
            }
            if licence.licensee == self.claimant {
                licensed.extend(licence.patents.iter().copied());
            }
            if !is_side(cx, self.claimant, &licence.licensors, licence.licensee)? {
                self.refuse_claimant(*id, verdict);
            }
        }
        for id in &self.pledges {
            let Some(pledge) = cx.named::<Pledge>(*id, verdict)? else { continue };
            if !is_side(cx, self.claimant, &pledge.pledgors, pledge.pledgee)? {
                self.refuse_claimant(*id, verdict);
            }
        }
        for id in &self.patents {
            let Some(patent) = cx.named::<Patent>(*id, verdict)? else { continue };
            let infringed = self.kind == CaseKind::Infringement;
            if infringed && !licensed.contains(id) && !cx.owns(self.claimant, &patent)? {
                self.refuse_claimant(*id, verdict);
            }
        }
        Ok(())
    }
}

impl Rule for Open {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        if cx.named::<Member>(self.claimant, verdict)?.is_some() {
            cx.need_over(self.claimant, &self.patents, Refusal::new(Code::CasePartyRequired), verdict)?;
        }
        self.check_forum(cx, verdict)?;
        self.check_respondents(cx, verdict)?;
        cx.once(&self.patents, verdict);
        cx.once(&self.licences, verdict);
        cx.once(&self.pledges, verdict);
        self.check_objects(verdict);
        self.check_claimant(cx, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = CaseId::new(effects.position, 0);
        let case = DisputeCase {
            kind: self.kind,
            claimant: self.claimant,
            respondents: self.respondents.clone(),
            forum: self.forum,
            patents: self.patents.clone(),
            licences: self.licences.clone(),
            pledges: self.pledges.clone(),
            claim: self.claim,
            opened: effects.today,
            number: None,
            document: None,
            state: CaseState::Opened,
        };
        effects.put(&id, &case)?;
        for licence in &self.licences {
            let open = effects.find::<LicenceDisputes>(licence)?.map_or(0, |disputes| disputes.open);
            effects.put(licence, &LicenceDisputes { open: open + 1, latest: id })?;
        }
        Ok(())
    }
}

fn refuse_state(id: CaseId, case: &DisputeCase, verdict: &mut Verdict) {
    let figures = match case.state {
        CaseState::Opened => format!("opened {}", case.opened),
        CaseState::Accepted { on, .. } => format!("accepted {on}"),
        CaseState::Concluded { on, .. } => format!("concluded {on}"),
        CaseState::Performed { on, .. } => format!("performed {on}"),
    };
    verdict.refuse(Refusal::new(Code::CaseState).about(id).with(figures));
}

/// Needs the signature of the forum.
fn forum_signs(cx: &Context<'_>, id: CaseId, case: &DisputeCase, verdict: &mut Verdict) -> Result<(), Fault> {
    let refusal = Refusal::new(Code::CaseForumRequired).about(id);
    cx.need_over(case.forum, &[], refusal, verdict)
}

/// Needs the signature of a party.
fn party_signs(
    cx: &Context<'_>,
    id: CaseId,
    (case, member): (&DisputeCase, MemberId),
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    let refusal = Refusal::new(Code::CasePartyRequired).about(id);
    cx.need_over(member, &case.patents, refusal, verdict)
}

impl Rule for Accept {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(case) = cx.named::<DisputeCase>(self.case, verdict)? else { return Ok(()) };
        forum_signs(cx, self.case, &case, verdict)?;
        if case.state != CaseState::Opened {
            refuse_state(self.case, &case, verdict);
        }
        cx.not_before(self.on, case.opened, verdict);
        if self.until < self.on {
            let figures = format!("{} is before {}", self.until, self.on);
            verdict.refuse(Refusal::new(Code::CaseDeadline).about(self.case).with(figures));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut case: DisputeCase = effects.must(&self.case)?;
        case.number = Some(self.number.clone());
        case.state = CaseState::Accepted { on: self.on, until: self.until };
        effects.put(&self.case, &case)
    }
}

impl Conclude {
    /// Whether the outcome says what is to be done.
    fn binds(&self) -> bool {
        matches!(self.outcome, CaseOutcome::Settled | CaseOutcome::Decided)
    }

    /// Who may end the case like this: a mediator decides nothing, an authority decides on infringement alone (PL 65).
    fn check_signers(
        &self,
        cx: &Context<'_>,
        case: &DisputeCase,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        if self.outcome == CaseOutcome::Withdrawn {
            return party_signs(cx, self.case, (case, case.claimant), verdict);
        }
        forum_signs(cx, self.case, case, verdict)?;
        let forum: Member = cx.must(&case.forum)?;
        let court = forum.is(Role::Court);
        let infringement = case.kind == CaseKind::Infringement && forum.is(Role::Regulator);
        if self.outcome == CaseOutcome::Decided && !court && !infringement {
            verdict.refuse(Refusal::new(Code::CaseDecision).about(self.case).because_of(case.forum));
        }
        if self.outcome == CaseOutcome::Settled && !court {
            party_signs(cx, self.case, (case, case.claimant), verdict)?;
            for respondent in &case.respondents {
                // For one that is no member, the forum attests that it agreed.
                if let Some(member) = cx.must::<Party>(respondent)?.member {
                    party_signs(cx, self.case, (case, member), verdict)?;
                }
            }
        }
        Ok(())
    }
}

impl Rule for Conclude {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(case) = cx.named::<DisputeCase>(self.case, verdict)? else { return Ok(()) };
        match case.state {
            CaseState::Opened if !self.binds() => cx.not_before(self.on, case.opened, verdict),
            CaseState::Accepted { on, .. } => cx.not_before(self.on, on, verdict),
            _ => refuse_state(self.case, &case, verdict),
        }
        self.check_signers(cx, &case, verdict)?;
        if self.binds() && self.document.is_none() {
            verdict.refuse(Refusal::new(Code::ProofMissing).about(self.case));
        }
        if let Some(last) = self.perform_by.filter(|last| !self.binds() || *last < self.on) {
            verdict.refuse(Refusal::new(Code::CaseDeadline).about(self.case).with(last));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut case: DisputeCase = effects.must(&self.case)?;
        let late = matches!(case.state, CaseState::Accepted { until, .. } if until < self.on);
        case.document = self.document;
        case.state =
            CaseState::Concluded { outcome: self.outcome, on: self.on, perform_by: self.perform_by, late };
        effects.put(&self.case, &case)?;
        for licence in &case.licences {
            close_on(effects, *licence)?;
        }
        Ok(())
    }

    fn may_wait(&self) -> bool {
        self.outcome == CaseOutcome::Settled
    }
}

/// One case less is open about a licence.
fn close_on(effects: &mut Effects<'_, '_>, licence: LicenceId) -> Result<(), Fault> {
    let LicenceDisputes { open, latest } = effects.must(&licence)?;
    match open {
        0 => Err(Fault::Contradiction(format!("{licence} has fewer disputes than none"))),
        1 => effects.remove::<LicenceDisputes>(&licence),
        more => effects.put(&licence, &LicenceDisputes { open: more - 1, latest }),
    }
}

impl Rule for Perform {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(case) = cx.named::<DisputeCase>(self.case, verdict)? else { return Ok(()) };
        match case.state {
            CaseState::Concluded { outcome: CaseOutcome::Settled | CaseOutcome::Decided, on, .. } => {
                cx.not_before(self.on, on, verdict);
            }
            _ => refuse_state(self.case, &case, verdict),
        }
        if cx.signed_for(case.forum, None)? {
            return Ok(());
        }
        party_signs(cx, self.case, (&case, case.claimant), verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut case: DisputeCase = effects.must(&self.case)?;
        let late = case.is_unperformed(self.on);
        case.state = CaseState::Performed { on: self.on, late };
        effects.put(&self.case, &case)
    }

    fn may_wait(&self) -> bool {
        true
    }
}
