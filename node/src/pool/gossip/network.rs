//! Build the swarm: TCP, Noise and Yamux under one identity, open to admitted nodes alone.

use super::GossipError;
use super::codec::Codec;
use libp2p::allow_block_list::{self, AllowedPeers};
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::identity::{Keypair, ed25519};
use libp2p::request_response::{self, ProtocolSupport};
use libp2p::swarm::NetworkBehaviour;
use libp2p::{Multiaddr, PeerId, StreamProtocol, Swarm, SwarmBuilder, noise, ping, tcp, yamux};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tongda_ledger::key::{Algorithm, PublicKey, SigningKey};
use tongda_ledger::vote::NetworkId;

/// How long a message may stay without a reply.
const REPLY_TIMEOUT: Duration = Duration::from_secs(10);

/// Connections that have not shown their identity yet.
const PENDING_INCOMING: u32 = 64;

/// Connections of one node: both sides may dial at the same time, or again before the other has noticed a loss.
const CONNECTIONS_PER_PEER: u32 = 4;

#[derive(NetworkBehaviour)]
pub(super) struct Behaviour {
    pub(super) admitted: allow_block_list::Behaviour<AllowedPeers>,
    limits: connection_limits::Behaviour,
    pub(super) ping: ping::Behaviour,
    pub(super) messages: request_response::Behaviour<Codec>,
}

/// A swarm with this identity that admits nobody yet. Takes at most `streams` messages of a connection at once.
pub(super) fn swarm(
    key: &SigningKey,
    network: NetworkId,
    streams: usize,
) -> Result<Swarm<Behaviour>, GossipError> {
    let identity = Keypair::ed25519_from_bytes(key.seed()).expect("every 32 bytes are an Ed25519 seed");
    let protocol = StreamProtocol::try_from_owned(format!("/tongda/{network}/records/1"))
        .expect("a protocol name begins with a slash");
    let config = request_response::Config::default()
        .with_request_timeout(REPLY_TIMEOUT)
        .with_max_concurrent_streams(streams);
    let behaviour = Behaviour {
        admitted: allow_block_list::Behaviour::default(),
        limits: connection_limits::Behaviour::new(
            ConnectionLimits::default()
                .with_max_pending_incoming(Some(PENDING_INCOMING))
                .with_max_established_per_peer(Some(CONNECTIONS_PER_PEER)),
        ),
        ping: ping::Behaviour::default(),
        messages: request_response::Behaviour::new([(protocol, ProtocolSupport::Full)], config),
    };
    let swarm = SwarmBuilder::with_existing_identity(identity)
        .with_tokio()
        .with_tcp(tcp::Config::default().nodelay(true), noise::Config::new, yamux::Config::default)
        .map_err(|error| GossipError::Identity(error.to_string()))?
        .with_behaviour(|_| behaviour)
        .expect("a behaviour that is given is made")
        .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::MAX))
        .build();
    Ok(swarm)
}

/// The peer id of a network key; `None` if it is no Ed25519 key.
pub(super) fn peer_id(key: &PublicKey) -> Option<PeerId> {
    if key.algorithm() != Algorithm::ED25519 {
        return None;
    }
    let key = ed25519::PublicKey::try_from_bytes(key.bytes()).ok()?;
    Some(PeerId::from_public_key(&key.into()))
}

/// The address of a socket.
pub(super) fn multiaddress(address: SocketAddr) -> Multiaddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) => Multiaddr::from(ip),
        IpAddr::V6(ip) => Multiaddr::from(ip),
    };
    ip.with(libp2p::multiaddr::Protocol::Tcp(address.port()))
}

/// The TCP port of an address.
pub(super) fn port(address: &Multiaddr) -> Option<u16> {
    address.iter().find_map(|part| match part {
        libp2p::multiaddr::Protocol::Tcp(port) => Some(port),
        _ => None,
    })
}
