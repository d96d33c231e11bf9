//! Say how the ledger answers what the plan asks: each row with its acts, their commands and scenarios.

use crate::table::Table;
use serde::Deserialize;
use std::fmt::Write as _;
use tongda_ledger::act::ActKind;

/// A row: something that the plan asks of the ledger.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its number, from 1.
    pub number: usize,
    /// The numbered measure of the plan; 0 for its general part.
    pub measure: u8,
    /// The plan's words.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// The acts that answer it.
    pub acts: Vec<String>,
    /// What else answers it.
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Deserialize)]
struct Plan {
    row: Vec<Row>,
}

/// Every row.
///
/// # Panics
/// When `plan.toml` is not of its shape: a test sees to it.
#[must_use]
pub fn rows() -> Vec<Row> {
    let plan: Plan = toml::from_str(include_str!("../plan.toml")).expect("plan.toml has its shape");
    plan.row
}

/// Commands that are not named like their act.
const COMMANDS: &[(&str, &str)] = &[
    ("fund.declare", "tongda funding declare"),
    ("fund.verify", "tongda funding verify"),
    ("fund.clock", "tongda funding clock"),
    ("fund.report", "tongda funding report"),
    ("param.propose", "tongda parameter propose"),
    ("param.vote", "tongda parameter vote"),
    ("stat.release", "tongda statistic release"),
    ("case.publish", "tongda case-publication publish"),
    ("contribute.equity", "tongda contribute equity"),
    ("member.attribute", "tongda member attribute certify"),
    ("finance.claim", "tongda finance claim make"),
    ("consent.give", "tongda consent give"),
];

/// The command that does an act.
#[must_use]
pub fn command(act: &str) -> String {
    let named = COMMANDS.iter().find(|(other, _)| *other == act);
    named.map_or_else(
        || format!("tongda {}", act.replace('.', " ").replace('_', "-")),
        |(_, command)| (*command).to_owned(),
    )
}

/// What is wrong with the rows: acts that do not exist, or that no scenario shows accepted.
#[must_use]
pub fn gaps(table: &Table) -> Vec<String> {
    let mut gaps = Vec::new();
    for row in rows() {
        for act in &row.acts {
            if ActKind::named(act).is_none() {
                gaps.push(format!("row {}: {act} is no act", row.number));
            } else if table.showing(act).is_none() {
                gaps.push(format!("row {}: no scenario shows {act} accepted", row.number));
            }
        }
        if row.acts.is_empty() {
            gaps.push(format!("row {} has no act", row.number));
        }
    }
    gaps
}

/// The page of the book.
#[must_use]
pub fn page(table: &Table) -> String {
    let mut page = "# What the plan asks\n\nThe plan 国办发〔2023〕37号, row by row: what it asks of the ledger, the acts that \
                    answer it, the command of each and a scenario that plays it. §0 is the plan's general part. This page is \
                    generated: `TONGDA_WRITE_DOCS=1 cargo test -p tongda-tests --test scenarios`.\n\n| # | § | the plan's words | \
                    acts | commands | scenarios |\n|---|---|---|---|---|---|\n"
        .to_owned();
    for row in rows() {
        let join = |parts: Vec<String>| parts.join("<br>");
        let acts = join(row.acts.iter().map(|act| format!("`{act}`")).collect());
        let mut commands: Vec<_> = row.acts.iter().map(|act| format!("`{}`", command(act))).collect();
        commands.dedup();
        let shown = row.acts.iter().filter_map(|act| table.showing(act));
        let mut scenarios: Vec<_> = shown.map(|file| file.trim_end_matches(".txt").to_owned()).collect();
        scenarios.dedup();
        let note = row.note.as_ref().map(|note| format!("<br>{note}")).unwrap_or_default();
        let (number, measure, zh, en) = (row.number, row.measure, &row.zh, &row.en);
        let (commands, scenarios) = (join(commands), join(scenarios));
        writeln!(page, "| {number} | {measure} | {zh}<br>{en}{note} | {acts} | {commands} | {scenarios} |")
            .expect("a string takes all");
    }
    page
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_plan_has_eighty_two_rows_in_order() {
        let numbers: Vec<_> = super::rows().iter().map(|row| row.number).collect();
        assert_eq!(numbers, (1..=82).collect::<Vec<_>>());
    }
}
