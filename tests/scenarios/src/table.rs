//! Find the scenarios, and say which refusals each of them shows and cures.

use crate::play::Played;
use crate::script::{Scenario, ScriptError};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tongda_ledger::refusal::Code;

/// The folder of the scenarios.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Every scenario, by its file: `FAMILY/NAME.txt`.
///
/// # Errors
/// [`ScriptError`] for the first that cannot be read.
pub fn scenarios() -> Result<Vec<Scenario>, ScriptError> {
    let unreadable = |path: &Path, error: std::io::Error| ScriptError {
        file: path.display().to_string(),
        line: 0,
        reason: error.to_string(),
    };
    let entries = |path: &Path| -> Result<Vec<PathBuf>, ScriptError> {
        let entries = std::fs::read_dir(path).map_err(|error| unreadable(path, error))?;
        let mut paths = Vec::new();
        for entry in entries {
            paths.push(entry.map_err(|error| unreadable(path, error))?.path());
        }
        paths.sort();
        Ok(paths)
    };
    let mut found = Vec::new();
    for family in entries(&folder())?.into_iter().filter(|path| path.is_dir()) {
        for path in
            entries(&family)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "txt"))
        {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            let name = path.strip_prefix(folder()).unwrap_or(&path).display().to_string();
            found.push(Scenario::parse(&name, &text)?);
        }
    }
    Ok(found)
}

/// Which scenarios show a refusal, and which also cure it.
#[derive(Clone, Debug, Default)]
pub struct Table {
    shown: BTreeMap<&'static str, BTreeSet<String>>,
    cured: BTreeMap<&'static str, BTreeSet<String>>,
    titles: Vec<(String, String, String, String)>,
    /// For each act the first scenario in which it is accepted.
    accepted: BTreeMap<String, String>,
}

impl Table {
    /// Enters what a scenario came to. A refusal is cured where the act that it stopped is accepted later.
    pub fn enter(&mut self, scenario: &Scenario, played: &[Played]) {
        for (place, Played { act, refused }) in played.iter().enumerate() {
            if refused.is_empty() && !self.accepted.contains_key(act) {
                self.accepted.insert(act.clone(), scenario.file.clone());
            }
            let later = played[place + 1..].iter().any(|next| next.act == *act && next.refused.is_empty());
            for code in refused {
                self.shown.entry(code).or_default().insert(scenario.file.clone());
                if later {
                    self.cured.entry(code).or_default().insert(scenario.file.clone());
                }
            }
        }
        self.titles.push((
            scenario.file.clone(),
            scenario.zh.clone(),
            scenario.en.clone(),
            scenario.law.join("; "),
        ));
    }

    /// The first scenario in which an act is accepted.
    #[must_use]
    pub fn showing(&self, act: &str) -> Option<&str> {
        self.accepted.get(act).map(String::as_str)
    }

    /// The codes that no scenario shows.
    #[must_use]
    pub fn not_shown(&self) -> Vec<&'static str> {
        reachable().filter(|code| !self.shown.contains_key(code)).collect()
    }

    /// The codes that no scenario cures.
    #[must_use]
    pub fn not_cured(&self) -> Vec<&'static str> {
        reachable().filter(|code| !self.cured.contains_key(code)).collect()
    }

    /// The page of the book: every scenario, and every code with the scenarios that show and cure it.
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = format!(
            "# Scenarios\n\nThe law as it is played: {} short files in `tests/scenarios/`, each with what is given, what is \
             done and what the ledger answers. Members, patents and contracts in them are made (演示). This page is \
             generated: `TONGDA_WRITE_DOCS=1 cargo test -p tongda-tests --test scenarios`.\n\n## Refusals\n\nEvery code is \
             shown by a scenario, and cured by one: the act that it stopped is accepted later. Scenarios that cure are set \
             in **bold**.\n\n| code | scenarios |\n|---|---|\n",
            self.titles.len()
        );
        for code in codes() {
            let cured = self.cured.get(code).cloned().unwrap_or_default();
            let shown = self.shown.get(code).into_iter().flatten();
            let files: Vec<_> = shown
                .map(|file| {
                    let file = file.trim_end_matches(".txt");
                    if cured.contains(&format!("{file}.txt")) {
                        format!("**{file}**")
                    } else {
                        file.to_owned()
                    }
                })
                .collect();
            let anchor = code.to_lowercase();
            writeln!(page, "| [`{code}`](refusals.md#{anchor}) | {} |", files.join(", "))
                .expect("a string takes all");
        }
        for (code, why) in OUT_OF_REACH {
            writeln!(page, "\n`{code}` is out of a scenario's reach: {why}.").expect("a string takes all");
        }
        page.push_str("\n## All scenarios\n\n| file | | rests on |\n|---|---|---|\n");
        for (file, zh, en, law) in &self.titles {
            let name = file.trim_end_matches(".txt");
            writeln!(page, "| {name} | {zh}<br>{en} | {law} |").expect("a string takes all");
        }
        page
    }
}

/// Codes that no scenario can reach, and why.
const OUT_OF_REACH: [(&str, &str); 1] = [(
    "ALGORITHM_NOT_ACCEPTED",
    "the parameters may name no algorithm but Ed25519, and a signature of another one is no envelope: \
     `ledger/tests/envelopes.rs` reaches it past the rules",
)];

fn codes() -> impl Iterator<Item = &'static str> {
    Code::ALL.iter().map(|code| code.as_str())
}

fn reachable() -> impl Iterator<Item = &'static str> {
    codes().filter(|code| OUT_OF_REACH.iter().all(|(other, _)| other != code))
}
