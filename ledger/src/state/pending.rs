//! Pending acts: allowed but for consents that are still to come.

use super::key::{ActBody, stored};
use super::{Patent, PatentStatus};
use crate::act::{Act, ActError, ActKind};
use crate::codec::{Decode, Encode, List, encode, tagged};
use crate::hash::Hash;
use crate::identifier::{MemberId, PatentId, PendingId, RecordId, Timestamp};
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

/// What consents rest on: if the owners, pledge, life or licences of a patent change, a consent no longer holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Substance {
    /// The patent.
    pub patent: PatentId,
    /// SHA-256 over owners, life, term, declaration, exclusive and sole licences and pledge.
    pub digest: Hash,
}

impl Substance {
    /// The substance of a patent now.
    #[must_use]
    pub fn of(id: PatentId, patent: &Patent, status: &PatentStatus) -> Self {
        let licences = (status.exclusive, status.exclusive_latest, status.sole, status.sole_latest);
        let rights = (status.declaration, status.open, licences, status.pledge);
        let bytes = encode(&(&patent.owners, patent.undisclosed_owners, status.life, status.term_last, rights));
        Self { patent: id, digest: Hash::plain(&[&bytes]) }
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
stored!(Pending, 21, PendingId, due |pending| (pending.state == PendingState::Waiting).then(|| pending.deadline.plus_milliseconds(1)));

impl Pending {
    /// The act that waits.
    ///
    /// # Errors
    /// [`ActError`] when the stored bytes are none, which means that the state is corrupt.
    pub fn act(&self) -> Result<Act, ActError> {
        Act::from_parts(self.kind.family, self.kind.kind, self.schema, &self.body)
    }
}
