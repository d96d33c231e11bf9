//! Acts on members: organisations that sign, their keys, roles, standing and agents.

use super::ActKind;
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{
    CountryCode, CreditCode, Date, IndustryCode, MemberId, OverriddenCode, PatentId, RegionCode,
};
use crate::key::PublicKey;
use serde::{Deserialize, Serialize};

tagged! {
    /// What a member is in the network, and so what it may sign. Plan and `domain.md` §5.
    #[derive(Copy, Hash, PartialOrd, Ord)]
    pub enum Role {
        /// An exchange (交易机构): runs a node, admits members, confirms payments.
        1 => Exchange,
        /// The registrar (登记机构): enters what the law makes effective on registration or announcement.
        2 => Registrar,
        /// A technical-contract registry (技术合同登记机构).
        3 => TechnicalRegistry,
        /// A university (高等学校).
        4 => University,
        /// A research institute (科研机构).
        5 => ResearchInstitute,
        /// An enterprise (企业).
        6 => Enterprise,
        /// A bank (银行).
        7 => Bank,
        /// A guarantor (担保机构).
        8 => Guarantor,
        /// A fund (基金).
        9 => Fund,
        /// An insurer (保险机构).
        10 => Insurer,
        /// A patent or technology-transfer agency (代理, 技术转移机构).
        11 => Agency,
        /// An appraiser (评估机构).
        12 => Appraiser,
        /// A funder of research projects (项目管理部门).
        13 => Funder,
        /// A court (人民法院).
        14 => Court,
        /// A mediator (调解组织).
        15 => Mediator,
        /// A regulator (知识产权管理部门).
        16 => Regulator,
        /// An auditor (审计).
        17 => Auditor,
        /// A statistics office (统计).
        18 => Statistics,
        /// An industry's intellectual-property operation centre (产业知识产权运营中心).
        19 => OperationCentre,
        /// A body that recognises patent-intensive products (专利密集型产品认定机构).
        20 => RecognitionBody,
    }
}

tagged! {
    /// The size class of an enterprise (企业规模).
    #[derive(Copy)]
    pub enum SizeClass {
        /// 大型
        1 => Large,
        /// 中型
        2 => Medium,
        /// 小型
        3 => Small,
        /// 微型
        4 => Micro,
    }
}

tagged! {
    /// A member's unified social credit code, and who allowed it if it fails its check.
    pub enum EnrolmentCode {
        /// Both check characters hold.
        1 => Checked {
            /// The code.
            code: CreditCode,
        },
        /// Issued although a check character fails; entered on somebody's word.
        2 => Overridden {
            /// The code as issued.
            code: OverriddenCode,
            /// The regulator or registrar who allowed it, and must sign the enrolment.
            allowed_by: MemberId,
        },
    }
}

/// The evidence that binds a key to an organisation (电子签名法 arts. 13, 14): a CA certificate or an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct KeyEvidence {
    /// Salted digest of the certificate or agreement.
    pub digest: Hash,
    /// The last day it binds, if it ends.
    pub valid_until: Option<Date>,
}

/// A key with the evidence for it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct KeyEntry {
    /// The public key.
    pub key: PublicKey,
    /// What binds it to the organisation.
    pub evidence: KeyEvidence,
}

/// How many of a member's keys must sign a kind of act.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Threshold {
    /// The kind of act.
    pub act: ActKind,
    /// Keys that must sign, at least 1.
    pub keys: u8,
}

/// m of n: the keys that must sign for a member, by kind of act.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct SigningPolicy {
    /// Keys that must sign any act not named below, at least 1.
    pub default: u8,
    /// Other numbers for named kinds of act.
    pub acts: List<Threshold, 64>,
}

/// Enrols an organisation. Signed by the exchange that checked it (the author) and by the applicant's own new keys.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Register {
    /// The organisation's name, as its licence has it.
    pub name: Text<300>,
    /// The country under whose law it was founded, `CN` if left out. Hong Kong, Macao and Taiwan have their own codes.
    #[serde(default = "china")]
    pub country: CountryCode,
    /// Its unified social credit code (统一社会信用代码). A Chinese organisation has one; another may do without.
    #[serde(default)]
    pub code: Option<EnrolmentCode>,
    /// What it is; at least one.
    pub roles: List<Role, 8>,
    /// Where it is registered; one that is registered abroad stands under its exchange's region.
    pub region: RegionCode,
    /// Its branch of the national economy (GB/T 4754), if known.
    pub industry: Option<IndustryCode>,
    /// Its size class, for enterprises.
    pub size: Option<SizeClass>,
    /// Its keys; at least one.
    pub keys: List<KeyEntry, 16>,
    /// How many of them must sign.
    pub policy: SigningPolicy,
}

const fn china() -> CountryCode {
    CountryCode::CHINA
}

/// Changes a member's own facts. Signed by the member and by its exchange.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Update {
    /// The member.
    pub member: MemberId,
    /// A new name.
    pub name: Option<Text<300>>,
    /// A new region.
    pub region: Option<RegionCode>,
    /// A new branch.
    pub industry: Option<IndustryCode>,
    /// A new size class.
    pub size: Option<SizeClass>,
    /// All roles from now on.
    pub roles: Option<List<Role, 8>>,
}

tagged! {
    /// A change of a member's keys.
    pub enum KeyChange {
        /// One key more; signed also by the new key, as the member.
        1 => Add {
            /// The new key.
            entry: KeyEntry,
        },
        /// A new key in an old one's place; signed also by the new key.
        2 => Rotate {
            /// The key that goes.
            old: PublicKey,
            /// The key that comes.
            entry: KeyEntry,
        },
        /// A key is revoked.
        3 => Revoke {
            /// The key that goes.
            key: PublicKey,
        },
        /// Another signing policy.
        4 => Policy {
            /// The policy from now on.
            policy: SigningPolicy,
        },
    }
}

/// Changes a member's keys. Signed by the member under its policy, or, when keys are lost, by its exchange and a
/// regulator or the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Key {
    /// The member.
    pub member: MemberId,
    /// What changes.
    pub change: KeyChange,
}

tagged! {
    /// A change of a member's standing.
    #[derive(Copy)]
    pub enum StandingChange {
        /// The member can no longer sign.
        1 => Suspend,
        /// It can again.
        2 => Restore,
        /// It leaves for good.
        3 => Exit,
    }
}

/// Suspends, restores or ends a membership. Signed by its exchange or a regulator; an exit also by the member.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Status {
    /// The member.
    pub member: MemberId,
    /// What changes.
    pub change: StandingChange,
    /// Why.
    pub reason: Text<600>,
}

/// A power of attorney (委托书): the agent may sign the named acts for the principal until the last day, or the power
/// ends when `until` lies in the past. Signed by the principal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Power {
    /// Who is represented; the author.
    pub principal: MemberId,
    /// Who represents: a member with the role of an agency.
    pub agent: MemberId,
    /// The acts; at least one.
    pub acts: List<ActKind, 64>,
    /// The patents; none means all of the principal's.
    pub patents: List<PatentId, 256>,
    /// The last day.
    pub until: Date,
}
