//! Acts on pledges (专利权质押): CC 425–446; 专利权质押登记办法 (公告第461号). What follows a default is in `realisation`.

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
    /// The kind of act: `licence.grant`, `transfer.propose`, `open.declare`, `patent.life` (abandonment),
    /// `finance.instrument` (securitisation).
    /// In JSON `to`: an act's own name stands there as `act`.
    #[serde(rename = "to")]
    pub act: ActKind,
    /// Salted digest of the conditions, if there are any.
    pub conditions: Option<Hash>,
    /// The last day the consent holds; a day in the past takes it back.
    pub until: Date,
}

/// Changes a registered pledge (质押登记变更). Signed by the pledgee, whoever pledged and all owners; entered by the
/// registrar. What is left out stays as it is; the registration's day does too, and with it the pledgee's priority.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Change {
    /// The pledge.
    pub pledge: PledgeId,
    /// The day the parties agreed on the change.
    pub agreed: Date,
    /// The day of the change's registration.
    pub on: Date,
    /// Another kind of debt.
    pub debt: Option<DebtKind>,
    /// Salted digest of the changed contract, if the amount or another term of it changes.
    pub contract: Option<Hash>,
    /// Another term of the debt; it ends before the patents do.
    pub debt_term: Option<Term>,
    /// Another scope.
    pub scope: Option<Text<600>>,
    /// Another maximum, while the debt of a maximum-amount pledge is not fixed (CC 422).
    pub maximum: Option<Money>,
    /// The day on which the debt of a maximum-amount pledge was fixed (债权确定), if before its term's end (CC 423).
    pub fixed: Option<Date>,
    /// Patents that are taken out of the pledge; not all of them.
    pub released: List<PatentId, 32>,
}

tagged! {
    /// The ground on which a pledge would not have been registered (不予登记的情形).
    #[derive(Copy)]
    pub enum RegistrationBar {
        /// The pledgor was not the registered owner.
        1 => NotOwner,
        /// The right had been terminated or declared invalid.
        2 => NotInForce,
        /// The right had not been granted.
        3 => NotGranted,
        /// The annuity was unpaid.
        4 => AnnuityUnpaid,
        /// The patent was preserved or suspended.
        5 => Frozen,
        /// The debt's term went beyond the patent's.
        6 => DebtExceedsTerm,
        /// The contract lacked its contents.
        7 => Contents,
        /// A co-owner had not consented.
        8 => CoOwner,
        /// The patent was pledged already.
        9 => PledgedAlready,
        /// A same-day invention application was pending and the parties did not insist.
        10 => SameDay,
        /// An invalidation had been started and the parties did not insist.
        11 => InvalidationStarted,
        /// Another one.
        12 => Other,
    }
}

/// Revokes a registration that should have been refused (撤销质押登记): the pledge is void from the start. By the
/// registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Revoke {
    /// The pledge.
    pub pledge: PledgeId,
    /// What was found.
    pub ground: RegistrationBar,
    /// Digest of the decision.
    pub document: Hash,
    /// The day of the decision; it takes effect from the registration's day.
    pub on: Date,
}
