//! Rules for portfolios: a holder puts together what it owns.

use super::{Context, Effects, Rule, Verdict};
use crate::act::portfolio::{End, Form};
use crate::identifier::RecordId;
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Portfolio};

impl Rule for Form {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.patents.len() < 2 || self.field.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        cx.once(&self.field, verdict);
        for id in &self.patents {
            let Some((patent, status)) = cx.patent(*id, verdict)? else { continue };
            if !cx.owns(cx.author, &patent)? {
                verdict.refuse(Refusal::new(Code::NotOwner).about(*id).because_of(cx.author));
            }
            cx.in_force(*id, &status, Code::PatentNotInForce, verdict);
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let portfolio = Portfolio {
            name: self.name.clone(),
            holder: effects.author,
            field: self.field.clone(),
            patents: self.patents.clone(),
            formed: effects.today,
            ended: None,
        };
        effects.put(&RecordId::new(effects.position), &portfolio)
    }
}

impl Rule for End {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(portfolio) = cx.named::<Portfolio>(self.portfolio, verdict)? else { return Ok(()) };
        if let Some(record) = portfolio.ended {
            verdict.refuse(Refusal::new(Code::PortfolioState).about(self.portfolio).because_of(record));
        }
        cx.need(portfolio.holder, None, Code::MemberSignatureRequired, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut portfolio: Portfolio = effects.must(&self.portfolio)?;
        portfolio.ended = Some(RecordId::new(effects.position));
        effects.put(&self.portfolio, &portfolio)
    }
}
