//! Rules.
use super::{Context, Effects, Rule, Verdict};
use crate::act::pledge::{Apply, Register, Release, Consent};
use crate::state::Fault;
impl Rule for Apply {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
impl Rule for Register {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
impl Rule for Release {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
impl Rule for Consent {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
