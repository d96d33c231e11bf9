//! `tongda member attribute`: what others certify of a member, for a time.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::value::{Digest, choice, list};
use clap::{ArgGroup, Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::attribute::{
    Attribute, AttributeChange, AttributeKind, AttributeValue, MarketStanding, SpecialisedGrade,
};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{Date, IndustryCode, MemberId};

/// What becomes of an attribute.
#[derive(Subcommand, Debug)]
pub(crate) enum AttributeAct {
    /// 认定 · Certify an attribute, in place of an earlier one of its kind
    Certify(Box<Certify>),
    /// 取消认定 · Take an attribute back
    TakeBack(TakeBack),
}

/// `tongda member attribute certify`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("attribute").required(true))]
pub(crate) struct Certify {
    /// 成员 · The member
    member: MemberId,
    /// 专精特新：innovative, specialised, little-giant · A small or medium-sized enterprise that is specialised and new
    #[arg(long, value_name = "GRADE", value_parser = choice::<SpecialisedGrade>, group = "attribute")]
    specialised: Option<SpecialisedGrade>,
    /// 高新技术企业：证书编号 · A high-tech enterprise, by its certificate's number
    #[arg(long, value_name = "NUMBER", group = "attribute")]
    high_tech: Option<Text<60>>,
    /// 中央企业 · An enterprise of the central State
    #[arg(long, group = "attribute")]
    central: bool,
    /// 所属的中央企业 · The central enterprise that it belongs to
    #[arg(long, value_name = "MEMBER", group = "attribute")]
    central_group: Option<MemberId>,
    /// 创新管理等级（ISO 56005），1 至 5 · Innovation managed as ISO 56005 says: the level, 1 to 5
    #[arg(long, value_name = "LEVEL", group = "attribute")]
    innovation: Option<u8>,
    /// 知识产权服务业集聚发展示范区 · In this demonstration zone of intellectual-property services
    #[arg(long, value_name = "NAME", group = "attribute")]
    demonstration_zone: Option<Text<120>>,
    /// 自由贸易试验区 · In this free-trade zone
    #[arg(long, value_name = "NAME", group = "attribute")]
    free_trade_zone: Option<Text<120>>,
    /// 区域性股权市场：displayed, training, listed, promoted · On a regional equity market
    #[arg(long, value_name = "STANDING", value_parser = choice::<MarketStanding>, group = "attribute")]
    equity_market: Option<MarketStanding>,
    /// 区域性股权市场的代码 · The market's code for it
    #[arg(long, value_name = "CODE", requires = "equity_market")]
    market_code: Option<Text<30>>,
    /// 运营中心所服务的行业，可重复 · A branch that the operation centre serves; repeatable
    #[arg(long, value_name = "INDUSTRY", value_delimiter = ',', group = "attribute")]
    operates_in: Vec<IndustryCode>,
    /// 专利代理机构执业许可证号 · Licensed as a patent agency, by the licence's number
    #[arg(long, value_name = "NUMBER", group = "attribute")]
    agency_licence: Option<Text<60>>,
    /// 起始日，缺省今日 · The day from which it holds; without it, today
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// 截止日 · The last day it holds, if it ends
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// 证书或者决定的摘要 · The digest of the certificate or decision: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Digest,
}

/// `tongda member attribute take-back`.
#[derive(Args, Debug)]
pub(crate) struct TakeBack {
    /// 成员 · The member
    member: MemberId,
    /// specialised-enterprise, high-tech-enterprise, central-enterprise, innovation-management, demonstration-zone,
    /// free-trade-zone, equity-market, operation-scope, agency-licence
    #[arg(long, value_parser = choice::<AttributeKind>)]
    kind: AttributeKind,
    /// 理由 · Why
    #[arg(long, value_name = "TEXT")]
    reason: Text<600>,
}

impl AttributeAct {
    /// The act.
    pub(crate) fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Certify(certify) => {
                let change = AttributeChange::Certify {
                    value: certify.value()?,
                    from: day(certify.from),
                    until: certify.until,
                    document: caller.plain(&certify.document)?,
                };
                Attribute { member: certify.member, change }.into()
            }
            Self::TakeBack(TakeBack { member, kind, reason }) => {
                let change = AttributeChange::TakeBack { kind: *kind, reason: reason.clone() };
                Attribute { member: *member, change }.into()
            }
        })
    }
}

impl Certify {
    fn value(&self) -> Result<AttributeValue, Failure> {
        let zone = |zone: &Text<120>| AttributeValue::DemonstrationZone { zone: zone.clone() };
        let trade_zone = |zone: &Text<120>| AttributeValue::FreeTradeZone { zone: zone.clone() };
        let market = |standing| AttributeValue::EquityMarket { standing, code: self.market_code.clone() };
        let agency = |number: &Text<60>| AttributeValue::AgencyLicence { number: number.clone() };
        let named = [
            self.specialised.map(|grade| AttributeValue::SpecialisedEnterprise { grade }),
            self.high_tech.clone().map(|number| AttributeValue::HighTechEnterprise { number }),
            self.central.then_some(AttributeValue::CentralEnterprise { group: None }),
            self.central_group.map(|group| AttributeValue::CentralEnterprise { group: Some(group) }),
            self.innovation.map(|level| AttributeValue::InnovationManagement { level }),
            self.demonstration_zone.as_ref().map(zone),
            self.free_trade_zone.as_ref().map(trade_zone),
            self.equity_market.map(market),
            self.agency_licence.as_ref().map(agency),
        ];
        match named.into_iter().flatten().next() {
            Some(value) => Ok(value),
            None => {
                Ok(AttributeValue::OperationScope { industries: list(&self.operates_in, "--operates-in")? })
            }
        }
    }
}
