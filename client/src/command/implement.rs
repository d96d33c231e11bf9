//! `tongda implement`: who works a patent, by what right, and who has looked.

use super::caller::Caller;
use super::failure::Failure;
use super::value::{Digest, PatentName, choice};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::implementation::{self, ImplementationMode, ImplementedProduct};
use tongda_ledger::act::product::OutputClass;
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{Date, LicenceId, MemberId, ProductId, RecordId, TransferId};

/// Acts on implementation.
#[derive(Subcommand, Debug)]
pub(crate) enum ImplementAct {
    /// 报告实施（实施人） · Report that a patent is worked; by who works it
    Report(Box<Report>),
    /// 核验实施报告（无关的交易机构或者管理部门） · Say that a report was found right; by an exchange or a regulator
    Verify(Verify),
}

/// `tongda implement report`.
#[derive(Args, Debug)]
pub(crate) struct Report {
    /// 专利 · The patent
    patent: PatentName,
    #[command(flatten)]
    right: Right,
    /// 开始实施之日 · The day it began
    #[arg(long, value_name = "DATE")]
    start: Date,
    #[command(flatten)]
    product: Product,
    /// 年产值区间 · Yearly output in yuan: none, below-million, millions, tens-of-millions, hundreds-of-millions,
    /// billions
    #[arg(long, value_parser = choice::<OutputClass>)]
    output: OutputClass,
    /// 产值数据的摘要 · The salted digest of the figures: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    figures: Option<Digest>,
    /// 实施证据的摘要 · The salted digest of the evidence: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    evidence: Digest,
}

/// By what right.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Right {
    /// 自行实施 · As an owner, itself
    #[arg(long)]
    own: bool,
    /// 许可实施 · Under this licence
    #[arg(long, value_name = "LICENCE")]
    licence: Option<LicenceId>,
    /// 受让实施 · As the owner by this transfer
    #[arg(long, value_name = "TRANSFER")]
    transfer: Option<TransferId>,
    /// 合作实施：另一方 · Together with this member, of whom one is an owner; it signs too
    #[arg(long, value_name = "MEMBER")]
    together_with: Option<MemberId>,
}

/// In what product.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Product {
    /// 已备案的专利产品 · A product that is filed on the ledger
    #[arg(long)]
    product: Option<ProductId>,
    /// 其他产品的名称与型号 · Another product, by name and model
    #[arg(long, value_name = "TEXT")]
    product_name: Option<Text<300>>,
}

/// `tongda implement verify`.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// 实施报告的记录 · The report's record
    report: RecordId,
    /// 核验结论的摘要 · The salted digest of the findings: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    findings: Digest,
}

impl ImplementAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Report(report) => report.act(caller).await?,
            Self::Verify(verify) => {
                implementation::Verify { report: verify.report, findings: caller.salted(&verify.findings)? }
                    .into()
            }
        })
    }
}

impl Report {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let report = implementation::Report {
            patent: caller.patent(self.patent).await?,
            mode: self.right.mode()?,
            start: self.start,
            product: self.product.named()?,
            output: self.output,
            figures: caller.maybe_salted(self.figures.as_ref())?,
            evidence: caller.salted(&self.evidence)?,
        };
        Ok(report.into())
    }
}

impl Right {
    fn mode(&self) -> Result<ImplementationMode, Failure> {
        match (self.own, self.licence, self.transfer, self.together_with) {
            (true, None, None, None) => Ok(ImplementationMode::Own),
            (false, Some(licence), None, None) => Ok(ImplementationMode::Licensed { licence }),
            (false, None, Some(transfer), None) => Ok(ImplementationMode::Acquired { transfer }),
            (false, None, None, Some(with)) => Ok(ImplementationMode::Cooperating { with }),
            _ => Err("name one right: --own, --licence, --transfer or --together-with".into()),
        }
    }
}

impl Product {
    fn named(&self) -> Result<ImplementedProduct, Failure> {
        match (self.product, &self.product_name) {
            (Some(product), None) => Ok(ImplementedProduct::Filed { product }),
            (None, Some(name)) => Ok(ImplementedProduct::Named { name: name.clone() }),
            _ => Err("name one product: --product or --product-name".into()),
        }
    }
}
