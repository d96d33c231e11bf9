//! Compare other nodes' checkpoints with the audited log: the same tree, or evidence that there are two.
//!
//! ```text
//! theirs at or below the audited size   their root is the replayed log's at that size
//! theirs above it                       their tiles prove that their tree continues the audited one
//! ```
//! Who cosigned is proven first: a checkpoint that nobody's quorum signed contradicts nothing.

use super::Audit;
use super::source::{Source, SourceError, Trouble};
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use tongda_ledger::audit::{Auditor, Finding, What, read_checkpoint};
use tongda_ledger::evidence::Evidence;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::note::NOTE_LIMIT;
use tongda_ledger::tree::tile::{LEVELS, TileLengthError, subtree_root};
use tongda_ledger::tree::{ConsistencyProof, Hashes, ProveError, SignedCheckpoint, Span, Tile, TilePath};
use tongda_ledger::vote::NetworkId;

/// What came of a comparison with a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// It shows the same tree at the same size.
    Same,
    /// It shows an older state of the same tree.
    Behind,
    /// It shows a continuation of the same tree, as far as its tiles and the validators known last prove.
    Ahead,
    /// The log was not audited to its end, so there is nothing to compare with.
    Uncompared,
    /// It shows another tree, and a quorum signed it: the validators, or enough of them, are false.
    Contradiction {
        /// Where the trees differ.
        detail: String,
        /// The proof for everybody, if both trees are signed.
        #[serde(skip_serializing_if = "Option::is_none")]
        evidence: Option<String>,
    },
    /// What it shows proves nothing.
    Wrong {
        /// What is wrong.
        finding: Finding,
    },
    /// It shows nothing that can be read.
    Unreadable {
        /// Why.
        detail: String,
    },
}

/// A node that was compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeReport {
    /// Where its log was read.
    pub name: String,
    /// The size of its newest checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The root of its newest checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Hash>,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Another node and its newest checkpoint, read before the replay so that its size can be watched.
pub(super) struct Other {
    source: Arc<dyn Source>,
    signed: Result<SignedCheckpoint, Outcome>,
}

impl Other {
    pub(super) fn size(&self) -> Option<u64> {
        self.signed.as_ref().ok().map(|signed| signed.checkpoint().size)
    }
}

/// Reads the newest checkpoints of all other nodes.
pub(super) fn read_all(audit: &Audit, network: &NetworkId) -> Vec<Other> {
    let read = |source: &Arc<dyn Source>| {
        let signed = match source.read("checkpoint", NOTE_LIMIT) {
            Err(error) => Err(Outcome::Unreadable { detail: error.to_string() }),
            Ok(bytes) => read_checkpoint(network, &bytes)
                .map_err(|finding| Outcome::Wrong { finding: finding.within("checkpoint") }),
        };
        Other { source: Arc::clone(source), signed }
    };
    audit.also.iter().map(read).collect()
}

/// What is known of the other nodes before anything was audited.
pub(super) fn uncompared(others: &[Other]) -> Vec<NodeReport> {
    let report = |other: &Other| {
        let checkpoint = other.signed.as_ref().ok().map(SignedCheckpoint::checkpoint);
        let outcome = other.signed.as_ref().err().cloned().unwrap_or(Outcome::Uncompared);
        let (size, root) = checkpoint.map(|checkpoint| (checkpoint.size, checkpoint.root)).unzip();
        NodeReport { name: other.source.name(), size, root, outcome }
    };
    others.iter().map(report).collect()
}

/// Compares every other node's checkpoint with the audited log, whose own newest checkpoint is `newest`.
pub(super) fn compare(
    audit: &Audit,
    auditor: &Auditor,
    newest: Option<&SignedCheckpoint>,
    others: Vec<Other>,
) -> Vec<NodeReport> {
    let newest = newest.filter(|newest| auditor.prove(newest).is_ok());
    let report = |other: Other| {
        let name = other.source.name();
        match other.signed {
            Err(outcome) => NodeReport { name, size: None, root: None, outcome },
            Ok(signed) => {
                let outcome = one(&*audit.source, auditor, newest, &*other.source, &signed);
                let checkpoint = signed.checkpoint();
                NodeReport { name, size: Some(checkpoint.size), root: Some(checkpoint.root), outcome }
            }
        }
    };
    others.into_iter().map(report).collect()
}

fn one(
    own: &dyn Source,
    auditor: &Auditor,
    newest: Option<&SignedCheckpoint>,
    source: &dyn Source,
    theirs: &SignedCheckpoint,
) -> Outcome {
    let (size, root) = (theirs.checkpoint().size, theirs.checkpoint().root);
    if let Err(finding) = auditor.cosigned(theirs) {
        return Outcome::Wrong { finding: finding.within("checkpoint") };
    }
    let audited = (auditor.size(), auditor.root());
    if size > audited.0 {
        return match past(source, audited.0, (size, root)) {
            Err(outcome) => outcome,
            Ok((was, _)) if was == audited.1 => Outcome::Ahead,
            Ok((was, proof)) => contradiction(
                format!("at size {} it was {was}, expected {}", audited.0, audited.1),
                newest.map(|newest| Evidence::of_another_past(newest.clone(), theirs.clone(), was, proof)),
            ),
        };
    }
    let was = match auditor.root_at(size) {
        Some(root) => Ok((root, None)),
        None => past(own, size, audited).map(|(root, proof)| (root, Some(proof))),
    };
    match was {
        Err(outcome) => outcome,
        Ok((was, _)) if was == root && size == audited.0 => Outcome::Same,
        Ok((was, _)) if was == root => Outcome::Behind,
        Ok((was, proof)) => {
            let evidence = newest.map(|newest| {
                if size == audited.0 {
                    return Evidence::of_one_size(theirs.clone(), newest.clone());
                }
                let proof = proof.or_else(|| past(own, size, audited).ok().map(|(_, proof)| proof));
                Evidence::of_another_past(theirs.clone(), newest.clone(), was, proof.unwrap_or_default())
            });
            contradiction(format!("at size {size} it is {root}, expected {was}"), evidence)
        }
    }
}

fn contradiction(
    detail: String,
    evidence: Option<Result<Evidence, tongda_ledger::evidence::EvidenceError>>,
) -> Outcome {
    let evidence = evidence.and_then(Result::ok).map(|evidence| evidence.to_string());
    Outcome::Contradiction { detail, evidence }
}

/// What a tree was at an older size, as its tiles show and prove.
fn past(
    source: &dyn Source,
    old: u64,
    (new, new_root): (u64, Hash),
) -> Result<(Hash, ConsistencyProof), Outcome> {
    let tiles = Tiles { source, size: new, read: RefCell::default() };
    let unreadable = |error: SourceError| Outcome::Unreadable { detail: error.to_string() };
    let root = tiles.root_of(old).map_err(unreadable)?;
    let proof = ConsistencyProof::prove(&tiles, old, new).map_err(|error| match error {
        ProveError::Hashes(error) => unreadable(error),
        other => Outcome::Unreadable { detail: other.to_string() },
    })?;
    proof.verify(old, new, &root, &new_root).map_err(|error| {
        let detail = format!("its tiles do not lead to its own root at size {new}: {error}");
        Outcome::Wrong { finding: Finding::new(What::Tile, detail) }
    })?;
    Ok((root, proof))
}

/// The hashes of a log, read from its tiles. Not believed: what is proven with them is verified.
struct Tiles<'a> {
    source: &'a dyn Source,
    size: u64,
    read: RefCell<BTreeMap<(u8, u64), Vec<Hash>>>,
}

impl Hashes for Tiles<'_> {
    type Error = SourceError;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, SourceError> {
        let (tile_level, height) = (level / LEVELS, level % LEVELS);
        let first = index << height;
        let path = |tile: Tile| TilePath::Tile(tile).to_string();
        let span = Span::around(first, Tile::hashes_of_level(tile_level, self.size));
        let tile = span.and_then(|span| Tile::new(tile_level, span));
        let beyond = || SourceError {
            resource: format!("tile/{tile_level}"),
            trouble: Trouble::File(format!("hash {first} lies beyond the log")),
        };
        let tile = tile.ok_or_else(beyond)?;
        let mut read = self.read.borrow_mut();
        let key = (tile_level, tile.span().index());
        let hashes = match read.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let bytes = self.source.read(&path(tile), 32 * 256)?;
                let wrong = |error: TileLengthError| SourceError {
                    resource: path(tile),
                    trouble: Trouble::Cut(error.to_string()),
                };
                place.insert(tile.decode(&bytes).map_err(wrong)?)
            }
        };
        let place = usize::try_from(first - tile.span().start()).expect("below 256");
        Ok(subtree_root(hashes.get(place..place + (1 << height)).ok_or_else(beyond)?))
    }
}
