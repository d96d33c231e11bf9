//! Matching: pushes, the feedback on them, demands.

use super::key::stored;
use crate::act::matching::{BudgetBand, CooperationWish, DemandOutcome};
use crate::codec::{Decode, Encode, Text};
use crate::hash::Hash;
use crate::identifier::{Date, DemandId, IndustryCode, MemberId, PatentId, PushId, RecordId};
use serde::{Deserialize, Serialize};

/// A push of patents to enterprises.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct MatchPush {
    /// The exchange.
    pub exchange: MemberId,
    /// How many patents.
    pub patents: u32,
    /// The root over them.
    pub patents_root: Hash,
    /// The industry.
    pub segment: IndustryCode,
    /// How many recipients.
    pub recipients: u32,
    /// The root over them.
    pub recipients_root: Hash,
    /// By what algorithm they were matched.
    pub algorithm: Text<120>,
    /// Digest of its version.
    pub version: Hash,
    /// The day.
    pub on: Date,
    /// Feedback that came.
    pub feedback: u32,
}
stored!(MatchPush, 68, PushId);

/// Feedback on a pushed patent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct MatchFeedback {
    /// The push.
    pub push: PushId,
    /// The patent.
    pub patent: PatentId,
    /// The enterprise.
    pub member: MemberId,
    /// The prospect, 1 to 5.
    pub prospect: u8,
    /// What would have to be improved.
    pub improvement: Option<Text<2000>>,
    /// Whether it would cooperate.
    pub cooperation: CooperationWish,
    /// The day.
    pub on: Date,
}
stored!(MatchFeedback, 69, RecordId);

/// Which feedback an enterprise gave on a patent of a push: it gives one.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct FeedbackGiven {
    /// The feedback.
    pub record: RecordId,
}
stored!(FeedbackGiven, 70, (PushId, MemberId, PatentId));

/// What an enterprise looks for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Demand {
    /// The enterprise.
    pub enterprise: MemberId,
    /// The problem to be solved.
    pub problem: Text<3000>,
    /// The industry.
    pub industry: IndustryCode,
    /// What it would spend.
    pub budget: BudgetBand,
    /// Whether it would have it developed together.
    pub joint: bool,
    /// The day it was posted.
    pub posted: Date,
    /// The last day.
    pub until: Date,
    /// How it ended, if it was ended.
    pub outcome: Option<DemandOutcome>,
}
stored!(Demand, 71, DemandId);
