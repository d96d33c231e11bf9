//! Play every scenario on a network of its own in memory.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

use std::collections::BTreeMap;
use tongda_scenarios::{Scenario, folder, play_in_memory, scenarios};

#[test]
fn the_ledger_agrees_with_every_scenario() {
    let found = scenarios().unwrap_or_else(|error| panic!("{error}"));
    assert!(!found.is_empty(), "there are no scenarios");
    let troubles: Vec<_> = found
        .iter()
        .filter_map(|scenario| play_in_memory(scenario).err().map(|trouble| trouble.to_string()))
        .collect();
    assert!(troubles.is_empty(), "{} of {} differ:\n{}", troubles.len(), found.len(), troubles.join("\n"));
}

#[test]
fn the_players_own_example_is_played_too() {
    let source = include_str!("../src/lib.rs");
    let text: String = source
        .lines()
        .skip_while(|line| *line != "//! ```text")
        .skip(1)
        .take_while(|line| *line != "//! ```")
        .map(|line| line.strip_prefix("//! ").unwrap_or_default().to_owned() + "\n")
        .collect();
    let scenario = Scenario::parse("example", &text).unwrap_or_else(|error| panic!("{error}"));
    let played = play_in_memory(&scenario).unwrap_or_else(|trouble| panic!("{trouble}"));
    assert!(played.iter().any(|act| act.refused == ["OL_EXCLUSIVE_ACTIVE"]));
}

#[test]
fn what_the_ledger_does_not_say_is_trouble_at_its_line() {
    let sound = "# 一\n# One\nlaw 专利法 · PL\ngiven\n  enterprise 甲\n  登记机构: patent.register of 甲 as \
                 P\nwhen\n  甲: open.declare of P as D\nthen\n  accepted\n  D.state is declared\n";
    let cases = [
        (sound.replace("  accepted", "  refused OL_ALREADY_OPEN"), 10, "came: accepted"),
        (sound.replace("is declared", "is open"), 11, "it is \"declared\""),
        (sound.replace("of P as D", "of Q as D"), 8, "nothing here is called Q"),
        (sound.replace("open.declare", "open.close"), 8, "open.close"),
        (sound.replace("  甲: open.declare", "  乙: open.declare"), 8, "nobody here is called 乙"),
        (sound.replace("  登记机构: patent", "  甲: patent"), 6, "REGISTRAR_ONLY"),
        (sound.replace("  accepted", "  waits for 甲"), 10, "waits for 甲; came: accepted"),
    ];
    for (text, line, reason) in cases {
        let trouble = play_in_memory(&Scenario::parse("case", &text).unwrap()).unwrap_err();
        assert_eq!(trouble.line, line, "{trouble}");
        assert!(trouble.reason.contains(reason), "{trouble}");
    }
}

#[test]
fn no_two_scenarios_have_a_title_or_all_their_steps_in_common() {
    let mut seen = BTreeMap::new();
    for scenario in scenarios().unwrap_or_else(|error| panic!("{error}")) {
        let text = std::fs::read_to_string(folder().join(&scenario.file)).unwrap();
        let steps = text.lines().map(str::trim).skip_while(|line| *line != "given" && *line != "when");
        let steps =
            steps.filter(|line| !line.is_empty() && !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        for what in [scenario.zh, scenario.en, steps] {
            if let Some(other) = seen.insert(what.clone(), scenario.file.clone()) {
                panic!("{other} and {} share: {what}", scenario.file);
            }
        }
    }
}

#[test]
fn keys_and_proofs_are_found_where_the_scenario_names_them() {
    let text = "# 一\n# One\nlaw 专利法 · PL\ngiven\n  university 甲\n  enterprise 乙\n  登记机构: patent.register of 甲 \
                as U\n    number $utility model number\n  登记机构: patent.register of 甲 as D\n    number $design \
                number\n  甲 + 乙: licence.grant of U to 乙 as L\n  乙: member.key of 乙\n    change.rotate.old $key 1 \
                of 乙\n    change.rotate.entry $new key\nwhen\n  登记机构 + 乙: licence.record of L\nthen\n  \
                accepted\n  L.recorded.late is false\n  U.status.term_last is 2030-01-14\n  D.status.term_last is \
                2030-01-14\n";
    let played =
        play_in_memory(&Scenario::parse("case", text).unwrap()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(played.len(), 5);
    let missing = text.replace("$key 1", "$key 2");
    let trouble = play_in_memory(&Scenario::parse("case", &missing).unwrap()).unwrap_err();
    assert!(trouble.reason.contains("乙 has 1 keys"), "{trouble}");
}

#[test]
fn a_refusal_names_a_member_and_the_party_that_it_is_apart() {
    let text = "# 一\n# One\nlaw 专利法 · PL\ngiven\n  enterprise 甲, 乙\n  登记机构: patent.register of 甲 as P\nwhen\n  \
                甲: transfer.propose of P to 乙\nthen\n  refused TRANSFEREE_REQUIRED about party 乙 because of 乙\n";
    let play = |text: &str| play_in_memory(&Scenario::parse("case", text).unwrap());
    play(text).unwrap_or_else(|error| panic!("{error}"));
    for wrong in
        ["about 乙 because of 乙", "about party 甲 because of 乙", "about party 乙 because of party 乙"]
    {
        let trouble = play(&text.replace("about party 乙 because of 乙", wrong)).unwrap_err();
        assert_eq!(trouble.line, 10, "{trouble}");
    }
}

#[test]
fn what_a_push_shows_by_its_root_is_proved_by_whom_and_for_what_it_names() {
    let text = "# 一\n# One\nlaw 专利法 · PL\ngiven\n  university 甲\n  enterprise 乙, 丙, 丁\n  登记机构: patent.register of 甲 \
                as P\n  登记机构: patent.register of 甲 as Q\n  登记机构: patent.register of 甲 as R\n  北京交易所: match.push of \
                P, Q to 乙, 丙 as M\nwhen\n  丙: match.feedback of Q on M\nthen\n  accepted\n  M.patents is 2\n  M.recipients \
                is 2\n  M.feedback is 1\n";
    let play = |text: &str| play_in_memory(&Scenario::parse("case", text).unwrap());
    play(text).unwrap_or_else(|error| panic!("{error}"));
    for (sound, wrong, code) in
        [("丙: match", "丁: match", "FEEDBACK_NOT_RECIPIENT"), ("of Q on", "of R on", "FEEDBACK_NOT_PUSHED")]
    {
        let trouble = play(&text.replace(sound, wrong)).unwrap_err();
        assert!(trouble.reason.contains(code), "{trouble}");
    }
    let trouble = play(&text.replace("on M\n", "on P\n")).unwrap_err();
    assert!(trouble.reason.contains("has no list"), "{trouble}");
}

#[test]
fn a_pool_is_founded_by_the_owners_of_its_patents_each_with_its_own() {
    let text = "# 一\n# One\nlaw 专利法 · PL\ngiven\n  enterprise 甲, 乙\n  登记机构: patent.register of 甲 as P\n  登记机构: \
                patent.register of 乙 as Q\n  登记机构: patent.register of 甲 as R\nwhen\n  北京交易所 + 甲 + 乙: pool.form of P, \
                Q, R as K\nthen\n  accepted\n  K.patents is 3\n  K.members.0 is 甲\n  K.members.1 is 乙\n  \
                K.administrator is 北京交易所\n";
    play_in_memory(&Scenario::parse("case", text).unwrap()).unwrap_or_else(|error| panic!("{error}"));
}
