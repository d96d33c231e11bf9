//! Acts on the stock of patents that wait to be used (存量专利盘点、筛选、分层): plan §1, 国知发运字〔2024〕5号.

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{MemberId, PatentId, RecordId, Term};
use serde::{Deserialize, Serialize};

tagged! {
    /// What an institution would do with a patent (转化意愿).
    #[derive(Copy, PartialOrd, Ord)]
    pub enum Willingness {
        /// Transfer it (转让).
        1 => Transfer,
        /// License it (许可).
        2 => License,
        /// Use it itself (自行应用).
        3 => OwnUse,
    }
}

tagged! {
    /// Where in the tiered library of convertible patents (可转化的专利资源库) a patent stands.
    #[derive(Copy, PartialOrd, Ord)]
    pub enum StockTier {
        /// Kept in store (储备).
        1 => Reserve,
        /// To be brought on (培育).
        2 => Growing,
        /// To be promoted first (重点).
        3 => Priority,
    }
}

/// Enters a patent in the stock, or enters it anew with what has changed. By the university or research institute that
/// owns it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Enter {
    /// The patent.
    pub patent: PatentId,
    /// The institution that enters it.
    pub institution: MemberId,
    /// What it would do; at least one.
    pub willingness: List<Willingness, 3>,
    /// The technology readiness level (技术成熟度), 1 to 9.
    pub readiness: u8,
    /// The institution's own grade (自评等级), 1 to 5.
    pub grade: u8,
    /// What it is good for.
    pub description: Text<3000>,
    /// Whom to write to.
    pub contact: Text<300>,
}

/// Takes a patent out of the stock. By the institution that entered it, or by an owner.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Leave {
    /// The patent.
    pub patent: PatentId,
    /// Why.
    pub reason: Text<600>,
}

/// Assigns a tier, as the rule computes it from the institution's grade and the feedback of enterprises. By an exchange
/// or an operation centre.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Tier {
    /// The patent.
    pub patent: PatentId,
    /// The version of the tiering rule.
    pub rule: u16,
    /// The feedback that counts: the records, each about this patent and of another enterprise.
    pub feedback: List<RecordId, 64>,
    /// The tier.
    pub tier: StockTier,
}

tagged! {
    /// For what a measure is meant.
    #[derive(Copy)]
    pub enum SupportTarget {
        /// For one patent of the stock.
        1 => Patent {
            /// The patent.
            patent: PatentId,
        },
        /// For every patent of a tier.
        2 => Tier {
            /// The tier.
            tier: StockTier,
        },
    }
}

tagged! {
    /// What kind of measure (推广措施, 政策、服务、资本).
    #[derive(Copy)]
    pub enum SupportKind {
        /// Promotion (推广): by an exchange, an operation centre or a regulator.
        1 => Promotion,
        /// A policy (政策): by a regulator or a funder.
        2 => Policy,
        /// A service (服务): by an exchange, an operation centre, an agency or an appraiser.
        3 => Service,
        /// Capital (资本): by a bank, a guarantor, a fund or an insurer.
        4 => Capital,
    }
}

/// Records a measure for a patent or a tier of the stock. By who gives it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Support {
    /// For what.
    pub target: SupportTarget,
    /// What kind.
    pub kind: SupportKind,
    /// What it is.
    pub title: Text<300>,
    /// From when to when.
    pub term: Option<Term>,
    /// Salted digest of the document; amounts are not public.
    pub document: Option<Hash>,
}
