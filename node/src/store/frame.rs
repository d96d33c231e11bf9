//! Write a block as one frame of a segment, and read it back.
//!
//! ```text
//!   0         4         8         12
//!   ┌─────────┬─────────┬─────────┬────────────────────────────────────────┐
//!   │ "TDBK"  │ length  │  crc32  │ body, `length` bytes                   │
//!   └─────────┴─────────┴─────────┴────────────────────────────────────────┘
//!   body:
//!   ┌────────────┬────────────────┬──────────────┐
//!   │ height u64 │ first index u64│ records u32  │
//!   ├────────────┴─┬──────────────┴──────────────┤
//!   │ length u32   │ bytes                       │  once for each record, then the seal, then the certificate
//!   └──────────────┴─────────────────────────────┘
//! ```
//!
//! Integers are little-endian. The checksum is CRC-32 (ISO-HDLC) of the segment's salt, the length and the body.
//! The salt is drawn at random for each segment and never leaves the node: no record can be crafted that, standing
//! in a torn block, passes for a block of its own.

use super::block::StoredBlock;
use bytes::Bytes;

/// The first four bytes of a frame.
pub(crate) const FRAME_MAGIC: [u8; 4] = *b"TDBK";
/// Bytes before the body.
pub(crate) const HEAD_LENGTH: usize = 12;
/// A frame takes at most this many bytes.
pub(crate) const FRAME_LIMIT: u64 = 1 << 30;
/// Height, first index, record count.
const BODY_HEAD: usize = 20;

/// What is wrong with a frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameProblem {
    /// The frame does not start with its magic bytes.
    #[error("no frame starts here")]
    Magic,
    /// The frame claims more bytes than are there.
    #[error("the frame claims {length} bytes, {left} are left")]
    Length {
        /// Bytes claimed for the body.
        length: u64,
        /// Bytes left in the file.
        left: u64,
    },
    /// The bytes changed since they were written.
    #[error("the checksum is {stored:08x} in the file and {computed:08x} over the bytes")]
    Checksum {
        /// What the frame says.
        stored: u32,
        /// What its bytes give.
        computed: u32,
    },
    /// The lengths inside the body do not add up.
    #[error("the lengths inside the frame do not add up")]
    Shape,
    /// A whole frame of another block.
    #[error(
        "a frame of block {height} at log index {index} stands here, log index {expected_index} comes next"
    )]
    OtherBlock {
        /// The height found.
        height: u64,
        /// The log index found.
        index: u64,
        /// The log index that comes next.
        expected_index: u64,
    },
}

/// The fixed part of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Length of the body.
    pub(crate) length: u32,
    /// Checksum of salt, length and body.
    pub(crate) crc: u32,
}

impl Head {
    /// Reads the fixed part; `left` is how many bytes of the file lie behind it.
    pub(crate) fn parse(bytes: &[u8; HEAD_LENGTH], left: u64) -> Result<Self, FrameProblem> {
        let [m0, m1, m2, m3, l0, l1, l2, l3, c0, c1, c2, c3] = *bytes;
        if [m0, m1, m2, m3] != FRAME_MAGIC {
            return Err(FrameProblem::Magic);
        }
        let length = u32::from_le_bytes([l0, l1, l2, l3]);
        if u64::from(length) > left {
            return Err(FrameProblem::Length { length: length.into(), left });
        }
        Ok(Self { length, crc: u32::from_le_bytes([c0, c1, c2, c3]) })
    }

    /// Checks the body's bytes.
    pub(crate) fn check(self, salt: u32, body: &[u8]) -> Result<(), FrameProblem> {
        let computed = checksum(salt, self.length, body);
        if computed == self.crc { Ok(()) } else { Err(FrameProblem::Checksum { stored: self.crc, computed }) }
    }
}

/// Where a block's parts lie in a frame's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outline {
    /// The block's height.
    pub(crate) height: u64,
    /// The log index of its first entry.
    pub(crate) first_index: u64,
    /// How many records it has.
    pub(crate) records: u32,
}

impl Outline {
    /// Reads the body's numbers and checks that its lengths add up, allocating nothing.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, FrameProblem> {
        let (outline, mut rest) = Self::numbers(body)?;
        for _ in 0..u64::from(outline.records) + 2 {
            let (length, behind) = rest.split_first_chunk::<4>().ok_or(FrameProblem::Shape)?;
            rest = behind.get(u32::from_le_bytes(*length) as usize..).ok_or(FrameProblem::Shape)?;
        }
        if rest.is_empty() && outline.first_index.checked_add(u64::from(outline.records) + 1).is_some() {
            Ok(outline)
        } else {
            Err(FrameProblem::Shape)
        }
    }

    fn numbers(body: &[u8]) -> Result<(Self, &[u8]), FrameProblem> {
        let (height, rest) = body.split_first_chunk::<8>().ok_or(FrameProblem::Shape)?;
        let (index, rest) = rest.split_first_chunk::<8>().ok_or(FrameProblem::Shape)?;
        let (records, rest) = rest.split_first_chunk::<4>().ok_or(FrameProblem::Shape)?;
        let outline = Self {
            height: u64::from_le_bytes(*height),
            first_index: u64::from_le_bytes(*index),
            records: u32::from_le_bytes(*records),
        };
        Ok((outline, rest))
    }

    /// The log index behind the block's seal. [`Outline::parse`] has checked that it exists.
    pub(crate) fn next_index(&self) -> u64 {
        self.first_index + u64::from(self.records) + 1
    }
}

fn checksum(salt: u32, length: u32, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&salt.to_le_bytes());
    hasher.update(&length.to_le_bytes());
    hasher.update(body);
    hasher.finalize()
}

/// How many bytes the block's frame takes.
pub(crate) fn frame_length(block: &StoredBlock) -> u64 {
    let parts = block.records.iter().chain([&block.seal, &block.certificate]);
    (HEAD_LENGTH + BODY_HEAD) as u64 + parts.map(|part| 4 + part.len() as u64).sum::<u64>()
}

/// Writes the block's frame into `frame`, replacing what was there.
///
/// The caller has checked that [`frame_length`] is within [`FRAME_LIMIT`].
pub(crate) fn encode(block: &StoredBlock, salt: u32, frame: &mut Vec<u8>) {
    const BOUNDED: &str = "the frame's length was checked, so its parts fit";
    frame.clear();
    frame.resize(HEAD_LENGTH, 0);
    frame.extend_from_slice(&block.height.to_le_bytes());
    frame.extend_from_slice(&block.first_index.to_le_bytes());
    frame.extend_from_slice(&u32::try_from(block.records.len()).expect(BOUNDED).to_le_bytes());
    for part in block.records.iter().chain([&block.seal, &block.certificate]) {
        frame.extend_from_slice(&u32::try_from(part.len()).expect(BOUNDED).to_le_bytes());
        frame.extend_from_slice(part);
    }
    let length = u32::try_from(frame.len() - HEAD_LENGTH).expect(BOUNDED);
    let crc = checksum(salt, length, &frame[HEAD_LENGTH..]);
    frame[..4].copy_from_slice(&FRAME_MAGIC);
    frame[4..8].copy_from_slice(&length.to_le_bytes());
    frame[8..12].copy_from_slice(&crc.to_le_bytes());
}

/// Reads a whole frame and checks it. The block's parts share the frame's allocation.
pub(crate) fn decode(frame: &Bytes, salt: u32) -> Result<StoredBlock, FrameProblem> {
    let head = frame.first_chunk::<HEAD_LENGTH>().ok_or(FrameProblem::Shape)?;
    let head = Head::parse(head, (frame.len() - HEAD_LENGTH) as u64)?;
    let body = frame.slice(HEAD_LENGTH..);
    if body.len() != head.length as usize {
        return Err(FrameProblem::Shape);
    }
    head.check(salt, &body)?;
    let outline = Outline::parse(&body)?;
    let mut at = BODY_HEAD;
    let mut part = || {
        let length = body[at..].first_chunk::<4>().expect("the outline was checked");
        let start = at + 4;
        at = start + u32::from_le_bytes(*length) as usize;
        body.slice(start..at)
    };
    Ok(StoredBlock {
        height: outline.height,
        first_index: outline.first_index,
        records: (0..outline.records).map(|_| part()).collect(),
        seal: part(),
        certificate: part(),
    })
}

/// The first whole frame in `bytes` of a block above `height`, at any offset.
///
/// Found behind a damaged frame, it shows that blocks were written after it: the damage is not a torn tail.
pub(crate) fn find(bytes: &[u8], salt: u32, height: u64) -> Option<usize> {
    let candidates = bytes.windows(FRAME_MAGIC.len()).enumerate().filter(|(_, four)| *four == FRAME_MAGIC);
    candidates.map(|(at, _)| at).find(|&at| {
        let Some((head, behind)) = bytes[at..].split_first_chunk::<HEAD_LENGTH>() else { return false };
        let Ok(head) = Head::parse(head, behind.len() as u64) else { return false };
        let body = &behind[..head.length as usize];
        Outline::parse(body).is_ok_and(|outline| outline.height > height) && head.check(salt, body).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn block() -> StoredBlock {
        StoredBlock {
            height: 7,
            first_index: 40,
            records: vec![Bytes::from_static(b"one"), Bytes::new(), Bytes::from_static(b"three")],
            seal: Bytes::from_static(b"seal"),
            certificate: Bytes::from_static(b"certificate"),
        }
    }

    fn encoded(block: &StoredBlock, salt: u32) -> Bytes {
        let mut frame = Vec::new();
        encode(block, salt, &mut frame);
        assert_eq!(frame.len() as u64, frame_length(block));
        frame.into()
    }

    #[test]
    fn the_golden_frame_is_written_and_read() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/vectors/segment.json")).unwrap();
        let golden = &vectors["frame"];
        let bytes = |value: &serde_json::Value| Bytes::from(hex::decode(value.as_str().unwrap()).unwrap());
        let block = StoredBlock {
            height: golden["height"].as_u64().unwrap(),
            first_index: golden["first_index"].as_u64().unwrap(),
            records: golden["records"].as_array().unwrap().iter().map(bytes).collect(),
            seal: bytes(&golden["seal"]),
            certificate: bytes(&golden["certificate"]),
        };
        let salt = u32::try_from(vectors["header"]["salt"].as_u64().unwrap()).unwrap();
        assert_eq!(hex::encode(encoded(&block, salt)), golden["bytes"].as_str().unwrap());
        assert_eq!(decode(&bytes(&golden["bytes"]), salt), Ok(block));
        for refused in vectors["refused"].as_array().unwrap() {
            let problem = decode(&bytes(&refused["bytes"]), salt).unwrap_err();
            assert_eq!(problem.to_string(), refused["problem"].as_str().unwrap(), "{}", refused["what"]);
        }
    }

    #[test]
    fn a_frame_under_another_salt_is_no_frame() {
        let frame = encoded(&block(), 1);
        assert!(matches!(decode(&frame, 2), Err(FrameProblem::Checksum { .. })));
        assert_eq!(find(&frame, 2, 6), None);
        assert_eq!(find(&frame, 1, 6), Some(0));
        assert_eq!(find(&frame, 1, 7), None, "a block that is not above the damaged one");
    }

    #[test]
    fn a_frame_is_found_at_any_offset() {
        for offset in 0..40 {
            let mut bytes = vec![b'T'; offset];
            bytes.extend_from_slice(&encoded(&block(), 9));
            bytes.extend_from_slice(&[0; 50]);
            assert_eq!(find(&bytes, 9, 0), Some(offset));
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_every_changed_byte_is_noticed(
            records in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..50), 0..10),
            height: u64, first_index in 0..u64::MAX / 2, salt: u32, place: prop::sample::Index, flip in 1..=255_u8,
        ) {
            let block = StoredBlock {
                height, first_index, records: records.into_iter().map(Bytes::from).collect(), ..block()
            };
            let frame = encoded(&block, salt);
            prop_assert_eq!(decode(&frame, salt), Ok(block));
            let mut changed = frame.to_vec();
            let place = place.index(changed.len());
            changed[place] ^= flip;
            prop_assert!(decode(&changed.into(), salt).is_err(), "byte {} changed by {:#x}", place, flip);
        }

        #[test]
        fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200), salt: u32) {
            let length = u32::try_from(body.len()).unwrap();
            let mut frame = FRAME_MAGIC.to_vec();
            frame.extend_from_slice(&length.to_le_bytes());
            frame.extend_from_slice(&checksum(salt, length, &body).to_le_bytes());
            frame.extend_from_slice(&body);
            let _ = decode(&frame.into(), salt);
        }
    }
}
