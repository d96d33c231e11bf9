//! Members: organisations that sign.

use super::key::stored;
use crate::act::ActKind;
use crate::act::member::{EnrolmentCode, KeyEvidence, Role, SigningPolicy, SizeClass};
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, IndustryCode, MemberId, PartyId, PatentId, RegionCode};
use crate::key::PublicKey;
use serde::{Deserialize, Serialize};

tagged! {
    /// Whether a member may sign.
    #[derive(Copy)]
    pub enum Standing {
        /// It may.
        1 => Active,
        /// It may not for the time being.
        2 => Suspended,
        /// It has left.
        3 => Exited,
    }
}

/// A key of a member.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct MemberKey {
    /// The key.
    pub key: PublicKey,
    /// What binds it to the organisation.
    pub evidence: KeyEvidence,
}

/// A member: an organisation that signs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub name: Text<300>,
    /// Its unified social credit code; founding members and foreign ones may do without.
    pub code: Option<EnrolmentCode>,
    /// What it is.
    pub roles: List<Role, 8>,
    /// Where it is registered.
    pub region: RegionCode,
    /// Its branch.
    pub industry: Option<IndustryCode>,
    /// Its size class.
    pub size: Option<SizeClass>,
    /// The keys that count now.
    pub keys: List<MemberKey, 16>,
    /// How many of them must sign what.
    pub policy: SigningPolicy,
    /// Whether it may sign.
    pub standing: Standing,
    /// The exchange that enrolled it.
    pub exchange: MemberId,
    /// The party that it is from its enrolment on; older entries of the register are linked to it.
    pub party: PartyId,
}
stored!(Member, 4, MemberId);

impl Member {
    /// Whether it has the role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Keys that must sign an act of this kind for it.
    #[must_use]
    pub fn threshold(&self, kind: ActKind) -> u8 {
        let named = self.policy.acts.iter().find(|threshold| threshold.act == kind);
        named.map_or(self.policy.default, |threshold| threshold.keys)
    }
}

/// Which member has a unified social credit code.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct MemberByCode {
    /// The member.
    pub member: MemberId,
}
stored!(MemberByCode, 5, Hash);

/// Which member has a key, or had it: a key is never used for two members.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct MemberByKey {
    /// The member.
    pub member: MemberId,
}
stored!(MemberByKey, 6, Hash);

/// A power of attorney, by principal and agent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PowerOfAttorney {
    /// The acts.
    pub acts: List<ActKind, 64>,
    /// The patents; none means all.
    pub patents: List<PatentId, 256>,
    /// The last day.
    pub until: Date,
}
stored!(PowerOfAttorney, 7, (MemberId, MemberId));

/// How many licences, pledges and instruments still bind a member; there is no value while there is none.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Duties {
    /// Licences, pledges and instruments that have not ended.
    pub open: u32,
}
stored!(Duties, 24, MemberId);
