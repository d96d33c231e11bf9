//! Options that hold for every command.

use super::language::Language;
use super::trust::Belief;
use super::value::Version;
use clap::Args;
use std::path::PathBuf;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::MemberId;

/// Where to ask, as whom, how to print.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// 节点地址，可重复 · The node's address; more of them are asked in turn
    #[arg(
        long,
        env = "TONGDA_NODE",
        global = true,
        value_name = "URL",
        value_delimiter = ',',
        help_heading = "Global options",
        default_value = "http://127.0.0.1:26602"
    )]
    pub(crate) node: Vec<String>,
    /// 网络编号，防止错签 · The network's id: refuse to sign for any other
    #[arg(long, env = "TONGDA_NETWORK", global = true, value_name = "ID", help_heading = "Global options")]
    pub(crate) network: Option<Hash>,
    /// 密钥文件，可重复 · A key file; several for m of n keys
    #[arg(
        long,
        env = "TONGDA_KEY",
        global = true,
        value_name = "FILE",
        value_delimiter = ',',
        help_heading = "Global options"
    )]
    pub(crate) key: Vec<PathBuf>,
    /// 以哪个成员的身份，缺省由密钥查得 · As which member; without it, the member who holds the key
    #[arg(
        id = "as",
        long,
        env = "TONGDA_AS",
        global = true,
        value_name = "MEMBER",
        help_heading = "Global options"
    )]
    pub(crate) member: Option<MemberId>,
    /// 输出 JSON · Print JSON for programs
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// 语言，缺省依 LANG · The language; without it, what LANG says
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE", help_heading = "Global options")]
    pub(crate) lang: Option<Language>,
    /// 不再询问 · Do not ask before signing
    #[arg(long, short = 'y', global = true, help_heading = "Global options")]
    pub(crate) yes: bool,
    /// What is believed without asking a node.
    #[command(flatten)]
    pub(crate) belief: Belief,
    /// How an act is signed and sent.
    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// How an act is signed and sent.
#[derive(Args, Debug)]
pub(crate) struct Signing {
    /// 征集同意的天数 · If consents are missing, let the act stand as pending for this many days
    #[arg(long, global = true, value_name = "DAYS", help_heading = "Signing")]
    pub(crate) gather: Option<u32>,
    /// 写入文件待他人加签，不发送 · Write the signed envelope to a file for more signatures; do not send it
    #[arg(long, global = true, value_name = "FILE", help_heading = "Signing")]
    pub(crate) out: Option<PathBuf>,
    /// 试询时假定该成员也签名，可重复 · When asking, assume that this member signs too
    #[arg(
        long = "with",
        global = true,
        value_name = "MEMBER",
        value_delimiter = ',',
        help_heading = "Signing"
    )]
    pub(crate) assume: Vec<MemberId>,
    /// 仅当专利仍是该版本时有效 · Count only while the patent is at this version
    #[arg(
        long,
        global = true,
        value_name = "PATENT@VERSION",
        value_delimiter = ',',
        help_heading = "Signing"
    )]
    pub(crate) expect: Vec<Version>,
    /// 有效分钟数 · How many minutes the envelope counts [default: 10, with --out 1440]
    #[arg(long, global = true, value_name = "MINUTES", help_heading = "Signing")]
    pub(crate) valid: Option<u32>,
    /// 等待写入的秒数 · How many seconds to wait for a busy node and for the commit
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60, help_heading = "Signing")]
    pub(crate) wait: u64,
    /// 签名前不试询 · Do not ask first whether the act is allowed
    #[arg(long, global = true, help_heading = "Signing")]
    pub(crate) no_check: bool,
}
