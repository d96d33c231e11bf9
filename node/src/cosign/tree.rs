//! Name a tree, and who cosigned it: what nodes tell each other.
//!
//! ```text
//! size u64 ‖ root 32 ‖ signer 20 ‖ time u64 ‖ signature 64        132 bytes, integers little-endian
//! ```

use bytes::{Buf, BufMut};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{Checkpoint, Cosignature, origin};
use tongda_ledger::vote::{Address, NetworkId};

/// The tree of the log at a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tree {
    /// Leaves.
    pub size: u64,
    /// Their root.
    pub root: Hash,
}

impl Tree {
    /// The checkpoint's text: what is signed.
    #[must_use]
    pub fn text(&self, network: &NetworkId) -> String {
        Checkpoint { origin: origin(network), size: self.size, root: self.root }.text()
    }
}

/// A tree that a validator says it has cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CosignedTree {
    /// The tree.
    pub tree: Tree,
    /// The validator.
    pub signer: Address,
    /// Its signature and the time of it.
    pub cosignature: Cosignature,
}

impl CosignedTree {
    /// Its length in bytes.
    pub const LENGTH: usize = 132;

    /// Appends its bytes.
    pub fn put(&self, buffer: &mut impl BufMut) {
        buffer.put_u64_le(self.tree.size);
        buffer.put_slice(self.tree.root.as_bytes());
        buffer.put_slice(&self.signer.0);
        buffer.put_u64_le(self.cosignature.time);
        buffer.put_slice(&self.cosignature.signature);
    }

    /// Reads it. `None` when bytes are missing, the size is none of a log, or the time is beyond 2^63 seconds.
    pub fn get(buffer: &mut impl Buf) -> Option<Self> {
        let size = buffer.try_get_u64_le().ok()?;
        let root = Hash(take(buffer)?);
        let signer = Address(take(buffer)?);
        let time = buffer.try_get_u64_le().ok()?;
        let signature = take(buffer)?;
        let sound = (1..1 << 62).contains(&size) && time < 1 << 63;
        let cosignature = Cosignature { time, signature };
        sound.then_some(Self { tree: Tree { size, root }, signer, cosignature })
    }
}

fn take<const N: usize>(buffer: &mut impl Buf) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    buffer.try_copy_to_slice(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosigned_tree_survives_its_bytes_and_no_shorter_ones_are_read() {
        let cosignature = Cosignature { time: 1_795_000_000, signature: [7; 64] };
        let tree = Tree { size: 1234, root: Hash([3; 32]) };
        let signed = CosignedTree { tree, signer: Address([9; 20]), cosignature };
        let mut bytes = Vec::new();
        signed.put(&mut bytes);
        assert_eq!(bytes.len(), CosignedTree::LENGTH);
        assert_eq!(CosignedTree::get(&mut bytes.as_slice()), Some(signed));
        for length in 0..bytes.len() {
            assert_eq!(CosignedTree::get(&mut &bytes[..length]), None);
        }
        let no_tree = [&[0; 8][..], &bytes[8..]].concat();
        assert_eq!(CosignedTree::get(&mut no_tree.as_slice()), None);
        let no_time = [&bytes[..60], &[0xff; 8], &bytes[68..]].concat();
        assert_eq!(CosignedTree::get(&mut no_time.as_slice()), None);
    }
}
