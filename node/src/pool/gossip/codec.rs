//! Read and write the frames of a stream, no more of them than may be.

use super::message::{FRAME_LIMIT, FrameError, Message, REPLY_LIMIT, Reply};
use async_trait::async_trait;
use bytes::Bytes;
use futures::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use libp2p::StreamProtocol;
use std::io;

/// Frames of [`Message`] and [`Reply`]. What is no message is handed on too, as what it is: the swarm says nothing of
/// requests that cannot be read, and the sender is to be held to them.
#[derive(Copy, Clone, Default)]
pub(super) struct Codec;

#[async_trait]
impl libp2p::request_response::Codec for Codec {
    type Protocol = StreamProtocol;
    type Request = Result<Message, FrameError>;
    type Response = Reply;

    async fn read_request<T>(&mut self, _: &StreamProtocol, stream: &mut T) -> io::Result<Self::Request>
    where
        T: AsyncRead + Unpin + Send,
    {
        Ok(read(stream, FRAME_LIMIT).await?.and_then(Message::decode))
    }

    async fn read_response<T>(&mut self, _: &StreamProtocol, stream: &mut T) -> io::Result<Reply>
    where
        T: AsyncRead + Unpin + Send,
    {
        read(stream, REPLY_LIMIT).await?.and_then(Reply::decode).map_err(invalid)
    }

    async fn write_request<T>(
        &mut self,
        _: &StreamProtocol,
        stream: &mut T,
        message: Self::Request,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        write(stream, &message.map_err(invalid)?.encode()).await
    }

    async fn write_response<T>(&mut self, _: &StreamProtocol, stream: &mut T, reply: Reply) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        write(stream, &reply.encode()).await
    }
}

fn invalid(error: FrameError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// Reads a frame. Nothing is allocated before its length is known to be allowed.
async fn read<T: AsyncRead + Unpin + Send>(
    stream: &mut T,
    limit: usize,
) -> io::Result<Result<Bytes, FrameError>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).await?;
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > limit {
        return Ok(Err(FrameError::Length(length, limit)));
    }
    let mut frame = vec![0; length];
    stream.read_exact(&mut frame).await?;
    Ok(Ok(frame.into()))
}

/// Writes a frame, in one piece: every write becomes a frame of the layers below.
async fn write<T: AsyncWrite + Unpin + Send>(stream: &mut T, frame: &[u8]) -> io::Result<()> {
    let length = u32::try_from(frame.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_le_bytes(), frame].concat()).await
}
