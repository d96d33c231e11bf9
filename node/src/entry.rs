//! Read the command line of `tongda-node`: make, run, inspect and try out an exchange's node.

use crate::config::{LogConfig, LogFormat};
use crate::cosign::command as cosign;
use crate::run::{NodeDirectory, NodeError};
use crate::tiles::command::Tiles;
use crate::witness::command as witness;
use crate::{command, devnet, doctor};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// An exchange's node of the Tongda network · 通达网络的交易机构节点.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a node's directory from the genesis file and the node's keys · 建立节点目录.
    Init(command::Init),
    /// Run the node in a directory until Ctrl-C or SIGTERM · 运行节点.
    Run {
        /// The node's directory.
        #[arg(default_value = ".")]
        directory: PathBuf,
    },
    /// Try the network out: several exchanges on this machine, on real patents · 本机演示网络.
    Devnet(devnet::Devnet),
    /// Look into a node's files without changing anything · 查看节点文件.
    Inspect(command::Inspect),
    /// Build the index again, from the oldest snapshot and the log; the node must not run · 重建索引.
    Reindex {
        /// The node's directory.
        #[arg(default_value = ".")]
        directory: PathBuf,
        /// Leave the snapshots aside and execute every block of the log.
        #[arg(long)]
        from_genesis: bool,
    },
    /// The log as files that anyone can serve and check · 静态日志文件.
    #[command(subcommand)]
    Tiles(Tiles),
    /// Cosigning checkpoints: make the guard of a fresh key · 联署检查点.
    #[command(subcommand)]
    Cosign(cosign::Command),
    /// Look for what is wrong, above all for evidence of a fork; exit code 1 if somebody is needed · 检查节点.
    Doctor(doctor::Doctor),
    /// The node as a witness of other logs: make its key, show what it cosigned · 见证其他日志.
    Witness(witness::Command),
    /// Write a snapshot of the state; the node must not run · 写入状态快照.
    Snapshot {
        /// The node's directory.
        #[arg(default_value = ".")]
        directory: PathBuf,
    },
}

/// The whole program: reads the command line, does what it says, and answers with the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Init(init) => init.run(),
        Command::Run { directory } => run(&directory),
        Command::Devnet(devnet) => return devnet.run(),
        Command::Cosign(command) => command.run(),
        Command::Inspect(inspect) => inspect.run(),
        Command::Reindex { directory, from_genesis } => command::reindex(&directory, from_genesis),
        Command::Tiles(tiles) => tiles.run(),
        Command::Doctor(doctor) => match doctor.run() {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        Command::Witness(command) => command.run(),
        Command::Snapshot { directory } => command::snapshot(&directory),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tongda-node: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(directory: &std::path::Path) -> Result<(), NodeError> {
    let directory = NodeDirectory::open(directory)?;
    start_logs(&directory.config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| NodeError::File { path: "the async runtime".into(), error })?;
    runtime.block_on(async {
        let shutdown = command::shutdown_signal();
        // A task of its own: the node blocks in place while it executes.
        match tokio::spawn(crate::run::run(directory, shutdown)).await {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    })
}

fn start_logs(config: &LogConfig) {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.filter).unwrap_or_else(|error| {
        eprintln!("tongda-node: log.filter {:?}: {error}; logging at `info`", config.filter);
        tracing_subscriber::EnvFilter::new("info")
    });
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    match config.format {
        LogFormat::Text => logs.init(),
        LogFormat::Json => logs.json().init(),
    }
}
