//! Say how it stands with cosigning in a node's files, changing nothing.

use super::checkpoints::FILE;
use super::disk::Folder;
use super::guard::{self, Found};
use super::history;
use crate::run::{NodeDirectory, NodeError};
use crate::store::{Snapshots, inspect};
use tongda_genesis::keys::Purpose;

/// Something found, in Chinese and English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// As it should be.
    Well(String),
    /// Somebody is needed.
    Trouble(String),
}

use Finding::{Trouble, Well};

/// Examines log, guard and published checkpoints of a node, whether it runs or not.
///
/// # Errors
/// [`NodeError`] when a file cannot be read.
pub fn examine(node: &NodeDirectory) -> Result<Vec<Finding>, NodeError> {
    let (mut findings, height) = log(node)?;
    findings.push(guard(node, height > 0 || node.consensus().join("wal").exists())?);
    findings.push(published(node)?);
    if node.consensus().join("silent").exists() {
        findings.push(Well(
            "节点自快照开始，暂不表决 · the node began from a snapshot and does not vote yet; nothing to do"
                .into(),
        ));
    }
    if node.path.join("index.suspect").exists() {
        findings.push(Well(
            "索引可疑，下次启动时重建 · the index was found wrong and is built again at the next start"
                .into(),
        ));
    }
    Ok(findings)
}

/// The log's segments, and its height.
fn log(node: &NodeDirectory) -> Result<(Vec<Finding>, u64), NodeError> {
    let (mut findings, mut height) = (Vec::new(), 0);
    for name in ["older", "segments"] {
        let directory = node.path.join(name);
        if !directory.exists() {
            continue;
        }
        for segment in inspect::segments(&directory)? {
            height = height.max(segment.last_height.unwrap_or(0));
            if segment.fault.is_some() {
                findings.push(Trouble(format!("日志损坏 · the log is damaged: {segment}")));
            }
        }
    }
    if height == 0 {
        let snapshots = Snapshots::new(node.path.join("snapshots")).list()?;
        height = snapshots.last().map_or(0, |file| file.height);
    }
    findings.push(Well(format!("日志高度 · the log has height {height}")));
    let hashes = std::fs::metadata(node.path.join("log-hashes/0")).map(|metadata| metadata.len() / 32);
    findings.push(Well(match hashes {
        Ok(leaves) => format!("日志散列 · hashes of {leaves} leaves are kept"),
        Err(_) => {
            "日志散列尚未生成，启动时由日志生成 · the hashes of the log are made from it at the next start"
                .into()
        }
    }));
    Ok((findings, height))
}

/// The guard of the cosigning key.
fn guard(node: &NodeDirectory, has_run: bool) -> Result<Finding, NodeError> {
    let cure = super::Silence::Lost;
    let (chinese, english) = (cure.chinese_cure(), cure.english_cure());
    Ok(match guard::look(&Folder::at(node.consensus()))? {
        Found::Nothing if !has_run => {
            Well("联署守护文件将在首次启动时建立 · the cosigning guard is made at the first start".into())
        }
        Found::Nothing => Trouble(format!(
            "联署守护文件丢失 · the cosigning guard is gone although the node has run. {chinese}; {english}"
        )),
        Found::Damaged(reason) => Trouble(format!(
            "联署守护文件损坏 · the cosigning guard is damaged ({reason}). {chinese}; {english}"
        )),
        Found::Guard(content) => {
            let own = node.key(Purpose::Cosign, "cosign").map(|key| key.public());
            let other = own.is_ok_and(|own| own != content.guarded.key)
                || content.guarded.network != node.genesis.network;
            let silent = if other { Some(super::Silence::Other) } else { content.silent };
            match silent {
                Some(silence) => Trouble(format!(
                    "不再联署 · cosigns nothing: {silence}. {}; {}",
                    silence.chinese_cure(),
                    silence.english_cure()
                )),
                None => Well(format!(
                    "联署守护文件完好 · the cosigning guard is sound; the largest tree signed has {} leaves",
                    content.largest.size
                )),
            }
        }
    })
}

/// The history of published checkpoints.
fn published(node: &NodeDirectory) -> Result<Finding, NodeError> {
    let path = node.path.join(FILE);
    if !path.exists() {
        return Ok(Well("尚无已发布的检查点 · no checkpoint has been published here".into()));
    }
    Ok(match history::look(&path, &node.genesis.network)? {
        Ok((count, newest)) => {
            Well(format!("已发布检查点 · {count} published checkpoints, the newest of {newest} leaves"))
        }
        Err(reason) => {
            Trouble(format!("检查点历史 · the history of checkpoints: {}: {reason}", path.display()))
        }
    })
}
