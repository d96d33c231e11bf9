//! The exchanges change the network by their votes: its parameters, its calendar, its nodes.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;
mod samples;

use kit::ground::{change, node, vote};
use kit::licensing::{grant, market, names, refused};
use kit::{EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::Act;
use tongda_ledger::act::governance::{CalendarYear, NodeChange, Propose, Setting};
use tongda_ledger::act::licence::Record;
use tongda_ledger::act::member::Role;
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{Date, MemberId, ProposalId, RecordId, Timestamp};
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::state::{Calendar, Licence, Nodes, Parameters, Proposal, ProposalState, Table, Unit};

fn recordal_days(value: u16) -> Setting {
    Setting::RecordalDays { value }
}

#[track_caller]
fn proposed(world: &mut World, act: Propose) -> ProposalId {
    ProposalId::new(world.effect(&[EXCHANGE], act), 0)
}

fn parameters(world: &World) -> Parameters {
    world.get(Unit)
}

fn powers(world: &World) -> Vec<(String, u64)> {
    let nodes: Nodes = world.get(Unit);
    nodes.nodes.iter().map(|node| (node.name.to_string(), node.power)).collect()
}

/// Sends an act with the new keys' signatures that must be refused for one reason.
#[track_caller]
fn refused_with(world: &mut World, signer: MemberId, act: impl Into<Act>, keys: &[&SigningKey]) -> Refusal {
    match world.send_with(&[signer], act, keys) {
        Judgement::Refused(mut refusals) if refusals.len() == 1 => refusals.remove(0),
        other => panic!("{other:?}"),
    }
}

#[test]
fn accepted_parameters_are_written_in_the_first_block_at_or_after_their_instant() {
    let mut world = World::default();
    let act = world.proposal(&[recordal_days(30), Setting::StatisticCell { value: 5 }]);
    let at = act.at;
    let id = proposed(&mut world, act);
    assert!(matches!(world.get::<Proposal>(id).state, ProposalState::Open));
    let by = RecordId::new(world.effect(&[EXCHANGE], vote(id, EXCHANGE, true)));
    assert_eq!(world.get::<Proposal>(id).state, ProposalState::Accepted { by });
    assert_eq!(parameters(&world).recordal_days, 92);
    world.time = Timestamp::try_from(at.milliseconds() - 2).unwrap();
    assert_eq!(world.block(&[]).1.due, 0);
    assert_eq!(world.block(&[]).1.due, 1);
    assert_eq!(world.time, at);
    let changed = parameters(&world);
    assert_eq!((changed.recordal_days, changed.statistic_cell), (30, 5));
    assert_eq!(world.get::<Proposal>(id).state, ProposalState::InForce { by });
    assert_eq!(Parameters { recordal_days: 92, statistic_cell: 3, ..changed }, Parameters::default());
    assert!(world.replays());
}

#[test]
fn each_setting_changes_the_parameter_of_its_name_alone() {
    let settings = samples::acts_of("act/governance.json").into_iter().find_map(|act| match act {
        Act::ParamPropose(act) if !act.settings.is_empty() => Some(act.settings),
        _ => None,
    });
    for setting in &settings.unwrap() {
        let mut changed = Parameters::default();
        changed.set(std::slice::from_ref(setting)).unwrap();
        changed.check().unwrap();
        let before = serde_json::to_value(Parameters::default()).unwrap();
        let after = serde_json::to_value(&changed).unwrap();
        let fields = after.as_object().unwrap().iter();
        let differing: Vec<_> =
            fields.filter(|(name, value)| before[name.as_str()] != **value).map(|(name, _)| name).collect();
        match setting {
            Setting::CodeTable { .. } => assert_eq!(differing, ["tables"]),
            _ => {
                assert!(differing.is_empty() || differing == [setting.name()], "{differing:?}");
                let value = serde_json::to_value(setting).unwrap();
                assert_eq!(after[setting.name()], value[setting.name()]["value"]);
            }
        }
    }
}

#[test]
fn a_proposal_lies_within_the_bounds_of_a_founding_and_leaves_time_to_prepare() {
    let mut world = World::default();
    let firm = world.member("企业（演示）", Role::Enterprise);
    let none = world.proposal(&[]);
    assert_eq!(world.codes(&[EXCHANGE], none), [Code::FieldMissing]);
    let twice = world.proposal(&[recordal_days(30), recordal_days(31)]);
    assert_eq!(world.codes(&[EXCHANGE], twice), [Code::DuplicateEntry]);
    for wrong in [
        Setting::RuleSet { value: 2 },
        Setting::Window { value: 0 },
        Setting::DuePerBlock { value: 0 },
        Setting::BytesPerBlock { value: 1 },
        Setting::ProposalDays { value: 0 },
        Setting::Algorithms { value: list(&[1, 2]) },
    ] {
        let act = world.proposal(&[wrong]);
        refused(&mut world, &[EXCHANGE], act, Code::ParameterBounds);
    }
    let sound = world.proposal(&[recordal_days(30)]);
    let soon = Propose { at: world.time, ..sound.clone() };
    refused(&mut world, &[EXCHANGE], soon, Code::ProposalActivation);
    let others = Propose { exchange: firm, ..sound.clone() };
    refused(&mut world, &[firm], others, Code::ExchangeOnly);
    refused(&mut world, &[firm], sound.clone(), Code::MemberSignatureRequired);
    proposed(&mut world, sound);
}

#[test]
fn more_than_two_thirds_of_the_power_accept_and_votes_may_change_until_then() {
    let mut world = World::default();
    let second = world.joined("second", 1, 2000, &[EXCHANGE]);
    let third = world.joined("third", 1, 3000, &[EXCHANGE, second]);
    let idle = world.reserved("idle", Role::Exchange);
    let act = world.proposal(&[recordal_days(30)]);
    let id = proposed(&mut world, act.clone());
    assert_eq!(
        refused(&mut world, &[idle], vote(id, idle, true), Code::ProposalNoVote).subject,
        Some(idle.into())
    );
    refused(&mut world, &[second], vote(id, third, true), Code::MemberSignatureRequired);
    world.effect(&[EXCHANGE], vote(id, EXCHANGE, true));
    world.effect(&[second], vote(id, second, true));
    assert_eq!(
        world.get::<Proposal>(id).state,
        ProposalState::Open,
        "two thirds are not more than two thirds"
    );
    world.effect(&[EXCHANGE], vote(id, EXCHANGE, true));
    assert_eq!(world.get::<Proposal>(id).ballots.len(), 2, "who votes again has one vote");
    let by = RecordId::new(world.effect(&[third], vote(id, third, true)));
    assert_eq!(world.get::<Proposal>(id).state, ProposalState::Accepted { by });
    names(&refused(&mut world, &[third], vote(id, third, false), Code::ProposalClosed), by);

    let id = proposed(&mut world, act.clone());
    let by = RecordId::new(world.effect(&[third], vote(id, third, false)));
    assert_eq!(world.get::<Proposal>(id).state, ProposalState::Rejected { by });

    let later = Propose { at: world.time.plus_milliseconds(90 * Timestamp::DAY), ..act };
    let id = proposed(&mut world, later.clone());
    world.days(31);
    refused(&mut world, &[second], vote(id, second, true), Code::ProposalClosed);
    let id = proposed(&mut world, later);
    world.effect(&[second], vote(id, second, true));
    assert!(world.replays());
}

#[test]
fn a_vote_weighs_what_its_nodes_weigh() {
    let mut world = World::default();
    let heavy = world.joined("heavy", 5, 2000, &[EXCHANGE]);
    let act = world.proposal(&[recordal_days(30)]);
    let id = proposed(&mut world, act);
    world.effect(&[EXCHANGE], vote(id, EXCHANGE, false));
    let by = RecordId::new(world.effect(&[heavy], vote(id, heavy, true)));
    assert_eq!(world.get::<Proposal>(id).state, ProposalState::Accepted { by });
}

#[test]
fn what_another_change_has_made_impossible_is_void_and_harms_nothing() {
    let table =
        |n: usize| Table { name: text(&format!("table-{n}")), version: text("1"), digest: Hash([0; 32]) };
    let tables: Vec<_> = (0..31).map(table).collect();
    let mut world =
        World::with_parameters("2026-11-24", Parameters { tables: list(&tables), ..Parameters::default() });
    let setting =
        |name: &str| Setting::CodeTable { name: text(name), version: text("1"), digest: Hash([1; 32]) };
    let mut ids = Vec::new();
    for name in ["thirty-second", "thirty-third"] {
        let act = world.proposal(&[setting(name)]);
        let id = proposed(&mut world, act);
        world.effect(&[EXCHANGE], vote(id, EXCHANGE, true));
        ids.push(id);
    }
    world.days(1);
    assert!(matches!(world.get::<Proposal>(ids[0]).state, ProposalState::InForce { .. }));
    assert!(matches!(world.get::<Proposal>(ids[1]).state, ProposalState::Void { .. }));
    assert_eq!(parameters(&world).tables.len(), 32);
    let act = world.proposal(&[setting("thirty-third")]);
    refused(&mut world, &[EXCHANGE], act, Code::ParameterBounds);
    let newer = world.proposal(&[setting("table-0")]);
    proposed(&mut world, newer);
}

#[test]
fn a_deadline_that_ends_on_a_holiday_ends_on_the_next_worked_day() {
    let kit::licensing::Market { mut world, owner, first, second, patent } = market();
    let days = |days: &[&str]| days.iter().map(|day| date(day)).collect::<Vec<Date>>();
    let year = |holidays: &[&str], workdays: &[&str]| CalendarYear {
        year: 2027,
        holidays: list(&days(holidays)),
        workdays: list(&days(workdays)),
    };
    let plain = world.proposal(&[]);
    for wrong in [
        year(&["2026-12-31"], &[]),
        year(&["2027-02-27"], &[]),
        year(&[], &["2027-02-26"]),
        year(&["2027-03-01", "2027-02-26"], &[]),
    ] {
        let act = Propose { calendar: Some(wrong), ..plain.clone() };
        refused(&mut world, &[EXCHANGE], act, Code::CalendarDays);
    }
    let calendar = year(&["2027-02-24", "2027-02-25", "2027-02-26"], &["2027-02-27"]);
    let id = proposed(&mut world, Propose { calendar: Some(calendar), ..plain });
    world.effect(&[EXCHANGE], vote(id, EXCHANGE, true));
    // 92 days from 2026-11-24 are over on 2027-02-24, a holiday; the Saturday three days later is worked.
    let recorded_on = |licensee: MemberId, day: &str, world: &mut World| {
        let contract = tongda_ledger::act::licence::Grant {
            term: "2026-11-24/2027-12-31".parse().unwrap(),
            ..grant(world, &[patent], &[owner], licensee)
        };
        let licence = world.granted(&[owner, licensee], contract);
        let number = Record { on: date(day), ..world.recordal(licence) };
        (licence, number)
    };
    let (in_time, first_record) = recorded_on(first, "2027-02-27", &mut world);
    let (late, second_record) = recorded_on(second, "2027-02-28", &mut world);
    world.go_to("2027-03-01");
    assert!(world.get::<Calendar>(2027).workdays.contains(&date("2027-02-27")));
    world.effect(&[REGISTRAR, first], first_record);
    world.effect(&[REGISTRAR, second], second_record);
    assert!(!world.get::<Licence>(in_time).recorded.unwrap().late);
    assert!(world.get::<Licence>(late).recorded.unwrap().late);
}

#[test]
fn nodes_join_change_and_leave_by_vote() {
    let mut world = World::default();
    let second = world.joined("second", 1, 2000, &[EXCHANGE]);
    assert_eq!(powers(&world), [("beijing".to_owned(), 1), ("second".to_owned(), 1)]);
    let decide = |world: &mut World, act: NodeChange, keys: &[SigningKey]| {
        let id = ProposalId::new(world.index, 0);
        let keys: Vec<_> = keys.iter().collect();
        assert_eq!(world.send_with(&[second], change(second, act), &keys), Judgement::Effective);
        world.effect(&[second], vote(id, second, true));
        if world.get::<Proposal>(id).state == ProposalState::Open {
            world.effect(&[EXCHANGE], vote(id, EXCHANGE, true));
        }
    };
    decide(&mut world, NodeChange::Reweigh { name: text("second"), power: 3 }, &[]);
    assert_eq!(powers(&world)[1].1, 3);
    let readdress = NodeChange::Readdress {
        name: text("second"),
        consensus_address: text("/ip4/127.0.0.1/tcp/7"),
        gossip_address: text("/ip4/127.0.0.1/tcp/8"),
        api_address: text("http://127.0.0.1:9"),
    };
    decide(&mut world, readdress, &[]);
    let nodes: Nodes = world.get(Unit);
    assert_eq!(nodes.nodes[1].api_address.as_str(), "http://127.0.0.1:9");
    let (fresh, keys) = node("second", second, 3, 2100);
    let rekey = NodeChange::Rekey {
        name: text("second"),
        vote_key: fresh.vote_key.clone(),
        cosign_key: fresh.cosign_key,
        network_key: fresh.network_key,
    };
    decide(&mut world, rekey, &keys);
    let nodes: Nodes = world.get(Unit);
    assert_eq!(nodes.nodes[1].vote_key, fresh.vote_key);
    let remove = NodeChange::Remove { name: text("beijing") };
    let id = ProposalId::new(world.effect(&[second], change(second, remove)), 0);
    world.effect(&[second], vote(id, second, true));
    assert_eq!(powers(&world), [("second".to_owned(), 3)], "three of four are more than two thirds");
    assert!(world.replays());
}

#[test]
fn a_change_that_leaves_no_sound_set_of_nodes_is_refused() {
    let mut world = World::default();
    let act = |change_of| change(EXCHANGE, change_of);
    let remove = act(NodeChange::Remove { name: text("beijing") });
    refused(&mut world, &[EXCHANGE], remove.clone(), Code::NodeValidators);
    let observe = act(NodeChange::Reweigh { name: text("beijing"), power: 0 });
    refused(&mut world, &[EXCHANGE], observe, Code::NodeValidators);
    let overflow = act(NodeChange::Reweigh { name: text("beijing"), power: u64::MAX });
    refused(&mut world, &[EXCHANGE], overflow, Code::NodeValidators);
    let unknown = act(NodeChange::Remove { name: text("shanghai") });
    refused(&mut world, &[EXCHANGE], unknown, Code::NodeUnknown);
    let (same, keys) = node("beijing", EXCHANGE, 1, 2000);
    let keys: Vec<_> = keys.iter().collect();
    let taken = act(NodeChange::Add { node: same.clone() });
    assert_eq!(refused_with(&mut world, EXCHANGE, taken, &keys).code, Code::NodeNameTaken);
    let second = world.reserved("second", Role::Exchange);
    let (other, _) = node("nanjing", EXCHANGE, 1, 2000);
    let foreign = change(second, NodeChange::Add { node: other.clone() });
    let refusal = refused_with(&mut world, second, foreign, &keys);
    assert_eq!((refusal.code, refusal.obstacle), (Code::NodeExchange, Some(EXCHANGE.into())));
    let own = act(NodeChange::Add { node: other });
    let id = ProposalId::new(world.index, 0);
    assert_eq!(world.send_with(&[EXCHANGE], own, &keys), Judgement::Effective);
    world.effect(&[EXCHANGE], vote(id, EXCHANGE, true));
    world.effect(&[EXCHANGE], remove);
}

#[test]
fn a_nodes_keys_are_its_own_sound_proved_and_never_used_before() {
    let mut world = World::default();
    let (sound, keys) = node("nanjing", EXCHANGE, 1, 2000);
    let all: Vec<_> = keys.iter().collect();
    let add = |node| change(EXCHANGE, NodeChange::Add { node });
    assert_eq!(refused_with(&mut world, EXCHANGE, add(sound.clone()), &all[..2]).code, Code::KeyProofMissing);
    let same = tongda_ledger::state::Node { cosign_key: sound.vote_key.clone(), ..sound.clone() };
    assert_eq!(refused_with(&mut world, EXCHANGE, add(same), &all).code, Code::DuplicateEntry);
    let weak = tongda_ledger::state::Node { vote_key: PublicKey::ed25519([0; 32]), ..sound.clone() };
    let codes: Vec<_> = match world.send_with(&[EXCHANGE], add(weak), &all) {
        Judgement::Refused(refusals) => refusals.iter().map(|refusal| refusal.code).collect(),
        other => panic!("{other:?}"),
    };
    assert_eq!(codes, [Code::KeyWeak, Code::KeyProofMissing]);
    let [member_key] = world.keys_of(EXCHANGE).try_into().ok().unwrap();
    for (key, obstacle) in [(member_key, EXCHANGE), (kit::vote_key(), EXCHANGE)] {
        let taken = tongda_ledger::state::Node { vote_key: key.public(), ..sound.clone() };
        let refusal = refused_with(&mut world, EXCHANGE, add(taken), &[&key, &keys[1], &keys[2]]);
        assert_eq!((refusal.code, refusal.obstacle), (Code::KeyTaken, Some(obstacle.into())));
    }
    for act in [add(sound.clone()), change(EXCHANGE, NodeChange::Remove { name: text("nanjing") })] {
        let id = ProposalId::new(world.index, 0);
        assert_eq!(world.send_with(&[EXCHANGE], act, &all), Judgement::Effective);
        world.effect(&[EXCHANGE], vote(id, EXCHANGE, true));
    }
    let removed = RecordId::new(world.index - 2);
    let refusal = refused_with(&mut world, EXCHANGE, add(sound), &all);
    assert_eq!((refusal.code, refusal.obstacle), (Code::KeyTaken, Some(removed.into())));
    let (enrolment, _) = world.enrolment("成员（演示）", Role::Enterprise, "CN");
    let mut enrolment = enrolment;
    enrolment.keys[0].key = keys[0].public();
    assert_eq!(refused_with(&mut world, EXCHANGE, enrolment, &[&keys[0]]).code, Code::KeyTaken);
}

#[test]
fn a_network_takes_no_more_nodes_than_one_value_holds() {
    let mut world = World::default();
    let mut refusal = None;
    for n in 0..41_u32 {
        let name = format!("{n:02}{}", "x".repeat(50));
        let (mut joining, keys) = node(&name, EXCHANGE, 0, 5000 + 10 * n);
        let long = "http://".to_owned() + &"a".repeat(193);
        joining.api_address = text(&long);
        joining.gossip_address = text(&long);
        joining.consensus_address = text(&long);
        let id = ProposalId::new(world.index, 0);
        let act = change(EXCHANGE, NodeChange::Add { node: joining });
        match world.send_with(&[EXCHANGE], act, &keys.iter().collect::<Vec<_>>()) {
            Judgement::Effective => _ = world.effect(&[EXCHANGE], vote(id, EXCHANGE, true)),
            Judgement::Refused(refusals) => {
                refusal = Some(refusals);
                break;
            }
            other @ Judgement::Pending { .. } => panic!("{other:?}"),
        }
    }
    assert_eq!(refusal.unwrap()[0].code, Code::NodeLimit);
    let (name, _) = powers(&world)[0].clone();
    let remove = change(EXCHANGE, NodeChange::Remove { name: text(&name) });
    let id = ProposalId::new(world.effect(&[EXCHANGE], remove), 0);
    world.effect(&[EXCHANGE], vote(id, EXCHANGE, true));
    let (last, keys) = node("last", EXCHANGE, 0, 9000);
    let act = change(EXCHANGE, NodeChange::Add { node: last });
    assert_eq!(world.send_with(&[EXCHANGE], act, &keys.iter().collect::<Vec<_>>()), Judgement::Effective);
}
