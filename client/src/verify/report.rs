//! Tell what was checked, one line a check, and what follows from it.

use serde::Serialize;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::Timestamp;

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name, for programs.
    pub name: &'static str,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// What it is, in English.
    pub en: &'static str,
    /// Whether it holds.
    pub passed: bool,
    /// What was found: figures if it holds, what is wrong if not.
    pub found: String,
}

impl Check {
    /// The check with its outcome.
    pub fn new(
        (name, zh, en): (&'static str, &'static str, &'static str),
        outcome: Result<String, String>,
    ) -> Self {
        let passed = outcome.is_ok();
        let (Ok(found) | Err(found)) = outcome;
        Self { name, zh, en, passed, found }
    }
}

/// The moment for which it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AsOf {
    /// Entries of the checkpoint.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// The height of its last block.
    pub height: u64,
    /// The time of its quorum.
    pub time: Timestamp,
}

/// What follows.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// All checks passed.
    Holds,
    /// A check failed: it proves nothing.
    DoesNotVerify,
    /// It verifies, and its quorum is longer ago than was asked.
    TooOld,
}

/// What was checked, and what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What it is.
    pub kind: Kind,
    /// What follows.
    pub verdict: Verdict,
    /// The checks in their order; behind one that failed there may be none.
    pub checks: Vec<Check>,
    /// As of when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<AsOf>,
    /// What it says, where it says something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<serde_json::Value>,
    /// What the proof rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<String>,
}

/// What can be verified.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A certificate of a value of the state.
    Certificate,
    /// A receipt of an entry of the log.
    Receipt,
    /// Two checkpoints that contradict each other.
    Evidence,
}

impl Report {
    /// The report of these checks: it holds when all passed.
    #[must_use]
    pub fn new(kind: Kind, checks: Vec<Check>) -> Self {
        let holds = checks.iter().all(|check| check.passed) && !checks.is_empty();
        let verdict = if holds { Verdict::Holds } else { Verdict::DoesNotVerify };
        Self { kind, verdict, checks, as_of: None, says: None, rests_on: Vec::new() }
    }

    /// The first check that failed.
    #[must_use]
    pub fn failed(&self) -> Option<&Check> {
        self.checks.iter().find(|check| !check.passed)
    }
}
