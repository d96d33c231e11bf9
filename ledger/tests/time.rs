//! What time does by itself, and what it lets nobody do: due items, validity windows, used ids, replay.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::licence::{FeeClass, LicenceKind, Scope};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::party::{Entry, PartyKind, PartyName, Register as Parties};
use tongda_ledger::act::patent::{Freeze, FreezeKind};
use tongda_ledger::envelope::{Core, Envelope};
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{LicenceId, MemberId, PatentId, Timestamp};
use tongda_ledger::key::SigningKey;
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{
    Licence, LicenceList, LicenceOrigin, LicenceState, Life, Parameters, PatentStatus, Pending, PendingState,
    StateKey, Stored, UsedChunk,
};
use tongda_ledger::vote::NetworkId;

const DAY: u64 = 86_400_000;

fn freeze(world: &mut World, patent: PatentId, kind: FreezeKind, until: &str) {
    let from = world.today();
    let case = text("（2026）京01民初1号");
    world.effect(&[COURT], Freeze { patent, kind, from, until: date(until), case });
}

fn one_at_a_time() -> World {
    World::with_parameters("2026-11-24", Parameters { due_per_block: 1, ..Parameters::default() })
}

/// An exclusive licence of a patent until a day, written past its rules.
fn licensed(world: &mut World, patent: PatentId, owner: MemberId, until: &str) -> LicenceId {
    let id = LicenceId::new(world.index, 0);
    let licence = Licence {
        patents: list(&[patent]),
        licensors: list(&[world.party_of(owner)]),
        licensee: owner,
        kind: LicenceKind::Exclusive,
        scope: Scope::default(),
        term: format!("2026-11-24/{until}").parse().unwrap(),
        sublicence: false,
        fee: FeeClass::Free,
        origin: LicenceOrigin::Contract,
        effective: date("2026-11-24"),
        contract: Some(Hash([3; 32])),
        beside: list(&[]),
        pledges: list(&[]),
        recorded: None,
        state: LicenceState::Active,
    };
    let status = PatentStatus { exclusive: 1, exclusive_latest: Some(id), ..world.status(patent) };
    world.past_the_rules(|overlay| {
        overlay.put(&id, &licence)?;
        overlay.put(&patent, &status)?;
        overlay.put(&(patent, 0), &LicenceList { licences: list(&[id]) })?;
        overlay.put(&owner, &tongda_ledger::state::Duties { open: 1 })
    });
    id
}

#[test]
fn freezes_end_the_day_after_their_last_day() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    freeze(&mut world, patent, FreezeKind::Preservation, "2026-12-31");
    freeze(&mut world, patent, FreezeKind::Suspension, "2027-01-31");
    let events = world.status(patent).events;
    world.time = Timestamp::try_from(Timestamp::start_of(date("2027-01-01")).milliseconds() - 2).unwrap();
    world.block(&[]);
    assert!(world.status(patent).preservation.is_some());
    let executed = world.block(&[]).1;
    assert_eq!((executed.due, world.time), (1, Timestamp::start_of(date("2027-01-01"))));
    let status = world.status(patent);
    assert_eq!((status.preservation, status.events), (None, events + 1));
    assert!(status.suspension.is_some());
    world.go_to("2027-02-01");
    assert_eq!(world.status(patent).suspension, None);
}

#[test]
fn a_term_ends_by_date_and_halts_the_open_declaration() {
    let mut world = World::new("2040-01-13");
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    let declaration = world.declaration_of(patent, true);
    world.go_to("2040-01-14");
    assert_eq!(world.status(patent).life, Life::Granted);
    world.go_to("2040-01-15");
    assert_eq!(world.status(patent).life, Life::Expired);
    let state = world.get::<tongda_ledger::state::Declaration>(declaration).state;
    assert_eq!(state, tongda_ledger::state::DeclarationState::Halted);
}

#[test]
fn what_is_due_comes_by_time_and_then_by_kind_one_block_after_another() {
    let mut world = one_at_a_time();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let buyer = world.member("乙公司（演示）", Role::Enterprise);
    let [first, second, third] = [(); 3].map(|()| world.patent(&[owner]));
    // The third falls due a day before the others, which fall due together.
    freeze(&mut world, second, FreezeKind::Preservation, "2026-12-23");
    freeze(&mut world, first, FreezeKind::Suspension, "2026-12-23");
    freeze(&mut world, third, FreezeKind::Preservation, "2026-12-22");
    let licence = licensed(&mut world, first, owner, "2026-12-23");
    let act = world.transfer_act(&[third], &[owner], &[buyer]);
    world.time = Timestamp::start_of(date("2027-01-01"));
    let fired = |world: &World| {
        [
            world.status(third).preservation.is_none(),
            world.status(first).suspension.is_none(),
            world.status(second).preservation.is_none(),
            world.get::<Licence>(licence).state == LicenceState::Expired,
        ]
    };
    assert_eq!(fired(&world), [false; 4]);
    for count in 1..=4 {
        let executed = world.block(&[]).1;
        assert_eq!(executed.due, 1);
        let expected: Vec<_> = (0..4).map(|place| place < count).collect();
        assert_eq!(fired(&world).to_vec(), expected, "after {count} blocks");
    }
    assert_eq!(world.block(&[]).1.due, 0);
    assert_eq!(world.status(first).exclusive, 0);
    let (pending, _) = world.pends(&[owner], act);
    world.days(31);
    assert_eq!(world.get::<Pending>(pending).state, PendingState::Lapsed);
}

#[test]
fn guards_go_by_the_date_and_not_by_what_has_been_entered() {
    let mut world = one_at_a_time();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let buyer = world.member("乙公司（演示）", Role::Enterprise);
    let patents = [(); 10].map(|()| world.patent(&[owner]));
    for patent in patents {
        freeze(&mut world, patent, FreezeKind::Preservation, "2026-12-31");
    }
    let last = patents[9];
    world.time = Timestamp::start_of(date("2026-12-31")).plus_milliseconds(DAY - 2);
    let act = world.transfer_act(&[last], &[owner], &[buyer]);
    assert_eq!(world.codes(&[owner, buyer], act.clone()), [Code::PatentFrozen]);
    // The first instant of the new day: the end of the last freeze waits for nine more blocks.
    world.effect(&[owner, buyer], act);
    assert!(world.status(last).preservation.is_some(), "not entered yet");

    // A term that is over ends the right before it is entered.
    let mut entry = world.patent_act(&[world.party_of(owner)]);
    entry.filing = Some(date("2007-01-02"));
    let old = world.register(entry);
    let act = world.transfer_act(&[old], &[owner], &[buyer]);
    world.effect(&[owner, buyer], act.clone());
    world.time = Timestamp::start_of(date("2027-01-02"));
    world.block(&[]);
    assert_eq!(world.status(old).life, Life::Granted, "not entered yet");
    assert_eq!(world.codes(&[owner, buyer], act), [Code::PatentNotInForce]);
}

#[test]
fn consents_hold_over_a_licence_that_ends_whether_or_not_its_end_has_been_entered() {
    let mut world = one_at_a_time();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let buyer = world.member("乙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    licensed(&mut world, patent, owner, "2026-12-01");
    let act = world.transfer_act(&[patent], &[owner], &[buyer]);
    let (before, _) = world.pends(&[owner], act.clone());
    let (after, _) = world.pends(&[owner], act);
    world.time = Timestamp::start_of(date("2026-12-02"));
    world.effect(&[buyer], Give { pending: before });
    assert_eq!(world.status(patent).exclusive, 0);
    world.effect(&[buyer], Give { pending: after });
}

/// Core and key of a sound envelope by a member, for a test to spoil and sign.
fn core(world: &World, author: MemberId) -> Core {
    let name = PartyName::Organisation { name: text("某公司（演示）"), code: None };
    let entry = Entry { name, kind: PartyKind::Private, country: "CN".parse().unwrap() };
    Core {
        network: world.network,
        author,
        valid_from: world.time,
        valid_until: world.time.plus_milliseconds(DAY),
        nonce: [0; 16],
        gather_until: None,
        expects: list(&[]),
        act: Parties { parties: list(&[entry]) }.into(),
    }
}

fn seal(core: Core, keys: &[SigningKey]) -> Envelope {
    let signatures = keys.iter().map(|key| core.sign(core.author, key)).collect();
    Envelope::new(core, signatures).unwrap()
}

fn codes(judgement: &Judgement) -> Vec<Code> {
    match judgement {
        Judgement::Refused(refusals) => refusals.iter().map(|refusal| refusal.code).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn an_envelope_counts_within_its_window_in_its_network() {
    let mut world = World::default();
    let keys: Vec<_> = world.keys_of(REGISTRAR)[..2].to_vec();
    let now = world.time;
    let sound = core(&world, REGISTRAR);
    for (core, code) in [
        (Core { network: NetworkId(Hash([9; 32])), ..sound.clone() }, Code::WrongNetwork),
        (
            Core { valid_from: now.plus_milliseconds(1), valid_until: now, ..sound.clone() },
            Code::EnvelopeWindow,
        ),
        (Core { valid_until: now.plus_milliseconds(DAY + 1), ..sound.clone() }, Code::EnvelopeWindow),
        (
            Core {
                valid_from: now.plus_milliseconds(100),
                valid_until: now.plus_milliseconds(200),
                ..sound.clone()
            },
            Code::EnvelopeNotYetValid,
        ),
        (Core { valid_until: now, ..sound.clone() }, Code::EnvelopeExpired),
    ] {
        let judged = world.block(&[seal(core.clone(), &keys)]).0;
        assert!(codes(&judged[0]).contains(&code), "{code}: {judged:?}");
    }
    // Both ends of the window belong to it.
    let next = world.time.plus_milliseconds(1);
    let exact = Core { valid_from: next, valid_until: next, ..sound };
    assert_eq!(world.block(&[seal(exact, &keys)]).0, [Judgement::Effective]);
}

#[test]
fn the_registrar_signs_with_two_of_its_three_keys() {
    let mut world = World::default();
    let keys = world.keys_of(REGISTRAR);
    let stranger = world.keys_of(EXCHANGE)[0].clone();
    let sign = |world: &World, nonce, keys: &[SigningKey]| {
        seal(Core { nonce: [nonce; 16], ..core(world, REGISTRAR) }, keys)
    };
    for (nonce, some) in [&keys[..1], &keys[1..2], &keys[2..]].into_iter().enumerate() {
        let envelope = sign(&world, u8::try_from(nonce).unwrap(), some);
        assert_eq!(codes(&world.block(&[envelope]).0[0]), [Code::ThresholdNotMet]);
    }
    let envelope = sign(&world, 10, &[keys[0].clone(), stranger]);
    assert_eq!(codes(&world.block(&[envelope]).0[0]), [Code::KeyNotMembers]);
    for (nonce, pair) in [[0, 1], [0, 2], [1, 2]].into_iter().enumerate() {
        let pair = pair.map(|place| keys[place].clone());
        let envelope = sign(&world, u8::try_from(nonce + 20).unwrap(), &pair);
        assert_eq!(world.block(&[envelope]).0, [Judgement::Effective]);
    }
    let envelope = sign(&world, 30, &keys);
    assert_eq!(world.block(&[envelope]).0, [Judgement::Effective]);
}

#[test]
fn a_key_signs_no_longer_than_its_evidence_binds_it() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let buyer = world.member("乙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    let mut member: tongda_ledger::state::Member = world.get(owner);
    member.keys[0].evidence.valid_until = Some(date("2026-11-30"));
    world.past_the_rules(|overlay| overlay.put(&owner, &member));
    let act = world.transfer_act(&[patent], &[owner], &[buyer]);
    world.go_to("2026-11-30");
    world.effect(&[owner, buyer], act.clone());
    world.go_to("2026-12-01");
    let envelope = world.envelope(&[owner, buyer], act, None);
    assert_eq!(codes(&world.block(&[envelope]).0[0]), [Code::KeyNotMembers]);
}

fn chunks(world: &World) -> Vec<StateKey> {
    world.state.values().map(|(key, _)| *key).filter(|key| key.tag() == UsedChunk::TAG).collect()
}

#[test]
fn an_envelope_is_used_once_as_long_as_it_could_count() {
    let mut world = World::default();
    let keys: Vec<_> = world.keys_of(REGISTRAR)[..2].to_vec();
    let sound = core(&world, REGISTRAR);
    let envelope = seal(sound.clone(), &keys);
    let until = sound.valid_until;
    let other_signers = seal(sound, &[keys[0].clone(), world.keys_of(REGISTRAR)[2].clone()]);
    assert_eq!(world.block(&[envelope.clone(), other_signers.clone()]).0[0], Judgement::Effective);
    for again in [&envelope, &other_signers] {
        assert_eq!(codes(&world.block(std::slice::from_ref(again)).0[0]), [Code::EnvelopeUsed]);
    }
    assert_eq!(chunks(&world).len(), 1);
    // The window's last instant: used still; one day after its block the chunk goes, and the envelope has expired.
    world.time = Timestamp::try_from(until.milliseconds() - 1).unwrap();
    assert_eq!(codes(&world.block(std::slice::from_ref(&envelope)).0[0]), [Code::EnvelopeUsed]);
    world.block(&[]);
    assert_eq!(chunks(&world).len(), 1, "exactly a day is within the window");
    world.block(&[]);
    assert_eq!(chunks(&world), []);
    assert_eq!(codes(&world.block(&[envelope]).0[0]), [Code::EnvelopeExpired]);
}

#[test]
fn a_days_used_ids_leave_the_state_some_blocks_at_a_time() {
    let mut world = World::default();
    let keys: Vec<_> = world.keys_of(REGISTRAR)[..2].to_vec();
    for number in 0_u8..150 {
        let core = Core { nonce: [number; 16], ..core(&world, REGISTRAR) };
        // Every third block has no records and so no chunk.
        let envelopes = if number % 3 == 0 { Vec::new() } else { vec![seal(core, &keys)] };
        world.block(&envelopes);
    }
    assert_eq!(chunks(&world).len(), 100);
    world.days(2);
    let left = chunks(&world).len();
    assert!(left > 0 && left < 100, "{left} left after one block");
    for _ in 0..4 {
        world.block(&[]);
    }
    assert_eq!(chunks(&world), []);
}

#[test]
fn the_ids_of_a_block_of_any_size_are_remembered() {
    let mut world = World::default();
    let keys: Vec<_> = world.keys_of(REGISTRAR)[..2].to_vec();
    let envelopes: Vec<_> = (0_u16..300)
        .map(|number| {
            let mut nonce = [0; 16];
            nonce[..2].copy_from_slice(&number.to_le_bytes());
            seal(Core { nonce, ..core(&world, REGISTRAR) }, &keys)
        })
        .collect();
    assert!(world.block(&envelopes).0.iter().all(Judgement::is_allowed));
    assert_eq!(chunks(&world).len(), 2);
    for place in [0, 255, 256, 299] {
        assert_eq!(codes(&world.block(&envelopes[place..=place]).0[0]), [Code::EnvelopeUsed]);
    }
}

#[test]
fn the_same_blocks_lead_to_the_same_state() {
    let mut world = one_at_a_time();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let buyer = world.member("乙公司（演示）", Role::Enterprise);
    let patents = [(); 3].map(|()| world.patent(&[owner]));
    for patent in patents {
        freeze(&mut world, patent, FreezeKind::Preservation, "2026-12-31");
    }
    let act = world.transfer_act(&patents, &[owner], &[buyer]);
    assert_eq!(world.codes(&[owner, buyer], act.clone()), [Code::PatentFrozen]);
    world.go_to("2027-01-01");
    let (pending, _) = world.pends(&[owner], act);
    world.effect(&[buyer], Give { pending });
    world.days(3);
    assert_eq!(world.replayed(), world.state);
}
