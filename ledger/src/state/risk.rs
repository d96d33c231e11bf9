//! Risk-compensation funds: what they hold, and what they paid for which default.

use super::key::stored;
use crate::codec::{Decode, Encode};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, Money, PledgeId, Rate, RecordId};
use serde::{Deserialize, Serialize};

/// The account of a fund, by the member that it is.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct FundAccount {
    /// What was paid in.
    pub contributed: Money,
    /// What was paid out.
    pub paid: Money,
    /// What came back.
    pub recovered: Money,
    /// Compensations paid.
    pub compensations: u32,
}
stored!(FundAccount, 44, MemberId);

impl FundAccount {
    /// What it holds, if that can be counted.
    #[must_use]
    pub fn holds(&self) -> Option<Money> {
        self.contributed.checked_add(self.recovered)?.checked_sub(self.paid)
    }
}

/// A compensation, by the record that entered it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Compensation {
    /// The fund.
    pub fund: MemberId,
    /// The pledge.
    pub pledge: PledgeId,
    /// Who was compensated.
    pub pledgee: MemberId,
    /// The record of the default.
    pub default: RecordId,
    /// Salted digest of the loss.
    pub loss: Hash,
    /// The part of the loss that the fund bears.
    pub share: Rate,
    /// What it paid.
    pub payout: Money,
    /// What of it came back.
    pub recovered: Money,
    /// The day of the payout.
    pub on: Date,
}
stored!(Compensation, 45, RecordId);
