//! Frame what nodes tell each other: one message and one reply a stream, each with its length and a tag.
//!
//! ```text
//! frame    = length u32 ‖ tag u8 ‖ body           length counts tag and body, at most FRAME_LIMIT
//! message  = tag 1, records: (length u16 ‖ record)…
//! reply    = tag 1, taken: empty
//!          | tag 2, busy: milliseconds until there may be room again u32
//! ```
//! All integers are little-endian. Tags are never reused; a tag that is unknown ends the stream.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use std::time::Duration;
use tongda_ledger::codec::RECORD_LIMIT;

/// How long a batch grows before it is sent; a single record may be as long as this and two bytes.
pub(super) const BATCH_BYTES: usize = 64 << 10;

/// The length of the longest frame, without the length itself.
pub(super) const FRAME_LIMIT: usize = BATCH_BYTES + 64;

/// The length of the longest frame of a reply.
pub(super) const REPLY_LIMIT: usize = 5;

/// A record's length stands before it.
pub(super) const RECORD_HEAD: usize = 2;

const RECORDS: u8 = 1;
const TAKEN: u8 = 1;
const BUSY: u8 = 2;

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
    #[error("a reply of another length than its tag has")]
    Reply,
}

/// What a node tells another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// Records that clients of the sender submitted.
    Records(Vec<Bytes>),
}

/// What the other answers.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// The message has been dealt with.
    Taken,
    /// There is no room now; send the message again after this time.
    Busy(Duration),
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
            tag => Err(FrameError::Tag(tag)),
        }
    }
}

impl Reply {
    /// The frame without its length.
    pub(super) fn encode(self) -> Bytes {
        let mut frame = BytesMut::with_capacity(REPLY_LIMIT);
        match self {
            Self::Taken => frame.put_u8(TAKEN),
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
                let milliseconds = frame.try_get_u32_le().map_err(|_| FrameError::Reply)?;
                Self::Busy(Duration::from_millis(milliseconds.into()))
            }
            tag => return Err(FrameError::Tag(tag)),
        };
        if frame.has_remaining() { Err(FrameError::Reply) } else { Ok(reply) }
    }
}

const _: () = assert!(1 + RECORD_HEAD + RECORD_LIMIT <= FRAME_LIMIT, "the longest record fits into a frame");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::fixtures::sample;

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
        assert_eq!(Message::decode(Bytes::from_static(&[2])), Err(FrameError::Tag(2)));
        assert_eq!(Reply::decode(Bytes::from_static(&[3])), Err(FrameError::Tag(3)));
        assert_eq!(Reply::decode(Bytes::from_static(&[1, 0])), Err(FrameError::Reply));
        assert_eq!(Reply::decode(Bytes::from_static(&[2, 0, 0])), Err(FrameError::Reply));
    }
}
