//! Keep the blocks that changed the signers, for snapshots and certificates that must prove who decides and cosigns.

use super::error::ChainError;
use super::layout;
use crate::store::{Batch, Index, Scan};
use tongda_ledger::epoch::EpochLink;

/// Bytes of a part: below the limit of a value of the index.
const PART: usize = 12 << 10;

/// Puts a link into the index.
pub(super) fn put(batch: &mut Batch, link: &EpochLink) {
    for (part, bytes) in link.bytes().chunks(PART).enumerate() {
        batch.put(layout::epoch(link.seal.height, part), bytes);
    }
}

/// All links in the index, ascending by height.
pub(super) fn read(index: &dyn Index) -> Result<Vec<EpochLink>, ChainError> {
    let parts = index.scan(&Scan::prefix(layout::EPOCHS))?;
    let epochs = parts.chunk_by(|(one, _), (next, _)| layout::split_epoch(one) == layout::split_epoch(next));
    epochs
        .map(|parts| {
            let bytes = parts.iter().map(|(_, part)| part.as_ref()).collect::<Vec<_>>().concat();
            EpochLink::decode(&bytes).map_err(|error| ChainError::Index(format!("an epoch: {error}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryIndex;

    #[test]
    fn links_of_many_nodes_are_read_as_they_were_put() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/vectors/epochs.json")).unwrap();
        let bytes = hex::decode(vectors["links"][0]["bytes"].as_str().unwrap()).unwrap();
        let small = EpochLink::decode(&bytes).unwrap();
        let mut large = small.clone();
        large.seal.height += 300;
        let node = large.nodes.nodes[0].clone();
        let nodes: Vec<_> = (0..40)
            .map(|number| {
                let mut node = node.clone();
                node.name = format!("node-{number}-{}", "x".repeat(40)).parse().unwrap();
                node.consensus_address = "y".repeat(180).parse().unwrap();
                node.gossip_address = "z".repeat(180).parse().unwrap();
                node
            })
            .collect();
        large.nodes.nodes = nodes.try_into().unwrap();
        let index = MemoryIndex::default();
        let mut batch = Batch::new();
        put(&mut batch, &large);
        put(&mut batch, &small);
        assert!(batch.len() > 2, "the large one has several parts");
        index.apply(batch, 1).unwrap();
        assert_eq!(read(&index).unwrap(), [small, large]);
    }
}
