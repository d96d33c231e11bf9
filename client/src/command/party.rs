//! `tongda party`: owners as the register names them.

use super::caller::{Caller, day, read_text};
use super::failure::Failure;
use super::show::{Listing, ReadVerb};
use super::value::{Digest, choice, list, word};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use tongda_client::answer::Object;
use tongda_ledger::act::Act;
use tongda_ledger::act::party::{self, Entry, PartyKind, PartyName};
use tongda_ledger::codec::Text;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CountryCode, CreditCode, Date, MemberId, PartyId};
use tongda_ledger::state::Party;

/// What is done with parties.
#[derive(Subcommand, Debug)]
pub(crate) enum PartyVerb {
    #[command(flatten)]
    Act(PartyAct),
    #[command(flatten)]
    Read(ReadVerb<PartyId>),
}

/// Acts on parties.
#[derive(Subcommand, Debug)]
pub(crate) enum PartyAct {
    /// 登记权利人（登记机构） · Enter parties as the register names them; by the registrar
    Register(Register),
    /// 将权利人与成员关联（登记机构与成员） · Link parties to the member they are; by the registrar and the member
    Link(Link),
    /// 权利人名称变更（登记机构） · Enter a party's new name or kind; by the registrar
    Update(Update),
}

/// `tongda party register`.
#[derive(Args, Debug)]
pub(crate) struct Register {
    /// 机构名称 · An organisation's name
    #[arg(long, required_unless_present_any = ["person", "file"])]
    name: Option<Text<600>>,
    /// 统一社会信用代码 · Its credit code, where known
    #[arg(long, requires = "name")]
    code: Option<CreditCode>,
    /// 自然人：姓名的加盐摘要 · A natural person, by the salted commitment to the name
    #[arg(long, value_name = "HASH", conflicts_with = "name")]
    person: Option<Hash>,
    /// private, public-institution, unknown
    #[arg(long, value_parser = choice::<PartyKind>, default_value = "unknown")]
    kind: PartyKind,
    /// 国别 · The country
    #[arg(long, default_value = "CN")]
    country: CountryCode,
    /// 多个权利人的 JSON 文件 · A JSON file with a list of parties, instead
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "person"])]
    file: Option<PathBuf>,
}

/// `tongda party link`.
#[derive(Args, Debug)]
pub(crate) struct Link {
    /// 成员 · The member
    #[arg(long)]
    member: MemberId,
    /// 权利人，可多个 · The parties
    #[arg(required = true)]
    parties: Vec<PartyId>,
    /// 同一性证明的摘要 · The digest of the proof that they are the same: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    proof: Digest,
}

/// `tongda party update`.
#[derive(Args, Debug)]
pub(crate) struct Update {
    /// 权利人 · The party
    party: PartyId,
    /// 新名称 · An organisation's new name
    #[arg(long, required_unless_present_any = ["person", "kind"])]
    name: Option<Text<600>>,
    /// 统一社会信用代码 · Its credit code, where known
    #[arg(long, requires = "name")]
    code: Option<CreditCode>,
    /// 自然人：新姓名的加盐摘要 · A natural person, by the salted commitment to the new name
    #[arg(long, value_name = "HASH", conflicts_with = "name")]
    person: Option<Hash>,
    /// private, public-institution, unknown
    #[arg(long, value_parser = choice::<PartyKind>)]
    kind: Option<PartyKind>,
    /// 变更生效日，缺省今日 · The day of the change; without it, today
    #[arg(long, value_name = "DATE")]
    effective: Option<Date>,
    /// 登记簿记载或公告的摘要 · The digest of the register's entry or the notice: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    evidence: Digest,
}

impl PartyAct {
    /// The act.
    pub(crate) fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        match self {
            Self::Register(register) => register.act(),
            Self::Link(link) => link.act(caller),
            Self::Update(update) => update.act(caller),
        }
    }
}

impl Register {
    fn act(&self) -> Result<Act, Failure> {
        let entries: Vec<Entry> = match (&self.file, &self.name, self.person) {
            (Some(path), ..) => serde_json::from_str(&read_text(path)?)
                .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?,
            (None, Some(name), _) => {
                let name = PartyName::Organisation { name: name.clone(), code: self.code };
                vec![Entry { name, kind: self.kind, country: self.country }]
            }
            (None, None, Some(commitment)) => {
                vec![Entry { name: PartyName::Person { commitment }, kind: self.kind, country: self.country }]
            }
            (None, None, None) => return Err("name a party with --name, --person or --file".into()),
        };
        Ok(party::Register { parties: list(&entries, "parties")? }.into())
    }
}

impl Update {
    fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let organisation = |name: &Text<600>| PartyName::Organisation { name: name.clone(), code: self.code };
        let person = self.person.map(|commitment| PartyName::Person { commitment });
        Ok(party::Update {
            party: self.party,
            name: self.name.as_ref().map(organisation).or(person),
            kind: self.kind,
            effective: day(self.effective),
            evidence: caller.salted(&self.evidence)?,
        }
        .into())
    }
}

impl Link {
    /// The act.
    pub(crate) fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let parties = list(&self.parties, "parties")?;
        Ok(party::Link { member: self.member, parties, proof: caller.salted(&self.proof)? }.into())
    }
}

/// A party's name as it can be shown: a natural person's stands as the commitment to it.
pub(crate) fn name_of(party: &Party) -> String {
    match &party.name {
        PartyName::Organisation { name, .. } => name.to_string(),
        PartyName::Person { commitment } => format!("自然人 person {commitment}"),
    }
}

impl Listing for Party {
    const HEAD: &'static [&'static str] =
        &["权利人 party", "类型 kind", "国别 country", "成员 member", "名称 name"];

    fn row(object: &Object<PartyId, Self>) -> Vec<String> {
        let party = &object.value;
        let member = party.member.map(|member| member.to_string());
        vec![
            object.id.to_string(),
            word(&party.kind),
            party.country.to_string(),
            member.unwrap_or_else(|| "-".into()),
            name_of(party),
        ]
    }

    fn state(&self) -> String {
        if self.member.is_some() { "linked".into() } else { "unlinked".into() }
    }
}
