//! Check a snapshot while its bytes come in, holding one frame at a time.

use super::content::{Epoch, Header};
use super::error::SnapshotError;
use super::frame::{self, BODY_LIMIT, DIGEST, HEAD, Head, Kind, PROLOGUE};
use crate::block::{SEAL_VERSION, SUITE_SHA256, Seal, Tip};
use crate::chain::{self, Differs, SealError};
use crate::codec::{self, Decode, Encode};
use crate::founding::Founding;
use crate::hash::Hash;
use crate::identifier::Timestamp;
use crate::state::{StateKey, VALUE_LIMIT};
use crate::tree::{Frontier, MapStream, value_hash};
use crate::vote::{CommitCertificate, NetworkId, ValidatorSet, ValidatorSetError};

/// The longest value: the limit of a body, and tag, schema and length before it.
const VALUE: usize = VALUE_LIMIT + 5;

/// What a reader believes before it has read anything: the genesis.
#[derive(Clone, Debug)]
pub struct Trust {
    /// The network.
    pub network: NetworkId,
    /// When it begins.
    pub start: Timestamp,
    /// The validators that it begins with.
    pub validators: ValidatorSet,
}

impl Trust {
    /// What a founding says.
    ///
    /// # Errors
    /// [`ValidatorSetError`] when it names no validators.
    pub fn of(founding: &Founding) -> Result<Self, ValidatorSetError> {
        let validators = founding.nodes.validators()?;
        Ok(Self { network: founding.network(), start: founding.anchor.start, validators })
    }
}

/// A piece of a snapshot, in the order of the file. Until the reader has finished, values are not proven.
#[derive(Clone, Debug)]
pub enum Piece<'a> {
    /// Where it stands.
    Header(&'a Header),
    /// A block that changed the validators; proven.
    Epoch(&'a Epoch),
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
    /// Height of the last epoch.
    changed: u64,
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
            changed: 0,
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
        Ok(Verified { header, tip, digest: self.digest })
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
                let (found, expected) = (header.network, self.trust.network);
                if found != expected {
                    return Err(SnapshotError::Network { found, expected }.into());
                }
                take(Piece::Header(&header))?;
                (self.header, self.stage) = (Some(header), Stage::Epochs);
            }
            (Stage::Epochs, Kind::Epoch) => {
                let epoch: Epoch = self.decode(kind, body)?;
                self.epoch(&epoch)?;
                take(Piece::Epoch(&epoch))?;
                self.trust.validators = epoch.validators;
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

    /// Checks that an epoch's block was decided by the validators known so far, and names the next ones.
    fn epoch(&mut self, epoch: &Epoch) -> Result<(), SnapshotError> {
        let height = epoch.seal.height;
        let before = self.header.as_ref().map_or(0, |header| header.seal.height);
        if height <= self.changed || height >= before {
            return Err(SnapshotError::EpochOrder { height });
        }
        self.decided(&epoch.seal, &epoch.certificate)?;
        if epoch.validators == self.trust.validators {
            return Err(SnapshotError::NoChange { height });
        }
        let (found, expected) = (epoch.validators.hash(), epoch.seal.next_validators);
        if found != expected {
            let error = SealError::NextValidators(Differs { found: expected, expected: found });
            return Err(SnapshotError::Seal { height, error });
        }
        self.changed = height;
        Ok(())
    }

    /// Checks a seal's certificate under the validators known so far.
    fn decided(&self, seal: &Seal, certificate: &CommitCertificate) -> Result<(), SnapshotError> {
        let height = seal.height;
        let wrong = |error| Err(SnapshotError::Seal { height, error });
        let network = self.trust.network;
        if seal.version != SEAL_VERSION {
            return wrong(SealError::Version(Differs { found: seal.version, expected: SEAL_VERSION }));
        }
        if seal.suite != SUITE_SHA256 {
            return wrong(SealError::Suite(Differs { found: seal.suite, expected: SUITE_SHA256 }));
        }
        if seal.network != network {
            return wrong(SealError::Network(Differs { found: seal.network, expected: network }));
        }
        let (found, expected) = (seal.validators, self.trust.validators.hash());
        if found != expected {
            return wrong(SealError::Validators(Differs { found, expected }));
        }
        certificate
            .verify(&network, &self.trust.validators, height, &seal.hash())
            .map_err(|error| SnapshotError::Certificate { height, error })?;
        chain::check_round(seal, certificate.round).or_else(wrong)
    }

    /// Checks what the header says, once the validators that decided its block are known.
    fn prove_header(&self) -> Result<(), SnapshotError> {
        let Some(Header { seal, certificate, log, .. }) = &self.header else { return Ok(()) };
        self.decided(seal, certificate)?;
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
