//! Acts that publish: statistics, regional reports, projects and their results, anchors, cases (国办发〔2023〕37号 §9, §12–15).

use super::product::OutputClass;
use crate::act::member::Role;
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{
    Date, IndustryCode, MemberId, Money, PatentId, ProjectId, Rate, RegionCode, StatisticId, Term,
};
use serde::{Deserialize, Serialize};

tagged! {
    /// What is counted: the indicators of the plan.
    #[derive(Copy)]
    pub enum Indicator {
        /// Open licences announced.
        1 => OpenDeclarations,
        /// Patents open at the period's end.
        2 => OpenLive,
        /// Owners of open patents.
        3 => OpenHolders,
        /// Licences taken under open licences.
        4 => OpenLicences,
        /// Fees of open licences: fixed fees and reported royalties.
        5 => OpenAmount,
        /// Licensed patents with two licences or more, of all that are licensed (一对多).
        6 => OpenManyRatio,
        /// Open patents that were licensed, of all that were ever open.
        7 => OpenUptake,
        /// Days from the announcement to the first licence, median.
        8 => OpenDaysToFirst,
        /// Free licences, of all open licences.
        9 => OpenFreeShare,
        /// Declarations withdrawn, of all announced.
        10 => OpenWithdrawalRate,
        /// Transfers and licences in patent-times (件次): each patent in each recorded event.
        11 => PatentTimes,
        /// Transfer and licence contracts.
        12 => Contracts,
        /// Patents transferred or licensed, each once.
        13 => DistinctPatents,
        /// Patents in force of universities and institutes that were licensed, transferred or implemented.
        14 => ConversionRate,
        /// Their patents worked in a product with output (专利产业化率).
        15 => IndustrialisationRate,
        /// Their untransformed patents in force that are in the inventory.
        16 => InventoryCoverage,
        /// Patents in the inventory.
        17 => Inventoried,
        /// Patents in the library of convertible patents.
        18 => InLibrary,
        /// Patents pushed to enterprises.
        19 => Pushed,
        /// Patents on which enterprises gave feedback.
        20 => FedBack,
        /// Patents of the inventory under contract.
        21 => Contracted,
        /// Patents of the inventory that are implemented.
        22 => Implemented,
        /// Technical contracts that involve patents (涉及专利的技术合同成交额), each once.
        23 => TechnicalTurnover,
        /// Technical contracts with patents that are matched with a transfer or licence.
        24 => SharingCompleteness,
        /// Licences recorded, of all that are known.
        25 => RecordalCoverage,
        /// Recordals that came late.
        26 => RecordalLateShare,
        /// Pledges registered.
        27 => PledgeItems,
        /// Patents pledged.
        28 => PledgePatents,
        /// Amounts secured.
        29 => PledgeAmount,
        /// Firms that pledge, each once.
        30 => PledgeFirms,
        /// Small and medium firms among them.
        31 => PledgeSmallShare,
        /// Amount secured by a pledge, on average.
        32 => PledgeAverage,
        /// Pledges of 10 million yuan at most.
        33 => PledgeInclusiveShare,
        /// Pledges that were disposed of.
        34 => PledgeDisposalRate,
        /// Proceeds of disposals, of the debts secured.
        35 => PledgeRecovery,
        /// Compensation paid by risk funds.
        36 => PledgeCompensation,
        /// Patented products filed.
        37 => ProductsFiled,
        /// Products recognised as patent-intensive.
        38 => ProductsRecognised,
        /// Output value of recognised products.
        39 => ProductOutputValue,
        /// Exports of recognised products.
        40 => ProductExport,
        /// Value added of patent-intensive industries.
        41 => ProductValueAdded,
        /// High-technology and SRDI firms that have filed a product.
        42 => ProductCoverage,
        /// Patents declared as publicly funded.
        43 => FundsDeclared,
        /// Funded patents that are implemented.
        44 => FundsImplemented,
        /// Funded patents not implemented in time.
        45 => FundsOverdue,
        /// Of these, with an accepted reason.
        46 => FundsJustified,
        /// Of these, used by the State.
        47 => FundsStateUse,
        /// Royalties received from abroad.
        48 => RoyaltiesReceived,
        /// Royalties paid abroad.
        49 => RoyaltiesPaid,
        /// Contracts across the border.
        50 => CrossBorderContracts,
        /// Mediations accepted.
        51 => MediationAccepted,
        /// Mediations that ended in an agreement.
        52 => MediationSuccess,
        /// Days of a mediation, on average.
        53 => MediationDays,
        /// Agreements performed.
        54 => MediationPerformance,
        /// Credit events.
        55 => CreditEvents,
        /// Credit events repaired.
        56 => CreditRepairs,
        /// Concentration of licensees (HHI), 0 to 10,000.
        57 => LicenseeConcentration,
        /// Share of the ten largest licensees.
        58 => TopTenShare,
    }
}

tagged! {
    /// A figure.
    #[derive(Copy)]
    pub enum Figure {
        /// A number of things or of days.
        1 => Count {
            /// How many.
            count: u64,
        },
        /// A sum of money.
        2 => Amount {
            /// How much.
            amount: Money,
        },
        /// A share of a whole.
        3 => Ratio {
            /// The share.
            ratio: Rate,
        },
    }
}

tagged! {
    /// A type of patent in a cut.
    #[derive(Copy, Hash, PartialOrd, Ord)]
    pub enum PatentType {
        /// 发明
        1 => Invention,
        /// 实用新型
        2 => UtilityModel,
        /// 外观设计
        3 => Design,
    }
}

tagged! {
    /// Which part of the whole a cell is about. The cells of a release are all of one kind, each once.
    pub enum Cut {
        /// The whole.
        1 => Whole,
        /// Licensors or owners of a region.
        2 => Region {
            /// The region.
            region: RegionCode,
        },
        /// From one region to another.
        3 => RegionPair {
            /// Where the licensor or seller is.
            from: RegionCode,
            /// Where the licensee or buyer is.
            to: RegionCode,
        },
        /// A section, class or subclass of the IPC.
        4 => Ipc {
            /// Its symbol, like `H01M`.
            symbol: Text<8>,
        },
        /// A branch of the national economy.
        5 => Industry {
            /// The branch.
            industry: IndustryCode,
        },
        /// A type of patent.
        6 => Patents {
            /// The type.
            of: PatentType,
        },
        /// Members with a role.
        7 => Members {
            /// The role.
            role: Role,
        },
        /// An exchange.
        8 => Exchange {
            /// The exchange.
            exchange: MemberId,
        },
    }
}

/// A cell of a statistic.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Cell {
    /// What it is about.
    pub cut: Cut,
    /// How many contribute to it.
    pub contributors: u32,
    /// The figure; none where it is suppressed, as it must be below the network's number of contributors.
    pub figure: Option<Figure>,
}

tagged! {
    /// By which of an event's two times it falls into the period.
    #[derive(Copy)]
    pub enum TimeBasis {
        /// Its legal effective date.
        1 => Effective,
        /// Its record time.
        2 => Recorded,
    }
}

/// Releases a statistic (统计发布). Signed by a statistics office or an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Release {
    /// Who releases it.
    pub publisher: MemberId,
    /// What is counted.
    pub indicator: Indicator,
    /// Over which days.
    pub period: Term,
    /// By which time.
    pub basis: TimeBasis,
    /// Log index of the seal whose state and history the figures are counted from; it is before this record.
    pub seal: u64,
    /// The cells; at least one.
    pub cells: List<Cell, 128>,
    /// Digest of the whole table.
    pub table: Hash,
    /// The release that this one revises.
    pub revises: Option<StatisticId>,
}

/// Reports on a region (地方总结上报). Signed by a regulator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Report {
    /// The regulator.
    pub regulator: MemberId,
    /// The region.
    pub region: RegionCode,
    /// Over which days.
    pub period: Term,
    /// Digest of the set of indicators.
    pub indicators: Hash,
    /// Releases that it rests on.
    pub statistics: List<StatisticId, 64>,
    /// Digest of the report.
    pub report: Hash,
}

tagged! {
    /// What a project is.
    #[derive(Copy)]
    pub enum ProjectKind {
        /// A patent industrialisation project (专利产业化项目).
        1 => Industrialisation,
        /// Key core patent technology (关键核心专利技术产业化).
        2 => KeyCore,
        /// Joint research of an institution with enterprises (联合攻关).
        3 => JointResearch,
    }
}

/// Registers a project. Signed by the institution and its partners; an industrialisation or key core project by a
/// regulator too.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct RegisterProject {
    /// What it is.
    pub kind: ProjectKind,
    /// Its name.
    pub name: Text<300>,
    /// Its batch, like `2026年第一批`.
    pub batch: Text<60>,
    /// The institution or enterprise that carries it out.
    pub institution: MemberId,
    /// Its partners; joint research has at least one.
    pub partners: List<MemberId, 16>,
    /// The patents, each owned by one of them; joint research may have none yet.
    pub patents: List<PatentId, 64>,
    /// Digest of the plan.
    pub plan: Hash,
}

/// Reports a project's result of a year that is over. Signed by its institution; once a year.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct ReportResult {
    /// The project.
    pub project: ProjectId,
    /// The year.
    pub year: u16,
    /// The class of the output value that it brought.
    pub class: OutputClass,
    /// Patents that came of it.
    pub patents: List<PatentId, 64>,
    /// Salted digest of the figures.
    pub figures: Hash,
}

tagged! {
    /// Where an external hash comes from.
    #[derive(Copy)]
    pub enum AnchorSource {
        /// A court's chain (司法链).
        1 => CourtChain,
        /// The patent gazette (专利公报).
        2 => Gazette,
        /// A time-stamping authority (时间戳服务).
        3 => TimeStamp,
        /// Another ledger.
        4 => Ledger,
    }
}

/// Anchors an external hash in the log. Signed by an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Anchor {
    /// The exchange.
    pub exchange: MemberId,
    /// Where the hash comes from.
    pub source: AnchorSource,
    /// Its name there: block, issue, serial number.
    pub name: Text<200>,
    /// The hash.
    pub digest: Hash,
    /// The day it is of.
    pub on: Date,
}

tagged! {
    /// What is published.
    pub enum PublicationKind {
        /// A typical case (典型案例).
        1 => TypicalCase,
        /// High-value patents (高价值专利).
        2 => HighValuePatents {
            /// The patents; at least one.
            patents: List<PatentId, 256>,
        },
        /// Outstanding institutions and enterprises (优秀单位).
        3 => Outstanding {
            /// The members; at least one.
            members: List<MemberId, 256>,
        },
    }
}

/// Publishes a case or a list. Signed by a regulator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Publish {
    /// The regulator.
    pub regulator: MemberId,
    /// What is published.
    pub what: PublicationKind,
    /// Its title.
    pub title: Text<300>,
    /// Digest of its text.
    pub document: Hash,
    /// The day.
    pub on: Date,
}
