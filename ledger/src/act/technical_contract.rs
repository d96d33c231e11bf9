//! Acts on technical contracts (技术合同认定登记): what the registries share with the ledger (plan §5, §8).

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{
    ContractId, Date, LicenceId, Money, NoticeId, PartyId, PatentId, RegionCode, TechnicalContractNumber,
    TransferId,
};
use serde::{Deserialize, Serialize};

tagged! {
    /// The type of a technical contract (CC 843; 技术合同认定登记管理办法).
    #[derive(Copy)]
    pub enum TechnicalContractKind {
        /// Technology is developed (技术开发).
        1 => Development,
        /// A right is transferred (技术转让).
        2 => Transfer,
        /// A right is licensed (技术许可).
        3 => Licence,
        /// Advice is given (技术咨询).
        4 => Consulting,
        /// A service is rendered (技术服务).
        5 => Service,
    }
}

tagged! {
    /// What of the ledger a technical contract is about.
    #[derive(Copy)]
    pub enum ContractReference {
        /// A licence.
        1 => Licence {
            /// The licence.
            licence: LicenceId,
        },
        /// A transfer.
        2 => Transfer {
            /// The transfer.
            transfer: TransferId,
        },
        /// A notice under an open licence.
        3 => Notice {
            /// The notice.
            notice: NoticeId,
        },
    }
}

/// What the registry has of a contract. Kind, patents and sides may be left out of one that refers to a recorded open
/// licence first: they are taken from there.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ContractEntry {
    /// Its type.
    pub kind: Option<TechnicalContractKind>,
    /// The contract's amount (合同成交额), as the registry publishes it.
    pub amount: Money,
    /// The part of it paid for technology (技术交易额); at most the amount.
    pub technical: Money,
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// What of the ledger it is about.
    pub references: List<ContractReference, 8>,
    /// Who sells.
    pub sellers: List<PartyId, 16>,
    /// Who buys.
    pub buyers: List<PartyId, 16>,
    /// Where the seller is.
    pub seller_region: RegionCode,
    /// Where the buyer is.
    pub buyer_region: RegionCode,
    /// The day it was concluded.
    pub concluded: Date,
}

/// Enters a registered technical contract and links it with what the ledger has of it. By the registry. What differs is
/// noted, not refused.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Link {
    /// The registration's number.
    pub number: TechnicalContractNumber,
    /// What is registered.
    pub entry: ContractEntry,
    /// Salted digest of the certificate.
    pub certificate: Hash,
}

/// Corrects the entry of a technical contract; the new one stands in its place. By the registry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Correct {
    /// The contract.
    pub contract: ContractId,
    /// What is registered.
    pub entry: ContractEntry,
    /// Why.
    pub reason: Text<600>,
}
