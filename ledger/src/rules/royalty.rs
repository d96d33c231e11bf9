//! Rules for royalties: which periods are reported, what of it is public, who answers.

use super::licence::a_licensor_signed;
use super::{Context, Effects, Rule, Verdict};
use crate::act::licence::FeeClass;
use crate::act::royalty::{Acknowledge, Report, RoyaltyAmount, RoyaltyAnswer};
use crate::identifier::{LicenceId, RecordId, Term};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, Licence, LicenceOrigin, Overlay, Read, RoyaltyPeriod, RoyaltyPeriods, RoyaltyReport, RoyaltyState,
};

/// The report, not disputed, that covers part of this period of a licence.
fn reported(state: &impl Read, licence: LicenceId, period: Term) -> Result<Option<RoyaltyPeriod>, Fault> {
    for chunk in 0.. {
        let Some(list) = state.find::<RoyaltyPeriods>(&(licence, chunk))? else { break };
        if let Some(found) = list.periods.iter().find(|other| other.period.overlaps(period)) {
            return Ok(Some(*found));
        }
    }
    Ok(None)
}

/// Enters a reported period.
fn enter(overlay: &mut Overlay<'_>, licence: LicenceId, period: RoyaltyPeriod) -> Result<(), Fault> {
    let mut chunk = 0;
    loop {
        let mut list = overlay.find::<RoyaltyPeriods>(&(licence, chunk))?.unwrap_or_default();
        if list.periods.push(period).is_ok() {
            return overlay.put(&(licence, chunk), &list);
        }
        chunk += 1;
    }
}

/// Takes out the period of a report that is disputed.
fn take_out(overlay: &mut Overlay<'_>, licence: LicenceId, report: RecordId) -> Result<(), Fault> {
    for chunk in 0.. {
        let Some(mut list) = overlay.find::<RoyaltyPeriods>(&(licence, chunk))? else { break };
        let before = list.periods.len();
        list.periods.retain(|period| period.report != report);
        if list.periods.len() != before {
            return overlay.put(&(licence, chunk), &list);
        }
    }
    Err(Fault::Contradiction(format!("{report} is missing from the reports of {licence}")))
}

impl Report {
    /// The period is over and lies within the licence's time.
    fn check_period(&self, cx: &Context<'_>, licence: &Licence, verdict: &mut Verdict) {
        let first = licence.term.first();
        let last = licence.last_day().min(cx.today);
        if self.period.first() < first || self.period.last() > last {
            let refusal = Refusal::new(Code::RoyaltyPeriod).about(self.licence);
            verdict.refuse(refusal.with(format!("{}, within {first} to {last}", self.period)));
        }
    }

    /// Negotiated amounts are nobody's but the parties'; those under an open licence follow the announced standard.
    fn check_amounts(&self, licence: &Licence, verdict: &mut Verdict) {
        let public =
            [self.due, self.paid].iter().any(|amount| matches!(amount, RoyaltyAmount::Public { .. }));
        if public && !matches!(licence.origin, LicenceOrigin::Open { .. }) {
            verdict.refuse(Refusal::new(Code::RoyaltyConfidential).about(self.licence));
        }
    }
}

impl Rule for Report {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(licence) = cx.named::<Licence>(self.licence, verdict)? else { return Ok(()) };
        let refusal = Refusal::new(Code::LicenseeRequired).about(self.licence);
        cx.need_over(licence.licensee, &licence.patents, refusal, verdict)?;
        if matches!(licence.fee, FeeClass::Free | FeeClass::Lump) {
            verdict.refuse(Refusal::new(Code::RoyaltyNone).about(self.licence));
        }
        self.check_period(cx, &licence, verdict);
        self.check_amounts(&licence, verdict);
        if let Some(other) = reported(cx, self.licence, self.period)? {
            let refusal = Refusal::new(Code::RoyaltyOverlap).about(self.licence);
            verdict.refuse(refusal.because_of(other.report).with(other.period));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let report = RecordId::new(effects.position);
        let entry = RoyaltyReport {
            licence: self.licence,
            period: self.period,
            base: self.base,
            due: self.due,
            paid: self.paid,
            reported: effects.today,
            state: RoyaltyState::Reported,
        };
        effects.put(&report, &entry)?;
        enter(effects.overlay, self.licence, RoyaltyPeriod { period: self.period, report })
    }
}

impl Rule for Acknowledge {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(report) = cx.named::<RoyaltyReport>(self.report, verdict)? else { return Ok(()) };
        if let RoyaltyState::Acknowledged { by } | RoyaltyState::Disputed { by, .. } = report.state {
            verdict.refuse(Refusal::new(Code::RoyaltyState).about(self.report).because_of(by));
        }
        if !a_licensor_signed(cx, &cx.must(&report.licence)?)? {
            verdict.refuse(Refusal::new(Code::LicencePartyRequired).about(report.licence));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut report: RoyaltyReport = effects.must(&self.report)?;
        let by = RecordId::new(effects.position);
        report.state = match self.answer {
            RoyaltyAnswer::Acknowledged => RoyaltyState::Acknowledged { by },
            RoyaltyAnswer::Disputed { reasons } => RoyaltyState::Disputed { by, reasons },
        };
        if let RoyaltyAnswer::Disputed { .. } = self.answer {
            take_out(effects.overlay, report.licence, self.report)?;
        }
        effects.put(&self.report, &report)
    }
}
