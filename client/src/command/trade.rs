//! `tongda trade`: licences and transfers that cross the border.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::value::{Digest, ExportControl, choice};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::trade::{self, Settlement, TradeDirection, TradeSubject};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{CountryCode, Date, LicenceId, TransferId};

/// Acts on trade across the border.
#[derive(Subcommand, Debug)]
pub(crate) enum TradeAct {
    /// 录入技术进出口（一方当事人与主管部门） · Enter that a licence or a transfer crosses the border; by a party to it and
    /// the authority
    Crossborder(Box<CrossBorder>),
}

/// `tongda trade crossborder`.
#[derive(Args, Debug)]
pub(crate) struct CrossBorder {
    /// export, import（出口、进口）
    #[arg(long, value_parser = choice::<TradeDirection>)]
    direction: TradeDirection,
    /// 对方国家（地区） · The country at the other side, two letters
    #[arg(long)]
    country: CountryCode,
    #[command(flatten)]
    subject: Subject,
    /// 管制类别 · What the control of technology trade says: free:DIGEST, restricted:DIGEST or banned
    #[arg(long, value_name = "EXPORT")]
    control: Option<ExportControl>,
    /// 登记证书或者许可证的编号 · The number of the registration certificate or of the licence
    #[arg(long)]
    number: Option<Text<60>>,
    /// 结算币种 · The currency of settlement, three letters
    #[arg(long, requires = "settlement")]
    currency: Option<Text<3>>,
    /// 结算情况的摘要 · The salted digest of amounts, rate and bank: HASH or @FILE
    #[arg(long, value_name = "DIGEST", requires = "currency")]
    settlement: Option<Digest>,
    /// 自由贸易试验区 · The free-trade zone, if it goes through one
    #[arg(long, value_name = "NAME")]
    zone: Option<Text<120>>,
    /// 证书或者许可证的日期，缺省今日 · The day of certificate or licence; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// What crosses the border.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Subject {
    /// 许可 · A licence
    #[arg(long)]
    licence: Option<LicenceId>,
    /// 转让 · A transfer
    #[arg(long)]
    transfer: Option<TransferId>,
}

impl TradeAct {
    /// The act.
    pub(crate) fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        match self {
            Self::Crossborder(trade) => trade.act(caller),
        }
    }
}

impl CrossBorder {
    fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let settlement = match (&self.currency, &self.settlement) {
            (Some(currency), Some(digest)) => {
                Some(Settlement { currency: currency.clone(), digest: caller.salted(digest)? })
            }
            (None, None) => None,
            _ => return Err("--currency and --settlement go together".into()),
        };
        let trade = trade::CrossBorder {
            direction: self.direction,
            country: self.country,
            subject: self.subject.named()?,
            control: self.control.as_ref().map(|control| caller.export(control)).transpose()?,
            number: self.number.clone(),
            settlement,
            zone: self.zone.clone(),
            on: day(self.on),
        };
        Ok(trade.into())
    }
}

impl Subject {
    fn named(&self) -> Result<TradeSubject, Failure> {
        match (self.licence, self.transfer) {
            (Some(licence), None) => Ok(TradeSubject::Licence { licence }),
            (None, Some(transfer)) => Ok(TradeSubject::Transfer { transfer }),
            _ => Err("name what crosses the border: --licence or --transfer".into()),
        }
    }
}
