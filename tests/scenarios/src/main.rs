//! `tongda-scenarios [--codes] [WORD…]`: plays the scenarios whose file or title contains each of the words, in memory.
//! With `--codes` it lists the refusals that none of them shows or cures.

use std::process::ExitCode;
use tongda_scenarios::{Table, play_in_memory, scenarios};

fn main() -> ExitCode {
    let (options, words): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word == "--codes");
    let mut table = Table::default();
    let found = match scenarios() {
        Ok(found) => found,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let (mut played, mut wrong) = (0, 0);
    for scenario in &found {
        let text = format!("{} {} {}", scenario.file, scenario.zh, scenario.en);
        if !words.iter().all(|word| text.contains(word.as_str())) {
            continue;
        }
        played += 1;
        match play_in_memory(scenario) {
            Ok(acts) => {
                println!("✓ {}  {} · {}", scenario.file, scenario.zh, scenario.en);
                table.enter(scenario, &acts);
            }
            Err(trouble) => {
                wrong += 1;
                println!("✗ {}  {} · {}\n    {trouble}", scenario.file, scenario.zh, scenario.en);
            }
        }
    }
    if !options.is_empty() {
        println!("未出现 · not shown: {}", table.not_shown().join(" "));
        println!("未补救 · not cured: {}", table.not_cured().join(" "));
    }
    println!("{played} 个情景，{wrong} 个不符 · {played} scenarios, {wrong} differ");
    if wrong == 0 && played > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
