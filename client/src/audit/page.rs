//! Show a report as a page that needs nothing but itself: no script, no other file, both languages.

use super::nodes::Outcome;
use super::report::{Problem, Report, Verdict};
use super::wording::{finding_wording, outcome_wording, problem_wording, verdict_wording};

const FRAME: &str = include_str!("page.html");

/// The page.
pub(super) fn render(report: &Report) -> String {
    let mut body = String::new();
    head(report, &mut body);
    first_wrong(report, &mut body);
    checked(report, &mut body);
    newest(report, &mut body);
    nodes(report, &mut body);
    epochs(report, &mut body);
    speed(report, &mut body);
    problems(report, &mut body);
    kinds(report, &mut body);
    rests_on(report, &mut body);
    let title = format!("核验报告 · Audit of {}", escape(&report.network.name));
    FRAME.replacen("{title}", &title, 1).replacen("{body}", &body, 1)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Chinese, and English behind it.
fn both(zh: &str, en: &str) -> String {
    format!("{} <span class=\"en\">{}</span>", escape(zh), escape(en))
}

fn heading(body: &mut String, zh: &str, en: &str) {
    body.push_str(&format!("<h2>{}</h2>\n", both(zh, en)));
}

/// A table of two columns; the second is markup already.
fn facts<'a>(body: &mut String, rows: impl IntoIterator<Item = (&'a str, &'a str, String)>) {
    body.push_str("<table>\n");
    for (zh, en, value) in rows {
        body.push_str(&format!("<tr><td>{}</td><td>{value}</td></tr>\n", both(zh, en)));
    }
    body.push_str("</table>\n");
}

fn code(value: impl ToString) -> String {
    format!("<code>{}</code>", escape(&value.to_string()))
}

/// A number in groups of three digits.
fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn head(report: &Report, body: &mut String) {
    body.push_str(&format!("<h1>{}</h1>\n", both("日志核验报告", "Audit of a log")));
    let class = match report.verdict {
        Verdict::Sound => "good",
        Verdict::Stopped | Verdict::Unreadable => "wait",
        Verdict::Wrong | Verdict::Contradiction => "bad",
    };
    let (zh, en) = verdict_wording(report);
    body.push_str(&format!(
        "<div class=\"verdict {class}\"><strong>{} {}</strong><span class=\"en\">{}</span></div>\n",
        if report.verdict == Verdict::Sound { "✓" } else { "✗" },
        escape(&zh),
        escape(&en)
    ));
    let name = escape(&report.network.name);
    let demonstration = if report.network.demonstration {
        " <span class=\"mark wait\">演示网络 · for demonstration</span>".to_owned()
    } else {
        String::new()
    };
    let mut rows = vec![
        ("网络", "network", format!("{name}{demonstration}<br>{}", code(report.network.id))),
        ("来源", "source", code(&report.source)),
        ("开始", "began", code(report.began)),
        ("程序", "program", code(report.program)),
        (
            "范围",
            "extent",
            both(
                &format!("{} 叶，高度 {}，至 {}", number(report.size), number(report.height), report.until),
                &format!(
                    "{} leaves, height {}; the newest checkpoint claims {} leaves",
                    number(report.size),
                    number(report.height),
                    number(report.claimed)
                ),
            ),
        ),
    ];
    if let Some(resumed) = &report.resumed {
        let zh = format!("此前已核验至高度 {}，本次从此继续", number(resumed.height));
        let en =
            format!("audited before up to height {}; this run went on from there", number(resumed.height));
        rows.push(("进度", "resumed", both(&zh, &en)));
    }
    facts(body, rows);
}

fn first_wrong(report: &Report, body: &mut String) {
    let Some(finding) = &report.first_wrong else { return };
    heading(body, "第一处错误", "The first wrong thing");
    let (zh, en) = finding_wording(finding);
    body.push_str(&format!(
        "<div class=\"verdict bad\"><strong>{}</strong><span class=\"en\">{}</span>",
        escape(&zh),
        escape(&en)
    ));
    for refusal in &finding.refusals {
        let wording = refusal.code.wording();
        body.push_str(&format!(
            "<p>{} {}<br>{}<br>{}</p>",
            code(refusal.code.as_str()),
            both(wording.message.zh, wording.message.en),
            both(&format!("依据：{}", wording.article.zh), &format!("rests on {}", wording.article.en)),
            refusal.detail.as_deref().map(escape).unwrap_or_default()
        ));
    }
    body.push_str("</div>\n");
}

fn checked(report: &Report, body: &mut String) {
    heading(body, "核验了什么", "What was checked");
    let counts = &report.checked;
    let rows: [(&str, &str, u64, &str, &str); 10] = [
        (
            "记录",
            "records",
            counts.records,
            "规范编码；规则逐条重放",
            "canonical bytes; every rule applied again",
        ),
        (
            "记录签名",
            "signatures on records",
            counts.record_signatures,
            "逐个严格验证",
            "each verified strictly",
        ),
        (
            "到期效果",
            "effects of time",
            counts.due,
            "按区块时间重算",
            "computed again from the blocks' times",
        ),
        (
            "区块与封印",
            "blocks and seals",
            counts.blocks,
            "每个字段、日志根、状态根",
            "every field, log root and state root",
        ),
        (
            "状态写入",
            "writes to the state",
            counts.writes,
            "状态根由此重算",
            "the state root follows from them",
        ),
        (
            "提交签名",
            "precommits",
            counts.precommits,
            "超过三分之二表决权",
            "of more than two thirds of the voting power",
        ),
        (
            "检查点",
            "checkpoints",
            report.checkpoints,
            "根与重放一致（本次）",
            "root equal to the replayed log's (this run)",
        ),
        (
            "共同签名",
            "cosignatures",
            report.cosignatures,
            "超过三分之二表决权（本次）",
            "of more than two thirds of the voting power (this run)",
        ),
        (
            "哈希瓦片",
            "tiles of hashes",
            report.tiles,
            "与重算逐字节一致（本次）",
            "equal to the recomputed ones (this run)",
        ),
        (
            "验证者届次",
            "epochs",
            report.epochs.len() as u64,
            "每次变更均由上一届决定",
            "each change decided by the set before it",
        ),
    ];
    body.push_str("<table>\n");
    for (zh, en, count, how_zh, how_en) in rows {
        body.push_str(&format!(
            "<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
            both(zh, en),
            number(count),
            both(how_zh, how_en)
        ));
    }
    body.push_str("</table>\n");
    facts(
        body,
        [("日志根", "log root", code(report.root)), ("状态根", "state root", code(report.state_root))],
    );
}

fn newest(report: &Report, body: &mut String) {
    heading(body, "最新检查点", "The newest checkpoint");
    let Some(newest) = &report.newest else {
        body.push_str(&format!("<p class=\"mark wait\">{}</p>\n", both("未证实", "not proven")));
        return;
    };
    let power: u64 = newest.cosigners.iter().map(|cosigner| cosigner.power).sum();
    let names: Vec<_> = newest
        .cosigners
        .iter()
        .map(|cosigner| {
            format!("{} <span class=\"en\">{}</span>", escape(&cosigner.name), utc(cosigner.time))
        })
        .collect();
    facts(
        body,
        [
            ("大小", "size", number(newest.size)),
            ("根", "root", code(newest.root)),
            (
                "共同签名",
                "cosigned by",
                format!(
                    "{}{}",
                    names.concat(),
                    both(
                        &format!("{power} / {} 表决权", newest.total),
                        &format!(
                            "of the voting power; {} further lines are of other keys and prove nothing here",
                            newest.others
                        ),
                    )
                ),
            ),
        ],
    );
}

/// Seconds since 1970 as a date and time.
fn utc(seconds: u64) -> String {
    let time =
        seconds.checked_mul(1000).and_then(|time| tongda_ledger::identifier::Timestamp::try_from(time).ok());
    time.map_or_else(|| seconds.to_string(), |time| time.to_string())
}

fn nodes(report: &Report, body: &mut String) {
    if report.nodes.is_empty() {
        return;
    }
    heading(body, "与其他节点比对", "Compared with other nodes");
    body.push_str("<div class=\"wide\"><table>\n");
    for node in &report.nodes {
        let (class, mark) = match node.outcome {
            Outcome::Same | Outcome::Behind | Outcome::Ahead => ("good", "✓"),
            Outcome::Uncompared | Outcome::Unreadable { .. } => ("wait", "?"),
            Outcome::Contradiction { .. } | Outcome::Wrong { .. } => ("bad", "✗"),
        };
        let (zh, en) = outcome_wording(&node.outcome);
        body.push_str(&format!("<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td><td><span class=\"mark {class}\">{mark}</span> {}</td></tr>\n",
            code(&node.name),
            node.size.map(number).unwrap_or_default(),
            node.root.map(code).unwrap_or_default(),
            both(&zh, &en)
        ));
    }
    body.push_str("</table></div>\n");
    for node in &report.nodes {
        if let Outcome::Contradiction { evidence: Some(evidence), .. } = &node.outcome {
            let intro = both("分叉证据，可由任何人核对：", "evidence of the fork, which anybody can check:");
            body.push_str(&format!("<p>{intro}</p><pre>{}</pre>\n", escape(evidence)));
        }
    }
}

fn epochs(report: &Report, body: &mut String) {
    heading(body, "验证者届次", "Epochs of validators");
    body.push_str("<div class=\"wide\"><table>\n");
    for epoch in &report.epochs {
        let nodes: Vec<_> = epoch.nodes.iter().map(|(name, power)| format!("{name} {power}")).collect();
        let (zh, en) = match epoch.height {
            0 => ("自创世".into(), "from the genesis".into()),
            height => {
                (format!("自高度 {} 之后", number(height)), format!("behind height {}", number(height)))
            }
        };
        body.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            both(&zh, &en),
            escape(&nodes.join(", ")),
            code(epoch.validators)
        ));
    }
    body.push_str("</table></div>\n");
}

fn speed(report: &Report, body: &mut String) {
    let run = &report.run;
    heading(body, "用时", "How fast");
    let mut rows = vec![
        (
            "本次",
            "this run",
            both(
                &format!("{:.1} 秒", run.seconds),
                &format!("{} records, {} signatures", number(run.records), number(run.signatures)),
            ),
        ),
        (
            "速度",
            "speed",
            both(
                &format!("每秒 {:.0} 条记录", run.records_per_second),
                &format!("{:.0} signatures/s", run.signatures_per_second),
            ),
        ),
    ];
    if let (Some(machine), Some(ratio)) = (run.machine, run.ratio) {
        rows.push((
            "本机上限",
            "this machine",
            both(
                &format!("{} 核 × 每秒 {:.0} 次严格验证", machine.cores, machine.verifications),
                &format!("measured in the same run; this audit used {:.0} % of it", 100.0 * ratio),
            ),
        ));
    }
    facts(body, rows);
}

fn problems(report: &Report, body: &mut String) {
    if report.problems.is_empty() && report.notes.is_empty() {
        return;
    }
    heading(body, "问题与说明", "Problems and remarks");
    body.push_str("<table>\n");
    for problem in &report.problems {
        let (zh, en) = problem_wording(problem);
        let class = if matches!(problem, Problem::Wrong(_)) { "bad" } else { "wait" };
        body.push_str(&format!(
            "<tr><td><span class=\"mark {class}\">✗</span> {}</td></tr>\n",
            both(&zh, &en)
        ));
    }
    for [zh, en] in &report.notes {
        body.push_str(&format!("<tr><td>{}</td></tr>\n", both(zh, en)));
    }
    body.push_str("</table>\n");
}

fn kinds(report: &Report, body: &mut String) {
    let kinds = &report.checked.kinds;
    if kinds.is_empty() {
        return;
    }
    heading(body, &format!("记录种类（{} 种）", kinds.len()), &format!("{} kinds of records", kinds.len()));
    body.push_str("<ul class=\"kinds\">\n");
    for (name, count) in kinds {
        body.push_str(&format!("<li><code>{}</code><span>{}</span></li>\n", escape(name), number(*count)));
    }
    body.push_str("</ul>\n");
}

fn rests_on(report: &Report, body: &mut String) {
    heading(body, "本报告以何为据", "What this rests on");
    let id = code(report.network.id);
    body.push_str(&format!("<p>{}</p><p>{}</p>\n",
        both(
            "只相信创世文件；所读取的其他一切均未被采信，而是重新计算或者验证。",
            "The genesis file alone is believed. All else that was read was computed again or verified.",
        ),
        both(
            "它不能说明：该创世文件就是应当信任的那一份（请核对网络编号）；已退役密钥是否被用来另写一部日志（请比对其他节点与外部见证）；记录以外的事实。",
            "It cannot say that the genesis file is the one to trust (compare the network's id), whether retired keys were used to write another log (compare other nodes and outside witnesses), or what is true outside the records.",
        )
    ));
    body.push_str(&format!("<p>{} {id}</p>\n", both("网络编号", "network id")));
}
