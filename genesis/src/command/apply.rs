//! Write a founder's application, signed by every key in it.

use super::{Failure, Passphrase, refused, say, write_new};
use std::path::PathBuf;
use tongda_genesis::application::Application;
use tongda_genesis::keys::Purpose;
use tongda_ledger::act::ActKind;
use tongda_ledger::act::member::{EnrolmentCode, KeyEntry, KeyEvidence, Role, SigningPolicy, Threshold};
use tongda_ledger::codec::{List, Text};
use tongda_ledger::founding::{Founding, FoundingMember};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CreditCode, Date, OverriddenCode, RegionCode};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::Node;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// 短名 · The member's short name in the genesis file, like beijing
    #[arg(long)]
    id: Text<60>,
    /// 全称 · The organisation's name, as its licence has it
    #[arg(long)]
    name: Text<300>,
    /// 统一社会信用代码 · Unified social credit code
    #[arg(long)]
    code: Option<CreditCode>,
    /// 校验不符但确已颁发的代码 · A code that was issued although it fails its check
    #[arg(long, value_name = "CODE", conflicts_with = "code", requires = "code_allowed_by")]
    overridden_code: Option<OverriddenCode>,
    /// 准许使用该代码的成员（短名）· Short name of the regulator or registrar that allowed it
    #[arg(long, value_name = "ID", requires = "overridden_code")]
    code_allowed_by: Option<Text<60>>,
    /// 角色 · What it is: exchange, registrar, court, regulator, technical_registry, … May be given several times
    #[arg(long = "role", required = true, value_parser = role)]
    roles: Vec<Role>,
    /// 地区 · Where it is registered: six digits of GB/T 2260
    #[arg(long)]
    region: RegionCode,
    /// 负责的交易机构（短名）· Short name of the exchange that answers for it; an exchange leaves it out
    #[arg(long)]
    exchange: Option<Text<60>>,
    /// 成员密钥 · A key of the member; may be given several times
    #[arg(long = "key", required = true, value_name = "FILE")]
    keys: Vec<PathBuf>,
    /// 签署所需密钥数 · How many of the keys must sign
    #[arg(long, default_value_t = 1, value_name = "M")]
    sign_with: u8,
    /// 个别行为所需密钥数 · Another number for one act, like patent.register=1; may be given several times
    #[arg(long = "sign-act", value_name = "ACT=M", value_parser = threshold)]
    sign_acts: Vec<Threshold>,
    /// 认证证书或协议的加盐摘要 · Salted digest of the certificate or agreement behind the keys; see `digest`
    #[arg(long, value_name = "HEX")]
    evidence: Hash,
    /// 证书有效期 · The last day on which it binds
    #[arg(long, value_name = "DATE")]
    valid_until: Option<Date>,
    #[command(flatten)]
    node: NodeArguments,
    #[command(flatten)]
    passphrase: Passphrase,
    /// 申请文件 · The application to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(clap::Args)]
struct NodeArguments {
    /// 节点密钥目录 · Folder with vote.key, cosign.key and network.key; without it the member runs no node
    #[arg(long, value_name = "FOLDER", requires_all = ["consensus_address", "gossip_address", "api_address"])]
    node_keys: Option<PathBuf>,
    /// 节点名 · The node's name; by default the member's short name
    #[arg(long, requires = "node_keys")]
    node_name: Option<Text<60>>,
    /// 投票权 · Voting power; 0 for an observer
    #[arg(long, default_value_t = 1)]
    power: u64,
    /// 共识地址 · Where the consensus engine listens: /ip4/203.0.113.7/tcp/26656
    #[arg(long, requires = "node_keys")]
    consensus_address: Option<Text<200>>,
    /// 传播地址 · Where the record gossip listens
    #[arg(long, requires = "node_keys")]
    gossip_address: Option<Text<200>>,
    /// 接口地址 · Where the HTTP interface is reached: https://node.example
    #[arg(long, requires = "node_keys")]
    api_address: Option<Text<200>>,
}

/// A role by its name in the ledger.
fn role(text: &str) -> Result<Role, String> {
    serde_json::from_value(serde_json::Value::from(text)).map_err(|error| error.to_string())
}

/// An act and the number of keys for it.
fn threshold(text: &str) -> Result<Threshold, String> {
    let (act, keys) = text.split_once('=').ok_or("write an act, = and a number, as in patent.register=1")?;
    let act = ActKind::named(act).ok_or_else(|| format!("{act:?} is no act"))?;
    let keys = keys.parse().map_err(|error| format!("{keys:?} is no number of keys: {error}"))?;
    Ok(Threshold { act, keys })
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let keys = arguments
        .keys
        .iter()
        .map(|path| arguments.passphrase.load(path, Purpose::Member))
        .collect::<Result<Vec<_>, _>>()?;
    if usize::from(arguments.sign_with) > keys.len() || arguments.sign_with == 0 {
        return Err(Failure::Use(format!("{} of {} keys cannot sign", arguments.sign_with, keys.len())));
    }
    let exchange = match (&arguments.exchange, arguments.roles.contains(&Role::Exchange)) {
        (None, true) => arguments.id.clone(),
        (Some(exchange), false) => exchange.clone(),
        (None, false) => {
            return Err(Failure::Use("--exchange says which exchange answers for the member".into()));
        }
        (Some(_), true) => {
            return Err(Failure::Use("an exchange answers for itself: leave --exchange out".into()));
        }
    };
    let too_many = |error: tongda_ledger::codec::TooMany| Failure::Use(error.to_string());
    let sign_acts = arguments.sign_acts.clone().try_into().map_err(too_many)?;
    let evidence = KeyEvidence { digest: arguments.evidence, valid_until: arguments.valid_until };
    let entries: Vec<_> =
        keys.iter().map(|key| KeyEntry { key: key.public(), evidence: evidence.clone() }).collect();
    let member = FoundingMember {
        name: arguments.name.clone(),
        code: match (arguments.code, arguments.overridden_code) {
            (Some(code), _) => Some(EnrolmentCode::Checked { code }),
            (None, Some(code)) => {
                Some(EnrolmentCode::Overridden { code, allowed_by: Founding::member_id(0) })
            }
            (None, None) => None,
        },
        roles: arguments.roles.clone().try_into().map_err(too_many)?,
        region: arguments.region,
        keys: entries.try_into().map_err(too_many)?,
        policy: SigningPolicy { default: arguments.sign_with, acts: sign_acts },
        exchange: Founding::member_id(0),
    };
    let (nodes, node_keys) = nodes(arguments)?;
    let application = Application {
        id: arguments.id.clone(),
        exchange,
        code_allowed_by: arguments.code_allowed_by.clone(),
        member,
        nodes,
    };
    let text = application.render(&[keys, node_keys].concat());
    // What cannot be read back is not handed out.
    Application::parse(&text).map_err(|error| refused(&arguments.out, &error))?;
    write_new(&arguments.out, &text)?;
    say(&arguments.out.display().to_string())
}

fn nodes(arguments: &Arguments) -> Result<(List<Node, 40>, Vec<SigningKey>), Failure> {
    let node = &arguments.node;
    let (Some(folder), Some(consensus), Some(gossip), Some(api)) =
        (&node.node_keys, &node.consensus_address, &node.gossip_address, &node.api_address)
    else {
        return Ok((List::new(), Vec::new()));
    };
    let load = |purpose: Purpose| arguments.passphrase.load(&folder.join(format!("{purpose}.key")), purpose);
    let (vote, cosign, network) = (load(Purpose::Vote)?, load(Purpose::Cosign)?, load(Purpose::Network)?);
    let node = Node {
        name: node.node_name.clone().unwrap_or_else(|| arguments.id.clone()),
        exchange: Founding::member_id(0),
        region: arguments.region,
        power: node.power,
        vote_key: vote.public(),
        cosign_key: cosign.public(),
        network_key: network.public(),
        consensus_address: consensus.clone(),
        gossip_address: gossip.clone(),
        api_address: api.clone(),
    };
    let nodes = vec![node].try_into().expect("one node");
    Ok((nodes, vec![vote, cosign, network]))
}
