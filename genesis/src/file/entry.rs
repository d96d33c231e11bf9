//! The entries of the genesis file as TOML has them: members refer to one another by short names.

use super::layout::{Layout, Step};
use super::parameters::ParametersEntry;
use super::{GenesisError, Handle};
use serde::Deserialize;
use std::collections::BTreeMap;
use tongda_ledger::act::member::{EnrolmentCode, KeyEntry, KeyEvidence, Role, SigningPolicy, Threshold};
use tongda_ledger::codec::{List, Text};
use tongda_ledger::founding::{Founding, FoundingMember};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CreditCode, Date, MemberId, OverriddenCode, RegionCode, Timestamp};
use tongda_ledger::key::{PublicKey, Signature};
use tongda_ledger::state::{Anchor, Node, Nodes, Table};
use tongda_ledger::vote::NetworkId;

/// All of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) network: NetworkEntry,
    pub(super) member: Vec<MemberEntry>,
    pub(super) node: Vec<NodeEntry>,
    pub(super) parameters: ParametersEntry,
    #[serde(default)]
    pub(super) table: Vec<Table>,
    pub(super) founding: Option<FoundingEntry>,
    #[serde(default)]
    pub(super) signature: Vec<SignatureEntry>,
}

/// The section `[network]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct NetworkEntry {
    version: u8,
    name: Text<200>,
    start: Timestamp,
    demonstration: bool,
    predecessor: Option<Hash>,
}

/// A section `[[member]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct MemberEntry {
    /// Its short name in this file.
    pub(crate) id: Handle,
    pub(crate) name: Text<300>,
    pub(crate) code: Option<CreditCode>,
    pub(crate) overridden_code: Option<OverriddenCode>,
    pub(crate) code_allowed_by: Option<Handle>,
    pub(crate) roles: List<Role, 8>,
    pub(crate) region: RegionCode,
    pub(crate) exchange: Handle,
    pub(crate) keys: List<KeyLine, 16>,
    pub(crate) sign_with: u8,
    #[serde(default)]
    pub(crate) sign_acts: List<Threshold, 64>,
}

/// A key of a member, on one line.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct KeyLine {
    key: PublicKey,
    evidence: Hash,
    valid_until: Option<Date>,
}

/// A section `[[node]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct NodeEntry {
    pub(crate) name: Text<60>,
    pub(crate) exchange: Handle,
    pub(crate) region: RegionCode,
    pub(crate) power: u64,
    pub(crate) vote_key: PublicKey,
    pub(crate) cosign_key: PublicKey,
    pub(crate) network_key: PublicKey,
    pub(crate) consensus_address: Text<200>,
    pub(crate) gossip_address: Text<200>,
    pub(crate) api_address: Text<200>,
}

/// The section `[founding]`: what is signed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct FoundingEntry {
    pub(super) network_id: NetworkId,
    /// Base64, with white space anywhere.
    pub(super) canonical: String,
}

/// A section `[[signature]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignatureEntry {
    pub(super) member: Handle,
    pub(super) key: PublicKey,
    pub(super) signature: Signature,
}

/// Whom a short name means.
#[derive(Debug)]
pub(crate) struct Reference<'h>(BTreeMap<&'h str, MemberId>);

impl<'h> Reference<'h> {
    /// The names in the order of the members.
    pub(crate) fn of(handles: &'h [Handle]) -> Self {
        Self(
            handles
                .iter()
                .take(100)
                .enumerate()
                .map(|(n, handle)| (handle.as_str(), Founding::member_id(n)))
                .collect(),
        )
    }

    /// The member, or a sentence that says which names there are.
    pub(crate) fn find(&self, handle: &str) -> Result<MemberId, String> {
        self.0.get(handle).copied().ok_or_else(|| {
            let names: Vec<_> = self.0.keys().copied().collect();
            format!("no member has the id {handle:?}; there are {}", names.join(", "))
        })
    }
}

/// A field of an entry, and why it cannot be.
pub(crate) type FieldError = (&'static str, String);

impl MemberEntry {
    /// The member, its references resolved by `find`.
    pub(crate) fn resolve(
        self,
        find: impl Fn(&str) -> Result<MemberId, String>,
    ) -> Result<FoundingMember, FieldError> {
        let code = match (self.code, self.overridden_code, self.code_allowed_by) {
            (None, None, None) => None,
            (Some(code), None, None) => Some(EnrolmentCode::Checked { code }),
            (None, Some(code), Some(allowed_by)) => {
                let allowed_by = find(&allowed_by).map_err(|reason| ("code-allowed-by", reason))?;
                Some(EnrolmentCode::Overridden { code, allowed_by })
            }
            _ => {
                let reason = "write `code` alone, or `overridden-code` with `code-allowed-by`";
                return Err(("code", reason.into()));
            }
        };
        let exchange = find(&self.exchange).map_err(|reason| ("exchange", reason))?;
        let keys: Vec<_> = self
            .keys
            .into_iter()
            .map(|line| KeyEntry {
                key: line.key,
                evidence: KeyEvidence { digest: line.evidence, valid_until: line.valid_until },
            })
            .collect();
        Ok(FoundingMember {
            name: self.name,
            code,
            roles: self.roles,
            region: self.region,
            keys: keys.try_into().expect("the entry's list has the same bound"),
            policy: SigningPolicy { default: self.sign_with, acts: self.sign_acts },
            exchange,
        })
    }
}

impl NodeEntry {
    /// The node, its exchange resolved by `find`.
    pub(crate) fn resolve(self, find: impl Fn(&str) -> Result<MemberId, String>) -> Result<Node, FieldError> {
        Ok(Node {
            exchange: find(&self.exchange).map_err(|reason| ("exchange", reason))?,
            name: self.name,
            region: self.region,
            power: self.power,
            vote_key: self.vote_key,
            cosign_key: self.cosign_key,
            network_key: self.network_key,
            consensus_address: self.consensus_address,
            gossip_address: self.gossip_address,
            api_address: self.api_address,
        })
    }
}

impl File {
    /// Where in the file the nodes stand that the founding has in ascending order.
    pub(super) fn node_places(&self) -> Vec<usize> {
        let mut places: Vec<_> = (0..self.node.len()).collect();
        places.sort_by(|a, b| self.node[*a].name.cmp(&self.node[*b].name));
        places
    }

    /// The founding that the entries describe.
    pub(super) fn into_founding(
        self,
        reference: &Reference<'_>,
        layout: &Layout<'_>,
    ) -> Result<Founding, GenesisError> {
        let at = |section: &str, n: usize, (field, reason): FieldError| {
            layout.error(&[Step::key(section), Step::Index(n), Step::key(field)], reason)
        };
        let too_many = |section: &str, error: tongda_ledger::codec::TooMany| {
            layout.error(&[Step::key(section), Step::Index(error.limit)], error.to_string())
        };
        let places = self.node_places();
        let mut members = List::new();
        for (n, entry) in self.member.into_iter().enumerate() {
            let member =
                entry.resolve(|handle| reference.find(handle)).map_err(|error| at("member", n, error))?;
            members.push(member).map_err(|error| too_many("member", error))?;
        }
        let mut nodes: Vec<Option<NodeEntry>> = self.node.into_iter().map(Some).collect();
        let mut sorted = List::new();
        for n in places {
            let Some(entry) = nodes[n].take() else { continue };
            let node =
                entry.resolve(|handle| reference.find(handle)).map_err(|error| at("node", n, error))?;
            sorted.push(node).map_err(|error| too_many("node", error))?;
        }
        let tables = self.table.try_into().map_err(|error| too_many("table", error))?;
        Ok(Founding {
            version: self.network.version,
            name: self.network.name,
            anchor: Anchor {
                start: self.network.start,
                predecessor: self.network.predecessor,
                demonstration: self.network.demonstration,
            },
            members,
            nodes: Nodes { nodes: sorted },
            parameters: self.parameters.into_parameters(tables),
        })
    }
}
