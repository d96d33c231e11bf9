//! `tongda statistic`, `report`, `project`, `anchor` and `case-publication`: what is published.

use super::caller::{Caller, day, read_text};
use super::failure::Failure;
use super::value::{Digest, PatentName, choice, list};
use clap::{ArgGroup, Args, Subcommand};
use std::path::PathBuf;
use tongda_ledger::act::Act;
use tongda_ledger::act::product::OutputClass;
use tongda_ledger::act::statistics::{
    self, AnchorSource, Cell, Cut, Figure, Indicator, ProjectKind, PublicationKind, TimeBasis,
};
use tongda_ledger::codec::Text;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{Date, MemberId, Money, ProjectId, Rate, RegionCode, StatisticId, Term};

/// Acts on statistics.
#[derive(Subcommand, Debug)]
pub(crate) enum StatisticAct {
    /// 统计发布（统计机构、交易机构） · Release a statistic; by a statistics office or an exchange
    Release(Box<Release>),
}

/// `tongda statistic release`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("figures").required(true).args(["cells", "file"]))]
pub(crate) struct Release {
    /// 指标，如 open-declarations、pledge-amount · What is counted
    #[arg(value_parser = choice::<Indicator>)]
    indicator: Indicator,
    /// 发布机构，缺省为签名人 · Who releases it; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    publisher: Option<MemberId>,
    /// 期间 · Over which days, FIRST/LAST
    #[arg(long, value_name = "TERM")]
    period: Term,
    /// effective（生效日）、recorded（登记时） · By which of an event's two times it counts
    #[arg(long, value_parser = choice::<TimeBasis>)]
    basis: TimeBasis,
    /// 所依据封签的日志序号 · The log index of the seal whose state and history are counted
    #[arg(long, value_name = "INDEX")]
    seal: u64,
    /// 单元格，可重复 · A cell: CUT=CONTRIBUTORS:FIGURE, or CUT=CONTRIBUTORS where the figure is suppressed. Cuts: whole,
    /// region:440000, pair:440000-110000, ipc:H01M, industry:C27, type:invention, role:university, exchange:M-…; figures:
    /// 112, 1200.50yuan, 12.5%
    #[arg(long = "cell", value_name = "CELL", value_parser = cell)]
    cells: Vec<Cell>,
    /// 单元格的 JSON 文件 · A JSON file with the list of cells, instead
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// 全表的摘要 · The digest of the whole table: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    table: Digest,
    /// 所修订的发布 · The release that this one revises
    #[arg(long, value_name = "STATISTIC")]
    revises: Option<StatisticId>,
}

/// A cell: `CUT=CONTRIBUTORS:FIGURE`, or `CUT=CONTRIBUTORS` where the figure is suppressed.
fn cell(text: &str) -> Result<Cell, String> {
    let (part, rest) = text.split_once('=').ok_or("write CUT=CONTRIBUTORS:FIGURE, as in whole=37:112")?;
    let (contributors, figure_text) = match rest.split_once(':') {
        Some((contributors, figure)) => (contributors, Some(figure)),
        None => (rest, None),
    };
    Ok(Cell {
        cut: cut(part)?,
        contributors: contributors
            .parse()
            .map_err(|_| format!("{contributors:?} is no number of contributors"))?,
        figure: figure_text.map(figure).transpose()?,
    })
}

/// Which part of the whole.
fn cut(text: &str) -> Result<Cut, String> {
    fn read<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
        text.parse().map_err(|error: T::Err| error.to_string())
    }
    Ok(match text.split_once(':').unwrap_or((text, "")) {
        ("whole", "") => Cut::Whole,
        ("region", region) => Cut::Region { region: read(region)? },
        ("pair", pair) => {
            let (from, to) = pair.split_once('-').ok_or("write pair:FROM-TO, as in pair:440000-110000")?;
            Cut::RegionPair { from: read(from)?, to: read(to)? }
        }
        ("ipc", symbol) => Cut::Ipc { symbol: read(symbol)? },
        ("industry", industry) => Cut::Industry { industry: read(industry)? },
        ("type", of) => Cut::Patents { of: choice(of)? },
        ("role", role) => Cut::Members { role: choice(role)? },
        ("exchange", exchange) => Cut::Exchange { exchange: read(exchange)? },
        _ => {
            return Err(
                "a cut is whole, region:…, pair:…-…, ipc:…, industry:…, type:…, role:… or exchange:…".into(),
            );
        }
    })
}

/// A figure: a count, an amount in yuan, or a share.
fn figure(text: &str) -> Result<Figure, String> {
    if let Some(amount) = text.strip_suffix("yuan") {
        let amount: Money = amount.parse().map_err(|error| format!("{error}"))?;
        return Ok(Figure::Amount { amount });
    }
    if text.ends_with('%') {
        let ratio: Rate = text.parse().map_err(|error| format!("{error}"))?;
        return Ok(Figure::Ratio { ratio });
    }
    let count =
        text.parse().map_err(|_| format!("{text:?} is no figure: write 112, 1200.50yuan or 12.5%"))?;
    Ok(Figure::Count { count })
}

impl StatisticAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let Self::Release(release) = self;
        let cells: Vec<Cell> = match &release.file {
            None => release.cells.clone(),
            Some(path) => serde_json::from_str(&read_text(path)?)
                .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?,
        };
        let release = statistics::Release {
            publisher: caller.member(release.publisher).await?,
            indicator: release.indicator,
            period: release.period,
            basis: release.basis,
            seal: release.seal,
            cells: list(&cells, "--cell")?,
            table: caller.plain(&release.table)?,
            revises: release.revises,
        };
        Ok(release.into())
    }
}

/// Reports of regulators.
#[derive(Subcommand, Debug)]
pub(crate) enum ReportAct {
    /// 地方总结上报（管理部门） · Report on a region; by a regulator
    Regional(Box<Regional>),
}

/// `tongda report regional`.
#[derive(Args, Debug)]
pub(crate) struct Regional {
    /// 区划 · The region, six digits
    region: RegionCode,
    /// 管理部门，缺省为签名人 · The regulator; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    regulator: Option<MemberId>,
    /// 期间 · Over which days, FIRST/LAST
    #[arg(long, value_name = "TERM")]
    period: Term,
    /// 指标集的摘要 · The digest of the set of indicators: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    indicators: Digest,
    /// 所依据的统计发布，可重复 · A release that it rests on
    #[arg(long = "statistic", value_name = "STATISTIC", value_delimiter = ',')]
    statistics: Vec<StatisticId>,
    /// 报告的摘要 · The digest of the report: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    report: Digest,
}

impl ReportAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let Self::Regional(regional) = self;
        let report = statistics::Report {
            regulator: caller.member(regional.regulator).await?,
            region: regional.region,
            period: regional.period,
            indicators: caller.plain(&regional.indicators)?,
            statistics: list(&regional.statistics, "--statistic")?,
            report: caller.plain(&regional.report)?,
        };
        Ok(report.into())
    }
}

/// Acts on projects.
#[derive(Subcommand, Debug)]
pub(crate) enum ProjectAct {
    /// 项目登记（承担单位、合作方，产业化与关键核心项目另须管理部门） · Register a project; by the institution and its partners
    Register(Box<Register>),
    /// 年度成效（承担单位） · Report a project's result of a year; by its institution
    Result(Results),
}

/// `tongda project register`.
#[derive(Args, Debug)]
pub(crate) struct Register {
    /// industrialisation（产业化）、key-core（关键核心技术）、joint-research（联合攻关） · What it is
    #[arg(value_parser = choice::<ProjectKind>)]
    kind: ProjectKind,
    /// 项目名称 · Its name
    #[arg(long)]
    name: Text<300>,
    /// 批次 · Its batch
    #[arg(long)]
    batch: Text<60>,
    /// 承担单位，缺省为签名人 · Who carries it out; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    institution: Option<MemberId>,
    /// 合作方，可重复 · A partner
    #[arg(long = "partner", value_name = "MEMBER", value_delimiter = ',')]
    partners: Vec<MemberId>,
    /// 涉及的专利，可重复 · A patent of it
    #[arg(long = "patent", value_name = "PATENT", value_delimiter = ',')]
    patents: Vec<PatentName>,
    /// 方案的摘要 · The digest of the plan: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    plan: Digest,
}

/// `tongda project result`.
#[derive(Args, Debug)]
pub(crate) struct Results {
    /// 项目 · The project
    project: ProjectId,
    /// 年度，已结束的 · The year, which is over
    #[arg(long)]
    year: u16,
    /// 产值等级，同 `product output` · The class of the output value, as in `product output`
    #[arg(long, value_parser = choice::<OutputClass>)]
    class: OutputClass,
    /// 形成的专利，可重复 · A patent that came of it
    #[arg(long = "patent", value_name = "PATENT", value_delimiter = ',')]
    patents: Vec<PatentName>,
    /// 数据的摘要 · The salted digest of the figures: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    figures: Digest,
}

impl ProjectAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Register(register) => statistics::RegisterProject {
                kind: register.kind,
                name: register.name.clone(),
                batch: register.batch.clone(),
                institution: caller.member(register.institution).await?,
                partners: list(&register.partners, "--partner")?,
                patents: list(&caller.patents(&register.patents).await?, "--patent")?,
                plan: caller.salted(&register.plan)?,
            }
            .into(),
            Self::Result(result) => statistics::ReportResult {
                project: result.project,
                year: result.year,
                class: result.class,
                patents: list(&caller.patents(&result.patents).await?, "--patent")?,
                figures: caller.salted(&result.figures)?,
            }
            .into(),
        })
    }
}

/// `tongda anchor`.
#[derive(Args, Debug)]
pub(crate) struct Anchor {
    /// court-chain（司法链）、gazette（专利公报）、time-stamp（时间戳）、ledger（其他账本） · Where the hash comes from
    #[arg(value_parser = choice::<AnchorSource>)]
    source: AnchorSource,
    /// 区块、期号或者序列号 · Its name there: block, issue, serial number
    #[arg(long)]
    name: Text<200>,
    /// 摘要值 · The hash
    #[arg(long, value_name = "HASH")]
    digest: Hash,
    /// 交易机构，缺省为签名人 · The exchange; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    exchange: Option<MemberId>,
    /// 日期，缺省今日 · The day it is of; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl Anchor {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let anchor = statistics::Anchor {
            exchange: caller.member(self.exchange).await?,
            source: self.source,
            name: self.name.clone(),
            digest: self.digest,
            on: day(self.on),
        };
        Ok(anchor.into())
    }
}

/// Publications of regulators.
#[derive(Subcommand, Debug)]
pub(crate) enum CasePublicationAct {
    /// 公布典型案例、高价值专利或者优秀单位（管理部门） · Publish a case or a list; by a regulator
    Publish(Box<Publish>),
}

/// `tongda case-publication publish`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("what").required(true).args(["typical_case", "patents", "members"]))]
pub(crate) struct Publish {
    /// 典型案例 · A typical case
    #[arg(long)]
    typical_case: bool,
    /// 高价值专利，可重复 · A high-value patent
    #[arg(long = "patent", value_name = "PATENT", value_delimiter = ',')]
    patents: Vec<PatentName>,
    /// 优秀单位，可重复 · An outstanding institution or enterprise
    #[arg(long = "outstanding", value_name = "MEMBER", value_delimiter = ',')]
    members: Vec<MemberId>,
    /// 管理部门，缺省为签名人 · The regulator; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    regulator: Option<MemberId>,
    /// 标题 · Its title
    #[arg(long)]
    title: Text<300>,
    /// 全文的摘要 · The digest of its text: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Digest,
    /// 日期，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl CasePublicationAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let Self::Publish(publish) = self;
        let what = if publish.typical_case {
            PublicationKind::TypicalCase
        } else if publish.members.is_empty() {
            let patents = list(&caller.patents(&publish.patents).await?, "--patent")?;
            PublicationKind::HighValuePatents { patents }
        } else {
            PublicationKind::Outstanding { members: list(&publish.members, "--outstanding")? }
        };
        let publish = statistics::Publish {
            regulator: caller.member(publish.regulator).await?,
            what,
            title: publish.title.clone(),
            document: caller.plain(&publish.document)?,
            on: day(publish.on),
        };
        Ok(publish.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_cannot_be_read_says_what_would() {
        for (wrong, part) in [
            ("whole", "CUT=CONTRIBUTORS:FIGURE"),
            ("planet:3=1", "region:"),
            ("pair:440000=1", "FROM-TO"),
            ("whole=many", "contributors"),
            ("whole=5:twelve", "yuan"),
            ("role:emperor=5", "university"),
        ] {
            let error = cell(wrong).unwrap_err();
            assert!(error.contains(part), "{wrong}: {error}");
        }
    }
}
