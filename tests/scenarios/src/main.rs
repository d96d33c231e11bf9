//! `tongda-scenarios [WORD…]`: plays the scenarios whose file or title contains each of the words, in memory.

use std::process::ExitCode;
use tongda_scenarios::{play_in_memory, scenarios};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
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
            Ok(_) => println!("✓ {}  {} · {}", scenario.file, scenario.zh, scenario.en),
            Err(trouble) => {
                wrong += 1;
                println!("✗ {}  {} · {}\n    {trouble}", scenario.file, scenario.zh, scenario.en);
            }
        }
    }
    println!("{played} 个情景，{wrong} 个不符 · {played} scenarios, {wrong} differ");
    if wrong == 0 && played > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
