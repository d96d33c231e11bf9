//! Rules for finance with patents: who must sign an instrument, what is assigned to it, claims under it, its end.

use super::streams::{self, Incomes};
use super::{Context, Effects, Rule, Verdict, duties, pledges, valuation};
use crate::act::ActKind;
use crate::act::finance::{Claim, ClaimStep, Finish, InstrumentEnd, InstrumentKind, Issue, Line};
use crate::act::licence::FeeClass;
use crate::act::member::Role;
use crate::identifier::{InstrumentId, LicenceId, MemberId, PatentId, PledgeId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    ClaimState, CreditLine, Fault, Instrument, InstrumentState, InsuranceClaim, Licence, Member, Party,
    PatentStatus, Pledge, PledgeState,
};

/// `finance.instrument`: the kind of act to which a pledgee consents.
const INSTRUMENT: ActKind = ActKind { family: 9, kind: 5 };

impl Issue {
    fn insures(&self) -> bool {
        matches!(self.kind, InstrumentKind::Insurance { .. })
    }

    fn assigns(&self) -> bool {
        self.kind == InstrumentKind::Securitisation
    }

    fn incomes(&self, cx: &Context<'_>) -> Result<Incomes, Fault> {
        streams::incomes(cx, &self.patents, &self.licences)
    }

    /// Both sides sign; an insurer insures, and who lends beside an investment is the pledge's pledgee.
    fn check_sides(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.issuer == self.partner, Code::DuplicateEntry);
        for side in [self.issuer, self.partner] {
            if cx.named::<Member>(side, verdict)?.is_some() {
                cx.need(side, None, Code::InstrumentPartyRequired, verdict)?;
            }
        }
        let fits = match self.kind {
            InstrumentKind::Insurance { .. } => {
                cx.find::<Member>(&self.partner)?.is_none_or(|partner| partner.is(Role::Insurer))
            }
            InstrumentKind::LoanAndInvestment { pledge } => {
                let pledge = pledges::registered(cx, pledge, verdict)?;
                pledge.is_none_or(|(pledge, _)| pledge.pledgee == self.partner)
            }
            _ => true,
        };
        if !fits {
            verdict.refuse(Refusal::new(Code::InstrumentPartner).because_of(self.partner));
        }
        Ok(())
    }

    /// A patent: in force, and its income assigned only by all its owners, while it is free and its pledgee agrees.
    fn check_patent(&self, cx: &Context<'_>, id: PatentId, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some((patent, status)) = cx.patent(id, verdict)? else { return Ok(()) };
        cx.in_force(id, &status, Code::PatentNotInForce, verdict);
        if !self.insures() {
            return cx.owners_sign(id, &patent, verdict);
        }
        // A licensee insures what it may use.
        let mut has_interest = cx.owns(self.issuer, &patent)?;
        for licence in &self.licences {
            has_interest |= cx
                .find::<Licence>(licence)?
                .is_some_and(|licence| licence.licensee == self.issuer && licence.patents.contains(&id));
        }
        if !has_interest {
            verdict.refuse(Refusal::new(Code::InstrumentInterest).about(id).because_of(self.issuer));
        }
        Ok(())
    }

    /// A licence: in force, the issuer a party to it or its licensors signing, and something to be paid under it.
    fn check_licence(&self, cx: &Context<'_>, id: LicenceId, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(licence) = cx.named::<Licence>(id, verdict)? else { return Ok(()) };
        if !licence.is_active(cx.today) {
            verdict.refuse(Refusal::new(Code::LicenceState).about(id).with(licence.term));
        }
        if self.insures() {
            if !is_party(cx, &licence, self.issuer)? {
                verdict.refuse(Refusal::new(Code::InstrumentInterest).about(id).because_of(self.issuer));
            }
            return Ok(());
        }
        for patent in &licence.patents {
            cx.parties_sign(&licence.licensors, Some(*patent), Code::LicencePartyRequired, verdict)?;
        }
        if self.assigns() {
            if licence.fee == FeeClass::Free {
                verdict.refuse(Refusal::new(Code::InstrumentAssets).about(id).with("free of charge"));
            }
            if self.term.last() > licence.term.last() {
                let refusal = Refusal::new(Code::InstrumentTerm).about(id);
                verdict.refuse(refusal.with(format!("until {}, {}", self.term.last(), licence.term)));
            }
        }
        Ok(())
    }

    /// Incomes that are assigned: of patents that are free and last as long, with their pledgees, and of no other
    /// securitisation.
    fn check_incomes(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let incomes = self.incomes(cx)?;
        for id in incomes.keys() {
            let Some(status) = cx.find::<PatentStatus>(id)? else { continue };
            cx.free(*id, &status, verdict);
            cx.pledgee(*id, &status, INSTRUMENT, verdict)?;
            if let Some(last) = cx.term_last(*id, &status, verdict).filter(|last| *last < self.term.last()) {
                let refusal = Refusal::new(Code::InstrumentTerm).about(*id);
                verdict.refuse(refusal.with(format!("until {}, the patent ends {last}", self.term.last())));
            }
        }
        streams::check(cx, &incomes, verdict)
    }
}

/// Whether the member is a party to the licence.
fn is_party(cx: &Context<'_>, licence: &Licence, member: MemberId) -> Result<bool, Fault> {
    for licensor in &licence.licensors {
        if cx.must::<Party>(licensor)?.member == Some(member) {
            return Ok(true);
        }
    }
    Ok(licence.licensee == member)
}

impl Rule for Issue {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        if self.patents.is_empty() && self.licences.is_empty() {
            verdict.refuse(Refusal::new(Code::InstrumentAssets).with("none"));
        }
        cx.once(&self.patents, verdict);
        cx.once(&self.licences, verdict);
        if self.term.last() < cx.today {
            let figures = format!("the term ended {}", self.term.last());
            verdict.refuse(Refusal::new(Code::EffectiveDate).with(figures));
        }
        self.check_sides(cx, verdict)?;
        for id in &self.patents {
            self.check_patent(cx, *id, verdict)?;
        }
        for id in &self.licences {
            self.check_licence(cx, *id, verdict)?;
        }
        if self.assigns() {
            self.check_incomes(cx, verdict)?;
        }
        match self.valuation {
            Some(id) => valuation::check_counts(cx, id, &self.patents, verdict),
            None => Ok(()),
        }
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = InstrumentId::new(effects.position, 0);
        let instrument = Instrument {
            kind: self.kind,
            issuer: self.issuer,
            partner: self.partner,
            patents: self.patents.clone(),
            licences: self.licences.clone(),
            valuation: self.valuation,
            contract: self.contract,
            term: self.term,
            entered: effects.today,
            claims: 0,
            state: InstrumentState::Running,
        };
        effects.put(&id, &instrument)?;
        if self.assigns() {
            let incomes = streams::incomes(effects.overlay, &self.patents, &self.licences)?;
            streams::lock(effects, id, &incomes)?;
        }
        duties::add(effects.overlay, self.issuer)?;
        duties::add(effects.overlay, self.partner)
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.incomes(cx)?.into_keys().collect())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

fn refuse_state(id: InstrumentId, instrument: &Instrument, verdict: &mut Verdict) {
    let refusal = Refusal::new(Code::InstrumentState).about(id);
    verdict.refuse(match instrument.state {
        InstrumentState::Running => refusal.with(instrument.term),
        InstrumentState::Finished { on, .. } => refusal.with(format!("ended {on}")),
    });
}

impl Claim {
    /// A claim of this policy that has not been answered.
    fn check_unanswered(
        &self,
        cx: &Context<'_>,
        claim: RecordId,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        if let Some(found) = cx.named::<InsuranceClaim>(claim, verdict)?
            && (found.instrument != self.instrument || found.state != ClaimState::Unanswered)
        {
            verdict.refuse(Refusal::new(Code::ClaimState).about(claim).because_of(found.instrument));
        }
        Ok(())
    }
}

impl Rule for Claim {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(policy) = cx.named::<Instrument>(self.instrument, verdict)? else { return Ok(()) };
        if !matches!(policy.kind, InstrumentKind::Insurance { .. }) {
            verdict.refuse(Refusal::new(Code::InstrumentKind).about(self.instrument));
        }
        if policy.state != InstrumentState::Running {
            refuse_state(self.instrument, &policy, verdict);
        }
        let signer = match self.step {
            ClaimStep::Made { .. } | ClaimStep::Withdrawn { .. } => policy.issuer,
            ClaimStep::Settled { .. } | ClaimStep::Declined { .. } => policy.partner,
        };
        cx.need(signer, None, Code::InstrumentPartyRequired, verdict)?;
        match self.step {
            ClaimStep::Made { event, .. } => {
                cx.not_future(event, verdict);
                if !policy.term.contains(event) {
                    let refusal = Refusal::new(Code::ClaimOutsideTerm).about(self.instrument);
                    verdict.refuse(refusal.with(format!("{event}, {}", policy.term)));
                }
                verdict.refuse_if(policy.claims == u16::MAX, Code::InstrumentClaimOpen);
                Ok(())
            }
            ClaimStep::Settled { claim, .. }
            | ClaimStep::Declined { claim, .. }
            | ClaimStep::Withdrawn { claim } => self.check_unanswered(cx, claim, verdict),
        }
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut policy: Instrument = effects.must(&self.instrument)?;
        let (claim, state) = match self.step {
            ClaimStep::Made { event, loss, evidence } => {
                policy.claims += 1;
                effects.put(&self.instrument, &policy)?;
                let state = ClaimState::Unanswered;
                let claim = InsuranceClaim { instrument: self.instrument, event, loss, evidence, state };
                return effects.put(&RecordId::new(effects.position), &claim);
            }
            ClaimStep::Settled { claim, payment } => (claim, ClaimState::Paid { payment }),
            ClaimStep::Declined { claim, reasons } => (claim, ClaimState::Declined { reasons }),
            ClaimStep::Withdrawn { claim } => (claim, ClaimState::Withdrawn),
        };
        policy.claims -= 1;
        effects.put(&self.instrument, &policy)?;
        let answered = InsuranceClaim { state, ..effects.must(&claim)? };
        effects.put(&claim, &answered)
    }
}

impl Rule for Finish {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(instrument) = cx.named::<Instrument>(self.instrument, verdict)? else { return Ok(()) };
        if instrument.state != InstrumentState::Running {
            refuse_state(self.instrument, &instrument, verdict);
        }
        cx.not_before(self.on, instrument.entered.min(instrument.term.first()), verdict);
        if self.cause == InstrumentEnd::Adjudged {
            let may = cx.role_signed(Role::Registrar) || cx.role_signed(Role::Court);
            verdict.refuse_if(!may, Code::CourtOnly);
            if self.document.is_none() {
                verdict.refuse(Refusal::new(Code::ProofMissing).about(self.instrument));
            }
            return Ok(());
        }
        if instrument.claims > 0 {
            let refusal = Refusal::new(Code::InstrumentClaimOpen).about(self.instrument);
            verdict.refuse(refusal.with(instrument.claims));
        }
        let (issuer, partner) = (instrument.issuer, instrument.partner);
        let over = instrument.term.last() < cx.today && self.cause == InstrumentEnd::Performed;
        if over && (cx.signed_for(issuer, None)? || cx.signed_for(partner, None)?) {
            return Ok(());
        }
        cx.need(issuer, None, Code::InstrumentPartyRequired, verdict)?;
        cx.need(partner, None, Code::InstrumentPartyRequired, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut instrument: Instrument = effects.must(&self.instrument)?;
        instrument.state = InstrumentState::Finished { cause: self.cause, on: self.on };
        effects.put(&self.instrument, &instrument)?;
        if instrument.kind == InstrumentKind::Securitisation {
            let incomes = streams::incomes(effects.overlay, &instrument.patents, &instrument.licences)?;
            streams::unlock(effects, self.instrument, &incomes)?;
        }
        duties::remove(effects.overlay, instrument.issuer)?;
        duties::remove(effects.overlay, instrument.partner)
    }

    fn may_wait(&self) -> bool {
        self.cause != InstrumentEnd::Adjudged
    }
}

impl Line {
    /// The investment is a loan-and-investment beside the same pledge, and runs.
    fn check_investment(
        &self,
        cx: &Context<'_>,
        id: InstrumentId,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let Some(instrument) = cx.named::<Instrument>(id, verdict)? else { return Ok(()) };
        if instrument.kind != (InstrumentKind::LoanAndInvestment { pledge: self.pledge }) {
            verdict.refuse(Refusal::new(Code::InstrumentKind).about(id).because_of(self.pledge));
        }
        if !instrument.is_running(cx.today) {
            refuse_state(id, &instrument, verdict);
        }
        Ok(())
    }
}

fn pledged_patents(cx: &Context<'_>, id: PledgeId) -> Result<Vec<PatentId>, Fault> {
    Ok(cx.find::<Pledge>(&id)?.map(|pledge| pledge.patents.to_vec()).unwrap_or_default())
}

impl Rule for Line {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        if let Some(id) = self.investment {
            self.check_investment(cx, id, verdict)?;
        }
        if let Some(id) = self.valuation {
            valuation::check_counts(cx, id, &pledged_patents(cx, self.pledge)?, verdict)?;
        }
        let Some(pledge) = cx.named::<Pledge>(self.pledge, verdict)? else { return Ok(()) };
        if !matches!(pledge.state, PledgeState::Applied | PledgeState::Registered) {
            pledges::refuse_state(self.pledge, &pledge, verdict);
        }
        if !cx.must::<Member>(&pledge.pledgee)?.is(Role::Bank) {
            verdict.refuse(Refusal::new(Code::CreditLineBank).about(self.pledge).because_of(pledge.pledgee));
        }
        let refusal = Refusal::new(Code::PledgePledgeeRequired).about(self.pledge);
        cx.need_over(pledge.pledgee, &pledge.patents, refusal, verdict)?;
        cx.parties_sign(&pledge.pledgors, None, Code::PledgePledgorRequired, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let line = CreditLine {
            pledge: self.pledge,
            bank: effects.must::<Pledge>(&self.pledge)?.pledgee,
            line: self.line,
            term: self.term,
            valuation: self.valuation,
            investment: self.investment,
        };
        effects.put(&RecordId::new(effects.position), &line)
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        pledged_patents(cx, self.pledge)
    }

    fn may_wait(&self) -> bool {
        true
    }
}
