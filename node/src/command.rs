//! The commands of `tongda-node` beside `run` and `devnet`: make a directory, look into it, rebuild its index.

use crate::chain::Beginning;
use crate::config::{
    ApiConfig, CosignConfig, LogConfig, NetworkConfig, NodeConfig, PoolConfig, StoreConfig, WitnessConfig,
};
use crate::cosign::guard;
use crate::fetch;
use crate::run::{NodeDirectory, NodeError, open_chain, open_chain_from, read_genesis};
use crate::silence::Silence;
use crate::store::{SledIndex, Snapshots, StoreError, inspect};
use std::path::{Path, PathBuf};
use tongda_genesis::file::Genesis;
use tongda_genesis::keys::Purpose;
use tongda_ledger::block::Seal;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::snapshot::Verified;

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> NodeError {
    let path = path.to_owned();
    move |error| NodeError::File { path, error }
}

/// Completes at Ctrl-C or, on Unix, SIGTERM.
pub async fn shutdown_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}

/// Makes a node's directory.
#[derive(clap::Args)]
pub struct Init {
    /// The directory to make; it must not hold a node yet.
    directory: PathBuf,
    /// The genesis file that all founders have signed.
    #[arg(long)]
    genesis: PathBuf,
    /// The node's name in the genesis file.
    #[arg(long)]
    name: String,
    /// The folder with the node's keys, as `tongda-genesis keys` made it: vote.key, cosign.key, network.key.
    #[arg(long)]
    keys: PathBuf,
    /// Begin from a snapshot: a file, or the address of a node of the network, which gives its newest one.
    #[arg(long, value_name = "FILE|URL")]
    snapshot: Option<String>,
    /// Where HTTP listens.
    #[arg(long, default_value = "127.0.0.1:8080")]
    api: std::net::SocketAddr,
}

/// The key files of a node.
const KEYS: [&str; 3] = ["vote.key", "cosign.key", "network.key"];

impl Init {
    /// Makes the directory.
    ///
    /// # Errors
    /// [`NodeError`] when the genesis is not sound, the node is not in it, or a file cannot be written.
    pub fn run(self) -> Result<(), NodeError> {
        let genesis = read_genesis(&self.genesis)?;
        let config = NodeConfig {
            name: self.name.clone(),
            genesis: "genesis.toml".into(),
            api: ApiConfig { listen: self.api, ..ApiConfig::default() },
            network: NetworkConfig::default(),
            pool: PoolConfig::default(),
            store: StoreConfig::default(),
            cosign: CosignConfig::default(),
            log: LogConfig::default(),
            witness: WitnessConfig::default(),
        };
        // Before anything else is made: what cannot be had leaves nothing that stands in the way of another try.
        let snapshot = match &self.snapshot {
            Some(source) if !self.directory.join("node.toml").exists() => {
                Some(fetch_snapshot(source, &self.directory, &genesis)?)
            }
            _ => None,
        };
        make(&self.directory, &config, &self.genesis, &self.keys)?;
        // Read back what a run will read, so that a wrong name or key is told now.
        let made = NodeDirectory::open(&self.directory)?;
        made.check_keys(&made.genesis.founding.nodes)?;
        guard_first(&made)?;
        if let Some(verified) = snapshot {
            begin_from(&made, &verified)?;
        }
        println!(
            "节点目录已建立 · made the node {} of {} ({})",
            self.name, genesis.founding.name, genesis.network
        );
        println!("  {}", self.directory.join("node.toml").display());
        println!("下一步 · next: tongda-node run {}", self.directory.display());
        Ok(())
    }
}

/// Makes the first guard of a new node's cosigning key.
///
/// # Errors
/// [`NodeError`] when the key cannot be read, or has a guard already.
pub fn guard_first(directory: &NodeDirectory) -> Result<(), NodeError> {
    let key = directory.key(Purpose::Cosign, "cosign")?;
    let disk = guard::folder(&directory.consensus())?;
    guard::Guard::make(disk, directory.genesis.network, key)?;
    Ok(())
}

/// Fetches a snapshot into a node's directory and proves it from the genesis.
fn fetch_snapshot(source: &str, directory: &Path, genesis: &Genesis) -> Result<Verified, NodeError> {
    let snapshots = Snapshots::new(directory.join("snapshots"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(file_error(Path::new("the async runtime")))?;
    Ok(runtime.block_on(fetch::snapshot(source, &snapshots, &genesis.founding))?)
}

/// Makes the index of the snapshot. The node is silent at first, for it may have voted before.
fn begin_from(directory: &NodeDirectory, verified: &Verified) -> Result<(), NodeError> {
    Silence::begin(&directory.path.join("consensus"))?;
    let (chain, _) = open_chain(directory)?;
    chain.sync()?;
    let header = &verified.header;
    println!(
        "快照已验证 · proved the snapshot of height {} from the genesis: {} values, state root {}",
        header.seal.height, header.values, header.seal.state_root
    );
    Ok(())
}

/// Writes a node's directory: configuration, genesis, keys.
///
/// # Errors
/// [`NodeError::File`] when a file cannot be written, or the directory holds a node already.
pub fn make(directory: &Path, config: &NodeConfig, genesis: &Path, keys: &Path) -> Result<(), NodeError> {
    let target = directory.join("node.toml");
    if target.exists() {
        let error = std::io::Error::other("there is a node in this directory already; choose another one");
        return Err(NodeError::File { path: target, error });
    }
    let folder = directory.join("keys");
    std::fs::create_dir_all(&folder).map_err(file_error(&folder))?;
    for name in KEYS {
        let (from, to) = (keys.join(name), folder.join(name));
        std::fs::copy(&from, &to).map_err(file_error(&from))?;
    }
    let copy = directory.join("genesis.toml");
    std::fs::copy(genesis, &copy).map_err(file_error(genesis))?;
    std::fs::write(&target, config.render()).map_err(file_error(&target))
}

/// Looks into a node's files.
#[derive(clap::Args)]
pub struct Inspect {
    /// The node's directory.
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// The block to show; without it, the segments are listed.
    #[arg(long)]
    height: Option<u64>,
}

impl Inspect {
    /// Shows the segments, or a block.
    ///
    /// # Errors
    /// [`NodeError`] when the files cannot be read.
    pub fn run(self) -> Result<(), NodeError> {
        let logs = [self.directory.join("older"), self.directory.join("segments")];
        let logs: Vec<_> = logs.iter().filter(|log| log.exists()).collect();
        let Some(height) = self.height else {
            for log in logs {
                for segment in inspect::segments(log).map_err(chain)? {
                    println!("{segment}");
                }
            }
            for file in Snapshots::new(self.directory.join("snapshots")).list().map_err(chain)? {
                println!("{}: snapshot of height {}, {} bytes", file.path.display(), file.height, file.bytes);
            }
            return Ok(());
        };
        let found = logs.into_iter().find_map(|log| inspect::block(log, height).transpose());
        let Some(block) = found.transpose().map_err(chain)? else {
            println!("区块 {height} 不在此处 · block {height} is not here");
            return Ok(());
        };
        println!("{}", inspect::FrameSummary::of(&block));
        for (index, record) in (block.first_index..).zip(&block.records) {
            match Envelope::decode(record) {
                Ok(envelope) => {
                    let core = envelope.core();
                    println!("  {index} {} {} {}", core.act.name(), core.author, envelope.id());
                }
                Err(error) => println!("  {index} {error}"),
            }
        }
        match Seal::decode(&block.seal) {
            Ok(seal) => println!("{seal:#?}"),
            Err(error) => println!("the seal: {error}"),
        }
        Ok(())
    }
}

fn chain(error: StoreError) -> NodeError {
    NodeError::Chain(error.into())
}

/// Builds the index of a node's directory again, comparing every seal's roots: from the oldest snapshot, or from the
/// genesis.
///
/// # Errors
/// [`NodeError`] when the log is damaged, or a node runs in the directory.
pub fn reindex(directory: &Path, from_genesis: bool) -> Result<(), NodeError> {
    let node = NodeDirectory::open(directory)?;
    let index = directory.join("index");
    let aside = SledIndex::discard(&index, "rebuilt by hand").map_err(chain)?;
    if let Some(aside) = aside {
        println!("旧索引移至 · the old index is now {aside}");
    }
    let started = std::time::Instant::now();
    let beginning = if from_genesis { Beginning::Genesis } else { Beginning::Oldest };
    let (chain, opening) = open_chain_from(&node, beginning)?;
    chain.sync()?;
    for bad in &opening.bad_snapshots {
        println!("快照无效，已移开 · set aside a bad snapshot: {bad}");
    }
    if let Some(height) = opening.restored {
        println!("自高度 {height} 的快照开始 · began from the snapshot of height {height}");
    }
    let committed = chain.committed();
    println!(
        "索引已重建 · rebuilt from {} blocks, {} values, in {:.1?}",
        opening.replayed,
        committed.values(),
        started.elapsed()
    );
    println!("状态根 · state root {}", committed.state_root());
    Ok(())
}

/// Writes a snapshot of the state in a node's directory; the node must not run.
///
/// # Errors
/// [`NodeError`] when the log is damaged, a node runs in the directory, or the file cannot be written.
pub fn snapshot(directory: &Path) -> Result<(), NodeError> {
    let node = NodeDirectory::open(directory)?;
    let (chain, _) = open_chain(&node)?;
    match chain.write_snapshot(node.config.store.snapshots_kept)? {
        Some(written) => println!(
            "快照已写入 · wrote {}: height {}, {} values, {} bytes, in {:.1?}\n摘要 · digest {}",
            written.path.display(),
            written.height,
            written.values,
            written.bytes,
            written.elapsed,
            written.digest
        ),
        None => println!("没有新的区块 · there is no new block since the last snapshot"),
    }
    Ok(chain.sync()?)
}
