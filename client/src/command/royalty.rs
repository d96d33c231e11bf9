//! `tongda royalty`: what a licensee owes and has paid for a period, and what the licensor says of it.

use super::caller::Caller;
use super::failure::Failure;
use super::value::{Digest, Figure};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::royalty::{self, RoyaltyAnswer};
use tongda_ledger::identifier::{LicenceId, RecordId, Term};

/// Acts on royalties.
#[derive(Subcommand, Debug)]
pub(crate) enum RoyaltyAct {
    /// 报告使用费（被许可人） · Report the royalty of a period; by the licensee
    Report(Report),
    /// 确认或者异议（许可人） · Acknowledge or dispute a report; by a licensor
    Acknowledge(Acknowledge),
}

/// `tongda royalty report`.
#[derive(Args, Debug)]
pub(crate) struct Report {
    /// 许可 · The licence
    licence: LicenceId,
    /// 期间 · The period, FIRST/LAST
    #[arg(long)]
    period: Term,
    /// 计费依据的摘要 · The salted digest of what it is counted on (sales, units, profit): HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    base: Digest,
    /// 应付：sealed:AMOUNT@SALTFILE、sealed:HASH，开放许可可公开数额 · What is due; in figures under an open licence
    #[arg(long, value_name = "FIGURE")]
    due: Figure,
    /// 已付，写法同上 · What has been paid, written alike
    #[arg(long, value_name = "FIGURE")]
    paid: Figure,
}

/// `tongda royalty acknowledge`.
#[derive(Args, Debug)]
pub(crate) struct Acknowledge {
    /// 报告的记录 · The record of the report
    report: RecordId,
    /// 异议：理由的摘要 · Dispute it instead: the salted digest of the reasons, HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    dispute: Option<Digest>,
}

impl RoyaltyAct {
    /// The act.
    pub(crate) fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Report(report) => royalty::Report {
                licence: report.licence,
                period: report.period,
                base: caller.salted(&report.base)?,
                due: caller.figure(&report.due)?,
                paid: caller.figure(&report.paid)?,
            }
            .into(),
            Self::Acknowledge(Acknowledge { report, dispute }) => {
                let reasons = caller.maybe_salted(dispute.as_ref())?;
                let answer = reasons
                    .map_or(RoyaltyAnswer::Acknowledged, |reasons| RoyaltyAnswer::Disputed { reasons });
                royalty::Acknowledge { report: *report, answer }.into()
            }
        })
    }
}
