//! Acts on open licences (专利开放许可): Patent Law arts. 50–52, Rules 85–88, Guidelines Part V ch. 11.

use super::licence::FeeClass;
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, DeclarationId, IndustryCode, MemberId, Money, NoticeId, PatentId, Rate, Term};
use serde::{Deserialize, Serialize};

tagged! {
    /// How the fee is paid and how much it is (许可使用费支付方式和标准).
    pub enum FeeStandard {
        /// Nothing.
        1 => Free,
        /// Once (一次性付费).
        2 => Lump {
            /// The amount.
            amount: Money,
        },
        /// Once, in instalments.
        3 => Instalments {
            /// The amount of each instalment.
            each: Money,
            /// How many; at least 2.
            count: u16,
        },
        /// A share of net sales (按净销售额提成).
        4 => RoyaltyNetSales {
            /// The share.
            rate: Rate,
        },
        /// A share of profit (按利润提成).
        5 => RoyaltyProfit {
            /// The share.
            rate: Rate,
        },
        /// An amount a unit.
        6 => RoyaltyPerUnit {
            /// The amount.
            amount: Money,
        },
        /// An entry fee and a share of net sales (入门费附加提成).
        7 => EntryAndRoyalty {
            /// The entry fee.
            entry: Money,
            /// The share.
            rate: Rate,
        },
    }
}

impl FeeStandard {
    /// What is due on taking the licence: nothing of a royalty, the first of several instalments.
    #[must_use]
    pub const fn due_on_taking(&self) -> Money {
        match self {
            Self::Free
            | Self::RoyaltyNetSales { .. }
            | Self::RoyaltyProfit { .. }
            | Self::RoyaltyPerUnit { .. } => Money::ZERO,
            Self::Lump { amount } => *amount,
            Self::Instalments { each, .. } => *each,
            Self::EntryAndRoyalty { entry, .. } => *entry,
        }
    }

    /// The kind of fee of a licence under this standard.
    #[must_use]
    pub const fn class(&self) -> FeeClass {
        match self {
            Self::Free => FeeClass::Free,
            Self::Lump { .. } | Self::Instalments { .. } => FeeClass::Lump,
            Self::RoyaltyNetSales { .. } | Self::RoyaltyProfit { .. } | Self::RoyaltyPerUnit { .. } => {
                FeeClass::Royalty
            }
            Self::EntryAndRoyalty { .. } => FeeClass::EntryAndRoyalty,
        }
    }
}

/// Declares that anyone may take a licence at the stated fee. Signed by all owners, and by the pledgee of a pledged
/// patent. It is open only from the registrar's announcement.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Declare {
    /// The patent.
    pub patent: PatentId,
    /// The fee.
    pub fee: FeeStandard,
    /// The licence's term; within the patent's.
    pub term: Term,
    /// Whom to write to.
    pub contact: Text<300>,
    /// Salted digest of the payment account.
    pub account: Option<Hash>,
    /// How the fee was calculated, at most 2,000 characters (Guidelines V.11 §3.3).
    pub calculation: Text<8000>,
    /// The branches it can be used in.
    pub industries: List<IndustryCode, 16>,
    /// What it can be used for.
    pub application: Option<Text<2000>>,
    /// Whether know-how comes with it.
    pub know_how: bool,
    /// The owners undertake that the conditions of an open licence are met.
    pub undertaking: bool,
}

/// Announces a declaration: from this day the patent is open. By the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Announce {
    /// The declaration.
    pub declaration: DeclarationId,
    /// The gazette's number.
    pub gazette: Text<60>,
    /// The day of the announcement.
    pub on: Date,
}

/// Notifies the owner in writing that the licence is taken (PL 51¶1). Signed by the licensee.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Notice {
    /// The declaration.
    pub declaration: DeclarationId,
    /// The fee as the licensee read it; a notice over other terms is refused.
    pub fee: FeeStandard,
    /// The term of the licence taken; within the declaration's.
    pub term: Term,
    /// What it is for.
    pub plan: Text<2000>,
    /// For a foreign licensee: digest of the export registration or licence.
    pub export: Option<Hash>,
}

/// Enters that the announced fee is paid: from then the licence is in force. Signed by the licensee and by an owner, or
/// an exchange or a bank that saw the payment.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Pay {
    /// The notice.
    pub notice: NoticeId,
    /// What was paid: at least the standard's amount due on taking the licence.
    pub amount: Money,
    /// The currency, always `CNY`; another is refused.
    pub currency: Text<3>,
    /// Digest of the receipt.
    pub receipt: Hash,
    /// The day of the payment.
    pub on: Date,
    /// Who confirms it: an owner, an exchange or a bank.
    pub confirmed_by: MemberId,
}

/// Withdraws a declaration, without any condition. Signed by all owners.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Withdraw {
    /// The declaration.
    pub declaration: DeclarationId,
    /// Why.
    pub reason: Text<2000>,
    /// A condition the owners would attach: the law allows none, so anything here is refused.
    pub condition: Option<Text<2000>>,
}

tagged! {
    /// Why a declaration ends.
    #[derive(Copy)]
    pub enum CloseCause {
        /// Its owners withdrew it.
        1 => Withdrawn,
        /// A bar arose and the owners did not withdraw it (Guidelines V.11 §4).
        2 => Terminated,
        /// It was false (Guidelines V.11 §3.4).
        3 => Revoked,
    }
}

/// Announces a declaration's end: from this day the patent is no longer open. By the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Close {
    /// The declaration.
    pub declaration: DeclarationId,
    /// Why.
    pub cause: CloseCause,
    /// The gazette's number.
    pub gazette: Text<60>,
    /// The day of the announcement.
    pub on: Date,
}
