//! Say what is known of a subtree of the map: nothing in it, one leaf, or the hash of a node.
//!
//! ```text
//! key hash    H(map-key,   type u16 LE || length of id u16 LE || id)
//! value hash  H(map-value, value)
//! leaf        H(map-leaf,  key hash || value hash)
//! node        H(map-node,  left || right)       H(domain, x) = SHA-256("tongda/v1/" domain || 0x00 || x)
//! empty       32 zero bytes
//! ```
//!
//! A key's bits, the most significant of its first byte first, say the way from the root: 0 is left, 1 is right.
//! A subtree with one leaf *is* that leaf, however high it stands. So the root depends on what the map holds and on
//! nothing else, neither on the order in which it came nor on what was there before.

use crate::codec::tagged;
use crate::hash::{Domain, Hash};

/// The hash under which the map keeps the value of `id`, an identifier of the type `type_tag`.
///
/// # Panics
/// When `id` has more than 65,535 bytes: no identifier of the ledger has.
#[must_use]
pub fn key_hash(type_tag: u16, id: &[u8]) -> Hash {
    let length = u16::try_from(id.len()).expect("an identifier is short");
    Hash::of(Domain::MAP_KEY, &[&type_tag.to_le_bytes(), &length.to_le_bytes(), id])
}

/// The hash of a value of the map.
#[must_use]
pub fn value_hash(value: &[u8]) -> Hash {
    Hash::of(Domain::MAP_VALUE, &[value])
}

/// The hash of the leaf that gives a key its value.
pub(super) fn leaf_hash(key: &Hash, value: &Hash) -> Hash {
    pair_hash(Domain::MAP_LEAF, key, value)
}

/// The hash of a node with these two children.
pub(super) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    pair_hash(Domain::MAP_NODE, left, right)
}

/// `H(domain, left || right)`, hashed in one piece: most of the map's time is spent here.
fn pair_hash(domain: Domain, left: &Hash, right: &Hash) -> Hash {
    const DOMAIN: usize = Domain::MAP_LEAF.as_str().len();
    const { assert!(DOMAIN == Domain::MAP_NODE.as_str().len(), "both domains fill the same place") };
    let mut bytes = [0; DOMAIN + 1 + 64];
    bytes[..DOMAIN].copy_from_slice(domain.as_str().as_bytes());
    bytes[DOMAIN + 1..][..32].copy_from_slice(left.as_bytes());
    bytes[DOMAIN + 33..].copy_from_slice(right.as_bytes());
    Hash::plain(&[&bytes])
}

/// The bit of a key hash that decides the way at `depth`, below 256: true is right.
pub(super) fn bit(key: &Hash, depth: usize) -> bool {
    key.0[depth / 8] >> (7 - depth % 8) & 1 == 1
}

/// How many leading bits two key hashes share; 256 when they are equal.
pub(super) fn common_bits(one: &Hash, other: &Hash) -> usize {
    let mut bits = 0;
    for (one, other) in one.0.iter().zip(&other.0) {
        let differing = one ^ other;
        bits += differing.leading_zeros() as usize;
        if differing != 0 {
            break;
        }
    }
    bits
}

tagged! {
    /// What is known of a subtree of the map. Written as a tag byte, and the hash unless it is empty.
    #[derive(Copy, Default)]
    pub enum Summary {
        /// It holds no leaf.
        #[default]
        0 => Empty,
        /// It holds one leaf, with this hash.
        1 => Leaf {
            /// The leaf's hash.
            hash: Hash,
        },
        /// It holds several leaves, below a node with this hash.
        2 => Node {
            /// The node's hash.
            hash: Hash,
        },
    }
}

impl Summary {
    /// The hash that the parent node takes in.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        match self {
            Self::Empty => Hash::ZERO,
            Self::Leaf { hash } | Self::Node { hash } => *hash,
        }
    }

    /// The summary of the subtree with these two halves.
    #[must_use]
    pub fn join(left: &Self, right: &Self) -> Self {
        match (left, right) {
            (Self::Empty, Self::Empty) => Self::Empty,
            (Self::Leaf { hash }, Self::Empty) | (Self::Empty, Self::Leaf { hash }) => {
                Self::Leaf { hash: *hash }
            }
            _ => Self::Node { hash: node_hash(&left.hash(), &right.hash()) },
        }
    }
}
