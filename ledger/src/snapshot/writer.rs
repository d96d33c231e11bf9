//! Write a snapshot piece by piece, holding one frame at a time.

use super::content::Header;
use super::frame::{self, CHUNK, Kind};
use crate::codec::encode;
use crate::epoch::EpochLink;
use crate::hash::Hash;
use crate::state::StateKey;

/// A snapshot being written. Each step puts bytes behind a buffer, which its caller empties into a file.
#[derive(Clone, Debug)]
pub struct Writer {
    digest: Hash,
    values: Vec<u8>,
}

impl Writer {
    /// Begins with the header.
    #[must_use]
    pub fn new(header: &Header, out: &mut Vec<u8>) -> Self {
        out.extend_from_slice(&frame::prologue());
        let digest = frame::write(&frame::first_digest(), Kind::Header, &encode(header), out);
        Self { digest, values: Vec::new() }
    }

    /// Adds a block that changed the signers: ascending by height, before the first value.
    pub fn epoch(&mut self, link: &EpochLink, out: &mut Vec<u8>) {
        self.digest = frame::write(&self.digest, Kind::Epoch, &link.bytes(), out);
    }

    /// Adds a value: ascending by the hash of the key.
    ///
    /// # Panics
    /// When the value is longer than 65,535 bytes: no value of the state is.
    pub fn value(&mut self, key: &StateKey, value: &[u8], out: &mut Vec<u8>) {
        let key = key.bytes();
        self.values.push(u8::try_from(key.len()).expect("a state key has at most 34 bytes"));
        self.values.extend_from_slice(&key);
        let length = u16::try_from(value.len()).expect("a state value is below its limit");
        self.values.extend_from_slice(&length.to_le_bytes());
        self.values.extend_from_slice(value);
        if self.values.len() >= CHUNK {
            self.close(out);
        }
    }

    /// Ends the snapshot; returns the digest of the whole.
    #[must_use]
    pub fn end(mut self, out: &mut Vec<u8>) -> Hash {
        self.close(out);
        frame::write(&self.digest, Kind::End, &[], out)
    }

    fn close(&mut self, out: &mut Vec<u8>) {
        if !self.values.is_empty() {
            self.digest = frame::write(&self.digest, Kind::Values, &self.values, out);
            self.values.clear();
        }
    }
}
