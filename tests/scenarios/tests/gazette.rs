//! Replay the real notices of the gazette through the registrar's acts: each accepted or explained.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

use std::collections::BTreeSet;
use std::path::Path;
use tongda_genesis::{gazette, patents, sample};
use tongda_scenarios::gazette::{Outcome, page, replay};

#[test]
fn every_real_notice_is_accepted_or_explained() {
    let notices: Vec<_> =
        gazette::read(sample::GAZETTE_EVENTS.as_bytes()).unwrap().into_iter().map(Result::unwrap).collect();
    let listing = patents::read(include_bytes!("../gazette/patents.csv")).unwrap();
    let outcomes = replay(&notices, &listing).unwrap();
    let rows: BTreeSet<_> = outcomes.iter().map(|(notice, _)| notice.row).collect();
    assert_eq!((outcomes.len(), rows.len()), (notices.len(), notices.len()), "no notice is skipped");

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/reference/gazette.md");
    if std::env::var_os("TONGDA_WRITE_DOCS").is_some() {
        std::fs::write(&path, page(&outcomes)).unwrap();
    }
    // What the register can take, it takes: grants, lapses, transfers and new names are among it.
    for act in ["patent.life", "patent.annuity", "transfer.by_law", "party.update"] {
        let entered = |(_, outcome): &&(_, Outcome)| match outcome {
            Outcome::Accepted(acts) => acts.iter().any(|name| name == act),
            _ => false,
        };
        assert!(outcomes.iter().any(|outcome| entered(&outcome)), "no notice was entered with {act}");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page(&outcomes), "gazette.md is out of date: write it again with TONGDA_WRITE_DOCS=1");
}

#[test]
fn a_preservation_is_entered_for_six_months_and_its_end_is_explained_once_it_is_over() {
    // The listing lacks the one patent whose notices tell of preservations: its title and owner are made here.
    let listing = "application_number,publication_number,kind,title,patentees,main_ipc,filing_date,grant_date,province,\
                   non_organisation_patentees,ipc_all,legal_status,grant_evidence\n201230605738.2,CN302478109S,design,\
                   灯具（演示）,某公司（演示）,26-05,2012-12-06,,,0,,,\n";
    let listing = patents::read(listing.as_bytes()).unwrap();
    let notices: Vec<_> = gazette::read(sample::GAZETTE_EVENTS.as_bytes())
        .unwrap()
        .into_iter()
        .map(Result::unwrap)
        .filter(|notice| notice.number.to_string() == "201230605738.2")
        .collect();
    let outcomes = replay(&notices, &listing).unwrap();
    let of = |code: &str| -> Vec<&Outcome> {
        outcomes.iter().filter(|(notice, _)| notice.code == code).map(|(_, outcome)| outcome).collect()
    };
    assert!(of("PP01").iter().all(
        |outcome| matches!(outcome, Outcome::Accepted(acts) if acts.last().unwrap() == "patent.freeze")
    ));
    assert_eq!(of("PP01").len(), 2);
    // The first preservation ended by itself in 2017; what the notice of 2020 releases stands no more.
    assert!(matches!(of("PD01")[..], [Outcome::Refused(act, _)] if act == "patent.unfreeze"));
}
