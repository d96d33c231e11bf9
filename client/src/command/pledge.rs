//! `tongda pledge`: pledges, from the application to the release or the realisation.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, PatentName, act_kind, choice, list, word};
use clap::{Args, Subcommand};
use tongda_client::answer::Object;
use tongda_ledger::act::pledge::{self, DebtKind, RegistrationBar, ReleaseCause};
use tongda_ledger::act::realisation::{self, DefaultEvent, DefaultStatement, DisposalMode, ProceedsSplit};
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
    /// 相关记载 · What hangs on it
    Dependents {
        /// 质押 · The pledge
        pledge: PledgeId,
    },
    /// 账本对质权人的通知 · What the ledger told the pledgee
    Notices {
        /// 质押 · The pledge
        pledge: PledgeId,
        /// 自该序号之后 · Those after this number
        #[arg(long, value_name = "NUMBER")]
        after: Option<u32>,
    },
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
    /// 变更质押登记（双方与登记机构） · Change a registered pledge; by both sides and the registrar
    Change(Box<Change>),
    /// 声明违约或者已补正（质权人） · State a default of the debt, or that it is cured; by the pledgee
    Default(StateDefault),
    /// 处置质物（双方，或者法院） · Enter the disposal of the patents after a default; by both sides or a court
    Dispose(Box<Dispose>),
    /// 撤销质押登记（登记机构） · Revoke a registration that should have been refused; by the registrar
    Revoke(Revoke),
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
    /// licence.grant, transfer.propose, open.declare, patent.life, finance.instrument
    #[arg(long, value_parser = act_kind)]
    act: ActKind,
    /// 条件的摘要 · The salted digest of the conditions: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    conditions: Option<Digest>,
    /// 截止日；在过去即为撤回 · The last day it holds; a day in the past takes it back
    #[arg(long, value_name = "DATE")]
    until: Date,
}

/// `tongda pledge change`. What is left out stays as it is.
#[derive(Args, Debug)]
pub(crate) struct Change {
    /// 质押 · The pledge
    pledge: PledgeId,
    /// 约定变更之日 · The day the parties agreed on the change
    #[arg(long, value_name = "DATE")]
    agreed: Date,
    /// 变更登记日，缺省今日 · The day of the change's registration; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// 新债权种类：loan, counter-guarantee, trade, other · Another kind of debt
    #[arg(long, value_parser = choice::<DebtKind>)]
    debt: Option<DebtKind>,
    /// 变更后合同的摘要 · The salted digest of the changed contract: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    contract: Option<Digest>,
    /// 新债务履行期限 · Another term of the debt, FIRST/LAST
    #[arg(long, value_name = "TERM")]
    debt_term: Option<Term>,
    /// 新担保范围 · Another scope
    #[arg(long, value_name = "TEXT")]
    scope: Option<Text<600>>,
    /// 新最高债权额（元） · Another maximum, in yuan
    #[arg(long, value_name = "AMOUNT")]
    maximum: Option<Money>,
    /// 债权确定之日 · The day on which the debt of a maximum-amount pledge was fixed
    #[arg(long, value_name = "DATE")]
    fixed: Option<Date>,
    /// 从质押中解除的专利，可重复 · A patent taken out of the pledge; repeatable
    #[arg(long = "released", value_name = "PATENT", value_delimiter = ',')]
    released: Vec<PatentName>,
}

/// `tongda pledge default`.
#[derive(Args, Debug)]
pub(crate) struct StateDefault {
    /// 质押 · The pledge
    pledge: PledgeId,
    /// 违约证据的摘要 · The salted digest of the evidence: HASH or @FILE
    #[arg(long, value_name = "DIGEST", required_unless_present = "cured", conflicts_with = "cured")]
    evidence: Option<Digest>,
    /// 已经履行 · It has been performed after all
    #[arg(long)]
    cured: bool,
    /// 发生日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda pledge dispose`.
#[derive(Args, Debug)]
pub(crate) struct Dispose {
    /// 质押 · The pledge
    pledge: PledgeId,
    /// 处置的专利，可多个 · The patents disposed of
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// agreed-value, auction, sale（折价、拍卖、变卖）
    #[arg(long, value_parser = choice::<DisposalMode>)]
    mode: DisposalMode,
    /// 价款（元），等于费用、质权人与出质人所得之和 · The price: the sum of costs, pledgee's and pledgor's part, in yuan
    #[arg(long, value_name = "AMOUNT", required_unless_present = "withheld")]
    price: Option<Money>,
    /// 实现费用 · Costs of the realisation
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    costs: Money,
    /// 归质权人 · To the pledgee
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    to_pledgee: Money,
    /// 归出质人的余额 · To the pledgor: what is left once the debt is paid
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    surplus: Money,
    /// 债务的不足部分 · What is left of the debt
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    deficiency: Money,
    /// 双方约定不公开：结算的摘要 · Withhold the figures by agreement: the salted digest of the settlement
    #[arg(
        long,
        value_name = "DIGEST",
        conflicts_with_all = ["price", "costs", "to_pledgee", "surplus", "deficiency"]
    )]
    withheld: Option<Digest>,
    /// 受让人 · Who takes the patents
    #[arg(long, value_name = "PARTY")]
    buyer: PartyId,
    /// 文件摘要 · The salted digest of agreement, auction record or ruling: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Digest,
    /// 处置日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda pledge revoke`.
#[derive(Args, Debug)]
pub(crate) struct Revoke {
    /// 质押 · The pledge
    pledge: PledgeId,
    /// 不予登记的情形：not-owner, not-in-force, frozen… · What was found
    #[arg(long, value_parser = choice::<RegistrationBar>)]
    ground: RegistrationBar,
    /// 决定的摘要 · The digest of the decision: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Digest,
    /// 决定日，缺省今日 · The day of the decision; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
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
            Self::Change(change) => change.act(caller).await?,
            Self::Default(default) => {
                let event = match &default.evidence {
                    Some(evidence) => DefaultEvent::Stated { evidence: caller.salted(evidence)? },
                    None => DefaultEvent::Cured,
                };
                DefaultStatement { pledge: default.pledge, event, on: day(default.on) }.into()
            }
            Self::Dispose(dispose) => dispose.act(caller).await?,
            Self::Revoke(revoke) => pledge::Revoke {
                pledge: revoke.pledge,
                ground: revoke.ground,
                document: caller.plain(&revoke.document)?,
                on: day(revoke.on),
            }
            .into(),
        })
    }
}

impl Change {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let change = pledge::Change {
            pledge: self.pledge,
            agreed: self.agreed,
            on: day(self.on),
            debt: self.debt,
            contract: caller.maybe_salted(self.contract.as_ref())?,
            debt_term: self.debt_term,
            scope: self.scope.clone(),
            maximum: self.maximum,
            fixed: self.fixed,
            released: list(&caller.patents(&self.released).await?, "--released")?,
        };
        Ok(change.into())
    }
}

impl Dispose {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let proceeds = match (&self.withheld, self.price) {
            (Some(settlement), _) => ProceedsSplit::Withheld { digest: caller.salted(settlement)? },
            (None, Some(price)) => ProceedsSplit::Published {
                price,
                costs: self.costs,
                pledgee: self.to_pledgee,
                surplus: self.surplus,
                deficiency: self.deficiency,
            },
            (None, None) => {
                return Err("say what it fetched with --price, or keep it back with --withheld".into());
            }
        };
        let dispose = realisation::Dispose {
            pledge: self.pledge,
            patents: list(&caller.patents(&self.patents).await?, "patents")?,
            mode: self.mode,
            proceeds,
            buyer: self.buyer,
            document: caller.salted(&self.document)?,
            on: day(self.on),
        };
        Ok(dispose.into())
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
