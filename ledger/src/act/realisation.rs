//! Acts on the realisation of pledges (质权的实现): a default, and what the patents fetched (CC 436–438).

use crate::codec::{Decode, Encode, List, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, Money, PartyId, PatentId, PledgeId};
use serde::{Deserialize, Serialize};

tagged! {
    /// What happened to a secured debt.
    #[derive(Copy)]
    pub enum DefaultEvent {
        /// It was not performed when due, or an agreed event occurred (CC 436).
        1 => Stated {
            /// Salted digest of the evidence.
            evidence: Hash,
        },
        /// It has been performed after all, before anything was realised.
        2 => Cured,
    }
}

/// States a default of the debt that a registered pledge secures, or that it has been cured. Signed by the pledgee.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct DefaultStatement {
    /// The pledge.
    pub pledge: PledgeId,
    /// What happened.
    pub event: DefaultEvent,
    /// When.
    pub on: Date,
}

tagged! {
    /// How pledged patents are disposed of (质物处置方式).
    #[derive(Copy)]
    pub enum DisposalMode {
        /// The pledgee takes them at an agreed value (折价).
        1 => AgreedValue,
        /// By auction (拍卖).
        2 => Auction,
        /// By sale (变卖).
        3 => Sale,
    }
}

tagged! {
    /// What a disposal fetched, and where it went: the price is the sum of costs, pledgee's and pledgor's part.
    #[derive(Copy)]
    pub enum ProceedsSplit {
        /// In figures that the parties or the court publish.
        1 => Published {
            /// The price, or the agreed value.
            price: Money,
            /// Costs of the realisation.
            costs: Money,
            /// To the pledgee.
            pledgee: Money,
            /// To the pledgor: what is left once the debt is paid (CC 438).
            surplus: Money,
            /// What is left of the debt; the debtor still owes it (CC 438).
            deficiency: Money,
        },
        /// Withheld by agreement of both sides; the ledger cannot add them up.
        2 => Withheld {
            /// Salted digest of the settlement.
            digest: Hash,
        },
    }
}

/// Enters the disposal of pledged patents after a default. Signed by the pledgee and all owners, or by a court. Title does
/// not move with it, but with the transfer that the registrar registers; the pledge ends with its release.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Dispose {
    /// The pledge.
    pub pledge: PledgeId,
    /// The patents disposed of.
    pub patents: List<PatentId, 32>,
    /// How.
    pub mode: DisposalMode,
    /// What it fetched.
    pub proceeds: ProceedsSplit,
    /// Who takes the patents.
    pub buyer: PartyId,
    /// Salted digest of the agreement, the auction's record or the court's ruling.
    pub document: Hash,
    /// The day.
    pub on: Date,
}
