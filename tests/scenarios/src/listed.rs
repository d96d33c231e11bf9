//! Show what a list holds by its root alone, and prove later that something stands in it.

use serde_json::Value;
use tongda_ledger::act::matching::{PushPlace, push_leaf};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::ObjectRef;
use tongda_ledger::tree::{InclusionProof, MemoryHashes};

/// The tree over things, as [`push_leaf`] makes their leaves.
fn tree(things: &[ObjectRef]) -> MemoryHashes {
    things.iter().map(|thing| push_leaf(&thing.object_id())).collect()
}

/// The root over things.
pub(crate) fn root(things: &[ObjectRef]) -> Hash {
    tree(things).root(things.len() as u64).expect("every hash is there")
}

/// The place of a thing with its proof. What does not stand in the list claims the first place, which proves nothing.
pub(crate) fn place(things: &[ObjectRef], thing: ObjectRef) -> Result<Value, String> {
    let index = things.iter().position(|listed| *listed == thing).unwrap_or(0);
    let proof = InclusionProof::prove(&tree(things), index as u64, things.len() as u64)
        .map_err(|error| error.to_string())?;
    let index = u32::try_from(index).map_err(|error| error.to_string())?;
    serde_json::to_value(PushPlace { index, proof }).map_err(|error| error.to_string())
}
