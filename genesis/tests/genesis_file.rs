//! A genesis file reads back as it was written, and a change of any of its values is found and named by its line.

#![allow(clippy::unwrap_used, reason = "a test fails where a value is missing")]

use tongda_genesis::demonstration::{Addresses, Demonstration};
use tongda_genesis::file::{Genesis, GenesisError, render};

const EXAMPLE: &str = include_str!("../example.toml");

fn demonstration() -> Demonstration {
    let start = "2026-01-01T00:00:00Z".parse().unwrap();
    Demonstration::new(1, &Addresses::local_range(26_600, 4), start).unwrap()
}

/// The line, from 1, on which `needle` stands for the `n`-th time, from 1.
fn line_of(text: &str, needle: &str, n: usize) -> usize {
    let mut lines = text.lines().enumerate().filter(|(_, line)| line.contains(needle));
    lines.nth(n - 1).unwrap_or_else(|| panic!("{needle} stands {n} times")).0 + 1
}

#[test]
fn the_example_is_what_the_program_writes() {
    let written = demonstration().genesis_file();
    assert!(
        EXAMPLE == written,
        "genesis/example.toml is out of date; write it anew with `tongda-genesis demonstration`"
    );
}

#[test]
fn a_file_reads_back_as_it_was_written() {
    let demonstration = demonstration();
    let genesis = demonstration.genesis().unwrap();
    assert_eq!(genesis.founding, demonstration.founding);
    assert_eq!(genesis.network, demonstration.founding.network());
    assert_eq!(genesis.signatures.len(), 4);
    assert_eq!(render(&genesis.founding, &genesis.signatures), demonstration.genesis_file());
    assert_eq!(genesis.verify(), Ok(()));
}

#[test]
fn comments_blank_lines_and_the_order_of_nodes_are_free() {
    let bare: String = EXAMPLE
        .lines()
        .map(|line| line.split(" # ").next().unwrap_or_default())
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| format!("{line}\n"))
        .collect();
    let genesis = Genesis::parse(&bare).unwrap();
    assert_eq!(genesis.network, demonstration().founding.network());
    let start = bare.find("[[node]]").unwrap();
    let end = bare.find("[parameters]").unwrap();
    let mut nodes: Vec<_> = bare[start..end].split("[[node]]\n").filter(|node| !node.is_empty()).collect();
    nodes.reverse();
    let reversed: String = nodes.iter().map(|node| format!("[[node]]\n{node}")).collect();
    let moved = bare.replace(&bare[start..end], &reversed);
    assert_eq!(Genesis::parse(&moved).unwrap().verify(), Ok(()));
    let moved = moved.replace("/tcp/26611", "/tcp/26612");
    assert_eq!(Genesis::parse(&moved).unwrap_err().line(), Some(line_of(&moved, "/tcp/26612", 1)));
}

/// Changes the last letter or digit of a line's value.
fn change(line: &str) -> Option<String> {
    let at = line.rfind(|character: char| character.is_ascii_alphanumeric())?;
    let other = match line.as_bytes()[at] {
        b'0' => '1',
        b'a' => 'b',
        b'e' if line.ends_with("true") => return Some(line.replace("true", "false")),
        byte if byte.is_ascii_digit() => '0',
        _ => 'a',
    };
    Some(format!("{}{other}{}", &line[..at], &line[at + 1..]))
}

#[test]
fn a_change_of_any_value_is_named_by_its_line() {
    let lines: Vec<&str> = EXAMPLE.lines().collect();
    let canonical = line_of(EXAMPLE, "canonical = ", 1);
    let stated = line_of(EXAMPLE, "network-id = ", 1);
    let signatures = line_of(EXAMPLE, "[[signature]]", 1);
    let mut changed = 0;
    for (n, line) in lines.iter().enumerate() {
        let is_value = !line.starts_with('#') && !line.starts_with('[') && !line.starts_with("id = ");
        let Some(other) = change(line).filter(|_| is_value) else { continue };
        let mut lines = lines.clone();
        lines[n] = &other;
        let text = lines.join("\n");
        let error = match Genesis::parse(&text) {
            Err(error) => error,
            Ok(genesis) => genesis.verify().expect_err(&format!("line {}: {other}", n + 1)),
        };
        let line = n + 1;
        let allowed = match line {
            _ if line >= signatures => error.line().is_some_and(|found| found <= line && line < found + 4),
            _ if line >= canonical => error.line().is_some_and(|found| [canonical, stated].contains(&found)),
            _ => error.line() == Some(line),
        };
        assert!(allowed, "line {line} was changed to {other:?}, but the error is: {error}");
        changed += 1;
    }
    assert!(changed > 100, "{changed} lines");
}

#[test]
fn an_added_and_a_removed_node_are_named() {
    let start = EXAMPLE.find("[[node]]\nname = \"shanghai\"").unwrap();
    let end = start + EXAMPLE[start..].find("# ──").unwrap();
    let without = format!("{}{}", &EXAMPLE[..start], &EXAMPLE[end..]);
    let error = Genesis::parse(&without).unwrap_err().to_string();
    assert!(error.contains("node shanghai is missing"), "{error}");
    let added = EXAMPLE[start..end]
        .replace("\"shanghai\"", "\"zhuhai\"")
        .replace("exchange = \"zhuhai\"", "exchange = \"shanghai\"");
    let with = format!("{}{added}{}", &EXAMPLE[..end], &EXAMPLE[end..]);
    let error = Genesis::parse(&with).unwrap_err();
    assert_eq!(error.line(), Some(line_of(&with, "name = \"zhuhai\"", 1) - 1), "{error}");
    assert!(error.to_string().contains("does not belong there"), "{error}");
}

#[test]
fn a_file_that_was_changed_in_both_places_lacks_the_founders_signatures() {
    let mut demonstration = demonstration();
    let signatures = demonstration.genesis().unwrap().signatures;
    demonstration.founding.parameters.grace_months = 7;
    let text = render(&demonstration.founding, &signatures);
    let genesis = Genesis::parse(&text).unwrap();
    let error = genesis.verify().unwrap_err();
    assert!(matches!(error, GenesisError::Signature { .. }), "{error}");
    assert_eq!(error.line(), Some(line_of(&text, "[[signature]]", 1)));
    let unsigned = render(&demonstration.founding, &[]);
    let error = Genesis::parse(&unsigned).unwrap().verify().unwrap_err();
    assert!(matches!(error, GenesisError::Unsigned { signed: 0, needed: 1, .. }), "{error}");
}

#[test]
fn what_cannot_be_is_refused_with_its_line() {
    let cases = [
        ("start = \"2026-01-01T00:00:00.000Z\"", "start = \"2026-01-32T00:00:00.000Z\""),
        ("region = \"310000\"", "region = \"990000\""),
        ("grace-months = 6", "grace-months = 600"),
        ("bytes-per-block = 2097152", "bytes-per-block = 9999"),
        ("window = 86400000", "window = 86400001"),
        ("due-per-block = 256", "due-per-block = 0"),
        ("algorithms = [1]", "algorithms = [2]"),
        ("grace-months = 6", "grace-moths = 6"),
        ("version = \"2017\"", "version = \"2018\""),
        ("open-sales-cap = \"20.00%\"", "open-sales-cap = \"200%\""),
        ("demonstration = true", "demonstration = \"perhaps\""),
        ("sign-with = 2", "sign-with = true"),
    ];
    // Without the canonical form, so that the value itself is judged and not its difference.
    let start = EXAMPLE.find("[founding]").unwrap();
    let end = EXAMPLE.find("[[signature]]").unwrap();
    let draft = format!("{}{}", &EXAMPLE[..start], &EXAMPLE[end..]);
    assert_eq!(Genesis::parse(&draft).unwrap().verify(), Err(GenesisError::Unsealed));
    for (good, bad) in cases {
        assert!(draft.contains(good), "{good}");
        let text = draft.replacen(good, bad, 1);
        let error = Genesis::parse(&text).expect_err(bad);
        assert_eq!(error.line(), Some(line_of(&text, bad, 1)), "{bad}: {error}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Cuts a piece out of the file and puts another text in its place.
    #[test]
    fn no_edit_makes_another_network_that_verifies(
        at in 0..EXAMPLE.len(),
        length in 0_usize..200,
        text in "[a-z0-9=\"\\[\\]{},#\n 演]{0,20}",
    ) {
        let boundary = |mut at: usize| {
            while !EXAMPLE.is_char_boundary(at) {
                at += 1;
            }
            at
        };
        let (start, end) = (boundary(at), boundary((at + length).min(EXAMPLE.len())));
        let edited = format!("{}{text}{}", &EXAMPLE[..start], &EXAMPLE[end..]);
        match Genesis::parse(&edited) {
            Ok(genesis) if genesis.verify().is_ok() => {
                proptest::prop_assert_eq!(genesis.founding, demonstration().founding);
            }
            Ok(_) => {}
            Err(error) => proptest::prop_assert!(error.line().is_some(), "{}", error),
        }
    }
}
