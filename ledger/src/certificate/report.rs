//! Report on a certificate: every check with its outcome, what it is as of, and what it rests on.

use super::error::{CertificateError, HistoryFlaw};
use crate::epoch::{EpochError, Quorum};
use crate::hash::Hash;
use crate::identifier::Timestamp;
use crate::state::StateKey;
use crate::tree::{LogProofError, MapProofError};
use crate::vote::{Address, NetworkId};
use serde::Serialize;

/// What is checked, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "check")]
pub enum Subject {
    /// The bytes are a certificate of a known version, and nothing else.
    Format,
    /// The certificate is of the network of the founding.
    Network,
    /// The links it carries continue the chain of epochs from what was known.
    Epochs,
    /// The seal names the validators that decide its height.
    Epoch,
    /// The key has the value, or none, under the seal's state root.
    Value,
    /// A detail has its value, or none, under the same root.
    Detail {
        /// Its place, from 0.
        place: usize,
    },
    /// The seal is the last leaf of the checkpoint's tree.
    LastLeaf,
    /// The seal stands in the checkpoint's tree.
    Inclusion,
    /// A cosigner is one of the epoch, and its cosignature verifies.
    Cosignature {
        /// Its place among the signers, from 0.
        signer: u8,
        /// Its address, if there is one at the place.
        address: Option<Address>,
        /// Its node's name.
        name: Option<String>,
        /// The time that it states, in seconds since 1970.
        time: u64,
    },
    /// Cosigners with more than two thirds of the power signed.
    Quorum,
    /// The checkpoint is not too old.
    Age,
    /// Enough of the witnesses asked for signed too.
    Witnesses,
    /// The history is complete, and each of its entries stands in the checkpoint's tree.
    History,
}

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not.
    Failed(Box<Failure>),
    /// It was not asked for, or what it rests on failed.
    NotAsked,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What is checked.
    pub what: Subject,
    /// What it came to.
    pub outcome: Outcome,
}

/// Why a check failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The bytes are no certificate.
    #[error(transparent)]
    Format(#[from] CertificateError),
    /// A certificate of another network.
    #[error("WRONG NETWORK: the certificate is of {found}, the genesis file of {expected}")]
    Network {
        /// The certificate's network.
        found: NetworkId,
        /// The network asked for.
        expected: NetworkId,
    },
    /// A link that does not continue the chain.
    #[error("the chain of epochs: {0}")]
    Epochs(#[from] EpochError),
    /// The seal names other validators than the chain of epochs leads to.
    #[error(
        "MIXED EPOCH: the seal of height {height} names other validators than epoch {epoch}, to which the known links \
         lead: get the links up to this height, or the certificate is put together from two epochs"
    )]
    MixedEpoch {
        /// The seal's height.
        height: u64,
        /// The epoch that the chain leads to.
        epoch: usize,
    },
    /// A seal of a version or hash suite that is unknown.
    #[error("the seal: {0}")]
    Seal(EpochError),
    /// The map proof says the key is present, and the certificate says it stands for nothing.
    #[error("ABSENCE OF WHAT IS PRESENT: the proof shows that the key stands for something")]
    Present,
    /// The map proof says the key stands for nothing, and the certificate has a value.
    #[error("VALUE OF WHAT IS ABSENT: the proof shows that the key stands for nothing")]
    Absent,
    /// The map proof proves nothing under the seal's state root.
    #[error("WRONG VALUE: {0}")]
    Value(MapProofError),
    /// The value is none of the key's type.
    #[error("NO VALUE of its type: {0}")]
    Type(String),
    /// The seal is not the last leaf.
    #[error("OLD STATE: the seal is leaf {index} of {size}; only the last leaf's state may be shown")]
    NotLast {
        /// The seal's index.
        index: u64,
        /// The checkpoint's size.
        size: u64,
    },
    /// The seal does not stand in the checkpoint's tree.
    #[error("NOT IN THE LOG: the seal does not stand in the checkpoint's tree: {0}")]
    Inclusion(LogProofError),
    /// Nobody stands at the place.
    #[error("UNKNOWN COSIGNER: the epoch has {count} signers, and none at place {place}")]
    Stranger {
        /// The place.
        place: u8,
        /// How many there are.
        count: usize,
    },
    /// A signature that does not verify.
    #[error("FORGED SIGNATURE: the cosignature of {name} does not verify over this checkpoint")]
    Forged {
        /// The signer's name.
        name: String,
    },
    /// A signature that a key of another epoch made.
    #[error(
        "MIXED EPOCH: the cosignature at place {place} is of {name} in epoch {epoch}, which does not decide this height"
    )]
    OtherEpoch {
        /// The place it stands at.
        place: u8,
        /// Whose it is.
        name: String,
        /// In which epoch.
        epoch: usize,
    },
    /// Too little power.
    #[error("NO QUORUM: {power} of {total} voting power cosigned; more than two thirds are needed")]
    Short {
        /// The power of those whose cosignatures verify.
        power: u64,
        /// The power of all.
        total: u64,
    },
    /// Older than allowed.
    #[error("TOO OLD: a quorum cosigned {age} seconds ago; at most {limit} are allowed; ask for a new one")]
    Old {
        /// Its age, in seconds.
        age: u64,
        /// The most that was allowed.
        limit: u64,
    },
    /// Cosigned in the future.
    #[error("FROM THE FUTURE: a quorum cosigned {ahead} seconds ahead of the clock here")]
    Future {
        /// By how many seconds.
        ahead: u64,
    },
    /// A line of a witness asked for that does not verify.
    #[error("FORGED WITNESS: the cosignature of {name} does not verify over this checkpoint")]
    ForgedWitness {
        /// The name of its key.
        name: String,
    },
    /// Too few witnesses.
    #[error("TOO FEW WITNESSES: {found} of those asked for signed; {needed} are needed")]
    Witnesses {
        /// How many signed.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// The history.
    #[error("the history: {0}")]
    History(#[from] HistoryFlaw),
}

/// As of when a statement holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AsOf {
    /// The height of the block.
    pub height: u64,
    /// The block's time.
    pub time: Timestamp,
    /// The checkpoint's size.
    pub size: u64,
    /// The checkpoint's root.
    pub root: Hash,
    /// The quorum that cosigned, and since when.
    pub quorum: Option<Quorum>,
}

/// What trust a statement rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RestsOn {
    /// The network: the hash of the genesis file.
    pub network: NetworkId,
    /// The epoch that signed: how many changes of signers were followed from the genesis.
    pub epoch: usize,
    /// Of these, how many links the certificate itself brought.
    pub links: usize,
    /// The nodes whose cosignatures verified.
    pub cosigners: Vec<String>,
    /// The witnesses asked for whose cosignatures verified.
    pub witnesses: Vec<String>,
}

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing failed.
    pub holds: bool,
    /// Every check, in order.
    pub checks: Vec<Check>,
    /// As of when; none if the bytes are no certificate.
    pub as_of: Option<AsOf>,
    /// What it rests on; none if the bytes are no certificate of the network.
    pub rests_on: Option<RestsOn>,
    /// The key that is certified.
    #[serde(skip)]
    pub key: Option<StateKey>,
}

impl Report {
    /// The report on bytes that are no certificate.
    #[must_use]
    pub fn of_no_certificate(error: CertificateError) -> Self {
        let outcome = Outcome::Failed(Box::new(error.into()));
        let checks = vec![Check { what: Subject::Format, outcome }];
        Self { holds: false, checks, as_of: None, rests_on: None, key: None }
    }

    /// The failures, in order.
    pub fn failures(&self) -> impl Iterator<Item = (&Subject, &Failure)> {
        self.checks.iter().filter_map(|check| match &check.outcome {
            Outcome::Failed(failure) => Some((&check.what, failure.as_ref())),
            _ => None,
        })
    }
}

impl Serialize for Check {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Form<'a> {
            #[serde(flatten)]
            what: &'a Subject,
            outcome: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        }
        let (outcome, reason) = match &self.outcome {
            Outcome::Holds => ("ok", None),
            Outcome::Failed(failure) => ("failed", Some(failure.to_string())),
            Outcome::NotAsked => ("not-asked", None),
        };
        Form { what: &self.what, outcome, reason }.serialize(serializer)
    }
}
