//! Validators cosign what they have committed, and a quorum publishes it: with one of four gone, cut off or silent too; with
//! two gone nothing is signed by too few.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill, Load, PATIENCE, PROGRAM, until};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tongda_client::answer::Receipt;
use tongda_client::{Session, Signer};
use tongda_genesis::keys::{KeyFile, Protection, Purpose};
use tongda_ledger::act::Act;
use tongda_ledger::act::governance::{ChangeNodes, NodeChange, Vote};
use tongda_ledger::identifier::{MemberId, ProposalId};
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::{NoteKey, SignedCheckpoint, cosigner_key, log_key};
use tongda_ledger::vote::Address;
use tongda_node::cosign::guard::{Found, NAME, look};
use tongda_node::cosign::{Folder, Silence};
use tongda_tests::parties::signer;

/// How long a checkpoint may take to be published after its block.
const SOON: Duration = Duration::from_secs(10);

/// A node's cosigning key as the genesis names it.
fn cosigner(drill: &Drill, place: usize) -> NoteKey {
    let founding = &drill.network.demonstration.founding;
    let name = &drill.network.nodes[place].name;
    let node = founding.nodes.nodes.iter().find(|node| node.name.as_str() == name).unwrap();
    cosigner_key(&founding.network(), &Address::of(&node.vote_key), &node.cosign_key).unwrap()
}

/// What a node has published: the checkpoint and who of the four cosigned it, each signature verified.
async fn published(drill: &Drill, place: usize) -> Option<(SignedCheckpoint, Vec<usize>)> {
    let text = drill.text(place, "log/checkpoint").await;
    if text.starts_with('{') {
        assert!(text.contains("urn:tongda:problem:missing"), "{text}");
        return None;
    }
    let signed = SignedCheckpoint::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    let signers =
        ALL.into_iter().filter(|signer| signed.verify(&[cosigner(drill, *signer)]).is_ok()).collect();
    Some((signed, signers))
}

/// Waits until these nodes have published a checkpoint of at least this size; who cosigned it, by node.
async fn publish(drill: &Drill, places: &[usize], size: u64) -> Vec<Vec<usize>> {
    let mut signers = Vec::new();
    for place in places {
        let mut found = Vec::new();
        until(&format!("a checkpoint of {size} leaves at node {place}"), PATIENCE, async || match published(
            drill, *place,
        )
        .await
        {
            Some((signed, signers)) if signed.checkpoint().size >= size => {
                found = signers;
                true
            }
            _ => false,
        })
        .await;
        assert!(found.len() >= 3, "node {place} published with cosignatures of {found:?}");
        signers.push(found);
    }
    signers
}

/// The value of a metric of a node.
async fn metric(drill: &Drill, place: usize, name: &str) -> i64 {
    let text = drill.text(place, "metrics").await;
    let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).rsplit(' ').next().unwrap().parse().unwrap()
}

/// One record, and the size of the log that has it.
async fn record(drill: &Drill, place: usize, name: &str) -> u64 {
    drill.record(place, name).await.index + 2
}

#[tokio::test(flavor = "multi_thread")]
async fn checkpoints_are_published_within_seconds_by_all_and_by_those_that_are_left() {
    let mut drill = Drill::start(13_000).await;
    let size = record(&drill, 0, "演示：联署").await;
    let started = Instant::now();
    publish(&drill, &ALL, size).await;
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    // All four cosign in the end, and every node shows the same tree under its own line.
    let mut notes = Vec::new();
    for place in ALL {
        until(&format!("all four cosignatures at node {place}"), PATIENCE, async || {
            published(&drill, place).await.is_some_and(|(_, signers)| signers == ALL)
        })
        .await;
        let (signed, _) = published(&drill, place).await.unwrap();
        let keys = drill.text(place, "log/keys").await;
        let own: NoteKey = keys.lines().next().unwrap().parse().unwrap();
        let network = drill.network.demonstration.founding.network();
        assert_eq!(own, log_key(&network, &own.public()).unwrap(), "its name is the origin");
        assert!(signed.verify(std::slice::from_ref(&own)).is_ok(), "its own line");
        let policy = drill.text(place, "log/policy").await;
        let policy = tongda_ledger::tree::Policy::parse(policy.as_bytes()).unwrap();
        let verdict = policy.verify(&signed).unwrap();
        assert!(verdict.quorum && verdict.witnesses.len() == 4);
        notes.push(signed);
    }
    let newest = notes.iter().map(|note| note.checkpoint().size).min().unwrap();
    for place in ALL {
        // An older one is found by its size, the list names it, and it is the same everywhere.
        let text = drill.text(place, &format!("log/checkpoints/{newest}")).await;
        let kept = SignedCheckpoint::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
        let same = notes.iter().find(|note| note.checkpoint().size == newest).unwrap();
        assert_eq!(kept.checkpoint(), same.checkpoint());
        let list = drill.json(place, "v1/checkpoints?limit=1000").await;
        let listed = list["items"].as_array().unwrap().iter().any(|item| item["size"] == newest);
        assert!(listed, "{list}");
    }
    assert!(drill.text(0, &format!("log/checkpoints/{}", newest - 1)).await.contains("problem:missing"));

    drill.network.kill(3).await.unwrap();
    let size = record(&drill, 1, "演示：三家联署").await;
    let signers = publish(&drill, &[0, 1, 2], size).await;
    assert!(signers.iter().all(|signers| *signers == [0, 1, 2]), "{signers:?}");
    until("the missing cosignature to be told", PATIENCE, async || {
        metric(&drill, 0, "tongda_cosignatures_missing").await == 1
    })
    .await;

    // It comes back, pulls what it missed, and cosigns again.
    drill.run(3).await;
    publish(&drill, &[3], size).await;
    let size = record(&drill, 3, "演示：四家再联署").await;
    publish(&drill, &ALL, size).await;
    until("the fourth cosignature again", PATIENCE, async || {
        published(&drill, 0).await.is_some_and(|(_, signers)| signers == ALL)
    })
    .await;
    drill.stop().await;
}

fn guard_of(drill: &Drill, place: usize) -> PathBuf {
    drill.network.node_directory(place).join("consensus").join(NAME)
}

/// Starts a node whose guard was tampered with: it is silent, durably, and says so; the others publish without it.
async fn is_silent_and_the_others_publish(drill: &mut Drill, place: usize, silence: Silence) {
    let before = drill.network.node_log(place).len();
    drill.run(place).await;
    until(&format!("node {place} to be silent"), PATIENCE, async || {
        metric(drill, place, "tongda_cosigning_silent").await == 1
    })
    .await;
    let others: Vec<_> = ALL.into_iter().filter(|other| *other != place).collect();
    for number in 0..2 {
        let size = record(drill, place, &format!("演示：静默 {number}")).await;
        let signers = publish(drill, &ALL, size).await;
        assert!(signers.iter().all(|signers| *signers == others), "{signers:?}");
    }
    assert_eq!(metric(drill, 0, "tongda_cosigning_silent").await, 0);
    let log = drill.log_since(place, before);
    assert!(log.contains(silence.english()) && log.contains("rekey"), "{log}");
    let ready = drill.json(place, "readyz").await;
    assert!(ready["cosigning"]["silent"].as_str().unwrap().contains(silence.english()), "{ready}");
    // It is noted durably, doctor tells it, and no second guard is made for the key.
    drill.network.stop_node(place).await;
    let folder = Folder::at(drill.network.node_directory(place).join("consensus"));
    match look(&folder).unwrap() {
        Found::Guard(content) => assert_eq!(content.silent, Some(silence.clone())),
        found => panic!("{found:?}"),
    }
    let doctor = drill.command(place, "doctor", &[]).await;
    let told = String::from_utf8(doctor.stdout).unwrap();
    assert!(!doctor.status.success() && told.contains(silence.english()), "{told}");
    let mut init = tokio::process::Command::new(PROGRAM);
    let made = init.args(["cosign", "init"]).arg(drill.network.node_directory(place)).output().await.unwrap();
    assert!(!made.status.success(), "{made:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lost_its_guard_is_silent_and_the_others_publish() {
    let mut drill = Drill::start(13_100).await;
    let size = record(&drill, 0, "演示：守护").await;
    publish(&drill, &ALL, size).await;
    let doctor = drill.command(3, "doctor", &[]).await;
    assert!(doctor.status.success(), "{doctor:?}");
    drill.network.stop_node(3).await;
    std::fs::remove_file(guard_of(&drill, 3)).unwrap();
    is_silent_and_the_others_publish(&mut drill, 3, Silence::Lost).await;
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_guard_came_from_a_backup_is_silent_and_the_others_publish() {
    let mut drill = Drill::start(13_300).await;
    let size = record(&drill, 0, "演示：备份").await;
    publish(&drill, &ALL, size).await;
    drill.network.stop_node(2).await;
    let backup = std::fs::read(guard_of(&drill, 2)).unwrap();
    drill.run(2).await;
    let size = record(&drill, 0, "演示：备份之后").await;
    publish(&drill, &ALL, size).await;
    until("node 2 to have cosigned it", PATIENCE, async || {
        published(&drill, 0)
            .await
            .is_some_and(|(signed, signers)| signed.checkpoint().size >= size && signers.contains(&2))
    })
    .await;
    drill.network.stop_node(2).await;
    std::fs::write(guard_of(&drill, 2), &backup).unwrap();
    is_silent_and_the_others_publish(&mut drill, 2, Silence::Restored).await;
    drill.stop().await;
}

/// Sends an act of an exchange, with these new keys proving themselves.
async fn send(drill: &Drill, exchange: MemberId, act: impl Into<Act>, keys: &[SigningKey]) -> Receipt {
    let members = &drill.network.demonstration.members;
    let member = members.iter().find(|member| member.id == exchange).unwrap();
    let session = Session::open(drill.node(0).clone(), signer(member)).await.unwrap();
    let proposal = session.propose(act);
    let proposal = if keys.is_empty() { proposal } else { proposal.with(Signer::applicant(keys.to_vec())) };
    proposal.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_node_that_is_given_new_keys_by_vote_cosigns_again() {
    let mut drill = Drill::start(13_400).await;
    let size = record(&drill, 0, "演示：换钥").await;
    publish(&drill, &ALL, size).await;
    drill.network.stop_node(3).await;
    std::fs::remove_file(guard_of(&drill, 3)).unwrap();
    is_silent_and_the_others_publish(&mut drill, 3, Silence::Lost).await;

    // The exchanges vote while the node is down: it learns of it with its new keys only.
    let keys: [SigningKey; 3] = std::array::from_fn(|_| SigningKey::from_seed(&rand::random()));
    let exchanges: Vec<_> = drill.network.demonstration.nodes.iter().map(|node| node.exchange).collect();
    let change = NodeChange::Rekey {
        name: drill.network.nodes[3].name.parse().unwrap(),
        vote_key: keys[0].public(),
        cosign_key: keys[1].public(),
        network_key: keys[2].public(),
    };
    let reason = "联署守护文件丢失".parse().unwrap();
    let proposed =
        send(&drill, exchanges[3], ChangeNodes { exchange: exchanges[3], change, reason }, &keys).await;
    let proposal = ProposalId::new(proposed.index, 0);
    for exchange in &exchanges[..3] {
        let vote = Vote { proposal, exchange: *exchange, in_favour: true };
        send(&drill, *exchange, vote, &[]).await;
    }
    let named = drill.json(0, "v1/network").await["nodes"].to_string();
    assert!(named.contains(&keys[1].public().to_string()), "{named}");

    let folder = drill.network.node_directory(3).join("keys");
    let purposes = [("vote", Purpose::Vote), ("cosign", Purpose::Cosign), ("network", Purpose::Network)];
    for ((name, purpose), key) in purposes.into_iter().zip(&keys) {
        let path = folder.join(format!("{name}.key"));
        std::fs::remove_file(&path).unwrap();
        KeyFile { purpose, key: key.clone() }.save(&path, &Protection::OwnerOnly).unwrap();
    }
    let directory = drill.network.node_directory(3);
    let init = async || {
        let mut init = tokio::process::Command::new(PROGRAM);
        init.args(["cosign", "init"]).arg(&directory).output().await.unwrap()
    };
    let made = init().await;
    assert!(made.status.success(), "{made:?}");
    assert!(!init().await.status.success(), "one guard a key");
    let before = drill.network.node_log(3).len();
    drill.run(3).await;
    let size = record(&drill, 3, "演示：新钥").await;
    let network = drill.network.demonstration.founding.network();
    let renewed = cosigner_key(&network, &Address::of(&keys[0].public()), &keys[1].public()).unwrap();
    for place in ALL {
        until(&format!("a cosignature by the new key at node {place}"), PATIENCE, async || {
            let (signed, _) = published(&drill, place).await.unwrap();
            signed.checkpoint().size >= size && signed.verify(std::slice::from_ref(&renewed)).is_ok()
        })
        .await;
    }
    let log = drill.log_since(3, before);
    assert!(log.contains("follows without a vote") && log.contains("taking part"), "{log}");
    // Its vote counts again: without it and one more of the others there is no quorum.
    drill.network.stop_node(0).await;
    let receipt = drill.record(3, "演示：新钥表决").await;
    drill.level(&[1, 2, 3]).await;
    drill.nothing_is_missing(&[receipt], &[1, 2, 3]).await;
    // The policy of the founding has the old key, that of today the new one.
    let policies = [drill.text(1, "log/policy/0").await, drill.text(1, "log/policy/1").await];
    let has = |policy: &String, key: &NoteKey| policy.contains(&key.to_string());
    assert!(has(&policies[0], &cosigner(&drill, 3)) && !has(&policies[0], &renewed), "{policies:?}");
    assert!(has(&policies[1], &renewed) && !has(&policies[1], &cosigner(&drill, 3)), "{policies:?}");
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_four_publish_nothing_and_all_catch_up_when_they_are_back() {
    let mut drill = Drill::start(13_200).await;
    let size = record(&drill, 0, "演示：两家").await;
    publish(&drill, &ALL, size).await;
    drill.network.stop_node(2).await;
    drill.network.kill(3).await.unwrap();
    // Sent while there is no quorum: it is decided, cosigned and published when there is one again.
    let load = Load::start(&drill, &[0, 1]);
    let newest = async || {
        let shown = [published(&drill, 0).await.unwrap(), published(&drill, 1).await.unwrap()];
        shown.map(|(signed, signers)| (signed.checkpoint().size, signers.len()))
    };
    let stood = {
        let mut stood = newest().await;
        until("the two to publish nothing more", PATIENCE, async || {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            let before = stood;
            stood = newest().await;
            before.iter().zip(&stood).all(|(before, now)| before.0 == now.0)
        })
        .await;
        stood
    };
    let end = Instant::now() + Duration::from_secs(4);
    while Instant::now() < end {
        let now = newest().await;
        assert!(now.iter().zip(&stood).all(|(now, stood)| now.0 == stood.0 && now.1 >= 3), "{now:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    for place in [2, 3] {
        drill.network.run(place, &[("TONGDA_COSIGN_AFRESH_SECONDS", "1")]).unwrap();
    }
    for place in [2, 3] {
        drill.network.wait_until_ready(place).await.unwrap();
    }
    load.acknowledges(10).await;
    load.stop().await;
    let size = record(&drill, 2, "演示：四家").await;
    publish(&drill, &ALL, size).await;
    drill.no_fork(&ALL).await;

    // While nothing happens, the same tree is cosigned afresh: by the two that do so every second, at all nodes.
    let afresh = cosigner(&drill, 2);
    let shown = async || {
        let (signed, _) = published(&drill, 1).await.unwrap();
        let time = signed.verify(std::slice::from_ref(&afresh)).ok().and_then(|signers| signers[0].time());
        (signed.checkpoint().size, time)
    };
    until("a newer time under the same tree", PATIENCE, async || {
        let before = shown().await;
        tokio::time::sleep(Duration::from_millis(2500)).await;
        let now = shown().await;
        now.0 == before.0 && before.1.is_some() && now.1 > before.1
    })
    .await;
    drill.stop().await;
}
