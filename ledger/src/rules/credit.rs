//! Rules for credit supervision: an entry needs its ground, the member is heard, nobody decides alone on its own entry.

use super::{Context, Effects, Rule, Verdict};
use crate::act::credit::{Appeal, CreditGround, Decide, Enter, Repair};
use crate::act::member::Role;
use crate::act::open_licence::CloseCause;
use crate::identifier::{CreditEventId, MemberId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    CaseState, CreditEntry, CreditState, Declaration, DeclarationState, DisputeCase, Fault, Member,
    MemberCredit, Party, Patent,
};

impl Enter {
    /// A declaration that was revoked, of a patent that the member owns or has transferred since.
    fn is_false_declaration(&self, cx: &Context<'_>, declaration: &Declaration) -> Result<bool, Fault> {
        let revoked =
            matches!(declaration.state, DeclarationState::Closed { cause: CloseCause::Revoked, .. });
        let patent: Patent = cx.must(&declaration.patent)?;
        Ok(revoked && (patent.acquired.is_some() || cx.owns(self.member, &patent)?))
    }

    /// A case of the member's in which what was to be done is overdue.
    fn is_refusal(&self, cx: &Context<'_>, case: &DisputeCase) -> Result<bool, Fault> {
        let mut party = case.claimant == self.member;
        for respondent in &case.respondents {
            party |= cx.must::<Party>(respondent)?.member == Some(self.member);
        }
        Ok(party && case.is_unperformed(cx.today))
    }

    /// The ledger itself shows the ground, where it can.
    fn check_ground(&self, cx: &Context<'_>, member: &Member, verdict: &mut Verdict) -> Result<(), Fault> {
        let refusal = Refusal::new(Code::CreditGround).about(self.member);
        match self.ground {
            CreditGround::FalseDeclaration { declaration: id } => {
                if let Some(declaration) = cx.named::<Declaration>(id, verdict)?
                    && !self.is_false_declaration(cx, &declaration)?
                {
                    verdict.refuse(refusal.because_of(id));
                }
            }
            CreditGround::RefusalToPerform { case: id } => {
                if let Some(case) = cx.named::<DisputeCase>(id, verdict)?
                    && !self.is_refusal(cx, &case)?
                {
                    verdict.refuse(refusal.because_of(id));
                }
            }
            CreditGround::DishonestAgency if !member.is(Role::Agency) => verdict.refuse(refusal),
            CreditGround::DishonestAgency
            | CreditGround::AbnormalFiling
            | CreditGround::FalseMaterial
            | CreditGround::OtherBreach => {}
        }
        Ok(())
    }
}

impl Rule for Enter {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let regulator = cx.must::<Member>(&cx.author)?.is(Role::Regulator);
        verdict.refuse_if(!regulator, Code::CreditRegulatorOnly);
        verdict.refuse_if(self.member == cx.author, Code::DuplicateEntry);
        if self.until < cx.today {
            let figures = format!("{} is before {}", self.until, cx.today);
            verdict.refuse(Refusal::new(Code::EffectiveDate).with(figures));
        }
        match cx.named::<Member>(self.member, verdict)? {
            Some(member) => self.check_ground(cx, &member, verdict),
            None => Ok(()),
        }
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = CreditEventId::new(effects.position, 0);
        let credit = effects.find::<MemberCredit>(&self.member)?;
        let entry = CreditEntry {
            member: self.member,
            regulator: effects.author,
            ground: self.ground,
            level: self.level,
            evidence: self.evidence,
            entered: effects.today,
            until: self.until,
            previous: credit.map(|credit| credit.latest),
            state: CreditState::Entered,
        };
        effects.put(&id, &entry)?;
        let open = credit.map_or(0, |credit| credit.open) + 1;
        effects.put(&self.member, &MemberCredit { open, latest: id })
    }
}

fn refuse_state(id: CreditEventId, entry: &CreditEntry, verdict: &mut Verdict) {
    let figures = match entry.state {
        CreditState::Entered => format!("entered {}", entry.entered),
        CreditState::Appealed { on, .. } => format!("appealed {on}"),
        CreditState::Upheld { on, .. } => format!("upheld {on}"),
        CreditState::Cancelled { on, .. } => format!("cancelled {on}"),
        CreditState::Repaired { on, .. } => format!("repaired {on}"),
    };
    verdict.refuse(Refusal::new(Code::CreditState).about(id).with(figures));
}

/// Needs the signature of the member concerned.
fn member_signs(
    cx: &Context<'_>,
    id: CreditEventId,
    member: MemberId,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    cx.need_over(member, &[], Refusal::new(Code::CreditMemberRequired).about(id), verdict)
}

impl Rule for Appeal {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(entry) = cx.named::<CreditEntry>(self.event, verdict)? else { return Ok(()) };
        member_signs(cx, self.event, entry.member, verdict)?;
        if entry.state != CreditState::Entered {
            refuse_state(self.event, &entry, verdict);
        }
        let last = entry.appeal_until(cx.parameters.credit_appeal_days);
        if last < cx.today {
            let refusal = Refusal::new(Code::CreditAppealLate).about(self.event);
            verdict.refuse(refusal.with(format!("until {last}")));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut entry: CreditEntry = effects.must(&self.event)?;
        entry.state = CreditState::Appealed { grounds: self.grounds, on: effects.today };
        effects.put(&self.event, &entry)
    }
}

impl Decide {
    /// An authority other than the one that entered it, and not the member concerned; to cancel, also that one.
    fn is_decided(&self, cx: &Context<'_>, entry: &CreditEntry) -> bool {
        cx.signers.members.iter().any(|(id, member)| {
            let authority = member.is(Role::Regulator) || member.is(Role::Exchange);
            let own = *id == entry.regulator && self.upheld;
            authority && !own && *id != entry.member
        })
    }
}

impl Rule for Decide {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(entry) = cx.named::<CreditEntry>(self.event, verdict)? else { return Ok(()) };
        match entry.state {
            CreditState::Appealed { on, .. } => cx.not_before(self.on, on, verdict),
            CreditState::Entered if !self.upheld => cx.not_before(self.on, entry.entered, verdict),
            _ => refuse_state(self.event, &entry, verdict),
        }
        if !self.is_decided(cx, &entry) {
            let refusal = Refusal::new(Code::CreditDecider).about(self.event);
            verdict.refuse(refusal.because_of(entry.regulator));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut entry: CreditEntry = effects.must(&self.event)?;
        let (decision, on) = (self.decision, self.on);
        if self.upheld {
            entry.state = CreditState::Upheld { decision, on };
        } else {
            entry.state = CreditState::Cancelled { decision, on };
            close(effects, entry.member)?;
        }
        effects.put(&self.event, &entry)
    }
}

/// One entry less stands against a member.
fn close(effects: &mut Effects<'_, '_>, member: MemberId) -> Result<(), Fault> {
    let mut credit: MemberCredit = effects.must(&member)?;
    let none = || Fault::Contradiction(format!("{member} has fewer credit entries than none"));
    credit.open = credit.open.checked_sub(1).ok_or_else(none)?;
    effects.put(&member, &credit)
}

impl Rule for Repair {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(!cx.role_signed(Role::Regulator), Code::CreditRegulatorOnly);
        let Some(entry) = cx.named::<CreditEntry>(self.event, verdict)? else { return Ok(()) };
        member_signs(cx, self.event, entry.member, verdict)?;
        cx.not_before(self.on, entry.entered, verdict);
        let days = cx.parameters.credit_appeal_days;
        match entry.state {
            CreditState::Cancelled { .. } | CreditState::Repaired { .. } => {
                refuse_state(self.event, &entry, verdict);
            }
            _ if !entry.is_final(cx.today, days) => {
                let refusal = Refusal::new(Code::CreditNotFinal).about(self.event);
                verdict.refuse(refusal.with(format!("appeals until {}", entry.appeal_until(days))));
            }
            _ => {}
        }
        if let CreditGround::RefusalToPerform { case } = entry.ground
            && !matches!(cx.must::<DisputeCase>(&case)?.state, CaseState::Performed { .. })
        {
            verdict.refuse(Refusal::new(Code::CreditNotPerformed).about(self.event).because_of(case));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut entry: CreditEntry = effects.must(&self.event)?;
        entry.state = CreditState::Repaired { evidence: self.evidence, on: self.on };
        close(effects, entry.member)?;
        effects.put(&self.event, &entry)
    }

    fn may_wait(&self) -> bool {
        true
    }
}
