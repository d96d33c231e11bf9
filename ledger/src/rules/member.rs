//! Rules for members: who may be enrolled, by whom, with which keys.

use super::{Context, Effects, Rule, Verdict};
use crate::act::member::{
    EnrolmentCode, Key, KeyChange, KeyEntry, Power, Register, Role, SigningPolicy, StandingChange, Status,
    Update,
};
use crate::act::party::{PartyKind, PartyName};
use crate::founding::credit_code_digest;
use crate::identifier::{CountryCode, MemberId, PartyId, has_personal_number};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Duties, Fault, Member, MemberByCode, MemberByKey, MemberKey, Party, Patent, PowerOfAttorney, Standing,
    key_digest,
};
use std::collections::BTreeSet;

/// Roles that an exchange cannot grant by itself: they bind others, so the registrar must sign too.
const RESERVED: [Role; 8] = [
    Role::Exchange,
    Role::Registrar,
    Role::TechnicalRegistry,
    Role::Court,
    Role::Regulator,
    Role::Auditor,
    Role::Statistics,
    Role::RecognitionBody,
];

fn check_roles(roles: &[Role], cx: &Context<'_>, verdict: &mut Verdict) {
    verdict.refuse_if(roles.is_empty(), Code::FieldMissing);
    verdict.refuse_if(roles.iter().collect::<BTreeSet<_>>().len() != roles.len(), Code::DuplicateEntry);
    let reserved = roles.iter().any(|role| RESERVED.contains(role));
    verdict.refuse_if(reserved && !cx.role_signed(Role::Registrar), Code::RoleNotGrantable);
}

/// A new key: sound, nobody's, proved by its own signature, bound by evidence that still holds.
fn check_key(entry: &KeyEntry, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
    if let Err(error) = entry.key.check() {
        verdict.refuse(Refusal::new(Code::KeyWeak).with(error));
    }
    if let Some(taken) = cx.find::<MemberByKey>(&key_digest(&entry.key))? {
        verdict.refuse(Refusal::new(Code::KeyTaken).because_of(taken.member));
    }
    cx.no_node_key(&entry.key, verdict)?;
    verdict.refuse_if(!cx.signers.new_keys.proves(&entry.key), Code::KeyProofMissing);
    if let Some(until) = entry.evidence.valid_until.filter(|until| *until < cx.today) {
        verdict.refuse(Refusal::new(Code::EffectiveDate).with(format!("the key's evidence ended {until}")));
    }
    Ok(())
}

fn check_policy(policy: &SigningPolicy, keys: usize, verdict: &mut Verdict) {
    let mut numbers = policy.acts.iter().map(|act| act.keys).chain([policy.default]);
    let impossible = numbers.any(|number| number == 0 || usize::from(number) > keys);
    let kinds: BTreeSet<_> = policy.acts.iter().map(|threshold| threshold.act).collect();
    verdict.refuse_if(impossible || kinds.len() != policy.acts.len(), Code::PolicyInvalid);
}

impl Register {
    /// A Chinese organisation is known by its credit code: one member has it, and a failing one is answered for.
    fn check_code(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(code) = &self.code else {
            if self.country == CountryCode::CHINA {
                verdict.refuse(Refusal::new(Code::FieldMissing).with("code"));
            }
            return Ok(());
        };
        if let Some(taken) = cx.find::<MemberByCode>(&credit_code_digest(code))? {
            verdict.refuse(Refusal::new(Code::CreditCodeTaken).because_of(taken.member));
        }
        if let EnrolmentCode::Overridden { code, allowed_by } = code {
            // A code that need not pass its check could be a person's number.
            if has_personal_number(code.as_str()) {
                verdict.refuse(Refusal::new(Code::PersonalNumber).with("code"));
            }
            let allowing = cx.signers.members.get(allowed_by);
            let may = allowing.is_some_and(|member| member.is(Role::Regulator) || member.is(Role::Registrar));
            if !may {
                verdict.refuse(Refusal::new(Code::OverrideNotAllowed).because_of(*allowed_by));
            }
        }
        Ok(())
    }
}

impl Rule for Register {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let author: Option<Member> = cx.named(cx.author, verdict)?;
        let exchange = author.is_some_and(|author| author.is(Role::Exchange) || author.is(Role::Registrar));
        verdict.refuse_if(!exchange, Code::ExchangeOnly);
        check_roles(&self.roles, cx, verdict);
        verdict.refuse_if(self.keys.is_empty(), Code::FieldMissing);
        let keys: BTreeSet<_> = self.keys.iter().map(|entry| &entry.key).collect();
        verdict.refuse_if(keys.len() != self.keys.len(), Code::DuplicateEntry);
        for entry in &self.keys {
            check_key(entry, cx, verdict)?;
        }
        check_policy(&self.policy, self.keys.len(), verdict);
        self.check_code(cx, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = MemberId::new(effects.position, 0);
        let party_id = PartyId::new(effects.position, 0);
        let exchange = effects.author;
        let keys: Vec<_> = self.keys.iter().map(stored_key).collect();
        let member = Member {
            name: self.name.clone(),
            code: self.code.clone(),
            roles: self.roles.clone(),
            region: self.region,
            industry: self.industry,
            size: self.size,
            keys: keys.try_into().expect("the act's list has the same bound"),
            policy: self.policy.clone(),
            standing: Standing::Active,
            exchange,
            party: party_id,
        };
        effects.put(&id, &member)?;
        if let Some(code) = &self.code {
            effects.put(&credit_code_digest(code), &MemberByCode { member: id })?;
        }
        for entry in &self.keys {
            effects.put(&key_digest(&entry.key), &MemberByKey { member: id })?;
        }
        let code = match &self.code {
            Some(EnrolmentCode::Checked { code }) => Some(*code),
            Some(EnrolmentCode::Overridden { .. }) | None => None,
        };
        let name = self.name.as_str().parse().expect("a member's name is shorter than a party's");
        let party = Party {
            name: PartyName::Organisation { name, code },
            kind: PartyKind::Unknown,
            country: self.country,
            member: Some(id),
        };
        effects.put(&party_id, &party)
    }
}

fn stored_key(entry: &KeyEntry) -> MemberKey {
    MemberKey { key: entry.key.clone(), evidence: entry.evidence.clone() }
}

impl Rule for Update {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(member) = cx.named::<Member>(self.member, verdict)? else { return Ok(()) };
        cx.need(self.member, None, Code::MemberSignatureRequired, verdict)?;
        cx.need(member.exchange, None, Code::MemberExchangeRequired, verdict)?;
        let nothing = self.name.is_none()
            && self.region.is_none()
            && self.industry.is_none()
            && self.size.is_none()
            && self.roles.is_none();
        verdict.refuse_if(nothing, Code::FieldMissing);
        if let Some(roles) = &self.roles {
            check_roles(roles, cx, verdict);
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut member: Member = effects.must(&self.member)?;
        member.name = self.name.clone().unwrap_or(member.name);
        member.region = self.region.unwrap_or(member.region);
        member.industry = self.industry.or(member.industry);
        member.size = self.size.or(member.size);
        member.roles = self.roles.clone().unwrap_or(member.roles);
        effects.put(&self.member, &member)
    }
}

impl Key {
    /// Whether the member's exchange and a regulator or the registrar sign in its stead: its keys are lost.
    fn is_recovery(&self, member: &Member, cx: &Context<'_>) -> bool {
        let (registrar, regulator) = (cx.role_signed(Role::Registrar), cx.role_signed(Role::Regulator));
        if member.exchange == self.member {
            // An exchange that enrolled itself cannot answer for its own lost keys.
            return registrar && regulator;
        }
        (registrar || regulator) && cx.signers.members.contains_key(&member.exchange)
    }

    /// The member's keys and policy after the change.
    fn after(&self, member: &Member) -> (Vec<MemberKey>, SigningPolicy) {
        let mut keys = member.keys.to_vec();
        let mut policy = member.policy.clone();
        match &self.change {
            KeyChange::Add { entry } => keys.push(stored_key(entry)),
            KeyChange::Rotate { old, entry } => {
                keys.retain(|key| key.key != *old);
                keys.push(stored_key(entry));
            }
            KeyChange::Revoke { key } => keys.retain(|other| other.key != *key),
            KeyChange::Policy { policy: new } => policy = new.clone(),
        }
        (keys, policy)
    }
}

impl Rule for Key {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(member) = cx.named::<Member>(self.member, verdict)? else { return Ok(()) };
        if !self.is_recovery(&member, cx) {
            cx.need(self.member, None, Code::MemberSignatureRequired, verdict)?;
        }
        match &self.change {
            KeyChange::Add { entry } => check_key(entry, cx, verdict)?,
            KeyChange::Rotate { old, entry } => {
                check_key(entry, cx, verdict)?;
                verdict.refuse_if(!member.keys.iter().any(|key| key.key == *old), Code::KeyNotMembers);
            }
            KeyChange::Revoke { key } => {
                verdict.refuse_if(!member.keys.iter().any(|other| other.key == *key), Code::KeyNotMembers);
            }
            KeyChange::Policy { .. } => {}
        }
        let (keys, policy) = self.after(&member);
        verdict.refuse_if(keys.len() > 16, Code::PolicyInvalid);
        check_policy(&policy, keys.len(), verdict);
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut member: Member = effects.must(&self.member)?;
        let (keys, policy) = self.after(&member);
        member.keys = keys.try_into().map_err(|_| Fault::Contradiction("more than 16 keys".into()))?;
        member.policy = policy;
        if let KeyChange::Add { entry } | KeyChange::Rotate { entry, .. } = &self.change {
            effects.put(&key_digest(&entry.key), &MemberByKey { member: self.member })?;
        }
        effects.put(&self.member, &member)
    }
}

impl Rule for Status {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(member) = cx.named::<Member>(self.member, verdict)? else { return Ok(()) };
        let authority = cx.signers.members.contains_key(&member.exchange)
            || cx.role_signed(Role::Regulator)
            || cx.role_signed(Role::Registrar);
        verdict.refuse_if(!authority, Code::RegulatorOnly);
        let fits = match self.change {
            StandingChange::Suspend => member.standing == Standing::Active,
            StandingChange::Restore => member.standing == Standing::Suspended,
            StandingChange::Exit => member.standing != Standing::Exited,
        };
        if !fits {
            verdict.refuse(Refusal::new(Code::MemberStanding).about(self.member));
        }
        if self.change == StandingChange::Exit {
            if member.standing == Standing::Active {
                cx.need(self.member, None, Code::MemberSignatureRequired, verdict)?;
            }
            if let Some(Duties { open }) = cx.find(&self.member)? {
                let figures = format!("{open} licences and pledges");
                verdict.refuse(Refusal::new(Code::MemberObligationsOpen).about(self.member).with(figures));
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut member: Member = effects.must(&self.member)?;
        member.standing = match self.change {
            StandingChange::Suspend => Standing::Suspended,
            StandingChange::Restore => Standing::Active,
            StandingChange::Exit => Standing::Exited,
        };
        effects.put(&self.member, &member)
    }
}

impl Rule for Power {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        // A power is given by the principal itself: no agent empowers another.
        if !cx.signers.members.contains_key(&self.principal) {
            verdict.refuse(Refusal::new(Code::MemberSignatureRequired).because_of(self.principal));
        }
        if let Some(agent) = cx.named::<Member>(self.agent, verdict)?
            && !agent.is(Role::Agency)
        {
            verdict.refuse(Refusal::new(Code::AgentRoleRequired).about(self.agent));
        }
        verdict.refuse_if(self.acts.is_empty(), Code::FieldMissing);
        let acts: BTreeSet<_> = self.acts.iter().collect();
        verdict.refuse_if(acts.len() != self.acts.len(), Code::DuplicateEntry);
        for patent in &self.patents {
            cx.named::<Patent>(*patent, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let power =
            PowerOfAttorney { acts: self.acts.clone(), patents: self.patents.clone(), until: self.until };
        effects.put(&(self.principal, self.agent), &power)
    }
}
