//! Acts on licences (专利实施许可): PL 12, 14; CC 862–869; Rule 15; SPC-TC 24–26.

use super::transfer::Export;
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{
    Date, IndustryCode, LicenceId, MemberId, PartyId, PatentId, Rate, RecordalNumber, RegionCode, Term,
};
use serde::{Deserialize, Serialize};

tagged! {
    /// Who else may use the patent beside the licensee (SPC-TC 25).
    #[derive(Copy)]
    pub enum LicenceKind {
        /// Others too (普通许可); what holds when the contract is silent.
        1 => Ordinary,
        /// The licensee and the licensor alone (排他许可).
        2 => Sole,
        /// The licensee alone; the licensor is excluded too (独占许可).
        3 => Exclusive,
    }
}

tagged! {
    /// An act of using a patent (PL 11).
    #[derive(Copy, Hash, PartialOrd, Ord)]
    pub enum UseAct {
        /// Make (制造).
        1 => Make,
        /// Use (使用).
        2 => Use,
        /// Offer for sale (许诺销售).
        3 => Offer,
        /// Sell (销售).
        4 => Sell,
        /// Import (进口).
        5 => Import,
    }
}

/// Where, for what and how a licence allows use. An empty list means no limit.
#[derive(Clone, Debug, PartialEq, Eq, Default, Encode, Decode, Serialize, Deserialize)]
pub struct Scope {
    /// Provinces.
    pub territory: List<RegionCode, 40>,
    /// Branches.
    pub fields: List<IndustryCode, 32>,
    /// Acts of use.
    pub acts: List<UseAct, 5>,
}

tagged! {
    /// What kind of fee is agreed. The amount is not public.
    #[derive(Copy)]
    pub enum FeeClass {
        /// None.
        1 => Free,
        /// Paid once.
        2 => Lump,
        /// A royalty.
        3 => Royalty,
        /// An entry fee and a royalty.
        4 => EntryAndRoyalty,
        /// Something else, a cross-licence for instance.
        5 => Other,
    }
}

/// One owner's share of the fee.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct FeeShare {
    /// The owner.
    pub owner: PartyId,
    /// Its share; all shares sum to 10,000.
    pub share: Rate,
}

tagged! {
    /// What happens with the fee of a pledged patent (CC 444¶2).
    #[derive(Copy)]
    pub enum Proceeds {
        /// It prepays the secured debt (提前清偿).
        1 => Prepay,
        /// It is deposited (提存).
        2 => Deposit,
    }
}

/// Enters a licence contract. Signed by the licensors, the licensee and, for a pledged patent, the pledgee. An
/// ordinary licence of a co-owned patent needs one co-owner unless their agreement says otherwise; other kinds need
/// all of them (PL 14).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Grant {
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// Who grants: owners, or a licensee who may sublicense.
    pub licensors: List<PartyId, 32>,
    /// Who may use.
    pub licensee: MemberId,
    /// Ordinary, sole or exclusive.
    pub kind: LicenceKind,
    /// Where, for what, how.
    pub scope: Scope,
    /// From when to when; within each patent's term.
    pub term: Term,
    /// Whether the licensee may sublicense.
    pub sublicence: bool,
    /// The licence under which this is a sublicence.
    pub under: Option<LicenceId>,
    /// Kind of fee.
    pub fee: FeeClass,
    /// How co-owners share it; empty for a single owner.
    pub shares: List<FeeShare, 32>,
    /// For a pledged patent with a fee: what happens with it.
    pub proceeds: Option<Proceeds>,
    /// Earlier ordinary licences that a sole or exclusive contract leaves in force beside it.
    #[serde(default)]
    pub beside: List<LicenceId, 32>,
    /// For a foreign licensee of a Chinese licensor: what export control says.
    #[serde(default)]
    pub export: Option<Export>,
    /// The funder who approves the exclusive licence abroad of a patent made with public funds (S&TPL 34).
    #[serde(default)]
    pub funder: Option<MemberId>,
    /// Salted digest of the contract.
    pub contract: Hash,
}

/// Records a licence (备案, Rule 15¶2; for an open licence Rule 87). By the registrar and a party to it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Record {
    /// The licence.
    pub licence: LicenceId,
    /// The number of the recordal.
    pub number: RecordalNumber,
    /// The day.
    pub on: Date,
    /// Digests of the written proof: the contract or, for an open licence, the notice and the payment voucher.
    pub proofs: List<Hash, 8>,
}

tagged! {
    /// Why a licence ends before its last day.
    #[derive(Copy)]
    pub enum EndCause {
        /// Both agree.
        1 => Agreement,
        /// One of them terminates it as the contract or the law allows.
        2 => Termination,
        /// A judgment or award ends it.
        3 => Judgment,
        /// The ground of a compulsory licence has ceased, and the authority ends it (PL 60).
        4 => GroundCeased,
    }
}

/// Ends a licence before its last day. Signed by licensors and licensee; a termination by one side, with the document;
/// after a judgment or award by a court or the registrar, with the document; a compulsory one by the authority's decision.
/// Its sublicences end with it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct End {
    /// The licence.
    pub licence: LicenceId,
    /// Why.
    pub cause: EndCause,
    /// The day it ends.
    pub on: Date,
    /// Salted digest of the document.
    pub document: Option<Hash>,
    /// More, if there is more to say.
    pub remark: Option<Text<600>>,
}

/// Changes a contract's terms; what is left out stays. Signed by licensors and licensee, the pledgee of a pledged patent
/// and, once the licence is recorded, the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Change {
    /// The licence.
    pub licence: LicenceId,
    /// Another term. A recorded licence is prolonged only shortly before its last day (许可备案办法 art. 16).
    pub term: Option<Term>,
    /// Where, for what, how from now on: all three lists.
    pub scope: Option<Scope>,
    /// Ordinary, sole or exclusive.
    pub kind: Option<LicenceKind>,
    /// Whether the licensee may sublicense.
    pub sublicence: Option<bool>,
    /// The funder who approves that a licence abroad of a patent made with public funds becomes exclusive (S&TPL 34).
    pub funder: Option<MemberId>,
    /// Salted digest of the agreement.
    pub agreement: Hash,
}

/// Cancels the recordal of a licence that has ended (许可备案办法 art. 18). By the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Cancel {
    /// The licence.
    pub licence: LicenceId,
    /// The day.
    pub on: Date,
}

tagged! {
    /// Why a compulsory licence is granted (PL 53–56).
    #[derive(Copy)]
    pub enum CompulsoryGround {
        /// Not worked, or not enough, without due cause, three years after the grant and four after the filing (53(1)).
        1 => NotWorked,
        /// Its exercise has been found to be a monopoly act (53(2)).
        2 => Monopoly,
        /// A national emergency or extraordinary state of affairs, or the public interest (54).
        3 => Emergency,
        /// A patented medicine is made for export to countries entitled to it (55).
        4 => PublicHealth,
        /// A later patent of the licensee cannot be worked without this one (56).
        5 => Dependent {
            /// The later patent.
            patent: PatentId,
        },
    }
}

/// Grants a compulsory licence of inventions or utility models. By the registrar, on the authority's decision. It is an
/// ordinary licence without right to sublicense (PL 61); no exclusive licence bars it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Compulsory {
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// Who may use.
    pub licensee: MemberId,
    /// Why.
    pub ground: CompulsoryGround,
    /// Where, for what, how.
    pub scope: Scope,
    /// From when to when; within each patent's term.
    pub term: Term,
    /// The decision's number.
    pub number: Text<60>,
    /// Digest of the decision.
    pub decision: Hash,
    /// The day of the decision.
    pub on: Date,
}
