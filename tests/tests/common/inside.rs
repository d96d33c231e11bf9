//! Take over a node whose process does not run: its chain, its keys and its place in the consensus, in the test itself.

use super::Drill;
use async_trait::async_trait;
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tongda_consensus::{
    Application, Config, EngineError, Fault, Next, Observed, Proposal, Question, Start, Verdict,
};
use tongda_ledger::vote::CommitCertificate;
use tongda_node::application::NodeApplication;
use tongda_node::chain::{Chain, watch_work};
use tongda_node::health::Health;
use tongda_node::run::{NodeDirectory, open_chain};

/// A node that was taken over.
pub(crate) struct Inside {
    pub(crate) chain: Chain,
    name: String,
    config: Config,
    work: watch::Sender<bool>,
    watching: JoinHandle<()>,
}

impl Inside {
    /// Opens a node of the network whose process does not run.
    pub(crate) fn open(drill: &Drill, place: usize) -> Self {
        let directory = NodeDirectory::open(&drill.network.node_directory(place)).unwrap();
        let (chain, _) = open_chain(&directory).unwrap();
        let config = directory.engine_config(chain.committed().nodes()).unwrap();
        let work = watch::Sender::new(false);
        let watching = tokio::spawn(watch_work(chain.clone(), work.clone()));
        Self { chain, name: directory.config.name, config, work, watching }
    }

    /// What the node answers to the engine, but for `conduct`.
    pub(crate) fn application<C: Conduct>(&self, conduct: C) -> Conducted<C> {
        let nodes = self.chain.committed().nodes().clone();
        let (peers, health) = (watch::Sender::new(nodes), Arc::new(Health::new()));
        let node =
            NodeApplication::new(self.chain.clone(), self.name.clone(), self.work.clone(), health, peers);
        Conducted { node, conduct, chain: self.chain.clone() }
    }

    /// How its engine runs.
    pub(crate) fn config(&self) -> Config {
        self.config.clone()
    }

    /// Its height.
    pub(crate) fn height(&self) -> u64 {
        self.chain.committed().tip().height()
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

/// An engine that the test runs.
pub(crate) struct Engine {
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), EngineError>>,
}

impl Engine {
    /// Runs an engine until it is stopped.
    pub(crate) fn start<F>(run: impl FnOnce(oneshot::Receiver<()>) -> F) -> Self
    where
        F: Future<Output = Result<(), EngineError>> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        Self { stop, running: tokio::spawn(run(stopped)) }
    }

    /// Fails the test if it has ended by itself.
    pub(crate) fn runs(&self) {
        assert!(!self.running.is_finished(), "the hostile engine has ended: stop it to see why");
    }

    /// Stops it; nothing of it may have broken.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.running.await.unwrap().unwrap();
    }
}

/// What a node does otherwise than it should. Left out, it does as it should.
pub(crate) trait Conduct: Send + 'static {
    /// Puts another block in the place of the one that the node made.
    fn propose(&self, _chain: &Chain, proposal: Proposal) -> Proposal {
        proposal
    }

    /// A verdict before the node judges; `None` lets it.
    fn validate(&self, _question: &Question) -> Option<Verdict> {
        None
    }

    /// Is there always work?
    fn is_busy(&self) -> bool {
        false
    }
}

/// A node that does as it should.
pub(crate) struct Honest;

impl Conduct for Honest {}

/// A node's application with such a conduct.
pub(crate) struct Conducted<C> {
    node: NodeApplication,
    conduct: C,
    chain: Chain,
}

#[async_trait]
impl<C: Conduct + Sync> Application for Conducted<C> {
    async fn start(&mut self) -> Result<Start, Fault> {
        self.node.start().await
    }

    async fn propose(&mut self, height: u64, round: u32) -> Result<Proposal, Fault> {
        let proposal = self.node.propose(height, round).await?;
        Ok(self.conduct.propose(&self.chain, proposal))
    }

    async fn validate(&mut self, question: Question) -> Result<Verdict, Fault> {
        match self.conduct.validate(&question) {
            Some(verdict) => Ok(verdict),
            None => self.node.validate(question).await,
        }
    }

    async fn commit(&mut self, certificate: CommitCertificate, body: Bytes) -> Result<Next, Fault> {
        self.node.commit(certificate, body).await
    }

    fn work(&self) -> watch::Receiver<bool> {
        if self.conduct.is_busy() {
            // The receiver keeps the last value although the sender is gone.
            return watch::Sender::new(true).subscribe();
        }
        self.node.work()
    }

    async fn decided(&mut self, height: u64) -> Result<Option<(CommitCertificate, Bytes)>, Fault> {
        self.node.decided(height).await
    }

    async fn oldest(&mut self) -> Result<u64, Fault> {
        self.node.oldest().await
    }

    fn observe(&mut self, event: Observed) {
        self.node.observe(event);
    }
}
