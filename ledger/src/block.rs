//! Close a block with its seal: the last leaf of a block is its header, and its leaf hash is the block's hash.
//!
//! ```text
//! leaf   = type u8 ‖ entry                 type 0: genesis (the network id), 1: record (an envelope), 2: seal
//! seal   = version u8 (=1) ‖ network 32 ‖ hash suite u8 (=1, SHA-256) ‖ height u64 ‖ origin round u32 ‖ time u64
//!          ‖ proposer 20 ‖ parent 32 ‖ first index u64 ‖ record count u32 ‖ due effects u16 ‖ log root 32
//!          ‖ state root 32 ‖ validators 32 ‖ next validators 32 ‖ rule set u16 ‖ checkpoint u64 ‖ extension 32
//! body   = record count u32 ‖ (length u32 ‖ record)… ‖ length u32 ‖ seal
//! ```
//! One checkpoint over a log whose last leaf is a seal fixes history *and* state. In any proof of state the seal's index
//! is the tree size − 1: with another index, an old state could be shown under a new checkpoint.

use crate::codec::{self, CodecError, Decode, Encode, RECORD_LIMIT};
use crate::hash::Hash;
use crate::identifier::Timestamp;
use crate::tree::{Frontier, leaf_hash};
use crate::vote::{Address, NetworkId};
use serde::{Deserialize, Serialize};

/// The version of the seal's format.
pub const SEAL_VERSION: u8 = 1;

/// The hash suite: SHA-256 for log, map and domains.
pub const SUITE_SHA256: u8 = 1;

/// What a leaf of the log is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LeafKind {
    /// The first leaf: the network id.
    Genesis = 0,
    /// An envelope.
    Record = 1,
    /// A block's seal.
    Seal = 2,
}

/// The bytes of a leaf: its type tag and the entry.
#[must_use]
pub fn leaf_bytes(kind: LeafKind, entry: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(entry.len() + 1);
    bytes.push(kind as u8);
    bytes.extend_from_slice(entry);
    bytes
}

/// The leaf hash (RFC 6962) of an entry of this kind.
#[must_use]
pub fn leaf_of(kind: LeafKind, entry: &[u8]) -> Hash {
    leaf_hash(&leaf_bytes(kind, entry))
}

/// A block's header, and the last leaf of the block.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Seal {
    /// The format's version.
    pub version: u8,
    /// The network.
    pub network: NetworkId,
    /// The hash suite of log and map.
    pub suite: u8,
    /// The block's height; the first block has height 1.
    pub height: u64,
    /// The round in which the block was made. A later round may decide it.
    pub round: u32,
    /// The block's time; later than its parent's.
    pub time: Timestamp,
    /// Who made it: the proposer of the height and the origin round.
    pub proposer: Address,
    /// The hash of the block before; for the first one the network id.
    pub parent: Hash,
    /// The log index of the block's first leaf.
    pub first: u64,
    /// Records in the block.
    pub records: u32,
    /// Effects of passed time in the block.
    pub due: u16,
    /// The root of the log up to the seal, without it.
    pub log_root: Hash,
    /// The root of the state map after the block.
    pub state_root: Hash,
    /// The set of validators that decides this block.
    pub validators: Hash,
    /// The set that decides the next one.
    pub next_validators: Hash,
    /// The rule set the records were checked under.
    pub rule_set: u16,
    /// The time of the latest seal that is a checkpoint; this one is if it is its own time.
    pub checkpoint: Timestamp,
    /// Hash of an extension; zero while there is none.
    pub extension: Hash,
}

impl Seal {
    /// The seal in canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads a seal.
    ///
    /// # Errors
    /// [`CodecError`] when the bytes are not the canonical encoding of a seal of a known version.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let seal: Self = codec::decode(bytes, RECORD_LIMIT)?;
        if seal.version != SEAL_VERSION || seal.suite != SUITE_SHA256 {
            let what = format!("seal version {} with hash suite {} is unknown", seal.version, seal.suite);
            return Err(CodecError::Malformed(what));
        }
        Ok(seal)
    }

    /// The block's hash: the seal's leaf hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        leaf_of(LeafKind::Seal, &self.bytes())
    }

    /// The seal's own log index. Saturates in a seal that was read and not checked: no log is that long.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.first.saturating_add(u64::from(self.records))
    }

    /// Whether validators cosign the log at this seal.
    #[must_use]
    pub fn is_checkpoint(&self) -> bool {
        self.checkpoint == self.time
    }
}

/// A block as it travels: the records' bytes and the seal's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body<'a> {
    /// The envelopes.
    pub records: Vec<&'a [u8]>,
    /// The seal.
    pub seal: &'a [u8],
}

impl<'a> Body<'a> {
    /// The longest body, in bytes: as much as parameters can allow, and the frame around it.
    pub const LIMIT: usize = (8 << 20) + 4 * (Self::RECORDS + 2) + RECORD_LIMIT;

    /// The most records that parameters can allow.
    pub const RECORDS: usize = 65_536;

    /// The body in bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let length = 8 + self.seal.len() + self.records.iter().map(|record| record.len() + 4).sum::<usize>();
        let mut bytes = Vec::with_capacity(length);
        let count = u32::try_from(self.records.len()).expect("a block's records are bounded");
        bytes.extend_from_slice(&count.to_le_bytes());
        for entry in self.records.iter().copied().chain([self.seal]) {
            let length = u32::try_from(entry.len()).expect("a log entry is bounded");
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(entry);
        }
        bytes
    }

    /// Splits a body into its entries, without decoding them.
    ///
    /// # Errors
    /// [`CodecError`] when lengths and bytes do not match exactly, or the body, an entry or their number is beyond its
    /// limit.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, CodecError> {
        if bytes.len() > Self::LIMIT {
            return Err(CodecError::TooLong { length: bytes.len(), limit: Self::LIMIT });
        }
        let cut = || CodecError::Malformed("the body is cut short".into());
        let (count, mut rest) = bytes.split_first_chunk::<4>().ok_or_else(cut)?;
        let count = u32::from_le_bytes(*count) as usize;
        if count > Self::RECORDS {
            return Err(CodecError::TooLong { length: count, limit: Self::RECORDS });
        }
        if count > rest.len() / 4 {
            return Err(cut());
        }
        let mut entries = Vec::with_capacity(count + 1);
        for _ in 0..=count {
            let (length, tail) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
            let length = u32::from_le_bytes(*length) as usize;
            if length > RECORD_LIMIT {
                return Err(CodecError::TooLong { length, limit: RECORD_LIMIT });
            }
            let (entry, tail) = tail.split_at_checked(length).ok_or_else(cut)?;
            entries.push(entry);
            rest = tail;
        }
        if !rest.is_empty() {
            return Err(CodecError::Trailing(rest.len()));
        }
        let seal = entries.pop().ok_or_else(cut)?;
        Ok(Self { records: entries, seal })
    }
}

/// The end of a log: its last seal, if it has one, and the frontier of the tree over all leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The network.
    pub network: NetworkId,
    /// The last seal; `None` before the first block.
    pub seal: Option<Seal>,
    /// The tree over all leaves.
    pub log: Frontier,
    /// When the network begins: the first block is later.
    pub start: Timestamp,
}

impl Tip {
    /// The log of a network without blocks: the genesis leaf alone.
    #[must_use]
    pub fn genesis(network: NetworkId, start: Timestamp) -> Self {
        let mut log = Frontier::new();
        log.append(leaf_of(LeafKind::Genesis, network.0.as_bytes()));
        Self { network, seal: None, log, start }
    }

    /// The last block's height; 0 before the first.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.seal.as_ref().map_or(0, |seal| seal.height)
    }

    /// The last block's hash; the network id before the first.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.seal.as_ref().map_or(self.network.0, Seal::hash)
    }

    /// The last block's time; the network's start before the first.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.seal.as_ref().map_or(self.start, |seal| seal.time)
    }

    /// The time of the last checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> Timestamp {
        self.seal.as_ref().map_or(self.start, |seal| seal.checkpoint)
    }

    /// The log index of the next leaf.
    #[must_use]
    pub fn next_index(&self) -> u64 {
        self.log.size()
    }

    /// The checkpoint time of a block made at `time`: its own if the cadence is over, else the last one's.
    #[must_use]
    pub fn checkpoint_at(&self, time: Timestamp, every: u64) -> Timestamp {
        let last = self.checkpoint();
        if time.milliseconds().saturating_sub(last.milliseconds()) >= every { time } else { last }
    }

    /// The tip after a block with these record leaves and this seal.
    #[must_use]
    pub fn after(&self, records: &[Hash], seal: Seal) -> Self {
        let mut log = self.log.clone();
        for leaf in records {
            log.append(*leaf);
        }
        log.append(seal.hash());
        Self { network: self.network, seal: Some(seal), log, start: self.start }
    }
}
