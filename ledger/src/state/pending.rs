//! Pending acts: allowed but for consents that are still to come.

use super::key::{ActBody, stored};
use super::{Patent, PatentStatus};
use crate::act::{Act, ActError, ActKind};
use crate::codec::{Decode, Encode, List, encode, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, LicenceId, MemberId, PatentId, PendingId, RecordId, Timestamp};
use serde::{Deserialize, Serialize};

tagged! {
    /// Where a pending act stands.
    #[derive(Copy)]
    pub enum PendingState {
        /// Waiting for consents.
        1 => Waiting,
        /// The last consent came, and the act took effect with this record.
        2 => Effective {
            /// The record of the last consent.
            by: RecordId,
        },
        /// A party declined.
        3 => Declined {
            /// Who.
            by: MemberId,
        },
        /// Its time was over.
        4 => Lapsed,
        /// What it was agreed over has changed, so it lapsed.
        5 => Stale,
    }
}

/// What consents rest on: if the owners, pledge or life of a patent change, or an exclusive or sole licence comes, a
/// consent no longer holds. What passing time changes is taken from dates, and licences that only end disturb nobody.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Substance {
    /// The patent.
    pub patent: PatentId,
    /// SHA-256 over owners, life, term, declaration and pledge.
    pub digest: Hash,
    /// The newest exclusive or sole licence.
    pub licence: Option<LicenceId>,
}

impl Substance {
    /// The substance of a patent on this day.
    #[must_use]
    pub fn of(id: PatentId, patent: &Patent, status: &PatentStatus, on: Date) -> Self {
        let rights = (status.declaration, status.open, status.pledge);
        let life = (status.life_on(on), status.term_last);
        let bytes = encode(&(&patent.owners, patent.undisclosed_owners, life, rights));
        let licence = status.exclusive_latest.max(status.sole_latest);
        Self { patent: id, digest: Hash::plain(&[&bytes]), licence }
    }

    /// Whether a consent over this substance still holds over that one. Ids ascend, so a newer licence shows.
    #[must_use]
    pub fn holds_over(&self, now: &Self) -> bool {
        self.digest == now.digest && now.licence <= self.licence
    }
}

/// An act that waits for consents.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Pending {
    /// Who proposed it.
    pub author: MemberId,
    /// Its kind.
    pub kind: ActKind,
    /// The schema of its body.
    pub schema: u8,
    /// Its body.
    pub body: ActBody,
    /// Who has signed or consented.
    pub given: List<MemberId, 128>,
    /// Who still has to.
    pub missing: List<MemberId, 128>,
    /// The patents as they were.
    pub substance: List<Substance, 64>,
    /// The rule set it was checked under.
    pub rule_set: u16,
    /// The last instant for consents.
    pub deadline: Timestamp,
    /// Where it stands.
    pub state: PendingState,
}
stored!(
    Pending,
    21,
    PendingId,
    due | pending | (pending.state == PendingState::Waiting).then(|| pending.deadline.plus_milliseconds(1))
);

impl Pending {
    /// The act that waits.
    ///
    /// # Errors
    /// [`ActError`] when the stored bytes are none, which means that the state is corrupt.
    pub fn act(&self) -> Result<Act, ActError> {
        Act::from_parts(self.kind.family, self.kind.kind, self.schema, &self.body)
    }
}
