//! Acts that wait for consents: who may give, refuse and take back, in which order, until when.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::rights::{kind, told};
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::consent::{Decline, Give};
use tongda_ledger::act::member::{Power, Role, StandingChange, Status};
use tongda_ledger::act::patent::{Annuity, AnnuityEvent, Freeze, FreezeKind, Unfreeze};
use tongda_ledger::act::pledge::Consent;
use tongda_ledger::execution::Judgement;
use tongda_ledger::identifier::{
    LicenceId, MemberId, PatentId, PendingId, PledgeId, RecordId, Timestamp, TransferId,
};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{
    Parameters, Patent, PatentStatus, Pending, PendingState, StateKey, Stored, Substance, Unit, UsedChunk,
};

/// Two co-owners, a buyer and the patent.
fn deal() -> (World, [MemberId; 3], PatentId) {
    deal_with(Parameters::default())
}

fn deal_with(parameters: Parameters) -> (World, [MemberId; 3], PatentId) {
    let mut world = World::with_parameters("2026-11-24", parameters);
    let members = ["甲公司（演示）", "乙公司（演示）", "丙公司（演示）"];
    let [one, two, buyer] = members.map(|name| world.member(name, Role::Enterprise));
    let patent = world.patent(&[one, two]);
    (world, [one, two, buyer], patent)
}

/// The deal's transfer, proposed by the first owner and waiting for the others.
fn waiting(world: &mut World, [one, two, buyer]: [MemberId; 3], patent: PatentId) -> PendingId {
    let act = world.transfer_act(&[patent], &[one, two], &[buyer]);
    let (pending, missing) = world.pends(&[one], act);
    assert_eq!(missing, [two, buyer]);
    pending
}

fn state(world: &World, pending: PendingId) -> PendingState {
    world.get::<Pending>(pending).state
}

fn decline(pending: PendingId) -> Decline {
    Decline { pending, reason: None }
}

fn power(principal: MemberId, agent: MemberId, patents: &[PatentId], until: &str) -> Power {
    let acts = list(&[kind("transfer.propose")]);
    Power { principal, agent, acts, patents: list(patents), until: date(until) }
}

/// What happens to the patent of a deal while it waits.
type Change<'a> = dyn Fn(&mut World, [MemberId; 3], PatentId) + 'a;

/// Every order of the values.
fn permutations<T: Copy>(values: &[T]) -> Vec<Vec<T>> {
    if values.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (place, first) in values.iter().enumerate() {
        let rest: Vec<_> =
            values.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, value)| *value).collect();
        for mut tail in permutations(&rest) {
            tail.insert(0, *first);
            all.push(tail);
        }
    }
    all
}

#[test]
fn consents_in_every_order_lead_to_the_same_state() {
    // Used ids are those of the consents themselves, which differ by their place.
    let values = |world: &World| -> Vec<(StateKey, Vec<u8>)> {
        let lasting = world.state.values().filter(|(key, _)| key.tag() != UsedChunk::TAG);
        lasting.map(|(key, value)| (*key, value.to_vec())).collect()
    };
    let mut outcomes = Vec::new();
    for order in permutations(&[0, 1, 2, 3]) {
        let (mut world, [one, two, buyer], patent) = deal();
        let bank = world.member("银行（演示）", Role::Bank);
        let other = world.member("丁公司（演示）", Role::Enterprise);
        let act = world.pledge_act(&[patent], &[one, two], bank);
        let pledge = PledgeId::new(world.effect(&[one, two, bank], act), 0);
        let act = world.pledge_registration(pledge);
        world.effect(&[REGISTRAR], act);
        let act = world.prepaying(&[patent], &[one, two], &[buyer, other]);
        let (pending, missing) = world.pends(&[one], act);
        assert_eq!(missing, [two, bank, buyer, other]);
        for (place, member) in order.iter().enumerate() {
            assert_eq!(state(&world, pending), PendingState::Waiting, "{order:?} at {place}");
            world.effect(&[missing[*member]], Give { pending });
        }
        assert!(matches!(state(&world, pending), PendingState::Effective { .. }), "{order:?}");
        outcomes.push((order, values(&world)));
    }
    for (order, outcome) in &outcomes[1..] {
        assert!(*outcome == outcomes[0].1, "{order:?} ends elsewhere than {:?}", outcomes[0].0);
    }
}

#[test]
fn several_consents_come_in_one_envelope_or_one_block() {
    let (mut world, deal, patent) = deal();
    let pending = waiting(&mut world, deal, patent);
    world.effect(&[deal[1], deal[2]], Give { pending });
    assert!(matches!(state(&world, pending), PendingState::Effective { .. }));
    let pending = waiting(&mut world, deal, patent);
    let gives = [deal[2], deal[1]].map(|member| world.envelope(&[member], Give { pending }, None));
    assert_eq!(world.block(&gives).0, [Judgement::Effective, Judgement::Effective]);
    assert!(matches!(state(&world, pending), PendingState::Effective { .. }));
}

#[test]
fn a_consent_counts_once_and_only_from_who_is_awaited() {
    let (mut world, deal, patent) = deal();
    let stranger = world.member("丁公司（演示）", Role::Enterprise);
    let pending = waiting(&mut world, deal, patent);
    for member in [stranger, deal[0]] {
        let refusals = world.refusals(&[member], Give { pending });
        assert_eq!(
            refusals.iter().map(told).collect::<Vec<_>>(),
            [format!("PENDING_NOT_AWAITED {pending} {member}")]
        );
    }
    world.effect(&[deal[1]], Give { pending });
    assert_eq!(world.codes(&[deal[1]], Give { pending }), [Code::PendingNotAwaited]);
    let by = world.effect(&[deal[2]], Give { pending });
    let refusals = world.refusals(&[deal[2]], Give { pending });
    let record = RecordId::new(by);
    assert_eq!(
        refusals.iter().map(told).collect::<Vec<_>>(),
        [format!("PENDING_NOT_WAITING {pending} {record}")]
    );
    let unknown = PendingId::new(99_999, 0);
    assert_eq!(world.codes(&[deal[1]], Give { pending: unknown }), [Code::ObjectUnknown]);
}

#[test]
fn a_party_declines_and_the_author_takes_back_but_nobody_else() {
    for who in [0, 1, 2] {
        let (mut world, deal, patent) = deal();
        let stranger = world.member("丁公司（演示）", Role::Enterprise);
        let pending = waiting(&mut world, deal, patent);
        assert_eq!(world.codes(&[stranger], decline(pending)), [Code::PendingNotAwaited]);
        world.effect(&[deal[who]], decline(pending));
        assert_eq!(state(&world, pending), PendingState::Declined { by: deal[who] });
        let refusals = world.refusals(&[deal[1]], Give { pending });
        let expected = format!("PENDING_NOT_WAITING {pending} {}", deal[who]);
        assert_eq!(refusals.iter().map(told).collect::<Vec<_>>(), [expected]);
        world.days(31);
        assert_eq!(state(&world, pending), PendingState::Declined { by: deal[who] }, "an end is an end");
    }
}

#[test]
fn an_agent_answers_within_its_power_for_the_act_that_waits() {
    let (mut world, deal, patent) = deal();
    let agency = world.member("代理机构（演示）", Role::Agency);
    let other = world.patent(&[deal[1]]);
    let pending = waiting(&mut world, deal, patent);
    world.effect(&[deal[1]], power(deal[1], agency, &[other], "2027-11-24"));
    assert_eq!(world.codes(&[agency], Give { pending }), [Code::PendingNotAwaited]);
    assert_eq!(world.codes(&[agency], decline(pending)), [Code::PendingNotAwaited]);
    world.effect(&[deal[1]], power(deal[1], agency, &[patent], "2027-11-24"));
    world.effect(&[agency], Give { pending });
    assert_eq!(*world.get::<Pending>(pending).missing, [deal[2]]);
    world.effect(&[deal[2]], Give { pending });
    assert!(matches!(state(&world, pending), PendingState::Effective { .. }));
    // An agent of the author takes back what the author proposed.
    let pending = waiting(&mut world, deal, patent);
    world.effect(&[deal[0]], power(deal[0], agency, &[other], "2027-11-24"));
    world.effect(&[deal[1]], power(deal[1], agency, &[], "2026-11-23"));
    assert_eq!(world.codes(&[agency], decline(pending)), [Code::PendingNotAwaited]);
    world.effect(&[deal[0]], power(deal[0], agency, &[patent], "2027-11-24"));
    world.effect(&[agency], decline(pending));
}

#[test]
fn when_an_agents_power_ends_its_principal_is_awaited_again() {
    let (mut world, deal, patent) = deal();
    let agency = world.member("代理机构（演示）", Role::Agency);
    world.effect(&[deal[1]], power(deal[1], agency, &[], "2027-11-24"));
    let pending = waiting(&mut world, deal, patent);
    world.effect(&[agency], Give { pending });
    world.effect(&[deal[1]], power(deal[1], agency, &[], "2026-11-23"));
    world.effect(&[deal[2]], Give { pending });
    assert_eq!(state(&world, pending), PendingState::Waiting);
    assert_eq!(*world.get::<Pending>(pending).missing, [deal[1]]);
    world.effect(&[deal[1]], Give { pending });
    assert!(matches!(state(&world, pending), PendingState::Effective { .. }));
}

#[test]
fn nothing_takes_effect_on_the_signature_of_a_member_suspended_since() {
    let (mut world, deal, patent) = deal();
    let pending = waiting(&mut world, deal, patent);
    let status = |change| Status { member: deal[0], change, reason: text("测试") };
    world.effect(&[EXCHANGE], status(StandingChange::Suspend));
    world.effect(&[deal[1]], Give { pending });
    let refusals = world.refusals(&[deal[2]], Give { pending });
    assert_eq!(refusals.iter().map(told).collect::<Vec<_>>(), [format!("MEMBER_SUSPENDED {} -", deal[0])]);
    world.effect(&[REGISTRAR], status(StandingChange::Restore));
    world.effect(&[deal[2]], Give { pending });
    assert!(matches!(state(&world, pending), PendingState::Effective { .. }));
}

#[test]
fn a_suspended_party_cannot_consent_nor_can_its_agent() {
    let (mut world, deal, patent) = deal();
    let agency = world.member("代理机构（演示）", Role::Agency);
    world.effect(&[deal[1]], power(deal[1], agency, &[], "2027-11-24"));
    let pending = waiting(&mut world, deal, patent);
    let status = Status { member: deal[1], change: StandingChange::Suspend, reason: text("测试") };
    world.effect(&[EXCHANGE], status);
    assert!(world.codes(&[deal[1]], Give { pending }).contains(&Code::MemberSuspended));
    assert_eq!(world.codes(&[agency], Give { pending }), [Code::PendingNotAwaited]);
}

#[test]
fn who_proposed_under_a_power_that_has_ended_is_replaced_by_its_principal() {
    let (mut world, deal, patent) = deal();
    let [one, two, buyer] = deal;
    let agency = world.member("代理机构（演示）", Role::Agency);
    world.effect(&[one], power(one, agency, &[], "2027-12-31"));
    let act = world.transfer_act(&[patent], &[one, two], &[buyer]);
    let (pending, missing) = world.pends(&[agency], act.clone());
    assert_eq!(missing, [two, buyer]);
    world.effect(&[one], power(one, agency, &[], "2026-11-23"));
    // Without a power it proposes nothing, whoever signs beside it.
    assert!(world.codes(&[agency, one, two, buyer], act).contains(&Code::NotOwner));
    world.effect(&[two], Give { pending });
    world.effect(&[buyer], Give { pending });
    assert_eq!(*world.get::<Pending>(pending).missing, [one], "the principal is awaited again");
    assert_eq!(world.codes(&[agency], Give { pending }), [Code::PendingNotAwaited]);
    world.effect(&[one], Give { pending });
    assert!(matches!(state(&world, pending), PendingState::Effective { .. }));
}

#[test]
fn a_consent_over_what_has_changed_is_stale_and_the_act_lapses_as_stale() {
    let change_owners = |world: &mut World, deal: [MemberId; 3], patent| {
        let act = world.transfer_act(&[patent], &[deal[0], deal[1]], &[deal[0]]);
        let transfer = TransferId::new(world.effect(&[deal[0], deal[1]], act), 0);
        let act = world.transfer_registration(transfer);
        world.effect(&[REGISTRAR], act);
    };
    let pledge = |world: &mut World, deal: [MemberId; 3], patent| {
        let act = world.pledge_act(&[patent], &[deal[0], deal[1]], deal[2]);
        let pledge = PledgeId::new(world.effect(&deal, act), 0);
        let act = world.pledge_registration(pledge);
        world.effect(&[REGISTRAR], act);
    };
    let grace = |world: &mut World, _: [MemberId; 3], patent| {
        let effective = world.today();
        let event = AnnuityEvent::Overdue { due: date("2026-01-15") };
        world.effect(&[REGISTRAR], Annuity { patent, year: 7, event, effective });
    };
    let declare = |world: &mut World, _: [MemberId; 3], patent| _ = world.declaration_of(patent, false);
    let rule_set = |world: &mut World, _: [MemberId; 3], _| {
        let parameters = Parameters { rule_set: 2, ..Parameters::default() };
        world.past_the_rules(|overlay| overlay.put(&Unit, &parameters));
    };
    let changes: [&Change<'_>; 5] = [&change_owners, &pledge, &grace, &declare, &rule_set];
    for (place, change) in changes.into_iter().enumerate() {
        let (mut world, deal, patent) = deal();
        let pending = waiting(&mut world, deal, patent);
        world.effect(&[deal[1]], Give { pending });
        change(&mut world, deal, patent);
        // Beside it stands whatever else is now in the way.
        let refusals = world.refusals(&[deal[2]], Give { pending });
        assert_eq!(told(&refusals[0]), format!("PENDING_STALE {pending} -"), "change {place}");
        assert_eq!(state(&world, pending), PendingState::Waiting);
        world.days(31);
        assert_eq!(state(&world, pending), PendingState::Stale, "change {place}");
    }
}

#[test]
fn a_new_exclusive_or_sole_licence_makes_consents_stale_and_an_ended_one_does_not() {
    let (world, _, patent) = deal();
    let entry = world.get::<Patent>(patent);
    let (old, new) = (LicenceId::new(1, 0), LicenceId::new(2, 0));
    let today = world.today();
    let status = world.status(patent);
    let none = Substance::of(patent, &entry, &status, today);
    let with = |exclusive, sole| {
        let status = PatentStatus { exclusive_latest: exclusive, sole_latest: sole, ..status.clone() };
        Substance::of(patent, &entry, &status, today)
    };
    assert!(none.holds_over(&none));
    assert!(!none.holds_over(&with(Some(old), None)));
    assert!(!with(Some(old), None).holds_over(&with(Some(old), Some(new))));
    assert!(with(Some(old), None).holds_over(&none));
}

#[test]
fn an_act_lapses_at_its_deadline_and_not_before() {
    let (mut world, deal, patent) = deal();
    let pending = waiting(&mut world, deal, patent);
    let on_time = waiting(&mut world, deal, patent);
    world.effect(&[deal[1]], Give { pending });
    world.effect(&[deal[1]], Give { pending: on_time });
    let deadline = world.get::<Pending>(on_time).deadline;
    assert!(world.get::<Pending>(pending).deadline < deadline);
    // A consent in a block whose time is the deadline counts; the block's own time is one millisecond later than the clock.
    world.time = Timestamp::try_from(deadline.milliseconds() - 1).unwrap();
    let late = world.envelope(&[deal[2]], Give { pending }, None);
    let give = world.envelope(&[deal[2]], Give { pending: on_time }, None);
    let judgements = world.block(&[late, give]).0;
    assert_eq!(world.time, deadline);
    let Judgement::Refused(refusals) = &judgements[0] else { panic!("a late consent counted") };
    assert_eq!(refusals.iter().map(|refusal| refusal.code).collect::<Vec<_>>(), [Code::PendingNotWaiting]);
    assert_eq!(judgements[1], Judgement::Effective);
    assert_eq!(state(&world, pending), PendingState::Lapsed);
    assert!(matches!(state(&world, on_time), PendingState::Effective { .. }));
}

#[test]
fn a_late_consent_is_refused_even_before_the_lapse_is_entered() {
    let parameters = Parameters { due_per_block: 1, ..Parameters::default() };
    let (mut world, deal, patent) = deal_with(parameters);
    let first = waiting(&mut world, deal, patent);
    let second = waiting(&mut world, deal, patent);
    world.days(31);
    assert_eq!((state(&world, first), state(&world, second)), (PendingState::Lapsed, PendingState::Waiting));
    assert_eq!(world.codes(&[deal[1]], Give { pending: second }), [Code::PendingNotWaiting]);
    assert_eq!(state(&world, second), PendingState::Lapsed);
}

#[test]
fn the_last_consent_meets_the_rules_again() {
    let (mut world, deal, patent) = deal();
    let pending = waiting(&mut world, deal, patent);
    let freeze = Freeze {
        patent,
        kind: FreezeKind::Preservation,
        from: world.today(),
        until: date("2027-01-31"),
        case: text("（2026）京01民初1号"),
    };
    let record = RecordId::new(world.effect(&[COURT], freeze));
    world.effect(&[deal[2]], Give { pending });
    let refusals = world.refusals(&[deal[1]], Give { pending });
    assert_eq!(refusals.iter().map(told).collect::<Vec<_>>(), [format!("PATENT_FROZEN {patent} {record}")]);
    assert_eq!(*world.get::<Pending>(pending).missing, [deal[1]]);
    world.effect(&[COURT], Unfreeze { patent, kind: FreezeKind::Preservation, reason: text("解除") });
    world.effect(&[deal[1]], Give { pending });
}

#[test]
fn who_consented_in_advance_meanwhile_is_waited_for_no_longer() {
    let (mut world, [one, two, buyer], _) = deal();
    let bank = world.member("银行（演示）", Role::Bank);
    let patent = world.patent(&[one]);
    let pledge = world.pledge_registered(patent, one, bank);
    let act = world.prepaying(&[patent], &[one], &[buyer, two]);
    let (pending, missing) = world.pends(&[one, two], act.clone());
    assert_eq!(missing, [bank, buyer]);
    let (own, _) = world.pends(&[one, two, buyer], act);
    let consent =
        Consent { pledge, act: kind("transfer.propose"), conditions: None, until: date("2026-12-31") };
    world.effect(&[bank], consent);
    world.effect(&[buyer], Give { pending });
    assert!(matches!(state(&world, pending), PendingState::Effective { .. }));
    // Where its consent was the last one, its own word still completes the act.
    world.effect(&[bank], Give { pending: own });
    assert!(matches!(state(&world, own), PendingState::Effective { .. }));
}

#[test]
fn only_some_acts_wait_and_only_for_so_long() {
    let (mut world, deal, patent) = deal();
    let act = world.transfer_act(&[patent], &[deal[0], deal[1]], &[deal[2]]);
    let judged = |world: &mut World, signer, act: tongda_ledger::act::Act, days| {
        let envelope = world.envelope(&[signer], act, Some(days));
        match world.block(&[envelope]).0.remove(0) {
            Judgement::Refused(refusals) => refusals.iter().map(|refusal| refusal.code).collect(),
            _ => Vec::new(),
        }
    };
    for days in [0, 61] {
        assert!(judged(&mut world, deal[0], act.clone().into(), days).contains(&Code::GatherTime), "{days}");
    }
    assert_eq!(judged(&mut world, deal[0], act.into(), 60), []);
    let exit = Status { member: deal[0], change: StandingChange::Exit, reason: text("测试") };
    let expected = [Code::PendingNotAllowed, Code::MemberSignatureRequired];
    assert_eq!(judged(&mut world, EXCHANGE, exit.into(), 10), expected);
}

#[test]
fn more_signers_than_a_pending_act_holds_are_refused_and_break_nothing() {
    let (mut world, deal, patent) = deal();
    let pending = waiting(&mut world, deal, patent);
    let mut signers = vec![deal[2]];
    for _ in 0..127 {
        signers.push(world.member("其他公司（演示）", Role::Enterprise));
    }
    let give = world.envelope(&signers, Give { pending }, None);
    let Judgement::Refused(refusals) = &world.block(&[give]).0[0] else { panic!("129 signers fit") };
    let told: Vec<_> = refusals.iter().map(told).collect();
    assert_eq!(told, [format!("PENDING_NOT_ALLOWED {pending} -")]);
    world.effect(&signers[..10], Give { pending });
}

#[test]
fn an_act_that_needs_nobody_else_does_not_wait() {
    let (mut world, deal, patent) = deal();
    let act = world.transfer_act(&[patent], &[deal[0], deal[1]], &[deal[2]]);
    let envelope = world.envelope(&deal, act, Some(10));
    assert_eq!(world.block(&[envelope]).0, [Judgement::Effective]);
}
