//! Frame what nodes tell each other: one message and one reply a stream, each with its length and a tag.
//!
//! ```text
//! frame    = length u32 ‖ tag u8 ‖ body           length counts tag and body, at most FRAME_LIMIT
//! message  = tag 1, records: (length u16 ‖ record)…
//!          | tag 2, cosignatures: 132 bytes each
//!          | tag 3, which cosignatures do you hold of trees from this size on: size u64
//! reply    = tag 1, taken: empty
//!          | tag 2, busy: milliseconds until there may be room again u32
//!          | tag 3, cosignatures: 132 bytes each
//! ```
//! All integers are little-endian. Tags are never reused; a tag that is unknown ends the stream.

use crate::cosign::CosignedTree;
use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use std::time::Duration;
use tongda_ledger::codec::RECORD_LIMIT;

/// How long a batch grows before it is sent; a single record may be as long as this and two bytes.
pub(super) const BATCH_BYTES: usize = 64 << 10;

/// The length of the longest frame, without the length itself.
pub(super) const FRAME_LIMIT: usize = BATCH_BYTES + 64;

/// The length of the longest frame of a reply.
pub(super) const REPLY_LIMIT: usize = 1 + COSIGNATURES * CosignedTree::LENGTH;

/// Cosignatures in a frame at most: those of every node that a network can have, over twelve trees.
pub(crate) const COSIGNATURES: usize = 480;

/// A record's length stands before it.
pub(super) const RECORD_HEAD: usize = 2;

const RECORDS: u8 = 1;
const COSIGNED: u8 = 2;
const HELD_FROM: u8 = 3;
const TAKEN: u8 = 1;
const BUSY: u8 = 2;
const HELD: u8 = 3;

/// Why a frame is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FrameError {
    #[error("a frame of {0} bytes; the limit is {1}")]
    Length(usize, usize),
    #[error("a frame with the unknown tag {0}")]
    Tag(u8),
    #[error("a frame whose records are cut short")]
    Cut,
    #[error("a frame that holds nothing")]
    Empty,
    #[error("a frame of another length than its tag has")]
    Shape,
    #[error("a frame of cosignatures of which one is none")]
    Cosignature,
}

/// What a node tells another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// Records that clients of the sender submitted.
    Records(Vec<Bytes>),
    /// Trees that the sender has cosigned.
    Cosigned(Vec<CosignedTree>),
    /// Which cosignatures the receiver holds of trees from this size on, and the newest of every signer.
    HeldFrom(u64),
}

/// What the other answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// The message has been dealt with.
    Taken,
    /// There is no room now; send the message again after this time.
    Busy(Duration),
    /// The cosignatures that were asked for.
    Held(Vec<CosignedTree>),
}

/// A tag, and cosignatures behind it.
fn encode_cosigned(tag: u8, trees: &[CosignedTree]) -> Bytes {
    let mut frame = BytesMut::with_capacity(1 + trees.len() * CosignedTree::LENGTH);
    frame.put_u8(tag);
    trees.iter().take(COSIGNATURES).for_each(|tree| tree.put(&mut frame));
    frame.freeze()
}

fn decode_cosigned(mut frame: Bytes) -> Result<Vec<CosignedTree>, FrameError> {
    if frame.len() > COSIGNATURES * CosignedTree::LENGTH {
        return Err(FrameError::Length(frame.len(), COSIGNATURES * CosignedTree::LENGTH));
    }
    let mut trees = Vec::with_capacity(frame.len() / CosignedTree::LENGTH);
    while frame.has_remaining() {
        trees.push(CosignedTree::get(&mut frame).ok_or(FrameError::Cosignature)?);
    }
    Ok(trees)
}

impl Message {
    /// The frame without its length.
    pub(super) fn encode(&self) -> Bytes {
        match self {
            Self::Records(records) => {
                let length = records.iter().map(|record| RECORD_HEAD + record.len()).sum::<usize>();
                let mut frame = BytesMut::with_capacity(1 + length);
                frame.put_u8(RECORDS);
                for record in records {
                    frame.put_u16_le(u16::try_from(record.len()).expect("a record is at most 65,535 bytes"));
                    frame.put_slice(record);
                }
                frame.freeze()
            }
            Self::Cosigned(trees) => encode_cosigned(COSIGNED, trees),
            Self::HeldFrom(size) => {
                let mut frame = BytesMut::with_capacity(9);
                frame.put_u8(HELD_FROM);
                frame.put_u64_le(*size);
                frame.freeze()
            }
        }
    }

    /// Reads a frame without its length. Records are slices of it, and not looked at.
    pub(super) fn decode(mut frame: Bytes) -> Result<Self, FrameError> {
        match frame.try_get_u8().map_err(|_| FrameError::Empty)? {
            RECORDS => {
                let mut records = Vec::new();
                while frame.has_remaining() {
                    let length = usize::from(frame.try_get_u16_le().map_err(|_| FrameError::Cut)?);
                    if length > frame.len() {
                        return Err(FrameError::Cut);
                    }
                    records.push(frame.split_to(length));
                }
                Ok(Self::Records(records))
            }
            COSIGNED => Ok(Self::Cosigned(decode_cosigned(frame)?)),
            HELD_FROM => {
                let size = frame.try_get_u64_le().map_err(|_| FrameError::Shape)?;
                if frame.has_remaining() { Err(FrameError::Shape) } else { Ok(Self::HeldFrom(size)) }
            }
            tag => Err(FrameError::Tag(tag)),
        }
    }
}

impl Reply {
    /// The frame without its length.
    pub(super) fn encode(&self) -> Bytes {
        let mut frame = BytesMut::with_capacity(5);
        match self {
            Self::Taken => frame.put_u8(TAKEN),
            Self::Held(trees) => return encode_cosigned(HELD, trees),
            Self::Busy(after) => {
                frame.put_u8(BUSY);
                frame.put_u32_le(u32::try_from(after.as_millis()).unwrap_or(u32::MAX));
            }
        }
        frame.freeze()
    }

    /// Reads a frame without its length.
    pub(super) fn decode(mut frame: Bytes) -> Result<Self, FrameError> {
        let reply = match frame.try_get_u8().map_err(|_| FrameError::Empty)? {
            TAKEN => Self::Taken,
            BUSY => {
                let milliseconds = frame.try_get_u32_le().map_err(|_| FrameError::Shape)?;
                Self::Busy(Duration::from_millis(milliseconds.into()))
            }
            HELD => return Ok(Self::Held(decode_cosigned(frame)?)),
            tag => return Err(FrameError::Tag(tag)),
        };
        if frame.has_remaining() { Err(FrameError::Shape) } else { Ok(reply) }
    }
}

const _: () = assert!(REPLY_LIMIT <= FRAME_LIMIT, "cosignatures fit into a message as into a reply");
const _: () = assert!(1 + RECORD_HEAD + RECORD_LIMIT <= FRAME_LIMIT, "the longest record fits into a frame");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cosign::Tree;
    use crate::pool::fixtures::sample;
    use tongda_ledger::hash::Hash;
    use tongda_ledger::tree::Cosignature;
    use tongda_ledger::vote::Address;

    fn cosigned(number: u8) -> CosignedTree {
        let tree = Tree { size: 1 + u64::from(number), root: Hash([number; 32]) };
        let cosignature = Cosignature { time: number.into(), signature: [number; 64] };
        CosignedTree { tree, signer: Address([number; 20]), cosignature }
    }

    #[test]
    fn cosignatures_survive_their_frames_and_no_more_are_read_than_may_be() {
        let many: Vec<_> = (0..COSIGNATURES).map(|number| cosigned(number.to_le_bytes()[0])).collect();
        for trees in [Vec::new(), vec![cosigned(1)], many.clone()] {
            let (message, reply) = (Message::Cosigned(trees.clone()), Reply::Held(trees));
            assert!(message.encode().len() <= FRAME_LIMIT && reply.encode().len() <= REPLY_LIMIT);
            assert_eq!(Message::decode(message.encode()), Ok(message));
            assert_eq!(Reply::decode(reply.encode()), Ok(reply));
        }
        let mut frame = BytesMut::from(&Message::Cosigned(many).encode()[..]);
        cosigned(1).put(&mut frame);
        assert!(matches!(Message::decode(frame.freeze()), Err(FrameError::Length(..))));
        let asked = Message::HeldFrom(77);
        assert_eq!(Message::decode(asked.encode()), Ok(asked));
    }

    #[test]
    fn messages_and_replies_survive_their_frames() {
        let records = [sample(1, 1).bytes(), Bytes::from(vec![7; RECORD_LIMIT])];
        for records in [Vec::new(), records[..1].to_vec(), records[1..].to_vec()] {
            let message = Message::Records(records);
            assert!(message.encode().len() <= FRAME_LIMIT);
            assert_eq!(Message::decode(message.encode()), Ok(message));
        }
        for reply in [Reply::Taken, Reply::Busy(Duration::from_millis(1234))] {
            assert!(reply.encode().len() <= REPLY_LIMIT);
            assert_eq!(Reply::decode(reply.encode()), Ok(reply));
        }
    }

    #[test]
    fn every_frame_that_is_cut_lengthened_or_unknown_is_refused() {
        let frame = Message::Records(vec![sample(1, 1).bytes()]).encode();
        for length in 2..frame.len() {
            assert_eq!(Message::decode(frame.slice(..length)), Err(FrameError::Cut));
        }
        assert_eq!(Message::decode([&frame[..], &[0]].concat().into()), Err(FrameError::Cut));
        assert_eq!(Message::decode(Bytes::new()), Err(FrameError::Empty));
        assert_eq!(Message::decode(Bytes::from_static(&[4])), Err(FrameError::Tag(4)));
        assert_eq!(Message::decode(Bytes::from_static(&[2, 0])), Err(FrameError::Cosignature));
        assert_eq!(Message::decode(Bytes::from_static(&[3, 0])), Err(FrameError::Shape));
        assert_eq!(
            Message::decode(Bytes::from_static(&[3, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
            Err(FrameError::Shape)
        );
        assert_eq!(Reply::decode(Bytes::from_static(&[4])), Err(FrameError::Tag(4)));
        assert_eq!(Reply::decode(Bytes::from_static(&[3, 0])), Err(FrameError::Cosignature));
        assert_eq!(Reply::decode(Bytes::from_static(&[1, 0])), Err(FrameError::Shape));
        assert_eq!(Reply::decode(Bytes::from_static(&[2, 0, 0])), Err(FrameError::Shape));
    }
}
