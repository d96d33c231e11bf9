//! `tongda case`: disputes before a mediator, an authority or a court.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, PatentName, choice, list, word};
use clap::{Args, Subcommand};
use tongda_client::answer::Object;
use tongda_ledger::act::Act;
use tongda_ledger::act::dispute::{self, CaseKind, CaseOutcome};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{CaseId, Date, LicenceId, MemberId, PartyId, PledgeId};
use tongda_ledger::state::DisputeCase;

/// What is done with cases.
#[derive(Subcommand, Debug)]
pub(crate) enum CaseVerb {
    #[command(flatten)]
    Act(CaseAct),
    #[command(flatten)]
    Read(ReadVerb<CaseId>),
}

/// Acts on cases.
#[derive(Subcommand, Debug)]
pub(crate) enum CaseAct {
    /// 提出纠纷（申请人） · Open a case; by the claimant
    Open(Box<Open>),
    /// 受理（受理机构） · Accept a case; by the forum
    Accept(Accept),
    /// 写入结果（受理机构） · Enter a case's result; by the forum, a settlement also by the parties
    Result(Conclude),
    /// 履行完毕（申请人或者受理机构） · Enter that what was settled or decided has been done
    Perform(Perform),
}

/// `tongda case open`.
#[derive(Args, Debug)]
pub(crate) struct Open {
    /// open-licence, infringement, ownership, inventor-reward, contract · What it is about
    #[arg(long, value_parser = choice::<CaseKind>)]
    kind: CaseKind,
    /// 申请人，缺省本人 · Who claims; without it, the caller
    #[arg(long, value_name = "MEMBER")]
    claimant: Option<MemberId>,
    /// 被申请人，可重复 · Against whom; repeatable
    #[arg(long = "respondent", value_name = "PARTY", required = true, value_delimiter = ',')]
    respondents: Vec<PartyId>,
    /// 受理机构 · Before whom: a mediator, an authority or a court
    #[arg(long, value_name = "MEMBER")]
    forum: MemberId,
    /// 涉及的专利，可重复 · A patent in dispute; repeatable
    #[arg(long = "patent", value_name = "PATENT", value_delimiter = ',')]
    patents: Vec<PatentName>,
    /// 涉及的许可，可重复 · A licence in dispute; repeatable
    #[arg(long = "licence", value_name = "LICENCE", value_delimiter = ',')]
    licences: Vec<LicenceId>,
    /// 涉及的质押，可重复 · A pledge in dispute; repeatable
    #[arg(long = "pledge", value_name = "PLEDGE", value_delimiter = ',')]
    pledges: Vec<PledgeId>,
    /// 请求与理由的摘要 · The salted digest of claim and reasons: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    claim: Digest,
}

/// `tongda case accept`.
#[derive(Args, Debug)]
pub(crate) struct Accept {
    /// 案件 · The case
    case: CaseId,
    /// 案号 · The forum's own number of it
    #[arg(long)]
    number: Text<120>,
    /// 受理日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// 办理期限 · The last day for a result
    #[arg(long, value_name = "DATE")]
    until: Date,
}

/// `tongda case result`.
#[derive(Args, Debug)]
pub(crate) struct Conclude {
    /// 案件 · The case
    case: CaseId,
    /// settled, decided, withdrawn, dismissed（和解、裁决、撤回、驳回）
    #[arg(long, value_parser = choice::<CaseOutcome>)]
    outcome: CaseOutcome,
    /// 协议或者裁决的摘要 · The salted digest of settlement or decision: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Option<Digest>,
    /// 履行期限 · The last day for what is to be done
    #[arg(long, value_name = "DATE")]
    perform_by: Option<Date>,
    /// 结案日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda case perform`.
#[derive(Args, Debug)]
pub(crate) struct Perform {
    /// 案件 · The case
    case: CaseId,
    /// 履行证据的摘要 · The salted digest of the evidence: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    evidence: Digest,
    /// 履行日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl CaseAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Open(open) => open.act(caller).await?,
            Self::Accept(accept) => dispute::Accept {
                case: accept.case,
                number: accept.number.clone(),
                on: day(accept.on),
                until: accept.until,
            }
            .into(),
            Self::Result(result) => dispute::Conclude {
                case: result.case,
                outcome: result.outcome,
                document: caller.maybe_salted(result.document.as_ref())?,
                perform_by: result.perform_by,
                on: day(result.on),
            }
            .into(),
            Self::Perform(perform) => dispute::Perform {
                case: perform.case,
                evidence: caller.salted(&perform.evidence)?,
                on: day(perform.on),
            }
            .into(),
        })
    }
}

impl Open {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let claimant = match self.claimant {
            Some(claimant) => claimant,
            None => caller.author().await?,
        };
        let open = dispute::Open {
            kind: self.kind,
            claimant,
            respondents: list(&self.respondents, "--respondent")?,
            forum: self.forum,
            patents: list(&caller.patents(&self.patents).await?, "--patent")?,
            licences: list(&self.licences, "--licence")?,
            pledges: list(&self.pledges, "--pledge")?,
            claim: caller.salted(&self.claim)?,
        };
        Ok(open.into())
    }
}

impl Listing for DisputeCase {
    const HEAD: &'static [&'static str] = &[
        "案件 case",
        "状态 state",
        "种类 kind",
        "申请人 claimant",
        "受理机构 forum",
        "被申请人 respondents",
    ];

    fn row(object: &Object<CaseId, Self>) -> Vec<String> {
        let Object { id, value } = object;
        let respondents: Vec<_> = value.respondents.iter().map(ToString::to_string).collect();
        let (claimant, forum) = (value.claimant.to_string(), value.forum.to_string());
        vec![id.to_string(), word(&value.state), word(&value.kind), claimant, forum, respondents.join(",")]
    }

    fn state(&self) -> String {
        word(&self.state)
    }
}
