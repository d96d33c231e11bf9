//! Read a log's tiles and bundles from a node, and make proofs of them.
//!
//! Nothing that is read here is believed: a hash of a lying tile gives a proof that does not verify.

use super::LightError;
use crate::Node;
use std::collections::HashMap;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::bundle::{ENTRIES_LIMIT, decode_entries};
use tongda_ledger::tree::tile::{LEVELS, subtree_root};
use tongda_ledger::tree::{
    ConsistencyProof, Frontier, Hashes, InclusionProof, ProveError, Span, TILE_WIDTH, Tile, TilePath,
};

/// Bytes of a full tile.
const TILE_LIMIT: usize = TILE_WIDTH as usize * 32;
/// More tiles than the proofs of any log need.
const TILES_LIMIT: usize = 256;

/// The tiles of a log of this size, as far as they have been fetched.
#[derive(Debug)]
pub(crate) struct Tiles<'a> {
    node: &'a Node,
    known: Known,
}

#[derive(Debug)]
struct Known {
    size: u64,
    tiles: HashMap<Tile, Vec<Hash>>,
}

/// The tile that is still to be fetched.
struct Wanted(Tile);

impl Hashes for Known {
    type Error = Wanted;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, Wanted> {
        let (tile_level, above) = (level / LEVELS, level % LEVELS);
        let first = index << above;
        let count = Tile::hashes_of_level(tile_level, self.size);
        let span = Span::around(first, count).expect("only subtrees within the log are asked for");
        let tile = Tile::new(tile_level, span).expect("a subtree of the log has a level below 64");
        let hashes = self.tiles.get(&tile).ok_or(Wanted(tile))?;
        let from = usize::try_from(first - span.start()).expect("below 256");
        Ok(subtree_root(&hashes[from..from + (1 << above)]))
    }
}

impl<'a> Tiles<'a> {
    /// The tiles of the node's log as it is with `size` leaves.
    pub(crate) fn new(node: &'a Node, size: u64) -> Self {
        Self { node, known: Known { size, tiles: HashMap::new() } }
    }

    /// The proof that leaf `index` stands in the log; not verified.
    pub(crate) async fn inclusion(&mut self, index: u64) -> Result<InclusionProof, LightError> {
        let size = self.known.size;
        self.make(|hashes| InclusionProof::prove(hashes, index, size)).await
    }

    /// The proof that the log continues the one of `old` leaves; not verified.
    pub(crate) async fn consistency(&mut self, old: u64) -> Result<ConsistencyProof, LightError> {
        let size = self.known.size;
        self.make(|hashes| ConsistencyProof::prove(hashes, old, size)).await
    }

    /// What the tiles say the root was at `old` leaves; not verified.
    pub(crate) async fn root_at(&mut self, old: u64) -> Result<Hash, LightError> {
        self.make(|hashes| Frontier::of(hashes, old).map(|log| log.root()).map_err(ProveError::Hashes)).await
    }

    /// The bytes of a leaf; not verified.
    pub(crate) async fn leaf(&self, index: u64) -> Result<Vec<u8>, LightError> {
        let span = Span::around(index, self.known.size)
            .ok_or(LightError::Beyond { index, size: self.known.size })?;
        let path = TilePath::Entries(span);
        let bytes = self.node.bytes(&format!("log/{path}"), ENTRIES_LIMIT).await?;
        let wrong = |reason: String| LightError::Tile { path, reason };
        let leaves = decode_entries(&bytes, span.width()).map_err(|error| wrong(error.to_string()))?;
        let place = usize::try_from(index - span.start()).expect("below 256");
        Ok(leaves[place].to_vec())
    }

    async fn make<T>(
        &mut self,
        make: impl Fn(&Known) -> Result<T, ProveError<Wanted>>,
    ) -> Result<T, LightError> {
        while self.known.tiles.len() <= TILES_LIMIT {
            let tile = match make(&self.known) {
                Ok(made) => return Ok(made),
                Err(ProveError::Hashes(Wanted(tile))) => tile,
                Err(ProveError::Outside { index, size }) => return Err(LightError::Beyond { index, size }),
                Err(ProveError::Backwards { old, new }) => {
                    return Err(LightError::Beyond { index: old, size: new });
                }
            };
            let path = TilePath::Tile(tile);
            let bytes = self.node.bytes(&format!("log/{path}"), TILE_LIMIT).await?;
            let hashes =
                tile.decode(&bytes).map_err(|error| LightError::Tile { path, reason: error.to_string() })?;
            self.known.tiles.insert(tile, hashes);
        }
        unreachable!("a proof takes two hashes a level, and each asks for one tile")
    }
}
