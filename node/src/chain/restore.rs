//! Begin an index from a snapshot: prove the file first, then fill a new index with it and put that in place.
//!
//! ```text
//! snapshot ─► proven from the founding ─► read again ─► index.new/ ─► synced ─► renamed to index/
//! ```
//!
//! A crash before the renaming leaves `index.new/`, which the next attempt removes.

use super::committed::tip_bytes;
use super::error::ChainError;
use super::leaves::IndexLeaves;
use super::lists::{listed_number, put_list};
use super::{epochs, layout};
use crate::store::{Batch, Index, IndexOptions, SledIndex, StoreError, sync_directory};
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use tongda_ledger::codec::encode;
use tongda_ledger::epoch::{EpochLink, Signers};
use tongda_ledger::founding::Founding;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::PatentId;
use tongda_ledger::snapshot::{Piece, Reader, Trust, Verified};
use tongda_ledger::state::{Nodes, Patent, StateKey, Stored as _, due_of};
use tongda_ledger::tree::{BuildError, Map, value_hash};

/// Bytes read at once.
const PORTION: usize = 256 << 10;

/// Changes put into the index at once.
const TOGETHER: usize = 16_384;

/// A snapshot's file being read.
struct Source {
    file: File,
    path: std::path::PathBuf,
    reader: Reader,
    buffer: Vec<u8>,
}

impl Source {
    fn open(path: &Path, founding: &Founding) -> Result<Self, ChainError> {
        let trust = Trust::of(founding).map_err(|error| ChainError::Founding(error.to_string()))?;
        let file = File::open(path).map_err(StoreError::io("open", path))?;
        Ok(Self { file, path: path.to_owned(), reader: Reader::new(trust), buffer: vec![0; PORTION] })
    }

    /// Reads a portion; false at the end.
    fn step(&mut self, take: impl FnMut(Piece<'_>) -> Result<(), ChainError>) -> Result<bool, ChainError> {
        let length = self.file.read(&mut self.buffer).map_err(StoreError::io("read", &self.path))?;
        self.reader.push(&self.buffer[..length], take)?;
        Ok(length > 0)
    }

    fn finish(self) -> Result<Verified, ChainError> {
        Ok(self.reader.finish()?)
    }
}

/// Proves a snapshot's file from the founding alone.
///
/// # Errors
/// [`ChainError::Snapshot`] names the first thing that is wrong with it.
pub fn verify_snapshot(path: &Path, founding: &Founding) -> Result<Verified, ChainError> {
    let mut source = Source::open(path, founding)?;
    while source.step(|_| Ok(()))? {}
    source.finish()
}

/// Makes the index in `directory` anew, of a snapshot that was proven. There must be none.
pub(super) fn install(
    directory: &Path,
    snapshot: &Path,
    verified: &Verified,
    founding: &Founding,
    options: IndexOptions,
) -> Result<(), ChainError> {
    let unfinished = directory.with_extension("new");
    remove(&unfinished)?;
    let network = *founding.network().0.as_bytes();
    let height = verified.header.seal.height;
    let (index, _) = SledIndex::open(&unfinished, network, Some(height), options)?;
    fill(&index, snapshot, verified, founding)?;
    index.sync()?;
    drop(index);
    std::fs::rename(&unfinished, directory).map_err(StoreError::io("name", directory))?;
    let lock = directory.with_extension("new.lock");
    std::fs::remove_file(&lock).map_err(StoreError::io("remove", &lock))?;
    Ok(sync_directory(directory.parent().unwrap_or(Path::new(".")))?)
}

/// Removes a directory, if it is there.
pub(super) fn remove(directory: &Path) -> Result<(), ChainError> {
    match std::fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", directory)(error).into())
        }
        _ => Ok(()),
    }
}

fn fill(
    index: &SledIndex,
    snapshot: &Path,
    verified: &Verified,
    founding: &Founding,
) -> Result<(), ChainError> {
    let header = &verified.header;
    let mut source = Source::open(snapshot, founding)?;
    let mut filling = Filling {
        index,
        height: header.seal.height,
        batch: Batch::new(),
        lists: BTreeMap::new(),
        nodes: None,
    };
    let mut leaves = VecDeque::new();
    let mut ended = false;
    let next = || loop {
        if let Some(leaf) = leaves.pop_front() {
            return Some(Ok(leaf));
        }
        if ended {
            return None;
        }
        match source.step(|piece| filling.take(&piece, &mut leaves)) {
            Ok(more) => ended = !more,
            Err(error) => return Some(Err(error)),
        }
    };
    let map = Map::from_leaves(header.values, std::iter::from_fn(next)).map_err(|error| match error {
        BuildError::Read(error) => error,
        other => ChainError::Index(other.to_string()),
    })?;
    // The file was proven before; it is read and proven once more, in case it changed in between.
    source.finish()?;
    for (address, summary) in map.pages() {
        filling.batch.put(layout::page(address), encode(&summary));
        filling.flush(TOGETHER)?;
    }
    for (tag, mut ids) in std::mem::take(&mut filling.lists) {
        ids.sort_unstable();
        put_list(&mut filling.batch, tag, &ids);
    }
    let nodes = filling.nodes.take().ok_or(ChainError::Index("the state names no nodes".into()))?;
    let signers = Signers::of(&nodes).map_err(|error| ChainError::Index(error.to_string()))?;
    if signers != *verified.epochs.current() {
        // The block at which the snapshot stands changed them itself.
        filling.flush(0)?;
        let proof = map
            .prove(&IndexLeaves(index), &EpochLink::key().hash())
            .map_err(|error| ChainError::Index(error.to_string()))?;
        let (seal, certificate) = (header.seal.clone(), header.certificate.clone());
        epochs::put(&mut filling.batch, &EpochLink { seal, certificate, nodes, proof });
    }
    let tip = tip_bytes(map.page_count(), map.count(), &header.log, &verified.tip);
    filling.batch.put(layout::TIP, tip);
    filling.flush(0)
}

/// An index being filled.
struct Filling<'a> {
    index: &'a SledIndex,
    height: u64,
    batch: Batch,
    /// Objects by type.
    lists: BTreeMap<u16, Vec<u64>>,
    /// The nodes that the state names.
    nodes: Option<Nodes>,
}

impl Filling<'_> {
    fn take(&mut self, piece: &Piece<'_>, leaves: &mut VecDeque<(Hash, Hash)>) -> Result<(), ChainError> {
        match piece {
            Piece::Header(_) => {}
            Piece::Epoch(epoch) => epochs::put(&mut self.batch, epoch),
            Piece::Value { key, hash, value } => {
                leaves.push_back((*hash, value_hash(value)));
                self.value(key, hash, value)?;
            }
        }
        self.flush(TOGETHER)
    }

    /// A value, and what the index derives from it.
    fn value(&mut self, key: &StateKey, hash: &Hash, value: &[u8]) -> Result<(), ChainError> {
        self.batch.put(layout::state(hash), layout::state_entry(key, value));
        if let Some(at) = due_of(key, value)? {
            self.batch.put(layout::due(at, key), []);
        }
        let number = listed_number(key);
        if let Some(number) = number {
            self.lists.entry(key.tag()).or_default().push(number);
        }
        if let Some(number) = number.filter(|_| key.tag() == Patent::TAG) {
            let id = PatentId::new(number >> 8, number.to_le_bytes()[0]);
            for owner in &Patent::from_bytes(key, value)?.owners {
                self.batch.put(layout::owned(owner.party, id), []);
            }
        }
        if key.tag() == Nodes::TAG {
            self.nodes = Some(Nodes::from_bytes(key, value)?);
        }
        Ok(())
    }

    /// Puts into the index what has gathered, if it is more than `most`.
    fn flush(&mut self, most: usize) -> Result<(), ChainError> {
        if self.batch.len() > most {
            self.index.apply(std::mem::take(&mut self.batch), self.height)?;
        }
        Ok(())
    }
}
