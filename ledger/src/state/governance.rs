//! Proposals of the exchanges and their votes; calendars; keys that nodes have used.

use super::key::stored;
use crate::act::governance::{CalendarYear, NodeChange, Setting};
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, ProposalId, RecordId, Timestamp};
use serde::{Deserialize, Serialize};

tagged! {
    /// What is proposed.
    pub enum ProposalChange {
        /// Parameters and calendars.
        1 => Settings {
            /// New values of parameters.
            settings: List<Setting, 32>,
            /// The calendar of a year.
            calendar: Option<CalendarYear>,
            /// When they are to count.
            at: Timestamp,
        },
        /// The set of nodes.
        2 => Nodes {
            /// What is to change.
            change: NodeChange,
        },
    }
}

tagged! {
    /// Where a proposal stands.
    #[derive(Copy)]
    pub enum ProposalState {
        /// Votes are taken until its last instant.
        1 => Open,
        /// More than two thirds of the voting power are for it; it is to count from its instant on.
        2 => Accepted {
            /// The record that decided it.
            by: RecordId,
        },
        /// A third of the voting power or more is against it.
        3 => Rejected {
            /// The record that decided it.
            by: RecordId,
        },
        /// It has effect.
        4 => InForce {
            /// The record that decided it.
            by: RecordId,
        },
        /// It was accepted, but could not be carried out any more when its time came.
        5 => Void {
            /// The record that decided it.
            by: RecordId,
        },
    }
}

/// An exchange's vote.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Ballot {
    /// The exchange.
    pub exchange: MemberId,
    /// Whether it is for the proposal.
    pub in_favour: bool,
}

/// A proposal to change the network.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Proposal {
    /// The exchange that proposed it.
    pub exchange: MemberId,
    /// What is proposed.
    pub change: ProposalChange,
    /// Why.
    pub reason: Text<600>,
    /// The last instant at which votes are taken.
    pub until: Timestamp,
    /// The votes, ascending by exchange.
    pub ballots: List<Ballot, 64>,
    /// Where it stands.
    pub state: ProposalState,
}
stored!(Proposal, 100, ProposalId, due | proposal | proposal.next_due());

impl Proposal {
    /// Whether votes are taken at this time.
    #[must_use]
    pub fn is_open(&self, time: Timestamp) -> bool {
        self.state == ProposalState::Open && time <= self.until
    }

    fn next_due(&self) -> Option<Timestamp> {
        match (&self.state, &self.change) {
            (ProposalState::Accepted { .. }, ProposalChange::Settings { at, .. }) => Some(*at),
            _ => None,
        }
    }
}

/// A key that a node had and has no more, by digest: it is never used again.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct NodeKeyUsed {
    /// The record that took it from the node.
    pub record: RecordId,
}
stored!(NodeKeyUsed, 101, Hash);

/// The days of a year on which no deadline ends, by year. A year without one moves no deadline.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Calendar {
    /// Holidays, ascending; weekends are not named.
    pub holidays: List<Date, 60>,
    /// Days at a weekend that are worked, ascending.
    pub workdays: List<Date, 30>,
}
stored!(Calendar, 102, u32);

impl Calendar {
    /// Whether the day is worked.
    #[must_use]
    pub fn is_worked(&self, day: Date) -> bool {
        // 1970-01-01 was a Thursday: counted from Monday, Saturday and Sunday are the days 5 and 6.
        let weekend = (day.days() + 3).rem_euclid(7) >= 5;
        if weekend { self.workdays.contains(&day) } else { !self.holidays.contains(&day) }
    }
}
