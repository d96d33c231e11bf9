//! Hold envelopes whose signatures have been verified, and remember them so that none is verified twice.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;
use tongda_ledger::envelope::{Envelope, EnvelopeError};
use tongda_ledger::hash::Hash;

/// An envelope all of whose signatures have been verified, strictly. Cheap to clone.
///
/// Whether the keys are the members' own, and still valid, is for the rules to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    envelope: Envelope,
    fingerprint: Hash,
}

impl Verified {
    /// Verifies every signature of `envelope`, whose bytes hash to `fingerprint`.
    pub(super) fn check(envelope: Envelope, fingerprint: Hash) -> Result<Self, EnvelopeError> {
        envelope.verify()?;
        Ok(Self(Arc::new(Inner { envelope, fingerprint })))
    }

    /// The envelope.
    #[must_use]
    pub fn envelope(&self) -> &Envelope {
        &self.0.envelope
    }

    /// SHA-256 of all bytes, signatures included: two envelopes with one id and other signatures differ in it.
    #[must_use]
    pub fn fingerprint(&self) -> Hash {
        self.0.fingerprint
    }
}

impl Deref for Verified {
    type Target = Envelope;

    fn deref(&self) -> &Envelope {
        &self.0.envelope
    }
}

/// The verified records of late, by fingerprint, in two generations: when the young one is half of what may be held,
/// the old one is dropped. A record that is asked for again grows young again.
pub(super) struct VerifiedCache {
    young: HashMap<Hash, Verified>,
    old: HashMap<Hash, Verified>,
    young_bytes: usize,
    records: usize,
    bytes: usize,
}

impl VerifiedCache {
    /// A cache that holds at most this many records and bytes.
    pub(super) fn new(records: usize, bytes: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), young_bytes: 0, records, bytes }
    }

    pub(super) fn get(&mut self, fingerprint: &Hash) -> Option<Verified> {
        if let Some(record) = self.young.get(fingerprint) {
            return Some(record.clone());
        }
        let record = self.old.remove(fingerprint)?;
        self.insert(record.clone());
        Some(record)
    }

    pub(super) fn insert(&mut self, record: Verified) {
        let bytes = record.bytes().len();
        if self.young.len() + 1 > self.records / 2 || self.young_bytes + bytes > self.bytes / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        if self.young.insert(record.fingerprint(), record).is_none() {
            self.young_bytes += bytes;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}
