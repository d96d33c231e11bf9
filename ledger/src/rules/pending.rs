//! Gather consents: the one mechanism for every act that needs signatures which are still to come.
//!
//! An act that is allowed but for missing signatures stands as pending if its author asked for that. Each party it waits
//! for consents, in any order; with the last consent the rules are checked again and it takes effect. If what the
//! consents rest on has changed meanwhile (owners, pledge, life, licences, the rule set), no consent counts any more.

use super::{Case, Context, Effects, Rule, Signers, Verdict};
use crate::act::consent::{Decline, Give};
use crate::act::Act;
use crate::envelope::Core;
use crate::identifier::{MemberId, PendingId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, Member, Overlay, Patent, PatentStatus, Pending, PendingState, Read, StateKey, Substance, View,
};
use std::collections::BTreeMap;

/// Writes an act as pending, waiting for `missing`.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(crate) fn suspend(
    overlay: &mut Overlay<'_>,
    case: &Case<'_>,
    core: &Core,
    missing: &[MemberId],
) -> Result<PendingId, Fault> {
    let bounded = |_| Fault::Contradiction("a pending act beyond its bounds was not refused".into());
    let patents = core.act.rule().patents(&Context::new(overlay, case))?;
    let substance: Vec<_> =
        patents.iter().map(|id| substance_of(overlay, *id)).collect::<Result<_, Fault>>()?;
    let pending = Pending {
        author: core.author,
        kind: core.act.kind(),
        schema: core.act.schema(),
        body: core.act.body().try_into().map_err(bounded)?,
        given: case.signers.members.keys().copied().collect::<Vec<_>>().try_into().map_err(bounded)?,
        missing: missing.to_vec().try_into().map_err(bounded)?,
        substance: substance.try_into().map_err(bounded)?,
        rule_set: case.parameters.rule_set,
        deadline: core.gather_until.unwrap_or(case.time),
        state: PendingState::Waiting,
    };
    let id = PendingId::new(case.position, 0);
    overlay.put(&id, &pending)?;
    Ok(id)
}

/// Reasons why an act whose signatures are not complete cannot stand as pending.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(crate) fn may_suspend(cx: &Context<'_>, core: &Core, verdict: &mut Verdict) -> Result<(), Fault> {
    let act = &core.act;
    let patents = act.rule().patents(cx)?;
    let fits = act.body().len() <= crate::state::ACT_BODY_LIMIT && patents.len() <= 64;
    verdict.refuse_if(!act.rule().may_wait() || !fits, Code::PendingNotAllowed);
    let longest = cx.time.plus_milliseconds(cx.parameters.gather);
    if let Some(until) = core.gather_until
        && (until <= cx.time || until > longest)
    {
        verdict.refuse(Refusal::new(Code::GatherTime).with(format!("{until}, at most {longest}")));
    }
    Ok(())
}

fn substance_of(state: &impl Read, id: crate::identifier::PatentId) -> Result<Substance, Fault> {
    Ok(Substance::of(id, &state.must::<Patent>(&id)?, &state.must::<PatentStatus>(&id)?))
}

/// Whether everything that the consents rest on is as it was.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(crate) fn is_fresh(state: &impl Read, rule_set: u16, pending: &Pending) -> Result<bool, Fault> {
    for substance in &pending.substance {
        if substance_of(state, substance.patent)? != *substance {
            return Ok(false);
        }
    }
    Ok(pending.rule_set == rule_set)
}

fn act_of(id: PendingId, pending: &Pending) -> Result<Act, Fault> {
    let key = StateKey::of::<Pending>(&id);
    pending.act().map_err(|error| Fault::Corrupt { key, reason: error.to_string() })
}

/// The signers of a pending act once `consenting` has consented too.
fn gathered(
    state: &dyn View,
    pending: &Pending,
    consenting: &BTreeMap<MemberId, Member>,
) -> Result<Signers, Fault> {
    let mut members = consenting.clone();
    for id in &pending.given {
        members.insert(*id, state.must(id)?);
    }
    Ok(Signers { members, ..Signers::default() })
}

/// The circumstances of a pending act when the consent `cx` completes it.
fn completed<'a>(case: &Case<'a>, pending: &Pending, signers: &'a Signers) -> Case<'a> {
    Case { author: pending.author, signers, kind: pending.kind, ..case.clone() }
}

/// The parties among the signers that the pending act still waits for, agents counting for their principals.
fn answering(cx: &Context<'_>, pending: &Pending) -> Result<Vec<MemberId>, Fault> {
    let mut answering = Vec::new();
    // An agent's power must name the act that waits, not the consent to it.
    let case = Case { kind: pending.kind, ..(**cx).clone() };
    let cx = Context::new(cx, &case);
    let patents: Vec<_> = pending.substance.iter().map(|substance| substance.patent).collect();
    for member in &pending.missing {
        let mut signed = cx.signed_for(*member, patents.first().copied())?;
        for patent in patents.iter().skip(1) {
            signed &= cx.signed_for(*member, Some(*patent))?;
        }
        if signed {
            answering.push(*member);
        }
    }
    Ok(answering)
}

fn waiting(cx: &Context<'_>, id: PendingId, verdict: &mut Verdict) -> Result<Option<Pending>, Fault> {
    let Some(pending) = cx.named::<Pending>(id, verdict)? else { return Ok(None) };
    if pending.state != PendingState::Waiting || pending.deadline < cx.time {
        let refusal = Refusal::new(Code::PendingNotWaiting).about(id);
        verdict.refuse(match pending.state {
            PendingState::Effective { by } => refusal.because_of(by),
            PendingState::Declined { by } => refusal.because_of(by),
            _ => refusal.with(format!("deadline {}", pending.deadline)),
        });
        return Ok(None);
    }
    Ok(Some(pending))
}

impl Rule for Give {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(pending) = waiting(cx, self.pending, verdict)? else { return Ok(()) };
        let answering = answering(cx, &pending)?;
        if answering.is_empty() {
            verdict.refuse(Refusal::new(Code::PendingNotAwaited).about(self.pending).because_of(cx.author));
            return Ok(());
        }
        if !is_fresh(cx, cx.parameters.rule_set, &pending)? {
            let refusal = Refusal::new(Code::PendingStale).about(self.pending);
            verdict.refuse(refusal);
        }
        if pending.missing.iter().all(|member| answering.contains(member)) {
            let signers = gathered(cx, &pending, &cx.signers.members)?;
            let case = completed(cx, &pending, &signers);
            act_of(self.pending, &pending)?.rule().check(&Context::new(cx, &case), verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pending: Pending = effects.must(&self.pending)?;
        let answering = answering(&Context::new(effects.overlay, effects.case), &pending)?;
        pending.missing.retain(|member| !answering.contains(member));
        if !pending.missing.is_empty() {
            // The consenting members stand beside those that signed: an agent's signature is looked up again at the end.
            for member in effects.case.signers.members.keys() {
                if !pending.given.contains(member) {
                    let full = |_| Fault::Contradiction(format!("{} has too many signers", self.pending));
                    pending.given.push(*member).map_err(full)?;
                }
            }
            return effects.put(&self.pending, &pending);
        }
        let signers = gathered(effects.overlay, &pending, &effects.case.signers.members)?;
        pending.state = PendingState::Effective { by: RecordId::new(effects.position) };
        effects.put(&self.pending, &pending)?;
        let case = completed(effects.case, &pending, &signers);
        act_of(self.pending, &pending)?.rule().apply(&mut Effects::new(effects.overlay, &case))
    }
}

impl Rule for Decline {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(pending) = waiting(cx, self.pending, verdict)? else { return Ok(()) };
        let own = cx.signed_for(pending.author, None)?;
        if !own && answering(cx, &pending)?.is_empty() {
            verdict.refuse(Refusal::new(Code::PendingNotAwaited).about(self.pending).because_of(cx.author));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pending: Pending = effects.must(&self.pending)?;
        pending.state = PendingState::Declined { by: effects.author };
        effects.put(&self.pending, &pending)
    }
}
