//! Begin a network: what its genesis file says, in the canonical form whose hash is the network id.

use crate::act::member::{EnrolmentCode, KeyEntry, Role, SigningPolicy};
use crate::act::party::{PartyKind, PartyName};
use crate::codec::{self, Decode, Encode, List, Text};
use crate::hash::{Domain, Hash};
use crate::identifier::{CountryCode, MemberId, PartyId, RegionCode};
use crate::state::{
    Anchor, Fault, Member, MemberByCode, MemberByKey, MemberKey, MemoryState, Nodes, Overlay, Parameters,
    Party, Read, Standing, Unit, Writes, key_digest,
};
use crate::vote::NetworkId;
use serde::{Deserialize, Serialize};

/// The version of the founding's canonical form.
pub const VERSION: u8 = 1;

/// A member that the network begins with. The n-th of them, from 1, has the id (0, n).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct FoundingMember {
    /// Its name.
    pub name: Text<300>,
    /// Its unified social credit code, if it has one.
    pub code: Option<EnrolmentCode>,
    /// What it is.
    pub roles: List<Role, 8>,
    /// Where it is registered.
    pub region: RegionCode,
    /// Its keys.
    pub keys: List<KeyEntry, 16>,
    /// How many of them must sign.
    pub policy: SigningPolicy,
    /// The exchange that answers for it: an exchange answers for itself.
    pub exchange: MemberId,
}

/// What a network is at its beginning.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Founding {
    /// The version of this form.
    pub version: u8,
    /// The network's name.
    pub name: Text<200>,
    /// When it begins, and where it comes from.
    pub anchor: Anchor,
    /// The members it begins with: exchanges, the registrar, others.
    pub members: List<FoundingMember, 100>,
    /// The nodes it begins with.
    pub nodes: Nodes,
    /// Its parameters.
    pub parameters: Parameters,
}

/// Why a founding makes no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FoundingError {
    /// A version that this program does not know.
    #[error("genesis version {0} is unknown; this program reads version {VERSION}")]
    Version(u8),
    /// Something is wrong with a member.
    #[error("member {name}: {reason}")]
    Member {
        /// The member's name.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// Something is wrong with the nodes.
    #[error("nodes: {0}")]
    Nodes(String),
    /// Something is wrong with a parameter.
    #[error("parameters: {0}")]
    Parameters(String),
    /// Nobody registers: neither a registrar nor exchanges that act for one.
    #[error("no member has the role registrar; name in it the exchanges that act for the register")]
    NoRegistrar,
    /// The state cannot be written.
    #[error(transparent)]
    State(#[from] Fault),
}

impl Founding {
    /// The longest canonical form, in bytes.
    pub const LIMIT: usize = 1 << 19;

    /// The canonical form.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// The network id: the hash of the canonical form.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        NetworkId(Hash::of(Domain::GENESIS, &[&self.bytes()]))
    }

    /// The id of the n-th member, from 0.
    #[must_use]
    pub fn member_id(n: usize) -> MemberId {
        MemberId::new(0, u8::try_from(n + 1).expect("at most 100 founding members"))
    }

    /// Checks what the types cannot: that keys are sound and used once, that exchanges are exchanges, that somebody
    /// registers, that parameters lie within their bounds.
    ///
    /// # Errors
    /// [`FoundingError`] names the first thing that is wrong.
    pub fn check(&self) -> Result<(), FoundingError> {
        if self.version != VERSION {
            return Err(FoundingError::Version(self.version));
        }
        let mut keys = std::collections::BTreeSet::new();
        for member in &self.members {
            let wrong = |reason: String| FoundingError::Member { name: member.name.to_string(), reason };
            for entry in &member.keys {
                entry.key.check().map_err(|error| wrong(format!("{}: {error}", entry.key)))?;
                if !keys.insert(entry.key.clone()) {
                    return Err(wrong(format!("the key {} is used twice", entry.key)));
                }
            }
            if member.roles.is_empty() {
                return Err(wrong("it has no role".into()));
            }
            let numbers = member.policy.acts.iter().map(|act| act.keys).chain([member.policy.default]);
            for number in numbers {
                if number == 0 || usize::from(number) > member.keys.len() {
                    return Err(wrong(format!("{number} of {} keys cannot sign", member.keys.len())));
                }
            }
            self.exchange(member.exchange)
                .ok_or_else(|| wrong(format!("{} is no exchange", member.exchange)))?;
        }
        if !self.members.iter().any(|member| member.roles.contains(&Role::Registrar)) {
            return Err(FoundingError::NoRegistrar);
        }
        self.check_nodes(&mut keys)?;
        self.check_parameters()
    }

    fn exchange(&self, id: MemberId) -> Option<&FoundingMember> {
        let place = usize::from(id.ordinal()).checked_sub(1).filter(|_| id.position() == 0)?;
        self.members.get(place).filter(|member| member.roles.contains(&Role::Exchange))
    }

    fn check_nodes(
        &self,
        keys: &mut std::collections::BTreeSet<crate::key::PublicKey>,
    ) -> Result<(), FoundingError> {
        let wrong = |node: &crate::state::Node, reason: String| {
            Err(FoundingError::Nodes(format!("{}: {reason}", node.name)))
        };
        for node in &self.nodes.nodes {
            for key in [&node.vote_key, &node.cosign_key, &node.network_key] {
                if let Err(error) = key.check() {
                    return wrong(node, format!("{key}: {error}"));
                }
                if !keys.insert(key.clone()) {
                    return wrong(node, format!("the key {key} is used twice; each purpose has its own"));
                }
            }
            if self.exchange(node.exchange).is_none() {
                return wrong(node, format!("{} is no exchange", node.exchange));
            }
        }
        if self.nodes.nodes.windows(2).any(|pair| pair[0].name >= pair[1].name) {
            return Err(FoundingError::Nodes("names must ascend, each once".into()));
        }
        self.nodes.validators().map(|_| ()).map_err(|error| FoundingError::Nodes(error.to_string()))
    }

    fn check_parameters(&self) -> Result<(), FoundingError> {
        self.parameters.check().map_err(|reason| FoundingError::Parameters(reason.into()))
    }

    /// The state that the network begins with.
    ///
    /// # Errors
    /// [`FoundingError`] when [`Self::check`] finds something, or two members share a credit code.
    pub fn writes(&self) -> Result<Writes, FoundingError> {
        self.check()?;
        let empty = MemoryState::new();
        let mut overlay = Overlay::new(&empty);
        overlay.put(&Unit, &self.parameters)?;
        overlay.put(&Unit, &self.nodes)?;
        overlay.put(&Unit, &self.anchor)?;
        for (n, founder) in self.members.iter().enumerate() {
            self.enrol(&mut overlay, Self::member_id(n), founder)?;
        }
        Ok(overlay.into_writes())
    }

    fn enrol(
        &self,
        overlay: &mut Overlay<'_>,
        id: MemberId,
        founder: &FoundingMember,
    ) -> Result<(), FoundingError> {
        let party = PartyId::new(0, id.ordinal());
        let checked = match &founder.code {
            Some(EnrolmentCode::Checked { code }) => Some(*code),
            _ => None,
        };
        if let Some(code) = &founder.code {
            let digest = credit_code_digest(code);
            if overlay.find::<MemberByCode>(&digest)?.is_some() {
                let reason = "its credit code is another member's".into();
                return Err(FoundingError::Member { name: founder.name.to_string(), reason });
            }
            overlay.put(&digest, &MemberByCode { member: id })?;
        }
        for entry in &founder.keys {
            overlay.put(&key_digest(&entry.key), &MemberByKey { member: id })?;
        }
        let keys: Vec<_> = founder
            .keys
            .iter()
            .map(|entry| MemberKey { key: entry.key.clone(), evidence: entry.evidence.clone() })
            .collect();
        let member = Member {
            name: founder.name.clone(),
            code: founder.code.clone(),
            roles: founder.roles.clone(),
            region: founder.region,
            industry: None,
            size: None,
            keys: keys.try_into().expect("the founder's list has the same bound"),
            policy: founder.policy.clone(),
            standing: Standing::Active,
            exchange: founder.exchange,
            party,
        };
        overlay.put(&id, &member)?;
        let name = founder.name.as_str().parse().expect("a member's name is shorter than a party's");
        let entry = Party {
            name: PartyName::Organisation { name, code: checked },
            kind: PartyKind::Unknown,
            country: CountryCode::CHINA,
            member: Some(id),
        };
        overlay.put(&party, &entry)?;
        Ok(())
    }
}

/// The id of a credit code in the state, for [`MemberByCode`]: SHA-256 of its text.
#[must_use]
pub fn credit_code_digest(code: &EnrolmentCode) -> Hash {
    let text = match code {
        EnrolmentCode::Checked { code } => code.as_str(),
        EnrolmentCode::Overridden { code, .. } => code.as_str(),
    };
    Hash::plain(&[text.as_bytes()])
}
