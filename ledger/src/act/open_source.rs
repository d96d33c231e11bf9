//! Acts on patent open source (专利开源): owners pledge not to assert, under a licence text of their own (plan §3, §11).

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{CaseId, MemberId, OpenSourceId, PatentId};
use serde::{Deserialize, Serialize};

/// Pledges patents to everybody who keeps to a licence text, free of charge. Signed by all owners and the pledgees.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PledgeOpen {
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// The licence's name.
    pub licence: Text<120>,
    /// Digest of its text.
    pub text: Hash,
    /// The conditions in short.
    pub conditions: Text<2000>,
    /// Whether it may be terminated against who sues (防御性终止).
    pub defensive: bool,
    /// Whether its terms let the owners revoke it; else it is irrevocable.
    pub revocable: bool,
    /// Whether it is green technology (绿色技术).
    pub green: bool,
}

tagged! {
    /// The suit for which an open-source pledge is terminated.
    pub enum SuitReference {
        /// A case on the ledger.
        1 => Case {
            /// The case.
            case: CaseId,
        },
        /// A suit before a court.
        2 => Suit {
            /// Its number.
            number: Text<120>,
            /// Salted digest of the document.
            document: Hash,
        },
    }
}

/// Terminates an open-source pledge against a member that has sued. Signed by all owners.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Terminate {
    /// The pledge.
    pub pledge: OpenSourceId,
    /// Against whom.
    pub member: MemberId,
    /// For what.
    pub ground: SuitReference,
}

/// Revokes an open-source pledge whose own terms allow it; who relies on it keeps it. Signed by all owners.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Revoke {
    /// The pledge.
    pub pledge: OpenSourceId,
    /// Why.
    pub reason: Text<600>,
}
