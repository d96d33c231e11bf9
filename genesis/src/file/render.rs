//! Write a genesis file: every entry commented, the canonical form and the signatures behind them.

use super::{FounderSignature, Handle, parameters};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use tongda_ledger::act::member::{EnrolmentCode, Role};
use tongda_ledger::founding::{Founding, FoundingMember};
use tongda_ledger::identifier::MemberId;
use tongda_ledger::state::Node;

const HEAD: &str = "\
# 通达网络创世文件 · Genesis file of a Tongda network
#
# 本文件说明网络是什么：由谁发起、在哪些机器上运行、按什么参数执行。各交易机构核对后逐一签名。
# 注释、空行与条目次序（成员除外）不影响网络标识；任何一个值的改动都会被指出所在行。
# It says what the network is: who founds it, on which machines it runs, by which parameters. Every exchange compares
# it with its own application and signs it. Comments, blank lines and the order of entries (but for members) are free;
# a change of any value is found and named by its line.
#
#   tongda-genesis show genesis.toml
#   tongda-genesis verify genesis.toml --application MINE.toml
#   tongda-genesis sign genesis.toml --application MINE.toml --key member-1.key
";

const MEMBERS: &str = "
# ── 成员 · Members ──────────────────────────────────────────────────────────────────────────────────────────
# 创始成员，按次序编号。id 只在本文件内使用；exchange 为负责该成员的交易机构，交易机构对自己负责。
# keys 中 evidence 是认证证书或协议的加盐摘要；sign-with 是签署所需的密钥数（n 取 m），sign-acts 可为个别行为另定。
# The founding members, numbered in this order. `id` is used within this file alone; `exchange` answers for the member,
# and an exchange for itself. `evidence` is the salted digest of the certificate or agreement behind a key; `sign-with`
# is how many of the keys must sign (m of n), and `sign-acts` sets other numbers for named acts.
";

const NODES: &str = "
# ── 节点 · Nodes ────────────────────────────────────────────────────────────────────────────────────────────
# 交易机构的机器。power 为投票权，0 为只观察；三把密钥各有其用，分别用于投票、检查点联署和网络身份。
# The exchanges' machines. `power` is the voting power, 0 for an observer; each of the three keys has one purpose: to
# vote, to cosign checkpoints, to identify connections. Addresses are IP addresses: nothing is looked up by name.
";

const PARAMETERS: &str = "
# ── 参数 · Parameters ───────────────────────────────────────────────────────────────────────────────────────
# 此后只能由各交易机构表决，自某一高度起修改。
# From here on they change by the exchanges' vote alone, at a height.
[parameters]
";

const TABLES: &str = "
# ── 代码表 · Code tables ────────────────────────────────────────────────────────────────────────────────────
# 随程序发布，按 SHA-256 核对。 They ship with the program; the digest is SHA-256 of their bytes.
";

const FOUNDING: &str = "
# ── 规范形式 · Canonical form ───────────────────────────────────────────────────────────────────────────────
# 以上内容的规范编码；其散列即网络标识，创始人签的就是它。读取时与上文逐项核对。
# What stands above, in canonical bytes. Their hash is the network id, and that is what the founders sign. Whoever reads
# the file compares the two value by value.
[founding]
";

const SIGNATURES: &str = "
# ── 签名 · Signatures ───────────────────────────────────────────────────────────────────────────────────────
# 设有节点的交易机构均须签名。 Every exchange with a node signs.
";

/// A genesis file that says what `founding` says, with these signatures. Reading it gives both back.
#[must_use]
pub fn render(founding: &Founding, signatures: &[FounderSignature]) -> String {
    render_with(founding, &handles(founding), signatures)
}

/// The same, with given short names for the members.
pub(crate) fn render_with(
    founding: &Founding,
    handles: &[Handle],
    signatures: &[FounderSignature],
) -> String {
    let handle = |id: MemberId| {
        let place = usize::from(id.ordinal()).checked_sub(1).filter(|_| id.position() == 0);
        place.and_then(|place| handles.get(place)).map_or("", String::as_str)
    };
    let mut text = String::from(HEAD);
    network_section(&mut text, founding);
    text.push_str(MEMBERS);
    for (n, member) in founding.members.iter().enumerate() {
        let _ = write!(text, "\n# {}. {}\n", n + 1, Founding::member_id(n));
        text.push_str(&member_entry(member, handle(Founding::member_id(n)), &handle));
    }
    text.push_str(NODES);
    for node in &founding.nodes.nodes {
        text.push('\n');
        text.push_str(&node_entry(node, handle(node.exchange)));
    }
    text.push_str(PARAMETERS);
    for line in parameters::parameter_lines(&founding.parameters) {
        let _ = write!(text, "\n# {}\n# {}\n{} = {}\n", line.zh, line.en, line.key, line.value);
    }
    text.push_str(TABLES);
    for table in &founding.parameters.tables {
        let (name, version) = (quoted(table.name.as_str()), quoted(table.version.as_str()));
        let _ =
            write!(text, "\n[[table]]\nname = {name}\nversion = {version}\ndigest = \"{}\"\n", table.digest);
    }
    text.push_str(FOUNDING);
    let _ = write!(text, "network-id = \"{}\"\ncanonical = \"\"\"\n", founding.network());
    for line in STANDARD.encode(founding.bytes()).as_bytes().chunks(96) {
        text.extend(line.iter().copied().map(char::from));
        text.push('\n');
    }
    text.push_str("\"\"\"\n");
    text.push_str(SIGNATURES);
    for signature in signatures {
        text.push_str(&signature_entry(signature, handle(signature.member)));
    }
    text
}

fn network_section(text: &mut String, founding: &Founding) {
    let anchor = &founding.anchor;
    let _ = write!(
        text,
        "\n[network]\n# 本格式的版本 · Version of this form\nversion = {}\n# 网络名称 · Name\nname = {}\n\
         # 起始时间，UTC · Begin, UTC\nstart = \"{}\"\n\
         # 是否演示：演示网络上的成员、费用与声明均系虚构 · Whether members, fees and declarations are made for demonstration\n\
         demonstration = {}\n",
        founding.version,
        quoted(founding.name.as_str()),
        anchor.start,
        anchor.demonstration,
    );
    text.push_str("# 前一网络最终检查点的散列；没有则不写 · Hash of the predecessor's final checkpoint; left out if there is none\n");
    if let Some(predecessor) = anchor.predecessor {
        let _ = writeln!(text, "predecessor = \"{predecessor}\"");
    }
}

/// The section `[[member]]`.
pub(crate) fn member_entry<'h>(
    member: &FoundingMember,
    id: &str,
    handle: &dyn Fn(MemberId) -> &'h str,
) -> String {
    let mut text = format!("[[member]]\nid = {}\nname = {}\n", quoted(id), quoted(member.name.as_str()));
    match &member.code {
        None => {}
        Some(EnrolmentCode::Checked { code }) => {
            let _ = writeln!(text, "code = \"{code}\"");
        }
        Some(EnrolmentCode::Overridden { code, allowed_by }) => {
            let allowed_by = quoted(handle(*allowed_by));
            let _ = write!(text, "overridden-code = \"{code}\"\ncode-allowed-by = {allowed_by}\n");
        }
    }
    let roles: Vec<_> = member.roles.iter().map(|role| quoted(role_name(*role).as_str())).collect();
    let _ = write!(
        text,
        "roles = [{}]\nregion = \"{}\"\nexchange = {}\nkeys = [\n",
        roles.join(", "),
        member.region,
        quoted(handle(member.exchange))
    );
    for entry in &member.keys {
        let _ = write!(text, "    {{ key = \"{}\", evidence = \"{}\"", entry.key, entry.evidence.digest);
        if let Some(date) = entry.evidence.valid_until {
            let _ = write!(text, ", valid-until = \"{date}\"");
        }
        text.push_str(" },\n");
    }
    let _ = write!(text, "]\nsign-with = {}\n", member.policy.default);
    if !member.policy.acts.is_empty() {
        text.push_str("sign-acts = [\n");
        for threshold in &member.policy.acts {
            let act = quoted(&threshold.act.to_string());
            let _ = writeln!(text, "    {{ act = {act}, keys = {} }},", threshold.keys);
        }
        text.push_str("]\n");
    }
    text
}

/// The section `[[node]]`.
pub(crate) fn node_entry(node: &Node, exchange: &str) -> String {
    format!(
        "[[node]]\nname = {}\nexchange = {}\nregion = \"{}\"\npower = {}\nvote-key = \"{}\"\ncosign-key = \"{}\"\n\
         network-key = \"{}\"\nconsensus-address = {}\ngossip-address = {}\napi-address = {}\n",
        quoted(node.name.as_str()),
        quoted(exchange),
        node.region,
        node.power,
        node.vote_key,
        node.cosign_key,
        node.network_key,
        quoted(node.consensus_address.as_str()),
        quoted(node.gossip_address.as_str()),
        quoted(node.api_address.as_str()),
    )
}

/// The section `[[signature]]`.
pub(super) fn signature_entry(signature: &FounderSignature, member: &str) -> String {
    format!(
        "\n[[signature]]\nmember = {}\nkey = \"{}\"\nsignature = \"{}\"\n",
        quoted(member),
        signature.key,
        signature.signature
    )
}

/// A text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn role_name(role: Role) -> String {
    let value = serde_json::to_value(role).expect("a role is written as its name");
    value.as_str().unwrap_or_default().to_owned()
}

/// Short names for the members: an exchange is called as its first node, another by its first role.
pub(super) fn handles(founding: &Founding) -> Vec<Handle> {
    let mut taken = BTreeSet::new();
    let mut handles = Vec::new();
    for (n, member) in founding.members.iter().enumerate() {
        let id = Founding::member_id(n);
        let node = founding.nodes.nodes.iter().find(|node| node.exchange == id);
        let is_exchange = member.roles.contains(&Role::Exchange);
        let name = match (node, member.roles.first()) {
            (Some(node), _) if is_exchange => node.name.to_string(),
            (_, Some(role)) => role_name(*role).replace('_', "-"),
            (_, None) => "member".to_owned(),
        };
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name));
        let handle = free.expect("numbers do not run out");
        taken.insert(handle.clone());
        handles.push(handle);
    }
    handles
}
