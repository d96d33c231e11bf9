//! Follow who decides a network's blocks and cosigns its log, from the founding to any height.
//!
//! ```text
//! founding ── signers ──► block that changes them ── signers ──► block that changes them ── …
//!                          seal, decided by the set before
//!                          nodes, proven under the seal's state root
//! ```
//!
//! The set that decides a height is the one behind the last change below it: a block that changes the signers is still
//! decided, and its checkpoint cosigned, by those before. A change of cosigning keys alone leaves the seal's two sets of
//! validators equal, for these name vote keys and powers; that is why the nodes' value is proven, not only its hash.
//!
//! What is trusted: the founding, and that of none of the sets in the chain more than two thirds of the power ever sign
//! what was not decided, also not long after they have handed over. A chain that leaves out a change of cosigning keys
//! alone cannot be told from one in which there was none; it makes count only who had to destroy those keys.

mod signers;

pub use signers::{PlacedCosignature, Quorum, QuorumError, Signer, Signers, SignersError};

use crate::block::{SEAL_VERSION, SUITE_SHA256, Seal};
use crate::chain::{self, Differs, SealError};
use crate::codec::{self, CodecError, Decode, Encode};
use crate::founding::Founding;
use crate::hash::Hash;
use crate::state::{Nodes, StateKey, Stored as _, Unit};
use crate::tree::{MapProof, MapProofError, value_hash};
use crate::vote::{CertificateError, CommitCertificate, NetworkId};
use serde::Serialize;

/// A block that changed the signers: vote keys, cosigning keys or powers of the nodes that vote.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct EpochLink {
    /// Its seal.
    pub seal: Seal,
    /// The proof that those before decided it.
    pub certificate: CommitCertificate,
    /// The nodes behind it.
    pub nodes: Nodes,
    /// The proof that the seal's state has these nodes.
    pub proof: MapProof,
}

/// Who decides and cosigns at every height, as far as the chain of changes is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epochs {
    network: NetworkId,
    first: Signers,
    /// Height of the block that changed them, and those behind it; ascending.
    changes: Vec<(u64, Signers)>,
}

/// One epoch: from where on its signers decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Epoch<'a> {
    /// Its number: 0 begins with the founding.
    pub number: usize,
    /// The first height that its signers decide.
    pub from: u64,
    /// Its signers.
    #[serde(skip)]
    pub signers: &'a Signers,
}

/// Why a link does not continue the chain, or a block is not proven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EpochError {
    /// Bytes that are no link.
    #[error("NO LINK: {0}")]
    Bytes(#[from] CodecError),
    /// A link that does not come behind the one before.
    #[error("OUT OF ORDER: the change at height {height} does not come behind that at {last}")]
    Order {
        /// The link's height.
        height: u64,
        /// The height of the last change known.
        last: u64,
    },
    /// The seal is of another network, version or set.
    #[error("the seal of height {height}: {error}")]
    Seal {
        /// Its height.
        height: u64,
        /// The field that is wrong.
        error: SealError,
    },
    /// The certificate does not prove that the block was decided.
    #[error("the block of height {height} is not proven: {error}")]
    Certificate {
        /// Its height.
        height: u64,
        /// What is wrong.
        error: CertificateError,
    },
    /// The nodes are not those of the seal's state.
    #[error("the nodes behind height {height} are not those of its state: {error}")]
    Nodes {
        /// The link's height.
        height: u64,
        /// What is wrong.
        error: MapProofError,
    },
    /// The nodes make no signers.
    #[error("the nodes behind height {height}: {error}")]
    Signers {
        /// The link's height.
        height: u64,
        /// What is wrong.
        error: SignersError,
    },
    /// Nothing changes.
    #[error("NO CHANGE: the block of height {height} changes no signer")]
    NoChange {
        /// The link's height.
        height: u64,
    },
    /// A link at a height that is known with other signers.
    #[error(
        "ANOTHER CHAIN: the change at height {height} leads to other signers than are known from there on"
    )]
    Differs {
        /// The link's height.
        height: u64,
    },
}

impl EpochLink {
    /// The longest link, in bytes: the widest nodes, forty precommits and the deepest proof.
    pub const LIMIT: usize = 1 << 16;

    /// The key of the nodes in the state.
    #[must_use]
    pub fn key() -> StateKey {
        StateKey::of::<Nodes>(&Unit)
    }

    /// The link in canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads a link.
    ///
    /// # Errors
    /// [`EpochError::Bytes`] when the bytes are not the canonical encoding of one.
    pub fn decode(bytes: &[u8]) -> Result<Self, EpochError> {
        Ok(codec::decode(bytes, Self::LIMIT)?)
    }
}

impl Epochs {
    /// The chain that begins with these nodes.
    ///
    /// # Errors
    /// [`SignersError`] when they are no signers.
    pub fn new(network: NetworkId, nodes: &Nodes) -> Result<Self, SignersError> {
        Ok(Self { network, first: Signers::of(nodes)?, changes: Vec::new() })
    }

    /// The chain that a founding begins.
    ///
    /// # Errors
    /// [`SignersError`] when it names no signers.
    pub fn of(founding: &Founding) -> Result<Self, SignersError> {
        Self::new(founding.network(), &founding.nodes)
    }

    /// The network.
    #[must_use]
    pub const fn network(&self) -> NetworkId {
        self.network
    }

    /// How many changes there were: one less than the epochs.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes.len()
    }

    /// The height of the last change; 0 when there was none.
    #[must_use]
    pub fn last_change(&self) -> u64 {
        self.changes.last().map_or(0, |(height, _)| *height)
    }

    /// Who decides from the last change on.
    #[must_use]
    pub fn current(&self) -> &Signers {
        self.changes.last().map_or(&self.first, |(_, signers)| signers)
    }

    /// All epochs, from the founding on.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Epoch<'_>> {
        (0..=self.changes.len()).map(|number| self.epoch(number))
    }

    /// The epoch that decides a height: the one behind the last change below it.
    #[must_use]
    pub fn at(&self, height: u64) -> Epoch<'_> {
        self.epoch(self.changes.partition_point(|(change, _)| *change < height))
    }

    /// Who decides a height.
    #[must_use]
    pub fn signers_at(&self, height: u64) -> &Signers {
        self.at(height).signers
    }

    fn epoch(&self, number: usize) -> Epoch<'_> {
        match number.checked_sub(1).and_then(|change| self.changes.get(change)) {
            Some((height, signers)) => Epoch { number, from: height.saturating_add(1), signers },
            None => Epoch { number: 0, from: 1, signers: &self.first },
        }
    }

    /// Checks that a seal is of this network and was decided at its height by those who decide there.
    ///
    /// # Errors
    /// [`EpochError`] names the first thing that is wrong.
    pub fn check_block(&self, seal: &Seal, certificate: &CommitCertificate) -> Result<(), EpochError> {
        let height = seal.height;
        self.check_seal(seal)?;
        certificate
            .verify(&self.network, self.signers_at(height).validators(), height, &seal.hash())
            .map_err(|error| EpochError::Certificate { height, error })?;
        chain::check_round(seal, certificate.round).map_err(|error| EpochError::Seal { height, error })
    }

    /// Checks that a seal is of this network, of a known version, and names those who decide its height. Whether they
    /// decided it, only signatures say.
    ///
    /// # Errors
    /// [`EpochError::Seal`] names the first field that is wrong.
    pub fn check_seal(&self, seal: &Seal) -> Result<(), EpochError> {
        let wrong = |error| Err(EpochError::Seal { height: seal.height, error });
        if seal.version != SEAL_VERSION {
            return wrong(SealError::Version(Differs { found: seal.version, expected: SEAL_VERSION }));
        }
        if seal.suite != SUITE_SHA256 {
            return wrong(SealError::Suite(Differs { found: seal.suite, expected: SUITE_SHA256 }));
        }
        if seal.network != self.network {
            return wrong(SealError::Network(Differs { found: seal.network, expected: self.network }));
        }
        let (found, expected) = (seal.validators, self.signers_at(seal.height).hash());
        if found != expected {
            return wrong(SealError::Validators(Differs { found, expected }));
        }
        Ok(())
    }

    /// Takes the next change, if it is proven. One that is known already, with the same signers behind it, changes
    /// nothing.
    ///
    /// # Errors
    /// [`EpochError`] names the first thing that is wrong; nothing is then taken.
    pub fn push(&mut self, link: &EpochLink) -> Result<(), EpochError> {
        let (height, last) = (link.seal.height, self.last_change());
        if height <= last {
            let known = self.changes.iter().find(|(change, _)| *change == height);
            let Some((_, known)) = known else { return Err(EpochError::Order { height, last }) };
            return if *known == self.prove(link)? { Ok(()) } else { Err(EpochError::Differs { height }) };
        }
        let signers = self.prove(link)?;
        if signers == *self.current() {
            return Err(EpochError::NoChange { height });
        }
        self.changes.push((height, signers));
        Ok(())
    }

    /// The signers that a link leads to.
    fn prove(&self, link: &EpochLink) -> Result<Signers, EpochError> {
        let height = link.seal.height;
        self.check_block(&link.seal, &link.certificate)?;
        let bytes = link.nodes.to_bytes().map_err(|_| {
            let length = codec::encode(&link.nodes).len();
            EpochError::Bytes(CodecError::TooLong { length, limit: crate::state::VALUE_LIMIT })
        })?;
        link.proof
            .verify(&link.seal.state_root, &EpochLink::key().hash(), Some(&value_hash(&bytes)))
            .map_err(|error| EpochError::Nodes { height, error })?;
        let signers = Signers::of(&link.nodes).map_err(|error| EpochError::Signers { height, error })?;
        let (found, expected): (Hash, Hash) = (link.seal.next_validators, signers.hash());
        if found != expected {
            let error = SealError::NextValidators(Differs { found, expected });
            return Err(EpochError::Seal { height, error });
        }
        Ok(signers)
    }
}
