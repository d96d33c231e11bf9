//! Make the nodes' directories, start a process for each, and stop them again.

use super::{DevnetError, io};
use crate::clock::now;
use crate::command;
use crate::config::{
    ApiConfig, CosignConfig, LogConfig, NetworkConfig, NodeConfig, PoolConfig, StoreConfig, WitnessConfig,
};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};
use tongda_client::Node;
use tongda_genesis::demonstration::{Addresses, Demonstration, DemonstrationMember};
use tongda_genesis::keys::{KeyFile, Protection, Purpose};
use tongda_ledger::act::member::Role;
use tongda_ledger::key::SigningKey;

/// How long the nodes may take to find each other.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a network is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many exchanges, 1 to 7.
    pub count: usize,
    /// The first of the ports on 127.0.0.1; others are taken if these are not free.
    pub port: u16,
    /// The directory for all files, empty or not there yet; a temporary one if left out.
    pub directory: Option<PathBuf>,
    /// The program that runs a node: `PROGRAM run DIRECTORY`.
    pub program: PathBuf,
}

/// A network whose nodes are processes on this machine.
pub struct Network {
    /// Where everything lies.
    pub directory: PathBuf,
    /// The network with everybody's keys.
    pub demonstration: Demonstration,
    /// The nodes, in the order of the exchanges.
    pub nodes: Vec<Running>,
    program: PathBuf,
    /// The directory is temporary: it goes when the network does.
    temporary: bool,
}

/// A node of such a network.
pub struct Running {
    /// Its name.
    pub name: String,
    /// The exchange's name in Chinese.
    pub exchange: String,
    /// Where it is reached.
    pub url: String,
    /// Its HTTP interface.
    pub node: Node,
    /// Its process, while it runs.
    process: Option<Child>,
}

impl Running {
    /// The id of its process, while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().and_then(Child::id)
    }
}

impl Network {
    /// Makes and starts a fresh network, and waits until every node hears a quorum.
    ///
    /// # Errors
    /// [`DevnetError`] when the directory is not empty, no ports are free, or a node does not start.
    pub async fn start(options: Options) -> Result<Self, DevnetError> {
        let Options { count, port, directory, program } = options;
        let (directory, temporary) = fresh_directory(directory.as_deref())?;
        let addresses = Addresses::local_range(free_ports(port, count)?, count);
        // Each run is a network of its own: what was signed in another one counts nowhere here.
        let seed = now().milliseconds();
        let demonstration = Demonstration::new(seed, &addresses, now())
            .map_err(|error| DevnetError::Setup(format!("--nodes {count}: {error}")))?;
        let genesis = directory.join("genesis.toml");
        std::fs::write(&genesis, demonstration.genesis_file())
            .map_err(io(format!("writing {}", genesis.display())))?;
        let mut network = Self { directory, demonstration, nodes: Vec::new(), program, temporary };
        network.save_member_keys()?;
        for (place, addresses) in addresses.iter().enumerate() {
            network.make_node(place, &addresses.api, &genesis)?;
            network.run(place, &[])?;
        }
        for place in 0..count {
            network.wait_until_ready(place).await?;
        }
        Ok(network)
    }

    fn make_node(&mut self, place: usize, api: &str, genesis: &Path) -> Result<(), DevnetError> {
        let node = &self.demonstration.nodes[place];
        let directory = self.directory.join(&node.name);
        let keys = self.directory.join("node-keys").join(&node.name);
        std::fs::create_dir_all(&keys).map_err(io(format!("making {}", keys.display())))?;
        let purposes = [
            ("vote", Purpose::Vote, &node.vote),
            ("cosign", Purpose::Cosign, &node.cosign),
            ("network", Purpose::Network, &node.network),
        ];
        for (name, purpose, key) in purposes {
            save_key(&keys.join(format!("{name}.key")), purpose, key)?;
        }
        let listen = api.trim_start_matches("http://");
        let listen = listen.parse().map_err(|_| DevnetError::Setup(format!("{api} is no address")))?;
        let config = NodeConfig {
            name: node.name.clone(),
            genesis: "genesis.toml".into(),
            api: ApiConfig { listen, ..ApiConfig::default() },
            network: NetworkConfig::default(),
            // One machine speaks for everybody here, so its address may send what a city's would.
            pool: PoolConfig { per_address: 200_000, per_member: 200_000, ..PoolConfig::default() },
            store: StoreConfig::default(),
            cosign: CosignConfig::default(),
            log: LogConfig::default(),
            witness: WitnessConfig::default(),
        };
        command::make(&directory, &config, genesis, &keys)
            .map_err(|error| DevnetError::Setup(error.to_string()))?;
        let exchange = self.demonstration.members.iter().find(|member| member.id == node.exchange);
        let client = Node::new(api).map_err(super::client(format!("the address {api}")))?;
        self.nodes.push(Running {
            name: node.name.clone(),
            exchange: exchange.map(|member| member.name.clone()).unwrap_or_default(),
            url: api.to_owned(),
            node: client,
            process: None,
        });
        Ok(())
    }

    /// The directory of a node.
    #[must_use]
    pub fn node_directory(&self, place: usize) -> PathBuf {
        self.directory.join(&self.nodes[place].name)
    }

    /// What a node has logged.
    #[must_use]
    pub fn node_log(&self, place: usize) -> String {
        std::fs::read_to_string(self.node_directory(place).join("node.log")).unwrap_or_default()
    }

    /// Starts the process of a node that does not run, with these variables in its environment.
    ///
    /// # Errors
    /// [`DevnetError`] when the process cannot be started.
    pub fn run(&mut self, place: usize, environment: &[(&str, &str)]) -> Result<(), DevnetError> {
        let directory = self.node_directory(place);
        let log = directory.join("node.log");
        let output = std::fs::OpenOptions::new().create(true).append(true).open(&log);
        let output = output.map_err(io(format!("making {}", log.display())))?;
        let process = Command::new(&self.program)
            .arg("run")
            .arg(&directory)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
            .map_err(io(format!("starting the node {}", self.nodes[place].name)))?;
        self.nodes[place].process = Some(process);
        Ok(())
    }

    /// Ends a node's process at once, as a power cut of its machine would: it gets no chance to finish anything.
    ///
    /// # Errors
    /// [`DevnetError`] when the process cannot be ended.
    pub async fn kill(&mut self, place: usize) -> Result<(), DevnetError> {
        let Some(mut process) = self.nodes[place].process.take() else { return Ok(()) };
        process.kill().await.map_err(io(format!("ending {}", self.nodes[place].name)))
    }

    /// Waits for a node's process to end by itself; `None` if it does not within the time.
    pub async fn ended(&mut self, place: usize, within: Duration) -> Option<std::process::ExitStatus> {
        let process = self.nodes[place].process.as_mut()?;
        let status = tokio::time::timeout(within, process.wait()).await.ok()?.ok()?;
        self.nodes[place].process = None;
        Some(status)
    }

    /// The founding members' keys, for the command `tongda`.
    fn save_member_keys(&self) -> Result<(), DevnetError> {
        for member in &self.demonstration.members {
            for (number, key) in (1..).zip(&member.keys) {
                self.save_member_key(&format!("{}-{number}", handle(member)), key)?;
            }
        }
        Ok(())
    }

    /// Saves a member's key for the command `tongda`; returns where.
    ///
    /// # Errors
    /// [`DevnetError`] when the file cannot be written.
    pub fn save_member_key(&self, name: &str, key: &SigningKey) -> Result<PathBuf, DevnetError> {
        let folder = self.directory.join("keys");
        std::fs::create_dir_all(&folder).map_err(io(format!("making {}", folder.display())))?;
        let path = folder.join(format!("{name}.key"));
        save_key(&path, Purpose::Member, key)?;
        Ok(path)
    }

    /// Waits until a node is level with the others and hears a quorum.
    ///
    /// # Errors
    /// [`DevnetError`] when its process ends, with the end of its log, or when it takes a minute.
    pub async fn wait_until_ready(&mut self, place: usize) -> Result<(), DevnetError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let running = &mut self.nodes[place];
            let ended = running.process.as_mut().map(Child::try_wait);
            if let Some(Ok(Some(status))) = ended {
                let text = self.node_log(place);
                let tail = text.lines().count().saturating_sub(8);
                let tail: Vec<_> = text.lines().skip(tail).collect();
                let what = format!("the node stopped ({status}); its log ends:\n{}", tail.join("\n"));
                return Err(DevnetError::Setup(what));
            }
            if running.node.readiness().await.is_ok_and(|readiness| readiness.ready) {
                return Ok(());
            }
            if Instant::now() > deadline {
                let what = format!("{} is not ready after {} s", running.name, PATIENCE.as_secs());
                return Err(DevnetError::Setup(what));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The first founding member with this role.
    ///
    /// # Errors
    /// [`DevnetError`] when there is none.
    pub fn founder(&self, role: Role) -> Result<&DemonstrationMember, DevnetError> {
        let found = self.demonstration.member(role);
        found.ok_or_else(|| DevnetError::Setup(format!("the demonstration has no {role:?}")))
    }

    /// Asks a node to stop, and waits for it.
    pub async fn stop_node(&mut self, place: usize) {
        let running = &mut self.nodes[place];
        let Some(mut process) = running.process.take() else { return };
        terminate(&mut process);
        if tokio::time::timeout(Duration::from_secs(10), process.wait()).await.is_err() {
            eprintln!("{} did not stop within 10 s and is ended", running.name);
            let _ = process.kill().await;
        }
    }

    /// Asks every node to stop, waits for them, and removes the directory if it is temporary.
    pub async fn stop(&mut self) {
        for running in &mut self.nodes {
            if let Some(process) = &mut running.process {
                terminate(process);
            }
        }
        for place in 0..self.nodes.len() {
            self.stop_node(place).await;
        }
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }
}

/// Asks a process to stop, as Ctrl-C does.
fn terminate(process: &mut Child) {
    let id = process.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(id) = id
        && rustix::process::kill_process(id, rustix::process::Signal::TERM).is_err()
    {
        let _ = process.start_kill();
    }
}

/// A short name for a founding member's key files.
fn handle(member: &DemonstrationMember) -> String {
    match member.role {
        Role::Exchange => format!("exchange-{}", member.id.ordinal()),
        Role::Registrar => "registrar".into(),
        Role::Court => "court".into(),
        Role::Regulator => "regulator".into(),
        _ => format!("member-{}", member.id.ordinal()),
    }
}

fn save_key(path: &Path, purpose: Purpose, key: &SigningKey) -> Result<(), DevnetError> {
    let saved = KeyFile { purpose, key: key.clone() }.save(path, &Protection::OwnerOnly);
    saved.map_err(|error| DevnetError::Setup(error.to_string()))
}

/// The directory, made if it does not exist; it must be empty. Says whether it is temporary.
fn fresh_directory(directory: Option<&Path>) -> Result<(PathBuf, bool), DevnetError> {
    let (path, temporary) = match directory {
        Some(path) => (path.to_owned(), false),
        None => (std::env::temp_dir().join(format!("tongda-devnet-{}", std::process::id())), true),
    };
    std::fs::create_dir_all(&path).map_err(io(format!("making {}", path.display())))?;
    let mut entries = std::fs::read_dir(&path).map_err(io(format!("reading {}", path.display())))?;
    if entries.next().is_some() {
        let what = format!(
            "{} is not empty; give --dir a new directory, for each network is a fresh one",
            path.display()
        );
        return Err(DevnetError::Setup(what));
    }
    Ok((path, temporary))
}

/// The first port from `port` on at which all nodes' ports are free.
fn free_ports(port: u16, count: usize) -> Result<u16, DevnetError> {
    let span = u16::try_from(count * 10).unwrap_or(u16::MAX);
    let free = |start: u16| {
        (0..span).all(|offset| offset % 10 > 2 || TcpListener::bind(("127.0.0.1", start + offset)).is_ok())
    };
    let mut start = port;
    while start < u16::MAX - 2 * span {
        if free(start) {
            if start != port {
                println!("端口 {port} 已被占用，改用 {start} · port {port} is taken; using {start}");
            }
            return Ok(start);
        }
        start += span;
    }
    Err(DevnetError::Setup(format!("no free ports on 127.0.0.1 from {port} on; give --port another start")))
}
