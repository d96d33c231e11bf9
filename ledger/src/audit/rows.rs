//! Recompute the hash tiles of a log while its leaves come by, holding one tile of each level.

use crate::hash::Hash;
use crate::tree::Frontier;
use crate::tree::tile::{LEVELS, Span, TILE_WIDTH, Tile};
use std::collections::{BTreeMap, VecDeque};

const WIDTH: usize = TILE_WIDTH as usize;

/// A tile as it must be: full, or what there is of the last one of its level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedTile {
    /// Which tile.
    pub tile: Tile,
    /// Its hashes, 1 to 256.
    pub hashes: Vec<Hash>,
}

/// The tree of a log and the beginnings of tiles that are not full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    log: Frontier,
    rows: Vec<Row>,
    full: VecDeque<ExpectedTile>,
    watched: BTreeMap<u64, Option<Hash>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Row {
    number: u64,
    hashes: Vec<Hash>,
}

impl Rows {
    /// The rows of a log of which tree and open tiles are known, level by level; none unless they fit each other.
    pub(super) fn resumed(log: Frontier, open: Vec<Vec<Hash>>) -> Option<Self> {
        let fits = open
            .iter()
            .enumerate()
            .all(|(level, hashes)| hashes.len() as u64 == count(log.size(), level) % WIDTH as u64);
        let levels = (0..).take_while(|level| count(log.size(), *level) > 0).count();
        if !fits || open.len() != levels {
            return None;
        }
        let rows = (0..).zip(open).map(|(level, hashes)| {
            let number = count(log.size(), level) / WIDTH as u64;
            Row { number, hashes }
        });
        Some(Self { rows: rows.collect(), log, full: VecDeque::new(), watched: BTreeMap::new() })
    }

    pub(super) const fn log(&self) -> &Frontier {
        &self.log
    }

    /// Remembers the root at this size once it is reached.
    pub(super) fn watch(&mut self, size: u64) {
        if size > self.log.size() {
            self.watched.entry(size).or_default();
        }
    }

    /// The root at a size that was watched.
    pub(super) fn root_at(&self, size: u64) -> Option<Hash> {
        self.watched.get(&size).copied().flatten()
    }

    pub(super) fn append(&mut self, leaf: Hash) {
        let (rows, full) = (&mut self.rows, &mut self.full);
        self.log.append_with(leaf, |level, _, hash| {
            if level % LEVELS != 0 {
                return;
            }
            let level = level / LEVELS;
            if rows.len() == usize::from(level) {
                rows.push(Row::default());
            }
            let row = &mut rows[usize::from(level)];
            row.hashes.push(hash);
            if row.hashes.len() == WIDTH {
                full.push_back(ExpectedTile::new(level, row.number, std::mem::take(&mut row.hashes)));
                row.number += 1;
            }
        });
        let size = self.log.size();
        if let Some(root) = self.watched.get_mut(&size) {
            *root = Some(self.log.root());
        }
    }

    /// The next tile that became full.
    pub(super) fn next_full(&mut self) -> Option<ExpectedTile> {
        self.full.pop_front()
    }

    /// The open tiles, level by level; a level may have none.
    pub(super) fn open(&self) -> impl Iterator<Item = &[Hash]> {
        self.rows.iter().map(|row| row.hashes.as_slice())
    }

    /// The open tiles that have a hash.
    pub(super) fn partial(&self) -> Vec<ExpectedTile> {
        let tile = |(level, row): (u8, &Row)| {
            let some = !row.hashes.is_empty();
            some.then(|| ExpectedTile::new(level, row.number, row.hashes.clone()))
        };
        (0..).zip(&self.rows).filter_map(tile).collect()
    }
}

/// How many hashes a level of tiles has in a log of `size` leaves.
fn count(size: u64, level: usize) -> u64 {
    u32::try_from(level).ok().and_then(|level| size.checked_shr(8 * level)).unwrap_or(0)
}

impl ExpectedTile {
    fn new(level: u8, number: u64, hashes: Vec<Hash>) -> Self {
        let width = u16::try_from(hashes.len()).expect("at most 256 hashes");
        let span = Span::new(number, width).expect("a log's hashes have numbers");
        Self { tile: Tile::new(level, span).expect("a log has at most eight levels of tiles"), hashes }
    }

    /// Compares a tile, or the beginning of it, with what it must be.
    ///
    /// # Errors
    /// The first hash that differs, by its place; the number of hashes when there are too many or too few bytes.
    pub(super) fn compare(&self, bytes: &[u8]) -> Result<(), usize> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let differs = hashes.iter().zip(&self.hashes).position(|(found, expected)| *found != expected.0);
        match differs {
            Some(place) => Err(place),
            None if !rest.is_empty() || hashes.len() != self.hashes.len() => Err(hashes.len()),
            None => Ok(()),
        }
    }

    /// The index of the first leaf under the hash at this place.
    pub(super) fn first_leaf(&self, place: usize) -> u64 {
        let hash = self.tile.span().start().saturating_add(place as u64);
        hash.checked_shl(u32::from(LEVELS) * u32::from(self.tile.level())).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{MemoryHashes, leaf_hash};

    #[test]
    fn tiles_come_out_full_in_order_and_the_rest_is_open() {
        let (mut rows, mut known) = (Rows::default(), MemoryHashes::new());
        let mut tiles = Vec::new();
        for leaf in 0..70_000_u64 {
            let leaf = leaf_hash(&leaf.to_le_bytes());
            rows.append(leaf);
            known.append(leaf);
            while let Some(tile) = rows.next_full() {
                tiles.push(tile);
            }
        }
        assert_eq!(tiles.iter().filter(|tile| tile.tile.level() == 0).count(), 273);
        assert_eq!(tiles.iter().filter(|tile| tile.tile.level() == 1).count(), 1);
        let partial = rows.partial();
        let widths: Vec<_> = partial.iter().map(|tile| (tile.tile.level(), tile.hashes.len())).collect();
        assert_eq!(widths, [(0, 112), (1, 17), (2, 1)]);
        for tile in tiles.iter().chain(&partial) {
            assert_eq!(tile.tile.hashes(&known, 70_000).unwrap().as_ref(), Some(&tile.hashes));
        }
        let open: Vec<_> = rows.open().map(<[Hash]>::to_vec).collect();
        assert_eq!(Rows::resumed(rows.log().clone(), open.clone()).as_ref(), Some(&rows));
        assert_eq!(Rows::resumed(rows.log().clone(), open[..2].to_vec()), None);
    }
}
