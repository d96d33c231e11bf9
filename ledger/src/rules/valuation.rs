//! Rules for valuations: who values what by which method, and how long a value counts.

use super::{Context, Effects, Rule, Verdict};
use crate::act::member::Role;
use crate::act::valuation::{ValuationMethod, Value};
use crate::identifier::{PatentId, ValuationId};
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Member, Valuation};

/// Refuses a valuation that no longer counts, or that is not of all these patents.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn check_counts(
    cx: &Context<'_>,
    id: ValuationId,
    patents: &[PatentId],
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    let Some(valuation) = cx.named::<Valuation>(id, verdict)? else { return Ok(()) };
    let last = valuation.counts_until(cx.parameters.valuation_months);
    if last < cx.today {
        let refusal = Refusal::new(Code::ValuationStale).about(id);
        verdict.refuse(refusal.with(format!("as of {}, counts until {last}", valuation.on)));
    }
    for patent in patents.iter().filter(|patent| !valuation.patents.contains(patent)) {
        verdict.refuse(Refusal::new(Code::ValuationPatents).about(*patent).because_of(id));
    }
    Ok(())
}

impl Rule for Value {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.patents.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        cx.not_future(self.on, verdict);
        let last = self.on.add_months(u32::from(cx.parameters.valuation_months));
        if last < cx.today {
            let figures = format!("as of {}, counts until {last}", self.on);
            verdict.refuse(Refusal::new(Code::ValuationStale).with(figures));
        }
        if self.method == ValuationMethod::Tool && self.tool.is_none() {
            verdict.refuse(Refusal::new(Code::FieldMissing).with("tool"));
        }
        for id in &self.patents {
            if let Some((_, status)) = cx.patent(*id, verdict)? {
                cx.in_force(*id, &status, Code::PatentNotInForce, verdict);
            }
        }
        let author = cx.must::<Member>(&cx.author)?;
        let role = if self.method == ValuationMethod::BankInternal { Role::Bank } else { Role::Appraiser };
        if !author.is(role) {
            verdict.refuse(Refusal::new(Code::ValuationAppraiser).because_of(cx.author));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let valuation = Valuation {
            patents: self.patents.clone(),
            appraiser: effects.author,
            method: self.method,
            band: self.band,
            value: self.value,
            on: self.on,
            tool: self.tool.clone(),
        };
        effects.put(&ValuationId::new(effects.position, 0), &valuation)
    }
}
