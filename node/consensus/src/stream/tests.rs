//! Streams under friendly and hostile peers.

use super::*;
use crate::part::Announcement;
use std::time::Duration;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::vote::{Address, NetworkId};

fn limits() -> Limits {
    Limits {
        body_bytes: 100,
        part_bytes: 10,
        streams_per_peer: 2,
        bytes_per_peer: 150,
        bytes_total: 200,
        stream_age: Duration::from_secs(30),
        ..Limits::default()
    }
}

fn announced(length: usize) -> Announced {
    let key = SigningKey::from_seed(&[1; 32]);
    Announcement {
        height: 1,
        round: 0,
        valid_round: None,
        proposer: Address::of(&key.public()),
        block: Hash([7; 32]),
        length: u32::try_from(length).unwrap(),
    }
    .sign(&NetworkId(Hash::ZERO), &key)
}

fn body(length: usize) -> Bytes {
    (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect::<Vec<_>>().into()
}

fn parts(length: usize) -> Vec<Part> {
    announced(length).parts(&body(length), limits().part_bytes)
}

struct Harness {
    streams: Streams<u8>,
    now: Instant,
}

impl Harness {
    fn new() -> Self {
        Self { streams: Streams::new(limits()), now: Instant::now() }
    }

    fn send(&mut self, peer: u8, name: &'static str, sequence: u64, part: Part) -> Received {
        self.streams.receive(&peer, Bytes::from_static(name.as_bytes()), sequence, part, self.now, |_| Ok(()))
    }
}

#[test]
fn a_body_is_put_together_whatever_the_order_of_its_parts() {
    for length in [0, 1, 10, 11, 95, 100] {
        let mut harness = Harness::new();
        let mut parts: Vec<_> = (0..).zip(parts(length)).collect();
        parts.reverse();
        let (last, rest) = parts.split_last().unwrap();
        for (sequence, part) in rest {
            assert_eq!(harness.send(1, "a", *sequence, part.clone()), Received::Waiting);
            assert_eq!(harness.send(1, "a", *sequence, part.clone()), Received::Waiting, "a repeated part");
        }
        let whole = Assembled { announced: announced(length), body: body(length) };
        assert_eq!(harness.send(1, "a", last.0, last.1.clone()), Received::Complete(whole));
        assert_eq!(harness.send(1, "a", last.0, last.1.clone()), Received::Waiting, "a late part");
        assert_eq!(harness.streams.bytes(), 0);
    }
}

#[test]
fn a_stream_that_breaks_a_bound_or_contradicts_itself_is_dropped() {
    let chunk = |length| Part::Chunk(body(length));
    let long = announced(101).parts(&body(10), 10).remove(0);
    let cases: Vec<(Vec<(u64, Part)>, Dropped)> = vec![
        (vec![(0, long)], Dropped::Announced { length: 101, limit: 100 }),
        (vec![(1, chunk(11))], Dropped::Part { length: 11, limit: 10 }),
        (vec![(1, chunk(0))], Dropped::EmptyPart),
        (vec![(40, chunk(1))], Dropped::Sequence { sequence: 40, limit: 40 }),
        (vec![(0, chunk(1))], Dropped::Contradiction { sequence: 0 }),
        (vec![(1, parts(20).remove(0))], Dropped::Contradiction { sequence: 1 }),
        (vec![(1, chunk(3)), (1, chunk(4))], Dropped::Contradiction { sequence: 1 }),
        (vec![(0, parts(15).remove(0)), (1, chunk(6))], Dropped::Length { length: 16 }),
        (vec![(1, chunk(6)), (0, parts(15).remove(0))], Dropped::Length { length: 16 }),
        (
            vec![
                (0, announced(20).parts(&body(20), 10).remove(0)),
                (0, announced(21).parts(&body(21), 10).remove(0)),
            ],
            Dropped::Contradiction { sequence: 0 },
        ),
    ];
    for (messages, dropped) in cases {
        let mut harness = Harness::new();
        let mut last = Received::Waiting;
        for (sequence, part) in messages {
            assert_eq!(last, Received::Waiting);
            last = harness.send(1, "a", sequence, part);
        }
        assert_eq!(last, Received::Dropped(dropped));
        assert_eq!(harness.send(1, "a", 2, chunk(3)), Received::Waiting);
        assert_eq!(harness.streams.bytes(), 0, "what is dropped stays dropped");
    }
}

#[test]
fn an_endless_stream_never_holds_more_than_one_body() {
    let mut harness = Harness::new();
    let mut dropped = false;
    for sequence in 1..1000 {
        dropped |= matches!(harness.send(1, "a", sequence, Part::Chunk(body(10))), Received::Dropped(_));
        assert!(harness.streams.bytes() <= 100);
    }
    assert!(dropped);
}

#[test]
fn a_peer_that_opens_too_many_streams_loses_its_own_oldest_and_no_one_elses() {
    let mut harness = Harness::new();
    let first = |length: usize| parts(length).remove(0);
    assert_eq!(harness.send(2, "z", 0, first(20)), Received::Waiting);
    for name in ["a", "b", "c"] {
        harness.now += Duration::from_millis(1);
        assert_eq!(harness.send(1, name, 0, first(20)), Received::Waiting);
    }
    let second = parts(20).remove(1);
    assert_eq!(harness.send(1, "a", 1, second.clone()), Received::Waiting, "the oldest is gone");
    assert!(matches!(harness.send(1, "b", 1, second.clone()), Received::Complete(_)));
    assert!(matches!(harness.send(1, "c", 1, second.clone()), Received::Complete(_)));
    assert!(matches!(harness.send(2, "z", 1, second), Received::Complete(_)));
}

#[test]
fn all_peers_together_hold_no_more_than_the_total() {
    let mut harness = Harness::new();
    for peer in 0..20 {
        for (sequence, part) in (0..).zip(parts(100)).take(9) {
            harness.send(peer, "a", sequence, part);
            assert!(harness.streams.bytes() <= 200);
        }
    }
}

#[test]
fn an_unfinished_stream_grows_old_and_is_forgotten() {
    let mut harness = Harness::new();
    let mut parts = parts(20);
    harness.send(1, "a", 0, parts.remove(0));
    harness.now += limits().stream_age;
    harness.send(2, "b", 1, Part::Chunk(body(1)));
    assert_eq!(harness.streams.bytes(), 1);
}

#[test]
fn a_refused_announcement_keeps_nothing_of_its_body() {
    let mut streams = Streams::new(limits());
    let received =
        streams.receive(&1, Bytes::from_static(b"a"), 0, parts(20).remove(0), Instant::now(), |_| {
            Err(Dropped::Refused("no".into()))
        });
    assert_eq!(received, Received::Dropped(Dropped::Refused("no".into())));
    assert_eq!(streams.bytes(), 0);
}
