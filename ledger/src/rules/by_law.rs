//! Rules for patents that pass to others by law: a document stands for the old owners' signatures (Rule 15¶1).
//!
//! What was agreed about the patents meanwhile does not survive a change of owners: pending acts become stale by their
//! substance, proposed transfers find other owners, and an open declaration is halted until the new owners withdraw it.

use super::patent::check_owners;
use super::transfer::{check_chain, check_right, owners_of, pass_on};
use super::{Context, Effects, Rule, Verdict, time};
use crate::act::member::Role;
use crate::act::transfer::{ByLaw, LawfulCause};
use crate::codec::List;
use crate::identifier::{PatentId, RecordId, TransferId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, Frozen, PatentStatus, Pledge, PledgeState, Transfer, TransferBasis, TransferGround, TransferState,
};
use std::collections::BTreeSet;

impl ByLaw {
    /// A freeze stops every change of owners but the one that its own dispute led to (Rule 105).
    fn check_freeze(&self, cx: &Context<'_>, id: PatentId, status: &PatentStatus, verdict: &mut Verdict) {
        let (preservation, suspension) = match self.cause {
            LawfulCause::Judgment { preservation, suspension } => (preservation, suspension),
            _ => (None, None),
        };
        let stands = |frozen: Option<Frozen>, decided: Option<RecordId>| {
            frozen.filter(|frozen| cx.today <= frozen.until && decided != Some(frozen.record))
        };
        let standing = [stands(status.preservation, preservation), stands(status.suspension, suspension)];
        for frozen in standing.into_iter().flatten() {
            let refusal = Refusal::new(Code::PatentFrozen).about(id).because_of(frozen.record);
            verdict.refuse(refusal.with(format!("until {}", frozen.until)));
        }
    }

    fn check_patent(&self, cx: &Context<'_>, id: PatentId, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some((patent, status)) = cx.patent(id, verdict)? else { return Ok(()) };
        check_right(cx, id, &status, verdict);
        self.check_freeze(cx, id, &status, verdict);
        cx.are_owners(id, &patent, &self.from, Code::NotOwner, verdict);
        check_chain(cx, id, &patent, self.on, verdict)?;
        if let LawfulCause::PledgeRealised { pledge } = self.cause
            && status.pledge != Some(pledge)
        {
            verdict.refuse(Refusal::new(Code::PledgeState).about(id).because_of(pledge));
        }
        let owners: Vec<_> = patent.owners.iter().map(|owner| owner.party).collect();
        let new: Vec<_> = self.to.iter().map(|to| to.party).collect();
        if owners.iter().collect::<BTreeSet<_>>() == new.iter().collect()
            && patent.undisclosed_owners == self.undisclosed
        {
            verdict.refuse(Refusal::new(Code::DuplicateEntry).about(id).with("they are the owners"));
        }
        Ok(())
    }
}

impl Rule for ByLaw {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let may = cx.role_signed(Role::Registrar) || cx.role_signed(Role::Court);
        verdict.refuse_if(!may, Code::CourtOnly);
        verdict.refuse_if(self.document.is_none(), Code::ProofMissing);
        verdict.refuse_if(self.patents.is_empty(), Code::FieldMissing);
        cx.not_future(self.on, verdict);
        cx.once(&self.patents, verdict);
        cx.once(&self.from, verdict);
        check_owners(cx, &owners_of(&self.to), self.undisclosed, verdict)?;
        if let LawfulCause::PledgeRealised { pledge } = self.cause
            && let Some(pledge) = cx.named::<Pledge>(pledge, verdict)?
            && pledge.state == PledgeState::Applied
        {
            verdict.refuse(Refusal::new(Code::PledgeState).with("applied for"));
        }
        for id in &self.patents {
            self.check_patent(cx, *id, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let unproved =
            || Fault::Contradiction("a transfer by law without its document was not refused".into());
        let id = TransferId::new(effects.position, 0);
        let transfer = Transfer {
            patents: self.patents.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            contract: self.document.ok_or_else(unproved)?,
            state: TransferState::Registered { on: self.on, by: RecordId::new(effects.position) },
            consented: List::new(),
            proceeds: None,
            proposed: self.on,
        };
        effects.put(&id, &transfer)?;
        let basis = TransferBasis::ByLaw { cause: self.cause, gazette: self.gazette.clone() };
        effects.put(&id, &TransferGround { basis })?;
        let owners = owners_of(&self.to);
        for patent in &self.patents {
            let mut status = pass_on(effects, *patent, id, &owners, self.undisclosed)?;
            // The new owners withdraw the declaration and make it anew (Guidelines V.11 §9).
            time::halt(effects.overlay, &mut status)?;
        }
        Ok(())
    }
}
