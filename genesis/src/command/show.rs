//! Show what a genesis file says, in Chinese or English.

use super::{Failure, Language, genesis, say};
use std::path::PathBuf;
use tongda_genesis::file::{Genesis, parameter_lines};
use tongda_genesis::tables::Tables;
use tongda_ledger::act::member::Role;
use tongda_ledger::founding::Founding;
use tongda_ledger::identifier::RegionCode;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// 创世文件 · The genesis file
    genesis: PathBuf,
    /// 语言 · Language
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    language: Language,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (genesis, _) = genesis(&arguments.genesis)?;
    let language = arguments.language;
    let parts = [
        heading(&genesis, language),
        members(&genesis, language),
        nodes(&genesis, language),
        parameters(&genesis, language),
        match genesis.verify() {
            Ok(()) => language.of("签名齐全。", "Signed by every exchange.").to_owned(),
            Err(error) => {
                format!("{}\n  {error}", language.of("签名不全：", "Not signed by every exchange:"))
            }
        },
    ];
    say(&parts.join("\n\n"))
}

fn heading(genesis: &Genesis, language: Language) -> String {
    let Founding { name, anchor, .. } = &genesis.founding;
    let mut lines = vec![
        name.to_string(),
        format!("  {}  {}", language.of("网络标识", "network id"), genesis.network),
        format!("  {}  {}", language.of("起始", "begins"), anchor.start),
    ];
    if let Some(predecessor) = anchor.predecessor {
        lines.push(format!("  {}  {predecessor}", language.of("前一网络", "succeeds")));
    }
    if anchor.demonstration {
        let text = language.of(
            "  演示网络：成员、费用与声明均系虚构",
            "  a demonstration: members, fees and declarations are made up",
        );
        lines.push(text.to_owned());
    }
    lines.join("\n")
}

fn members(genesis: &Genesis, language: Language) -> String {
    let mut lines = vec![language.of("成员", "Members").to_owned()];
    for (n, member) in genesis.founding.members.iter().enumerate() {
        let id = Founding::member_id(n);
        let roles: Vec<_> = member.roles.iter().map(|role| role_name(*role, language)).collect();
        let signed = genesis.signatures.iter().filter(|signature| signature.member == id).count();
        let roles = roles.join(language.of("、", ", "));
        lines.push(format!("  {id}  {}  {roles}  {}", member.name, region(member.region)));
        let (need, count, exchange) = (member.policy.default, member.keys.len(), member.exchange);
        lines.push(match language {
            Language::Zh => {
                format!("      签署需 {count} 把密钥中的 {need} 把；本文件已签 {signed}；由 {exchange} 负责")
            }
            Language::En => {
                format!("      {need} of {count} keys must sign; {signed} signed this file; {exchange} answers for it")
            }
        });
        lines.extend(member.keys.iter().map(|entry| format!("      {}", entry.key)));
    }
    lines.join("\n")
}

fn nodes(genesis: &Genesis, language: Language) -> String {
    let mut lines = vec![language.of("节点", "Nodes").to_owned()];
    for node in &genesis.founding.nodes.nodes {
        let power = language.of("投票权", "power");
        lines.push(format!(
            "  {}  {}  {}  {power} {}",
            node.name,
            node.exchange,
            region(node.region),
            node.power
        ));
        for (name, key) in [
            (language.of("投票", "vote"), &node.vote_key),
            (language.of("联署", "cosign"), &node.cosign_key),
            (language.of("网络", "network"), &node.network_key),
        ] {
            lines.push(format!("      {name}  {key}"));
        }
        lines
            .push(format!("      {}  {}  {}", node.consensus_address, node.gossip_address, node.api_address));
    }
    lines.join("\n")
}

fn parameters(genesis: &Genesis, language: Language) -> String {
    let parameters = &genesis.founding.parameters;
    let mut lines = vec![language.of("参数", "Parameters").to_owned()];
    for line in parameter_lines(parameters) {
        lines.push(format!("  {} = {}\n      {}", line.key, line.value, language.of(line.zh, line.en)));
    }
    lines.push(format!("\n{}", language.of("代码表", "Code tables")));
    for table in &parameters.tables {
        lines.push(format!("  {} {}  {}", table.name, table.version, table.digest));
    }
    lines.join("\n")
}

/// A region with the name of its province.
fn region(region: RegionCode) -> String {
    let digits = region.to_string();
    let province = digits.get(..2).and_then(|province| Tables::shipped().province_name(province));
    format!("{digits} {}", province.unwrap_or_default())
}

fn role_name(role: Role, language: Language) -> &'static str {
    let (zh, en) = match role {
        Role::Exchange => ("交易机构", "exchange"),
        Role::Registrar => ("登记机构", "registrar"),
        Role::TechnicalRegistry => ("技术合同登记机构", "technical-contract registry"),
        Role::University => ("高等学校", "university"),
        Role::ResearchInstitute => ("科研机构", "research institute"),
        Role::Enterprise => ("企业", "enterprise"),
        Role::Bank => ("银行", "bank"),
        Role::Guarantor => ("担保机构", "guarantor"),
        Role::Fund => ("基金", "fund"),
        Role::Insurer => ("保险机构", "insurer"),
        Role::Agency => ("代理机构", "agency"),
        Role::Appraiser => ("评估机构", "appraiser"),
        Role::Funder => ("项目管理部门", "funder"),
        Role::Court => ("人民法院", "court"),
        Role::Mediator => ("调解组织", "mediator"),
        Role::Regulator => ("知识产权管理部门", "regulator"),
        Role::Auditor => ("审计", "auditor"),
        Role::Statistics => ("统计", "statistics office"),
        Role::OperationCentre => ("产业知识产权运营中心", "industry IP operation centre"),
        Role::RecognitionBody => ("产品认定机构", "recognition body"),
    };
    language.of(zh, en)
}
