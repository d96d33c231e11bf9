//! The log of a running network as outsiders see it: receipts that verify from the genesis file alone, proofs in JSON, and
//! an export that two nodes make alike.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill, PATIENCE, PROGRAM, until};
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};
use tongda_ledger::block::{LeafKind, leaf_of};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::bundle::decode_entries;
use tongda_ledger::tree::{
    ConsistencyProof, InclusionProof, MemoryHashes, NoteKey, Receipt, SignedCheckpoint, Span, TilePath,
    cosigner_key, leaf_hash,
};
use tongda_ledger::vote::Address;

/// The cosigning keys that the genesis file names.
fn cosigners(drill: &Drill) -> Vec<NoteKey> {
    let founding = &drill.network.demonstration.founding;
    let key = |node: &tongda_ledger::state::Node| {
        cosigner_key(&founding.network(), &Address::of(&node.vote_key), &node.cosign_key).unwrap()
    };
    founding.nodes.nodes.iter().map(key).collect()
}

/// Status, `Retry-After` and text of a question.
async fn ask(drill: &Drill, place: usize, path: &str) -> (u16, Option<String>, String) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(format!("{}/{path}", drill.network.nodes[place].url)).send().await.unwrap();
    let retry = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), retry, answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_committed_record_has_a_receipt_that_verifies_from_the_genesis_alone() {
    let drill = Drill::start(19_000).await;
    let known = cosigners(&drill);
    let record = drill.record(0, "演示：回执").await;
    for place in ALL {
        drill.reached(place, record.height).await;
        // By log index, by id and by envelope id.
        for name in [record.index.to_string(), record.record.to_string(), record.id.to_string()] {
            let path = format!("v1/records/{name}/receipt?wait=30");
            let (status, _, text) = ask(&drill, place, &path).await;
            assert_eq!(status, 200, "{text}");
            let receipt = Receipt::parse(text.as_bytes()).unwrap();
            assert_eq!((receipt.index, receipt.to_string()), (record.index, text));
            let block = drill.json(place, &format!("v1/records/{}", record.index)).await;
            let bytes = hex::decode(block["bytes"].as_str().unwrap()).unwrap();
            receipt.verify(&leaf_of(LeafKind::Record, &bytes)).unwrap();
            receipt.verify(&leaf_of(LeafKind::Seal, &bytes)).unwrap_err();
            let signed = receipt.checkpoint.verify(&known).unwrap();
            assert!(signed.len() >= 3, "{} of four cosigned", signed.len());
        }
    }
    let (status, _, text) = ask(&drill, 0, "v1/records/999999/receipt?wait=30").await;
    assert!(status == 404 && text.contains("problem:missing"), "{text}");
    let (status, _, text) = ask(&drill, 0, &format!("v1/records/{}/receipt", Hash([9; 32]))).await;
    assert_eq!(status, 404, "{text}");
    let (status, _, text) = ask(&drill, 0, "v1/records/nonsense/receipt").await;
    assert_eq!(status, 400, "{text}");

    let size = drill.json(0, "v1/log").await["size"].as_u64().unwrap();
    let leaf = |index: u64| format!("v1/log/inclusion?index={index}&size={size}");
    for index in [0, record.index, size - 1] {
        let shown = drill.json(1, &leaf(index)).await;
        let proof: InclusionProof = serde_json::from_value(shown["hashes"].clone()).unwrap();
        let hash = |name: &str| -> Hash { serde_json::from_value(shown[name].clone()).unwrap() };
        proof.verify(index, size, &hash("leaf"), &hash("root")).unwrap();
    }
    let shown = drill.json(2, &format!("v1/log/consistency?old=1&new={size}")).await;
    let proof: ConsistencyProof = serde_json::from_value(shown["hashes"].clone()).unwrap();
    let hash = |name: &str| -> Hash { serde_json::from_value(shown[name].clone()).unwrap() };
    proof.verify(1, size, &hash("old_root"), &hash("new_root")).unwrap();
    for path in ["v1/log/inclusion?index=999999", &leaf(size), "v1/log/consistency?old=999999"] {
        let (status, _, text) = ask(&drill, 0, path).await;
        assert!(status == 404 && text.contains("lies beyond"), "{path}: {text}");
    }
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_no_checkpoint_covers_yet_is_answered_clearly_and_waited_for() {
    let drill = Drill::start(19_100).await;
    let first = drill.record(0, "演示：第一条").await;
    // Right behind each commit, before the cosignatures: some answer must come in between.
    let mut seen = 0;
    let deadline = Instant::now() + PATIENCE;
    while seen == 0 {
        assert!(Instant::now() < deadline, "every record was covered at once");
        let record = drill.record(0, "演示：未覆盖").await;
        let (status, retry, text) = ask(&drill, 0, &format!("v1/records/{}/receipt", record.index)).await;
        if status == 202 {
            seen += 1;
            assert_eq!(retry.as_deref(), Some("1"));
            assert!(text.contains("problem:no-checkpoint-yet") && text.contains("?wait="), "{text}");
            let (status, _, text) =
                ask(&drill, 0, &format!("v1/records/{}/receipt?wait=30", record.index)).await;
            assert_eq!(status, 200, "{text}");
            Receipt::parse(text.as_bytes()).unwrap();
        } else {
            assert_eq!(status, 200, "{text}");
        }
    }
    let started = Instant::now();
    let (status, _, _) = ask(&drill, 0, &format!("v1/records/{}/receipt?wait=30", first.index)).await;
    assert_eq!(status, 200);
    assert!(started.elapsed() < Duration::from_secs(10), "what is covered is not waited for");
    drill.stop().await;
}

/// Runs `tongda-node tiles export`.
async fn export(folder: &Path, more: &[&str]) -> Output {
    let mut command = tokio::process::Command::new(PROGRAM);
    command.args(["tiles", "export"]).arg(folder).args(more).output().await.unwrap()
}

/// The bytes of a file of an export.
fn file(folder: &Path, name: impl ToString) -> Vec<u8> {
    let path = folder.join(name.to_string());
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_exported_from_a_running_node_and_from_a_stopped_one() {
    let mut drill = Drill::start(19_200).await;
    let exports = tempfile::tempdir().unwrap();
    let (running, stopped) = (exports.path().join("running"), exports.path().join("stopped"));
    let url = drill.network.nodes[1].url.clone();
    let mut sizes = Vec::new();
    for number in 0..3 {
        let record = drill.record(0, &format!("演示：导出 {number}")).await;
        until("a checkpoint that covers it", PATIENCE, async || {
            ask(&drill, 1, &format!("v1/records/{}/receipt?wait=5", record.index)).await.0 == 200
        })
        .await;
        let output = export(&running, &["--from", &url]).await;
        assert!(output.status.success(), "{output:?}");
        let checkpoint = SignedCheckpoint::parse(&file(&running, "checkpoint")).unwrap();
        assert!(checkpoint.verify(&cosigners(&drill)).unwrap().len() >= 3);
        let checkpoint = checkpoint.checkpoint().clone();
        let mut tree = MemoryHashes::new();
        for span in Span::all(checkpoint.size) {
            let bundle = file(&running, TilePath::Entries(span));
            decode_entries(&bundle, span.width())
                .unwrap()
                .into_iter()
                .for_each(|leaf| tree.append(leaf_hash(leaf)));
        }
        assert_eq!(tree.root(checkpoint.size).unwrap(), checkpoint.root);
        assert!(checkpoint.size > record.index);
        sizes.push(checkpoint.size);
    }
    assert!(sizes.is_sorted() && sizes[0] < sizes[2], "{sizes:?}");
    let genesis = String::from_utf8(file(&running, "genesis")).unwrap();
    assert_eq!(genesis, drill.text(1, "log/genesis").await);
    tongda_genesis::file::Genesis::parse(&genesis).unwrap();
    assert_eq!(String::from_utf8(file(&running, "policy")).unwrap(), drill.text(1, "log/policy").await);

    // An older checkpoint by its size, of the node that now runs no longer.
    drill.network.stop_node(1).await;
    let directory = drill.network.node_directory(1).to_str().unwrap().to_owned();
    let size = sizes[1].to_string();
    let output = export(&stopped, &["--node", &directory, "--checkpoint", &size]).await;
    assert!(output.status.success(), "{output:?}");
    let older = SignedCheckpoint::parse(&file(&stopped, "checkpoint")).unwrap();
    assert_eq!(older.checkpoint().size, sizes[1]);
    let output = export(&stopped, &["--node", &directory]).await;
    assert!(output.status.success(), "{output:?}");
    let newest = SignedCheckpoint::parse(&file(&stopped, "checkpoint")).unwrap();
    for name in ["genesis", "policy", "keys", &format!("checkpoints/{}", sizes[1])] {
        assert!(!file(&stopped, name).is_empty());
    }
    assert_eq!(file(&stopped, "policy"), file(&running, "policy"));
    assert!(newest.checkpoint().size >= sizes[2]);
    for span in Span::all(sizes[2]).filter(|span| span.is_full()) {
        let path = TilePath::Entries(span);
        assert_eq!(file(&stopped, path), file(&running, path), "{path}");
    }
    // What cannot be: a size that was not published, a node that runs.
    let output = export(&stopped, &["--node", &directory, "--checkpoint", "2"]).await;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("no published checkpoint"), "{told}");
    let other = drill.network.node_directory(0).to_str().unwrap().to_owned();
    let output = export(&stopped, &["--node", &other]).await;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && told.contains("held by another process"), "{told}");
    drill.stop().await;
}
