//! Acts on risk-compensation funds (风险补偿基金): what is paid in, what a bank gets for a defaulted pledge, what comes back.
//! The figures are a public fund's own and are public.

use crate::codec::{Decode, Encode};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, Money, PledgeId, Rate, RecordId};
use serde::{Deserialize, Serialize};

/// Pays into a fund. Signed by who pays, as author, and the fund.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Contribute {
    /// The fund.
    pub fund: MemberId,
    /// How much.
    pub amount: Money,
    /// Salted digest of the voucher.
    pub document: Hash,
    /// The day.
    pub on: Date,
}

/// Compensates a pledgee for a part of its loss from a default, once for one default. Signed by fund and pledgee.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Compensate {
    /// The fund.
    pub fund: MemberId,
    /// The pledge, whose default is stated.
    pub pledge: PledgeId,
    /// Salted digest of the loss and its calculation.
    pub loss: Hash,
    /// The part of the loss that the fund bears.
    pub share: Rate,
    /// What the fund pays.
    pub payout: Money,
    /// The day.
    pub on: Date,
}

/// Returns to a fund what was recovered from the debtor afterwards (追偿). Signed by fund and pledgee.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Recover {
    /// The record of the compensation.
    pub compensation: RecordId,
    /// How much of it comes back.
    pub amount: Money,
    /// Salted digest of the voucher.
    pub document: Hash,
    /// The day.
    pub on: Date,
}
