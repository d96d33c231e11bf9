//! `tongda receipt`: the proofs that records stand in the log, kept in files.

use super::caller::{Caller, read};
use super::failure::{Exit, Failure};
use super::show::{print, table};
use super::verify::{exit_of, told, words};
use clap::Subcommand;
use serde::Serialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tongda_client::light::{Light, LightError, ReceiptExtra, Verified, write_file};
use tongda_client::verify::{self, Report};
use tongda_ledger::identifier::RecordId;
use tongda_ledger::tree::Receipt;

/// How long a checkpoint that reaches a record is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(300);

/// Verbs of receipts.
#[derive(Subcommand, Debug)]
pub(crate) enum ReceiptVerb {
    /// 取回执 · Fetch the receipt of a record, verify it and keep it
    Fetch {
        /// 日志序号、编号或者记录摘要 · Log index, R-… id or envelope id
        record: String,
        /// 写入该文件 · Write it to this file instead
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// 列出所存回执 · List the receipts that are kept; offline
    List,
    /// 离线核验 · Verify receipts offline; without a file, all that are kept
    Verify {
        /// 文件 · The files
        files: Vec<PathBuf>,
        /// 回执不含记录时，记录的字节 · The envelope's bytes, for a receipt that does not bring its entry
        #[arg(long, value_name = "FILE")]
        envelope: Option<PathBuf>,
    },
    /// 换成较新检查点的回执 · Bring receipts up to the newest checkpoint; without a file, all that are kept
    Upgrade {
        /// 文件 · The files
        files: Vec<PathBuf>,
    },
}

/// Runs a verb.
pub(crate) async fn run(caller: &Caller, verb: &ReceiptVerb) -> Result<(), Failure> {
    match verb {
        ReceiptVerb::Fetch { record, to } => fetch(caller, record, to.as_deref()).await,
        ReceiptVerb::List => list(caller).await,
        ReceiptVerb::Verify { files, envelope } => check(caller, files, envelope.as_deref()).await,
        ReceiptVerb::Upgrade { files } => upgrade(caller, files).await,
    }
}

/// Where receipts are kept.
fn folder(caller: &Caller, light: &tongda_client::light::Folder) -> PathBuf {
    caller.options.belief.receipts.clone().unwrap_or_else(|| light.receipts())
}

/// By log index: a check character may be one that shells expand.
fn name(index: u64) -> String {
    format!("record-{index}.tlog-proof")
}

/// The newest verified checkpoint that reaches an entry; waits for it.
async fn reaching(caller: &Caller, light: &mut Light, index: u64) -> Result<Verified, Failure> {
    let begun = Instant::now();
    loop {
        let missing = match caller.follow(light).await {
            Ok(verified) if verified.checkpoint.checkpoint().size > index => return Ok(verified),
            Ok(verified) => {
                let size = verified.checkpoint.checkpoint().size;
                Failure::from(LightError::Beyond { index, size })
            }
            // The first checkpoint of a young network may be still to come.
            Err(Failure::Light(LightError::Client(tongda_client::Error::Missing(text)))) => {
                Failure::Client(tongda_client::Error::Missing(text))
            }
            Err(other) => return Err(other),
        };
        if begun.elapsed() >= PATIENCE {
            return Err(missing);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Fetches, verifies and keeps the receipt of an entry; says where.
pub(crate) async fn keep(caller: &Caller, index: u64, to: Option<&Path>) -> Result<PathBuf, Failure> {
    let mut light = caller.light().await?;
    let verified = reaching(caller, &mut light, index).await?;
    let receipt = light.receipt(&caller.node, index, &verified).await?;
    let path = to.map_or_else(|| folder(caller, light.folder()).join(name(index)), Path::to_owned);
    write_file(&path, receipt.to_string().as_bytes())?;
    Ok(path)
}

async fn fetch(caller: &Caller, record: &str, to: Option<&Path>) -> Result<(), Failure> {
    let index = match record.parse::<u64>() {
        Ok(index) => index,
        Err(_) => caller.node.record(record).await?.index,
    };
    let path = keep(caller, index, to).await?;
    print(caller, &json!({ "outcome": "kept", "record": RecordId::new(index), "file": path }), |_| {
        format!(
            "{} {}\n",
            caller.language.say("回执已核验并存于", "the receipt was verified and stands in"),
            path.display()
        )
    });
    Ok(())
}

/// The receipts that are kept, by name.
fn kept(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let broken = |error: std::io::Error| Failure::Broken(format!("{}: {error}", folder.display()));
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(broken)?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>().map_err(broken)?;
    files.retain(|path| path.extension().is_some_and(|end| end == "tlog-proof"));
    files.sort();
    Ok(files)
}

/// The files that are named; else those that are kept, of which there must be one.
fn named_or_kept(files: &[PathBuf], folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let files = if files.is_empty() { kept(folder)? } else { files.to_vec() };
    if files.is_empty() {
        let what = "no receipt is named and none is kept in";
        let cure = "`tongda receipt fetch RECORD` keeps one";
        return Err(Failure::Usage(format!("{what} {}: {cure}", folder.display())));
    }
    Ok(files)
}

fn parse(path: &Path) -> Result<Receipt, Failure> {
    Receipt::parse(&read(path)?).map_err(|error| Failure::Unreadable(format!("{}: {error}", path.display())))
}

async fn list(caller: &Caller) -> Result<(), Failure> {
    let mut rows = Vec::new();
    let mut items = Vec::new();
    let founding = caller.founding().await?;
    for path in kept(&folder(caller, &caller.folder(&founding)?))? {
        let receipt = match parse(&path) {
            Ok(receipt) => receipt,
            Err(failure) => {
                let message = failure.message();
                items.push(json!({ "file": path, "outcome": failure.exit().word(), "message": message }));
                rows.push(vec!["✗".into(), String::new(), String::new(), message]);
                continue;
            }
        };
        let extra = receipt.extra.as_deref().and_then(ReceiptExtra::read);
        let act = extra.as_ref().and_then(ReceiptExtra::envelope).map(|envelope| envelope.act().name());
        let (record, size) = (RecordId::new(receipt.index), receipt.checkpoint.checkpoint().size);
        items.push(json!({ "record": record, "act": act, "checkpoint": size, "file": path }));
        let act = act.map(|act| act.to_string()).unwrap_or_default();
        rows.push(vec![record.to_string(), act, size.to_string(), path.display().to_string()]);
    }
    print(caller, &json!({ "items": items }), |_| {
        table(&["记录 record", "行为 act", "检查点 checkpoint", "文件 file"], rows)
    });
    Ok(())
}

async fn check(caller: &Caller, files: &[PathBuf], envelope: Option<&Path>) -> Result<(), Failure> {
    let trust = caller.trust().await?;
    let envelope = envelope.map(read).transpose()?;
    let checked = |path: &Path| Ok(verify::receipt(&parse(path)?, envelope.as_deref(), &trust));
    if let [file] = files {
        return told(caller, &checked(file)?);
    }
    // Where all files are named, no folder is needed.
    let files = if files.is_empty() {
        let founding = caller.founding().await?;
        named_or_kept(files, &folder(caller, &caller.folder(&founding)?))?
    } else {
        files.to_vec()
    };
    each(caller, &files, files.iter().map(|path| checked(path)).collect(), |report: &Report| {
        (words(report, caller.language), exit_of(report))
    })
}

/// The place of an end among the grave ones, from the gravest on.
fn gravity(exit: Exit) -> usize {
    let graver = [Exit::Doubtful, Exit::Unreadable, Exit::Old];
    graver.iter().position(|other| *other == exit).unwrap_or(graver.len())
}

/// Prints what came of each file, which one failure does not keep from the others. The gravest decides how the command
/// ends: what does not verify is worse than what cannot be read, and that than what is old.
fn each<T: Serialize>(
    caller: &Caller,
    files: &[PathBuf],
    results: Vec<Result<T, Failure>>,
    told: impl Fn(&T) -> (String, Exit),
) -> Result<(), Failure> {
    let (mut items, mut text) = (Vec::new(), String::new());
    let mut gravest: Option<Exit> = None;
    for (path, result) in files.iter().zip(&results) {
        let (said, exit) = match result {
            Ok(result) => {
                items.push(json!({ "file": path, "result": result }));
                told(result)
            }
            Err(failure) => {
                let (exit, message) = (failure.exit(), failure.message());
                items.push(json!({ "file": path, "outcome": exit.word(), "message": message }));
                (format!("✗ {message}\n"), exit)
            }
        };
        text.push_str(&format!("{}\n{said}", path.display()));
        if exit != Exit::Done {
            gravest = gravest.into_iter().chain([exit]).min_by_key(|exit| gravity(*exit));
        }
    }
    print(caller, &json!({ "items": items }), |_| text.clone());
    gravest.map_or(Ok(()), |exit| Err(Failure::Told(exit)))
}

async fn upgrade(caller: &Caller, files: &[PathBuf]) -> Result<(), Failure> {
    let mut light = caller.light().await?;
    let files = named_or_kept(files, &folder(caller, light.folder()))?;
    let verified = caller.follow(&mut light).await?;
    let mut results = Vec::new();
    for path in &files {
        let upgraded = upgrade_one(caller, &light, path, &verified).await;
        if matches!(&upgraded, Err(Failure::Light(LightError::Fork { .. }))) {
            return upgraded.map(drop);
        }
        results.push(upgraded);
    }
    each(caller, &files, results, |sizes: &Upgraded| {
        (format!("✓ {} → {}\n", sizes.from, sizes.to), Exit::Done)
    })
}

/// From which size of the tree to which a receipt was brought.
#[derive(Serialize)]
struct Upgraded {
    from: u64,
    to: u64,
}

async fn upgrade_one(
    caller: &Caller,
    light: &Light,
    path: &Path,
    verified: &Verified,
) -> Result<Upgraded, Failure> {
    let old = parse(path)?;
    let new = light.upgrade(&caller.node, &old, verified).await?;
    write_file(path, new.to_string().as_bytes())?;
    Ok(Upgraded { from: old.checkpoint.checkpoint().size, to: verified.checkpoint.checkpoint().size })
}
