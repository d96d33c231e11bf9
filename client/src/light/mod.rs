//! Follow a network from its genesis file alone, and believe no node.
//!
//! ```text
//! genesis ─► epochs: who signs ─► checkpoint: a quorum of them ─► seal: its last leaf ─► state root ─► a value
//!               │                      │
//!               │                      └ continues the newest checkpoint known, or there are two histories
//!               └ each change decided by those before it
//! ```
//! Which epoch must have signed a checkpoint follows from the height in its last leaf, the seal: retired validators
//! cannot sign for later heights. The newest checkpoint verified is kept, and no smaller one is believed again. Two
//! that contradict each other become a file of evidence.

mod error;
mod folder;
mod receipt;
mod tiles;

pub use error::LightError;
pub use folder::{Folder, write as write_file};
pub use receipt::ReceiptExtra;

use crate::Node;
use crate::node::segment;
use crate::verify::{Trust, Witnesses};
use serde::Deserialize;
use std::time::Duration;
use tiles::Tiles;
use tongda_ledger::block::{LeafKind, Seal, leaf_bytes};
use tongda_ledger::certificate::{self, Certificate};
use tongda_ledger::epoch::{EpochLink, Quorum};
use tongda_ledger::evidence::Evidence;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::note::NOTE_LIMIT;
use tongda_ledger::tree::{
    Checkpoint, ConsistencyProof, NoteError, NoteKey, SignedCheckpoint, leaf_hash, origin,
};
use tongda_ledger::vote::NetworkId;

/// A checkpoint that has been verified.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The checkpoint with its signatures.
    pub checkpoint: SignedCheckpoint,
    /// Its last leaf.
    pub seal: Seal,
    /// Who signed, and when they were enough.
    pub quorum: Quorum,
    /// The epoch that signed, from 0.
    pub epoch: usize,
}

/// A light client of one network.
#[derive(Clone, Debug)]
pub struct Light {
    trust: Trust,
    links: Vec<EpochLink>,
    trusted: Option<SignedCheckpoint>,
    folder: Folder,
}

impl Light {
    /// A light client that goes on from what its folder holds; from the founding alone if it holds nothing.
    ///
    /// # Errors
    /// [`LightError`] when the folder holds what does not follow from the founding.
    pub fn open(mut trust: Trust, folder: Folder) -> Result<Self, LightError> {
        let links = folder.epochs()?;
        for link in &links {
            trust.epochs.push(link)?;
        }
        let wrong = |reason: String| folder.wrong_checkpoint(reason);
        let trusted = folder.checkpoint()?.map(|note| SignedCheckpoint::parse(&note)).transpose();
        let trusted = trusted.map_err(|error| wrong(error.to_string()))?;
        let ours = origin(&trust.network_id());
        if let Some(kept) = trusted.as_ref().filter(|kept| kept.checkpoint().origin != ours) {
            return Err(wrong(format!("it is of {}", kept.checkpoint().origin)));
        }
        Ok(Self { trust, links, trusted, folder })
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.trust.network_id()
    }

    /// What is believed: the founding, the epochs as far as they are known.
    #[must_use]
    pub const fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The newest checkpoint that has been verified.
    #[must_use]
    pub const fn trusted(&self) -> Option<&SignedCheckpoint> {
        self.trusted.as_ref()
    }

    /// The folder.
    #[must_use]
    pub const fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Takes the node's newer epochs and its checkpoint, if all of it is proven and continues what is known.
    ///
    /// # Errors
    /// [`LightError`] says what is not believed. After [`LightError::Fork`] the evidence stands in the folder.
    pub async fn follow(&mut self, node: &Node) -> Result<Verified, LightError> {
        self.follow_epochs(node).await?;
        let note = node.bytes("log/checkpoint", NOTE_LIMIT).await?;
        let served = SignedCheckpoint::parse(&note)?;
        let verified = self.verify(node, served).await?;
        self.take(node, &verified.checkpoint).await?;
        Ok(verified)
    }

    async fn follow_epochs(&mut self, node: &Node) -> Result<(), LightError> {
        let mut grown = false;
        for link in node.epoch_links().await? {
            let changes = self.trust.epochs.changes();
            self.trust.epochs.push(&link)?;
            if self.trust.epochs.changes() > changes {
                self.links.push(link);
                grown = true;
            }
        }
        if !grown {
            return Ok(());
        }
        self.folder.keep_epochs(&self.links)
    }

    /// A certificate of an object as the node has it; not verified.
    ///
    /// # Errors
    /// [`LightError`] when the node does not answer with one.
    pub async fn certificate(
        &self,
        node: &Node,
        kind: &str,
        id: &str,
        history: bool,
    ) -> Result<Certificate, LightError> {
        let history = if history { "?history=true" } else { "" };
        let path = format!("v1/certificates/{kind}/{}{history}", segment(id));
        let bytes = node.bytes(&path, Certificate::LIMIT).await?;
        Ok(certificate::json::read(&bytes)?)
    }

    /// The links of the epochs that lead up to those who sign at this height.
    #[must_use]
    pub fn links_until(&self, height: u64) -> Vec<EpochLink> {
        self.links.iter().filter(|link| link.seal.height < height).cloned().collect()
    }

    /// Checks that a checkpoint whose quorum was verified belongs to the history known: that the newest one known
    /// continues it, or it the newest one known.
    ///
    /// # Errors
    /// [`LightError::Fork`] and others.
    pub async fn continues(&self, node: &Node, other: &Checkpoint) -> Result<(), LightError> {
        let Some(known) = self.trusted.as_ref().map(SignedCheckpoint::checkpoint) else { return Ok(()) };
        let (old, new) = if other.size <= known.size { (other, known) } else { (known, other) };
        let proof = if old.size == new.size {
            ConsistencyProof::default()
        } else {
            Tiles::new(node, new.size).consistency(old.size).await?
        };
        proof.verify(old.size, new.size, &old.root, &new.root).map_err(LightError::Consistency)
    }

    /// Verifies a checkpoint: its origin, its last leaf, the quorum of the epoch that this leaf names.
    async fn verify(&self, node: &Node, served: SignedCheckpoint) -> Result<Verified, LightError> {
        let checkpoint = served.checkpoint();
        let expected = origin(&self.network());
        if checkpoint.origin != expected {
            return Err(LightError::Origin { found: checkpoint.origin.clone(), expected });
        }
        // Before anything more is asked of the node: a known key under two trees of one size is all that counts.
        self.contradiction_of_one_size(&served)?;
        if let Some(known) = self.trusted.as_ref().map(|known| known.checkpoint().size)
            && checkpoint.size < known
        {
            return Err(LightError::Older { served: checkpoint.size, known });
        }
        let seal = self.last_leaf(node, checkpoint.size, &checkpoint.root).await?;
        self.trust.epochs.check_seal(&seal)?;
        let epoch = self.trust.epochs.at(seal.height);
        let cosignatures = epoch.signers.cosignatures(&self.network(), &served)?;
        let quorum = epoch.signers.check(checkpoint, &cosignatures)?;
        check_witnesses(&served, &self.trust.witnesses)?;
        Ok(Verified { seal, quorum, epoch: epoch.number, checkpoint: served })
    }

    /// The last leaf of the log, which must be a seal at the size's end.
    async fn last_leaf(&self, node: &Node, size: u64, root: &Hash) -> Result<Seal, LightError> {
        let wrong = |reason: String| LightError::Proof { what: "the last leaf", reason };
        let index = size.checked_sub(1).ok_or_else(|| wrong("the log is empty".into()))?;
        let mut tiles = Tiles::new(node, size);
        let leaf = tiles.leaf(index).await?;
        let proof = tiles.inclusion(index).await?;
        proof.verify(index, size, &leaf_hash(&leaf), root).map_err(|error| wrong(error.to_string()))?;
        let seal = seal_of(&leaf).ok_or_else(|| wrong("it is no seal of a block".into()))?;
        if seal.index() == index { Ok(seal) } else { Err(wrong("it is the seal of another place".into())) }
    }

    /// Takes a verified checkpoint as the newest one, if it continues the one before.
    async fn take(&mut self, node: &Node, served: &SignedCheckpoint) -> Result<(), LightError> {
        if let Some(known) = &self.trusted {
            let (old, new) = (known.checkpoint(), served.checkpoint());
            if old.size < new.size {
                let mut tiles = Tiles::new(node, new.size);
                let proof = tiles.consistency(old.size).await?;
                if let Err(error) = proof.verify(old.size, new.size, &old.root, &new.root) {
                    let past = tiles.root_at(old.size).await?;
                    let evidence = Evidence::of_another_past(known.clone(), served.clone(), past, proof);
                    return Err(match evidence {
                        Ok(evidence) => self.accuse(&evidence)?,
                        Err(_) => LightError::Consistency(error),
                    });
                }
            }
        }
        self.folder.keep_checkpoint(&served.to_string())?;
        self.trusted = Some(served.clone());
        Ok(())
    }

    /// Refuses a checkpoint of the size of the one known and with another root, if a validator of any epoch signed it.
    fn contradiction_of_one_size(&self, served: &SignedCheckpoint) -> Result<(), LightError> {
        let Some(known) = &self.trusted else { return Ok(()) };
        let Ok(evidence) = Evidence::of_one_size(known.clone(), served.clone()) else { return Ok(()) };
        let keys = self.all_keys();
        match evidence.verify(&keys) {
            Ok(_) => Err(self.accuse(&evidence)?),
            Err(error) => {
                Err(LightError::Proof { what: "a second root of one size", reason: error.to_string() })
            }
        }
    }

    /// The cosigning keys of all epochs.
    fn all_keys(&self) -> Vec<NoteKey> {
        let mut keys: Vec<NoteKey> = Vec::new();
        for key in self.trust.epochs.iter().flat_map(|epoch| epoch.signers.note_keys(&self.network())) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    fn accuse(&self, evidence: &Evidence) -> Result<LightError, LightError> {
        let text = evidence.to_string();
        let name = format!("{}.evidence", &Hash::plain(&[text.as_bytes()]).to_string()[..16]);
        Ok(LightError::Fork { evidence: self.folder.keep_evidence(&name, &text)? })
    }
}

/// The epochs as a node shows them.
#[derive(Deserialize)]
struct ShownEpochs {
    epochs: Vec<ShownEpoch>,
}

/// An epoch as a node shows it; what is believed is the link.
#[derive(Deserialize)]
struct ShownEpoch {
    link: Option<String>,
}

impl Node {
    /// The links of the chain of epochs, as the node has them; not verified.
    pub(crate) async fn epoch_links(&self) -> Result<Vec<EpochLink>, LightError> {
        let shown: ShownEpochs = self.get("v1/epochs").await?;
        let links = shown.epochs.into_iter().filter_map(|epoch| epoch.link);
        links
            .map(|link| {
                let bytes = hex::decode(link).map_err(|error| LightError::Links(error.to_string()))?;
                Ok(EpochLink::decode(&bytes)?)
            })
            .collect()
    }
}

/// Checks that a quorum is not too long ago.
///
/// # Errors
/// [`LightError::Age`].
pub fn check_age(quorum_seconds: u64, now_seconds: u64, limit: Duration) -> Result<(), LightError> {
    let (age, limit) = (now_seconds.saturating_sub(quorum_seconds), limit.as_secs());
    if age > limit { Err(LightError::Age { age, limit }) } else { Ok(()) }
}

/// Checks that enough of the witnesses signed.
fn check_witnesses(checkpoint: &SignedCheckpoint, witnesses: &Witnesses) -> Result<(), LightError> {
    if witnesses.needed == 0 {
        return Ok(());
    }
    let found = match checkpoint.verify(&witnesses.keys) {
        Ok(signed) => signed.len(),
        Err(NoteError::Unsigned) => 0,
        Err(error) => return Err(error.into()),
    };
    let needed = witnesses.needed;
    if found >= needed { Ok(()) } else { Err(LightError::Witnesses { found, needed }) }
}

/// The seal that a leaf is, if it is one.
pub(crate) fn seal_of(leaf: &[u8]) -> Option<Seal> {
    let tag = leaf_bytes(LeafKind::Seal, &[]);
    Seal::decode(leaf.strip_prefix(tag.as_slice())?).ok()
}
