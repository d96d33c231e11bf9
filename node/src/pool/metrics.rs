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
