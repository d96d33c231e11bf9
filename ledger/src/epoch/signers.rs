//! Know who decides blocks and cosigns checkpoints, and whether enough of them have cosigned one.

use crate::codec::{Decode, DecodeError, Encode, EncodeError, invalid};
use crate::hash::Hash;
use crate::key::{KeyError, PublicKey};
use crate::state::Nodes;
use crate::tree::{Checkpoint, Cosignature, NoteError, NoteKey, SignedCheckpoint, cosigner_key};
use crate::vote::{Address, NetworkId, ValidatorSet, ValidatorSetError, is_quorum};
use bincode::de::Decoder;
use bincode::enc::Encoder;
use std::collections::{BTreeMap, BTreeSet};

/// A node that votes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Signer {
    /// The address of its vote key.
    pub address: Address,
    /// The name of the node.
    pub name: String,
    /// The key it votes with.
    pub vote_key: PublicKey,
    /// The key it cosigns with.
    pub cosign_key: PublicKey,
    /// Its voting power, at least 1.
    pub power: u64,
}

/// The nodes that vote, ascending by address: at least one, no key twice. The same validators as [`Nodes::validators`].
#[derive(Clone, Debug)]
pub struct Signers {
    signers: Vec<Signer>,
    validators: ValidatorSet,
}

/// A cosignature and the place of its signer among the signers, from 0.
///
/// On the wire: place `u8` ‖ time `u64`, **big-endian** ‖ signature 64 bytes: the last 72 as in a line of a note.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct PlacedCosignature {
    /// Whose it is.
    pub signer: u8,
    /// Time and signature.
    pub cosignature: Cosignature,
}

/// A quorum that cosigned a checkpoint.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Quorum {
    /// The voting power of all who cosigned.
    pub power: u64,
    /// The voting power of all signers.
    pub total: u64,
    /// The latest time, in seconds since 1970, at or after which those with more than two thirds of the power cosigned.
    pub time: u64,
}

/// Why nodes are no signers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignersError {
    /// They are no set of validators.
    #[error(transparent)]
    Validators(#[from] ValidatorSetError),
    /// A cosigning key that is none.
    #[error("the cosigning key of {name}: {error}")]
    Key {
        /// The node.
        name: String,
        /// What is wrong.
        error: KeyError,
    },
    /// Two nodes with one cosigning key: its owner would count twice.
    #[error("the cosigning key {0} stands twice")]
    Duplicate(PublicKey),
}

/// Why cosignatures make no quorum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuorumError {
    /// Out of order, or one signer twice.
    #[error("the cosignatures do not ascend by their signer's place, or one stands twice")]
    Order,
    /// A place at which nobody stands.
    #[error("there is no signer {place}: they are {count}")]
    Stranger {
        /// The place.
        place: u8,
        /// How many there are.
        count: usize,
    },
    /// A signature that does not verify.
    #[error("the cosignature of {signer}: {error}")]
    Signature {
        /// The signer's address.
        signer: Address,
        /// What is wrong.
        error: KeyError,
    },
    /// Too little power.
    #[error("{power} of {total} voting power cosigned; more than two thirds are needed")]
    Short {
        /// The power of those who cosigned.
        power: u64,
        /// The power of all.
        total: u64,
    },
}

impl Signers {
    /// The nodes that vote.
    ///
    /// # Errors
    /// [`SignersError`] when there are none, two share a key, or a cosigning key is none.
    pub fn of(nodes: &Nodes) -> Result<Self, SignersError> {
        let validators = nodes.validators()?;
        let mut signers: Vec<_> = nodes
            .nodes
            .iter()
            .filter(|node| node.power > 0)
            .map(|node| Signer {
                address: Address::of(&node.vote_key),
                name: node.name.to_string(),
                vote_key: node.vote_key.clone(),
                cosign_key: node.cosign_key.clone(),
                power: node.power,
            })
            .collect();
        signers.sort_by_key(|signer| signer.address);
        let mut keys = BTreeSet::new();
        for signer in &signers {
            let name = || signer.name.clone();
            signer.cosign_key.check().map_err(|error| SignersError::Key { name: name(), error })?;
            if !keys.insert(&signer.cosign_key) {
                return Err(SignersError::Duplicate(signer.cosign_key.clone()));
            }
        }
        Ok(Self { signers, validators })
    }

    /// They, ascending by address.
    #[must_use]
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }

    /// They as the consensus knows them.
    #[must_use]
    pub const fn validators(&self) -> &ValidatorSet {
        &self.validators
    }

    /// The hash by which a seal names them.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.validators.hash()
    }

    /// Their voting power.
    #[must_use]
    pub fn power(&self) -> u64 {
        self.validators.power()
    }

    /// The one at this place.
    #[must_use]
    pub fn get(&self, place: u8) -> Option<&Signer> {
        self.signers.get(usize::from(place))
    }

    /// The place of the one with this address.
    #[must_use]
    pub fn place(&self, address: &Address) -> Option<u8> {
        let place = self.signers.binary_search_by_key(address, |signer| signer.address).ok()?;
        u8::try_from(place).ok()
    }

    /// Their cosigning keys as keys of notes, in their order.
    #[must_use]
    pub fn note_keys(&self, network: &NetworkId) -> Vec<NoteKey> {
        let key = |signer: &Signer| cosigner_key(network, &signer.address, &signer.cosign_key);
        self.signers.iter().map(|signer| key(signer).expect("the keys were checked")).collect()
    }

    /// The cosignatures under a checkpoint that are theirs, of each signer the latest, ascending by place.
    ///
    /// # Errors
    /// [`NoteError`] when one of them does not verify, or there is none.
    pub fn cosignatures(
        &self,
        network: &NetworkId,
        checkpoint: &SignedCheckpoint,
    ) -> Result<Vec<PlacedCosignature>, NoteError> {
        let keys = self.note_keys(network);
        let mut placed = Vec::new();
        for signed in checkpoint.verify(&keys)? {
            let place = keys.iter().position(|key| key == signed.key).and_then(|at| u8::try_from(at).ok());
            if let (Some(signer), Some(cosignature)) = (place, signed.cosignature) {
                placed.push(PlacedCosignature { signer, cosignature });
            }
        }
        Ok(placed)
    }

    /// Checks that enough of them have cosigned a checkpoint. Every cosignature must be one of theirs and verify, each
    /// signer's once.
    ///
    /// # Errors
    /// [`QuorumError`] names the first thing that is wrong.
    pub fn check(
        &self,
        checkpoint: &Checkpoint,
        cosignatures: &[PlacedCosignature],
    ) -> Result<Quorum, QuorumError> {
        if cosignatures.windows(2).any(|pair| pair[0].signer >= pair[1].signer) {
            return Err(QuorumError::Order);
        }
        let text = checkpoint.text();
        for placed in cosignatures {
            let (place, count) = (placed.signer, self.signers.len());
            let signer = self.get(place).ok_or(QuorumError::Stranger { place, count })?;
            placed
                .cosignature
                .verify(&signer.cosign_key, &text)
                .map_err(|error| QuorumError::Signature { signer: signer.address, error })?;
        }
        self.quorum(cosignatures)
    }

    /// The quorum that these make, whose signatures were verified; each signer counts once, with the latest time.
    ///
    /// # Errors
    /// [`QuorumError::Short`] when they make none.
    pub fn quorum(&self, verified: &[PlacedCosignature]) -> Result<Quorum, QuorumError> {
        let total = self.power();
        let mut latest = BTreeMap::new();
        for placed in verified {
            let time = latest.entry(placed.signer).or_insert(placed.cosignature.time);
            *time = placed.cosignature.time.max(*time);
        }
        let counted = |(signer, time): (u8, u64)| Some((time, self.get(signer)?.power));
        let mut times: Vec<_> = latest.into_iter().filter_map(counted).collect();
        times.sort_unstable_by_key(|(time, _)| std::cmp::Reverse(*time));
        let power = times.iter().map(|(_, power)| power).sum();
        let mut so_far = 0;
        for (time, power_then) in times {
            so_far += power_then;
            if is_quorum(so_far, total) {
                return Ok(Quorum { power, total, time });
            }
        }
        Err(QuorumError::Short { power, total })
    }

    /// As few of these as make a quorum: those with the most power, and of equal power the latest; ascending by place.
    /// All of them when they make none.
    #[must_use]
    pub fn fewest(&self, verified: &[PlacedCosignature]) -> Vec<PlacedCosignature> {
        let power = |placed: &PlacedCosignature| self.get(placed.signer).map_or(0, |signer| signer.power);
        let mut all = verified.to_vec();
        all.sort_by_key(|placed| std::cmp::Reverse((power(placed), placed.cosignature.time)));
        let (total, mut so_far) = (self.power(), 0);
        let enough = all.iter().position(|placed| {
            so_far += power(placed);
            is_quorum(so_far, total)
        });
        all.truncate(enough.map_or(all.len(), |last| last + 1));
        all.sort_by_key(|placed| placed.signer);
        all
    }
}

/// The same keys and powers: names are no matter.
impl PartialEq for Signers {
    fn eq(&self, other: &Self) -> bool {
        let counts = |signer: &Signer| (signer.vote_key.clone(), signer.cosign_key.clone(), signer.power);
        self.signers.iter().map(counts).eq(other.signers.iter().map(counts))
    }
}

impl Eq for Signers {}

impl Encode for PlacedCosignature {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.signer.encode(encoder)?;
        self.cosignature.to_bytes().encode(encoder)
    }
}

impl<Context> Decode<Context> for PlacedCosignature {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let signer = u8::decode(decoder)?;
        let bytes = <[u8; Cosignature::LENGTH]>::decode(decoder)?;
        let cosignature = Cosignature::from_bytes(&bytes);
        let cosignature = cosignature.ok_or_else(|| invalid("a cosignature's time is below 2^63 seconds"))?;
        Ok(Self { signer, cosignature })
    }
}
bincode::impl_borrow_decode!(PlacedCosignature);
