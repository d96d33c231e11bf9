//! Every refusal is listed in the book as the code words it, and is asked for by a test.
//!
//! `TONGDA_WRITE_DOCS=1 cargo test -p tongda-ledger --test refusals` writes the page again.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tongda_ledger::refusal::Code;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The book's page of all refusals.
fn page() -> String {
    let mut page = String::from(
        "# Refusals 不予登记的理由\n\n\
         An act that the law or the network's rules do not allow is refused with every reason, not only the first. \
         `POST /v1/may-i`, `tongda may-i` and the answer 409 to an envelope name each reason by its code, with the \
         article it rests on, what is wrong and what would cure it; `subject` is what it is about, `obstacle` what \
         stands in the way, `detail` the figures of the case. Codes are never renamed or reused.\n\n\
         This page is generated from the code, and a test fails when it is out of date.\n",
    );
    for code in Code::ALL {
        let wording = code.wording();
        writeln!(page, "\n## {code}\n\n{}  \n{}\n", wording.message.zh, wording.message.en).unwrap();
        for (name, text) in [("依据 Article", wording.article), ("办法 Cure", wording.cure)] {
            writeln!(page, "- **{name}:** {}  \n  {}", text.zh, text.en).unwrap();
        }
    }
    page
}

#[test]
fn the_page_of_refusals_is_what_the_code_words() {
    let path = root().join("docs/src/reference/refusals.md");
    let page = page();
    if std::env::var_os("TONGDA_WRITE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "refusals.md is out of date: write it again with TONGDA_WRITE_DOCS=1");
}

/// Codes that no test of this crate asks for, and why.
const ELSEWHERE: &[(Code, &str)] = &[];

/// What the tests of the rules say, without their comments.
fn tests() -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(root().join("ledger/tests")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("refusals.rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
            lines.for_each(|line| _ = writeln!(text, "{line}"));
        }
    }
    text
}

/// Whether the source has the word and not only a longer one that begins with it.
fn names(source: &str, word: &str) -> bool {
    source.match_indices(word).any(|(at, _)| {
        let next = source[at + word.len()..].chars().next();
        !next.is_some_and(|next| next.is_alphanumeric() || next == '_')
    })
}

#[test]
fn every_refusal_is_asked_for_by_a_test_of_the_rules() {
    let tests = tests();
    let mut unasked = Vec::new();
    for code in Code::ALL {
        let asked = names(&tests, &format!("Code::{code:?}")) || names(&tests, code.as_str());
        match ELSEWHERE.iter().find(|(elsewhere, _)| elsewhere == code) {
            Some((_, reason)) => assert!(!asked, "{code} is asked for, although {reason}"),
            None if !asked => unasked.push(code.as_str()),
            None => {}
        }
    }
    assert!(unasked.is_empty(), "no test brings these about: {unasked:?}");
}
