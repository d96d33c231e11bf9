//! Look up in the node's own chain what may be cosigned, and by whom.

use super::cosigners::Cosigners;
use super::gathering::{Place, Standing};
use super::tree::Tree;
use crate::chain::{Chain, ChainError, Unavailable};
use crate::store::Entry;
use std::sync::Arc;
use tongda_ledger::block::Seal;
use tongda_ledger::hash::Hash;

/// The validators that decide a height.
pub(super) fn cosigners_at(chain: &Chain, height: u64) -> Result<Arc<Cosigners>, ChainError> {
    let committed = chain.committed();
    let cosigners = Cosigners::of(&chain.network(), committed.epochs().signers_at(height));
    cosigners.map(Arc::new).map_err(|error| ChainError::Index(error.to_string()))
}

/// The root of the log at a size; `None` when the hashes for it are not here.
pub(super) fn root_at(chain: &Chain, size: u64) -> Result<Option<Hash>, ChainError> {
    match chain.root_at(size) {
        Ok(root) => Ok(Some(root)),
        Err(Unavailable::Chain(error)) => Err(error),
        Err(_) => Ok(None),
    }
}

fn seal_of(bytes: &[u8]) -> Result<Seal, ChainError> {
    Ok(Seal::decode(bytes)?)
}

/// The place of a flagged seal.
fn place(chain: &Chain, seal: &Seal) -> Result<Option<Place>, ChainError> {
    let size = seal.index() + 1;
    let Some(root) = root_at(chain, size)? else { return Ok(None) };
    let cosigners = cosigners_at(chain, seal.height)?;
    Ok(Some(Place { height: seal.height, tree: Tree { size, root }, cosigners }))
}

/// The newest checkpoint of the log above a height.
pub(super) fn newest(chain: &Chain, above: u64) -> Result<Option<Place>, ChainError> {
    let tip = chain.committed().tip().height();
    for height in (above + 1..=tip).rev() {
        let Some(block) = chain.block(height)? else { return Ok(None) };
        let seal = seal_of(&block.seal)?;
        if seal.is_checkpoint() {
            return place(chain, &seal);
        }
    }
    Ok(None)
}

/// What the log knows of a tree's size.
pub(super) fn standing(chain: &Chain, size: u64) -> Result<Standing, ChainError> {
    if size > chain.committed().tip().log.size() {
        return Ok(Standing::Ahead);
    }
    let Some(index) = size.checked_sub(1).filter(|index| *index > 0) else { return Ok(Standing::Between) };
    let seal = match chain.entry(index)? {
        None => return Ok(Standing::NotHeld),
        Some((_, Entry::Record(_))) => return Ok(Standing::Between),
        Some((_, Entry::Seal(bytes))) => seal_of(&bytes)?,
    };
    if !seal.is_checkpoint() {
        return Ok(Standing::Between);
    }
    Ok(place(chain, &seal)?.map_or(Standing::NotHeld, Standing::Checkpoint))
}
