//! Acts on matching (供需对接): patents pushed to enterprises, their feedback, and what they look for (plan §1).
//!
//! A push names neither its patents nor its recipients, only the root of a Merkle tree over each (RFC 6962, the leaves
//! being ids as they stand on the wire): who gives feedback shows that it, and the patent, were among them.

use crate::codec::{self, Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{ContractId, Date, DemandId, IndustryCode, PatentId, PushId};
use crate::tree::{InclusionProof, leaf_hash};
use serde::{Deserialize, Serialize};

/// The leaf of a patent or a recipient in a push: the RFC 6962 leaf hash of the id's eight bytes.
#[must_use]
pub fn push_leaf<T: Encode>(id: &T) -> Hash {
    leaf_hash(&codec::encode(id))
}

/// Pushes patents to enterprises of an industry (按产业细分领域匹配推送). By an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Push {
    /// How many patents; at least one.
    pub patents: u32,
    /// The root over them.
    pub patents_root: Hash,
    /// The industry.
    pub segment: IndustryCode,
    /// How many recipients; at least one.
    pub recipients: u32,
    /// The root over them.
    pub recipients_root: Hash,
    /// By what algorithm they were matched.
    pub algorithm: Text<120>,
    /// Digest of its version.
    pub version: Hash,
}

/// Where something stands in a push, with the proof.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PushPlace {
    /// Its place, from 0.
    pub index: u32,
    /// The hashes beside the way to the root.
    pub proof: InclusionProof,
}

tagged! {
    /// Whether and how an enterprise would work with the institution (产学研合作意愿).
    #[derive(Copy)]
    pub enum CooperationWish {
        /// Not at all.
        1 => NoWish,
        /// It would take a licence.
        2 => TakeLicence,
        /// It would buy the patent.
        3 => Buy,
        /// It would develop further together (联合攻关).
        4 => DevelopTogether,
    }
}

/// Gives feedback on a pushed patent: prospect, need of improvement, wish to cooperate. By an enterprise that was a
/// recipient, once for each patent of a push.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Feedback {
    /// The push.
    pub push: PushId,
    /// The patent.
    pub patent: PatentId,
    /// Where the enterprise stands among the recipients.
    pub recipient_place: PushPlace,
    /// Where the patent stands among the pushed ones.
    pub patent_place: PushPlace,
    /// The prospect of industrial use (产业化前景), 1 to 5.
    pub prospect: u8,
    /// What would have to be improved (技术改进需求).
    pub improvement: Option<Text<2000>>,
    /// Whether it would cooperate.
    pub cooperation: CooperationWish,
}

tagged! {
    /// How much an enterprise would spend. The figure itself is not public.
    #[derive(Copy)]
    pub enum BudgetBand {
        /// Less than 500,000 yuan.
        1 => BelowHalfMillion,
        /// From 500,000 yuan to less than 5,000,000.
        2 => BelowFiveMillion,
        /// 5,000,000 yuan and more.
        3 => FiveMillionUp,
        /// To be negotiated.
        4 => Negotiable,
    }
}

/// Says what an enterprise looks for (需求发布). By the enterprise.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PostDemand {
    /// The problem to be solved.
    pub problem: Text<3000>,
    /// The industry.
    pub industry: IndustryCode,
    /// What it would spend.
    pub budget: BudgetBand,
    /// Whether it would have it developed together (联合攻关).
    pub joint: bool,
    /// The last day.
    pub until: Date,
}

tagged! {
    /// How a demand ends.
    pub enum DemandOutcome {
        /// It is met.
        1 => Met {
            /// The technical contract, if one is entered.
            contract: Option<ContractId>,
            /// The patents used or made.
            patents: List<PatentId, 16>,
        },
        /// The enterprise takes it back.
        2 => TakenBack,
    }
}

/// Ends a demand. By the enterprise.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CloseDemand {
    /// The demand.
    pub demand: DemandId,
    /// How it ends.
    pub outcome: DemandOutcome,
}
