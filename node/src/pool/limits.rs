//! Bound what a pool holds, and how fast it lets an address or a member fill it.

use std::num::NonZeroU32;

/// A steady rate, and how much may come at once after a rest.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Units a second in the long run.
    pub per_second: NonZeroU32,
    /// Units at once.
    pub burst: NonZeroU32,
}

impl Rate {
    /// A rate; zeros count as one.
    #[must_use]
    pub const fn new(per_second: u32, burst: u32) -> Self {
        Self { per_second: at_least_one(per_second), burst: at_least_one(burst) }
    }
}

const fn at_least_one(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

/// Bounds of one pool. Lengths are those of encoded envelopes; decoded, a record takes about four times as much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolLimits {
    /// Records waiting at once.
    pub records: usize,
    /// Bytes waiting at once.
    pub bytes: usize,
    /// Records of one author waiting at once, counted apart for every origin: a node that sends records in someone
    /// else's name fills only its own share.
    pub records_per_member: usize,
    /// Records that came from one other node, waiting at once.
    pub records_per_node: usize,
    /// Signatures an address may have verified: what a record costs before anyone knows whose it is.
    pub address_signatures: Rate,
    /// Bytes an address may send. A burst below 65,535 would keep out the longest records for good.
    pub address_bytes: Rate,
    /// Addresses told apart; while more are sending, all share one quota.
    pub addresses: usize,
    /// Records of a member that this node's own clients may have admitted.
    pub member_records: Rate,
    /// Members told apart; while more are sending, all share one quota.
    pub members: usize,
    /// Verified records remembered, so that none is verified twice.
    pub verified_records: usize,
    /// Bytes of verified records remembered.
    pub verified_bytes: usize,
    /// Outcomes remembered, for those who ask late.
    pub outcomes: usize,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self {
            records: 50_000,
            bytes: 64 << 20,
            records_per_member: 25_000,
            records_per_node: 25_000,
            address_signatures: Rate::new(2_000, 8_000),
            address_bytes: Rate::new(4 << 20, 16 << 20),
            addresses: 65_536,
            member_records: Rate::new(2_000, 8_000),
            members: 65_536,
            verified_records: 131_072,
            verified_bytes: 96 << 20,
            outcomes: 131_072,
        }
    }
}
