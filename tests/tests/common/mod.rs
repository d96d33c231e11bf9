//! Put a network of processes under load, wait for conditions with a deadline, and compare its nodes.

#![allow(dead_code, reason = "every test file uses its own share")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

pub(crate) mod inside;

use futures::StreamExt as _;
use std::path::PathBuf;
use std::process::Output;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::MutexGuard;
use tokio::task::JoinHandle;
use tongda_client::answer::{LogTip, Receipt};
use tongda_client::{Error, Node, Session, Signer};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::party::{Entry, PartyKind, PartyName, Register};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::CountryCode;
use tongda_tests::parties::founder;
use tongda_tests::{Network, Options};

/// The program that runs a node.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_tongda-test-node");

/// How long a condition is waited for before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// All nodes of a network of four.
pub(crate) const ALL: [usize; 4] = [0, 1, 2, 3];

/// Networks of one test file take turns: the machine is small.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A temporary directory that stays when the test fails: its logs tell why.
struct Kept(Option<TempDir>);

impl Drop for Kept {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(directory) = self.0.take()
        {
            eprintln!("the nodes' directories and logs are kept in {}", directory.keep().display());
        }
    }
}

/// A running network in a temporary directory.
pub(crate) struct Drill {
    pub(crate) network: Network,
    _directory: Kept,
    _turn: MutexGuard<'static, ()>,
}

impl Drill {
    /// A fresh network of four, all of whose nodes are ready.
    pub(crate) async fn start(port: u16) -> Self {
        let turn = TURN.lock().await;
        let directory = tempfile::tempdir().unwrap();
        let options = Options {
            count: ALL.len(),
            port,
            directory: Some(directory.path().join("network")),
            program: PathBuf::from(PROGRAM),
        };
        let network = Network::start(options).await.unwrap();
        Self { network, _directory: Kept(Some(directory)), _turn: turn }
    }

    /// A node's HTTP interface.
    pub(crate) fn node(&self, place: usize) -> &Node {
        &self.network.nodes[place].node
    }

    /// Runs a stopped node, and waits until it is level with the others.
    pub(crate) async fn run(&mut self, place: usize) {
        self.network.run(place, &[]).unwrap();
        self.network.wait_until_ready(place).await.unwrap();
    }

    /// What a node has logged since it had logged `before` bytes.
    pub(crate) fn log_since(&self, place: usize, before: usize) -> String {
        self.network.node_log(place).get(before..).unwrap_or_default().to_owned()
    }

    /// The height of a node that answers.
    pub(crate) async fn height(&self, place: usize) -> u64 {
        self.node(place).log().await.unwrap().height
    }

    /// Waits until a node has this height.
    pub(crate) async fn reached(&self, place: usize, height: u64) {
        let what = format!("height {height} at node {place}");
        until(&what, PATIENCE, async || self.height(place).await >= height).await;
    }

    /// Waits until these nodes have one tip; then no two of their blocks may differ.
    pub(crate) async fn level(&self, places: &[usize]) -> LogTip {
        let tips = Mutex::new(Vec::new());
        until(&format!("one tip at the nodes {places:?}"), PATIENCE, async || {
            let asked = futures::future::join_all(places.iter().map(|place| self.node(*place).log())).await;
            let asked: Vec<_> = asked.into_iter().map(Result::unwrap).collect();
            let equal = asked.windows(2).all(|pair| pair[0] == pair[1]);
            *tips.lock().unwrap() = asked;
            equal
        })
        .await;
        self.no_fork(places).await;
        tips.into_inner().unwrap().swap_remove(0)
    }

    /// Checks that these nodes have the same blocks, as far as all of them have come.
    pub(crate) async fn no_fork(&self, places: &[usize]) {
        let heights = futures::future::join_all(places.iter().map(|place| self.height(*place))).await;
        let lowest = heights.into_iter().min().unwrap();
        let hashes = futures::stream::iter(1..=lowest).map(|height| async move {
            let blocks = places.iter().map(|place| self.node(*place).block(height));
            let blocks = futures::future::join_all(blocks).await;
            (height, blocks.into_iter().map(|block| block.unwrap().hash).collect::<Vec<Hash>>())
        });
        let mut hashes = hashes.buffer_unordered(16);
        while let Some((height, hashes)) = hashes.next().await {
            assert!(
                hashes.windows(2).all(|pair| pair[0] == pair[1]),
                "a fork at height {height}: {hashes:?}"
            );
        }
    }

    /// Checks that every acknowledged record stands where its receipt says, at each of these nodes.
    pub(crate) async fn nothing_is_missing(&self, receipts: &[Receipt], places: &[usize]) {
        let questions = receipts.iter().flat_map(|receipt| places.iter().map(move |place| (*place, receipt)));
        let mut questions = futures::stream::iter(questions)
            .map(
                |(place, receipt)| async move { (place, receipt, self.node(place).record(receipt.id).await) },
            )
            .buffer_unordered(16);
        while let Some((place, receipt, found)) = questions.next().await {
            let found = found.unwrap_or_else(|error| panic!("node {place} has lost {receipt:?}: {error}"));
            assert_eq!((found.index, found.height), (receipt.index, receipt.height), "at node {place}");
        }
    }

    /// One record through one node: the network decides.
    pub(crate) async fn record(&self, place: usize, name: &str) -> Receipt {
        let session = Session::open(self.node(place).clone(), founder(&self.network, Role::Registrar)).await;
        session.unwrap().propose(party(name)).send().await.unwrap()
    }

    /// A resource of a node for which the client library has no words.
    pub(crate) async fn text(&self, place: usize, path: &str) -> String {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/{path}", self.network.nodes[place].url);
        http.get(url).send().await.unwrap().text().await.unwrap()
    }

    /// The same, of JSON.
    pub(crate) async fn json(&self, place: usize, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.text(place, path).await).unwrap()
    }

    /// Runs a command of the node's program on a node's directory.
    pub(crate) async fn command(&self, place: usize, command: &str, more: &[&str]) -> Output {
        let mut process = tokio::process::Command::new(PROGRAM);
        process.arg(command).arg(self.network.node_directory(place)).args(more);
        process.output().await.unwrap()
    }

    /// Ends the network.
    pub(crate) async fn stop(mut self) {
        self.network.stop().await;
    }
}

/// Waits for a condition.
pub(crate) async fn until(what: &str, patience: Duration, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + patience;
    while !condition().await {
        assert!(Instant::now() < deadline, "waited in vain for {} s: {what}", patience.as_secs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// An act that nothing stands in the way of: a party is entered.
pub(crate) fn party(name: &str) -> Register {
    let name = PartyName::Organisation { name: name.parse().unwrap(), code: None };
    let entry = Entry { name, kind: PartyKind::Unknown, country: CountryCode::CHINA };
    Register { parties: vec![entry].try_into().unwrap() }
}

/// Records on their way through several nodes at once, one after another at each.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
    workers: Vec<JoinHandle<Vec<Receipt>>>,
}

/// Records on their way at each node.
const IN_FLIGHT: usize = 3;

impl Load {
    /// Sends until it is stopped, whatever becomes of the nodes.
    pub(crate) fn start(drill: &Drill, places: &[usize]) -> Self {
        let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let registrar = founder(&drill.network, Role::Registrar);
        let workers = places.iter().flat_map(|place| (0..IN_FLIGHT).map(move |worker| (*place, worker)));
        let workers = workers.map(|(place, worker)| {
            let node = drill.node(place).clone().patient(Duration::from_secs(20));
            let (registrar, stop, acknowledged) = (registrar.clone(), stop.clone(), acknowledged.clone());
            tokio::spawn(send_on(node, registrar, format!("{place}-{worker}"), stop, acknowledged))
        });
        Self { workers: workers.collect(), stop, acknowledged }
    }

    /// Waits until this many more records have been acknowledged.
    pub(crate) async fn acknowledges(&self, more: usize) {
        let wanted = self.acknowledged.load(Ordering::Relaxed) + more;
        let what = format!("{more} more records to be acknowledged");
        until(&what, PATIENCE, async || self.acknowledged.load(Ordering::Relaxed) >= wanted).await;
    }

    /// Stops sending; the receipts of everything that was acknowledged.
    pub(crate) async fn stop(self) -> Vec<Receipt> {
        self.stop.store(true, Ordering::Relaxed);
        let mut receipts = Vec::new();
        for worker in self.workers {
            receipts.extend(worker.await.unwrap());
        }
        assert!(!receipts.is_empty(), "something was acknowledged");
        receipts
    }
}

async fn send_on(
    node: Node,
    registrar: Signer,
    name: String,
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
) -> Vec<Receipt> {
    let session = Session::open(node, registrar).await.unwrap();
    let mut receipts = Vec::new();
    for number in 0_u32.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        match session.propose(party(&format!("演示当事人 {name}-{number}"))).send().await {
            Ok(receipt) => {
                acknowledged.fetch_add(1, Ordering::Relaxed);
                receipts.push(receipt);
            }
            Err(Error::Refused(refusals)) => panic!("nothing stands in the way of a party: {refusals:?}"),
            // The node is down: nothing was acknowledged, and it is asked again.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    receipts
}
