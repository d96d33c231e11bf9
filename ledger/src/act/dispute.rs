//! Acts on disputes (纠纷): a claim before a mediator, an authority or a court, its acceptance, result and performance
//! (PL 52, 65; CC on contracts).

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{CaseId, Date, LicenceId, MemberId, PartyId, PatentId, PledgeId};
use serde::{Deserialize, Serialize};

tagged! {
    /// What a dispute is about.
    #[derive(Copy)]
    pub enum CaseKind {
        /// An open licence, its fee above all (开放许可纠纷, PL 52).
        1 => OpenLicence,
        /// Infringement (侵权纠纷, PL 65).
        2 => Infringement,
        /// Who owns a patent (权属纠纷).
        3 => Ownership,
        /// The inventors' award and remuneration (奖励报酬纠纷).
        4 => InventorReward,
        /// A licence or pledge contract (合同纠纷).
        5 => Contract,
    }
}

/// Opens a case. Signed by the claimant. It changes nothing of the patents, licences and pledges that it is about; a
/// licence shows that it is in dispute.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Open {
    /// What it is about.
    pub kind: CaseKind,
    /// Who claims.
    pub claimant: MemberId,
    /// Against whom; at least one.
    pub respondents: List<PartyId, 16>,
    /// Before whom: a mediator, an authority or a court.
    pub forum: MemberId,
    /// The patents in dispute.
    pub patents: List<PatentId, 16>,
    /// The licences in dispute.
    pub licences: List<LicenceId, 16>,
    /// The pledges in dispute.
    pub pledges: List<PledgeId, 16>,
    /// Salted digest of claim and reasons.
    pub claim: Hash,
}

/// Accepts a case (受理). Signed by the forum.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Accept {
    /// The case.
    pub case: CaseId,
    /// The forum's own number of it.
    pub number: Text<120>,
    /// The day.
    pub on: Date,
    /// The last day for a result.
    pub until: Date,
}

tagged! {
    /// How a case ends.
    #[derive(Copy)]
    pub enum CaseOutcome {
        /// The parties have come to terms (调解, 和解).
        1 => Settled,
        /// A court, or for infringement an authority, has decided (判决, 裁决).
        2 => Decided,
        /// The claimant takes it back (撤回).
        3 => Withdrawn,
        /// The forum does not take it, or it has failed (不予受理, 驳回, 终止).
        4 => Dismissed,
    }
}

/// Enters a case's result. Signed by the forum; a settlement outside a court also by the parties; taken back by the
/// claimant.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Conclude {
    /// The case.
    pub case: CaseId,
    /// How it ends.
    pub outcome: CaseOutcome,
    /// Salted digest of settlement or decision, which these need.
    pub document: Option<Hash>,
    /// The last day for what was settled or decided, if something is to be done.
    pub perform_by: Option<Date>,
    /// The day.
    pub on: Date,
}

/// Enters that what was settled or decided has been done (履行). Signed by the claimant or the forum.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Perform {
    /// The case.
    pub case: CaseId,
    /// Salted digest of the evidence.
    pub evidence: Hash,
    /// The day.
    pub on: Date,
}
