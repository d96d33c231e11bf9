//! What nodes tell and ask each other to catch up: the last decided height, and decided blocks.

use super::{HEAD_LIMIT, Wire, WireError, bounded, put_block, take_block};
use crate::certificate::{engine_certificate, ledger_certificate};
use crate::context::{Height, Tongda};
use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use malachitebft_app_channel::app::types::PeerId;
use malachitebft_app_channel::app::types::codec::{Codec, HasEncodedLen};
use malachitebft_app_channel::app::types::sync::{RawDecidedValue, Request, Response, Status};
use malachitebft_sync::{ValueRequest, ValueResponse};
use tongda_ledger::codec::{self, Decode, Encode};
use tongda_ledger::vote;

/// Decided blocks in one answer at most.
const ANSWER_LIMIT: usize = 64;

#[derive(Encode, Decode)]
struct WireStatus {
    peer: codec::Bytes<128>,
    tip: u64,
    oldest: u64,
}

impl Codec<Status<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, status: &Status<Tongda>) -> Result<Bytes, WireError> {
        Ok(Bytes::from(codec::encode(&WireStatus {
            peer: bounded(status.peer_id.to_bytes())?,
            tip: status.tip_height.0,
            oldest: status.history_min_height.0,
        })))
    }

    fn decode(&self, bytes: Bytes) -> Result<Status<Tongda>, WireError> {
        let wire: WireStatus = codec::decode(&bytes, HEAD_LIMIT)?;
        Ok(Status {
            peer_id: peer_id(&wire.peer)?,
            tip_height: Height(wire.tip),
            history_min_height: Height(wire.oldest),
        })
    }
}

impl Codec<Request<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, request: &Request<Tongda>) -> Result<Bytes, WireError> {
        let Request::ValueRequest(ValueRequest { range }) = request;
        Ok(Bytes::from(codec::encode(&(range.start().0, range.end().0))))
    }

    fn decode(&self, bytes: Bytes) -> Result<Request<Tongda>, WireError> {
        let (start, end): (u64, u64) = codec::decode(&bytes, HEAD_LIMIT)?;
        Ok(Request::ValueRequest(ValueRequest::new(Height(start)..=Height(end))))
    }
}

impl Codec<Response<Tongda>> for Wire {
    type Error = WireError;

    fn encode(&self, response: &Response<Tongda>) -> Result<Bytes, WireError> {
        let Response::ValueResponse(ValueResponse { start_height, values }) = response;
        let bodies: usize = values.iter().map(|value| value.value_bytes.len()).sum();
        let mut bytes = BytesMut::with_capacity(bodies + 1024 * (values.len() + 1));
        bytes.put_u64_le(start_height.0);
        for value in values {
            let certificate = ledger_certificate(&value.certificate.trim_vote_extensions())?;
            put_block(&mut bytes, &codec::encode(&certificate));
            put_block(&mut bytes, &value.value_bytes);
        }
        Ok(bytes.freeze())
    }

    fn decode(&self, mut bytes: Bytes) -> Result<Response<Tongda>, WireError> {
        let start = bytes.try_get_u64_le().map_err(|_| WireError::Short)?;
        let mut values = Vec::new();
        while !bytes.is_empty() && values.len() < ANSWER_LIMIT {
            let certificate: vote::CommitCertificate = codec::decode(&take_block(&mut bytes)?, HEAD_LIMIT)?;
            if !self.hold.is_plausible(&certificate) {
                return Err(WireError::Certificate(certificate.height));
            }
            let body = take_block(&mut bytes)?;
            values.push(RawDecidedValue::new(body, engine_certificate(certificate)));
        }
        rest_is_empty(&bytes)?;
        Ok(Response::ValueResponse(ValueResponse::new(Height(start), values)))
    }
}

impl HasEncodedLen<Response<Tongda>> for Wire {
    fn encoded_len(&self, response: &Response<Tongda>) -> Result<usize, WireError> {
        let Response::ValueResponse(ValueResponse { values, .. }) = response;
        values.iter().try_fold(8, |length, value| {
            let certificate = ledger_certificate(&value.certificate.trim_vote_extensions())?;
            Ok(length + 8 + codec::encode(&certificate).len() + value.value_bytes.len())
        })
    }
}

fn rest_is_empty(bytes: &Bytes) -> Result<(), WireError> {
    if bytes.is_empty() { Ok(()) } else { Err(WireError::Trailing(bytes.len())) }
}

fn peer_id(bytes: &[u8]) -> Result<PeerId, WireError> {
    PeerId::from_bytes(bytes).map_err(|error| WireError::Peer(error.to_string()))
}
