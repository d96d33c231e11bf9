//! The commands that write: every act of the ledger, named by noun and verb.

use super::agency::AgencyAct;
use super::caller::Caller;
use super::case::CaseAct;
use super::consent::ConsentAct;
use super::consortium::ConsortiumAct;
use super::contribution::ContributeAct;
use super::credit::CreditAct;
use super::event::EventAct;
use super::failure::Failure;
use super::finance::FinanceAct;
use super::funding::{AssessmentAct, FundingAct, IncomeAct, TenderAct};
use super::governance::{ParameterAct, ValidatorAct};
use super::implement::ImplementAct;
use super::licence::LicenceAct;
use super::listing::ListingAct;
use super::matching::{DemandAct, MatchAct};
use super::member::MemberAct;
use super::open::OpenAct;
use super::open_source::OpenSourceAct;
use super::party::PartyAct;
use super::patent::PatentAct;
use super::pledge::PledgeAct;
use super::pool::PoolAct;
use super::portfolio::PortfolioAct;
use super::product::ProductAct;
use super::risk::{FundAct, RiskAct};
use super::royalty::RoyaltyAct;
use super::standard::StandardAct;
use super::statistics::{Anchor, CasePublicationAct, ProjectAct, ReportAct, StatisticAct};
use super::stock::{StockAct, SupportAct};
use super::technical_contract::TechnicalContractAct;
use super::trade::TradeAct;
use super::transfer::TransferAct;
use super::valuation::ValuationAct;
use clap::Subcommand;
use std::path::PathBuf;
use tongda_ledger::act::Act;

/// An act to be built.
#[derive(Subcommand, Debug)]
pub(crate) enum ActCommand {
    /// 成员 · Members
    #[command(subcommand)]
    Member(MemberAct),
    /// 委托代理 · Powers of attorney
    #[command(subcommand)]
    Agency(AgencyAct),
    /// 权利人 · Parties
    #[command(subcommand)]
    Party(PartyAct),
    /// 专利 · Patents
    #[command(subcommand)]
    Patent(PatentAct),
    /// 开放许可 · Open licences
    #[command(subcommand)]
    Open(OpenAct),
    /// 实施许可 · Licences
    #[command(subcommand)]
    Licence(LicenceAct),
    /// 转让 · Transfers
    #[command(subcommand)]
    Transfer(TransferAct),
    /// 质押 · Pledges
    #[command(subcommand)]
    Pledge(PledgeAct),
    /// 使用费 · Royalties
    #[command(subcommand)]
    Royalty(RoyaltyAct),
    /// 出资 · Contributions of patents
    #[command(subcommand)]
    Contribute(ContributeAct),
    /// 价值评估 · Valuations
    Valuation(ValuationAct),
    /// 基金 · Funds
    #[command(subcommand)]
    Fund(FundAct),
    /// 风险补偿 · Risk compensation
    #[command(subcommand)]
    Risk(RiskAct),
    /// 知识产权金融 · Finance instruments
    #[command(subcommand)]
    Finance(FinanceAct),
    /// 授信与信用监管 · Loan lines and the credit supervision
    #[command(subcommand)]
    Credit(CreditAct),
    /// 纠纷 · Disputes
    #[command(subcommand)]
    Case(CaseAct),
    /// 专利实施 · Implementation: who works a patent
    #[command(subcommand)]
    Implement(ImplementAct),
    /// 技术合同 · Technical contracts
    #[command(subcommand, name = "techcontract")]
    TechnicalContract(TechnicalContractAct),
    /// 技术进出口 · Trade in technology across the border
    #[command(subcommand)]
    Trade(TradeAct),
    /// 存量专利 · The stock of patents that wait to be used
    #[command(subcommand)]
    Stock(StockAct),
    /// 支持措施 · Measures that support patents of the stock
    #[command(subcommand)]
    Support(SupportAct),
    /// 匹配推送与反馈 · Patents pushed to enterprises, and their feedback
    #[command(subcommand)]
    Match(MatchAct),
    /// 技术需求 · Demands: what enterprises look for
    #[command(subcommand)]
    Demand(DemandAct),
    /// 挂牌 · Listings: patents offered at an exchange
    #[command(subcommand)]
    Listing(ListingAct),
    /// 路演与对接活动 · Roadshows and meetings of supply and demand
    #[command(subcommand)]
    Event(EventAct),
    /// 专利池 · Patent pools
    #[command(subcommand)]
    Pool(PoolAct),
    /// 高价值专利组合 · High-value patent portfolios
    #[command(subcommand)]
    Portfolio(PortfolioAct),
    /// 创新联合体 · Innovation consortia
    #[command(subcommand)]
    Consortium(ConsortiumAct),
    /// 专利开源 · Open source: patents pledged to everybody
    #[command(subcommand, name = "opensource")]
    OpenSource(OpenSourceAct),
    /// 标准必要专利 · Patents essential to standards
    #[command(subcommand, name = "sep")]
    Standard(StandardAct),
    /// 待同意的行为 · Pending acts
    #[command(subcommand)]
    Consent(ConsentAct),
    /// 专利产品 · Patented products
    #[command(subcommand)]
    Product(ProductAct),
    /// 财政资助 · Patents made with public funds
    #[command(subcommand)]
    Funding(FundingAct),
    /// 收益分配 · Income and its distribution
    #[command(subcommand)]
    Income(IncomeAct),
    /// 尽职证据 · Evidence of diligence
    #[command(subcommand)]
    Assessment(AssessmentAct),
    /// 招标与资金公告 · Notices of tenders and of outlays
    #[command(subcommand)]
    Tender(TenderAct),
    /// 网络参数与表决 · Parameters of the network, and votes
    #[command(subcommand)]
    Parameter(ParameterAct),
    /// 网络节点 · Nodes of the network
    #[command(subcommand)]
    Validator(ValidatorAct),
    /// 统计 · Statistics
    #[command(subcommand)]
    Statistic(StatisticAct),
    /// 地方报告 · Regional reports
    #[command(subcommand)]
    Report(ReportAct),
    /// 项目 · Projects and their results
    #[command(subcommand)]
    Project(ProjectAct),
    /// 锚定外部摘要（交易机构） · Anchor an external hash in the log; by an exchange
    Anchor(Box<Anchor>),
    /// 案例与名单公布 · Published cases and lists
    #[command(subcommand)]
    CasePublication(CasePublicationAct),
}

impl ActCommand {
    /// The act, with patents named by number looked up.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        match self {
            Self::Member(act) => act.act(caller).await,
            Self::Agency(act) => act.act(caller).await,
            Self::Party(act) => act.act(caller),
            Self::Patent(act) => act.act(caller).await,
            Self::Open(act) => act.act(caller).await,
            Self::Licence(act) => act.act(caller).await,
            Self::Transfer(act) => act.act(caller).await,
            Self::Pledge(act) => act.act(caller).await,
            Self::Royalty(act) => act.act(caller),
            Self::Contribute(act) => act.act(caller).await,
            Self::Valuation(act) => act.act(caller).await,
            Self::Fund(act) => act.act(caller),
            Self::Risk(act) => act.act(caller),
            Self::Finance(act) => act.act(caller).await,
            Self::Credit(act) => act.act(caller),
            Self::Case(act) => act.act(caller).await,
            Self::Implement(act) => act.act(caller).await,
            Self::TechnicalContract(act) => act.act(caller).await,
            Self::Trade(act) => act.act(caller),
            Self::Stock(act) => act.act(caller).await,
            Self::Support(act) => act.act(caller).await,
            Self::Match(act) => act.act(caller).await,
            Self::Demand(act) => act.act(caller).await,
            Self::Listing(act) => act.act(caller).await,
            Self::Event(act) => act.act(caller).await,
            Self::Pool(act) => act.act(caller).await,
            Self::Portfolio(act) => act.act(caller).await,
            Self::Consortium(act) => act.act(caller).await,
            Self::OpenSource(act) => act.act(caller).await,
            Self::Standard(act) => act.act(caller).await,
            Self::Consent(act) => act.act(),
            Self::Product(act) => act.act(caller).await,
            Self::Funding(act) => act.act(caller).await,
            Self::Income(act) => act.act(caller).await,
            Self::Assessment(act) => act.act(caller).await,
            Self::Tender(act) => act.act(caller).await,
            Self::Parameter(act) => act.act(caller).await,
            Self::Validator(act) => act.act(caller).await,
            Self::Statistic(act) => act.act(caller).await,
            Self::Report(act) => act.act(caller).await,
            Self::Project(act) => act.act(caller).await,
            Self::Anchor(act) => act.act(caller).await,
            Self::CasePublication(act) => act.act(caller).await,
        }
    }

    /// Files of new keys that sign beside the author.
    pub(crate) fn new_keys(&self) -> Vec<PathBuf> {
        match self {
            Self::Member(act) => act.new_keys().to_vec(),
            Self::Validator(act) => act.new_keys(),
            _ => Vec::new(),
        }
    }
}
