//! Keep the hashes of the log's tree in files, so that any proof and any tile is a few reads.
//!
//! ```text
//! log-hashes/
//!   0        the leaf hashes, 32 bytes each, in the order of the log
//!   1        the roots over 256 leaves each           tile (l, n) is the 8,192 bytes at 8,192 n of file l
//!   2 … 7    the roots over 256^2 … 256^7 leaves
//!   base     where a node began from a snapshot: the frontier there; what lies below is a hole in the files
//! ```
//! All of it follows from the log, so nothing is synced, and nothing in it is believed: it is checked against the root
//! of the log's tip when it is opened. The levels between two files are computed when they are asked for. In the hole
//! only the frontier's own subtrees are known, which is enough for every proof of a later leaf.

use super::error::StoreError;
use rayon::prelude::*;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use tongda_ledger::codec::{self, encode};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::tile::{LEVELS, subtree_root};
use tongda_ledger::tree::{Frontier, Hashes, Tile, node_hash};

/// Files, one for each level of tiles that a log can have.
const FILES: u8 = 8;

/// Bytes of a hash.
const WIDTH: u64 = 32;

/// The file with the frontier below which there is a hole.
const BASE: &str = "base";

/// The longest frontier in bytes.
const BASE_LIMIT: usize = 8 + 64 * 32;

/// Leaves that are filled in with one write.
const FILLED_TOGETHER: usize = 1 << 16;

/// Why a hash is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The log is not that long yet.
    #[error("the log has no subtree {index} of level {level} yet")]
    Beyond {
        /// The subtree has 2^level leaves.
        level: u8,
        /// Its place among the subtrees of its level.
        index: u64,
    },
    /// It lies below the snapshot with which the node began.
    #[error(
        "hashes below leaf {base} are not here yet: the node began from a snapshot and still fetches the older blocks"
    )]
    Hole {
        /// The first leaf behind the hole.
        base: u64,
    },
    /// A file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The files, open for appending.
#[derive(Debug)]
pub struct HashStore {
    reader: HashReader,
    frontier: Frontier,
}

/// Reads the hashes. Cheap to clone; every clone sees what was appended.
#[derive(Clone, Debug)]
pub struct HashReader {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    directory: PathBuf,
    files: Vec<LevelFile>,
    extent: RwLock<Extent>,
}

#[derive(Debug)]
struct LevelFile {
    path: PathBuf,
    file: File,
}

/// Which leaves the files stand for.
#[derive(Clone, Debug, Default)]
struct Extent {
    size: u64,
    /// The log below which there is a hole; empty where there is none.
    base: Frontier,
}

/// Hashes of one level that follow each other.
#[derive(Default)]
struct Row {
    first: Option<u64>,
    bytes: Vec<u8>,
}

/// Hashes that became complete, by file.
#[derive(Default)]
struct Rows([Row; FILES as usize]);

impl Rows {
    fn push(&mut self, level: u8, index: u64, hash: Hash) {
        if level.is_multiple_of(LEVELS) {
            let row = &mut self.0[usize::from(level / LEVELS)];
            row.first.get_or_insert(index);
            row.bytes.extend_from_slice(hash.as_bytes());
        }
    }
}

impl HashStore {
    /// Opens the files in `directory`, which are made if they do not exist, as far as they can stand for the first
    /// `size` leaves. Whether they do is [`HashReader::check`]'s question.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn open(directory: &Path, size: u64) -> Result<Self, StoreError> {
        std::fs::create_dir_all(directory).map_err(StoreError::io("create", directory))?;
        let files =
            (0..FILES).map(|level| LevelFile::open(directory, level)).collect::<Result<Vec<_>, _>>()?;
        let base = read_base(directory)?;
        let shared = Shared { directory: directory.to_owned(), files, extent: RwLock::default() };
        let mut store = Self { reader: HashReader { shared: Arc::new(shared) }, frontier: Frontier::new() };
        let held = store.length(size)?;
        if base.size() > size || held <= base.size() {
            let base = if base.size() > size { Frontier::new() } else { base };
            store.reset(base)?;
            return Ok(store);
        }
        store.set(Extent { size: held, base });
        match Frontier::of(&store.reader, held) {
            Ok(frontier) => store.frontier = frontier,
            Err(HashError::Store(error)) => return Err(error),
            // A base that is none leads here; whoever opens will find it out when the roots differ.
            Err(_) => store.reset(Frontier::new())?,
        }
        store.cut()?;
        Ok(store)
    }

    /// The most leaves, up to `most`, for which every file is long enough.
    fn length(&self, most: u64) -> Result<u64, StoreError> {
        let mut held = most;
        for (level, file) in (0_u8..).zip(&self.reader.shared.files) {
            let hashes = u128::from(file.length()? / WIDTH);
            // Up to the leaf before the one that completes a hash which the file does not have.
            let until = ((hashes + 1) << (level * LEVELS)) - 1;
            held = held.min(u64::try_from(until).unwrap_or(u64::MAX));
        }
        Ok(held)
    }

    /// Cuts off what the files have beyond their leaves.
    fn cut(&self) -> Result<(), StoreError> {
        for (level, file) in (0..).zip(&self.reader.shared.files) {
            let length = Tile::hashes_of_level(level, self.frontier.size()) * WIDTH;
            if file.length()? != length {
                file.file.set_len(length).map_err(StoreError::io("cut", &file.path))?;
            }
        }
        Ok(())
    }

    /// Begins anew: with nothing, or with a hole below a frontier.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn reset(&mut self, base: Frontier) -> Result<(), StoreError> {
        let path = self.reader.shared.directory.join(BASE);
        if base.size() == 0 {
            remove(&path)?;
        } else {
            let new = path.with_extension("new");
            std::fs::write(&new, encode(&base)).map_err(StoreError::io("write", &new))?;
            std::fs::rename(&new, &path).map_err(StoreError::io("name", &path))?;
        }
        self.set(Extent { size: base.size(), base: base.clone() });
        for (level, file) in (0..).zip(&self.reader.shared.files) {
            let count = Tile::hashes_of_level(level, base.size());
            file.file
                .set_len(0)
                .and_then(|()| file.file.set_len(count * WIDTH))
                .map_err(StoreError::io("cut", &file.path))?;
            if let Some(peak) = count.checked_sub(1).and_then(|last| base.peak(level * LEVELS, last)) {
                file.write(count - 1, peak.as_bytes())?;
            }
        }
        self.frontier = base;
        Ok(())
    }

    fn set(&self, extent: Extent) {
        *self.reader.shared.extent.write().unwrap_or_else(PoisonError::into_inner) = extent;
    }

    /// Leaves that the files stand for.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root over them.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The log below which there is a hole; empty where there is none.
    #[must_use]
    pub fn base(&self) -> Frontier {
        self.reader.extent().base.clone()
    }

    /// A reader of these files, for any thread.
    #[must_use]
    pub fn reader(&self) -> HashReader {
        self.reader.clone()
    }

    /// Appends leaves, with one write a file.
    ///
    /// # Errors
    /// [`StoreError::Io`]; the leaves are then not there, and can be appended again.
    pub fn append(&mut self, leaves: &[Hash]) -> Result<(), StoreError> {
        let mut frontier = self.frontier.clone();
        let mut rows = Rows::default();
        for leaf in leaves {
            frontier.append_with(*leaf, |level, index, hash| rows.push(level, index, hash));
        }
        self.reader.write(rows)?;
        self.frontier = frontier;
        self.reader.shared.extent.write().unwrap_or_else(PoisonError::into_inner).size = self.frontier.size();
        Ok(())
    }
}

impl HashReader {
    fn extent(&self) -> RwLockReadGuard<'_, Extent> {
        self.shared.extent.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, rows: Rows) -> Result<(), StoreError> {
        for (file, row) in self.shared.files.iter().zip(rows.0) {
            if let Some(first) = row.first {
                file.write(first, &row.bytes)?;
            }
        }
        Ok(())
    }

    /// Leaves that the files stand for.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.extent().size
    }

    /// The first leaf behind the hole; 0 where there is none.
    #[must_use]
    pub fn base(&self) -> u64 {
        self.extent().base.size()
    }

    /// The bytes of a tile.
    ///
    /// # Errors
    /// [`HashError`] when it is not within the log, lies in the hole, or cannot be read.
    pub fn tile(&self, tile: Tile) -> Result<Vec<u8>, HashError> {
        let extent = self.extent();
        let (level, span) = (tile.level(), tile.span());
        if !tile.is_within(extent.size) {
            return Err(HashError::Beyond { level: level.saturating_mul(LEVELS), index: span.start() });
        }
        // The subtrees that a hole hides are the first of their level; its last one may be known.
        if extent.hides(level * LEVELS, span.start()) {
            return Err(HashError::Hole { base: extent.base.size() });
        }
        Ok(self.file(level).read(span.start(), u64::from(span.width()))?)
    }

    /// The file of a level of tiles that lies within a log.
    fn file(&self, level: u8) -> &LevelFile {
        &self.shared.files[usize::from(level)]
    }

    /// Whether all that the files hold leads to this root; if not, what is wrong. Every hash is checked against those
    /// that it was made of, and the last ones against the root.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn check(&self, root: &Hash) -> Result<Result<(), String>, StoreError> {
        let extent = self.extent().clone();
        for above in 1..FILES {
            let of_level = |size| Tile::hashes_of_level(above, size);
            let differs = |index: u64| {
                let stored = self.file(above).hash(index)?;
                let made = self.made(&extent, above * LEVELS, index)?;
                Ok::<_, HashError>((stored != made).then_some(index))
            };
            let found = (of_level(extent.base.size())..of_level(extent.size))
                .into_par_iter()
                .find_map_any(|index| differs(index).transpose());
            match found {
                None => {}
                Some(Ok(index)) => {
                    return Ok(Err(format!(
                        "hash {index} of level {above} is not that of the hashes below it"
                    )));
                }
                Some(Err(HashError::Store(error))) => return Err(error),
                Some(Err(error)) => return Ok(Err(error.to_string())),
            }
        }
        match Frontier::of(self, extent.size) {
            Ok(frontier) if frontier.root() == *root => Ok(Ok(())),
            Ok(frontier) => {
                let found = frontier.root();
                Ok(Err(format!("over {} leaves the root is {found}, the log says {root}", extent.size)))
            }
            Err(HashError::Store(error)) => Err(error),
            Err(error) => Ok(Err(error.to_string())),
        }
    }

    /// Fills the hole with the leaves from the first one on, while others read and append. `false`, and the hole stays,
    /// when they do not lead to the frontier behind it.
    ///
    /// # Errors
    /// As the leaves' own, and [`StoreError::Io`] of the files.
    pub fn fill<E: From<StoreError>>(
        &self,
        leaves: impl IntoIterator<Item = Result<Hash, E>>,
    ) -> Result<bool, E> {
        let base = self.extent().base.clone();
        let mut frontier = Frontier::new();
        let (mut rows, mut together) = (Rows::default(), 0);
        for leaf in leaves {
            if frontier.size() == base.size() {
                break;
            }
            frontier.append_with(leaf?, |level, index, hash| rows.push(level, index, hash));
            together += 1;
            if together == FILLED_TOGETHER {
                self.write(std::mem::take(&mut rows))?;
                together = 0;
            }
        }
        self.write(rows)?;
        if frontier != base {
            return Ok(false);
        }
        remove(&self.shared.directory.join(BASE))?;
        self.shared.extent.write().unwrap_or_else(PoisonError::into_inner).base = Frontier::new();
        Ok(true)
    }

    fn read(&self, extent: &Extent, level: u8, index: u64) -> Result<Hash, HashError> {
        let end = index.checked_add(1).and_then(|end| end.checked_mul(1_u64.checked_shl(level.into())?));
        if end.is_none_or(|end| end > extent.size) {
            return Err(HashError::Beyond { level, index });
        }
        if let Some(peak) = extent.base.peak(level, index) {
            return Ok(peak);
        }
        if extent.hides(level, index) {
            return Err(HashError::Hole { base: extent.base.size() });
        }
        if level.is_multiple_of(LEVELS) {
            return Ok(self.file(level / LEVELS).hash(index)?);
        }
        self.made(extent, level, index)
    }

    /// The hash of a subtree above the leaves, made of the hashes in the file below it.
    fn made(&self, extent: &Extent, level: u8, index: u64) -> Result<Hash, HashError> {
        let below = (level - 1) / LEVELS;
        let width = 1_u64 << (level - below * LEVELS);
        if extent.hides(below * LEVELS, index * width) {
            // It begins in the hole: its halves are subtrees of the frontier, or end behind the hole.
            let (left, right) =
                (self.read(extent, level - 1, 2 * index)?, self.read(extent, level - 1, 2 * index + 1)?);
            return Ok(node_hash(&left, &right));
        }
        let bytes = self.file(below).read(index * width, width)?;
        let (hashes, _) = bytes.as_chunks::<{ WIDTH as usize }>();
        Ok(subtree_root(&hashes.iter().copied().map(Hash).collect::<Vec<_>>()))
    }
}

impl Hashes for HashReader {
    type Error = HashError;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, HashError> {
        self.read(&self.extent(), level, index)
    }
}

impl Extent {
    /// Whether a subtree lies in the hole, and is none of the frontier.
    fn hides(&self, level: u8, index: u64) -> bool {
        let complete = self.base.size().checked_shr(level.into()).unwrap_or(0);
        index < complete && self.base.peak(level, index).is_none()
    }
}

impl LevelFile {
    fn open(directory: &Path, level: u8) -> Result<Self, StoreError> {
        let path = directory.join(level.to_string());
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        Ok(Self { file: file.map_err(StoreError::io("open", &path))?, path })
    }

    fn length(&self) -> Result<u64, StoreError> {
        Ok(self.file.metadata().map_err(StoreError::io("look at", &self.path))?.len())
    }

    fn write(&self, first: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.file.write_all_at(bytes, first * WIDTH).map_err(StoreError::io("write", &self.path))
    }

    fn read(&self, first: u64, count: u64) -> Result<Vec<u8>, StoreError> {
        let length = usize::try_from(count * WIDTH).expect("at most a tile");
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, first * WIDTH).map_err(StoreError::io("read", &self.path))?;
        Ok(bytes)
    }

    fn hash(&self, index: u64) -> Result<Hash, StoreError> {
        let mut hash = [0; WIDTH as usize];
        self.file.read_exact_at(&mut hash, index * WIDTH).map_err(StoreError::io("read", &self.path))?;
        Ok(Hash(hash))
    }
}

/// The frontier in the file; an empty one if there is none, or it is none.
fn read_base(directory: &Path) -> Result<Frontier, StoreError> {
    let path = directory.join(BASE);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(codec::decode(&bytes, BASE_LIMIT).unwrap_or_default()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Frontier::new()),
        Err(error) => Err(StoreError::io("read", &path)(error)),
    }
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}
