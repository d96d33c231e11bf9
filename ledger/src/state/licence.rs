//! Licences, and the list of a patent's licences that have not ended.

use super::key::stored;
use crate::act::licence::{CompulsoryGround, EndCause, FeeClass, LicenceKind, Scope};
use crate::codec::{self, Decode, Encode, List, tagged};
use crate::hash::Hash;
use crate::identifier::{
    Date, LicenceId, MemberId, NoticeId, PartyId, PatentId, PledgeId, RecordId, RecordalNumber, Term,
    Timestamp,
};
use serde::{Deserialize, Serialize};

tagged! {
    /// Where a licence comes from.
    #[derive(Copy)]
    pub enum LicenceOrigin {
        /// A contract.
        1 => Contract,
        /// An open licence, by this notice.
        2 => Open {
            /// The notice.
            notice: NoticeId,
        },
        /// A sublicence under another licence.
        3 => Sublicence {
            /// The licence above it.
            under: LicenceId,
        },
        /// The authority's decision.
        4 => Compulsory {
            /// Why.
            ground: CompulsoryGround,
        },
    }
}

tagged! {
    /// Where a licence stands.
    #[derive(Copy)]
    pub enum LicenceState {
        /// In force, or to be from its first day.
        1 => Active,
        /// Its term has run out.
        2 => Expired,
        /// Ended before.
        3 => Ended {
            /// Why.
            cause: EndCause,
            /// From which day.
            on: Date,
        },
        /// Ended with the licence above it.
        4 => EndedWith {
            /// That licence.
            above: LicenceId,
            /// From which day.
            on: Date,
        },
    }
}

/// A recordal (备案).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Recorded {
    /// Its number.
    pub number: RecordalNumber,
    /// The day.
    pub on: Date,
    /// Whether it came later than three months after the licence's effect (Rule 15¶2).
    pub late: bool,
}

/// A licence.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Licence {
    /// The patents.
    pub patents: List<PatentId, 32>,
    /// Who granted it.
    pub licensors: List<PartyId, 64>,
    /// Who may use.
    pub licensee: MemberId,
    /// Ordinary, sole or exclusive.
    pub kind: LicenceKind,
    /// Where, for what, how.
    pub scope: Scope,
    /// From when to when.
    pub term: Term,
    /// Whether the licensee may sublicense.
    pub sublicence: bool,
    /// Kind of fee.
    pub fee: FeeClass,
    /// Where it comes from.
    pub origin: LicenceOrigin,
    /// The day it took effect.
    pub effective: Date,
    /// Salted digest of the contract; an open licence has none beside its notice and payment.
    pub contract: Option<Hash>,
    /// Earlier ordinary licences that stand beside it by the contract's own words.
    pub beside: List<LicenceId, 32>,
    /// The pledges that stood on the patents when it was granted, to which their pledgees agreed.
    pub pledges: List<PledgeId, 32>,
    /// Its recordal.
    pub recorded: Option<Recorded>,
    /// Where it stands.
    pub state: LicenceState,
}
stored!(Licence, 15, LicenceId, due | licence | licence.next_due());

impl Licence {
    /// Whether it is in its term and has not ended.
    #[must_use]
    pub fn is_active(&self, on: Date) -> bool {
        self.state == LicenceState::Active && on <= self.term.last()
    }

    /// Whether the authority granted it, not the owners.
    #[must_use]
    pub const fn is_compulsory(&self) -> bool {
        matches!(self.origin, LicenceOrigin::Compulsory { .. })
    }

    /// The last day it is or was in force.
    #[must_use]
    pub fn last_day(&self) -> Date {
        match self.state {
            LicenceState::Active | LicenceState::Expired => self.term.last(),
            LicenceState::Ended { on, .. } | LicenceState::EndedWith { on, .. } => on.min(self.term.last()),
        }
    }

    fn next_due(&self) -> Option<Timestamp> {
        (self.state == LicenceState::Active).then(|| Timestamp::start_of(self.term.last().next()))
    }
}

/// A patent's licences that have not ended, in chunks keyed by patent and number; chunk 0 comes first.
#[derive(Clone, Debug, PartialEq, Eq, Default, Encode, Decode, Serialize, Deserialize)]
pub struct LicenceList {
    /// The licences.
    pub licences: List<LicenceId, 256>,
}
stored!(LicenceList, 16, (PatentId, u32));

/// A recordal or registration number that has been given: it is given once.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct RecordalTaken {
    /// The record that gave it.
    pub record: RecordId,
}
stored!(RecordalTaken, 17, Hash);

impl RecordalTaken {
    /// The key of a number: SHA-256 over its canonical bytes.
    #[must_use]
    pub fn key_of(number: RecordalNumber) -> Hash {
        Hash::plain(&[&codec::encode(&number)])
    }
}

/// The cancellation of an ended licence's recordal, by the licence.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct RecordalCancelled {
    /// The record that cancelled it.
    pub record: RecordId,
    /// The day.
    pub on: Date,
    /// Whether it came later than thirty days after the licence's end (许可备案办法 art. 18).
    pub late: bool,
}
stored!(RecordalCancelled, 31, LicenceId);

/// The members that a licence binds as licensors until it ends, by the licence: they stay bound when the patent changes
/// hands, and who is bound cannot leave.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct LicensorsBound {
    /// The members, as they were linked to the licensors when the licence was granted.
    pub members: List<MemberId, 64>,
}
stored!(LicensorsBound, 35, LicenceId);
