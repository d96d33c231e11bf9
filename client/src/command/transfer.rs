//! `tongda transfer`: transfers, agreed and then registered, or by law.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, ExportControl, PatentName, choice, list, pricing, transferee, word};
use clap::{Args, Subcommand, ValueEnum};
use tongda_client::answer::Object;
use tongda_ledger::act::Act;
use tongda_ledger::act::licence::Proceeds;
use tongda_ledger::act::transfer::{self, LawfulCause, Pricing, Transferee};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{Date, MemberId, PartyId, PledgeId, RecordId, TransferId};
use tongda_ledger::state::Transfer;

/// What is done with transfers.
#[derive(Subcommand, Debug)]
pub(crate) enum TransferVerb {
    #[command(flatten)]
    Act(TransferAct),
    #[command(flatten)]
    Read(ReadVerb<TransferId>),
    /// 相关记载 · What hangs on it
    Dependents {
        /// 转让 · The transfer
        transfer: TransferId,
    },
}

/// Acts on transfers.
#[derive(Subcommand, Debug)]
pub(crate) enum TransferAct {
    /// 提出转让（全体转让人与受让人） · Propose a transfer; by all owners and transferees
    Propose(Box<Propose>),
    /// 登记转让（登记机构） · Register a transfer; by the registrar
    Register(Register),
    /// 依法移转（登记机构或者法院） · Enter that patents passed to others by law; by the registrar or a court
    ByLaw(Box<ByLaw>),
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

/// `tongda transfer by-law`.
#[derive(Args, Debug)]
pub(crate) struct ByLaw {
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 原权利人，缺省为登记的全体 · The owners so far; without it, all as the register has them
    #[arg(long = "from", value_name = "PARTY", value_delimiter = ',')]
    from: Vec<PartyId>,
    /// 新权利人及份额，可重复 · An owner from now on: PARTY or PARTY=60%
    #[arg(long = "to", value_name = "PARTY[=SHARE]", value_parser = transferee, value_delimiter = ',')]
    to: Vec<Transferee>,
    /// 账本上没有的新权利人人数 · How many owners from now on of whom nothing stands on the ledger
    #[arg(long, default_value_t = 0)]
    undisclosed: u8,
    /// 原因 · Why
    #[arg(long, value_enum)]
    cause: Cause,
    /// 裁判：为该案登记的保全记录 · For a judgment: the record of the preservation that was entered for it
    #[arg(long, value_name = "RECORD")]
    preservation: Option<RecordId>,
    /// 裁判：为该案登记的中止记录 · For a judgment: the record of the suspension that was entered for it
    #[arg(long, value_name = "RECORD")]
    suspension: Option<RecordId>,
    /// 实现质权：该质押 · For a realised pledge: the pledge
    #[arg(long, required_if_eq("cause", "pledge-realised"))]
    pledge: Option<PledgeId>,
    /// 证明文件的摘要 · The digest of the document: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Option<Digest>,
    /// 公报期号 · The gazette's number, if it is announced
    #[arg(long)]
    gazette: Option<Text<60>>,
    /// 移转日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// Why patents pass by law.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Cause {
    /// 继承 · A natural person died
    Inheritance,
    /// 合并 · Organisations merged
    Merger,
    /// 分立 · An organisation was divided
    Division,
    /// 判决、裁决 · A judgment or award
    Judgment,
    /// 实现质权 · A pledge on them was realised
    PledgeRealised,
    /// 破产 · The owner is bankrupt
    Bankruptcy,
    /// 其他 · Another cause in law
    Other,
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
            Self::ByLaw(by_law) => by_law.act(caller).await?,
        })
    }
}

impl ByLaw {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let patents = caller.patents(&self.patents).await?;
        let by_law = transfer::ByLaw {
            from: list(&caller.owners(&self.from, &patents).await?, "--from")?,
            patents: list(&patents, "patents")?,
            to: list(&self.to, "--to")?,
            undisclosed: self.undisclosed,
            cause: self.lawful_cause()?,
            document: self.document.as_ref().map(|document| caller.plain(document)).transpose()?,
            gazette: self.gazette.clone(),
            on: day(self.on),
        };
        Ok(by_law.into())
    }

    fn lawful_cause(&self) -> Result<LawfulCause, Failure> {
        if self.cause != Cause::Judgment && (self.preservation.is_some() || self.suspension.is_some()) {
            return Err("--preservation and --suspension go with --cause judgment".into());
        }
        if self.cause != Cause::PledgeRealised && self.pledge.is_some() {
            return Err("--pledge goes with --cause pledge-realised".into());
        }
        Ok(match self.cause {
            Cause::Inheritance => LawfulCause::Inheritance,
            Cause::Merger => LawfulCause::Merger,
            Cause::Division => LawfulCause::Division,
            Cause::Judgment => {
                LawfulCause::Judgment { preservation: self.preservation, suspension: self.suspension }
            }
            Cause::PledgeRealised => {
                LawfulCause::PledgeRealised { pledge: self.pledge.ok_or("name the pledge with --pledge")? }
            }
            Cause::Bankruptcy => LawfulCause::Bankruptcy,
            Cause::Other => LawfulCause::OtherCause,
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
