//! `tongda licence`: licences, their recordal, their changes and their end.

use super::caller::{Caller, day};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, ExportControl, PatentName, choice, fee_share, list, word};
use clap::{Args, Subcommand};
use tongda_client::answer::Object;
use tongda_ledger::act::Act;
use tongda_ledger::act::licence::{
    self, CompulsoryGround, EndCause, FeeClass, FeeShare, LicenceKind, Proceeds, Scope, UseAct,
};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{
    Date, IndustryCode, LicenceId, MemberId, PartyId, RecordalNumber, RegionCode, Term,
};
use tongda_ledger::state::Licence;

/// What is done with licences.
#[derive(Subcommand, Debug)]
pub(crate) enum LicenceVerb {
    #[command(flatten)]
    Act(LicenceAct),
    #[command(flatten)]
    Read(ReadVerb<LicenceId>),
    /// 相关记载 · What hangs on it
    Dependents {
        /// 许可 · The licence
        licence: LicenceId,
    },
}

/// Acts on licences.
#[derive(Subcommand, Debug)]
pub(crate) enum LicenceAct {
    /// 订立许可（许可人与被许可人） · Enter a licence contract; by licensors and licensee
    Grant(Box<Grant>),
    /// 许可备案（登记机构与一方） · Record a licence; by the registrar and a party to it
    Record(Record),
    /// 变更许可合同（双方） · Change a contract's terms; by licensors and licensee, once recorded with the registrar
    Change(Box<Change>),
    /// 终止许可 · End a licence before its last day
    End(End),
    /// 注销备案（登记机构） · Cancel the recordal of a licence that has ended; by the registrar
    Cancel(Cancel),
    /// 强制许可（登记机构） · Grant a compulsory licence; by the registrar, on the authority's decision
    Compulsory(Box<Compulsory>),
}

/// `tongda licence grant`.
#[derive(Args, Debug)]
pub(crate) struct Grant {
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 被许可人 · Who may use
    #[arg(long, value_name = "MEMBER")]
    licensee: MemberId,
    /// 许可人，缺省为全体专利权人 · Who grants; without it, all owners
    #[arg(long = "licensor", value_name = "PARTY", value_delimiter = ',')]
    licensors: Vec<PartyId>,
    /// ordinary, sole, exclusive（普通、排他、独占）
    #[arg(long, value_parser = choice::<LicenceKind>, default_value = "ordinary")]
    kind: LicenceKind,
    /// 期限 · The term, FIRST/LAST
    #[arg(long)]
    term: Term,
    #[command(flatten)]
    limits: Limits,
    /// 可以再许可 · The licensee may sublicense
    #[arg(long)]
    sublicence: bool,
    /// 所依据的上级许可 · The licence under which this is a sublicence
    #[arg(long, value_name = "LICENCE")]
    under: Option<LicenceId>,
    /// 费用类型：free, lump, royalty, entry-and-royalty, other · The kind of fee; the amount is not public
    #[arg(long, value_parser = choice::<FeeClass>)]
    fee: FeeClass,
    /// 共有人分配比例，可重复 · A co-owner's share of the fee: PARTY=60%
    #[arg(long = "share", value_name = "PARTY=SHARE", value_parser = fee_share, value_delimiter = ',')]
    shares: Vec<FeeShare>,
    /// 已质押专利的价款去向：prepay, deposit · For a pledged patent: what happens with the fee
    #[arg(long, value_parser = choice::<Proceeds>)]
    proceeds: Option<Proceeds>,
    /// 继续有效的在先普通许可，可重复 · An earlier ordinary licence that stays in force beside it; repeatable
    #[arg(long = "beside", value_name = "LICENCE", value_delimiter = ',')]
    beside: Vec<LicenceId>,
    /// 涉外：出口管制 · For a foreign licensee: free:DIGEST, restricted:DIGEST or banned
    #[arg(long, value_name = "EXPORT")]
    export: Option<ExportControl>,
    /// 批准的项目管理机构 · The funder who approves an exclusive licence abroad
    #[arg(long, value_name = "MEMBER")]
    funder: Option<MemberId>,
    /// 合同摘要 · The salted digest of the contract: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    contract: Digest,
}

/// Where, for what and how a licence allows use.
#[derive(Args, Debug)]
pub(crate) struct Limits {
    /// 地域，可重复，缺省不限 · A province it is limited to; repeatable
    #[arg(long = "territory", value_name = "REGION", value_delimiter = ',')]
    territory: Vec<RegionCode>,
    /// 领域，可重复，缺省不限 · A branch it is limited to; repeatable
    #[arg(long = "field", value_name = "INDUSTRY", value_delimiter = ',')]
    fields: Vec<IndustryCode>,
    /// 实施方式：make, use, offer, sell, import，缺省不限 · An act of use it is limited to; repeatable
    #[arg(long = "use", value_name = "ACT", value_parser = choice::<UseAct>, value_delimiter = ',')]
    uses: Vec<UseAct>,
}

impl Limits {
    fn scope(&self) -> Result<Scope, Failure> {
        Ok(Scope {
            territory: list(&self.territory, "--territory")?,
            fields: list(&self.fields, "--field")?,
            acts: list(&self.uses, "--use")?,
        })
    }
}

/// `tongda licence record`.
#[derive(Args, Debug)]
pub(crate) struct Record {
    /// 许可 · The licence
    licence: LicenceId,
    /// 备案号 · The number of the recordal
    #[arg(long)]
    number: RecordalNumber,
    /// 备案日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// 证明文件的摘要，可重复 · The digest of a proof: HASH or @FILE; repeatable
    #[arg(long = "proof", value_name = "DIGEST", value_delimiter = ',')]
    proofs: Vec<Digest>,
}

/// `tongda licence end`.
#[derive(Args, Debug)]
pub(crate) struct End {
    /// 许可 · The licence
    licence: LicenceId,
    /// agreement, termination, judgment, ground-ceased（协议、解除、裁判、强制许可的理由消除）
    #[arg(long, value_parser = choice::<EndCause>)]
    cause: EndCause,
    /// 终止日，缺省今日 · The day it ends; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// 文件摘要 · The salted digest of the document: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Option<Digest>,
    /// 备注 · More, if there is more to say
    #[arg(long, value_name = "TEXT")]
    remark: Option<Text<600>>,
}

/// `tongda licence change`. What is left out stays as it is.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("change").required(true).multiple(true))]
pub(crate) struct Change {
    /// 许可 · The licence
    licence: LicenceId,
    /// 新期限 · Another term, FIRST/LAST
    #[arg(long, group = "change")]
    term: Option<Term>,
    /// 新方式：ordinary, sole, exclusive · Another kind
    #[arg(long, value_parser = choice::<LicenceKind>, group = "change")]
    kind: Option<LicenceKind>,
    /// 变更范围为以下所列，未列者不限 · The scope becomes what follows; what is not named is not limited
    #[arg(long, group = "change")]
    scope: bool,
    #[command(flatten)]
    limits: Limits,
    /// 是否可以再许可 · Whether the licensee may sublicense
    #[arg(long, value_name = "true|false", group = "change")]
    sublicence: Option<bool>,
    /// 批准的项目管理机构 · The funder who approves that a licence abroad becomes exclusive
    #[arg(long, value_name = "MEMBER")]
    funder: Option<MemberId>,
    /// 变更协议的摘要 · The salted digest of the agreement: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    agreement: Digest,
}

/// `tongda licence cancel`.
#[derive(Args, Debug)]
pub(crate) struct Cancel {
    /// 许可 · The licence
    licence: LicenceId,
    /// 注销日，缺省今日 · The day; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

/// `tongda licence compulsory`.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("why").required(true))]
pub(crate) struct Compulsory {
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 被许可人 · Who may use
    #[arg(long, value_name = "MEMBER")]
    licensee: MemberId,
    /// 理由：not-worked, monopoly, emergency, public-health · Why (PL 53–55)
    #[arg(long, value_parser = choice::<CompulsoryGround>, group = "why")]
    ground: Option<CompulsoryGround>,
    /// 依赖本专利的在后专利 · The licensee's later patent that depends on these (PL 56)
    #[arg(long, value_name = "PATENT", group = "why")]
    dependent: Option<PatentName>,
    #[command(flatten)]
    limits: Limits,
    /// 期限 · The term, FIRST/LAST
    #[arg(long)]
    term: Term,
    /// 决定号 · The decision's number
    #[arg(long)]
    number: Text<60>,
    /// 决定的摘要 · The digest of the decision: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    decision: Digest,
    /// 决定日，缺省今日 · The day of the decision; without it, today
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
}

impl LicenceAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Grant(grant) => grant.act(caller).await?,
            Self::Record(record) => record.act(caller)?,
            Self::Change(change) => change.act(caller)?,
            Self::Cancel(cancel) => licence::Cancel { licence: cancel.licence, on: day(cancel.on) }.into(),
            Self::Compulsory(compulsory) => compulsory.act(caller).await?,
            Self::End(end) => licence::End {
                licence: end.licence,
                cause: end.cause,
                on: day(end.on),
                document: caller.maybe_salted(end.document.as_ref())?,
                remark: end.remark.clone(),
            }
            .into(),
        })
    }
}

impl Grant {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let patents = caller.patents(&self.patents).await?;
        let licensors = caller.owners(&self.licensors, &patents).await?;
        let grant = licence::Grant {
            patents: list(&patents, "patents")?,
            licensors: list(&licensors, "--licensor")?,
            licensee: self.licensee,
            kind: self.kind,
            scope: self.limits.scope()?,
            term: self.term,
            sublicence: self.sublicence,
            under: self.under,
            fee: self.fee,
            shares: list(&self.shares, "--share")?,
            proceeds: self.proceeds,
            beside: list(&self.beside, "--beside")?,
            export: self.export.as_ref().map(|export| caller.export(export)).transpose()?,
            funder: self.funder,
            contract: caller.salted(&self.contract)?,
        };
        Ok(grant.into())
    }
}

impl Record {
    /// The act.
    pub(crate) fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let proofs = self.proofs.iter().map(|proof| caller.plain(proof)).collect::<Result<Vec<_>, _>>()?;
        let proofs = list(&proofs, "--proof")?;
        Ok(licence::Record { licence: self.licence, number: self.number, on: day(self.on), proofs }.into())
    }
}

impl Change {
    fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let limits = self.limits.scope()?;
        if !self.scope && limits != Scope::default() {
            return Err(
                "write --scope before --territory, --field and --use: the three replace the old scope".into(),
            );
        }
        Ok(licence::Change {
            licence: self.licence,
            term: self.term,
            scope: self.scope.then_some(limits),
            kind: self.kind,
            sublicence: self.sublicence,
            funder: self.funder,
            agreement: caller.salted(&self.agreement)?,
        }
        .into())
    }
}

impl Compulsory {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let ground = match (self.ground, self.dependent) {
            (Some(ground), _) => ground,
            (None, Some(patent)) => CompulsoryGround::Dependent { patent: caller.patent(patent).await? },
            (None, None) => return Err("say why with --ground or --dependent".into()),
        };
        let compulsory = licence::Compulsory {
            patents: list(&caller.patents(&self.patents).await?, "patents")?,
            licensee: self.licensee,
            ground,
            scope: self.limits.scope()?,
            term: self.term,
            number: self.number.clone(),
            decision: caller.plain(&self.decision)?,
            on: day(self.on),
        };
        Ok(compulsory.into())
    }
}

impl Listing for Licence {
    const HEAD: &'static [&'static str] =
        &["许可 licence", "状态 state", "方式 kind", "被许可人 licensee", "期限 term", "专利 patents"];

    fn row(object: &Object<LicenceId, Self>) -> Vec<String> {
        let Object { id, value } = object;
        let patents: Vec<_> = value.patents.iter().map(ToString::to_string).collect();
        let (kind, licensee) = (word(&value.kind), value.licensee.to_string());
        vec![id.to_string(), word(&value.state), kind, licensee, value.term.to_string(), patents.join(",")]
    }

    fn state(&self) -> String {
        word(&self.state)
    }
}
