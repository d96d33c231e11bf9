//! Rules for open licences: who may declare, when it is open, who takes a licence, how it ends.
//!
//! ```text
//! declare ── announce ──► open ── notice ── pay ──► licence
//!    │                     │  └─ a bar arises ─► halted
//!    └── withdraw ► closed └─ withdraw, close ─► closed ◄── close
//! ```
//!
//! A declaration is open from its announcement, and closed from the announcement of its end. What was noticed in between
//! may be paid later: a notice accepts the owners' standing offer.

use super::{Context, Effects, Rule, Verdict, advertising, bars, commitments, licences};
use crate::act::licence::{LicenceKind, Scope};
use crate::act::member::Role;
use crate::act::open_licence::{Announce, Close, CloseCause, Declare, FeeStandard, Notice, Pay, Withdraw};
use crate::codec::List;
use crate::identifier::{
    Date, DeclarationId, IndustryCode, LicenceId, Money, NoticeId, PatentId, Rate, RecordId, Term,
};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Announcement, Declaration, DeclarationState, Fault, Licence, LicenceOrigin, LicenceState, Member,
    NoticeState, OpenNotice, Parameters, Patent, PatentStatus, ReceiptUsed,
};
use std::collections::BTreeSet;

/// The contents that the law asks of a fee: amounts that are some, and at least two instalments (Rule 85).
fn check_fee_contents(fee: &FeeStandard, verdict: &mut Verdict) {
    let complete = match fee {
        FeeStandard::Free => true,
        FeeStandard::Lump { amount } | FeeStandard::RoyaltyPerUnit { amount } => *amount != Money::ZERO,
        FeeStandard::Instalments { each, count } => *each != Money::ZERO && *count >= 2,
        FeeStandard::RoyaltyNetSales { rate } | FeeStandard::RoyaltyProfit { rate } => *rate != Rate::ZERO,
        FeeStandard::EntryAndRoyalty { entry, rate } => *entry != Money::ZERO && *rate != Rate::ZERO,
    };
    if !complete {
        verdict.refuse(Refusal::new(Code::OlFieldMissing).with("fee"));
    }
}

/// The fee is not above the network's guide: fixed sums, instalments summed, and royalties each against their own cap.
fn check_fee_guide(fee: &FeeStandard, parameters: &Parameters, verdict: &mut Verdict) {
    let above = |detail: String| Refusal::new(Code::OlFeeAboveGuide).with(detail);
    let fixed = |sum: Option<Money>, verdict: &mut Verdict| {
        let cap = parameters.open_lump_cap;
        if sum.is_none_or(|sum| sum > cap) {
            let sum = sum.map_or_else(|| "beyond counting".into(), |sum| sum.to_string());
            verdict.refuse(above(format!("{sum}, at most {cap} yuan")));
        }
    };
    let share = |rate: Rate, cap: Rate, verdict: &mut Verdict| {
        if rate > cap {
            verdict.refuse(above(format!("{rate}, at most {cap}")));
        }
    };
    match fee {
        FeeStandard::Free | FeeStandard::RoyaltyPerUnit { .. } => {}
        FeeStandard::Lump { amount } => fixed(Some(*amount), verdict),
        FeeStandard::Instalments { each, count } => fixed(each.checked_mul(u64::from(*count)), verdict),
        FeeStandard::RoyaltyNetSales { rate } => share(*rate, parameters.open_sales_cap, verdict),
        FeeStandard::RoyaltyProfit { rate } => share(*rate, parameters.open_profit_cap, verdict),
        FeeStandard::EntryAndRoyalty { entry, rate } => {
            fixed(Some(*entry), verdict);
            share(*rate, parameters.open_sales_cap, verdict);
        }
    }
}

/// The term of licences lies within the patent's, is not over, and is not shorter than the network's minimum.
fn check_term(
    cx: &Context<'_>,
    id: PatentId,
    patent: &Patent,
    status: &PatentStatus,
    term: Term,
    verdict: &mut Verdict,
) {
    if let Some(last) = cx.term_last(id, status, verdict)
        && term.last() > last
    {
        let refusal = Refusal::new(Code::OlTermExceedsPatent).about(id);
        verdict.refuse(refusal.with(format!("{term}, the patent ends {last}")));
    }
    if let Some(first) = patent.grant.or(patent.filing).filter(|first| term.first() < *first) {
        let refusal = Refusal::new(Code::OlTermExceedsPatent).about(id);
        verdict.refuse(refusal.with(format!("{term}, the patent begins {first}")));
    }
    if term.last() < cx.today {
        verdict.refuse(Refusal::new(Code::OlTermEnded).about(id).with(term));
    }
    let shortest = cx.parameters.open_shortest_term;
    if term.days() < shortest {
        let figures = format!("{} days, at least {shortest}", term.days());
        verdict.refuse(Refusal::new(Code::OlTermTooShort).about(id).with(figures));
    }
}

impl Declare {
    /// The declaration's texts: complete, of their length, and without advertising.
    fn check_texts(&self, cx: &Context<'_>, verdict: &mut Verdict) {
        check_fee_contents(&self.fee, verdict);
        let (length, limit) = (self.calculation.as_str().chars().count(), cx.parameters.open_calculation);
        if length > usize::from(limit) {
            let figures = format!("calculation: {length} characters, at most {limit}");
            verdict.refuse(Refusal::new(Code::OlFieldMissing).with(figures));
        }
        let distinct: BTreeSet<&IndustryCode> = self.industries.iter().collect();
        verdict.refuse_if(distinct.len() != self.industries.len(), Code::DuplicateEntry);
        let application = self.application.as_ref().map_or("", |text| text.as_str());
        for text in [self.contact.as_str(), self.calculation.as_str(), application] {
            if let Some(word) = advertising::found_in(text) {
                verdict.refuse(Refusal::new(Code::OlCommercialText).with(word));
            }
        }
    }
}

impl Rule for Declare {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        self.check_texts(cx, verdict);
        check_fee_guide(&self.fee, cx.parameters, verdict);
        let Some((patent, status)) = cx.patent(self.patent, verdict)? else { return Ok(()) };
        cx.all_owners(self.patent, &patent, Code::NotOwner, verdict)?;
        if let Some(declaration) = status.declaration {
            let refusal = Refusal::new(Code::OlAlreadyOpen).about(self.patent);
            verdict.refuse(refusal.because_of(declaration));
        }
        if !self.undertaking {
            verdict.refuse(Refusal::new(Code::OlImplementationPrevented).about(self.patent));
        }
        check_term(cx, self.patent, &patent, &status, self.term, verdict);
        commitments::bar_fee(self.patent, &status, &self.fee, verdict);
        bars::check(cx, self.patent, &patent, &status, None, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = DeclarationId::new(effects.position, 0);
        let status = effects.touch(self.patent, |status| {
            status.declaration = Some(id);
            status.open = false;
        })?;
        let declaration = Declaration {
            patent: self.patent,
            state: DeclarationState::Declared,
            fee: self.fee.clone(),
            term: self.term,
            contact: self.contact.clone(),
            calculation: self.calculation.clone(),
            industries: self.industries.clone(),
            application: self.application.clone(),
            know_how: self.know_how,
            declared: effects.today,
            pledge: status.pledge,
            announced: None,
            withdrawal: None,
        };
        effects.put(&id, &declaration)
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(vec![self.patent])
    }

    fn may_wait(&self) -> bool {
        true
    }
}

/// A refusal because of where a declaration stands.
fn standing(code: Code, id: DeclarationId, declaration: &Declaration) -> Refusal {
    let refusal = Refusal::new(code).about(id);
    match declaration.state {
        DeclarationState::Declared => refusal.with("not announced"),
        DeclarationState::Open => refusal.with("open"),
        DeclarationState::Halted => refusal.with("halted"),
        DeclarationState::Closed { on, .. } => refusal.with(format!("closed {on}")),
    }
}

/// A refusal because a declaration is halted, by what froze the patent if that still lasts.
fn halted(cx: &Context<'_>, id: DeclarationId, declaration: &Declaration, status: &PatentStatus) -> Refusal {
    let refusal = standing(Code::OlHalted, id, declaration);
    match status.frozen(cx.today) {
        Some(frozen) => refusal.because_of(frozen.record),
        None => refusal,
    }
}

/// An announcement is not made before what it announces.
fn check_day(cx: &Context<'_>, on: Date, earliest: Date, verdict: &mut Verdict) {
    cx.not_future(on, verdict);
    if on < earliest {
        verdict.refuse(Refusal::new(Code::EffectiveDate).with(format!("{on} is before {earliest}")));
    }
}

impl Rule for Announce {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        let Some(declaration) = cx.named::<Declaration>(self.declaration, verdict)? else { return Ok(()) };
        let id = declaration.patent;
        let (patent, status): (Patent, PatentStatus) = (cx.must(&id)?, cx.must(&id)?);
        check_day(cx, self.on, declaration.declared, verdict);
        match declaration.state {
            DeclarationState::Declared => {}
            DeclarationState::Halted => {
                verdict.refuse(halted(cx, self.declaration, &declaration, &status));
            }
            DeclarationState::Open | DeclarationState::Closed { .. } => {
                verdict.refuse(standing(Code::OlState, self.declaration, &declaration));
                return Ok(());
            }
        }
        check_fee_guide(&declaration.fee, cx.parameters, verdict);
        check_term(cx, id, &patent, &status, declaration.term, verdict);
        bars::check(cx, id, &patent, &status, Some(&declaration), verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut declaration: Declaration = effects.must(&self.declaration)?;
        declaration.state = DeclarationState::Open;
        declaration.announced = Some(Announcement { gazette: self.gazette.clone(), on: self.on });
        effects.put(&self.declaration, &declaration)?;
        effects.touch(declaration.patent, |status| status.open = true)?;
        Ok(())
    }
}

impl Notice {
    /// The notice is over the announced terms: the same fee, a term within the declared one from today on at the earliest.
    fn check_terms(&self, cx: &Context<'_>, declaration: &Declaration, verdict: &mut Verdict) {
        let id = self.declaration;
        if self.fee != declaration.fee {
            verdict.refuse(Refusal::new(Code::OlTermsMismatch).about(id).with("fee"));
        }
        if declaration.term.last() < cx.today {
            verdict.refuse(Refusal::new(Code::OlTermEnded).about(id).with(declaration.term));
        } else if !self.term.within(declaration.term) || self.term.first() < cx.today {
            let figures = format!("{}, within {} and from {} on", self.term, declaration.term, cx.today);
            verdict.refuse(Refusal::new(Code::OlTermsMismatch).about(id).with(figures));
        }
    }
}

impl Rule for Notice {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(declaration) = cx.named::<Declaration>(self.declaration, verdict)? else { return Ok(()) };
        let id = declaration.patent;
        let (patent, status): (Patent, PatentStatus) = (cx.must(&id)?, cx.must(&id)?);
        match declaration.state {
            DeclarationState::Open => {}
            DeclarationState::Halted => {
                verdict.refuse(halted(cx, self.declaration, &declaration, &status));
            }
            DeclarationState::Declared | DeclarationState::Closed { .. } => {
                verdict.refuse(standing(Code::OlNotOpen, self.declaration, &declaration));
            }
        }
        cx.in_force(id, &status, Code::OlNotGranted, verdict);
        if let Some(last) = status.term_last.filter(|last| self.term.last() > *last) {
            let figures = format!("{}, the patent ends {last}", self.term);
            verdict.refuse(Refusal::new(Code::OlTermExceedsPatent).about(id).with(figures));
        }
        self.check_terms(cx, &declaration, verdict);
        if cx.owns(cx.author, &patent)? {
            verdict.refuse(Refusal::new(Code::LicenseeOwns).about(id).because_of(cx.author));
        }
        let owners: Vec<_> = patent.owners.iter().map(|owner| owner.party).collect();
        if self.export.is_none() && cx.goes_abroad(&owners, cx.author)? {
            verdict.refuse(Refusal::new(Code::ExportDocRequired).about(id).because_of(cx.author));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let notice = OpenNotice {
            declaration: self.declaration,
            licensee: effects.author,
            term: self.term,
            given: effects.today,
            state: NoticeState::Noticed,
        };
        effects.put(&NoticeId::new(effects.position, 0), &notice)?;
        let declaration: Declaration = effects.must(&self.declaration)?;
        effects.touch(declaration.patent, |_| ())?;
        Ok(())
    }
}

impl Pay {
    /// What was paid, in what and by which receipt.
    fn check_payment(&self, cx: &Context<'_>, due: Money, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.not_future(self.on, verdict);
        if self.currency.as_str() != "CNY" {
            verdict.refuse(Refusal::new(Code::PaymentCurrency).with(&self.currency));
        }
        if self.amount < due {
            let figures = format!("{} of {due} yuan", self.amount);
            verdict.refuse(Refusal::new(Code::OlUnderpaid).about(self.notice).with(figures));
        }
        if let Some(used) = cx.find::<ReceiptUsed>(&self.receipt)? {
            verdict.refuse(Refusal::new(Code::PaymentDuplicate).because_of(used.record));
        }
        Ok(())
    }

    /// An owner, an exchange or a bank confirms, and not the licensee to itself: an owner's silence blocks nobody.
    fn check_confirmation(
        &self,
        cx: &Context<'_>,
        notice: &OpenNotice,
        id: PatentId,
        patent: &Patent,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let Some(member) = cx.named::<Member>(self.confirmed_by, verdict)? else { return Ok(()) };
        let saw = member.is(Role::Exchange) || member.is(Role::Bank) || cx.owns(self.confirmed_by, patent)?;
        if saw && self.confirmed_by != notice.licensee {
            return cx.need(self.confirmed_by, Some(id), Code::OlPaymentUnconfirmed, verdict);
        }
        let refusal = Refusal::new(Code::OlPaymentUnconfirmed).about(self.notice);
        verdict.refuse(refusal.because_of(self.confirmed_by));
        Ok(())
    }
}

impl Rule for Pay {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(notice) = cx.named::<OpenNotice>(self.notice, verdict)? else { return Ok(()) };
        let declaration: Declaration = cx.must(&notice.declaration)?;
        let id = declaration.patent;
        let (patent, status): (Patent, PatentStatus) = (cx.must(&id)?, cx.must(&id)?);
        self.check_payment(cx, declaration.fee.due_on_taking(), verdict)?;
        if let NoticeState::Licensed { licence } = notice.state {
            verdict.refuse(Refusal::new(Code::OlState).about(self.notice).because_of(licence));
        }
        // A false declaration is revoked and carries no further licence; any other end leaves earlier notices standing.
        if let DeclarationState::Closed { cause: CloseCause::Revoked, .. } = declaration.state {
            let refusal = standing(Code::OlNotOpen, notice.declaration, &declaration);
            verdict.refuse(refusal);
        }
        if notice.term.last() < cx.today {
            verdict.refuse(Refusal::new(Code::OlTermEnded).about(self.notice).with(notice.term));
        }
        cx.in_force(id, &status, Code::OlNotGranted, verdict);
        cx.need(notice.licensee, Some(id), Code::LicenseeRequired, verdict)?;
        self.check_confirmation(cx, &notice, id, &patent, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = LicenceId::new(effects.position, 0);
        let mut notice: OpenNotice = effects.must(&self.notice)?;
        notice.state = NoticeState::Licensed { licence: id };
        effects.put(&self.notice, &notice)?;
        effects.put(&self.receipt, &ReceiptUsed { record: RecordId::new(effects.position) })?;
        let declaration: Declaration = effects.must(&notice.declaration)?;
        let patent: Patent = effects.must(&declaration.patent)?;
        let owners: Vec<_> = patent.owners.iter().map(|owner| owner.party).collect();
        let licence = Licence {
            patents: vec![declaration.patent].try_into().expect("one patent"),
            licensors: owners.try_into().expect("the patent's list has the same bound"),
            licensee: notice.licensee,
            kind: LicenceKind::Ordinary,
            scope: Scope::default(),
            term: notice.term,
            sublicence: false,
            fee: declaration.fee.class(),
            origin: LicenceOrigin::Open { notice: self.notice },
            effective: notice.given.max(self.on),
            contract: None,
            beside: List::new(),
            pledges: List::new(),
            recorded: None,
            state: LicenceState::Active,
        };
        licences::enter(effects, id, &licence)
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        let Some(notice) = cx.find::<OpenNotice>(&self.notice)? else { return Ok(Vec::new()) };
        Ok(vec![cx.must::<Declaration>(&notice.declaration)?.patent])
    }

    fn may_wait(&self) -> bool {
        true
    }
}

/// Ends a declaration and frees its patent for another.
fn close(
    effects: &mut Effects<'_, '_>,
    id: DeclarationId,
    mut declaration: Declaration,
    cause: CloseCause,
    on: Date,
) -> Result<(), Fault> {
    declaration.state = DeclarationState::Closed { cause, on };
    effects.put(&id, &declaration)?;
    effects.touch(declaration.patent, |status| {
        status.declaration = None;
        status.open = false;
    })?;
    Ok(())
}

impl Rule for Withdraw {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.condition.is_some(), Code::OlWithdrawConditional);
        let Some(declaration) = cx.named::<Declaration>(self.declaration, verdict)? else { return Ok(()) };
        if let DeclarationState::Closed { .. } = declaration.state {
            verdict.refuse(standing(Code::OlNotOpen, self.declaration, &declaration));
        } else if let Some(record) = declaration.withdrawal {
            verdict.refuse(standing(Code::OlState, self.declaration, &declaration).because_of(record));
        }
        let patent: Patent = cx.must(&declaration.patent)?;
        cx.all_owners(declaration.patent, &patent, Code::NotOwner, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut declaration: Declaration = effects.must(&self.declaration)?;
        declaration.withdrawal = Some(RecordId::new(effects.position));
        if declaration.announced.is_none() {
            // Nobody was told that it opens, so nobody needs to be told that it does not.
            let today = effects.today;
            return close(effects, self.declaration, declaration, CloseCause::Withdrawn, today);
        }
        effects.put(&self.declaration, &declaration)?;
        effects.touch(declaration.patent, |_| ())?;
        Ok(())
    }

    fn patents(&self, cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        let declaration = cx.find::<Declaration>(&self.declaration)?;
        Ok(declaration.map(|declaration| declaration.patent).into_iter().collect())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Close {
    /// Whether the cause is given: withdrawn by the owners; halted, barred or run out; or false, as the registrar found.
    fn has_ground(&self, cx: &Context<'_>, declaration: &Declaration) -> Result<bool, Fault> {
        let id = declaration.patent;
        Ok(match self.cause {
            CloseCause::Withdrawn => declaration.withdrawal.is_some(),
            CloseCause::Revoked => true,
            CloseCause::Terminated => {
                declaration.state == DeclarationState::Halted
                    || declaration.term.last() < cx.today
                    || bars::any(cx, id, &cx.must(&id)?, &cx.must(&id)?, declaration)?
            }
        })
    }
}

impl Rule for Close {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        let Some(declaration) = cx.named::<Declaration>(self.declaration, verdict)? else { return Ok(()) };
        let announced = declaration.announced.as_ref().map(|announcement| announcement.on);
        check_day(cx, self.on, announced.unwrap_or(declaration.declared), verdict);
        let closed = matches!(declaration.state, DeclarationState::Closed { .. });
        if closed || !self.has_ground(cx, &declaration)? {
            verdict.refuse(standing(Code::OlState, self.declaration, &declaration));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let declaration: Declaration = effects.must(&self.declaration)?;
        close(effects, self.declaration, declaration, self.cause, self.on)
    }
}
