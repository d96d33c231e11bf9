//! `tongda transfer`: transfers, agreed and then registered.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, ExportControl, PatentName, choice, list, pricing, transferee, word};
use clap::{Args, Subcommand};
use tongda_client::answer::Object;
use tongda_ledger::act::Act;
use tongda_ledger::act::licence::Proceeds;
use tongda_ledger::act::transfer::{self, Pricing, Transferee};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{Date, MemberId, PartyId, TransferId};
use tongda_ledger::state::Transfer;

/// What is done with transfers.
#[derive(Subcommand, Debug)]
pub(crate) enum TransferVerb {
    #[command(flatten)]
    Act(TransferAct),
    #[command(flatten)]
    Read(ReadVerb<TransferId>),
}

/// Acts on transfers.
#[derive(Subcommand, Debug)]
pub(crate) enum TransferAct {
    /// 提出转让（全体转让人与受让人） · Propose a transfer; by all owners and transferees
    Propose(Box<Propose>),
    /// 登记转让（登记机构） · Register a transfer; by the registrar
    Register(Register),
}

/// `tongda transfer propose`.
#[derive(Args, Debug)]
pub(crate) struct Propose {
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 转让人，缺省为全体专利权人 · The owners; without it, all as the register has them
    #[arg(long = "from", value_name = "PARTY", value_delimiter = ',')]
    from: Vec<PartyId>,
    /// 受让人及份额，可重复 · A new owner: PARTY or PARTY=60%
    #[arg(long = "to", value_name = "PARTY[=SHARE]", required = true, value_parser = transferee, value_delimiter = ',')]
    to: Vec<Transferee>,
    /// 定价方式 · How the price was found: agreement, agreement:FIRST/LAST with its notice, listing, auction
    #[arg(long, value_parser = pricing)]
    pricing: Option<Pricing>,
    /// 涉外：出口管制 · For a foreign transferee: free:DIGEST, restricted:DIGEST or banned
    #[arg(long, value_name = "EXPORT")]
    export: Option<ExportControl>,
    /// 批准出口的项目管理机构 · The funder who approves the export
    #[arg(long, value_name = "MEMBER")]
    funder: Option<MemberId>,
    /// 已质押专利的价款去向：prepay, deposit · For a pledged patent: what happens with the price
    #[arg(long, value_parser = choice::<Proceeds>)]
    proceeds: Option<Proceeds>,
    /// 合同摘要 · The salted digest of the contract: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    contract: Digest,
}

/// `tongda transfer register`.
#[derive(Args, Debug)]
pub(crate) struct Register {
    /// 转让 · The transfer
    transfer: TransferId,
    /// 公报期号 · The gazette's number
    #[arg(long)]
    gazette: Text<60>,
    /// 登记日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl TransferAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Propose(propose) => propose.act(caller).await?,
            Self::Register(register) => transfer::Register {
                transfer: register.transfer,
                gazette: register.gazette.clone(),
                on: day(register.on),
            }
            .into(),
        })
    }
}

impl Propose {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let patents = caller.patents(&self.patents).await?;
        let propose = transfer::Propose {
            from: list(&caller.owners(&self.from, &patents).await?, "--from")?,
            patents: list(&patents, "patents")?,
            to: list(&self.to, "--to")?,
            pricing: self.pricing.clone(),
            export: self.export.as_ref().map(|export| caller.export(export)).transpose()?,
            funder: self.funder,
            proceeds: self.proceeds,
            contract: caller.salted(&self.contract)?,
        };
        Ok(propose.into())
    }
}

impl Listing for Transfer {
    const HEAD: &'static [&'static str] =
        &["转让 transfer", "状态 state", "转让人 from", "受让人 to", "专利 patents"];

    fn row(object: &Object<TransferId, Self>) -> Vec<String> {
        let Object { id, value } = object;
        let patents: Vec<_> = value.patents.iter().map(ToString::to_string).collect();
        let from: Vec<_> = value.from.iter().map(ToString::to_string).collect();
        let to: Vec<_> = value.to.iter().map(|to| to.party.to_string()).collect();
        vec![id.to_string(), word(&value.state), from.join(","), to.join(","), patents.join(",")]
    }

    fn state(&self) -> String {
        word(&self.state)
    }
}
