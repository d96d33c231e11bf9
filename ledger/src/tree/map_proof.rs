//! Prove that a key of the map has a value, or that it has none.
//!
//! ```text
//! depth     u16 LE            how many siblings, at most 256; the last of them is never empty
//! bitmap    ⌈depth / 8⌉ bytes  bit i (of byte i / 8, the most significant first) is 1 if sibling i is not empty;
//!                             bits behind the last sibling are 0
//! siblings  32 bytes each     those that are not empty, from the root down; none is 32 zero bytes
//! slot      u8                0 the key is present; 1 the place is empty; 2 another leaf stands there:
//!                             key hash 32 bytes, value hash 32 bytes
//! ```

use super::map_summary::{bit, common_bits, leaf_hash, node_hash};
use crate::codec::{Decode, DecodeError, Encode, EncodeError, invalid, tagged};
use crate::hash::Hash;
use bincode::de::{BorrowDecode, BorrowDecoder, Decoder};
use bincode::enc::Encoder;

/// The levels below the root of the map.
const MAX_DEPTH: usize = 256;

tagged! {
    /// What stands where the way of the key ends.
    #[derive(Copy)]
    pub enum Slot {
        /// The key itself.
        0 => Present,
        /// Nothing.
        1 => Empty,
        /// Another key, which shares all bits of the way: were the key present, this leaf would stand lower.
        2 => Other {
            /// The other leaf's key hash.
            key: Hash,
            /// The other leaf's value hash.
            value: Hash,
        },
    }
}

/// The hashes beside the way of a key from the root down, and what stands at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapProof {
    siblings: Vec<Hash>,
    slot: Slot,
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MapProofError {
    /// More siblings than a key has bits.
    #[error("{0} siblings; a key has 256 bits")]
    TooDeep(usize),
    /// The last sibling is empty: the way would have ended higher.
    #[error("the last sibling is empty")]
    EmptyEnd,
    /// The key is present, and no value was expected.
    #[error("the proof is one of presence")]
    Present,
    /// The key is absent, and a value was expected.
    #[error("the proof is one of absence")]
    Absent,
    /// The other leaf does not stand on the way of the key, or is the key itself.
    #[error("the other leaf does not stand where the key would")]
    OtherPlace,
    /// The hashes lead to another root.
    #[error("the proof does not lead to the root")]
    Root,
}

impl MapProof {
    /// The proof of these siblings, from the root down, empty ones as [`Hash::ZERO`].
    ///
    /// # Errors
    /// [`MapProofError`] when there are too many, or the last is empty.
    pub fn new(siblings: Vec<Hash>, slot: Slot) -> Result<Self, MapProofError> {
        if siblings.len() > MAX_DEPTH {
            return Err(MapProofError::TooDeep(siblings.len()));
        }
        if siblings.last() == Some(&Hash::ZERO) {
            return Err(MapProofError::EmptyEnd);
        }
        Ok(Self { siblings, slot })
    }

    /// The hashes beside the way, from the root down, empty ones as [`Hash::ZERO`].
    #[must_use]
    pub fn siblings(&self) -> &[Hash] {
        &self.siblings
    }

    /// What stands at the end of the way.
    #[must_use]
    pub const fn slot(&self) -> &Slot {
        &self.slot
    }

    /// Checks that in the map with this root `key` has `value`, or that it has none.
    ///
    /// # Errors
    /// [`MapProofError`] says what is wrong.
    pub fn verify(&self, root: &Hash, key: &Hash, value: Option<&Hash>) -> Result<(), MapProofError> {
        let end = match (&self.slot, value) {
            (Slot::Present, Some(value)) => leaf_hash(key, value),
            (Slot::Present, None) => return Err(MapProofError::Present),
            (Slot::Empty | Slot::Other { .. }, Some(_)) => return Err(MapProofError::Absent),
            (Slot::Empty, None) => Hash::ZERO,
            (Slot::Other { key: other, value }, None) => {
                if other == key || common_bits(other, key) < self.siblings.len() {
                    return Err(MapProofError::OtherPlace);
                }
                leaf_hash(other, value)
            }
        };
        let reached = self.siblings.iter().enumerate().rev().fold(end, |hash, (depth, sibling)| {
            if bit(key, depth) { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) }
        });
        if reached == *root { Ok(()) } else { Err(MapProofError::Root) }
    }
}

impl Encode for MapProof {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let depth = u16::try_from(self.siblings.len()).expect("at most 256 siblings");
        depth.encode(encoder)?;
        for eight in self.siblings.chunks(8) {
            let bits = eight
                .iter()
                .enumerate()
                .fold(0_u8, |bits, (at, sibling)| bits | u8::from(*sibling != Hash::ZERO) << (7 - at));
            bits.encode(encoder)?;
        }
        for sibling in self.siblings.iter().filter(|sibling| **sibling != Hash::ZERO) {
            sibling.encode(encoder)?;
        }
        self.slot.encode(encoder)
    }
}

impl<Context> Decode<Context> for MapProof {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let depth = usize::from(u16::decode(decoder)?);
        if depth > MAX_DEPTH {
            return Err(invalid(MapProofError::TooDeep(depth).to_string()));
        }
        let bitmap = (0..depth.div_ceil(8)).map(|_| u8::decode(decoder)).collect::<Result<Vec<_>, _>>()?;
        let is_set = |at: usize| bitmap[at / 8] >> (7 - at % 8) & 1 == 1;
        if (depth..bitmap.len() * 8).any(is_set) {
            return Err(invalid("a bit is set behind the last sibling"));
        }
        let mut siblings = Vec::with_capacity(depth);
        for at in 0..depth {
            let sibling = if is_set(at) { Hash::decode(decoder)? } else { Hash::ZERO };
            if is_set(at) && sibling == Hash::ZERO {
                return Err(invalid("a sibling that is not empty is 32 zero bytes"));
            }
            siblings.push(sibling);
        }
        Self::new(siblings, Slot::decode(decoder)?).map_err(|error| invalid(error.to_string()))
    }
}

impl<'de, Context> BorrowDecode<'de, Context> for MapProof {
    fn borrow_decode<D: BorrowDecoder<'de, Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        <Self as Decode<Context>>::decode(decoder)
    }
}
