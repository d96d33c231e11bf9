//! Rules for compulsory licences (强制许可, PL 53–63): on which ground, when at the earliest, of what.

use super::licence::{check_term, scope_names_twice};
use super::{Context, Effects, Rule, Verdict, licences};
use crate::act::licence::{Compulsory, CompulsoryGround, FeeClass, LicenceKind};
use crate::codec::List;
use crate::identifier::{Date, LicenceId, PartyId, PatentId, PatentKind};
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Licence, LicenceOrigin, LicenceState, Member, Patent, PatentStatus};
use std::collections::BTreeSet;

/// Compulsory licences of one patent at most: the status counts them in one byte.
const MOST: u8 = u8::MAX;

impl Compulsory {
    /// Years since grant and filing, both in full, before a patent that is not worked can be licensed (PL 53(1)).
    fn check_age(&self, cx: &Context<'_>, id: PatentId, patent: &Patent, verdict: &mut Verdict) {
        let years = [
            (patent.grant, cx.parameters.compulsory_grant_years, "granted"),
            (patent.filing, cx.parameters.compulsory_filing_years, "filed"),
        ];
        for (day, years, what) in years {
            let refusal = Refusal::new(Code::CompulsoryTooEarly).about(id);
            match day.map(|day| day.add_years(u16::from(years))) {
                None => verdict.refuse(refusal.with(format!("{what}: unknown"))),
                Some(from) if self.on < from => verdict.refuse(refusal.with(format!("{what}: from {from}"))),
                Some(_) => {}
            }
        }
    }

    /// The later patent is the licensee's, in force, and later than the one that it depends on (PL 56).
    fn check_dependent(
        &self,
        cx: &Context<'_>,
        id: PatentId,
        earlier: &Patent,
        later_id: PatentId,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let Some((later, status)) = cx.patent(later_id, verdict)? else { return Ok(()) };
        let filed_before = |a: Option<Date>, b: Option<Date>| a.zip(b).is_some_and(|(a, b)| a < b);
        let depends = cx.owns(self.licensee, &later)?
            && status.in_force(cx.today)
            && filed_before(earlier.filing, later.filing);
        if !depends {
            verdict.refuse(Refusal::new(Code::CompulsoryGround).about(id).because_of(later_id));
        }
        Ok(())
    }

    fn check_patent(&self, cx: &Context<'_>, id: PatentId, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some((patent, status)) = cx.patent(id, verdict)? else { return Ok(()) };
        cx.in_force(id, &status, Code::PatentNotInForce, verdict);
        check_term(cx, id, &status, self.term, verdict);
        if patent.number.kind() == PatentKind::Design {
            verdict.refuse(Refusal::new(Code::CompulsoryGround).about(id).with("design"));
        }
        if cx.find::<Member>(&self.licensee)?.is_some() && cx.owns(self.licensee, &patent)? {
            verdict.refuse(Refusal::new(Code::LicenseeOwns).about(id).because_of(self.licensee));
        }
        if status.compulsory == MOST {
            verdict.refuse(Refusal::new(Code::CompulsoryGround).about(id).with(format!("{MOST} stand")));
        }
        match self.ground {
            CompulsoryGround::NotWorked => self.check_age(cx, id, &patent, verdict),
            CompulsoryGround::Dependent { patent: later } => {
                self.check_dependent(cx, id, &patent, later, verdict)?;
            }
            CompulsoryGround::Monopoly | CompulsoryGround::Emergency | CompulsoryGround::PublicHealth => {}
        }
        Ok(())
    }
}

impl Rule for Compulsory {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        cx.not_future(self.on, verdict);
        verdict.refuse_if(self.patents.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        verdict.refuse_if(scope_names_twice(&self.scope), Code::DuplicateEntry);
        if self.term.last() < cx.today || self.term.first() < self.on {
            verdict.refuse(
                Refusal::new(Code::EffectiveDate).with(format!("{}, decided {}", self.term, self.on)),
            );
        }
        cx.named::<Member>(self.licensee, verdict)?;
        for id in &self.patents {
            self.check_patent(cx, *id, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut owners: BTreeSet<PartyId> = BTreeSet::new();
        for id in &self.patents {
            owners.extend(effects.must::<Patent>(id)?.owners.iter().map(|owner| owner.party));
        }
        let mut pledges = BTreeSet::new();
        for id in &self.patents {
            pledges.extend(effects.must::<PatentStatus>(id)?.pledge);
        }
        let pledges: Vec<_> = pledges.into_iter().collect();
        // Who owns the patents is asked of the patents; the list is for the reader and holds the first of very many.
        let owners: Vec<_> = owners.into_iter().take(64).collect();
        let licence = Licence {
            patents: self.patents.clone(),
            licensors: owners.try_into().expect("at most 64 were taken"),
            licensee: self.licensee,
            kind: LicenceKind::Ordinary,
            scope: self.scope.clone(),
            term: self.term,
            sublicence: false,
            // Agreed with the owner or decided by the authority (PL 62).
            fee: FeeClass::Other,
            origin: LicenceOrigin::Compulsory { ground: self.ground },
            effective: self.term.first().min(effects.today),
            contract: Some(self.decision),
            beside: List::new(),
            pledges: pledges.try_into().expect("a patent has one pledge at most"),
            recorded: None,
            state: LicenceState::Active,
        };
        licences::enter(effects, LicenceId::new(effects.position, 0), &licence)
    }
}
