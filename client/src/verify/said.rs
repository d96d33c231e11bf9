//! Read what a certificate says: of which object, and what stands there, in the form in which a node answers.

use serde::Serialize;
use serde_json::{Value, json};
use tongda_ledger::certificate::Proven;
use tongda_ledger::codec;
use tongda_ledger::identifier::{
    DeclarationId, LicenceId, MemberId, PartyId, PatentId, PatentNumber, PledgeId,
};
use tongda_ledger::state::{
    Declaration, Licence, Member, Party, Patent, PatentByNumber, PatentStatus, Pledge, StateKey, Stored,
};

/// A value of the kinds that certificates are asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
pub enum Thing {
    /// The one status value of a patent.
    Patent(Option<Box<PatentStatus>>),
    /// What the register says of a patent.
    Register(Option<Box<Patent>>),
    /// A declaration of an open licence.
    Declaration(Option<Box<Declaration>>),
    /// A licence.
    Licence(Option<Box<Licence>>),
    /// A pledge.
    Pledge(Option<Box<Pledge>>),
    /// A member.
    Member(Option<Box<Member>>),
    /// A party.
    Party(Option<Box<Party>>),
    /// Which patent has a number: none, if it is absent.
    Number(Option<PatentId>),
    /// A value of another kind, by its tag.
    Other(u16),
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Said {
    /// The object's id; the key in hexadecimal digits for other kinds.
    pub id: String,
    /// What stands there; `None` within means that there is no such object.
    #[serde(flatten)]
    pub thing: Thing,
}

/// The object's id from the key's bytes: position and ordinal.
fn object(key: &StateKey) -> Option<(u64, u8)> {
    let number = u64::from_be_bytes(key.id().try_into().ok()?);
    Some((number >> 8, u8::try_from(number & 0xFF).ok()?))
}

impl Said {
    /// What this says.
    ///
    /// # Errors
    /// When the value is none of its type.
    pub fn of(proven: &Proven) -> Result<Self, String> {
        if proven.key.tag() == PatentByNumber::TAG {
            let number: PatentNumber =
                codec::decode(proven.key.id(), 32).map_err(|error| format!("the number: {error}"))?;
            let entry = proven.value.as_deref().map(|bytes| PatentByNumber::from_bytes(&proven.key, bytes));
            let entry = entry.transpose().map_err(|fault| fault.to_string())?;
            return Ok(Self {
                id: number.to_string(),
                thing: Thing::Number(entry.map(|entry| entry.patent)),
            });
        }
        macro_rules! read {
            ($($type:ident, $id:ident, $thing:ident);* $(;)?) => {
                match (proven.key.tag(), object(&proven.key)) {
                    $((<$type as Stored>::TAG, Some((position, ordinal))) => {
                        let value = proven.value.as_deref().map(|bytes| $type::from_bytes(&proven.key, bytes));
                        let value = value.transpose().map_err(|fault| fault.to_string())?;
                        let id = $id::new(position, ordinal).to_string();
                        Ok(Self { id, thing: Thing::$thing(value.map(Box::new)) })
                    })*
                    (tag, _) => Ok(Self { id: hex::encode(proven.key.bytes()), thing: Thing::Other(tag) }),
                }
            };
        }
        read!(
            PatentStatus, PatentId, Patent; Patent, PatentId, Register; Declaration, DeclarationId, Declaration;
            Licence, LicenceId, Licence; Pledge, PledgeId, Pledge; Member, MemberId, Member; Party, PartyId, Party;
        )
    }

    /// The value as JSON; null when there is none.
    #[must_use]
    pub fn value(&self) -> Value {
        json!(self.thing).get("value").cloned().unwrap_or_default()
    }
}
