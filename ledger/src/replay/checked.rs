//! Check of a block what needs nothing of the blocks before it, so that many can be checked at once.
//!
//! Signatures cost most of a replay, and they are a function of bytes alone. What is checked here is taken over by
//! [`super::Replay::apply`] in the order of the log; only the functions here can make these types, so nothing reaches a
//! replay unchecked.

use super::ReplayError;
use crate::block::{Body, LeafKind, Seal, leaf_of};
use crate::codec::CodecError;
use crate::envelope::{Envelope, EnvelopeError};
use crate::hash::Hash;
use crate::vote::{CertificateError, CommitCertificate, NetworkId, ValidatorSet};

/// A record whose bytes were read and whose signatures were verified, strictly and each one.
#[derive(Clone, Debug)]
pub struct CheckedRecord {
    envelope: Result<Envelope, EnvelopeError>,
    leaf: Hash,
    length: usize,
}

impl CheckedRecord {
    /// Reads a record, verifies every signature on it and hashes it as a leaf of the log.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let envelope = Envelope::decode(bytes).and_then(|envelope| envelope.verify().map(|()| envelope));
        Self { envelope, leaf: leaf_of(LeafKind::Record, bytes), length: bytes.len() }
    }

    /// The envelope, or what is wrong with it.
    ///
    /// # Errors
    /// [`EnvelopeError`] when the bytes are none, or a signature is wrong.
    pub const fn envelope(&self) -> Result<&Envelope, &EnvelopeError> {
        self.envelope.as_ref()
    }

    /// Its leaf hash.
    #[must_use]
    pub const fn leaf(&self) -> Hash {
        self.leaf
    }

    /// Its length in bytes, without the leaf's type tag.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }

    pub(super) fn into_envelope(self) -> Result<Envelope, EnvelopeError> {
        self.envelope
    }
}

/// A block's records, checked, and its seal.
#[derive(Clone, Debug)]
pub struct CheckedBlock {
    pub(super) records: Vec<CheckedRecord>,
    pub(super) seal: Seal,
    pub(super) hash: Hash,
}

impl CheckedBlock {
    /// Checks everything in a block that its bytes alone decide. What is wrong with a record is said when its turn
    /// comes, so that the first thing that is wrong is named.
    ///
    /// # Errors
    /// [`ReplayError::Body`] or [`ReplayError::SealBytes`] when the bytes are no block.
    pub fn new(body: &[u8]) -> Result<Self, ReplayError> {
        let body = Body::decode(body).map_err(ReplayError::Body)?;
        let seal = Seal::decode(body.seal).map_err(ReplayError::SealBytes)?;
        Ok(Self::of(body.records.into_iter().map(CheckedRecord::new).collect(), seal))
    }

    /// The block of these records and this seal: the leaves of a log from one seal to the next.
    #[must_use]
    pub fn of(records: Vec<CheckedRecord>, seal: Seal) -> Self {
        let hash = seal.hash();
        Self { records, seal, hash }
    }

    /// Its seal.
    #[must_use]
    pub const fn seal(&self) -> &Seal {
        &self.seal
    }

    /// Its hash.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }
}

/// A commit certificate whose precommits were verified under a set of validators that seemed to be the one.
///
/// Which set decides a block is known only when the blocks before it were executed. So the set is guessed; the replay
/// compares, and verifies again under the true one where the guess was wrong.
#[derive(Clone, Debug)]
pub struct CheckedCertificate {
    certificate: CommitCertificate,
    network: NetworkId,
    /// The hash of the set that was guessed.
    validators: Hash,
    /// Whether the precommits are good for the certificate's own height and block.
    verified: Result<(), CertificateError>,
}

impl CheckedCertificate {
    /// Verifies a certificate for its own height and block, under `guess`.
    #[must_use]
    pub fn new(network: NetworkId, guess: &ValidatorSet, certificate: CommitCertificate) -> Self {
        let verified = certificate.verify(&network, guess, certificate.height, &certificate.block);
        Self { certificate, network, validators: guess.hash(), verified }
    }

    /// Reads a certificate and verifies it under `guess`.
    ///
    /// # Errors
    /// [`CodecError`] when the bytes are not the canonical encoding of a certificate.
    pub fn decode(network: NetworkId, guess: &ValidatorSet, bytes: &[u8]) -> Result<Self, CodecError> {
        let certificate = crate::codec::decode(bytes, CommitCertificate::LIMIT)?;
        Ok(Self::new(network, guess, certificate))
    }

    /// The certificate.
    #[must_use]
    pub const fn certificate(&self) -> &CommitCertificate {
        &self.certificate
    }

    /// Says whether it proves that `validators` decided `block` at `height`: as [`CommitCertificate::verify`] does.
    ///
    /// # Errors
    /// [`CertificateError`] names the first thing that is wrong.
    pub fn verify(
        &self,
        network: &NetworkId,
        validators: &ValidatorSet,
        height: u64,
        block: &Hash,
    ) -> Result<(), CertificateError> {
        let CommitCertificate { height: own_height, block: own_block, .. } = self.certificate;
        if own_height != height || own_block != *block {
            return Err(CertificateError::OtherBlock { height: own_height, block: own_block });
        }
        if self.network == *network && self.validators == validators.hash() {
            return self.verified.clone();
        }
        self.certificate.verify(network, validators, height, block)
    }
}
