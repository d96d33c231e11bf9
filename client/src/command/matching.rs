//! `tongda match` and `tongda demand`: patents pushed to enterprises, their feedback, and what they look for.

use super::caller::{Caller, typed_or_read};
use super::failure::Failure;
use super::push_proofs::{PushProofs, ids_of, patents_of};
use super::value::{Digest, PatentName, choice, list};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use tongda_ledger::act::Act;
use tongda_ledger::act::matching::{self, BudgetBand, CooperationWish, DemandOutcome};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{ContractId, Date, DemandId, IndustryCode, PushId};

/// Acts on matching.
#[derive(Subcommand, Debug)]
pub(crate) enum MatchAct {
    /// 按产业细分领域匹配推送（交易机构） · Push patents to enterprises of an industry; by an exchange
    Push(Push),
    /// 市场反馈（收到推送的企业） · Give feedback on a pushed patent; by an enterprise that received it
    Feedback(Feedback),
}

/// `tongda match push`.
#[derive(Args, Debug)]
pub(crate) struct Push {
    /// 所推送专利的文件，每行一件 · A file with the patents, one a line: number or id
    #[arg(long, value_name = "FILE")]
    patents: PathBuf,
    /// 收到推送的企业的文件，每行一个成员编号 · A file with the recipients, one member a line
    #[arg(long, value_name = "FILE")]
    recipients: PathBuf,
    /// 包含证明写入的文件，随推送交给企业 · Where to write the inclusion proofs that enterprises answer with
    #[arg(long, value_name = "FILE")]
    proofs: Option<PathBuf>,
    /// 另为每个企业单独写一个文件的目录 · A folder for one such file a recipient, which names no other recipient
    #[arg(long, value_name = "FOLDER")]
    proofs_in: Option<PathBuf>,
    /// 产业细分领域 · The industry, as in C27
    #[arg(long, value_name = "INDUSTRY")]
    segment: IndustryCode,
    /// 匹配算法 · By what algorithm they were matched
    #[arg(long, value_name = "NAME")]
    algorithm: Text<120>,
    /// 算法版本的摘要 · The digest of the algorithm's version: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    algorithm_version: Digest,
}

/// `tongda match feedback`.
#[derive(Args, Debug)]
pub(crate) struct Feedback {
    /// 推送 · The push
    push: PushId,
    /// 专利 · The patent
    patent: PatentName,
    /// 交易机构随推送交来的包含证明 · The file of proofs that came with the push
    #[arg(long, value_name = "FILE")]
    proofs: PathBuf,
    /// 产业化前景，1至5 · The prospect of industrial use, 1 to 5
    #[arg(long, value_name = "GRADE")]
    prospect: u8,
    /// 技术改进需求 · What would have to be improved
    #[arg(long, value_name = "TEXT")]
    improvement: Option<Text<2000>>,
    /// 合作意愿：no-wish, take-licence, buy, develop-together · Whether it would cooperate, and how
    #[arg(long, value_name = "WISH", value_parser = choice::<CooperationWish>)]
    cooperation: CooperationWish,
}

/// Acts on demands.
#[derive(Subcommand, Debug)]
pub(crate) enum DemandAct {
    /// 发布技术需求（企业） · Say what is looked for; by an enterprise
    Post(Post),
    /// 结束需求（企业） · End a demand; by the enterprise
    Close(Close),
}

/// `tongda demand post`.
#[derive(Args, Debug)]
pub(crate) struct Post {
    /// 待解决的问题 · The problem to be solved: TEXT or @FILE
    #[arg(long, value_name = "TEXT")]
    problem: String,
    /// 行业 · The industry, as in C27
    #[arg(long)]
    industry: IndustryCode,
    /// 预算区间 · What it would spend, in yuan: below-half-million, below-five-million, five-million-up, negotiable
    #[arg(long, value_name = "BAND", value_parser = choice::<BudgetBand>)]
    budget: BudgetBand,
    /// 愿意联合攻关 · It would have it developed together
    #[arg(long)]
    joint: bool,
    /// 截止日 · The last day
    #[arg(long, value_name = "DATE")]
    until: Date,
}

/// `tongda demand close`.
#[derive(Args, Debug)]
pub(crate) struct Close {
    /// 需求 · The demand
    demand: DemandId,
    #[command(flatten)]
    end: End,
    /// 已录入的技术合同 · The technical contract, if one is entered
    #[arg(long, conflicts_with = "taken_back")]
    contract: Option<ContractId>,
    /// 所用或者所得的专利，可重复 · A patent used or made; repeatable
    #[arg(long = "patent", value_name = "PATENT", value_delimiter = ',', conflicts_with = "taken_back")]
    patents: Vec<PatentName>,
}

/// How a demand ends.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct End {
    /// 已满足 · It is met
    #[arg(long)]
    met: bool,
    /// 撤回 · It is taken back
    #[arg(long)]
    taken_back: bool,
}

impl MatchAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        match self {
            Self::Push(push) => push.act(caller).await,
            Self::Feedback(feedback) => feedback.act(caller).await,
        }
    }
}

impl Push {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let proofs = PushProofs::of(&patents_of(caller, &self.patents).await?, &ids_of(&self.recipients)?)?;
        if let Some(path) = &self.proofs {
            proofs.write(path)?;
        }
        if let Some(folder) = &self.proofs_in {
            proofs.write_each(folder)?;
        }
        let push = matching::Push {
            patents: proofs.patents.size,
            patents_root: proofs.patents.root,
            segment: self.segment,
            recipients: proofs.recipients.size,
            recipients_root: proofs.recipients.root,
            algorithm: self.algorithm.clone(),
            version: caller.plain(&self.algorithm_version)?,
        };
        Ok(push.into())
    }
}

impl Feedback {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let proofs = PushProofs::read(&self.proofs)?;
        let patent = caller.patent(self.patent).await?;
        let feedback = matching::Feedback {
            push: self.push,
            patent,
            recipient_place: proofs.recipients.place(&caller.author().await?, &self.proofs)?,
            patent_place: proofs.patents.place(&patent, &self.proofs)?,
            prospect: self.prospect,
            improvement: self.improvement.clone(),
            cooperation: self.cooperation,
        };
        Ok(feedback.into())
    }
}

impl DemandAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Post(post) => matching::PostDemand {
                problem: typed_or_read(&post.problem, "--problem")?,
                industry: post.industry,
                budget: post.budget,
                joint: post.joint,
                until: post.until,
            }
            .into(),
            Self::Close(close) => {
                let outcome = if close.end.met {
                    let patents = list(&caller.patents(&close.patents).await?, "--patent")?;
                    DemandOutcome::Met { contract: close.contract, patents }
                } else {
                    DemandOutcome::TakenBack
                };
                matching::CloseDemand { demand: close.demand, outcome }.into()
            }
        })
    }
}
