//! Rules for risk-compensation funds: no more goes out than is there, once for one default, and no more comes back.

use super::{Context, Effects, Rule, Verdict, pledges};
use crate::act::member::Role;
use crate::act::risk::{Compensate, Contribute, Recover};
use crate::identifier::{MemberId, Money, Rate, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{Compensation, Fault, FundAccount, Member, Pledge, Read};

/// The account of a fund; an empty one before anything is paid in.
fn account(state: &impl Read, fund: MemberId) -> Result<FundAccount, Fault> {
    Ok(state.find(&fund)?.unwrap_or_default())
}

/// The member is a fund and signs.
fn fund_signs(cx: &Context<'_>, fund: MemberId, verdict: &mut Verdict) -> Result<(), Fault> {
    let Some(member) = cx.named::<Member>(fund, verdict)? else { return Ok(()) };
    if !member.is(Role::Fund) {
        verdict.refuse(Refusal::new(Code::FundRole).about(fund));
    }
    cx.need(fund, None, Code::FundRequired, verdict)
}

/// Refuses an amount of nothing, or a sum that cannot be counted.
fn check_sum(before: Money, amount: Money, verdict: &mut Verdict) {
    let countable = amount != Money::ZERO && before.checked_add(amount).is_some();
    verdict.refuse_if(!countable, Code::FundAmount);
}

/// The sum that was checked.
fn sum(before: Money, amount: Money) -> Result<Money, Fault> {
    let unchecked = || Fault::Contradiction("a sum beyond counting was not refused".into());
    before.checked_add(amount).ok_or_else(unchecked)
}

impl Rule for Contribute {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.not_future(self.on, verdict);
        fund_signs(cx, self.fund, verdict)?;
        verdict.refuse_if(cx.author == self.fund, Code::DuplicateEntry);
        let account = account(cx, self.fund)?;
        // What comes back is counted beside what was paid in, so their sum stays countable too.
        check_sum(account.contributed, self.amount, verdict);
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut account = account(effects.overlay, self.fund)?;
        account.contributed = sum(account.contributed, self.amount)?;
        effects.put(&self.fund, &account)
    }
}

impl Rule for Compensate {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        fund_signs(cx, self.fund, verdict)?;
        let account = account(cx, self.fund)?;
        check_sum(account.paid, self.payout, verdict);
        verdict.refuse_if(self.share == Rate::ZERO, Code::FundAmount);
        match account.holds() {
            Some(held) if self.payout <= held => {}
            held => {
                let held = held.map_or_else(|| "beyond counting".into(), |held| held.to_string());
                let figures = format!("{} of {held} yuan", self.payout);
                verdict.refuse(Refusal::new(Code::FundInsufficient).about(self.fund).with(figures));
            }
        }
        let Some(pledge) = cx.named::<Pledge>(self.pledge, verdict)? else { return Ok(()) };
        verdict.refuse_if(pledge.pledgee == self.fund, Code::DuplicateEntry);
        let refusal = Refusal::new(Code::PledgePledgeeRequired).about(self.pledge);
        cx.need_over(pledge.pledgee, &pledge.patents, refusal, verdict)?;
        match pledges::course(cx, self.pledge)?.default {
            None => {
                cx.not_future(self.on, verdict);
                verdict.refuse(Refusal::new(Code::RiskNoDefault).about(self.pledge));
            }
            Some(default) => {
                cx.not_before(self.on, default.on, verdict);
                if let Some(record) = default.compensated {
                    verdict.refuse(Refusal::new(Code::RiskCompensated).about(self.pledge).because_of(record));
                }
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let record = RecordId::new(effects.position);
        let mut course = pledges::course(effects.overlay, self.pledge)?;
        let unchecked = || Fault::Contradiction("a compensation without a default was not refused".into());
        let default = course.default.as_mut().ok_or_else(unchecked)?;
        default.compensated = Some(record);
        let compensation = Compensation {
            fund: self.fund,
            pledge: self.pledge,
            pledgee: effects.must::<Pledge>(&self.pledge)?.pledgee,
            default: default.by,
            loss: self.loss,
            share: self.share,
            payout: self.payout,
            recovered: Money::ZERO,
            on: self.on,
        };
        effects.put(&record, &compensation)?;
        effects.put(&self.pledge, &course)?;
        let mut account = account(effects.overlay, self.fund)?;
        account.paid = sum(account.paid, self.payout)?;
        account.compensations += 1;
        effects.put(&self.fund, &account)
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Rule for Recover {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(compensation) = cx.named::<Compensation>(self.compensation, verdict)? else {
            return Ok(());
        };
        cx.not_before(self.on, compensation.on, verdict);
        cx.need(compensation.fund, None, Code::FundRequired, verdict)?;
        cx.need(compensation.pledgee, None, Code::PledgePledgeeRequired, verdict)?;
        verdict.refuse_if(self.amount == Money::ZERO, Code::FundAmount);
        let back = compensation.recovered.checked_add(self.amount);
        if back.is_none_or(|back| back > compensation.payout) {
            let refusal = Refusal::new(Code::RiskRecoveryExceeds).about(self.compensation);
            let (back, payout) = (compensation.recovered, compensation.payout);
            verdict.refuse(refusal.with(format!("{back} + {} of {payout} yuan", self.amount)));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut compensation: Compensation = effects.must(&self.compensation)?;
        compensation.recovered = sum(compensation.recovered, self.amount)?;
        effects.put(&self.compensation, &compensation)?;
        let mut account = account(effects.overlay, compensation.fund)?;
        account.recovered = sum(account.recovered, self.amount)?;
        effects.put(&compensation.fund, &account)
    }

    fn may_wait(&self) -> bool {
        true
    }
}
