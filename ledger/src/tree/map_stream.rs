//! Compute the root of a map from its leaves, ascending, keeping no more than the way to the last of them.
//!
//! Two neighbouring keys part at a depth. When the next leaf parts from the last one at depth `d`, every subtree that
//! began below `d` is complete: it is hashed and becomes the left half of the node at `d`, which waits for its right
//! half. At most 256 halves wait at a time, however many leaves there are.

use super::map_summary::{Summary, bit, common_bits, leaf_hash, node_hash};
use crate::hash::Hash;

/// The root of a map, as its leaves come by.
#[derive(Clone, Debug, Default)]
pub struct MapStream {
    /// Left halves that wait for their right ones, from the root down: the depth of the node, the half's hash.
    halves: Vec<(usize, Hash)>,
    last: Option<(Hash, Hash)>,
    count: u64,
}

impl MapStream {
    /// No leaf yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next leaf: key hash and value hash. False when it does not come behind the one before; it is then not
    /// taken.
    #[must_use]
    pub fn push(&mut self, key: Hash, value: Hash) -> bool {
        if let Some((last, last_value)) = self.last {
            if last >= key {
                return false;
            }
            let parting = common_bits(&last, &key);
            let half = self.complete(&last, &last_value, Some(parting));
            self.halves.push((parting, half));
        }
        self.last = Some((key, value));
        self.count += 1;
        true
    }

    /// How many leaves were taken.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The root over all leaves taken.
    #[must_use]
    pub fn root(mut self) -> Hash {
        let Some((key, value)) = self.last else { return Hash::ZERO };
        self.complete(&key, &value, None)
    }

    /// The hash of the subtree that ends with the last leaf and stands right below `above`; without it, of the root.
    fn complete(&mut self, key: &Hash, value: &Hash, above: Option<usize>) -> Hash {
        let (mut summary, mut depth) = (Summary::Leaf { hash: leaf_hash(key, value) }, 256);
        while let Some(&(fork, left)) = self.halves.last().filter(|(fork, _)| above.is_none_or(|d| *fork > d))
        {
            self.halves.pop();
            let right = raised(&summary, key, depth, fork + 1);
            (summary, depth) = (Summary::Node { hash: node_hash(&left, &right) }, fork);
        }
        raised(&summary, key, depth, above.map_or(0, |above| above + 1))
    }
}

/// The hash of a subtree of the key's way that stands at `from`, seen from `to` above it: a leaf rises as it is, a node
/// has an empty half beside it at every level.
fn raised(summary: &Summary, key: &Hash, from: usize, to: usize) -> Hash {
    match summary {
        Summary::Node { hash } => (to..from).rev().fold(*hash, |hash, depth| {
            if bit(key, depth) { node_hash(&Hash::ZERO, &hash) } else { node_hash(&hash, &Hash::ZERO) }
        }),
        other => other.hash(),
    }
}
