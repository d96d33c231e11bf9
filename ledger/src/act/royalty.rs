//! Acts on royalties (使用费): what a licensee owes and has paid for a period, and what the licensor says of it.

use crate::codec::{Decode, Encode, tagged};
use crate::hash::Hash;
use crate::identifier::{LicenceId, Money, RecordId, Term};
use serde::{Deserialize, Serialize};

tagged! {
    /// An amount of a royalty report: negotiated ones are confidential, those under an open licence follow a public
    /// standard.
    #[derive(Copy)]
    pub enum RoyaltyAmount {
        /// Not public.
        1 => Sealed {
            /// Salted digest of the amount.
            digest: Hash,
        },
        /// Public; under an open licence alone.
        2 => Public {
            /// The amount.
            amount: Money,
        },
    }
}

/// Reports the royalty of a period. Signed by the licensee.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Report {
    /// The licence.
    pub licence: LicenceId,
    /// The period: over, within the licence's time, and reported once.
    pub period: Term,
    /// Salted digest of what the royalty is counted on: sales, units, profit.
    pub base: Hash,
    /// What is due.
    pub due: RoyaltyAmount,
    /// What has been paid.
    pub paid: RoyaltyAmount,
}

tagged! {
    /// What a licensor says of a report.
    #[derive(Copy)]
    pub enum RoyaltyAnswer {
        /// It is right and paid.
        1 => Acknowledged,
        /// It is not; the period may be reported anew.
        2 => Disputed {
            /// Salted digest of the reasons.
            reasons: Hash,
        },
    }
}

/// Acknowledges or disputes a royalty report. Signed by a licensor or an owner of the patents.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Acknowledge {
    /// The record of the report.
    pub report: RecordId,
    /// What is said of it.
    pub answer: RoyaltyAnswer,
}
