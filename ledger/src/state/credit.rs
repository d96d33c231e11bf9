//! Credit supervision: entries, and what a member has against it.

use super::key::stored;
use crate::act::credit::{CreditGround, CreditLevel};
use crate::codec::{Decode, Encode, tagged};
use crate::hash::Hash;
use crate::identifier::{CreditEventId, Date, MemberId};
use serde::{Deserialize, Serialize};

tagged! {
    /// Where an entry stands.
    #[derive(Copy)]
    pub enum CreditState {
        /// Entered; final once the days for an appeal are over.
        1 => Entered,
        /// The member has appealed.
        2 => Appealed {
            /// Salted digest of the grounds.
            grounds: Hash,
            /// The day.
            on: Date,
        },
        /// The appeal was dismissed: final.
        3 => Upheld {
            /// Salted digest of the decision.
            decision: Hash,
            /// The day.
            on: Date,
        },
        /// Cancelled: it never counted.
        4 => Cancelled {
            /// Salted digest of the decision.
            decision: Hash,
            /// The day.
            on: Date,
        },
        /// Repaired: it no longer counts.
        5 => Repaired {
            /// Salted digest of the evidence.
            evidence: Hash,
            /// The day.
            on: Date,
        },
    }
}

/// An entry of the credit supervision.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CreditEntry {
    /// Whose.
    pub member: MemberId,
    /// Who entered it.
    pub regulator: MemberId,
    /// What the member did.
    pub ground: CreditGround,
    /// How grave.
    pub level: CreditLevel,
    /// Salted digest of the evidence.
    pub evidence: Hash,
    /// The day it was entered, from which the days for an appeal count.
    pub entered: Date,
    /// The last day on which it counts.
    pub until: Date,
    /// The member's entry before it.
    pub previous: Option<CreditEventId>,
    /// Where it stands.
    pub state: CreditState,
}
stored!(CreditEntry, 52, CreditEventId);

impl CreditEntry {
    /// The last day for an appeal.
    #[must_use]
    pub fn appeal_until(&self, days: u16) -> Date {
        self.entered.add_days(i32::from(days))
    }

    /// Whether it is final on this day: nobody appealed in time, or in vain.
    #[must_use]
    pub fn is_final(&self, on: Date, appeal_days: u16) -> bool {
        match self.state {
            CreditState::Entered => self.appeal_until(appeal_days) < on,
            CreditState::Upheld { .. } => true,
            CreditState::Appealed { .. } | CreditState::Cancelled { .. } | CreditState::Repaired { .. } => {
                false
            }
        }
    }

    /// Whether it counts against the member on this day: final, and not over.
    #[must_use]
    pub fn counts(&self, on: Date, appeal_days: u16) -> bool {
        self.is_final(on, appeal_days) && on <= self.until
    }
}

/// A member's entries: the latest leads to those before. There is no value while there is none.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct MemberCredit {
    /// Entries that are neither cancelled nor repaired, final or not.
    pub open: u32,
    /// The latest entry.
    pub latest: CreditEventId,
}
stored!(MemberCredit, 53, MemberId);
