//! Acts on listings (挂牌): a patent is offered at one exchange and stands at every other (plan §8: 一点发布、全网通达).

use super::technical_contract::ContractReference;
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, ListingId, MemberId, Money, PatentId};
use serde::{Deserialize, Serialize};

tagged! {
    /// How a buyer is found.
    #[derive(Copy)]
    pub enum ListingMode {
        /// Open listing (公开挂牌).
        1 => OpenListing,
        /// Auction (拍卖).
        2 => Auction,
        /// Negotiation (协议转让).
        3 => Negotiated,
    }
}

tagged! {
    /// What is offered.
    #[derive(Copy)]
    pub enum ListingPurpose {
        /// The patents.
        1 => Sale,
        /// A licence.
        2 => Licensing,
    }
}

tagged! {
    /// What is asked.
    #[derive(Copy)]
    pub enum ListingPrice {
        /// A price that everybody may know; of an auction the starting price.
        1 => Public {
            /// The price.
            amount: Money,
        },
        /// One that is told to who asks.
        2 => Confidential {
            /// Its salted digest.
            digest: Hash,
        },
        /// None; it is negotiated.
        3 => ByAgreement,
    }
}

/// Offers patents. Signed by all owners and the exchange where they are listed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Publish {
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// The exchange.
    pub exchange: MemberId,
    /// How a buyer is found.
    pub mode: ListingMode,
    /// What is offered.
    pub purpose: ListingPurpose,
    /// What is asked.
    pub price: ListingPrice,
    /// For a sale: the listing says that anyone may take, or has taken, an open licence of a patent.
    pub openly_licensed: bool,
    /// What it is.
    pub description: Text<3000>,
    /// The last day.
    pub until: Date,
}

tagged! {
    /// How a listing ends.
    #[derive(Copy)]
    pub enum ListingOutcome {
        /// The parties agreed.
        1 => Concluded {
            /// On what, over a patent of the listing.
            deal: ContractReference,
        },
        /// The owners withdraw it.
        2 => Delisted,
        /// Nobody took it.
        3 => Unsold,
    }
}

/// Ends a listing. By an owner or the exchange.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Close {
    /// The listing.
    pub listing: ListingId,
    /// How it ends.
    pub outcome: ListingOutcome,
}
