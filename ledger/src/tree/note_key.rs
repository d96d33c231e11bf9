//! Name the keys that sign notes: `name+id+base64(type ‖ public key)`, the *vkey* of C2SP signed-note.
//!
//! A log signs with a key of type 01 whose name is the log's origin. A cosigner (a validator, a witness) signs with a
//! key of type 04. Other types are not in use here.

use super::lines;
use crate::hash::Hash;
use crate::key::{KeyError, PublicKey};
use std::fmt;

/// A name of a key, and the origin of a log, is at most this many bytes.
pub const NAME_LIMIT: usize = 255;

/// The name of a key: 1 to [`NAME_LIMIT`] bytes without white space, plus signs and control characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

/// What a key of a note signs, and how.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteAlgorithm {
    /// Type 01: Ed25519 over the text.
    Ed25519 = 1,
    /// Type 04: Ed25519 over a time and the text of a checkpoint (C2SP tlog-cosignature v1).
    Cosignature = 4,
}

/// A public key under a name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoteKey {
    name: KeyName,
    algorithm: NoteAlgorithm,
    key: [u8; 32],
}

/// Why a text is no key, or no name of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteKeyError {
    /// No name.
    #[error(
        "a key's name has 1 to {NAME_LIMIT} bytes and no white space, plus sign or control character: {0:?}"
    )]
    Name(String),
    /// No vkey.
    #[error("a verifier key is `NAME+ID+BASE64(type and key)` with an id of 8 lower-case hexadecimal digits")]
    Shape,
    /// A type that is not in use.
    #[error("keys of type {0:02x} are not in use; 01 (Ed25519) and 04 (cosignature/v1) are")]
    Algorithm(u8),
    /// The id is not that of name and key.
    #[error("the key's id is {found}, but name and key make it {expected}")]
    Id {
        /// As written.
        found: String,
        /// As computed.
        expected: String,
    },
    /// A key that proves nothing.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl KeyName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for KeyName {
    type Err = NoteKeyError;

    fn from_str(text: &str) -> Result<Self, NoteKeyError> {
        let outside = |character: char| character.is_whitespace() || character == '+' || character < ' ';
        if text.is_empty() || text.len() > NAME_LIMIT || text.contains(outside) {
            // No more of a hostile name is repeated than is enough to find it.
            return Err(NoteKeyError::Name(text.chars().take(80).collect()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl NoteAlgorithm {
    /// The id of a key: the first 4 bytes of `SHA-256(name ‖ 0x0A ‖ type ‖ key)`.
    pub(super) fn id(self, name: &KeyName, key: &[u8]) -> [u8; 4] {
        let hash = Hash::plain(&[name.0.as_bytes(), b"\n", &[self as u8], key]);
        let [a, b, c, d, ..] = hash.0;
        [a, b, c, d]
    }
}

impl NoteKey {
    /// This key under this name.
    ///
    /// # Errors
    /// [`NoteKeyError::Key`] when it is no Ed25519 key, or a weak one.
    pub fn new(name: KeyName, algorithm: NoteAlgorithm, key: &PublicKey) -> Result<Self, NoteKeyError> {
        key.check()?;
        let key = key.bytes().try_into().map_err(|_| KeyError::Malformed)?;
        Ok(Self { name, algorithm, key })
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// How it signs.
    #[must_use]
    pub const fn algorithm(&self) -> NoteAlgorithm {
        self.algorithm
    }

    /// The key itself.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::ed25519(self.key)
    }

    /// The key's id, by which signatures name it beside its name. Short, so it tells keys apart and proves nothing.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        self.algorithm.id(&self.name, &self.key)
    }

    /// Whether `other` is the same key in the same use, under whatever name.
    #[must_use]
    pub fn is_same_key(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.key == other.key
    }
}

impl fmt::Display for NoteKey {
    /// The vkey.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let typed = lines::base64(&[&[self.algorithm as u8][..], &self.key].concat());
        write!(f, "{}+{}+{typed}", self.name, hex::encode(self.id()))
    }
}

impl fmt::Debug for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for NoteKey {
    type Err = NoteKeyError;

    fn from_str(text: &str) -> Result<Self, NoteKeyError> {
        // A name has no plus sign, an id neither; base64 may.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(found), Some(typed)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteKeyError::Shape);
        };
        let name: KeyName = name.parse()?;
        if found.len() != 8 || !found.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(NoteKeyError::Shape);
        }
        let typed = lines::bytes(typed).ok_or(NoteKeyError::Shape)?;
        let (algorithm, key) = match typed.split_first().ok_or(NoteKeyError::Shape)? {
            (1, key) => (NoteAlgorithm::Ed25519, key),
            (4, key) => (NoteAlgorithm::Cosignature, key),
            (other, _) => return Err(NoteKeyError::Algorithm(*other)),
        };
        let key = PublicKey::ed25519(key.try_into().map_err(|_| NoteKeyError::Shape)?);
        let key = Self::new(name, algorithm, &key)?;
        let expected = hex::encode(key.id());
        if found == expected { Ok(key) } else { Err(NoteKeyError::Id { found: found.into(), expected }) }
    }
}

/// Names and keys are texts in JSON and in configuration.
macro_rules! as_text {
    ($type:ident) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
as_text!(KeyName);
as_text!(NoteKey);
