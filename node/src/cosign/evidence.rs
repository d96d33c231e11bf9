//! Keep the proof that a validator cosigned a tree which contradicts this node's log.

use super::checkpoints::Checkpoints;
use super::gathering::{Gathering, Place};
use super::tree::{CosignedTree, Tree};
use std::io;
use std::path::Path;
use tongda_ledger::evidence::Evidence;
use tongda_ledger::tree::{Checkpoint, SignedCheckpoint, origin};
use tongda_ledger::vote::NetworkId;

/// The folder of evidence in a node's directory.
pub const FOLDER: &str = "evidence";

/// Pieces kept at most: what a hostile validator can make the disk take is bounded.
const PIECES: usize = 64;

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
    let folder = directory.join(FOLDER);
    let (size, signer) = (theirs.tree.size, theirs.signer);
    let path = folder.join(format!("{size}-{signer}.evidence"));
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let held = std::fs::read_dir(&folder).map_err(|error| error.to_string())?.count();
    if path.exists() || held >= PIECES {
        return Ok(());
    }
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
    write(&path, &evidence.to_string()).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    std::fs::write(&unfinished, text)?;
    std::fs::File::open(&unfinished)?.sync_all()?;
    std::fs::rename(&unfinished, path)
}
