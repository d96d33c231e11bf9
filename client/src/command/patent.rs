//! `tongda patent`: entering patents, and what happens to the right itself.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::show::{more, print, table, tree};
use super::value::{Digest, PatentName, choice, list, owner, word};
use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;
use tongda_ledger::act::Act;
use tongda_ledger::act::patent::{self, AnnuityEvent, Correction, FreezeKind, LifeEvent, Owner, Stage};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{
    Classification, Date, IndustryCode, Money, PartyId, PatentId, PatentNumber, PublicationNumber, Rate,
};
use tongda_ledger::state::PatentStatus;

/// What is done with patents.
#[derive(Subcommand, Debug)]
pub(crate) enum PatentVerb {
    #[command(flatten)]
    Act(PatentAct),
    /// 查看专利及其状态 · Show a patent and its status
    Show {
        /// 编号或者专利号 · Its id or number
        patent: PatentName,
    },
    /// 专利的时间线：历次登记与届期，新的在前 · Show its timeline: every record and effect of time, the newest first
    Timeline {
        /// 编号或者专利号 · Its id or number
        patent: PatentName,
        /// 序号小于该数的 · Those with a number below this one
        #[arg(long, value_name = "NUMBER")]
        before: Option<u64>,
        /// 至多条数 · How many at most
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// 相关记载：实施、资助、入库、专利池等 · What hangs on it: implementation, funding, stock, pools …
    Dependents {
        /// 编号或者专利号 · Its id or number
        patent: PatentName,
    },
    /// 列出专利 · List patents
    List {
        /// 仅该权利人的 · Only those of this owner
        #[arg(long, value_name = "PARTY")]
        owner: Option<PartyId>,
        /// 自该专利之后 · Those after this one
        #[arg(long, value_name = "PATENT")]
        after: Option<PatentId>,
        /// 条数 · How many
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
}

/// Acts on patents.
#[derive(Subcommand, Debug)]
pub(crate) enum PatentAct {
    /// 专利入链（登记机构） · Enter a patent; by the registrar
    Register(Box<Register>),
    /// 年费应缴或者已缴（登记机构） · Enter an annuity that is overdue or paid; by the registrar
    Annuity(Annuity),
    /// 授权、终止、恢复、届满、放弃、无效（登记机构） · Enter a change in the patent's life; by the registrar
    Life(Life),
    /// 放弃专利权（全体专利权人与登记机构），同 `patent life … abandoned` · Abandon a patent, as `patent life … abandoned`
    Abandon(Abandon),
    /// 保全或者中止（法院、登记机构） · Preserve a patent or suspend its procedures; by a court or the registrar
    Freeze(Freeze),
    /// 解除保全或者中止 · Lift a preservation or suspension
    Unfreeze(Unfreeze),
    /// 专利权评价报告（登记机构） · Enter an evaluation report; by the registrar
    Evalreport(Evaluation),
    /// 共有份额与约定（全体共有人） · Record co-owners' shares and agreement; signed by all
    Coown(CoOwnership),
    /// 更正登记（登记机构） · Correct an entry; by the registrar
    Correct(Correct),
}

/// `tongda patent register`.
#[derive(Args, Debug)]
pub(crate) struct Register {
    /// 申请号（专利号） · The application number, which is the patent's
    #[arg(long)]
    number: PatentNumber,
    /// 名称 · The title
    #[arg(long)]
    title: Text<1200>,
    /// 权利人及份额，可重复 · An owner, with its share if agreed: PARTY or PARTY=60%
    #[arg(long = "owner", required = true, value_parser = owner, value_delimiter = ',')]
    owners: Vec<Owner>,
    /// 申请日 · The day of filing
    #[arg(long)]
    filing: Option<Date>,
    /// 尚在审查 · It is an application that is still pending
    #[arg(long, conflicts_with = "granted")]
    application: bool,
    /// 授权公告日 · The day of the grant's announcement, if known
    #[arg(long, value_name = "DATE")]
    granted: Option<Date>,
    /// 公布号、授权公告号 · The number of its publication
    #[arg(long)]
    publication: Option<PublicationNumber>,
    /// 未列名的权利人数 · Owners of whom nothing stands on the ledger
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    undisclosed: u8,
    /// IPC 或者洛迦诺分类号 · IPC symbol or Locarno class
    #[arg(long, value_name = "SYMBOL")]
    class: Option<Classification>,
    /// 行业代码 · Branch of the economy
    #[arg(long)]
    industry: Option<IndustryCode>,
    /// 同日申请的发明 · The invention application of the same day
    #[arg(long, value_name = "NUMBER")]
    same_day: Option<PatentNumber>,
    /// 财政资助形成 · Made with public research funds
    #[arg(long)]
    funded: bool,
    /// 来源条目的摘要 · The digest of the source's entry: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    source: Digest,
}

/// `tongda patent annuity`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("event").required(true).args(["overdue", "paid"]))]
pub(crate) struct Annuity {
    /// 专利 · The patent
    patent: PatentName,
    /// 年度，自一起 · The patent year, from 1
    #[arg(long)]
    year: u8,
    /// 应缴日，逾期未缴 · It was due on this day and is not paid
    #[arg(long, value_name = "DUE")]
    overdue: Option<Date>,
    /// 已缴数额 · What was paid, in yuan
    #[arg(long, value_name = "AMOUNT")]
    paid: Option<Money>,
    /// 减缴比例 · The reduction applied, as in 85%
    #[arg(long, requires = "paid")]
    reduction: Option<Rate>,
    /// 发生日，缺省今日 · The day it happened; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda patent life`.
#[derive(Args, Debug)]
pub(crate) struct Life {
    /// 专利 · The patent
    patent: PatentName,
    /// granted, lapsed, restored, expired, abandoned, invalidated, partly-invalidated, invalidation-started,
    /// invalidation-ended, term-extended
    event: String,
    /// 生效日，缺省今日 · The day it has effect in law; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// 授权公告号（granted） · The number of the grant's publication
    #[arg(long)]
    publication: Option<PublicationNumber>,
    /// 新的届满日（term-extended） · The new last day
    #[arg(long, value_name = "DATE")]
    last: Option<Date>,
    /// 决定或者请求的摘要 · The digest of the decision or request: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Option<Digest>,
}

/// `tongda patent abandon`.
#[derive(Args, Debug)]
pub(crate) struct Abandon {
    /// 专利 · The patent
    patent: PatentName,
    /// 生效日，缺省今日 · The day it has effect in law; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// 书面声明的摘要 · The digest of the written statement: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Option<Digest>,
}

/// `tongda patent freeze`.
#[derive(Args, Debug)]
pub(crate) struct Freeze {
    /// 专利 · The patent
    patent: PatentName,
    /// preservation, suspension
    #[arg(value_parser = choice::<FreezeKind>)]
    kind: FreezeKind,
    /// 首日，缺省今日 · The first day; without it, today
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// 末日 · The last day
    #[arg(long, value_name = "DATE")]
    until: Date,
    /// 案号 · The case, as the court or office numbers it
    #[arg(long)]
    case: Text<200>,
}

/// `tongda patent unfreeze`.
#[derive(Args, Debug)]
pub(crate) struct Unfreeze {
    /// 专利 · The patent
    patent: PatentName,
    /// preservation, suspension
    #[arg(value_parser = choice::<FreezeKind>)]
    kind: FreezeKind,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<600>,
}

/// `tongda patent evalreport`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("finding").required(true).args(["positive", "negative"]))]
pub(crate) struct Evaluation {
    /// 专利 · The patent
    patent: PatentName,
    /// 符合授权条件 · The conditions of grant are met
    #[arg(long)]
    positive: bool,
    /// 不符合授权条件 · They are not
    #[arg(long)]
    negative: bool,
    /// 报告编号 · The report's number
    #[arg(long)]
    number: Text<60>,
    /// 报告摘要 · The report's digest: HASH or @FILE
    #[arg(long)]
    digest: Digest,
}

/// `tongda patent coown`.
#[derive(Args, Debug)]
pub(crate) struct CoOwnership {
    /// 专利 · The patent
    patent: PatentName,
    /// 全体共有人及份额 · All owners with their shares: PARTY=60%
    #[arg(long = "owner", required = true, value_parser = owner, value_delimiter = ',')]
    owners: Vec<Owner>,
    /// 约定的摘要 · The digest of the agreement: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    agreement: Digest,
}

/// `tongda patent correct`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("correction").required(true)
    .args(["title", "filing", "grant", "class", "publication", "owners"]))]
pub(crate) struct Correct {
    /// 专利 · The patent
    patent: PatentName,
    /// 名称 · The right title
    #[arg(long)]
    title: Option<Text<1200>>,
    /// 申请日 · The right day of filing
    #[arg(long, value_name = "DATE")]
    filing: Option<Date>,
    /// 授权公告日 · The right day of the grant's announcement
    #[arg(long, value_name = "DATE")]
    grant: Option<Date>,
    /// 分类号 · The right classification
    #[arg(long, value_name = "SYMBOL")]
    class: Option<Classification>,
    /// 公布号 · The right publication number
    #[arg(long, value_name = "NUMBER")]
    publication: Option<PublicationNumber>,
    /// 全体权利人 · All owners: PARTY or PARTY=60%
    #[arg(long = "owner", id = "owners", value_parser = owner, value_delimiter = ',')]
    owners: Vec<Owner>,
    /// 未列名的权利人数 · Owners still undisclosed
    #[arg(long, default_value_t = 0, value_name = "COUNT", requires = "owners")]
    undisclosed: u8,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<600>,
}

/// Shows a patent, its status and its owners' names.
pub(crate) async fn show(caller: &Caller, patent: PatentName) -> Result<(), Failure> {
    if caller.options.belief.verify {
        return super::proven::show(caller, "patents", &patent.to_string()).await;
    }
    let patent = caller.node.patent(patent).await?;
    print(caller, &patent, |patent| tree(&json!(patent)));
    Ok(())
}

/// Shows what touched a patent, the newest first.
pub(crate) async fn timeline(
    caller: &Caller,
    patent: PatentName,
    before: Option<u64>,
    limit: usize,
) -> Result<(), Failure> {
    let page = caller.node.patent_events(patent, before, limit).await?;
    print(caller, &page, |page| {
        let rows = page.items.iter().map(|event| {
            let who = event.author_name.clone().or_else(|| event.author.map(|author| author.to_string()));
            let (number, time) = (event.number.to_string(), event.time.to_string());
            vec![number, time, event.record.to_string(), event.what.clone(), who.unwrap_or_default()]
        });
        let more = page.next.as_ref().map(|next| format!("\n--before {next}\n")).unwrap_or_default();
        table(&["序号 no.", "时间 time", "记录 record", "事项 event", "行为人 by"], rows.collect()) + &more
    });
    Ok(())
}

/// Lists patents.
pub(crate) async fn list_of(
    caller: &Caller,
    owner: Option<PartyId>,
    after: Option<PatentId>,
    limit: usize,
) -> Result<(), Failure> {
    let page = caller.node.patents(owner, after, limit).await?;
    print(caller, &page, |page| {
        let rows = page.items.iter().map(|view| {
            let number = view.patent.number.to_string();
            vec![view.id.to_string(), number, standing(&view.status), view.patent.title.to_string()]
        });
        let more = page.next.as_ref().map(|next| more(caller.language, next)).unwrap_or_default();
        table(&["专利 patent", "专利号 number", "状态 status", "名称 title"], rows.collect()) + &more
    });
    Ok(())
}

/// What matters of a patent's status, in a few words.
fn standing(status: &PatentStatus) -> String {
    let marks = [
        (status.open, "open"),
        (status.exclusive > 0, "exclusive"),
        (status.sole > 0, "sole"),
        (status.ordinary > 0, "licensed"),
        (status.pledge.is_some(), "pledged"),
        (status.preservation.is_some() || status.suspension.is_some(), "frozen"),
        (status.invalidation.is_some(), "contested"),
    ];
    let marks = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark.to_owned());
    [word(&status.life)].into_iter().chain(marks).collect::<Vec<_>>().join(",")
}

impl PatentAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Register(register) => register.act(caller)?,
            Self::Annuity(annuity) => {
                let event = match (annuity.overdue, annuity.paid) {
                    (Some(due), _) => AnnuityEvent::Overdue { due },
                    (None, Some(amount)) => AnnuityEvent::Paid { amount, reduction: annuity.reduction },
                    (None, None) => return Err("name --overdue DUE or --paid AMOUNT".into()),
                };
                let patent = caller.patent(annuity.patent).await?;
                patent::Annuity { patent, year: annuity.year, event, effective: day(annuity.on) }.into()
            }
            Self::Life(life) => {
                let event = life.event()?;
                let document = caller.maybe_salted(life.document.as_ref())?;
                let patent = caller.patent(life.patent).await?;
                patent::Life { patent, event, effective: day(life.on), document }.into()
            }
            Self::Abandon(abandon) => patent::Life {
                patent: caller.patent(abandon.patent).await?,
                event: LifeEvent::Abandoned,
                effective: day(abandon.on),
                document: caller.maybe_salted(abandon.document.as_ref())?,
            }
            .into(),
            Self::Freeze(freeze) => patent::Freeze {
                patent: caller.patent(freeze.patent).await?,
                kind: freeze.kind,
                from: day(freeze.from),
                until: freeze.until,
                case: freeze.case.clone(),
            }
            .into(),
            Self::Unfreeze(unfreeze) => {
                let patent = caller.patent(unfreeze.patent).await?;
                patent::Unfreeze { patent, kind: unfreeze.kind, reason: unfreeze.reason.clone() }.into()
            }
            Self::Evalreport(report) => patent::Evaluation {
                patent: caller.patent(report.patent).await?,
                positive: report.positive,
                number: report.number.clone(),
                digest: caller.plain(&report.digest)?,
            }
            .into(),
            Self::Coown(agreed) => patent::CoOwnership {
                patent: caller.patent(agreed.patent).await?,
                owners: list(&agreed.owners, "--owner")?,
                agreement: caller.salted(&agreed.agreement)?,
            }
            .into(),
            Self::Correct(correct) => {
                let correction = correct.correction()?;
                let patent = caller.patent(correct.patent).await?;
                patent::Correct { patent, correction, reason: correct.reason.clone() }.into()
            }
        })
    }
}

impl Register {
    fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let stage = if self.application { Stage::Application } else { Stage::Granted { on: self.granted } };
        let register = patent::Register {
            number: self.number,
            publication: self.publication,
            title: self.title.clone(),
            filing: self.filing,
            stage,
            owners: list(&self.owners, "--owner")?,
            undisclosed_owners: self.undisclosed,
            classification: self.class,
            industry: self.industry,
            same_day: self.same_day,
            funded: self.funded,
            source: caller.plain(&self.source)?,
        };
        Ok(register.into())
    }
}

impl Life {
    fn event(&self) -> Result<LifeEvent, Failure> {
        match (self.event.as_str(), self.last) {
            ("granted", None) => Ok(LifeEvent::Granted { publication: self.publication }),
            ("term-extended" | "term_extended", Some(last)) => Ok(LifeEvent::TermExtended { last }),
            ("term-extended" | "term_extended", None) => Err("term-extended takes --last DATE".into()),
            (_, Some(_)) => Err("--last goes with term-extended alone".into()),
            _ if self.publication.is_some() => Err("--publication goes with granted alone".into()),
            (event, None) => Ok(choice(event)?),
        }
    }
}

impl Correct {
    fn correction(&self) -> Result<Correction, Failure> {
        if let Some(title) = &self.title {
            return Ok(Correction::Title { title: title.clone() });
        }
        if !self.owners.is_empty() {
            let owners = list(&self.owners, "--owner")?;
            return Ok(Correction::Owners { owners, undisclosed: self.undisclosed });
        }
        match (self.filing, self.grant, self.class, self.publication) {
            (Some(filing), ..) => Ok(Correction::Filing { filing }),
            (_, Some(grant), ..) => Ok(Correction::Grant { grant }),
            (_, _, Some(classification), _) => Ok(Correction::Class { classification }),
            (_, _, _, Some(publication)) => Ok(Correction::Publication { publication }),
            _ => Err("name what is corrected".into()),
        }
    }
}
