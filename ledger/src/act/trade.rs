//! Acts on trade in technology across the border (知识产权贸易, plan §11): 技术进出口管理条例.

use super::transfer::Export;
use crate::codec::{Decode, Encode, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{CountryCode, Date, LicenceId, TransferId};
use serde::{Deserialize, Serialize};

tagged! {
    /// Which way technology goes.
    #[derive(Copy)]
    pub enum TradeDirection {
        /// Out of China (出口).
        1 => Export,
        /// Into China (进口).
        2 => Import,
    }
}

tagged! {
    /// What crosses the border.
    #[derive(Copy)]
    pub enum TradeSubject {
        /// A licence.
        1 => Licence {
            /// The licence.
            licence: LicenceId,
        },
        /// A transfer.
        2 => Transfer {
            /// The transfer.
            transfer: TransferId,
        },
    }
}

/// How the price is settled in foreign currency (外汇结算).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Settlement {
    /// The currency: three letters of ISO 4217.
    pub currency: Text<3>,
    /// Salted digest of amounts, rate and bank; they are not public.
    pub digest: Hash,
}

/// Enters that a licence or a transfer crosses the border. Signed by a party to it and by the authority, a regulator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CrossBorder {
    /// Which way.
    pub direction: TradeDirection,
    /// The country at the other side.
    pub country: CountryCode,
    /// What.
    pub subject: TradeSubject,
    /// What the control of technology trade says: free and registered, restricted and licensed, banned.
    pub control: Option<Export>,
    /// The number of the registration certificate (技术进出口合同登记证书) or of the licence.
    pub number: Option<Text<60>>,
    /// How it is settled.
    pub settlement: Option<Settlement>,
    /// The free-trade zone (自由贸易试验区), if it goes through one.
    pub zone: Option<Text<120>>,
    /// The day of certificate or licence.
    pub on: Date,
}
