//! Rules for attributes of members: who certifies which kind, of whom.
//!
//! | attribute | certified by | of |
//! |---|---|---|
//! | specialised, high-tech, central enterprise | a regulator | an enterprise |
//! | ISO 56005 | a regulator, or the member's exchange that saw the certificate | anyone |
//! | demonstration zone, free-trade zone | a regulator | anyone |
//! | regional equity market | an exchange | an enterprise |
//! | scope of an operation centre | a regulator | an operation centre |
//! | licence of an agency | a regulator or the registrar | an agency |

use super::{Context, Effects, Rule, Verdict};
use crate::act::attribute::{Attribute, AttributeChange, AttributeKind, AttributeValue};
use crate::act::member::Role;
use crate::identifier::{MemberId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Member, MemberAttribute, Standing};

/// The role that a member needs for an attribute, if it needs one.
const fn holder(kind: AttributeKind) -> Option<Role> {
    match kind {
        AttributeKind::SpecialisedEnterprise
        | AttributeKind::HighTechEnterprise
        | AttributeKind::CentralEnterprise
        | AttributeKind::EquityMarket => Some(Role::Enterprise),
        AttributeKind::OperationScope => Some(Role::OperationCentre),
        AttributeKind::AgencyLicence => Some(Role::Agency),
        AttributeKind::InnovationManagement
        | AttributeKind::DemonstrationZone
        | AttributeKind::FreeTradeZone => None,
    }
}

/// Whether a signer may certify this kind for a member whose exchange is `exchange`.
fn may_certify(kind: AttributeKind, signer: (MemberId, &Member), exchange: MemberId) -> bool {
    let (id, member) = signer;
    match kind {
        AttributeKind::EquityMarket => member.is(Role::Exchange),
        AttributeKind::InnovationManagement => member.is(Role::Regulator) || id == exchange,
        AttributeKind::AgencyLicence => member.is(Role::Regulator) || member.is(Role::Registrar),
        _ => member.is(Role::Regulator),
    }
}

impl Attribute {
    fn kind(&self) -> AttributeKind {
        match &self.change {
            AttributeChange::Certify { value, .. } => value.kind(),
            AttributeChange::TakeBack { kind, .. } => *kind,
        }
    }

    /// The signer that certifies: never the member itself.
    fn certifier(&self, cx: &Context<'_>, member: &Member) -> Option<MemberId> {
        let others = cx.signers.members.iter().filter(|(id, _)| **id != self.member);
        others
            .map(|(id, signer)| (*id, signer))
            .find(|signer| may_certify(self.kind(), *signer, member.exchange))
            .map(|(id, _)| id)
    }

    /// What the attribute says is complete.
    fn check_value(
        &self,
        cx: &Context<'_>,
        value: &AttributeValue,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        match value {
            AttributeValue::CentralEnterprise { group: Some(group) } => {
                cx.named::<Member>(*group, verdict)?;
            }
            AttributeValue::InnovationManagement { level } if !(1..=5).contains(level) => {
                verdict.refuse(Refusal::new(Code::FieldMissing).with(format!("level {level}, from 1 to 5")));
            }
            AttributeValue::OperationScope { industries } => {
                verdict.refuse_if(industries.is_empty(), Code::FieldMissing);
                cx.once(industries, verdict);
            }
            _ => {}
        }
        Ok(())
    }
}

impl Rule for Attribute {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(member) = cx.named::<Member>(self.member, verdict)? else { return Ok(()) };
        let kind = self.kind();
        if self.certifier(cx, &member).is_none() {
            verdict.refuse(Refusal::new(Code::AttributeCertifier).about(self.member));
        }
        match &self.change {
            AttributeChange::Certify { value, from, until, .. } => {
                if member.standing == Standing::Exited {
                    verdict.refuse(Refusal::new(Code::MemberStanding).about(self.member));
                }
                if holder(kind).is_some_and(|role| !member.is(role)) {
                    verdict.refuse(Refusal::new(Code::AttributeHolder).about(self.member));
                }
                cx.not_future(*from, verdict);
                if let Some(until) = until.filter(|until| *until < cx.today || *until < *from) {
                    verdict.refuse(Refusal::new(Code::EffectiveDate).with(format!("it ended {until}")));
                }
                self.check_value(cx, value, verdict)?;
            }
            AttributeChange::TakeBack { .. } => {
                if cx.find::<MemberAttribute>(&(self.member, kind))?.is_none() {
                    verdict.refuse(Refusal::new(Code::AttributeNone).about(self.member));
                }
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let key = (self.member, self.kind());
        match &self.change {
            AttributeChange::Certify { value, from, until, document } => {
                let member: Member = effects.must(&self.member)?;
                let cx = Context::new(effects.overlay, effects.case);
                let uncertified =
                    || Fault::Contradiction("an attribute that nobody certifies was not refused".into());
                let by = self.certifier(&cx, &member).ok_or_else(uncertified)?;
                let record = RecordId::new(effects.position);
                let attribute = MemberAttribute {
                    value: value.clone(),
                    from: *from,
                    until: *until,
                    document: *document,
                    by,
                    record,
                };
                effects.put(&key, &attribute)
            }
            AttributeChange::TakeBack { .. } => effects.remove::<MemberAttribute>(&key),
        }
    }
}
