//! End a command: done, or why not, with the exit code that says which.

use super::language::Language;
use tongda_client::keys::KeyFileError;
use tongda_client::light::LightError;
use tongda_client::{Error, GatheringError};
use tongda_ledger::refusal::Refusal;

/// How a command ends. The numbers are part of the interface and never change.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// What was asked is done: the act took effect, or stands as pending because `--gather` asked for that.
    Done = 0,
    /// Something is broken, missing or out of reach.
    Broken = 1,
    /// The command line cannot be understood.
    Usage = 2,
    /// The law says no; every reason was printed.
    Refused = 3,
    /// The node took the envelope, but no commit was seen in time.
    Unsettled = 4,
    /// What was to be verified does not verify: a check failed.
    Doubtful = 5,
    /// What was to be verified cannot be read.
    Unreadable = 6,
    /// It verifies, and is older than asked.
    Old = 7,
    /// Two histories: evidence was written.
    Fork = 8,
    /// It was stopped before its end.
    Stopped = 9,
}

impl Exit {
    /// In one word, for programs.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Broken => "error",
            Self::Usage => "usage",
            Self::Refused => "refused",
            Self::Unsettled => "unsettled",
            Self::Doubtful => "does-not-verify",
            Self::Unreadable => "unreadable",
            Self::Old => "too-old",
            Self::Fork => "two-histories",
            Self::Stopped => "stopped",
        }
    }
}

/// The table that `tongda help exit-codes` prints.
pub(crate) const EXIT_CODES: &str = "\
退出码 · Exit codes

  0  完成：已生效，或者按 --gather 的要求处于待同意状态
     done: the act took effect, or stands as pending because --gather asked for that
  1  出错：连接不上、文件缺失、节点故障等
     error: something is out of reach, missing or broken
  2  命令行有误
     usage: the command line cannot be understood
  3  依法不予登记：理由已全部列出
     refused: the law says no, and every reason was printed
  4  未决：节点已接收，但等待期内未见写入；用同一文件 `tongda send FILE` 重发不会重复登记
     unsettled: the node took the envelope but no commit was seen in time; `tongda send FILE` with the envelope
     that was kept sends it again, and it counts once
  5  不能证实：某项核验未通过，日志有误，或者节点所答未经证明
     does not verify: a check failed, an audited log is wrong, or a node does not prove what it answers
  6  不可读：所给之物不是证明、回执、证据，或者已损坏；所核验的日志未能全部读取
     unreadable: what was handed over is no certificate, receipt or evidence, or is damaged; or not all of a log could
     be read
  7  过旧：证明无误，但早于 --max-age 的要求；或者检查点早于已见过的
     too old: it verifies, and is older than --max-age asks; or the checkpoint is older than one seen before
  8  两种历史：检查点与已核验的相互矛盾，或者节点之间相互矛盾；证据已写入文件
     two histories: a checkpoint contradicts one verified before, or two nodes show two logs; evidence was written
  9  已中止（Ctrl-C）：已核验的部分已保存
     stopped (Ctrl-C); what was audited is kept";

/// Why a command does not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What a node or the library says.
    Client(Error),
    /// What is wrong with the command line.
    Usage(String),
    /// What is broken or missing.
    Broken(String),
    /// What a light client does not believe.
    Light(LightError),
    /// What cannot be read.
    Unreadable(String),
    /// What has been printed already, and how the command ends for it.
    Told(Exit),
}

impl Failure {
    /// The exit code.
    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Client(Error::Refused(_)) => Exit::Refused,
            Self::Told(exit) => *exit,
            Self::Client(Error::Unsettled { .. }) => Exit::Unsettled,
            Self::Client(Error::Address { .. }) | Self::Usage(_) => Exit::Usage,
            Self::Light(LightError::Client(Error::Address { .. })) => Exit::Usage,
            Self::Light(LightError::Client(_) | LightError::Folder { .. } | LightError::Kept { .. })
            | Self::Client(_)
            | Self::Broken(_) => Exit::Broken,
            Self::Light(LightError::Age { .. } | LightError::Older { .. }) => Exit::Old,
            Self::Light(LightError::Fork { .. }) => Exit::Fork,
            Self::Light(_) => Exit::Doubtful,
            Self::Unreadable(_) => Exit::Unreadable,
        }
    }

    /// The reasons, if the law says no.
    pub(crate) fn refusals(&self) -> &[Refusal] {
        match self {
            Self::Client(Error::Refused(refusals)) => refusals,
            _ => &[],
        }
    }

    /// For people: refusals in full, in their language.
    pub(crate) fn text(&self, language: Language) -> String {
        match self {
            Self::Client(Error::Refused(refusals)) => super::show::refusals(refusals, language),
            other => format!("tongda: {}", other.message()),
        }
    }

    /// In one line, with what to do.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Client(error @ Error::Unreachable { .. }) => {
                format!("{error} with --node URL or TONGDA_NODE")
            }
            Self::Client(error) => error.to_string(),
            Self::Light(error) => error.to_string(),
            Self::Usage(text) | Self::Broken(text) | Self::Unreadable(text) => text.clone(),
            Self::Told(_) => String::new(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Client(error)
    }
}

impl From<LightError> for Failure {
    fn from(error: LightError) -> Self {
        Self::Light(error)
    }
}

impl From<GatheringError> for Failure {
    fn from(error: GatheringError) -> Self {
        Self::Client(error.into())
    }
}

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        Self::Broken(error.to_string())
    }
}

/// Texts come from reading the command line.
impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Usage(text)
    }
}

impl From<&str> for Failure {
    fn from(text: &str) -> Self {
        Self::Usage(text.to_owned())
    }
}
