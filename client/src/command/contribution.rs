//! `tongda contribute`: patents contributed to a company's capital.

use super::caller::Caller;
use super::failure::Failure;
use super::value::{Digest, ExportControl, PatentName, capital_share, choice, list, pricing};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::licence::Proceeds;
use tongda_ledger::act::transfer::{CapitalShare, Contribute, ContributionValue, Pricing};
use tongda_ledger::identifier::{Date, MemberId, PartyId, ValuationId};

/// Acts by which patents are contributed.
#[derive(Subcommand, Debug)]
pub(crate) enum ContributeAct {
    /// 作价入股（全体权利人与公司） · Contribute patents to a company's capital; by all owners and the company
    Equity(Box<Equity>),
}

/// `tongda contribute equity`.
#[derive(Args, Debug)]
pub(crate) struct Equity {
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 出资人，缺省为全体专利权人 · The owners; without it, all as the register has them
    #[arg(long = "from", value_name = "PARTY", value_delimiter = ',')]
    from: Vec<PartyId>,
    /// 公司 · The company
    #[arg(long, value_name = "PARTY")]
    company: PartyId,
    /// 评估价值的摘要 · The salted digest of the valuation: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    value: Digest,
    /// 评估基准日 · The day as of which it was made
    #[arg(long, value_name = "DATE")]
    valued_on: Date,
    /// 账本上的评估 · The valuation, if it stands on the ledger
    #[arg(long)]
    valuation: Option<ValuationId>,
    /// 各出资人所得股权比例，可重复 · A contributor's share of the capital: PARTY=60%
    #[arg(long = "capital", value_name = "PARTY=SHARE", required = true, value_parser = capital_share, value_delimiter = ',')]
    capital: Vec<CapitalShare>,
    /// 定价方式 · How the price was found: agreement, agreement:FIRST/LAST with its notice, listing, auction
    #[arg(long, value_parser = pricing)]
    pricing: Option<Pricing>,
    /// 涉外：出口管制 · For a foreign company: free:DIGEST, restricted:DIGEST or banned
    #[arg(long, value_name = "EXPORT")]
    export: Option<ExportControl>,
    /// 批准出口的项目管理机构 · The funder who approves the export
    #[arg(long, value_name = "MEMBER")]
    funder: Option<MemberId>,
    /// 已质押专利的所得去向：prepay, deposit · For a pledged patent: what happens with what is received
    #[arg(long, value_parser = choice::<Proceeds>)]
    proceeds: Option<Proceeds>,
    /// 合同摘要 · The salted digest of the contract: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    contract: Digest,
}

impl ContributeAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let Self::Equity(equity) = self;
        let patents = caller.patents(&equity.patents).await?;
        let contribute = Contribute {
            from: list(&caller.owners(&equity.from, &patents).await?, "--from")?,
            patents: list(&patents, "patents")?,
            company: equity.company,
            value: ContributionValue {
                digest: caller.salted(&equity.value)?,
                on: equity.valued_on,
                valuation: equity.valuation,
            },
            capital: list(&equity.capital, "--capital")?,
            pricing: equity.pricing.clone(),
            export: equity.export.as_ref().map(|export| caller.export(export)).transpose()?,
            funder: equity.funder,
            proceeds: equity.proceeds,
            contract: caller.salted(&equity.contract)?,
        };
        Ok(contribute.into())
    }
}
