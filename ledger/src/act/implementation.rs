//! Acts on implementation (专利实施): who works a patent, by what right, and who has looked (plan §1, §4, §6).

use super::product::OutputClass;
use crate::codec::{Decode, Encode, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, LicenceId, MemberId, PatentId, ProductId, RecordId, TransferId};
use serde::{Deserialize, Serialize};

tagged! {
    /// By what right the implementer works the patent (转化方式).
    #[derive(Copy)]
    pub enum ImplementationMode {
        /// As an owner, itself (自行实施).
        1 => Own,
        /// Under a licence (许可实施).
        2 => Licensed {
            /// The licence; in force, and the implementer its licensee.
            licence: LicenceId,
        },
        /// As the owner by a transfer (受让实施).
        3 => Acquired {
            /// The transfer; registered, and the latest of the patent.
            transfer: TransferId,
        },
        /// Together with an owner, or as an owner together with another (合作实施).
        4 => Cooperating {
            /// The other side, which signs too.
            with: MemberId,
        },
    }
}

tagged! {
    /// The product in which the patent is worked.
    pub enum ImplementedProduct {
        /// A product that is filed on the ledger.
        1 => Filed {
            /// The product.
            product: ProductId,
        },
        /// Another one.
        2 => Named {
            /// Its name and model.
            name: Text<300>,
        },
    }
}

/// Reports that a patent is worked. By the implementer; in cooperation also by the other side.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Report {
    /// The patent.
    pub patent: PatentId,
    /// By what right.
    pub mode: ImplementationMode,
    /// The day it began.
    pub start: Date,
    /// In what product.
    pub product: ImplementedProduct,
    /// The order of the yearly output.
    pub output: OutputClass,
    /// Salted digest of the figures.
    pub figures: Option<Hash>,
    /// Salted digest of the evidence.
    pub evidence: Hash,
}

/// Says that somebody has looked and found a report right. By an exchange or a regulator that is no party to it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Verify {
    /// The report's record.
    pub report: RecordId,
    /// Salted digest of the findings.
    pub findings: Hash,
}
