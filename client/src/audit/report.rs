//! Say what an audit checked, how fast, and what is wrong.

use super::machine::Machine;
use super::nodes::{NodeReport, Outcome};
use super::pipeline::Failed;
use super::{Audit, PROBLEMS, PROGRAM};
use serde::Serialize;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tongda_ledger::audit::{Auditor, Counts, EpochReport, Finding, ProvenCheckpoint, What};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::Timestamp;
use tongda_ledger::vote::NetworkId;

/// In one word, what came of an audit.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All was checked up to the newest checkpoint, and nothing is wrong.
    Sound,
    /// Something is wrong.
    Wrong,
    /// A node shows another log.
    Contradiction,
    /// Not all could be read, or the log is older than what was audited before.
    Unreadable,
    /// It was stopped; what was checked until then is right.
    Stopped,
}

/// Something that keeps the log from being sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Problem {
    /// Something in it is wrong.
    Wrong(Finding),
    /// A resource cannot be read.
    Unreadable {
        /// Which one.
        resource: String,
        /// Why.
        detail: String,
    },
    /// The newest checkpoint is older than what was audited before.
    Stale {
        /// The size that is served.
        served: u64,
        /// The size that was audited.
        audited: u64,
    },
}

/// The network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Network {
    /// Its id.
    pub id: NetworkId,
    /// Its name.
    pub name: String,
    /// Whether it is for demonstration.
    pub demonstration: bool,
}

/// Where a resumed audit began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resumed {
    /// The log's size there.
    pub size: u64,
    /// The height.
    pub height: u64,
    /// The log's root.
    pub root: Hash,
}

/// How fast this run was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// Seconds in all.
    pub seconds: f64,
    /// Records in this run.
    pub records: u64,
    /// Signatures in this run: on records, in certificates, under checkpoints.
    pub signatures: u64,
    /// Records a second.
    pub records_per_second: f64,
    /// Signatures a second.
    pub signatures_per_second: f64,
    /// What the machine can do, if it was measured.
    pub machine: Option<Machine>,
    /// Signatures a second, as a part of what all cores could verify.
    pub ratio: Option<f64>,
}

/// What came of an audit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The form of this report.
    pub format: &'static str,
    /// The program that made it.
    pub program: &'static str,
    /// In one word.
    pub verdict: Verdict,
    /// The network.
    pub network: Network,
    /// Where the log was read.
    pub source: String,
    /// When the audit began.
    pub began: Timestamp,
    /// Where it continued; none when it began at the genesis.
    pub resumed: Option<Resumed>,
    /// The size that the newest checkpoint claims.
    pub claimed: u64,
    /// The size that was audited, the genesis and whole blocks.
    pub size: u64,
    /// The height of the last block that was audited.
    pub height: u64,
    /// The log's root there, as far as leaves were read.
    pub root: Hash,
    /// The state's root there.
    pub state_root: Hash,
    /// The time of the last block that was audited.
    pub until: Timestamp,
    /// What was checked since the genesis, earlier runs included.
    pub checked: Counts,
    /// Tiles of hashes that were compared in this run.
    pub tiles: u64,
    /// Bundles of leaves that were read in this run.
    pub bundles: u64,
    /// Bundles of certificates that were read in this run.
    pub commit_bundles: u64,
    /// Checkpoints that were proven in this run.
    pub checkpoints: u64,
    /// Cosignatures of validators under them.
    pub cosignatures: u64,
    /// The newest checkpoint, if it was proven.
    pub newest: Option<ProvenCheckpoint>,
    /// The sets of validators since the genesis.
    pub epochs: Vec<EpochReport>,
    /// Other nodes.
    pub nodes: Vec<NodeReport>,
    /// How fast.
    pub run: Run,
    /// The wrong thing that stands first in the log.
    pub first_wrong: Option<Finding>,
    /// All that is wrong or missing.
    pub problems: Vec<Problem>,
    /// Remarks, in Chinese and English.
    pub notes: Vec<[String; 2]>,
    #[serde(skip)]
    pub(super) stopped: bool,
}

impl Problem {
    pub(super) fn unreadable(resource: &str, detail: impl ToString) -> Self {
        Self::Unreadable { resource: resource.to_owned(), detail: detail.to_string() }
    }
}

impl From<Failed> for Problem {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Wrong(finding) => Self::Wrong(*finding),
            Failed::Source(error) => Self::unreadable(&error.resource, error.trouble),
        }
    }
}

impl Report {
    pub(super) fn new(audit: &Audit) -> Self {
        let founding = &audit.genesis.founding;
        let network = Network {
            id: audit.genesis.network,
            name: founding.name.to_string(),
            demonstration: founding.anchor.demonstration,
        };
        Self {
            format: "tongda/audit/v1",
            program: PROGRAM,
            verdict: Verdict::Unreadable,
            network,
            source: audit.source.name(),
            began: now(),
            resumed: None,
            claimed: 0,
            size: 0,
            height: 0,
            root: Hash::ZERO,
            state_root: Hash::ZERO,
            until: founding.anchor.start,
            checked: Counts::default(),
            tiles: 0,
            bundles: 0,
            commit_bundles: 0,
            checkpoints: 0,
            cosignatures: 0,
            newest: None,
            epochs: Vec::new(),
            nodes: Vec::new(),
            run: Run {
                seconds: 0.0,
                records: 0,
                signatures: 0,
                records_per_second: 0.0,
                signatures_per_second: 0.0,
                machine: audit.machine,
                ratio: None,
            },
            first_wrong: None,
            problems: Vec::new(),
            notes: Vec::new(),
            stopped: false,
        }
    }

    pub(super) fn note(&mut self, zh: String, en: String) {
        self.notes.push([zh, en]);
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        if self.problems.len() < PROBLEMS && !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    pub(super) fn proven(&mut self, proven: ProvenCheckpoint, newest: bool) {
        self.checkpoints += 1;
        self.cosignatures += proven.cosigners.len() as u64;
        if newest {
            self.newest = Some(proven);
        }
    }

    pub(super) fn conclude(&mut self, auditor: &Auditor, before: &Counts, elapsed: Duration) {
        let tip = auditor.replay().tip();
        self.height = auditor.height();
        self.size = if auditor.size() == 0 { 0 } else { tip.next_index() };
        (self.root, self.state_root) = (tip.log.root(), auditor.replay().map().root());
        self.until = tip.time();
        self.checked = auditor.counts().clone();
        self.epochs = auditor.epochs();
        let seconds = elapsed.as_secs_f64();
        let records = self.checked.records - before.records;
        let signatures = self.checked.signatures() - before.signatures() + self.cosignatures;
        let run = &mut self.run;
        (run.seconds, run.records, run.signatures) = (seconds, records, signatures);
        run.records_per_second = records as f64 / seconds;
        run.signatures_per_second = signatures as f64 / seconds;
        run.ratio = run.machine.map(|machine| run.signatures_per_second / machine.limit());
        let wrong = self.problems.iter().filter_map(|problem| match problem {
            Problem::Wrong(finding) => Some(finding),
            _ => None,
        });
        // Of a wrong leaf and the tile that differs because of it, the leaf.
        let first = |finding: &&Finding| (finding.index.unwrap_or(u64::MAX), finding.what == What::Tile);
        self.first_wrong = wrong.min_by_key(first).cloned();
        self.verdict = self.verdict();
    }

    fn verdict(&self) -> Verdict {
        let any = |is: fn(&Outcome) -> bool| self.nodes.iter().any(|node| is(&node.outcome));
        if any(|outcome| matches!(outcome, Outcome::Contradiction { .. })) {
            Verdict::Contradiction
        } else if self.first_wrong.is_some() || any(|outcome| matches!(outcome, Outcome::Wrong { .. })) {
            Verdict::Wrong
        } else if !self.problems.is_empty() || any(|outcome| matches!(outcome, Outcome::Unreadable { .. })) {
            Verdict::Unreadable
        } else if self.stopped {
            Verdict::Stopped
        } else {
            Verdict::Sound
        }
    }

    /// The report as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a report has a JSON form")
    }

    /// The report as a page that needs nothing but itself.
    #[must_use]
    pub fn html(&self) -> String {
        super::page::render(self)
    }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let milliseconds = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    milliseconds.try_into().unwrap_or(Timestamp::LAST)
}
