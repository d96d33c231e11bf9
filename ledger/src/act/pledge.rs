//! Acts on pledges (专利权质押): CC 425–446; 专利权质押登记办法 (公告第461号).

use super::ActKind;
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, Money, PartyId, PatentId, PledgeId, RecordalNumber, Term};
use serde::{Deserialize, Serialize};

tagged! {
    /// What kind of debt is secured.
    #[derive(Copy)]
    pub enum DebtKind {
        /// A loan (借款).
        1 => Loan,
        /// A guarantee given for the pledgor (反担保).
        2 => CounterGuarantee,
        /// A trade debt.
        3 => Trade,
        /// Another one.
        4 => Other,
    }
}

/// Applies for a pledge's registration. Signed by all owners and the pledgee, and, if the patent is openly licensed,
/// with the pledgee's agreement that open licensing continues (Guidelines V.11 §9).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Apply {
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// The owners who pledge: all of each patent's.
    pub pledgors: List<PartyId, 64>,
    /// Who is secured.
    pub pledgee: MemberId,
    /// What kind of debt.
    pub debt: DebtKind,
    /// Salted digest of the amount and the contract; the amount is not public.
    pub contract: Hash,
    /// The debt's term; it ends before the patents do. Missing contents are refused.
    pub debt_term: Option<Term>,
    /// What is secured: principal, interest, penalty, costs. Missing contents are refused.
    pub scope: Option<Text<600>>,
    /// The maximum amount, if it is a maximum-amount pledge (最高额质押, CC 439).
    pub maximum: Option<Money>,
    /// Whether the contract lets the pledgee keep the patent on default: it may not (流质, CC 428).
    pub forfeiture: bool,
    /// The parties insist although a same-day invention application is pending.
    pub insist_same_day: bool,
    /// The parties insist although an invalidation has been started.
    pub insist_invalidation: bool,
    /// The pledgee agrees that open licensing of an openly licensed patent continues.
    pub open_continues: bool,
}

/// Registers a pledge: the right arises (CC 444). By the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Register {
    /// The pledge as applied for.
    pub pledge: PledgeId,
    /// The registration's number.
    pub number: RecordalNumber,
    /// The day.
    pub on: Date,
}

tagged! {
    /// Why a pledge is released.
    #[derive(Copy)]
    pub enum ReleaseCause {
        /// The debt is paid.
        1 => Paid,
        /// The pledge has been realised.
        2 => Realised,
        /// The pledgee waives it.
        3 => Waived,
        /// The main contract is void or ended.
        4 => ContractVoid,
    }
}

/// Releases a pledge. Signed by the pledgee; entered by the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Release {
    /// The pledge.
    pub pledge: PledgeId,
    /// Why.
    pub cause: ReleaseCause,
    /// The day.
    pub on: Date,
}

/// Consents in advance to acts of one kind on the pledged patents (CC 444¶2). Signed by the pledgee.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Consent {
    /// The pledge.
    pub pledge: PledgeId,
    /// The kind of act: `licence.grant`, `transfer.propose`, `open.declare`, `patent.life` (abandonment).
    /// In JSON `to`: an act's own name stands there as `act`.
    #[serde(rename = "to")]
    pub act: ActKind,
    /// Salted digest of the conditions, if there are any.
    pub conditions: Option<Hash>,
    /// The last day the consent holds; a day in the past takes it back.
    pub until: Date,
}
