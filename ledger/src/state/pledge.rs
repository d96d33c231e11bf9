//! Pledges, the consents that pledgees give in advance, what pledgees are told, and how pledges are realised.

use super::key::stored;
use crate::act::ActKind;
use crate::act::pledge::{DebtKind, RegistrationBar, ReleaseCause};
use crate::act::realisation::{DisposalMode, ProceedsSplit};
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, Money, PartyId, PatentId, PledgeId, RecordId, RecordalNumber, Term};
use serde::{Deserialize, Serialize};

tagged! {
    /// Where a pledge stands.
    #[derive(Copy)]
    pub enum PledgeState {
        /// Applied for; the right has not arisen.
        1 => Applied,
        /// Registered: the right exists.
        2 => Registered,
        /// Released.
        3 => Released {
            /// Why.
            cause: ReleaseCause,
            /// The day.
            on: Date,
        },
        /// Its registration was revoked: void from the registration's day on.
        4 => Revoked {
            /// What was found.
            ground: RegistrationBar,
            /// The day of the decision.
            on: Date,
        },
    }
}

/// A pledge.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Pledge {
    /// The patents.
    pub patents: List<PatentId, 32>,
    /// Who pledges.
    pub pledgors: List<PartyId, 64>,
    /// Who is secured.
    pub pledgee: MemberId,
    /// What kind of debt.
    pub debt: DebtKind,
    /// Salted digest of amount and contract.
    pub contract: Hash,
    /// The debt's term.
    pub debt_term: Term,
    /// What is secured.
    pub scope: Text<600>,
    /// The maximum amount, if it is a maximum-amount pledge.
    pub maximum: Option<Money>,
    /// The parties insisted in spite of a same-day application.
    pub insist_same_day: bool,
    /// The parties insisted in spite of an invalidation.
    pub insist_invalidation: bool,
    /// The pledgee agreed that open licensing continues.
    pub open_continues: bool,
    /// The day it was applied for: it is not registered as of an earlier one.
    pub applied: Date,
    /// The registration's number and day.
    pub registration: Option<(RecordalNumber, Date)>,
    /// Where it stands.
    pub state: PledgeState,
}
stored!(Pledge, 19, PledgeId);

/// A pledgee's consent in advance to one kind of act, by pledge and kind.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PledgeConsent {
    /// Salted digest of the conditions.
    pub conditions: Option<Hash>,
    /// The last day.
    pub until: Date,
}
stored!(PledgeConsent, 20, (PledgeId, ActKind));

/// The latest change of a pledge.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PledgeChanged {
    /// The record.
    pub by: RecordId,
    /// The day it was agreed.
    pub agreed: Date,
    /// The day it was registered.
    pub on: Date,
    /// Whether it came later than the measures allow.
    pub late: bool,
}

/// A default of the secured debt.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct DefaultStated {
    /// The record.
    pub by: RecordId,
    /// The day of the default.
    pub on: Date,
    /// Salted digest of the evidence.
    pub evidence: Hash,
    /// The compensation that a fund paid for it.
    pub compensated: Option<RecordId>,
}

/// What has happened to a pledge since its registration; there is no value while nothing has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PledgeCourse {
    /// Notices to the pledgee: they are numbered from 0.
    pub notices: u32,
    /// Changes.
    pub changes: u32,
    /// The latest of them.
    pub change: Option<PledgeChanged>,
    /// The day on which a maximum-amount pledge's debt was fixed, if that was entered (CC 423).
    pub fixed: Option<Date>,
    /// The default, if one is stated and not cured.
    pub default: Option<DefaultStated>,
    /// The records of disposals.
    pub disposals: List<RecordId, 32>,
}
stored!(PledgeCourse, 40, PledgeId);

impl PledgeCourse {
    /// The day on which the debt of a maximum-amount pledge was fixed: as entered, or with its term's end (CC 423).
    #[must_use]
    pub fn fixed_on(&self, pledge: &Pledge, today: Date) -> Option<Date> {
        let last = pledge.debt_term.last();
        self.fixed.or_else(|| (last < today).then_some(last))
    }
}

tagged! {
    /// What a pledgee is told of a pledged patent (PG-6).
    #[derive(Copy)]
    pub enum NoticeCause {
        /// An annuity is overdue.
        1 => AnnuityOverdue,
        /// The right lapsed for an unpaid annuity.
        2 => Lapsed,
        /// It was restored.
        3 => Restored,
        /// It was abandoned.
        4 => Abandoned,
        /// Its term ran out.
        5 => Expired,
        /// An invalidation was started.
        6 => InvalidationStarted,
        /// The right was declared partly invalid.
        7 => PartlyInvalidated,
        /// The right was declared wholly invalid.
        8 => Invalidated,
        /// A court preserved it.
        9 => Preserved,
        /// Its procedures were suspended.
        10 => Suspended,
    }
}

/// A notice to a pledgee, made by the ledger itself, by pledge and number.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PledgeNotice {
    /// The patent.
    pub patent: PatentId,
    /// What happened.
    pub cause: NoticeCause,
    /// The record that says so, or the seal of the block in which time did it.
    pub record: RecordId,
    /// The day the ledger knew.
    pub on: Date,
}
stored!(PledgeNotice, 41, (PledgeId, u32));

/// A disposal of pledged patents, by the record that entered it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Disposal {
    /// The pledge.
    pub pledge: PledgeId,
    /// The patents.
    pub patents: List<PatentId, 32>,
    /// How.
    pub mode: DisposalMode,
    /// What it fetched.
    pub proceeds: ProceedsSplit,
    /// Who takes the patents.
    pub buyer: PartyId,
    /// Salted digest of the document.
    pub document: Hash,
    /// The day.
    pub on: Date,
}
stored!(Disposal, 42, RecordId);
