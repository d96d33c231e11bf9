//! Look at a log's files without opening it: nothing is locked, nothing is changed.
//!
//! On a directory that a node is writing to, the last frame may be seen unfinished.

use super::block::StoredBlock;
use super::error::StoreError;
use super::reader::{LogReader, Table};
use super::segment::{FRAMES_START, Scan, Tail, list};
use std::fmt;
use std::path::{Path, PathBuf};

/// One segment file, every frame of which was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentSummary {
    /// The file.
    pub path: PathBuf,
    /// The network it belongs to.
    pub network: [u8; 32],
    /// The height of its first block, also when that is not written yet.
    pub first_height: u64,
    /// The height of its last good block, if it has one.
    pub last_height: Option<u64>,
    /// The log index of its first entry.
    pub first_index: u64,
    /// The log index behind its last good block.
    pub next_index: u64,
    /// Bytes of header and good frames.
    pub bytes_used: u64,
    /// Bytes of the file.
    pub bytes_reserved: u64,
    /// What is wrong behind the last good frame, if anything is.
    pub fault: Option<String>,
}

/// One block's frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameSummary {
    /// The block's height.
    pub height: u64,
    /// The log index of its first entry.
    pub first_index: u64,
    /// The length of each record, in bytes.
    pub records: Vec<usize>,
    /// The length of the seal, in bytes.
    pub seal: usize,
    /// The length of the commit certificate, in bytes.
    pub certificate: usize,
}

/// All segments of a directory, by ascending height.
///
/// # Errors
/// [`StoreError::Io`], or [`StoreError::BadSegment`] when a header cannot be read. Damaged frames are no error
/// here: they are the summary's `fault`.
pub fn segments(directory: &Path) -> Result<Vec<SegmentSummary>, StoreError> {
    let (paths, _) = list(directory)?;
    paths.iter().map(|path| Scan::of(path).map(|scan| SegmentSummary::of(&scan))).collect()
}

/// The block at `height`, checked; `None` when no segment holds it.
///
/// # Errors
/// As [`segments`]; only the segment that should hold the block is read.
pub fn block(directory: &Path, height: u64) -> Result<Option<StoredBlock>, StoreError> {
    let (paths, _) = list(directory)?;
    let starts_behind = |path: &PathBuf| *path > super::segment::path_of(directory, height);
    let Some(path) = paths.iter().rev().find(|path| !starts_behind(path)) else { return Ok(None) };
    let mut table = Table::default();
    table.push_scan(&Scan::of(path)?);
    LogReader::new(table).block(height)
}

impl SegmentSummary {
    fn of(scan: &Scan) -> Self {
        let fault = match &scan.tail {
            Tail::Clean => None,
            Tail::Torn { problem, bytes } => {
                Some(format!("{bytes} bytes of an unfinished frame at offset {}: {problem}", scan.end))
            }
            Tail::Damaged { problem } => Some(format!("damaged at offset {}: {problem}", scan.end)),
        };
        Self {
            path: scan.path.clone(),
            network: scan.header.network,
            first_height: scan.header.first_height,
            last_height: (!scan.frames.is_empty()).then(|| scan.next.0 - 1),
            first_index: scan.header.first_index,
            next_index: scan.next.1,
            bytes_used: scan.end.max(FRAMES_START),
            bytes_reserved: scan.length,
            fault,
        }
    }
}

impl fmt::Display for SegmentSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        match self.last_height {
            Some(last) => write!(f, "blocks {} to {last}, ", self.first_height)?,
            None => write!(f, "no block yet, starts at {}, ", self.first_height)?,
        }
        write!(f, "log indexes {} to {}, ", self.first_index, self.next_index)?;
        write!(f, "{} of {} bytes used", self.bytes_used, self.bytes_reserved)?;
        self.fault.as_ref().map_or(Ok(()), |fault| write!(f, "; {fault}"))
    }
}

impl FrameSummary {
    /// The summary of a block.
    #[must_use]
    pub fn of(block: &StoredBlock) -> Self {
        Self {
            height: block.height,
            first_index: block.first_index,
            records: block.records.iter().map(bytes::Bytes::len).collect(),
            seal: block.seal.len(),
            certificate: block.certificate.len(),
        }
    }
}

impl fmt::Display for FrameSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seal_index = self.first_index + self.records.len() as u64;
        writeln!(
            f,
            "block {}: {} records, log indexes {} to {seal_index}",
            self.height,
            self.records.len(),
            self.first_index
        )?;
        for (length, index) in self.records.iter().zip(self.first_index..) {
            writeln!(f, "  {index:>12}  record       {length:>8} bytes")?;
        }
        writeln!(f, "  {seal_index:>12}  seal         {:>8} bytes", self.seal)?;
        write!(f, "  {:>12}  certificate  {:>8} bytes", "", self.certificate)
    }
}
