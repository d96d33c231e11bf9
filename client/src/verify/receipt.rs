//! Verify a receipt offline: the entry, the checkpoint's quorum, and the seal that says who had to sign.

use super::report::{AsOf, Check, Kind, Report};
use super::trust::{Trust, quorum_time};
use crate::light::ReceiptExtra;
use serde_json::json;
use tongda_ledger::block::{LeafKind, Seal, leaf_bytes};
use tongda_ledger::identifier::RecordId;
use tongda_ledger::tree::{Receipt, leaf_hash};

/// The report on a receipt. `leaf` is for receipts that do not bring their entry: the bytes of an envelope.
#[must_use]
pub fn receipt(receipt: &Receipt, envelope: Option<&[u8]>, trust: &Trust) -> Report {
    let checkpoint = receipt.checkpoint.checkpoint();
    let extra = receipt.extra.as_deref().and_then(ReceiptExtra::read);
    let mut checks = vec![trust.network(&checkpoint.origin)];
    let leaf = envelope
        .map(|bytes| leaf_bytes(LeafKind::Record, bytes))
        .or_else(|| extra.as_ref().map(|extra| extra.leaf.clone()));
    checks.push(Check::new(
        ("entry", "记录在日志之中", "the entry stands in the log"),
        match &leaf {
            None => Err("the receipt does not bring the entry: name the envelope's file beside it".into()),
            Some(leaf) => receipt
                .verify(&leaf_hash(leaf))
                .map(|()| format!("index {} of {}", receipt.index, checkpoint.size))
                .map_err(|error| error.to_string()),
        },
    ));
    let seal = extra.as_ref().map(|extra| {
        let proof = &extra.seal_proof;
        let index = checkpoint.size.checked_sub(1).filter(|index| *index == extra.seal.index());
        let index = index.ok_or("the seal is not the checkpoint's last leaf")?;
        proof
            .verify(index, checkpoint.size, &extra.seal.hash(), &checkpoint.root)
            .map_err(|error| error.to_string())?;
        trust.epochs.check_seal(&extra.seal).map_err(|error| error.to_string())?;
        Ok(&extra.seal)
    });
    let (height, found) = match seal {
        Some(Ok(seal)) => (Some(seal), Ok(format!("height {}", seal.height))),
        Some(Err(error)) => (None, Err(error)),
        None if trust.epochs.changes() == 0 => (None, Ok("none, and there is one epoch".to_owned())),
        None => (None, Err("the receipt does not bring it, and there was more than one epoch: `tongda receipt upgrade` makes a whole one".into())),
    };
    let sealed = found.is_ok();
    checks.push(Check::new(
        ("seal", "检查点末项为区块封印", "the checkpoint's last leaf is a block's seal"),
        found,
    ));
    let mut report_time = None;
    if sealed {
        let (check, time) = quorum(receipt, height, trust);
        checks.push(check);
        report_time = time;
    }
    checks.extend(trust.witnesses(&receipt.checkpoint));
    let mut report = Report::new(Kind::Receipt, checks);
    if let (Some(time), Some(seal)) = (report_time, height) {
        report.as_of = Some(AsOf { size: checkpoint.size, root: checkpoint.root, height: seal.height, time });
        trust.judge_age(&mut report);
    }
    report.says = Some(says(receipt, extra.as_ref()));
    report.rests_on = trust.rests_on();
    report
}

fn quorum(
    receipt: &Receipt,
    seal: Option<&Seal>,
    trust: &Trust,
) -> (Check, Option<tongda_ledger::identifier::Timestamp>) {
    let epoch = trust.epochs.at(seal.map_or(1, |seal| seal.height));
    let network = trust.epochs.network();
    let outcome = epoch
        .signers
        .cosignatures(&network, &receipt.checkpoint)
        .map_err(|error| error.to_string())
        .and_then(|cosignatures| {
            let checked = epoch.signers.check(receipt.checkpoint.checkpoint(), &cosignatures);
            checked.map_err(|error| error.to_string())
        });
    let time = outcome.as_ref().ok().and_then(quorum_time);
    let found = outcome
        .map(|quorum| format!("{} of {} voting power, epoch {}", quorum.power, quorum.total, epoch.number));
    (
        Check::new(
            (
                "quorum",
                "超过三分之二表决权的节点联署",
                "nodes with more than two thirds of the power cosigned",
            ),
            found,
        ),
        time,
    )
}

fn says(receipt: &Receipt, extra: Option<&ReceiptExtra>) -> serde_json::Value {
    let envelope = extra.and_then(ReceiptExtra::envelope);
    json!({
        "record": RecordId::new(receipt.index),
        "index": receipt.index,
        "origin": origin_of(receipt),
        "id": envelope.as_ref().map(|envelope| envelope.id()),
        "act": envelope.as_ref().map(|envelope| envelope.act().name()),
        "author": envelope.as_ref().map(|envelope| envelope.core().author),
    })
}

fn origin_of(receipt: &Receipt) -> &str {
    &receipt.checkpoint.checkpoint().origin
}
