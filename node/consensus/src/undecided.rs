//! Keep undecided blocks until their height is decided, on disk before the engine may vote for them.
//!
//! The vote log names blocks by hash alone; after a crash their bodies must still be here. One file, written from
//! its start again for every height, so that a block costs one write and one `fdatasync`:
//!
//! ```text
//! frame = "TDU1" | head length u32 LE | body length u32 LE | CRC-32 u32 LE | head | body
//! ```
//!
//! Reading stops at the first frame that is torn or not one: it was never acknowledged. Frames of other heights are
//! leftovers and are skipped.

use crate::error::EngineError;
use crate::part::Announced;
use bytes::{BufMut as _, Bytes, BytesMut};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tongda_ledger::codec::{Decode, Encode, decode, encode};
use tongda_ledger::hash::Hash;
use tongda_ledger::vote::Address;

/// An undecided block that was judged valid, or made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Where it stands.
    pub(crate) head: Head,
    /// Its body.
    pub(crate) body: Bytes,
}

/// What is kept beside a body.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Head {
    /// The height.
    pub(crate) height: u64,
    /// The round in which it was first seen here.
    pub(crate) round: u32,
    /// The round from which it was proposed again, if it was.
    pub(crate) valid_round: Option<u32>,
    /// Who leads the round.
    pub(crate) proposer: Address,
    /// The block's hash.
    pub(crate) block: Hash,
    /// The announcement under which it came; none for a block fetched as decided.
    pub(crate) announced: Option<Announced>,
}

/// The undecided blocks of the height that is being decided.
pub(crate) struct Undecided {
    file: Arc<File>,
    path: PathBuf,
    height: u64,
    /// Where the next frame goes.
    end: u64,
    blocks: Vec<Block>,
    /// Blocks read back after a restart, of which the engine has not been told.
    recovered: usize,
    written: u64,
}

const MAGIC: [u8; 4] = *b"TDU1";
const FRAME_HEAD: usize = 16;
const HEAD_LIMIT: usize = 16 << 10;
/// A file longer than this is cut when it starts again.
const KEPT_LENGTH: u64 = 8 << 20;

impl Undecided {
    /// Opens the file and reads back the blocks of `height`.
    pub(crate) fn open(directory: &Path, height: u64) -> Result<Self, EngineError> {
        let path = directory.join("blocks");
        let file = Self::open_file(directory, &path).map_err(|error| EngineError::File {
            doing: "opening",
            path: path.clone(),
            error,
        })?;
        let mut bytes = Vec::new();
        (&file).read_to_end(&mut bytes).map_err(|error| EngineError::File {
            doing: "reading",
            path: path.clone(),
            error,
        })?;
        let (blocks, end) = read_frames(&Bytes::from(bytes), height);
        let recovered = blocks.len();
        Ok(Self { file: Arc::new(file), path, height, end, blocks, recovered, written: 0 })
    }

    fn open_file(directory: &Path, path: &Path) -> io::Result<File> {
        std::fs::create_dir_all(directory)?;
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        File::open(directory)?.sync_all()?;
        Ok(file)
    }

    /// Forgets the blocks of lower heights. Their frames are overwritten by the next.
    pub(crate) fn begin(&mut self, height: u64) {
        self.height = height;
        self.blocks.clear();
        self.recovered = 0;
        self.end = 0;
    }

    /// Keeps a block of the height; on disk before this returns if it must be `durable`. A block that is kept
    /// already is not written again.
    pub(crate) async fn keep(&mut self, block: Block, durable: bool) -> Result<(), EngineError> {
        assert_eq!(block.head.height, self.height, "only blocks of the height being decided are kept");
        if self.get(&block.head.block).is_some() {
            return Ok(());
        }
        if durable {
            let frame = frame(&block);
            let length = frame.len() as u64;
            let (file, at) = (Arc::clone(&self.file), self.end);
            let written = tokio::task::spawn_blocking(move || {
                if at == 0 && file.metadata()?.len() > KEPT_LENGTH {
                    file.set_len(KEPT_LENGTH)?;
                }
                file.write_all_at(&frame, at)?;
                file.sync_data()
            })
            .await
            .unwrap_or_else(|panic| Err(io::Error::other(panic)));
            written.map_err(|error| EngineError::File {
                doing: "writing",
                path: self.path.clone(),
                error,
            })?;
            self.end += length;
            self.written += 1;
        }
        self.blocks.push(block);
        Ok(())
    }

    /// The block with this hash.
    pub(crate) fn get(&self, block: &Hash) -> Option<&Block> {
        self.blocks.iter().find(|kept| kept.head.block == *block)
    }

    /// The block that `proposer` made for a round, not one proposed again.
    pub(crate) fn made(&self, round: u32, proposer: &Address) -> Option<&Block> {
        self.blocks.iter().find(|kept| {
            kept.head.round == round && kept.head.proposer == *proposer && kept.head.valid_round.is_none()
        })
    }

    /// The blocks read back after a restart, once.
    pub(crate) fn take_recovered(&mut self) -> Vec<Head> {
        let heads = self.blocks[..self.recovered].iter().map(|block| block.head.clone()).collect();
        self.recovered = 0;
        heads
    }

    /// How often a block was written and synced.
    #[cfg(test)]
    pub(crate) const fn written(&self) -> u64 {
        self.written
    }
}

fn frame(block: &Block) -> Bytes {
    let head = encode(&block.head);
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&head);
    checksum.update(&block.body);
    let mut frame = BytesMut::with_capacity(FRAME_HEAD + head.len() + block.body.len());
    frame.put_slice(&MAGIC);
    frame.put_u32_le(u32::try_from(head.len()).expect("a head is a few hundred bytes"));
    frame.put_u32_le(u32::try_from(block.body.len()).expect("a body is bounded far below 4 GiB"));
    frame.put_u32_le(checksum.finalize());
    frame.put_slice(&head);
    frame.put_slice(&block.body);
    frame.freeze()
}

/// Reads frames from the start while they are whole; returns the blocks of `height` and where to go on writing.
fn read_frames(file: &Bytes, height: u64) -> (Vec<Block>, u64) {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut at, mut end) = (0, 0);
    while let Some((block, next)) = read_frame(file, at) {
        at = next;
        if block.head.height == height && blocks.iter().all(|kept| kept.head.block != block.head.block) {
            blocks.push(block);
            end = at;
        }
    }
    (blocks, end as u64)
}

fn read_frame(file: &Bytes, at: usize) -> Option<(Block, usize)> {
    let fixed = file.get(at..at.checked_add(FRAME_HEAD)?)?;
    let number = |from: usize| Some(u32::from_le_bytes(fixed.get(from..from + 4)?.try_into().ok()?));
    if fixed.get(..4)? != MAGIC {
        return None;
    }
    let (head_length, body_length) = (number(4)? as usize, number(8)? as usize);
    let head_at = at + FRAME_HEAD;
    let body_at = head_at.checked_add(head_length)?;
    let end = body_at.checked_add(body_length)?;
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(file.get(head_at..end)?);
    if checksum.finalize() != number(12)? {
        return None;
    }
    let head: Head = decode(file.get(head_at..body_at)?, HEAD_LIMIT).ok()?;
    Some((Block { head, body: file.slice(body_at..end) }, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(height: u64, round: u32, fill: u8, length: usize) -> Block {
        let head = Head {
            height,
            round,
            valid_round: None,
            proposer: Address([fill; 20]),
            block: Hash([fill; 32]),
            announced: None,
        };
        Block { head, body: Bytes::from(vec![fill; length]) }
    }

    #[tokio::test]
    async fn blocks_of_the_height_survive_a_restart_and_those_of_others_do_not() {
        let directory = tempfile::tempdir().unwrap();
        let mut undecided = Undecided::open(directory.path(), 7).unwrap();
        undecided.keep(block(7, 0, 1, 5000), true).await.unwrap();
        undecided.keep(block(7, 1, 2, 0), true).await.unwrap();
        undecided.keep(block(7, 2, 3, 10), false).await.unwrap();
        let mut again = Undecided::open(directory.path(), 7).unwrap();
        assert_eq!(again.get(&Hash([1; 32])), Some(&block(7, 0, 1, 5000)));
        assert_eq!(again.made(1, &Address([2; 20])), Some(&block(7, 1, 2, 0)));
        assert_eq!(again.get(&Hash([3; 32])), None, "it was not to be durable");
        assert_eq!(again.take_recovered().len(), 2);
        assert_eq!(again.take_recovered().len(), 0);
        again.begin(8);
        again.keep(block(8, 0, 4, 100), true).await.unwrap();
        let last = Undecided::open(directory.path(), 8).unwrap();
        assert_eq!(last.blocks, [block(8, 0, 4, 100)]);
    }

    #[tokio::test]
    async fn a_block_is_written_once_however_often_it_is_proposed() {
        let directory = tempfile::tempdir().unwrap();
        let mut undecided = Undecided::open(directory.path(), 7).unwrap();
        for round in 0..3 {
            undecided.keep(block(7, round, 1, 100), true).await.unwrap();
        }
        assert_eq!(undecided.written(), 1);
    }

    #[tokio::test]
    async fn a_torn_frame_is_as_if_it_had_never_been_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("blocks");
        let mut undecided = Undecided::open(directory.path(), 7).unwrap();
        undecided.keep(block(7, 0, 1, 300), true).await.unwrap();
        let whole = std::fs::read(&path).unwrap().len();
        undecided.keep(block(7, 1, 2, 300), true).await.unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for cut in [whole + 1, whole + FRAME_HEAD, bytes.len() - 1] {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let torn = Undecided::open(directory.path(), 7).unwrap();
            assert_eq!(torn.blocks, [block(7, 0, 1, 300)]);
            assert_eq!(torn.end, whole as u64);
        }
        let mut flipped = bytes;
        flipped[whole + 100] ^= 1;
        std::fs::write(&path, &flipped).unwrap();
        assert_eq!(Undecided::open(directory.path(), 7).unwrap().blocks.len(), 1);
    }
}
