//! Keep a proof that a record stands in the log: a `.tlog-proof` that any tool reads, with what it takes to check it from
//! the genesis file alone.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra   base64( {"tongda":"receipt/v1","leaf":…,"seal":…,"seal_proof":[…]} )    unsigned, and proven by what follows
//! index   …and the inclusion proof of the leaf
//!
//! the cosigned checkpoint
//! ```
//! The seal, with its own inclusion proof, is the checkpoint's last leaf: it names the height, and so the validators who
//! had to sign. A receipt without it is checked only where there has been one epoch.

use super::tiles::Tiles;
use super::{Light, LightError, Verified};
use crate::Node;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use tongda_ledger::block::{LeafKind, Seal, leaf_bytes};
use tongda_ledger::envelope::Envelope;
use tongda_ledger::tree::{InclusionProof, Receipt, leaf_hash};

const FORM: &str = "receipt/v1";

/// What a receipt of ours brings beside the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptExtra {
    /// The leaf that it is the receipt of.
    pub leaf: Vec<u8>,
    /// The seal that is the last leaf of the checkpoint's tree.
    pub seal: Seal,
    /// The proof that it is.
    pub seal_proof: InclusionProof,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtraForm {
    tongda: String,
    leaf: String,
    seal: String,
    seal_proof: InclusionProof,
}

impl ReceiptExtra {
    /// The bytes that stand in a receipt.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let form = ExtraForm {
            tongda: FORM.into(),
            leaf: STANDARD.encode(&self.leaf),
            seal: STANDARD.encode(self.seal.bytes()),
            seal_proof: self.seal_proof.clone(),
        };
        serde_json::to_vec(&form).expect("it has a JSON form")
    }

    /// What stands in a receipt, if it is of this form. Nothing of it is verified.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let form: ExtraForm = serde_json::from_slice(bytes).ok()?;
        if form.tongda != FORM {
            return None;
        }
        let seal = Seal::decode(&STANDARD.decode(form.seal).ok()?).ok()?;
        Some(Self { leaf: STANDARD.decode(form.leaf).ok()?, seal, seal_proof: form.seal_proof })
    }

    /// The record, if the leaf is one.
    #[must_use]
    pub fn envelope(&self) -> Option<Envelope> {
        let tag = leaf_bytes(LeafKind::Record, &[]);
        Envelope::decode(self.leaf.strip_prefix(tag.as_slice())?).ok()
    }
}

impl Light {
    /// The receipt of an entry under a checkpoint that was verified.
    ///
    /// # Errors
    /// [`LightError::Beyond`] when the checkpoint does not reach the entry yet; others when the node does not prove it.
    pub async fn receipt(&self, node: &Node, index: u64, verified: &Verified) -> Result<Receipt, LightError> {
        let checkpoint = verified.checkpoint.checkpoint();
        let mut tiles = Tiles::new(node, checkpoint.size);
        let leaf = tiles.leaf(index).await?;
        let proof = tiles.inclusion(index).await?;
        let wrong = |reason: String| LightError::Proof { what: "the entry", reason };
        proof
            .verify(index, checkpoint.size, &leaf_hash(&leaf), &checkpoint.root)
            .map_err(|error| wrong(error.to_string()))?;
        let seal_proof = tiles.inclusion(checkpoint.size - 1).await?;
        let extra = ReceiptExtra { leaf, seal: verified.seal.clone(), seal_proof }.bytes();
        Ok(Receipt { extra: Some(extra), index, proof, checkpoint: verified.checkpoint.clone() })
    }

    /// The same entry's receipt under a newer checkpoint, by a fresh inclusion proof: the leaf must be the same.
    ///
    /// # Errors
    /// [`LightError`] when the checkpoint is no newer, or the node does not prove that the same leaf stands there.
    pub async fn upgrade(
        &self,
        node: &Node,
        old: &Receipt,
        verified: &Verified,
    ) -> Result<Receipt, LightError> {
        let new = self.receipt(node, old.index, verified).await?;
        let leaf = |receipt: &Receipt| Some(ReceiptExtra::read(receipt.extra.as_deref()?)?.leaf);
        let before = leaf(old);
        if before.is_some() && before != leaf(&new) {
            let reason = format!("another entry stands at {} than the receipt is of", old.index);
            return Err(LightError::Proof { what: "the entry", reason });
        }
        Ok(new)
    }
}
