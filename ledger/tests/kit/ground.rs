//! Products, funding, governance and statistics for tests: acts that are allowed as they stand.

use super::{EXCHANGE, REGISTRAR, World, date, key, list, text};
use tongda_ledger::act::funding::{Declare, Distribute, IncomeSource, InventorPart, NetIncome, Verify};
use tongda_ledger::act::governance::{ChangeNodes, Node, NodeChange, Propose, Setting, Vote};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::product::{
    File, Output, OutputClass, ProductBasis, ProductPatent, Recognise, RecognitionResult, RecognitionStandard,
};
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{LicenceId, MemberId, PatentId, ProductId, ProposalId};
use tongda_ledger::key::SigningKey;

/// The filing of a product that works one patent of the enterprise's own.
pub fn product(enterprise: MemberId, patent: PatentId) -> File {
    File {
        enterprise,
        name: text("电池管理模块（演示）"),
        model: text("BMS-1"),
        patents: list(&[ProductPatent { patent, basis: ProductBasis::Owned }]),
        industry: "C39".parse().unwrap(),
        platform: Some(text("ZLCP-2026-1")),
    }
}

/// A product's output of a year.
pub fn output(product: ProductId, year: u16) -> Output {
    Output { product, year, class: OutputClass::Millions, figures: Hash([0x21; 32]) }
}

/// The recognition of a product by the national standard for three years.
pub fn recognition(product: ProductId) -> Recognise {
    Recognise {
        product,
        standard: RecognitionStandard::National2025,
        result: RecognitionResult::Recognised,
        validity: "2026-11-24/2029-11-23".parse().unwrap(),
        document: Hash([0x22; 32]),
        on: date("2026-11-24"),
    }
}

/// The digest of every made project.
pub const PROJECT: Hash = Hash([0x31; 32]);

/// The declaration that patents were made with [`PROJECT`]'s funds.
pub fn funded(patents: &[PatentId], institution: MemberId, funder: MemberId) -> Declare {
    Declare { patents: list(patents), institution, project: PROJECT, funder }
}

/// The distribution of a licence's income, 70 % to two inventors.
pub fn distribution(world: &World, institution: MemberId, licence: LicenceId) -> Distribute {
    let part = |seed, basis_points: u16| InventorPart {
        inventor: Hash([seed; 32]),
        part: basis_points.try_into().unwrap(),
    };
    Distribute {
        institution,
        source: IncomeSource::FromLicence { licence },
        net: NetIncome::Confidential { digest: Hash([0x43; 32]) },
        share: 7000.try_into().unwrap(),
        inventors: list(&[part(1, 6000), part(2, 4000)]),
        policy: None,
        on: world.today(),
    }
}

/// A node with keys of its own, named by the seed of the first.
pub fn node(name: &str, exchange: MemberId, power: u64, seed: u32) -> (Node, [SigningKey; 3]) {
    let keys = [key(seed), key(seed + 1), key(seed + 2)];
    let node = Node {
        name: text(name),
        exchange,
        region: "310000".parse().unwrap(),
        power,
        vote_key: keys[0].public(),
        cosign_key: keys[1].public(),
        network_key: keys[2].public(),
        consensus_address: text("/ip4/127.0.0.1/tcp/4"),
        gossip_address: text("/ip4/127.0.0.1/tcp/5"),
        api_address: text("http://127.0.0.1:6"),
    };
    (node, keys)
}

/// A change of the nodes that an exchange proposes.
pub fn change(exchange: MemberId, change: NodeChange) -> ChangeNodes {
    ChangeNodes { exchange, change, reason: text("演示") }
}

/// A vote on a proposal.
pub fn vote(proposal: ProposalId, exchange: MemberId, in_favour: bool) -> Vote {
    Vote { proposal, exchange, in_favour }
}

impl World {
    /// The proposal of new parameters in two hours.
    pub fn proposal(&self, settings: &[Setting]) -> Propose {
        Propose {
            exchange: EXCHANGE,
            settings: list(settings),
            calendar: None,
            at: self.time.plus_milliseconds(2 * 3_600_000),
            reason: text("演示"),
        }
    }

    /// Has another exchange enrolled and its node added with this power, by the vote of the first exchange.
    #[track_caller]
    pub fn joined(&mut self, name: &str, power: u64, seed: u32, voters: &[MemberId]) -> MemberId {
        let exchange = self.reserved(name, Role::Exchange);
        let (node, keys) = node(name, exchange, power, seed);
        let act = change(exchange, NodeChange::Add { node });
        let proposal = ProposalId::new(self.index, 0);
        let sent = self.send_with(&[exchange], act, &keys.iter().collect::<Vec<_>>());
        assert_eq!(sent, Judgement::Effective);
        for voter in voters {
            self.effect(&[*voter], vote(proposal, *voter, true));
        }
        exchange
    }

    /// Declares a patent of an institution as funded, and has a new funder verify it.
    #[track_caller]
    pub fn funded(&mut self, institution: MemberId, patent: PatentId) -> MemberId {
        let funder = self.member("项目管理部门（演示）", Role::Funder);
        self.effect(&[institution], funded(&[patent], institution, funder));
        self.effect(&[funder], Verify { patent, project: PROJECT });
        funder
    }

    /// Enrols a made Chinese organisation with a role that takes the registrar's signature too.
    pub fn reserved(&mut self, name: &str, role: Role) -> MemberId {
        let (act, key) = self.enrolment(name, role, "CN");
        let id = MemberId::new(self.index, 0);
        assert_eq!(self.send_with(&[EXCHANGE, REGISTRAR], act, &[&key]), Judgement::Effective);
        self.keys.insert(id, vec![key]);
        id
    }

    /// Whether the same blocks lead to the same state once more.
    pub fn replays(&self) -> bool {
        self.replayed().values().eq(self.state.values())
    }

    /// Files [`product`].
    #[track_caller]
    pub fn filed(&mut self, enterprise: MemberId, patent: PatentId) -> ProductId {
        ProductId::new(self.effect(&[enterprise], product(enterprise, patent)), 0)
    }
}
