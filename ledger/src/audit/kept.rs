//! Keep an audited prefix, and continue from it.
//!
//! ```text
//! kept   = "TDAUDIT1" ‖ frame… ‖ SHA-256 of all before            frame = length u32 ‖ bytes
//! frames = head, the open tile of each level (32 bytes a hash), the epochs, the roots (size u64 ‖ 32 each),
//!          and a key and a value for each value of the state
//! ```
//! Little-endian as all of our own formats. The digest tells damage, and not forgery: whoever can write the file can say
//! that anything was audited. So it is read from where the auditor itself wrote it, and by the same program version.

use super::rows::Rows;
use super::{Auditor, Epoch, counts};
use crate::block::{Seal, Tip};
use crate::codec::{self, CodecError, Decode, Encode, Text};
use crate::founding::Founding;
use crate::hash::Hash;
use crate::replay::{Replay, ResumeError};
use crate::state::{Fault, MemoryState, Nodes, StateKey};
use crate::tree::Frontier;
use crate::vote::NetworkId;
use std::collections::BTreeMap;

const MAGIC: &[u8; 8] = b"TDAUDIT1";

/// Bytes of the digest at the end.
const DIGEST: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Head {
    program: Text<100>,
    network: NetworkId,
    seal: Seal,
    log: Frontier,
    counts: counts::Kept,
    tiles: u8,
    epochs: u32,
    values: u64,
}

/// Why a kept prefix is not continued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeptError {
    /// The file is no kept audit.
    #[error("it is no kept audit: it does not begin with TDAUDIT1")]
    NoKept,
    /// It ends too early, or its parts do not fit.
    #[error("it is cut short or its parts do not fit each other")]
    Cut,
    /// The digest is not that of the bytes.
    #[error("it is damaged: its bytes have another digest than the one at their end")]
    Damaged,
    /// It was kept by another version of the program.
    #[error("it was kept by {found}; this is {expected}, whose rules may differ")]
    Program {
        /// The program that kept it.
        found: String,
        /// This program.
        expected: String,
    },
    /// It is of another network.
    #[error("it is of the network {found}, the genesis file is of {expected}")]
    Network {
        /// The kept network.
        found: NetworkId,
        /// The network asked for.
        expected: NetworkId,
    },
    /// A program that cannot be named so.
    #[error("{0:?} is no name of a program")]
    Name(String),
    /// A part that is not in canonical bytes.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A state that contradicts itself.
    #[error(transparent)]
    State(#[from] Fault),
    /// A state that is not the one that its seal names.
    #[error(transparent)]
    Resume(#[from] ResumeError),
}

/// The longest frame that is read as one value.
const FRAME_LIMIT: usize = 1 << 20;

impl Auditor {
    /// Writes down what was audited, to continue from it. None unless the log so far ends with a seal.
    ///
    /// # Errors
    /// [`KeptError::Name`] when `program` has more than 100 bytes.
    pub fn keep(&self, program: &str) -> Result<Option<Vec<u8>>, KeptError> {
        let (true, Some(seal)) = (self.is_at_seal(), self.seal()) else { return Ok(None) };
        let head = Head {
            program: program.parse().map_err(|_| KeptError::Name(program.into()))?,
            network: self.network(),
            seal: seal.clone(),
            log: self.rows.log().clone(),
            counts: self.counts.keep(),
            tiles: u8::try_from(self.rows.open().count()).expect("a log has at most eight levels of tiles"),
            epochs: u32::try_from(self.epochs.len()).expect("fewer epochs than blocks"),
            values: self.replay.state().values().count() as u64,
        };
        let mut bytes = MAGIC.to_vec();
        let mut frame = |content: &[u8]| {
            let length = u32::try_from(content.len()).expect("a frame is bounded");
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(content);
        };
        frame(&codec::encode(&head));
        for open in self.rows.open() {
            frame(&open.iter().flat_map(|hash| hash.0).collect::<Vec<_>>());
        }
        for epoch in &self.epochs {
            frame(&codec::encode(&(epoch.height, epoch.size, epoch.nodes.clone())));
        }
        let root = |(size, root): (&u64, &Hash)| [&size.to_le_bytes()[..], root.as_bytes()].concat();
        frame(&self.roots.iter().flat_map(root).collect::<Vec<_>>());
        for (key, value) in self.replay.state().values() {
            frame(&key.bytes());
            frame(value);
        }
        let digest = Hash::plain(&[&bytes]);
        bytes.extend_from_slice(digest.as_bytes());
        Ok(Some(bytes))
    }

    /// An auditor that continues behind what was kept. The state's root is computed again from its values.
    ///
    /// # Errors
    /// [`KeptError`] says why it cannot be believed; the audit begins anew then.
    pub fn resume(founding: &Founding, program: &str, kept: &[u8]) -> Result<Self, KeptError> {
        let body = kept.strip_prefix(MAGIC).ok_or(KeptError::NoKept)?;
        let (body, digest) = body.split_last_chunk::<DIGEST>().ok_or(KeptError::Cut)?;
        if Hash::plain(&[&kept[..kept.len() - DIGEST]]).as_bytes() != digest {
            return Err(KeptError::Damaged);
        }
        let mut frames = Frames(body);
        let head: Head = frames.value()?;
        let (found, expected) = (head.network, founding.network());
        if found != expected {
            return Err(KeptError::Network { found, expected });
        }
        if head.program.as_str() != program {
            return Err(KeptError::Program { found: head.program.to_string(), expected: program.into() });
        }
        let open = (0..head.tiles).map(|_| frames.hashes()).collect::<Result<Vec<_>, _>>()?;
        let mut epochs = Vec::new();
        for _ in 0..head.epochs {
            let (height, size, nodes): (u64, u64, Nodes) = frames.value()?;
            epochs.push(Epoch::of(nodes, (height, size))?);
        }
        let (roots, rest) = frames.next()?.as_chunks::<40>();
        let root = |root: &[u8; 40]| {
            let (size, root) = root.split_first_chunk::<8>()?;
            Some((u64::from_le_bytes(*size), Hash(root.try_into().ok()?)))
        };
        let roots: BTreeMap<_, _> = roots.iter().filter_map(root).collect();
        let mut values = Vec::new();
        for _ in 0..head.values {
            let key = StateKey::from_bytes(frames.next()?).ok_or(KeptError::Cut)?;
            values.push((key, frames.next()?.into()));
        }
        if !frames.0.is_empty() || !rest.is_empty() || epochs.is_empty() {
            return Err(KeptError::Cut);
        }
        let state = MemoryState::of(values)?;
        let (start, log) = (founding.anchor.start, head.log);
        let rows = Rows::resumed(log.clone(), open).ok_or(KeptError::Cut)?;
        let tip = Tip { network: expected, seal: Some(head.seal), log, start };
        let replay = Replay::resume(tip, state)?;
        Ok(Self { replay, rows, block: Vec::new(), counts: head.counts.counts(), epochs, roots })
    }
}

/// The frames that are still to be read.
struct Frames<'a>(&'a [u8]);

impl<'a> Frames<'a> {
    fn next(&mut self) -> Result<&'a [u8], KeptError> {
        let (length, rest) = self.0.split_first_chunk::<4>().ok_or(KeptError::Cut)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (frame, rest) = rest.split_at_checked(length).ok_or(KeptError::Cut)?;
        self.0 = rest;
        Ok(frame)
    }

    fn value<T: Decode<()> + Encode>(&mut self) -> Result<T, KeptError> {
        Ok(codec::decode(self.next()?, FRAME_LIMIT)?)
    }

    fn hashes(&mut self) -> Result<Vec<Hash>, KeptError> {
        let (hashes, rest) = self.next()?.as_chunks::<32>();
        if rest.is_empty() { Ok(hashes.iter().copied().map(Hash).collect()) } else { Err(KeptError::Cut) }
    }
}
