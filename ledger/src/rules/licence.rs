//! Rules.
use super::{Context, Effects, Rule, Verdict};
use crate::act::licence::{Grant, Record, End};
use crate::state::Fault;
impl Rule for Grant {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
impl Rule for Record {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
impl Rule for End {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
