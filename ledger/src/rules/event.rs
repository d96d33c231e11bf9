//! Rules for events: an exchange or an operation centre holds them, and says once what came of them.

use super::{Context, Effects, Rule, Verdict, stock};
use crate::act::event::{Hold, Outcome};
use crate::identifier::{EventId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{EventResult, Fault, MatchingEvent, Member, Patent, TechnicalContract};

impl Rule for Hold {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        stock::office(cx, verdict);
        verdict.refuse_if(self.patents.is_empty() && self.members.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        cx.once(&self.members, verdict);
        for patent in &self.patents {
            cx.named::<Patent>(*patent, verdict)?;
        }
        for member in &self.members {
            cx.named::<Member>(*member, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let event = MatchingEvent {
            kind: self.kind,
            name: self.name.clone(),
            organiser: effects.author,
            on: self.on,
            industry: self.industry,
            region: self.region,
            patents: self.patents.clone(),
            members: self.members.clone(),
            result: None,
        };
        effects.put(&EventId::new(effects.position, 0), &event)
    }
}

impl Rule for Outcome {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.once(&self.contracts, verdict);
        for contract in &self.contracts {
            cx.named::<TechnicalContract>(*contract, verdict)?;
        }
        let Some(event) = cx.named::<MatchingEvent>(self.event, verdict)? else { return Ok(()) };
        cx.not_future(event.on, verdict);
        if let Some(result) = event.result {
            verdict.refuse(Refusal::new(Code::EventReported).about(self.event).because_of(result.record));
        }
        cx.need(event.organiser, None, Code::MemberSignatureRequired, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut event: MatchingEvent = effects.must(&self.event)?;
        event.result = Some(EventResult {
            intents: self.intents,
            contracts: self.contracts.clone(),
            report: self.report,
            record: RecordId::new(effects.position),
        });
        effects.put(&self.event, &event)
    }
}
