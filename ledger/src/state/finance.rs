//! Finance instruments, the royalty streams that are assigned to them, insurance claims and loan lines.

use super::key::stored;
use crate::act::finance::{InstrumentEnd, InstrumentKind};
use crate::codec::{Decode, Encode, List, tagged};
use crate::hash::Hash;
use crate::identifier::{
    Date, InstrumentId, LicenceId, MemberId, PatentId, PledgeId, RecordId, Term, ValuationId,
};
use serde::{Deserialize, Serialize};

tagged! {
    /// Where an instrument stands.
    #[derive(Copy)]
    pub enum InstrumentState {
        /// In its term, or over and not yet ended.
        1 => Running,
        /// Ended.
        2 => Finished {
            /// Why.
            cause: InstrumentEnd,
            /// The day.
            on: Date,
        },
    }
}

/// A finance instrument.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Instrument {
    /// What kind.
    pub kind: InstrumentKind,
    /// Who is insured, or raises the money.
    pub issuer: MemberId,
    /// The insurer, manager, investor or bank.
    pub partner: MemberId,
    /// Patents.
    pub patents: List<PatentId, 32>,
    /// Licences.
    pub licences: List<LicenceId, 32>,
    /// The valuation it rests on.
    pub valuation: Option<ValuationId>,
    /// Salted digest of the contract.
    pub contract: Hash,
    /// From when to when.
    pub term: Term,
    /// The day it was entered.
    pub entered: Date,
    /// Insurance claims that are not answered.
    pub claims: u16,
    /// Where it stands.
    pub state: InstrumentState,
}
stored!(Instrument, 46, InstrumentId);

impl Instrument {
    /// Whether it has not ended and its term is not over.
    #[must_use]
    pub fn is_running(&self, on: Date) -> bool {
        self.state == InstrumentState::Running && on <= self.term.last()
    }
}

/// An income that is assigned to an instrument.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Stream {
    /// The instrument.
    pub instrument: InstrumentId,
    /// The licence whose royalties they are; none means the patent's whole income.
    pub licence: Option<LicenceId>,
}

impl Stream {
    /// Whether both contain one income: the same licence's, or one of them is the whole.
    #[must_use]
    pub fn overlaps(&self, licence: Option<LicenceId>) -> bool {
        self.licence.is_none() || licence.is_none() || self.licence == licence
    }
}

/// The incomes of a patent that are assigned to instruments which have not been ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct StreamList {
    /// The streams.
    pub streams: List<Stream, 64>,
}
stored!(StreamList, 47, PatentId);

impl StreamList {
    /// Streams of one patent at most.
    pub const LIMIT: usize = 64;
}

tagged! {
    /// Where an insurance claim stands.
    #[derive(Copy)]
    pub enum ClaimState {
        /// Not answered.
        1 => Unanswered,
        /// Paid.
        2 => Paid {
            /// Salted digest of the payment.
            payment: Hash,
        },
        /// Declined.
        3 => Declined {
            /// Salted digest of the reasons.
            reasons: Hash,
        },
        /// Taken back.
        4 => Withdrawn,
    }
}

/// A claim under an insurance policy, by the record that made it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct InsuranceClaim {
    /// The policy.
    pub instrument: InstrumentId,
    /// The day of the insured event.
    pub event: Date,
    /// Salted digest of the loss.
    pub loss: Hash,
    /// Salted digest of the evidence.
    pub evidence: Hash,
    /// Where it stands.
    pub state: ClaimState,
}
stored!(InsuranceClaim, 48, RecordId);

/// A loan line beside a pledge, by the record that entered it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CreditLine {
    /// The pledge.
    pub pledge: PledgeId,
    /// The bank.
    pub bank: MemberId,
    /// Salted digest of amount and conditions.
    pub line: Hash,
    /// From when to when it can be drawn.
    pub term: Term,
    /// The valuation it rests on.
    pub valuation: Option<ValuationId>,
    /// The direct investment beside it.
    pub investment: Option<InstrumentId>,
}
stored!(CreditLine, 49, RecordId);
