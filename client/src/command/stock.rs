//! `tongda stock` and `tongda support`: the stock of patents that wait to be used, its tiers and what is done for them.

use super::caller::{Caller, typed_or_read};
use super::failure::Failure;
use super::value::{Digest, PatentName, choice, list};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::stock::{self, StockTier, SupportKind, SupportTarget, Willingness};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{MemberId, RecordId, Term};

/// Acts on the stock.
#[derive(Subcommand, Debug)]
pub(crate) enum StockAct {
    /// 登记入库（高等学校、科研机构） · Enter a patent in the stock, or anew; by the university or institute that owns it
    Enter(Box<Enter>),
    /// 出库（登记的机构或者专利权人） · Take a patent out of the stock; by the institution or an owner
    Leave(Leave),
    /// 分层（交易机构、运营中心） · Assign a tier; by an exchange or an operation centre
    Tier(Tier),
}

/// `tongda stock enter`.
#[derive(Args, Debug)]
pub(crate) struct Enter {
    /// 专利 · The patent
    patent: PatentName,
    /// 登记的机构，缺省为签名的成员 · The institution; without it, the member who signs
    #[arg(long, value_name = "MEMBER")]
    institution: Option<MemberId>,
    /// 转化意愿，可重复：transfer, license, own-use · What it would do; repeatable
    #[arg(long, required = true, value_name = "WILL", value_parser = choice::<Willingness>, value_delimiter = ',')]
    willingness: Vec<Willingness>,
    /// 技术成熟度，1至9 · The technology readiness level, 1 to 9
    #[arg(long, value_name = "LEVEL")]
    readiness: u8,
    /// 自评等级，1至5 · The institution's own grade, 1 to 5
    #[arg(long)]
    grade: u8,
    /// 用途 · What it is good for: TEXT or @FILE
    #[arg(long, value_name = "TEXT")]
    description: String,
    /// 联系方式 · Whom to write to
    #[arg(long, value_name = "TEXT")]
    contact: Text<300>,
}

/// `tongda stock leave`.
#[derive(Args, Debug)]
pub(crate) struct Leave {
    /// 专利 · The patent
    patent: PatentName,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<600>,
}

/// `tongda stock tier`.
#[derive(Args, Debug)]
pub(crate) struct Tier {
    /// 专利 · The patent
    patent: PatentName,
    /// 分层规则的版本 · The version of the tiering rule
    #[arg(long, value_name = "VERSION")]
    rule: u16,
    /// 所依据的反馈记录，可重复 · A record of feedback that counts; repeatable
    #[arg(long, value_name = "RECORD", value_delimiter = ',')]
    feedback: Vec<RecordId>,
    /// reserve, growing, priority（储备、培育、重点）
    #[arg(long, value_parser = choice::<StockTier>)]
    tier: StockTier,
}

/// Acts that support.
#[derive(Subcommand, Debug)]
pub(crate) enum SupportAct {
    /// 记录支持措施（提供者） · Record a measure for a patent or a tier of the stock; by who gives it
    Record(Support),
}

/// `tongda support record`.
#[derive(Args, Debug)]
pub(crate) struct Support {
    #[command(flatten)]
    target: Target,
    /// promotion, policy, service, capital（推广、政策、服务、资本）
    #[arg(long, value_parser = choice::<SupportKind>)]
    kind: SupportKind,
    /// 名称 · What it is
    #[arg(long)]
    title: Text<300>,
    /// 期限 · From when to when, FIRST/LAST
    #[arg(long)]
    term: Option<Term>,
    /// 文件的摘要 · The salted digest of the document: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Option<Digest>,
}

/// For what a measure is meant.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Target {
    /// 针对一件专利 · For one patent of the stock
    #[arg(long)]
    patent: Option<PatentName>,
    /// 针对一层专利：reserve, growing, priority · For every patent of a tier
    #[arg(long, value_parser = choice::<StockTier>)]
    tier: Option<StockTier>,
}

impl StockAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Enter(enter) => enter.act(caller).await?,
            Self::Leave(leave) => {
                let patent = caller.patent(leave.patent).await?;
                stock::Leave { patent, reason: leave.reason.clone() }.into()
            }
            Self::Tier(tier) => stock::Tier {
                patent: caller.patent(tier.patent).await?,
                rule: tier.rule,
                feedback: list(&tier.feedback, "--feedback")?,
                tier: tier.tier,
            }
            .into(),
        })
    }
}

impl Enter {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let enter = stock::Enter {
            patent: caller.patent(self.patent).await?,
            institution: caller.member(self.institution).await?,
            willingness: list(&self.willingness, "--willingness")?,
            readiness: self.readiness,
            grade: self.grade,
            description: typed_or_read(&self.description, "--description")?,
            contact: self.contact.clone(),
        };
        Ok(enter.into())
    }
}

impl SupportAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let Self::Record(support) = self;
        let target = match (support.target.patent, support.target.tier) {
            (Some(patent), None) => SupportTarget::Patent { patent: caller.patent(patent).await? },
            (None, Some(tier)) => SupportTarget::Tier { tier },
            _ => return Err("name whom it is for: --patent or --tier".into()),
        };
        let record = stock::Support {
            target,
            kind: support.kind,
            title: support.title.clone(),
            term: support.term,
            document: caller.maybe_salted(support.document.as_ref())?,
        };
        Ok(record.into())
    }
}
