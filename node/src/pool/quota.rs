//! Ration what one address or one member may ask for, in a table of bounded size.

use super::limits::Rate;
use governor::clock::{Clock as _, Reference as _};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{NotUntil, Quota as Refill, RateLimiter};
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a full table is searched for keys that have rested long enough to be forgotten.
const SWEEP: Duration = Duration::from_secs(1);

/// The time that quotas run on: since some moment, never backwards.
#[derive(Clone)]
pub(super) enum Clock {
    /// The machine's.
    Since(Instant),
    /// A test's, set by hand.
    #[cfg(test)]
    Set(std::sync::Arc<AtomicU64>),
}

impl governor::clock::Clock for Clock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        match self {
            Self::Since(start) => start.elapsed().into(),
            #[cfg(test)]
            Self::Set(nanoseconds) => nanoseconds.load(Ordering::Relaxed).into(),
        }
    }
}

/// Token buckets by key, at most `keys` of them in use; while more are asked for, all share one.
pub(super) struct Quota<K: Hash + Eq + Clone> {
    buckets: RateLimiter<Option<K>, HashMapStateStore<Option<K>>, Clock, NoOpMiddleware<Nanos>>,
    clock: Clock,
    burst: NonZeroU32,
    keys: usize,
    swept: AtomicU64,
}

impl<K: Hash + Eq + Clone> Quota<K> {
    pub(super) fn new(rate: Rate, keys: usize, clock: Clock) -> Self {
        let refill = Refill::per_second(rate.per_second).allow_burst(rate.burst);
        Self {
            buckets: RateLimiter::new(refill, HashMapStateStore::default(), clock.clone()),
            clock,
            burst: rate.burst,
            keys,
            swept: AtomicU64::new(0),
        }
    }

    /// Takes `units` from the key's bucket, or says how long until it holds them.
    pub(super) fn take(&self, key: K, units: usize) -> Result<(), Duration> {
        // More than the bucket ever holds costs all of it.
        let Some(units) = NonZeroU32::new(u32::try_from(units).unwrap_or(u32::MAX)) else { return Ok(()) };
        let units = units.min(self.burst);
        let key = if self.has_room() { Some(key) } else { None };
        match self.buckets.check_key_n(&key, units) {
            Ok(taken) => taken.map_err(|until: NotUntil<Nanos>| until.wait_time_from(self.clock.now())),
            Err(_) => Err(SWEEP),
        }
    }

    /// Whether keys are still told apart. Not being in the table and being in it with a full bucket are the same, so
    /// keys with full buckets are forgotten when the table is full.
    fn has_room(&self) -> bool {
        if self.buckets.len() < self.keys {
            return true;
        }
        let now = self.clock.now();
        let swept = self.swept.load(Ordering::Relaxed);
        if now.duration_since(swept.into()).as_u64() >= Nanos::from(SWEEP).as_u64()
            && self.swept.compare_exchange(swept, now.as_u64(), Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            self.buckets.retain_recent();
        }
        self.buckets.len() < self.keys
    }
}
