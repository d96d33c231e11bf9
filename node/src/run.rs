//! Run a node: open the chain, start consensus, gossip and HTTP, and stop all of it cleanly.

use crate::api::Api;
use crate::application::{NodeApplication, engine_peers, gossip_peers, socket_address};
use crate::chain::{Beginning, Chain, ChainError, ChainOpening, ChainOptions, watch_work};
use crate::config::{ConfigError, NodeConfig, PoolConfig};
use crate::cosign::guard::{self, GuardError};
use crate::cosign::{Checkpoints, CheckpointsError, Cosigning, Folder};
use crate::fetch::FetchError;
use crate::health::Health;
use crate::participation::{follow_until_named, take_part};
use crate::pool::gossip::{Gossip, GossipConfig, GossipError, GossipHandle};
use crate::pool::{Pool, PoolLimits, Rate};
use crate::store::StoreError;
use crate::tiles::ExportError;
use crate::witness::{self, Kept, WitnessError};
use futures::FutureExt as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tongda_consensus::{Config, EngineError, Limits, Timeouts};
use tongda_genesis::file::{Genesis, GenesisError};
use tongda_genesis::keys::{KeyFile, KeyFileError, Protection, Purpose};
use tongda_ledger::founding::Founding;
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::{Node, Nodes};
use tongda_ledger::vote::Address;

/// Why a node cannot run, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The genesis file.
    #[error("{path}: {error}")]
    Genesis {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: Box<GenesisError>,
    },
    /// A key file.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// A file.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What happened.
        error: std::io::Error,
    },
    /// The node is not one of the network's.
    #[error(
        "the network has no node {name:?}; its nodes are {known}. Set `name` in node.toml to the name under which the \
         node stands in the network"
    )]
    Stranger {
        /// The name.
        name: String,
        /// The network's nodes.
        known: String,
    },
    /// A key of the directory is not the one that the network names.
    #[error(
        "keys/{purpose}.key holds another key than the network names for this node ({found}, not {expected}): with it \
         the node could not speak for itself. Put back the key that was applied with; new keys take the place of the \
         old ones when the node's own log has reached the block that changed them"
    )]
    OtherKey {
        /// Which key.
        purpose: &'static str,
        /// The key found.
        found: String,
        /// The key expected.
        expected: String,
    },
    /// An address in the genesis file has another form.
    #[error("the address {0} is not of the form /ip4/ADDRESS/tcp/PORT")]
    Address(String),
    /// The chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The consensus engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The record gossip.
    #[error(transparent)]
    Gossip(#[from] GossipError),
    /// A snapshot that could not be fetched, or proves nothing.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A file of the node.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The export of the log.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The guard of the cosigning key.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// The published checkpoints.
    #[error(transparent)]
    Checkpoints(#[from] CheckpointsError),
    /// The node as a witness of other logs.
    #[error(transparent)]
    Witness(Box<WitnessError>),
    /// An outside witness of the configuration.
    #[error("node.toml, [[witness.outside]] {name}: {reason}")]
    Outside {
        /// The witness.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// HTTP.
    #[error("HTTP at {listen}: {error}; is another process listening there?")]
    Http {
        /// The address.
        listen: SocketAddr,
        /// What happened.
        error: std::io::Error,
    },
}

/// A node's directory and what stands in it.
pub struct NodeDirectory {
    /// The directory.
    pub path: PathBuf,
    /// The configuration.
    pub config: NodeConfig,
    /// The genesis.
    pub genesis: Genesis,
    /// The text of its file.
    pub genesis_text: String,
}

impl NodeDirectory {
    /// Reads configuration and genesis, and verifies the founders' signatures.
    ///
    /// # Errors
    /// [`NodeError`] says which file is wrong, where, and what would cure it.
    pub fn open(path: &Path) -> Result<Self, NodeError> {
        let config = NodeConfig::read(&path.join("node.toml"))?;
        let (genesis, genesis_text) = read_genesis_text(&path.join(&config.genesis))?;
        Ok(Self { path: path.to_owned(), config, genesis, genesis_text })
    }

    /// This node among the network's.
    fn node(&self, nodes: &Nodes) -> Result<Node, NodeError> {
        let nodes = &nodes.nodes;
        let found = nodes.iter().find(|node| node.name.as_str() == self.config.name);
        found.cloned().ok_or_else(|| NodeError::Stranger {
            name: self.config.name.clone(),
            known: nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// A key of the directory.
    ///
    /// # Errors
    /// [`NodeError::Key`] when it cannot be read.
    pub fn key(&self, purpose: Purpose, name: &'static str) -> Result<SigningKey, NodeError> {
        let path = self.path.join("keys").join(format!("{name}.key"));
        Ok(KeyFile::load(&path, || None)?.for_purpose(purpose, &path)?)
    }

    /// The key of the node's own line under checkpoints, made if there is none: it carries no safety.
    ///
    /// # Errors
    /// [`NodeError::Key`] when it cannot be made or read.
    pub fn log_key(&self) -> Result<SigningKey, NodeError> {
        let path = self.path.join("keys/log.key");
        if !path.exists() {
            KeyFile::generate(Purpose::Log, &mut rand::rngs::OsRng).save(&path, &Protection::OwnerOnly)?;
        }
        self.key(Purpose::Log, "log")
    }

    /// The directory of what the node voted and cosigned.
    #[must_use]
    pub fn consensus(&self) -> PathBuf {
        self.path.join("consensus")
    }

    /// Whether the keys in the directory are those that the network names for the node: `nodes` are those of the genesis, or
    /// of the state once there is one.
    ///
    /// # Errors
    /// [`NodeError::OtherKey`] names the key that is not.
    pub fn check_keys(&self, nodes: &Nodes) -> Result<(), NodeError> {
        let node = self.node(nodes)?;
        same_key("vote", &self.key(Purpose::Vote, "vote")?, &node.vote_key)?;
        same_key("cosign", &self.key(Purpose::Cosign, "cosign")?, &node.cosign_key)?;
        same_key("network", &self.key(Purpose::Network, "network")?, &node.network_key)
    }

    /// Whether the keys in the directory are those that the network names, as [`Self::check_keys`]; none of them when the node
    /// was given new ones by a vote that its own log does not have yet.
    ///
    /// # Errors
    /// [`NodeError::OtherKey`] when some are and some are not.
    fn is_named(&self, nodes: &Nodes) -> Result<bool, NodeError> {
        let node = self.node(nodes)?;
        let named = [
            (self.key(Purpose::Vote, "vote")?, node.vote_key),
            (self.key(Purpose::Cosign, "cosign")?, node.cosign_key),
            (self.key(Purpose::Network, "network")?, node.network_key),
        ];
        if named.iter().all(|(key, named)| key.public() != *named) {
            return Ok(false);
        }
        self.check_keys(nodes).map(|()| true)
    }

    /// How the consensus engine of this node runs among these nodes.
    ///
    /// # Errors
    /// [`NodeError`] when a key cannot be read or an address is none.
    pub fn engine_config(&self, nodes: &Nodes) -> Result<Config, NodeError> {
        let node = self.node(nodes)?;
        let listen = self.config.network.consensus_listen;
        let listen = listen.map_or_else(|| address(node.consensus_address.as_str()), Ok)?;
        let parameters = &self.genesis.founding.parameters;
        // Lengths and the seal come on top of the records' bytes.
        let body_bytes =
            parameters.bytes_per_block as usize + 4 * parameters.records_per_block as usize + 4096;
        let (bytes_per_peer, bytes_total) = (3 * body_bytes, 32 * body_bytes);
        Ok(Config {
            network: self.genesis.network,
            moniker: node.name.to_string(),
            listen,
            network_key: self.key(Purpose::Network, "network")?,
            peers: engine_peers(nodes, node.name.as_str()),
            // One without a vote has the key too: the exchanges may give it a vote while it runs.
            vote_key: Some(self.key(Purpose::Vote, "vote")?),
            directory: self.consensus(),
            limits: Limits { body_bytes, bytes_per_peer, bytes_total, ..Limits::default() },
            timeouts: Timeouts::default(),
        })
    }

    /// How the chain in this directory is opened.
    #[must_use]
    pub fn chain_options(&self) -> ChainOptions {
        ChainOptions {
            directory: self.path.clone(),
            segment_bytes: self.config.store.segment_bytes,
            index_cache: self.config.store.index_cache,
        }
    }
}

/// Reads a genesis file and verifies the founders' signatures.
///
/// # Errors
/// [`NodeError::Genesis`] names the line that is wrong.
pub fn read_genesis(path: &Path) -> Result<Genesis, NodeError> {
    Ok(read_genesis_text(path)?.0)
}

fn read_genesis_text(path: &Path) -> Result<(Genesis, String), NodeError> {
    let text =
        std::fs::read_to_string(path).map_err(|error| NodeError::File { path: path.to_owned(), error })?;
    let wrong = |error| NodeError::Genesis { path: path.to_owned(), error: Box::new(error) };
    let genesis = Genesis::parse(&text).map_err(wrong)?;
    genesis.verify().map_err(wrong)?;
    Ok((genesis, text))
}

fn pool_limits(config: &PoolConfig) -> PoolLimits {
    PoolLimits {
        records: config.records,
        bytes: config.bytes,
        address_signatures: Rate::new(config.per_address, config.per_address.saturating_mul(4)),
        address_bytes: Rate::new(
            config.per_address.saturating_mul(2048),
            config.per_address.saturating_mul(8192).max(1 << 20),
        ),
        member_records: Rate::new(config.per_member, config.per_member.saturating_mul(4)),
        ..PoolLimits::default()
    }
}

fn same_key(
    purpose: &'static str,
    key: &SigningKey,
    expected: &tongda_ledger::key::PublicKey,
) -> Result<(), NodeError> {
    if key.public() == *expected {
        return Ok(());
    }
    Err(NodeError::OtherKey { purpose, found: key.public().to_string(), expected: expected.to_string() })
}

fn address(multiaddress: &str) -> Result<SocketAddr, NodeError> {
    socket_address(multiaddress).ok_or_else(|| NodeError::Address(multiaddress.to_owned()))
}

fn report(opening: &ChainOpening) {
    if let Some(cut) = &opening.cut {
        tracing::warn!(cut, "a torn tail of the log was cut");
    }
    if let Some(aside) = &opening.set_aside {
        tracing::warn!(aside, "the index could not be used and is built again");
    }
    for bad in &opening.bad_snapshots {
        tracing::warn!(bad, "a snapshot could not be used and was set aside");
    }
    if opening.joined {
        tracing::info!("the older blocks that were fetched are now the beginning of the log");
    }
    if let Some(height) = opening.restored {
        tracing::info!(height, "the index begins anew from a snapshot");
    }
    if let Some(reason) = &opening.hashes_rebuilt {
        tracing::warn!(reason, leaves = opening.hashed, "the hashes of the log's tree were made anew");
    }
    tracing::info!(
        height = opening.height,
        replayed = opening.replayed,
        hashed = opening.hashed,
        "the log is open"
    );
}

/// Opens the chain of a directory, without starting anything.
///
/// # Errors
/// [`NodeError`] when a file or the log is wrong.
pub fn open_chain(directory: &NodeDirectory) -> Result<(Chain, ChainOpening), NodeError> {
    open_chain_from(directory, Beginning::default())
}

/// The same; if the index is built anew, it begins here.
///
/// # Errors
/// As [`open_chain`].
pub fn open_chain_from(
    directory: &NodeDirectory,
    beginning: Beginning,
) -> Result<(Chain, ChainOpening), NodeError> {
    let pool = Pool::new(pool_limits(&directory.config.pool));
    // Whether it is a validator's, the state says; without it the node proposes nothing.
    let own = directory.key(Purpose::Vote, "vote").ok().map(|key| Address::of(&key.public()));
    Ok(Chain::open_from(&directory.chain_options(), &directory.genesis.founding, own, pool, beginning)?)
}

/// Runs the node in `directory` until `shutdown` completes.
///
/// # Errors
/// [`NodeError`] says what is wrong or broken; nothing that was acknowledged is lost.
pub async fn run(
    directory: NodeDirectory,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), NodeError> {
    let witness = witness::command::open(&directory)?.map(Arc::new);
    let outside = witness::command::outside(&directory)?;
    let witnessed = directory.path.join(witness::kept::FILE);
    let witnessed =
        Kept::open(&witnessed).map_err(|error| NodeError::File { path: witnessed.clone(), error })?;
    let witnessed = Arc::new(witnessed);
    let (chain, opening) = tokio::task::block_in_place(|| open_chain(&directory))?;
    let nodes = chain.committed().nodes().clone();
    let node = directory.node(&nodes)?;
    let named = directory.is_named(&nodes)?;
    report(&opening);
    let offset = crate::clock::offset();
    if offset != 0 {
        tracing::warn!(offset, "TONGDA_CLOCK_OFFSET_MS is set: a drill; the clock is taken to be off");
    }
    let founding: Arc<Founding> = Arc::new(directory.genesis.founding.clone());
    let name = directory.config.name.clone();
    let health = Arc::new(Health::new());
    health.opened(opening.height, chain.committed().tip().log.size());

    let listen =
        directory.config.network.gossip_listen.map_or_else(|| address(node.gossip_address.as_str()), Ok)?;
    let gossip = GossipConfig {
        network_key: directory.key(Purpose::Network, "network")?,
        listen,
        peers: gossip_peers(&nodes, &name),
        network: chain.network(),
    };
    let (cosign_events, cosign_received) = mpsc::channel(COSIGN_EVENTS);
    let gossip = Gossip::start_cosigning(gossip, chain.pool().clone(), cosign_events).await?;
    let gossip = Arc::new(gossip);
    let (peers, peers_changed) = watch::channel(nodes.clone());
    let following = tokio::spawn(follow_peers(peers_changed, gossip.clone(), name.clone()));

    let work = watch::Sender::new(false);
    let watching = tokio::spawn(watch_work(chain.clone(), work.clone()));
    let store = &directory.config.store;
    let copying = keep_snapshots(chain.clone(), health.clone(), store.snapshot_every, store.snapshots_kept);
    let copying = tokio::spawn(copying);
    let backfill = crate::backfill::run(chain.clone(), founding.clone(), name.clone(), health.clone());
    let backfill = tokio::spawn(backfill);

    let (stop, stopped) = watch::channel(false);
    let (checkpoints, found) = tokio::task::block_in_place(|| {
        Checkpoints::open(&directory.path, chain.network(), directory.log_key()?).map_err(NodeError::from)
    })?;
    if let Some(damage) = &found.damage {
        tracing::warn!(damage, "the end of the history of checkpoints could not be read and was moved away");
    }
    let checkpoints = Arc::new(checkpoints);
    let cosigning = Cosigning {
        chain: chain.clone(),
        gossip: gossip.clone(),
        checkpoints: checkpoints.clone(),
        guard: open_guard(&directory, &chain)?,
        health: health.clone(),
        afresh: Duration::from_secs(directory.config.cosign.afresh_seconds.max(1)),
        directory: directory.path.clone(),
    };
    let cosigning = tokio::spawn(cosigning.run(found.of_signers, cosign_received, stopped.clone()));

    let api = Api {
        chain: chain.clone(),
        checkpoints: checkpoints.clone(),
        health: health.clone(),
        gossip: gossip.clone(),
        founding,
        genesis: directory.genesis_text.as_str().into(),
        name: name.as_str().into(),
        wait: Duration::from_secs(directory.config.api.wait_seconds),
        witness,
        witnessed: witnessed.clone(),
    };
    let every = Duration::from_secs(directory.config.witness.every_seconds.max(1));
    let evidence = witness::command::evidence(&directory.path);
    let bringing = witness::own_log::ask_all(outside, every, chain.clone(), checkpoints, witnessed, evidence);
    let bringing = tokio::spawn(bringing);
    let http = directory.config.api.listen;
    let unreachable = |error| NodeError::Http { listen: http, error };
    let listener = tokio::net::TcpListener::bind(http).await.map_err(unreachable)?;
    let serving = tokio::spawn(serve(listener, api, stopped.clone()));

    let application = || {
        let (work, health, peers) = (work.clone(), health.clone(), peers.clone());
        NodeApplication::new(chain.clone(), name.clone(), work, health, peers)
    };
    let config = directory.engine_config(&nodes)?;
    tracing::info!(name, network = %chain.network(), api = %http, "the node runs");
    let shutdown = shutdown.shared();
    let named = if named {
        Ok(())
    } else {
        follow_until_named(&directory, &config, &application, &chain, &shutdown).await
    };
    let result = match named {
        Ok(()) => take_part(config, application, &chain, &health, shutdown).await,
        Err(error) => Err(error),
    };

    let _ = stop.send(true);
    watching.abort();
    following.abort();
    copying.abort();
    backfill.abort();
    bringing.abort();
    chain.stop_snapshots();
    if let Err(error) = cosigning.await {
        tracing::error!(%error, "cosigning had failed");
    }
    let serving_ends = serving.abort_handle();
    if tokio::time::timeout(Duration::from_secs(3), serving).await.is_err() {
        serving_ends.abort();
        tracing::warn!("HTTP connections were still open and are cut");
    }
    if let Some(gossip) = Arc::into_inner(gossip) {
        gossip.shutdown().await;
    }
    tokio::task::block_in_place(|| chain.sync())?;
    tracing::info!("the node has stopped");
    result
}

/// What peers tell of cosignatures and is not judged yet; what is more is asked for again.
const COSIGN_EVENTS: usize = 64;

/// Opens the guard of the node's cosigning key; a node that has never run gets its first one.
fn open_guard(directory: &NodeDirectory, chain: &Chain) -> Result<guard::Guard<Folder>, NodeError> {
    let (consensus, network) = (directory.consensus(), chain.network());
    let key = directory.key(Purpose::Cosign, "cosign")?;
    let has_run = chain.committed().tip().height() > 0 || consensus.join("wal").exists();
    let disk = guard::folder(&consensus)?;
    let guard = if !has_run && guard::look(&disk)? == guard::Found::Nothing {
        guard::Guard::make(disk, network, key)?
    } else {
        guard::Guard::open(disk, network, key)?
    };
    match guard.silent() {
        Some(silence) => silence.tell(),
        None => tracing::info!(size = guard.largest().size, "the cosigning guard is open"),
    }
    Ok(guard)
}

/// Writes a snapshot every so many blocks.
async fn keep_snapshots(chain: Chain, health: Arc<Health>, every: u64, keep: usize) {
    if every == 0 {
        return;
    }
    let mut last = match chain.snapshots().list() {
        Ok(files) => files.last().map_or(0, |file| file.height),
        Err(error) => {
            tracing::error!(%error, "no snapshots are written");
            return;
        }
    };
    health.snapshot_at(last);
    let mut heights = chain.heights();
    loop {
        let due = last.saturating_add(every);
        let Ok(height) = heights.wait_for(|height| *height >= due).await.map(|height| *height) else {
            return;
        };
        let writer = chain.clone();
        // Counted from here if it fails: a full disk is not written to again at every block.
        last = height;
        match tokio::task::spawn_blocking(move || writer.write_snapshot(keep)).await {
            Ok(Ok(Some(written))) => {
                health.snapshot_written(&written);
                last = written.height;
                tracing::info!(
                    height = written.height,
                    values = written.values,
                    bytes = written.bytes,
                    took = ?written.elapsed,
                    longest_wait = ?written.longest_wait,
                    "wrote a snapshot"
                );
            }
            Ok(Ok(None)) => {}
            Ok(Err(error)) => {
                health.snapshot_failed();
                if matches!(error, ChainError::Index(_)) {
                    chain.distrust_index();
                }
                tracing::error!(%error, "a snapshot could not be written");
            }
            Err(error) => tracing::error!(%error, "writing a snapshot was broken off"),
        }
    }
}

async fn serve(listener: tokio::net::TcpListener, api: Api, mut stopped: watch::Receiver<bool>) {
    let service = api.router().into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = stopped.wait_for(|stopped| *stopped).await;
    });
    if let Err(error) = server.await {
        tracing::error!(%error, "HTTP has ended");
    }
}

/// Tells the gossip of every change of the network's nodes.
async fn follow_peers(mut nodes: watch::Receiver<Nodes>, gossip: Arc<GossipHandle>, name: String) {
    while nodes.changed().await.is_ok() {
        let peers = gossip_peers(&nodes.borrow_and_update(), &name);
        gossip.set_peers(peers).await;
    }
}
