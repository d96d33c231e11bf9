//! Found a network for demonstrations: all founders played by one machine, all keys from one seed.
//!
//! The exchanges, the registrar, the court, the regulator and the registry are made and say so in their names; the
//! network says it of itself. **Whoever knows the seed knows every key**: nothing signed here binds anyone.

use crate::file::{self, Genesis};
use crate::tables::Tables;
use tongda_ledger::act::Act;
use tongda_ledger::act::member::{KeyEntry, KeyEvidence, Role, SigningPolicy};
use tongda_ledger::codec::List;
use tongda_ledger::envelope::{Core, Envelope, EnvelopeError};
use tongda_ledger::founding::{self, Founding, FoundingMember};
use tongda_ledger::hash::{Domain, Hash};
use tongda_ledger::identifier::{MemberId, RegionCode, Timestamp};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::{Anchor, Node, Nodes, Parameters};
use tongda_ledger::vote::NetworkId;

/// The exchanges in the order in which they join: node name, member name, region.
const EXCHANGES: [(&str, &str, &str); 7] = [
    ("beijing", "北京知识产权交易机构（演示）", "110000"),
    ("shanghai", "上海知识产权交易机构（演示）", "310000"),
    ("guangdong", "广东知识产权交易机构（演示）", "440000"),
    ("sichuan", "四川知识产权交易机构（演示）", "510000"),
    ("jiangsu", "江苏知识产权交易机构（演示）", "320000"),
    ("zhejiang", "浙江知识产权交易机构（演示）", "330000"),
    ("hubei", "湖北知识产权交易机构（演示）", "420000"),
];

/// The other founders: role, name, keys, and how many of them must sign.
const OTHERS: [(Role, &str, u8, u8); 4] = [
    (Role::Registrar, "专利登记机构（演示）", 3, 2),
    (Role::Court, "知识产权法院（演示）", 1, 1),
    (Role::Regulator, "知识产权管理部门（演示）", 1, 1),
    (Role::TechnicalRegistry, "技术合同登记机构（演示）", 1, 1),
];

/// Where a node listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Its consensus engine, as a multiaddress.
    pub consensus: String,
    /// Its record gossip, as a multiaddress.
    pub gossip: String,
    /// Its HTTP interface, as a URL.
    pub api: String,
}

impl Addresses {
    /// Addresses on this machine: consensus at `port`, gossip at the next, HTTP at the one after.
    #[must_use]
    pub fn local(port: u16) -> Self {
        let [consensus, gossip, api] = [0, 1, 2].map(|step| port.saturating_add(step));
        Self {
            consensus: format!("/ip4/127.0.0.1/tcp/{consensus}"),
            gossip: format!("/ip4/127.0.0.1/tcp/{gossip}"),
            api: format!("http://127.0.0.1:{api}"),
        }
    }

    /// Addresses on this machine for `count` nodes, ten ports apart.
    #[must_use]
    pub fn local_range(port: u16, count: usize) -> Vec<Self> {
        (0..count)
            .map(|n| Self::local(port.saturating_add(u16::try_from(n * 10).unwrap_or(u16::MAX))))
            .collect()
    }
}

/// A node of the demonstration with its keys.
#[derive(Clone, Debug)]
pub struct DemonstrationNode {
    /// The node's name: `beijing`.
    pub name: String,
    /// The exchange that runs it.
    pub exchange: MemberId,
    /// The key it votes with.
    pub vote: SigningKey,
    /// The key it cosigns with.
    pub cosign: SigningKey,
    /// The identity of its connections.
    pub network: SigningKey,
}

/// A founder of the demonstration with its keys.
#[derive(Clone, Debug)]
pub struct DemonstrationMember {
    /// Its id.
    pub id: MemberId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Its keys.
    pub keys: Vec<SigningKey>,
    /// How many of them must sign.
    pub sign_with: u8,
}

impl DemonstrationMember {
    /// An act of the member, signed with as many of its keys as must sign; it counts for an hour from `from`. `number`
    /// makes the nonce: the same act under another number is another record.
    ///
    /// # Errors
    /// [`EnvelopeError`] when the act is beyond the record limit.
    pub fn envelope(
        &self,
        network: NetworkId,
        from: Timestamp,
        number: u64,
        act: Act,
    ) -> Result<Envelope, EnvelopeError> {
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&number.to_le_bytes());
        let core = Core {
            network,
            author: self.id,
            valid_from: from,
            valid_until: from.plus_milliseconds(3_600_000),
            nonce,
            gather_until: None,
            expects: List::new(),
            act,
        };
        let keys = &self.keys[..usize::from(self.sign_with)];
        let signatures = keys.iter().map(|key| core.sign(self.id, key)).collect();
        Envelope::new(core, signatures)
    }
}

/// A demonstration network with everybody's keys.
#[derive(Clone, Debug)]
pub struct Demonstration {
    /// What the network is.
    pub founding: Founding,
    /// The nodes, in the order of the exchanges.
    pub nodes: Vec<DemonstrationNode>,
    /// The members: first the exchanges, then the others.
    pub members: Vec<DemonstrationMember>,
}

/// Why there is no such demonstration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DemonstrationError {
    /// Too few exchanges, or more than there are names for.
    #[error("a demonstration has 1 to 7 exchanges, not {0}")]
    Exchanges(usize),
    /// An address that no node can have.
    #[error("the address {0:?} is empty or longer than 200 bytes")]
    Address(String),
}

impl Demonstration {
    /// A network with one exchange and one node for each of `addresses`, the same for the same seed.
    ///
    /// # Errors
    /// [`DemonstrationError`] when there is no exchange, or more than seven.
    pub fn new(seed: u64, addresses: &[Addresses], start: Timestamp) -> Result<Self, DemonstrationError> {
        if addresses.is_empty() || addresses.len() > EXCHANGES.len() {
            return Err(DemonstrationError::Exchanges(addresses.len()));
        }
        let mut demonstration = Self { founding: empty(start), nodes: Vec::new(), members: Vec::new() };
        for ((node, name, region), addresses) in EXCHANGES.iter().zip(addresses) {
            let exchange = demonstration.enrol(seed, node, name, Role::Exchange, region, (1, 1));
            demonstration.connect(seed, node, exchange, region, addresses)?;
        }
        for (role, name, keys, sign_with) in OTHERS {
            demonstration.enrol(seed, name, name, role, "110000", (keys, sign_with));
        }
        demonstration.founding.nodes.nodes.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(demonstration)
    }

    fn enrol(
        &mut self,
        seed: u64,
        handle: &str,
        name: &str,
        role: Role,
        region: &str,
        (count, sign_with): (u8, u8),
    ) -> MemberId {
        let id = Founding::member_id(self.members.len());
        let keys: Vec<_> = (1..=count).map(|n| key(seed, handle, &format!("member {n}"))).collect();
        let digest =
            Hash::of(Domain::COMMITMENT, &["演示，无证明文件 · demonstration, no document".as_bytes()]);
        let entries = keys
            .iter()
            .map(|key| KeyEntry { key: key.public(), evidence: KeyEvidence { digest, valid_until: None } });
        let member = FoundingMember {
            name: name.parse().expect("the names above are texts"),
            code: None,
            roles: vec![role].try_into().expect("one role"),
            region: region.parse().expect("the regions above are codes"),
            keys: entries.collect::<Vec<_>>().try_into().expect("at most three keys"),
            policy: SigningPolicy { default: sign_with, acts: List::new() },
            exchange: if role == Role::Exchange { id } else { Founding::member_id(0) },
        };
        self.founding.members.push(member).expect("at most eleven members");
        self.members.push(DemonstrationMember { id, name: name.to_owned(), role, keys, sign_with });
        id
    }

    fn connect(
        &mut self,
        seed: u64,
        name: &str,
        exchange: MemberId,
        region: &str,
        addresses: &Addresses,
    ) -> Result<(), DemonstrationError> {
        let [vote, cosign, network] = ["vote", "cosign", "network"].map(|purpose| key(seed, name, purpose));
        let address = |text: &String| text.parse().map_err(|_| DemonstrationError::Address(text.clone()));
        let region: RegionCode = region.parse().expect("the regions above are codes");
        let node = Node {
            name: name.parse().expect("the names above are texts"),
            exchange,
            region,
            power: 1,
            vote_key: vote.public(),
            cosign_key: cosign.public(),
            network_key: network.public(),
            consensus_address: address(&addresses.consensus)?,
            gossip_address: address(&addresses.gossip)?,
            api_address: address(&addresses.api)?,
        };
        self.founding.nodes.nodes.push(node).expect("at most seven nodes");
        self.nodes.push(DemonstrationNode { name: name.to_owned(), exchange, vote, cosign, network });
        Ok(())
    }

    /// The first member with this role.
    #[must_use]
    pub fn member(&self, role: Role) -> Option<&DemonstrationMember> {
        self.members.iter().find(|member| member.role == role)
    }

    /// The exchanges, in the order of their nodes.
    pub fn exchanges(&self) -> impl Iterator<Item = &DemonstrationMember> {
        self.members.iter().filter(|member| member.role == Role::Exchange)
    }

    /// The genesis file, signed by every exchange.
    #[must_use]
    pub fn genesis_file(&self) -> String {
        let network = self.founding.network();
        let signatures: Vec<_> = self
            .exchanges()
            .flat_map(|member| member.keys.iter().map(|key| file::sign(&network, member.id, key)))
            .collect();
        file::render(&self.founding, &signatures)
    }

    /// The same, read: what a node starts from.
    ///
    /// # Errors
    /// [`file::GenesisError`] when an address given to [`Self::new`] is none.
    pub fn genesis(&self) -> Result<Genesis, file::GenesisError> {
        Genesis::parse(&self.genesis_file())
    }
}

fn empty(start: Timestamp) -> Founding {
    Founding {
        version: founding::VERSION,
        name: "通达演示网络".parse().expect("a text"),
        anchor: Anchor { start, predecessor: None, demonstration: true },
        members: List::new(),
        nodes: Nodes::default(),
        parameters: Parameters { tables: Tables::named(), ..Parameters::default() },
    }
}

/// A key that everybody can compute who knows the seed.
fn key(seed: u64, owner: &str, purpose: &str) -> SigningKey {
    let label = "tongda demonstration key, known to all";
    let text = format!("{label}\n{seed}\n{owner}\n{purpose}");
    SigningKey::from_seed(Hash::plain(&[text.as_bytes()]).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(seed: u64, exchanges: usize) -> Demonstration {
        let start = "2026-01-01T00:00:00Z".parse().unwrap();
        Demonstration::new(seed, &Addresses::local_range(27_000, exchanges), start).unwrap()
    }

    #[test]
    fn one_to_seven_exchanges_found_a_network_that_verifies() {
        for exchanges in 1..=7 {
            let demonstration = network(1, exchanges);
            let genesis = demonstration.genesis().unwrap();
            assert_eq!(genesis.founding, demonstration.founding);
            assert_eq!(genesis.verify(), Ok(()));
            assert_eq!(demonstration.exchanges().count(), exchanges);
            assert!(genesis.founding.anchor.demonstration);
            assert!(genesis.founding.members.iter().all(|member| member.name.as_str().ends_with("（演示）")));
        }
        for exchanges in [0, 8] {
            let made = Demonstration::new(1, &Addresses::local_range(1, exchanges), Timestamp::FIRST);
            assert_eq!(made.err(), Some(DemonstrationError::Exchanges(exchanges)));
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_network_and_another_seed_another() {
        assert_eq!(network(1, 4).founding.network(), network(1, 4).founding.network());
        assert_ne!(network(1, 4).founding.network(), network(2, 4).founding.network());
    }

    #[test]
    fn the_registrar_signs_with_two_of_three_keys() {
        let demonstration = network(1, 4);
        let registrar = demonstration.member(Role::Registrar).unwrap();
        assert_eq!((registrar.keys.len(), registrar.sign_with), (3, 2));
        let founder = &demonstration.founding.members[usize::from(registrar.id.ordinal()) - 1];
        assert_eq!(founder.policy.default, 2);
        for (key, entry) in registrar.keys.iter().zip(&founder.keys) {
            assert_eq!(key.public(), entry.key);
        }
    }
}
