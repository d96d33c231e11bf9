//! Rules for pledges: what bars one, when it arises, who lets it go (CC 425–446; 专利权质押登记办法).

use super::{Context, Effects, Rule, Verdict, duties};
use crate::act::ActKind;
use crate::act::pledge::{Apply, Consent, Register, Release};
use crate::identifier::{MemberId, Money, PatentId, PledgeId, RecordId, RecordalKind, Term};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, Member, Party, Patent, PatentStatus, Pledge, PledgeConsent, PledgeState, Read, RecordalTaken,
};
use std::collections::BTreeSet;

/// The acts to which a pledgee consents in advance: licence, transfer, open licence, abandonment.
const CONSENTABLE: [ActKind; 4] = [
    ActKind { family: 5, kind: 1 },
    ActKind { family: 6, kind: 1 },
    ActKind { family: 4, kind: 1 },
    ActKind { family: 3, kind: 3 },
];

/// What the parties agreed that decides whether a patent can be pledged.
struct Terms {
    debt_term: Option<Term>,
    insist_same_day: bool,
    insist_invalidation: bool,
    open_continues: bool,
}

impl Terms {
    /// The grounds of refusal that lie in the patent: asked at the application, and again at the registration.
    fn check(
        &self,
        cx: &Context<'_>,
        id: PatentId,
        patent: &Patent,
        status: &PatentStatus,
        verdict: &mut Verdict,
    ) {
        cx.in_force(id, status, Code::PledgeNotGranted, verdict);
        cx.annuity_paid(id, status, verdict);
        cx.free(id, status, verdict);
        let last = cx.term_last(id, status, verdict);
        if let Some((debt, last)) = self.debt_term.zip(last).filter(|(debt, last)| debt.last() > *last) {
            let refusal = Refusal::new(Code::PledgeDebtExceedsTerm).about(id);
            verdict.refuse(refusal.with(format!("debt until {}, patent until {last}", debt.last())));
        }
        if let Some(pledge) = status.pledge {
            verdict.refuse(Refusal::new(Code::PledgeAlready).about(id).because_of(pledge));
        }
        if let Some(number) = patent.same_day.filter(|_| !self.insist_same_day) {
            verdict.refuse(Refusal::new(Code::PledgeSameDayAck).about(id).with(number));
        }
        if let Some(record) = status.invalidation.filter(|_| !self.insist_invalidation) {
            verdict.refuse(Refusal::new(Code::PledgeInvalidationAck).about(id).because_of(record));
        }
        if let Some(declaration) = status.declaration.filter(|_| status.open && !self.open_continues) {
            let refusal = Refusal::new(Code::PledgeContinuationRequired).about(id);
            verdict.refuse(refusal.because_of(declaration));
        }
    }
}

impl Apply {
    /// The contents that a pledge contract must have (art. 8).
    fn check_contents(&self, verdict: &mut Verdict) {
        let contents = [
            ("patents", !self.patents.is_empty()),
            ("pledgors", !self.pledgors.is_empty()),
            ("debt_term", self.debt_term.is_some()),
            ("scope", self.scope.is_some()),
            ("maximum", self.maximum != Some(Money::ZERO)),
        ];
        for (content, _) in contents.into_iter().filter(|(_, there)| !there) {
            verdict.refuse(Refusal::new(Code::PledgeFieldMissing).with(content));
        }
    }

    fn terms(&self) -> Terms {
        Terms {
            debt_term: self.debt_term,
            insist_same_day: self.insist_same_day,
            insist_invalidation: self.insist_invalidation,
            open_continues: self.open_continues,
        }
    }
}

impl Rule for Apply {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        self.check_contents(verdict);
        cx.once(&self.patents, verdict);
        cx.once(&self.pledgors, verdict);
        verdict.refuse_if(self.forfeiture, Code::PledgeForfeitureClause);
        for id in &self.patents {
            let Some((patent, status)) = cx.patent(*id, verdict)? else { continue };
            self.terms().check(cx, *id, &patent, &status, verdict);
            cx.are_owners(*id, &patent, &self.pledgors, Code::PledgeNotOwner, verdict);
            // Both sides apply together, so either may bring the application.
            if cx.author == self.pledgee {
                cx.owners_sign(*id, &patent, verdict)?;
            } else {
                cx.all_owners(*id, &patent, Code::PledgeNotOwner, verdict)?;
            }
        }
        if cx.named::<Member>(self.pledgee, verdict)?.is_some() {
            let refusal = Refusal::new(Code::PledgePledgeeRequired);
            cx.need_over(self.pledgee, &self.patents, refusal, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let unchecked = || Fault::Contradiction("a pledge without its contents was not refused".into());
        let pledge = Pledge {
            patents: self.patents.clone(),
            pledgors: self.pledgors.clone(),
            pledgee: self.pledgee,
            debt: self.debt,
            contract: self.contract,
            debt_term: self.debt_term.ok_or_else(unchecked)?,
            scope: self.scope.clone().ok_or_else(unchecked)?,
            maximum: self.maximum,
            insist_same_day: self.insist_same_day,
            insist_invalidation: self.insist_invalidation,
            open_continues: self.open_continues,
            applied: effects.today,
            registration: None,
            state: PledgeState::Applied,
        };
        effects.put(&PledgeId::new(effects.position, 0), &pledge)
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

/// The members that a pledge binds: the pledgee, and whoever pledged. They stay bound when the patent changes hands.
fn bound(state: &impl Read, pledge: &Pledge) -> Result<BTreeSet<MemberId>, Fault> {
    let mut members = BTreeSet::from([pledge.pledgee]);
    for party in &pledge.pledgors {
        members.extend(state.must::<Party>(party)?.member);
    }
    Ok(members)
}

fn refuse_state(id: PledgeId, pledge: &Pledge, verdict: &mut Verdict) {
    let figures = match pledge.state {
        PledgeState::Applied => format!("applied for {}", pledge.applied),
        PledgeState::Registered => "registered".into(),
        PledgeState::Released { on, .. } => format!("released {on}"),
    };
    verdict.refuse(Refusal::new(Code::PledgeState).about(id).with(figures));
}

impl Rule for Register {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        if self.number.kind() == Some(RecordalKind::Licence) {
            verdict.refuse(Refusal::new(Code::RecordalNumber).with(self.number));
        }
        if let Some(taken) = cx.find::<RecordalTaken>(&RecordalTaken::key_of(self.number))? {
            verdict.refuse(Refusal::new(Code::RecordalDuplicate).because_of(taken.record).with(self.number));
        }
        let Some(pledge) = cx.named::<Pledge>(self.pledge, verdict)? else { return Ok(()) };
        if pledge.state != PledgeState::Applied {
            refuse_state(self.pledge, &pledge, verdict);
            return Ok(());
        }
        cx.not_before(self.on, pledge.applied, verdict);
        let terms = Terms {
            debt_term: Some(pledge.debt_term),
            insist_same_day: pledge.insist_same_day,
            insist_invalidation: pledge.insist_invalidation,
            open_continues: pledge.open_continues,
        };
        for id in &pledge.patents {
            let (patent, status) = (cx.must(id)?, cx.must(id)?);
            terms.check(cx, *id, &patent, &status, verdict);
            let agreed = (self.pledge.position(), &*pledge.pledgors);
            cx.owners_stayed(*id, &patent, agreed, Code::PledgeNotOwner, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pledge: Pledge = effects.must(&self.pledge)?;
        pledge.state = PledgeState::Registered;
        pledge.registration = Some((self.number, self.on));
        effects.put(&self.pledge, &pledge)?;
        let taken = RecordalTaken { record: RecordId::new(effects.position) };
        effects.put(&RecordalTaken::key_of(self.number), &taken)?;
        for member in bound(effects.overlay, &pledge)? {
            duties::add(effects.overlay, member)?;
        }
        for id in &pledge.patents {
            effects.touch(*id, |status| status.pledge = Some(self.pledge))?;
        }
        Ok(())
    }
}

impl Rule for Release {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        let Some(pledge) = cx.named::<Pledge>(self.pledge, verdict)? else { return Ok(()) };
        let refusal = Refusal::new(Code::PledgeCancelPledgeeSign).about(self.pledge);
        cx.need_over(pledge.pledgee, &pledge.patents, refusal, verdict)?;
        match pledge.registration {
            Some((_, registered)) if pledge.state == PledgeState::Registered => {
                cx.not_before(self.on, registered, verdict);
            }
            _ => refuse_state(self.pledge, &pledge, verdict),
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pledge: Pledge = effects.must(&self.pledge)?;
        pledge.state = PledgeState::Released { cause: self.cause, on: self.on };
        effects.put(&self.pledge, &pledge)?;
        for act in CONSENTABLE {
            take_back(effects, (self.pledge, act))?;
        }
        for member in bound(effects.overlay, &pledge)? {
            duties::remove(effects.overlay, member)?;
        }
        for id in &pledge.patents {
            effects.touch(*id, |status| status.pledge = None)?;
        }
        Ok(())
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(cx.find::<Pledge>(&self.pledge)?.map(|pledge| pledge.patents.to_vec()).unwrap_or_default())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

fn take_back(effects: &mut Effects<'_, '_>, consent: (PledgeId, ActKind)) -> Result<(), Fault> {
    match effects.find::<PledgeConsent>(&consent)? {
        Some(_) => effects.remove::<PledgeConsent>(&consent),
        None => Ok(()),
    }
}

impl Rule for Consent {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        if !CONSENTABLE.contains(&self.act) {
            verdict.refuse(Refusal::new(Code::PledgeConsentKind).about(self.pledge).with(self.act));
        }
        let Some(pledge) = cx.named::<Pledge>(self.pledge, verdict)? else { return Ok(()) };
        let refusal = Refusal::new(Code::PledgeeConsentRequired).about(self.pledge);
        cx.need_over(pledge.pledgee, &pledge.patents, refusal, verdict)?;
        if pledge.state != PledgeState::Registered {
            refuse_state(self.pledge, &pledge, verdict);
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let consent = (self.pledge, self.act);
        if self.until < effects.today {
            return take_back(effects, consent);
        }
        effects.put(&consent, &PledgeConsent { conditions: self.conditions, until: self.until })
    }
}
