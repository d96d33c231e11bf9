//! List the kinds of objects that have an id in the ledger, each with its letter and its tag.

use std::fmt;

/// A kind of object. The letters stand in ids, the numbers are tags on the wire; neither is ever reused.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ObjectKind {
    /// An institution that is a member of the ledger: `M`.
    Member = 1,
    /// An owner as entered in the register, member or not: `E`.
    Party = 2,
    /// A patent right: `P`.
    Patent = 3,
    /// A declaration of open licence (专利开放许可声明): `D`.
    Declaration = 4,
    /// A licence (实施许可): `L`.
    Licence = 5,
    /// A transfer of a patent right (专利权转移): `T`.
    Transfer = 6,
    /// A pledge of a patent right (质押): `G`.
    Pledge = 7,
    /// An act that waits for further signatures: `W`.
    Pending = 8,
    /// A notice to the owner of an openly licensed patent: `N`.
    Notice = 9,
    /// A power of attorney (委托): `A`.
    Power = 10,
    /// A record of the log: `R`.
    Record = 11,
    /// A valuation of patents (价值评估): `V`.
    Valuation = 12,
    /// A policy, a securitisation, a warrant, a convertible (保险, 证券化, 认股权, 可转债): `I`.
    Instrument = 13,
    /// A registered technical contract (技术合同): `C`.
    Contract = 14,
    /// A listing on an exchange (挂牌): `Q`.
    Listing = 15,
    /// A technical demand (技术需求): `H`.
    Demand = 16,
    /// A push of patents to matching enterprises (匹配推送): `U`.
    Push = 17,
    /// A roadshow or docking event (路演, 对接活动): `Y`.
    Event = 18,
    /// A patent pool (专利池): `O`.
    Pool = 19,
    /// An open-source pledge of patents (专利开源): `S`.
    OpenSource = 20,
    /// A patented product on file (专利产品备案): `K`.
    Product = 21,
    /// A dispute before a mediator, an authority or a court (纠纷): `Z`.
    Case = 22,
    /// An entry of the credit supervision (信用事件): `F`.
    CreditEvent = 23,
    /// A proposal that the exchanges vote on (提案): `B`.
    Proposal = 24,
    /// A released statistic (统计发布): `X`.
    Statistic = 25,
    /// A project: industrialisation, tackling, funded (项目): `J`.
    Project = 26,
}

impl ObjectKind {
    /// All kinds, in the order of their tags.
    pub const ALL: [Self; 26] = [
        Self::Member,
        Self::Party,
        Self::Patent,
        Self::Declaration,
        Self::Licence,
        Self::Transfer,
        Self::Pledge,
        Self::Pending,
        Self::Notice,
        Self::Power,
        Self::Record,
        Self::Valuation,
        Self::Instrument,
        Self::Contract,
        Self::Listing,
        Self::Demand,
        Self::Push,
        Self::Event,
        Self::Pool,
        Self::OpenSource,
        Self::Product,
        Self::Case,
        Self::CreditEvent,
        Self::Proposal,
        Self::Statistic,
        Self::Project,
    ];

    /// The letter that ids of this kind begin with.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Member => 'M',
            Self::Party => 'E',
            Self::Patent => 'P',
            Self::Declaration => 'D',
            Self::Licence => 'L',
            Self::Transfer => 'T',
            Self::Pledge => 'G',
            Self::Pending => 'W',
            Self::Notice => 'N',
            Self::Power => 'A',
            Self::Record => 'R',
            Self::Valuation => 'V',
            Self::Instrument => 'I',
            Self::Contract => 'C',
            Self::Listing => 'Q',
            Self::Demand => 'H',
            Self::Push => 'U',
            Self::Event => 'Y',
            Self::Pool => 'O',
            Self::OpenSource => 'S',
            Self::Product => 'K',
            Self::Case => 'Z',
            Self::CreditEvent => 'F',
            Self::Proposal => 'B',
            Self::Statistic => 'X',
            Self::Project => 'J',
        }
    }

    /// The kind whose ids begin with `letter`.
    #[must_use]
    pub fn of_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter)
    }

    /// Many of them in one word: where a node lists them under `/v1/`.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Member => "members",
            Self::Party => "parties",
            Self::Patent => "patents",
            Self::Declaration => "declarations",
            Self::Licence => "licences",
            Self::Transfer => "transfers",
            Self::Pledge => "pledges",
            Self::Pending => "pending",
            Self::Notice => "notices",
            Self::Power => "powers-of-attorney",
            Self::Record => "records",
            Self::Valuation => "valuations",
            Self::Instrument => "finance-instruments",
            Self::Contract => "technical-contracts",
            Self::Listing => "listings",
            Self::Demand => "demands",
            Self::Push => "match-pushes",
            Self::Event => "events",
            Self::Pool => "patent-pools",
            Self::OpenSource => "open-source-pledges",
            Self::Product => "products",
            Self::Case => "cases",
            Self::CreditEvent => "credit-events",
            Self::Proposal => "proposals",
            Self::Statistic => "statistics",
            Self::Project => "projects",
        }
    }

    /// The tag on the wire.
    #[must_use]
    pub const fn tag(self) -> u8 {
        self as u8
    }

    /// The kind with this tag.
    #[must_use]
    pub fn of_tag(tag: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.tag() == tag)
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Member => "member",
            Self::Party => "party",
            Self::Patent => "patent",
            Self::Declaration => "declaration",
            Self::Licence => "licence",
            Self::Transfer => "transfer",
            Self::Pledge => "pledge",
            Self::Pending => "pending act",
            Self::Notice => "notice",
            Self::Power => "power of attorney",
            Self::Record => "record",
            Self::Valuation => "valuation",
            Self::Instrument => "finance instrument",
            Self::Contract => "technical contract",
            Self::Listing => "listing",
            Self::Demand => "demand",
            Self::Push => "match push",
            Self::Event => "event",
            Self::Pool => "patent pool",
            Self::OpenSource => "open-source pledge",
            Self::Product => "product",
            Self::Case => "case",
            Self::CreditEvent => "credit event",
            Self::Proposal => "proposal",
            Self::Statistic => "statistic",
            Self::Project => "project",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_plural_of_its_own_that_stands_in_a_path() {
        let plurals: std::collections::BTreeSet<_> =
            ObjectKind::ALL.into_iter().map(ObjectKind::plural).collect();
        assert_eq!(plurals.len(), ObjectKind::ALL.len());
        for plural in plurals {
            assert!(plural.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{plural}");
        }
    }

    #[test]
    fn letters_and_tags_lead_back_to_their_kind() {
        for (index, kind) in ObjectKind::ALL.into_iter().enumerate() {
            assert_eq!(ObjectKind::of_letter(kind.letter()), Some(kind));
            assert_eq!(ObjectKind::of_tag(kind.tag()), Some(kind));
            assert_eq!(usize::from(kind.tag()), index + 1);
        }
        assert_eq!(ObjectKind::of_letter('x'), None);
        assert_eq!(ObjectKind::of_tag(0), None);
    }
}
