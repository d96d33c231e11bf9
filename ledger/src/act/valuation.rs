//! The act on valuations (价值评估): what a patent was found to be worth, by whom and how; the value itself is no matter of
//! the ledger.

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, PatentId};
use serde::{Deserialize, Serialize};

tagged! {
    /// How a value was found (评估方法).
    #[derive(Copy)]
    pub enum ValuationMethod {
        /// From the cost of making it again (成本法).
        1 => Cost,
        /// From comparable dealings (市场法).
        2 => Market,
        /// From the income to be expected (收益法).
        3 => Income,
        /// By a bank for its own lending (银行内部评估).
        4 => BankInternal,
        /// By a tool alone (智能化评估工具).
        5 => Tool,
    }
}

tagged! {
    /// In which coarse band the value lies, in yuan.
    #[derive(Copy)]
    pub enum ValueBand {
        /// Below a million.
        1 => BelowOneMillion,
        /// From a million to below ten.
        2 => OneToTenMillion,
        /// From ten million to below a hundred.
        3 => TenToHundredMillion,
        /// A hundred million or more.
        4 => AboveHundredMillion,
    }
}

/// The tool of a valuation, by name and version, so that it can be repeated.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ValuationTool {
    /// Its name.
    pub name: Text<120>,
    /// Its version.
    pub version: Text<60>,
}

/// Enters a valuation. Signed by the appraiser, or by a bank that values for itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Value {
    /// The patents that were valued together; at least one.
    pub patents: List<PatentId, 32>,
    /// How.
    pub method: ValuationMethod,
    /// The band, if it is public.
    pub band: Option<ValueBand>,
    /// Salted digest of value and report.
    pub value: Hash,
    /// The day as of which the value holds (评估基准日).
    pub on: Date,
    /// The tool, if one was used.
    pub tool: Option<ValuationTool>,
}
