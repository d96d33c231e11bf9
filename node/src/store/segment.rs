//! One segment file: its header, its creation, and the check of every frame in it.
//!
//! ```text
//!   0                 8            12        16            48                56               64      68
//!   ┌─────────────────┬────────────┬─────────┬─────────────┬─────────────────┬────────────────┬───────┐
//!   │ "TDSEGMNT"      │ version u32│ salt u32│ network [32]│ first height u64│ first index u64│ crc32 │
//!   └─────────────────┴────────────┴─────────┴─────────────┴─────────────────┴────────────────┴───────┘
//!   4,096: the first frame, then frame behind frame; zero bytes from the end of the last frame to the end of file
//! ```
//!
//! Integers are little-endian; the CRC-32 is of the 64 bytes before it. The header has a page of its own, which
//! is never written again. A segment gets its name only when header and space are on the disk: a file that ends
//! in `.new` is what a crash left of that, and is removed.

use super::error::StoreError;
use super::frame::{FrameProblem, HEAD_LENGTH, Head, Outline, find};
use rustix::fs::{FallocateFlags, fallocate};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

const MAGIC: [u8; 8] = *b"TDSEGMNT";
const VERSION: u32 = 1;
const HEADER_LENGTH: usize = 68;
/// Where the first frame starts.
pub(crate) const FRAMES_START: u64 = 4096;
const SUFFIX: &str = ".seg";
const UNFINISHED: &str = ".seg.new";
const READ_BUFFER: usize = 1 << 20;

/// What a segment says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) salt: u32,
    pub(crate) network: [u8; 32],
    pub(crate) first_height: u64,
    pub(crate) first_index: u64,
}

impl Header {
    pub(crate) fn encode(&self) -> [u8; HEADER_LENGTH] {
        let mut bytes = [0; HEADER_LENGTH];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.salt.to_le_bytes());
        bytes[16..48].copy_from_slice(&self.network);
        bytes[48..56].copy_from_slice(&self.first_height.to_le_bytes());
        bytes[56..64].copy_from_slice(&self.first_index.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..64]);
        bytes[64..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads a header; the error says what is wrong with it.
    pub(crate) fn decode(bytes: &[u8; HEADER_LENGTH]) -> Result<Self, String> {
        fn part<const N: usize>(bytes: &[u8; HEADER_LENGTH], at: usize) -> [u8; N] {
            *bytes[at..].first_chunk().expect("every part lies inside the header")
        }
        if part::<8>(bytes, 0) != MAGIC {
            return Err("this is not a segment file: its magic bytes are missing".into());
        }
        let version = u32::from_le_bytes(part(bytes, 8));
        if version != VERSION {
            return Err(format!("format version {version}; this program reads version {VERSION}"));
        }
        if crc32fast::hash(&bytes[..64]) != u32::from_le_bytes(part(bytes, 64)) {
            return Err("the header's checksum is wrong".into());
        }
        Ok(Self {
            salt: u32::from_le_bytes(part(bytes, 12)),
            network: part(bytes, 16),
            first_height: u64::from_le_bytes(part(bytes, 48)),
            first_index: u64::from_le_bytes(part(bytes, 56)),
        })
    }

    /// Reads the header of the segment at `path` and checks that it stands under its own name.
    pub(crate) fn read(path: &Path, file: &File) -> Result<Self, StoreError> {
        let bad = |problem| StoreError::BadSegment { path: path.to_owned(), problem };
        let mut bytes = [0; HEADER_LENGTH];
        file.read_exact_at(&mut bytes, 0).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => bad("the file is shorter than a header".into()),
            _ => StoreError::io("read", path)(error),
        })?;
        let header = Self::decode(&bytes).map_err(bad)?;
        if path.file_name() != path_of(Path::new(""), header.first_height).file_name() {
            return Err(bad(format!("the file holds blocks from height {}", header.first_height)));
        }
        Ok(header)
    }
}

/// The path of the segment whose first block is `height`.
pub(crate) fn path_of(directory: &Path, height: u64) -> PathBuf {
    directory.join(format!("{height:020}{SUFFIX}"))
}

/// The segments of a directory by ascending height, and the unfinished files beside them.
pub(crate) fn list(directory: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), StoreError> {
    let (mut segments, mut unfinished) = (Vec::new(), Vec::new());
    for entry in directory.read_dir().map_err(StoreError::io("list", directory))? {
        let path = entry.map_err(StoreError::io("list", directory))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(UNFINISHED) {
            unfinished.push(path);
        } else if name.ends_with(SUFFIX) {
            segments.push(path);
        }
    }
    segments.sort();
    Ok((segments, unfinished))
}

/// Makes a segment of `capacity` bytes. When this returns, header, space and name are on the disk.
pub(crate) fn create(
    directory: &Path,
    header: &Header,
    capacity: u64,
) -> Result<(PathBuf, File), StoreError> {
    let path = path_of(directory, header.first_height);
    let unfinished = path.with_extension("seg.new");
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&unfinished)
        .map_err(StoreError::io("create", &unfinished))?;
    reserve(&file, capacity).map_err(StoreError::io("reserve space for", &unfinished))?;
    file.write_all_at(&header.encode(), 0).map_err(StoreError::io("write", &unfinished))?;
    file.sync_all().map_err(StoreError::io("sync", &unfinished))?;
    std::fs::rename(&unfinished, &path).map_err(StoreError::io("name", &path))?;
    sync_directory(directory)?;
    Ok((path, file))
}

/// Makes the file `capacity` bytes long, of zero bytes behind what it holds, with the space taken on the disk
/// where the file system can do that.
pub(crate) fn reserve(file: &File, capacity: u64) -> io::Result<()> {
    match fallocate(file, FallocateFlags::empty(), 0, capacity) {
        Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {
            let length = file.metadata()?.len();
            file.set_len(length.max(capacity))
        }
        other => other.map_err(io::Error::from),
    }
}

/// Makes names that were created, changed or removed in a directory durable.
pub(crate) fn sync_directory(directory: &Path) -> Result<(), StoreError> {
    File::open(directory).and_then(|file| file.sync_all()).map_err(StoreError::io("sync", directory))
}

/// Where a block's frame lies in its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FramePlace {
    pub(crate) first_index: u64,
    pub(crate) offset: u64,
    /// With its head.
    pub(crate) length: u32,
}

/// What stands behind a segment's last good frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Zero bytes, or nothing.
    Clean,
    /// A frame that was never finished: behind it, no frame was written.
    Torn { problem: FrameProblem, bytes: u64 },
    /// Damage: a good frame stands behind it, or a whole frame of another block stands here.
    Damaged { problem: FrameProblem },
}

/// A segment, every frame of which was checked.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) path: PathBuf,
    pub(crate) header: Header,
    /// One for each block from the header's first height.
    pub(crate) frames: Vec<FramePlace>,
    /// Where the good frames end.
    pub(crate) end: u64,
    /// The height and the log index that come next.
    pub(crate) next: (u64, u64),
    pub(crate) tail: Tail,
    /// The file's length.
    pub(crate) length: u64,
}

impl Scan {
    /// Reads the segment from start to end, writing nothing.
    pub(crate) fn of(path: &Path) -> Result<Self, StoreError> {
        let unreadable = |error| StoreError::io("read", path)(error);
        let file = File::open(path).map_err(StoreError::io("open", path))?;
        let header = Header::read(path, &file)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let mut scan = Self {
            path: path.to_owned(),
            header,
            frames: Vec::new(),
            end: FRAMES_START,
            next: (header.first_height, header.first_index),
            tail: Tail::Clean,
            length,
        };
        let mut reader = BufReader::with_capacity(READ_BUFFER, &file);
        reader.seek(SeekFrom::Start(FRAMES_START)).map_err(unreadable)?;
        let mut body = Vec::new();
        while let Some(problem) = scan.frame(&mut reader, &mut body).map_err(unreadable)? {
            match problem {
                Ok(()) => {}
                Err(problem) => {
                    scan.tail = scan.judge(problem, &file).map_err(unreadable)?;
                    break;
                }
            }
        }
        Ok(scan)
    }

    /// Checks the next frame. `None` at the end of the file.
    fn frame(
        &mut self,
        reader: &mut impl Read,
        body: &mut Vec<u8>,
    ) -> io::Result<Option<Result<(), FrameProblem>>> {
        let left = self.length.saturating_sub(self.end);
        if left < HEAD_LENGTH as u64 {
            return Ok((left > 0).then_some(Err(FrameProblem::Magic)));
        }
        let mut head = [0; HEAD_LENGTH];
        reader.read_exact(&mut head)?;
        let head = match Head::parse(&head, left - HEAD_LENGTH as u64) {
            Ok(head) => head,
            Err(problem) => return Ok(Some(Err(problem))),
        };
        body.resize(head.length as usize, 0);
        reader.read_exact(body)?;
        Ok(Some(self.accept(head, body)))
    }

    fn accept(&mut self, head: Head, body: &[u8]) -> Result<(), FrameProblem> {
        head.check(self.header.salt, body)?;
        let outline = Outline::parse(body)?;
        let (height, first_index) = self.next;
        if (outline.height, outline.first_index) != (height, first_index) {
            return Err(FrameProblem::OtherBlock {
                height: outline.height,
                index: outline.first_index,
                expected_index: first_index,
            });
        }
        let length = head.length + HEAD_LENGTH as u32;
        self.frames.push(FramePlace { first_index, offset: self.end, length });
        self.end += u64::from(length);
        self.next = (height + 1, outline.next_index());
        Ok(())
    }

    /// Tells the end of the data from a torn tail, and a torn tail from damage.
    fn judge(&self, problem: FrameProblem, file: &File) -> io::Result<Tail> {
        if matches!(problem, FrameProblem::OtherBlock { .. }) {
            return Ok(Tail::Damaged { problem });
        }
        let rest = usize::try_from(self.length.saturating_sub(self.end)).map_err(io::Error::other)?;
        let mut rest = vec![0; rest];
        file.read_exact_at(&mut rest, self.end)?;
        let Some(last) = rest.iter().rposition(|byte| *byte != 0) else { return Ok(Tail::Clean) };
        Ok(match find(&rest[1..], self.header.salt, self.next.0) {
            Some(_) => Tail::Damaged { problem },
            None => Tail::Torn { problem, bytes: last as u64 + 1 },
        })
    }

    /// The error that names the place of the first bad frame.
    pub(crate) fn bad_frame(&self, problem: FrameProblem) -> StoreError {
        StoreError::BadFrame { path: self.path.clone(), offset: self.end, height: self.next.0, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header { salt: 5, network: [7; 32], first_height: 3, first_index: 21 }
    }

    #[test]
    fn the_golden_header_is_written_and_read() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/vectors/segment.json")).unwrap();
        let golden = &vectors["header"];
        let header = Header {
            salt: u32::try_from(golden["salt"].as_u64().unwrap()).unwrap(),
            network: hex::decode(golden["network"].as_str().unwrap()).unwrap().try_into().unwrap(),
            first_height: golden["first_height"].as_u64().unwrap(),
            first_index: golden["first_index"].as_u64().unwrap(),
        };
        assert_eq!(hex::encode(header.encode()), golden["bytes"].as_str().unwrap());
        assert_eq!(Header::decode(&header.encode()), Ok(header));
    }

    #[test]
    fn every_changed_byte_of_a_header_is_noticed() {
        for place in 0..HEADER_LENGTH {
            let mut bytes = header().encode();
            bytes[place] ^= 1;
            assert!(Header::decode(&bytes).is_err(), "byte {place}");
        }
    }

    #[test]
    fn a_segment_under_another_name_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let (path, _) = create(directory.path(), &header(), 8192).unwrap();
        assert_eq!(path.file_name().unwrap(), "00000000000000000003.seg");
        let moved = path_of(directory.path(), 4);
        std::fs::rename(path, &moved).unwrap();
        assert!(matches!(Scan::of(&moved), Err(StoreError::BadSegment { .. })));
    }

    #[test]
    fn a_new_segment_is_empty_and_has_its_space() {
        let directory = tempfile::tempdir().unwrap();
        let (path, _) = create(directory.path(), &header(), 1 << 20).unwrap();
        let scan = Scan::of(&path).unwrap();
        assert_eq!((scan.length, scan.end, scan.next), (1 << 20, FRAMES_START, (3, 21)));
        assert_eq!(scan.tail, Tail::Clean);
        let (segments, unfinished) = list(directory.path()).unwrap();
        assert_eq!((segments, unfinished), (vec![path], vec![]));
    }
}
