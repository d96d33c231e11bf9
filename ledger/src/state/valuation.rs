//! Valuations: who found what a patent is worth, how and when.

use super::key::stored;
use crate::act::valuation::{ValuationMethod, ValuationTool, ValueBand};
use crate::codec::{Decode, Encode, List};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, PatentId, ValuationId};
use serde::{Deserialize, Serialize};

/// A valuation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Valuation {
    /// The patents.
    pub patents: List<PatentId, 32>,
    /// Who valued.
    pub appraiser: MemberId,
    /// How.
    pub method: ValuationMethod,
    /// The band, if it is public.
    pub band: Option<ValueBand>,
    /// Salted digest of value and report.
    pub value: Hash,
    /// The day as of which it holds.
    pub on: Date,
    /// The tool, if one was used.
    pub tool: Option<ValuationTool>,
}
stored!(Valuation, 43, ValuationId);

impl Valuation {
    /// The last day on which it counts, if valuations count for these months.
    #[must_use]
    pub fn counts_until(&self, months: u8) -> Date {
        self.on.add_months(u32::from(months))
    }
}
