//! Parties: owners as the register names them.

use super::key::stored;
use crate::act::party::{PartyKind, PartyName};
use crate::codec::{Decode, Encode};
use crate::identifier::{CountryCode, MemberId, PartyId};
use serde::{Deserialize, Serialize};

/// A party.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Party {
    /// Its name.
    pub name: PartyName,
    /// What kind of body it is.
    pub kind: PartyKind,
    /// Its country.
    pub country: CountryCode,
    /// The member that it is, once the registrar has linked them: only then can it act.
    pub member: Option<MemberId>,
}
stored!(Party, 8, PartyId);

impl Party {
    /// Whether it is Chinese (PL 10¶2).
    #[must_use]
    pub fn is_chinese(&self) -> bool {
        self.country == CountryCode::CHINA
    }
}
