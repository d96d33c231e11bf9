//! Acts on patents made with public funds (财政资助科研项目形成的专利), and on what institutions do with their patents'
//! income: S&TPL 32; 促进科技成果转化法 18, 45; 国办发〔2023〕37号 §5, §6; 国知发运字〔2024〕3号.

use super::transfer::Pricing;
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::Hash;
use crate::identifier::{Date, LicenceId, MemberId, Money, PatentId, Rate, TransferId};
use serde::{Deserialize, Serialize};

/// Declares that patents were made with public funds (财政资助声明). Signed by the institution that owns them. The
/// project is internal to government: only a salted digest of it stands here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Declare {
    /// The patents; at least one.
    pub patents: List<PatentId, 32>,
    /// The institution that carried out the project and owns the patents.
    pub institution: MemberId,
    /// Salted digest of the project's type, name and number.
    pub project: Hash,
    /// The funder (项目管理部门).
    pub funder: MemberId,
}

/// Verifies a declaration (核验). Signed by the project's funder.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Verify {
    /// The patent.
    pub patent: PatentId,
    /// The project as declared.
    pub project: Hash,
}

tagged! {
    /// How the State uses a patent that its owner does not (S&TPL 32).
    #[derive(Copy)]
    pub enum StateUseMode {
        /// It works the patent itself, free of charge (国家无偿实施).
        1 => StateFree,
        /// It lets others work it against payment (许可他人有偿实施).
        2 => OthersPaid,
        /// It lets others work it free of charge (许可他人无偿实施).
        3 => OthersFree,
    }
}

tagged! {
    /// What the funder decides on a patent that has not been implemented in time.
    pub enum FundDecision {
        /// There is a legitimate reason; the time is extended.
        1 => Justified {
            /// Salted digest of the reason.
            reason: Hash,
            /// The last day of the time granted.
            until: Date,
        },
        /// The State uses the patent.
        2 => StateUse {
            /// How.
            mode: StateUseMode,
            /// Digest of the decision.
            document: Hash,
        },
    }
}

/// Decides on a funded patent that has not been implemented years after its grant (授权超过5年没有实施). Signed by the
/// project's funder.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Clock {
    /// The patent.
    pub patent: PatentId,
    /// The project as declared.
    pub project: Hash,
    /// What is decided.
    pub decision: FundDecision,
}

/// Reports on a funded patent's implementation and protection in a year that is over (S&TPL 32). Signed by the
/// institution; once a year.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Report {
    /// The patent.
    pub patent: PatentId,
    /// The project as declared.
    pub project: Hash,
    /// The year.
    pub year: u16,
    /// Salted digest of the report.
    pub report: Hash,
}

tagged! {
    /// What brought the income.
    #[derive(Copy)]
    pub enum IncomeSource {
        /// A licence.
        1 => FromLicence {
            /// The licence.
            licence: LicenceId,
        },
        /// A registered transfer.
        2 => FromTransfer {
            /// The transfer.
            transfer: TransferId,
        },
    }
}

tagged! {
    /// The net income that is distributed.
    #[derive(Copy)]
    pub enum NetIncome {
        /// The institution makes it public.
        1 => Public {
            /// How much.
            amount: Money,
        },
        /// It does not.
        2 => Confidential {
            /// Salted digest of the amount.
            digest: Hash,
        },
    }
}

/// An inventor's part of what goes to the inventors. Who it is stands off the ledger.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct InventorPart {
    /// Salted commitment to the person.
    pub inventor: Hash,
    /// The part; all parts sum to 10,000.
    pub part: Rate,
}

/// Distributes a patent's net income (收益分配, 成果转化法 45). Signed by the institution.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Distribute {
    /// The institution.
    pub institution: MemberId,
    /// What brought the income.
    pub source: IncomeSource,
    /// The net income.
    pub net: NetIncome,
    /// The share of it that goes to the inventors and whoever made the transformation possible.
    pub share: Rate,
    /// Their parts of that share.
    pub inventors: List<InventorPart, 64>,
    /// Digest of the rules or the agreement by which the share is lower than the law's.
    pub policy: Option<Hash>,
    /// The day.
    pub on: Date,
}

tagged! {
    /// What an institution decided before filing an application.
    #[derive(Copy)]
    pub enum FilingClass {
        /// To file.
        1 => File,
        /// To file with priority, for its prospects.
        2 => FilePriority,
        /// Not to file; the inventors may.
        3 => LeaveToInventors,
        /// To keep it secret.
        4 => KeepSecret,
    }
}

tagged! {
    /// What an institution enters of its own diligence.
    pub enum Diligence {
        /// An assessment before filing (专利申请前评估).
        1 => PreFiling {
            /// What was decided.
            class: FilingClass,
            /// Salted digest of the assessment.
            assessment: Hash,
        },
        /// A review of the clauses on intellectual property in a cooperation (产学研合作协议知识产权条款审查).
        2 => ClauseReview {
            /// Salted digest of the agreement.
            agreement: Hash,
            /// Salted digest of the opinion.
            opinion: Hash,
        },
        /// How a decision on a price was reached, for who acted with due diligence (尽职免责).
        3 => Decision {
            /// How the price was found.
            pricing: Pricing,
            /// Digests of the approvals; at least one.
            approvals: List<Hash, 8>,
        },
    }
}

/// Enters evidence of an institution's diligence. Signed by it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Assess {
    /// The institution.
    pub institution: MemberId,
    /// What is entered.
    pub diligence: Diligence,
    /// The day of it.
    pub on: Date,
}

tagged! {
    /// What a notice tells.
    #[derive(Copy)]
    pub enum TenderKind {
        /// A tender for patent agency and other services (服务招标).
        1 => Call,
        /// Its result.
        2 => Award,
        /// A summary of a fund's outlays (知识产权管理资金, 运营基金).
        3 => Outlay,
    }
}

/// Publishes a notice of a tender or of a fund's outlays. Signed by the institution.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Tender {
    /// The institution.
    pub institution: MemberId,
    /// What the notice tells.
    pub kind: TenderKind,
    /// Its title.
    pub title: Text<300>,
    /// Digest of its text.
    pub notice: Hash,
    /// The day of it.
    pub on: Date,
}
