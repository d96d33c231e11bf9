//! The commands that write: every act of the ledger, named by noun and verb.

use super::agency::AgencyAct;
use super::caller::Caller;
use super::consent::ConsentAct;
use super::consortium::ConsortiumAct;
use super::event::EventAct;
use super::failure::Failure;
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
use super::standard::StandardAct;
use super::stock::{StockAct, SupportAct};
use super::technical_contract::TechnicalContractAct;
use super::trade::TradeAct;
use super::transfer::TransferAct;
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
        }
    }

    /// Files of new keys that sign beside the author.
    pub(crate) fn new_keys(&self) -> &[PathBuf] {
        match self {
            Self::Member(act) => act.new_keys(),
            _ => &[],
        }
    }
}
