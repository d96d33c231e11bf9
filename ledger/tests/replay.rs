//! Whoever has the log alone comes to the same roots, and finds the first thing in it that is wrong.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod kit;

use kit::{EXCHANGE, REGISTRAR, World};
use tongda_ledger::act::Act;
use tongda_ledger::act::party::PartyKind;
use tongda_ledger::block::{Body, LeafKind, Seal, Tip, leaf_of};
use tongda_ledger::chain::{self, Making, SealError};
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::refusal::Code;
use tongda_ledger::replay::{CheckedBlock, CheckedCertificate, Replay, ReplayError};
use tongda_ledger::state::Writes;
use tongda_ledger::tree::Map;
use tongda_ledger::vote::{
    Address, CertificateError, CommitCertificate, CommitSignature, NetworkId, Validator, ValidatorSet,
    VoteKind, vote_bytes,
};

/// A block as an archive keeps it.
struct Block {
    seal: Seal,
    records: Vec<Vec<u8>>,
    certificate: CommitCertificate,
}

impl Block {
    fn body(&self) -> Vec<u8> {
        Body { records: self.records.iter().map(Vec::as_slice).collect(), seal: &self.seal.bytes() }.encode()
    }

    /// The block with another seal, decided all the same: as if all validators were false.
    fn sealed(&self, network: NetworkId, seal: Seal) -> Self {
        let certificate = certificate(network, &seal, self.certificate.round);
        Self { seal, records: self.records.clone(), certificate }
    }
}

/// The kit's network decides blocks of the kit's records.
struct Chain {
    world: World,
    tip: Tip,
}

fn certificate(network: NetworkId, seal: &Seal, round: u32) -> CommitCertificate {
    signed(&kit::vote_key(), network, seal, round)
}

fn signed(key: &SigningKey, network: NetworkId, seal: &Seal, round: u32) -> CommitCertificate {
    signed_by(&[key], network, seal, round)
}

fn signed_by(keys: &[&SigningKey], network: NetworkId, seal: &Seal, round: u32) -> CommitCertificate {
    let block = seal.hash();
    let mut votes: Vec<_> = keys
        .iter()
        .map(|key| {
            let validator = Address::of(&key.public());
            let message =
                vote_bytes(&network, VoteKind::Precommit, seal.height, round, Some(&block), &validator);
            CommitSignature { validator, signature: key.sign(&message) }
        })
        .collect();
    votes.sort_by_key(|vote| vote.validator);
    CommitCertificate { height: seal.height, round, block, signatures: kit::list(&votes) }
}

impl Chain {
    fn new() -> Self {
        let world = World::default();
        let tip = Tip::genesis(world.network, world.time);
        Self { world, tip }
    }

    /// Decides a block of these envelopes, made in round 1 and decided in round 2.
    fn block(&mut self, envelopes: &[Envelope]) -> Block {
        let validators = chain::validators_after(&self.world.state, &Writes::default()).unwrap();
        let (judgements, executed) = self.world.block(envelopes);
        assert!(judgements.iter().all(Judgement::is_allowed), "{judgements:?}");
        let record_leaves: Vec<_> =
            envelopes.iter().map(|envelope| leaf_of(LeafKind::Record, envelope.bytes())).collect();
        let next_validators = chain::validators_after(&self.world.state, &Writes::default()).unwrap();
        let making = Making {
            round: 1,
            time: self.world.time,
            proposer: validators.proposer(self.world.height, 1),
            record_leaves: &record_leaves,
            state_root: root_of(&self.world),
            validators: &validators,
            next_validators: &next_validators,
            every: 1000,
        };
        let seal = chain::make_seal(&self.tip, &executed, making);
        self.tip = self.tip.after(&record_leaves, seal.clone());
        Block {
            certificate: certificate(self.world.network, &seal, 2),
            seal,
            records: envelopes.iter().map(|envelope| envelope.bytes().to_vec()).collect(),
        }
    }

    fn parties(&mut self, count: u32) -> Block {
        let envelopes: Vec<_> =
            (0..count).map(|_| self.world.envelope(&[REGISTRAR], party_act(), None)).collect();
        self.block(&envelopes)
    }
}

fn party_act() -> Act {
    use tongda_ledger::act::party::{Entry, PartyName, Register};
    let name = PartyName::Organisation { name: kit::text("演示企业"), code: None };
    let entry = Entry { name, kind: PartyKind::Private, country: "CN".parse().unwrap() };
    Register { parties: kit::list(&[entry]) }.into()
}

/// The state's root, computed from all leaves at once.
fn root_of(world: &World) -> Hash {
    let mut leaves: Vec<_> = world.state.leaves().collect();
    leaves.sort_unstable();
    let count = leaves.len() as u64;
    Map::from_leaves(count, leaves.into_iter().map(Ok::<_, std::convert::Infallible>)).unwrap().root()
}

#[test]
fn a_replayed_log_comes_to_the_same_roots() {
    let mut chain = Chain::new();
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    for count in [0, 1, 7, 300, 0, 40] {
        let block = chain.parties(count);
        let applied = replay.block(&block.body(), &block.certificate).unwrap();
        assert_eq!(applied.judgements.len(), count as usize);
        assert_eq!(applied.hash, block.seal.hash());
        assert_eq!(replay.tip(), &chain.tip);
        assert_eq!(replay.map().root(), root_of(&chain.world));
        assert!(replay.state().values().eq(chain.world.state.values()));
    }
    replay.state().check_due().unwrap();
    assert_eq!(replay.tip().height(), 6);
}

#[test]
fn each_field_of_a_seal_is_checked_and_named() {
    let mut chain = Chain::new();
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    let first = chain.parties(2);
    replay.block(&first.body(), &first.certificate).unwrap();
    let block = chain.parties(3);
    let other = Hash([0xee; 32]);
    type Tampering = (&'static str, fn(&mut Seal, Hash));
    let tamperings: [Tampering; 17] = [
        ("network", |seal, other| seal.network = NetworkId(other)),
        ("height", |seal, _| seal.height += 1),
        ("parent", |seal, other| seal.parent = other),
        ("time", |seal, _| seal.time = "2026-01-01T00:00:00Z".parse().unwrap()),
        ("proposer", |seal, _| seal.proposer = Address([0xee; 20])),
        ("round", |seal, _| seal.round = 3),
        ("first index", |seal, _| seal.first = u64::MAX),
        ("validators", |seal, other| seal.validators = other),
        ("checkpoint", |seal, _| seal.checkpoint = seal.time),
        ("extension", |seal, other| seal.extension = other),
        ("record count", |seal, _| seal.records = u32::MAX),
        ("due count", |seal, _| seal.due += 1),
        ("log root", |seal, other| seal.log_root = other),
        ("state root", |seal, other| seal.state_root = other),
        ("next validators", |seal, other| seal.next_validators = other),
        ("rule set", |seal, _| seal.rule_set += 1),
        ("", |_, _| {}),
    ];
    for (field, tamper) in tamperings {
        let mut seal = block.seal.clone();
        tamper(&mut seal, other);
        let false_block = block.sealed(chain.world.network, seal);
        let before = replay.tip().clone();
        match replay.clone().block(&false_block.body(), &false_block.certificate) {
            Ok(_) => assert_eq!(field, "", "a wrong {field} was not found"),
            Err(ReplayError::Seal(error)) => {
                let name = format!("WRONG {}: ", field.to_uppercase());
                assert!(!field.is_empty() && error.to_string().starts_with(&name), "{field}: {error}");
            }
            Err(ReplayError::Certificate(error)) => assert_eq!(field, "height", "{error}"),
            Err(error) => panic!("{field}: {error}"),
        }
        assert_eq!(*replay.tip(), before, "a refused block changes nothing");
    }
    for version in [(0, 1), (2, 1), (1, 0), (1, 2)] {
        let seal = Seal { version: version.0, suite: version.1, ..block.seal.clone() };
        let unknown = block.sealed(chain.world.network, seal);
        let refused = replay.block(&unknown.body(), &unknown.certificate);
        assert!(matches!(refused, Err(ReplayError::SealBytes(_))), "{refused:?}");
    }
    replay.block(&block.body(), &block.certificate).unwrap();
}

#[test]
fn a_block_whose_records_were_changed_left_out_or_moved_is_refused() {
    let mut chain = Chain::new();
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    let block = chain.parties(3);
    let replayed = |records: Vec<Vec<u8>>| {
        let changed = Block { seal: block.seal.clone(), records, certificate: block.certificate.clone() };
        replay.clone().block(&changed.body(), &changed.certificate).map(|_| ()).unwrap_err()
    };
    let records = block.records.clone();
    assert!(matches!(replayed(records[..2].to_vec()), ReplayError::Seal(SealError::Records(_))));
    let moved = vec![records[1].clone(), records[0].clone(), records[2].clone()];
    assert!(matches!(replayed(moved), ReplayError::Seal(SealError::LogRoot(_))));
    let mut changed = records.clone();
    *changed[1].last_mut().unwrap() ^= 1;
    assert!(matches!(replayed(changed), ReplayError::Envelope { record: 1, .. }));
    let twice = vec![records[0].clone(), records[0].clone(), records[2].clone()];
    match replayed(twice) {
        ReplayError::Refused { record: 1, refusals } => assert_eq!(refusals[0].code, Code::EnvelopeUsed),
        other => panic!("{other}"),
    }
    replay.block(&block.body(), &block.certificate).unwrap();
    let again = replay.block(&block.body(), &block.certificate);
    assert!(matches!(again, Err(ReplayError::Certificate(CertificateError::OtherBlock { .. }))), "{again:?}");
}

#[test]
fn a_record_that_is_not_allowed_is_named_in_replay() {
    let mut chain = Chain::new();
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    let member = chain.world.envelope(&[EXCHANGE], party_act(), None);
    let mut block = chain.parties(1);
    block.records.insert(0, member.bytes().to_vec());
    match replay.block(&block.body(), &block.certificate) {
        Err(ReplayError::Refused { record: 0, refusals }) => {
            assert_eq!(refusals[0].code, Code::RegistrarOnly);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_certificate_of_strangers_or_of_another_network_decides_nothing() {
    let mut chain = Chain::new();
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    let block = chain.parties(1);
    let (network, seal) = (chain.world.network, &block.seal);
    let stranger = signed(&SigningKey::from_seed(&[99; 32]), network, seal, 2);
    let foreign = signed(&kit::vote_key(), NetworkId(Hash([1; 32])), seal, 2);
    let early = signed(&kit::vote_key(), network, seal, 0);
    let nobody = CommitCertificate { signatures: kit::list(&[]), ..block.certificate.clone() };
    assert!(matches!(
        replay.block(&block.body(), &stranger),
        Err(ReplayError::Certificate(CertificateError::Stranger(_)))
    ));
    assert!(matches!(
        replay.block(&block.body(), &foreign),
        Err(ReplayError::Certificate(CertificateError::Signature { .. }))
    ));
    assert!(matches!(
        replay.block(&block.body(), &nobody),
        Err(ReplayError::Certificate(CertificateError::NoQuorum { signed: 0, total: 1 }))
    ));
    assert_eq!(
        replay.block(&block.body(), &early).map(|_| ()),
        Err(ReplayError::Seal(SealError::Round { origin: 1, decided: 0 }))
    );
    replay.block(&block.body(), &block.certificate).unwrap();
}

#[test]
fn a_block_above_the_parameters_is_refused_before_it_is_executed() {
    let parameters = tongda_ledger::state::Parameters { records_per_block: 2, ..Default::default() };
    let world = World::with_parameters("2026-11-24", parameters);
    let tip = Tip::genesis(world.network, world.time);
    let mut chain = Chain { world, tip };
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    let block = chain.parties(3);
    assert_eq!(
        replay.block(&block.body(), &block.certificate).map(|_| ()),
        Err(ReplayError::Seal(SealError::TooManyRecords { found: 3, limit: 2 }))
    );
}

#[test]
fn what_time_does_is_replayed_too() {
    let mut chain = Chain::new();
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    let mut replayed = |chain: &mut Chain, envelopes: &[Envelope]| {
        let block = chain.block(envelopes);
        replay.block(&block.body(), &block.certificate).unwrap();
        block.seal
    };
    let envelope = chain.world.envelope(&[REGISTRAR], party_act(), None);
    replayed(&mut chain, &[envelope]);
    let party = tongda_ledger::identifier::PartyId::new(1, 0);
    let act = chain.world.patent_act(&[party]);
    let envelope = chain.world.envelope(&[REGISTRAR], act, None);
    replayed(&mut chain, &[envelope]);
    chain.world.time = "2041-01-01T00:00:00Z".parse().unwrap();
    let seal = replayed(&mut chain, &[]);
    assert_eq!(seal.due, 1, "the patent's term has run out");
    assert!(seal.is_checkpoint());
}

#[test]
fn a_block_that_changes_the_nodes_is_sealed_by_the_old_set_and_the_next_by_the_new() {
    use kit::ground::{change, node, vote};
    use tongda_ledger::act::governance::NodeChange;
    use tongda_ledger::identifier::ProposalId;
    let mut chain = Chain::new();
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    let (joining, keys) = node("nanjing", EXCHANGE, 1, 2000);
    let act = change(EXCHANGE, NodeChange::Add { node: joining });
    let envelope = chain.world.envelope_with(&[EXCHANGE], act, &keys.iter().collect::<Vec<_>>());
    let block = chain.block(&[envelope]);
    replay.block(&block.body(), &block.certificate).unwrap();
    let proposal = ProposalId::new(1, 0);
    let envelope = chain.world.envelope(&[EXCHANGE], vote(proposal, EXCHANGE, true), None);
    let deciding = chain.block(&[envelope]);
    assert_ne!(deciding.seal.validators, deciding.seal.next_validators);
    replay.block(&deciding.body(), &deciding.certificate).unwrap();

    let network = chain.world.network;
    let next = chain.parties(1);
    assert_eq!(next.seal.validators, deciding.seal.next_validators);
    let old = replay.block(&next.body(), &next.certificate).map(|_| ());
    assert_eq!(old, Err(ReplayError::Certificate(CertificateError::NoQuorum { signed: 1, total: 2 })));
    let both = signed_by(&[&kit::vote_key(), &keys[0]], network, &next.seal, 2);
    replay.block(&next.body(), &both).unwrap();
    assert_eq!(replay.map().root(), root_of(&chain.world));
    assert!(replay.state().values().eq(chain.world.state.values()));
}

#[test]
fn new_parameters_count_from_the_block_after_their_instant() {
    use kit::ground::vote;
    use tongda_ledger::act::governance::Setting;
    use tongda_ledger::identifier::ProposalId;
    let mut chain = Chain::new();
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    let act = chain.world.proposal(&[Setting::RecordsPerBlock { value: 2 }]);
    let at = act.at;
    let envelope = chain.world.envelope(&[EXCHANGE], act, None);
    let proposed = chain.block(&[envelope]);
    let envelope = chain.world.envelope(&[EXCHANGE], vote(ProposalId::new(1, 0), EXCHANGE, true), None);
    let decided = chain.block(&[envelope]);
    chain.world.time = at;
    let written = chain.parties(3);
    assert_eq!(written.seal.due, 1);
    for block in [proposed, decided, written] {
        replay.block(&block.body(), &block.certificate).unwrap();
    }
    let above = chain.parties(3);
    assert_eq!(
        replay.block(&above.body(), &above.certificate).map(|_| ()),
        Err(ReplayError::Seal(SealError::TooManyRecords { found: 3, limit: 2 }))
    );
}

#[test]
fn a_certificate_that_was_checked_under_another_set_or_network_is_checked_again() {
    let mut chain = Chain::new();
    let block = chain.parties(3);
    let network = chain.world.network;
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    let stranger = SigningKey::from_seed(&[0x55; 32]);
    let strangers = ValidatorSet::new(vec![Validator { vote_key: stranger.public(), power: 1 }]).unwrap();
    let body = || CheckedBlock::new(&block.body()).unwrap();
    // Good for the strangers, and for nobody else.
    let forged = CheckedCertificate::new(network, &strangers, signed(&stranger, network, &block.seal, 2));
    assert!(matches!(
        replay.clone().apply(body(), &forged),
        Err(ReplayError::Certificate(CertificateError::Stranger(_)))
    ));
    let elsewhere = NetworkId(Hash([1; 32]));
    let guesses = [(network, &strangers), (elsewhere, replay.validators()), (elsewhere, &strangers)];
    for (network, guess) in guesses {
        let guessed = CheckedCertificate::new(network, guess, block.certificate.clone());
        replay.clone().apply(body(), &guessed).unwrap();
    }
    // What is false under the true set is false, whoever guessed it.
    let mut false_round = block.certificate.clone();
    false_round.round = 3;
    let false_round = CheckedCertificate::new(network, replay.validators(), false_round);
    assert!(matches!(
        replay.apply(body(), &false_round),
        Err(ReplayError::Certificate(CertificateError::Signature { .. }))
    ));
}

#[test]
fn the_first_wrong_record_is_named_though_all_were_checked_before() {
    let mut chain = Chain::new();
    let good = chain.world.envelope(&[REGISTRAR], party_act(), None);
    let mut block = chain.block(std::slice::from_ref(&good));
    let mut spoiled = good.bytes().to_vec();
    *spoiled.last_mut().unwrap() ^= 1;
    block.records.extend([good.bytes().to_vec(), spoiled]);
    let mut replay = Replay::new(&chain.world.founding).unwrap();
    let error = replay.block(&block.body(), &block.certificate).unwrap_err();
    let ReplayError::Refused { record: 1, refusals } = error else { panic!("{error}") };
    assert_eq!(refusals[0].code, Code::EnvelopeUsed);
    block.records.remove(1);
    let error = replay.block(&block.body(), &block.certificate).unwrap_err();
    assert!(matches!(error, ReplayError::Envelope { record: 1, .. }), "{error}");
}
