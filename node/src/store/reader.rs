//! Read blocks and entries of the log by height and by log index, while blocks are being appended.

use super::block::{Entry, StoredBlock};
use super::error::StoreError;
use super::frame::{FrameProblem, decode};
use super::segment::Scan;
use bytes::Bytes;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// The end of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The height of the last block.
    pub height: u64,
    /// How many entries the log has behind that block: the log index of the next one.
    pub size: u64,
}

/// Where a block lies: 24 bytes a block, kept in memory.
#[derive(Clone, Copy, Debug)]
struct Place {
    first_index: u64,
    segment: u32,
    length: u32,
    offset: u64,
}

/// A segment as the reader needs it.
#[derive(Clone, Debug)]
struct Segment {
    path: Arc<PathBuf>,
    salt: u32,
}

/// Which block lies where.
#[derive(Debug, Default)]
pub(crate) struct Table {
    first_height: u64,
    places: Vec<Place>,
    segments: Vec<Segment>,
    size: u64,
}

impl Table {
    /// Adds a segment; the blocks pushed from now on lie in it.
    pub(crate) fn push_segment(&mut self, path: PathBuf, salt: u32) {
        self.segments.push(Segment { path: Arc::new(path), salt });
    }

    /// Adds the next block.
    pub(crate) fn push_block(&mut self, height: u64, next_index: u64, place: super::segment::FramePlace) {
        if self.places.is_empty() {
            self.first_height = height;
        }
        debug_assert_eq!(height, self.first_height + self.places.len() as u64);
        let segment = u32::try_from(self.segments.len()).expect("fewer than 2^32 segments") - 1;
        let super::segment::FramePlace { first_index, offset, length } = place;
        self.places.push(Place { first_index, segment, length, offset });
        self.size = next_index;
    }

    /// Adds a segment with all its blocks.
    pub(crate) fn push_scan(&mut self, scan: &Scan) {
        self.push_segment(scan.path.clone(), scan.header.salt);
        for (frame, height) in scan.frames.iter().zip(scan.header.first_height..) {
            let next = scan.frames.get((height - scan.header.first_height) as usize + 1);
            self.push_block(height, next.map_or(scan.next.1, |next| next.first_index), *frame);
        }
    }

    pub(crate) fn tip(&self) -> Option<Tip> {
        let last = (self.places.len() as u64).checked_sub(1)?;
        Some(Tip { height: self.first_height + last, size: self.size })
    }

    fn locate(&self, height: u64) -> Option<(Place, Segment)> {
        let position = usize::try_from(height.checked_sub(self.first_height)?).ok()?;
        let place = *self.places.get(position)?;
        Some((place, self.segments[place.segment as usize].clone()))
    }

    fn height_of(&self, index: u64) -> Option<u64> {
        if index >= self.size {
            return None;
        }
        let behind = self.places.partition_point(|place| place.first_index <= index);
        Some(self.first_height + (behind as u64).checked_sub(1)?)
    }
}

/// Reads the log. Cheap to clone; every clone sees each block as soon as it is durable.
#[derive(Clone, Debug, Default)]
pub struct LogReader {
    table: Arc<RwLock<Table>>,
}

impl LogReader {
    pub(crate) fn new(table: Table) -> Self {
        Self { table: Arc::new(RwLock::new(table)) }
    }

    /// Changes the table under its lock.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Table)) {
        change(&mut self.table.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn table(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The end of the log, or `None` when it is empty.
    #[must_use]
    pub fn tip(&self) -> Option<Tip> {
        self.table().tip()
    }

    /// The height and the first log index of the oldest block kept, or `None` when the log is empty.
    /// It is not the network's first block where a node started from a snapshot.
    #[must_use]
    pub fn first(&self) -> Option<(u64, u64)> {
        let table = self.table();
        table.places.first().map(|place| (table.first_height, place.first_index))
    }

    /// The height of the block that holds this log index.
    #[must_use]
    pub fn height_of(&self, index: u64) -> Option<u64> {
        self.table().height_of(index)
    }

    /// The block at this height, checked again; `None` when the log does not hold it.
    ///
    /// # Errors
    /// [`StoreError::BadFrame`] when its bytes changed on the disk since the log was opened.
    pub fn block(&self, height: u64) -> Result<Option<StoredBlock>, StoreError> {
        self.read(height, &mut None)
    }

    /// The entry at this log index with the height of its block; `None` when the log does not hold it.
    ///
    /// # Errors
    /// As [`LogReader::block`].
    pub fn entry(&self, index: u64) -> Result<Option<(u64, Entry)>, StoreError> {
        let Some(height) = self.height_of(index) else { return Ok(None) };
        let Some(mut block) = self.block(height)? else { return Ok(None) };
        let place = usize::try_from(index - block.first_index).expect("an index inside a block fits");
        let entry = if place < block.records.len() {
            Entry::Record(block.records.swap_remove(place))
        } else {
            Entry::Seal(block.seal)
        };
        Ok(Some((height, entry)))
    }

    /// The blocks from this height on, up to the tip of the moment when the iterator gets there.
    #[must_use]
    pub fn blocks(&self, from: u64) -> Blocks {
        Blocks { reader: self.clone(), next: from, file: None }
    }

    fn read(&self, height: u64, file: &mut Option<(u32, File)>) -> Result<Option<StoredBlock>, StoreError> {
        let Some((place, segment)) = self.table().locate(height) else { return Ok(None) };
        let path = segment.path.as_path();
        if file.as_ref().is_none_or(|(number, _)| *number != place.segment) {
            *file = Some((place.segment, File::open(path).map_err(StoreError::io("open", path))?));
        }
        let (_, file) = file.as_ref().expect("opened above");
        let mut frame = vec![0; place.length as usize];
        file.read_exact_at(&mut frame, place.offset).map_err(StoreError::io("read", path))?;
        let block = decode(&Bytes::from(frame), segment.salt).and_then(|block| {
            if (block.height, block.first_index) == (height, place.first_index) {
                Ok(block)
            } else {
                Err(FrameProblem::OtherBlock {
                    height: block.height,
                    index: block.first_index,
                    expected_index: place.first_index,
                })
            }
        });
        block.map(Some).map_err(|problem| StoreError::BadFrame {
            path: path.to_owned(),
            offset: place.offset,
            height,
            problem,
        })
    }
}

/// Blocks of the log, in order. It ends at the tip, or behind the first error.
#[derive(Debug)]
pub struct Blocks {
    reader: LogReader,
    next: u64,
    /// The segment last read from, kept open.
    file: Option<(u32, File)>,
}

impl Iterator for Blocks {
    type Item = Result<StoredBlock, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.reader.read(self.next, &mut self.file).transpose()?;
        self.next = if item.is_ok() { self.next + 1 } else { u64::MAX };
        Some(item)
    }
}
