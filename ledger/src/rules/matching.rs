//! Rules for matching: an exchange pushes, a recipient answers once, an enterprise says what it looks for.

use super::stock::on_scale;
use super::{Context, Effects, Rule, Verdict};
use crate::act::matching::{CloseDemand, DemandOutcome, Feedback, PostDemand, Push, PushPlace, push_leaf};
use crate::act::member::Role;
use crate::hash::Hash;
use crate::identifier::{DemandId, PushId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Demand, Fault, FeedbackGiven, MatchFeedback, MatchPush, Member, Patent, TechnicalContract,
};

impl Rule for Push {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(!cx.must::<Member>(&cx.author)?.is(Role::Exchange), Code::ExchangeOnly);
        verdict.refuse_if(self.patents == 0 || self.recipients == 0, Code::FieldMissing);
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let push = MatchPush {
            exchange: effects.author,
            patents: self.patents,
            patents_root: self.patents_root,
            segment: self.segment,
            recipients: self.recipients,
            recipients_root: self.recipients_root,
            algorithm: self.algorithm.clone(),
            version: self.version,
            on: effects.today,
            feedback: 0,
        };
        effects.put(&PushId::new(effects.position, 0), &push)
    }
}

fn stands(place: &PushPlace, size: u32, leaf: &Hash, root: &Hash) -> bool {
    place.proof.verify(u64::from(place.index), u64::from(size), leaf, root).is_ok()
}

fn enterprise(cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
    if !cx.must::<Member>(&cx.author)?.is(Role::Enterprise) {
        verdict.refuse(Refusal::new(Code::EnterpriseOnly).because_of(cx.author));
    }
    Ok(())
}

impl Rule for Feedback {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        enterprise(cx, verdict)?;
        on_scale("prospect", self.prospect, 5, verdict);
        cx.named::<Patent>(self.patent, verdict)?;
        let Some(push) = cx.named::<MatchPush>(self.push, verdict)? else { return Ok(()) };
        let leaf = push_leaf(&cx.author);
        if !stands(&self.recipient_place, push.recipients, &leaf, &push.recipients_root) {
            verdict.refuse(Refusal::new(Code::FeedbackNotRecipient).about(self.push).because_of(cx.author));
        }
        if !stands(&self.patent_place, push.patents, &push_leaf(&self.patent), &push.patents_root) {
            verdict.refuse(Refusal::new(Code::FeedbackNotPushed).about(self.patent).because_of(self.push));
        }
        if let Some(given) = cx.find::<FeedbackGiven>(&(self.push, cx.author, self.patent))? {
            verdict.refuse(Refusal::new(Code::FeedbackGiven).about(self.patent).because_of(given.record));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let record = RecordId::new(effects.position);
        let member = effects.author;
        let feedback = MatchFeedback {
            push: self.push,
            patent: self.patent,
            member,
            prospect: self.prospect,
            improvement: self.improvement.clone(),
            cooperation: self.cooperation,
            on: effects.today,
        };
        effects.put(&record, &feedback)?;
        effects.put(&(self.push, member, self.patent), &FeedbackGiven { record })?;
        let mut push: MatchPush = effects.must(&self.push)?;
        push.feedback += 1;
        effects.put(&self.push, &push)
    }
}

impl Rule for PostDemand {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        enterprise(cx, verdict)?;
        cx.not_over(self.until, verdict);
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let demand = Demand {
            enterprise: effects.author,
            problem: self.problem.clone(),
            industry: self.industry,
            budget: self.budget,
            joint: self.joint,
            posted: effects.today,
            until: self.until,
            outcome: None,
        };
        effects.put(&DemandId::new(effects.position, 0), &demand)
    }
}

impl Rule for CloseDemand {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        if let DemandOutcome::Met { contract, patents } = &self.outcome {
            if let Some(contract) = contract {
                cx.named::<TechnicalContract>(*contract, verdict)?;
            }
            cx.once(patents, verdict);
            for patent in patents {
                cx.named::<Patent>(*patent, verdict)?;
            }
        }
        let Some(demand) = cx.named::<Demand>(self.demand, verdict)? else { return Ok(()) };
        if demand.outcome.is_some() {
            verdict.refuse(Refusal::new(Code::DemandState).about(self.demand));
        }
        cx.need(demand.enterprise, None, Code::MemberSignatureRequired, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut demand: Demand = effects.must(&self.demand)?;
        demand.outcome = Some(self.outcome.clone());
        effects.put(&self.demand, &demand)
    }
}
