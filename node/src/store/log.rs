//! The log of blocks: segment files, one behind the other, appended to by one writer.
//!
//! ```text
//! open:    list ─► check every frame of every segment ─► contiguous? ─► cut a torn tail ─► table height → place
//! append:  next block? ─► segment full? make the next one ─► one write ─► one fdatasync ─► table
//! ```

use super::block::{Entry, StoredBlock};
use super::error::StoreError;
use super::frame::{FRAME_LIMIT, FrameProblem, encode, frame_length};
use super::lock::{HANDOVER, lock};
use super::reader::{Blocks, LogReader, Table, Tip};
use super::segment::{FRAMES_START, FramePlace, Header, Scan, Tail, create, list, reserve, sync_directory};
use rayon::prelude::*;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// How the log lays out its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogOptions {
    /// Bytes reserved for a segment, from 8 KiB to 1 GiB. A block that is larger gets a larger segment of its own.
    pub segment_bytes: u64,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self { segment_bytes: 64 << 20 }
    }
}

/// What was found when the log was opened.
#[derive(Debug)]
pub struct Opening {
    /// How many segments.
    pub segments: usize,
    /// How many blocks, each of them checked.
    pub blocks: u64,
    /// Bytes of these blocks' frames.
    pub bytes: u64,
    /// The unfinished block that was cut off, if there was one.
    pub cut: Option<Cut>,
}

/// A block that a crash left unfinished at the end of the log, and that was cut off.
#[derive(Debug)]
pub struct Cut {
    /// The last segment.
    pub path: PathBuf,
    /// Where the unfinished frame started.
    pub offset: u64,
    /// How many bytes of it were there.
    pub bytes: u64,
    /// The height that stood there.
    pub height: u64,
    /// What was wrong with it.
    pub problem: FrameProblem,
}

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, offset, bytes, height, problem } = self;
        write!(f, "{bytes} bytes of block {height} in {} at offset {offset}: {problem}", path.display())
    }
}

/// The log, open for appending. Reading is done by [`LogReader`], also from other threads.
#[derive(Debug)]
pub struct SegmentLog {
    directory: PathBuf,
    network: [u8; 32],
    segment_bytes: u64,
    reader: LogReader,
    active: Option<Active>,
    /// What the next block is to be; `None` lets an empty log start anywhere, as behind a snapshot.
    next: Option<(u64, u64)>,
    /// The frame being written, kept to save allocating it for each block.
    frame: Vec<u8>,
    failed: bool,
    /// Held, never read: released when the log is dropped.
    _lock: File,
}

/// A block that was written: its height, the log index behind it, its place.
type Written = (u64, u64, FramePlace);

/// The segment that is appended to.
#[derive(Debug)]
struct Active {
    file: File,
    path: PathBuf,
    salt: u32,
    end: u64,
    capacity: u64,
}

impl SegmentLog {
    /// Opens the log in `directory`, which is made if it does not exist, and checks all of it.
    ///
    /// A torn tail is cut: a bad frame in the last segment with no good frame behind it, which is what a crash in
    /// the middle of an append leaves. Its block was never acknowledged by this node.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process has it open; [`StoreError::OtherNetwork`],
    /// [`StoreError::BadSegment`], [`StoreError::BadFrame`], [`StoreError::MissingBlocks`] when the files are not
    /// this network's whole log. Nothing is skipped and nothing but a torn tail is changed.
    pub fn open(
        directory: &Path,
        network: [u8; 32],
        options: LogOptions,
    ) -> Result<(Self, Opening), StoreError> {
        std::fs::create_dir_all(directory).map_err(StoreError::io("create", directory))?;
        let lock = lock(&directory.join("lock"), HANDOVER)?;
        let (paths, unfinished) = list(directory)?;
        for path in &unfinished {
            std::fs::remove_file(path).map_err(StoreError::io("remove", path))?;
        }
        let scans = paths.par_iter().map(|path| Scan::of(path)).collect::<Vec<_>>();
        let scans = scans.into_iter().collect::<Result<Vec<_>, _>>()?;
        check(&scans, &network)?;
        let cut = scans.last().map(cut_tail).transpose()?.flatten();
        sync_directory(directory)?;

        let mut table = Table::default();
        scans.iter().for_each(|scan| table.push_scan(scan));
        let opening = Opening {
            segments: scans.len(),
            blocks: scans.iter().map(|scan| scan.frames.len() as u64).sum(),
            bytes: scans.iter().map(|scan| scan.end.saturating_sub(FRAMES_START)).sum(),
            cut,
        };
        let segment_bytes = options.segment_bytes.clamp(2 * FRAMES_START, FRAME_LIMIT);
        let log = Self {
            directory: directory.to_owned(),
            network,
            segment_bytes,
            reader: LogReader::new(table),
            active: scans.last().map(|scan| Active::reopen(scan, segment_bytes)).transpose()?,
            next: scans.last().map(|scan| scan.next),
            frame: Vec::new(),
            failed: false,
            _lock: lock,
        };
        Ok((log, opening))
    }

    /// Appends the next block. When this returns, the block is on the disk.
    ///
    /// # Errors
    /// [`StoreError::NotNext`] and [`StoreError::BlockTooLarge`] leave the log as it was. Behind any other error
    /// the log takes no further block until it is opened again ([`StoreError::Unusable`]); reading goes on.
    pub fn append(&mut self, block: &StoredBlock) -> Result<(), StoreError> {
        self.append_all(std::slice::from_ref(block))
    }

    /// Appends the next blocks with one sync for all of them. When this returns, they are on the disk; a crash before
    /// may leave some of them.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn append_all(&mut self, blocks: &[StoredBlock]) -> Result<(), StoreError> {
        if self.failed {
            return Err(StoreError::Unusable { path: self.directory.clone() });
        }
        let mut next = self.next;
        for block in blocks {
            let (expected_height, expected_index) = next.unwrap_or((block.height, block.first_index));
            if (block.height, block.first_index) != (expected_height, expected_index) {
                let (height, index) = (block.height, block.first_index);
                return Err(StoreError::NotNext { expected_height, expected_index, height, index });
            }
            let bytes = frame_length(block);
            if bytes > FRAME_LIMIT {
                return Err(StoreError::BlockTooLarge { height: block.height, bytes, limit: FRAME_LIMIT });
            }
            next = Some((block.height + 1, block.next_index()));
        }
        let mut written = Vec::with_capacity(blocks.len());
        let result = blocks
            .iter()
            .try_for_each(|block| self.write(block, frame_length(block), &mut written))
            .and_then(|()| self.settle(&mut written));
        self.failed = result.is_err();
        result
    }

    fn write(
        &mut self,
        block: &StoredBlock,
        bytes: u64,
        written: &mut Vec<Written>,
    ) -> Result<(), StoreError> {
        let fits = |active: &Active| active.end + bytes <= active.capacity;
        if self.active.as_ref().is_some_and(|active| !fits(active) && active.end > FRAMES_START) {
            // A full segment is done with: what was written to it is synced before the next one is begun.
            self.settle(written)?;
            self.active = None;
        }
        let mut active = match self.active.take() {
            Some(active) if fits(&active) => active,
            Some(mut active) => {
                active.capacity = active.end + bytes;
                reserve(&active.file, active.capacity)
                    .map_err(StoreError::io("reserve space for", &active.path))?;
                active
            }
            None => self.rotate(block, bytes)?,
        };
        encode(block, active.salt, &mut self.frame);
        active.file.write_all_at(&self.frame, active.end).map_err(StoreError::io("write", &active.path))?;
        let place = FramePlace {
            first_index: block.first_index,
            offset: active.end,
            length: u32::try_from(bytes).expect("below the frame limit"),
        };
        active.end += bytes;
        self.active = Some(active);
        self.next = Some((block.height + 1, block.next_index()));
        written.push((block.height, block.next_index(), place));
        Ok(())
    }

    /// Makes durable what was written to the active segment, and shows it to readers.
    fn settle(&mut self, written: &mut Vec<Written>) -> Result<(), StoreError> {
        let Some(active) = self.active.as_ref().filter(|_| !written.is_empty()) else { return Ok(()) };
        active.file.sync_data().map_err(StoreError::io("sync", &active.path))?;
        self.reader.update(|table| {
            for (height, next_index, place) in written.drain(..) {
                table.push_block(height, next_index, place);
            }
        });
        Ok(())
    }

    /// Makes the segment that starts with `block`.
    fn rotate(&self, block: &StoredBlock, bytes: u64) -> Result<Active, StoreError> {
        let header = Header {
            salt: rand::random(),
            network: self.network,
            first_height: block.height,
            first_index: block.first_index,
        };
        let capacity = self.segment_bytes.max(FRAMES_START + bytes);
        let (path, file) = create(&self.directory, &header, capacity)?;
        self.reader.update(|table| table.push_segment(path.clone(), header.salt));
        Ok(Active { file, path, salt: header.salt, end: FRAMES_START, capacity })
    }

    /// A reader of this log, for any thread.
    #[must_use]
    pub fn reader(&self) -> LogReader {
        self.reader.clone()
    }

    /// See [`LogReader::tip`].
    #[must_use]
    pub fn tip(&self) -> Option<Tip> {
        self.reader.tip()
    }

    /// See [`LogReader::block`].
    ///
    /// # Errors
    /// As there.
    pub fn block(&self, height: u64) -> Result<Option<StoredBlock>, StoreError> {
        self.reader.block(height)
    }

    /// See [`LogReader::entry`].
    ///
    /// # Errors
    /// As there.
    pub fn entry(&self, index: u64) -> Result<Option<(u64, Entry)>, StoreError> {
        self.reader.entry(index)
    }

    /// See [`LogReader::blocks`].
    #[must_use]
    pub fn blocks(&self, from: u64) -> Blocks {
        self.reader.blocks(from)
    }
}

impl Active {
    /// Goes on with the last segment of an opened log.
    ///
    /// The last frame is written once more and synced: the process that appended it may have ended before its
    /// sync, or the sync may have failed, and then the bytes that were checked are in memory only.
    fn reopen(scan: &Scan, segment_bytes: u64) -> Result<Self, StoreError> {
        let path = &scan.path;
        let file =
            OpenOptions::new().read(true).write(true).open(path).map_err(StoreError::io("open", path))?;
        if let Some(last) = scan.frames.last() {
            let mut frame = vec![0; last.length as usize];
            file.read_exact_at(&mut frame, last.offset)
                .and_then(|()| file.write_all_at(&frame, last.offset))
                .and_then(|()| file.sync_data())
                .map_err(StoreError::io("settle the last block of", path))?;
        }
        let capacity = scan.length.max(segment_bytes);
        reserve(&file, capacity).map_err(StoreError::io("reserve space for", path))?;
        Ok(Self { file, path: path.clone(), salt: scan.header.salt, end: scan.end, capacity })
    }
}

/// Checks that the segments are one network's, follow each other, and are whole but for the end of the last.
fn check(scans: &[Scan], network: &[u8; 32]) -> Result<(), StoreError> {
    for (position, scan) in scans.iter().enumerate() {
        if scan.header.network != *network {
            let hex = |id: &[u8; 32]| id.iter().map(|byte| format!("{byte:02x}")).collect();
            return Err(StoreError::OtherNetwork {
                path: scan.path.clone(),
                found: hex(&scan.header.network),
                expected: hex(network),
            });
        }
        let last = position + 1 == scans.len();
        match &scan.tail {
            Tail::Clean => {}
            Tail::Torn { .. } if last => {}
            Tail::Torn { problem, .. } | Tail::Damaged { problem } => {
                return Err(scan.bad_frame(problem.clone()));
            }
        }
    }
    for pair in scans.windows(2) {
        let (height, index) = pair[0].next;
        let header = &pair[1].header;
        if header.first_height > height {
            return Err(StoreError::MissingBlocks {
                path: pair[1].path.clone(),
                from: height,
                to: header.first_height - 1,
            });
        }
        if (header.first_height, header.first_index) != (height, index) {
            let problem = format!(
                "it starts with block {} at log index {}, but block {height} at log index {index} comes next",
                header.first_height, header.first_index
            );
            return Err(StoreError::BadSegment { path: pair[1].path.clone(), problem });
        }
    }
    Ok(())
}

/// Cuts the torn tail of the last segment, if it has one.
fn cut_tail(scan: &Scan) -> Result<Option<Cut>, StoreError> {
    let Tail::Torn { problem, bytes } = &scan.tail else { return Ok(None) };
    let path = &scan.path;
    let file = OpenOptions::new().write(true).open(path).map_err(StoreError::io("open", path))?;
    file.set_len(scan.end)
        .and_then(|()| file.sync_all())
        .map_err(StoreError::io("cut the torn tail of", path))?;
    Ok(Some(Cut {
        path: path.clone(),
        offset: scan.end,
        bytes: *bytes,
        height: scan.next.0,
        problem: problem.clone(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn block(height: u64) -> StoredBlock {
        StoredBlock {
            height,
            first_index: (height - 1) * 2,
            records: vec![Bytes::from(vec![7; 100])],
            seal: Bytes::from_static(b"seal"),
            certificate: Bytes::from_static(b"certificate"),
        }
    }

    #[test]
    fn blocks_appended_together_are_read_one_by_one_across_segments() {
        let directory = tempfile::tempdir().unwrap();
        let options = LogOptions { segment_bytes: 8192 };
        let (mut log, _) = SegmentLog::open(directory.path(), [1; 32], options).unwrap();
        log.append(&block(1)).unwrap();
        let together: Vec<_> = (2..=100).map(block).collect();
        let gap = [block(2), block(4)];
        assert!(matches!(log.append_all(&gap), Err(StoreError::NotNext { height: 4, .. })));
        assert_eq!(log.tip(), Some(Tip { height: 1, size: 2 }), "nothing of it was written");
        log.append_all(&together).unwrap();
        log.append_all(&[]).unwrap();
        let read = |log: &SegmentLog| log.blocks(1).collect::<Result<Vec<_>, _>>().unwrap();
        assert_eq!(read(&log)[1..], together);
        drop(log);
        let (log, opening) = SegmentLog::open(directory.path(), [1; 32], options).unwrap();
        assert!(opening.segments > 2 && opening.cut.is_none(), "{opening:?}");
        assert_eq!(read(&log)[1..], together);
    }

    #[test]
    fn an_append_that_fails_closes_the_log_to_writing_until_it_is_opened_again() {
        let directory = tempfile::tempdir().unwrap();
        let options = LogOptions::default();
        let (mut log, _) = SegmentLog::open(directory.path(), [1; 32], options).unwrap();
        log.append(&block(1)).unwrap();
        let active = log.active.as_mut().unwrap();
        active.file = File::open(&active.path).unwrap();
        assert!(matches!(log.append(&block(2)), Err(StoreError::Io { doing: "write", .. })));
        assert!(matches!(log.append(&block(2)), Err(StoreError::Unusable { .. })));
        assert_eq!(log.block(1).unwrap(), Some(block(1)), "reading goes on");
        assert_eq!(log.block(2).unwrap(), None);
        drop(log);
        let (mut log, opening) = SegmentLog::open(directory.path(), [1; 32], options).unwrap();
        assert!(opening.cut.is_none());
        log.append(&block(2)).unwrap();
        assert_eq!(log.tip(), Some(Tip { height: 2, size: 4 }));
    }
}
