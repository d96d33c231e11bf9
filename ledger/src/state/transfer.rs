//! Transfers: agreed, then registered.

use super::key::stored;
use crate::act::licence::Proceeds;
use crate::act::transfer::Transferee;
use crate::codec::{Decode, Encode, List, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, PartyId, PatentId, PledgeId, RecordId, TransferId};
use serde::{Deserialize, Serialize};

tagged! {
    /// Where a transfer stands.
    #[derive(Copy)]
    pub enum TransferState {
        /// Agreed; it has no effect yet.
        1 => Proposed,
        /// Registered: the transferees own the patents from this day.
        2 => Registered {
            /// The day.
            on: Date,
            /// The record that registered it.
            by: RecordId,
        },
    }
}

/// A transfer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Transfer {
    /// The patents.
    pub patents: List<PatentId, 32>,
    /// Who gives.
    pub from: List<PartyId, 64>,
    /// Who receives.
    pub to: List<Transferee, 64>,
    /// Salted digest of the contract.
    pub contract: Hash,
    /// Where it stands.
    pub state: TransferState,
    /// The pledges on the patents whose pledgees consented.
    pub consented: List<PledgeId, 32>,
    /// What happens with the price of pledged patents.
    pub proceeds: Option<Proceeds>,
    /// The day it was agreed on: it is not registered as of an earlier one.
    pub proposed: Date,
}
stored!(Transfer, 18, TransferId);
