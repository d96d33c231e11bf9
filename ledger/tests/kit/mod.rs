//! A small network in memory for tests of the rules: made members, made patents, a clock that the test moves.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses its own part of the kit"
)]

pub mod contracts;
pub mod disputes;
pub mod finance;
pub mod ground;
pub mod history;
mod invariants;
pub mod licensing;
pub mod matching;
pub mod pooling;
pub mod rights;

use std::collections::BTreeMap;
use tongda_ledger::act::Act;
use tongda_ledger::act::member::{self, EnrolmentCode, KeyEntry, KeyEvidence, Role, SigningPolicy};
use tongda_ledger::act::party::{self, PartyKind, PartyName};
use tongda_ledger::act::patent::{self, Owner, Stage};
use tongda_ledger::codec::{List, Text};
use tongda_ledger::envelope::{APPLICANT, Core, Envelope};
use tongda_ledger::execution::{Draft, Executed, Execution, Judgement, may_i};
use tongda_ledger::founding::{Founding, FoundingMember};
use tongda_ledger::hash::{Domain, Hash};
use tongda_ledger::identifier::{
    CountryCode, CreditCode, Date, MemberId, PartyId, PatentId, PatentNumber, PendingId, Timestamp,
};
use tongda_ledger::key::SigningKey;
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::state::{
    Anchor, MemoryState, Node, Nodes, Parameters, PatentEvent, PatentStatus, Read, Stored, Writes,
};
use tongda_ledger::vote::NetworkId;

/// The registrar: it signs with two of its three keys.
pub const REGISTRAR: MemberId = MemberId::new(0, 1);
/// An exchange.
pub const EXCHANGE: MemberId = MemberId::new(0, 2);
/// A court.
pub const COURT: MemberId = MemberId::new(0, 3);
/// A regulator.
pub const REGULATOR: MemberId = MemberId::new(0, 4);

/// A network of one exchange in memory.
pub struct World {
    pub founding: Founding,
    pub state: MemoryState,
    pub network: NetworkId,
    pub height: u64,
    pub time: Timestamp,
    pub index: u64,
    /// The state before the first block, and every block since, refused records included.
    pub founded: MemoryState,
    pub history: Vec<(Timestamp, Vec<Envelope>)>,
    /// What was written past the rules, after how many blocks.
    pub past_rules: Vec<(usize, Writes)>,
    /// The events of all patents, in the order of the log.
    pub events: Vec<PatentEvent>,
    keys: BTreeMap<MemberId, Vec<SigningKey>>,
    made: u32,
}

fn key(seed: u32) -> SigningKey {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    SigningKey::from_seed(&bytes)
}

/// The key with which the network's one validator votes.
pub fn vote_key() -> SigningKey {
    key(7)
}

pub fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    text.parse().expect("the test's text is sound")
}

pub fn list<T: Clone, const MAX: usize>(values: &[T]) -> List<T, MAX> {
    values.to_vec().try_into().unwrap_or_else(|_| panic!("the test's list is too long"))
}

pub fn date(text: &str) -> Date {
    text.parse().expect("the test's date is one")
}

fn entry(key: &SigningKey) -> KeyEntry {
    KeyEntry { key: key.public(), evidence: KeyEvidence { digest: Hash([1; 32]), valid_until: None } }
}

fn policy(default: u8) -> SigningPolicy {
    SigningPolicy { default, acts: List::new() }
}

impl Default for World {
    fn default() -> Self {
        Self::new("2026-11-24")
    }
}

impl World {
    /// A network whose first block comes at the beginning of this day in Beijing.
    pub fn new(today: &str) -> Self {
        Self::with_parameters(today, Parameters::default())
    }

    pub fn with_parameters(today: &str, parameters: Parameters) -> Self {
        let start = Timestamp::start_of(date(today));
        let founder = |name: &str, role: Role, keys: &[SigningKey], threshold: u8| FoundingMember {
            name: text(name),
            code: None,
            roles: list(&[role]),
            region: "110000".parse().unwrap(),
            keys: list(&keys.iter().map(entry).collect::<Vec<_>>()),
            policy: policy(threshold),
            exchange: EXCHANGE,
        };
        let registrar = vec![key(1), key(2), key(3)];
        let founders = [
            founder("登记机构（演示）", Role::Registrar, &registrar, 2),
            founder("北京交易所（演示）", Role::Exchange, &[key(4)], 1),
            founder("法院（演示）", Role::Court, &[key(5)], 1),
            founder("管理部门（演示）", Role::Regulator, &[key(6)], 1),
        ];
        let node = Node {
            name: text("beijing"),
            exchange: EXCHANGE,
            region: "110000".parse().unwrap(),
            power: 1,
            vote_key: vote_key().public(),
            cosign_key: key(8).public(),
            network_key: key(9).public(),
            consensus_address: text("/ip4/127.0.0.1/tcp/1"),
            gossip_address: text("/ip4/127.0.0.1/tcp/2"),
            api_address: text("http://127.0.0.1:3"),
        };
        let founding = Founding {
            version: 1,
            name: text("test"),
            anchor: Anchor { start, predecessor: None, demonstration: true },
            members: list(&founders),
            nodes: Nodes { nodes: list(&[node]) },
            parameters,
        };
        let mut state = MemoryState::new();
        state.apply(&founding.writes().expect("the founding is sound")).unwrap();
        let keys = [
            (REGISTRAR, registrar),
            (EXCHANGE, vec![key(4)]),
            (COURT, vec![key(5)]),
            (REGULATOR, vec![key(6)]),
        ];
        Self {
            founded: state.clone(),
            history: Vec::new(),
            past_rules: Vec::new(),
            events: Vec::new(),
            state,
            network: founding.network(),
            founding,
            height: 0,
            time: start,
            index: 1,
            keys: keys.into(),
            made: 100,
        }
    }

    /// A member's keys.
    pub fn keys_of(&self, member: MemberId) -> Vec<SigningKey> {
        self.keys[&member].clone()
    }

    /// Keeps the key of a member that a test enrolled by itself.
    pub fn holds(&mut self, member: MemberId, key: SigningKey) {
        self.keys.insert(member, vec![key]);
    }

    pub fn today(&self) -> Date {
        self.time.date()
    }

    /// Moves the clock to the beginning of a day and lets a block pass, so that what is due happens.
    pub fn go_to(&mut self, day: &str) {
        self.time = Timestamp::start_of(date(day));
        self.block(&[]);
    }

    /// Moves the clock on by days.
    pub fn days(&mut self, days: u32) {
        self.time = self.time.plus_milliseconds(u64::from(days) * 86_400_000);
        self.block(&[]);
    }

    /// Executes a block with these envelopes and takes it over, refused ones left out.
    pub fn block(&mut self, envelopes: &[Envelope]) -> (Vec<Judgement>, Executed) {
        self.height += 1;
        self.time = self.time.plus_milliseconds(1);
        self.history.push((self.time, envelopes.to_vec()));
        let mut execution =
            Execution::new(&self.state, self.network, self.height, self.time, self.index).unwrap();
        let judgements = envelopes
            .iter()
            .map(|envelope| {
                envelope.verify().expect("the kit signs well");
                execution.record(envelope).expect("the state is sound")
            })
            .collect();
        let executed = execution.finish().expect("the state is sound");
        self.events.extend(&executed.writes.events);
        self.state.apply(&executed.writes).unwrap();
        self.state.check_due().expect("the queue is a function of the state");
        self.index += u64::from(executed.records) + 1;
        (judgements, executed)
    }

    /// The state that the same blocks lead to once more, from the founding on.
    pub fn replayed(&self) -> MemoryState {
        let mut state = self.founded.clone();
        let (mut index, mut height) = (1, 0);
        for (time, envelopes) in &self.history {
            let past_rules = self.past_rules.iter().filter(|(blocks, _)| *blocks as u64 == height);
            past_rules.for_each(|(_, writes)| state.apply(writes).unwrap());
            height += 1;
            let mut execution = Execution::new(&state, self.network, height, *time, index).unwrap();
            for envelope in envelopes {
                execution.record(envelope).expect("the state is sound");
            }
            let executed = execution.finish().expect("the state is sound");
            state.apply(&executed.writes).unwrap();
            index += u64::from(executed.records) + 1;
        }
        state
    }

    /// The envelope of an act, signed by `signers` (the author first), with as many keys as each one's policy asks.
    pub fn envelope(
        &mut self,
        signers: &[MemberId],
        act: impl Into<Act>,
        gather_days: Option<u32>,
    ) -> Envelope {
        self.made += 1;
        let mut nonce = [0; 16];
        nonce[..4].copy_from_slice(&self.made.to_le_bytes());
        let core = Core {
            network: self.network,
            author: signers[0],
            valid_from: self.time,
            valid_until: self.time.plus_milliseconds(3_600_000),
            nonce,
            gather_until: gather_days.map(|days| self.time.plus_milliseconds(u64::from(days) * 86_400_000)),
            expects: List::new(),
            act: act.into(),
        };
        let mut signatures = Vec::new();
        for signer in signers.iter().collect::<std::collections::BTreeSet<_>>() {
            let member: tongda_ledger::state::Member =
                self.state.must(signer).expect("the signer is a member");
            let needed = usize::from(member.threshold(core.act.kind()));
            for key in &self.keys[signer][..needed] {
                signatures.push(core.sign(*signer, key));
            }
        }
        Envelope::new(core, signatures).expect("the envelope is sound")
    }

    /// Sends an act, signed by `signers`, in a block of its own.
    pub fn send(&mut self, signers: &[MemberId], act: impl Into<Act>) -> Judgement {
        let envelope = self.envelope(signers, act, None);
        self.block(&[envelope]).0.remove(0)
    }

    /// Sends an act that must be allowed and have effect; returns its log position.
    #[track_caller]
    pub fn effect(&mut self, signers: &[MemberId], act: impl Into<Act>) -> u64 {
        let position = self.index;
        let judgement = self.send(signers, act);
        assert_eq!(judgement, Judgement::Effective);
        position
    }

    /// Sends an act that must stand as pending; returns its id and who is missing.
    #[track_caller]
    pub fn pends(&mut self, signers: &[MemberId], act: impl Into<Act>) -> (PendingId, Vec<MemberId>) {
        let envelope = self.envelope(signers, act, Some(30));
        match self.block(&[envelope]).0.remove(0) {
            Judgement::Pending { id, missing } => (id, missing),
            other => panic!("not pending: {other:?}"),
        }
    }

    /// Sends an act that must be refused; returns the refusals. "May I?" must answer the same, and the state must not change.
    #[track_caller]
    pub fn refusals(&mut self, signers: &[MemberId], act: impl Into<Act>) -> Vec<Refusal> {
        let act = act.into();
        let draft = Draft {
            author: signers[0],
            signers: signers.to_vec(),
            gather_until: None,
            expects: Vec::new(),
            act: act.clone(),
        };
        let asked = may_i(&self.state, self.network, self.time, &draft).expect("the state is sound");
        match self.send(signers, act) {
            Judgement::Refused(refusals) => {
                assert_eq!(asked, Judgement::Refused(refusals.clone()), "may-I and the ledger differ");
                refusals
            }
            other => panic!("not refused: {other:?}"),
        }
    }

    /// The codes of [`Self::refusals`], sorted.
    #[track_caller]
    pub fn codes(&mut self, signers: &[MemberId], act: impl Into<Act>) -> Vec<Code> {
        let mut codes: Vec<_> = self.refusals(signers, act).into_iter().map(|refusal| refusal.code).collect();
        codes.sort();
        codes.dedup();
        codes
    }

    /// Enrols a made Chinese organisation with this role.
    pub fn member(&mut self, name: &str, role: Role) -> MemberId {
        self.member_of(name, role, "CN")
    }

    /// Enrols a made organisation of a country.
    pub fn member_of(&mut self, name: &str, role: Role, country: &str) -> MemberId {
        let (act, key) = self.enrolment(name, role, country);
        let position = self.index;
        assert_eq!(self.send_with(&[EXCHANGE], act, &[&key]), Judgement::Effective);
        let id = MemberId::new(position, 0);
        self.keys.insert(id, vec![key]);
        id
    }

    /// The enrolment of a made organisation with its key; a Chinese one has a credit code.
    pub fn enrolment(&mut self, name: &str, role: Role, country: &str) -> (member::Register, SigningKey) {
        self.made += 1;
        let key = key(self.made);
        let country: CountryCode = country.parse().unwrap();
        let chinese = country == CountryCode::CHINA;
        let act = member::Register {
            name: text(name),
            country,
            code: chinese.then(|| EnrolmentCode::Checked { code: credit_code(self.made) }),
            roles: list(&[role]),
            region: "110000".parse().unwrap(),
            industry: None,
            size: None,
            keys: list(&[entry(&key)]),
            policy: policy(1),
        };
        (act, key)
    }

    /// Sends an act that new keys sign too.
    pub fn send_with(
        &mut self,
        signers: &[MemberId],
        act: impl Into<Act>,
        new_keys: &[&SigningKey],
    ) -> Judgement {
        let envelope = self.envelope_with(signers, act, new_keys);
        self.block(&[envelope]).0.remove(0)
    }

    /// The envelope of an act that new keys sign too.
    pub fn envelope_with(
        &mut self,
        signers: &[MemberId],
        act: impl Into<Act>,
        new_keys: &[&SigningKey],
    ) -> Envelope {
        let envelope = self.envelope(signers, act, None);
        let mut signatures = envelope.signatures().to_vec();
        signatures.extend(new_keys.iter().map(|key| envelope.core().sign(APPLICANT, key)));
        Envelope::new(envelope.core().clone(), signatures).unwrap()
    }

    /// The party that a member is from its enrolment on.
    pub fn party_of(&self, member: MemberId) -> PartyId {
        self.get::<tongda_ledger::state::Member>(member).party
    }

    /// Enters a party of the register that is no member.
    pub fn party(&mut self, name: &str, kind: PartyKind, country: &str) -> PartyId {
        let name = PartyName::Organisation { name: text(name), code: None };
        let country: CountryCode = country.parse().unwrap();
        let act = party::Register { parties: list(&[party::Entry { name, kind, country }]) };
        PartyId::new(self.effect(&[REGISTRAR], act), 0)
    }

    /// The registration of a made patent: an invention filed 2020-01-15 and granted 2022-03-01.
    pub fn patent_act(&mut self, owners: &[PartyId]) -> patent::Register {
        self.made += 1;
        patent::Register {
            number: number(&format!("20201{:07}", self.made)),
            publication: None,
            title: text("一种测试装置（演示）"),
            filing: Some(date("2020-01-15")),
            stage: Stage::Granted { on: Some(date("2022-03-01")) },
            owners: list(
                &owners.iter().map(|party| Owner { party: *party, share: None }).collect::<Vec<_>>(),
            ),
            undisclosed_owners: 0,
            classification: None,
            industry: None,
            same_day: None,
            funded: false,
            source: Hash([2; 32]),
        }
    }

    /// Enters a made patent owned by these members.
    pub fn patent(&mut self, owners: &[MemberId]) -> PatentId {
        let parties: Vec<_> = owners.iter().map(|owner| self.party_of(*owner)).collect();
        let act = self.patent_act(&parties);
        self.register(act)
    }

    /// Enters a patent.
    pub fn register(&mut self, act: patent::Register) -> PatentId {
        PatentId::new(self.effect(&[REGISTRAR], act), 0)
    }

    /// A value of the state.
    pub fn get<T: Stored>(&self, id: T::Id) -> T {
        self.state.must(&id).expect("the value is there")
    }

    /// A patent's status.
    pub fn status(&self, patent: PatentId) -> PatentStatus {
        self.get(patent)
    }
}

/// The head of the chain that these events of one patent make, and their number.
pub fn chain_of<'a>(events: impl IntoIterator<Item = &'a PatentEvent>) -> (u64, Hash) {
    events.into_iter().fold((0, Hash::ZERO), |(number, chain), event| {
        assert_eq!(event.number, number + 1, "events are numbered one after the other");
        let position = event.position.to_le_bytes();
        let (ordinal, what) = (event.ordinal.to_le_bytes(), [event.what.family, event.what.kind]);
        (event.number, Hash::of(Domain::PATENT_EVENT, &[chain.as_bytes(), &position, &ordinal, &what]))
    })
}

/// The patent number with these digits and the check digit that belongs to them.
pub fn number(digits: &str) -> PatentNumber {
    "0123456789X"
        .chars()
        .find_map(|check| format!("{digits}.{check}").parse().ok())
        .expect("one check digit fits")
}

/// The credit code of a made organisation with this number.
fn credit_code(made: u32) -> CreditCode {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let organisation = format!("{made:08}");
    for first in ALPHABET {
        for second in ALPHABET {
            let text = format!("91110000{organisation}{}{}", *first as char, *second as char);
            if let Ok(code) = text.parse() {
                return code;
            }
        }
    }
    unreachable!("two check characters fit")
}
