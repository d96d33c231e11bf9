//! Acts on finance with patents (知识产权金融): insurance, securitisation, equity-linked funding, loan lines.

use crate::codec::{Decode, Encode, List, tagged};
use crate::hash::Hash;
use crate::identifier::{
    Date, InstrumentId, LicenceId, MemberId, PatentId, PledgeId, RecordId, Term, ValuationId,
};
use serde::{Deserialize, Serialize};

tagged! {
    /// What an insurance policy covers (知识产权保险).
    #[derive(Copy)]
    pub enum InsuranceCover {
        /// The licence's income or performance (许可险).
        1 => Licence,
        /// The commercialisation (转化险).
        2 => Commercialisation,
        /// Claims abroad (海外险).
        3 => Overseas,
        /// Infringement by others (侵权险).
        4 => Infringement,
    }
}

tagged! {
    /// What kind of instrument.
    #[derive(Copy)]
    pub enum InstrumentKind {
        /// An insurance policy.
        1 => Insurance {
            /// What it covers.
            cover: InsuranceCover,
        },
        /// Royalty streams are assigned to a securitisation (知识产权证券化).
        2 => Securitisation,
        /// A loan or transfer with a warrant (科技成果+认股权).
        3 => Warrant,
        /// A convertible bond (可转换债券).
        4 => Convertible,
        /// Preferred shares (优先股).
        5 => PreferredShares,
        /// A loan with direct investment (贷款+外部直投), beside a pledge.
        6 => LoanAndInvestment {
            /// The pledge that secures the loan.
            pledge: PledgeId,
        },
    }
}

/// Enters an instrument. Signed by issuer and partner, by the owners of the patents and licensors of the licences, unless
/// the issuer insures what is its own, and, for a securitisation of pledged patents, by the pledgee.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Issue {
    /// What kind.
    pub kind: InstrumentKind,
    /// Who is insured, or raises the money.
    pub issuer: MemberId,
    /// The insurer, the securitisation's manager, the investor, the bank.
    pub partner: MemberId,
    /// Patents; for a securitisation the whole income of each.
    pub patents: List<PatentId, 32>,
    /// Licences; for a securitisation the royalties of each.
    pub licences: List<LicenceId, 32>,
    /// The valuation it rests on, if one does.
    pub valuation: Option<ValuationId>,
    /// Salted digest of the contract.
    pub contract: Hash,
    /// From when to when; for a securitisation within the term of patents and licences.
    pub term: Term,
}

tagged! {
    /// A step of an insurance claim (理赔).
    #[derive(Copy)]
    pub enum ClaimStep {
        /// The insured claims.
        1 => Made {
            /// The day of the insured event, within the policy's term.
            event: Date,
            /// Salted digest of the loss.
            loss: Hash,
            /// Salted digest of the evidence.
            evidence: Hash,
        },
        /// The insurer pays.
        2 => Settled {
            /// The record of the claim.
            claim: RecordId,
            /// Salted digest of the payment.
            payment: Hash,
        },
        /// The insurer declines.
        3 => Declined {
            /// The record of the claim.
            claim: RecordId,
            /// Salted digest of the reasons.
            reasons: Hash,
        },
        /// The insured takes the claim back.
        4 => Withdrawn {
            /// The record of the claim.
            claim: RecordId,
        },
    }
}

/// Makes, answers or takes back a claim under an insurance policy. Signed by the insured or, to answer, the insurer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Claim {
    /// The policy.
    pub instrument: InstrumentId,
    /// What is done.
    pub step: ClaimStep,
}

tagged! {
    /// Why an instrument ends.
    #[derive(Copy)]
    pub enum InstrumentEnd {
        /// It is performed: after its term either side says so, before its end both.
        1 => Performed,
        /// Both sides agree.
        2 => Dissolved,
        /// A judgment ends it.
        3 => Adjudged,
    }
}

/// Ends an instrument: what was assigned to it is free again. Signed by issuer and partner; by either of them when its term
/// is over; after a judgment by a court or the registrar.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Finish {
    /// The instrument.
    pub instrument: InstrumentId,
    /// Why.
    pub cause: InstrumentEnd,
    /// Digest of the judgment, which its cause needs.
    pub document: Option<Hash>,
    /// The day.
    pub on: Date,
}

/// Enters a bank's loan line beside a pledge (授信). Signed by the bank and whoever pledged.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Line {
    /// The pledge, applied for or registered; its pledgee is the bank.
    pub pledge: PledgeId,
    /// Salted digest of amount and conditions.
    pub line: Hash,
    /// From when to when it can be drawn.
    pub term: Term,
    /// The valuation it rests on, if one does.
    pub valuation: Option<ValuationId>,
    /// The direct investment beside it, if there is one.
    pub investment: Option<InstrumentId>,
}
