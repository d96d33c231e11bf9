//! Acts on patents: entering them, and what happens to the right itself.

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{
    Classification, Date, IndustryCode, Money, PartyId, PatentId, PatentNumber, PublicationNumber, Rate,
};
use serde::{Deserialize, Serialize};

/// An owner and, where the co-owners have agreed on them, its share.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Owner {
    /// Who.
    pub party: PartyId,
    /// How much, in basis points; all owners' shares sum to 10,000, or none is given.
    pub share: Option<Rate>,
}

tagged! {
    /// Whether the patent has been granted when it is entered.
    #[derive(Copy)]
    pub enum Stage {
        /// An application that is still pending.
        1 => Application,
        /// Granted and announced, on this day if it is known.
        2 => Granted {
            /// The day of the grant's announcement (授权公告日).
            on: Option<Date>,
        },
    }
}

/// Enters a patent. By the registrar. What is unknown is left out, never made up.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Register {
    /// The application number, which is the patent's number.
    pub number: PatentNumber,
    /// The number under which it was published.
    pub publication: Option<PublicationNumber>,
    /// The title.
    pub title: Text<1200>,
    /// The day of filing, from which the term counts (PL 42).
    pub filing: Option<Date>,
    /// Granted or still pending.
    pub stage: Stage,
    /// The owners in the register's order; at least one.
    pub owners: List<Owner, 64>,
    /// Owners of whom nothing stands on the ledger (natural persons left out of a public listing).
    pub undisclosed_owners: u8,
    /// IPC symbol or, for designs, Locarno class.
    pub classification: Option<Classification>,
    /// Branch of the national economy.
    pub industry: Option<IndustryCode>,
    /// The invention application filed the same day for the same creation (PL 9), for a utility model.
    pub same_day: Option<PatentNumber>,
    /// Made with public research funds (财政资助).
    pub funded: bool,
    /// SHA-256 of the source's entry.
    pub source: Hash,
}

tagged! {
    /// What happens to an annuity.
    pub enum AnnuityEvent {
        /// It was due on this day and is not paid: the six months of grace run (Rule 115).
        1 => Overdue {
            /// The due date.
            due: Date,
        },
        /// It is paid.
        2 => Paid {
            /// What was paid.
            amount: Money,
            /// The reduction applied, in basis points; only one, the highest (Rule 87; Guidelines V.11 §8).
            reduction: Option<Rate>,
        },
    }
}

/// Enters an annuity's non-payment or payment. By the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Annuity {
    /// The patent.
    pub patent: PatentId,
    /// The patent year it is for, from 1.
    pub year: u8,
    /// What happened.
    pub event: AnnuityEvent,
    /// The day it happened.
    pub effective: Date,
}

tagged! {
    /// A change in the life of a patent.
    pub enum LifeEvent {
        /// Granted and announced.
        1 => Granted {
            /// The number of the grant's publication.
            publication: Option<PublicationNumber>,
        },
        /// Terminated for an unpaid annuity, as of its due date (PL 44; Rule 115).
        2 => Lapsed,
        /// Restored (Rule 6).
        3 => Restored,
        /// Its term has run out (PL 42).
        4 => Expired,
        /// Abandoned by its owners in writing (PL 44).
        5 => Abandoned,
        /// Declared wholly invalid, from the beginning (PL 46, 47).
        6 => Invalidated,
        /// Declared invalid in part.
        7 => PartlyInvalidated,
        /// An invalidation request has been accepted (PL 45).
        8 => InvalidationStarted,
        /// An invalidation has ended with the right upheld.
        9 => InvalidationEnded,
        /// The term is extended by decision (PL 42¶2–3).
        10 => TermExtended {
            /// The new last day.
            last: Date,
        },
    }
}

/// Enters a change in a patent's life. By the registrar; an abandonment also by all owners.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Life {
    /// The patent.
    pub patent: PatentId,
    /// What happened.
    pub event: LifeEvent,
    /// The day it has effect in law.
    pub effective: Date,
    /// Salted digest of the decision or request.
    pub document: Option<Hash>,
}

tagged! {
    /// Why procedures on a patent stand still.
    #[derive(Copy)]
    pub enum FreezeKind {
        /// A court's preservation (保全, Rule 104): at most six months each.
        1 => Preservation,
        /// Suspension in an ownership dispute (中止, Rule 103): at most one year, unless extended.
        2 => Suspension,
    }
}

/// Preserves a patent or suspends its procedures. By a court or the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Freeze {
    /// The patent.
    pub patent: PatentId,
    /// Which of the two.
    pub kind: FreezeKind,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// The case, as the court or office numbers it.
    pub case: Text<200>,
}

/// Lifts a preservation or suspension before its last day. By a court or the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Unfreeze {
    /// The patent.
    pub patent: PatentId,
    /// Which of the two.
    pub kind: FreezeKind,
    /// Why.
    pub reason: Text<600>,
}

/// Enters the evaluation report of a utility model or design. By the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Evaluation {
    /// The patent.
    pub patent: PatentId,
    /// Whether the report finds that the conditions of grant are met.
    pub positive: bool,
    /// The report's number.
    pub number: Text<60>,
    /// Its digest.
    pub digest: Hash,
}

/// Records the co-owners' shares and the digest of their agreement (PL 14). Signed by all owners.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CoOwnership {
    /// The patent.
    pub patent: PatentId,
    /// All owners with their shares, summing to 10,000.
    pub owners: List<Owner, 64>,
    /// Salted digest of the agreement.
    pub agreement: Hash,
}

tagged! {
    /// A correction of one entry.
    pub enum Correction {
        /// Another title.
        1 => Title {
            /// The right one.
            title: Text<1200>,
        },
        /// Another filing date, or one that was unknown.
        2 => Filing {
            /// The right one.
            filing: Date,
        },
        /// Another grant date, or one that was unknown.
        3 => Grant {
            /// The right one.
            grant: Date,
        },
        /// Another classification.
        4 => Class {
            /// The right one.
            classification: Classification,
        },
        /// Another publication number.
        5 => Publication {
            /// The right one.
            publication: PublicationNumber,
        },
        /// Owners that had been undisclosed are entered, or a wrong entry is put right.
        6 => Owners {
            /// All owners.
            owners: List<Owner, 64>,
            /// Owners still undisclosed.
            undisclosed: u8,
        },
    }
}

/// Corrects an entry of the register; the earlier record stays in the log. By the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Correct {
    /// The patent.
    pub patent: PatentId,
    /// What is corrected.
    pub correction: Correction,
    /// Why.
    pub reason: Text<600>,
}
