//! Acts on attributes of members: what others certify of them, for a time (资质).

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, IndustryCode, MemberId};
use serde::{Deserialize, Serialize};

tagged! {
    /// The kind of an attribute: a member has one of each at most.
    #[derive(Copy, Hash, PartialOrd, Ord)]
    pub enum AttributeKind {
        /// A small or medium-sized enterprise that is specialised and new (专精特新中小企业).
        1 => SpecialisedEnterprise,
        /// A high-tech enterprise (高新技术企业).
        2 => HighTechEnterprise,
        /// An enterprise of the central State (中央企业).
        3 => CentralEnterprise,
        /// Innovation managed as ISO 56005 says (创新过程知识产权管理).
        4 => InnovationManagement,
        /// In a demonstration zone of intellectual-property services (知识产权服务业集聚发展示范区).
        5 => DemonstrationZone,
        /// In a pilot free-trade zone (自由贸易试验区).
        6 => FreeTradeZone,
        /// On a regional equity market (区域性股权市场).
        7 => EquityMarket,
        /// The branches that an operation centre serves (产业知识产权运营中心).
        8 => OperationScope,
        /// Licensed as a patent agency (专利代理机构执业许可).
        9 => AgencyLicence,
    }
}

tagged! {
    /// How far a specialised enterprise has come.
    #[derive(Copy)]
    pub enum SpecialisedGrade {
        /// 创新型中小企业
        1 => Innovative,
        /// 专精特新中小企业
        2 => Specialised,
        /// 专精特新“小巨人”企业
        3 => LittleGiant,
    }
}

tagged! {
    /// What an enterprise is on a regional equity market.
    #[derive(Copy)]
    pub enum MarketStanding {
        /// Displayed (展示).
        1 => Displayed,
        /// In training for a listing (培育).
        2 => Training,
        /// Listed there (挂牌).
        3 => Listed,
        /// Went on to a stock exchange (转板上市).
        4 => Promoted,
    }
}

tagged! {
    /// An attribute.
    pub enum AttributeValue {
        /// A small or medium-sized enterprise that is specialised and new.
        1 => SpecialisedEnterprise {
            /// How far it has come.
            grade: SpecialisedGrade,
        },
        /// A high-tech enterprise.
        2 => HighTechEnterprise {
            /// The certificate's number.
            number: Text<60>,
        },
        /// An enterprise of the central State, or one of its own.
        3 => CentralEnterprise {
            /// The central enterprise that it belongs to, if it is not that itself.
            group: Option<MemberId>,
        },
        /// Innovation managed as ISO 56005 says.
        4 => InnovationManagement {
            /// The level found, from 1 to 5.
            level: u8,
        },
        /// In a demonstration zone.
        5 => DemonstrationZone {
            /// The zone's name.
            zone: Text<120>,
        },
        /// In a free-trade zone.
        6 => FreeTradeZone {
            /// The zone's name.
            zone: Text<120>,
        },
        /// On a regional equity market.
        7 => EquityMarket {
            /// As what.
            standing: MarketStanding,
            /// The market's code for it.
            code: Option<Text<30>>,
        },
        /// The branches that an operation centre serves.
        8 => OperationScope {
            /// The branches; at least one.
            industries: List<IndustryCode, 32>,
        },
        /// Licensed as a patent agency.
        9 => AgencyLicence {
            /// The licence's number.
            number: Text<60>,
        },
    }
}

impl AttributeValue {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> AttributeKind {
        match self {
            Self::SpecialisedEnterprise { .. } => AttributeKind::SpecialisedEnterprise,
            Self::HighTechEnterprise { .. } => AttributeKind::HighTechEnterprise,
            Self::CentralEnterprise { .. } => AttributeKind::CentralEnterprise,
            Self::InnovationManagement { .. } => AttributeKind::InnovationManagement,
            Self::DemonstrationZone { .. } => AttributeKind::DemonstrationZone,
            Self::FreeTradeZone { .. } => AttributeKind::FreeTradeZone,
            Self::EquityMarket { .. } => AttributeKind::EquityMarket,
            Self::OperationScope { .. } => AttributeKind::OperationScope,
            Self::AgencyLicence { .. } => AttributeKind::AgencyLicence,
        }
    }
}

tagged! {
    /// What becomes of an attribute.
    pub enum AttributeChange {
        /// It is certified, in place of an earlier one of its kind.
        1 => Certify {
            /// What.
            value: AttributeValue,
            /// From when.
            from: Date,
            /// The last day, if it ends.
            until: Option<Date>,
            /// Digest of the certificate or decision.
            document: Hash,
        },
        /// It is taken back.
        2 => TakeBack {
            /// Its kind.
            kind: AttributeKind,
            /// Why.
            reason: Text<600>,
        },
    }
}

/// Certifies an attribute of a member, or takes it back. By who may certify its kind, never by the member itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Attribute {
    /// The member.
    pub member: MemberId,
    /// What becomes of it.
    pub change: AttributeChange,
}
