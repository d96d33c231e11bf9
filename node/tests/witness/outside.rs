//! Our log before witnesses outside: its checkpoints are brought, cosignatures kept, contradictions kept as evidence.

use super::kit::{Log, NOW, ORIGIN, cosigned, log_key, open, serve, signed, time_of, witnessed};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tongda_ledger::evidence::Evidence;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::{
    Checkpoint, ConsistencyProof, NoteAlgorithm, NoteKey, NoteSignature, SignedCheckpoint,
};
use tongda_node::witness::outside::contradiction;
use tongda_node::witness::{EvidenceFolder, OutsideWitness, WatchedLog, Witness};

/// A log in memory that tells what it is given to keep.
struct Watched {
    log: Log,
    kept: mpsc::UnboundedSender<(Checkpoint, NoteSignature)>,
}

impl WatchedLog for Watched {
    fn consistency(&self, old: u64, new: u64) -> Result<ConsistencyProof, String> {
        ConsistencyProof::prove(&self.log.0, old, new).map_err(|error| error.to_string())
    }

    fn root(&self, size: u64) -> Result<Hash, String> {
        Ok(self.log.tree(size).root)
    }

    fn keep(&self, checkpoint: &Checkpoint, line: NoteSignature) -> Result<(), String> {
        self.kept.send((checkpoint.clone(), line)).map_err(|error| error.to_string())
    }
}

struct Asking {
    newest: watch::Sender<Option<Arc<SignedCheckpoint>>>,
    kept: mpsc::UnboundedReceiver<(Checkpoint, NoteSignature)>,
    log: Arc<Watched>,
    directory: tempfile::TempDir,
    task: tokio::task::JoinHandle<()>,
}

impl Asking {
    /// Has this log's checkpoints brought to the witness of this key at this address.
    fn begin(key: NoteKey, url: &str, log: Log) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (tell, kept) = mpsc::unbounded_channel();
        let (newest, published) = watch::channel(None);
        let log = Arc::new(Watched { log, kept: tell });
        let outside = OutsideWitness { key, url: url.parse().unwrap() };
        let evidence = EvidenceFolder::new(directory.path().join("evidence"));
        let task = tokio::spawn(outside.ask(Duration::ZERO, published, log.clone(), evidence));
        Self { newest, kept, log, directory, task }
    }

    fn publish(&self, size: u64) {
        self.newest.send_replace(Some(Arc::new(self.log.log.signed(size, &[1]))));
    }

    async fn next(&mut self) -> (Checkpoint, NoteSignature) {
        tokio::time::timeout(Duration::from_secs(30), self.kept.recv()).await.expect("in time").unwrap()
    }

    /// The evidence, once it is there.
    async fn evidence(&self) -> Evidence {
        let folder = EvidenceFolder::new(self.directory.path().join("evidence"));
        let found = async {
            loop {
                if let Some(found) = folder.list().unwrap().pop() {
                    return found.evidence.unwrap();
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), found).await.expect("in time")
    }
}

async fn witness(directory: &std::path::Path) -> (Arc<Witness>, String) {
    let witness = Arc::new(open(directory, vec![witnessed(&[1], 1)]).unwrap());
    let url = serve(witness.clone()).await;
    (witness, url)
}

#[tokio::test]
async fn every_published_checkpoint_gets_the_cosignature_of_the_witness() {
    let directory = tempfile::tempdir().unwrap();
    let (witness, url) = witness(directory.path()).await;
    let mut asking = Asking::begin(witness.key().clone(), &url, Log::new(40, 40));
    for size in [6, 11, 32, 40] {
        asking.publish(size);
        let (checkpoint, line) = asking.next().await;
        assert_eq!(checkpoint, asking.log.log.tree(size));
        assert!(time_of(&line, witness.key(), &checkpoint) > 0);
    }
    // A node that has forgotten what it brought is told the size by the witness.
    asking.task.abort();
    let mut again = Asking::begin(witness.key().clone(), &format!("{url}/"), Log::new(50, 50));
    again.publish(50);
    assert_eq!(again.next().await.0, again.log.log.tree(50));
    // Nothing is published any more: the task ends.
    drop(again.newest);
    tokio::time::timeout(Duration::from_secs(30), again.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_witness_that_is_away_is_asked_again_until_it_is_back() {
    let directory = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let witness = Arc::new(open(directory.path(), vec![witnessed(&[1], 1)]).unwrap());
    let mut asking =
        Asking::begin(witness.key().clone(), &format!("http://{address}/witness"), Log::new(11, 11));
    asking.publish(6);
    // The first connection is cut without an answer; then the witness is there.
    let (connection, _) = listener.accept().await.unwrap();
    drop(connection);
    let routes = tongda_node::witness::http::routes(witness);
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    assert_eq!(asking.next().await.0.size, 6);
}

#[tokio::test]
async fn a_witness_that_saw_another_history_shows_it_and_the_evidence_is_kept() {
    // It saw 6 leaves of a fork, signed by the log's own key; our log has 11.
    let directory = tempfile::tempdir().unwrap();
    let (witness, url) = witness(directory.path()).await;
    let fork = Log::new(20, 4);
    witness.submit(fork.submission(0, 6).to_string().as_bytes(), NOW).unwrap();
    let asking = Asking::begin(witness.key().clone(), &url, Log::new(11, 11));
    asking.publish(11);
    let evidence = asking.evidence().await;
    assert_eq!(evidence.first().checkpoint(), &fork.tree(6));
    assert_eq!(evidence.second().checkpoint(), &asking.log.log.tree(11));
    let keys = [log_key(1)];
    assert_eq!(evidence.verify(&keys).unwrap().both, [&keys[0]]);
}

#[tokio::test]
async fn a_larger_tree_at_the_witness_is_compared_when_the_log_has_grown() {
    let directory = tempfile::tempdir().unwrap();
    let (witness, url) = witness(directory.path()).await;
    let fork = Log::new(20, 4);
    witness.submit(fork.submission(0, 12).to_string().as_bytes(), NOW).unwrap();
    let asking = Asking::begin(witness.key().clone(), &url, Log::new(20, 20));
    asking.publish(11);
    // Of 12 leaves nothing is known at 11; at 15 it is.
    asking.publish(15);
    let evidence = asking.evidence().await;
    assert_eq!(evidence.first().checkpoint(), &fork.tree(12));
    assert_eq!(evidence.past_root(), Some(&asking.log.log.tree(12).root));
}

#[tokio::test]
async fn answers_that_are_no_cosignature_of_the_witness_are_not_kept() {
    use axum::Router;
    use axum::routing::post;
    let log = Log::new(11, 11);
    let key = |seed: u8| {
        let public = SigningKey::from_seed(&[seed; 32]).public();
        NoteKey::new("w".parse().unwrap(), NoteAlgorithm::Cosignature, &public).unwrap()
    };
    let line = |checkpoint: &Checkpoint, seed| {
        format!("{}\n", cosigned(checkpoint, seed, &key(seed)).note().signatures()[0])
    };
    let good = line(&log.tree(6), 5);
    let answers = vec![
        (200, String::new()),
        (200, "no line\n".into()),
        (200, line(&log.tree(7), 5)),
        (200, line(&log.tree(6), 6)),
        (200, good.trim_end().into()),
        (409, "0\n".into()),
        (409, "many\n".into()),
        (500, "broken\n".into()),
        // A line of another key before the witness's own is passed over.
        (200, line(&log.tree(6), 6) + &good),
    ];
    for (place, (status, body)) in answers.clone().into_iter().enumerate() {
        // First the answer of this case, then a good one.
        let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let (count, good) = (asked.clone(), good.clone());
        let answer = move || async move {
            let first = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
            let (status, body) = if first { (status, body) } else { (200, good) };
            (axum::http::StatusCode::from_u16(status).unwrap(), body)
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().route("/add-checkpoint", post(answer));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        let mut asking = Asking::begin(key(5), &url, Log::new(11, 11));
        asking.publish(6);
        let (checkpoint, line) = asking.next().await;
        assert_eq!(time_of(&line, &key(5), &checkpoint), NOW);
        let last = place + 1 == answers.len();
        let times = asked.load(std::sync::atomic::Ordering::SeqCst);
        assert_eq!(times, if last { 1 } else { 2 }, "case {place}");
    }
}

#[test]
fn a_contradiction_is_found_at_smaller_and_equal_sizes_and_nowhere_else() {
    let (kept, _) = mpsc::unbounded_channel();
    let watched = Watched { log: Log::new(20, 20), kept };
    let fork = Log::new(20, 5);
    let ours = watched.log.signed(11, &[1]);
    for size in 0..=20 {
        let theirs = fork.signed(size, &[1]);
        let found = contradiction(&ours, &theirs, &watched).unwrap();
        assert_eq!(found.is_some(), (6..=11).contains(&size), "{size}");
        assert_eq!(contradiction(&ours, &watched.log.signed(size, &[1]), &watched).unwrap(), None);
        if let Some(evidence) = found {
            assert_eq!(Evidence::parse(evidence.to_string().as_bytes()).unwrap(), evidence);
        }
    }
    let elsewhere = Checkpoint { origin: "elsewhere".into(), ..fork.tree(11) };
    assert_eq!(contradiction(&ours, &signed(&elsewhere, &[1]), &watched).unwrap(), None);
    assert_eq!(ours.checkpoint().origin, ORIGIN);
}
