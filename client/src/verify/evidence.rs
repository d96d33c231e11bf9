//! Verify evidence offline: two checkpoints of one log that contradict each other, and who signed them.

use super::report::{Check, Kind, Report};
use super::trust::Trust;
use serde_json::json;
use tongda_ledger::evidence::Evidence;
use tongda_ledger::tree::NoteKey;

/// The report on evidence: it holds when the two contradict each other and known keys signed both.
#[must_use]
pub fn evidence(evidence: &Evidence, trust: &Trust) -> Report {
    let (first, second) = (evidence.first().checkpoint(), evidence.second().checkpoint());
    let mut keys: Vec<NoteKey> = trust.witnesses.keys.clone();
    let network = trust.epochs.network();
    for key in trust.epochs.iter().flat_map(|epoch| epoch.signers.note_keys(&network)) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let contradiction =
        format!("sizes {} and {}, roots {} and {}", first.size, second.size, first.root, second.root);
    let signers = evidence.verify(&keys);
    let both: Vec<_> = signers
        .as_ref()
        .map(|signers| signers.both.iter().map(|key| key.name().to_string()).collect())
        .unwrap_or_default();
    let signed = signers.map_err(|error| error.to_string()).map(|signers| {
        format!(
            "{} and {} known keys; under both: {}",
            signers.first.len(),
            signers.second.len(),
            both.join(", ")
        )
    });
    let checks = vec![
        trust.network(&first.origin),
        Check::new(
            ("contradiction", "两个检查点相互矛盾", "the two checkpoints contradict each other"),
            Ok(contradiction),
        ),
        Check::new(("signatures", "已知密钥签署了两者", "known keys signed both"), signed),
    ];
    let mut report = Report::new(Kind::Evidence, checks);
    report.says = Some(json!({ "signed_both": both }));
    report.rests_on = trust.rests_on();
    report
}
