//! Rules for the realisation of pledges: a default first, then a disposal whose proceeds balance (CC 436–438).

use super::{Context, Effects, Rule, Verdict, pledges};
use crate::act::member::Role;
use crate::act::realisation::{DefaultEvent, DefaultStatement, DisposalMode, Dispose, ProceedsSplit};
use crate::identifier::{Money, PatentId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{DefaultStated, Disposal, Fault, Party, Patent, PatentStatus, Pledge, PledgeCourse};

impl Rule for DefaultStatement {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some((pledge, registered)) = pledges::registered(cx, self.pledge, verdict)? else {
            return Ok(());
        };
        let refusal = Refusal::new(Code::PledgePledgeeRequired).about(self.pledge);
        cx.need_over(pledge.pledgee, &pledge.patents, refusal, verdict)?;
        let course = pledges::course(cx, self.pledge)?;
        let refusal = Refusal::new(Code::PledgeDefaultState).about(self.pledge);
        match (self.event, course.default) {
            (DefaultEvent::Stated { .. }, Some(default)) => verdict.refuse(refusal.because_of(default.by)),
            (DefaultEvent::Stated { .. }, None) => cx.not_before(self.on, registered, verdict),
            (DefaultEvent::Cured, None) => verdict.refuse(refusal),
            (DefaultEvent::Cured, Some(default)) => {
                cx.not_before(self.on, default.on, verdict);
                if let Some(acted) = default.compensated.or(course.disposals.first().copied()) {
                    verdict.refuse(refusal.because_of(acted));
                }
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut course = pledges::course(effects.overlay, self.pledge)?;
        course.default = match self.event {
            DefaultEvent::Stated { evidence } => Some(DefaultStated {
                by: RecordId::new(effects.position),
                on: self.on,
                evidence,
                compensated: None,
            }),
            DefaultEvent::Cured => None,
        };
        effects.put(&self.pledge, &course)?;
        let pledge: Pledge = effects.must(&self.pledge)?;
        for patent in &pledge.patents {
            effects.touch(*patent, |_| ())?;
        }
        Ok(())
    }
}

/// Whether the parts make up the price, and nothing is left over while something of the debt is.
fn balances(split: &ProceedsSplit) -> bool {
    match split {
        ProceedsSplit::Published { price, costs, pledgee, surplus, deficiency } => {
            let sum = costs.checked_add(*pledgee).and_then(|sum| sum.checked_add(*surplus));
            sum == Some(*price) && (*surplus == Money::ZERO || *deficiency == Money::ZERO)
        }
        ProceedsSplit::Withheld { .. } => true,
    }
}

impl Dispose {
    /// Each patent is pledged, in force, not disposed of before, and, unless a court disposes, free.
    fn check_patent(
        &self,
        cx: &Context<'_>,
        id: PatentId,
        (pledge, course): (&Pledge, &PledgeCourse),
        by_court: bool,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let Some((patent, status)): Option<(Patent, PatentStatus)> = cx.patent(id, verdict)? else {
            return Ok(());
        };
        if !pledge.patents.contains(&id) {
            verdict.refuse(Refusal::new(Code::DisposalPatents).about(id).because_of(self.pledge));
        }
        for record in &course.disposals {
            if cx.must::<Disposal>(record)?.patents.contains(&id) {
                verdict.refuse(Refusal::new(Code::DisposalPatents).about(id).because_of(*record));
            }
        }
        cx.in_force(id, &status, Code::PatentNotInForce, verdict);
        if !by_court {
            cx.free(id, &status, verdict);
            pledges::owners_sign(cx, id, &patent, verdict)?;
        }
        Ok(())
    }

    /// The figures balance, an auction's are public, and a maximum-amount pledge secures a fixed debt up to its maximum.
    fn check_proceeds(
        &self,
        cx: &Context<'_>,
        pledge: &Pledge,
        course: &PledgeCourse,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        if !balances(&self.proceeds) {
            verdict.refuse(Refusal::new(Code::DisposalProceedsUnbalanced).about(self.pledge));
        }
        let withheld = matches!(self.proceeds, ProceedsSplit::Withheld { .. });
        if withheld && self.mode == DisposalMode::Auction {
            verdict.refuse(Refusal::new(Code::DisposalFiguresRequired).about(self.pledge));
        }
        let Some(maximum) = pledge.maximum else { return Ok(()) };
        if course.fixed_on(pledge, cx.today).is_none() {
            let refusal = Refusal::new(Code::DisposalDebtNotFixed).about(self.pledge);
            verdict.refuse(refusal.with(format!("term until {}", pledge.debt_term.last())));
        }
        if let ProceedsSplit::Published { pledgee, .. } = self.proceeds {
            // All that the pledgee takes out of the patents, earlier disposals included, is within the maximum.
            let mut taken = Some(pledgee);
            for record in &course.disposals {
                if let ProceedsSplit::Published { pledgee, .. } = cx.must::<Disposal>(record)?.proceeds {
                    taken = taken.and_then(|taken| taken.checked_add(pledgee));
                }
            }
            if taken.is_none_or(|taken| taken > maximum) {
                let refusal = Refusal::new(Code::DisposalAboveMaximum).about(self.pledge);
                verdict.refuse(refusal.with(format!("at most {maximum} yuan")));
            }
        }
        Ok(())
    }
}

impl Rule for Dispose {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.patents.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        let buyer = cx.named::<Party>(self.buyer, verdict)?;
        let Some((pledge, registered)) = pledges::registered(cx, self.pledge, verdict)? else {
            return Ok(());
        };
        let course = pledges::course(cx, self.pledge)?;
        match course.default {
            Some(default) => cx.not_before(self.on, default.on, verdict),
            None => {
                cx.not_before(self.on, registered, verdict);
                verdict.refuse(Refusal::new(Code::DisposalNoDefault).about(self.pledge));
            }
        }
        let by_court = cx.role_signed(Role::Court);
        if !by_court {
            let refusal = Refusal::new(Code::PledgePledgeeRequired).about(self.pledge);
            cx.need_over(pledge.pledgee, &pledge.patents, refusal, verdict)?;
        }
        for id in &self.patents {
            self.check_patent(cx, *id, (&pledge, &course), by_court, verdict)?;
        }
        if let Some(buyer) = buyer
            && self.mode == DisposalMode::AgreedValue
            && buyer.member != Some(pledge.pledgee)
        {
            let refusal = Refusal::new(Code::DisposalBuyer).about(self.pledge);
            verdict.refuse(refusal.because_of(self.buyer));
        }
        self.check_proceeds(cx, &pledge, &course, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let record = RecordId::new(effects.position);
        let mut course = pledges::course(effects.overlay, self.pledge)?;
        course
            .disposals
            .push(record)
            .map_err(|_| Fault::Contradiction(format!("{} was disposed of more than whole", self.pledge)))?;
        effects.put(&self.pledge, &course)?;
        let disposal = Disposal {
            pledge: self.pledge,
            patents: self.patents.clone(),
            mode: self.mode,
            proceeds: self.proceeds,
            buyer: self.buyer,
            document: self.document,
            on: self.on,
        };
        effects.put(&record, &disposal)?;
        for patent in &self.patents {
            effects.touch(*patent, |_| ())?;
        }
        Ok(())
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }

    fn may_wait(&self) -> bool {
        true
    }
}
