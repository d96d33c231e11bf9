//! `tongda pool`: patent pools, from their forming to their end.

use super::caller::{Caller, read_text};
use super::failure::Failure;
use super::value::{Digest, PatentName, choice, list};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::str::FromStr;
use tongda_ledger::act::Act;
use tongda_ledger::act::pool::{self, PoolFounder, PoolShare, PoolShareRule};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{MemberId, Money, PoolId, Term};

/// Acts on pools.
#[derive(Subcommand, Debug)]
pub(crate) enum PoolAct {
    /// 组建专利池（管理人、全体成员与专利权人） · Form a pool; by the administrator, all members and all owners
    Form(Form),
    /// 加入专利池或者带入更多专利（成员、管理人与专利权人） · Join, or bring more patents; by member, administrator and owners
    Join(Join),
    /// 退出专利池（成员） · Take patents out, or leave with all; by the member
    Leave(Leave),
    /// 分配许可费（管理人） · Distribute the royalties of a period; by the administrator
    Distribute(Distribute),
    /// 解散专利池（管理人与全体成员） · Dissolve a pool; by the administrator and all members
    Dissolve(Dissolve),
}

/// `tongda pool form`.
#[derive(Args, Debug)]
pub(crate) struct Form {
    /// 名称 · Its name
    #[arg(long)]
    name: Text<300>,
    /// 章程的摘要 · The digest of its rules: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    rules: Digest,
    /// 管理人 · Who administers it
    #[arg(long, value_name = "MEMBER")]
    administrator: MemberId,
    /// 分配规则：by-member, by-patent, by-rules · How royalties are shared: alike, by patents, as the rules say
    #[arg(long, value_name = "RULE", value_parser = choice::<PoolShareRule>)]
    share_rule: PoolShareRule,
    /// 发起成员及其专利，可重复 · A founding member with the patents it brings; repeatable
    #[arg(long = "founder", value_name = "MEMBER=PATENT,…", required = true)]
    founders: Vec<Founder>,
}

/// A founding member with its patents: `MEMBER=PATENT,PATENT`.
#[derive(Clone, Debug)]
pub(crate) struct Founder {
    member: MemberId,
    patents: Vec<PatentName>,
}

impl FromStr for Founder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (member, patents) = text.split_once('=').ok_or("write MEMBER=PATENT,PATENT")?;
        let member = member.parse().map_err(|error| format!("{error}"))?;
        Ok(Self { member, patents: patents.split(',').map(str::parse).collect::<Result<_, _>>()? })
    }
}

/// `tongda pool join`.
#[derive(Args, Debug)]
pub(crate) struct Join {
    /// 专利池 · The pool
    pool: PoolId,
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 成员，缺省为签名的成员 · The member; without it, the one who signs
    #[arg(long)]
    member: Option<MemberId>,
}

/// `tongda pool leave`.
#[derive(Args, Debug)]
pub(crate) struct Leave {
    /// 专利池 · The pool
    pool: PoolId,
    /// 专利，可多个 · The patents
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    patents: Vec<PatentName>,
    /// 连同全部专利退出 · The member leaves with all of its patents
    #[arg(long)]
    all: bool,
    /// 带入专利的成员，缺省为签名的成员 · The member that brought them; without it, the one who signs
    #[arg(long)]
    member: Option<MemberId>,
}

/// `tongda pool distribute`.
#[derive(Args, Debug)]
pub(crate) struct Distribute {
    /// 专利池 · The pool
    pool: PoolId,
    /// 期间 · The period, FIRST/LAST
    #[arg(long, value_name = "TERM")]
    period: Term,
    /// 总额（元） · What is distributed, in yuan
    #[arg(long, value_name = "AMOUNT")]
    total: Money,
    /// 一个成员所得（元），可重复 · What a member receives, in yuan; repeatable
    #[arg(long = "share", value_name = "MEMBER=AMOUNT", value_parser = share, required_unless_present = "file")]
    shares: Vec<PoolShare>,
    /// 多个成员所得的 JSON 文件 · A JSON file with a list of shares, instead
    #[arg(long, value_name = "FILE", conflicts_with = "shares")]
    file: Option<PathBuf>,
}

/// What a member receives: `MEMBER=AMOUNT`.
fn share(text: &str) -> Result<PoolShare, String> {
    let (member, amount) = text.split_once('=').ok_or("write MEMBER=AMOUNT")?;
    let member = member.parse().map_err(|error| format!("{error}"))?;
    Ok(PoolShare { member, amount: amount.parse().map_err(|error| format!("{error}"))? })
}

/// `tongda pool dissolve`.
#[derive(Args, Debug)]
pub(crate) struct Dissolve {
    /// 专利池 · The pool
    pool: PoolId,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<600>,
}

impl PoolAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Form(form) => form.act(caller).await?,
            Self::Join(join) => pool::Join {
                pool: join.pool,
                member: caller.member(join.member).await?,
                patents: list(&caller.patents(&join.patents).await?, "patents")?,
            }
            .into(),
            Self::Leave(leave) => pool::Leave {
                pool: leave.pool,
                member: caller.member(leave.member).await?,
                patents: list(&caller.patents(&leave.patents).await?, "patents")?,
            }
            .into(),
            Self::Distribute(distribute) => distribute.act()?,
            Self::Dissolve(dissolve) => {
                pool::Dissolve { pool: dissolve.pool, reason: dissolve.reason.clone() }.into()
            }
        })
    }
}

impl Form {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let mut founders = Vec::new();
        for founder in &self.founders {
            let patents = list(&caller.patents(&founder.patents).await?, "--founder")?;
            founders.push(PoolFounder { member: founder.member, patents });
        }
        let form = pool::Form {
            name: self.name.clone(),
            rules: caller.plain(&self.rules)?,
            administrator: self.administrator,
            share_rule: self.share_rule,
            founders: list(&founders, "--founder")?,
        };
        Ok(form.into())
    }
}

impl Distribute {
    fn act(&self) -> Result<Act, Failure> {
        let shares = match &self.file {
            Some(path) => serde_json::from_str(&read_text(path)?)
                .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?,
            None => self.shares.clone(),
        };
        let shares = list(&shares, "shares")?;
        Ok(pool::Distribute { pool: self.pool, period: self.period, total: self.total, shares }.into())
    }
}
