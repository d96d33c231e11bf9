//! Acts on high-value patent portfolios (高价值专利组合): plan §3.

use crate::codec::{Decode, Encode, List, Text};
use crate::identifier::{IndustryCode, PatentId, RecordId};
use serde::{Deserialize, Serialize};

/// Puts patents together as a portfolio. By their holder.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Form {
    /// Its name.
    pub name: Text<300>,
    /// The industries it is for; at least one.
    pub field: List<IndustryCode, 8>,
    /// The patents; at least two, each in force and owned by the holder.
    pub patents: List<PatentId, 128>,
}

/// Ends a portfolio. By its holder.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct End {
    /// The portfolio's record.
    pub portfolio: RecordId,
}
