//! End a command: done, or why not, with the exit code that says which.

use super::language::Language;
use tongda_client::keys::KeyFileError;
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
    /// The audited log is wrong.
    Wrong = 10,
    /// Two nodes show two logs.
    Contradiction = 11,
    /// Not all of the log could be read, or it is older than what was audited before.
    Unreadable = 12,
    /// The audit was stopped before its end.
    Stopped = 13,
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
            Self::Wrong => "wrong",
            Self::Contradiction => "contradiction",
            Self::Unreadable => "unreadable",
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

tongda audit

  0  全部无误
     all is right, from the genesis to the newest checkpoint
 10  日志有误：已指明第一处
     the log is wrong, and the first wrong thing was named
 11  节点之间相互矛盾：分叉证据已写出
     two nodes show two logs; the evidence was written
 12  未能全部读取，或者所示检查点比此前核验的旧
     not all of it could be read, or it is older than what was audited before
 13  已中止（Ctrl-C）：已核验的部分已保存
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
    /// A refusal that has been printed already.
    Said,
    /// An audit whose report has been printed already.
    Audited(Exit),
}

impl Failure {
    /// The exit code.
    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Client(Error::Refused(_)) | Self::Said => Exit::Refused,
            Self::Audited(exit) => *exit,
            Self::Client(Error::Unsettled { .. }) => Exit::Unsettled,
            Self::Client(Error::Address { .. }) | Self::Usage(_) => Exit::Usage,
            Self::Client(_) | Self::Broken(_) => Exit::Broken,
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
            Self::Usage(text) | Self::Broken(text) => text.clone(),
            Self::Said | Self::Audited(_) => String::new(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Client(error)
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
