//! Say in Chinese and English what an audit came to.

use super::nodes::Outcome;
use super::report::{Problem, Report, Verdict};
use tongda_ledger::audit::Finding;

/// What a comparison with a node came to.
#[must_use]
pub fn outcome_wording(outcome: &Outcome) -> (String, String) {
    match outcome {
        Outcome::Same => ("根一致".into(), "same root".into()),
        Outcome::Behind => ("同一日志，较旧".into(), "same log, an older state".into()),
        Outcome::Ahead => {
            ("同一日志，较新：其瓦片证明是延续".into(), "same log, continued: its tiles prove it".into())
        }
        Outcome::Uncompared => {
            ("未比对：本日志未能核验到底".into(), "not compared: the log was not audited to its end".into())
        }
        Outcome::Contradiction { detail, .. } => {
            (format!("矛盾：另一部日志，{detail}"), format!("CONTRADICTION: another log; {detail}"))
        }
        Outcome::Wrong { finding } => finding_wording(finding),
        Outcome::Unreadable { detail } => {
            (format!("无法读取：{detail}"), format!("cannot be read: {detail}"))
        }
    }
}

/// What is wrong or missing.
#[must_use]
pub fn problem_wording(problem: &Problem) -> (String, String) {
    match problem {
        Problem::Wrong(finding) => finding_wording(finding),
        Problem::Unreadable { resource, detail } => {
            (format!("{resource} 无法读取：{detail}"), format!("{resource} cannot be read: {detail}"))
        }
        Problem::Stale { served, audited } => (
            format!("所示检查点过旧：{served} 叶，此前已核验 {audited} 叶"),
            format!("the checkpoint is old: {served} leaves, and {audited} were audited before"),
        ),
    }
}

/// What is wrong, and where.
#[must_use]
pub fn finding_wording(finding: &Finding) -> (String, String) {
    let wording = finding.what.wording();
    let places = [
        finding.resource.as_ref().map(|resource| (resource.clone(), resource.clone())),
        finding.index.map(|index| (format!("第 {index} 叶"), format!("leaf {index}"))),
        finding.height.map(|height| (format!("高度 {height}"), format!("height {height}"))),
    ];
    let places: Vec<_> = places.into_iter().flatten().collect();
    let (zh, en): (Vec<_>, Vec<_>) = places.into_iter().unzip();
    let detail = &finding.detail;
    (
        format!("{}（{}）：{detail}", wording.zh, zh.join("，")),
        format!("{} ({}): {detail}", wording.en, en.join(", ")),
    )
}

/// What the audit came to, in a line.
#[must_use]
pub fn verdict_wording(report: &Report) -> (String, String) {
    let (height, size) = (report.height, report.size);
    match report.verdict {
        Verdict::Sound => (
            format!("全部无误：自创世至检查点，{size} 叶，高度 {height}"),
            format!(
                "all is right, from the genesis to the newest checkpoint: {size} leaves, height {height}"
            ),
        ),
        Verdict::Wrong => (
            format!("有误：在此之前核验至高度 {height}"),
            format!("something is wrong; what was audited before it ends at height {height}"),
        ),
        Verdict::Contradiction => (
            "节点之间相互矛盾：至少一方出示了另一部日志".into(),
            "the nodes contradict each other: they show two logs".into(),
        ),
        Verdict::Unreadable => (
            format!("未能全部核验：已核验至高度 {height}，其中无误"),
            format!("not all could be audited: up to height {height} nothing is wrong"),
        ),
        Verdict::Stopped => (
            format!("已中止：至高度 {height} 无误，下次从此继续"),
            format!("stopped: up to height {height} nothing is wrong, and next time it goes on from there"),
        ),
    }
}
