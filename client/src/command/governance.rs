//! `tongda parameter` and `validator`: what the exchanges decide by vote.

use super::caller::Caller;
use super::failure::Failure;
use super::value::list;
use clap::{ArgGroup, Args, Subcommand};
use serde_json::{Value, json};
use std::path::PathBuf;
use tongda_client::keys;
use tongda_ledger::act::Act;
use tongda_ledger::act::governance::{self, CalendarYear, ChangeNodes, NodeChange, Setting};
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{Date, MemberId, Money, ProposalId, RegionCode, Timestamp};
use tongda_ledger::key::PublicKey;

/// Acts on the network's parameters and calendars.
#[derive(Subcommand, Debug)]
pub(crate) enum ParameterAct {
    /// 提议变更参数或者设定日历（交易机构） · Propose new parameters or a calendar; by an exchange
    Propose(Box<Propose>),
    /// 表决（运行投票节点的交易机构） · Vote on a proposal; by an exchange that runs a voting node
    Vote(Vote),
}

/// `tongda parameter propose`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("proposed").required(true).multiple(true).args(["settings", "calendar"]))]
pub(crate) struct Propose {
    /// 交易机构，缺省为签名人 · The exchange; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    exchange: Option<MemberId>,
    /// 参数及新值，可重复 · A parameter and its new value; repeatable: window=3600000, recordal-days=90,
    /// open-sales-cap=40%, open-lump-cap=20000000 (yuan), algorithms=1, code-table=NAME@VERSION:HASH
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<Setting>,
    /// 设定日历的年份 · The year whose calendar is set
    #[arg(long, value_name = "YEAR")]
    calendar: Option<u16>,
    /// 法定休假日，可重复；周末不必列出 · A holiday; weekends need not be named
    #[arg(long = "holiday", value_name = "DATE", requires = "calendar", value_delimiter = ',')]
    holidays: Vec<Date>,
    /// 调休的工作日，可重复 · A day at a weekend that is worked
    #[arg(long = "workday", value_name = "DATE", requires = "calendar", value_delimiter = ',')]
    workdays: Vec<Date>,
    /// 生效时刻 · When it is to count, as in 2026-12-01T00:00:00+08:00
    #[arg(long, value_name = "TIME")]
    at: Timestamp,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<600>,
}

/// `tongda parameter vote`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("ballot").required(true).args(["in_favour", "against"]))]
pub(crate) struct Vote {
    /// 提案 · The proposal, of parameters or of nodes
    proposal: ProposalId,
    /// 交易机构，缺省为签名人 · The exchange; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    exchange: Option<MemberId>,
    /// 赞成 · For it
    #[arg(long)]
    in_favour: bool,
    /// 反对 · Against it
    #[arg(long)]
    against: bool,
}

/// A parameter and its value: amounts in yuan, shares in percent, the rest in numbers.
fn setting(text: &str) -> Result<Setting, String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE, as in recordal-days=90")?;
    let wrong = |error: &dyn std::fmt::Display| format!("{name}: {error}");
    let fields = match name {
        "open-lump-cap" => json!({ "value": value.parse::<Money>().map_err(|error| wrong(&error))? }),
        "algorithms" => {
            let numbers = value.split('+').map(str::parse::<u8>).collect::<Result<Vec<_>, _>>();
            json!({ "value": numbers.map_err(|error| wrong(&error))? })
        }
        "code-table" => {
            const FORM: &str = "write code-table=NAME@VERSION:HASH";
            let (table, digest) = value.rsplit_once(':').ok_or(FORM)?;
            let (table, version) = table.rsplit_once('@').ok_or(FORM)?;
            json!({ "name": table, "version": version, "digest": digest })
        }
        // A number, or a share like 40%, which JSON has as text.
        _ => json!({ "value": value.parse::<u64>().map_or_else(|_| Value::from(value), Value::from) }),
    };
    serde_json::from_value(json!({ name.replace('-', "_"): fields }))
        .map_err(|error| wrong(&error).replace('_', "-"))
}

impl ParameterAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        Ok(match self {
            Self::Propose(propose) => propose.act(caller).await?,
            Self::Vote(vote) => governance::Vote {
                proposal: vote.proposal,
                exchange: caller.member(vote.exchange).await?,
                in_favour: vote.in_favour,
            }
            .into(),
        })
    }
}

impl Propose {
    async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let calendar = match self.calendar {
            None => None,
            Some(year) => Some(CalendarYear {
                year,
                holidays: list(&self.holidays, "--holiday")?,
                workdays: list(&self.workdays, "--workday")?,
            }),
        };
        let propose = governance::Propose {
            exchange: caller.member(self.exchange).await?,
            settings: list(&self.settings, "--set")?,
            calendar,
            at: self.at,
            reason: self.reason.clone(),
        };
        Ok(propose.into())
    }
}

/// Acts on the set of nodes.
#[derive(Subcommand, Debug)]
pub(crate) enum ValidatorAct {
    /// 提议变更节点（交易机构），再以 `parameter vote` 表决 · Propose to change the nodes; `parameter vote` decides
    #[command(subcommand)]
    Change(Box<Change>),
}

/// `tongda validator change`.
#[derive(Subcommand, Debug)]
pub(crate) enum Change {
    /// 加入节点 · A node joins
    Add {
        /// 节点名称 · Its short name
        name: Text<60>,
        /// 所在区划 · Where it stands, six digits
        #[arg(long)]
        region: RegionCode,
        /// 投票权重，0 为观察节点 · Its voting power; 0 for an observer
        #[arg(long)]
        power: u64,
        #[command(flatten)]
        keys: NodeKeys,
        #[command(flatten)]
        addresses: Addresses,
        #[command(flatten)]
        proposed: Proposed,
    },
    /// 移除节点 · A node leaves
    Remove {
        /// 节点名称 · Its name
        name: Text<60>,
        #[command(flatten)]
        proposed: Proposed,
    },
    /// 更换节点的密钥 · A node gets new keys
    Rekey {
        /// 节点名称 · Its name
        name: Text<60>,
        #[command(flatten)]
        keys: NodeKeys,
        #[command(flatten)]
        proposed: Proposed,
    },
    /// 变更投票权重 · A node's voting power changes
    Reweigh {
        /// 节点名称 · Its name
        name: Text<60>,
        /// 投票权重，0 为观察节点 · The power; 0 to observe only
        #[arg(long)]
        power: u64,
        #[command(flatten)]
        proposed: Proposed,
    },
    /// 变更节点地址 · A node is reached elsewhere
    Readdress {
        /// 节点名称 · Its name
        name: Text<60>,
        #[command(flatten)]
        addresses: Addresses,
        #[command(flatten)]
        proposed: Proposed,
    },
}

/// By whom a change is proposed, and why.
#[derive(Args, Debug)]
pub(crate) struct Proposed {
    /// 交易机构，缺省为签名人 · The exchange; without it, who signs
    #[arg(long, value_name = "MEMBER")]
    exchange: Option<MemberId>,
    /// 理由 · Why
    #[arg(long)]
    reason: Text<600>,
}

/// Where a node is reached.
#[derive(Args, Debug)]
pub(crate) struct Addresses {
    /// 共识地址 · Where its consensus engine listens, as in /ip4/192.0.2.1/tcp/26600
    #[arg(long, value_name = "MULTIADDRESS")]
    consensus_address: Text<200>,
    /// 记录传播地址 · Where its record gossip listens
    #[arg(long, value_name = "MULTIADDRESS")]
    gossip_address: Text<200>,
    /// HTTP 接口地址 · Where its HTTP interface is reached
    #[arg(long, value_name = "URL")]
    api_address: Text<200>,
}

/// A node's three keys, which sign beside the exchange.
#[derive(Args, Debug)]
pub(crate) struct NodeKeys {
    /// `tongda-genesis keys` 生成的目录，三把密钥同时签名 · The folder that `tongda-genesis keys` made; its three keys sign too
    #[arg(
        long = "node-keys",
        value_name = "FOLDER",
        required_unless_present = "vote_key",
        conflicts_with_all = ["vote_key", "cosign_key", "network_key"]
    )]
    folder: Option<PathBuf>,
    /// 投票公钥，其持有人另行加签 · The key it votes with, whose holder signs the file of --out
    #[arg(long, value_name = "KEY", requires_all = ["cosign_key", "network_key"])]
    vote_key: Option<PublicKey>,
    /// 联署公钥 · The key it cosigns with
    #[arg(long, value_name = "KEY", requires = "vote_key")]
    cosign_key: Option<PublicKey>,
    /// 网络公钥 · The identity of its network connections
    #[arg(long, value_name = "KEY", requires = "vote_key")]
    network_key: Option<PublicKey>,
}

impl NodeKeys {
    /// The files of the keys that sign too.
    fn files(&self) -> Vec<PathBuf> {
        let Some(folder) = &self.folder else { return Vec::new() };
        ["vote.key", "cosign.key", "network.key"].map(|name| folder.join(name)).to_vec()
    }

    /// The keys it votes, cosigns and connects with.
    fn read(&self) -> Result<[PublicKey; 3], Failure> {
        if let (Some(vote), Some(cosign), Some(network)) =
            (&self.vote_key, &self.cosign_key, &self.network_key)
        {
            return Ok([vote.clone(), cosign.clone(), network.clone()]);
        }
        let mut read = Vec::new();
        for file in self.files() {
            read.push(keys::public(&file)?);
        }
        read.try_into().map_err(|_| "give --node-keys, or the three public keys".into())
    }
}

impl ValidatorAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let Self::Change(change) = self;
        let proposed = change.proposed();
        let exchange = caller.member(proposed.exchange).await?;
        let change = change.change(exchange)?;
        Ok(ChangeNodes { exchange, change, reason: proposed.reason.clone() }.into())
    }

    /// Files of new keys that sign beside the author.
    pub(crate) fn new_keys(&self) -> Vec<PathBuf> {
        let Self::Change(change) = self;
        match change.as_ref() {
            Change::Add { keys, .. } | Change::Rekey { keys, .. } => keys.files(),
            _ => Vec::new(),
        }
    }
}

impl Change {
    fn proposed(&self) -> &Proposed {
        match self {
            Self::Add { proposed, .. }
            | Self::Remove { proposed, .. }
            | Self::Rekey { proposed, .. }
            | Self::Reweigh { proposed, .. }
            | Self::Readdress { proposed, .. } => proposed,
        }
    }

    fn change(&self, exchange: MemberId) -> Result<NodeChange, Failure> {
        Ok(match self {
            Self::Add { name, region, power, keys, addresses, .. } => {
                let [vote_key, cosign_key, network_key] = keys.read()?;
                let Addresses { consensus_address, gossip_address, api_address } = addresses;
                let node = governance::Node {
                    name: name.clone(),
                    exchange,
                    region: *region,
                    power: *power,
                    vote_key,
                    cosign_key,
                    network_key,
                    consensus_address: consensus_address.clone(),
                    gossip_address: gossip_address.clone(),
                    api_address: api_address.clone(),
                };
                NodeChange::Add { node }
            }
            Self::Remove { name, .. } => NodeChange::Remove { name: name.clone() },
            Self::Rekey { name, keys, .. } => {
                let [vote_key, cosign_key, network_key] = keys.read()?;
                NodeChange::Rekey { name: name.clone(), vote_key, cosign_key, network_key }
            }
            Self::Reweigh { name, power, .. } => NodeChange::Reweigh { name: name.clone(), power: *power },
            Self::Readdress { name, addresses, .. } => {
                let Addresses { consensus_address, gossip_address, api_address } = addresses;
                NodeChange::Readdress {
                    name: name.clone(),
                    consensus_address: consensus_address.clone(),
                    gossip_address: gossip_address.clone(),
                    api_address: api_address.clone(),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_set_by_its_name_and_an_unknown_one_lists_them() {
        for (text, expected) in [
            ("window=3600000", json!({"window": {"value": 3_600_000}})),
            ("open-sales-cap=40%", json!({"open_sales_cap": {"value": "40.00%"}})),
            ("open-lump-cap=20,000,000", json!({"open_lump_cap": {"value": "2000000000"}})),
            ("algorithms=1+2", json!({"algorithms": {"value": [1, 2]}})),
        ] {
            assert_eq!(json!(setting(text).unwrap()), expected, "{text}");
        }
        for (wrong, part) in [
            ("window", "NAME=VALUE"),
            ("window=fast", "window"),
            ("recordal-days=90%", "recordal-days"),
            ("code-table=IPC", "NAME@VERSION:HASH"),
            ("colour=1", "grace-months"),
        ] {
            let error = setting(wrong).unwrap_err();
            assert!(error.contains(part), "{wrong}: {error}");
        }
    }
}
