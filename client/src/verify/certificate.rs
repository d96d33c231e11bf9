//! Verify a certificate offline, and tell each check.

use super::report::{AsOf, Check, Kind, Report, Verdict};
use super::said::Said;
use super::trust::{Trust, quorum_time};
use serde_json::json;
use tongda_ledger::certificate::{Asked, Certificate, Failure, Outcome, Report as Checked, Subject};

/// The report on a certificate.
#[must_use]
pub fn certificate(certificate: &Certificate, trust: &Trust) -> Report {
    let asked = Asked {
        age: trust.age.map(|(limit, now)| (now.milliseconds() / 1_000, limit.as_secs())),
        witnesses: trust.witnesses.keys.clone(),
        witnesses_needed: trust.witnesses.needed,
    };
    let checked = certificate.verify(&trust.epochs, &asked);
    let mut report = Report::new(Kind::Certificate, checks(&checked));
    let mut failures = checked.failures();
    if let (Some((_, Failure::Old { .. })), None) = (failures.next(), failures.next()) {
        report.verdict = Verdict::TooOld;
    }
    report.as_of = checked.as_of.as_ref().and_then(|as_of| {
        let time = quorum_time(&as_of.quorum?)?;
        Some(AsOf { size: as_of.size, root: as_of.root, height: as_of.height, time })
    });
    let statement = &certificate.statement;
    let details: Vec<_> = statement.details.iter().filter_map(|detail| Said::of(detail).ok()).collect();
    let said = Said::of(&statement.proven).ok();
    let absent = statement.proven.value.is_none();
    report.says = Some(json!({ "certified": said, "absent": absent, "details": details }));
    report.rests_on = trust.rests_on();
    if let Some(rests) = &checked.rests_on {
        report.rests_on.push(format!("cosigned in epoch {} by {}", rests.epoch, rests.cosigners.join(", ")));
    }
    report
}

fn checks(checked: &Checked) -> Vec<Check> {
    let shown = |check: &tongda_ledger::certificate::Check| {
        let outcome = match &check.outcome {
            Outcome::NotAsked => return None,
            Outcome::Holds => Ok(found(&check.what, checked)),
            Outcome::Failed(failure) => Err(failure.to_string()),
        };
        Some(Check::new(name(&check.what), outcome))
    };
    checked.checks.iter().filter_map(shown).collect()
}

/// The figures of a check that holds.
fn found(what: &Subject, checked: &Checked) -> String {
    let as_of = checked.as_of.as_ref();
    match what {
        Subject::Network => checked.rests_on.as_ref().map(|rests| rests.network.to_string()),
        Subject::Epochs => {
            checked.rests_on.as_ref().map(|rests| format!("{} links brought along", rests.links))
        }
        Subject::Epoch => checked.rests_on.as_ref().map(|rests| format!("epoch {}", rests.epoch)),
        Subject::LastLeaf => as_of.map(|as_of| format!("height {}, index {}", as_of.height, as_of.size - 1)),
        Subject::Inclusion => as_of.map(|as_of| format!("{} entries, root {}", as_of.size, as_of.root)),
        Subject::Cosignature { name, time, .. } => {
            Some(format!("{}, {time} s", name.clone().unwrap_or_default()))
        }
        Subject::Quorum => as_of
            .and_then(|as_of| as_of.quorum)
            .map(|quorum| format!("{} of {} voting power", quorum.power, quorum.total)),
        Subject::Witnesses => checked.rests_on.as_ref().map(|rests| rests.witnesses.join(", ")),
        Subject::Detail { place } => Some(format!("detail {}", place + 1)),
        Subject::Format | Subject::Value | Subject::Age | Subject::History => None,
    }
    .unwrap_or_default()
}

const fn name(what: &Subject) -> (&'static str, &'static str, &'static str) {
    match what {
        Subject::Format => ("format", "是本账本的证明", "it is a certificate of this ledger"),
        Subject::Network => ("network", "属于创世文件的网络", "it is of the genesis file's network"),
        Subject::Epochs => {
            ("epochs", "节点名单自创世逐期接续", "the epochs follow from the genesis one by one")
        }
        Subject::Epoch => {
            ("epoch", "封印所列节点即该高度的节点", "the seal names those who decide its height")
        }
        Subject::Value => ("value", "内容在状态根之下", "what it says stands under the state root"),
        Subject::Detail { .. } => {
            ("detail", "附带内容在同一状态根之下", "a detail stands under the same state root")
        }
        Subject::LastLeaf => ("last-leaf", "封印是检查点的末项", "the seal is the checkpoint's last leaf"),
        Subject::Inclusion => ("inclusion", "封印在日志之中", "the seal stands in the log"),
        Subject::Cosignature { .. } => ("cosignature", "节点联署有效", "a node's cosignature verifies"),
        Subject::Quorum => (
            "quorum",
            "超过三分之二表决权的节点联署",
            "nodes with more than two thirds of the power cosigned",
        ),
        Subject::Age => ("age", "不早于所要求的时间", "it is as recent as asked"),
        Subject::Witnesses => ("witnesses", "外部见证人联署", "witnesses outside the network cosigned"),
        Subject::History => {
            ("history", "历史完整且均在日志之中", "the history is complete and stands in the log")
        }
    }
}
