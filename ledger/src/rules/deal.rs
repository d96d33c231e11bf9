//! Read who gives what to whom from a licence, a transfer or a notice under an open licence.

use super::{Context, Verdict};
use crate::act::technical_contract::{ContractReference, TechnicalContractKind};
use crate::identifier::{ObjectRef, PartyId, PatentId};
use crate::state::{Declaration, Fault, Licence, Member, OpenNotice, Party, Patent, Transfer};
use std::collections::BTreeSet;

/// What two sides agreed on, as the ledger has it.
#[derive(Clone, Debug)]
pub(super) struct Deal {
    /// What it is called as a technical contract.
    pub(super) kind: TechnicalContractKind,
    /// Over what.
    pub(super) patents: Vec<PatentId>,
    /// Who grants or transfers.
    pub(super) givers: Vec<PartyId>,
    /// Who takes.
    pub(super) takers: Vec<PartyId>,
}

/// The object that a reference names.
pub(super) fn object_of(reference: ContractReference) -> ObjectRef {
    match reference {
        ContractReference::Licence { licence } => licence.into(),
        ContractReference::Transfer { transfer } => transfer.into(),
        ContractReference::Notice { notice } => notice.into(),
    }
}

impl Deal {
    /// The deal that a reference names, or a refusal that it does not exist.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn named(
        cx: &Context<'_>,
        reference: ContractReference,
        verdict: &mut Verdict,
    ) -> Result<Option<Self>, Fault> {
        Ok(match reference {
            ContractReference::Licence { licence } => match cx.named::<Licence>(licence, verdict)? {
                Some(licence) => Some(Self {
                    kind: TechnicalContractKind::Licence,
                    patents: licence.patents.to_vec(),
                    givers: licence.licensors.to_vec(),
                    takers: vec![cx.must::<Member>(&licence.licensee)?.party],
                }),
                None => None,
            },
            ContractReference::Transfer { transfer } => {
                cx.named::<Transfer>(transfer, verdict)?.map(|transfer| Self {
                    kind: TechnicalContractKind::Transfer,
                    patents: transfer.patents.to_vec(),
                    givers: transfer.from.to_vec(),
                    takers: transfer.to.iter().map(|to| to.party).collect(),
                })
            }
            ContractReference::Notice { notice } => match cx.named::<OpenNotice>(notice, verdict)? {
                Some(notice) => {
                    let patent = cx.must::<Declaration>(&notice.declaration)?.patent;
                    let owners = cx.must::<Patent>(&patent)?.owners;
                    Some(Self {
                        kind: TechnicalContractKind::Licence,
                        patents: vec![patent],
                        givers: owners.iter().map(|owner| owner.party).collect(),
                        takers: vec![cx.must::<Member>(&notice.licensee)?.party],
                    })
                }
                None => None,
            },
        })
    }

    /// Whether a member that is one of the parties signed.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn a_party_signed(&self, cx: &Context<'_>) -> Result<bool, Fault> {
        for party in self.givers.iter().chain(&self.takers) {
            let Some(member) = cx.must::<Party>(party)?.member else { continue };
            if cx.signed_over(member, &self.patents)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The same parties whichever of their entries in the register are named: those of one member count as one.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn identities(cx: &Context<'_>, parties: &[PartyId]) -> Result<BTreeSet<ObjectRef>, Fault> {
    let mut identities = BTreeSet::new();
    for id in parties {
        let member = cx.find::<Party>(id)?.and_then(|party| party.member);
        identities.insert(member.map_or_else(|| ObjectRef::from(*id), ObjectRef::from));
    }
    Ok(identities)
}
