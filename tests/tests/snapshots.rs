//! Snapshots among running nodes: a lost index begins at one, a lost node begins from one and gets its log back, and one
//! that is wrong is refused for what it is.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill, Load, PATIENCE, PROGRAM, until};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};
use tongda_client::answer::LogTip;
use tongda_ledger::epoch::EpochLink;
use tongda_ledger::snapshot::{Header, Piece, Reader, SnapshotError, Trust, Verified, Writer};
use tongda_ledger::state::StateKey;
use tongda_ledger::tree::{Span, Tile, TilePath};

/// A snapshot every few blocks, in every node's file: a drill cannot wait for ten thousand.
fn snapshots_every(drill: &Drill, blocks: u64) {
    for place in ALL {
        let path = drill.network.node_directory(place).join("node.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let changed = text.replace("snapshot-every = 10000", &format!("snapshot-every = {blocks}"));
        assert_ne!(changed, text);
        std::fs::write(&path, changed).unwrap();
    }
}

/// A network under load whose nodes have written snapshots; it rests at this tip.
async fn with_snapshots(port: u16) -> (Drill, Vec<tongda_client::answer::Receipt>, LogTip) {
    let mut drill = Drill::start(port).await;
    snapshots_every(&drill, 15);
    for place in ALL {
        drill.network.stop_node(place).await;
    }
    for place in ALL {
        drill.network.run(place, &[]).unwrap();
    }
    for place in ALL {
        drill.network.wait_until_ready(place).await.unwrap();
    }
    let load = Load::start(&drill, &ALL);
    load.acknowledges(30).await;
    until("snapshots at all nodes, with blocks behind them", PATIENCE, async || {
        let files = ALL.map(|place| snapshots_of(&drill, place));
        let height = drill.height(0).await;
        files.iter().all(|files| files.last().is_some_and(|(newest, _)| *newest + 3 < height))
    })
    .await;
    let receipts = load.stop().await;
    let tip = drill.level(&ALL).await;
    (drill, receipts, tip)
}

/// A node's snapshots, ascending by height.
fn snapshots_of(drill: &Drill, place: usize) -> Vec<(u64, PathBuf)> {
    let folder = drill.network.node_directory(place).join("snapshots");
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = paths
        .filter_map(|path| Some((path.file_name()?.to_str()?.strip_suffix(".snap")?.parse().ok()?, path)))
        .collect();
    found.sort();
    found
}

/// `tongda-node init --snapshot` in a new directory.
async fn init(drill: &Drill, place: usize, directory: &Path, snapshot: &str) -> Output {
    let network = &drill.network;
    let name = &network.nodes[place].name;
    let mut process = tokio::process::Command::new(PROGRAM);
    process.arg("init").arg("--genesis").arg(network.directory.join("genesis.toml")).args(["--name", name]);
    process.arg("--keys").arg(network.directory.join("node-keys").join(name));
    let api = network.nodes[place].url.trim_start_matches("http://");
    process.args(["--api", api, "--snapshot", snapshot]).arg(directory);
    process.output().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_without_its_index_begins_at_its_newest_snapshot_and_comes_to_the_same_root() {
    let (mut drill, receipts, tip) = with_snapshots(11_600).await;
    drill.network.stop_node(1).await;
    let (height, _) = snapshots_of(&drill, 1).pop().unwrap();
    std::fs::remove_dir_all(drill.network.node_directory(1).join("index")).unwrap();
    let before = drill.network.node_log(1).len();
    drill.run(1).await;
    let log = drill.log_since(1, before);
    assert!(log.contains(&format!("the index begins anew from a snapshot height={height}")), "{log}");
    assert!(log.contains(&format!("replayed={}", tip.height - height)), "{log}");
    assert_eq!(drill.level(&ALL).await.state_root, drill.node(0).log().await.unwrap().state_root);
    drill.nothing_is_missing(&receipts, &[1]).await;

    // By hand it begins at the oldest, or at the genesis.
    drill.network.stop_node(1).await;
    let (oldest, _) = snapshots_of(&drill, 1).swap_remove(0);
    let sealed = drill.node(0).log().await.unwrap().state_root;
    for (options, began) in [(&[][..], true), (&["--from-genesis"][..], false)] {
        let told = drill.command(1, "reindex", options).await;
        let told = String::from_utf8(told.stdout).unwrap();
        assert_eq!(told.contains(&format!("the snapshot of height {oldest}")), began, "{told}");
        assert!(told.contains(&format!("state root {sealed}")), "{told}");
    }
    drill.run(1).await;
    drill.level(&ALL).await;
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lost_all_but_its_keys_begins_from_a_snapshot_and_gets_its_whole_log_back() {
    let (mut drill, receipts, _) = with_snapshots(11_700).await;
    drill.network.kill(2).await.unwrap();
    let directory = drill.network.node_directory(2);
    std::fs::remove_dir_all(&directory).unwrap();
    let made = init(&drill, 2, &directory, &drill.network.nodes[0].url).await;
    let told = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success(), "{made:?}");
    let (height, _) = snapshots_of(&drill, 2).pop().unwrap();
    assert!(told.contains(&format!("proved the snapshot of height {height} from the genesis")), "{told}");

    // It is killed again and again while it begins, and goes on where it was: the first time as soon as it keeps the
    // first of the older blocks.
    let (mut silent, mut fetched) = (false, false);
    let first_segment = directory.join("older").join("00000000000000000001.seg");
    for round in 0..4 {
        drill.network.run(2, &[]).unwrap();
        if round == 0 {
            let deadline = Instant::now() + PATIENCE;
            while !first_segment.exists() {
                assert!(Instant::now() < deadline, "no older block came: {}", drill.network.node_log(2));
                tokio::task::yield_now().await;
            }
        } else {
            until("an answer", PATIENCE, async || drill.node(2).log().await.is_ok()).await;
        }
        let log = drill.network.node_log(2);
        silent |= log.contains("following without a vote");
        fetched |= log.contains("fetching the blocks that are older than the snapshot");
        if round < 3 {
            tokio::time::sleep(Duration::from_millis(40 * round)).await;
            drill.network.kill(2).await.unwrap();
        }
    }
    assert!(silent && fetched, "{}", drill.network.node_log(2));
    drill.network.wait_until_ready(2).await.unwrap();
    until("the whole log", PATIENCE, async || drill.json(2, "readyz").await["older_blocks"].is_null()).await;
    drill.level(&ALL).await;
    drill.nothing_is_missing(&receipts, &[2]).await;
    // So are tiles and entries from before the snapshot, without another start.
    let size = drill.node(0).log().await.unwrap().size;
    let tiles = Tile::all(size).map(TilePath::Tile);
    for path in tiles.chain(Span::all(size).map(TilePath::Entries)) {
        let expected = piece(&drill, 0, path).await.unwrap();
        until(&format!("{path} at node 2"), PATIENCE, async || {
            piece(&drill, 2, path).await.is_some_and(|bytes| {
                assert_eq!(bytes, expected, "{path}");
                true
            })
        })
        .await;
    }
    // Every block of the log, from the first on.
    drill.level(&ALL).await;

    // With two more blocks it votes again: without it and one more there is no quorum.
    let load = Load::start(&drill, &[0, 1, 3]);
    let again = "taking part again";
    until(again, PATIENCE, async || drill.network.node_log(2).contains(again)).await;
    load.stop().await;
    drill.network.stop_node(0).await;
    let receipt = drill.record(2, "演示：由快照恢复的节点表决").await;
    drill.level(&[1, 2, 3]).await;
    drill.nothing_is_missing(&[receipt], &[1, 2, 3]).await;
    drill.run(0).await;

    // At the next start the two logs are one, and it can be executed from its beginning.
    drill.network.stop_node(2).await;
    drill.run(2).await;
    assert!(!directory.join("older").exists());
    let tip = drill.level(&ALL).await;
    drill.network.stop_node(2).await;
    let told = drill.command(2, "reindex", &["--from-genesis"]).await;
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains(&format!("state root {}", tip.state_root)), "{told}");
    drill.stop().await;
}

/// A tile or a bundle, if the node has it.
async fn piece(drill: &Drill, place: usize, path: TilePath) -> Option<bytes::Bytes> {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(format!("{}/log/{path}", drill.network.nodes[place].url)).send().await.unwrap();
    if answer.status() == 404 {
        None
    } else {
        Some(answer.error_for_status().unwrap().bytes().await.unwrap())
    }
}

type Values = Vec<(StateKey, Vec<u8>)>;

/// Everything in a snapshot.
fn read(bytes: &[u8], trust: Trust) -> (Verified, Vec<EpochLink>, Values) {
    let (mut reader, mut epochs, mut values) = (Reader::new(trust), Vec::new(), Vec::new());
    let take = |piece: Piece<'_>| {
        match piece {
            Piece::Epoch(epoch) => epochs.push(epoch.clone()),
            Piece::Value { key, value, .. } => values.push((key, value.to_vec())),
            Piece::Header(_) => {}
        }
        Ok::<_, SnapshotError>(())
    };
    reader.push(bytes, take).unwrap();
    (reader.finish().unwrap(), epochs, values)
}

fn write(header: &Header, epochs: &[EpochLink], values: &[(StateKey, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = Writer::new(header, &mut out);
    epochs.iter().for_each(|epoch| writer.epoch(epoch, &mut out));
    values.iter().for_each(|(key, value)| writer.value(key, value, &mut out));
    let _ = writer.end(&mut out);
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_is_wrong_is_refused_for_what_is_wrong_with_it() {
    let (drill, ..) = with_snapshots(11_800).await;
    let (_, path) = snapshots_of(&drill, 0).pop().unwrap();
    let good = std::fs::read(path).unwrap();
    let founding = &drill.network.demonstration.founding;
    let (verified, epochs, values) = read(&good, Trust::of(founding).unwrap());
    assert_eq!(write(&verified.header, &epochs, &values), good);
    let flipped = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        bytes
    };
    let mut unsigned = verified.header.clone();
    let votes = unsigned.certificate.signatures[..2].to_vec();
    unsigned.certificate.signatures = votes.try_into().unwrap();
    let mut foreign = verified.header.clone();
    foreign.network.0.0[0] ^= 1;
    let mut other = values.clone();
    other[3].1[6] ^= 1;
    let cases = [
        ("DAMAGED: the header frame", flipped(60)),
        ("DAMAGED: the values frame", flipped(good.len() / 2)),
        ("DAMAGED: the end frame", flipped(good.len() - 1)),
        ("CUT SHORT", good[..good.len() - 1].to_vec()),
        ("ANOTHER NETWORK", write(&foreign, &epochs, &values)),
        ("more than two thirds are needed", write(&unsigned, &epochs, &values)),
        ("WRONG STATE ROOT", write(&verified.header, &epochs, &other)),
    ];
    let folder = tempfile::tempdir().unwrap();
    let (file, directory) = (folder.path().join("file.snap"), folder.path().join("node"));
    for (what, bytes) in cases {
        std::fs::write(&file, bytes).unwrap();
        let made = init(&drill, 3, &directory, file.to_str().unwrap()).await;
        let told = String::from_utf8_lossy(&made.stderr).into_owned();
        assert!(!made.status.success() && told.contains(what), "{what}: {told}");
        assert!(!directory.join("node.toml").exists(), "nothing stands in the way of another try");
    }
    std::fs::write(&file, &good).unwrap();
    let made = init(&drill, 3, &directory, file.to_str().unwrap()).await;
    assert!(made.status.success(), "{made:?}");
    // A node's door gives the very bytes, and what is left of them.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let height = verified.header.seal.height;
    let url = format!("{}/v1/snapshots/{height}", drill.network.nodes[0].url);
    let whole = http.get(&url).send().await.unwrap();
    assert_eq!(whole.headers()["etag"], format!("\"{}\"", verified.digest).as_str());
    assert_eq!(whole.bytes().await.unwrap(), good);
    let rest = http.get(&url).header("range", "bytes=1000-").send().await.unwrap();
    assert_eq!(rest.status(), 206);
    assert_eq!(rest.bytes().await.unwrap(), good[1000..]);
    let request = http.get(&url).header("range", "bytes=1000-").header("if-range", "\"another\"");
    assert_eq!(request.send().await.unwrap().status(), 200);
    drill.stop().await;
}
