//! Try the network out: several exchanges as processes on this machine, made members, real patents.
//!
//! ```text
//! genesis ─► node directories ─► processes ─► members (made) ─► patents (real) ─► one open licence ─► all nodes agree, and cosign it?
//! ```
//!
//! What happens here happens as it would between cities: the nodes are separate processes that know each other only by
//! the genesis file, and everything that is written goes through the client library to one node's HTTP interface.

mod checkpoint;
mod import;
pub mod network;
mod story;
mod table;

use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `tongda-node devnet`.
#[derive(Args, Clone, Debug)]
pub struct Devnet {
    /// How many exchanges, 1 to 7: 北京, 上海, 广东, 四川, 江苏, 浙江, 湖北.
    #[arg(long, default_value_t = 4)]
    nodes: usize,
    /// The directory for the nodes' files; it must be empty or not exist. A temporary one if left out.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Patents to register: a CSV file with the columns of the shipped sample, of any length.
    #[arg(long)]
    patents: Option<PathBuf>,
    /// Stop when the story is told: exit 0 only if all nodes agree.
    #[arg(long)]
    once: bool,
    /// The first of the ports on 127.0.0.1: three a node, ten apart.
    #[arg(long, default_value_t = 26_600)]
    port: u16,
}

/// Why the network could not be tried out.
#[derive(Debug, thiserror::Error)]
pub enum DevnetError {
    /// A file or a process.
    #[error("{what}: {error}")]
    Io {
        /// What was being done.
        what: String,
        /// What happened.
        error: std::io::Error,
    },
    /// The network cannot be made.
    #[error("{0}")]
    Setup(String),
    /// A node does not answer, or refused what must be allowed.
    #[error("{what}: {error}")]
    Client {
        /// What was being done.
        what: String,
        /// What happened.
        error: tongda_client::Error,
    },
    /// The nodes differ.
    #[error("the nodes do not agree: {0}")]
    Disagreement(String),
}

pub(super) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> DevnetError {
    let what = what.into();
    |error| DevnetError::Io { what, error }
}

pub(super) fn client(what: impl Into<String>) -> impl FnOnce(tongda_client::Error) -> DevnetError {
    let what = what.into();
    |error| DevnetError::Client { what, error }
}

impl Devnet {
    /// Makes the network, tells the story, and stays up until Ctrl-C unless asked to stop.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("tongda-node: the async runtime: {error}");
                return ExitCode::FAILURE;
            }
        };
        match runtime.block_on(self.play()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("tongda-node devnet: {error}");
                ExitCode::FAILURE
            }
        }
    }

    async fn play(self) -> Result<(), DevnetError> {
        let listing = match &self.patents {
            Some(path) => std::fs::read(path).map_err(io(format!("reading {}", path.display())))?,
            None => tongda_genesis::sample::PATENTS.as_bytes().to_vec(),
        };
        println!("通达演示网络 · a Tongda network on this machine");
        println!(
            "专利真实；成员、声明与费用均为演示 · patents are real; members, declarations and fees are made\n"
        );
        let started = std::time::Instant::now();
        let program = std::env::current_exe().map_err(io("finding this program"))?;
        let options = network::Options { count: self.nodes, port: self.port, directory: self.dir, program };
        let mut network = network::Network::start(options).await?;
        let seconds = started.elapsed().as_secs_f64();
        let (count, id) = (network.nodes.len(), network.demonstration.founding.network());
        println!("{count} 家交易机构已互联 · {count} exchanges connected, in {seconds:.1} s");
        for running in &network.nodes {
            println!("  {:<10} {}  {}", running.name, running.url, running.exchange);
        }
        println!("  网络 · network {id}\n  {}\n", network.directory.display());
        // The story may be interrupted: either way the nodes are stopped before the result is told.
        let interrupted = crate::command::shutdown_signal();
        tokio::pin!(interrupted);
        let told = tokio::select! {
            told = story::tell(&network, &listing) => told.map(Some),
            () = &mut interrupted => Ok(None),
        };
        if let Ok(Some(story)) = &told
            && !self.once
        {
            story.what_to_try(&network);
            interrupted.await;
        }
        println!("\n停止节点 · stopping the nodes");
        network.stop().await;
        told.map(|_| ())
    }
}
