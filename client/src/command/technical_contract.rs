//! `tongda techcontract`: technical contracts as their registries enter them.

use super::caller::Caller;
use super::failure::Failure;
use super::value::{Digest, PatentName, choice, list};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::technical_contract::{self, ContractEntry, ContractReference, TechnicalContractKind};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{
    ContractId, Date, LicenceId, Money, NoticeId, PartyId, RegionCode, TechnicalContractNumber, TransferId,
};

/// Acts on technical contracts.
#[derive(Subcommand, Debug)]
pub(crate) enum TechnicalContractAct {
    /// 录入并关联已登记的技术合同（登记机构） · Enter a registered contract and link it; by the registry
    Link(Box<Link>),
    /// 更正技术合同的录入（登记机构） · Enter a contract anew in the place of its entry; by the registry
    Correct(Box<Correct>),
}

/// `tongda techcontract link`.
#[derive(Args, Debug)]
pub(crate) struct Link {
    /// 认定登记编号 · The registration's number
    number: TechnicalContractNumber,
    #[command(flatten)]
    entry: Entry,
    /// 登记证明的摘要 · The salted digest of the certificate: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    certificate: Digest,
}

/// `tongda techcontract correct`.
#[derive(Args, Debug)]
pub(crate) struct Correct {
    /// 技术合同 · The contract
    contract: ContractId,
    #[command(flatten)]
    entry: Entry,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<600>,
}

/// What the registry has of a contract.
#[derive(Args, Debug)]
pub(crate) struct Entry {
    /// development, transfer, licence, consulting, service（开发、转让、许可、咨询、服务）
    #[arg(long, value_parser = choice::<TechnicalContractKind>)]
    kind: Option<TechnicalContractKind>,
    /// 合同成交额（元） · The contract's amount, in yuan
    #[arg(long)]
    amount: Money,
    /// 其中技术交易额（元） · The part of it paid for technology, in yuan
    #[arg(long, value_name = "AMOUNT")]
    technical: Money,
    /// 专利，可重复；所关联的开放许可已备案的可以不填 · A patent; repeatable, not needed where it refers to a recorded
    /// open licence
    #[arg(long = "patent", value_name = "PATENT", value_delimiter = ',')]
    patents: Vec<PatentName>,
    /// 所关联的许可，可重复 · A licence it is about; repeatable
    #[arg(long = "licence", value_name = "LICENCE", value_delimiter = ',')]
    licences: Vec<LicenceId>,
    /// 所关联的转让，可重复 · A transfer it is about; repeatable
    #[arg(long = "transfer", value_name = "TRANSFER", value_delimiter = ',')]
    transfers: Vec<TransferId>,
    /// 所关联的开放许可通知，可重复 · A notice under an open licence it is about; repeatable
    #[arg(long = "notice", value_name = "NOTICE", value_delimiter = ',')]
    notices: Vec<NoticeId>,
    /// 卖方，可重复 · A seller; repeatable
    #[arg(long = "seller", value_name = "PARTY", value_delimiter = ',')]
    sellers: Vec<PartyId>,
    /// 买方，可重复 · A buyer; repeatable
    #[arg(long = "buyer", value_name = "PARTY", value_delimiter = ',')]
    buyers: Vec<PartyId>,
    /// 卖方所在地 · Where the seller is, six digits
    #[arg(long, value_name = "REGION")]
    seller_region: RegionCode,
    /// 买方所在地 · Where the buyer is, six digits
    #[arg(long, value_name = "REGION")]
    buyer_region: RegionCode,
    /// 订立之日 · The day it was concluded
    #[arg(long, value_name = "DATE")]
    concluded: Date,
}

impl TechnicalContractAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Link(link) => technical_contract::Link {
                number: link.number,
                entry: link.entry.entry(caller).await?,
                certificate: caller.salted(&link.certificate)?,
            }
            .into(),
            Self::Correct(correct) => technical_contract::Correct {
                contract: correct.contract,
                entry: correct.entry.entry(caller).await?,
                reason: correct.reason.clone(),
            }
            .into(),
        })
    }
}

impl Entry {
    async fn entry(&self, caller: &Caller) -> Result<ContractEntry, Failure> {
        Ok(ContractEntry {
            kind: self.kind,
            amount: self.amount,
            technical: self.technical,
            patents: list(&caller.patents(&self.patents).await?, "--patent")?,
            references: list(&self.references(), "--licence, --transfer and --notice")?,
            sellers: list(&self.sellers, "--seller")?,
            buyers: list(&self.buyers, "--buyer")?,
            seller_region: self.seller_region,
            buyer_region: self.buyer_region,
            concluded: self.concluded,
        })
    }

    fn references(&self) -> Vec<ContractReference> {
        let licences = self.licences.iter().map(|licence| ContractReference::Licence { licence: *licence });
        let transfers =
            self.transfers.iter().map(|transfer| ContractReference::Transfer { transfer: *transfer });
        let notices = self.notices.iter().map(|notice| ContractReference::Notice { notice: *notice });
        licences.chain(transfers).chain(notices).collect()
    }
}
