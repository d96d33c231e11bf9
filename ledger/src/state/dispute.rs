//! Disputes: cases, and which licences are in dispute.

use super::key::stored;
use crate::act::dispute::{CaseKind, CaseOutcome};
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{CaseId, Date, LicenceId, MemberId, PartyId, PatentId, PledgeId};
use serde::{Deserialize, Serialize};

tagged! {
    /// Where a case stands.
    #[derive(Copy)]
    pub enum CaseState {
        /// Opened; the forum has not accepted it.
        1 => Opened,
        /// Accepted.
        2 => Accepted {
            /// The day.
            on: Date,
            /// The last day for a result.
            until: Date,
        },
        /// It has a result.
        3 => Concluded {
            /// Which.
            outcome: CaseOutcome,
            /// The day.
            on: Date,
            /// The last day for performance, if something is to be done.
            perform_by: Option<Date>,
            /// Whether the result came after the last day for it.
            late: bool,
        },
        /// What was settled or decided has been done.
        4 => Performed {
            /// The day.
            on: Date,
            /// Whether that was after the last day for it.
            late: bool,
        },
    }
}

/// A case (案件).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct DisputeCase {
    /// What it is about.
    pub kind: CaseKind,
    /// Who claims.
    pub claimant: MemberId,
    /// Against whom.
    pub respondents: List<PartyId, 16>,
    /// Before whom.
    pub forum: MemberId,
    /// The patents.
    pub patents: List<PatentId, 16>,
    /// The licences.
    pub licences: List<LicenceId, 16>,
    /// The pledges.
    pub pledges: List<PledgeId, 16>,
    /// Salted digest of the claim.
    pub claim: Hash,
    /// The day it was opened.
    pub opened: Date,
    /// The forum's number of it, once accepted.
    pub number: Option<Text<120>>,
    /// Salted digest of settlement or decision.
    pub document: Option<Hash>,
    /// Where it stands.
    pub state: CaseState,
}
stored!(DisputeCase, 50, CaseId);

impl DisputeCase {
    /// Whether something was to be done by a day that is over, and has not been entered as done.
    #[must_use]
    pub fn is_unperformed(&self, on: Date) -> bool {
        match self.state {
            CaseState::Concluded { perform_by, .. } => perform_by.is_some_and(|last| last < on),
            CaseState::Opened | CaseState::Accepted { .. } | CaseState::Performed { .. } => false,
        }
    }
}

/// The open cases about a licence; there is no value while there is none.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct LicenceDisputes {
    /// Cases without a result.
    pub open: u32,
    /// The case opened latest.
    pub latest: CaseId,
}
stored!(LicenceDisputes, 51, LicenceId);
