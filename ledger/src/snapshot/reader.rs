//! Check a snapshot while its bytes come in, holding one frame at a time.

use super::content::Header;
use super::error::SnapshotError;
use super::frame::{self, BODY_LIMIT, DIGEST, HEAD, Head, Kind, PROLOGUE};
use crate::block::Tip;
use crate::chain::Differs;
use crate::codec::{self, Decode, Encode};
use crate::epoch::{EpochLink, Epochs, SignersError};
use crate::founding::Founding;
use crate::hash::Hash;
use crate::identifier::Timestamp;
use crate::state::{StateKey, VALUE_LIMIT};
use crate::tree::{Frontier, MapStream, value_hash};

/// The longest value: the limit of a body, and tag, schema and length before it.
const VALUE: usize = VALUE_LIMIT + 5;

/// What a reader believes before it has read anything: the genesis.
#[derive(Clone, Debug)]
pub struct Trust {
    /// When the network begins.
    pub start: Timestamp,
    /// The network, and the signers that it begins with.
    pub epochs: Epochs,
}

impl Trust {
    /// What a founding says.
    ///
    /// # Errors
    /// [`SignersError`] when it names no signers.
    pub fn of(founding: &Founding) -> Result<Self, SignersError> {
        Ok(Self { start: founding.anchor.start, epochs: Epochs::of(founding)? })
    }
}

/// A piece of a snapshot, in the order of the file. Until the reader has finished, values are not proven.
#[derive(Clone, Debug)]
pub enum Piece<'a> {
    /// Where it stands.
    Header(&'a Header),
    /// A block that changed the signers; proven.
    Epoch(&'a EpochLink),
    /// A value of the state.
    Value {
        /// Its key.
        key: StateKey,
        /// The key's hash, by which values ascend.
        hash: Hash,
        /// The value.
        value: &'a [u8],
    },
}

/// What a snapshot proves that was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Where it stands.
    pub header: Header,
    /// The end of the log there.
    pub tip: Tip,
    /// The epochs up to there. The header's own block may have begun another.
    pub epochs: Epochs,
    /// The digest of the whole file.
    pub digest: Hash,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Stage {
    Prologue,
    Header,
    Epochs,
    Values,
    Ended,
}

/// A snapshot being read and checked.
#[derive(Clone, Debug)]
pub struct Reader {
    trust: Trust,
    stage: Stage,
    header: Option<Header>,
    map: MapStream,
    digest: Hash,
    /// Bytes that are no whole frame yet.
    buffer: Vec<u8>,
    /// Where the buffer begins in the file.
    offset: u64,
}

impl Reader {
    /// A reader that believes this, and nothing else.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Self {
            trust,
            stage: Stage::Prologue,
            header: None,
            map: MapStream::new(),
            digest: frame::first_digest(),
            buffer: Vec::new(),
            offset: 0,
        }
    }

    /// The header, once it was read. Whether it is proven is known at the first value.
    #[must_use]
    pub const fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// How many values were read.
    #[must_use]
    pub const fn values(&self) -> u64 {
        self.map.count()
    }

    /// Takes the next bytes of the file and hands over every piece that they complete.
    ///
    /// # Errors
    /// [`SnapshotError`] names the first thing that is wrong; whatever `take` answers with ends the reading too.
    pub fn push<E: From<SnapshotError>>(
        &mut self,
        mut bytes: &[u8],
        mut take: impl FnMut(Piece<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        loop {
            // No more than one frame is ever held, however much is given at once.
            let room = (HEAD + BODY_LIMIT + DIGEST).saturating_sub(self.buffer.len());
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.buffer.extend_from_slice(now);
            bytes = later;
            let buffer = std::mem::take(&mut self.buffer);
            let mut used = 0;
            while let Some(length) = self.step(&buffer[used..], &mut take)? {
                used += length;
                self.offset += length as u64;
            }
            self.buffer = buffer;
            self.buffer.drain(..used);
            if bytes.is_empty() {
                return Ok(());
            }
        }
    }

    /// Says what the snapshot proves, once all its bytes were taken.
    ///
    /// # Errors
    /// [`SnapshotError::Cut`] when it has not come to its end.
    pub fn finish(self) -> Result<Verified, SnapshotError> {
        let cut = SnapshotError::Cut { offset: self.offset + self.buffer.len() as u64 };
        let header = self.header.filter(|_| self.stage == Stage::Ended).ok_or(cut)?;
        let tip = header.tip(self.trust.start);
        Ok(Verified { header, tip, epochs: self.trust.epochs, digest: self.digest })
    }

    /// Takes the frame at the beginning of `bytes`; its length, or none while it is not whole.
    fn step<E: From<SnapshotError>>(
        &mut self,
        bytes: &[u8],
        take: &mut impl FnMut(Piece<'_>) -> Result<(), E>,
    ) -> Result<Option<usize>, E> {
        match self.stage {
            Stage::Prologue => {
                let Some((prologue, _)) = bytes.split_first_chunk::<PROLOGUE>() else { return Ok(None) };
                frame::check_prologue(prologue)?;
                self.stage = Stage::Header;
                return Ok(Some(PROLOGUE));
            }
            Stage::Ended if bytes.is_empty() => return Ok(None),
            Stage::Ended => return Err(SnapshotError::Trailing { offset: self.offset }.into()),
            _ => {}
        }
        let Some((head, rest)) = bytes.split_first_chunk::<HEAD>() else { return Ok(None) };
        let head = Head::read(head, self.offset)?;
        let Some((body, rest)) = rest.split_at_checked(head.length) else { return Ok(None) };
        let Some((digest, _)) = rest.split_first_chunk::<DIGEST>() else { return Ok(None) };
        self.digest = frame::digest(&self.digest, head, body);
        if self.digest.as_bytes() != digest {
            return Err(SnapshotError::Damaged { frame: head.kind.name(), offset: self.offset }.into());
        }
        self.frame(head.kind, body, take)?;
        Ok(Some(HEAD + head.length + DIGEST))
    }

    fn frame<E: From<SnapshotError>>(
        &mut self,
        kind: Kind,
        body: &[u8],
        take: &mut impl FnMut(Piece<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        match (self.stage, kind) {
            (Stage::Header, Kind::Header) => {
                let header: Header = self.decode(kind, body)?;
                let (found, expected) = (header.network, self.trust.epochs.network());
                if found != expected {
                    return Err(SnapshotError::Network { found, expected }.into());
                }
                take(Piece::Header(&header))?;
                (self.header, self.stage) = (Some(header), Stage::Epochs);
            }
            (Stage::Epochs, Kind::Epoch) => {
                let link: EpochLink = self.decode(kind, body)?;
                self.epoch(&link)?;
                take(Piece::Epoch(&link))?;
            }
            (Stage::Epochs, Kind::Values | Kind::End) => {
                self.prove_header()?;
                self.stage = Stage::Values;
                return self.frame(kind, body, take);
            }
            (Stage::Values, Kind::Values) => self.chunk(body, take)?,
            (Stage::Values, Kind::End) if body.is_empty() => self.end()?,
            _ => return Err(SnapshotError::Misplaced { frame: kind.name(), offset: self.offset }.into()),
        }
        Ok(())
    }

    fn decode<T: Decode<()> + Encode>(&self, kind: Kind, body: &[u8]) -> Result<T, SnapshotError> {
        codec::decode(body, BODY_LIMIT).map_err(|error| SnapshotError::Body {
            frame: kind.name(),
            offset: self.offset,
            error,
        })
    }

    /// Takes an epoch over, if it continues those known so far.
    fn epoch(&mut self, link: &EpochLink) -> Result<(), SnapshotError> {
        let height = link.seal.height;
        let end = self.header.as_ref().map_or(0, |header| header.seal.height);
        if height <= self.trust.epochs.last_change() || height >= end {
            return Err(SnapshotError::EpochOrder { height });
        }
        Ok(self.trust.epochs.push(link)?)
    }

    /// Checks what the header says, once the validators that decided its block are known.
    fn prove_header(&self) -> Result<(), SnapshotError> {
        let Some(Header { seal, certificate, log, .. }) = &self.header else { return Ok(()) };
        self.trust.epochs.check_block(seal, certificate)?;
        let (found, expected) = (log.size(), seal.index());
        if found != expected || found >= Frontier::SIZE_LIMIT {
            return Err(SnapshotError::LogSize(Differs { found, expected }));
        }
        let (found, expected) = (log.root(), seal.log_root);
        if found == expected { Ok(()) } else { Err(SnapshotError::LogRoot(Differs { found, expected })) }
    }

    fn chunk<E: From<SnapshotError>>(
        &mut self,
        mut body: &[u8],
        take: &mut impl FnMut(Piece<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        while !body.is_empty() {
            let offset = self.offset;
            let (key, value, rest) = split_value(body).ok_or(SnapshotError::Value { offset })?;
            let hash = key.hash();
            if !self.map.push(hash, value_hash(value)) {
                return Err(SnapshotError::Order { key: hash }.into());
            }
            take(Piece::Value { key, hash, value })?;
            body = rest;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), SnapshotError> {
        let Some(header) = &self.header else { return Ok(()) };
        let (found, expected) = (self.map.count(), header.values);
        if found != expected {
            return Err(SnapshotError::Count(Differs { found, expected }));
        }
        let (found, expected) = (self.map.clone().root(), header.seal.state_root);
        if found != expected {
            return Err(SnapshotError::StateRoot(Differs { found, expected }));
        }
        self.stage = Stage::Ended;
        Ok(())
    }
}

/// The key and the value at the beginning of a frame of values, and what follows.
fn split_value(bytes: &[u8]) -> Option<(StateKey, &[u8], &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (key, rest) = rest.split_at_checked(usize::from(*length))?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_le_bytes(*length));
    let (value, rest) = rest.split_at_checked(length).filter(|_| length <= VALUE)?;
    Some((StateKey::from_bytes(key)?, value, rest))
}
