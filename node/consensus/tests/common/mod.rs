//! A network of engines in one process, each with a ledger in memory.

#![allow(dead_code, reason = "every test file uses its own share")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use async_trait::async_trait;
use bytes::Bytes;
use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tongda_consensus::{
    Application, Config, EngineError, Fault, Limits, Next, Observed, Origin, Peer, Proposal, Question, Start,
    Timeouts, Verdict,
};
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::vote::{Address, CommitCertificate, NetworkId, Validator, ValidatorSet};

pub(crate) const NETWORK: NetworkId = NetworkId(Hash([0x7D; 32]));

/// How long a condition is waited for before the test fails.
const PATIENCE: Duration = Duration::from_secs(240);

/// A block of the tests: height, round, proposer, parent, a mark for invalid ones, then the payload.
pub(crate) struct TestBlock {
    pub(crate) height: u64,
    pub(crate) round: u32,
    pub(crate) proposer: Address,
    pub(crate) parent: Hash,
    pub(crate) invalid: bool,
    pub(crate) payload: Bytes,
}

const HEAD: usize = 8 + 4 + 20 + 32 + 1;

impl TestBlock {
    pub(crate) fn body(&self) -> Bytes {
        let mut body = Vec::with_capacity(HEAD + self.payload.len());
        body.extend(self.height.to_le_bytes());
        body.extend(self.round.to_le_bytes());
        body.extend(self.proposer.0);
        body.extend(self.parent.0);
        body.push(u8::from(self.invalid));
        body.extend(&self.payload);
        body.into()
    }

    pub(crate) fn read(body: &Bytes) -> Option<Self> {
        let array = |from: usize, to: usize| body.get(from..to);
        Some(Self {
            height: u64::from_le_bytes(array(0, 8)?.try_into().ok()?),
            round: u32::from_le_bytes(array(8, 12)?.try_into().ok()?),
            proposer: Address(array(12, 32)?.try_into().ok()?),
            parent: Hash(array(32, 64)?.try_into().ok()?),
            invalid: *body.get(64)? != 0,
            payload: body.slice(HEAD..),
        })
    }
}

pub(crate) fn hash(body: &[u8]) -> Hash {
    Hash::plain(&[body])
}

/// How an application behaves.
#[derive(Clone, Default)]
pub(crate) struct Conduct {
    /// There is always work.
    pub(crate) busy: bool,
    /// Bytes of payload in every block that has no submitted payload.
    pub(crate) filler: usize,
    /// It makes invalid blocks.
    pub(crate) makes_invalid: bool,
    /// It refuses the block of this height when it is proposed for the first time, as a slow clock would.
    pub(crate) refuses_fresh_at: Option<u64>,
    /// Committing this height fails.
    pub(crate) fails_at: Option<u64>,
    /// The validators and peers from a height on.
    pub(crate) change: Option<(u64, ValidatorSet, Vec<Peer>)>,
}

struct Inner {
    blocks: Vec<(CommitCertificate, Bytes)>,
    validators: Vec<ValidatorSet>,
    pool: Vec<Bytes>,
    observed: Vec<Observed>,
    proposed: Vec<(u64, u32, Hash, Instant)>,
    committed: Vec<Instant>,
    asked: Vec<(u64, u32, Origin)>,
}

/// What a node keeps across restarts.
pub(crate) struct Ledger {
    me: Address,
    conduct: Mutex<Conduct>,
    inner: Mutex<Inner>,
    work: watch::Sender<bool>,
    changed: watch::Sender<()>,
}

impl Ledger {
    pub(crate) fn new(key: &SigningKey, validators: ValidatorSet, conduct: Conduct) -> Arc<Self> {
        Arc::new(Self {
            me: Address::of(&key.public()),
            work: watch::Sender::new(conduct.busy),
            conduct: Mutex::new(conduct),
            inner: Mutex::new(Inner {
                blocks: Vec::new(),
                validators: vec![validators],
                pool: Vec::new(),
                observed: Vec::new(),
                proposed: Vec::new(),
                committed: Vec::new(),
                asked: Vec::new(),
            }),
            changed: watch::Sender::new(()),
        })
    }

    pub(crate) fn conduct(&self, change: impl FnOnce(&mut Conduct)) {
        let mut conduct = self.conduct.lock().unwrap();
        change(&mut conduct);
        self.work.send_replace(conduct.busy || !self.inner.lock().unwrap().pool.is_empty());
    }

    pub(crate) fn submit(&self, payload: &Bytes) {
        self.inner.lock().unwrap().pool.push(payload.clone());
        self.work.send_replace(true);
    }

    pub(crate) fn tip(&self) -> u64 {
        self.inner.lock().unwrap().blocks.len() as u64
    }

    pub(crate) fn block(&self, height: u64) -> TestBlock {
        let inner = self.inner.lock().unwrap();
        TestBlock::read(&inner.blocks[usize::try_from(height - 1).unwrap()].1).unwrap()
    }

    pub(crate) fn hashes(&self) -> Vec<Hash> {
        self.inner.lock().unwrap().blocks.iter().map(|(certificate, _)| certificate.block).collect()
    }

    /// The round in which a height was decided.
    pub(crate) fn decided_round(&self, height: u64) -> u32 {
        self.inner.lock().unwrap().blocks[usize::try_from(height - 1).unwrap()].0.round
    }

    /// When this node made each of its blocks.
    pub(crate) fn proposed(&self) -> Vec<(Hash, Instant)> {
        self.inner.lock().unwrap().proposed.iter().map(|(.., block, when)| (*block, *when)).collect()
    }

    /// When this node committed each block.
    pub(crate) fn committed(&self) -> Vec<Instant> {
        self.inner.lock().unwrap().committed.clone()
    }

    pub(crate) fn observed(&self) -> Vec<Observed> {
        self.inner.lock().unwrap().observed.clone()
    }

    pub(crate) fn asked(&self) -> Vec<(u64, u32, Origin)> {
        self.inner.lock().unwrap().asked.clone()
    }

    pub(crate) fn has_observed(&self, what: impl Fn(&Observed) -> bool) -> bool {
        self.inner.lock().unwrap().observed.iter().any(what)
    }

    /// Whether the last thing that was started or decided is the rest before `height`.
    pub(crate) fn rests_at(&self, height: u64) -> bool {
        self.tip() + 1 == height && self.has_observed(|seen| *seen == Observed::Resting { height })
    }

    /// Checks every certificate and every link.
    pub(crate) fn audit(&self) {
        let inner = self.inner.lock().unwrap();
        let mut parent = Hash::ZERO;
        for (height, ((certificate, body), validators)) in
            (1..).zip(inner.blocks.iter().zip(&inner.validators))
        {
            assert_eq!(certificate.block, hash(body));
            certificate.verify(&NETWORK, validators, height, &certificate.block).unwrap();
            let block = TestBlock::read(body).unwrap();
            assert_eq!((block.height, block.parent), (height, parent));
            assert_eq!(block.proposer, validators.proposer(height, block.round));
            parent = certificate.block;
        }
    }

    pub(crate) async fn until(&self, what: &str, condition: impl Fn(&Self) -> bool) {
        let mut changed = self.changed.subscribe();
        let wait = async {
            while !condition(self) {
                changed.changed().await.unwrap();
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            panic!("waited in vain for: {what}; tip {}, observed {:#?}", self.tip(), self.observed());
        }
    }

    pub(crate) async fn reached(&self, height: u64) {
        self.until(&format!("height {height}"), |ledger| ledger.tip() >= height).await;
    }
}

/// The application of a node: its ledger.
pub(crate) struct Memory(pub Arc<Ledger>);

#[async_trait]
impl Application for Memory {
    async fn start(&mut self) -> Result<Start, Fault> {
        let inner = self.0.inner.lock().unwrap();
        let height = inner.blocks.len() as u64 + 1;
        Ok(Start { height, validators: inner.validators.last().unwrap().clone() })
    }

    async fn propose(&mut self, height: u64, round: u32) -> Result<Proposal, Fault> {
        let conduct = self.0.conduct.lock().unwrap().clone();
        let mut inner = self.0.inner.lock().unwrap();
        let payload = match inner.pool.first() {
            Some(payload) => payload.clone(),
            None => Bytes::from(vec![u8::try_from(height % 256).unwrap(); conduct.filler]),
        };
        let parent = inner.blocks.last().map_or(Hash::ZERO, |(certificate, _)| certificate.block);
        let invalid = conduct.makes_invalid;
        let block = TestBlock { height, round, proposer: self.0.me, parent, invalid, payload };
        let body = block.body();
        let block = hash(&body);
        assert!(
            inner.proposed.iter().all(|(h, r, ..)| (*h, *r) != (height, round)),
            "a block was asked for twice for height {height} round {round}"
        );
        inner.proposed.push((height, round, block, Instant::now()));
        Ok(Proposal { block, body })
    }

    async fn validate(&mut self, question: Question) -> Result<Verdict, Fault> {
        let refuses_fresh_at = self.0.conduct.lock().unwrap().refuses_fresh_at;
        let mut inner = self.0.inner.lock().unwrap();
        inner.asked.push((question.height, question.round, question.origin));
        let validators = inner.validators.last().unwrap();
        assert_eq!(question.height, inner.blocks.len() as u64 + 1);
        assert_eq!(question.proposer, validators.proposer(question.height, question.round));
        if hash(&question.body) != question.block {
            return Ok(Verdict::Mismatch("the body has another hash".into()));
        }
        let Some(block) = TestBlock::read(&question.body) else {
            return Ok(Verdict::Invalid("unreadable".into()));
        };
        let parent = inner.blocks.last().map_or(Hash::ZERO, |(certificate, _)| certificate.block);
        let round_fits = match question.origin {
            Origin::Fresh => block.round == question.round,
            Origin::Reproposed { .. } | Origin::Synced => block.round <= question.round,
        };
        let valid = block.height == question.height
            && block.parent == parent
            && round_fits
            && block.proposer == validators.proposer(block.height, block.round)
            && !block.invalid
            && !(question.origin == Origin::Fresh && refuses_fresh_at == Some(question.height));
        drop(inner);
        self.0.changed.send_replace(());
        Ok(if valid { Verdict::Valid } else { Verdict::Invalid("it breaks a rule".into()) })
    }

    async fn commit(&mut self, certificate: CommitCertificate, body: Bytes) -> Result<Next, Fault> {
        let conduct = self.0.conduct.lock().unwrap().clone();
        if conduct.fails_at == Some(certificate.height) {
            return Err(Fault::new("the disk is full"));
        }
        let next = {
            let mut inner = self.0.inner.lock().unwrap();
            let block = TestBlock::read(&body).unwrap();
            inner.pool.retain(|payload| *payload != block.payload);
            inner.blocks.push((certificate, body));
            inner.committed.push(Instant::now());
            let height = inner.blocks.len() as u64 + 1;
            let change = conduct.change.filter(|(at, ..)| *at == height);
            let (validators, peers) = match change {
                Some((_, validators, peers)) => (validators, Some(peers)),
                None => (inner.validators.last().unwrap().clone(), None),
            };
            inner.validators.push(validators.clone());
            self.0.work.send_replace(conduct.busy || !inner.pool.is_empty());
            Next { validators, peers }
        };
        self.0.changed.send_replace(());
        Ok(next)
    }

    fn work(&self) -> watch::Receiver<bool> {
        self.0.work.subscribe()
    }

    async fn decided(&mut self, height: u64) -> Result<Option<(CommitCertificate, Bytes)>, Fault> {
        let at = usize::try_from(height).unwrap().checked_sub(1);
        Ok(at.and_then(|at| self.0.inner.lock().unwrap().blocks.get(at).cloned()))
    }

    async fn oldest(&mut self) -> Result<u64, Fault> {
        Ok(u64::from(self.0.tip() > 0))
    }

    fn observe(&mut self, event: Observed) {
        self.0.inner.lock().unwrap().observed.push(event);
        self.0.changed.send_replace(());
    }
}

/// A port that was free a moment ago and that no other test of this process was given.
pub(crate) fn free_port() -> u16 {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if GIVEN.lock().unwrap().insert(port) {
            return port;
        }
    }
}

type Engine = JoinHandle<Result<(), EngineError>>;

/// One node: its keys, its place on disk, and the engine while it runs.
pub(crate) struct Node {
    pub(crate) config: Config,
    pub(crate) ledger: Arc<Ledger>,
    running: Option<(Engine, oneshot::Sender<()>)>,
}

impl Node {
    pub(crate) fn start(&mut self) {
        let (config, memory) = (self.config.clone(), Memory(Arc::clone(&self.ledger)));
        self.start_with(|shutdown| tongda_consensus::run(config, memory, shutdown));
    }

    pub(crate) fn start_with<F>(&mut self, run: impl FnOnce(Shutdown) -> F)
    where
        F: Future<Output = Result<(), EngineError>> + Send + 'static,
    {
        assert!(self.running.is_none(), "it runs already");
        let (stop, stopped) = oneshot::channel();
        self.running = Some((tokio::spawn(run(Shutdown(stopped))), stop));
    }

    pub(crate) async fn stop(&mut self) {
        if let Some((task, stop)) = self.running.take() {
            let _ = stop.send(());
            tokio::time::timeout(PATIENCE, task).await.expect("it stops").unwrap().unwrap();
        }
    }

    /// The error with which the engine ends by itself.
    pub(crate) async fn ends(&mut self) -> EngineError {
        let (task, stop) = self.running.take().expect("it was started");
        let result = tokio::time::timeout(PATIENCE, task).await.expect("it ends").unwrap();
        drop(stop);
        result.expect_err("it ends with an error")
    }

    pub(crate) fn vote_log(&self) -> PathBuf {
        self.config.directory.join("wal/votes")
    }

    pub(crate) fn peer(&self) -> Peer {
        Peer { network_key: self.config.network_key.public(), address: self.config.listen }
    }
}

/// Completes when the node is stopped.
pub(crate) struct Shutdown(oneshot::Receiver<()>);

impl Future for Shutdown {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        std::pin::Pin::new(&mut self.0).poll(context).map(|_| ())
    }
}

/// Nodes that know each other; the first `validators` of them vote.
pub(crate) struct Net {
    pub(crate) nodes: Vec<Node>,
    pub(crate) validators: ValidatorSet,
    _directory: tempfile::TempDir,
}

pub(crate) fn vote_key(index: usize) -> SigningKey {
    SigningKey::from_seed(&[u8::try_from(index + 1).unwrap(); 32])
}

/// The turn of a node among the validators: it leads the rounds whose height and round add up to it.
pub(crate) fn turn(set: &ValidatorSet, index: usize) -> u64 {
    let address = Address::of(&vote_key(index).public());
    (0..set.validators().len() as u64).find(|turn| set.proposer(*turn, 0) == address).unwrap()
}

pub(crate) fn validator_set(count: usize) -> ValidatorSet {
    let validators = (0..count).map(|index| Validator { vote_key: vote_key(index).public(), power: 1 });
    ValidatorSet::new(validators.collect()).unwrap()
}

impl Net {
    pub(crate) fn new(nodes: usize, validators: usize, conduct: &Conduct) -> Self {
        if std::env::var("RUST_LOG").is_ok() {
            let _ = tracing_subscriber::fmt()
                .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
                .with_test_writer()
                .try_init();
        }
        let directory = tempfile::tempdir().unwrap();
        let set = validator_set(validators);
        let network_key = |index: usize| SigningKey::from_seed(&[u8::try_from(index + 101).unwrap(); 32]);
        let listen: Vec<SocketAddr> = (0..nodes).map(|_| ([127, 0, 0, 1], free_port()).into()).collect();
        let peers: Vec<_> = (0..nodes)
            .map(|index| Peer { network_key: network_key(index).public(), address: listen[index] })
            .collect();
        let nodes = (0..nodes).map(|index| {
            let mut others = peers.clone();
            others.remove(index);
            Node {
                ledger: Ledger::new(&vote_key(index), set.clone(), conduct.clone()),
                config: Config {
                    network: NETWORK,
                    moniker: format!("node-{index}"),
                    listen: listen[index],
                    network_key: network_key(index),
                    peers: others,
                    vote_key: (index < validators).then(|| vote_key(index)),
                    directory: directory.path().join(index.to_string()),
                    limits: Limits::default(),
                    timeouts: Timeouts { status: Duration::from_millis(200), ..Timeouts::default() },
                },
                running: None,
            }
        });
        Self { nodes: nodes.collect(), validators: set, _directory: directory }
    }

    pub(crate) fn start(&mut self) {
        self.nodes.iter_mut().for_each(Node::start);
    }

    pub(crate) async fn stop(&mut self) {
        for node in &mut self.nodes {
            node.stop().await;
        }
    }

    pub(crate) async fn all_reached(&self, height: u64) {
        for node in &self.nodes {
            node.ledger.reached(height).await;
        }
    }

    /// Waits until every node rests, at one height, and returns it.
    pub(crate) async fn all_rest(&self) -> u64 {
        loop {
            let height = self.nodes.iter().map(|node| node.ledger.tip()).max().unwrap() + 1;
            for node in &self.nodes {
                node.ledger
                    .until(&format!("rest at {height}"), |ledger| {
                        ledger.tip() >= height || ledger.rests_at(height)
                    })
                    .await;
            }
            if self.nodes.iter().all(|node| node.ledger.rests_at(height)) {
                return height;
            }
        }
    }

    /// Checks that all chains are genuine and that none contradicts another.
    pub(crate) fn audit(&self) {
        for node in &self.nodes {
            node.ledger.audit();
        }
        let chains: Vec<_> = self.nodes.iter().map(|node| node.ledger.hashes()).collect();
        let longest = chains.iter().max_by_key(|chain| chain.len()).unwrap();
        for chain in &chains {
            assert_eq!(chain[..], longest[..chain.len()], "the chains contradict each other");
        }
    }

    pub(crate) fn submit(&self, payload: &Bytes) {
        for node in &self.nodes {
            node.ledger.submit(payload);
        }
    }
}
