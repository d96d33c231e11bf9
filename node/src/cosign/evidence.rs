//! Make of a cosignature that contradicts this node's log what convinces others, and keep it.

use super::checkpoints::Checkpoints;
use super::gathering::{Gathering, Place};
use super::tree::{CosignedTree, Tree};
use crate::doctor::EVIDENCE;
use crate::witness::EvidenceFolder;
use std::path::Path;
use tongda_ledger::evidence::Evidence;
use tongda_ledger::tree::{Checkpoint, SignedCheckpoint, origin};
use tongda_ledger::vote::NetworkId;

/// A checkpoint of a tree that nobody signed yet.
fn unsigned(network: &NetworkId, tree: &Tree) -> Result<SignedCheckpoint, String> {
    let checkpoint = Checkpoint { origin: origin(network), size: tree.size, root: tree.root };
    SignedCheckpoint::new(&checkpoint).map_err(|error| error.to_string())
}

/// Keeps the contradiction between a verified cosignature and the node's own tree of that size, which bears the
/// cosignatures gathered for it, or those under which it was published.
pub(super) fn keep(
    directory: &Path,
    network: &NetworkId,
    checkpoints: &Checkpoints,
    gathering: &Gathering,
    theirs: &CosignedTree,
    ours: &Place,
) -> Result<(), String> {
    let (size, signer) = (theirs.tree.size, theirs.signer);
    let published = checkpoints.at(size).map_err(|error| error.to_string())?;
    let first = match published.filter(|published| published.tree == ours.tree) {
        Some(published) => published.signed.clone(),
        None => {
            let mut first = unsigned(network, &ours.tree)?;
            for (address, cosignature) in gathering.at(size).iter().flat_map(|tree| &tree.cosignatures) {
                let Some(cosigner) = ours.cosigners.get(address) else { continue };
                let line = cosignature.line(&cosigner.key).ok_or("the key is none of a cosigner")?;
                first.add(line).map_err(|error| error.to_string())?;
            }
            first
        }
    };
    let mut second = unsigned(network, &theirs.tree)?;
    let cosigner = ours.cosigners.get(&signer).ok_or("the signer is not known")?;
    let line = theirs.cosignature.line(&cosigner.key).ok_or("the key is none of a cosigner")?;
    second.add(line).map_err(|error| error.to_string())?;
    let evidence = Evidence::of_one_size(first, second).map_err(|error| error.to_string())?;
    EvidenceFolder::new(directory.join(EVIDENCE)).keep_and_tell(&evidence);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cosign::gathering::Standing;
    use crate::cosign::{Cosigner, Cosigners};
    use std::sync::Arc;
    use tongda_ledger::hash::Hash;
    use tongda_ledger::key::SigningKey;
    use tongda_ledger::tree::{Cosignature, cosigner_key};
    use tongda_ledger::vote::Address;

    #[test]
    fn who_cosigns_two_trees_of_one_size_leaves_evidence_that_anybody_can_check() {
        let directory = tempfile::tempdir().unwrap();
        let network = NetworkId(Hash([7; 32]));
        let secret = SigningKey::from_seed(&[1; 32]);
        let signer = Address([1; 20]);
        let key = cosigner_key(&network, &signer, &secret.public()).unwrap();
        let cosigner = Cosigner { address: signer, name: "beijing".into(), key: key.clone(), power: 1 };
        let cosigners = Arc::new(Cosigners::from(vec![cosigner]));
        let signed = |root: u8, time| {
            let tree = Tree { size: 10, root: Hash([root; 32]) };
            let cosignature = Cosignature::sign(&secret, time, &tree.text(&network));
            CosignedTree { tree, signer, cosignature }
        };
        let (ours, theirs) = (signed(1, 5), signed(2, 6));
        let place = Place { height: 5, tree: ours.tree, cosigners: cosigners.clone() };
        let mut gathering = Gathering::new(network, []);
        gathering.begin(place.clone(), 9);
        gathering.take(&ours, 9, &cosigners, Standing::Checkpoint(place.clone()));
        let (checkpoints, _) =
            Checkpoints::open(directory.path(), network, SigningKey::from_seed(&[9; 32])).unwrap();
        keep(directory.path(), &network, &checkpoints, &gathering, &theirs, &place).unwrap();
        let found = EvidenceFolder::new(directory.path().join(EVIDENCE)).list().unwrap();
        assert_eq!(found.len(), 1);
        let evidence = found[0].evidence.as_ref().unwrap();
        let known = [key];
        assert_eq!(evidence.verify(&known).unwrap().both, [&known[0]]);
    }
}
