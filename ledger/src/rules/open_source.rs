//! Rules for patent open source: all owners pledge, nobody is excluded, and only the pledge's own terms let it end.

use super::{Context, Effects, Rule, Verdict, commitments};
use crate::act::open_source::{PledgeOpen, Revoke, SuitReference, Terminate};
use crate::identifier::{OpenSourceId, PatentId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{DisputeCase, Fault, Member, OpenSource, OpenSourceTermination, Patent};

impl Rule for PledgeOpen {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.patents.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        for id in &self.patents {
            let Some((patent, status)) = cx.patent(*id, verdict)? else { continue };
            cx.all_owners(*id, &patent, Code::NotOwner, verdict)?;
            cx.in_force(*id, &status, Code::PatentNotInForce, verdict);
            cx.free(*id, &status, verdict);
            cx.pledgee(*id, &status, cx.kind, verdict)?;
            commitments::no_exclusive(cx, *id, &status, Code::OpenSourceExclusive, verdict)?;
            commitments::no_fee(cx, *id, &status, verdict)?;
            if let Some(pledge) = status.open_source {
                verdict.refuse(Refusal::new(Code::OpenSourceAlready).about(*id).because_of(pledge));
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = OpenSourceId::new(effects.position, 0);
        let pledge = OpenSource {
            patents: self.patents.clone(),
            licence: self.licence.clone(),
            text: self.text,
            conditions: self.conditions.clone(),
            defensive: self.defensive,
            revocable: self.revocable,
            green: self.green,
            pledged: effects.today,
            terminations: 0,
            revoked: None,
        };
        effects.put(&id, &pledge)?;
        for patent in &self.patents {
            effects.touch(*patent, |status| status.open_source = Some(id))?;
        }
        Ok(())
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

/// The pledge that an act names and that stands; all owners of its patents sign.
fn standing(cx: &Context<'_>, id: OpenSourceId, verdict: &mut Verdict) -> Result<Option<OpenSource>, Fault> {
    let Some(pledge) = cx.named::<OpenSource>(id, verdict)? else { return Ok(None) };
    if let Some(record) = pledge.revoked {
        verdict.refuse(Refusal::new(Code::OpenSourceState).about(id).because_of(record));
        return Ok(None);
    }
    for patent in &pledge.patents {
        cx.all_owners(*patent, &cx.must::<Patent>(patent)?, Code::NotOwner, verdict)?;
    }
    Ok(Some(pledge))
}

fn patents_of(cx: &Context<'_>, id: OpenSourceId) -> Result<Vec<PatentId>, Fault> {
    Ok(cx.find::<OpenSource>(&id)?.map(|pledge| pledge.patents.to_vec()).unwrap_or_default())
}

impl Rule for Terminate {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.named::<Member>(self.member, verdict)?;
        if let SuitReference::Case { case } = self.ground {
            cx.named::<DisputeCase>(case, verdict)?;
        }
        let Some(pledge) = standing(cx, self.pledge, verdict)? else { return Ok(()) };
        if !pledge.defensive {
            verdict.refuse(Refusal::new(Code::OpenSourceNotDefensive).about(self.pledge));
        }
        if let Some(before) = cx.find::<OpenSourceTermination>(&(self.pledge, self.member))? {
            let refusal = Refusal::new(Code::OpenSourceTerminated).about(self.pledge);
            verdict.refuse(refusal.because_of(before.record));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pledge: OpenSource = effects.must(&self.pledge)?;
        pledge.terminations += 1;
        effects.put(&self.pledge, &pledge)?;
        let termination = OpenSourceTermination {
            ground: self.ground.clone(),
            on: effects.today,
            record: RecordId::new(effects.position),
        };
        effects.put(&(self.pledge, self.member), &termination)?;
        for patent in &pledge.patents {
            effects.touch(*patent, |_| ())?;
        }
        Ok(())
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        patents_of(cx, self.pledge)
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Rule for Revoke {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(pledge) = standing(cx, self.pledge, verdict)? else { return Ok(()) };
        if !pledge.revocable {
            verdict.refuse(Refusal::new(Code::OpenSourceIrrevocable).about(self.pledge));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pledge: OpenSource = effects.must(&self.pledge)?;
        pledge.revoked = Some(RecordId::new(effects.position));
        effects.put(&self.pledge, &pledge)?;
        for patent in &pledge.patents {
            effects.touch(*patent, |status| status.open_source = None)?;
        }
        Ok(())
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        patents_of(cx, self.pledge)
    }

    fn may_wait(&self) -> bool {
        true
    }
}
