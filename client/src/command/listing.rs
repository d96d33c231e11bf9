//! `tongda listing`: patents that are offered at one exchange and stand at every other.

use super::caller::{Caller, typed_or_read};
use super::failure::Failure;
use super::value::{Digest, PatentName, choice, list};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::listing::{self, ListingMode, ListingOutcome, ListingPrice, ListingPurpose};
use tongda_ledger::act::technical_contract::ContractReference;
use tongda_ledger::identifier::{Date, LicenceId, ListingId, MemberId, Money, NoticeId, TransferId};

/// Acts on listings.
#[derive(Subcommand, Debug)]
pub(crate) enum ListingAct {
    /// 挂牌（全体专利权人与交易机构） · Offer patents; by all owners and the exchange where they are listed
    Publish(Box<Publish>),
    /// 结束挂牌（专利权人或者交易机构） · End a listing; by an owner or the exchange
    Close(Close),
}

/// `tongda listing publish`.
#[derive(Args, Debug)]
pub(crate) struct Publish {
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 交易机构 · The exchange
    #[arg(long, value_name = "MEMBER")]
    exchange: MemberId,
    /// open-listing, auction, negotiated（公开挂牌、拍卖、协议）
    #[arg(long, value_parser = choice::<ListingMode>)]
    mode: ListingMode,
    /// sale, licensing（转让、许可）
    #[arg(long, value_parser = choice::<ListingPurpose>)]
    purpose: ListingPurpose,
    #[command(flatten)]
    price: Price,
    /// 出售：已写明开放许可 · For a sale: the listing says that anyone may take, or has taken, an open licence
    #[arg(long)]
    openly_licensed: bool,
    /// 说明 · What it is: TEXT or @FILE
    #[arg(long, value_name = "TEXT")]
    description: String,
    /// 截止日 · The last day
    #[arg(long, value_name = "DATE")]
    until: Date,
}

/// What is asked.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Price {
    /// 公开的价格（元），拍卖为起拍价 · A public price in yuan; of an auction the starting price
    #[arg(long, value_name = "AMOUNT")]
    price: Option<Money>,
    /// 不公开的价格的摘要 · The salted digest of a price that is told to who asks: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    confidential_price: Option<Digest>,
    /// 面议 · The price is negotiated
    #[arg(long)]
    price_by_agreement: bool,
}

/// `tongda listing close`.
#[derive(Args, Debug)]
pub(crate) struct Close {
    /// 挂牌 · The listing
    listing: ListingId,
    #[command(flatten)]
    outcome: Outcome,
}

/// How a listing ends.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Outcome {
    /// 成交：许可 · Concluded, with this licence
    #[arg(long)]
    licence: Option<LicenceId>,
    /// 成交：转让 · Concluded, with this transfer
    #[arg(long)]
    transfer: Option<TransferId>,
    /// 成交：开放许可的通知 · Concluded, with this notice under an open licence
    #[arg(long)]
    notice: Option<NoticeId>,
    /// 撤牌 · The owners withdraw it
    #[arg(long)]
    delisted: bool,
    /// 流标 · Nobody took it
    #[arg(long)]
    unsold: bool,
}

impl ListingAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Publish(publish) => publish.act(caller).await?,
            Self::Close(close) => {
                listing::Close { listing: close.listing, outcome: close.outcome.named()? }.into()
            }
        })
    }
}

impl Publish {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let publish = listing::Publish {
            patents: list(&caller.patents(&self.patents).await?, "patents")?,
            exchange: self.exchange,
            mode: self.mode,
            purpose: self.purpose,
            price: self.price.named(caller)?,
            openly_licensed: self.openly_licensed,
            description: typed_or_read(&self.description, "--description")?,
            until: self.until,
        };
        Ok(publish.into())
    }
}

impl Price {
    fn named(&self, caller: &Caller) -> Result<ListingPrice, Failure> {
        match (self.price, &self.confidential_price, self.price_by_agreement) {
            (Some(amount), None, false) => Ok(ListingPrice::Public { amount }),
            (None, Some(digest), false) => Ok(ListingPrice::Confidential { digest: caller.salted(digest)? }),
            (None, None, true) => Ok(ListingPrice::ByAgreement),
            _ => Err("name one price: --price, --confidential-price or --price-by-agreement".into()),
        }
    }
}

impl Outcome {
    fn named(&self) -> Result<ListingOutcome, Failure> {
        let deal = match self {
            Self { delisted: true, .. } => return Ok(ListingOutcome::Delisted),
            Self { unsold: true, .. } => return Ok(ListingOutcome::Unsold),
            Self { licence: Some(licence), .. } => ContractReference::Licence { licence: *licence },
            Self { transfer: Some(transfer), .. } => ContractReference::Transfer { transfer: *transfer },
            Self { notice: Some(notice), .. } => ContractReference::Notice { notice: *notice },
            _ => {
                return Err("say how it ends: --licence, --transfer, --notice, --delisted or --unsold".into());
            }
        };
        Ok(ListingOutcome::Concluded { deal })
    }
}
