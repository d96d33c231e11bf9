//! The answers over HTTP, one status after the other.

use super::kit::{Log, ORIGIN, OWN, log_key, open, serve, signed, time_of, witnessed};
use reqwest::{Client, Response};
use std::sync::Arc;
use tongda_ledger::evidence::Evidence;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::submission::SUBMISSION_LIMIT;
use tongda_ledger::tree::{Checkpoint, NoteKey, NoteSignature, SignedCheckpoint, Submission};
use tongda_node::witness::WitnessedLog;

struct Door {
    http: Client,
    url: String,
    key: NoteKey,
    directory: tempfile::TempDir,
}

impl Door {
    async fn new(logs: Vec<WitnessedLog>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let witness = Arc::new(open(directory.path(), logs).unwrap());
        let key = witness.key().clone();
        let http = Client::builder().no_proxy().build().unwrap();
        Self { http, url: serve(witness).await, key, directory }
    }

    async fn post(&self, body: impl ToString) -> Response {
        let request = self.http.post(format!("{}/add-checkpoint", self.url)).body(body.to_string());
        request.send().await.unwrap()
    }

    async fn status(&self, body: impl ToString) -> u16 {
        self.post(body).await.status().as_u16()
    }

    async fn get(&self, origin_hash: &str) -> Response {
        self.http.get(format!("{}/{origin_hash}/checkpoint", self.url)).send().await.unwrap()
    }
}

fn hash_of(origin: &str) -> String {
    Hash::plain(&[origin.as_bytes()]).to_string()
}

async fn door() -> Door {
    Door::new(vec![witnessed(&[1], 1)]).await
}

#[tokio::test]
async fn status_200_gives_a_cosignature_of_the_witness_over_the_checkpoint() {
    let (door, log) = (door().await, Log::new(20, 20));
    for (old, new) in [(0, 0), (0, 6), (6, 6), (6, 11), (11, 16), (16, 20)] {
        let answer = door.post(log.submission(old, new)).await;
        assert_eq!(answer.status(), 200, "{old} to {new}");
        assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
        let body = answer.text().await.unwrap();
        let line = NoteSignature::parse(body.strip_suffix('\n').unwrap()).unwrap();
        assert!(time_of(&line, &door.key, &log.tree(new)) > 1_700_000_000);
    }
    let shown = door.get(&hash_of(ORIGIN)).await;
    assert_eq!(shown.status(), 200);
    let shown = SignedCheckpoint::parse(&shown.bytes().await.unwrap()).unwrap();
    assert_eq!(shown.checkpoint(), &log.tree(20));
    let keys = [log_key(1), door.key.clone()];
    assert_eq!(shown.verify(&keys).unwrap().len(), 2, "the log's signature and the witness's");
}

#[tokio::test]
async fn a_tree_that_was_cosigned_just_now_gets_the_same_cosignature_again() {
    let (door, log) = (door().await, Log::new(6, 6));
    let first = door.post(log.submission(0, 6)).await.text().await.unwrap();
    assert_eq!(door.post(log.submission(6, 6)).await.text().await.unwrap(), first);
}

#[tokio::test]
async fn status_400_is_for_what_is_no_submission() {
    let (door, log) = (door().await, Log::new(11, 11));
    let good = log.submission(0, 6).to_string();
    let backwards = log.submission(6, 6).to_string().replace("old 6", "old 7");
    for body in
        ["", "old 0\n", &good.replace("old 0", "old 00"), good.trim_end(), &backwards, &format!("x{good}")]
    {
        assert_eq!(door.status(body).await, 400, "{body}");
    }
    assert_eq!(door.status(good).await, 200, "nothing was changed by it");
}

#[tokio::test]
async fn status_404_is_for_logs_that_are_not_known_and_for_the_own_one() {
    let (door, log) = (door().await, Log::new(6, 6));
    for origin in ["example.org/other", OWN] {
        let checkpoint = Checkpoint { origin: origin.into(), ..log.tree(6) };
        let submission = Submission { checkpoint: signed(&checkpoint, &[1]), ..log.submission(0, 6) };
        assert_eq!(door.status(submission).await, 404, "{origin}");
        assert_eq!(door.get(&hash_of(origin)).await.status(), 404);
    }
    assert_eq!(door.get(&hash_of(ORIGIN)).await.status(), 404, "nothing was cosigned yet");
    assert_eq!(door.status(log.submission(0, 6)).await, 200);
    assert_eq!(door.get(&hash_of(ORIGIN)).await.status(), 200);
    assert_eq!(door.get(&hash_of(ORIGIN).to_uppercase()).await.status(), 404);
    assert_eq!(door.get("checkpoint").await.status(), 404);
}

#[tokio::test]
async fn status_403_is_for_checkpoints_that_no_trusted_key_signed_or_one_signed_falsely() {
    let (door, log) = (door().await, Log::new(6, 6));
    let good = log.submission(0, 6);
    let stranger = Submission { checkpoint: log.signed(6, &[9]), ..good.clone() };
    assert_eq!(door.status(&stranger).await, 403);
    // The trusted key's line from another checkpoint, alone and beside a good one.
    let line = log.signed(5, &[1]).note().signatures()[0].clone();
    let mut checkpoint = SignedCheckpoint::new(&log.tree(6)).unwrap();
    checkpoint.add(line.clone()).unwrap();
    assert_eq!(door.status(Submission { checkpoint, ..good.clone() }).await, 403);
    let mut both = good.clone();
    both.checkpoint.add(line).unwrap();
    assert_eq!(door.status(both).await, 403);
    // Lines of unknown keys beside a good one are passed over.
    assert_eq!(door.status(Submission { checkpoint: log.signed(6, &[9, 1]), ..good }).await, 200);
}

#[tokio::test]
async fn status_403_is_for_fewer_signatures_than_the_log_needs() {
    let (door, log) = (Door::new(vec![witnessed(&[1, 2, 3], 2)]).await, Log::new(6, 6));
    let submission = |seeds: &[u8]| Submission { checkpoint: log.signed(6, seeds), ..log.submission(0, 6) };
    assert_eq!(door.status(submission(&[3])).await, 403);
    assert_eq!(door.status(submission(&[3, 3])).await, 403, "one key counts once");
    assert_eq!(door.status(submission(&[3, 1])).await, 200);
}

#[tokio::test]
async fn status_409_tells_the_size_that_was_cosigned_last() {
    let (door, log) = (door().await, Log::new(20, 20));
    let told = async |submission: Submission| {
        let answer = door.post(submission).await;
        assert_eq!(answer.status(), 409);
        assert_eq!(answer.headers()["content-type"], "text/x.tlog.size");
        answer.text().await.unwrap()
    };
    assert_eq!(told(log.submission(6, 11)).await, "0\n");
    assert_eq!(door.status(log.submission(0, 11)).await, 200);
    assert_eq!(told(log.submission(0, 11)).await, "11\n");
    assert_eq!(told(log.submission(6, 20)).await, "11\n");
    assert_eq!(told(log.submission(0, 6)).await, "11\n", "a smaller tree too");
    assert_eq!(told(log.submission(12, 20)).await, "11\n");
    assert_eq!(door.status(log.submission(11, 20)).await, 200);
}

#[tokio::test]
async fn status_422_is_for_trees_that_do_not_continue_the_last_one() {
    let (door, log, fork) = (door().await, Log::new(20, 20), Log::new(20, 5));
    let empty = Checkpoint { root: Hash([1; 32]), ..log.tree(0) };
    let empty = Submission { checkpoint: signed(&empty, &[1]), ..log.submission(0, 0) };
    assert_eq!(door.status(empty).await, 422, "a tree without leaves has one root");
    let needless = Submission { proof: log.submission(6, 11).proof, ..log.submission(0, 11) };
    assert_eq!(door.status(needless).await, 422, "a proof from nothing");
    assert_eq!(door.status(log.submission(0, 11)).await, 200);
    assert_eq!(door.status(fork.submission(11, 20)).await, 422, "another history");
    let unproved = Submission { proof: log.submission(0, 20).proof, ..log.submission(11, 20) };
    assert_eq!(door.status(unproved).await, 422, "no proof");
    assert_eq!(door.status(fork.submission(11, 11)).await, 422, "another root of the same size");
    let needless = Submission { proof: log.submission(6, 11).proof, ..log.submission(11, 11) };
    assert_eq!(door.status(needless).await, 422, "a proof to the same size");
    assert_eq!(door.status(log.submission(11, 20)).await, 200, "nothing was changed by it");
}

#[tokio::test]
async fn two_signed_trees_of_one_size_are_kept_as_evidence_against_the_log() {
    let (door, log, fork) = (door().await, Log::new(11, 11), Log::new(11, 5));
    assert_eq!(door.status(log.submission(0, 11)).await, 200);
    // Even where the old size is wrong: the log has signed it all the same.
    assert_eq!(door.status(fork.submission(0, 11)).await, 409);
    assert_eq!(door.status(fork.submission(11, 11)).await, 422);
    let files: Vec<_> = std::fs::read_dir(door.directory.path().join("evidence"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let evidence = Evidence::parse(&std::fs::read(&files[0]).unwrap()).unwrap();
    let keys = [log_key(1)];
    assert_eq!(evidence.verify(&keys).unwrap().both, [&keys[0]]);
}

#[tokio::test]
async fn status_413_is_for_bodies_that_are_too_long() {
    let (door, log) = (door().await, Log::new(6, 6));
    assert_eq!(door.status("x".repeat(SUBMISSION_LIMIT)).await, 400);
    assert_eq!(door.status("x".repeat(SUBMISSION_LIMIT + 1)).await, 413);
    assert_eq!(door.status(log.submission(0, 6)).await, 200);
}
