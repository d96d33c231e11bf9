//! Cosigning: the guard over crashes and lost disks, what others tell, and the history of what was published.

#![allow(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod crash;
mod gathering;
mod guard;
mod power;

use std::collections::BTreeMap;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::Cosignature;
use tongda_ledger::vote::NetworkId;
use tongda_node::cosign::Tree;

/// The network of these tests.
pub(crate) const NETWORK: NetworkId = NetworkId(Hash([7; 32]));

/// A cosigning key.
pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

/// A log that is one with every other up to `forked` leaves, and goes its own way behind.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Log {
    pub(crate) way: u8,
    pub(crate) forked: u64,
}

impl Log {
    pub(crate) fn root(self, size: u64) -> Hash {
        let way = if size > self.forked { self.way } else { 0 };
        Hash::plain(&[&[way], &size.to_le_bytes()])
    }

    pub(crate) fn tree(self, size: u64) -> Tree {
        Tree { size, root: self.root(size) }
    }
}

/// All signatures that left a node, in the order in which they left it: what everybody else can know.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    roots: BTreeMap<u64, Hash>,
    largest: u64,
    pub(crate) count: usize,
}

impl Sent {
    /// Takes note of a signature, which must verify, and checks it against all before.
    pub(crate) fn note(&mut self, key: &SigningKey, tree: Tree, cosignature: &Cosignature, told: &str) {
        cosignature.verify(&key.public(), &tree.text(&NETWORK)).unwrap();
        let before = self.roots.insert(tree.size, tree.root);
        assert!(before.is_none_or(|before| before == tree.root), "two trees of {} leaves: {told}", tree.size);
        assert!(tree.size >= self.largest, "{} leaves after {}: {told}", tree.size, self.largest);
        self.largest = tree.size;
        self.count += 1;
    }
}
