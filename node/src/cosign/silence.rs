//! Say why a node cosigns nothing more with its key, and what cures it.

use std::fmt;

/// Why a node is silent: it cosigns nothing. A durable word; only another key ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The guard was not there although the node had run.
    Lost,
    /// The guard could not be read.
    Damaged,
    /// The guard is one of another network or another key. Not durable: the right guard may come back.
    Other,
    /// Others hold a cosignature of this key over a larger tree than the guard knows: files came from a backup.
    Restored,
    /// The node's own log has not the root that its key cosigned.
    Contradicted,
}

impl Silence {
    /// The word in the guard's file.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Damaged => "damaged",
            Self::Other => "other",
            Self::Restored => "restored",
            Self::Contradicted => "contradicted",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        let all = [Self::Lost, Self::Damaged, Self::Restored, Self::Contradicted];
        all.into_iter().find(|silence| silence.word() == word)
    }

    /// What happened, in Chinese.
    #[must_use]
    pub const fn chinese(&self) -> &'static str {
        match self {
            Self::Lost => "联署守护文件丢失，本节点已运行过，无法确知曾签过什么",
            Self::Damaged => "联署守护文件损坏，无法确知曾签过什么",
            Self::Other => "联署守护文件属于另一网络或另一密钥",
            Self::Restored => "其他节点持有本密钥对更大树的联署：守护文件来自备份",
            Self::Contradicted => "本节点日志的根与本密钥联署过的根不同",
        }
    }

    /// What happened, in English.
    #[must_use]
    pub const fn english(&self) -> &'static str {
        match self {
            Self::Lost => {
                "the cosigning guard is gone although the node has run: what the key signed is not known"
            }
            Self::Damaged => "the cosigning guard is damaged: what the key signed is not known",
            Self::Other => "the cosigning guard is one of another network or of another key",
            Self::Restored => {
                "others hold a cosignature of this key over a larger tree than the guard knows: it came from a backup"
            }
            Self::Contradicted => "the log of this node has not the root that its key cosigned",
        }
    }

    /// What cures it, in Chinese.
    #[must_use]
    pub const fn chinese_cure(&self) -> &'static str {
        match self {
            Self::Other => "若密钥是新换的，运行 tongda-node cosign init；否则放回原来的密钥文件",
            _ => {
                "节点继续表决与服务，但不再联署。请换钥：tongda validator change rekey，然后 tongda-node cosign init"
            }
        }
    }

    /// Tells the operator in the log.
    pub fn tell(&self) {
        tracing::error!(
            "{}。{}；{}: {}",
            self.chinese(),
            self.chinese_cure(),
            self.english(),
            self.english_cure()
        );
    }

    /// What cures it, in English.
    #[must_use]
    pub const fn english_cure(&self) -> &'static str {
        match self {
            Self::Other => {
                "if the key is a fresh one, run `tongda-node cosign init`; if not, put back the key file that was there"
            }
            _ => {
                "the node votes and serves on, and cosigns nothing. Give it new keys (`tongda validator change rekey`), \
                 then run `tongda-node cosign init`"
            }
        }
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} · {}", self.chinese(), self.english())
    }
}
