//! Open licences: declarations and the notices under them.

use super::key::stored;
use crate::act::open_licence::{CloseCause, FeeStandard};
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{
    Date, DeclarationId, IndustryCode, LicenceId, MemberId, NoticeId, PatentId, PledgeId, RecordId, Term,
};
use serde::{Deserialize, Serialize};

tagged! {
    /// Where a declaration stands.
    #[derive(Copy)]
    pub enum DeclarationState {
        /// Declared, not yet announced.
        1 => Declared,
        /// Announced: anyone may take a licence.
        2 => Open,
        /// A bar arose: no new notices; the licences stand.
        3 => Halted,
        /// Ended by an announcement.
        4 => Closed {
            /// Why.
            cause: CloseCause,
            /// From which day.
            on: Date,
        },
    }
}

/// An announcement in the gazette.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Announcement {
    /// The gazette's number.
    pub gazette: Text<60>,
    /// The day.
    pub on: Date,
}

/// A declaration of open licence (专利开放许可声明).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Declaration {
    /// The patent.
    pub patent: PatentId,
    /// Where it stands.
    pub state: DeclarationState,
    /// The fee.
    pub fee: FeeStandard,
    /// The term of licences under it.
    pub term: Term,
    /// Whom to write to.
    pub contact: Text<300>,
    /// How the fee was calculated.
    pub calculation: Text<8000>,
    /// The branches it can be used in.
    pub industries: List<IndustryCode, 16>,
    /// What it can be used for.
    pub application: Option<Text<2000>>,
    /// Whether know-how comes with it.
    pub know_how: bool,
    /// The day it was declared.
    pub declared: Date,
    /// The pledge that stood on the patent then, to which its pledgee agreed.
    pub pledge: Option<PledgeId>,
    /// Its announcement.
    pub announced: Option<Announcement>,
    /// The record by which its owners withdrew it; it stays open until that is announced.
    pub withdrawal: Option<RecordId>,
}
stored!(Declaration, 12, DeclarationId);

tagged! {
    /// Where a notice stands.
    #[derive(Copy)]
    pub enum NoticeState {
        /// The owner is notified; the fee is not paid.
        1 => Noticed,
        /// Paid: the licence is in force.
        2 => Licensed {
            /// The licence.
            licence: LicenceId,
        },
    }
}

/// A notice under an open licence.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct OpenNotice {
    /// The declaration.
    pub declaration: DeclarationId,
    /// Who takes the licence.
    pub licensee: MemberId,
    /// The term taken.
    pub term: Term,
    /// The day it was given.
    pub given: Date,
    /// Where it stands.
    pub state: NoticeState,
}
stored!(OpenNotice, 13, NoticeId);

/// A payment receipt that has been entered: it counts once.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ReceiptUsed {
    /// The record that entered it.
    pub record: RecordId,
}
stored!(ReceiptUsed, 14, Hash);
