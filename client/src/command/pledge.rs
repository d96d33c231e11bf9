//! `tongda pledge`: pledges, from the application to the release.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, PatentName, act_kind, choice, list, word};
use clap::{Args, Subcommand};
use tongda_client::answer::Object;
use tongda_ledger::act::pledge::{self, DebtKind, ReleaseCause};
use tongda_ledger::act::{Act, ActKind};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{Date, MemberId, Money, PartyId, PledgeId, RecordalNumber, Term};
use tongda_ledger::state::Pledge;

/// What is done with pledges.
#[derive(Subcommand, Debug)]
pub(crate) enum PledgeVerb {
    #[command(flatten)]
    Act(PledgeAct),
    #[command(flatten)]
    Read(ReadVerb<PledgeId>),
}

/// Acts on pledges.
#[derive(Subcommand, Debug)]
pub(crate) enum PledgeAct {
    /// 申请质押登记（全体专利权人与质权人） · Apply for a pledge's registration; by all owners and the pledgee
    Apply(Box<Apply>),
    /// 登记质押（登记机构） · Register a pledge; by the registrar
    Register(Register),
    /// 解除质押（质权人） · Release a pledge; by the pledgee
    Release(Release),
    /// 事先同意某类行为（质权人） · Consent in advance to acts of one kind; by the pledgee
    Consent(Consent),
}

/// `tongda pledge apply`.
#[derive(Args, Debug)]
pub(crate) struct Apply {
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 出质人，缺省为全体专利权人 · Who pledges; without it, all owners
    #[arg(long = "pledgor", value_name = "PARTY", value_delimiter = ',')]
    pledgors: Vec<PartyId>,
    /// 质权人 · Who is secured
    #[arg(long, value_name = "MEMBER")]
    pledgee: MemberId,
    /// 债权种类：loan, counter-guarantee, trade, other · The kind of debt
    #[arg(long, value_parser = choice::<DebtKind>)]
    debt: DebtKind,
    /// 数额与合同的摘要 · The salted digest of amount and contract: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    contract: Digest,
    /// 债务履行期限 · The debt's term, FIRST/LAST
    #[arg(long, value_name = "TERM")]
    debt_term: Option<Term>,
    /// 担保范围 · What is secured: principal, interest, penalty, costs
    #[arg(long, value_name = "TEXT")]
    scope: Option<Text<600>>,
    /// 最高债权额（元） · The maximum amount of a maximum-amount pledge, in yuan
    #[arg(long, value_name = "AMOUNT")]
    maximum: Option<Money>,
    /// 流质约款：法律不允许 · The contract lets the pledgee keep the patent; the law does not
    #[arg(long, hide = true)]
    forfeiture: bool,
    /// 知有同日申请而坚持 · The parties insist although a same-day application is pending
    #[arg(long)]
    insist_same_day: bool,
    /// 知有无效宣告请求而坚持 · The parties insist although an invalidation has been started
    #[arg(long)]
    insist_invalidation: bool,
    /// 质权人同意继续开放许可 · The pledgee agrees that open licensing continues
    #[arg(long)]
    open_continues: bool,
}

/// `tongda pledge register`.
#[derive(Args, Debug)]
pub(crate) struct Register {
    /// 质押 · The pledge
    pledge: PledgeId,
    /// 登记号 · The registration's number
    #[arg(long)]
    number: RecordalNumber,
    /// 登记日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda pledge release`.
#[derive(Args, Debug)]
pub(crate) struct Release {
    /// 质押 · The pledge
    pledge: PledgeId,
    /// paid, realised, waived, contract-void（清偿、实现、放弃、主合同无效）
    #[arg(long, value_parser = choice::<ReleaseCause>)]
    cause: ReleaseCause,
    /// 解除日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda pledge consent`.
#[derive(Args, Debug)]
pub(crate) struct Consent {
    /// 质押 · The pledge
    pledge: PledgeId,
    /// licence.grant, transfer.propose, open.declare, patent.life
    #[arg(long, value_parser = act_kind)]
    act: ActKind,
    /// 条件的摘要 · The salted digest of the conditions: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    conditions: Option<Digest>,
    /// 截止日；在过去即为撤回 · The last day it holds; a day in the past takes it back
    #[arg(long, value_name = "DATE")]
    until: Date,
}

impl PledgeAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Apply(apply) => apply.act(caller).await?,
            Self::Register(register) => {
                pledge::Register { pledge: register.pledge, number: register.number, on: day(register.on) }
                    .into()
            }
            Self::Release(release) => {
                pledge::Release { pledge: release.pledge, cause: release.cause, on: day(release.on) }.into()
            }
            Self::Consent(consent) => pledge::Consent {
                pledge: consent.pledge,
                act: consent.act,
                conditions: caller.maybe_salted(consent.conditions.as_ref())?,
                until: consent.until,
            }
            .into(),
        })
    }
}

impl Apply {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let patents = caller.patents(&self.patents).await?;
        let apply = pledge::Apply {
            pledgors: list(&caller.owners(&self.pledgors, &patents).await?, "--pledgor")?,
            patents: list(&patents, "patents")?,
            pledgee: self.pledgee,
            debt: self.debt,
            contract: caller.salted(&self.contract)?,
            debt_term: self.debt_term,
            scope: self.scope.clone(),
            maximum: self.maximum,
            forfeiture: self.forfeiture,
            insist_same_day: self.insist_same_day,
            insist_invalidation: self.insist_invalidation,
            open_continues: self.open_continues,
        };
        Ok(apply.into())
    }
}

impl Listing for Pledge {
    const HEAD: &'static [&'static str] =
        &["质押 pledge", "状态 state", "质权人 pledgee", "债务期限 debt term", "专利 patents"];

    fn row(object: &Object<PledgeId, Self>) -> Vec<String> {
        let Object { id, value } = object;
        let patents: Vec<_> = value.patents.iter().map(ToString::to_string).collect();
        let (pledgee, term) = (value.pledgee.to_string(), value.debt_term.to_string());
        vec![id.to_string(), word(&value.state), pledgee, term, patents.join(",")]
    }

    fn state(&self) -> String {
        word(&self.state)
    }
}
