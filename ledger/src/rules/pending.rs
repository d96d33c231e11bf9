//! Gather consents: the one mechanism for every act that needs signatures which are still to come.
//!
//! An act that is allowed but for missing signatures stands as pending if its author asked for that. Each party it waits
//! for consents, in any order; with the last consent the rules are checked again and it takes effect. Who is still
//! waited for is asked of the rules each time, over all who have signed so far: a power that has ended meanwhile makes
//! its principal awaited again. If what the consents rest on has changed (owners, pledge, life, new exclusive or sole
//! licences, the rule set), no consent counts any more.

use super::{Case, Context, Effects, Rule, Signers, Verdict};
use crate::act::Act;
use crate::act::consent::{Decline, Give};
use crate::envelope::Core;
use crate::identifier::{Date, MemberId, PatentId, PendingId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, Member, Overlay, Patent, PatentStatus, Pending, PendingState, Read, Standing, StateKey, Substance,
};
use std::collections::BTreeMap;

/// Patents that a pending act rests on, and members that have signed it or still have to: at most so many each.
const PATENTS: usize = 64;
const PARTIES: usize = 128;

/// Reasons why an act whose signatures are not complete cannot stand as pending.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(crate) fn may_suspend(cx: &Context<'_>, core: &Core, verdict: &mut Verdict) -> Result<(), Fault> {
    let act = &core.act;
    let patents = act.rule().patents(cx)?;
    let fits = act.body().len() <= crate::state::ACT_BODY_LIMIT
        && patents.len() <= PATENTS
        && cx.signers.members.len() <= PARTIES
        && verdict.awaited().len() <= PARTIES;
    verdict.refuse_if(!act.rule().may_wait() || !fits, Code::PendingNotAllowed);
    let longest = cx.time.plus_milliseconds(cx.parameters.gather);
    if let Some(until) = core.gather_until
        && (until <= cx.time || until > longest)
    {
        verdict.refuse(Refusal::new(Code::GatherTime).with(format!("{until}, at most {longest}")));
    }
    Ok(())
}

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
    let patents = core.act.rule().patents(&Context::new(overlay, case))?;
    let substance: Vec<_> =
        patents.iter().map(|id| substance_of(overlay, *id, case.today)).collect::<Result<_, Fault>>()?;
    let pending = Pending {
        author: core.author,
        kind: core.act.kind(),
        schema: core.act.schema(),
        body: core.act.body().try_into().map_err(unbounded)?,
        given: case.signers.members.keys().copied().collect::<Vec<_>>().try_into().map_err(unbounded)?,
        missing: missing.to_vec().try_into().map_err(unbounded)?,
        substance: substance.try_into().map_err(unbounded)?,
        rule_set: case.parameters.rule_set,
        deadline: core.gather_until.unwrap_or(case.time),
        state: PendingState::Waiting,
    };
    let id = PendingId::new(case.position, 0);
    overlay.put(&id, &pending)?;
    Ok(id)
}

/// The checks before a write refuse what is beyond the bounds.
fn unbounded<T>(_: T) -> Fault {
    Fault::Contradiction("a pending act beyond its bounds was not refused".into())
}

fn substance_of(state: &impl Read, id: PatentId, on: Date) -> Result<Substance, Fault> {
    Ok(Substance::of(id, &state.must::<Patent>(&id)?, &state.must::<PatentStatus>(&id)?, on))
}

/// Whether everything that the consents rest on is as it was.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(crate) fn is_fresh(state: &impl Read, rule_set: u16, on: Date, pending: &Pending) -> Result<bool, Fault> {
    for substance in &pending.substance {
        if !substance.holds_over(&substance_of(state, substance.patent, on)?) {
            return Ok(false);
        }
    }
    Ok(pending.rule_set == rule_set)
}

/// A pending act, read back, and everyone who has signed it.
struct Waiting {
    id: PendingId,
    pending: Pending,
    act: Act,
    given: BTreeMap<MemberId, Member>,
}

impl Waiting {
    fn read(cx: &impl Read, id: PendingId, pending: Pending) -> Result<Self, Fault> {
        let act = pending.act().map_err(|error| Fault::Corrupt {
            key: StateKey::of::<Pending>(&id),
            reason: error.to_string(),
        })?;
        let mut given = BTreeMap::new();
        for member in &pending.given {
            given.insert(*member, cx.must(member)?);
        }
        Ok(Self { id, pending, act, given })
    }

    /// The pending act that a consent names, or a refusal that it does not wait any more.
    fn named(cx: &Context<'_>, id: PendingId, verdict: &mut Verdict) -> Result<Option<Self>, Fault> {
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
        Self::read(cx, id, pending).map(Some)
    }

    /// Those who have signed, and these too.
    fn signers_with(&self, more: &BTreeMap<MemberId, Member>) -> Signers {
        let mut members = self.given.clone();
        members.extend(more.iter().map(|(id, member)| (*id, member.clone())));
        Signers { members, ..Signers::default() }
    }

    /// The circumstances of the act itself when it is judged in the course of `case`.
    fn case<'a>(&self, case: &Case<'a>, signers: &'a Signers) -> Case<'a> {
        Case {
            author: self.pending.author,
            signers,
            consented: true,
            kind: self.pending.kind,
            ..case.clone()
        }
    }

    /// What the rules say of the act with these signers.
    fn judge(&self, cx: &Context<'_>, signers: &Signers) -> Result<Verdict, Fault> {
        let case = self.case(cx, signers);
        let mut verdict = Verdict::default();
        self.act.rule().check(&Context::new(cx, &case), &mut verdict)?;
        Ok(verdict)
    }

    /// Whether this member itself, or an agent empowered for the waiting act, is among the signers of `cx`.
    fn is_signed_by(&self, cx: &Context<'_>, member: MemberId) -> Result<bool, Fault> {
        let case = self.case(cx, cx.signers);
        let patents: Vec<_> = self.pending.substance.iter().map(|substance| substance.patent).collect();
        Context::new(cx, &case).signed_over(member, &patents)
    }

    /// Whether the signers of `cx` are, or act for, someone the act waits for; `after` is what the rules say with them.
    fn is_answered(&self, cx: &Context<'_>, after: &Verdict) -> Result<bool, Fault> {
        for member in &self.pending.missing {
            if self.is_signed_by(cx, *member)? {
                return Ok(true);
            }
        }
        let before = self.judge(cx, &self.signers_with(&BTreeMap::new()))?;
        Ok(before.missing().iter().any(|need| !after.missing().contains(need)))
    }
}

impl Rule for Give {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(waiting) = Waiting::named(cx, self.pending, verdict)? else { return Ok(()) };
        if !is_fresh(cx, cx.parameters.rule_set, cx.today, &waiting.pending)? {
            verdict.refuse(Refusal::new(Code::PendingStale).about(self.pending));
        }
        let signers = waiting.signers_with(&cx.signers.members);
        let after = waiting.judge(cx, &signers)?;
        if !waiting.is_answered(cx, &after)? {
            verdict.refuse(Refusal::new(Code::PendingNotAwaited).about(self.pending).because_of(cx.author));
            return Ok(());
        }
        if signers.members.len() > PARTIES || after.awaited().len() > PARTIES {
            let figures = format!("{} signers, at most {PARTIES}", signers.members.len());
            verdict.refuse(Refusal::new(Code::PendingNotAllowed).about(self.pending).with(figures));
        }
        if after.missing().is_empty() {
            after.refusals().iter().for_each(|refusal| verdict.refuse(refusal.clone()));
            // Nothing takes effect on the signature of who may not sign any more.
            for (id, member) in &waiting.given {
                if member.standing != Standing::Active {
                    verdict.refuse(Refusal::new(Code::MemberSuspended).about(*id));
                }
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let pending: Pending = effects.must(&self.pending)?;
        let mut waiting = Waiting::read(effects.overlay, self.pending, pending)?;
        let signers = waiting.signers_with(&effects.case.signers.members);
        let after = waiting.judge(&Context::new(effects.overlay, effects.case), &signers)?;
        // In the members' order, so that the order of consents leaves no trace.
        waiting.pending.given =
            signers.members.keys().copied().collect::<Vec<_>>().try_into().map_err(unbounded)?;
        waiting.pending.missing = after.awaited().try_into().map_err(unbounded)?;
        if waiting.pending.missing.is_empty() {
            waiting.pending.state = PendingState::Effective { by: RecordId::new(effects.position) };
            let case = waiting.case(effects.case, &signers);
            waiting.act.rule().apply(&mut Effects::new(effects.overlay, &case))?;
        }
        effects.put(&waiting.id, &waiting.pending)
    }
}

impl Rule for Decline {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(waiting) = Waiting::named(cx, self.pending, verdict)? else { return Ok(()) };
        let after = waiting.judge(cx, &waiting.signers_with(&cx.signers.members))?;
        let may = waiting.is_signed_by(cx, waiting.pending.author)? || waiting.is_answered(cx, &after)?;
        if !may {
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
