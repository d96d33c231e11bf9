//! Transfers: agreed, then registered.

use super::key::stored;
use crate::act::licence::Proceeds;
use crate::act::transfer::{CapitalShare, ContributionValue, LawfulCause, Transferee};
use crate::codec::{Decode, Encode, List, Text, tagged};
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

tagged! {
    /// What a transfer rests on that is no sale.
    pub enum TransferBasis {
        /// The law.
        1 => ByLaw {
            /// Why.
            cause: LawfulCause,
            /// The gazette's number.
            gazette: Option<Text<60>>,
        },
        /// A contribution to a company's capital.
        2 => Contribution {
            /// What the patents are worth.
            value: ContributionValue,
            /// What each owner receives.
            capital: List<CapitalShare, 64>,
        },
    }
}

/// What a transfer rests on, by the transfer; there is none for a sale or gift.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TransferGround {
    /// On what.
    pub basis: TransferBasis,
}
stored!(TransferGround, 30, TransferId);
