//! Transfers: agreed, then registered.

use super::key::stored;
use crate::act::transfer::Transferee;
use crate::codec::{Decode, Encode, List, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, PartyId, PatentId, TransferId};
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
    /// The pledge that stood on the patents, if there was one, whose pledgee consented.
    pub pledgee_consented: Option<crate::identifier::PledgeId>,
}
stored!(Transfer, 18, TransferId);
