//! Acts on transfers (专利权转让): PL 10, Rule 15; 成果转化法 16, 18; 技术进出口管理条例; S&TPL 34.

use super::licence::Proceeds;
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{
    Date, MemberId, PartyId, PatentId, PledgeId, Rate, RecordId, Term, TransferId, ValuationId,
};
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

tagged! {
    /// Why patents pass to others without a contract of their owners (Rule 15¶1).
    #[derive(Copy)]
    pub enum LawfulCause {
        /// A natural person died (继承).
        1 => Inheritance,
        /// Organisations merged (合并).
        2 => Merger,
        /// An organisation was divided (分立).
        3 => Division,
        /// A judgment or award gives them to others (判决, 裁决).
        4 => Judgment {
            /// The preservation that was entered for the dispute that is decided.
            preservation: Option<RecordId>,
            /// The suspension that was entered for it.
            suspension: Option<RecordId>,
        },
        /// A pledge on them was realised (质权实现).
        5 => PledgeRealised {
            /// The pledge.
            pledge: PledgeId,
        },
        /// The owner is bankrupt (破产).
        6 => Bankruptcy,
        /// Another cause in law, the end of an organisation for instance.
        7 => OtherCause,
    }
}

/// Enters that patents have passed to others by law: from this day they own them. By the registrar or a court, with the
/// document instead of the old owners' signatures. Licences and pledge follow; an open declaration is halted.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ByLaw {
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// The owners as the register has them: all of each patent's that it names.
    pub from: List<PartyId, 64>,
    /// All owners from now on.
    pub to: List<Transferee, 64>,
    /// Owners from now on of whom nothing stands on the ledger.
    pub undisclosed: u8,
    /// Why.
    pub cause: LawfulCause,
    /// Digest of the document: certificate of inheritance, judgment, merger agreement, record of the sale.
    pub document: Option<Hash>,
    /// The gazette's number, if it is announced.
    pub gazette: Option<Text<60>>,
    /// The day.
    pub on: Date,
}

/// What the patents are worth, as an appraiser or the parties found it; the figure is not public.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ContributionValue {
    /// Salted digest of the valuation.
    pub digest: Hash,
    /// The day as of which it was made.
    pub on: Date,
    /// The valuation, if it stands on the ledger: of all these patents, as of this day, with this digest.
    pub valuation: Option<ValuationId>,
}

/// What a contributor receives for its patents.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CapitalShare {
    /// Who contributes.
    pub owner: PartyId,
    /// Its share of the company's capital.
    pub share: Rate,
}

/// Contributes patents to a company's capital (作价入股, 成果转化法 art. 16). Signed like a transfer to the company, which
/// it is: it has effect only from its registration with `transfer.register`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Contribute {
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// The owners as the register has them: all of each patent's.
    pub from: List<PartyId, 64>,
    /// The company.
    pub company: PartyId,
    /// What the patents are worth.
    pub value: ContributionValue,
    /// What each owner receives.
    pub capital: List<CapitalShare, 64>,
    /// How the price was found.
    pub pricing: Option<Pricing>,
    /// For a foreign company: what export control says.
    pub export: Option<Export>,
    /// The funder who approves the export of a patent made with public funds.
    pub funder: Option<MemberId>,
    /// For a pledged patent: what happens with what is received.
    pub proceeds: Option<Proceeds>,
    /// Salted digest of the contract.
    pub contract: Hash,
}
