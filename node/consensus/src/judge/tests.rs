//! What is judged, how often, and under which question.

use super::*;
use crate::application::{Fault, Next, Proposal, Start};
use crate::fixtures::validators;
use crate::identity::key_pair;
use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::watch;
use tongda_ledger::key::SigningKey;
use tongda_ledger::vote::CommitCertificate;

const NETWORK: NetworkId = NetworkId(Hash([3; 32]));
const HEIGHT: u64 = 9;

/// Judges by the first byte: 0 is valid, 1 is invalid unless it is proposed again, 2 is another block's body.
#[derive(Default)]
struct ByFirstByte {
    asked: Vec<Question>,
}

#[async_trait]
impl Application for ByFirstByte {
    async fn start(&mut self) -> Result<Start, Fault> {
        Err(Fault::new("not asked here"))
    }

    async fn propose(&mut self, _: u64, _: u32) -> Result<Proposal, Fault> {
        Err(Fault::new("not asked here"))
    }

    async fn validate(&mut self, question: Question) -> Result<Verdict, Fault> {
        let verdict = match (question.body[0], question.origin) {
            (0, _) | (1, Origin::Reproposed { .. }) => Verdict::Valid,
            (1, _) => Verdict::Invalid("its time is in the future".into()),
            _ => Verdict::Mismatch("another block".into()),
        };
        self.asked.push(question);
        Ok(verdict)
    }

    async fn commit(&mut self, _: CommitCertificate, _: Bytes) -> Result<Next, Fault> {
        Err(Fault::new("not asked here"))
    }

    fn work(&self) -> watch::Receiver<bool> {
        watch::channel(false).1
    }

    async fn decided(&mut self, _: u64) -> Result<Option<(CommitCertificate, Bytes)>, Fault> {
        Ok(None)
    }

    async fn oldest(&mut self) -> Result<u64, Fault> {
        Ok(0)
    }
}

struct Bench {
    judge: Judge,
    application: ByFirstByte,
    keys: Vec<SigningKey>,
    prevotes: Arc<Prevotes>,
    _directory: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (keys, set) = validators(4);
        let me = Some(vote::Address::of(&keys[0].public()));
        let prevotes = Arc::new(Prevotes::default());
        let undecided = Undecided::open(directory.path(), HEIGHT).unwrap();
        let limits = Limits::default();
        let judge = Judge::new(NETWORK, me, limits, set, Arc::clone(&prevotes), undecided, HEIGHT);
        Self { judge, application: ByFirstByte::default(), keys, prevotes, _directory: directory }
    }

    fn assembled(
        &self,
        height: u64,
        round: u32,
        valid_round: Option<u32>,
        block: u8,
        body: &[u8],
    ) -> Assembled {
        let proposer = self.judge.validators().leader(height, round).address.0;
        let key = self.keys.iter().find(|key| vote::Address::of(&key.public()) == proposer).unwrap();
        let length = u32::try_from(body.len()).unwrap();
        let block = Hash([block; 32]);
        let announcement = Announcement { height, round, valid_round, proposer, block, length };
        Assembled { announced: announcement.sign(&NETWORK, key), body: Bytes::copy_from_slice(body) }
    }

    /// Takes a body at the height; whether the engine is told that it is valid, or nothing.
    async fn take(&mut self, round: u32, valid_round: Option<u32>, block: u8, body: &[u8]) -> Option<bool> {
        self.take_from(1, round, valid_round, block, body).await
    }

    async fn take_from(
        &mut self,
        sender: u8,
        round: u32,
        valid_round: Option<u32>,
        block: u8,
        body: &[u8],
    ) -> Option<bool> {
        let assembled = self.assembled(HEIGHT, round, valid_round, block, body);
        let judged = self.judge.take(&mut self.application, peer(sender), assembled).await.unwrap();
        judged.value.map(|value| value.validity.to_bool())
    }

    fn prevote(&self, count: usize, round: u32, block: u8) {
        for key in &self.keys[..count] {
            self.prevotes.note(HEIGHT, round, Hash([block; 32]), vote::Address::of(&key.public()));
        }
    }
}

fn peer(seed: u8) -> PeerId {
    let key = key_pair(&SigningKey::from_seed(&[seed; 32]));
    PeerId::from_bytes(&key.public().to_peer_id().to_bytes()).unwrap()
}

#[tokio::test]
async fn a_leader_that_claims_prevotes_that_are_not_there_does_not_escape_the_clock() {
    let mut bench = Bench::new();
    bench.prevote(1, 0, 7);
    assert_eq!(bench.take(1, Some(0), 7, &[1]).await, Some(false));
    assert_eq!(bench.application.asked[0].origin, Origin::Fresh);
    bench.prevote(2, 0, 7);
    assert_eq!(bench.take(2, Some(0), 7, &[1]).await, Some(true));
    assert_eq!(bench.application.asked[1].origin, Origin::Reproposed { valid_round: 0 });
}

#[tokio::test]
async fn a_block_is_judged_once_and_kept_once() {
    let mut bench = Bench::new();
    for round in 0..4 {
        assert_eq!(bench.take(round, None, 7, &[0]).await, Some(true));
    }
    assert_eq!(bench.application.asked.len(), 1);
    assert_eq!(bench.judge.undecided.written(), 1);
    for _ in 0..3 {
        assert_eq!(bench.take(0, None, 8, &[1]).await, Some(false));
    }
    assert_eq!(bench.application.asked.len(), 2);
    assert_eq!(bench.judge.undecided.written(), 1, "an invalid block is not kept");
}

#[tokio::test]
async fn a_leader_gets_two_blocks_a_round_judged_and_no_more() {
    let mut bench = Bench::new();
    assert_eq!(bench.take(0, None, 1, &[0]).await, Some(true));
    assert_eq!(bench.take(0, None, 2, &[0]).await, Some(true));
    assert_eq!(bench.take(0, None, 3, &[0]).await, None);
    assert_eq!(bench.take(1, None, 3, &[0]).await, Some(true));
}

#[tokio::test]
async fn false_bodies_silence_their_sender_and_not_the_leader() {
    let mut bench = Bench::new();
    for _ in 0..FALSE_BODIES {
        assert_eq!(bench.take_from(2, 0, None, 7, &[2]).await, None);
    }
    let announced = bench.assembled(HEIGHT, 0, None, 7, &[0]).announced;
    assert_eq!(bench.judge.admit(&peer(2), &announced), Err(Dropped::Unheard));
    assert_eq!(bench.judge.admit(&peer(1), &announced), Ok(()));
    assert_eq!(bench.take_from(1, 0, None, 7, &[0]).await, Some(true));
}

#[tokio::test]
async fn only_the_leader_of_a_round_within_reach_is_admitted() {
    let bench = Bench::new();
    let good = bench.assembled(HEIGHT, 1, Some(0), 7, &[0]).announced;
    assert_eq!(bench.judge.admit(&peer(1), &good), Ok(()));
    let mut cases = Vec::new();
    let mut other = good.clone();
    other.announcement.length += 1;
    cases.push(other);
    cases.push(bench.assembled(HEIGHT, 1, Some(1), 7, &[0]).announced);
    cases.push(bench.assembled(HEIGHT, 11, None, 7, &[0]).announced);
    let stranger = good.announcement.clone();
    let proposer = vote::Address::of(&SigningKey::from_seed(&[99; 32]).public());
    cases.push(Announcement { proposer, ..stranger }.sign(&NETWORK, &SigningKey::from_seed(&[99; 32])));
    for case in cases {
        assert!(matches!(bench.judge.admit(&peer(1), &case), Err(Dropped::Refused(_))), "{case:?}");
    }
    for height in [HEIGHT - 1, HEIGHT + Limits::default().heights_ahead + 1] {
        let far = bench.assembled(height, 0, None, 7, &[0]).announced;
        assert_eq!(bench.judge.admit(&peer(1), &far), Err(Dropped::Untimely { height }));
    }
}

#[tokio::test]
async fn a_body_of_a_later_height_waits_for_its_parent() {
    let mut bench = Bench::new();
    let early = bench.assembled(HEIGHT + 1, 0, None, 7, &[0]);
    let mut forged = bench.assembled(HEIGHT + 1, 1, None, 8, &[0]);
    forged.announced.announcement.block = Hash([9; 32]);
    for assembled in [early, forged] {
        assert_eq!(bench.judge.admit(&peer(1), &assembled.announced), Ok(()));
        let judged = bench.judge.take(&mut bench.application, peer(1), assembled).await.unwrap();
        assert!(judged.value.is_none() && bench.application.asked.is_empty());
    }
    assert!(bench.judge.judge_early(&mut bench.application).await.unwrap().is_empty());
    bench.judge.begin(HEIGHT + 1, bench.judge.validators().clone());
    let judged = bench.judge.judge_early(&mut bench.application).await.unwrap();
    let told: Vec<_> =
        judged.into_iter().filter_map(|judged| judged.value).map(|value| value.value.0).collect();
    assert_eq!(told, [Hash([7; 32])], "the forged announcement is found out when its turn comes");
}

#[tokio::test]
async fn an_announcement_that_came_too_early_to_be_checked_is_checked_when_its_body_is_complete() {
    let mut bench = Bench::new();
    let mut forged = bench.assembled(HEIGHT + 1, 0, None, 7, &[0]);
    forged.announced.announcement.block = Hash([9; 32]);
    assert_eq!(bench.judge.admit(&peer(1), &forged.announced), Ok(()));
    bench.judge.begin(HEIGHT + 1, bench.judge.validators().clone());
    let judged = bench.judge.take(&mut bench.application, peer(1), forged).await.unwrap();
    assert!(judged.value.is_none() && bench.application.asked.is_empty());
    assert!(matches!(judged.observed, Some(Observed::StreamDropped { .. })));
}
