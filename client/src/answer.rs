//! Read what a node answers: the JSON forms of its resources.

use serde::{Deserialize, Serialize};
use tongda_ledger::block::Seal;
use tongda_ledger::envelope::{Core, Signed};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PartyId, PatentId, PendingId, RecordId, RegionCode, Timestamp};
use tongda_ledger::refusal::Refusal;
use tongda_ledger::state::{Anchor, Parameters, Party, Patent, PatentStatus};
use tongda_ledger::vote::{CommitCertificate, NetworkId};

/// A record that stands in the log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// The record.
    pub record: RecordId,
    /// Its log index.
    pub index: u64,
    /// The envelope's id.
    pub id: Hash,
    /// The height of its block.
    pub height: u64,
    /// The pending act that it left; `None` when it took effect.
    pub pending: Option<Awaited>,
    /// The proof that its block was decided.
    pub certificate: CommitCertificate,
}

/// A pending act, and who still has to consent to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// Its id: what consents name.
    pub id: PendingId,
    /// Who still has to consent.
    pub missing: Vec<MemberId>,
}

/// What a node says to an envelope.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// It stands in the log.
    Committed(Box<Receipt>),
    /// It is on its way; this is its id.
    Accepted(Hash),
}

/// Whether an act would be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// Whether it would be taken into the log.
    pub allowed: bool,
    /// Whether it would have effect at once, or wait for consents.
    pub effect: Effect,
    /// Who would still have to consent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MemberId>,
    /// Every reason against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
    /// As of this block time.
    pub as_of: Timestamp,
    /// As of this height.
    pub height: u64,
}

/// What an act would come to.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Effect at once.
    Effective,
    /// It would wait for consents.
    Pending,
    /// It would be refused.
    Refused,
}

/// What the network is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Network {
    /// Its id.
    pub network: NetworkId,
    /// Its name.
    pub name: String,
    /// The node that answers.
    pub node: String,
    /// Where it comes from; whether what is on it is made for demonstration.
    pub anchor: Anchor,
    /// Its parameters.
    pub parameters: Parameters,
    /// Its nodes.
    pub nodes: Vec<tongda_ledger::state::Node>,
}

/// The log's tip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogTip {
    /// Leaves in the log.
    pub size: u64,
    /// The root over them (RFC 6962).
    pub root: Hash,
    /// The last block's height.
    pub height: u64,
    /// The last block's hash.
    pub block: Hash,
    /// The last block's time.
    pub time: Timestamp,
    /// The state root after the last block.
    pub state_root: Hash,
}

/// The state's root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateTip {
    /// The root of the state map.
    pub root: Hash,
    /// Values in the state.
    pub values: u64,
    /// The height after which it holds.
    pub height: u64,
}

/// A block.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Block {
    /// Its hash.
    pub hash: Hash,
    /// Its seal.
    pub seal: Seal,
    /// The proof that it was decided.
    pub certificate: CommitCertificate,
}

/// Whether a node can serve, and if not, why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Readiness {
    /// Whether it can.
    pub ready: bool,
    /// Its height.
    pub height: u64,
    /// What keeps it from serving.
    #[serde(default)]
    pub reasons: Vec<String>,
}

/// The nodes of the network, as one of them sees them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Peers {
    /// The nodes that the ledger names.
    pub nodes: Vec<Peer>,
    /// Nodes with whom the answering node shares its waiting records.
    #[serde(default)]
    pub gossip: serde_json::Value,
}

/// A node that the ledger names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Peer {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub region: RegionCode,
    /// Its voting power; 0 for an observer.
    pub power: u64,
    /// The exchange that runs it.
    pub exchange: MemberId,
    /// Where its HTTP interface is reached.
    pub api: String,
    /// Whether it is the node that answers.
    #[serde(rename = "self")]
    pub answers: bool,
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Page<T> {
    /// The objects, ascending by id.
    pub items: Vec<T>,
    /// What the next page comes after; `None` when this one is the last.
    pub next: Option<String>,
}

/// An object with its id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Object<Id, T> {
    /// The id.
    pub id: Id,
    /// What is true of it now.
    #[serde(flatten)]
    pub value: T,
}

/// A patent with its status and its owners' names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PatentView {
    /// Its id.
    pub id: PatentId,
    /// What the register says.
    #[serde(flatten)]
    pub patent: Patent,
    /// What is true of it now.
    pub status: PatentStatus,
    /// The owners, by name where the ledger has one.
    pub owner_parties: Vec<OwnerView>,
}

/// An owner of a patent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnerView {
    /// The party.
    pub id: PartyId,
    /// What the register says of it.
    #[serde(flatten)]
    pub party: Party,
    /// The name of the member that it is, if it is one.
    pub member_name: Option<String>,
}

/// An entry of the log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogEntry {
    /// Its id.
    pub record: RecordId,
    /// Its log index.
    pub index: u64,
    /// The height of its block.
    pub height: u64,
    /// Its leaf hash.
    pub leaf: Hash,
    /// What it is.
    #[serde(flatten)]
    pub entry: EntryBody,
}

/// What an entry of the log is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "type")]
pub enum EntryBody {
    /// The first entry: the network's id.
    Genesis {
        /// The id.
        network: String,
    },
    /// A record.
    Record {
        /// The envelope's id.
        id: Hash,
        /// What was signed.
        core: Box<Core>,
        /// By whom.
        signatures: Vec<Signed>,
        /// The envelope's bytes in hexadecimal digits.
        bytes: String,
    },
    /// A block's seal.
    Seal {
        /// The seal.
        seal: Box<Seal>,
        /// Its bytes in hexadecimal digits.
        bytes: String,
    },
}

/// An RFC 9457 problem document.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Problem {
    #[serde(default)]
    pub(crate) detail: String,
    #[serde(default)]
    pub(crate) refusals: Vec<Refusal>,
}

/// The answer to an envelope that waits for its block.
#[derive(Debug, Deserialize)]
pub(crate) struct Accepted {
    pub(crate) id: Hash,
}

/// An event of a patent: a record that touched it, or an effect of passed time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatentEvent {
    /// Its number among the patent's events, from 1.
    pub number: u64,
    /// The record that brought it; the seal of the block for an effect of passed time.
    pub record: RecordId,
    /// The act, like `licence.grant`, or the effect, like `time.term-ended`.
    pub what: String,
    /// Who acted; nobody in an effect of passed time.
    pub author: Option<MemberId>,
    /// The author's name.
    pub author_name: Option<String>,
    /// The height of its block.
    pub height: u64,
    /// The time of its block.
    pub time: Timestamp,
}
