//! Ask what many rules ask: who must sign, whether a patent is in force, free, paid for, pledged.

use super::{Context, Verdict};
use crate::act::ActKind;
use crate::act::member::Role;
use crate::identifier::{Date, MemberId, ObjectRef, PartyId, PatentId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, Life, Member, Party, Patent, PatentStatus, Pledge, PledgeConsent, PowerOfAttorney, Standing,
    Stored, Transfer, TransferState,
};
use std::collections::BTreeSet;

impl Context<'_> {
    /// The value that an act names, or a refusal that it does not exist.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn named<T: Stored>(&self, id: T::Id, verdict: &mut Verdict) -> Result<Option<T>, Fault>
    where
        T::Id: Into<ObjectRef> + Copy,
    {
        let found = self.find(&id)?;
        if found.is_none() {
            verdict.refuse(Refusal::new(Code::ObjectUnknown).about(id));
        }
        Ok(found)
    }

    /// A patent that an act names, with its status.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn patent(
        &self,
        id: PatentId,
        verdict: &mut Verdict,
    ) -> Result<Option<(Patent, PatentStatus)>, Fault> {
        match self.named::<Patent>(id, verdict)? {
            Some(patent) => Ok(Some((patent, self.must(&id)?))),
            None => Ok(None),
        }
    }

    /// Whether the member signed, or an agent with a power for this act and this patent signed for it.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn signed_for(&self, principal: MemberId, patent: Option<PatentId>) -> Result<bool, Fault> {
        self.signed_over(principal, patent.as_slice())
    }

    /// Whether the member signed, or an agent with a power for this act and all of these patents signed for it.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn signed_over(&self, principal: MemberId, patents: &[PatentId]) -> Result<bool, Fault> {
        if self.signers.members.contains_key(&principal) {
            return Ok(true);
        }
        for (agent, member) in &self.signers.members {
            if member.is(Role::Agency) && self.is_empowered(*agent, principal, patents)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the agent has a power for this act and all of these patents, from a principal that may sign itself. A
    /// power for named patents covers no act that is about none.
    fn is_empowered(
        &self,
        agent: MemberId,
        principal: MemberId,
        patents: &[PatentId],
    ) -> Result<bool, Fault> {
        let Some(power) = self.find::<PowerOfAttorney>(&(principal, agent))? else { return Ok(false) };
        let named = !patents.is_empty() && patents.iter().all(|patent| power.patents.contains(patent));
        let covers = (power.patents.is_empty() || named) && power.acts.contains(&self.kind);
        Ok(covers
            && self.today <= power.until
            && self.must::<Member>(&principal)?.standing == Standing::Active)
    }

    /// Needs the member's signature for all of these patents, or refuses so.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn need_over(
        &self,
        member: MemberId,
        patents: &[PatentId],
        refusal: Refusal,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        if !self.signed_over(member, patents)? {
            verdict.miss(member, refusal.because_of(member));
        }
        Ok(())
    }

    /// Needs the member's signature, or refuses with `code`.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn need(
        &self,
        member: MemberId,
        patent: Option<PatentId>,
        code: Code,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let refusal = Refusal::new(code);
        let refusal = match patent {
            Some(patent) => refusal.about(patent),
            None => refusal,
        };
        self.need_over(member, patent.as_slice(), refusal, verdict)
    }

    /// Whether a member with this role signed.
    pub(super) fn role_signed(&self, role: Role) -> bool {
        self.signers.members.values().any(|member| member.is(role))
    }

    /// Refuses unless the registrar signed.
    pub(super) fn registrar(&self, verdict: &mut Verdict) {
        verdict.refuse_if(!self.role_signed(Role::Registrar), Code::RegistrarOnly);
    }

    /// Needs the signature of the member that each of these parties is. `code` refuses a missing one.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn parties_sign(
        &self,
        parties: &[PartyId],
        patent: Option<PatentId>,
        code: Code,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        for id in parties {
            let Some(party) = self.named::<Party>(*id, verdict)? else { continue };
            match party.member {
                Some(member) => self.need(member, patent, code, verdict)?,
                None => verdict.refuse(Refusal::new(Code::OwnerNotMember).because_of(*id)),
            }
        }
        Ok(())
    }

    /// Whether the author is an owner of the patent, or an agent that signs for one. When a pending act is judged again,
    /// an owner among those who consented does in the author's place: the power under which it was proposed may have
    /// ended since.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn author_owns(&self, id: PatentId, patent: &Patent) -> Result<bool, Fault> {
        for owner in &patent.owners {
            let Some(member) = self.must::<Party>(&owner.party)?.member else { continue };
            let authored = member == self.author || self.is_empowered(self.author, member, &[id])?;
            if authored || (self.consented && self.signed_for(member, Some(id))?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the member is one of the patent's owners.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn owns(&self, member: MemberId, patent: &Patent) -> Result<bool, Fault> {
        for owner in &patent.owners {
            if self.must::<Party>(&owner.party)?.member == Some(member) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a licence from these parties to this member leaves the country: a Chinese party licenses a foreign member
    /// (技术进出口管理条例 art. 2; Guidelines V.11 §6). A member is of the country of the party that it is.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn goes_abroad(&self, from: &[PartyId], to: MemberId) -> Result<bool, Fault> {
        let Some(member) = self.find::<Member>(&to)? else { return Ok(false) };
        if self.must::<Party>(&member.party)?.is_chinese() {
            return Ok(false);
        }
        for party in from {
            if self.find::<Party>(party)?.is_some_and(|party| party.is_chinese()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Needs all owners, the author being one of them or their agent (PL 14).
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn all_owners(
        &self,
        id: PatentId,
        patent: &Patent,
        not_owner: Code,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        if !self.author_owns(id, patent)? {
            verdict.refuse(Refusal::new(not_owner).about(id).because_of(self.author));
        }
        self.owners_sign(id, patent, verdict)
    }

    /// Needs the signatures of all owners, whoever acts (PL 14).
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn owners_sign(
        &self,
        id: PatentId,
        patent: &Patent,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        if patent.undisclosed_owners > 0 {
            let refusal = Refusal::new(Code::CoOwnerConsentRequired).about(id);
            verdict.refuse(refusal.with(format!("{} undisclosed", patent.undisclosed_owners)));
        }
        let owners: Vec<_> = patent.owners.iter().map(|owner| owner.party).collect();
        self.parties_sign(&owners, Some(id), Code::CoOwnerConsentRequired, verdict)
    }

    /// Refuses unless the parties that an act names are exactly the patent's owners: one too many is `not_owner`, one
    /// too few lacks its consent.
    pub(super) fn are_owners(
        &self,
        id: PatentId,
        patent: &Patent,
        named: &[PartyId],
        not_owner: Code,
        verdict: &mut Verdict,
    ) {
        let is_owner = |party: &PartyId| patent.owners.iter().any(|owner| owner.party == *party);
        for party in named.iter().filter(|party| !is_owner(party)) {
            verdict.refuse(Refusal::new(not_owner).about(id).because_of(*party));
        }
        for owner in patent.owners.iter().filter(|owner| !named.contains(&owner.party)) {
            verdict.refuse(Refusal::new(Code::CoOwnerConsentRequired).about(id).because_of(owner.party));
        }
    }

    /// Refuses a patent whose owners are not, or not without a break, those who agreed with the record at `agreed`; names
    /// the transfer that came between, or else the record after which the patent stands as it does.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn owners_stayed(
        &self,
        id: PatentId,
        patent: &Patent,
        agreed: (u64, &[PartyId]),
        not_owner: Code,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let (position, parties) = agreed;
        let refusal = Refusal::new(not_owner).about(id);
        if let Some(transfer) = patent.acquired
            && let TransferState::Registered { by, .. } = self.must::<Transfer>(&transfer)?.state
            && by.position() > position
        {
            verdict.refuse(refusal.because_of(transfer).with(format!("registered by {by}")));
            return Ok(());
        }
        let owners: BTreeSet<_> = patent.owners.iter().map(|owner| owner.party).collect();
        if owners != parties.iter().copied().collect() || patent.undisclosed_owners > 0 {
            verdict.refuse(match self.must::<PatentStatus>(&id)?.last {
                Some(record) => refusal.because_of(record),
                None => refusal,
            });
        }
        Ok(())
    }

    /// Needs the consent of the pledgee of a pledged patent: its signature, or its consent in advance to this kind of act.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn pledgee(
        &self,
        id: PatentId,
        status: &PatentStatus,
        kind: ActKind,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let Some(pledge_id) = status.pledge else { return Ok(()) };
        let consent = self.find::<PledgeConsent>(&(pledge_id, kind))?;
        if consent.is_some_and(|consent| self.today <= consent.until) {
            return Ok(());
        }
        let pledge: Pledge = self.must(&pledge_id)?;
        if !self.signed_for(pledge.pledgee, Some(id))? {
            let refusal = Refusal::new(Code::PledgeeConsentRequired).about(id).because_of(pledge_id);
            verdict.miss(pledge.pledgee, refusal);
        }
        Ok(())
    }

    /// Refuses a patent whose right does not exist today; `not_granted` is the code while it is still an application.
    pub(super) fn in_force(
        &self,
        id: PatentId,
        status: &PatentStatus,
        not_granted: Code,
        verdict: &mut Verdict,
    ) {
        match status.life {
            Life::Application => verdict.refuse(Refusal::new(not_granted).about(id)),
            Life::Invalidated => verdict.refuse(Refusal::new(Code::PatentInvalidated).about(id)),
            _ if !status.in_force(self.today) => {
                let refusal = Refusal::new(Code::PatentNotInForce).about(id);
                verdict.refuse(match status.term_last.filter(|_| status.term_over(self.today)) {
                    Some(last) => refusal.with(format!("term ended {last}")),
                    None => refusal,
                });
            }
            _ => {}
        }
    }

    /// Refuses a patent that is preserved or suspended today (Rules 103–105).
    pub(super) fn free(&self, id: PatentId, status: &PatentStatus, verdict: &mut Verdict) {
        if let Some(frozen) = status.frozen(self.today) {
            let refusal = Refusal::new(Code::PatentFrozen).about(id).because_of(frozen.record);
            verdict.refuse(refusal.with(format!("until {}", frozen.until)));
        }
    }

    /// Refuses a patent whose annuity is overdue.
    pub(super) fn annuity_paid(&self, id: PatentId, status: &PatentStatus, verdict: &mut Verdict) {
        if status.life == Life::Grace {
            let refusal = Refusal::new(Code::AnnuityOverdue).about(id);
            verdict.refuse(match status.annuity_due {
                Some(due) => refusal.with(format!("due {due}")),
                None => refusal,
            });
        }
    }

    /// The last day of the patent's term, or a refusal that it cannot be told.
    pub(super) fn term_last(
        &self,
        id: PatentId,
        status: &PatentStatus,
        verdict: &mut Verdict,
    ) -> Option<Date> {
        if status.term_last.is_none() {
            verdict.refuse(Refusal::new(Code::PatentTermUnknown).about(id));
        }
        status.term_last
    }

    /// Refuses a date in the future.
    pub(super) fn not_future(&self, date: Date, verdict: &mut Verdict) {
        if date > self.today {
            verdict.refuse(Refusal::new(Code::EffectiveDate).with(format!("{date} is after {}", self.today)));
        }
    }

    /// Refuses a date in the future, or before the day of what it follows.
    pub(super) fn not_before(&self, date: Date, earliest: Date, verdict: &mut Verdict) {
        self.not_future(date, verdict);
        if date < earliest {
            verdict.refuse(Refusal::new(Code::EffectiveDate).with(format!("{date} is before {earliest}")));
        }
    }

    /// Refuses a last day that is over.
    pub(super) fn not_over(&self, last: Date, verdict: &mut Verdict) {
        if last < self.today {
            verdict
                .refuse(Refusal::new(Code::EffectiveDate).with(format!("{last} is before {}", self.today)));
        }
    }

    /// Refuses a list that names the same thing twice.
    pub(super) fn once<T: Ord>(&self, entries: &[T], verdict: &mut Verdict) {
        verdict
            .refuse_if(entries.iter().collect::<BTreeSet<_>>().len() != entries.len(), Code::DuplicateEntry);
    }
}
