//! `tongda status`: how a node and its network are.

use super::caller::Caller;
use super::failure::Failure;
use super::show::{print, table, tree};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;
use tongda_client::Node;
use tongda_client::answer::LogTip;
use tongda_ledger::hash::Hash;

/// How long each of many nodes is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Prints how the node is or, with `all`, compares all nodes of the network.
pub(crate) async fn run(caller: &Caller, all: bool) -> Result<(), Failure> {
    if all { compare(caller).await } else { one(caller).await }
}

async fn one(caller: &Caller) -> Result<(), Failure> {
    let (network, tip) = (caller.node.network().await?, caller.node.log().await?);
    let (readiness, peers) = (caller.node.readiness().await?, caller.node.peers().await?);
    let report = json!({
        "network": network.name, "network_id": network.network, "demonstration": network.anchor.demonstration,
        "node": network.node, "height": tip.height, "time": tip.time, "block": tip.block, "log_size": tip.size,
        "log_root": tip.root, "state_root": tip.state_root, "rule_set": network.parameters.rule_set,
        "ready": readiness.ready, "not_ready_because": readiness.reasons,
        "peers": peers.nodes,
    });
    print(caller, &report, |report| {
        let mut shown = report.clone();
        if let Some(map) = shown.as_object_mut() {
            map.remove("peers");
        }
        let rows = peers.nodes.iter().map(|peer| {
            let name = if peer.answers { format!("{} *", peer.name) } else { peer.name.clone() };
            vec![
                name,
                peer.power.to_string(),
                peer.region.to_string(),
                peer.exchange.to_string(),
                peer.api.clone(),
            ]
        });
        let head = ["节点 node", "权重 power", "区划 region", "交易机构 exchange", "地址 address"];
        format!("{}\n{}", tree(&shown), table(&head, rows.collect()))
    });
    Ok(())
}

/// What a node says of itself, for comparing.
#[derive(Debug, Serialize)]
struct Standing {
    name: String,
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tip: Option<LogTip>,
    /// The hash of the block that all nodes hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    common_block: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

async fn compare(caller: &Caller) -> Result<(), Failure> {
    let network = caller.node.network().await?;
    let mut nodes = Vec::new();
    for node in &network.nodes {
        let address = node.api_address.to_string();
        let address = if address.contains("://") { address } else { format!("http://{address}") };
        let way = Node::new(&address).map(|way| way.patient(PATIENCE));
        let asked = match &way {
            Ok(way) => way.log().await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let (tip, error) = asked.map_or_else(|error| (None, Some(error)), |tip| (Some(tip), None));
        nodes.push((way, Standing { name: node.name.to_string(), address, tip, common_block: None, error }));
    }
    let common = nodes.iter().filter_map(|(_, standing)| standing.tip.as_ref().map(|tip| tip.height)).min();
    for (way, standing) in &mut nodes {
        let (Some(height), Some(_), Ok(way)) = (common.filter(|height| *height > 0), &standing.tip, way)
        else {
            continue;
        };
        match way.block(height).await {
            Ok(block) => standing.common_block = Some(block.hash),
            Err(error) => standing.error = Some(error.to_string()),
        }
    }
    let standings: Vec<Standing> = nodes.into_iter().map(|(_, standing)| standing).collect();
    let blocks: Vec<_> = standings.iter().filter_map(|standing| standing.common_block).collect();
    let agree = blocks.windows(2).all(|pair| pair[0] == pair[1]);
    let silent = standings.iter().filter(|standing| standing.error.is_some()).count();
    let report =
        json!({ "agree": agree, "common_height": common, "unreachable": silent, "nodes": standings });
    print(caller, &report, |_| {
        let rows = standings.iter().map(|standing| {
            let short = |hash: &Hash| hash.to_string()[..16].to_owned();
            let (height, log, state) = standing.tip.as_ref().map_or_else(
                || ("-".into(), "-".into(), standing.error.clone().unwrap_or_default()),
                |tip| (tip.height.to_string(), short(&tip.root), short(&tip.state_root)),
            );
            vec![standing.name.clone(), height, log, state]
        });
        table(&["节点 node", "高度 height", "日志根 log root", "状态根 state root"], rows.collect())
    });
    let height = common.unwrap_or_default();
    match (agree, silent) {
        (false, _) => Err(Failure::Broken(format!(
            "the nodes hold different blocks at height {height}: tell all operators"
        ))),
        (true, 0) => {
            if !caller.options.json {
                println!(
                    "{} {height}",
                    caller.language.say("各节点一致，至高度", "all nodes agree up to height")
                );
            }
            Ok(())
        }
        (true, silent) => Err(Failure::Broken(format!(
            "{silent} of the nodes cannot be reached; the others agree up to height {height}"
        ))),
    }
}
