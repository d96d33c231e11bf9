//! Rules for transfers: owners and transferees agree, and from the registration on the patents are theirs (PL 10).

use super::patent::check_owners;
use super::{Context, Effects, Rule, Verdict};
use crate::act::ActKind;
use crate::act::member::Role;
use crate::act::party::PartyKind;
use crate::act::patent::Owner;
use crate::act::transfer::{Export, Pricing, Propose, Register, Transferee};
use crate::codec::List;
use crate::identifier::{Date, PatentId, RecordId, TransferId};
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Life, Member, Party, Patent, PatentStatus, Transfer, TransferState};
use std::collections::BTreeSet;

/// The act to which a pledgee consents, in advance or by its signature.
const PROPOSE: ActKind = ActKind { family: 6, kind: 1 };

/// There is a right to pass on: a patent in force, or an application, for that is transferred alike (PL 10).
pub(super) fn check_right(cx: &Context<'_>, id: PatentId, status: &PatentStatus, verdict: &mut Verdict) {
    if status.life != Life::Application {
        cx.in_force(id, status, Code::PatentNotInForce, verdict);
    }
}

/// What bars a transfer whoever agrees to it: at its proposal, and again at its registration.
///
/// An overdue annuity is none of these: in grace the right is in force, and the transferee may pay.
fn check_bars(cx: &Context<'_>, id: PatentId, status: &PatentStatus, verdict: &mut Verdict) {
    check_right(cx, id, status, verdict);
    cx.free(id, status, verdict);
    if let Some(declaration) = status.declaration {
        verdict.refuse(Refusal::new(Code::OlWithdrawFirst).about(id).because_of(declaration));
    }
}

fn check_proceeds(id: PatentId, status: &PatentStatus, allocated: bool, verdict: &mut Verdict) {
    if let Some(pledge) = status.pledge.filter(|_| !allocated) {
        verdict.refuse(Refusal::new(Code::ProceedsAllocationRequired).about(id).because_of(pledge));
    }
}

/// Whether the party is, or has to be taken for, a university or institute established by the State. Where the
/// register does not say, the member's role decides: naming how the price was found harms no private university.
fn is_public(cx: &Context<'_>, party: &Party) -> Result<bool, Fault> {
    match party.kind {
        PartyKind::PublicInstitution => Ok(true),
        PartyKind::Private => Ok(false),
        PartyKind::Unknown => {
            let Some(member) = party.member else { return Ok(false) };
            let member: Member = cx.must(&member)?;
            Ok(member.is(Role::University) || member.is(Role::ResearchInstitute))
        }
    }
}

/// Why an agreed price has not stood in public notice long enough; a listing and an auction need no notice.
pub(super) fn notice_too_short(cx: &Context<'_>, pricing: &Pricing) -> Option<Refusal> {
    let Pricing::Agreement { notice } = pricing else { return None };
    let needed = u32::from(cx.parameters.publicity_days);
    let stood = notice.is_some_and(|notice| notice.last() < cx.today && notice.days() >= needed);
    let figures = match notice {
        Some(notice) => format!("{notice}, at least {needed} days before {}", cx.today),
        None => format!("no notice, at least {needed} days"),
    };
    (!stood).then(|| Refusal::new(Code::PublicityPeriod).with(figures))
}

impl Propose {
    /// All transferees sign, with shares that sum to the whole; the new owners are not the old ones.
    fn check_transferees(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        check_owners(cx, &owners_of(&self.to), 0, verdict)?;
        let new: BTreeSet<_> = self.to.iter().map(|to| to.party).collect();
        if new == self.from.iter().copied().collect() {
            verdict.refuse(Refusal::new(Code::DuplicateEntry).with("the transferees are the owners"));
        }
        for party in new {
            let Some(Party { member, .. }) = cx.find(&party)? else { continue };
            match member {
                Some(member) => {
                    let refusal = Refusal::new(Code::TransfereeRequired).about(party);
                    cx.need_over(member, &self.patents, refusal, verdict)?;
                }
                None => verdict.refuse(Refusal::new(Code::OwnerNotMember).because_of(party)),
            }
        }
        Ok(())
    }

    /// From a Chinese owner to a foreign transferee: export control's answer, and the funder's for public funds (TR-3).
    /// Hong Kong, Macao and Taiwan count as abroad by analogy.
    fn check_export(
        &self,
        cx: &Context<'_>,
        funded: Option<PatentId>,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let mut abroad = None;
        for to in &self.to {
            let party: Option<Party> = cx.find(&to.party)?;
            abroad = abroad.or(party.filter(|party| !party.is_chinese()).map(|_| to.party));
        }
        let Some(foreign) = abroad else { return Ok(()) };
        let mut from_china = false;
        for owner in &self.from {
            from_china |= cx.find::<Party>(owner)?.is_some_and(|party| party.is_chinese());
        }
        if from_china {
            match self.export {
                None => verdict.refuse(Refusal::new(Code::ExportDocRequired).because_of(foreign)),
                Some(Export::Banned) => {
                    verdict.refuse(Refusal::new(Code::ExportForbidden).because_of(foreign))
                }
                Some(Export::Free { .. } | Export::Restricted { .. }) => {}
            }
        }
        let Some(patent) = funded else { return Ok(()) };
        let refusal = Refusal::new(Code::FunderApprovalRequired).about(patent);
        match self.funder {
            None => verdict.refuse(refusal.because_of(foreign)),
            Some(funder) => match cx.named::<Member>(funder, verdict)? {
                Some(member) if member.is(Role::Funder) => {
                    cx.need_over(funder, &self.patents, refusal, verdict)?;
                }
                Some(_) => verdict.refuse(refusal.because_of(funder).with("no funder")),
                None => {}
            },
        }
        Ok(())
    }

    /// A public institution says how the price was found; an agreed price has stood in public notice long enough (TR-6).
    fn check_price(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let mut public = None;
        for owner in &self.from {
            if let Some(party) = cx.find::<Party>(owner)?
                && is_public(cx, &party)?
            {
                public = public.or(Some(*owner));
            }
        }
        let Some(owner) = public else { return Ok(()) };
        match &self.pricing {
            None => verdict.refuse(Refusal::new(Code::PricingMethodRequired).because_of(owner)),
            Some(pricing) => {
                if let Some(refusal) = notice_too_short(cx, pricing) {
                    verdict.refuse(refusal.because_of(owner));
                }
            }
        }
        Ok(())
    }
}

impl Rule for Propose {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.patents.is_empty() || self.from.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        cx.once(&self.from, verdict);
        let mut funded = None;
        for id in &self.patents {
            let Some((patent, status)) = cx.patent(*id, verdict)? else { continue };
            check_bars(cx, *id, &status, verdict);
            cx.are_owners(*id, &patent, &self.from, Code::NotOwner, verdict);
            cx.all_owners(*id, &patent, Code::NotOwner, verdict)?;
            cx.pledgee(*id, &status, PROPOSE, verdict)?;
            check_proceeds(*id, &status, self.proceeds.is_some(), verdict);
            funded = funded.or(cx.is_funded(*id, &patent)?.then_some(*id));
        }
        self.check_transferees(cx, verdict)?;
        self.check_export(cx, funded, verdict)?;
        self.check_price(cx, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut consented = BTreeSet::new();
        for id in &self.patents {
            consented.extend(effects.must::<PatentStatus>(id)?.pledge);
        }
        let consented: Vec<_> = consented.into_iter().collect();
        let transfer = Transfer {
            patents: self.patents.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            contract: self.contract,
            state: TransferState::Proposed,
            consented: consented.try_into().expect("a patent has one pledge at most"),
            proceeds: self.proceeds,
            proposed: effects.today,
        };
        effects.put(&TransferId::new(effects.position, 0), &transfer)
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

/// One hop a day: the patent was not transferred on this day or a later one already (TR-5).
pub(super) fn check_chain(
    cx: &Context<'_>,
    id: PatentId,
    patent: &Patent,
    on: Date,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    if let Some(previous) = patent.acquired
        && let TransferState::Registered { on: before, .. } = cx.must::<Transfer>(&previous)?.state
        && on <= before
    {
        let refusal = Refusal::new(Code::TransferChain).about(id).because_of(previous);
        verdict.refuse(refusal.with(format!("registered {before}")));
    }
    Ok(())
}

/// The transferees as owners.
pub(super) fn owners_of(transferees: &[Transferee]) -> List<Owner, 64> {
    let owners: Vec<_> = transferees.iter().map(|to| Owner { party: to.party, share: to.share }).collect();
    owners.try_into().expect("a transfer has as many new owners as a patent")
}

/// Writes who owns a patent from now on, and by which transfer. Licences and pledge follow the patent (SPC-TC 24); the old
/// owners' agreement binds no new one.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn pass_on(
    effects: &mut Effects<'_, '_>,
    id: PatentId,
    transfer: TransferId,
    owners: &List<Owner, 64>,
    undisclosed: u8,
) -> Result<PatentStatus, Fault> {
    let mut patent: Patent = effects.must(&id)?;
    patent.owners = owners.clone();
    patent.undisclosed_owners = undisclosed;
    patent.agreement = None;
    patent.acquired = Some(transfer);
    effects.put(&id, &patent)?;
    effects.touch(id, |_| ())
}

impl Register {
    /// Everything that may have changed since the parties agreed is asked again.
    fn check_patent(
        &self,
        cx: &Context<'_>,
        id: PatentId,
        transfer: &Transfer,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let (patent, status): (Patent, PatentStatus) = (cx.must(&id)?, cx.must(&id)?);
        check_bars(cx, id, &status, verdict);
        let agreed = (self.transfer.position(), &*transfer.from);
        cx.owners_stayed(id, &patent, agreed, Code::NotOwner, verdict)?;
        check_chain(cx, id, &patent, self.on, verdict)?;
        if let Some(pledge) = status.pledge
            && !transfer.consented.contains(&pledge)
        {
            cx.pledgee(id, &status, PROPOSE, verdict)?;
        }
        check_proceeds(id, &status, transfer.proceeds.is_some(), verdict);
        Ok(())
    }
}

impl Rule for Register {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.registrar(verdict);
        let Some(transfer) = cx.named::<Transfer>(self.transfer, verdict)? else { return Ok(()) };
        if let TransferState::Registered { on, by } = transfer.state {
            let refusal = Refusal::new(Code::TransferState).about(self.transfer).because_of(by);
            verdict.refuse(refusal.with(format!("registered {on}")));
            return Ok(());
        }
        cx.not_before(self.on, transfer.proposed, verdict);
        for id in &transfer.patents {
            self.check_patent(cx, *id, &transfer, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut transfer: Transfer = effects.must(&self.transfer)?;
        transfer.state = TransferState::Registered { on: self.on, by: RecordId::new(effects.position) };
        effects.put(&self.transfer, &transfer)?;
        let owners = owners_of(&transfer.to);
        for id in &transfer.patents {
            pass_on(effects, *id, self.transfer, &owners, 0)?;
        }
        Ok(())
    }
}
