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
