//! Count what a pool does.

use super::rejection::Rejection;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a pool has done since it was made, and what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoolMetrics {
    /// Records waiting.
    pub waiting: usize,
    /// Their bytes.
    pub waiting_bytes: usize,
    /// Verified records remembered.
    pub remembered: usize,
    /// Records admitted.
    pub admitted: u64,
    /// Records rejected, by [`Rejection::reason`].
    pub rejected: BTreeMap<&'static str, u64>,
    /// Records whose signatures were verified and hold.
    pub verified: u64,
    /// Records that were verified already when they were asked for.
    pub cache_hits: u64,
    /// Records that a block brought.
    pub committed: u64,
    /// Waiting records that the rules refused.
    pub refused: u64,
    /// Waiting records whose window passed.
    pub expired: u64,
}

/// In the text format of OpenMetrics, without the end mark.
impl std::fmt::Display for PoolMetrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let gauges = [
            ("waiting", "Records waiting", self.waiting),
            ("waiting_bytes", "Bytes of records waiting", self.waiting_bytes),
            ("remembered", "Verified records remembered", self.remembered),
        ];
        for (name, help, value) in gauges {
            writeln!(f, "# HELP tongda_pool_{name} {help}.\n# TYPE tongda_pool_{name} gauge")?;
            writeln!(f, "tongda_pool_{name} {value}")?;
        }
        let counters = [
            ("admitted", "Records admitted", self.admitted),
            ("verified", "Records verified", self.verified),
            ("cache_hits", "Records that were verified already", self.cache_hits),
            ("committed", "Records that a block brought", self.committed),
            ("refused", "Waiting records that the rules refused", self.refused),
            ("expired", "Waiting records whose window passed", self.expired),
        ];
        for (name, help, value) in counters {
            writeln!(f, "# HELP tongda_pool_{name} {help}.\n# TYPE tongda_pool_{name} counter")?;
            writeln!(f, "tongda_pool_{name}_total {value}")?;
        }
        writeln!(f, "# HELP tongda_pool_rejected Records rejected.\n# TYPE tongda_pool_rejected counter")?;
        for (reason, count) in &self.rejected {
            writeln!(f, "tongda_pool_rejected_total{{reason=\"{reason}\"}} {count}")?;
        }
        Ok(())
    }
}

#[derive(Default)]
pub(super) struct Counters {
    pub(super) admitted: AtomicU64,
    pub(super) verified: AtomicU64,
    pub(super) cache_hits: AtomicU64,
    pub(super) committed: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) expired: AtomicU64,
    rejected: Mutex<BTreeMap<&'static str, u64>>,
}

/// Adds to a counter.
pub(super) fn add(counter: &AtomicU64, count: usize) {
    counter.fetch_add(count as u64, Ordering::Relaxed);
}

impl Counters {
    /// Counts the rejection and hands it on.
    pub(super) fn rejected(&self, rejection: Rejection) -> Rejection {
        *super::lock(&self.rejected).entry(rejection.reason()).or_default() += 1;
        rejection
    }

    /// The counts, without what the pool holds.
    pub(super) fn snapshot(&self) -> PoolMetrics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        PoolMetrics {
            admitted: read(&self.admitted),
            rejected: super::lock(&self.rejected).clone(),
            verified: read(&self.verified),
            cache_hits: read(&self.cache_hits),
            committed: read(&self.committed),
            refused: read(&self.refused),
            expired: read(&self.expired),
            ..PoolMetrics::default()
        }
    }
}
