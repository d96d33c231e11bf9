//! Trade across the border: which licence or transfer crossed it, under what document.

use super::key::stored;
use crate::act::trade::{Settlement, TradeDirection, TradeSubject};
use crate::act::transfer::Export;
use crate::codec::{Decode, Encode, Text};
use crate::identifier::{CountryCode, Date, RecordId};
use serde::{Deserialize, Serialize};

/// A licence or a transfer that crosses the border.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct BorderTrade {
    /// Which way.
    pub direction: TradeDirection,
    /// The country at the other side.
    pub country: CountryCode,
    /// What.
    pub subject: TradeSubject,
    /// What the control of technology trade says.
    pub control: Option<Export>,
    /// The number of certificate or licence.
    pub number: Option<Text<60>>,
    /// How it is settled.
    pub settlement: Option<Settlement>,
    /// The free-trade zone.
    pub zone: Option<Text<120>>,
    /// The day of certificate or licence.
    pub on: Date,
}
stored!(BorderTrade, 65, RecordId);
