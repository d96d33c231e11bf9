//! `tongda audit`: check a whole log from the genesis on, believing nothing that is read.

use super::caller::Caller;
use super::failure::{Exit, Failure};
use super::language::Language;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tongda_client::audit::{
    self, Audit, Directory, Kept, Machine, Outcome, Problem, Report, Server, Source, Verdict, Watch,
};
use tongda_genesis::file::Genesis;

/// `tongda audit`.
#[derive(Args, Debug)]
pub(crate) struct AuditCommand {
    /// 节点或缓存的地址，或者导出的目录 · The address of a node or web cache, or the folder of an export
    #[arg(value_name = "URL|DIR")]
    log: String,
    /// 一并比对的其他节点，可重复 · Other nodes whose newest checkpoints must be of the same log
    #[arg(long, value_name = "URL|DIR", value_delimiter = ',')]
    also: Vec<String>,
    /// 保存进度的目录 · Where the audited prefix is kept [default: the user's state folder]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// 不用已保存的进度 · Begin at the genesis, whatever was audited before
    #[arg(long)]
    from_genesis: bool,
    /// 写出网页报告 · Write the report as a page
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
    /// 分叉证据写入的目录 · Where evidence of a fork is written
    #[arg(long, value_name = "DIR", default_value = ".")]
    evidence: PathBuf,
    /// 使用的处理器核数，缺省全部 · Cores to use [default: all]
    #[arg(long, value_name = "N")]
    cores: Option<usize>,
}

pub(crate) async fn run(caller: &Caller, command: AuditCommand) -> Result<(), Failure> {
    let (json, language) = (caller.options.json, caller.language);
    let genesis = caller.genesis().await?;
    let stop = Arc::new(AtomicBool::new(false));
    let stopping = Arc::clone(&stop);
    let interrupt = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stopping.store(true, Ordering::Relaxed);
        }
    });
    let (page, evidence) = (command.report.clone(), command.evidence.clone());
    // The audit waits and computes; the servers it reads have a runtime of their own.
    let (done, outcome) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || drop(done.send(audit(command, genesis, json, stop))));
    let report = outcome.await.map_err(|_| Failure::Broken("the audit broke off".into()))??;
    interrupt.abort();
    if let Some(path) = page {
        write(&path, report.html().as_bytes())?;
    }
    let written = write_evidence(&report, &evidence)?;
    if json {
        println!("{}", report.json());
    } else {
        say(&report, language, &written);
    }
    match exit_of(report.verdict) {
        Exit::Done => Ok(()),
        exit => Err(Failure::Told(exit)),
    }
}

const fn exit_of(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Sound => Exit::Done,
        Verdict::Wrong => Exit::Doubtful,
        Verdict::Contradiction => Exit::Fork,
        Verdict::Unreadable => Exit::Unreadable,
        Verdict::Stopped => Exit::Stopped,
    }
}

fn audit(
    command: AuditCommand,
    genesis: Genesis,
    json: bool,
    stop: Arc<AtomicBool>,
) -> Result<Report, Failure> {
    let source = source(&command.log)?;
    let also = command.also.iter().map(|log| self::source(log)).collect::<Result<_, _>>()?;
    let cores = command.cores.or_else(|| std::thread::available_parallelism().ok().map(Into::into));
    let cores = cores.unwrap_or(1).max(1);
    let folder = command.state.or_else(state_folder);
    let kept = folder.map(|folder| Kept::new(folder, &genesis.founding, &*source));
    let machine = Some(Machine::measure(cores));
    let audit = Audit { genesis, source, also, kept, from_genesis: command.from_genesis, cores, machine };
    let mut bar = Bar { bar: bar(json), stop };
    let report = audit::run(&audit, &mut bar);
    bar.bar.finish_and_clear();
    report.map_err(|error| Failure::Broken(format!("the genesis file: {error}")))
}

fn source(log: &str) -> Result<Arc<dyn Source>, Failure> {
    if log.contains("://") {
        let server = Server::new(log).map_err(|error| Failure::Usage(error.to_string()))?;
        return Ok(Arc::new(server));
    }
    if !Path::new(log).is_dir() {
        let cure = "name the folder of an export, or an address as in http://127.0.0.1:26602";
        return Err(Failure::Usage(format!("{log} is no folder; {cure}")));
    }
    Ok(Arc::new(Directory::new(log)))
}

/// `$XDG_STATE_HOME/tongda/audit`, or `~/.local/state/tongda/audit`.
fn state_folder() -> Option<PathBuf> {
    let named = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = named("XDG_STATE_HOME").or_else(|| Some(named("HOME")?.join(".local/state")));
    Some(state?.join("tongda/audit"))
}

struct Bar {
    bar: ProgressBar,
    stop: Arc<AtomicBool>,
}

/// Draws on a terminal, and nowhere else.
fn bar(json: bool) -> ProgressBar {
    if json {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:30} {percent:>3} %  {human_pos}/{human_len}  {per_sec}  {eta}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

impl Watch for Bar {
    fn progress(&mut self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    fn stop(&self, _problems: &[Problem]) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| Failure::Broken(format!("{}: {error}", path.display())))
}

/// Writes every piece of evidence to a file of its own.
fn write_evidence(report: &Report, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut written = Vec::new();
    for node in &report.nodes {
        if let Outcome::Contradiction { evidence: Some(evidence), .. } = &node.outcome {
            let network = report.network.id.to_string();
            let name = format!("evidence-{}-{}.txt", &network[..8], written.len() + 1);
            let path = folder.join(name);
            write(&path, evidence.as_bytes())?;
            written.push(path);
        }
    }
    Ok(written)
}

fn say(report: &Report, language: Language, evidence: &[PathBuf]) {
    let say = |zh: &str, en: &str| language.say(zh, en);
    let checked = &report.checked;
    println!("{}  {}", say("网络", "network"), report.network.id);
    println!("{}  {}", say("来源", "source"), report.source);
    if let Some(resumed) = &report.resumed {
        let (size, height) = (resumed.size, resumed.height);
        println!(
            "{}",
            say(
                &format!("此前已核验至高度 {height}（{size} 叶）"),
                &format!("audited before up to height {height} ({size} leaves)")
            )
        );
    }
    println!(
        "{}",
        say(
            &format!(
                "已核验：{} 个区块，{} 条记录，记录签名 {} 个，提交签名 {} 个，到期效果 {} 项",
                checked.blocks, checked.records, checked.record_signatures, checked.precommits, checked.due
            ),
            &format!(
                "checked: {} blocks, {} records, {} signatures on records, {} precommits, {} effects of time",
                checked.blocks, checked.records, checked.record_signatures, checked.precommits, checked.due
            )
        )
    );
    println!(
        "{}",
        say(
            &format!(
                "检查点 {} 个，共同签名 {} 个，哈希瓦片 {} 个，验证者届次 {} 届",
                report.checkpoints,
                report.cosignatures,
                report.tiles,
                report.epochs.len()
            ),
            &format!(
                "{} checkpoints with {} cosignatures, {} tiles of hashes, {} epochs of validators",
                report.checkpoints,
                report.cosignatures,
                report.tiles,
                report.epochs.len()
            )
        )
    );
    let run = &report.run;
    let ratio = run.ratio.map(|ratio| format!(" ({:.0} %)", 100.0 * ratio)).unwrap_or_default();
    println!(
        "{}",
        say(
            &format!(
                "本次 {:.1} 秒：每秒 {:.0} 条记录，{:.0} 个签名{ratio}",
                run.seconds, run.records_per_second, run.signatures_per_second
            ),
            &format!(
                "this run {:.1} s: {:.0} records/s, {:.0} signatures/s{ratio}",
                run.seconds, run.records_per_second, run.signatures_per_second
            )
        )
    );
    for node in &report.nodes {
        let (zh, en) = audit::outcome_wording(&node.outcome);
        println!("{}  {}", node.name, say(&zh, &en));
    }
    for [zh, en] in &report.notes {
        println!("{}", say(zh, en));
    }
    for problem in &report.problems {
        let (zh, en) = audit::problem_wording(problem);
        println!("✗ {}", say(&zh, &en));
        if let Problem::Wrong(finding) = problem
            && !finding.refusals.is_empty()
        {
            println!("{}", super::show::refusals(&finding.refusals, language));
        }
    }
    for path in evidence {
        println!("{}  {}", say("分叉证据", "evidence of a fork"), path.display());
    }
    let (zh, en) = audit::verdict_wording(report);
    println!("{} {}", if report.verdict == Verdict::Sound { "✓" } else { "✗" }, say(&zh, &en));
}
