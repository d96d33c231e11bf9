//! Acts on the network itself: its parameters, calendars and nodes, decided by the exchanges' votes.

use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, MemberId, Money, ProposalId, Rate, RegionCode, Timestamp};
use crate::key::PublicKey;
use serde::{Deserialize, Serialize};

/// A node: the machine of an exchange, or of anyone admitted to follow.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Node {
    /// Its short name, unique in the network.
    pub name: Text<60>,
    /// The exchange that runs it.
    pub exchange: MemberId,
    /// Where it stands.
    pub region: RegionCode,
    /// Voting power; 0 for an observer.
    pub power: u64,
    /// The key it votes with.
    pub vote_key: PublicKey,
    /// The key it cosigns checkpoints with.
    pub cosign_key: PublicKey,
    /// The identity of its network connections.
    pub network_key: PublicKey,
    /// Where its consensus engine listens, as a multiaddress with an IP address.
    pub consensus_address: Text<200>,
    /// Where its record gossip listens, as a multiaddress with an IP address.
    pub gossip_address: Text<200>,
    /// Where its HTTP interface is reached.
    pub api_address: Text<200>,
}

tagged! {
    /// A parameter of the network, and its new value.
    pub enum Setting {
        /// The rule set; this program knows set 1.
        1 => RuleSet {
            /// The value.
            value: u16,
        },
        /// Longest window of an envelope, in milliseconds: 1 to 86,400,000.
        2 => Window {
            /// The value.
            value: u64,
        },
        /// Longest time an act may wait for signatures, in milliseconds.
        3 => Gather {
            /// The value.
            value: u64,
        },
        /// Items of the due queue that take effect in one block at most; at least 1.
        4 => DuePerBlock {
            /// The value.
            value: u16,
        },
        /// Records in a block at most: 1 to 65,536.
        5 => RecordsPerBlock {
            /// The value.
            value: u32,
        },
        /// Bytes of records in a block at most: 65,534 to 8,388,608.
        6 => BytesPerBlock {
            /// The value.
            value: u32,
        },
        /// Milliseconds between checkpoints.
        7 => CheckpointEvery {
            /// The value.
            value: u64,
        },
        /// Highest fixed fee of an open licence.
        8 => OpenLumpCap {
            /// The value.
            value: Money,
        },
        /// Highest royalty of an open licence on net sales.
        9 => OpenSalesCap {
            /// The value.
            value: Rate,
        },
        /// Highest royalty of an open licence on profit.
        10 => OpenProfitCap {
            /// The value.
            value: Rate,
        },
        /// Shortest term of an open licence in days; 0 for none.
        11 => OpenShortestTerm {
            /// The value.
            value: u32,
        },
        /// Characters in the statement of how a fee was calculated, at most.
        12 => OpenCalculation {
            /// The value.
            value: u16,
        },
        /// Days from its effect within which a licence is recorded.
        13 => RecordalDays {
            /// The value.
            value: u16,
        },
        /// Days that a public institution's notice of name and price stands at least.
        14 => PublicityDays {
            /// The value.
            value: u16,
        },
        /// Longest preservation, in months.
        15 => PreservationMonths {
            /// The value.
            value: u8,
        },
        /// Longest suspension, in months.
        16 => SuspensionMonths {
            /// The value.
            value: u8,
        },
        /// Grace for an annuity, in months.
        17 => GraceMonths {
            /// The value.
            value: u8,
        },
        /// Months before its end within which a licence's term may still be changed.
        18 => LicenceChangeMonths {
            /// The value.
            value: u8,
        },
        /// Days after its end within which a licence's recordal is cancelled.
        19 => LicenceCancelDays {
            /// The value.
            value: u16,
        },
        /// Days within which a change of a pledge is registered.
        20 => PledgeChangeDays {
            /// The value.
            value: u16,
        },
        /// Months after which a valuation no longer counts.
        21 => ValuationMonths {
            /// The value.
            value: u8,
        },
        /// Years from its grant after which a patent can be licensed compulsorily.
        22 => CompulsoryGrantYears {
            /// The value.
            value: u8,
        },
        /// Years from its filing after which it can.
        23 => CompulsoryFilingYears {
            /// The value.
            value: u8,
        },
        /// Years from its grant after which a funded patent is overdue.
        24 => FundingYears {
            /// The value.
            value: u8,
        },
        /// The least share of net income for the inventors.
        25 => InventorShare {
            /// The value.
            value: Rate,
        },
        /// Days within which a member appeals against a credit event.
        26 => CreditAppealDays {
            /// The value.
            value: u16,
        },
        /// Days that a proposal stays open for votes; at least 1.
        27 => ProposalDays {
            /// The value.
            value: u16,
        },
        /// Contributors below which a statistic's cell is suppressed.
        28 => StatisticCell {
            /// The value.
            value: u8,
        },
        /// Signature algorithms that count: 1 alone.
        29 => Algorithms {
            /// The value.
            value: List<u8, 16>,
        },
        /// A code table (IPC, industries, regions …), in the version with this digest: the network's by that name.
        30 => CodeTable {
            /// The table's name.
            name: Text<60>,
            /// Its version.
            version: Text<60>,
            /// SHA-256 of its bytes.
            digest: Hash,
        },
    }
}

/// The days of a year on which no deadline ends (法定休假日), and the days at a weekend that are worked (调休).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CalendarYear {
    /// The year.
    pub year: u16,
    /// Holidays, ascending; weekends need not be named.
    pub holidays: List<Date, 60>,
    /// Days at a weekend that are worked, ascending.
    pub workdays: List<Date, 30>,
}

/// Proposes to change parameters, or to set a year's calendar. Signed by an exchange; the exchanges vote on it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Propose {
    /// The exchange that proposes.
    pub exchange: MemberId,
    /// New values, each parameter once.
    pub settings: List<Setting, 32>,
    /// The calendar of a year.
    pub calendar: Option<CalendarYear>,
    /// When they are to count: from the block after the first one at or after this instant.
    pub at: Timestamp,
    /// Why.
    pub reason: Text<600>,
}

/// Votes on a proposal. Signed by an exchange that runs a voting node; it may change its vote until the decision.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Vote {
    /// The proposal.
    pub proposal: ProposalId,
    /// The exchange that votes.
    pub exchange: MemberId,
    /// Whether it is for it.
    pub in_favour: bool,
}

tagged! {
    /// A change of the set of nodes.
    pub enum NodeChange {
        /// A node joins. Its three keys sign too.
        1 => Add {
            /// The node.
            node: Node,
        },
        /// A node leaves.
        2 => Remove {
            /// Its name.
            name: Text<60>,
        },
        /// A node gets new keys, which sign too.
        3 => Rekey {
            /// Its name.
            name: Text<60>,
            /// The key it votes with.
            vote_key: PublicKey,
            /// The key it cosigns with.
            cosign_key: PublicKey,
            /// The identity of its network connections.
            network_key: PublicKey,
        },
        /// A node's voting power changes; with 0 it only observes.
        4 => Reweigh {
            /// Its name.
            name: Text<60>,
            /// The power.
            power: u64,
        },
        /// A node is reached elsewhere.
        5 => Readdress {
            /// Its name.
            name: Text<60>,
            /// Where its consensus engine listens.
            consensus_address: Text<200>,
            /// Where its record gossip listens.
            gossip_address: Text<200>,
            /// Where its HTTP interface is reached.
            api_address: Text<200>,
        },
    }
}

/// Proposes to change the set of nodes. Signed by the exchange that runs the node; to remove or reweigh one, any exchange
/// may. It has effect with the vote that decides it: from the next height on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ChangeNodes {
    /// The exchange that proposes.
    pub exchange: MemberId,
    /// What is to change.
    pub change: NodeChange,
    /// Why.
    pub reason: Text<600>,
}
