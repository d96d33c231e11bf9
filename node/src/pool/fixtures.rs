//! Make small signed records for tests.

use super::{Clock, Pool, PoolLimits};
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tongda_ledger::act::consent::Decline;
use tongda_ledger::envelope::{Core, Envelope};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PendingId, Timestamp};
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::vote::NetworkId;

/// The network that records here are for.
pub(super) const NETWORK: NetworkId = NetworkId(Hash([7; 32]));

/// A time long before records here expire.
pub(super) fn noon() -> Timestamp {
    at(1_000_000)
}

pub(super) fn at(milliseconds: u64) -> Timestamp {
    Timestamp::try_from(milliseconds).expect("within the years of a timestamp")
}

/// A record, as far as a test cares about it.
#[derive(Copy, Clone)]
pub(super) struct Sample {
    pub(super) author: u64,
    pub(super) number: u64,
    /// How many keys sign, from `first_key` on.
    pub(super) signatures: u8,
    pub(super) first_key: u8,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) network: NetworkId,
}

/// The record with this number of this author, signed by one key, valid at any time.
pub(super) fn sample(author: u64, number: u64) -> Sample {
    let (from, until) = (Timestamp::FIRST, Timestamp::LAST);
    Sample { author, number, signatures: 1, first_key: 1, from, until, network: NETWORK }
}

impl Sample {
    pub(super) fn envelope(self) -> Envelope {
        let author = MemberId::new(self.author, 0);
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&self.number.to_le_bytes());
        let core = Core {
            network: self.network,
            author,
            valid_from: self.from,
            valid_until: self.until,
            nonce,
            gather_until: None,
            expects: Default::default(),
            act: Decline {
                pending: PendingId::new(9, 0),
                reason: Some("a".repeat(300).parse().expect("a text")),
            }
            .into(),
        };
        let keys = (self.first_key..self.first_key + self.signatures).map(key);
        let signatures = keys.map(|key| core.sign(author, &key)).collect();
        Envelope::new(core, signatures).expect("a sample is an envelope")
    }

    pub(super) fn bytes(self) -> Bytes {
        Bytes::copy_from_slice(self.envelope().bytes())
    }

    /// The same, with a signature that does not verify.
    pub(super) fn forged(self) -> Bytes {
        let mut bytes = self.bytes().to_vec();
        *bytes.last_mut().expect("an envelope is not empty") ^= 1;
        bytes.into()
    }
}

pub(super) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

/// The network key of a node.
pub(super) fn node(seed: u8) -> Arc<PublicKey> {
    Arc::new(key(seed).public())
}

/// A clock that stands until it is moved on.
#[derive(Clone, Default)]
pub(super) struct TestClock(Arc<AtomicU64>);

impl TestClock {
    pub(super) fn advance(&self, by: Duration) {
        let nanoseconds = u64::try_from(by.as_nanos()).expect("a short time");
        self.0.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    pub(super) fn pool(&self, limits: PoolLimits) -> Pool {
        Pool::with_clock(limits, Clock::Set(self.0.clone()))
    }
}
