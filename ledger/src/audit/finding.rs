//! Name what is wrong with a log: which kind of thing, where it stands, why.

use crate::refusal::{Bilingual, Refusal};
use serde::Serialize;

/// What kind of thing is wrong.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The first leaf is not the network's genesis, or a genesis stands elsewhere.
    Genesis,
    /// A leaf that is none: empty, or of an unknown type.
    Leaf,
    /// A record that poses as a seal, or a seal as a record.
    Posing,
    /// A record that is no envelope in canonical bytes.
    Record,
    /// A signature on a record.
    Signature,
    /// A record that the rules do not allow at its place.
    Rule,
    /// A seal that is none, or one of whose fields is wrong.
    Seal,
    /// The seal of a block that stands earlier in the log.
    OldSeal,
    /// The root of the log in a seal.
    LogRoot,
    /// The root of the state in a seal.
    StateRoot,
    /// The validators that a seal names.
    Validators,
    /// A block's records: too many, or no seal behind them.
    Block,
    /// The certificate by which a block was decided.
    Certificate,
    /// A certificate of the validators of another epoch.
    OtherEpoch,
    /// A tile of hashes, or a copy of one.
    Tile,
    /// A bundle of leaves or certificates that is none.
    Bundle,
    /// A checkpoint that is none, or stands at no seal of the log.
    Checkpoint,
    /// A checkpoint whose root is not the log's.
    CheckpointRoot,
    /// The cosignatures under a checkpoint.
    Cosignature,
    /// The rules and the state contradict each other: a defect of the program.
    State,
}

impl What {
    /// What it says, in Chinese and English.
    #[must_use]
    pub const fn wording(self) -> Bilingual {
        let (zh, en) = match self {
            Self::Genesis => ("创世叶不是本网络的", "the genesis leaf is not this network's"),
            Self::Leaf => ("日志叶不成立", "the leaf is none"),
            Self::Posing => ("记录冒充封印", "a record poses as a seal"),
            Self::Record => ("记录不是规范编码", "the record is not in canonical bytes"),
            Self::Signature => ("记录的签名不符", "a signature on the record is wrong"),
            Self::Rule => ("依法不应登记的记录", "the rules do not allow the record at its place"),
            Self::Seal => ("封印有误", "the seal is wrong"),
            Self::OldSeal => ("旧封印重现", "an old seal stands again"),
            Self::LogRoot => ("封印中的日志根不符", "the log root in the seal is wrong"),
            Self::StateRoot => ("封印中的状态根不符", "the state root in the seal is wrong"),
            Self::Validators => ("封印中的验证者集合不符", "the validators in the seal are wrong"),
            Self::Block => ("区块的记录数量或者边界有误", "the block has too many records, or no end"),
            Self::Certificate => ("提交证书不成立", "the commit certificate proves nothing"),
            Self::OtherEpoch => ("提交证书出自另一届验证者", "the commit certificate is of another epoch"),
            Self::Tile => ("哈希瓦片与重算不符", "a tile of hashes differs from the recomputed one"),
            Self::Bundle => ("数据包不成立", "the bundle is none"),
            Self::Checkpoint => ("检查点不成立", "the checkpoint is none"),
            Self::CheckpointRoot => {
                ("检查点的根与重放不符", "the checkpoint's root is not the replayed log's")
            }
            Self::Cosignature => {
                ("检查点的共同签名不足或者有误", "the cosignatures do not prove the checkpoint")
            }
            Self::State => {
                ("程序缺陷：状态自相矛盾", "a defect of the program: the state contradicts itself")
            }
        };
        Bilingual { zh, en }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}{}: {detail}", what.wording().en, place(self))]
pub struct Finding {
    /// What kind of thing.
    pub what: What,
    /// The index of the leaf in the log, if it is one or is found at one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The height of the block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u64>,
    /// The resource, relative to the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What exactly: what was found, and what must stand there.
    pub detail: String,
    /// The reasons, where the rules say no.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
}

fn place(finding: &Finding) -> String {
    let parts = [
        finding.resource.clone(),
        finding.index.map(|index| format!("leaf {index}")),
        finding.height.map(|height| format!("height {height}")),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

impl Finding {
    /// Something wrong, place unknown.
    #[must_use]
    pub fn new(what: What, detail: impl ToString) -> Self {
        let detail = detail.to_string();
        Self { what, index: None, height: None, resource: None, detail, refusals: Vec::new() }
    }

    /// The same, at this leaf.
    #[must_use]
    pub const fn at(mut self, index: u64) -> Self {
        self.index = Some(index);
        self
    }

    /// The same, in the block of this height.
    #[must_use]
    pub const fn in_block(mut self, height: u64) -> Self {
        self.height = Some(height);
        self
    }

    /// The same, in this resource.
    #[must_use]
    pub fn within(mut self, resource: impl ToString) -> Self {
        self.resource = Some(resource.to_string());
        self
    }
}
