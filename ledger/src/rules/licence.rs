//! Rules for licences: who may grant what beside what, and what is recorded.
//!
//! A contract binds its parties from their signatures. A preservation or suspension does not keep them from concluding
//! one, for Rule 105 does not name licences, and neither does an annuity in grace, during which the right exists; but
//! nothing of that is recorded (备案办法 art. 12), so it does not hold against those whom the freeze protects.

use super::conflict::Extent;
use super::{Context, Effects, Rule, Verdict, calendar, commitments, licences};
use crate::act::ActKind;
use crate::act::licence::{FeeClass, Grant, LicenceKind, Record, Scope};
use crate::act::member::Role;
use crate::act::transfer::Export;
use crate::identifier::{Date, LicenceId, MemberId, PartyId, PatentId, RecordId, RecordalKind, Term};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, Licence, LicenceOrigin, LicenceState, Member, Party, Patent, PatentStatus, RecordalTaken, Recorded,
};
use std::collections::BTreeSet;

/// `licence.grant`: the kind of act to which a pledgee consents.
pub(super) const GRANT: ActKind = ActKind { family: 5, kind: 1 };

/// Conflicting licences that a refusal names for one patent at most: a popular one has thousands.
const CONFLICTS_NAMED: usize = 16;

pub(super) fn has_duplicates<T: Ord>(values: &[T]) -> bool {
    values.iter().collect::<BTreeSet<_>>().len() != values.len()
}

/// Each territory, field and act once.
pub(super) fn scope_names_twice(scope: &Scope) -> bool {
    has_duplicates(&scope.territory) || has_duplicates(&scope.fields) || has_duplicates(&scope.acts)
}

/// The licence ends no later than the patent (CC 865).
pub(super) fn check_term(
    cx: &Context<'_>,
    id: PatentId,
    status: &PatentStatus,
    term: Term,
    verdict: &mut Verdict,
) {
    if let Some(last) = cx.term_last(id, status, verdict)
        && term.last() > last
    {
        let refusal = Refusal::new(Code::LicenceTermExceedsPatent).about(id);
        verdict.refuse(refusal.with(format!("{term}, the patent ends {last}")));
    }
}

/// No other licence of the patent that `counts` conflicts with this one. A compulsory one bars nothing: it is given beside
/// whatever licences there are.
pub(super) fn check_conflicts(
    cx: &Context<'_>,
    id: PatentId,
    status: &PatentStatus,
    extent: &Extent<'_>,
    counts: impl Fn(LicenceId, &Licence) -> bool,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    // Ordinary licences conflict with sole and exclusive ones alone: the long lists need not be read.
    if extent.kind == LicenceKind::Ordinary && status.exclusive == 0 && status.sole == 0 {
        return Ok(());
    }
    let mut named = 0;
    for (other_id, other) in licences::of_patent(cx, id)? {
        let conflicts = other.is_active(cx.today)
            && !other.is_compulsory()
            && counts(other_id, &other)
            && extent.conflicts(&Extent::from(&other))
            && !lies_in_another(cx, &other)?;
        if conflicts {
            let refusal = Refusal::new(Code::LicenceConflict).about(id).because_of(other_id);
            verdict.refuse(refusal.with(other.term));
            named += 1;
        }
        if named == CONFLICTS_NAMED {
            break;
        }
    }
    Ok(())
}

/// Whether the licence is a sublicence within one that is in force, which is asked in its stead.
fn lies_in_another(cx: &Context<'_>, licence: &Licence) -> Result<bool, Fault> {
    match licence.origin {
        LicenceOrigin::Sublicence { under } => Ok(cx.must::<Licence>(&under)?.is_active(cx.today)),
        LicenceOrigin::Contract | LicenceOrigin::Open { .. } | LicenceOrigin::Compulsory { .. } => Ok(false),
    }
}

impl Grant {
    fn extent(&self) -> Extent<'_> {
        Extent { kind: self.kind, scope: &self.scope, term: self.term }
    }

    /// The lists are complete and name nothing twice, and the licence is not over before it is entered.
    fn check_fields(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.patents.is_empty() || self.licensors.is_empty(), Code::FieldMissing);
        let twice = has_duplicates(&self.patents)
            || has_duplicates(&self.licensors)
            || has_duplicates(&self.beside)
            || scope_names_twice(&self.scope);
        verdict.refuse_if(twice, Code::DuplicateEntry);
        if self.term.last() < cx.today {
            let figures = format!("the term ended {}", self.term.last());
            verdict.refuse(Refusal::new(Code::EffectiveDate).with(figures));
        }
        for id in &self.beside {
            cx.named::<Licence>(*id, verdict)?;
        }
        cx.named::<Member>(self.licensee, verdict)?;
        Ok(())
    }

    /// One patent of which its owners grant: by whom (PL 14), beside what, with whose consent.
    fn check_patent(
        &self,
        cx: &Context<'_>,
        id: PatentId,
        patent: &Patent,
        status: &PatentStatus,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let owns = |party: &PartyId| patent.owners.iter().any(|owner| owner.party == *party);
        let (owners, others): (Vec<_>, Vec<_>) = self.licensors.iter().partition(|party| owns(party));
        for party in others {
            verdict.refuse(Refusal::new(Code::NotOwner).about(id).because_of(party));
        }
        if self.kind != LicenceKind::Ordinary || patent.agreement.is_some() {
            cx.owners_sign(id, patent, verdict)?;
        }
        cx.parties_sign(&owners, Some(id), Code::LicencePartyRequired, verdict)?;
        cx.pledgee(id, status, GRANT, verdict)?;
        if let Some(pledge) = status.pledge.filter(|_| self.fee != FeeClass::Free && self.proceeds.is_none())
        {
            let refusal = Refusal::new(Code::ProceedsAllocationRequired).about(id);
            verdict.refuse(refusal.because_of(pledge));
        }
        if let Some(declaration) = status.declaration.filter(|_| self.kind != LicenceKind::Ordinary) {
            let refusal = Refusal::new(Code::OlExclusiveForbidden).about(id);
            verdict.refuse(refusal.because_of(declaration));
        }
        if self.kind != LicenceKind::Ordinary {
            commitments::bar_exclusive(cx, id, status, verdict)?;
        }
        let counts = |other_id: LicenceId, other: &Licence| {
            other.kind != LicenceKind::Ordinary || !self.beside.contains(&other_id)
        };
        check_conflicts(cx, id, status, &self.extent(), counts, verdict)
    }

    /// A sublicence: by the licensee of the licence above, which permits it; ordinary, and no wider than that licence
    /// (CC 867, SPC-TC 25).
    fn check_above(&self, cx: &Context<'_>, above_id: LicenceId, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(above) = cx.named::<Licence>(above_id, verdict)? else { return Ok(()) };
        if !above.is_active(cx.today) {
            verdict.refuse(Refusal::new(Code::LicenceState).about(above_id).with(above.term));
        }
        let mut against = |reason: &str| {
            let refusal = Refusal::new(Code::SublicenceNotPermitted).because_of(above_id);
            verdict.refuse(refusal.with(reason));
        };
        if !above.sublicence {
            against("contract");
        }
        if self.kind != LicenceKind::Ordinary {
            against("kind");
        }
        if !self.patents.iter().all(|patent| above.patents.contains(patent)) {
            against("patents");
        }
        if !self.extent().within(&Extent::from(&above)) {
            against("scope or term");
        }
        for party in &self.licensors {
            if cx.find::<Party>(party)?.is_some_and(|party| party.member != Some(above.licensee)) {
                against("licensor");
            }
        }
        cx.parties_sign(&self.licensors, None, Code::LicencePartyRequired, verdict)
    }

    /// The co-owners' shares of a fee (PL 14¶1): each owner once, the whole in all; what is left is the undisclosed ones'.
    fn check_shares(&self, patents: &[Patent], verdict: &mut Verdict) {
        let direct = || patents.iter().filter(|_| self.under.is_none());
        let co_owned =
            direct().any(|patent| patent.owners.len() + usize::from(patent.undisclosed_owners) > 1);
        if self.shares.is_empty() && (self.fee == FeeClass::Free || !co_owned) {
            return;
        }
        let owners: BTreeSet<_> =
            direct().flat_map(|patent| patent.owners.iter().map(|owner| owner.party)).collect();
        let sharing: BTreeSet<_> = self.shares.iter().map(|share| share.owner).collect();
        let undisclosed = direct().any(|patent| patent.undisclosed_owners > 0);
        let sum: u32 = self.shares.iter().map(|share| u32::from(share.share.basis_points())).sum();
        let whole = sum == 10_000 || (undisclosed && sum < 10_000);
        if owners != sharing || sharing.len() != self.shares.len() || !whole {
            verdict.refuse(Refusal::new(Code::FeeShareMissing).with(format!("{sum} of 10000")));
        }
    }

    /// A licence to a foreign member: the export document, and the funder's approval of an exclusive licence of what was
    /// made with public funds (技术进出口管理条例 arts. 29–39; S&TPL 34).
    fn check_export(&self, cx: &Context<'_>, funded: bool, verdict: &mut Verdict) -> Result<(), Fault> {
        if !cx.goes_abroad(&self.licensors, self.licensee)? {
            return Ok(());
        }
        match &self.export {
            None => verdict.refuse(Refusal::new(Code::ExportDocRequired).because_of(self.licensee)),
            Some(Export::Banned) => {
                verdict.refuse(Refusal::new(Code::ExportForbidden).because_of(self.licensee));
            }
            Some(Export::Free { .. } | Export::Restricted { .. }) => {}
        }
        if self.kind == LicenceKind::Exclusive && funded {
            funder_approves(cx, self.funder, verdict)?;
        }
        Ok(())
    }
}

/// The funder is named, is one, and signs (S&TPL 34).
pub(super) fn funder_approves(
    cx: &Context<'_>,
    funder: Option<MemberId>,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    let funder = funder.map(|id| Ok((id, cx.named::<Member>(id, verdict)?))).transpose()?;
    match funder {
        Some((id, Some(member))) if member.is(Role::Funder) => {
            cx.need(id, None, Code::FunderApprovalRequired, verdict)
        }
        _ => {
            verdict.refuse(Refusal::new(Code::FunderApprovalRequired));
            Ok(())
        }
    }
}

impl Rule for Grant {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        self.check_fields(cx, verdict)?;
        if let Some(above) = self.under {
            self.check_above(cx, above, verdict)?;
        }
        let (mut patents, mut funded) = (Vec::new(), false);
        for id in &self.patents {
            let Some((patent, status)) = cx.patent(*id, verdict)? else { continue };
            funded |= cx.is_funded(*id, &patent)?;
            cx.in_force(*id, &status, Code::PatentNotInForce, verdict);
            check_term(cx, *id, &status, self.term, verdict);
            if self.under.is_none() {
                self.check_patent(cx, *id, &patent, &status, verdict)?;
            }
            cx.need(self.licensee, Some(*id), Code::LicenseeRequired, verdict)?;
            patents.push(patent);
        }
        self.check_shares(&patents, verdict);
        self.check_export(cx, funded, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = LicenceId::new(effects.position, 0);
        let mut pledges = BTreeSet::new();
        for patent in &self.patents {
            pledges.extend(effects.must::<PatentStatus>(patent)?.pledge);
        }
        let pledges: Vec<_> = pledges.into_iter().collect();
        let licence = Licence {
            patents: self.patents.clone(),
            licensors: self.licensors.to_vec().try_into().expect("the licence's list is longer"),
            licensee: self.licensee,
            kind: self.kind,
            scope: self.scope.clone(),
            term: self.term,
            sublicence: self.sublicence,
            fee: self.fee,
            origin: match self.under {
                None => LicenceOrigin::Contract,
                Some(under) => LicenceOrigin::Sublicence { under },
            },
            // A contract entered after its first day has been in force since then.
            effective: self.term.first().min(effects.today),
            contract: Some(self.contract),
            beside: self.beside.clone(),
            pledges: pledges.try_into().expect("a patent has one pledge at most"),
            recorded: None,
            state: LicenceState::Active,
        };
        licences::enter(effects, id, &licence)
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

/// The licensors of one of a licence's patents as they are now: those who granted it and still own the patent, or else its
/// owners, for licences follow the patent (SPC-TC 24).
pub(super) fn licensors_of(cx: &Context<'_>, id: PatentId, licence: &Licence) -> Result<Vec<PartyId>, Fault> {
    if let LicenceOrigin::Sublicence { .. } = licence.origin {
        return Ok(licence.licensors.to_vec());
    }
    let patent: Patent = cx.must(&id)?;
    let owners: Vec<_> = patent.owners.iter().map(|owner| owner.party).collect();
    let staying: Vec<_> = owners.iter().copied().filter(|owner| licence.licensors.contains(owner)).collect();
    Ok(if !staying.is_empty() {
        staying
    } else if patent.undisclosed_owners == 0 {
        owners
    } else {
        licence.licensors.to_vec()
    })
}

/// Whether one of these parties, or the licensee, signed.
pub(super) fn a_party_signed(cx: &Context<'_>, licence: &Licence) -> Result<bool, Fault> {
    Ok(licensee_signed(cx, licence)? || a_licensor_signed(cx, licence)?)
}

pub(super) fn licensee_signed(cx: &Context<'_>, licence: &Licence) -> Result<bool, Fault> {
    cx.signed_over(licence.licensee, &licence.patents)
}

/// Whether somebody on the licensors' side signed.
pub(super) fn a_licensor_signed(cx: &Context<'_>, licence: &Licence) -> Result<bool, Fault> {
    for patent in &licence.patents {
        for party in licensors_of(cx, *patent, licence)? {
            let Some(member) = cx.must::<Party>(&party)?.member else { continue };
            if cx.signed_for(member, Some(*patent))? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Needs the signature of every licensor, for each of the patents.
pub(super) fn licensors_sign(
    cx: &Context<'_>,
    licence: &Licence,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    for patent in &licence.patents {
        let licensors = licensors_of(cx, *patent, licence)?;
        cx.parties_sign(&licensors, Some(*patent), Code::LicencePartyRequired, verdict)?;
    }
    Ok(())
}

/// A day that is not in the future nor before the licence took effect.
pub(super) fn check_day(cx: &Context<'_>, on: Date, licence: &Licence, verdict: &mut Verdict) {
    cx.not_future(on, verdict);
    if on < licence.effective {
        let figures = format!("{on} is before {}", licence.effective);
        verdict.refuse(Refusal::new(Code::EffectiveDate).with(figures));
    }
}

impl Record {
    /// The number is one of licences and has not been given.
    fn check_number(&self, cx: &Context<'_>, licence: &Licence, verdict: &mut Verdict) -> Result<(), Fault> {
        if let Some(recorded) = &licence.recorded {
            let refusal = Refusal::new(Code::RecordalDuplicate).about(self.licence);
            verdict.refuse(refusal.with(recorded.number));
        }
        if let Some(taken) = cx.find::<RecordalTaken>(&RecordalTaken::key_of(self.number))? {
            let refusal = Refusal::new(Code::RecordalDuplicate).because_of(taken.record);
            verdict.refuse(refusal.with(self.number));
        }
        // Numbers of the older forms do not say of what they are; they stand in the register and are taken as they are.
        if self.number.kind() == Some(RecordalKind::Pledge) {
            verdict.refuse(Refusal::new(Code::RecordalNumber).with(self.number));
        }
        Ok(())
    }

    /// The contract or, for an open licence, the notice and the payment voucher (Rule 87, Guidelines V.11 §7).
    fn check_proofs(&self, licence: &Licence, verdict: &mut Verdict) {
        verdict.refuse_if(has_duplicates(&self.proofs), Code::DuplicateEntry);
        let proved = match &licence.contract {
            Some(contract) => self.proofs.contains(contract),
            None => self.proofs.len() >= 2 || licence.is_compulsory(),
        };
        if !proved {
            verdict.refuse(Refusal::new(Code::ProofMissing).about(self.licence));
        }
    }

    /// What of one patent keeps the licence from being recorded (备案办法 art. 12).
    fn check_patent(
        &self,
        cx: &Context<'_>,
        id: PatentId,
        licence: &Licence,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let (patent, status): (Patent, PatentStatus) = (cx.must(&id)?, cx.must(&id)?);
        cx.in_force(id, &status, Code::PatentNotInForce, verdict);
        cx.annuity_paid(id, &status, verdict);
        cx.free(id, &status, verdict);
        check_term(cx, id, &status, licence.term, verdict);
        match licence.origin {
            LicenceOrigin::Contract => {
                let owns = |party: &PartyId| patent.owners.iter().any(|owner| owner.party == *party);
                for party in licence.licensors.iter().filter(|party| !owns(party)) {
                    verdict.refuse(Refusal::new(Code::NotOwner).about(id).because_of(*party));
                }
                if status.pledge.is_some_and(|pledge| !licence.pledges.contains(&pledge)) {
                    cx.pledgee(id, &status, GRANT, verdict)?;
                }
            }
            // What conflicts with it conflicts with the licence above, within which it lies and with which it ends.
            LicenceOrigin::Sublicence { .. } => return Ok(()),
            // The declaration answered for owners and pledgee, and the licence outlasts a change of either.
            LicenceOrigin::Open { .. } => {}
            // The authority registers and announces its own decision (PL 60).
            LicenceOrigin::Compulsory { .. } => {
                let refusal = Refusal::new(Code::LicenceNotContract).about(self.licence);
                verdict.refuse(refusal);
                return Ok(());
            }
        }
        let counts = |other_id: LicenceId, other: &Licence| {
            other.recorded.is_some()
                && !licence.beside.contains(&other_id)
                && !other.beside.contains(&self.licence)
        };
        check_conflicts(cx, id, &status, &Extent::from(licence), counts, verdict)
    }
}

impl Rule for Record {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        let Some(licence) = cx.named::<Licence>(self.licence, verdict)? else { return Ok(()) };
        if !a_party_signed(cx, &licence)? {
            verdict.refuse(Refusal::new(Code::LicencePartyRequired).about(self.licence));
        }
        if !licence.is_active(cx.today) {
            let refusal = Refusal::new(Code::LicenceState).about(self.licence).with(licence.term);
            verdict.refuse(match licence.state {
                LicenceState::EndedWith { above, .. } => refusal.because_of(above),
                _ => refusal,
            });
        }
        check_day(cx, self.on, &licence, verdict);
        self.check_number(cx, &licence, verdict)?;
        self.check_proofs(&licence, verdict);
        for id in &licence.patents {
            self.check_patent(cx, *id, &licence, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut licence: Licence = effects.must(&self.licence)?;
        let days = i32::from(effects.parameters.recordal_days);
        let late = self.on > calendar::roll(effects.overlay, licence.effective.add_days(days))?;
        licence.recorded = Some(Recorded { number: self.number, on: self.on, late });
        effects.put(&self.licence, &licence)?;
        let taken = RecordalTaken { record: RecordId::new(effects.position) };
        effects.put(&RecordalTaken::key_of(self.number), &taken)?;
        for patent in &licence.patents {
            effects.touch(*patent, |_| ())?;
        }
        Ok(())
    }
}
