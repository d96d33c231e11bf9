//! `tongda member`: organisations that sign, their keys, standing and agents.

use super::agency::Power;
use super::attribute::AttributeAct;
use super::caller::{Caller, public_keys};
use super::failure::Failure;
use super::party::Link;
use super::show::Listing;
use super::value::{Digest, act_kind, choice, list, word};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use tongda_client::answer::Object;
use tongda_ledger::act::Act;
use tongda_ledger::act::member::{
    self, EnrolmentCode, KeyChange, KeyEntry, KeyEvidence, Role, SigningPolicy, SizeClass, StandingChange,
    Threshold,
};
use tongda_ledger::codec::{List, Text};
use tongda_ledger::identifier::{
    CountryCode, CreditCode, CreditEventId, Date, IndustryCode, MemberId, OverriddenCode, RegionCode,
};
use tongda_ledger::key::PublicKey;
use tongda_ledger::state::Member;

/// What is done with members.
#[derive(Subcommand, Debug)]
pub(crate) enum MemberVerb {
    #[command(flatten)]
    Act(MemberAct),
    #[command(flatten)]
    Read(super::show::ReadVerb<MemberId>),
    /// 相关记载 · What hangs on it
    Dependents {
        /// 成员 · The member
        member: MemberId,
    },
    /// 资质 · What others have certified of it
    Attributes {
        /// 成员 · The member
        member: MemberId,
    },
    /// 信用事件，最近的在前 · Its entries in the credit supervision, the latest first
    Credit {
        /// 成员 · The member
        member: MemberId,
        /// 自该编号之前 · Those before this entry
        #[arg(long, value_name = "ID")]
        after: Option<CreditEventId>,
    },
}

/// Acts on members.
#[derive(Subcommand, Debug)]
pub(crate) enum MemberAct {
    /// 登记成员（交易机构与申请人签名） · Enrol an organisation; the exchange and the applicant's keys sign
    Register(Box<Register>),
    /// 变更成员资料 · Change a member's name, region, industry, size or roles
    Update(Update),
    /// 增加、更换、撤销密钥或者变更签名策略 · Add, rotate or revoke a key, or change the signing policy
    #[command(subcommand)]
    Key(KeyAct),
    /// 暂停、恢复或者退出 · Suspend, restore or end a membership
    Status(Status),
    /// 资质认定（有权机构） · Certify what a member is, or take that back; by who may certify it
    #[command(subcommand)]
    Attribute(AttributeAct),
    /// 委托代理，同 `agency power` · Empower an agent, as `agency power`
    Power(Power),
    /// 关联权利人，同 `party link` · Link parties to the member they are, as `party link`
    Link(Link),
}

/// `tongda member register`.
#[derive(Args, Debug)]
pub(crate) struct Register {
    /// 名称 · The organisation's name, as its licence has it
    #[arg(long)]
    name: Text<300>,
    /// 国别，两个字母 · The country under whose law it was founded, two letters
    #[arg(long, default_value_t = CountryCode::CHINA)]
    country: CountryCode,
    /// 统一社会信用代码，境外机构可以没有 · Its unified social credit code; a foreign organisation may do without
    #[arg(long)]
    code: Option<String>,
    /// 校验不符而准予使用该代码的监管或者登记机构 · Who allowed a code that fails its check
    #[arg(long, value_name = "MEMBER")]
    allowed_by: Option<MemberId>,
    /// 角色，可重复：university, enterprise, bank, agency… · What it is; repeatable
    #[arg(long = "role", required = true, value_parser = choice::<Role>, value_delimiter = ',')]
    roles: Vec<Role>,
    /// 行政区划代码 · Where it is registered, six digits
    #[arg(long)]
    region: RegionCode,
    /// 行业代码 · Its branch, as in C27
    #[arg(long)]
    industry: Option<IndustryCode>,
    /// 规模：large, medium, small, micro · Its size class
    #[arg(long, value_parser = choice::<SizeClass>)]
    size: Option<SizeClass>,
    #[command(flatten)]
    keys: NewKeys,
    /// 须签名的密钥数 · How many of its keys must sign
    #[arg(long, default_value_t = 1)]
    threshold: u8,
}

/// Keys that an act brings.
#[derive(Args, Debug)]
pub(crate) struct NewKeys {
    /// 新密钥文件，同时签名 · A new key's file; it signs too, which proves that somebody holds it
    #[arg(long = "new-key", value_name = "FILE", required_unless_present = "public_keys")]
    pub(crate) files: Vec<PathBuf>,
    /// 新公钥，其持有人另行加签 · A new public key whose holder signs the file of --out with `tongda sign --applicant`
    #[arg(long = "public-key", value_name = "KEY")]
    public_keys: Vec<PublicKey>,
    /// 证书或者协议的摘要 · The digest of the certificate or agreement that binds the key: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    evidence: Digest,
    /// 证书或者协议的截止日 · The last day the evidence holds
    #[arg(long, value_name = "DATE")]
    evidence_until: Option<Date>,
}

impl NewKeys {
    fn entries(&self, caller: &Caller) -> Result<Vec<KeyEntry>, Failure> {
        let evidence =
            KeyEvidence { digest: caller.salted(&self.evidence)?, valid_until: self.evidence_until };
        let keys = public_keys(&self.files)?.into_iter().chain(self.public_keys.iter().cloned());
        Ok(keys.map(|key| KeyEntry { key, evidence: evidence.clone() }).collect())
    }

    fn entry(&self, caller: &Caller) -> Result<KeyEntry, Failure> {
        let mut entries = self.entries(caller)?;
        match (entries.pop(), entries.len()) {
            (Some(entry), 0) => Ok(entry),
            _ => Err("name one new key; each takes a record of its own".into()),
        }
    }
}

/// `tongda member update`.
#[derive(Args, Debug)]
pub(crate) struct Update {
    /// 成员 · The member
    member: MemberId,
    /// 新名称 · A new name
    #[arg(long)]
    name: Option<Text<300>>,
    /// 新行政区划 · A new region
    #[arg(long)]
    region: Option<RegionCode>,
    /// 新行业 · A new branch
    #[arg(long)]
    industry: Option<IndustryCode>,
    /// 新规模 · A new size class
    #[arg(long, value_parser = choice::<SizeClass>)]
    size: Option<SizeClass>,
    /// 此后的全部角色 · All roles from now on
    #[arg(long = "role", value_parser = choice::<Role>, value_delimiter = ',')]
    roles: Vec<Role>,
}

/// `tongda member key`. The member is the one who acts, unless one is named.
#[derive(Subcommand, Debug)]
pub(crate) enum KeyAct {
    /// 增加密钥 · One key more
    Add {
        /// 成员 · The member
        member: Option<MemberId>,
        #[command(flatten)]
        keys: NewKeys,
    },
    /// 更换密钥 · A new key in an old one's place
    Rotate {
        /// 成员 · The member
        member: Option<MemberId>,
        /// 原公钥 · The key that goes
        #[arg(long, value_name = "KEY")]
        old: PublicKey,
        #[command(flatten)]
        keys: NewKeys,
    },
    /// 撤销密钥 · Revoke a key
    Revoke {
        /// 成员 · The member
        member: Option<MemberId>,
        /// 公钥 · The key that goes
        #[arg(long, value_name = "KEY")]
        old: PublicKey,
    },
    /// 变更签名策略 · Change how many keys must sign
    Policy {
        /// 成员 · The member
        member: Option<MemberId>,
        /// 未另行规定的行为须签名的密钥数 · Keys that must sign any act not named
        #[arg(long, value_name = "KEYS")]
        default: u8,
        /// 特定行为须签名的密钥数，可重复 · Keys that must sign a named act, as in transfer.propose=2
        #[arg(long = "act", value_name = "ACT=KEYS", value_parser = threshold, value_delimiter = ',')]
        acts: Vec<Threshold>,
    },
}

/// `tongda member status`.
#[derive(Args, Debug)]
pub(crate) struct Status {
    /// 成员 · The member
    member: MemberId,
    /// suspend, restore, exit
    #[arg(value_parser = choice::<StandingChange>)]
    change: StandingChange,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<600>,
}

fn threshold(text: &str) -> Result<Threshold, String> {
    let (act, keys) = text.split_once('=').ok_or("write ACT=KEYS, as in transfer.propose=2")?;
    Ok(Threshold {
        act: act_kind(act)?,
        keys: keys.parse().map_err(|_| format!("{keys:?} is no number of keys"))?,
    })
}

impl MemberAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Register(register) => register.act(caller)?.into(),
            Self::Update(update) => member::Update {
                member: update.member,
                name: update.name.clone(),
                region: update.region,
                industry: update.industry,
                size: update.size,
                roles: if update.roles.is_empty() { None } else { Some(list(&update.roles, "--role")?) },
            }
            .into(),
            Self::Key(key) => key.act(caller).await?.into(),
            Self::Status(status) => {
                member::Status { member: status.member, change: status.change, reason: status.reason.clone() }
                    .into()
            }
            Self::Attribute(attribute) => attribute.act(caller)?,
            Self::Power(power) => power.act(caller).await?,
            Self::Link(link) => link.act(caller)?,
        })
    }

    /// Files of new keys that sign beside the author.
    pub(crate) fn new_keys(&self) -> &[PathBuf] {
        match self {
            Self::Register(register) => &register.keys.files,
            Self::Key(KeyAct::Add { keys, .. } | KeyAct::Rotate { keys, .. }) => &keys.files,
            _ => &[],
        }
    }
}

impl Register {
    fn act(&self, caller: &Caller) -> Result<member::Register, Failure> {
        Ok(member::Register {
            name: self.name.clone(),
            country: self.country,
            code: self.enrolment_code()?,
            roles: list(&self.roles, "--role")?,
            region: self.region,
            industry: self.industry,
            size: self.size,
            keys: list(&self.keys.entries(caller)?, "--new-key")?,
            policy: SigningPolicy { default: self.threshold, acts: List::new() },
        })
    }

    /// The code, or one that fails its check with whoever allowed it; a foreign organisation may do without.
    fn enrolment_code(&self) -> Result<Option<EnrolmentCode>, Failure> {
        let Some(code) = &self.code else {
            if self.country == CountryCode::CHINA {
                return Err(
                    "give --code: a Chinese organisation has a credit code; --country names another".into()
                );
            }
            return Ok(None);
        };
        match (code.parse::<CreditCode>(), self.allowed_by) {
            (Ok(code), _) => Ok(Some(EnrolmentCode::Checked { code })),
            (Err(_), Some(allowed_by)) => {
                let code: OverriddenCode = code.parse().map_err(|error| format!("--code: {error}"))?;
                Ok(Some(EnrolmentCode::Overridden { code, allowed_by }))
            }
            (Err(error), None) => Err(Failure::Usage(format!("--code: {error}"))),
        }
    }
}

impl KeyAct {
    async fn act(&self, caller: &Caller) -> Result<member::Key, Failure> {
        let (member, change) = match self {
            Self::Add { member, keys } => (member, KeyChange::Add { entry: keys.entry(caller)? }),
            Self::Rotate { member, old, keys } => {
                (member, KeyChange::Rotate { old: old.clone(), entry: keys.entry(caller)? })
            }
            Self::Revoke { member, old } => (member, KeyChange::Revoke { key: old.clone() }),
            Self::Policy { member, default, acts } => {
                let policy = SigningPolicy { default: *default, acts: list(acts, "--act")? };
                (member, KeyChange::Policy { policy })
            }
        };
        let member = match member {
            Some(member) => *member,
            None => caller.author().await?,
        };
        Ok(member::Key { member, change })
    }
}

impl Listing for Member {
    const HEAD: &'static [&'static str] =
        &["成员 member", "身份 standing", "角色 roles", "区划 region", "名称 name"];

    fn row(object: &Object<MemberId, Self>) -> Vec<String> {
        let member = &object.value;
        let roles: Vec<_> = member.roles.iter().map(word).collect();
        vec![
            object.id.to_string(),
            word(&member.standing),
            roles.join(","),
            member.region.to_string(),
            member.name.to_string(),
        ]
    }

    fn state(&self) -> String {
        word(&self.standing)
    }
}
