//! `tongda finance`: insurance, securitisation, equity-linked funding; claims and the end of instruments.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, PatentName, choice, list, word};
use clap::{Args, Subcommand, ValueEnum};
use tongda_client::answer::Object;
use tongda_ledger::act::Act;
use tongda_ledger::act::finance::{self, ClaimStep, InstrumentEnd, InstrumentKind, InsuranceCover};
use tongda_ledger::identifier::{
    Date, InstrumentId, LicenceId, MemberId, PledgeId, RecordId, Term, ValuationId,
};
use tongda_ledger::state::Instrument;

/// What is done with finance instruments.
#[derive(Subcommand, Debug)]
pub(crate) enum FinanceVerb {
    #[command(flatten)]
    Act(FinanceAct),
    #[command(flatten)]
    Read(ReadVerb<InstrumentId>),
}

/// Acts on finance instruments.
#[derive(Subcommand, Debug)]
pub(crate) enum FinanceAct {
    /// 写入金融工具（双方与权利人） · Enter an instrument; by issuer, partner and whose rights they are
    Instrument(Box<Issue>),
    /// 保险理赔 · Make, answer or take back a claim under an insurance policy
    #[command(subcommand)]
    Claim(ClaimAct),
    /// 结束金融工具 · End an instrument: what was assigned to it is free again
    End(End),
}

/// `tongda finance instrument`.
#[derive(Args, Debug)]
pub(crate) struct Issue {
    /// 种类 · What kind
    #[arg(value_enum)]
    kind: Kind,
    /// 险种：licence, commercialisation, overseas, infringement · What an insurance covers
    #[arg(long, value_parser = choice::<InsuranceCover>, required_if_eq("kind", "insurance"))]
    cover: Option<InsuranceCover>,
    /// 贷款与外部直投所附的质押 · The pledge that secures the loan beside which the investment stands
    #[arg(long, required_if_eq("kind", "loan-and-investment"))]
    pledge: Option<PledgeId>,
    /// 被保险人、融资人 · Who is insured, or raises the money
    #[arg(long, value_name = "MEMBER")]
    issuer: MemberId,
    /// 保险人、管理人、投资人、银行 · The insurer, the manager, the investor, the bank
    #[arg(long, value_name = "MEMBER")]
    partner: MemberId,
    /// 专利，可重复 · A patent; repeatable
    #[arg(long = "patent", value_name = "PATENT", value_delimiter = ',')]
    patents: Vec<PatentName>,
    /// 许可，可重复 · A licence; repeatable
    #[arg(long = "licence", value_name = "LICENCE", value_delimiter = ',')]
    licences: Vec<LicenceId>,
    /// 所依据的评估 · The valuation it rests on
    #[arg(long)]
    valuation: Option<ValuationId>,
    /// 合同摘要 · The salted digest of the contract: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    contract: Digest,
    /// 期限 · The term, FIRST/LAST
    #[arg(long)]
    term: Term,
}

/// What kind of instrument.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// 保险 · An insurance policy
    Insurance,
    /// 证券化 · Royalty streams are assigned to a securitisation
    Securitisation,
    /// 认股权 · A loan or transfer with a warrant
    Warrant,
    /// 可转换债券 · A convertible bond
    Convertible,
    /// 优先股 · Preferred shares
    PreferredShares,
    /// 贷款与外部直投 · A loan with direct investment
    LoanAndInvestment,
}

/// Steps of a claim.
#[derive(Subcommand, Debug)]
pub(crate) enum ClaimAct {
    /// 提出理赔（被保险人） · Claim; by the insured
    Make {
        /// 保单 · The policy
        policy: InstrumentId,
        /// 保险事故发生日 · The day of the insured event
        #[arg(long, value_name = "DATE")]
        event: Date,
        /// 损失的摘要 · The salted digest of the loss: HASH or @FILE
        #[arg(long, value_name = "DIGEST")]
        loss: Digest,
        /// 证据的摘要 · The salted digest of the evidence: HASH or @FILE
        #[arg(long, value_name = "DIGEST")]
        evidence: Digest,
    },
    /// 赔付（保险人） · Pay; by the insurer
    Settle {
        /// 保单 · The policy
        policy: InstrumentId,
        /// 理赔的记录 · The record of the claim
        #[arg(long, value_name = "RECORD")]
        claim: RecordId,
        /// 赔付的摘要 · The salted digest of the payment: HASH or @FILE
        #[arg(long, value_name = "DIGEST")]
        payment: Digest,
    },
    /// 拒赔（保险人） · Decline; by the insurer
    Decline {
        /// 保单 · The policy
        policy: InstrumentId,
        /// 理赔的记录 · The record of the claim
        #[arg(long, value_name = "RECORD")]
        claim: RecordId,
        /// 理由的摘要 · The salted digest of the reasons: HASH or @FILE
        #[arg(long, value_name = "DIGEST")]
        reasons: Digest,
    },
    /// 撤回理赔（被保险人） · Take the claim back; by the insured
    Withdraw {
        /// 保单 · The policy
        policy: InstrumentId,
        /// 理赔的记录 · The record of the claim
        #[arg(long, value_name = "RECORD")]
        claim: RecordId,
    },
}

/// `tongda finance end`.
#[derive(Args, Debug)]
pub(crate) struct End {
    /// 金融工具 · The instrument
    instrument: InstrumentId,
    /// performed, dissolved, adjudged（履行完毕、协议解除、裁判）
    #[arg(long, value_parser = choice::<InstrumentEnd>)]
    cause: InstrumentEnd,
    /// 裁判的摘要 · The digest of the judgment: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Option<Digest>,
    /// 结束日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl FinanceAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Instrument(issue) => issue.act(caller).await?,
            Self::Claim(claim) => claim.act(caller)?,
            Self::End(end) => finance::Finish {
                instrument: end.instrument,
                cause: end.cause,
                document: end.document.as_ref().map(|document| caller.plain(document)).transpose()?,
                on: day(end.on),
            }
            .into(),
        })
    }
}

impl Issue {
    fn instrument_kind(&self) -> Result<InstrumentKind, Failure> {
        if self.kind != Kind::Insurance && self.cover.is_some() {
            return Err("--cover goes with insurance".into());
        }
        if self.kind != Kind::LoanAndInvestment && self.pledge.is_some() {
            return Err("--pledge goes with loan-and-investment".into());
        }
        Ok(match self.kind {
            Kind::Insurance => {
                InstrumentKind::Insurance { cover: self.cover.ok_or("say what it covers with --cover")? }
            }
            Kind::Securitisation => InstrumentKind::Securitisation,
            Kind::Warrant => InstrumentKind::Warrant,
            Kind::Convertible => InstrumentKind::Convertible,
            Kind::PreferredShares => InstrumentKind::PreferredShares,
            Kind::LoanAndInvestment => InstrumentKind::LoanAndInvestment {
                pledge: self.pledge.ok_or("name the pledge with --pledge")?,
            },
        })
    }

    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let issue = finance::Issue {
            kind: self.instrument_kind()?,
            issuer: self.issuer,
            partner: self.partner,
            patents: list(&caller.patents(&self.patents).await?, "--patent")?,
            licences: list(&self.licences, "--licence")?,
            valuation: self.valuation,
            contract: caller.salted(&self.contract)?,
            term: self.term,
        };
        Ok(issue.into())
    }
}

impl ClaimAct {
    fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let (instrument, step) = match self {
            Self::Make { policy, event, loss, evidence } => {
                let (loss, evidence) = (caller.salted(loss)?, caller.salted(evidence)?);
                (*policy, ClaimStep::Made { event: *event, loss, evidence })
            }
            Self::Settle { policy, claim, payment } => {
                (*policy, ClaimStep::Settled { claim: *claim, payment: caller.salted(payment)? })
            }
            Self::Decline { policy, claim, reasons } => {
                (*policy, ClaimStep::Declined { claim: *claim, reasons: caller.salted(reasons)? })
            }
            Self::Withdraw { policy, claim } => (*policy, ClaimStep::Withdrawn { claim: *claim }),
        };
        Ok(finance::Claim { instrument, step }.into())
    }
}

impl Listing for Instrument {
    const HEAD: &'static [&'static str] =
        &["金融工具 instrument", "状态 state", "种类 kind", "融资人 issuer", "对方 partner", "期限 term"];

    fn row(object: &Object<InstrumentId, Self>) -> Vec<String> {
        let Object { id, value } = object;
        let (issuer, partner) = (value.issuer.to_string(), value.partner.to_string());
        vec![id.to_string(), word(&value.state), word(&value.kind), issuer, partner, value.term.to_string()]
    }

    fn state(&self) -> String {
        word(&self.state)
    }
}
