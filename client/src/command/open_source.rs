//! `tongda opensource`: patents that their owners pledge to everybody.

use super::caller::{Caller, typed_or_read};
use super::failure::Failure;
use super::value::{Digest, PatentName, list};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::open_source::{self, SuitReference};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{CaseId, MemberId, OpenSourceId};

/// Acts on open source.
#[derive(Subcommand, Debug)]
pub(crate) enum OpenSourceAct {
    /// 专利开源（全体专利权人） · Pledge patents to everybody who keeps to a licence text; by all owners
    Pledge(Pledge),
    /// 对起诉者终止（全体专利权人） · Terminate a pledge against who has sued; by all owners
    Terminate(Terminate),
    /// 依其条款撤销（全体专利权人） · Revoke a pledge whose own terms allow it; by all owners
    Revoke(Revoke),
}

/// `tongda opensource pledge`.
#[derive(Args, Debug)]
pub(crate) struct Pledge {
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 许可协议的名称 · The licence's name
    #[arg(long, value_name = "NAME")]
    licence: Text<120>,
    /// 许可协议文本的摘要 · The digest of its text: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    text: Digest,
    /// 条件概要 · The conditions in short: TEXT or @FILE
    #[arg(long, value_name = "TEXT")]
    conditions: String,
    /// 可以对起诉者终止（防御性终止） · It may be terminated against who sues
    #[arg(long)]
    defensive: bool,
    /// 可以撤销；缺省不可撤销 · Its terms let the owners revoke it; without this, it is irrevocable
    #[arg(long)]
    revocable: bool,
    /// 绿色技术 · It is green technology
    #[arg(long)]
    green: bool,
}

/// `tongda opensource terminate`.
#[derive(Args, Debug)]
pub(crate) struct Terminate {
    /// 开源承诺 · The pledge
    pledge: OpenSourceId,
    /// 起诉者 · Who has sued
    #[arg(long, value_name = "MEMBER")]
    against: MemberId,
    #[command(flatten)]
    ground: Ground,
    /// 诉讼文书的摘要 · The salted digest of the suit's document: HASH or @FILE
    #[arg(long, value_name = "DIGEST", requires = "suit", conflicts_with = "case")]
    document: Option<Digest>,
}

/// The suit.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Ground {
    /// 账本上的案件 · A case on the ledger
    #[arg(long)]
    case: Option<CaseId>,
    /// 法院案号 · A suit before a court, by its number
    #[arg(long, value_name = "NUMBER", requires = "document")]
    suit: Option<Text<120>>,
}

/// `tongda opensource revoke`.
#[derive(Args, Debug)]
pub(crate) struct Revoke {
    /// 开源承诺 · The pledge
    pledge: OpenSourceId,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<600>,
}

impl OpenSourceAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Pledge(pledge) => open_source::PledgeOpen {
                patents: list(&caller.patents(&pledge.patents).await?, "patents")?,
                licence: pledge.licence.clone(),
                text: caller.plain(&pledge.text)?,
                conditions: typed_or_read(&pledge.conditions, "--conditions")?,
                defensive: pledge.defensive,
                revocable: pledge.revocable,
                green: pledge.green,
            }
            .into(),
            Self::Terminate(terminate) => terminate.act(caller)?,
            Self::Revoke(revoke) => {
                open_source::Revoke { pledge: revoke.pledge, reason: revoke.reason.clone() }.into()
            }
        })
    }
}

impl Terminate {
    fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let ground = match (self.ground.case, &self.ground.suit, &self.document) {
            (Some(case), None, None) => SuitReference::Case { case },
            (None, Some(number), Some(document)) => {
                SuitReference::Suit { number: number.clone(), document: caller.salted(document)? }
            }
            _ => return Err("name the suit: --case, or --suit with --document".into()),
        };
        Ok(open_source::Terminate { pledge: self.pledge, member: self.against, ground }.into())
    }
}
