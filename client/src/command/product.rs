//! `tongda product`: patented products, from the filing to the recognition.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::value::{Digest, PatentName, choice, list};
use clap::{Args, Subcommand};
use std::str::FromStr;
use tongda_ledger::act::Act;
use tongda_ledger::act::product::{
    self, OutputClass, ProductBasis, ProductPatent, ProductWithdrawal, RecognitionResult, RecognitionStandard,
};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{Date, IndustryCode, LicenceId, MemberId, ProductId, Term};

/// Acts on patented products.
#[derive(Subcommand, Debug)]
pub(crate) enum ProductAct {
    /// 专利产品备案（企业） · File a patented product; by the enterprise
    File(Box<File>),
    /// 年度产值（企业） · Report a product's output of a year; by the enterprise
    Output(Output),
    /// 专利密集型产品认定（认定机构） · Recognise a product as patent-intensive, or decline to; by a recognition body
    Recognise(Box<Recognise>),
    /// 撤回备案（企业）或者撤销认定（认定机构） · Withdraw a filing or a recognition
    Withdraw(Withdraw),
}

/// `tongda product file`.
#[derive(Args, Debug)]
pub(crate) struct File {
    /// 所实施的专利：自有或者经许可，可多个 · The patents it works: PATENT where owned, PATENT=LICENCE where licensed
    #[arg(required = true, value_name = "PATENT[=LICENCE]")]
    patents: Vec<Worked>,
    /// 企业，缺省为签名人 · The enterprise; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    enterprise: Option<MemberId>,
    /// 产品名称 · The product's name
    #[arg(long)]
    name: Text<300>,
    /// 型号 · Its model
    #[arg(long)]
    model: Text<200>,
    /// 行业代码 · Its branch, as in C39
    #[arg(long)]
    industry: IndustryCode,
    /// 国家试点平台上的备案编号 · Its id on the national platform, if it is filed there
    #[arg(long, value_name = "ID")]
    platform: Option<Text<60>>,
}

/// A patent that a product works: `PATENT`, or `PATENT=LICENCE`.
#[derive(Copy, Clone, Debug)]
struct Worked {
    patent: PatentName,
    basis: ProductBasis,
}

impl FromStr for Worked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (patent, basis) = match text.split_once('=') {
            None => (text, ProductBasis::Owned),
            Some((patent, licence)) => {
                let licence: LicenceId = licence.parse().map_err(|error| format!("{error}"))?;
                (patent, ProductBasis::Licensed { licence })
            }
        };
        Ok(Self { patent: patent.parse()?, basis })
    }
}

/// `tongda product output`.
#[derive(Args, Debug)]
pub(crate) struct Output {
    /// 产品 · The product
    product: ProductId,
    /// 年度，已结束的 · The year, which is over
    #[arg(long)]
    year: u16,
    /// 产值等级（元）：none, below-million, millions, tens-of-millions, hundreds-of-millions, billions · The class of its
    /// output value, in yuan
    #[arg(long, value_parser = choice::<OutputClass>)]
    class: OutputClass,
    /// 产值、销售、出口、增加值的摘要 · The salted digest of the figures: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    figures: Digest,
}

/// `tongda product recognise`.
#[derive(Args, Debug)]
pub(crate) struct Recognise {
    /// 产品 · The product
    product: ProductId,
    /// 标准：association2022（T/PPAC 402-2022）、national2025（GB/T 46961-2025） · By which standard
    #[arg(long, value_parser = choice::<RecognitionStandard>)]
    standard: RecognitionStandard,
    /// 结论：recognised, not-recognised · What the examination came to
    #[arg(long, value_parser = choice::<RecognitionResult>)]
    result: RecognitionResult,
    /// 有效期 · How long it holds, FIRST/LAST
    #[arg(long, value_name = "TERM")]
    validity: Term,
    /// 决定的摘要 · The digest of the decision: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Digest,
    /// 决定日，缺省今日 · The day of the decision; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda product withdraw`.
#[derive(Args, Debug)]
pub(crate) struct Withdraw {
    /// 产品 · The product
    product: ProductId,
    /// filing（备案）、recognition（认定） · What is withdrawn
    #[arg(value_parser = choice::<ProductWithdrawal>)]
    what: ProductWithdrawal,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<300>,
    /// 日期，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl ProductAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::File(file) => file.act(caller).await?,
            Self::Output(output) => product::Output {
                product: output.product,
                year: output.year,
                class: output.class,
                figures: caller.salted(&output.figures)?,
            }
            .into(),
            Self::Recognise(recognise) => product::Recognise {
                product: recognise.product,
                standard: recognise.standard,
                result: recognise.result,
                validity: recognise.validity,
                document: caller.plain(&recognise.document)?,
                on: day(recognise.on),
            }
            .into(),
            Self::Withdraw(withdraw) => product::Withdraw {
                product: withdraw.product,
                what: withdraw.what,
                reason: withdraw.reason.clone(),
                on: day(withdraw.on),
            }
            .into(),
        })
    }
}

impl File {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let mut patents = Vec::new();
        for worked in &self.patents {
            let patent = caller.patent(worked.patent).await?;
            patents.push(ProductPatent { patent, basis: worked.basis });
        }
        let file = product::File {
            enterprise: caller.member(self.enterprise).await?,
            name: self.name.clone(),
            model: self.model.clone(),
            patents: list(&patents, "patents")?,
            industry: self.industry,
            platform: self.platform.clone(),
        };
        Ok(file.into())
    }
}
