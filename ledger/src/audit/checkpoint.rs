//! Check a checkpoint against a log that was replayed: its root, and who cosigned it.

use super::finding::{Finding, What};
use crate::hash::Hash;
use crate::state::{Fault, Nodes};
use crate::tree::NoteKey;
use crate::tree::checkpoint::{SignedCheckpoint, cosigner_key, origin};
use crate::vote::{Address, NetworkId};
use serde::Serialize;

/// The validators of an epoch as cosigners: their keys, and what each one weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cosigners {
    keys: Vec<NoteKey>,
    members: Vec<(String, u64)>,
}

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

impl Cosigners {
    pub(super) fn of(network: &NetworkId, nodes: &Nodes) -> Result<Self, Fault> {
        let (mut keys, mut members) = (Vec::new(), Vec::new());
        for node in nodes.nodes.iter().filter(|node| node.power > 0) {
            let key = cosigner_key(network, &Address::of(&node.vote_key), &node.cosign_key);
            keys.push(key.map_err(|error| Fault::Contradiction(format!("{}: {error}", node.name)))?);
            members.push((node.name.to_string(), node.power));
        }
        Ok(Self { keys, members })
    }

    /// Who cosigned a checkpoint, if it is more than two thirds of the voting power.
    pub(super) fn verify(&self, signed: &SignedCheckpoint) -> Result<ProvenCheckpoint, Finding> {
        let wrong = |detail: String| Err(Finding::new(What::Cosignature, detail));
        let total = self.members.iter().map(|(_, power)| power).sum();
        let verified = match signed.verify(&self.keys) {
            Ok(verified) => verified,
            Err(error) => return wrong(error.to_string()),
        };
        let mut cosigners = Vec::new();
        for signer in &verified {
            let place = self.keys.iter().position(|key| key == signer.key);
            if let (Some(place), Some(time)) = (place, signer.time()) {
                let (name, power) = self.members[place].clone();
                cosigners.push(Cosigner { name, power, time });
            }
        }
        let power: u64 = cosigners.iter().map(|cosigner| cosigner.power).sum();
        if u128::from(power) * 3 <= u128::from(total) * 2 {
            return wrong(format!(
                "{power} of {total} voting power cosigned; more than two thirds are needed"
            ));
        }
        let lines = signed.note().signatures();
        let named = format!("{}/", signed.checkpoint().origin);
        let stranger = lines.iter().find(|line| {
            line.name().as_str().starts_with(&named) && !self.keys.iter().any(|key| line.is_of(key))
        });
        if let Some(stranger) = stranger {
            let name = stranger.name().as_str();
            return wrong(format!("{name} is named as a validator and is none of this epoch"));
        }
        let others = lines.iter().filter(|line| !self.keys.iter().any(|key| line.is_of(key))).count();
        let checkpoint = signed.checkpoint();
        Ok(ProvenCheckpoint { size: checkpoint.size, root: checkpoint.root, cosigners, total, others })
    }
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
