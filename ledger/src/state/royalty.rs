//! Royalty reports, and which periods of a licence are reported.

use super::key::stored;
use crate::act::royalty::RoyaltyAmount;
use crate::codec::{Decode, Encode, List, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, LicenceId, RecordId, Term};
use serde::{Deserialize, Serialize};

tagged! {
    /// Where a royalty report stands.
    #[derive(Copy)]
    pub enum RoyaltyState {
        /// Reported.
        1 => Reported,
        /// A licensor acknowledged it.
        2 => Acknowledged {
            /// The record.
            by: RecordId,
        },
        /// A licensor disputed it: the period may be reported anew.
        3 => Disputed {
            /// The record.
            by: RecordId,
            /// Salted digest of the reasons.
            reasons: Hash,
        },
    }
}

/// A royalty report, by the record that entered it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct RoyaltyReport {
    /// The licence.
    pub licence: LicenceId,
    /// The period.
    pub period: Term,
    /// Salted digest of what the royalty is counted on.
    pub base: Hash,
    /// What is due.
    pub due: RoyaltyAmount,
    /// What has been paid.
    pub paid: RoyaltyAmount,
    /// The day it was reported.
    pub reported: Date,
    /// Where it stands.
    pub state: RoyaltyState,
}
stored!(RoyaltyReport, 32, RecordId);

/// A period that is reported.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct RoyaltyPeriod {
    /// The period.
    pub period: Term,
    /// The record of its report.
    pub report: RecordId,
}

/// The periods of a licence whose reports are not disputed, in chunks keyed by licence and number; chunk 0 comes first.
#[derive(Clone, Debug, PartialEq, Eq, Default, Encode, Decode, Serialize, Deserialize)]
pub struct RoyaltyPeriods {
    /// The periods.
    pub periods: List<RoyaltyPeriod, 256>,
}
stored!(RoyaltyPeriods, 33, (LicenceId, u32));
