//! Keep records on their way: verified once, rationed, waiting in a fair order until a block brings them.
//!
//! ```text
//! client ── verify (length, quota of the address, signatures) ──► the ledger judges ── admit (quota of the member) ──┐
//! other node ── gossip: verify, admit unjudged ──────────────────────────────────────────────────────────────────────┤
//!                                                                                                                    ▼
//!                                               proposal ◄── take ─────────────────────────────────────────────── queue
//!                                 committed, refuse, expire ── remove, and tell those who wait ──────────────────────►
//! ```
//!
//! Verified records are remembered by the hash of the whole envelope bytes: what came by gossip costs nothing when a
//! proposal brings it again. A record from a client is passed on to all other nodes as long as it waits; one from
//! another node is not, for its own node reaches everybody. Everything here is bounded by [`PoolLimits`].

#[cfg(test)]
mod fixtures;
pub mod gossip;
mod limits;
mod metrics;
mod outcome;
mod queue;
mod quota;
mod rejection;
#[cfg(test)]
mod tests;
mod verified;

pub use limits::{PoolLimits, Rate};
pub use metrics::PoolMetrics;
pub use outcome::Outcome;
pub use queue::{Admission, Origin};
pub use rejection::Rejection;
pub use verified::Verified;

use bytes::Bytes;
use metrics::{Counters, add};
use queue::Queue;
use quota::{Clock, Quota};
use rayon::prelude::*;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;
use tokio::sync::{oneshot, watch};
use tongda_ledger::codec::RECORD_LIMIT;
use tongda_ledger::envelope::{Envelope, EnvelopeError};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, Timestamp};
use tongda_ledger::refusal::Refusal;
use verified::VerifiedCache;

/// The records on their way at this node. A handle: clones share one pool.
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

struct Shared {
    limits: PoolLimits,
    address_signatures: Quota<IpAddr>,
    address_bytes: Quota<IpAddr>,
    member_records: Quota<MemberId>,
    verified: Mutex<VerifiedCache>,
    queue: Mutex<Queue>,
    depth: watch::Sender<usize>,
    /// Bytes of its own records that this node has admitted since its start: changes when there is more to pass on.
    own_bytes: watch::Sender<u64>,
    counters: Counters,
}

impl Pool {
    /// An empty pool.
    #[must_use]
    pub fn new(limits: PoolLimits) -> Self {
        Self::with_clock(limits, Clock::Since(Instant::now()))
    }

    fn with_clock(limits: PoolLimits, clock: Clock) -> Self {
        Self(Arc::new(Shared {
            address_signatures: Quota::new(limits.address_signatures, limits.addresses, clock.clone()),
            address_bytes: Quota::new(limits.address_bytes, limits.addresses, clock.clone()),
            member_records: Quota::new(limits.member_records, limits.members, clock),
            verified: Mutex::new(VerifiedCache::new(limits.verified_records, limits.verified_bytes)),
            queue: Mutex::new(Queue::new(limits.outcomes)),
            depth: watch::Sender::new(0),
            own_bytes: watch::Sender::new(0),
            counters: Counters::default(),
            limits,
        }))
    }

    /// Reads and verifies a record that a client at `address` sent. The address pays for every byte and every
    /// signature before it is looked at; a record that is known already costs no signature.
    ///
    /// # Errors
    /// [`Rejection`] says what is wrong and what would cure it.
    pub fn verify(&self, bytes: &[u8], address: IpAddr) -> Result<Verified, Rejection> {
        self.verify_rationed(bytes, subscriber(address))
            .map_err(|rejection| self.0.counters.rejected(rejection))
    }

    fn verify_rationed(&self, bytes: &[u8], address: IpAddr) -> Result<Verified, Rejection> {
        if bytes.len() > RECORD_LIMIT {
            return Err(Rejection::TooLong(bytes.len()));
        }
        self.0.address_bytes.take(address, bytes.len()).map_err(Rejection::AddressQuota)?;
        self.0.address_signatures.take(address, 1).map_err(Rejection::AddressQuota)?;
        self.verify_once(bytes, |envelope| {
            let more = envelope.signatures().len() - 1;
            self.0.address_signatures.take(address, more).map_err(Rejection::AddressQuota)
        })
    }

    /// Reads and verifies the records of a proposal on all cores; those known already cost a hash each.
    ///
    /// # Errors
    /// The first record, by index, that is none, and why.
    pub fn verify_all(&self, records: &[Bytes]) -> Result<Vec<Verified>, (usize, EnvelopeError)> {
        let verified: Vec<Result<Verified, EnvelopeError>> =
            records.par_iter().map(|bytes| self.verify_once(bytes, |_| Ok(()))).collect();
        let verified = verified.into_iter().enumerate();
        verified.map(|(index, record)| record.map_err(|error| (index, error))).collect()
    }

    /// Reads and verifies a record that is not known yet; before its signatures are verified, `allowed` is asked.
    fn verify_once<E: From<EnvelopeError>>(
        &self,
        bytes: &[u8],
        allowed: impl FnOnce(&Envelope) -> Result<(), E>,
    ) -> Result<Verified, E> {
        let fingerprint = Hash::plain(&[bytes]);
        if let Some(record) = lock(&self.0.verified).get(&fingerprint) {
            add(&self.0.counters.cache_hits, 1);
            return Ok(record);
        }
        let envelope = Envelope::decode(bytes)?;
        allowed(&envelope)?;
        let record = Verified::check(envelope, fingerprint)?;
        add(&self.0.counters.verified, 1);
        lock(&self.0.verified).insert(record.clone());
        Ok(record)
    }

    /// Lets a record wait for a block. One from a client must have been judged allowed, and counts against its
    /// author's quota. A record that is known already is left as it is.
    ///
    /// # Errors
    /// [`Rejection`] says what stands against it and what would cure it.
    pub fn admit(&self, record: Verified, origin: Origin, now: Timestamp) -> Result<Admission, Rejection> {
        let mut queue = lock(&self.0.queue);
        let admission = self.admit_to(&mut queue, record, &origin, now);
        self.publish_depth(&queue);
        admission
    }

    /// Lets many records of one origin wait, as [`Self::admit`] does each.
    pub fn admit_all(
        &self,
        records: impl IntoIterator<Item = Verified>,
        origin: &Origin,
        now: Timestamp,
    ) -> Vec<Result<Admission, Rejection>> {
        let mut queue = lock(&self.0.queue);
        let admissions =
            records.into_iter().map(|record| self.admit_to(&mut queue, record, origin, now)).collect();
        self.publish_depth(&queue);
        admissions
    }

    fn admit_to(
        &self,
        queue: &mut Queue,
        record: Verified,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Admission, Rejection> {
        if let Some(known) = queue.known(&record) {
            return Ok(known);
        }
        let length = record.bytes().len() as u64;
        let member = record.core().author;
        let rationed = match origin {
            Origin::Client => self.0.member_records.take(member, 1),
            // Its own node has rationed it.
            Origin::Node(_) => Ok(()),
        };
        rationed
            .map_err(|after| Rejection::MemberQuota { member, after })
            .and_then(|()| queue.admit(record, origin.clone(), now, &self.0.limits))
            .map_err(|rejection| self.0.counters.rejected(rejection))?;
        add(&self.0.counters.admitted, 1);
        if *origin == Origin::Client {
            self.0.own_bytes.send_modify(|bytes| *bytes += length);
        }
        Ok(Admission::New)
    }

    /// Tells what becomes of a record, once it is known: at once, if it is known or the record is not here.
    #[must_use]
    pub fn wait(&self, record: &Verified) -> oneshot::Receiver<Outcome> {
        lock(&self.0.queue).wait(record)
    }

    /// The next records for a proposal at `now`, within these bounds, in a fair order. They stay in the pool.
    #[must_use]
    pub fn take(&self, max_records: usize, max_bytes: usize, now: Timestamp) -> Vec<Verified> {
        lock(&self.0.queue).take(max_records, max_bytes, now)
    }

    /// Removes what a block brought, whatever signatures it bore: the ids and log indexes of its records.
    pub fn committed(&self, block: &[(Hash, u64)], height: u64) {
        add(&self.0.counters.committed, block.len());
        let mut queue = lock(&self.0.queue);
        queue.committed(block, height);
        self.publish_depth(&queue);
    }

    /// Removes a record that the rules refused.
    pub fn refuse(&self, record: &Verified, refusals: Vec<Refusal>) {
        let mut queue = lock(&self.0.queue);
        if queue.refuse(record, refusals).is_some() {
            add(&self.0.counters.refused, 1);
        }
        self.publish_depth(&queue);
    }

    /// Removes the records that no block from `now` on may bring.
    pub fn expire(&self, now: Timestamp) {
        let mut queue = lock(&self.0.queue);
        add(&self.0.counters.expired, queue.expire(now));
        self.publish_depth(&queue);
    }

    /// At most `limit` records that at least `blocks` blocks have passed over since they came or were last returned
    /// here, longest first: to be judged again, and refused if the state has moved on.
    #[must_use]
    pub fn stale(&self, blocks: u64, limit: usize) -> Vec<Verified> {
        lock(&self.0.queue).passed_over(blocks, limit)
    }

    /// Wakes those who watch the depth, if it has changed.
    fn publish_depth(&self, queue: &Queue) {
        self.0.depth.send_if_modified(|depth| std::mem::replace(depth, queue.len()) != queue.len());
    }

    /// How many records are waiting: is there work?
    #[must_use]
    pub fn depth(&self) -> watch::Receiver<usize> {
        self.0.depth.subscribe()
    }

    /// What the pool has done and what it holds.
    #[must_use]
    pub fn metrics(&self) -> PoolMetrics {
        let remembered = lock(&self.0.verified).len();
        let queue = lock(&self.0.queue);
        PoolMetrics {
            waiting: queue.len(),
            waiting_bytes: queue.bytes(),
            remembered,
            ..self.0.counters.snapshot()
        }
    }
}

/// What stands for one subscriber of a network: an IPv4 address, or the first half of an IPv6 address, whose second
/// half is the subscriber's to choose.
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

/// Locks. A panic while a lock is held leaves counts and maps at worst a record apart, and the pool is no truth.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
