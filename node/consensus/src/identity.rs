//! Network identities: the ledger's Ed25519 keys as libp2p's peer ids and addresses.

use crate::config::Peer;
use malachitebft_app_channel::app::net::Multiaddr;
use malachitebft_app_channel::app::types::{Keypair, PeerId};
use std::net::{IpAddr, SocketAddr};
use tongda_ledger::key::{Algorithm, PublicKey, SigningKey};

/// A peer id of an Ed25519 key starts with these bytes: identity multihash of a protobuf with key type 1.
const ED25519_PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/// The Ed25519 key that a peer id holds; `None` for an identity of another kind.
pub(crate) fn network_key(peer: &PeerId) -> Option<PublicKey> {
    let bytes = peer.to_bytes();
    let key = bytes.strip_prefix(&ED25519_PREFIX)?;
    Some(PublicKey::ed25519(key.try_into().ok()?))
}

/// The key pair of a network identity.
pub(crate) fn key_pair(key: &SigningKey) -> Keypair {
    Keypair::ed25519_from_bytes(key.seed()).expect("every 32 bytes are an Ed25519 seed")
}

/// The address of a socket.
pub(crate) fn socket(address: SocketAddr) -> Multiaddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) => format!("/ip4/{ip}"),
        IpAddr::V6(ip) => format!("/ip6/{ip}"),
    };
    format!("{ip}/tcp/{}", address.port()).parse().expect("an IP address and a port are a multiaddress")
}

/// The address of a peer, with the identity that it must have.
pub(crate) fn peer_address(peer: &Peer) -> Result<Multiaddr, String> {
    if peer.network_key.algorithm() != Algorithm::ED25519 || peer.network_key.bytes().len() != 32 {
        return Err(format!("the network key {} of {} is no Ed25519 key", peer.network_key, peer.address));
    }
    let bytes = [&ED25519_PREFIX[..], peer.network_key.bytes()].concat();
    let id = PeerId::from_bytes(&bytes).map_err(|error| error.to_string())?;
    format!("{}/p2p/{id}", socket(peer.address))
        .parse()
        .map_err(|error| format!("the address of {}: {error}", peer.network_key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_key_and_its_peer_id_name_each_other() {
        let key = SigningKey::from_seed(&[5; 32]);
        let id = PeerId::from_bytes(&key_pair(&key).public().to_peer_id().to_bytes()).unwrap();
        assert_eq!(network_key(&id), Some(key.public()));
        let peer = Peer { network_key: key.public(), address: "[::1]:4000".parse().unwrap() };
        assert_eq!(peer_address(&peer).unwrap().to_string(), format!("/ip6/::1/tcp/4000/p2p/{id}"));
    }
}
