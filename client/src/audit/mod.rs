//! Audit a log from the genesis to its newest checkpoint: read it from anywhere, and believe nothing that was read.
//!
//! ```text
//! Source ──► Pipeline ──► Auditor (the ledger's) ──► Report
//! folder      reads ahead,   in the order of the log    what was checked, how fast,
//! or server   checks on      on one thread              and the first thing that is wrong
//!             all cores
//! ```
//! - [`Source`]: [`Directory`] and [`Server`] give the same resources; each is read within a bound.
//! - [`run`]: the audit. What it found is a [`Report`], whatever happened; nothing ends it but that.
//! - [`kept`](Kept): the audited prefix, so that next time only the rest is done.
//! - [`nodes`]: the checkpoints of other nodes, proven to be of the same log, or evidence that they are not.

mod kept;
mod machine;
pub mod nodes;
mod page;
mod pipeline;
mod replaying;
mod report;
mod source;
mod url;
mod wording;

pub use kept::Kept;
pub use machine::Machine;
pub use nodes::{NodeReport, Outcome};
pub use report::{Network, Problem, Report, Resumed, Run, Verdict};
pub use source::{Directory, Source, SourceError, Trouble};
pub use url::{AddressError, Server};
pub use wording::{finding_wording, outcome_wording, problem_wording, verdict_wording};

use pipeline::{Failed, Pipeline};
use replaying::Replaying;
use std::sync::Arc;
use std::time::Instant;
use tongda_genesis::file::Genesis;
use tongda_ledger::audit::{Auditor, Finding, ProvenCheckpoint, What, read_checkpoint};
use tongda_ledger::founding::FoundingError;
use tongda_ledger::tree::note::NOTE_LIMIT;
use tongda_ledger::tree::{SignedCheckpoint, TilePath};

/// The longest genesis file that is read: the canonical form in hexadecimal, and as much again for people.
const GENESIS_LIMIT: usize = 1 << 22;

/// Problems are gathered up to this many; the first wrong entry ends the audit anyway.
const PROBLEMS: usize = 100;

/// This program, as kept prefixes name it: rules may differ between versions.
pub const PROGRAM: &str = concat!("tongda ", env!("CARGO_PKG_VERSION"));

/// What is audited, and how.
#[derive(Clone, Debug)]
pub struct Audit {
    /// What is believed.
    pub genesis: Genesis,
    /// Where the log is read.
    pub source: Arc<dyn Source>,
    /// Other nodes, whose newest checkpoints must be of the same log.
    pub also: Vec<Arc<dyn Source>>,
    /// Where the audited prefix is kept.
    pub kept: Option<Kept>,
    /// Begin at the genesis, whatever is kept.
    pub from_genesis: bool,
    /// Cores that check signatures.
    pub cores: usize,
    /// What the machine can do, to compare the speed with.
    pub machine: Option<Machine>,
}

/// Who watches an audit.
pub trait Watch {
    /// So many leaves of so many were audited.
    fn progress(&mut self, done: u64, total: u64);

    /// Whether the audit shall end after this block, with these problems so far; what is done is kept.
    fn stop(&self, problems: &[Problem]) -> bool;
}

/// Nobody watches.
#[derive(Copy, Clone, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn progress(&mut self, _done: u64, _total: u64) {}

    fn stop(&self, _problems: &[Problem]) -> bool {
        false
    }
}

/// Audits. Whatever is found, the report says it.
///
/// # Errors
/// [`FoundingError`] when the genesis makes no network, so that there is nothing to audit by.
pub fn run(audit: &Audit, watch: &mut dyn Watch) -> Result<Report, FoundingError> {
    let (began, mut report) = (Instant::now(), Report::new(audit));
    let auditor = begin(audit, &mut report)?;
    Ok(proceed_from(audit, auditor, (began, report), watch))
}

/// Audits what comes behind a prefix that was audited before, whatever is kept.
#[must_use]
pub fn run_from(audit: &Audit, auditor: Auditor, watch: &mut dyn Watch) -> Report {
    proceed_from(audit, auditor, (Instant::now(), Report::new(audit)), watch)
}

fn proceed_from(
    audit: &Audit,
    mut auditor: Auditor,
    (began, mut report): (Instant, Report),
    watch: &mut dyn Watch,
) -> Report {
    if let Err(error) = audit.genesis.verify() {
        report.note(
            format!("创世文件未经创始机构签署：{error}"),
            format!("the genesis file is not signed by its founders: {error}"),
        );
    }
    report.resumed = (auditor.size() > 0).then(|| Resumed {
        size: auditor.size(),
        height: auditor.height(),
        root: auditor.root(),
    });
    let before = auditor.counts().clone();
    match Pipeline::new(Arc::clone(&audit.source), audit.cores) {
        Ok(pipeline) => {
            let outcome = proceed(audit, &pipeline, &mut auditor, &mut report, watch);
            if let Err(failed) = outcome {
                report.problem(failed.into());
            }
        }
        Err(error) => report.problem(Problem::unreadable("", format!("threads: {error}"))),
    }
    if auditor.size() > report.resumed.as_ref().map_or(0, |resumed| resumed.size) {
        keep(audit, &auditor, &mut report);
    }
    report.conclude(&auditor, &before, began.elapsed());
    report
}

/// The auditor at the genesis, or behind what was kept.
fn begin(audit: &Audit, report: &mut Report) -> Result<Auditor, FoundingError> {
    if let Some(kept) = audit.kept.as_ref().filter(|_| !audit.from_genesis) {
        match kept.load(&audit.genesis.founding) {
            Ok(Some(auditor)) => return Ok(auditor),
            Ok(None) => {}
            Err(reason) => report.note(
                format!("已保存的核验进度不可用，从创世重新开始：{reason}"),
                format!("the kept audit is not continued, and the audit begins at the genesis: {reason}"),
            ),
        }
    }
    Auditor::new(&audit.genesis.founding)
}

fn keep(audit: &Audit, auditor: &Auditor, report: &mut Report) {
    let Some(kept) = &audit.kept else { return };
    if let Err(reason) = kept.save(auditor) {
        report.note(
            format!("核验进度未能保存，下次将从头开始：{reason}"),
            format!("the audited prefix is not kept, and next time all is done again: {reason}"),
        );
    }
}

/// Reads the checkpoint, replays up to it, and proves it and all others.
fn proceed(
    audit: &Audit,
    pipeline: &Pipeline,
    auditor: &mut Auditor,
    report: &mut Report,
    watch: &mut dyn Watch,
) -> Result<(), Failed> {
    let others = nodes::read_all(audit, &auditor.network());
    report.nodes = nodes::uncompared(&others);
    let newest = newest_checkpoint(audit, auditor)?;
    let size = newest.checkpoint().size;
    report.claimed = size;
    same_genesis(audit, report)?;
    if size < auditor.size() {
        stale(auditor, &newest, report);
        report.nodes = nodes::compare(audit, auditor, None, others);
        return Ok(());
    }
    auditor.watch(size);
    others.iter().filter_map(nodes::Other::size).for_each(|size| auditor.watch(size));
    let mut kept = audit.source.checkpoints();
    if let Some(newer) = kept.iter().rev().find(|kept| **kept > size) {
        // Published since the newest was read, or held back: it is for the next time.
        report.note(
            format!("另有更新的检查点（{newer} 叶），不是所示的最新检查点；未核验"),
            format!("there is a newer checkpoint, of {newer} leaves, than the one shown as the newest; it was not audited"),
        );
    }
    kept.retain(|kept| *kept <= size);
    let begun = auditor.size();
    kept.iter().for_each(|size| auditor.watch(*size));
    if size > begun {
        let heights = replaying::last_height(pipeline, size)?;
        let replaying = Replaying::new(pipeline, &*audit.source, auditor, (size, heights));
        if !replaying.run(report, watch)? {
            report.stopped = true;
            return Ok(());
        }
    }
    partial_tiles(audit, auditor, report);
    let proven = auditor.prove(&newest).map_err(|finding| Failed::from(finding.within("checkpoint")));
    match proven {
        Ok(proven) => report.proven(proven, true),
        Err(failed) => report.problem(failed.into()),
    }
    older_checkpoints(pipeline, (audit, auditor), &kept, begun, report);
    report.nodes = nodes::compare(audit, auditor, Some(&newest), others);
    Ok(())
}

fn newest_checkpoint(audit: &Audit, auditor: &Auditor) -> Result<SignedCheckpoint, Failed> {
    let bytes = audit.source.read("checkpoint", NOTE_LIMIT)?;
    let signed =
        read_checkpoint(&auditor.network(), &bytes).map_err(|finding| finding.within("checkpoint"))?;
    match signed.checkpoint().size {
        0 => Err(Finding::new(What::Checkpoint, "it is of an empty log").within("checkpoint").into()),
        _ => Ok(signed),
    }
}

/// A server that shows a smaller tree than was audited before: not wrong by itself, and no news.
fn stale(auditor: &Auditor, newest: &SignedCheckpoint, report: &mut Report) {
    let (served, audited) = (newest.checkpoint().size, auditor.size());
    match auditor.prove(newest) {
        Err(finding) if finding.what != What::Checkpoint => {
            report.problem(Problem::Wrong(finding.within("checkpoint")));
        }
        _ => report.problem(Problem::Stale { served, audited }),
    }
}

/// What the log says of its genesis: the network must be the one that is audited.
fn same_genesis(audit: &Audit, report: &mut Report) -> Result<(), Failed> {
    let bytes = match audit.source.read("genesis", GENESIS_LIMIT) {
        Ok(bytes) => bytes,
        Err(error) => {
            report.problem(Problem::unreadable(&error.resource, error.trouble));
            return Ok(());
        }
    };
    let wrong = |detail: String| Problem::Wrong(Finding::new(What::Genesis, detail).within("genesis"));
    let parsed = String::from_utf8(bytes).map_err(|error| error.to_string());
    match parsed.and_then(|text| Genesis::parse(&text).map_err(|error| error.to_string())) {
        Err(reason) => report.problem(wrong(reason)),
        Ok(served) if served.network != audit.genesis.network => {
            let detail =
                format!("it founds the network {}, expected {}", served.network, audit.genesis.network);
            report.problem(wrong(detail));
        }
        Ok(served) => {
            if let Err(error) = served.verify()
                && audit.genesis.verify().is_ok()
            {
                report.problem(wrong(error.to_string()));
            }
        }
    }
    Ok(())
}

/// Compares the tiles at the end of each level, and narrower copies of them.
fn partial_tiles(audit: &Audit, auditor: &Auditor, report: &mut Report) {
    for expected in auditor.partial_tiles() {
        let path = TilePath::Tile(expected.tile).to_string();
        match audit.source.read(&path, 32 * 256) {
            Err(error) => report.problem(Problem::unreadable(&path, error.trouble)),
            Ok(bytes) => match expected.check(&bytes) {
                Ok(()) => report.tiles += 1,
                Err(finding) => report.problem(Problem::Wrong(finding.within(&path))),
            },
        }
        replaying::narrower(&*audit.source, &expected, report);
    }
}

/// Proves the older checkpoints that are kept. Those that an earlier run has proven are passed over.
fn older_checkpoints(
    pipeline: &Pipeline,
    (audit, auditor): (&Audit, &Auditor),
    kept: &[u64],
    begun: u64,
    report: &mut Report,
) {
    use rayon::prelude::*;
    let prove = |size: &u64| -> Result<Option<ProvenCheckpoint>, Failed> {
        let path = format!("checkpoints/{size}");
        let wrong = |finding: Finding| Failed::from(finding.within(&path));
        let bytes = audit.source.read(&path, NOTE_LIMIT)?;
        let signed = read_checkpoint(&auditor.network(), &bytes).map_err(wrong)?;
        let own = signed.checkpoint().size;
        if own != *size {
            return Err(wrong(Finding::new(What::Checkpoint, format!("it is of size {own}"))));
        }
        if own <= begun && auditor.root_at(own).is_none() {
            return Ok(None);
        }
        auditor.prove(&signed).map(Some).map_err(|finding| wrong(*finding))
    };
    let proven: Vec<_> = pipeline.install(|| kept.par_iter().map(prove).collect());
    for proven in proven {
        match proven {
            Ok(Some(proven)) => report.proven(proven, false),
            Ok(None) => {}
            Err(failed) => report.problem(failed.into()),
        }
    }
}
