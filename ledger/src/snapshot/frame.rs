//! Cut a snapshot into frames, each closed by a digest that continues the one before.

use super::error::SnapshotError;
use crate::hash::{Domain, Hash};

/// The first bytes of a snapshot.
pub const MAGIC: &[u8; 8] = b"TDSNAPSH";

/// The version of the format.
pub const VERSION: u32 = 2;

/// The longest body of a frame, in bytes: what a reader holds at a time.
pub const BODY_LIMIT: usize = 1 << 18;

/// A frame of values is closed as soon as it has this many bytes.
pub const CHUNK: usize = 1 << 16;

/// Bytes before the first frame.
pub(super) const PROLOGUE: usize = 12;

/// Bytes before a frame's body.
pub(super) const HEAD: usize = 5;

/// Bytes behind a frame's body.
pub(super) const DIGEST: usize = 32;

/// What a frame holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Header = 1,
    Epoch = 2,
    Values = 3,
    End = 4,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Epoch => "epoch",
            Self::Values => "values",
            Self::End => "end",
        }
    }
}

/// A frame's kind and the length of its body.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: Kind,
    pub(super) length: usize,
}

impl Head {
    /// Reads the head of the frame at `offset`.
    pub(super) fn read(bytes: &[u8; HEAD], offset: u64) -> Result<Self, SnapshotError> {
        let [kind, length @ ..] = *bytes;
        let length = u32::from_le_bytes(length);
        let no_frame = SnapshotError::NoFrame { offset, kind, length };
        let kind = match kind {
            1 => Kind::Header,
            2 => Kind::Epoch,
            3 => Kind::Values,
            4 => Kind::End,
            _ => return Err(no_frame),
        };
        match usize::try_from(length) {
            Ok(length) if length <= BODY_LIMIT => Ok(Self { kind, length }),
            _ => Err(no_frame),
        }
    }

    fn write(self) -> [u8; HEAD] {
        let length = u32::try_from(self.length).expect("a body is below its limit").to_le_bytes();
        [self.kind as u8, length[0], length[1], length[2], length[3]]
    }
}

/// Magic and version.
pub(super) fn prologue() -> [u8; PROLOGUE] {
    let mut bytes = [0; PROLOGUE];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..].copy_from_slice(&VERSION.to_le_bytes());
    bytes
}

/// Reads magic and version.
pub(super) fn check_prologue(bytes: &[u8; PROLOGUE]) -> Result<(), SnapshotError> {
    let (magic, version) = bytes.split_at(8);
    if magic != MAGIC {
        return Err(SnapshotError::NoSnapshot);
    }
    match version.try_into().map(u32::from_le_bytes) {
        Ok(VERSION) => Ok(()),
        Ok(other) => Err(SnapshotError::Version(other)),
        Err(_) => Err(SnapshotError::NoSnapshot),
    }
}

/// The digest before the first frame.
pub(super) fn first_digest() -> Hash {
    Hash::of(Domain::SNAPSHOT, &[&prologue()])
}

/// The digest of a frame.
pub(super) fn digest(before: &Hash, head: Head, body: &[u8]) -> Hash {
    Hash::of(Domain::SNAPSHOT, &[before.as_bytes(), &head.write(), body])
}

/// Writes a frame behind `out`; returns its digest.
pub(super) fn write(before: &Hash, kind: Kind, body: &[u8], out: &mut Vec<u8>) -> Hash {
    let head = Head { kind, length: body.len() };
    let digest = digest(before, head, body);
    out.extend_from_slice(&head.write());
    out.extend_from_slice(body);
    out.extend_from_slice(digest.as_bytes());
    digest
}
