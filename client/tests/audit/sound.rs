//! A sound log is found sound, all of it or the rest of it.

use crate::history::acts::Story;
use crate::history::played::{Kinds, Sealed};
use crate::{audit, report};
use std::collections::BTreeSet;
use tongda_client::audit::{Kept, Outcome, Problem, Unwatched, Verdict, Watch, run};
use tongda_ledger::act::Act;
use tongda_scenarios::{parameters, play, scenarios};

/// A history with a change of validators in the middle.
fn story() -> Story {
    let mut story = Story::new(4, 3);
    story.bulk(150, 12);
    story.rekey("guangdong", 0x70);
    story.bulk(150, 12);
    story
}

#[test]
fn a_sound_log_is_audited_from_the_genesis_to_its_newest_checkpoint() {
    let story = story();
    let folder = tempfile::tempdir().unwrap();
    let heights = [3, 20, story.chain.blocks.len()];
    story.chain.export(folder.path(), &heights);
    let report = report(&audit(&story.chain, folder.path()));
    assert_eq!(report.problems, []);
    assert_eq!(report.verdict, Verdict::Sound);
    let blocks = story.chain.blocks.len() as u64;
    assert_eq!((report.size, report.height), (story.chain.size(), blocks));
    assert_eq!(report.root, story.chain.tip.log.root());
    assert_eq!(report.checked.blocks, blocks);
    assert_eq!(report.checked.records, story.chain.size() - 1 - blocks);
    assert_eq!(report.checked.precommits, 4 * blocks);
    assert_eq!((report.checkpoints, report.cosignatures), (4, 16));
    assert_eq!(report.newest.as_ref().map(|newest| newest.others), Some(1), "the log's own line");
    assert_eq!(report.epochs.len(), 2);
    assert_eq!(report.bundles, story.chain.size().div_ceil(256));
    assert!(report.checked.kinds["open.notice"] >= 60);
}

/// Stops behind the first block.
struct Impatient;

impl Watch for Impatient {
    fn progress(&mut self, _done: u64, _total: u64) {}

    fn stop(&self, _problems: &[Problem]) -> bool {
        true
    }
}

#[test]
fn a_stopped_audit_continues_where_it_was_and_comes_to_the_same() {
    let mut story = story();
    let (folder, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    story.chain.export(folder.path(), &[story.chain.blocks.len()]);
    let mut audit = audit(&story.chain, folder.path());
    audit.kept = Some(Kept::new(state.path(), &audit.genesis.founding, &*audit.source));
    let mut heights = Vec::new();
    while heights.len() < 10 {
        let stopped = run(&audit, &mut Impatient).unwrap();
        assert_eq!((stopped.verdict, stopped.problems), (Verdict::Stopped, Vec::new()));
        heights.push(stopped.height);
    }
    assert_eq!(heights, (1..=10).collect::<Vec<_>>());
    let rest = report(&audit);
    assert_eq!((rest.verdict, rest.height), (Verdict::Sound, story.chain.blocks.len() as u64));
    assert_eq!(rest.resumed.as_ref().map(|resumed| resumed.height), Some(10));
    let nothing = report(&audit);
    assert_eq!((nothing.verdict, nothing.run.records), (Verdict::Sound, 0));
    // The log grows, and the validators change once more.
    story.rekey("beijing", 0x80);
    story.bulk(300, 12);
    let folder = tempfile::tempdir().unwrap();
    story.chain.export(folder.path(), &[story.chain.blocks.len()]);
    let source = std::sync::Arc::new(tongda_client::audit::Directory::new(folder.path()));
    let more = report(&tongda_client::audit::Audit { source: source.clone(), ..audit.clone() });
    assert_eq!((more.verdict, more.problems.as_slice()), (Verdict::Sound, &[][..]));
    let whole = report(&tongda_client::audit::Audit { source, from_genesis: true, ..audit.clone() });
    assert_eq!(whole.resumed, None);
    assert_eq!(
        (whole.root, whole.state_root, &whole.checked, &whole.epochs),
        (more.root, more.state_root, &more.checked, &more.epochs)
    );
    // Damaged, it is said and begun anew.
    let path = audit.kept.as_ref().unwrap().path().to_owned();
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let anew = report(&tongda_client::audit::Audit { ..audit.clone() });
    assert_eq!((anew.verdict, anew.resumed), (Verdict::Sound, None));
    assert!(anew.notes[0][1].contains("damaged"), "{:?}", anew.notes);
}

#[test]
fn other_nodes_show_the_same_log_or_their_contradiction_is_evidence() {
    let mut story = story();
    let blocks = story.chain.blocks.len();
    let [own, same, behind, ahead, forked, longer] = [0; 6].map(|_| tempfile::tempdir().unwrap());
    story.chain.export(own.path(), &[blocks]);
    story.chain.export(same.path(), &[blocks]);
    story.chain.export(behind.path(), &[blocks - 4]);
    let mut other = Story::on(story.chain.clone(), 0);
    other.registrar = story.registrar.clone();
    story.bulk(10, 2);
    story.chain.export(ahead.path(), &[story.chain.blocks.len()]);
    // Another history, which the same validators decided: it parts before the audited end.
    let mut fork = self::story();
    fork.chain.blocks.truncate(blocks - 3);
    fork.chain.export(longer.path(), &[blocks - 3]);
    let mut fork = self::story();
    fork.bulk(1, 1);
    let last = fork.chain.blocks.pop().unwrap();
    fork.chain.blocks.remove(blocks - 1);
    fork.chain.blocks.push(last);
    fork.chain.export(forked.path(), &[blocks]);
    let mut audit = audit(&story.chain, own.path());
    let folders = [&same, &behind, &ahead, &forked];
    audit.also = folders
        .map(|folder| -> std::sync::Arc<dyn tongda_client::audit::Source> {
            std::sync::Arc::new(tongda_client::audit::Directory::new(folder.path()))
        })
        .into();
    let report = report(&audit);
    assert_eq!(report.problems, []);
    let outcomes: Vec<_> = report.nodes.iter().map(|node| &node.outcome).collect();
    assert_eq!(outcomes[..3], [&Outcome::Same, &Outcome::Behind, &Outcome::Ahead]);
    assert!(matches!(outcomes[3], Outcome::Contradiction { evidence: Some(_), .. }), "{:?}", outcomes[3]);
    assert_eq!(report.verdict, Verdict::Contradiction);
}

#[test]
fn every_history_of_the_scenarios_is_audited_and_together_they_hold_every_kind_of_act() {
    let mut kinds = Kinds::new();
    let mut troubles = Vec::new();
    for scenario in scenarios().unwrap_or_else(|error| panic!("{error}")) {
        let mut stage = Sealed::new(parameters(&scenario.parameters).unwrap());
        if let Err(trouble) = play(&scenario, &mut stage, 0) {
            troubles.push(trouble.to_string());
            continue;
        }
        let chain = stage.chain;
        if chain.blocks.is_empty() {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        chain.export(folder.path(), &[chain.blocks.len()]);
        let report = run(&audit(&chain, folder.path()), &mut Unwatched).unwrap();
        if report.verdict != Verdict::Sound || report.root != chain.tip.log.root() {
            troubles.push(format!("{}: {:?}", scenario.file, report.problems));
        }
        for (kind, count) in report.checked.kinds {
            *kinds.entry(kind).or_default() += count;
        }
    }
    assert_eq!(troubles, [""; 0]);
    // No scenario plays this one.
    let mut story = Story::new(4, 1);
    story.rename(0);
    let folder = tempfile::tempdir().unwrap();
    story.chain.export(folder.path(), &[story.chain.blocks.len()]);
    let report = report(&audit(&story.chain, folder.path()));
    assert_eq!(report.verdict, Verdict::Sound);
    kinds.extend(report.checked.kinds.into_iter().filter(|(kind, _)| *kind == "party.update"));
    let missing: Vec<_> =
        Act::ALL.iter().map(|(_, name)| *name).filter(|name| !kinds.contains_key(name)).collect();
    assert_eq!(missing, [""; 0], "kinds of acts that no scenario's log holds");
    assert_eq!(kinds.keys().collect::<BTreeSet<_>>().len(), Act::ALL.len());
}
