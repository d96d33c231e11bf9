//! Rules for consortia: all members agree to form and to end one, each may leave.

use super::{Context, Effects, Rule, Verdict};
use crate::act::consortium::{End, Form, Leave};
use crate::identifier::{MemberId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{Consortium, Fault, Member};

fn all_sign(cx: &Context<'_>, members: &[MemberId], verdict: &mut Verdict) -> Result<(), Fault> {
    for member in members {
        if cx.named::<Member>(*member, verdict)?.is_some() {
            cx.need(*member, None, Code::MemberSignatureRequired, verdict)?;
        }
    }
    Ok(())
}

/// The consortium that an act names and that has not ended.
fn living(cx: &Context<'_>, id: RecordId, verdict: &mut Verdict) -> Result<Option<Consortium>, Fault> {
    let Some(consortium) = cx.named::<Consortium>(id, verdict)? else { return Ok(None) };
    if let Some(record) = consortium.ended {
        verdict.refuse(Refusal::new(Code::ConsortiumState).about(id).because_of(record));
        return Ok(None);
    }
    Ok(Some(consortium))
}

impl Rule for Form {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.members.len() < 2, Code::FieldMissing);
        cx.once(&self.members, verdict);
        all_sign(cx, &self.members, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let consortium = Consortium {
            name: self.name.clone(),
            members: self.members.clone(),
            ip_rules: self.ip_rules,
            scope: self.scope.clone(),
            industries: self.industries.clone(),
            formed: effects.today,
            ended: None,
        };
        effects.put(&RecordId::new(effects.position), &consortium)
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Rule for Leave {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(consortium) = living(cx, self.consortium, verdict)? else { return Ok(()) };
        if !consortium.members.contains(&self.member) {
            let refusal = Refusal::new(Code::ConsortiumMember).about(self.consortium);
            verdict.refuse(refusal.because_of(self.member));
            return Ok(());
        }
        cx.need(self.member, None, Code::MemberSignatureRequired, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut consortium: Consortium = effects.must(&self.consortium)?;
        consortium.members.retain(|member| *member != self.member);
        if consortium.members.len() < 2 {
            consortium.ended = Some(RecordId::new(effects.position));
        }
        effects.put(&self.consortium, &consortium)
    }
}

impl Rule for End {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(consortium) = living(cx, self.consortium, verdict)? else { return Ok(()) };
        all_sign(cx, &consortium.members, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut consortium: Consortium = effects.must(&self.consortium)?;
        consortium.ended = Some(RecordId::new(effects.position));
        effects.put(&self.consortium, &consortium)
    }

    fn may_wait(&self) -> bool {
        true
    }
}
