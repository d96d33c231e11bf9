//! Acts on patent pools (专利池): members put patents together and share what comes in (plan §3).

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{MemberId, Money, PatentId, PoolId, Term};
use serde::{Deserialize, Serialize};

tagged! {
    /// How royalties are shared.
    #[derive(Copy)]
    pub enum PoolShareRule {
        /// Alike among members.
        1 => ByMember,
        /// By the patents each has in the pool.
        2 => ByPatent,
        /// As the pool's rules say in detail.
        3 => ByRules,
    }
}

/// A founding member with the patents it brings.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PoolFounder {
    /// The member.
    pub member: MemberId,
    /// Its patents; at least one.
    pub patents: List<PatentId, 64>,
}

/// Forms a pool. Signed by the administrator, all founding members, all owners of their patents and the pledgees.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Form {
    /// Its name.
    pub name: Text<300>,
    /// Digest of its rules.
    pub rules: Hash,
    /// Who administers it.
    pub administrator: MemberId,
    /// How royalties are shared.
    pub share_rule: PoolShareRule,
    /// Its founding members; at least two.
    pub founders: List<PoolFounder, 64>,
}

/// Joins a pool, or brings more patents. Signed by the member, the administrator, all owners of the patents and the
/// pledgees.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Join {
    /// The pool.
    pub pool: PoolId,
    /// The member.
    pub member: MemberId,
    /// Its patents; at least one.
    pub patents: List<PatentId, 64>,
}

/// Takes patents out of a pool; without any named, the member leaves with all. Licences that were granted stay in force
/// until they end. By the member; a patent that has been transferred since, also by its owner.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Leave {
    /// The pool.
    pub pool: PoolId,
    /// The member that brought them.
    pub member: MemberId,
    /// The patents; none for all.
    pub patents: List<PatentId, 64>,
}

/// What a member receives.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PoolShare {
    /// The member; one that has left may still be due.
    pub member: MemberId,
    /// How much.
    pub amount: Money,
}

/// Distributes the royalties of a period. By the administrator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Distribute {
    /// The pool.
    pub pool: PoolId,
    /// The period; it is over, and begins after the one before.
    pub period: Term,
    /// What is distributed.
    pub total: Money,
    /// To whom; the amounts sum to the total.
    pub shares: List<PoolShare, 128>,
}

/// Dissolves a pool: its patents are free of it, licences that were granted stay. Signed by the administrator and all
/// members.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Dissolve {
    /// The pool.
    pub pool: PoolId,
    /// Why.
    pub reason: Text<600>,
}
