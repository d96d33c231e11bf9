//! `tongda-genesis`: the key ceremony, from each exchange's own keys to a genesis file that all of them have signed.

mod command;

use clap::{Parser, Subcommand};
use command::{apply, assemble, demonstration, digest, keys, listing, show, sign, verify};
use std::process::ExitCode;

/// 通达创世工具：生成密钥、提出申请、汇总、核对、签名。
/// Found a Tongda network: make keys, apply, assemble, verify, sign.
#[derive(Parser)]
#[command(
    version,
    after_help = "退出码 Exit codes: 0 done; 1 refused: the file is not what it should be; 2 wrong use, or a file cannot \
                  be read or written."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 生成密钥 · Make the keys of a member and of its node
    Keys(keys::Arguments),
    /// 计算认证文件的加盐摘要 · Salt and digest the certificate or agreement behind a key
    Digest(digest::Arguments),
    /// 提出申请 · Write the signed application of a founder
    Apply(Box<apply::Arguments>),
    /// 汇总申请 · Assemble applications into a genesis file, as the coordinator
    Assemble(assemble::Arguments),
    /// 核对 · Check a genesis file, its signatures and one's own entries
    Verify(verify::Arguments),
    /// 签名 · Sign a genesis file
    Sign(sign::Arguments),
    /// 显示 · Show what a genesis file says
    Show(show::Arguments),
    /// 检查专利清单 · Say which rows of a listing of patents can be registered
    Listing(listing::Arguments),
    /// 演示网络 · Print the genesis file of a demonstration network, all of whose keys are known
    Demonstration(demonstration::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Keys(arguments) => keys::run(&arguments),
        Command::Digest(arguments) => digest::run(&arguments),
        Command::Apply(arguments) => apply::run(&arguments),
        Command::Assemble(arguments) => assemble::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Show(arguments) => show::run(&arguments),
        Command::Listing(arguments) => listing::run(&arguments),
        Command::Demonstration(arguments) => demonstration::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("tongda-genesis: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}
