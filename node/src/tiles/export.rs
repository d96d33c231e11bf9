//! Bring a folder level with a checkpoint: take what is missing, check it, write it, and name the checkpoint last.
//!
//! Nothing is believed that can be computed: leaf hashes are those of the entries, each hash above is that of the tile
//! below, and the root over the tiles is the checkpoint's, also that of the checkpoint that the folder had before. Who
//! signed the checkpoint is not asked: that is a verifier's question, to whom the export is given.

use super::error::ExportError;
use super::folder::Folder;
use super::source::Source;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use std::path::Path;
use tongda_ledger::block::{LeafKind, Seal};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::bundle::{decode_commits, decode_entries};
use tongda_ledger::tree::tile::subtree_root;
use tongda_ledger::tree::{Checkpoint, Frontier, SignedCheckpoint, Span, Tile, TilePath, leaf_hash};

/// Pieces asked for at once.
const AT_ONCE: usize = 8;

/// What an export did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Entries in the folder now.
    pub size: u64,
    /// Their root.
    pub root: Hash,
    /// Blocks in them.
    pub blocks: u64,
    /// Entries that the folder had before.
    pub before: u64,
    /// Files that were written.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Exports the log of a source into a folder, up to a checkpoint: `checkpoint` is its name below `/log/`. What the folder
/// has already is not taken again.
///
/// # Errors
/// [`ExportError`] says why it was broken off. The folder's checkpoint is then the one from before, with all its tiles.
pub async fn export<S: Source>(source: &S, directory: &Path, name: &str) -> Result<Exported, ExportError> {
    let text = source.resource(name).await?.ok_or_else(|| ExportError::NoCheckpoint(name.to_owned()))?;
    let checkpoint = SignedCheckpoint::parse(&text)?.checkpoint().clone();
    let folder = Folder::open(directory)?;
    folder.tidy()?;
    let before = before(&folder, &checkpoint)?;
    let mut run = Run {
        source,
        folder: &folder,
        size: checkpoint.size,
        before: before.as_ref().map_or(0, |before| before.size),
        files: 0,
        bytes: 0,
    };
    run.entries().await?;
    run.tiles().await?;
    let root = |size| Frontier::of(&folder.tree(checkpoint.size), size).map(|frontier| frontier.root());
    if let Some(before) = before.filter(|before| before.size < checkpoint.size) {
        let here = root(before.size).map_err(|reason| wrong("tile", reason))?;
        if here != before.root {
            return Err(ExportError::Fork { size: before.size, there: before.root, here });
        }
    }
    let found = root(checkpoint.size).map_err(|reason| wrong("tile", reason))?;
    if found != checkpoint.root {
        let Checkpoint { size, root, .. } = checkpoint;
        return Err(wrong("checkpoint", format!("it says {root} of {size} entries, whose root is {found}")));
    }
    let blocks = run.commits().await?;
    run.others().await?;
    // Those from before stay: whoever holds an older receipt finds the checkpoint of it.
    run.write(format!("checkpoints/{}", checkpoint.size), &text)?;
    if folder.publish(&text)? {
        run.count(&text);
    }
    run.remove_partials(blocks)?;
    let Run { before, files, bytes, .. } = run;
    Ok(Exported { size: checkpoint.size, root: checkpoint.root, blocks, before, files, bytes })
}

fn wrong(path: impl ToString, reason: impl ToString) -> ExportError {
    ExportError::Wrong { path: path.to_string(), reason: reason.to_string() }
}

/// The checkpoint in the folder, which the new one must continue; `None` when there is none that can be read.
fn before(folder: &Folder, new: &Checkpoint) -> Result<Option<Checkpoint>, ExportError> {
    let Some(text) = folder.read("checkpoint")? else { return Ok(None) };
    let Ok(signed) = SignedCheckpoint::parse(&text) else { return Ok(None) };
    let before = signed.checkpoint();
    if before.origin != new.origin {
        return Err(ExportError::OtherLog { found: before.origin.clone(), expected: new.origin.clone() });
    }
    if before.size > new.size {
        return Err(ExportError::Behind { found: before.size, size: new.size });
    }
    if before.size == new.size && before.root != new.root {
        return Err(ExportError::Fork { size: new.size, there: before.root, here: new.root });
    }
    Ok(Some(before.clone()))
}

/// An export at work.
struct Run<'a, S> {
    source: &'a S,
    folder: &'a Folder,
    size: u64,
    /// Entries up to the folder's own checkpoint.
    before: u64,
    files: u64,
    bytes: u64,
}

impl<S: Source> Run<'_, S> {
    /// Whether a piece needs nothing: it was published with the checkpoint before, and is there.
    fn is_settled(&self, path: TilePath, blocks: u64) -> bool {
        path.is_within(self.before, blocks) && self.folder.has(path)
    }

    fn count(&mut self, bytes: &[u8]) {
        self.files += 1;
        self.bytes += bytes.len() as u64;
    }

    fn write(&mut self, path: impl ToString, bytes: &[u8]) -> Result<(), ExportError> {
        if self.folder.write(&path.to_string(), bytes)? {
            self.count(bytes);
        }
        Ok(())
    }

    /// The entries, with their hashes beside them.
    async fn entries(&mut self) -> Result<(), ExportError> {
        let paths = |span| (TilePath::Entries(span), TilePath::Tile(Tile::new(0, span).expect("level 0")));
        let missing: Vec<_> = Span::all(self.size)
            .filter(|span| {
                let (entries, tile) = paths(*span);
                !self.is_settled(entries, 0) || !self.is_settled(tile, 0)
            })
            .collect();
        let source = self.source;
        let asked = stream::iter(missing).map(|span| async move {
            let (entries, tile) = paths(span);
            Ok::<_, ExportError>((span, source.piece(entries).await?, source.piece(tile).await?))
        });
        let mut asked = asked.buffered(AT_ONCE);
        while let Some((span, entries, tile)) = asked.try_next().await? {
            let (entries_path, tile_path) = paths(span);
            let leaves =
                decode_entries(&entries, span.width()).map_err(|error| wrong(entries_path, error))?;
            let hashes: Vec<_> = leaves.into_iter().map(leaf_hash).collect();
            if Tile::encode(&hashes) != tile {
                return Err(wrong(tile_path, "its hashes are not those of the entries"));
            }
            self.write(entries_path, &entries)?;
            self.write(tile_path, &tile)?;
        }
        Ok(())
    }

    /// The tiles above the leaves', each hash of which is that of a tile below.
    async fn tiles(&mut self) -> Result<(), ExportError> {
        let tree = self.folder.tree(self.size);
        for tile in Tile::all(self.size).filter(|tile| tile.level() > 0) {
            let path = TilePath::Tile(tile);
            if self.is_settled(path, 0) {
                continue;
            }
            let bytes = self.source.piece(path).await?;
            let hashes = tile.decode(&bytes).map_err(|error| wrong(path, error))?;
            for (index, hash) in (tile.span().start()..).zip(&hashes) {
                let below = tree.tile(tile.level() - 1, index * 256).map_err(|reason| wrong(path, reason))?;
                if subtree_root(&below.1) != *hash {
                    return Err(wrong(path, format!("hash {index} is not that of the tile below")));
                }
            }
            self.write(path, &bytes)?;
        }
        Ok(())
    }

    /// The commit certificates of all blocks; how many there are.
    async fn commits(&mut self) -> Result<u64, ExportError> {
        let blocks = self.height(self.size)?;
        let blocks_before = if self.before == 0 { 0 } else { self.height(self.before).unwrap_or(0) };
        for span in Span::all(blocks) {
            let path = TilePath::Commits(span);
            if self.is_settled(path, blocks_before) {
                continue;
            }
            let bytes = self.source.piece(path).await?;
            let certificates = decode_commits(&bytes, span.width()).map_err(|error| wrong(path, error))?;
            for (height, certificate) in (span.start() + 1..).zip(&certificates) {
                if certificate.height != height {
                    return Err(wrong(
                        path,
                        format!("it has the certificate of height {}", certificate.height),
                    ));
                }
            }
            self.write(path, &bytes)?;
        }
        Ok(blocks)
    }

    /// The height of the seal that is the last of so many entries.
    fn height(&self, size: u64) -> Result<u64, ExportError> {
        if size <= 1 {
            return Ok(0);
        }
        let span =
            Span::around(size - 1, self.size).ok_or_else(|| wrong("tile/entries", "it is too short"))?;
        let path = TilePath::Entries(span);
        let bytes = self.folder.read(&path.to_string())?.ok_or_else(|| wrong(path, "it is missing"))?;
        let leaves = decode_entries(&bytes, span.width()).map_err(|error| wrong(path, error))?;
        let last = usize::try_from(size - 1 - span.start()).ok().and_then(|place| leaves.get(place));
        let seal =
            last.and_then(|leaf| leaf.split_first()).filter(|(kind, _)| **kind == LeafKind::Seal as u8);
        let (_, seal) = seal.ok_or_else(|| wrong(path, format!("entry {} is no seal", size - 1)))?;
        Ok(Seal::decode(seal).map_err(|error| wrong(path, error))?.height)
    }

    /// What a verifier starts from.
    async fn others(&mut self) -> Result<(), ExportError> {
        for name in ["genesis", "policy", "keys"] {
            if let Some(bytes) = self.source.resource(name).await? {
                self.write(name, &bytes)?;
            }
        }
        Ok(())
    }

    /// Removes the partial pieces that full ones have replaced.
    fn remove_partials(&self, blocks: u64) -> Result<(), ExportError> {
        let tiles = Tile::all(self.size).map(TilePath::Tile);
        let entries = Span::all(self.size).map(TilePath::Entries);
        let commits = Span::all(blocks).map(TilePath::Commits);
        for path in tiles.chain(entries).chain(commits).filter(|path| path.span().is_full()) {
            self.folder.remove_partials(path)?;
        }
        Ok(())
    }
}
