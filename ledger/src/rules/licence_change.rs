//! Rules for what becomes of a licence after it was granted: its terms change, it ends, its recordal is cancelled.
//!
//! Changed terms are judged like new ones: within the patents' terms, beside the other licences, with whoever must agree.

use super::conflict::Extent;
use super::licence::{
    GRANT, a_party_signed, check_conflicts, check_day, check_term, funder_approves, licensee_signed,
    licensors_of, licensors_sign, scope_names_twice,
};
use super::{Context, Effects, Rule, Verdict, licences};
use crate::act::licence::{Cancel, Change, End, EndCause, LicenceKind};
use crate::act::member::Role;
use crate::identifier::{LicenceId, PatentId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Licence, LicenceOrigin, Patent, PatentStatus, RecordalCancelled};
use std::collections::BTreeSet;

impl Change {
    /// The licence as it is from now on.
    fn after(&self, before: &Licence) -> Licence {
        let mut after = before.clone();
        after.term = self.term.unwrap_or(before.term);
        after.scope = self.scope.clone().unwrap_or_else(|| before.scope.clone());
        after.kind = self.kind.unwrap_or(before.kind);
        after.sublicence = self.sublicence.unwrap_or(before.sublicence);
        after
    }

    /// Something changes, nothing is named twice, and the days fit: what has begun has begun, and is not over.
    fn check_fields(&self, cx: &Context<'_>, before: &Licence, after: &Licence, verdict: &mut Verdict) {
        if after == before {
            verdict.refuse(Refusal::new(Code::FieldMissing).with("change"));
        }
        verdict.refuse_if(scope_names_twice(&after.scope), Code::DuplicateEntry);
        let (old, new) = (before.term, after.term);
        if old.first() != new.first() && old.first().min(new.first()) <= cx.today {
            let figures = format!("the term began {}", old.first());
            verdict.refuse(Refusal::new(Code::EffectiveDate).with(figures));
        }
        if new.last() < cx.today {
            let figures = format!("the term ended {}", new.last());
            verdict.refuse(Refusal::new(Code::EffectiveDate).with(figures));
        }
        // Recorded licences are prolonged in the months before their last day (许可备案办法 art. 16).
        let months = u32::from(cx.parameters.licence_change_months);
        if before.recorded.is_some() && new.last() > old.last() && months > 0 {
            let from = months_before(old.last(), months);
            if cx.today < from {
                let refusal = Refusal::new(Code::LicenceChangeTooEarly).about(self.licence);
                verdict.refuse(refusal.with(format!("from {from} to {}", old.last())));
            }
        }
    }

    /// The sublicences stay within the licence, and the right to grant them stays while there are some.
    fn check_sublicences(
        &self,
        cx: &Context<'_>,
        before: &Licence,
        after: &Licence,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        for (id, below) in licences::sublicences(cx, self.licence, before)? {
            let fits = after.sublicence && Extent::from(&below).within(&Extent::from(after));
            if below.is_active(cx.today) && !fits {
                let refusal = Refusal::new(Code::SublicenceExceeds).about(self.licence);
                verdict.refuse(refusal.because_of(id).with(below.term));
            }
        }
        Ok(())
    }

    /// A sublicence stays ordinary and within the licence above it.
    fn check_above(
        &self,
        cx: &Context<'_>,
        under: LicenceId,
        after: &Licence,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let above: Licence = cx.must(&under)?;
        let mut against = |reason: &str| {
            let refusal = Refusal::new(Code::SublicenceNotPermitted).because_of(under);
            verdict.refuse(refusal.with(reason));
        };
        if after.kind != LicenceKind::Ordinary {
            against("kind");
        }
        if !Extent::from(after).within(&Extent::from(&above)) {
            against("scope or term");
        }
        cx.parties_sign(&after.licensors, None, Code::LicencePartyRequired, verdict)
    }

    /// One patent that its owners license: who agrees, and what other licences stand in the way.
    fn check_patent(
        &self,
        cx: &Context<'_>,
        id: PatentId,
        (before, after): (&Licence, &Licence),
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let (patent, status): (Patent, PatentStatus) = (cx.must(&id)?, cx.must(&id)?);
        let ordinary = before.kind == LicenceKind::Ordinary && after.kind == LicenceKind::Ordinary;
        if !ordinary || patent.agreement.is_some() {
            cx.owners_sign(id, &patent, verdict)?;
        }
        let licensors = licensors_of(cx, id, before)?;
        cx.parties_sign(&licensors, Some(id), Code::LicencePartyRequired, verdict)?;
        cx.pledgee(id, &status, GRANT, verdict)?;
        if let Some(declaration) = status.declaration.filter(|_| after.kind != LicenceKind::Ordinary) {
            let refusal = Refusal::new(Code::OlExclusiveForbidden).about(id);
            verdict.refuse(refusal.because_of(declaration));
        }
        let extent = Extent::from(after);
        let no_wider = after.kind == before.kind && extent.within(&Extent::from(before));
        let counts = |other_id: LicenceId, other: &Licence| {
            let left_beside = other.kind == LicenceKind::Ordinary && after.beside.contains(&other_id);
            // A later licence that left this one standing beside it left it as it was.
            let beside_it = other.beside.contains(&self.licence) && no_wider;
            other_id != self.licence && !left_beside && !beside_it
        };
        check_conflicts(cx, id, &status, &extent, counts, verdict)
    }

    /// A recorded licence changes in the register: by the registrar, and nothing of the patent keeps it from that.
    fn check_recordal(&self, cx: &Context<'_>, after: &Licence, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        for id in &after.patents {
            let status: PatentStatus = cx.must(id)?;
            cx.annuity_paid(*id, &status, verdict);
            cx.free(*id, &status, verdict);
        }
        Ok(())
    }
}

/// The day that many months before another.
fn months_before(day: crate::identifier::Date, months: u32) -> crate::identifier::Date {
    // The earliest day from which the months reach it.
    let mut from = day.add_days(-31 * i32::try_from(months).unwrap_or(12));
    while from.add_months(months) < day {
        from = from.next();
    }
    from
}

impl Rule for Change {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(before) = cx.named::<Licence>(self.licence, verdict)? else { return Ok(()) };
        if !before.is_active(cx.today) {
            verdict.refuse(Refusal::new(Code::LicenceState).about(self.licence).with(before.term));
            return Ok(());
        }
        let after = self.after(&before);
        self.check_fields(cx, &before, &after, verdict);
        self.check_sublicences(cx, &before, &after, verdict)?;
        match before.origin {
            LicenceOrigin::Contract => {}
            LicenceOrigin::Sublicence { under } => self.check_above(cx, under, &after, verdict)?,
            LicenceOrigin::Open { .. } | LicenceOrigin::Compulsory { .. } => {
                verdict.refuse(Refusal::new(Code::LicenceNotContract).about(self.licence));
                return Ok(());
            }
        }
        let mut funded = false;
        for id in &before.patents {
            let (patent, status): (Patent, PatentStatus) = (cx.must(id)?, cx.must(id)?);
            cx.in_force(*id, &status, Code::PatentNotInForce, verdict);
            check_term(cx, *id, &status, after.term, verdict);
            if before.origin == LicenceOrigin::Contract {
                self.check_patent(cx, *id, (&before, &after), verdict)?;
            }
            cx.need(before.licensee, Some(*id), Code::LicenseeRequired, verdict)?;
            funded |= patent.funded;
        }
        let becomes_exclusive = after.kind == LicenceKind::Exclusive && before.kind != LicenceKind::Exclusive;
        if funded && becomes_exclusive && cx.goes_abroad(&before.licensors, before.licensee)? {
            funder_approves(cx, self.funder, verdict)?;
        }
        if before.recorded.is_some() {
            self.check_recordal(cx, &after, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let before: Licence = effects.must(&self.licence)?;
        let mut after = self.after(&before);
        let mut pledges: BTreeSet<_> = before.pledges.iter().copied().collect();
        for patent in &before.patents {
            pledges.extend(effects.must::<PatentStatus>(patent)?.pledge);
        }
        // Pledges that have been released need no consent any more: the newest are the ones that matter.
        let newest: Vec<_> = pledges.into_iter().rev().take(32).rev().collect();
        after.pledges = newest.try_into().expect("at most 32 were taken");
        after.effective = after.effective.min(after.term.first());
        licences::change(effects, self.licence, before, &after)
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        let licence = cx.find::<Licence>(&self.licence)?;
        Ok(licence.map(|licence| licence.patents.to_vec()).unwrap_or_default())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Rule for Cancel {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        let Some(licence) = cx.named::<Licence>(self.licence, verdict)? else { return Ok(()) };
        if licence.is_active(cx.today) {
            verdict.refuse(Refusal::new(Code::LicenceState).about(self.licence).with(licence.term));
        } else {
            cx.not_before(self.on, licence.last_day(), verdict);
        }
        if licence.recorded.is_none() {
            verdict.refuse(Refusal::new(Code::RecordalNone).about(self.licence));
        }
        if let Some(cancelled) = cx.find::<RecordalCancelled>(&self.licence)? {
            let refusal = Refusal::new(Code::RecordalNone).about(self.licence);
            verdict.refuse(refusal.because_of(cancelled.record).with(format!("cancelled {}", cancelled.on)));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let licence: Licence = effects.must(&self.licence)?;
        let days = i32::from(effects.parameters.licence_cancel_days);
        let late = self.on > licence.last_day().add_days(days);
        let record = RecordId::new(effects.position);
        effects.put(&self.licence, &RecordalCancelled { record, on: self.on, late })?;
        for patent in &licence.patents {
            effects.touch(*patent, |_| ())?;
        }
        Ok(())
    }
}

impl End {
    /// An agreement or termination ends what the parties agreed; only the authority ends what it decided (PL 60).
    fn fits(&self, licence: &Licence) -> bool {
        match self.cause {
            EndCause::Agreement | EndCause::Termination => !licence.is_compulsory(),
            EndCause::Judgment => true,
            EndCause::GroundCeased => licence.is_compulsory(),
        }
    }
}

impl Rule for End {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(licence) = cx.named::<Licence>(self.licence, verdict)? else { return Ok(()) };
        if !licence.is_active(cx.today) {
            verdict.refuse(Refusal::new(Code::LicenceState).about(self.licence).with(licence.term));
        }
        if !self.fits(&licence) {
            verdict.refuse(Refusal::new(Code::LicenceNotContract).about(self.licence));
        }
        check_day(cx, self.on, &licence, verdict);
        if self.cause != EndCause::Agreement && self.document.is_none() {
            verdict.refuse(Refusal::new(Code::ProofMissing).about(self.licence));
        }
        match self.cause {
            EndCause::Agreement => {
                licensors_sign(cx, &licence, verdict)?;
                for patent in &licence.patents {
                    cx.need(licence.licensee, Some(*patent), Code::LicencePartyRequired, verdict)?;
                }
            }
            EndCause::Termination => {
                if !a_party_signed(cx, &licence)? {
                    verdict.refuse(Refusal::new(Code::LicencePartyRequired).about(self.licence));
                } else if !licensee_signed(cx, &licence)? {
                    licensors_sign(cx, &licence, verdict)?;
                }
            }
            EndCause::Judgment => {
                let may = cx.role_signed(Role::Registrar) || cx.role_signed(Role::Court);
                verdict.refuse_if(!may, Code::CourtOnly);
            }
            EndCause::GroundCeased => cx.registrar(verdict),
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let licence: Licence = effects.must(&self.licence)?;
        licences::end(effects, self.licence, licence, (self.cause, self.on))
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        let licence = cx.find::<Licence>(&self.licence)?;
        Ok(licence.map(|licence| licence.patents.to_vec()).unwrap_or_default())
    }

    fn may_wait(&self) -> bool {
        matches!(self.cause, EndCause::Agreement | EndCause::Termination)
    }
}
