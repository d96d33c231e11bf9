//! Pledges, and the consents that pledgees give in advance.

use super::key::stored;
use crate::act::ActKind;
use crate::act::pledge::{DebtKind, ReleaseCause};
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, Money, PartyId, PatentId, PledgeId, RecordalNumber, Term};
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
