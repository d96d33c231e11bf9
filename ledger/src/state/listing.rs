//! Listings: what is offered, where, and how it ended.

use super::key::stored;
use crate::act::listing::{ListingMode, ListingOutcome, ListingPrice, ListingPurpose};
use crate::codec::{Decode, Encode, List, Text};
use crate::identifier::{Date, ListingId, MemberId, PatentId};
use serde::{Deserialize, Serialize};

/// A listing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Listing {
    /// The patents.
    pub patents: List<PatentId, 32>,
    /// The exchange.
    pub exchange: MemberId,
    /// How a buyer is found.
    pub mode: ListingMode,
    /// What is offered.
    pub purpose: ListingPurpose,
    /// What is asked.
    pub price: ListingPrice,
    /// It says that a patent is openly licensed.
    pub openly_licensed: bool,
    /// What it is.
    pub description: Text<3000>,
    /// The day it was published.
    pub published: Date,
    /// The last day.
    pub until: Date,
    /// How it ended, if it was ended.
    pub outcome: Option<ListingOutcome>,
}
stored!(Listing, 72, ListingId);

/// The latest listing of a patent in one mode, by patent and the mode's tag; there is none once it has been ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct LiveListing {
    /// The listing.
    pub listing: ListingId,
    /// Its last day.
    pub until: Date,
}
stored!(LiveListing, 73, (PatentId, u32));
