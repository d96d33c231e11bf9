//! Acts on patent-intensive products (专利密集型产品): filing, yearly output, recognition (国办发〔2023〕37号 §4).

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, IndustryCode, LicenceId, MemberId, PatentId, ProductId, Term};
use serde::{Deserialize, Serialize};

tagged! {
    /// Why an enterprise may work a patent in its product.
    #[derive(Copy)]
    pub enum ProductBasis {
        /// It owns the patent.
        1 => Owned,
        /// It has a licence in force.
        2 => Licensed {
            /// The licence.
            licence: LicenceId,
        },
    }
}

/// A patent that a product works.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ProductPatent {
    /// The patent.
    pub patent: PatentId,
    /// Why the enterprise may.
    pub basis: ProductBasis,
}

/// Files a patented product (专利产品备案). Signed by the enterprise.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct File {
    /// The enterprise that makes it.
    pub enterprise: MemberId,
    /// The product's name.
    pub name: Text<300>,
    /// Its model.
    pub model: Text<200>,
    /// The patents it works; at least one.
    pub patents: List<ProductPatent, 32>,
    /// Its branch of the national economy.
    pub industry: IndustryCode,
    /// Its id on the national platform (国家专利密集型产品备案认定试点平台), if it is filed there.
    pub platform: Option<Text<60>>,
}

tagged! {
    /// The class of a product's yearly output value (年产值), in yuan. The figures themselves are not public.
    #[derive(Copy)]
    pub enum OutputClass {
        /// None.
        1 => None,
        /// Below 1 million.
        2 => BelowMillion,
        /// From 1 million, below 10 million.
        3 => Millions,
        /// From 10 million, below 100 million.
        4 => TensOfMillions,
        /// From 100 million, below 1 billion.
        5 => HundredsOfMillions,
        /// 1 billion and more.
        6 => Billions,
    }
}

/// Reports a product's output in a year that is over (年度产值). Signed by the enterprise; once a year.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Output {
    /// The product.
    pub product: ProductId,
    /// The year.
    pub year: u16,
    /// The class of its output value.
    pub class: OutputClass,
    /// Salted digest of the figures: output, sales, export, value added.
    pub figures: Hash,
}

tagged! {
    /// The standard by which a product is recognised, with its version.
    #[derive(Copy)]
    pub enum RecognitionStandard {
        /// T/PPAC 402-2022 专利密集型产品评价方法.
        1 => Association2022,
        /// GB/T 46961-2025.
        2 => National2025,
    }
}

tagged! {
    /// What the examination of a product came to.
    #[derive(Copy)]
    pub enum RecognitionResult {
        /// It is patent-intensive (认定).
        1 => Recognised,
        /// It is not (不予认定).
        2 => NotRecognised,
    }
}

/// Recognises a filed product, or declines to (专利密集型产品认定). By a recognition body.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Recognise {
    /// The product.
    pub product: ProductId,
    /// By which standard.
    pub standard: RecognitionStandard,
    /// What came of it.
    pub result: RecognitionResult,
    /// How long it holds.
    pub validity: Term,
    /// Digest of the decision.
    pub document: Hash,
    /// The day of the decision.
    pub on: Date,
}

tagged! {
    /// What is taken back.
    #[derive(Copy)]
    pub enum ProductWithdrawal {
        /// The filing, by the enterprise.
        1 => Filing,
        /// The recognition, by a recognition body.
        2 => Recognition,
    }
}

/// Withdraws a product's filing, or its recognition.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Withdraw {
    /// The product.
    pub product: ProductId,
    /// What is withdrawn.
    pub what: ProductWithdrawal,
    /// Why.
    pub reason: Text<300>,
    /// The day.
    pub on: Date,
}
