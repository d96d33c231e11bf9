//! `tongda verify`: check offline what one was handed, and tell each check.

use super::caller::{Caller, read as read_file};
use super::failure::{Exit, Failure};
use super::language::Language;
use super::show::{print, tree};
use clap::Args;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use tongda_client::verify::{self, INPUT_LIMIT, Input, Kind, Report, Verdict};

/// `tongda verify`.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// 文件（证明的 JSON、二进制或者 PDF，回执，证据）、二维码文字，或者 - 取自标准输入；多个二维码可一并给出 · A file (certificate as
    /// JSON, binary or PDF, receipt, evidence), the text of a QR code, or - for standard input; several texts or files of
    /// one certificate's codes go together
    #[arg(required = true, value_name = "FILE|TEXT|-")]
    what: Vec<String>,
}

/// Verifies and prints the report.
pub(crate) async fn run(caller: &Caller, verify: &Verify) -> Result<(), Failure> {
    let input = input(&verify.what)?;
    let trust = caller.trust().await?;
    told(caller, &verify::verify(&input, &trust))
}

/// What was handed over: one thing, or the texts of several codes.
fn input(what: &[String]) -> Result<Input, Failure> {
    let bytes = what.iter().map(|what| bytes_of(what)).collect::<Result<Vec<_>, _>>()?;
    let unreadable = |error: verify::InputError| Failure::Unreadable(error.to_string());
    match bytes.as_slice() {
        [one] => verify::read(one).map_err(unreadable),
        parts => verify::read(&parts.join(&b'\n')).map_err(unreadable),
    }
}

fn bytes_of(what: &str) -> Result<Vec<u8>, Failure> {
    if what == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(INPUT_LIMIT as u64 + 1).read_to_end(&mut bytes);
        return read.map(|_| bytes).map_err(|error| Failure::Broken(format!("standard input: {error}")));
    }
    let path = Path::new(what);
    if tongda_client::paper::is_code(what) && !path.exists() {
        return Ok(what.as_bytes().to_vec());
    }
    read_file(path)
}

/// Prints a report; what does not hold ends the command with its own exit code.
pub(crate) fn told(caller: &Caller, report: &Report) -> Result<(), Failure> {
    print(caller, report, |report| words(report, caller.language));
    match exit_of(report) {
        Exit::Done => Ok(()),
        exit => Err(Failure::Told(exit)),
    }
}

/// How a command ends that has told a report.
pub(crate) const fn exit_of(report: &Report) -> Exit {
    match report.verdict {
        Verdict::Holds => Exit::Done,
        Verdict::DoesNotVerify => Exit::Doubtful,
        Verdict::TooOld => Exit::Old,
    }
}

/// The report for people: a line a check, and the verdict in one line.
pub(crate) fn words(report: &Report, language: Language) -> String {
    let mut text = String::new();
    let mut line = |line: String| writeln!(text, "{line}").expect("a String takes all");
    line(match report.kind {
        Kind::Certificate => language.say("证明", "certificate"),
        Kind::Receipt => language.say("回执", "receipt"),
        Kind::Evidence => language.say("两份相互矛盾的检查点（作恶证据）", "evidence of two histories"),
    });
    for check in &report.checks {
        let mark = if check.passed { '✓' } else { '✗' };
        line(format!("{mark} {}", language.say(check.zh, check.en)));
        if !check.found.is_empty() {
            line(format!("    {}", check.found));
        }
    }
    if let Some(says) = &report.says {
        line(language.say("内容", "it says"));
        for said in tree(says).lines() {
            line(format!("    {said}"));
        }
    }
    if !report.rests_on.is_empty() {
        line(language.say("依据", "it rests on"));
        for rests in &report.rests_on {
            line(format!("    {rests}"));
        }
    }
    line(verdict(report, language));
    text
}

fn verdict(report: &Report, language: Language) -> String {
    let as_of = report.as_of.as_ref().map(|as_of| (beijing(as_of.time), as_of.time.to_string(), as_of.size));
    let said = match (report.verdict, as_of) {
        (Verdict::Holds, Some((zh, en, size))) => language.say(
            &format!("成立：截至 {zh}（北京时间）达到法定多数的检查点，共 {size} 项"),
            &format!("holds as of the checkpoint of {size} entries, whose quorum was reached at {en}"),
        ),
        (Verdict::Holds, None) => language.say("成立", "holds"),
        (Verdict::TooOld, Some((zh, en, _))) => language.say(
            &format!("证明无误但过旧：截至 {zh}（北京时间）"),
            &format!("verifies, and is older than asked: as of {en}"),
        ),
        (Verdict::TooOld | Verdict::DoesNotVerify, _) => {
            let (zh, en) = report.failed().map_or(("", ""), |check| (check.zh, check.en));
            language
                .say(&format!("不成立：未能证实「{zh}」"), &format!("does not verify: not proven that {en}"))
        }
    };
    let mark = if report.verdict == Verdict::Holds { '✓' } else { '✗' };
    format!("{mark} {said}")
}

/// A time as clocks in Beijing show it.
pub(crate) fn beijing(time: tongda_ledger::identifier::Timestamp) -> String {
    let shifted = time.plus_milliseconds(tongda_ledger::identifier::Timestamp::BEIJING).to_string();
    shifted.get(..19).unwrap_or_default().replace('T', " ")
}
