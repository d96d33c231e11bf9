//! Made members and patents, and what they do: envelopes for blocks.

use super::Chain;
use tongda_ledger::act::Act;
use tongda_ledger::act::governance::{ChangeNodes, NodeChange, Vote};
use tongda_ledger::act::member::{self, EnrolmentCode, KeyEntry, KeyEvidence, Role, SigningPolicy};
use tongda_ledger::act::open_licence::{Announce, Declare, FeeStandard, Notice, Pay};
use tongda_ledger::act::party::{PartyName, Update};
use tongda_ledger::act::patent::{self, Owner, Stage};
use tongda_ledger::codec::{List, Text};
use tongda_ledger::envelope::{APPLICANT, Core, Envelope};
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{
    CountryCode, CreditCode, DeclarationId, MemberId, Money, NoticeId, PartyId, PatentId, PatentNumber,
    ProposalId, Term, Timestamp,
};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::{Member, Read as _};

/// Who signs: a member and as many keys as it signs with.
#[derive(Clone)]
pub struct Hand {
    pub id: MemberId,
    pub keys: Vec<SigningKey>,
}

/// A history under way.
pub struct Story {
    pub chain: Chain,
    pub registrar: Hand,
    pub exchanges: Vec<Hand>,
    pub members: Vec<Hand>,
    made: u32,
}

fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    text.parse().unwrap()
}

fn list<T, const MAX: usize>(values: Vec<T>) -> List<T, MAX> {
    values.try_into().unwrap_or_else(|_| panic!("too many"))
}

impl Story {
    /// A network of so many validators with so many made members.
    pub fn new(validators: usize, members: u32) -> Self {
        Self::on(Chain::with(validators, |parameters| parameters.checkpoint_every = 10_000), members)
    }

    pub fn on(chain: Chain, members: u32) -> Self {
        let hand = |founder: &tongda_genesis::demonstration::DemonstrationMember| Hand {
            id: founder.id,
            keys: founder.keys[..usize::from(founder.sign_with)].to_vec(),
        };
        let registrar = hand(chain.founders.member(Role::Registrar).unwrap());
        let exchanges = chain.founders.exchanges().map(hand).collect();
        let mut story = Self { chain, registrar, exchanges, members: Vec::new(), made: 0 };
        for number in 1..=members {
            story.enrol(number);
        }
        story
    }

    pub fn envelope(&mut self, signers: &[&Hand], act: impl Into<Act>) -> Envelope {
        let time = self.chain.next_time();
        self.envelope_at(time, signers, act, &[])
    }

    pub fn envelope_at(
        &mut self,
        time: Timestamp,
        signers: &[&Hand],
        act: impl Into<Act>,
        new_keys: &[&SigningKey],
    ) -> Envelope {
        self.made += 1;
        let mut nonce = [0; 16];
        nonce[..4].copy_from_slice(&self.made.to_le_bytes());
        let core = Core {
            network: self.chain.network,
            author: signers[0].id,
            valid_from: time,
            valid_until: time.plus_milliseconds(3_600_000),
            nonce,
            gather_until: None,
            expects: List::new(),
            act: act.into(),
        };
        let keys = signers.iter().flat_map(|hand| hand.keys.iter().map(move |key| (hand.id, key)));
        let mut signatures: Vec<_> = keys.map(|(id, key)| core.sign(id, key)).collect();
        signatures.extend(new_keys.iter().map(|key| core.sign(APPLICANT, key)));
        Envelope::new(core, signatures).unwrap()
    }

    /// Decides a block in which every record must be effective; the position of its first record.
    pub fn block(&mut self, envelopes: &[Envelope]) -> u64 {
        let (position, time) = (self.chain.size(), self.chain.next_time());
        let judgements = self.chain.block(time, envelopes);
        for judgement in judgements {
            assert_eq!(judgement, Judgement::Effective);
        }
        position
    }

    fn enrol(&mut self, number: u32) {
        let mut seed = [9; 32];
        seed[..4].copy_from_slice(&number.to_le_bytes());
        let key = SigningKey::from_seed(&seed);
        let evidence = KeyEvidence { digest: Hash([1; 32]), valid_until: None };
        let act = member::Register {
            name: text(&format!("演示成员{number}")),
            country: CountryCode::CHINA,
            code: Some(EnrolmentCode::Checked { code: credit_code(number) }),
            roles: list(vec![Role::Enterprise]),
            region: "110000".parse().unwrap(),
            industry: None,
            size: None,
            keys: list(vec![KeyEntry { key: key.public(), evidence }]),
            policy: SigningPolicy { default: 1, acts: List::new() },
        };
        let (time, exchange) = (self.chain.next_time(), self.exchanges[0].clone());
        let envelope = self.envelope_at(time, &[&exchange], act, &[&key]);
        let position = self.block(&[envelope]);
        self.members.push(Hand { id: MemberId::new(position, 0), keys: vec![key] });
    }

    fn party(&self, member: MemberId) -> PartyId {
        self.chain.state.must::<Member>(&member).unwrap().party
    }

    /// Enters another name of the party that a member is.
    pub fn rename(&mut self, member: usize) {
        let act = Update {
            party: self.party(self.members[member].id),
            name: Some(PartyName::Organisation { name: text("演示成员（更名）"), code: None }),
            kind: None,
            effective: self.chain.next_time().date(),
            evidence: Hash([4; 32]),
        };
        let registrar = self.registrar.clone();
        let envelope = self.envelope(&[&registrar], act);
        self.block(&[envelope]);
    }

    /// The registration of a made patent of this member.
    pub fn patent(&mut self, owner: usize) -> Envelope {
        self.made += 1;
        let digits = format!("20201{:07}", self.made);
        let number: PatentNumber =
            "0123456789X".chars().find_map(|check| format!("{digits}.{check}").parse().ok()).unwrap();
        let act = patent::Register {
            number,
            publication: None,
            title: text("一种测试装置（演示）"),
            filing: Some("2020-01-15".parse().unwrap()),
            stage: Stage::Granted { on: Some("2022-03-01".parse().unwrap()) },
            owners: list(vec![Owner { party: self.party(self.members[owner].id), share: None }]),
            undisclosed_owners: 0,
            classification: None,
            industry: None,
            same_day: None,
            funded: false,
            source: Hash([2; 32]),
        };
        let registrar = self.registrar.clone();
        self.envelope(&[&registrar], act)
    }

    /// The declaration of an open licence by the patent's owner.
    pub fn declare(&mut self, owner: usize, patent: PatentId) -> Envelope {
        let act = Declare {
            patent,
            fee: fee(),
            term: self.term(12),
            contact: text("演示联系人"),
            account: None,
            calculation: text("演示：参照同类技术"),
            industries: List::new(),
            application: None,
            know_how: false,
            undertaking: true,
        };
        let owner = self.members[owner].clone();
        self.envelope(&[&owner], act)
    }

    fn term(&self, months: u32) -> Term {
        let today = self.chain.next_time().date();
        Term::new(today, today.add_months(months)).unwrap()
    }

    pub fn announce(&mut self, declaration: DeclarationId) -> Envelope {
        let on = self.chain.next_time().date();
        let registrar = self.registrar.clone();
        self.envelope(&[&registrar], Announce { declaration, gazette: text("演示公告"), on })
    }

    pub fn notice(&mut self, licensee: usize, declaration: DeclarationId) -> Envelope {
        let act =
            Notice {
                declaration, fee: fee(), term: self.term(11), plan: text("演示：自用"), export: None
            };
        let licensee = self.members[licensee].clone();
        self.envelope(&[&licensee], act)
    }

    pub fn pay(&mut self, licensee: usize, notice: NoticeId) -> Envelope {
        let (licensee, exchange) = (self.members[licensee].clone(), self.exchanges[0].clone());
        let act = Pay {
            notice,
            amount: Money::from_fen(5_000_000),
            currency: text("CNY"),
            receipt: Hash::plain(&[notice.to_string().as_bytes()]),
            on: self.chain.next_time().date(),
            confirmed_by: exchange.id,
        };
        self.envelope(&[&licensee, &exchange], act)
    }

    /// Rekeys a node by a vote of the exchanges: its vote and cosign keys are others from the next block on.
    pub fn rekey(&mut self, node: &str, seed: u8) {
        let [vote, cosign, network] = [0, 1, 2].map(|n| SigningKey::from_seed(&[seed + n; 32]));
        let change = NodeChange::Rekey {
            name: text(node),
            vote_key: vote.public(),
            cosign_key: cosign.public(),
            network_key: network.public(),
        };
        for key in [&vote, &cosign] {
            self.chain.keys.insert(key.public().bytes().to_vec(), key.clone());
        }
        let nodes = self.chain.nodes();
        let own = nodes.nodes.iter().find(|known| known.name.as_str() == node).unwrap().exchange;
        let proposer = self.exchanges.iter().find(|hand| hand.id == own).unwrap().clone();
        let act = ChangeNodes { exchange: own, change, reason: text("演示") };
        let time = self.chain.next_time();
        let envelope = self.envelope_at(time, &[&proposer], act, &[&vote, &cosign, &network]);
        let proposal = ProposalId::new(self.block(&[envelope]), 0);
        for exchange in self.exchanges.clone() {
            let before = self.chain.nodes();
            let act = Vote { proposal, exchange: exchange.id, in_favour: true };
            let envelope = self.envelope(&[&exchange], act);
            self.block(&[envelope]);
            if self.chain.nodes() != before {
                return;
            }
        }
        panic!("the nodes did not change");
    }

    /// Goes on for at least `records` more records in blocks of up to `width`: patents are registered, declared,
    /// announced, and licensed to another member.
    pub fn bulk(&mut self, records: usize, width: usize) {
        let mut done = 0;
        let count = self.members.len();
        while done < records {
            let wide = width.min(records - done).max(1);
            let patents: Vec<_> = (0..wide).map(|n| self.patent(n % count)).collect();
            let first = self.block(&patents);
            let ids = move |first: u64| (0..wide).map(move |n| first + n as u64);
            let declarations: Vec<_> =
                (0..).zip(ids(first)).map(|(n, id)| self.declare(n % count, PatentId::new(id, 0))).collect();
            let first = self.block(&declarations);
            let announced: Vec<_> = ids(first).map(|id| self.announce(DeclarationId::new(id, 0))).collect();
            self.block(&announced);
            let notices: Vec<_> = (1..)
                .zip(ids(first))
                .map(|(n, id)| self.notice(n % count, DeclarationId::new(id, 0)))
                .collect();
            let taken = self.block(&notices);
            let paid: Vec<_> =
                (1..).zip(ids(taken)).map(|(n, id)| self.pay(n % count, NoticeId::new(id, 0))).collect();
            self.block(&paid);
            done += 5 * wide;
        }
    }
}

fn fee() -> FeeStandard {
    FeeStandard::Lump { amount: Money::from_fen(5_000_000) }
}

fn credit_code(number: u32) -> CreditCode {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let texts = ALPHABET.chars().flat_map(|organisation| {
        ALPHABET.chars().map(move |check| format!("9111000000{number:06}{organisation}{check}"))
    });
    texts.filter_map(|text| text.parse().ok()).next().unwrap()
}
