//! Try a pool from outside: what it takes, what it rejects, in which order it hands out, what it tells.

use super::fixtures::{TestClock, at, node, noon, sample};
use super::*;
use proptest::prelude::*;
use std::collections::HashSet;
use std::time::Duration;
use tongda_ledger::refusal::Code;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn pool() -> Pool {
    Pool::new(PoolLimits::default())
}

fn verified(pool: &Pool, sample: fixtures::Sample) -> Verified {
    pool.verify_all(&[sample.bytes()]).unwrap().remove(0)
}

fn admit(pool: &Pool, sample: fixtures::Sample) -> Verified {
    let record = verified(pool, sample);
    assert_eq!(pool.admit(record.clone(), Origin::Client, noon()), Ok(Admission::New));
    record
}

fn outcome(receiver: &mut oneshot::Receiver<Outcome>) -> Option<Outcome> {
    receiver.try_recv().ok()
}

#[test]
fn a_record_is_verified_once_whoever_brings_it() {
    let pool = pool();
    let bytes = sample(1, 1).bytes();
    let record = pool.verify(&bytes, HERE).unwrap();
    assert_eq!(record.bytes(), bytes);
    assert_eq!(pool.verify(&bytes, HERE), Ok(record.clone()));
    assert_eq!(pool.verify_all(&[bytes]), Ok(vec![record]));
    let metrics = pool.metrics();
    assert_eq!((metrics.verified, metrics.cache_hits), (1, 2));
}

#[test]
fn what_is_no_record_is_rejected_with_its_reason_and_not_remembered() {
    let pool = pool();
    let forged = sample(1, 1).forged();
    for _ in 0..2 {
        let rejection = pool.verify(&forged, HERE).unwrap_err();
        assert!(matches!(rejection, Rejection::Envelope(EnvelopeError::Signature { .. })));
        assert_eq!(rejection.retry_after(), None);
    }
    assert!(matches!(pool.verify(b"garbage", HERE), Err(Rejection::Envelope(EnvelopeError::Version(_)))));
    assert_eq!(pool.verify(&[1; RECORD_LIMIT + 1], HERE), Err(Rejection::TooLong(RECORD_LIMIT + 1)));
    let rejected = pool.metrics().rejected;
    assert_eq!(
        rejected.into_iter().collect::<Vec<_>>(),
        [("malformed", 1), ("signature", 2), ("too_long", 1)]
    );
    assert_eq!(pool.metrics().remembered, 0);
}

#[test]
fn a_proposal_with_a_forged_record_is_told_which_is_the_first() {
    let mut records: Vec<_> = (0..20).map(|number| sample(1, number).bytes()).collect();
    assert_eq!(pool().verify_all(&records).unwrap().len(), 20);
    records[7] = sample(1, 7).forged();
    records[12] = Bytes::from_static(b"garbage");
    assert!(matches!(pool().verify_all(&records), Err((7, EnvelopeError::Signature { .. }))));
}

#[test]
fn an_address_beyond_its_quota_waits_and_others_do_not() {
    let clock = TestClock::default();
    let pool = clock.pool(PoolLimits { address_signatures: Rate::new(1, 3), ..PoolLimits::default() });
    let there = "203.0.113.9".parse().unwrap();
    for number in 0..3 {
        pool.verify(&sample(1, number).bytes(), HERE).unwrap();
    }
    let Err(Rejection::AddressQuota(after)) = pool.verify(&sample(1, 3).bytes(), HERE) else {
        panic!("the fourth record within a second is beyond a burst of three")
    };
    assert!(after > Duration::ZERO && after <= Duration::from_secs(1), "{after:?}");
    pool.verify(&sample(1, 3).bytes(), there).unwrap();
    clock.advance(after);
    pool.verify(&sample(1, 4).bytes(), HERE).unwrap();
}

#[test]
fn an_address_pays_for_every_signature_and_every_byte() {
    let clock = TestClock::default();
    let limits = PoolLimits { address_signatures: Rate::new(1, 4), ..PoolLimits::default() };
    let many = fixtures::Sample { signatures: 4, ..sample(1, 1) };
    let full = clock.pool(limits.clone());
    full.verify(&many.bytes(), HERE).unwrap();
    assert!(matches!(full.verify(&sample(1, 2).bytes(), HERE), Err(Rejection::AddressQuota(_))));
    let bytes = many.bytes();
    let length = u32::try_from(bytes.len()).unwrap();
    let narrow = clock.pool(PoolLimits { address_bytes: Rate::new(1, length), ..PoolLimits::default() });
    narrow.verify(&bytes, HERE).unwrap();
    assert!(matches!(narrow.verify(b"more", HERE), Err(Rejection::AddressQuota(_))));
}

#[test]
fn addresses_of_one_subscriber_share_a_quota() {
    let clock = TestClock::default();
    let pool = clock.pool(PoolLimits { address_signatures: Rate::new(1, 1), ..PoolLimits::default() });
    pool.verify(&sample(1, 1).bytes(), "2001:db8:1:2::1".parse().unwrap()).unwrap();
    for same in ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"] {
        assert!(matches!(
            pool.verify(&sample(1, 2).bytes(), same.parse().unwrap()),
            Err(Rejection::AddressQuota(_))
        ));
    }
    pool.verify(&sample(1, 2).bytes(), "2001:db8:1:3::1".parse().unwrap()).unwrap();
}

#[test]
fn more_addresses_than_the_table_holds_share_one_quota_until_others_have_rested() {
    let clock = TestClock::default();
    let limits = PoolLimits { address_signatures: Rate::new(1, 2), addresses: 3, ..PoolLimits::default() };
    let pool = clock.pool(limits);
    let send = |last: u8, number| pool.verify(&sample(1, number).bytes(), IpAddr::from([192, 0, 2, last]));
    for last in 0..3 {
        send(last, 1).unwrap();
    }
    for last in 100..102 {
        send(last, 2).unwrap();
    }
    assert!(matches!(send(102, 3), Err(Rejection::AddressQuota(_))));
    clock.advance(Duration::from_secs(10));
    for last in 102..104 {
        send(last, 3).unwrap();
        send(last, 4).unwrap();
        assert!(matches!(send(last, 5), Err(Rejection::AddressQuota(_))));
    }
}

#[test]
fn a_member_beyond_its_quota_waits_but_what_its_own_node_admitted_does_not() {
    let clock = TestClock::default();
    let pool = clock.pool(PoolLimits { member_records: Rate::new(2, 2), ..PoolLimits::default() });
    admit(&pool, sample(1, 0));
    admit(&pool, sample(1, 1));
    let third = verified(&pool, sample(1, 2));
    let Err(Rejection::MemberQuota { member, after }) = pool.admit(third.clone(), Origin::Client, noon())
    else {
        panic!("the third record is beyond a burst of two")
    };
    assert_eq!(member, third.core().author);
    admit(&pool, sample(2, 0));
    assert_eq!(pool.admit(verified(&pool, sample(1, 3)), Origin::Node(node(9)), noon()), Ok(Admission::New));
    clock.advance(after);
    assert_eq!(pool.admit(third, Origin::Client, noon()), Ok(Admission::New));
}

#[test]
fn a_record_that_waits_already_is_not_admitted_twice() {
    let pool = pool();
    let record = admit(&pool, sample(1, 1));
    assert_eq!(pool.admit(record.clone(), Origin::Client, noon()), Ok(Admission::Waiting));
    assert_eq!(pool.admit(record, Origin::Node(node(9)), noon()), Ok(Admission::Waiting));
    assert_eq!(*pool.depth().borrow(), 1);
    assert_eq!(pool.metrics().admitted, 1);
}

#[test]
fn a_full_pool_asks_to_come_back_and_has_room_again_after_a_block() {
    let length = sample(1, 0).bytes().len();
    for limits in [
        PoolLimits { records: 2, ..PoolLimits::default() },
        PoolLimits { bytes: 2 * length + 1, ..PoolLimits::default() },
    ] {
        let pool = Pool::new(limits);
        let first = admit(&pool, sample(1, 0));
        admit(&pool, sample(2, 1));
        let third = verified(&pool, sample(3, 2));
        let rejection = pool.admit(third.clone(), Origin::Client, noon()).unwrap_err();
        assert_eq!(rejection, Rejection::Full);
        assert!(rejection.retry_after().is_some());
        pool.committed(&[(first.id(), 0)], 1);
        assert_eq!(pool.admit(third, Origin::Client, noon()), Ok(Admission::New));
    }
}

#[test]
fn no_author_and_no_node_fills_more_than_its_share() {
    let limits = PoolLimits { records_per_member: 2, records_per_node: 3, ..PoolLimits::default() };
    let pool = Pool::new(limits);
    let from = |origin: &Origin, author, number| {
        pool.admit(verified(&pool, sample(author, number)), origin.clone(), noon())
    };
    let hostile = Origin::Node(node(9));
    from(&hostile, 1, 0).unwrap();
    from(&hostile, 1, 1).unwrap();
    assert!(matches!(from(&hostile, 1, 2), Err(Rejection::MemberShare { limit: 2, .. })));
    from(&hostile, 2, 3).unwrap();
    assert_eq!(from(&hostile, 3, 4), Err(Rejection::NodeShare(3)));
    // Whoever signs as member 1 at another node takes nothing from what member 1 may have here.
    from(&Origin::Client, 1, 5).unwrap();
    from(&Origin::Node(node(8)), 3, 6).unwrap();
}

#[test]
fn a_single_record_does_not_wait_behind_the_thousands_of_another_member() {
    let pool = pool();
    for number in 0..1000 {
        admit(&pool, sample(1, number));
    }
    let single = admit(&pool, sample(2, 0));
    let taken = pool.take(2, usize::MAX, noon());
    assert!(taken.contains(&single));
    // While a member has records waiting, each further one comes a turn later.
    let second = admit(&pool, sample(2, 1));
    let taken = pool.take(4, usize::MAX, noon());
    assert_eq!(taken.iter().filter(|record| record.core().author == second.core().author).count(), 2);
}

#[test]
fn records_are_taken_within_bounds_in_the_order_of_their_coming_and_stay() {
    let pool = pool();
    let records: Vec<_> = (0..10).map(|number| admit(&pool, sample(1, number))).collect();
    let length = records[0].bytes().len();
    assert_eq!(pool.take(3, usize::MAX, noon()), records[..3]);
    assert_eq!(pool.take(100, 4 * length + length / 2, noon()), records[..4]);
    assert_eq!(pool.take(100, length - 1, noon()), []);
    assert_eq!(pool.take(100, usize::MAX, noon()), records);
}

#[test]
fn a_record_counts_within_its_window_only_and_expires_after_it() {
    let pool = pool();
    let (from, until) = (at(noon().milliseconds() + 5_000), at(noon().milliseconds() + 60_000));
    let record = admit(&pool, fixtures::Sample { from, until, ..sample(1, 1) });
    let mut waiter = pool.wait(&record);
    assert_eq!(pool.take(9, usize::MAX, noon()), []);
    assert_eq!(pool.take(9, usize::MAX, from), std::slice::from_ref(&record));
    pool.expire(until);
    assert_eq!(pool.take(9, usize::MAX, until), std::slice::from_ref(&record));
    let after = at(until.milliseconds() + 1);
    assert_eq!(pool.take(9, usize::MAX, after), []);
    pool.expire(after);
    assert_eq!(outcome(&mut waiter), Some(Outcome::Expired));
    assert_eq!(pool.metrics().expired, 1);
    assert_eq!(pool.admit(record, Origin::Client, after), Err(Rejection::Expired(until)));
    let later =
        verified(&pool, fixtures::Sample { from: at(noon().milliseconds() + 60_000), ..sample(1, 2) });
    assert!(matches!(
        pool.admit(later, Origin::Client, noon()),
        Err(Rejection::NotYetValid { after, .. }) if after == Duration::from_secs(60)
    ));
}

#[test]
fn a_block_removes_a_record_under_all_its_signatures_and_tells_everyone_who_waits() {
    let pool = pool();
    let one = admit(&pool, sample(1, 1));
    let other = admit(&pool, fixtures::Sample { first_key: 5, ..sample(1, 1) });
    let third = admit(&pool, sample(1, 2));
    assert_eq!(one.id(), other.id());
    assert_ne!(one.fingerprint(), other.fingerprint());
    let mut waiters = [pool.wait(&one), pool.wait(&one), pool.wait(&other)];
    let mut untouched = pool.wait(&third);
    pool.committed(&[(one.id(), 42)], 7);
    let committed = Outcome::Committed { index: 42, height: 7 };
    for waiter in &mut waiters {
        assert_eq!(outcome(waiter), Some(committed.clone()));
    }
    assert_eq!(outcome(&mut untouched), None);
    assert_eq!(pool.take(9, usize::MAX, noon()), [third]);
    // Who asks late is told; and what comes again by gossip does not wait again.
    assert_eq!(outcome(&mut pool.wait(&other)), Some(committed));
    assert_eq!(
        pool.admit(other, Origin::Node(node(9)), noon()),
        Ok(Admission::Committed { index: 42, height: 7 })
    );
}

#[test]
fn a_refused_record_leaves_with_its_reasons_and_may_come_again() {
    let pool = pool();
    let record = admit(&pool, sample(1, 1));
    let mut waiter = pool.wait(&record);
    let reasons = vec![Refusal::new(Code::StateStale)];
    pool.refuse(&record, reasons.clone());
    assert_eq!(outcome(&mut waiter), Some(Outcome::Refused(reasons.clone())));
    assert_eq!(outcome(&mut pool.wait(&record)), Some(Outcome::Refused(reasons)));
    assert_eq!((*pool.depth().borrow(), pool.metrics().refused), (0, 1));
    assert_eq!(pool.admit(record.clone(), Origin::Client, noon()), Ok(Admission::New));
    let mut waiter = pool.wait(&record);
    assert_eq!(outcome(&mut waiter), None);
    assert_eq!(outcome(&mut pool.wait(&verified(&pool, sample(1, 2)))), Some(Outcome::Dropped));
}

#[test]
fn records_that_blocks_pass_over_are_handed_out_to_be_judged_again() {
    let pool = pool();
    let records: Vec<_> = (0..5).map(|number| admit(&pool, sample(1, number))).collect();
    pool.committed(&[], 2);
    assert_eq!(pool.stale(3, 10), []);
    let young = admit(&pool, sample(1, 9));
    pool.committed(&[], 3);
    assert_eq!(pool.stale(3, 2), records[..2]);
    assert_eq!(pool.stale(3, 10), records[2..]);
    assert_eq!(pool.stale(3, 10), []);
    pool.committed(&[(records[0].id(), 0)], 6);
    assert_eq!(pool.stale(3, 10), [std::slice::from_ref(&young), &records[1..]].concat());
}

#[test]
fn what_is_remembered_stays_within_its_bounds() {
    let limits = PoolLimits { verified_records: 10, outcomes: 10, ..PoolLimits::default() };
    let pool = Pool::new(limits);
    let records: Vec<_> = (0..100).map(|number| admit(&pool, sample(1, number))).collect();
    assert!(pool.metrics().remembered <= 10);
    for (index, record) in (0..).zip(&records) {
        pool.committed(&[(record.id(), index)], index);
    }
    let known = records.iter().filter(|record| outcome(&mut pool.wait(record)) != Some(Outcome::Dropped));
    assert!((4..=10).contains(&known.count()));
    let length = records[0].bytes().len();
    let narrow = Pool::new(PoolLimits { verified_bytes: 10 * length, ..PoolLimits::default() });
    for number in 0..100 {
        verified(&narrow, sample(1, number));
    }
    assert!((4..=10).contains(&narrow.metrics().remembered));
}

#[derive(Clone, Debug)]
enum Step {
    Admit { author: u64, number: u64, node: Option<u8>, seconds: u64 },
    Commit(Vec<usize>),
    Refuse(usize),
    Expire,
    Stale(u64, usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..4_u64, 0..30_u64, proptest::option::of(0..3_u8), 0..20_u64)
            .prop_map(|(author, number, node, seconds)| Step::Admit { author, number, node, seconds }),
        1 => proptest::collection::vec(0..40_usize, 0..5).prop_map(Step::Commit),
        1 => (0..40_usize).prop_map(Step::Refuse),
        1 => Just(Step::Expire),
        1 => (0..4_u64, 0..5_usize).prop_map(|(blocks, limit)| Step::Stale(blocks, limit)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_comes_and_goes_all_orders_hold_the_same_records(
        steps in proptest::collection::vec(step(), 1..80)
    ) {
        let limits = PoolLimits { records: 30, records_per_member: 9, records_per_node: 12, ..PoolLimits::default() };
        let pool = Pool::new(limits.clone());
        let (mut now, mut height) = (noon(), 0);
        let mut log = HashSet::new();
        for step in steps {
            let waiting = pool.take(usize::MAX, usize::MAX, now);
            match step {
                Step::Admit { author, number, node: from, seconds } => {
                    let until = at(noon().milliseconds() + 1000 * seconds);
                    let record = verified(&pool, fixtures::Sample { until, ..sample(author, number) });
                    let origin = from.map_or(Origin::Client, |seed| Origin::Node(node(seed)));
                    let admission = pool.admit(record.clone(), origin, now);
                    let committed = matches!(admission, Ok(Admission::Committed { .. }));
                    prop_assert_eq!(committed, log.contains(&record.id()));
                }
                Step::Commit(places) => {
                    height += 1;
                    let ids = places.into_iter().filter_map(|place| Some(waiting.get(place)?.id()));
                    let block: Vec<(Hash, u64)> = ids.zip(log.len() as u64..).collect();
                    log.extend(block.iter().map(|(id, _)| *id));
                    pool.committed(&block, height);
                }
                Step::Refuse(place) => {
                    if let Some(record) = waiting.get(place) {
                        pool.refuse(record, vec![Refusal::new(Code::StateStale)]);
                    }
                }
                Step::Expire => {
                    now = at(now.milliseconds() + 3_000);
                    pool.expire(now);
                }
                Step::Stale(blocks, limit) => prop_assert!(pool.stale(blocks, limit).len() <= limit),
            }
            let queue = lock(&pool.0.queue);
            queue.assert_consistent();
            prop_assert!(queue.len() <= limits.records);
            prop_assert_eq!(queue.len(), *pool.depth().borrow());
        }
        let rest: Vec<_> = pool.take(usize::MAX, usize::MAX, now).iter().map(|record| (record.id(), 0)).collect();
        pool.committed(&rest, height + 1);
        pool.expire(Timestamp::LAST);
        prop_assert_eq!((pool.metrics().waiting, pool.metrics().waiting_bytes), (0, 0));
        lock(&pool.0.queue).assert_consistent();
    }
}
