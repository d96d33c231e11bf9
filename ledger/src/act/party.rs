//! Acts on parties: owners as the register names them, most of whom are not members.

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{CountryCode, CreditCode, Date, MemberId, PartyId};
use serde::{Deserialize, Serialize};

tagged! {
    /// How the register names a party.
    pub enum PartyName {
        /// An organisation, by name and, where known, by credit code.
        1 => Organisation {
            /// The name.
            name: Text<600>,
            /// The unified social credit code, where known.
            code: Option<CreditCode>,
        },
        /// A natural person: a salted commitment. The name stays off the ledger.
        2 => Person {
            /// SHA-256 over salt and name.
            commitment: Hash,
        },
    }
}

tagged! {
    /// What kind of body a party is, where rules depend on it.
    #[derive(Copy)]
    pub enum PartyKind {
        /// An enterprise, a person or another body for which no special rule holds.
        1 => Private,
        /// A university or institute established by the State (国家设立的研究开发机构、高等院校): 成果转化法 art. 18.
        2 => PublicInstitution,
        /// Not known.
        3 => Unknown,
    }
}

/// A party to be entered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Entry {
    /// Its name.
    pub name: PartyName,
    /// What kind of body it is.
    pub kind: PartyKind,
    /// The country it is of; `CN` for Chinese persons and bodies.
    pub country: CountryCode,
}

/// Enters parties as the register names them; the n-th gets the record's position with ordinal n. By the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Register {
    /// The parties; 1 to 200.
    pub parties: List<Entry, 200>,
}

/// Links parties to the member that they are, so that it can act for what they own. By the registrar and the member.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Link {
    /// The member.
    pub member: MemberId,
    /// The parties; at least one.
    pub parties: List<PartyId, 256>,
    /// Salted digest of the proof that they are the same.
    pub proof: Hash,
}

/// Enters what has changed of a party in the register: its name (著录事项变更), or what was unknown. It stays the same
/// party, and what it owns is untouched. By the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Update {
    /// The party.
    pub party: PartyId,
    /// Its new name.
    #[serde(default)]
    pub name: Option<PartyName>,
    /// What kind of body it is.
    #[serde(default)]
    pub kind: Option<PartyKind>,
    /// The day of the change in the register.
    pub effective: Date,
    /// Digest of the register's entry or the gazette's notice.
    pub evidence: Hash,
}
