//! Rules for pledges: what bars one, when it arises, who lets it go (CC 425–446; 专利权质押登记办法).

use super::{Context, Effects, Rule, Verdict, duties, pledges};
use crate::act::member::Role;
use crate::act::pledge::{Apply, Change, Consent, Register, Release, ReleaseCause, Revoke};
use crate::identifier::{Money, PatentId, PledgeId, RecordId, RecordalKind, Term};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, Member, Patent, PatentStatus, Pledge, PledgeChanged, PledgeConsent, PledgeCourse, PledgeState,
    RecordalTaken,
};

/// What the parties agreed that decides whether a patent can be pledged.
struct Terms {
    debt_term: Option<Term>,
    insist_same_day: bool,
    insist_invalidation: bool,
    open_continues: bool,
}

/// The debt ends no later than the patent.
fn check_debt_term(
    cx: &Context<'_>,
    id: PatentId,
    status: &PatentStatus,
    debt_term: Option<Term>,
    verdict: &mut Verdict,
) {
    let last = cx.term_last(id, status, verdict);
    if let Some((debt, last)) = debt_term.zip(last).filter(|(debt, last)| debt.last() > *last) {
        let refusal = Refusal::new(Code::PledgeDebtExceedsTerm).about(id);
        verdict.refuse(refusal.with(format!("debt until {}, patent until {last}", debt.last())));
    }
}

impl Terms {
    /// The grounds of refusal that lie in the patent: asked at the application, and again at the registration.
    fn check(
        &self,
        cx: &Context<'_>,
        id: PatentId,
        patent: &Patent,
        status: &PatentStatus,
        verdict: &mut Verdict,
    ) {
        cx.in_force(id, status, Code::PledgeNotGranted, verdict);
        cx.annuity_paid(id, status, verdict);
        cx.free(id, status, verdict);
        check_debt_term(cx, id, status, self.debt_term, verdict);
        if let Some(pledge) = status.pledge {
            verdict.refuse(Refusal::new(Code::PledgeAlready).about(id).because_of(pledge));
        }
        if let Some(number) = patent.same_day.filter(|_| !self.insist_same_day) {
            verdict.refuse(Refusal::new(Code::PledgeSameDayAck).about(id).with(number));
        }
        if let Some(record) = status.invalidation.filter(|_| !self.insist_invalidation) {
            verdict.refuse(Refusal::new(Code::PledgeInvalidationAck).about(id).because_of(record));
        }
        if let Some(declaration) = status.declaration.filter(|_| status.open && !self.open_continues) {
            let refusal = Refusal::new(Code::PledgeContinuationRequired).about(id);
            verdict.refuse(refusal.because_of(declaration));
        }
    }
}

impl Apply {
    /// The contents that a pledge contract must have (art. 8).
    fn check_contents(&self, verdict: &mut Verdict) {
        let contents = [
            ("patents", !self.patents.is_empty()),
            ("pledgors", !self.pledgors.is_empty()),
            ("debt_term", self.debt_term.is_some()),
            ("scope", self.scope.is_some()),
            ("maximum", self.maximum != Some(Money::ZERO)),
        ];
        for (content, _) in contents.into_iter().filter(|(_, there)| !there) {
            verdict.refuse(Refusal::new(Code::PledgeFieldMissing).with(content));
        }
    }

    fn terms(&self) -> Terms {
        Terms {
            debt_term: self.debt_term,
            insist_same_day: self.insist_same_day,
            insist_invalidation: self.insist_invalidation,
            open_continues: self.open_continues,
        }
    }
}

impl Rule for Apply {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        self.check_contents(verdict);
        cx.once(&self.patents, verdict);
        cx.once(&self.pledgors, verdict);
        verdict.refuse_if(self.forfeiture, Code::PledgeForfeitureClause);
        for id in &self.patents {
            let Some((patent, status)) = cx.patent(*id, verdict)? else { continue };
            self.terms().check(cx, *id, &patent, &status, verdict);
            cx.are_owners(*id, &patent, &self.pledgors, Code::PledgeNotOwner, verdict);
            // Both sides apply together, so either may bring the application.
            if cx.author == self.pledgee {
                cx.owners_sign(*id, &patent, verdict)?;
            } else {
                cx.all_owners(*id, &patent, Code::PledgeNotOwner, verdict)?;
            }
        }
        if cx.named::<Member>(self.pledgee, verdict)?.is_some() {
            let refusal = Refusal::new(Code::PledgePledgeeRequired);
            cx.need_over(self.pledgee, &self.patents, refusal, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let unchecked = || Fault::Contradiction("a pledge without its contents was not refused".into());
        let pledge = Pledge {
            patents: self.patents.clone(),
            pledgors: self.pledgors.clone(),
            pledgee: self.pledgee,
            debt: self.debt,
            contract: self.contract,
            debt_term: self.debt_term.ok_or_else(unchecked)?,
            scope: self.scope.clone().ok_or_else(unchecked)?,
            maximum: self.maximum,
            insist_same_day: self.insist_same_day,
            insist_invalidation: self.insist_invalidation,
            open_continues: self.open_continues,
            applied: effects.today,
            registration: None,
            state: PledgeState::Applied,
        };
        effects.put(&PledgeId::new(effects.position, 0), &pledge)
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Rule for Register {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        if self.number.kind() == Some(RecordalKind::Licence) {
            verdict.refuse(Refusal::new(Code::RecordalNumber).with(self.number));
        }
        if let Some(taken) = cx.find::<RecordalTaken>(&RecordalTaken::key_of(self.number))? {
            verdict.refuse(Refusal::new(Code::RecordalDuplicate).because_of(taken.record).with(self.number));
        }
        let Some(pledge) = cx.named::<Pledge>(self.pledge, verdict)? else { return Ok(()) };
        if pledge.state != PledgeState::Applied {
            pledges::refuse_state(self.pledge, &pledge, verdict);
            return Ok(());
        }
        cx.not_before(self.on, pledge.applied, verdict);
        let terms = Terms {
            debt_term: Some(pledge.debt_term),
            insist_same_day: pledge.insist_same_day,
            insist_invalidation: pledge.insist_invalidation,
            open_continues: pledge.open_continues,
        };
        for id in &pledge.patents {
            let (patent, status) = (cx.must(id)?, cx.must(id)?);
            terms.check(cx, *id, &patent, &status, verdict);
            let agreed = (self.pledge.position(), &*pledge.pledgors);
            cx.owners_stayed(*id, &patent, agreed, Code::PledgeNotOwner, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pledge: Pledge = effects.must(&self.pledge)?;
        pledge.state = PledgeState::Registered;
        pledge.registration = Some((self.number, self.on));
        effects.put(&self.pledge, &pledge)?;
        let taken = RecordalTaken { record: RecordId::new(effects.position) };
        effects.put(&RecordalTaken::key_of(self.number), &taken)?;
        for member in pledges::bound(effects.overlay, &pledge)? {
            duties::add(effects.overlay, member)?;
        }
        for id in &pledge.patents {
            effects.touch(*id, |status| status.pledge = Some(self.pledge))?;
        }
        Ok(())
    }
}

impl Rule for Release {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        let Some(pledge) = cx.named::<Pledge>(self.pledge, verdict)? else { return Ok(()) };
        let realised = self.cause == ReleaseCause::Realised;
        // A court that had the patents sold has the pledge struck out too.
        if !(realised && cx.role_signed(Role::Court)) {
            let refusal = Refusal::new(Code::PledgeCancelPledgeeSign).about(self.pledge);
            cx.need_over(pledge.pledgee, &pledge.patents, refusal, verdict)?;
        }
        match pledge.registration {
            Some((_, registered)) if pledge.state == PledgeState::Registered => {
                cx.not_before(self.on, registered, verdict);
            }
            _ => pledges::refuse_state(self.pledge, &pledge, verdict),
        }
        if realised && pledges::course(cx, self.pledge)?.disposals.is_empty() {
            verdict.refuse(Refusal::new(Code::DisposalNone).about(self.pledge));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let released = PledgeState::Released { cause: self.cause, on: self.on };
        pledges::end(effects, self.pledge, released)
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        patents_of(cx, self.pledge)
    }

    fn may_wait(&self) -> bool {
        true
    }
}

fn patents_of(cx: &Context<'_>, id: PledgeId) -> Result<Vec<PatentId>, Fault> {
    Ok(cx.find::<Pledge>(&id)?.map(|pledge| pledge.patents.to_vec()).unwrap_or_default())
}

impl Rule for Consent {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        if !pledges::CONSENTABLE.contains(&self.act) {
            verdict.refuse(Refusal::new(Code::PledgeConsentKind).about(self.pledge).with(self.act));
        }
        let Some(pledge) = cx.named::<Pledge>(self.pledge, verdict)? else { return Ok(()) };
        let refusal = Refusal::new(Code::PledgeeConsentRequired).about(self.pledge);
        cx.need_over(pledge.pledgee, &pledge.patents, refusal, verdict)?;
        if pledge.state != PledgeState::Registered {
            pledges::refuse_state(self.pledge, &pledge, verdict);
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let consent = (self.pledge, self.act);
        if self.until < effects.today {
            return pledges::take_back(effects, consent);
        }
        effects.put(&consent, &PledgeConsent { conditions: self.conditions, until: self.until })
    }
}

impl Change {
    /// The pledge as it is to be.
    fn changed(&self, pledge: &Pledge) -> Pledge {
        let mut patents = pledge.patents.to_vec();
        patents.retain(|patent| !self.released.contains(patent));
        Pledge {
            patents: patents.try_into().expect("it has no more patents than before"),
            debt: self.debt.unwrap_or(pledge.debt),
            contract: self.contract.unwrap_or(pledge.contract),
            debt_term: self.debt_term.unwrap_or(pledge.debt_term),
            scope: self.scope.clone().unwrap_or_else(|| pledge.scope.clone()),
            maximum: self.maximum.or(pledge.maximum),
            ..pledge.clone()
        }
    }

    /// What is taken out was in, and something stays.
    fn check_released(&self, cx: &Context<'_>, pledge: &Pledge, verdict: &mut Verdict) {
        cx.once(&self.released, verdict);
        for patent in self.released.iter().filter(|patent| !pledge.patents.contains(patent)) {
            verdict.refuse(Refusal::new(Code::PledgeChangePatents).about(*patent).because_of(self.pledge));
        }
        if pledge.patents.iter().all(|patent| self.released.contains(patent)) {
            verdict.refuse(Refusal::new(Code::PledgeChangePatents).because_of(self.pledge));
        }
    }

    /// Only a maximum-amount pledge has a maximum and a day on which its debt is fixed; from that day on neither changes.
    fn check_maximum(&self, cx: &Context<'_>, pledge: &Pledge, course: &PledgeCourse, verdict: &mut Verdict) {
        if self.maximum == Some(Money::ZERO) {
            verdict.refuse(Refusal::new(Code::PledgeFieldMissing).with("maximum"));
        }
        if self.maximum.is_none() && self.fixed.is_none() {
            return;
        }
        let refusal = Refusal::new(Code::PledgeNotMaximum).about(self.pledge);
        match (pledge.maximum, course.fixed_on(pledge, cx.today)) {
            (None, _) => verdict.refuse(refusal),
            (Some(_), Some(fixed)) => verdict.refuse(refusal.with(format!("fixed {fixed}"))),
            (Some(_), None) => {}
        }
    }
}

impl Rule for Change {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        let Some((pledge, registered)) = pledges::registered(cx, self.pledge, verdict)? else {
            return Ok(());
        };
        cx.not_before(self.agreed, registered, verdict);
        cx.not_before(self.on, self.agreed, verdict);
        if let Some(fixed) = self.fixed {
            cx.not_before(fixed, registered, verdict);
        }
        self.check_released(cx, &pledge, verdict);
        self.check_maximum(cx, &pledge, &pledges::course(cx, self.pledge)?, verdict);
        let changed = self.changed(&pledge);
        if changed == pledge && self.fixed.is_none() {
            verdict.refuse(Refusal::new(Code::PledgeChangeEmpty).about(self.pledge));
        }
        for id in &pledge.patents {
            let (patent, status): (Patent, PatentStatus) = (cx.must(id)?, cx.must(id)?);
            // A patent that has ended or is frozen may leave the pledge; what stays must bear it.
            if changed.patents.contains(id) {
                cx.in_force(*id, &status, Code::PledgeNotGranted, verdict);
                cx.free(*id, &status, verdict);
                check_debt_term(cx, *id, &status, self.debt_term, verdict);
            }
            pledges::owners_sign(cx, *id, &patent, verdict)?;
        }
        cx.parties_sign(&pledge.pledgors, None, Code::PledgePledgorRequired, verdict)?;
        let refusal = Refusal::new(Code::PledgePledgeeRequired).about(self.pledge);
        cx.need_over(pledge.pledgee, &pledge.patents, refusal, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let pledge: Pledge = effects.must(&self.pledge)?;
        let mut course = pledges::course(effects.overlay, self.pledge)?;
        let days = i32::from(effects.parameters.pledge_change_days);
        course.changes += 1;
        course.change = Some(PledgeChanged {
            by: RecordId::new(effects.position),
            agreed: self.agreed,
            on: self.on,
            late: self.on > self.agreed.add_days(days),
        });
        // A debt that its old term's end fixed stays fixed under a longer one.
        if pledge.maximum.is_some() {
            course.fixed = self.fixed.or_else(|| course.fixed_on(&pledge, effects.today));
        }
        effects.put(&self.pledge, &course)?;
        effects.put(&self.pledge, &self.changed(&pledge))?;
        for id in &pledge.patents {
            let released = self.released.contains(id);
            effects.touch(*id, |status| status.pledge = status.pledge.filter(|_| !released))?;
        }
        Ok(())
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        patents_of(cx, self.pledge)
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Rule for Revoke {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        if let Some((_, registered)) = pledges::registered(cx, self.pledge, verdict)? {
            cx.not_before(self.on, registered, verdict);
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let revoked = PledgeState::Revoked { ground: self.ground, on: self.on };
        pledges::end(effects, self.pledge, revoked)
    }
}
