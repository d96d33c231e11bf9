//! Nodes end at any moment, lose files or find them damaged: they come back to the same state, or say what is wrong.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill, Load, PATIENCE, until};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tongda_node::store::inspect;

/// The last segment of a node, and where its last frame ends.
fn log_end(directory: &Path) -> (PathBuf, u64) {
    let segments = inspect::segments(&directory.join("segments")).unwrap();
    let last = segments.last().unwrap();
    assert_eq!(last.fault, None, "{last}");
    (last.path.clone(), last.bytes_used)
}

/// Bytes of a node's last frame: its head, the body's numbers, and each part behind its length.
fn last_frame(directory: &Path) -> u64 {
    let segments = directory.join("segments");
    let last = inspect::segments(&segments).unwrap().last().unwrap().last_height.unwrap();
    let frame = inspect::FrameSummary::of(&inspect::block(&segments, last).unwrap().unwrap());
    let parts = frame.records.iter().chain([&frame.seal, &frame.certificate]);
    parts.map(|length| 4 + *length as u64).sum::<u64>() + 12 + 20
}

fn overwrite(path: &Path, offset: u64, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(bytes, offset).unwrap();
    file.sync_all().unwrap();
}

fn read_at(path: &Path, offset: u64) -> u8 {
    let mut byte = [0];
    std::fs::File::open(path).unwrap().read_exact_at(&mut byte, offset).unwrap();
    byte[0]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_killed_under_load_comes_back_and_nothing_acknowledged_is_missing() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut drill = Drill::start(11_000).await;
    let load = Load::start(&drill, &ALL);
    load.acknowledges(10).await;
    for _ in 0..3 {
        let victim = random.gen_range(0..ALL.len());
        // Somewhere inside a block: not at a moment that the test chose.
        tokio::time::sleep(Duration::from_millis(random.gen_range(0..400))).await;
        drill.network.kill(victim).await.unwrap();
        load.acknowledges(20).await;
        drill.run(victim).await;
        load.acknowledges(10).await;
    }
    let receipts = load.stop().await;
    drill.level(&ALL).await;
    drill.nothing_is_missing(&receipts, &ALL).await;
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_without_its_index_builds_it_again_to_the_same_root() {
    let mut drill = Drill::start(11_100).await;
    let load = Load::start(&drill, &ALL);
    load.acknowledges(30).await;
    let receipts = load.stop().await;
    let tip = drill.level(&ALL).await;
    drill.network.stop_node(1).await;
    let directory = drill.network.node_directory(1);
    std::fs::remove_dir_all(directory.join("index")).unwrap();
    let before = drill.network.node_log(1).len();
    drill.run(1).await;
    let log = drill.log_since(1, before);
    assert!(!log.contains("replayed=0"), "{log}");
    drill.reached(1, tip.height).await;
    let after = drill.level(&ALL).await;
    assert!(after.height >= tip.height);
    drill.nothing_is_missing(&receipts, &[1]).await;
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_last_block_is_torn_cuts_it_and_fetches_it_again() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut drill = Drill::start(11_200).await;
    let load = Load::start(&drill, &[0, 1, 3]);
    load.acknowledges(10).await;
    for whole in [false, true] {
        drill.network.kill(2).await.unwrap();
        let directory = drill.network.node_directory(2);
        let (segment, end) = log_end(&directory);
        let part = random.gen_range(1..120);
        let torn = if whole { last_frame(&directory) + part } else { part };
        overwrite(&segment, end - torn, &vec![0; usize::try_from(torn).unwrap()]);
        let before = drill.network.node_log(2).len();
        drill.run(2).await;
        let log = drill.log_since(2, before);
        assert!(log.contains("a torn tail of the log was cut"), "{torn} bytes torn: {log}");
        load.acknowledges(10).await;
        if whole {
            // Of these heights at least one is among those that it has voted at.
            assert!(log.contains("following without a vote"), "{torn} bytes torn: {log}");
            let again = "taking part again";
            until(again, PATIENCE, async || drill.log_since(2, before).contains(again)).await;
        }
    }
    let receipts = load.stop().await;
    drill.level(&ALL).await;
    drill.nothing_is_missing(&receipts, &ALL).await;
    // Its vote counts again: without it and one more of the others there is no quorum.
    drill.network.stop_node(0).await;
    let receipt = drill.record(2, "演示：缺页节点恢复表决").await;
    drill.level(&[1, 2, 3]).await;
    drill.nothing_is_missing(&[receipt], &[1, 2, 3]).await;
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_is_told_with_its_place_and_the_node_does_not_start_until_it_is_put_back() {
    let mut drill = Drill::start(11_300).await;
    let load = Load::start(&drill, &ALL);
    load.acknowledges(20).await;
    load.stop().await;
    let tip = drill.level(&ALL).await;
    drill.network.stop_node(3).await;
    let directory = drill.network.node_directory(3);
    let (segment, end) = log_end(&directory);
    let place = end / 2;
    let byte = read_at(&segment, place);
    overwrite(&segment, place, &[byte ^ 0x40]);

    let before = drill.network.node_log(3).len();
    drill.network.run(3, &[]).unwrap();
    let status = drill.network.ended(3, PATIENCE).await.expect("it ends by itself");
    assert!(!status.success(), "{status}");
    let log = drill.log_since(3, before);
    let told = log.lines().find(|line| line.starts_with("tongda-node:")).unwrap_or_else(|| panic!("{log}"));
    assert!(told.contains(segment.to_str().unwrap()), "{told}");
    let number_behind = |word: &str| -> u64 {
        let (_, rest) = told.split_once(word).unwrap_or_else(|| panic!("no {word:?} in {told}"));
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    };
    let (offset, height) = (number_behind("at offset "), number_behind("where block "));
    assert!(offset <= place && place < end, "{told}");
    assert!((1..=tip.height).contains(&height), "{told}");
    // The same is seen without starting anything.
    let inspected = drill.command(3, "inspect", &[]).await;
    let shown = String::from_utf8(inspected.stdout).unwrap();
    assert!(shown.contains(&format!("damaged at offset {offset}")), "{shown}");

    overwrite(&segment, place, &[byte]);
    let block = drill.command(3, "inspect", &["--height", &height.to_string()]).await;
    let shown = String::from_utf8(block.stdout).unwrap();
    assert!(shown.contains(&format!("block {height}: ")), "the block named is the one there: {shown}");
    drill.run(3).await;
    drill.reached(3, tip.height).await;
    drill.level(&ALL).await;
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_stops_cleanly_when_asked_and_its_files_can_be_inspected_and_indexed_again() {
    let mut drill = Drill::start(11_400).await;
    let load = Load::start(&drill, &ALL);
    load.acknowledges(20).await;
    load.stop().await;

    // One directory is one node's.
    let second = drill.command(0, "run", &[]).await;
    assert!(!second.status.success(), "{second:?}");
    let told = String::from_utf8(second.stderr).unwrap();
    assert!(told.contains("held by another process"), "{told}");
    let denied = drill.command(0, "reindex", &[]).await;
    assert!(!denied.status.success(), "{denied:?}");

    let tip = drill.level(&ALL).await;
    let (process, asked) = (drill.network.nodes[0].process_id().unwrap(), Instant::now());
    let kill = tokio::process::Command::new("kill").args(["-TERM", &process.to_string()]).status().await;
    assert!(kill.unwrap().success());
    let status = drill.network.ended(0, Duration::from_secs(5)).await;
    let status = status.unwrap_or_else(|| panic!("it runs on {:?} after SIGTERM", asked.elapsed()));
    assert!(status.success(), "{status}");
    assert!(drill.network.node_log(0).contains("the node has stopped"));

    let listed = drill.command(0, "inspect", &[]).await;
    assert!(listed.status.success());
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains(&format!("blocks 1 to {}", tip.height)), "{listed}");
    let shown = drill.command(0, "inspect", &["--height", &tip.height.to_string()]).await;
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains(&tip.state_root.to_string()[..12]), "{shown}");

    // What was synced at the end need not be executed again.
    let before = drill.network.node_log(0).len();
    drill.run(0).await;
    assert!(drill.log_since(0, before).contains("replayed=0"), "{}", drill.log_since(0, before));
    drill.network.stop_node(0).await;

    let reindexed = drill.command(0, "reindex", &[]).await;
    let told = String::from_utf8(reindexed.stdout).unwrap();
    assert!(reindexed.status.success(), "{told}");
    let segments = inspect::segments(&drill.network.node_directory(0).join("segments")).unwrap();
    let height = segments.last().unwrap().last_height.unwrap();
    assert!(told.contains(&format!("rebuilt from {height} blocks")), "{told}");
    let sealed = drill.node(1).block(height).await.unwrap().seal.state_root;
    assert!(told.contains(&format!("state root {sealed}")), "{told}");
    drill.run(0).await;
    drill.level(&ALL).await;
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_fell_behind_catches_up_while_the_others_rest() {
    let mut drill = Drill::start(11_500).await;
    drill.network.stop_node(2).await;
    let load = Load::start(&drill, &[0, 1, 3]);
    load.acknowledges(20).await;
    let receipts = load.stop().await;
    let rest = drill.level(&[0, 1, 3]).await;
    drill.run(2).await;
    until("the block that the others have", PATIENCE, async || drill.height(2).await >= rest.height).await;
    drill.level(&ALL).await;
    drill.nothing_is_missing(&receipts, &[2]).await;
    drill.stop().await;
}
