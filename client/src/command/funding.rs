//! `tongda funding`, `income`, `assessment` and `tender`: public funds, and what institutions do with their income.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::value::{Digest, PatentName, choice, list, pricing};
use clap::{ArgGroup, Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::funding::{
    self, Diligence, FilingClass, FundDecision, IncomeSource, InventorPart, NetIncome, StateUseMode,
    TenderKind,
};
use tongda_ledger::act::transfer::Pricing;
use tongda_ledger::codec::Text;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{Date, LicenceId, MemberId, Money, PatentId, Rate, TransferId};

/// Acts on patents made with public funds.
#[derive(Subcommand, Debug)]
pub(crate) enum FundingAct {
    /// 财政资助声明（承担单位） · Declare that patents were made with public funds; by the institution that owns them
    Declare(Declare),
    /// 核验声明（项目管理部门） · Verify a declaration; by the funder
    Verify(Verify),
    /// 授权超过五年未实施的处理（项目管理部门） · Decide on a patent not implemented in time; by the funder
    Clock(Box<Clock>),
    /// 年度实施与保护报告（承担单位） · Report on a funded patent's year; by the institution
    Report(Report),
}

/// `tongda funding declare`.
#[derive(Args, Debug)]
pub(crate) struct Declare {
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 承担单位，缺省为签名人 · The institution; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    institution: Option<MemberId>,
    /// 项目类型、名称、编号的摘要 · The salted digest of the project's type, name and number: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    project: Digest,
    /// 项目管理部门 · The funder
    #[arg(long, value_name = "MEMBER")]
    funder: MemberId,
}

/// A declaration: the patent and the project.
#[derive(Args, Debug)]
pub(crate) struct Declared {
    /// 专利 · The patent
    patent: PatentName,
    /// 声明中的项目 · The project as declared: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    project: Digest,
}

/// `tongda funding verify`.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    #[command(flatten)]
    declared: Declared,
}

/// `tongda funding clock`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("decision").required(true).args(["justified", "state_use"]))]
pub(crate) struct Clock {
    #[command(flatten)]
    declared: Declared,
    /// 理由正当：其摘要 · There is a legitimate reason: its salted digest, HASH or @FILE
    #[arg(long, value_name = "DIGEST", requires = "until")]
    justified: Option<Digest>,
    /// 宽限的截止日 · The last day of the time granted
    #[arg(long, value_name = "DATE", requires = "justified")]
    until: Option<Date>,
    /// 国家使用：state-free, others-paid, others-free · The State uses the patent
    #[arg(long, value_name = "MODE", value_parser = choice::<StateUseMode>, requires = "document")]
    state_use: Option<StateUseMode>,
    /// 决定的摘要 · The digest of the decision: HASH or @FILE
    #[arg(long, value_name = "DIGEST", requires = "state_use")]
    document: Option<Digest>,
}

/// `tongda funding report`.
#[derive(Args, Debug)]
pub(crate) struct Report {
    #[command(flatten)]
    declared: Declared,
    /// 年度，已结束的 · The year, which is over
    #[arg(long)]
    year: u16,
    /// 报告的摘要 · The salted digest of the report: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    report: Digest,
}

impl FundingAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Declare(declare) => funding::Declare {
                patents: list(&caller.patents(&declare.patents).await?, "patents")?,
                institution: caller.member(declare.institution).await?,
                project: caller.salted(&declare.project)?,
                funder: declare.funder,
            }
            .into(),
            Self::Verify(verify) => {
                let (patent, project) = verify.declared.read(caller).await?;
                funding::Verify { patent, project }.into()
            }
            Self::Clock(clock) => {
                let (patent, project) = clock.declared.read(caller).await?;
                funding::Clock { patent, project, decision: clock.decision(caller)? }.into()
            }
            Self::Report(report) => {
                let (patent, project) = report.declared.read(caller).await?;
                let (year, report) = (report.year, caller.salted(&report.report)?);
                funding::Report { patent, project, year, report }.into()
            }
        })
    }
}

impl Declared {
    async fn read(&self, caller: &Caller) -> Result<(PatentId, Hash), Failure> {
        Ok((caller.patent(self.patent).await?, caller.salted(&self.project)?))
    }
}

impl Clock {
    fn decision(&self, caller: &Caller) -> Result<FundDecision, Failure> {
        match (&self.justified, self.until, self.state_use, &self.document) {
            (Some(reason), Some(until), None, None) => {
                Ok(FundDecision::Justified { reason: caller.salted(reason)?, until })
            }
            (None, None, Some(mode), Some(document)) => {
                Ok(FundDecision::StateUse { mode, document: caller.plain(document)? })
            }
            _ => Err("give --justified with --until, or --state-use with --document".into()),
        }
    }
}

/// Acts on income.
#[derive(Subcommand, Debug)]
pub(crate) enum IncomeAct {
    /// 净收益分配（单位） · Distribute a patent's net income; by the institution
    Distribute(Box<Distribute>),
}

/// `tongda income distribute`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("source").required(true).args(["licence", "transfer"]))]
#[command(group = ArgGroup::new("net").required(true).args(["amount", "confidential"]))]
pub(crate) struct Distribute {
    /// 单位，缺省为签名人 · The institution; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    institution: Option<MemberId>,
    /// 收益来源：许可 · The licence that brought the income
    #[arg(long)]
    licence: Option<LicenceId>,
    /// 收益来源：转让 · The registered transfer that brought it
    #[arg(long)]
    transfer: Option<TransferId>,
    /// 公开的净收益（元） · The net income, made public, in yuan
    #[arg(long)]
    amount: Option<Money>,
    /// 不公开的净收益的摘要 · The salted digest of a net income that is not made public: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    confidential: Option<Digest>,
    /// 归发明人与转化人员的比例 · The share of it for the inventors and whoever made the transformation possible
    #[arg(long)]
    share: Rate,
    /// 发明人（加盐摘要）及其占比，可重复 · An inventor, by salted commitment, and its part: HASH=60%
    #[arg(long = "inventor", value_name = "HASH=PART", required = true, value_parser = inventor, value_delimiter = ',')]
    inventors: Vec<InventorPart>,
    /// 低于法定比例所依据的规定或者约定的摘要 · The salted digest of the rules or
    /// agreement by which the share is lower than the law's: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    policy: Option<Digest>,
    /// 分配日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

fn inventor(text: &str) -> Result<InventorPart, String> {
    let (inventor, part) = text.split_once('=').ok_or("write HASH=PART, with a part as in 60%")?;
    Ok(InventorPart {
        inventor: inventor.parse().map_err(|error| format!("{error}"))?,
        part: part.parse().map_err(|error| format!("{error}"))?,
    })
}

impl IncomeAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let Self::Distribute(distribute) = self;
        let source = match (distribute.licence, distribute.transfer) {
            (Some(licence), None) => IncomeSource::FromLicence { licence },
            (None, Some(transfer)) => IncomeSource::FromTransfer { transfer },
            _ => return Err("give --licence or --transfer".into()),
        };
        let net = match (distribute.amount, &distribute.confidential) {
            (Some(amount), None) => NetIncome::Public { amount },
            (None, Some(digest)) => NetIncome::Confidential { digest: caller.salted(digest)? },
            _ => return Err("give --amount or --confidential".into()),
        };
        let distribute = funding::Distribute {
            institution: caller.member(distribute.institution).await?,
            source,
            net,
            share: distribute.share,
            inventors: list(&distribute.inventors, "--inventor")?,
            policy: caller.maybe_salted(distribute.policy.as_ref())?,
            on: day(distribute.on),
        };
        Ok(distribute.into())
    }
}

/// Evidence of diligence.
#[derive(Subcommand, Debug)]
pub(crate) enum AssessmentAct {
    /// 登记评估、审查或者决策的证据（单位） · Enter evidence of diligence; by the institution
    #[command(subcommand)]
    Enter(Box<Enter>),
}

/// `tongda assessment enter`.
#[derive(Subcommand, Debug)]
pub(crate) enum Enter {
    /// 专利申请前评估 · An assessment before filing
    PreFiling {
        /// 结论：file, file-priority, leave-to-inventors, keep-secret · What was decided
        #[arg(long, value_parser = choice::<FilingClass>)]
        class: FilingClass,
        /// 评估的摘要 · The salted digest of the assessment: HASH or @FILE
        #[arg(long, value_name = "DIGEST")]
        assessment: Digest,
        #[command(flatten)]
        entered: Entered,
    },
    /// 合作协议知识产权条款审查 · A review of a cooperation's clauses on intellectual property
    ClauseReview {
        /// 协议的摘要 · The salted digest of the agreement: HASH or @FILE
        #[arg(long, value_name = "DIGEST")]
        agreement: Digest,
        /// 意见的摘要 · The salted digest of the opinion: HASH or @FILE
        #[arg(long, value_name = "DIGEST")]
        opinion: Digest,
        #[command(flatten)]
        entered: Entered,
    },
    /// 定价决策 · How a decision on a price was reached
    Decision {
        /// 定价方式 · How the price was found: agreement, agreement:FIRST/LAST with its notice, listing, auction
        #[arg(long, value_parser = pricing)]
        pricing: Pricing,
        /// 批准文件的摘要，可重复 · The salted digest of an approval: HASH or @FILE; repeatable
        #[arg(long = "approval", value_name = "DIGEST", required = true)]
        approvals: Vec<Digest>,
        #[command(flatten)]
        entered: Entered,
    },
}

/// By whom evidence is entered, and of which day it is.
#[derive(Args, Debug)]
pub(crate) struct Entered {
    /// 单位，缺省为签名人 · The institution; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    institution: Option<MemberId>,
    /// 日期，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl AssessmentAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let Self::Enter(enter) = self;
        let (diligence, entered) = match enter.as_ref() {
            Enter::PreFiling { class, assessment, entered } => {
                (Diligence::PreFiling { class: *class, assessment: caller.salted(assessment)? }, entered)
            }
            Enter::ClauseReview { agreement, opinion, entered } => {
                let (agreement, opinion) = (caller.salted(agreement)?, caller.salted(opinion)?);
                (Diligence::ClauseReview { agreement, opinion }, entered)
            }
            Enter::Decision { pricing, approvals, entered } => {
                let approvals: Vec<_> =
                    approvals.iter().map(|digest| caller.salted(digest)).collect::<Result<_, _>>()?;
                let approvals = list(&approvals, "--approval")?;
                (Diligence::Decision { pricing: pricing.clone(), approvals }, entered)
            }
        };
        let institution = caller.member(entered.institution).await?;
        Ok(funding::Assess { institution, diligence, on: day(entered.on) }.into())
    }
}

/// Notices of institutions.
#[derive(Subcommand, Debug)]
pub(crate) enum TenderAct {
    /// 公布招标或者资金支出（单位） · Publish a notice of a tender or of a fund's outlays; by the institution
    Notice(Notice),
}

/// `tongda tender notice`.
#[derive(Args, Debug)]
pub(crate) struct Notice {
    /// call（招标）、award（结果）、outlay（资金支出） · What the notice tells
    #[arg(value_parser = choice::<TenderKind>)]
    kind: TenderKind,
    /// 标题 · Its title
    #[arg(long)]
    title: Text<300>,
    /// 全文的摘要 · The digest of its text: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    notice: Digest,
    #[command(flatten)]
    entered: Entered,
}

impl TenderAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let Self::Notice(notice) = self;
        let tender = funding::Tender {
            institution: caller.member(notice.entered.institution).await?,
            kind: notice.kind,
            title: notice.title.clone(),
            notice: caller.plain(&notice.notice)?,
            on: day(notice.entered.on),
        };
        Ok(tender.into())
    }
}
