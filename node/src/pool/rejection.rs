//! Say that a record is not taken into the pool, and what would cure it.

use std::time::Duration;
use tongda_ledger::codec::RECORD_LIMIT;
use tongda_ledger::envelope::EnvelopeError;
use tongda_ledger::identifier::{MemberId, Timestamp};

/// Why a record is not taken into the pool. Not a refusal: the rules have not been asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Longer than any record may be.
    #[error(
        "the record has {0} bytes; at most {RECORD_LIMIT} are allowed: keep documents elsewhere and write their digests"
    )]
    TooLong(usize),
    /// Not an envelope, or a signature that does not verify.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The address has used up its quota.
    #[error("this address sends faster than its quota; send again in {}", seconds(.0))]
    AddressQuota(Duration),
    /// The author has used up its quota.
    #[error("{member} sends faster than its quota; send again in {}", seconds(.after))]
    MemberQuota {
        /// The author.
        member: MemberId,
        /// When there is room again.
        after: Duration,
    },
    /// As many records of the author are waiting as may.
    #[error("{limit} records of {member} are waiting for a block; send again when some are in one")]
    MemberShare {
        /// The author.
        member: MemberId,
        /// How many may wait.
        limit: usize,
    },
    /// As many records from the node are waiting as may.
    #[error("{0} records from this node are waiting for a block; send again when some are in one")]
    NodeShare(usize),
    /// The pool is full.
    #[error("this node holds as many waiting records as it can; send again in a moment, or to another node")]
    Full,
    /// Its window has passed.
    #[error("the record counted until {0}; sign it again with a later window")]
    Expired(Timestamp),
    /// Its window lies ahead.
    #[error("the record counts from {from}; send it again in {}", seconds(.after))]
    NotYetValid {
        /// The window's beginning.
        from: Timestamp,
        /// How long until then.
        after: Duration,
    },
}

/// How long to stay away when it depends on blocks, not on a clock.
const A_FEW_BLOCKS: Duration = Duration::from_secs(1);

impl Rejection {
    /// When to try the same record again; `None` if that is of no use.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooLong(_) | Self::Envelope(_) | Self::Expired(_) => None,
            Self::AddressQuota(after) | Self::MemberQuota { after, .. } | Self::NotYetValid { after, .. } => {
                Some(*after)
            }
            Self::MemberShare { .. } | Self::NodeShare(_) | Self::Full => Some(A_FEW_BLOCKS),
        }
    }

    /// A short name for the reason, for metrics and for wording in other languages.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::TooLong(_) => "too_long",
            Self::Envelope(EnvelopeError::Signature { .. }) => "signature",
            Self::Envelope(_) => "malformed",
            Self::AddressQuota(_) => "address_quota",
            Self::MemberQuota { .. } => "member_quota",
            Self::MemberShare { .. } => "member_share",
            Self::NodeShare(_) => "node_share",
            Self::Full => "full",
            Self::Expired(_) => "expired",
            Self::NotYetValid { .. } => "not_yet_valid",
        }
    }
}

/// Whole seconds, rounded up: what `Retry-After` can say.
fn seconds(after: &Duration) -> String {
    format!("{} s", after.as_millis().div_ceil(1000).max(1))
}
