//! Put bodies together from the parts that peers send, within bounds that no peer can stretch.
//!
//! A stream is named by who published it (a signature on every message proves that) and by a name of the
//! publisher's choice. Its parts may come in any order. The first names the body's length, so the stream is complete
//! when that many bytes are there without a gap. A stream that breaks a bound or contradicts itself is dropped, and
//! what still comes of it is ignored. A peer that opens too many streams loses its own oldest.

use crate::config::Limits;
use crate::part::{Announced, Part};
use bytes::{Bytes, BytesMut};
use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

/// The name that a publisher gives to a stream.
pub(crate) type StreamName = Bytes;

/// Ended streams remembered for each peer, so that late parts of them open nothing.
const ENDED_LIMIT: usize = 64;

/// A body whose parts are all there; nothing of it is checked but its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assembled {
    /// What its proposer announced.
    pub(crate) announced: Announced,
    /// The body.
    pub(crate) body: Bytes,
}

/// Why a stream was dropped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Dropped {
    #[error("a body of {length} bytes is announced, the limit is {limit}")]
    Announced { length: usize, limit: usize },
    #[error("a part of {length} bytes, the limit is {limit}")]
    Part { length: usize, limit: usize },
    #[error("a stream of {length} bytes, more than it may hold or has announced")]
    Length { length: usize },
    #[error("a part without content")]
    EmptyPart,
    #[error("part {sequence} of a stream contradicts what came before")]
    Contradiction { sequence: u64 },
    #[error("part {sequence} of a stream that can have {limit}")]
    Sequence { sequence: u64, limit: u64 },
    #[error("the streams of this peer hold more than {limit} bytes")]
    PeerBytes { limit: usize },
    #[error("it was pushed out by newer streams")]
    PushedOut,
    #[error("a body for height {height}, which is past or too far ahead")]
    Untimely { height: u64 },
    #[error("this peer sent too many false bodies")]
    Unheard,
    #[error("{0}")]
    Refused(String),
}

impl Dropped {
    /// Whether it is worth telling: the peer did what no honest peer does, and it was not told before.
    pub(crate) const fn is_offence(&self) -> bool {
        !matches!(self, Self::Untimely { .. } | Self::PushedOut | Self::Unheard)
    }
}

/// What a part brought about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// The body is not complete yet, or the part is of no use.
    Waiting,
    /// The body is complete.
    Complete(Assembled),
    /// The stream is dropped.
    Dropped(Dropped),
}

struct Stream {
    first: Option<Announced>,
    chunks: BTreeMap<u64, Bytes>,
    bytes: usize,
    opened: Instant,
}

#[derive(Default)]
struct PeerStreams {
    open: BTreeMap<StreamName, Stream>,
    ended: VecDeque<StreamName>,
}

impl PeerStreams {
    fn bytes(&self) -> usize {
        self.open.values().map(|stream| stream.bytes).sum()
    }

    fn oldest(&self) -> Option<StreamName> {
        self.open.iter().min_by_key(|(_, stream)| stream.opened).map(|(name, _)| name.clone())
    }

    fn end(&mut self, name: &StreamName) {
        self.open.remove(name);
        self.ended.push_back(name.clone());
        if self.ended.len() > ENDED_LIMIT {
            self.ended.pop_front();
        }
    }
}

/// The unfinished streams of all peers. `P` names a peer.
pub(crate) struct Streams<P> {
    limits: Limits,
    peers: BTreeMap<P, PeerStreams>,
}

impl<P: Ord + Clone> Streams<P> {
    pub(crate) const fn new(limits: Limits) -> Self {
        Self { limits, peers: BTreeMap::new() }
    }

    /// Takes in a part. `admit` judges an announcement on arrival, before anything of its body is kept.
    pub(crate) fn receive(
        &mut self,
        peer: &P,
        name: StreamName,
        sequence: u64,
        part: Part,
        now: Instant,
        admit: impl FnOnce(&Announced) -> Result<(), Dropped>,
    ) -> Received {
        self.expire(now);
        let streams = self.peers.entry(peer.clone()).or_default();
        if streams.ended.contains(&name) {
            return Received::Waiting;
        }
        let is_new = !streams.open.contains_key(&name);
        if is_new
            && streams.open.len() >= self.limits.streams_per_peer
            && let Some(oldest) = streams.oldest()
        {
            streams.end(&oldest);
        }
        let stream = streams.open.entry(name.clone()).or_insert_with(|| Stream {
            first: None,
            chunks: BTreeMap::new(),
            bytes: 0,
            opened: now,
        });
        let outcome = stream.take(&self.limits, sequence, part, admit);
        let received = match outcome {
            Err(dropped) => Received::Dropped(dropped),
            Ok(()) => match stream.complete() {
                Some(assembled) => Received::Complete(assembled),
                None if streams.bytes() > self.limits.bytes_per_peer => {
                    Received::Dropped(Dropped::PeerBytes { limit: self.limits.bytes_per_peer })
                }
                None => Received::Waiting,
            },
        };
        if received != Received::Waiting {
            self.peers.entry(peer.clone()).or_default().end(&name);
        }
        self.shed(peer, received)
    }

    /// Forgets the streams of peers that are no longer admitted.
    pub(crate) fn retain(&mut self, admitted: impl Fn(&P) -> bool) {
        self.peers.retain(|peer, _| admitted(peer));
    }

    /// Bytes in unfinished streams.
    pub(crate) fn bytes(&self) -> usize {
        self.peers.values().map(PeerStreams::bytes).sum()
    }

    /// Drops streams that grew too old.
    fn expire(&mut self, now: Instant) {
        for streams in self.peers.values_mut() {
            streams
                .open
                .retain(|_, stream| now.saturating_duration_since(stream.opened) < self.limits.stream_age);
        }
    }

    /// While all peers together hold too much, the one that holds most loses its oldest stream.
    fn shed(&mut self, peer: &P, mut received: Received) -> Received {
        while self.bytes() > self.limits.bytes_total {
            let Some((most, streams)) = self.peers.iter_mut().max_by_key(|(_, streams)| streams.bytes())
            else {
                break;
            };
            let Some(oldest) = streams.oldest() else { break };
            if most == peer && received == Received::Waiting {
                received = Received::Dropped(Dropped::PushedOut);
            }
            streams.end(&oldest);
        }
        received
    }
}

impl Stream {
    fn take(
        &mut self,
        limits: &Limits,
        sequence: u64,
        part: Part,
        admit: impl FnOnce(&Announced) -> Result<(), Dropped>,
    ) -> Result<(), Dropped> {
        let length = part.chunk().len();
        if length > limits.part_bytes {
            return Err(Dropped::Part { length, limit: limits.part_bytes });
        }
        let parts = limits.body_bytes.div_ceil(limits.part_bytes.max(1)).max(1) as u64;
        // A peer may cut its body smaller than this node would; not into dust.
        let limit = parts.saturating_mul(4);
        if sequence >= limit {
            return Err(Dropped::Sequence { sequence, limit });
        }
        if let Some(known) = self.chunks.get(&sequence) {
            let same_first = match &part {
                Part::First { announced, .. } => self.first.as_ref() == Some(announced),
                Part::Chunk(_) => true,
            };
            let repeated = known == part.chunk() && same_first;
            return if repeated { Ok(()) } else { Err(Dropped::Contradiction { sequence }) };
        }
        match &part {
            Part::First { announced, .. } if sequence == 0 => {
                let length = announced.announcement.length as usize;
                if length > limits.body_bytes {
                    return Err(Dropped::Announced { length, limit: limits.body_bytes });
                }
                admit(announced)?;
                self.first = Some(announced.clone());
            }
            Part::Chunk(chunk) if sequence > 0 => {
                if chunk.is_empty() {
                    return Err(Dropped::EmptyPart);
                }
            }
            _ => return Err(Dropped::Contradiction { sequence }),
        }
        self.bytes += length;
        self.chunks.insert(sequence, part.chunk().clone());
        let may_hold =
            self.first.as_ref().map_or(limits.body_bytes, |first| first.announcement.length as usize);
        if self.bytes > may_hold { Err(Dropped::Length { length: self.bytes }) } else { Ok(()) }
    }

    fn complete(&self) -> Option<Assembled> {
        let first = self.first.as_ref()?;
        let length = first.announcement.length as usize;
        let gapless = self.chunks.keys().enumerate().all(|(at, sequence)| at as u64 == *sequence);
        if self.bytes != length || !gapless {
            return None;
        }
        let body = if self.chunks.len() == 1 {
            self.chunks.values().next().expect("one chunk is there").clone()
        } else {
            let mut body = BytesMut::with_capacity(length);
            self.chunks.values().for_each(|chunk| body.extend_from_slice(chunk));
            body.freeze()
        };
        Some(Assembled { announced: first.clone(), body })
    }
}

#[cfg(test)]
mod tests;
