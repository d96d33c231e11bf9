//! Sign an act and carry it: an envelope is an act with its author, network, validity window, nonce and signatures.
//!
//! ```text
//! envelope   = version u8 (=1) ‖ core length u16 ‖ core ‖ signatures
//! core       = network 32 ‖ author u64 ‖ valid from u64 ‖ valid until u64 ‖ nonce 16 ‖ gather until (u8 0 | u8 1 ‖ u64)
//!              ‖ expected versions (u16 count ‖ (patent u64 ‖ version u64)…) ‖ act
//! act        = family u8 ‖ kind u8 ‖ schema u8 ‖ body length u16 ‖ body
//! signatures = u16 count ‖ (member u64 ‖ key ‖ signature)…
//! signed     = "tongda/v1/envelope" ‖ 0x00 ‖ network 32 ‖ core
//! id         = SHA-256(signed)
//! ```
//! All integers are little-endian; times are UTC milliseconds. The network stands twice in the signed bytes so that
//! they can be told apart without decoding the core.

use crate::act::{Act, ActError};
use crate::codec::{self, CodecError, Decode, Encode, List, RECORD_LIMIT};
use crate::hash::{Domain, Hash};
use crate::identifier::{MemberId, PatentId, Timestamp};
use crate::key::{KeyError, PublicKey, Signature, SigningKey};
use crate::vote::NetworkId;
use serde::{Deserialize, Serialize};

/// The version of the envelope's format.
pub const VERSION: u8 = 1;

/// The longest window between an envelope's valid-from and valid-until: 24 hours, in milliseconds.
pub const LONGEST_WINDOW: u64 = 24 * 3_600_000;

/// In an enrolment the applicant has no id yet: it signs as this member, with a key that the act names.
pub const APPLICANT: MemberId = MemberId::new(0, 0);

/// The version of a patent that an act was signed over: the count of the events that had touched it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Expected {
    /// The patent.
    pub patent: PatentId,
    /// Its event count as the signer saw it.
    pub version: u64,
}

/// What the signatures cover: everything but the signatures.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Core {
    /// The network the act is for.
    pub network: NetworkId,
    /// The member who acts.
    pub author: MemberId,
    /// The act counts in blocks at or after this time.
    pub valid_from: Timestamp,
    /// The act counts in blocks at or before this time, at most 24 hours after `valid_from`.
    pub valid_until: Timestamp,
    /// Sixteen random bytes: the same act signed twice is two acts.
    #[serde(with = "hex::serde")]
    pub nonce: [u8; 16],
    /// If consents are still missing, the act stands as pending until this time; without it, it is refused.
    pub gather_until: Option<Timestamp>,
    /// Versions of the patents it was signed over; a patent that has moved on stops the act as stale.
    pub expects: List<Expected, 64>,
    /// What is done.
    pub act: Act,
}

/// One member's signature under an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Signed {
    /// For whom the key signs.
    pub member: MemberId,
    /// The key.
    pub key: PublicKey,
    /// The signature over [`Envelope::signed_bytes`].
    pub signature: Signature,
}

/// An act with author, window, nonce and signatures, and the bytes it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    core: Core,
    signatures: List<Signed, 128>,
    id: Hash,
    bytes: Vec<u8>,
    core_range: std::ops::Range<usize>,
}

/// Why bytes are no envelope, or an envelope does not stand by itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Not the canonical encoding of an envelope.
    #[error("the envelope: {0}")]
    Codec(#[from] CodecError),
    /// A version this program does not know.
    #[error("envelope version {0} is unknown; this program reads version {VERSION}")]
    Version(u8),
    /// No signature.
    #[error("the envelope has no signature")]
    Unsigned,
    /// The same key twice, or signatures that are not ascending by member and key.
    #[error("signatures must ascend by member and key, each once")]
    Order,
    /// A signature that does not verify.
    #[error("the signature of {member} with key {key}: {error}")]
    Signature {
        /// For whom.
        member: MemberId,
        /// With which key.
        key: PublicKey,
        /// What is wrong.
        error: KeyError,
    },
}

impl From<ActError> for EnvelopeError {
    fn from(error: ActError) -> Self {
        Self::Codec(CodecError::Malformed(error.to_string()))
    }
}

impl Core {
    /// The core in canonical bytes.
    ///
    /// # Errors
    /// [`CodecError`] when it is beyond the record limit: an act's fields may hold more than a record takes.
    pub fn bytes(&self) -> Result<Vec<u8>, CodecError> {
        codec::encode_within(self, RECORD_LIMIT)
    }

    /// The bytes that signatures cover.
    ///
    /// # Panics
    /// When the act is beyond the record limit: ask [`Self::bytes`] first of a core that others made.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        Domain::ENVELOPE.bytes(&[self.network.0.as_bytes(), &codec::encode(self)])
    }

    /// Signs for `member`.
    ///
    /// # Panics
    /// Where [`Self::signed_bytes`] does.
    #[must_use]
    pub fn sign(&self, member: MemberId, key: &SigningKey) -> Signed {
        Signed { member, key: key.public(), signature: key.sign(&self.signed_bytes()) }
    }
}

impl Envelope {
    /// Puts a core and its signatures together; signatures are sorted.
    ///
    /// # Errors
    /// [`EnvelopeError`] when there is no signature, a key stands twice, or the whole is beyond the record limit.
    pub fn new(core: Core, mut signatures: Vec<Signed>) -> Result<Self, EnvelopeError> {
        signatures.sort_by(|a, b| (a.member, &a.key).cmp(&(b.member, &b.key)));
        let signatures: List<Signed, 128> = signatures.try_into().map_err(|error: codec::TooMany| {
            CodecError::TooLong { length: error.length, limit: error.limit }
        })?;
        let core_bytes = core.bytes()?;
        let length = u16::try_from(core_bytes.len()).expect("the record limit is below the largest u16");
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&core_bytes);
        bytes.extend_from_slice(&codec::encode(&signatures));
        Self::assemble(core, signatures, bytes, core_bytes.len())
    }

    /// Reads an envelope, refusing every encoding but the canonical one. Signatures are not verified yet.
    ///
    /// # Errors
    /// [`EnvelopeError`] says what is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        if bytes.len() > RECORD_LIMIT {
            return Err(CodecError::TooLong { length: bytes.len(), limit: RECORD_LIMIT }.into());
        }
        let (&[version, low, high], rest) = bytes
            .split_first_chunk()
            .ok_or_else(|| CodecError::Malformed("the frame is cut short".into()))?;
        if version != VERSION {
            return Err(EnvelopeError::Version(version));
        }
        let length = usize::from(u16::from_le_bytes([low, high]));
        let (core_bytes, signature_bytes) = rest
            .split_at_checked(length)
            .ok_or_else(|| CodecError::Malformed("the core is cut short".into()))?;
        let core: Core = codec::decode(core_bytes, RECORD_LIMIT)?;
        let signatures = codec::decode(signature_bytes, RECORD_LIMIT)?;
        Self::assemble(core, signatures, bytes.to_vec(), length)
    }

    fn assemble(
        core: Core,
        signatures: List<Signed, 128>,
        bytes: Vec<u8>,
        core_length: usize,
    ) -> Result<Self, EnvelopeError> {
        if bytes.len() > RECORD_LIMIT {
            return Err(CodecError::TooLong { length: bytes.len(), limit: RECORD_LIMIT }.into());
        }
        if signatures.is_empty() {
            return Err(EnvelopeError::Unsigned);
        }
        if signatures.windows(2).any(|pair| (pair[0].member, &pair[0].key) >= (pair[1].member, &pair[1].key))
        {
            return Err(EnvelopeError::Order);
        }
        let core_range = 3..3 + core_length;
        let id = Hash::of(Domain::ENVELOPE, &[core.network.0.as_bytes(), &bytes[core_range.clone()]]);
        Ok(Self { core, signatures, id, bytes, core_range })
    }

    /// Verifies every signature, strictly. Whether the keys are the members' own is for the rules to say.
    ///
    /// # Errors
    /// [`EnvelopeError::Signature`] names the first one that fails.
    pub fn verify(&self) -> Result<(), EnvelopeError> {
        let message = self.signed_bytes();
        self.signatures.iter().try_for_each(|signed| {
            signed.key.verify(&message, &signed.signature).map_err(|error| EnvelopeError::Signature {
                member: signed.member,
                key: signed.key.clone(),
                error,
            })
        })
    }

    /// The bytes that the signatures cover.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        Domain::ENVELOPE.bytes(&[self.core.network.0.as_bytes(), &self.bytes[self.core_range.clone()]])
    }

    /// What was signed.
    #[must_use]
    pub const fn core(&self) -> &Core {
        &self.core
    }

    /// What is done.
    #[must_use]
    pub const fn act(&self) -> &Act {
        &self.core.act
    }

    /// The signatures, ascending by member and key.
    #[must_use]
    pub fn signatures(&self) -> &[Signed] {
        &self.signatures
    }

    /// The id: the hash of the signed bytes. It does not cover the signatures, and is used once in a network.
    #[must_use]
    pub const fn id(&self) -> Hash {
        self.id
    }

    /// The canonical bytes, as they stand in the log behind the leaf's type tag.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of all bytes, signatures included: what a node remembers as verified.
    #[must_use]
    pub fn fingerprint(&self) -> Hash {
        Hash::plain(&[&self.bytes])
    }
}
