//! Parts of streams: the encoded head, then the chunk of the body as it is.

use super::{HEAD_LIMIT, Wire, WireError, bounded, put_block, take_block, take_tag};
use crate::part::{Announced, Part};
use bytes::{BufMut as _, Bytes, BytesMut};
use malachitebft_app_channel::app::engine::util::streaming::StreamContent;
use malachitebft_app_channel::app::streaming::{StreamId, StreamMessage};
use malachitebft_app_channel::app::types::codec::Codec;
use tongda_ledger::codec::{self, Decode, Encode};

#[derive(Encode, Decode)]
struct WirePlace {
    stream: codec::Bytes<64>,
    sequence: u64,
}

/// The tags of a stream's messages.
const FIRST: u8 = 1;
const CHUNK: u8 = 2;

impl Codec<Part> for Wire {
    type Error = WireError;

    fn encode(&self, part: &Part) -> Result<Bytes, WireError> {
        let mut message = BytesMut::with_capacity(part.chunk().len() + 512);
        match part {
            Part::First { announced, .. } => {
                message.put_u8(FIRST);
                put_block(&mut message, &codec::encode(announced));
            }
            Part::Chunk(_) => message.put_u8(CHUNK),
        }
        message.put_slice(part.chunk());
        Ok(message.freeze())
    }

    fn decode(&self, mut bytes: Bytes) -> Result<Part, WireError> {
        match take_tag(&mut bytes)? {
            FIRST => {
                let announced: Announced = codec::decode(&take_block(&mut bytes)?, HEAD_LIMIT)?;
                Ok(Part::First { announced, chunk: bytes })
            }
            CHUNK => Ok(Part::Chunk(bytes)),
            other => Err(WireError::Tag(other)),
        }
    }
}

impl Codec<StreamMessage<Part>> for Wire {
    type Error = WireError;

    fn encode(&self, message: &StreamMessage<Part>) -> Result<Bytes, WireError> {
        let StreamContent::Data(part) = &message.content else {
            return Err(WireError::Range("a stream has no end mark: its first part names its length"));
        };
        let place =
            WirePlace { stream: bounded(message.stream_id.to_bytes().to_vec())?, sequence: message.sequence };
        let part = Codec::<Part>::encode(self, part)?;
        let mut bytes = BytesMut::with_capacity(part.len() + 128);
        put_block(&mut bytes, &codec::encode(&place));
        bytes.put_slice(&part);
        Ok(bytes.freeze())
    }

    fn decode(&self, mut bytes: Bytes) -> Result<StreamMessage<Part>, WireError> {
        let place: WirePlace = codec::decode(&take_block(&mut bytes)?, HEAD_LIMIT)?;
        let part = Codec::<Part>::decode(self, bytes)?;
        let stream = StreamId::new(Bytes::copy_from_slice(&place.stream));
        Ok(StreamMessage::new(stream, place.sequence, StreamContent::Data(part)))
    }
}
