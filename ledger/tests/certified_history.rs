//! A patent's certified history: complete or refused, and what held on a day as known at a time follows from it offline.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{Market, grant, market, preservation};
use kit::{COURT, REGISTRAR, World, date, list, vote_key};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::pledge::{Release, ReleaseCause};
use tongda_ledger::block::{LeafKind, SEAL_VERSION, SUITE_SHA256, Seal, leaf_of};
use tongda_ledger::certificate::{
    Asked, Certificate, EntryContent, EventPart, HistoryEntry, HistoryFlaw, NotKnown, Proven, Statement,
    Subject,
};
use tongda_ledger::envelope::Envelope;
use tongda_ledger::epoch::{Epochs, PlacedCosignature};
use tongda_ledger::execution::{Execution, Judgement};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{PatentId, Timestamp};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::{PatentEvent, PatentStatus, StateKey};
use tongda_ledger::tree::{Cosignature, InclusionProof, Leaves, Map, MemoryHashes, PageAddress, value_hash};
use tongda_ledger::vote::Address;

struct MapLeaves(BTreeMap<Hash, Hash>);

impl Leaves for MapLeaves {
    type Error = Infallible;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Infallible> {
        Ok(self.0.range(page.range()).map(|(key, value)| (*key, *value)).collect())
    }
}

/// The log of a world, sealed.
struct Sealed {
    log: MemoryHashes,
    /// The records and their block's seal, by position.
    records: BTreeMap<u64, (Envelope, Seal)>,
    seals: BTreeMap<u64, Seal>,
}

fn seal(world: &World, height: u64, time: Timestamp, first: u64, records: u32, roots: (Hash, Hash)) -> Seal {
    let validators = world.founding.nodes.validators().unwrap().hash();
    Seal {
        version: SEAL_VERSION,
        network: world.network,
        suite: SUITE_SHA256,
        height,
        round: 0,
        time,
        proposer: Address::of(&vote_key().public()),
        parent: Hash([3; 32]),
        first,
        records,
        due: 0,
        log_root: roots.0,
        state_root: roots.1,
        validators,
        next_validators: validators,
        rule_set: 1,
        checkpoint: time,
        extension: Hash::ZERO,
    }
}

/// Executes the world's blocks again and seals them; the last seal has the root of the state.
fn sealed(world: &World, state_root: Hash) -> Sealed {
    let leaf = leaf_of(LeafKind::Genesis, world.network.0.as_bytes());
    let mut log: MemoryHashes = [leaf].into_iter().collect();
    let (mut records, mut seals) = (BTreeMap::new(), BTreeMap::new());
    let mut state = world.founded.clone();
    for (height, (time, envelopes)) in (1..).zip(&world.history) {
        let first = log.size();
        let mut execution = Execution::new(&state, world.network, height, *time, first).unwrap();
        let mut taken = Vec::new();
        for envelope in envelopes {
            if !matches!(execution.record(envelope).unwrap(), Judgement::Refused(_)) {
                log.append(leaf_of(LeafKind::Record, envelope.bytes()));
                taken.push(envelope.clone());
            }
        }
        let executed = execution.finish().unwrap();
        state.apply(&executed.writes).unwrap();
        let roots = (log.root(log.size()).unwrap(), state_root);
        let seal = seal(world, height, *time, first, u32::try_from(taken.len()).unwrap(), roots);
        assert_eq!(log.size(), seal.index());
        log.append(seal.hash());
        records.extend((first..).zip(taken.into_iter().map(|envelope| (envelope, seal.clone()))));
        seals.insert(seal.index(), seal);
    }
    Sealed { log, records, seals }
}

/// The history certificate of a patent as of the world's last block.
fn certificate(world: &World, patent: PatentId) -> Certificate {
    let leaves: BTreeMap<_, _> = world.state.leaves().collect();
    let all = leaves.iter().map(|(key, value)| Ok::<_, Infallible>((*key, *value)));
    let map = Map::from_leaves(leaves.len() as u64, all).unwrap();
    let key = StateKey::of::<PatentStatus>(&patent);
    let (_, value) = world.state.values().find(|(known, _)| **known == key).unwrap();
    let proof = map.prove(&MapLeaves(leaves.clone()), &key.hash()).unwrap();
    assert_eq!(leaves[&key.hash()], value_hash(value));
    let Sealed { log, records, seals } = sealed(world, map.root());
    let size = log.size();
    let prove = |index| InclusionProof::prove(&log, index, size).unwrap();
    let events: Vec<PatentEvent> =
        world.events.iter().filter(|event| event.patent == patent).copied().collect();
    let mut wanted: BTreeSet<u64> = events.iter().map(|event| event.position).collect();
    let mut entries = BTreeMap::new();
    while let Some(position) = wanted.pop_first() {
        let parts: Vec<_> = events
            .iter()
            .filter(|event| event.position == position)
            .map(|event| EventPart { ordinal: event.ordinal, what: event.what })
            .collect();
        let (content, seal) = match records.get(&position) {
            Some((envelope, seal)) => {
                let built_on = HistoryEntry::builds_on(envelope.act());
                wanted.extend(built_on.filter(|position| !entries.contains_key(position)));
                let envelope = envelope.bytes().to_vec();
                (EntryContent::Record { envelope, proof: prove(position) }, seal.clone())
            }
            None => (EntryContent::Seal, seals[&position].clone()),
        };
        let seal_proof = prove(seal.index());
        entries.insert(position, HistoryEntry { position, content, seal, seal_proof, events: list(&parts) });
    }
    let mut statement = Statement {
        proven: Proven { key, value: Some(value.to_vec()), proof },
        seal: seals[&(size - 1)].clone(),
        size,
        root: log.root(size).unwrap(),
        inclusion: prove(size - 1),
        cosignatures: Vec::new(),
        witnesses: Vec::new(),
        details: Vec::new(),
    };
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&8_u32.to_le_bytes());
    let cosignature =
        Cosignature::sign(&SigningKey::from_seed(&seed), 1_800_000_000, &statement.checkpoint().text());
    statement.cosignatures = vec![PlacedCosignature { signer: 0, cosignature }];
    Certificate { statement, epochs: Vec::new(), history: entries.into_values().collect() }
}

fn holds(world: &World, certificate: &Certificate) -> bool {
    let epochs = Epochs::of(&world.founding).unwrap();
    let (read, report) = Certificate::verify_bytes(&certificate.bytes(), &epochs, &Asked::default());
    assert_eq!(read.as_ref(), Some(certificate));
    let wrong: Vec<_> =
        report.failures().map(|(subject, failure)| (subject.clone(), failure.to_string())).collect();
    assert!(wrong.iter().all(|(subject, _)| *subject == Subject::History), "{wrong:?}");
    report.holds
}

/// A patent that was licensed, pledged and freed, transferred with later consents, preserved until the time ran out.
fn told() -> (World, PatentId) {
    let Market { mut world, owner, first, patent, .. } = market();
    let bank = world.member("银行（演示）", Role::Bank);
    let act = grant(&world, &[patent], &[owner], first);
    world.granted(&[owner, first], act);
    world.go_to("2027-01-01");
    let pledge = world.pledge_registered(patent, owner, bank);
    world.days(10);
    let release = Release { pledge, cause: ReleaseCause::Paid, on: world.today() };
    world.effect(&[REGISTRAR, bank], release);
    world.transferred(patent, owner, first);
    world.effect(&[COURT], preservation(patent, "2027-02-28"));
    world.go_to("2027-03-05");
    (world, patent)
}

#[test]
fn a_complete_history_holds_and_answers_what_held_on_a_day_as_known_at_a_time() {
    let (world, patent) = told();
    let certificate = certificate(&world, patent);
    assert!(holds(&world, &certificate));
    let history = certificate.proven_history().unwrap();
    let events: Vec<_> = history.events().iter().map(|(_, event)| *event).collect();
    let expected: Vec<_> = world.events.iter().filter(|event| event.patent == patent).copied().collect();
    assert_eq!(events, expected);
    assert!(events.iter().any(|event| event.what.family == 0), "time ended the preservation");
    let known = |day: &str| Timestamp::start_of(date(day));
    let pledged =
        |day: &str, when: &str| history.at(date(day), known(when)).unwrap().unwrap().pledge.is_some();
    assert!(pledged("2027-01-05", "2027-01-06"));
    assert!(!pledged("2027-01-05", "2027-01-01"), "not registered yet as far as was known");
    assert!(!pledged("2027-01-12", "2027-03-01"));
    let frozen = |day: &str| history.at(date(day), known("2027-03-01")).unwrap().unwrap().preserved.is_some();
    assert!(frozen("2027-02-27") && !frozen("2027-03-01"));
    assert!(matches!(history.at(date("2027-01-05"), known("2028-01-01")), Err(NotKnown::Later { .. })));
    assert_eq!(history.at(date("2027-01-05"), known("2026-11-24")).unwrap(), None, "not entered yet");
}

#[test]
fn a_history_from_which_something_is_missing_or_in_which_something_is_changed_is_refused_for_what_it_is() {
    let (world, patent) = told();
    let good = certificate(&world, patent);
    let wrong = |change: &dyn Fn(&mut Vec<HistoryEntry>)| {
        let mut changed = good.clone();
        change(&mut changed.history);
        assert!(!holds(&world, &changed));
        changed.proven_history().unwrap_err()
    };
    let touching = good.history.iter().position(|entry| !entry.events.is_empty()).unwrap();
    assert!(matches!(wrong(&|history| drop(history.remove(touching))), HistoryFlaw::Count { .. }));
    assert!(matches!(wrong(&|history| history.truncate(1)), HistoryFlaw::Count { .. }));
    assert!(matches!(wrong(&|history| history[touching].events[0].ordinal += 1), HistoryFlaw::Chain { .. }));
    assert!(matches!(
        wrong(&|history| history[touching].events[0].what.kind += 1),
        HistoryFlaw::Event { .. }
    ));
    assert!(matches!(
        wrong(&|history| {
            let EntryContent::Record { envelope, .. } = &mut history[touching].content else { panic!() };
            envelope[40] ^= 1;
        }),
        HistoryFlaw::Entry { .. }
    ));
    assert!(matches!(
        wrong(&|history| history[touching].seal.time = history[touching].seal.time.plus_milliseconds(1)),
        HistoryFlaw::Seal { .. }
    ));
    assert!(matches!(
        wrong(&|history| {
            let (seal, proof) =
                (history[touching + 1].seal.clone(), history[touching + 1].seal_proof.clone());
            assert_ne!(seal, history[touching].seal);
            (history[touching].seal, history[touching].seal_proof) = (seal, proof);
        }),
        HistoryFlaw::OtherBlock { .. }
    ));
    // A consent that stands without the act that waited for it.
    let waited = good.history.iter().position(|entry| entry.events.is_empty());
    if let Some(waited) = waited {
        let mut changed = good.clone();
        changed.history.remove(waited);
        let answer = changed.proven_history().map(|history| history.at(date("2027-03-01"), history.until()));
        assert!(!matches!(answer, Ok(Ok(_))), "what others build on is missing");
    }
    let mut other = good.clone();
    other.statement.proven.key = StateKey::of::<tongda_ledger::state::Patent>(&patent);
    assert_eq!(other.proven_history().unwrap_err(), HistoryFlaw::NoStatus);
}

#[test]
fn each_changed_byte_of_a_history_is_noticed() {
    let (world, patent) = told();
    let good = certificate(&world, patent).bytes();
    let epochs = Epochs::of(&world.founding).unwrap();
    for place in (0..good.len()).step_by(17) {
        let mut bytes = good.clone();
        bytes[place] ^= 1 << (place % 8);
        let (_, report) = Certificate::verify_bytes(&bytes, &epochs, &Asked::default());
        assert!(!report.holds, "byte {place} of {}", good.len());
    }
}
