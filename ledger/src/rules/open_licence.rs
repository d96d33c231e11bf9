//! Rules.
use super::{Context, Effects, Rule, Verdict};
use crate::act::open_licence::{Declare, Announce, Notice, Pay, Withdraw, Close};
use crate::state::Fault;
impl Rule for Declare {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
impl Rule for Announce {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
impl Rule for Notice {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
impl Rule for Pay {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
impl Rule for Withdraw {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
impl Rule for Close {
    fn check(&self, _cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(true, crate::refusal::Code::PendingNotAllowed);
        Ok(())
    }
    fn apply(&self, _effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        Ok(())
    }
}
