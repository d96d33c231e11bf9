//! Check a checkpoint against a log that was replayed: its root, and who cosigned it.

use super::finding::{Finding, What};
use crate::epoch::{PlacedCosignature, Signers};
use crate::hash::Hash;
use crate::tree::checkpoint::{SignedCheckpoint, origin};
use crate::vote::NetworkId;
use serde::Serialize;

/// A validator's cosignature that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cosigner {
    /// The node's name.
    pub name: String,
    /// Its voting power.
    pub power: u64,
    /// When it cosigned, in seconds since 1970.
    pub time: u64,
}

/// A checkpoint that was proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvenCheckpoint {
    /// The log's size.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// Who cosigned it.
    pub cosigners: Vec<Cosigner>,
    /// The voting power of all validators that could have.
    pub total: u64,
    /// Signatures of keys that are no validators': the log's own, witnesses', strangers'. Not verified.
    pub others: usize,
}

/// Who cosigned a checkpoint, if it is more than two thirds of these signers' voting power.
pub(super) fn prove(
    network: &NetworkId,
    signers: &Signers,
    signed: &SignedCheckpoint,
) -> Result<ProvenCheckpoint, Finding> {
    let wrong = |detail: String| Finding::new(What::Cosignature, detail);
    let placed = signers.cosignatures(network, signed).map_err(|error| wrong(error.to_string()))?;
    let quorum = signers.quorum(&placed).map_err(|error| wrong(error.to_string()))?;
    let keys = signers.note_keys(network);
    let lines = signed.note().signatures();
    let named = format!("{}/", signed.checkpoint().origin);
    let others: Vec<_> = lines.iter().filter(|line| !keys.iter().any(|key| line.is_of(key))).collect();
    if let Some(stranger) = others.iter().find(|line| line.name().as_str().starts_with(&named)) {
        let name = stranger.name().as_str();
        return Err(wrong(format!("{name} is named as a validator and is none of this epoch")));
    }
    let cosigner = |placed: &PlacedCosignature| {
        let signer = signers.get(placed.signer)?;
        Some(Cosigner { name: signer.name.clone(), power: signer.power, time: placed.cosignature.time })
    };
    let cosigners = placed.iter().filter_map(cosigner).collect();
    let checkpoint = signed.checkpoint();
    let (total, others) = (quorum.total, others.len());
    Ok(ProvenCheckpoint { size: checkpoint.size, root: checkpoint.root, cosigners, total, others })
}

/// Reads a checkpoint of this network's log.
///
/// # Errors
/// [`Finding`] when the bytes are none, or it is of another log.
pub fn read_checkpoint(network: &NetworkId, bytes: &[u8]) -> Result<SignedCheckpoint, Finding> {
    let signed = SignedCheckpoint::parse(bytes).map_err(|error| Finding::new(What::Checkpoint, error))?;
    let (found, expected) = (&signed.checkpoint().origin, origin(network));
    if *found == expected {
        Ok(signed)
    } else {
        Err(Finding::new(What::Checkpoint, format!("it is of the log {found}, expected {expected}")))
    }
}
