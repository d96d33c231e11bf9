//! Patent pools: their members, their patents, what they distributed.

use super::key::stored;
use crate::act::pool::{PoolShare, PoolShareRule};
use crate::codec::{Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, Money, PatentId, PoolId, RecordId, Term};
use serde::{Deserialize, Serialize};

/// A pool.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Pool {
    /// Its name.
    pub name: Text<300>,
    /// Digest of its rules.
    pub rules: Hash,
    /// Who administers it.
    pub administrator: MemberId,
    /// How royalties are shared.
    pub share_rule: PoolShareRule,
    /// Its members now.
    pub members: List<MemberId, 64>,
    /// How many patents are in it.
    pub patents: u16,
    /// The day it was formed.
    pub formed: Date,
    /// The last day up to which royalties have been distributed.
    pub distributed: Option<Date>,
    /// The record that dissolved it.
    pub dissolved: Option<RecordId>,
}
stored!(Pool, 75, PoolId);

/// A member of a pool, also one that has left.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PoolMember {
    /// The patents that it has in the pool.
    pub patents: List<PatentId, 64>,
    /// The day it joined.
    pub joined: Date,
    /// The day it left.
    pub left: Option<Date>,
}
stored!(PoolMember, 76, (PoolId, MemberId));

/// The pools that a patent is in; there is no value while it is in none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PoolsOf {
    /// The pools, oldest first.
    pub pools: List<PoolId, 16>,
}
stored!(PoolsOf, 77, PatentId);

/// A distribution of royalties.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PoolDistribution {
    /// The pool.
    pub pool: PoolId,
    /// The period.
    pub period: Term,
    /// What was distributed.
    pub total: Money,
    /// To whom.
    pub shares: List<PoolShare, 128>,
}
stored!(PoolDistribution, 78, RecordId);
