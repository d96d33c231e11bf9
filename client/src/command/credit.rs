//! `tongda credit`: loan lines beside pledges, and the credit supervision with its appeals and repairs.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, choice, word};
use clap::{ArgGroup, Args, Subcommand};
use tongda_client::answer::Object;
use tongda_ledger::act::credit::{self, CreditGround, CreditLevel};
use tongda_ledger::act::{Act, finance};
use tongda_ledger::identifier::{
    CaseId, CreditEventId, Date, DeclarationId, InstrumentId, MemberId, PledgeId, Term, ValuationId,
};
use tongda_ledger::state::CreditEntry;

/// What is done with credit.
#[derive(Subcommand, Debug)]
pub(crate) enum CreditVerb {
    #[command(flatten)]
    Act(CreditAct),
    #[command(flatten)]
    Read(ReadVerb<CreditEventId>),
}

/// Acts on credit.
#[derive(Subcommand, Debug)]
pub(crate) enum CreditAct {
    /// 授信（银行与出质人） · Enter a bank's loan line beside a pledge; by the bank and whoever pledged
    Line(Line),
    /// 写入信用事件（管理部门） · Enter a credit event of a member; by a regulator
    Event(Box<Event>),
    /// 提出异议（当事成员） · Appeal against an entry; by the member concerned
    Appeal(Appeal),
    /// 处理异议 · Decide on an entry: uphold or cancel it
    Decide(Decide),
    /// 信用修复（当事成员与管理部门） · Repair a final entry; by the member concerned and a regulator
    Repair(Repair),
}

/// `tongda credit line`.
#[derive(Args, Debug)]
pub(crate) struct Line {
    /// 质押 · The pledge
    pledge: PledgeId,
    /// 额度与条件的摘要 · The salted digest of amount and conditions: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    line: Digest,
    /// 可提款期限 · From when to when it can be drawn, FIRST/LAST
    #[arg(long)]
    term: Term,
    /// 所依据的评估 · The valuation it rests on
    #[arg(long)]
    valuation: Option<ValuationId>,
    /// 同时的外部直投 · The direct investment beside it
    #[arg(long, value_name = "INSTRUMENT")]
    investment: Option<InstrumentId>,
}

/// `tongda credit event`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("what").required(true))]
pub(crate) struct Event {
    /// 成员 · Whose it is
    member: MemberId,
    /// abnormal-filing, dishonest-agency, false-material, other-breach · What it did
    #[arg(long, value_parser = choice::<CreditGround>, group = "what")]
    ground: Option<CreditGround>,
    /// 虚假声明：被撤销的声明 · It declared an open licence falsely: the declaration
    #[arg(long, value_name = "DECLARATION", group = "what")]
    false_declaration: Option<DeclarationId>,
    /// 拒不履行：案件 · It did not do what was settled or decided: the case
    #[arg(long, value_name = "CASE", group = "what")]
    unperformed: Option<CaseId>,
    /// minor, ordinary, serious（轻微、一般、严重）
    #[arg(long, value_parser = choice::<CreditLevel>)]
    level: CreditLevel,
    /// 证据的摘要 · The salted digest of the evidence: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    evidence: Digest,
    /// 有效截止日 · The last day on which it counts
    #[arg(long, value_name = "DATE")]
    until: Date,
}

/// `tongda credit appeal`.
#[derive(Args, Debug)]
pub(crate) struct Appeal {
    /// 信用事件 · The entry
    event: CreditEventId,
    /// 理由的摘要 · The salted digest of the grounds: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    grounds: Digest,
}

/// `tongda credit decide`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("outcome").required(true))]
pub(crate) struct Decide {
    /// 信用事件 · The entry
    event: CreditEventId,
    /// 维持，驳回异议 · It stands: the appeal is dismissed
    #[arg(long, group = "outcome")]
    uphold: bool,
    /// 撤销 · It is cancelled
    #[arg(long, group = "outcome")]
    cancel: bool,
    /// 决定的摘要 · The salted digest of the decision: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    decision: Digest,
    /// 决定日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda credit repair`.
#[derive(Args, Debug)]
pub(crate) struct Repair {
    /// 信用事件 · The entry
    event: CreditEventId,
    /// 已纠正的证据的摘要 · The salted digest of the evidence that it is made good: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    evidence: Digest,
    /// 修复日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl CreditAct {
    /// The act.
    pub(crate) fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Line(line) => finance::Line {
                pledge: line.pledge,
                line: caller.salted(&line.line)?,
                term: line.term,
                valuation: line.valuation,
                investment: line.investment,
            }
            .into(),
            Self::Event(event) => credit::Enter {
                member: event.member,
                ground: event.what()?,
                level: event.level,
                evidence: caller.salted(&event.evidence)?,
                until: event.until,
            }
            .into(),
            Self::Appeal(appeal) => {
                credit::Appeal { event: appeal.event, grounds: caller.salted(&appeal.grounds)? }.into()
            }
            Self::Decide(decide) => credit::Decide {
                event: decide.event,
                upheld: decide.uphold,
                decision: caller.salted(&decide.decision)?,
                on: day(decide.on),
            }
            .into(),
            Self::Repair(repair) => credit::Repair {
                event: repair.event,
                evidence: caller.salted(&repair.evidence)?,
                on: day(repair.on),
            }
            .into(),
        })
    }
}

impl Event {
    fn what(&self) -> Result<CreditGround, Failure> {
        let declaration =
            self.false_declaration.map(|declaration| CreditGround::FalseDeclaration { declaration });
        let case = self.unperformed.map(|case| CreditGround::RefusalToPerform { case });
        let missing = || "say what it did with --ground, --false-declaration or --unperformed".into();
        self.ground.or(declaration).or(case).ok_or_else(missing)
    }
}

impl Listing for CreditEntry {
    const HEAD: &'static [&'static str] =
        &["信用事件 entry", "状态 state", "成员 member", "等级 level", "截止 until", "行为 ground"];

    fn row(object: &Object<CreditEventId, Self>) -> Vec<String> {
        let Object { id, value } = object;
        let (member, until) = (value.member.to_string(), value.until.to_string());
        vec![id.to_string(), word(&value.state), member, word(&value.level), until, word(&value.ground)]
    }

    fn state(&self) -> String {
        word(&self.state)
    }
}
