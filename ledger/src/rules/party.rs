//! Rules for parties: the registrar names owners and says which member they are.

use super::{Context, Effects, Rule, Verdict};
use crate::act::party::{Link, Register, Update};
use crate::identifier::PartyId;
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Member, Party};
use std::collections::BTreeSet;

impl Rule for Register {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        verdict.refuse_if(self.parties.is_empty(), Code::FieldMissing);
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        for (ordinal, entry) in (0_u8..).zip(&self.parties) {
            let party =
                Party { name: entry.name.clone(), kind: entry.kind, country: entry.country, member: None };
            effects.put(&PartyId::new(effects.position, ordinal), &party)?;
        }
        Ok(())
    }
}

impl Rule for Link {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        verdict.refuse_if(self.parties.is_empty(), Code::FieldMissing);
        verdict.refuse_if(
            self.parties.iter().collect::<BTreeSet<_>>().len() != self.parties.len(),
            Code::DuplicateEntry,
        );
        if cx.named::<Member>(self.member, verdict)?.is_some() {
            cx.need(self.member, None, Code::MemberSignatureRequired, verdict)?;
        }
        for id in &self.parties {
            let party = cx.named::<Party>(*id, verdict)?;
            if let Some(member) = party.and_then(|party| party.member) {
                verdict.refuse(Refusal::new(Code::PartyLinked).about(*id).because_of(member));
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        for id in &self.parties {
            let mut party: Party = effects.must(id)?;
            party.member = Some(self.member);
            effects.put(id, &party)?;
        }
        Ok(())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Rule for Update {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        cx.not_future(self.effective, verdict);
        verdict.refuse_if(self.name.is_none() && self.kind.is_none(), Code::FieldMissing);
        cx.named::<Party>(self.party, verdict)?;
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut party: Party = effects.must(&self.party)?;
        party.name = self.name.clone().unwrap_or(party.name);
        party.kind = self.kind.unwrap_or(party.kind);
        effects.put(&self.party, &party)
    }
}
