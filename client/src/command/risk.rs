//! `tongda fund contribute` and `tongda risk`: risk-compensation funds, what they pay and what comes back.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::value::Digest;
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::risk;
use tongda_ledger::identifier::{Date, MemberId, Money, PledgeId, Rate, RecordId};

/// Acts on what funds hold.
#[derive(Subcommand, Debug)]
pub(crate) enum FundAct {
    /// 向风险补偿基金出资（出资人与基金） · Pay into a risk-compensation fund; by who pays and the fund
    Contribute(Contribute),
}

/// Acts on what funds pay.
#[derive(Subcommand, Debug)]
pub(crate) enum RiskAct {
    /// 补偿质权人的损失（基金与质权人） · Compensate a pledgee for a default; by fund and pledgee
    Compensate(Compensate),
    /// 追偿所得返还基金（基金与质权人） · Return to the fund what was recovered; by fund and pledgee
    Recover(Recover),
}

/// `tongda fund contribute`.
#[derive(Args, Debug)]
pub(crate) struct Contribute {
    /// 基金 · The fund
    fund: MemberId,
    /// 数额（元） · How much, in yuan
    #[arg(long)]
    amount: Money,
    /// 凭证的摘要 · The salted digest of the voucher: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Digest,
    /// 出资日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda risk compensate`.
#[derive(Args, Debug)]
pub(crate) struct Compensate {
    /// 质押，其违约已经声明 · The pledge, whose default is stated
    pledge: PledgeId,
    /// 基金 · The fund
    #[arg(long, value_name = "MEMBER")]
    fund: MemberId,
    /// 损失及其计算的摘要 · The salted digest of the loss and its calculation: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    loss: Digest,
    /// 基金分担比例 · The part of the loss that the fund bears, as in 40%
    #[arg(long)]
    share: Rate,
    /// 补偿数额（元） · What the fund pays, in yuan
    #[arg(long, value_name = "AMOUNT")]
    payout: Money,
    /// 补偿日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda risk recover`.
#[derive(Args, Debug)]
pub(crate) struct Recover {
    /// 补偿的记录 · The record of the compensation
    compensation: RecordId,
    /// 返还数额（元） · How much of it comes back, in yuan
    #[arg(long)]
    amount: Money,
    /// 凭证的摘要 · The salted digest of the voucher: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Digest,
    /// 返还日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl FundAct {
    /// The act.
    pub(crate) fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        match self {
            Self::Contribute(contribute) => contribute.act(caller),
        }
    }
}

impl Contribute {
    fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let document = caller.salted(&self.document)?;
        Ok(risk::Contribute { fund: self.fund, amount: self.amount, document, on: day(self.on) }.into())
    }
}

impl RiskAct {
    /// The act.
    pub(crate) fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Compensate(compensate) => risk::Compensate {
                fund: compensate.fund,
                pledge: compensate.pledge,
                loss: caller.salted(&compensate.loss)?,
                share: compensate.share,
                payout: compensate.payout,
                on: day(compensate.on),
            }
            .into(),
            Self::Recover(recover) => risk::Recover {
                compensation: recover.compensation,
                amount: recover.amount,
                document: caller.salted(&recover.document)?,
                on: day(recover.on),
            }
            .into(),
        })
    }
}
