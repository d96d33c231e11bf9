//! Rules for technical contracts: a number once, amounts that fit, both ways linked; what differs is noted, not refused.
//!
//! The registries and the ledger name the same deal twice, so each can be held against the other (plan §8:
//! 技术合同登记与专利转让、许可登记备案信息共享). A difference is no reason to keep the contract out: it is what is to be seen.

use super::deal::{Deal, identities, object_of};
use super::{Context, Effects, Rule, Verdict};
use crate::act::member::Role;
use crate::act::technical_contract::{ContractEntry, ContractReference, Correct, Link};
use crate::codec::List;
use crate::identifier::{ContractId, PatentId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    ContractByNumber, ContractMismatch, ContractOf, Fault, Licence, LicenceOrigin, NoticeState, OpenNotice,
    Party, Patent, TechnicalContract,
};
use std::collections::BTreeSet;

/// The deals that a contract is about, and the recorded open licence from which it may be filled in.
struct References {
    deals: Vec<Deal>,
    source: Option<Deal>,
}

impl References {
    fn read(cx: &Context<'_>, entry: &ContractEntry, verdict: &mut Verdict) -> Result<Self, Fault> {
        let mut deals = Vec::new();
        let mut source = None;
        for (index, reference) in entry.references.iter().enumerate() {
            let Some(deal) = Deal::named(cx, *reference, verdict)? else { continue };
            if index == 0 && is_recorded_open_licence(cx, *reference)? {
                source = Some(deal.clone());
            }
            deals.push(deal);
        }
        Ok(Self { deals, source })
    }

    /// The entry with what it leaves out taken from the open licence.
    fn fill(&self, entry: &ContractEntry) -> ContractEntry {
        let mut filled = entry.clone();
        let Some(source) = &self.source else { return filled };
        filled.kind = filled.kind.or(Some(source.kind));
        // What does not fit stays empty, and is refused as missing.
        if filled.patents.is_empty() {
            filled.patents = source.patents.clone().try_into().unwrap_or_default();
        }
        if filled.sellers.is_empty() {
            filled.sellers = source.givers.clone().try_into().unwrap_or_default();
        }
        if filled.buyers.is_empty() {
            filled.buyers = source.takers.clone().try_into().unwrap_or_default();
        }
        filled
    }

    /// In what the entry differs from what it is about.
    fn mismatches(
        &self,
        cx: &Context<'_>,
        entry: &ContractEntry,
    ) -> Result<List<ContractMismatch, 4>, Fault> {
        let mut found = BTreeSet::new();
        let named: BTreeSet<PatentId> = entry.patents.iter().copied().collect();
        let known: BTreeSet<PatentId> =
            self.deals.iter().flat_map(|deal| deal.patents.iter().copied()).collect();
        if !self.deals.is_empty() && named != known {
            found.insert(ContractMismatch::Patents);
        }
        for deal in &self.deals {
            if entry.kind != Some(deal.kind) {
                found.insert(ContractMismatch::Kind);
            }
            if identities(cx, &entry.sellers)? != identities(cx, &deal.givers)? {
                found.insert(ContractMismatch::Sellers);
            }
            if identities(cx, &entry.buyers)? != identities(cx, &deal.takers)? {
                found.insert(ContractMismatch::Buyers);
            }
        }
        let found: Vec<_> = found.into_iter().collect();
        Ok(found.try_into().expect("there are four mismatches"))
    }
}

/// Whether the reference is to an open licence that has been recorded (plan §5: 达成并备案的专利开放许可).
fn is_recorded_open_licence(cx: &Context<'_>, reference: ContractReference) -> Result<bool, Fault> {
    let licence = match reference {
        ContractReference::Licence { licence } => Some(licence),
        ContractReference::Notice { notice } => match cx.must::<OpenNotice>(&notice)?.state {
            NoticeState::Licensed { licence } => Some(licence),
            NoticeState::Noticed => None,
        },
        ContractReference::Transfer { .. } => None,
    };
    let Some(licence) = licence else { return Ok(false) };
    let licence: Licence = cx.must(&licence)?;
    Ok(matches!(licence.origin, LicenceOrigin::Open { .. }) && licence.recorded.is_some())
}

fn registry(cx: &Context<'_>, verdict: &mut Verdict) {
    verdict.refuse_if(!cx.role_signed(Role::TechnicalRegistry), Code::TechnicalRegistryOnly);
}

/// What an entry must have. `own` is the contract that is corrected, whose links are its own.
fn check_entry(
    cx: &Context<'_>,
    entry: &ContractEntry,
    own: Option<ContractId>,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    let references = References::read(cx, entry, verdict)?;
    let filled = references.fill(entry);
    let contents = [
        ("kind", filled.kind.is_some()),
        ("patents", !filled.patents.is_empty()),
        ("sellers", !filled.sellers.is_empty()),
        ("buyers", !filled.buyers.is_empty()),
    ];
    for (content, _) in contents.into_iter().filter(|(_, there)| !there) {
        verdict.refuse(Refusal::new(Code::FieldMissing).with(content));
    }
    cx.once(&entry.patents, verdict);
    cx.once(&entry.sellers, verdict);
    cx.once(&entry.buyers, verdict);
    let objects: Vec<_> = entry.references.iter().map(|reference| object_of(*reference)).collect();
    cx.once(&objects, verdict);
    if entry.technical > entry.amount {
        let figures = format!("{} of {} yuan", entry.technical, entry.amount);
        verdict.refuse(Refusal::new(Code::TechnicalAmountExceeds).with(figures));
    }
    cx.not_future(entry.concluded, verdict);
    for patent in &entry.patents {
        cx.named::<Patent>(*patent, verdict)?;
    }
    for party in entry.sellers.iter().chain(&entry.buyers) {
        cx.named::<Party>(*party, verdict)?;
    }
    for object in objects {
        if let Some(linked) = cx.find::<ContractOf>(&object)?
            && Some(linked.contract) != own
        {
            verdict.refuse(
                Refusal::new(Code::TechnicalContractLinked).about(object).because_of(linked.contract),
            );
        }
    }
    Ok(())
}

/// The entry as it is kept, and in what it differs.
fn settled(
    effects: &Effects<'_, '_>,
    entry: &ContractEntry,
) -> Result<(ContractEntry, List<ContractMismatch, 4>), Fault> {
    let cx = Context::new(effects.overlay, effects.case);
    let references = References::read(&cx, entry, &mut Verdict::default())?;
    let filled = references.fill(entry);
    let mismatches = references.mismatches(&cx, &filled)?;
    Ok((filled, mismatches))
}

/// Lets what the contract is about, and its patents, know it.
fn link(effects: &mut Effects<'_, '_>, id: ContractId, entry: &ContractEntry) -> Result<(), Fault> {
    for reference in &entry.references {
        effects.put(&object_of(*reference), &ContractOf { contract: id })?;
    }
    for patent in &entry.patents {
        effects.touch(*patent, |_| ())?;
    }
    Ok(())
}

impl Rule for Link {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        registry(cx, verdict);
        if let Some(taken) = cx.find::<ContractByNumber>(&self.number)? {
            let refusal = Refusal::new(Code::TechnicalContractNumberTaken).because_of(taken.contract);
            verdict.refuse(refusal.with(self.number));
        }
        check_entry(cx, &self.entry, None, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = ContractId::new(effects.position, 0);
        let (entry, mismatches) = settled(effects, &self.entry)?;
        link(effects, id, &entry)?;
        let contract = TechnicalContract {
            number: self.number,
            entry,
            mismatches,
            certificate: self.certificate,
            registry: effects.author,
            entered: effects.today,
            corrected: None,
        };
        effects.put(&self.number, &ContractByNumber { contract: id })?;
        effects.put(&id, &contract)
    }
}

impl Rule for Correct {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        registry(cx, verdict);
        let Some(contract) = cx.named::<TechnicalContract>(self.contract, verdict)? else { return Ok(()) };
        // Only the registry that entered a contract knows what it registered.
        cx.need(contract.registry, None, Code::TechnicalRegistryOnly, verdict)?;
        if contract.entry == self.entry {
            verdict.refuse(Refusal::new(Code::CorrectionEmpty).about(self.contract));
        }
        check_entry(cx, &self.entry, Some(self.contract), verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut contract: TechnicalContract = effects.must(&self.contract)?;
        for reference in &contract.entry.references {
            effects.remove::<ContractOf>(&object_of(*reference))?;
        }
        let (entry, mismatches) = settled(effects, &self.entry)?;
        link(effects, self.contract, &entry)?;
        contract.entry = entry;
        contract.mismatches = mismatches;
        contract.corrected = Some(RecordId::new(effects.position));
        effects.put(&self.contract, &contract)
    }
}
