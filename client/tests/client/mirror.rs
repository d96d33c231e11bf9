//! A node in memory that serves a crafted log as files, honestly or not.

use crate::crafted_chain::{Chain, cosign};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tongda_client::Node;
use tongda_ledger::block::leaf_bytes;
use tongda_ledger::epoch::EpochLink;
use tongda_ledger::epoch::Signers;
use tongda_ledger::tree::bundle::encode_entries;
use tongda_ledger::tree::{Checkpoint, NoteSignature, SignedCheckpoint, Span, Tile, TilePath};
use tongda_ledger::vote::NetworkId;

type Files = Arc<Mutex<HashMap<String, Vec<u8>>>>;

/// The mirror, as long as it lives.
pub(crate) struct Mirror {
    files: Files,
    address: String,
}

async fn serve(State(files): State<Files>, Path(path): Path<String>) -> Result<Vec<u8>, StatusCode> {
    files.lock().unwrap().get(&path).cloned().ok_or(StatusCode::NOT_FOUND)
}

impl Mirror {
    /// Starts to serve nothing.
    pub(crate) async fn start() -> Self {
        let files = Files::default();
        let router = Router::new().route("/{*path}", get(serve)).with_state(files.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { files, address }
    }

    pub(crate) fn node(&self) -> Node {
        Node::new(&self.address).unwrap()
    }

    pub(crate) fn put(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.lock().unwrap().insert(path.to_owned(), bytes.into());
    }

    /// Turns one bit of a byte of a file over.
    pub(crate) fn spoil(&self, path: &str, byte: usize) {
        self.files.lock().unwrap().get_mut(path).unwrap_or_else(|| panic!("{path} is not served"))[byte] ^= 1;
    }

    pub(crate) fn length(&self, path: &str) -> usize {
        self.files.lock().unwrap().get(path).map_or(0, Vec::len)
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.files.lock().unwrap().keys().cloned().collect()
    }

    /// Serves the chain as it is, with this checkpoint.
    pub(crate) fn show(&self, chain: &Chain, checkpoint: &SignedCheckpoint) {
        let size = chain.log.size();
        for tile in Tile::all(size) {
            let hashes = tile.hashes(&chain.log, size).unwrap().unwrap();
            self.put(&format!("log/{}", TilePath::Tile(tile)), Tile::encode(&hashes));
        }
        let leaves: Vec<_> = chain.entries.iter().map(|(kind, entry)| leaf_bytes(*kind, entry)).collect();
        for span in Span::all(size) {
            let start = usize::try_from(span.start()).unwrap();
            let bundle = encode_entries(&leaves[start..start + usize::from(span.width())]);
            self.put(&format!("log/{}", TilePath::Entries(span)), bundle);
        }
        self.put("log/checkpoint", checkpoint.to_string());
        let links = chain.links.iter().map(|link| json!({ "link": hex(&EpochLink::bytes(link)) }));
        let epochs: Vec<_> = [json!({ "link": null })].into_iter().chain(links).collect();
        self.put("v1/epochs", json!({ "epochs": epochs }).to_string());
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The checkpoint with cosignatures of those with these seeds of cosigning keys, at this time.
pub(crate) fn signed(
    network: &NetworkId,
    signers: &Signers,
    checkpoint: &Checkpoint,
    seeds: &[u8],
    seconds: u64,
) -> SignedCheckpoint {
    let mut signed = SignedCheckpoint::new(checkpoint).unwrap();
    let keys = signers.note_keys(network);
    let times: Vec<_> = seeds.iter().map(|seed| (*seed, seconds)).collect();
    for placed in cosign(signers, checkpoint, &times) {
        let bytes = placed.cosignature.to_bytes().to_vec();
        signed.add(NoteSignature::new(&keys[usize::from(placed.signer)], bytes)).unwrap();
    }
    signed
}
