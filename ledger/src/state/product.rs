//! Patented products, their yearly output, and which patents are worked in products.

use super::key::stored;
use crate::act::product::{OutputClass, ProductPatent, RecognitionResult, RecognitionStandard};
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, IndustryCode, MemberId, PatentId, ProductId, RecordId, Term};
use serde::{Deserialize, Serialize};

tagged! {
    /// Where a product's filing stands.
    #[derive(Copy)]
    pub enum ProductState {
        /// Filed.
        1 => Filed,
        /// The filing is withdrawn.
        2 => Withdrawn {
            /// The day.
            on: Date,
        },
    }
}

/// The latest decision on whether a product is patent-intensive.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Recognition {
    /// Who decided.
    pub by: MemberId,
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
    /// The record that entered it.
    pub record: RecordId,
    /// The day it was withdrawn.
    pub withdrawn: Option<Date>,
}

impl Recognition {
    /// Whether the product is recognised on this day.
    #[must_use]
    pub fn is_live(&self, on: Date) -> bool {
        self.result == RecognitionResult::Recognised && self.withdrawn.is_none() && on <= self.validity.last()
    }
}

/// A patented product.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Product {
    /// The enterprise that makes it.
    pub enterprise: MemberId,
    /// Its name.
    pub name: Text<300>,
    /// Its model.
    pub model: Text<200>,
    /// The patents it works.
    pub patents: List<ProductPatent, 32>,
    /// Its branch.
    pub industry: IndustryCode,
    /// Its id on the national platform.
    pub platform: Option<Text<60>>,
    /// The day it was filed.
    pub filed: Date,
    /// The latest decision on it.
    pub recognition: Option<Recognition>,
    /// Where its filing stands.
    pub state: ProductState,
}
stored!(Product, 90, ProductId);

/// A product's output in a year, by product and year.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ProductOutput {
    /// The class of its output value.
    pub class: OutputClass,
    /// Salted digest of the figures.
    pub figures: Hash,
    /// The record that entered it.
    pub record: RecordId,
}
stored!(ProductOutput, 91, (ProductId, u32));

/// Which product has an id on the national platform, by SHA-256 of the id.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ProductByPlatform {
    /// The product.
    pub product: ProductId,
}
stored!(ProductByPlatform, 92, Hash);

impl ProductByPlatform {
    /// The key of an id: SHA-256 of its text.
    #[must_use]
    pub fn key_of(platform: &Text<60>) -> Hash {
        Hash::plain(&[platform.as_str().as_bytes()])
    }
}

/// That a patent is worked in filed products: evidence of its implementation. There is no value while there is none.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PatentProducts {
    /// Products that work it and are not withdrawn.
    pub live: u32,
    /// The product that was filed last.
    pub latest: ProductId,
}
stored!(PatentProducts, 93, PatentId);
