//! What a witness remembers: before it answers, over a crash, beside others who ask at the same time.

use super::kit::{Drill, Log, NOW, ORIGIN, OWN, STEPS, open, open_on, time_of, witnessed};
use std::sync::{Arc, Barrier};
use tongda_ledger::tree::Submission;
use tongda_node::witness::memory::file_of;
use tongda_node::witness::{WitnessError, WitnessRefusal, WitnessedLog};

#[test]
fn the_new_tree_is_on_disk_and_synced_before_anybody_has_the_cosignature() {
    let directory = tempfile::tempdir().unwrap();
    let drill = Drill::new(directory.path());
    let logs = || vec![witnessed(&[1], 1)];
    let witness = open_on(Box::new(drill.clone()), directory.path(), logs()).unwrap();
    let log = Log::new(20, 20);
    witness.submit(log.submission(0, 11).to_string().as_bytes(), NOW).unwrap();
    assert_eq!(*drill.steps.lock().unwrap(), STEPS);
    // The answer is lost and the process with it: the next one knows what was cosigned.
    drop(witness);
    let witness = open(directory.path(), logs()).unwrap();
    assert_eq!(witness.sizes().collect::<Vec<_>>(), [(ORIGIN, Some(11))]);
    let again = witness.submit(log.submission(0, 11).to_string().as_bytes(), NOW);
    assert!(matches!(again, Err(WitnessRefusal::OtherSize(11))));
    let line = witness.submit(log.submission(11, 11).to_string().as_bytes(), NOW + 60).unwrap();
    assert_eq!(time_of(&line, witness.key(), &log.tree(11)), NOW + 60);
    let fork = witness.submit(Log::new(20, 5).submission(11, 20).to_string().as_bytes(), NOW);
    assert!(matches!(fork, Err(WitnessRefusal::Inconsistent(_))));
}

#[test]
fn a_disk_that_fails_at_any_step_gives_no_cosignature_and_no_second_history() {
    for step in STEPS {
        let directory = tempfile::tempdir().unwrap();
        let drill = Drill::new(directory.path());
        let logs = || vec![witnessed(&[1], 1)];
        let witness = open_on(Box::new(drill.clone()), directory.path(), logs()).unwrap();
        let (log, fork) = (Log::new(20, 20), Log::new(20, 5));
        witness.submit(log.submission(0, 6).to_string().as_bytes(), NOW).unwrap();
        *drill.fail_at.lock().unwrap() = Some(step);
        let failed = witness.submit(log.submission(6, 11).to_string().as_bytes(), NOW);
        assert_eq!(failed.unwrap_err().status(), 500, "{step}");
        *drill.fail_at.lock().unwrap() = None;
        // In this process and in the next one, the old tree or the new one stands, and only what continues it goes on.
        for witness in [witness, open(directory.path(), logs()).unwrap()] {
            let old = match witness.submit(log.submission(6, 11).to_string().as_bytes(), NOW) {
                Ok(_) => 11,
                Err(WitnessRefusal::OtherSize(size)) => size,
                Err(error) => panic!("{step}: {error}"),
            };
            assert_eq!(old, 11, "{step}");
            let refused = witness.submit(fork.submission(11, 20).to_string().as_bytes(), NOW);
            assert!(matches!(refused, Err(WitnessRefusal::Inconsistent(_))), "{step}");
        }
    }
}

#[test]
fn of_two_trees_of_one_size_brought_at_once_exactly_one_is_cosigned() {
    for round in 0..8 {
        let directory = tempfile::tempdir().unwrap();
        let witness = Arc::new(open(directory.path(), vec![witnessed(&[1], 1)]).unwrap());
        let base = Log::new(6, 6);
        witness.submit(base.submission(0, 6).to_string().as_bytes(), NOW).unwrap();
        // Eight histories that agree up to 6 and differ behind it.
        let start = Arc::new(Barrier::new(8));
        let brought: Vec<_> = (0..8_u64)
            .map(|place| {
                let (witness, start) = (witness.clone(), start.clone());
                let log = Log::new(20, 6 + place);
                std::thread::spawn(move || {
                    start.wait();
                    let body = log.submission(6, 20).to_string();
                    witness.submit(body.as_bytes(), NOW).map(|line| (line, log.tree(20)))
                })
            })
            .collect();
        let results: Vec<_> = brought.into_iter().map(|thread| thread.join().unwrap()).collect();
        let (passed, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!((passed.len(), refused.len()), (1, 7), "round {round}");
        for refusal in refused {
            assert!(matches!(refusal, Err(WitnessRefusal::OtherSize(20))), "round {round}");
        }
        let (line, tree) = passed.into_iter().next().unwrap().unwrap();
        assert_eq!(time_of(&line, witness.key(), &tree), NOW);
        assert_eq!(witness.newest(&file_of(ORIGIN)).unwrap().checkpoint(), &tree);
    }
}

#[test]
fn a_node_never_witnesses_its_own_log() {
    let directory = tempfile::tempdir().unwrap();
    let own = WitnessedLog { origin: OWN.into(), ..witnessed(&[1], 1) };
    assert!(matches!(open(directory.path(), vec![own]), Err(WitnessError::OwnLog(_))));
    let witness = open(directory.path(), vec![witnessed(&[1], 1)]).unwrap();
    let body = Log::new(6, 6)
        .submission(0, 6)
        .to_string()
        .replace(&format!("\n{ORIGIN}\n6"), &format!("\n{OWN}\n6"));
    assert!(matches!(witness.submit(body.as_bytes(), NOW), Err(WitnessRefusal::OwnLog(_))));
    assert_eq!(witness.newest(&file_of(OWN)), None);
}

#[test]
fn logs_that_are_listed_wrongly_are_refused_at_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let refused = |log: WitnessedLog| open(directory.path(), vec![log]).err().unwrap();
    assert!(matches!(refused(witnessed(&[], 1)), WitnessError::Keys(_)));
    assert!(matches!(refused(witnessed(&[1, 1], 2)), WitnessError::Keys(_)));
    assert!(matches!(refused(witnessed(&[1], 0)), WitnessError::Keys(_)));
    assert!(matches!(refused(witnessed(&[1], 2)), WitnessError::Keys(_)));
    let nameless = WitnessedLog { origin: "a\nb".into(), ..witnessed(&[1], 1) };
    assert!(matches!(refused(nameless), WitnessError::Origin(_)));
    let twice = open(directory.path(), vec![witnessed(&[1], 1), witnessed(&[2], 1)]);
    assert!(matches!(twice, Err(WitnessError::Twice(_))));
}

#[test]
fn a_witness_whose_memory_is_damaged_does_not_begin_anew() {
    let logs = || vec![witnessed(&[1], 1)];
    let log = Log::new(6, 6);
    for damage in [
        |_: String| String::new(),
        |text: String| text[..text.len() - 1].to_owned(),
        |text: String| text.replace("\n6\n", "\n5\n"),
        |text: String| text.replace(ORIGIN, "example.org/lag"),
        // The witness's own line is missing.
        |text: String| text.lines().take(5).map(|line| format!("{line}\n")).collect(),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let witness = open(directory.path(), logs()).unwrap();
        witness.submit(log.submission(0, 6).to_string().as_bytes(), NOW).unwrap();
        let file = directory.path().join("witness").join(file_of(ORIGIN));
        let text = damage(std::fs::read_to_string(&file).unwrap());
        std::fs::write(&file, &text).unwrap();
        assert!(matches!(open(directory.path(), logs()), Err(WitnessError::Memory(_))), "{text}");
    }
}

#[test]
fn the_time_of_a_cosignature_never_goes_back() {
    let directory = tempfile::tempdir().unwrap();
    let witness = open(directory.path(), vec![witnessed(&[1], 1)]).unwrap();
    let log = Log::new(11, 11);
    let times: Vec<_> = [(0, 6, NOW), (6, 6, NOW + 5), (6, 6, NOW + 60), (6, 11, NOW - 100), (11, 11, 0)]
        .into_iter()
        .map(|(old, new, now)| {
            let submission: Submission = log.submission(old, new);
            let line = witness.submit(submission.to_string().as_bytes(), now).unwrap();
            time_of(&line, witness.key(), &log.tree(new))
        })
        .collect();
    assert_eq!(times, [NOW, NOW, NOW + 60, NOW + 60, NOW + 60]);
}
