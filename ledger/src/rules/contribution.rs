//! Rules for contributions to a company's capital (作价入股): a transfer to the company, for shares instead of a price.

use super::{Context, Effects, Rule, Verdict};
use crate::act::member::Role;
use crate::act::party::PartyKind;
use crate::act::transfer::{Contribute, Propose, Transferee};
use crate::codec::List;
use crate::identifier::{PatentId, TransferId};
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Member, Party, TransferBasis, TransferGround, Valuation};
use std::collections::BTreeSet;

impl Contribute {
    /// The transfer to the company that it is.
    fn transfer(&self) -> Propose {
        let mut to = List::new();
        to.push(Transferee { party: self.company, share: None }).expect("one transferee");
        Propose {
            patents: self.patents.clone(),
            from: self.from.clone(),
            to,
            pricing: self.pricing.clone(),
            export: self.export.clone(),
            funder: self.funder,
            proceeds: self.proceeds,
            contract: self.contract,
        }
    }

    /// Only a company has capital to take part in.
    fn check_company(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(party) = cx.find::<Party>(&self.company)? else { return Ok(()) };
        let member = party.member.map(|member| cx.must::<Member>(&member)).transpose()?;
        let enterprise = member.is_none_or(|member| member.is(Role::Enterprise));
        if party.kind == PartyKind::PublicInstitution || !enterprise {
            verdict.refuse(Refusal::new(Code::EquityCompany).because_of(self.company));
        }
        Ok(())
    }

    /// Every contributor receives a share, and together no more than the whole.
    fn check_capital(&self, verdict: &mut Verdict) {
        let receiving: BTreeSet<_> = self.capital.iter().map(|share| share.owner).collect();
        let sum: u32 = self.capital.iter().map(|share| u32::from(share.share.basis_points())).sum();
        let none = self.capital.iter().any(|share| share.share.basis_points() == 0);
        let complete = receiving == self.from.iter().copied().collect()
            && receiving.len() == self.capital.len()
            && !none
            && sum <= 10_000;
        if !complete {
            verdict.refuse(Refusal::new(Code::EquityShare).with(format!("{sum} of 10000")));
        }
    }

    /// The valuation is not too old, and the one on the ledger, if it names one, is this one.
    fn check_value(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.not_future(self.value.on, verdict);
        let months = u32::from(cx.parameters.valuation_months);
        let last = self.value.on.add_months(months);
        if last < cx.today {
            let refusal = Refusal::new(Code::EquityValuation);
            verdict.refuse(refusal.with(format!("as of {}, counted until {last}", self.value.on)));
        }
        if let Some(id) = self.value.valuation
            && let Some(valuation) = cx.named::<Valuation>(id, verdict)?
        {
            let covers = self.patents.iter().all(|patent| valuation.patents.contains(patent));
            if !covers || valuation.value != self.value.digest || valuation.on != self.value.on {
                verdict.refuse(Refusal::new(Code::EquityValuation).because_of(id).with("another valuation"));
            }
        }
        Ok(())
    }
}

impl Rule for Contribute {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        self.check_company(cx, verdict)?;
        self.check_capital(verdict);
        self.check_value(cx, verdict)?;
        self.transfer().check(cx, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        self.transfer().apply(effects)?;
        let basis = TransferBasis::Contribution { value: self.value.clone(), capital: self.capital.clone() };
        effects.put(&TransferId::new(effects.position, 0), &TransferGround { basis })
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }

    fn may_wait(&self) -> bool {
        true
    }
}
