//! Cosign, exchange and publish while the node runs: one task that owns guard and gathering.
//!
//! Before the first signature of a process the others are asked what they hold, and more than two thirds of the power,
//! this node's own included, must have answered: whoever holds a cosignature of this node over a larger tree than its
//! guard knows shows that the guard came from a backup. Fewer could publish nothing anyway.

use super::checkpoints::{Checkpoints, CheckpointsError, Published};
use super::disk::Folder;
use super::evidence;
use super::gathering::{Gathering, Place, Worth};
use super::guard::{Guard, Refused};
use super::ledger;
use super::tree::CosignedTree;
use crate::chain::{Chain, ChainError};
use crate::clock::now;
use crate::health::{CosigningReport, Health};
use crate::pool::gossip::{COSIGNATURES, CosignEvent, GossipHandle};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::block_in_place;
use tokio::time::{Instant, MissedTickBehavior};
use tongda_ledger::key::PublicKey;
use tongda_ledger::vote::{Address, is_quorum};

/// How often the task looks whether something is due.
const TICK: Duration = Duration::from_millis(250);

/// How long a quorum is waited for before the others are asked, and how long an answer is waited for.
const ASK_AFTER: Duration = Duration::from_secs(1);

/// How long a published checkpoint may lack cosigners before it is kept without them.
const KEEP_AFTER: Duration = Duration::from_millis(250);

/// Cosignatures in one message that may be false as far as our log knows; what stands behind them is not looked at.
const DOUBTS: usize = 8;

/// What the task works with.
pub struct Cosigning {
    /// The chain whose checkpoints are cosigned.
    pub chain: Chain,
    /// The way to the other nodes.
    pub gossip: Arc<GossipHandle>,
    /// Where what a quorum has cosigned is published.
    pub checkpoints: Arc<Checkpoints>,
    /// The guard of this node's cosigning key.
    pub guard: Guard<Folder>,
    /// Who is told how it stands.
    pub health: Arc<Health>,
    /// How often the newest tree is cosigned afresh.
    pub afresh: Duration,
    /// The node's directory: evidence of contradictions is kept there.
    pub directory: PathBuf,
}

/// Why one step of the task did not succeed; the next one tries again.
#[derive(Debug, thiserror::Error)]
enum StepError {
    #[error(transparent)]
    Chain(#[from] ChainError),
    #[error(transparent)]
    Checkpoints(#[from] CheckpointsError),
}

/// The task at work.
struct Task {
    cosigning: Cosigning,
    gathering: Gathering,
    /// The newest checkpoint of the log, and since when it is known.
    newest: Option<(Place, Instant)>,
    /// The height up to which checkpoints were looked for.
    looked: u64,
    /// When this node signed the newest one.
    signed: Option<Instant>,
    /// Peers that have answered since the process began, by network key.
    heard: BTreeSet<PublicKey>,
    convinced: bool,
    asked: Option<Instant>,
    /// Published and not yet kept.
    unkept: Option<(Arc<Published>, Instant)>,
    kept_lines: (u64, usize),
    told_silent: bool,
    /// Validators of whom a contradiction has been told.
    contradicted: BTreeSet<Address>,
}

impl Cosigning {
    /// Runs until it is told to stop. `of_signers` are the newest cosignatures known from before.
    pub async fn run(
        self,
        of_signers: Vec<CosignedTree>,
        mut events: mpsc::Receiver<CosignEvent>,
        mut stopped: watch::Receiver<bool>,
    ) {
        let mut heights = self.chain.heights();
        heights.mark_changed();
        let published = self.checkpoints.newest();
        let kept_lines = published.map_or((0, 0), |newest| (newest.tree.size, newest.lines.len()));
        // What is known at the start is told by whoever opens the guard.
        let told_silent = self.guard.silent().is_some();
        let mut task = Task {
            gathering: Gathering::new(self.chain.network(), of_signers),
            cosigning: self,
            newest: None,
            looked: 0,
            signed: None,
            heard: BTreeSet::new(),
            convinced: false,
            asked: None,
            unkept: None,
            kept_lines,
            told_silent,
            contradicted: BTreeSet::new(),
        };
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                Ok(()) = heights.changed() => {
                    heights.borrow_and_update();
                    task.advance().await
                }
                event = events.recv() => match event {
                    Some(event) => task.on_event(event).await,
                    None => break,
                },
                _ = ticks.tick() => task.on_tick().await,
                () = told_to_stop(&mut stopped) => break,
            };
            if let Err(error) = step {
                tracing::error!(%error, "cosigning: tried again in a moment");
                tokio::time::sleep(ASK_AFTER).await;
            }
        }
        task.keep_now();
    }
}

async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    // That the sender is gone is the end too.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

fn seconds() -> u64 {
    now().milliseconds() / 1000
}

impl Task {
    /// Looks for a newer checkpoint in the log.
    async fn advance(&mut self) -> Result<(), StepError> {
        let chain = &self.cosigning.chain;
        let tip = chain.committed().tip().height();
        let found = block_in_place(|| ledger::newest(chain, self.looked))?;
        self.looked = tip;
        if let Some(place) = found {
            self.gathering.begin(place.clone(), seconds());
            self.newest = Some((place, Instant::now()));
            self.signed = None;
            self.asked = None;
        }
        self.work().await
    }

    async fn on_event(&mut self, event: CosignEvent) -> Result<(), StepError> {
        match event {
            CosignEvent::Connected { peer } => {
                let size = self.newest.as_ref().map_or(0, |(place, _)| place.tree.size);
                self.cosigning.gossip.ask_cosigned(Some(peer), size).await;
                Ok(())
            }
            CosignEvent::Asked { size, reply } => {
                // Who asks no more has gone.
                let _ = reply.send(self.gathering.held_from(size, COSIGNATURES));
                Ok(())
            }
            CosignEvent::Told { peer, trees, asked, verdict } => {
                let offence = block_in_place(|| self.take(&trees))?;
                let sound = offence.is_none();
                let _ = verdict.send(offence);
                if sound && asked {
                    self.hear(peer);
                }
                self.work().await
            }
        }
    }

    async fn on_tick(&mut self) -> Result<(), StepError> {
        if self.unkept.as_ref().is_some_and(|(_, since)| since.elapsed() >= KEEP_AFTER) {
            self.keep_now();
        }
        self.work().await?;
        let lacks = !self.convinced
            || self.newest.as_ref().is_some_and(|(place, since)| {
                let gathered = self.gathering.at(place.tree.size);
                since.elapsed() >= ASK_AFTER
                    && gathered.is_some_and(|gathered| gathered.quorum_time().is_none())
            });
        if lacks && self.asked.is_none_or(|asked| asked.elapsed() >= ASK_AFTER) {
            self.asked = Some(Instant::now());
            let size = self.newest.as_ref().map_or(0, |(place, _)| place.tree.size);
            self.cosigning.gossip.ask_cosigned(None, size).await;
        }
        self.report();
        Ok(())
    }

    /// Cosigns what is due and publishes what is ready.
    async fn work(&mut self) -> Result<(), StepError> {
        let own = block_in_place(|| self.sign())?;
        block_in_place(|| self.publish())?;
        if let Some(own) = own {
            self.cosigning.gossip.tell_cosigned(vec![own]).await;
        }
        Ok(())
    }

    /// Takes in what a peer told; the first thing that no honest node tells.
    fn take(&mut self, trees: &[CosignedTree]) -> Result<Option<String>, ChainError> {
        let chain = self.cosigning.chain.clone();
        let now = seconds();
        let mut doubts = 0;
        for cosigned in trees {
            self.watch_own(cosigned);
            if !self.gathering.is_news(cosigned, now) {
                continue;
            }
            let standing = ledger::standing(&chain, cosigned.tree.size)?;
            let deciding = ledger::cosigners_at(&chain, chain.committed().tip().height() + 1)?;
            match self.gathering.take(cosigned, now, &deciding, standing) {
                Worth::New | Worth::Nothing => {}
                Worth::Doubtful if doubts < DOUBTS => doubts += 1,
                Worth::Doubtful => break,
                Worth::Offence(offence) => return Ok(Some(offence)),
                Worth::Contradiction { ours } => self.contradicted(cosigned, &ours),
            }
        }
        Ok(None)
    }

    /// Whether a cosignature of this node's own key shows that its guard is not the newest.
    fn watch_own(&mut self, cosigned: &CosignedTree) {
        let guard = &mut self.cosigning.guard;
        let largest = guard.largest();
        let CosignedTree { tree, cosignature, .. } = cosigned;
        let unknown = tree.size > largest.size || (tree.size == largest.size && tree.root != largest.root);
        if unknown && guard.silent().is_none() {
            let text = tree.text(&self.cosigning.chain.network());
            if cosignature.verify(guard.key(), &text).is_ok() {
                // That it is silent is told when it should sign next.
                let _ = guard.seen(*tree);
            }
        }
    }

    /// Tells of a contradiction and keeps the evidence: once for each validator that decided a block of ours.
    fn contradicted(&mut self, cosigned: &CosignedTree, ours: &Place) {
        let CosignedTree { tree, signer, .. } = cosigned;
        if !self.contradicted.insert(*signer) {
            return;
        }
        tracing::error!(
            %signer, size = tree.size, theirs = %tree.root, ours = %ours.tree.root,
            "联署与本节点日志矛盾：签署者或本节点见到另一条链；a validator cosigned a tree that contradicts this \
             node's log: it, or this node, has been shown another chain"
        );
        let Cosigning { directory, checkpoints, chain, .. } = &self.cosigning;
        let (network, gathering) = (chain.network(), &self.gathering);
        if let Err(error) = evidence::keep(directory, &network, checkpoints, gathering, cosigned, ours) {
            tracing::error!(%error, "the evidence of a contradiction could not be kept");
        }
    }

    /// Takes note that a peer has answered.
    fn hear(&mut self, peer: PublicKey) {
        self.heard.insert(peer);
        self.convince();
    }

    /// Whether those who have answered, and this node, have more than two thirds of the power.
    fn convince(&mut self) {
        if self.convinced {
            return;
        }
        let committed = self.cosigning.chain.committed();
        let (mut power, mut total) = (0, 0);
        for node in &committed.nodes().nodes {
            total += node.power;
            if node.cosign_key == *self.cosigning.guard.key() || self.heard.contains(&node.network_key) {
                power += node.power;
            }
        }
        self.convinced = is_quorum(power, total);
    }

    /// This node among the cosigners of the newest checkpoint.
    fn own(&self) -> Option<(Place, Address)> {
        let (place, _) = self.newest.as_ref()?;
        let own = place.cosigners.with_key(self.cosigning.guard.key())?;
        Some((place.clone(), own.address))
    }

    /// Cosigns the newest checkpoint, if this node decided its block and has not signed it lately.
    fn sign(&mut self) -> Result<Option<CosignedTree>, StepError> {
        if self.signed.is_some_and(|signed| signed.elapsed() < self.cosigning.afresh) {
            return Ok(None);
        }
        let Some((place, signer)) = self.own() else { return Ok(None) };
        self.convince();
        if !self.convinced {
            return Ok(None);
        }
        let chain = self.cosigning.chain.clone();
        let root_at = |size| match ledger::root_at(&chain, size) {
            Ok(Some(root)) => Ok(root),
            Ok(None) => Err("the hashes below are not here".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        let time = seconds();
        match self.cosigning.guard.cosign(place.tree, time, root_at) {
            Ok(cosignature) => {
                self.signed = Some(Instant::now());
                let cosigned = CosignedTree { tree: place.tree, signer, cosignature };
                let cosigners = place.cosigners.clone();
                let standing = super::gathering::Standing::Checkpoint(place);
                self.gathering.take(&cosigned, time, &cosigners, standing);
                Ok(Some(cosigned))
            }
            Err(refused) => {
                // Not tried again before the next checkpoint, or until it would be cosigned afresh.
                self.signed = Some(Instant::now());
                self.tell_refused(&refused);
                Ok(None)
            }
        }
    }

    fn tell_refused(&mut self, refused: &Refused) {
        match refused {
            Refused::Silent(silence) if !self.told_silent => {
                self.told_silent = true;
                silence.tell();
            }
            Refused::Silent(_) => {}
            Refused::Smaller { .. } => tracing::info!(%refused, "not cosigned: the log is still catching up"),
            Refused::Unproven { .. } => tracing::warn!(%refused, "not cosigned"),
            Refused::Guard(_) => tracing::error!(%refused, "not cosigned"),
        }
    }

    /// Publishes the largest checkpoint with a quorum, if it is newer than what is published.
    fn publish(&mut self) -> Result<(), StepError> {
        let Some((gathered, time)) = self.gathering.largest_with_quorum() else { return Ok(()) };
        let checkpoints = &self.cosigning.checkpoints;
        let size = gathered.place.tree.size;
        if let Some(before) = checkpoints.newest() {
            let changed = || {
                let known = |signer, cosignature| {
                    before.lines.iter().any(|line| line.signer == signer && line.cosignature == cosignature)
                };
                gathered.cosignatures.iter().any(|(signer, cosignature)| !known(*signer, *cosignature))
            };
            if before.tree.size > size || (before.tree.size == size && !changed()) {
                return Ok(());
            }
        }
        let published = checkpoints.publish(gathered, time)?;
        let complete = gathered.missing() == 0;
        if self.unkept.as_ref().is_some_and(|(before, _)| before.tree.size < size) {
            self.keep_now();
        }
        // Later times alone are not written down: a new one comes every minute.
        if self.kept_lines < (size, published.lines.len()) {
            let since = self.unkept.take().map_or_else(Instant::now, |(_, since)| since);
            self.unkept = Some((published, since));
        }
        if complete {
            self.keep_now();
        }
        self.gathering.forget_below(size);
        Ok(())
    }

    /// Writes down what is published.
    fn keep_now(&mut self) {
        let Some((published, _)) = self.unkept.take() else { return };
        match block_in_place(|| self.cosigning.checkpoints.keep(&published)) {
            Ok(()) => self.kept_lines = (published.tree.size, published.lines.len()),
            Err(error) => tracing::error!(%error, "a published checkpoint could not be kept"),
        }
    }

    /// Tells the node's health how it stands.
    fn report(&self) {
        let published = self.cosigning.checkpoints.newest();
        let missing = self.newest.as_ref().and_then(|(place, _)| self.gathering.at(place.tree.size));
        self.cosigning.health.cosigning(CosigningReport {
            size: published.as_ref().map_or(0, |published| published.tree.size),
            age: published.map(|published| seconds().saturating_sub(published.time)),
            missing: missing.map_or(0, |gathered| gathered.missing()),
            silent: self.cosigning.guard.silent().cloned(),
        });
    }
}
