//! Configure a node: one commented TOML file, every setting overridable by the environment.

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tongda_ledger::tree::{KeyName, NoteKey};

/// The settings of a node. Each can be overridden by `TONGDA_` and its path in capitals: `TONGDA_API_LISTEN`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NodeConfig {
    /// The node's name in the genesis file.
    pub name: String,
    /// The genesis file; relative paths are relative to the node's directory.
    #[serde(default = "genesis")]
    pub genesis: PathBuf,
    /// HTTP.
    #[serde(default)]
    pub api: ApiConfig,
    /// Listening for other nodes.
    #[serde(default)]
    pub network: NetworkConfig,
    /// Records on their way.
    #[serde(default)]
    pub pool: PoolConfig,
    /// Disk and memory.
    #[serde(default)]
    pub store: StoreConfig,
    /// Cosigning checkpoints.
    #[serde(default)]
    pub cosign: CosignConfig,
    /// Logs.
    #[serde(default)]
    pub log: LogConfig,
    /// Watching other logs, and having this network's watched.
    #[serde(default)]
    pub witness: WitnessConfig,
}

/// HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ApiConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Seconds a submission waits for its commit before it answers 202.
    pub wait_seconds: u64,
}

/// Listening for other nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct NetworkConfig {
    /// Where the consensus engine listens, if not at the address in the genesis file.
    pub consensus_listen: Option<SocketAddr>,
    /// Where the record gossip listens, if not at the address in the genesis file.
    pub gossip_listen: Option<SocketAddr>,
}

/// Records on their way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct PoolConfig {
    /// Records that wait at most.
    pub records: usize,
    /// Bytes of records that wait at most.
    pub bytes: usize,
    /// Records a second from one address.
    pub per_address: u32,
    /// Records a second of one member.
    pub per_member: u32,
}

/// Disk and memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct StoreConfig {
    /// Bytes of a log segment.
    pub segment_bytes: u64,
    /// Bytes of memory for the index.
    pub index_cache: u64,
    /// Blocks from one snapshot to the next; 0 for none.
    pub snapshot_every: u64,
    /// Snapshots kept.
    pub snapshots_kept: usize,
}

/// Cosigning checkpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CosignConfig {
    /// Seconds after which the newest tree is cosigned afresh while it stays the newest.
    pub afresh_seconds: u64,
}

/// Logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct LogConfig {
    /// What is logged: a filter like `info` or `tongda_node=debug,warn`.
    pub filter: String,
    /// `text` for people or `json` for machines.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Watching other logs, and having this network's watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct WitnessConfig {
    /// The name of this node as a witness; without one, the origin of its network's log, `/witness/` and its own name.
    pub name: Option<KeyName>,
    /// The logs that it witnesses; without any, it is no witness.
    pub log: Vec<WitnessedLogConfig>,
    /// Seconds from one checkpoint that is brought to an outside witness to the next, at least.
    pub every_seconds: u64,
    /// The outside witnesses to which this network's checkpoints are brought.
    pub outside: Vec<OutsideConfig>,
}

/// A log of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WitnessedLogConfig {
    /// Its origin.
    pub origin: String,
    /// Keys that sign its checkpoints.
    pub vkeys: Vec<NoteKey>,
    /// How many of them must have signed.
    #[serde(default = "one")]
    pub threshold: usize,
}

/// A witness outside the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OutsideConfig {
    /// Its key, which has its name.
    pub vkey: NoteKey,
    /// Its address: `add-checkpoint` is below it.
    pub url: String,
}

const fn one() -> usize {
    1
}

fn genesis() -> PathBuf {
    "genesis.toml".into()
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self { listen: ([127, 0, 0, 1], 8080).into(), wait_seconds: 20 }
    }
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self { records: 100_000, bytes: 64 << 20, per_address: 2_000, per_member: 1_000 }
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { segment_bytes: 64 << 20, index_cache: 128 << 20, snapshot_every: 10_000, snapshots_kept: 2 }
    }
}

impl Default for CosignConfig {
    fn default() -> Self {
        Self { afresh_seconds: 60 }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            filter: "info,arc_malachitebft=warn,arc_malachitebft_network=off,libp2p=warn".into(),
            format: LogFormat::Text,
        }
    }
}

impl Default for WitnessConfig {
    fn default() -> Self {
        Self { name: None, log: Vec::new(), every_seconds: 10, outside: Vec::new() }
    }
}

impl WitnessConfig {
    /// The tables of the configuration file.
    fn render(&self) -> String {
        let vkey = "witness.example/w1+7314a2e9+BPpINBR/bmkMNpPv9hM2BGQDzYrioU8xs8QHNYVpI5Vl";
        let quoted = |text: &dyn std::fmt::Display| toml::Value::from(text.to_string()).to_string();
        let name = match &self.name {
            Some(name) => format!("name = {}", quoted(name)),
            None => "# name = \"example.org/tongda-witness\"".into(),
        };
        let mut text = format!(
            r#"
[witness]
# 见证 · A witness cosigns checkpoints of other logs (C2SP tlog-witness), never of its own network's. Its key is
# keys/witness.key, made by `tongda-node witness init`. Its name, if the one made from the node's does not serve:
{name}
# Seconds from one checkpoint that is brought to an outside witness to the next, at least.
every-seconds = {every}
# A log to witness, with the keys that sign its checkpoints and how many of them must have signed. One table a log.
# [[witness.log]]
# origin = "example.com/log"
# vkeys = ["example.com/log+…"]
# threshold = 1
# A witness outside the network, to which this network's checkpoints are brought. One table a witness.
# [[witness.outside]]
# vkey = "{vkey}"
# url = "https://witness.example/"
"#,
            every = self.every_seconds,
        );
        for log in &self.log {
            let vkeys: Vec<_> = log.vkeys.iter().map(|vkey| quoted(vkey)).collect();
            text += &format!(
                "\n[[witness.log]]\norigin = {}\nvkeys = [{}]\nthreshold = {}\n",
                quoted(&log.origin),
                vkeys.join(", "),
                log.threshold
            );
        }
        for outside in &self.outside {
            let (vkey, url) = (quoted(&outside.vkey), quoted(&outside.url));
            text += &format!("\n[[witness.outside]]\nvkey = {vkey}\nurl = {url}\n");
        }
        text
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("reading {path}: {error}; `tongda-node init` makes a node's directory")]
    Read {
        /// The file.
        path: PathBuf,
        /// What happened.
        error: std::io::Error,
    },
    /// The file is no configuration.
    #[error("{path}: {error}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        error: toml::de::Error,
    },
    /// A variable of the environment does not fit its setting.
    #[error("the environment variable {name}={value}: {reason}")]
    Environment {
        /// The variable.
        name: String,
        /// Its value.
        value: String,
        /// What is wrong.
        reason: String,
    },
}

/// The settings, by the path of tables, that the environment may override.
const SETTINGS: [&[&str]; 19] = [
    &["name"],
    &["genesis"],
    &["api", "listen"],
    &["api", "wait-seconds"],
    &["network", "consensus-listen"],
    &["network", "gossip-listen"],
    &["pool", "records"],
    &["pool", "bytes"],
    &["pool", "per-address"],
    &["pool", "per-member"],
    &["store", "segment-bytes"],
    &["store", "index-cache"],
    &["store", "snapshot-every"],
    &["store", "snapshots-kept"],
    &["cosign", "afresh-seconds"],
    &["log", "filter"],
    &["log", "format"],
    &["witness", "name"],
    &["witness", "every-seconds"],
];

/// The name of the variable that overrides a setting.
fn variable(path: &[&str]) -> String {
    format!("TONGDA_{}", path.join("_").replace('-', "_").to_uppercase())
}

impl NodeConfig {
    /// Reads the configuration, overridden by the environment.
    ///
    /// # Errors
    /// [`ConfigError`] says which line or variable is wrong.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Read { path: path.to_owned(), error })?;
        Self::parse(path, &text, |name| std::env::var(name).ok())
    }

    fn parse(
        path: &Path,
        text: &str,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let wrong = |error| ConfigError::Parse { path: path.to_owned(), error };
        // Parsed once as it stands, so that an error names its line.
        let config: Self = toml::from_str(text).map_err(wrong)?;
        let mut table: toml::Table = toml::from_str(text).map_err(wrong)?;
        let mut overridden = None;
        for setting in SETTINGS {
            let name = variable(setting);
            let Some(value) = environment(&name) else { continue };
            let mut inner = &mut table;
            let (last, tables) = setting.split_last().expect("a setting has a name");
            for part in tables {
                let entry = inner.entry(*part).or_insert_with(|| toml::Table::new().into());
                inner = entry.as_table_mut().expect("parsed above: the setting's parent is a table");
            }
            let number = value.parse::<i64>().map(toml::Value::from);
            inner.insert((*last).into(), number.unwrap_or_else(|_| value.clone().into()));
            let result: Result<Self, _> = table.clone().try_into();
            let reason = |error: toml::de::Error| ConfigError::Environment {
                name: name.clone(),
                value: value.clone(),
                reason: error.message().to_owned(),
            };
            overridden = Some(result.map_err(reason)?);
        }
        Ok(overridden.unwrap_or(config))
    }

    /// The file for a new node, with a comment for each setting.
    #[must_use]
    pub fn render(&self) -> String {
        let optional = |setting: &str, value: Option<SocketAddr>, example: &str| match value {
            Some(value) => format!("{setting} = \"{value}\""),
            None => format!("# {setting} = \"{example}\""),
        };
        let format = match self.log.format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        };
        format!(
            r#"# 通达节点配置 · Configuration of a Tongda node.
# Every setting can be overridden by an environment variable: TONGDA_ and its path in capitals, for instance
# TONGDA_API_LISTEN=0.0.0.0:8080 or TONGDA_POOL_PER_MEMBER=500.

# 节点名，见创世文件 · The node's name in the genesis file.
name = "{name}"
# 创世文件 · The genesis file. Everything the node trusts follows from it.
genesis = "{genesis}"

[api]
# HTTP 监听地址 · Where HTTP listens. Put a reverse proxy with TLS before it when it is reached from outside.
listen = "{listen}"
# Seconds a submission waits for its commit before it answers 202 and the client asks again.
wait-seconds = {wait}

[network]
# Where the node listens for the other nodes, if that differs from its addresses in the genesis file (behind NAT).
{consensus}
{gossip}

[pool]
# Records and bytes that wait for a block at most. When full, submissions are answered 503 with Retry-After.
records = {records}
bytes = {bytes}
# Records a second from one address, counted before signatures are verified, and of one member, counted after.
per-address = {per_address}
per-member = {per_member}

[store]
# Bytes of a segment file of the log. Segments are preallocated.
segment-bytes = {segment}
# Bytes of memory for the index's pages; the index takes up to 1.7 times as much.
index-cache = {cache}
# Blocks from one snapshot of the state to the next; 0 writes none. A lost index is built from the newest snapshot and
# the blocks behind it; a new node starts from one. A snapshot takes about as much of the disk as the state.
snapshot-every = {every}
# Snapshots kept; older ones are removed.
snapshots-kept = {kept}

[cosign]
# Seconds after which this node cosigns the newest checkpoint afresh while no newer one comes: how old a published
# checkpoint looks on an idle network.
afresh-seconds = {afresh}

[log]
# What is logged: error, warn, info, debug, trace, also by module: "tongda_node=debug,info".
filter = "{filter}"
# text for people, json for machines.
format = "{format}"
"#,
            name = self.name,
            genesis = self.genesis.display(),
            listen = self.api.listen,
            wait = self.api.wait_seconds,
            consensus = optional("consensus-listen", self.network.consensus_listen, "0.0.0.0:26656"),
            gossip = optional("gossip-listen", self.network.gossip_listen, "0.0.0.0:26666"),
            records = self.pool.records,
            bytes = self.pool.bytes,
            per_address = self.pool.per_address,
            per_member = self.pool.per_member,
            segment = self.store.segment_bytes,
            cache = self.store.index_cache,
            every = self.store.snapshot_every,
            kept = self.store.snapshots_kept,
            afresh = self.cosign.afresh_seconds,
            filter = self.log.filter,
        ) + &self.witness.render()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> NodeConfig {
        NodeConfig {
            name: "beijing".into(),
            genesis: genesis(),
            api: ApiConfig::default(),
            network: NetworkConfig::default(),
            pool: PoolConfig::default(),
            store: StoreConfig::default(),
            cosign: CosignConfig::default(),
            log: LogConfig::default(),
            witness: WitnessConfig::default(),
        }
    }

    #[test]
    fn the_rendered_file_reads_back_as_it_was() {
        let mut config = sample();
        config.network.gossip_listen = Some("0.0.0.0:9".parse().unwrap());
        let read = NodeConfig::parse(Path::new("node.toml"), &config.render(), |_| None).unwrap();
        assert_eq!(read, config);
        let vkey: NoteKey =
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k".parse().unwrap();
        config.witness = WitnessConfig {
            name: Some("beijing.example/witness".parse().unwrap()),
            log: vec![WitnessedLogConfig {
                origin: "a \"b\"".into(),
                vkeys: vec![vkey.clone()],
                threshold: 1,
            }],
            every_seconds: 3,
            outside: vec![OutsideConfig { vkey, url: "https://w.example/".into() }],
        };
        let read = NodeConfig::parse(Path::new("node.toml"), &config.render(), |_| None).unwrap();
        assert_eq!(read, config);
    }

    #[test]
    fn the_environment_overrides_every_setting_and_a_wrong_value_names_its_variable() {
        let text = "name = \"x\"";
        let with = |name: &'static str, value: &'static str| {
            NodeConfig::parse(Path::new("node.toml"), text, move |asked| {
                (asked == name).then(|| value.to_owned())
            })
        };
        assert_eq!(with("TONGDA_API_LISTEN", "127.0.0.1:9").unwrap().api.listen.port(), 9);
        assert_eq!(with("TONGDA_POOL_PER_MEMBER", "7").unwrap().pool.per_member, 7);
        assert_eq!(with("TONGDA_LOG_FORMAT", "json").unwrap().log.format, LogFormat::Json);
        let error = with("TONGDA_POOL_RECORDS", "many").unwrap_err().to_string();
        assert!(error.contains("TONGDA_POOL_RECORDS=many"), "{error}");
    }

    #[test]
    fn an_unknown_setting_is_refused_with_its_line() {
        let error =
            NodeConfig::parse(Path::new("node.toml"), "name = \"x\"\nnmae = 1\n", |_| None).unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
