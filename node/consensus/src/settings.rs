//! The engine's own settings, made from the node's configuration.

use crate::config::Config;
use crate::error::EngineError;
use crate::identity::{peer_address, socket};
use malachitebft_app_channel::app::config::{ConsensusConfig, NodeConfig, ValuePayload, ValueSyncConfig};
use std::time::Duration;

/// The engine's own configuration.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) moniker: String,
    pub(crate) consensus: ConsensusConfig,
    pub(crate) sync: ValueSyncConfig,
}

impl NodeConfig for Settings {
    fn moniker(&self) -> &str {
        &self.moniker
    }

    fn consensus(&self) -> &ConsensusConfig {
        &self.consensus
    }

    fn consensus_mut(&mut self) -> &mut ConsensusConfig {
        &mut self.consensus
    }

    fn value_sync(&self) -> &ValueSyncConfig {
        &self.sync
    }

    fn value_sync_mut(&mut self) -> &mut ValueSyncConfig {
        &mut self.sync
    }
}

impl Settings {
    /// The engine's settings for this configuration.
    pub(crate) fn new(config: &Config, validators: usize) -> Result<Self, EngineError> {
        let limits = &config.limits;
        if limits.part_bytes == 0 || limits.part_bytes > 1 << 20 {
            return Err(EngineError::Config(format!(
                "a part has 1 byte to 1 MiB, not {}",
                limits.part_bytes
            )));
        }
        if limits.body_bytes > 64 << 20 {
            return Err(EngineError::Config(format!(
                "a block has at most 64 MiB, not {}",
                limits.body_bytes
            )));
        }
        if limits.undecided_per_round == 0 || limits.streams_per_peer == 0 {
            return Err(EngineError::Config("a limit of no blocks or no streams admits no proposal".into()));
        }
        let mut consensus = ConsensusConfig {
            value_payload: ValuePayload::ProposalAndParts,
            // Room for the votes of a few rounds of a height that this node has not begun.
            queue_per_height_capacity: (8 * validators).max(500),
            ..Default::default()
        };
        let p2p = &mut consensus.p2p;
        p2p.listen_addr = socket(config.listen);
        p2p.persistent_peers =
            config.peers.iter().map(peer_address).collect::<Result<_, _>>().map_err(EngineError::Config)?;
        p2p.persistent_peers_only = true;
        // Several nodes may stand behind one address; who may connect is decided by identity.
        p2p.discovery.max_connections_per_ip = 1024;
        let mib = |bytes: usize| format!("{} MiB", bytes.div_ceil(1 << 20));
        let size = |bytes: usize| mib(bytes).parse().map_err(EngineError::Config);
        p2p.pubsub_max_size = size(limits.part_bytes + (1 << 20))?;
        let answer = 2 * limits.body_bytes.max(4 << 20);
        p2p.rpc_max_size = size(answer + (2 << 20))?;
        let network = config.network.0.to_string();
        let network = &network[..16];
        p2p.protocol_names.consensus = format!("/tongda/{network}/consensus/v1");
        p2p.protocol_names.sync = format!("/tongda/{network}/sync/v1");
        p2p.protocol_names.validator_proof = format!("/tongda/{network}/validator/v1");
        p2p.channel_names.consensus = format!("/tongda/{network}/votes/v1");
        p2p.channel_names.proposal_parts = format!("/tongda/{network}/parts/v1");
        p2p.channel_names.sync = format!("/tongda/{network}/status/v1");
        p2p.channel_names.liveness = format!("/tongda/{network}/liveness/v1");
        let sync = ValueSyncConfig {
            status_update_interval: config.timeouts.status,
            request_timeout: Duration::from_secs(5),
            max_response_size: size(answer)?,
            ..Default::default()
        };
        Ok(Self { moniker: config.moniker.clone(), consensus, sync })
    }
}
