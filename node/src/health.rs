//! Watch the node: counters for `/metrics`, and what an operator must be told.

use crate::chain::WrittenSnapshot;
use crate::cosign::Silence;
use crate::pool::Pool;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tongda_consensus::Observed;
use tongda_ledger::block::Seal;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::Timestamp;
use tongda_ledger::key::PublicKey;

/// Beyond this many milliseconds between a block's time and the local clock, the operator is told.
const SKEW: u64 = 5_000;

/// What the node counts and watches.
pub struct Health {
    registry: Registry,
    height: Gauge,
    log_size: Gauge,
    records: Counter,
    blocks: Counter,
    rounds: Counter,
    refused: Counter,
    equivocations: Counter,
    dropped: Counter,
    synced: Counter,
    block_records: Histogram,
    skew: Gauge,
    connected: Gauge,
    /// Turns in a row in which this node proposed a block and the network decided another.
    lost_turns: watch::Sender<u32>,
    snapshot_height: Gauge,
    snapshots: Counter,
    snapshot_seconds: Histogram,
    snapshot_failures: Counter,
    older_height: Gauge,
    older_missing: Gauge,
    checkpoint_size: Gauge,
    checkpoint_age: Gauge,
    cosignatures_missing: Gauge,
    cosigning_silent: Gauge,
    seen: Mutex<Seen>,
}

/// What the engine told last.
#[derive(Default)]
struct Seen {
    connected: BTreeSet<PublicKey>,
    highest_peer: u64,
    last_synced: u64,
    last_refusal: Option<String>,
    clock: Option<i64>,
    resting: bool,
    /// The block that this node proposed last, and its height.
    proposed: Option<(u64, Hash)>,
    cosigning: CosigningReport,
}

/// How it stands with cosigning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CosigningReport {
    /// Leaves of the newest published checkpoint; 0 while there is none.
    pub size: u64,
    /// Seconds since a quorum cosigned it last.
    pub age: Option<u64>,
    /// Validators whose cosignature under the newest checkpoint of the log is not here.
    pub missing: usize,
    /// Why this node cosigns nothing, if it does not.
    pub silent: Option<Silence>,
}

/// The health of a node in words and figures.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Report {
    /// Peers connected to the engine.
    pub connected: usize,
    /// The highest block that a peer has announced.
    pub highest_peer: u64,
    /// Whether the network rests: there is nothing to decide.
    pub resting: bool,
    /// Milliseconds by which the local clock is ahead of the last decided block's time, when it is far off.
    pub clock_ahead: Option<i64>,
    /// The last reason for which this node refused a proposal.
    pub last_refusal: Option<String>,
}

impl Default for Health {
    fn default() -> Self {
        Self::new()
    }
}

impl Health {
    /// Nothing seen yet.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("tongda");
        macro_rules! metric {
            ($name:literal, $help:literal, $metric:expr) => {{
                let metric = $metric;
                registry.register($name, $help, metric.clone());
                metric
            }};
        }
        Self {
            height: metric!("height", "Height of the last committed block", Gauge::default()),
            log_size: metric!("log_size", "Leaves in the log", Gauge::default()),
            records: metric!("records", "Records committed since the start", Counter::default()),
            blocks: metric!("blocks", "Blocks committed since the start", Counter::default()),
            rounds: metric!(
                "late_rounds",
                "Rounds above 0: the one before decided nothing",
                Counter::default()
            ),
            refused: metric!("refused_proposals", "Proposals that this node refused", Counter::default()),
            equivocations: metric!("equivocations", "Validators that signed two things", Counter::default()),
            dropped: metric!("dropped_streams", "Part streams that broke a limit", Counter::default()),
            synced: metric!("synced_blocks", "Blocks fetched instead of decided here", Counter::default()),
            block_records: metric!(
                "block_records",
                "Records of a block",
                Histogram::new(exponential_buckets(1.0, 2.0, 13))
            ),
            skew: metric!("clock_ahead_ms", "Local clock minus the last block's time", Gauge::default()),
            connected: metric!("connected_peers", "Peers connected to the engine", Gauge::default()),
            snapshot_height: metric!("snapshot_height", "Height of the newest snapshot", Gauge::default()),
            snapshots: metric!("snapshots", "Snapshots written since the start", Counter::default()),
            snapshot_seconds: metric!(
                "snapshot_seconds",
                "How long writing a snapshot took",
                Histogram::new(exponential_buckets(0.1, 2.0, 12))
            ),
            snapshot_failures: metric!(
                "snapshot_failures",
                "Snapshots that could not be written",
                Counter::default()
            ),
            older_height: metric!(
                "older_height",
                "Height up to which older blocks are here",
                Gauge::default()
            ),
            older_missing: metric!("older_missing", "Older blocks that are not here yet", Gauge::default()),
            checkpoint_size: metric!(
                "checkpoint_size",
                "Leaves of the newest published checkpoint",
                Gauge::default()
            ),
            checkpoint_age: metric!(
                "checkpoint_age_seconds",
                "Since a quorum cosigned the newest published checkpoint last",
                Gauge::default()
            ),
            cosignatures_missing: metric!(
                "cosignatures_missing",
                "Validators that have not cosigned the newest checkpoint of the log",
                Gauge::default()
            ),
            cosigning_silent: metric!(
                "cosigning_silent",
                "1 when this node cosigns nothing",
                Gauge::default()
            ),
            registry,
            lost_turns: watch::Sender::new(0),
            seen: Mutex::default(),
        }
    }

    /// The engine starts, or starts again: nobody is connected, and no turn is lost.
    pub fn engine_starts(&self) {
        let mut seen = self.seen();
        seen.connected.clear();
        seen.proposed = None;
        self.connected.set(0);
        self.lost_turns.send_replace(0);
    }

    /// This node proposes a block.
    pub fn proposed(&self, height: u64, block: Hash) {
        self.seen().proposed = Some((height, block));
    }

    /// Completes once this node has lost so many turns in a row: it proposed, and the network decided other blocks.
    pub async fn has_lost_turns(&self, turns: u32) {
        // The sender lives as long as this value.
        let _ = self.lost_turns.subscribe().wait_for(|lost| *lost >= turns).await;
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The node begins with this log.
    pub fn opened(&self, height: u64, log_size: u64) {
        self.height.set(i64::try_from(height).unwrap_or(i64::MAX));
        self.log_size.set(i64::try_from(log_size).unwrap_or(i64::MAX));
    }

    /// A block was committed.
    pub fn committed(&self, seal: &Seal, now: Timestamp) {
        self.height.set(i64::try_from(seal.height).unwrap_or(i64::MAX));
        self.log_size.set(i64::try_from(seal.index() + 1).unwrap_or(i64::MAX));
        self.blocks.inc();
        self.records.inc_by(u64::from(seal.records));
        self.block_records.observe(f64::from(seal.records));
        let mut seen = self.seen();
        seen.resting = false;
        if let Some((_, block)) = seen.proposed.take_if(|(height, _)| *height <= seal.height) {
            self.lost_turns.send_modify(|lost| *lost = if block == seal.hash() { 0 } else { *lost + 1 });
        }
        let ahead = i64::try_from(now.milliseconds()).unwrap_or(i64::MAX)
            - i64::try_from(seal.time.milliseconds()).unwrap_or(i64::MAX);
        // A block that was fetched may be old; but no decided block lies in the future, so a slow clock shows even then:
        // and only then, for such a clock refuses every fresh proposal.
        let fetched = seen.last_synced >= seal.height;
        if fetched && ahead.saturating_neg() <= i64::try_from(SKEW).unwrap_or(i64::MAX) {
            return;
        }
        self.skew.set(ahead);
        let off = ahead.unsigned_abs() > SKEW;
        if off && seen.clock.is_none() {
            tracing::error!(
                ahead_ms = ahead,
                "本机时钟与网络相差过大，请校准时钟（NTP）；this machine's clock differs from the network's by more \
                 than 5 s: its proposals are refused, and it refuses others'. Set the clock (NTP)."
            );
        }
        seen.clock = off.then_some(ahead);
    }

    /// The newest snapshot is of this height.
    pub fn snapshot_at(&self, height: u64) {
        self.snapshot_height.set(i64::try_from(height).unwrap_or(i64::MAX));
    }

    /// A snapshot was written.
    pub fn snapshot_written(&self, written: &WrittenSnapshot) {
        self.snapshot_at(written.height);
        self.snapshots.inc();
        self.snapshot_seconds.observe(written.elapsed.as_secs_f64());
    }

    /// A snapshot could not be written.
    pub fn snapshot_failed(&self) {
        self.snapshot_failures.inc();
    }

    /// Older blocks are here up to `held`, of those up to `until`.
    pub fn older_blocks(&self, held: u64, until: u64) {
        self.older_height.set(i64::try_from(held).unwrap_or(i64::MAX));
        self.older_missing.set(i64::try_from(until.saturating_sub(held)).unwrap_or(i64::MAX));
    }

    /// How it stands with cosigning.
    pub fn cosigning(&self, report: CosigningReport) {
        self.checkpoint_size.set(i64::try_from(report.size).unwrap_or(i64::MAX));
        self.checkpoint_age.set(i64::try_from(report.age.unwrap_or(0)).unwrap_or(i64::MAX));
        self.cosignatures_missing.set(i64::try_from(report.missing).unwrap_or(i64::MAX));
        self.cosigning_silent.set(report.silent.is_some().into());
        self.seen().cosigning = report;
    }

    /// How it stands with cosigning, as told last.
    #[must_use]
    pub fn cosigning_report(&self) -> CosigningReport {
        self.seen().cosigning.clone()
    }

    /// A proposal was refused here.
    pub fn refused_proposal(&self, reason: &str) {
        self.refused.inc();
        if reason.contains("ahead of the clock") {
            tracing::error!(
                reason,
                "提案时间超前于本机时钟：本机或提案方时钟有误；a proposal is ahead of this machine's clock: either the \
                 proposer's clock is fast or this one is slow. Compare both with NTP."
            );
        }
        self.seen().last_refusal = Some(reason.to_owned());
    }

    /// The engine saw something.
    pub fn observed(&self, event: &Observed) {
        let mut seen = self.seen();
        match event {
            Observed::RoundStarted { height, round, proposer } if *round > 0 => {
                self.rounds.inc();
                tracing::info!(height, round, %proposer, "the round before decided nothing");
            }
            Observed::Refused { height, round, proposer, block, reason } => {
                tracing::warn!(height, round, %proposer, %block, reason, "refused");
            }
            Observed::StreamDropped { peer, reason } => {
                self.dropped.inc();
                tracing::warn!(?peer, reason, "dropped a stream of parts");
            }
            Observed::Equivocation { validator, height, round, what } => {
                self.equivocations.inc();
                tracing::error!(%validator, height, round, ?what, "a validator signed two different things");
            }
            Observed::Synced { height } => {
                self.synced.inc();
                seen.last_synced = seen.last_synced.max(*height);
            }
            Observed::Connected { peer: Some(peer) } => {
                seen.connected.insert(peer.clone());
                self.connected.set(i64::try_from(seen.connected.len()).unwrap_or(i64::MAX));
            }
            Observed::Disconnected { peer: Some(peer) } => {
                seen.connected.remove(peer);
                self.connected.set(i64::try_from(seen.connected.len()).unwrap_or(i64::MAX));
            }
            Observed::PeerTip { height, .. } => seen.highest_peer = seen.highest_peer.max(*height),
            Observed::Resting { .. } => seen.resting = true,
            _ => {}
        }
    }

    /// Health in words and figures.
    #[must_use]
    pub fn report(&self) -> Report {
        let seen = self.seen();
        Report {
            connected: seen.connected.len(),
            highest_peer: seen.highest_peer,
            resting: seen.resting,
            clock_ahead: seen.clock,
            last_refusal: seen.last_refusal.clone(),
        }
    }

    /// All counters in the text format of OpenMetrics.
    #[must_use]
    pub fn metrics(&self, pool: &Pool) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        let end = text.rfind("# EOF").unwrap_or(text.len());
        text.truncate(end);
        text.push_str(&pool.metrics().to_string());
        text.push_str("# EOF\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;
    use tongda_ledger::vote::{Address, NetworkId};

    fn seal(height: u64, round: u32) -> Seal {
        let time = Timestamp::start_of(tongda_ledger::identifier::Date::new(2026, 11, 24).unwrap());
        Seal {
            version: 1,
            network: NetworkId(Hash::ZERO),
            suite: 1,
            height,
            round,
            time,
            proposer: Address([0; 20]),
            parent: Hash::ZERO,
            first: 0,
            records: 0,
            due: 0,
            log_root: Hash::ZERO,
            state_root: Hash::ZERO,
            validators: Hash::ZERO,
            next_validators: Hash::ZERO,
            rule_set: 1,
            checkpoint: time,
            extension: Hash::ZERO,
        }
    }

    #[test]
    fn the_book_names_every_metric_and_none_that_there_is_not() {
        let book = include_str!("../../docs/src/reference/metrics.md");
        let table = |title: &str| {
            let (_, rest) = book.split_once(title).unwrap();
            let rows = rest
                .lines()
                .skip_while(|line| !line.starts_with('|'))
                .take_while(|line| line.starts_with('|'));
            let names =
                rows.flat_map(|row| row.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2));
            names.map(|name| name.split('{').next().unwrap_or_default().to_owned()).collect::<BTreeSet<_>>()
        };
        let health = Health::new();
        let mut text = String::new();
        encode(&mut text, &health.registry).unwrap();
        let there: BTreeSet<_> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE "))
            .map(|line| line.split_once(' ').unwrap())
            .map(|(name, kind)| if kind == "counter" { format!("{name}_total") } else { name.to_owned() })
            .collect();
        assert_eq!(table("## The node"), there);
    }

    #[test]
    fn how_it_stands_with_cosigning_is_counted_and_told() {
        let health = Health::new();
        let silent = Some(Silence::Lost);
        health.cosigning(CosigningReport { size: 678, age: Some(7), missing: 2, silent });
        let text = health.metrics(&Pool::new(crate::pool::PoolLimits::default()));
        for line in [
            "tongda_checkpoint_size 678",
            "tongda_checkpoint_age_seconds 7",
            "tongda_cosignatures_missing 2",
            "tongda_cosigning_silent 1",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} is not in {text}");
        }
        assert_eq!(health.cosigning_report().size, 678);
    }

    #[test]
    fn turns_are_lost_in_a_row_when_other_blocks_are_decided_than_those_proposed() {
        let health = Health::new();
        let decided = |seal: &Seal| health.committed(seal, seal.time);
        let lost = |turns| health.has_lost_turns(turns).now_or_never().is_some();
        for height in 1..=2 {
            health.proposed(height, seal(height, 0).hash());
            decided(&seal(height, 1));
            decided(&seal(height + 10, 0));
        }
        assert!(lost(2) && !lost(3), "heights at which this node proposed nothing are no turns");
        health.proposed(30, seal(30, 0).hash());
        decided(&seal(30, 0));
        assert!(!lost(1), "a block of its own begins anew");
        health.proposed(31, seal(31, 0).hash());
        decided(&seal(31, 1));
        assert!(lost(1));
        health.engine_starts();
        assert!(!lost(1));
    }
}
