//! Hash bytes with SHA-256 under a domain string, so that no two uses share a preimage.

use crate::codec::{Decode, Encode};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A SHA-256 digest: 32 bytes, printed as lower-case hexadecimal.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// All zero bytes: the parent of the first block, the empty subtree of the map.
    pub const ZERO: Self = Self([0; 32]);

    /// SHA-256 of the concatenation of `parts`, without a domain. For formats that others define (RFC 6962).
    #[must_use]
    pub fn plain(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// SHA-256 of `domain`, one zero byte, then the concatenation of `parts`.
    #[must_use]
    pub fn of(domain: Domain, parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(domain.0.as_bytes());
        hasher.update([0]);
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0[..6]))
    }
}

impl std::str::FromStr for Hash {
    type Err = HashParseError;

    fn from_str(text: &str) -> Result<Self, HashParseError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| HashParseError)?;
        Ok(Self(bytes))
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 hexadecimal digits")]
pub struct HashParseError;

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a digest or a signature is for. Every domain of the ledger stands in this list and nowhere else.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Domain(&'static str);

impl Domain {
    /// An envelope's id and the bytes that its signatures cover.
    pub const ENVELOPE: Self = Self("tongda/v1/envelope");
    /// The canonical form of a genesis file: its hash is the network id.
    pub const GENESIS: Self = Self("tongda/v1/genesis");
    /// A founder's signature beside the genesis file.
    pub const FOUNDING: Self = Self("tongda/v1/founding");
    /// A key of the state map.
    pub const MAP_KEY: Self = Self("tongda/v1/map-key");
    /// A value of the state map.
    pub const MAP_VALUE: Self = Self("tongda/v1/map-value");
    /// A leaf of the state map.
    pub const MAP_LEAF: Self = Self("tongda/v1/map-leaf");
    /// An inner node of the state map.
    pub const MAP_NODE: Self = Self("tongda/v1/map-node");
    /// A set of validators.
    pub const VALIDATORS: Self = Self("tongda/v1/validators");
    /// An event of a patent's history, chained to the one before.
    pub const PATENT_EVENT: Self = Self("tongda/v1/patent-event");
    /// A vote of the consensus.
    pub const VOTE: Self = Self("tongda/v1/vote");
    /// A proposal of the consensus.
    pub const PROPOSAL: Self = Self("tongda/v1/proposal");
    /// The first part of a streamed proposal.
    pub const PART: Self = Self("tongda/v1/part");
    /// A validator's proof that it owns its network identity.
    pub const IDENTITY: Self = Self("tongda/v1/identity");
    /// The frames of a snapshot, chained.
    pub const SNAPSHOT: Self = Self("tongda/v1/snapshot");
    /// A salted commitment to a natural person's name or to a confidential document.
    pub const COMMITMENT: Self = Self("tongda/v1/commitment");
    /// A salted commitment to a confidential amount.
    pub const AMOUNT: Self = Self("tongda/v1/amount");

    /// The domain's text, as it is hashed (followed by one zero byte).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// `domain || 0x00`, followed by `parts`: the bytes that a signature of this domain covers.
    #[must_use]
    pub fn bytes(self, parts: &[&[u8]]) -> Vec<u8> {
        let length = self.0.len() + 1 + parts.iter().map(|part| part.len()).sum::<usize>();
        let mut bytes = Vec::with_capacity(length);
        bytes.extend_from_slice(self.0.as_bytes());
        bytes.push(0);
        for part in parts {
            bytes.extend_from_slice(part);
        }
        bytes
    }
}
