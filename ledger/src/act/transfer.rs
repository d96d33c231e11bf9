//! Acts on transfers (专利权转让): PL 10, Rule 15; 成果转化法 18; 技术进出口管理条例; S&TPL 34.

use super::licence::Proceeds;
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, PartyId, PatentId, Rate, Term, TransferId};
use serde::{Deserialize, Serialize};

/// Who receives, and how much.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Transferee {
    /// The new owner.
    pub party: PartyId,
    /// Its share, if shares are agreed; then all sum to 10,000.
    pub share: Option<Rate>,
}

tagged! {
    /// How the price was found (成果转化法 art. 18): a public institution must name it.
    pub enum Pricing {
        /// By agreement, with public notice of name and price (协议定价并公示).
        1 => Agreement {
            /// From when to when the notice stood.
            notice: Option<Term>,
        },
        /// On an exchange (技术交易市场挂牌).
        2 => Listing,
        /// By auction (拍卖).
        3 => Auction,
    }
}

tagged! {
    /// What export control says of the technology (技术进出口管理条例 arts. 29–39).
    pub enum Export {
        /// Free to export; the contract is registered.
        1 => Free {
            /// Digest of the registration certificate.
            registration: Hash,
        },
        /// Restricted; licensed.
        2 => Restricted {
            /// Digest of the export licence.
            licence: Hash,
        },
        /// Banned: the transfer is refused.
        3 => Banned,
    }
}

/// Proposes a transfer. Signed by all owners, all transferees, the pledgee of a pledged patent and, for one made with
/// public funds that goes abroad, the funder. It has effect only from its registration.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Propose {
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// The owners as the register has them: all of each patent's.
    pub from: List<PartyId, 64>,
    /// The new owners; at least one.
    pub to: List<Transferee, 64>,
    /// How the price was found.
    pub pricing: Option<Pricing>,
    /// For a foreign transferee: what export control says.
    pub export: Option<Export>,
    /// The funder who approves the export of a patent made with public funds.
    pub funder: Option<MemberId>,
    /// For a pledged patent: what happens with the price.
    pub proceeds: Option<Proceeds>,
    /// Salted digest of the contract.
    pub contract: Hash,
}

/// Registers a transfer: from this day the transferees own the patents (PL 10¶3). By the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Register {
    /// The transfer.
    pub transfer: TransferId,
    /// The gazette's number.
    pub gazette: Text<60>,
    /// The day of the registration.
    pub on: Date,
}
