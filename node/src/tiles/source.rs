//! Give the pieces of a log: from a stopped node's directory, or from a running node over HTTP.

use super::error::ExportError;
use crate::chain::Chain;
use crate::fetch::{FetchError, NodeDoor};
use std::collections::BTreeMap;
use tongda_ledger::tree::TilePath;

/// Where an export comes from.
pub trait Source: Sync {
    /// The bytes of a tile or a bundle.
    fn piece(&self, path: TilePath) -> impl Future<Output = Result<Vec<u8>, ExportError>> + Send;

    /// The bytes of another resource below `/log/`, like `checkpoint` or `genesis`; `None` when there is none.
    fn resource(&self, name: &str) -> impl Future<Output = Result<Option<Vec<u8>>, ExportError>> + Send;
}

/// A chain in this process, and what else is published of it.
pub struct ChainSource {
    /// The chain.
    pub chain: Chain,
    /// Resources by their name below `/log/`.
    pub resources: BTreeMap<String, Vec<u8>>,
}

impl Source for ChainSource {
    async fn piece(&self, path: TilePath) -> Result<Vec<u8>, ExportError> {
        let unavailable = |error| ExportError::Unavailable { path: path.to_string(), error: Box::new(error) };
        self.chain.piece(path).map_err(unavailable)
    }

    async fn resource(&self, name: &str) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(self.resources.get(name).cloned())
    }
}

/// A running node.
pub struct NodeSource(NodeDoor);

impl NodeSource {
    /// The node at this address.
    ///
    /// # Errors
    /// [`FetchError::Address`] when it is none.
    pub fn new(address: &str) -> Result<Self, FetchError> {
        Ok(Self(NodeDoor::new(address)?))
    }
}

impl Source for NodeSource {
    async fn piece(&self, path: TilePath) -> Result<Vec<u8>, ExportError> {
        let reason = "the node does not have it; one that began from a snapshot has all only after a while";
        let bytes = self.0.log_resource(&path.to_string()).await?;
        bytes.ok_or_else(|| ExportError::Wrong { path: path.to_string(), reason: reason.into() })
    }

    async fn resource(&self, name: &str) -> Result<Option<Vec<u8>>, ExportError> {
        Ok(self.0.log_resource(name).await?)
    }
}
