//! Technical contracts: what their registries entered, and what of the ledger knows them.

use super::key::stored;
use crate::act::technical_contract::ContractEntry;
use crate::codec::{Decode, Encode, List, tagged};
use crate::hash::Hash;
use crate::identifier::{ContractId, Date, MemberId, ObjectRef, RecordId, TechnicalContractNumber};
use serde::{Deserialize, Serialize};

tagged! {
    /// In what a technical contract differs from the record of the ledger that it is about.
    #[derive(Copy, PartialOrd, Ord)]
    pub enum ContractMismatch {
        /// Who sells is not who grants or transfers.
        1 => Sellers,
        /// Who buys is not who takes.
        2 => Buyers,
        /// The contract leaves out a patent of the record, or names one that no record has.
        3 => Patents,
        /// The type is another.
        4 => Kind,
    }
}

/// A registered technical contract.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct TechnicalContract {
    /// The registration's number.
    pub number: TechnicalContractNumber,
    /// What is registered, filled in where it was taken from an open licence.
    pub entry: ContractEntry,
    /// In what it differs from the ledger; each once, in the order of their tags.
    pub mismatches: List<ContractMismatch, 4>,
    /// Salted digest of the certificate.
    pub certificate: Hash,
    /// The registry.
    pub registry: MemberId,
    /// The day it was entered.
    pub entered: Date,
    /// The record of its latest correction.
    pub corrected: Option<RecordId>,
}
stored!(TechnicalContract, 62, ContractId);

/// Which contract has a number.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ContractByNumber {
    /// The contract.
    pub contract: ContractId,
}
stored!(ContractByNumber, 63, TechnicalContractNumber);

/// Which technical contract a licence, transfer or notice is linked with.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ContractOf {
    /// The contract.
    pub contract: ContractId,
}
stored!(ContractOf, 64, ObjectRef);
