//! Keep the published checkpoints: a file that is appended to, in which one is found by its size.
//!
//! ```text
//! file    "TDCOSIGN" ‖ version u32 (=1) ‖ network 32 ‖ crc32 u32, then frame behind frame, sizes never descending
//! frame   length u32 ‖ crc32 u32 ‖ body
//! body    height u64 ‖ size u64 ‖ root 32 ‖ time of the quorum u64 ‖ cosignatures u16
//!         ‖ (signer 20 ‖ key 32 ‖ time u64 ‖ signature 64)…
//! ```
//! Integers are little-endian; the checksum is of length and body. A size may stand twice: the later frame has more
//! cosignatures and counts. Every 32nd size is kept in memory with its place. What follows a frame that cannot be read is
//! moved into a file beside, for nothing behind it can be found.

use super::checkpoints::{Line, Published};
use super::tree::{CosignedTree, Tree};
use crate::store::{StoreError, sync_directory};
use bytes::{Buf, BufMut};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::PublicKey;
use tongda_ledger::tree::Cosignature;
use tongda_ledger::vote::{Address, NetworkId};

const MAGIC: &[u8; 8] = b"TDCOSIGN";
const VERSION: u32 = 1;
const HEAD: u64 = 48;
const FRAME_HEAD: usize = 8;
const BODY_HEAD: usize = 58;
const LINE: usize = 124;

/// Cosignatures of a checkpoint at most; a network has no more validators.
const LINES: usize = 1024;

/// The longest body.
const BODY_LIMIT: usize = BODY_HEAD + LINES * LINE;

/// Sizes from one entry of the index in memory to the next.
const SPARSE: usize = 32;

/// A checkpoint as the file has it: without the node's own line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) height: u64,
    pub(super) tree: Tree,
    pub(super) time: u64,
    pub(super) lines: Vec<Line>,
}

/// The file, and where in it sizes are found.
#[derive(Debug)]
pub(super) struct History {
    path: PathBuf,
    file: File,
    end: u64,
    index: Vec<(u64, u64)>,
    /// Sizes since the last entry of the index.
    since: usize,
    last: u64,
}

/// What was found when the file was opened.
pub(super) struct Opened {
    pub(super) newest: Option<Record>,
    /// The newest cosignature of every signer.
    pub(super) of_signers: Vec<CosignedTree>,
    /// What was moved away, told in words.
    pub(super) damage: Option<String>,
}

impl Record {
    fn frame(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(BODY_HEAD + self.lines.len() * LINE);
        body.put_u64_le(self.height);
        body.put_u64_le(self.tree.size);
        body.put_slice(self.tree.root.as_bytes());
        body.put_u64_le(self.time);
        body.put_u16_le(u16::try_from(self.lines.len()).expect("a network has at most 1,024 validators"));
        for line in &self.lines {
            body.put_slice(&line.signer.0);
            body.put_slice(&line.key);
            body.put_u64_le(line.cosignature.time);
            body.put_slice(&line.cosignature.signature);
        }
        let length = u32::try_from(body.len()).expect("a body is bounded");
        let mut frame = Vec::with_capacity(FRAME_HEAD + body.len());
        frame.put_u32_le(length);
        frame.put_u32_le(checksum(length, &body));
        frame.put_slice(&body);
        frame
    }

    fn parse(mut body: &[u8]) -> Option<Self> {
        let (height, size) = (body.try_get_u64_le().ok()?, body.try_get_u64_le().ok()?);
        let root = Hash(take(&mut body)?);
        let (time, count) = (body.try_get_u64_le().ok()?, usize::from(body.try_get_u16_le().ok()?));
        if count > LINES || body.len() != count * LINE {
            return None;
        }
        let mut lines = Vec::with_capacity(count);
        for _ in 0..count {
            let (signer, key) = (Address(take(&mut body)?), take(&mut body)?);
            let cosignature = Cosignature { time: body.try_get_u64_le().ok()?, signature: take(&mut body)? };
            lines.push(Line { signer, key, cosignature });
        }
        Some(Self { height, tree: Tree { size, root }, time, lines })
    }
}

fn take<const N: usize>(buffer: &mut &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    buffer.try_copy_to_slice(&mut bytes).ok()?;
    Some(bytes)
}

fn checksum(length: u32, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(body);
    hasher.finalize()
}

/// The next frame; `None` at the end of the file, and where none can be read.
fn next(reader: &mut impl Read) -> io::Result<Option<(Record, u64)>> {
    let mut head = [0; FRAME_HEAD];
    if !fill(reader, &mut head)? {
        return Ok(None);
    }
    let mut numbers = head.as_slice();
    let (length, crc) = (numbers.get_u32_le(), numbers.get_u32_le());
    if length as usize > BODY_LIMIT {
        return Ok(None);
    }
    let mut body = vec![0; length as usize];
    if !fill(reader, &mut body)? || checksum(length, &body) != crc {
        return Ok(None);
    }
    let bytes = (FRAME_HEAD + body.len()) as u64;
    Ok(Record::parse(&body).map(|record| (record, bytes)))
}

/// Whether the buffer could be filled.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(buffer) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}

fn head(network: &NetworkId) -> Vec<u8> {
    let mut head = Vec::with_capacity(48);
    head.put_slice(MAGIC);
    head.put_u32_le(VERSION);
    head.put_slice(network.0.as_bytes());
    let crc = crc32fast::hash(&head);
    head.put_u32_le(crc);
    head
}

impl History {
    /// Opens the file, which is made if it is not there, and reads all of it.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read or written, or is another network's.
    pub(super) fn open(path: &Path, network: &NetworkId) -> Result<(Self, Opened), StoreError> {
        let directory = crate::store::parent_of(path);
        std::fs::create_dir_all(directory).map_err(StoreError::io("create", directory))?;
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(StoreError::io("open", path))?;
        let length = file.metadata().map_err(StoreError::io("read", path))?.len();
        let expected = head(network);
        if length < HEAD {
            // Nothing, or what a crash left of the head.
            file.write_all_at(&expected, 0)
                .and_then(|()| file.set_len(HEAD))
                .and_then(|()| file.sync_all())
                .map_err(StoreError::io("write", path))?;
            sync_directory(directory)?;
        } else {
            let mut found = [0; 48];
            file.read_exact_at(&mut found, 0).map_err(StoreError::io("read", path))?;
            if found[..] != expected[..] {
                let problem = "it is no history of this network's checkpoints; move it away".to_owned();
                return Err(StoreError::BadSegment { path: path.to_owned(), problem });
            }
        }
        let mut history =
            Self { path: path.to_owned(), file, end: HEAD, index: Vec::new(), since: 0, last: 0 };
        let opened = history.read_all(length.max(HEAD))?;
        Ok((history, opened))
    }

    fn read_all(&mut self, length: u64) -> Result<Opened, StoreError> {
        let path = self.path.clone();
        let io = || StoreError::io("read", &path);
        let mut reader = BufReader::with_capacity(1 << 20, self.file.try_clone().map_err(io())?);
        reader.seek(SeekFrom::Start(HEAD)).map_err(io())?;
        let (mut newest, mut of_signers) = (None::<Record>, BTreeMap::new());
        while let Some((record, bytes)) = next(&mut reader).map_err(io())? {
            if record.tree.size < self.last {
                break;
            }
            for line in &record.lines {
                let Line { signer, cosignature, .. } = *line;
                of_signers.insert(signer, CosignedTree { tree: record.tree, signer, cosignature });
            }
            self.note(record.tree.size, bytes);
            newest = Some(record);
        }
        let damage = if self.end < length { Some(self.cut(length)?) } else { None };
        Ok(Opened { newest, of_signers: of_signers.into_values().collect(), damage })
    }

    /// Takes note of a frame at the end.
    fn note(&mut self, size: u64, bytes: u64) {
        if self.index.is_empty() || (size != self.last && self.since >= SPARSE) {
            self.index.push((size, self.end));
            self.since = 0;
        }
        if size != self.last {
            self.since += 1;
        }
        self.last = size;
        self.end += bytes;
    }

    /// Cuts off what cannot be read, and keeps it in a file beside.
    fn cut(&self, length: u64) -> Result<String, StoreError> {
        let aside = self.path.with_extension("damaged");
        let mut from = self.file.try_clone().map_err(StoreError::io("read", &self.path))?;
        from.seek(SeekFrom::Start(self.end)).map_err(StoreError::io("read", &self.path))?;
        let mut to = File::create(&aside).map_err(StoreError::io("create", &aside))?;
        io::copy(&mut from, &mut to).and_then(|_| to.sync_all()).map_err(StoreError::io("write", &aside))?;
        self.file
            .set_len(self.end)
            .and_then(|()| self.file.sync_all())
            .map_err(StoreError::io("cut", &self.path))?;
        let (bytes, end, path) = (length - self.end, self.end, self.path.display());
        Ok(format!("{bytes} bytes of {path} from offset {end} on, moved to {}", aside.display()))
    }

    /// Appends a checkpoint; durable when this returns.
    pub(super) fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        let frame = record.frame();
        // A frame that was written in part is written over by the next one.
        self.file
            .write_all_at(&frame, self.end)
            .and_then(|()| self.file.sync_data())
            .map_err(StoreError::io("write", &self.path))?;
        self.note(record.tree.size, frame.len() as u64);
        Ok(())
    }

    /// The frames between two entries of the index, each size once.
    fn stretch(&self, place: usize) -> Result<Vec<Record>, StoreError> {
        let Some((_, from)) = self.index.get(place) else { return Ok(Vec::new()) };
        let until = self.index.get(place + 1).map_or(self.end, |(_, next)| *next);
        let length = usize::try_from(until - from).map_err(io::Error::other);
        let length = length.map_err(StoreError::io("read", &self.path))?;
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, *from).map_err(StoreError::io("read", &self.path))?;
        let mut records: Vec<Record> = Vec::with_capacity(SPARSE + 1);
        let mut rest = bytes.as_slice();
        while let Some((record, _)) = next(&mut rest).map_err(StoreError::io("read", &self.path))? {
            if records.last().is_some_and(|last| last.tree.size == record.tree.size) {
                records.pop();
            }
            records.push(record);
        }
        Ok(records)
    }

    /// The smallest checkpoint of at least this size.
    pub(super) fn covering(&self, size: u64) -> Result<Option<Record>, StoreError> {
        let place = self.index.partition_point(|(first, _)| *first <= size).saturating_sub(1);
        for place in [place, place + 1] {
            let found = self.stretch(place)?.into_iter().find(|record| record.tree.size >= size);
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The checkpoints below this size, the largest first, at most `limit`.
    pub(super) fn before(&self, size: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let mut found = Vec::new();
        let places = self.index.partition_point(|(first, _)| *first < size);
        for place in (0..places).rev() {
            let stretch = self.stretch(place)?;
            let below = stretch.into_iter().rev().filter(|record| record.tree.size < size);
            found.extend(below.take(limit - found.len()));
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }
}

/// How many frames a history has and the size of its newest checkpoint, changing nothing; or what is wrong with it.
pub(super) fn look(path: &Path, network: &NetworkId) -> Result<Result<(u64, u64), String>, StoreError> {
    let file = File::open(path).map_err(StoreError::io("read", path))?;
    let length = file.metadata().map_err(StoreError::io("read", path))?.len();
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let mut found = [0; 48];
    if !fill(&mut reader, &mut found).map_err(StoreError::io("read", path))? || found[..] != head(network)[..]
    {
        return Ok(Err("it is no history of this network's checkpoints".into()));
    }
    let (mut end, mut count, mut newest) = (HEAD, 0, 0);
    while let Some((record, bytes)) = next(&mut reader).map_err(StoreError::io("read", path))? {
        (end, count, newest) = (end + bytes, count + 1, record.tree.size);
    }
    if end == length {
        return Ok(Ok((count, newest)));
    }
    // A node that runs may just be writing there.
    Ok(Err(format!("{} bytes from offset {end} on cannot be read", length.saturating_sub(end))))
}

impl From<&Arc<Published>> for Record {
    fn from(published: &Arc<Published>) -> Self {
        let Published { height, tree, time, lines, .. } = published.as_ref();
        Self { height: *height, tree: *tree, time: *time, lines: lines.clone() }
    }
}

impl Line {
    /// The public key.
    pub(super) fn public(&self) -> PublicKey {
        PublicKey::ed25519(self.key)
    }
}

#[cfg(test)]
mod tests;
