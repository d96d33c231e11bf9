//! Say at which seal a snapshot stands, and how the validators came to be those that decided it.

use crate::block::{Seal, Tip};
use crate::codec::{Decode, Encode};
use crate::identifier::Timestamp;
use crate::tree::Frontier;
use crate::vote::{CommitCertificate, NetworkId};

/// Where a snapshot stands.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// The network.
    pub network: NetworkId,
    /// The seal after whose block the state is this one.
    pub seal: Seal,
    /// The proof that the block was decided.
    pub certificate: CommitCertificate,
    /// The log up to the seal, without it.
    pub log: Frontier,
    /// How many values the state has.
    pub values: u64,
}

impl Header {
    /// The end of the log at which the snapshot stands. `start` is when the network begins.
    #[must_use]
    pub fn tip(&self, start: Timestamp) -> Tip {
        let before = Tip { network: self.network, seal: None, log: self.log.clone(), start };
        before.after(&[], self.seal.clone())
    }
}
