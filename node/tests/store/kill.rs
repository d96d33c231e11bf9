//! A node that is killed: every block it acknowledged is there, and the index is none the worse.

use crate::index::{batch, content, model, open_index};
use crate::log::{block, open};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tongda_node::store::{Index, StoreError};

/// Names the directory in which this program, run as a child, is to write until it is killed.
const DIRECTORY: &str = "TONGDA_TEST_KILL_DIRECTORY";
const ACKNOWLEDGED: &str = "acknowledged ";

#[test]
fn a_node_killed_at_any_moment_keeps_every_block_it_acknowledged() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        write_until_killed(&PathBuf::from(directory)).unwrap();
    }
    let directory = tempfile::tempdir().unwrap();
    let mut reached = 0;
    for blocks in [1, 3, 4, 5, 9, 16, 23, 2, 40, 8] {
        let acknowledged = run_child(directory.path(), blocks);
        let (log, _) = open(&directory.path().join("segments")).unwrap();
        let tip = log.tip().unwrap().height;
        assert!(acknowledged >= reached + blocks && tip >= acknowledged, "{tip} of {acknowledged}");
        assert!(log.blocks(1).zip(1..).all(|(read, height)| read.unwrap() == block(height)));
        let (index, opening) = open_index(directory.path(), Some(tip));
        assert_eq!(opening.set_aside, None);
        assert_eq!(content(&index), model(opening.height.unwrap_or(0)));
        reached = tip;
    }
}

#[test]
fn a_directory_that_another_process_has_open_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = spawn(directory.path());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.find(|line| line.as_ref().unwrap().contains(ACKNOWLEDGED)).unwrap().unwrap();
    assert!(matches!(open(&directory.path().join("segments")), Err(StoreError::Locked { .. })));
    child.kill().unwrap();
    child.wait().unwrap();
    open(&directory.path().join("segments")).unwrap();
}

/// Runs a child until it has acknowledged so many more blocks, kills it, and returns the last height it named.
fn run_child(directory: &Path, blocks: u64) -> u64 {
    let mut child = spawn(directory);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = lines.filter_map(|line| line.unwrap().split(ACKNOWLEDGED).nth(1)?.parse().ok());
    let last = acknowledged.nth(usize::try_from(blocks).unwrap() - 1).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    last
}

fn spawn(directory: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "--nocapture",
            "kill::a_node_killed_at_any_moment_keeps_every_block_it_acknowledged",
        ])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What the child does: catches the index up, then appends, applies and acknowledges block after block.
fn write_until_killed(directory: &Path) -> Result<(), StoreError> {
    let (mut log, _) = open(&directory.join("segments"))?;
    let tip = log.tip().map_or(0, |tip| tip.height);
    let (index, opening) = open_index(directory, Some(tip));
    for height in opening.height.unwrap_or(0) + 1..=tip {
        index.apply(batch(height), height)?;
    }
    for height in tip + 1.. {
        log.append(&block(height))?;
        index.apply(batch(height), height)?;
        println!("{ACKNOWLEDGED}{height}");
    }
    Ok(())
}
