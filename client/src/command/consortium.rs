//! `tongda consortium`: innovation consortia.

use super::caller::{Caller, typed_or_read};
use super::failure::Failure;
use super::value::{Digest, list};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::consortium;
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{IndustryCode, MemberId, RecordId};

/// Acts on consortia.
#[derive(Subcommand, Debug)]
pub(crate) enum ConsortiumAct {
    /// 组建创新联合体（全体成员） · Form a consortium; by all its members
    Form(Form),
    /// 退出创新联合体（成员） · Leave a consortium; by the member
    Leave(Leave),
    /// 结束创新联合体（全体成员） · End a consortium; by all its members
    End {
        /// 组建的记录 · The record that formed it
        consortium: RecordId,
    },
}

/// `tongda consortium form`.
#[derive(Args, Debug)]
pub(crate) struct Form {
    /// 名称 · Its name
    #[arg(long)]
    name: Text<300>,
    /// 成员，可重复，两个以上 · A member; repeatable, at least two
    #[arg(long = "member", value_name = "MEMBER", required = true, value_delimiter = ',')]
    members: Vec<MemberId>,
    /// 知识产权约定的摘要 · The digest of what they agreed on intellectual property: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    ip_rules: Digest,
    /// 宗旨 · What it is for: TEXT or @FILE
    #[arg(long, value_name = "TEXT")]
    scope: String,
    /// 行业，可重复 · An industry, as in C27; repeatable
    #[arg(long = "industry", value_name = "INDUSTRY", value_delimiter = ',')]
    industries: Vec<IndustryCode>,
}

/// `tongda consortium leave`.
#[derive(Args, Debug)]
pub(crate) struct Leave {
    /// 组建的记录 · The record that formed it
    consortium: RecordId,
    /// 成员，缺省为签名的成员 · The member; without it, the one who signs
    #[arg(long)]
    member: Option<MemberId>,
}

impl ConsortiumAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Form(form) => consortium::Form {
                name: form.name.clone(),
                members: list(&form.members, "--member")?,
                ip_rules: caller.plain(&form.ip_rules)?,
                scope: typed_or_read(&form.scope, "--scope")?,
                industries: list(&form.industries, "--industry")?,
            }
            .into(),
            Self::Leave(leave) => {
                consortium::Leave { consortium: leave.consortium, member: caller.member(leave.member).await? }
                    .into()
            }
            Self::End { consortium } => consortium::End { consortium: *consortium }.into(),
        })
    }
}
