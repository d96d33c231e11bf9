//! State that a tree is the largest one seen of a log at a time (C2SP tlog-cosignature v1, Ed25519).
//!
//! ```text
//! signed      "cosignature/v1\ntime " ‖ seconds in decimal ‖ "\n" ‖ text of the checkpoint
//! signature   seconds u64, big-endian ‖ Ed25519 signature of 64 bytes
//! ```
//!
//! The cosigner's name is not signed, so one key serves one cosigner.

use super::note::NoteSignature;
use super::note_key::{NoteAlgorithm, NoteKey};
use crate::key::{KeyError, PublicKey, Signature, SigningKey};

/// A cosigner's signature over the text of a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// When it was given, in seconds since 1970-01-01T00:00:00Z; below 2^63.
    pub time: u64,
    /// Ed25519, over [`Self::message`].
    pub signature: [u8; 64],
}

impl Cosignature {
    /// The bytes of a cosignature.
    pub const LENGTH: usize = 72;

    /// The bytes that are signed for the text of a checkpoint.
    #[must_use]
    pub fn message(time: u64, text: &str) -> Vec<u8> {
        format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
    }

    /// Signs the text of a checkpoint.
    #[must_use]
    pub fn sign(secret: &SigningKey, time: u64, text: &str) -> Self {
        let signature = secret.sign(&Self::message(time, text));
        Self { time, signature: signature.bytes().try_into().expect("Ed25519 signatures have 64 bytes") }
    }

    /// Verifies it over the text of a checkpoint, strictly.
    ///
    /// # Errors
    /// [`KeyError`] when the key is none or the signature is wrong.
    pub fn verify(&self, key: &PublicKey, text: &str) -> Result<(), KeyError> {
        key.verify(&Self::message(self.time, text), &Signature::ed25519(self.signature))
    }

    /// As a line under the checkpoint. None unless `key` is a cosigner's key.
    #[must_use]
    pub fn line(&self, key: &NoteKey) -> Option<NoteSignature> {
        (key.algorithm() == NoteAlgorithm::Cosignature)
            .then(|| NoteSignature::new(key, self.to_bytes().to_vec()))
    }

    /// The time and the signature.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[..8].copy_from_slice(&self.time.to_be_bytes());
        bytes[8..].copy_from_slice(&self.signature);
        bytes
    }

    /// Reads time and signature. None for another length and for times from 2^63 on.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (time, signature) = bytes.split_first_chunk::<8>()?;
        let time = u64::from_be_bytes(*time);
        let signature = signature.try_into().ok()?;
        (time < 1 << 63).then_some(Self { time, signature })
    }
}
