//! Witnesses outside the network cosign what it publishes, and show it when there are two histories.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill, PATIENCE, until};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::{
    Checkpoint, ConsistencyProof, Cosignature, NoteKey, SignedCheckpoint, Submission, cosigner_key, origin,
};
use tongda_ledger::vote::Address;
use tongda_node::config::{NodeConfig, OutsideConfig};
use tongda_node::cosign::Folder;
use tongda_node::witness::http::routes;
use tongda_node::witness::{EvidenceFolder, Witness, WitnessedLog};

/// The cosigning keys of the four, as the genesis names them.
fn cosigners(drill: &Drill) -> Vec<NoteKey> {
    let demonstration = &drill.network.demonstration;
    let network = demonstration.founding.network();
    let key = |place: usize| {
        let node = &demonstration.nodes[place];
        cosigner_key(&network, &Address::of(&node.vote.public()), &node.cosign.public()).unwrap()
    };
    ALL.into_iter().map(key).collect()
}

/// A witness for the network's log that wants three of the four.
fn witness(drill: &Drill, directory: &Path) -> Arc<Witness> {
    let origin = origin(&drill.network.demonstration.founding.network());
    let logs = vec![WitnessedLog { origin, keys: cosigners(drill), threshold: 3 }];
    let witness = Witness::open(
        "witness.example/w1".parse().unwrap(),
        SigningKey::from_seed(&[0x29; 32]),
        "tongda/elsewhere".into(),
        logs,
        Box::new(Folder::open(&directory.join("witness")).unwrap()),
        EvidenceFolder::new(directory.join("evidence")),
    );
    Arc::new(witness.unwrap())
}

/// Has the checkpoints of a node brought to the witness from its next start on.
async fn bring_to(drill: &mut Drill, place: usize, witness: Arc<Witness>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/witness", listener.local_addr().unwrap());
    let vkey = witness.key().clone();
    tokio::spawn(async move { axum::serve(listener, routes(witness)).await.unwrap() });
    let file: PathBuf = drill.network.node_directory(place).join("node.toml");
    let mut config = NodeConfig::read(&file).unwrap();
    config.witness.every_seconds = 1;
    config.witness.outside = vec![OutsideConfig { vkey, url }];
    std::fs::write(&file, config.render()).unwrap();
}

/// The newest checkpoint of a node, if it bears the witness's line beside those of at least three validators.
async fn witnessed(drill: &Drill, place: usize, witness: &NoteKey) -> Option<Checkpoint> {
    let text = drill.text(place, "log/checkpoint").await;
    let signed = SignedCheckpoint::parse(text.as_bytes()).ok()?;
    signed.verify(std::slice::from_ref(witness)).ok()?;
    assert!(signed.verify(&cosigners(drill)).unwrap().len() >= 3, "{text}");
    Some(signed.checkpoint().clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_four_nodes_publish_is_cosigned_by_a_witness_outside() {
    let mut drill = Drill::start(13_600).await;
    let directory = tempfile::tempdir().unwrap();
    let witness = witness(&drill, directory.path());
    let key = witness.key().clone();
    drill.network.stop_node(0).await;
    bring_to(&mut drill, 0, witness.clone()).await;
    drill.run(0).await;
    for name in ["演示：见证一", "演示：见证二"] {
        let size = drill.record(1, name).await.index + 2;
        until(&format!("a witnessed checkpoint of {size} leaves"), PATIENCE, async || {
            witnessed(&drill, 0, &key).await.is_some_and(|checkpoint| checkpoint.size >= size)
        })
        .await;
    }
    let (_, size) = witness.sizes().next().unwrap();
    let published = witnessed(&drill, 0, &key).await.unwrap();
    assert!(size.unwrap() >= published.size);
    // What the witness gave is there again after a restart, under the checkpoint of that size.
    drill.network.stop_node(0).await;
    drill.run(0).await;
    let text = drill.text(0, &format!("log/checkpoints/{}", published.size)).await;
    let again = SignedCheckpoint::parse(text.as_bytes()).unwrap();
    assert_eq!(again.checkpoint(), &published);
    assert!(again.verify(std::slice::from_ref(&key)).is_ok(), "{text}");
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_validators_that_signed_a_second_history_are_named_by_the_doctor() {
    let mut drill = Drill::start(13_700).await;
    let directory = tempfile::tempdir().unwrap();
    let witness = witness(&drill, directory.path());
    // Three of four cosigned another tree, and only the witness was shown it.
    let network = drill.network.demonstration.founding.network();
    let fork = Checkpoint { origin: origin(&network), size: 2, root: Hash([7; 32]) };
    let mut signed = SignedCheckpoint::new(&fork).unwrap();
    let keys = cosigners(&drill);
    for (node, key) in drill.network.demonstration.nodes.iter().zip(&keys).skip(1) {
        let cosignature = Cosignature::sign(&node.cosign, 1_790_000_000, &fork.text());
        signed.add(cosignature.line(key).unwrap()).unwrap();
    }
    let submission = Submission { old: 0, proof: ConsistencyProof::default(), checkpoint: signed };
    witness.submit(submission.to_string().as_bytes(), 1_790_000_000).unwrap();

    let sound = drill.command(0, "doctor", &[]).await;
    assert!(sound.status.success(), "{}", String::from_utf8_lossy(&sound.stdout));
    drill.network.stop_node(0).await;
    bring_to(&mut drill, 0, witness.clone()).await;
    drill.run(0).await;
    drill.record(1, "演示：分叉").await;
    let folder = EvidenceFolder::new(drill.network.node_directory(0).join("evidence"));
    until("evidence at the node", PATIENCE, async || !folder.list().unwrap().is_empty()).await;
    let evidence = folder.list().unwrap().remove(0).evidence.unwrap();
    assert_eq!(evidence.first().checkpoint(), &fork);
    let both = evidence.verify(&keys).unwrap().both;
    assert!(both.len() >= 2, "two quorums of four have two in common: {both:?}");
    let told = drill.command(0, "doctor", &[]).await;
    let text = String::from_utf8_lossy(&told.stdout);
    assert_eq!(told.status.code(), Some(1), "{text}");
    for key in both {
        assert!(text.contains(&format!("both are signed by {key}")), "{text}");
    }
    // The network goes on publishing: the witness's "no" stops nothing.
    let size = drill.record(1, "演示：继续").await.index + 2;
    until("a further checkpoint", PATIENCE, async || {
        let text = drill.text(0, "log/checkpoint").await;
        SignedCheckpoint::parse(text.as_bytes()).is_ok_and(|signed| signed.checkpoint().size >= size)
    })
    .await;
    drill.stop().await;
}
