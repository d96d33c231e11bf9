//! Rules for the stock: institutions enter what they own, tiers are what the rule computes, measures come from who can
//! give them.

use super::{Context, Effects, Rule, Verdict, tiering};
use crate::act::member::Role;
use crate::act::stock::{Enter, Leave, Support, SupportKind, SupportTarget, Tier};
use crate::identifier::{PatentId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{AssignedTier, Fault, MatchFeedback, Member, Party, Patent, StockEntry, SupportMeasure};
use std::collections::BTreeSet;

/// Refuses a figure outside its scale.
pub(super) fn on_scale(name: &str, value: u8, highest: u8, verdict: &mut Verdict) {
    if !(1..=highest).contains(&value) {
        verdict.refuse(Refusal::new(Code::ScaleRange).with(format!("{name} {value}, from 1 to {highest}")));
    }
}

/// Refuses unless an exchange or an operation centre signed.
pub(super) fn office(cx: &Context<'_>, verdict: &mut Verdict) {
    let may = cx.role_signed(Role::Exchange) || cx.role_signed(Role::OperationCentre);
    verdict.refuse_if(!may, Code::MatchingOfficeOnly);
}

/// The entry of a patent that is in the stock, or a refusal that it is not.
fn entered(cx: &Context<'_>, patent: PatentId, verdict: &mut Verdict) -> Result<Option<StockEntry>, Fault> {
    let entry = cx.find::<StockEntry>(&patent)?.filter(|entry| entry.left.is_none());
    if entry.is_none() {
        verdict.refuse(Refusal::new(Code::StockNotEntered).about(patent));
    }
    Ok(entry)
}

impl Rule for Enter {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.willingness.is_empty(), Code::FieldMissing);
        cx.once(&self.willingness, verdict);
        on_scale("readiness", self.readiness, 9, verdict);
        on_scale("grade", self.grade, 5, verdict);
        let Some(institution) = cx.named::<Member>(self.institution, verdict)? else { return Ok(()) };
        if !institution.is(Role::University) && !institution.is(Role::ResearchInstitute) {
            verdict.refuse(Refusal::new(Code::StockInstitutionOnly).because_of(self.institution));
        }
        cx.need(self.institution, Some(self.patent), Code::MemberSignatureRequired, verdict)?;
        let Some((patent, status)) = cx.patent(self.patent, verdict)? else { return Ok(()) };
        if !cx.owns(self.institution, &patent)? {
            verdict.refuse(Refusal::new(Code::NotOwner).about(self.patent).because_of(self.institution));
        }
        cx.in_force(self.patent, &status, Code::PatentNotInForce, verdict);
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let before = effects.find::<StockEntry>(&self.patent)?.filter(|entry| entry.left.is_none());
        let entry = StockEntry {
            institution: self.institution,
            willingness: self.willingness.clone(),
            readiness: self.readiness,
            grade: self.grade,
            description: self.description.clone(),
            contact: self.contact.clone(),
            entered: before.as_ref().map_or(effects.today, |entry| entry.entered),
            updated: effects.today,
            // A tier rests on the grade.
            tier: before.filter(|entry| entry.grade == self.grade).and_then(|entry| entry.tier),
            left: None,
        };
        effects.put(&self.patent, &entry)
    }
}

impl Rule for Leave {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        if cx.named::<Patent>(self.patent, verdict)?.is_none() {
            return Ok(());
        }
        let Some(entry) = entered(cx, self.patent, verdict)? else { return Ok(()) };
        let mut may = cx.signed_for(entry.institution, Some(self.patent))?;
        for owner in &cx.must::<Patent>(&self.patent)?.owners {
            if let Some(member) = cx.must::<Party>(&owner.party)?.member {
                may |= cx.signed_for(member, Some(self.patent))?;
            }
        }
        if !may {
            verdict.refuse(Refusal::new(Code::NotOwner).about(self.patent).because_of(cx.author));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut entry: StockEntry = effects.must(&self.patent)?;
        entry.left = Some(effects.today);
        effects.put(&self.patent, &entry)
    }
}

impl Rule for Tier {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        office(cx, verdict);
        cx.once(&self.feedback, verdict);
        if cx.named::<Patent>(self.patent, verdict)?.is_none() {
            return Ok(());
        }
        let Some(entry) = entered(cx, self.patent, verdict)? else { return Ok(()) };
        let mut prospects = Vec::new();
        let mut heard = BTreeSet::new();
        for record in &self.feedback {
            let Some(feedback) = cx.named::<MatchFeedback>(*record, verdict)? else { continue };
            if feedback.patent != self.patent || !heard.insert(feedback.member) {
                verdict.refuse(Refusal::new(Code::TierFeedback).about(self.patent).because_of(*record));
            }
            prospects.push(feedback.prospect);
        }
        match tiering::tier(self.rule, entry.grade, &prospects) {
            None => verdict.refuse(Refusal::new(Code::TierRule).with(self.rule)),
            Some(tier) if tier != self.tier => {
                let figures = format!("grade {}, prospects {prospects:?}", entry.grade);
                verdict.refuse(Refusal::new(Code::TierMismatch).about(self.patent).with(figures));
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut entry: StockEntry = effects.must(&self.patent)?;
        entry.tier = Some(AssignedTier {
            tier: self.tier,
            rule: self.rule,
            feedback: u16::try_from(self.feedback.len()).expect("the list holds at most 64"),
            record: RecordId::new(effects.position),
        });
        effects.put(&self.patent, &entry)
    }
}

/// Who gives what kind of support.
fn givers(kind: SupportKind) -> &'static [Role] {
    match kind {
        SupportKind::Promotion => &[Role::Exchange, Role::OperationCentre, Role::Regulator],
        SupportKind::Policy => &[Role::Regulator, Role::Funder],
        SupportKind::Service => &[Role::Exchange, Role::OperationCentre, Role::Agency, Role::Appraiser],
        SupportKind::Capital => &[Role::Bank, Role::Guarantor, Role::Fund, Role::Insurer],
    }
}

impl Rule for Support {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let author = cx.must::<Member>(&cx.author)?;
        if !givers(self.kind).iter().any(|role| author.is(*role)) {
            verdict.refuse(Refusal::new(Code::SupportGiver).because_of(cx.author));
        }
        if let SupportTarget::Patent { patent } = self.target
            && cx.named::<Patent>(patent, verdict)?.is_some()
        {
            entered(cx, patent, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let measure = SupportMeasure {
            giver: effects.author,
            target: self.target,
            kind: self.kind,
            title: self.title.clone(),
            term: self.term,
            document: self.document,
            recorded: effects.today,
        };
        effects.put(&RecordId::new(effects.position), &measure)
    }
}
