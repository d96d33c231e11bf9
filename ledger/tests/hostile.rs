//! Whatever bytes come, reading them ends with a value or an error: never a panic, never more memory than the bound, never
//! a second encoding of the same value.
//!
//! The mutations come from a seed, which every failure names; `TONGDA_SEED` sets another.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod samples;

use peak_alloc::PeakAlloc;
use std::fmt::Debug;
use tongda_ledger::act::Act;
use tongda_ledger::block::{Body, Seal};
use tongda_ledger::codec::{self, Bytes, CodecError, Decode, Encode, List, Text, encode};
use tongda_ledger::envelope::{Core, Envelope, EnvelopeError};
use tongda_ledger::founding::Founding;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::MemberId;
use tongda_ledger::key::{PublicKey, Signature, SigningKey};
use tongda_ledger::state::StateKey;
use tongda_ledger::vote::{
    Address, CommitCertificate, CommitSignature, NetworkId, Validator, ValidatorSet, VoteKind, vote_bytes,
};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What reading may take: twice the codec's limit, for an act is read inside its frame, and the copy of the frame.
const MEMORY_LIMIT: usize = (2 << 20) + (128 << 10);

const LIMIT: usize = codec::RECORD_LIMIT;

/// Mutations tried, in all tests of this file together: two million and more.
const ENVELOPES: u32 = 600_000;
const ACTS: u32 = 700_000;
const STATE_VALUES: u32 = 500_000;
const OTHERS: u32 = 400_000;

/// A fast generator (SplitMix64): a failure is repeated from its seed.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let given = std::env::var("TONGDA_SEED").ok().and_then(|seed| seed.parse().ok());
        Self(given.unwrap_or(0x7f4a_7c15_9e37_79b9))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("below a usize")
    }

    /// Makes one to four changes: other bits, other bytes, extreme numbers, cuts, insertions, repetitions.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            if bytes.is_empty() {
                bytes.push(self.next() as u8);
                continue;
            }
            let at = self.below(bytes.len());
            match self.below(9) {
                0 | 1 => bytes[at] ^= 1 << self.below(8),
                2 => bytes[at] = self.next() as u8,
                3 => bytes[at] = [0, 1, 2, 0x7f, 0x80, 0xff][self.below(6)],
                4 => {
                    let number = [0_u16, 1, 255, 256, 1024, 0xffff][self.below(6)].to_le_bytes();
                    let end = bytes.len().min(at + 2);
                    bytes[at..end].copy_from_slice(&number[..end - at]);
                }
                5 => bytes.truncate(at),
                6 => bytes.insert(at, self.next() as u8),
                7 => {
                    let end = bytes.len().min(at + 1 + self.below(64));
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                _ => {
                    bytes.remove(at);
                }
            }
        }
    }
}

/// Reads `count` mutations of the samples; returns how many of them were values.
fn attack<S>(
    what: &str,
    count: u32,
    samples: &[S],
    bytes_of: impl Fn(&S) -> &[u8],
    mut read: impl FnMut(&S, &[u8]) -> Option<Vec<u8>>,
) -> u32 {
    let mut random = Random::new();
    let mut accepted = 0;
    for _ in 0..count {
        let seed = random.0;
        let sample = &samples[random.below(samples.len())];
        let mut bytes = bytes_of(sample).to_vec();
        random.mutate(&mut bytes);
        // A panic in reading is reported with the seed.
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(sample, &bytes)));
        match read {
            Err(_) => panic!("{what}: reading panics; seed {seed}, bytes {}", hex::encode(bytes)),
            Ok(None) => {}
            Ok(Some(again)) => {
                accepted += 1;
                assert_eq!(again, bytes, "{what}: a second encoding is accepted; seed {seed}");
            }
        }
    }
    accepted
}

fn read<T: Decode<()> + Encode>(bytes: &[u8]) -> Option<Vec<u8>> {
    codec::decode::<T>(bytes, LIMIT).ok().map(|value| encode(&value))
}

fn envelopes() -> Vec<Vec<u8>> {
    let key = SigningKey::from_seed(&[1; 32]);
    let author = MemberId::new(12, 0);
    let acts = samples::acts();
    let envelope = |(number, act): (usize, Act)| {
        let core = Core {
            network: NetworkId(Hash([9; 32])),
            author,
            valid_from: "2026-11-24T00:00:00Z".parse().unwrap(),
            valid_until: "2026-11-24T01:00:00Z".parse().unwrap(),
            nonce: [3; 16],
            gather_until: (number % 2 == 0).then(|| "2026-12-24T00:00:00Z".parse().unwrap()),
            expects: List::new(),
            act,
        };
        let signed = core.sign(author, &key);
        Envelope::new(core, vec![signed]).unwrap().bytes().to_vec()
    };
    acts.into_iter().enumerate().map(envelope).collect()
}

#[test]
fn mutated_envelopes_are_read_canonically_or_refused() {
    let accepted = attack("envelope", ENVELOPES, &envelopes(), Vec::as_slice, |_, bytes| {
        let envelope = Envelope::decode(bytes).ok()?;
        assert_eq!(envelope.bytes(), bytes);
        let again = Envelope::new(envelope.core().clone(), envelope.signatures().to_vec());
        Some(again.expect("what was read can be made").bytes().to_vec())
    });
    assert!(accepted > ENVELOPES / 100, "{accepted} mutations were envelopes: too few to prove anything");
}

#[test]
fn mutated_acts_are_read_canonically_or_refused() {
    let acts: Vec<_> = samples::acts().iter().map(encode).collect();
    let accepted = attack("act", ACTS, &acts, Vec::as_slice, |_, bytes| read::<Act>(bytes));
    assert!(accepted > ACTS / 100, "{accepted} mutations were acts: too few to prove anything");
}

#[test]
fn mutated_state_values_are_read_canonically_or_refused() {
    let values = samples::state_values();
    let accepted = attack(
        "state value",
        STATE_VALUES,
        &values,
        |value| &value.bytes,
        |value, bytes| samples::rewritten(&value.kind, &value.key, bytes),
    );
    assert!(accepted > STATE_VALUES / 100, "{accepted} mutations were values: too few to prove anything");
    attack("state key", OTHERS / 4, &[vec![1, 0, 2]], Vec::as_slice, |_, bytes| {
        StateKey::from_bytes(bytes).map(|key| key.bytes())
    });
}

fn seal() -> Vec<u8> {
    let vectors = samples::read("seal.json");
    hex::decode(vectors["seals"][0]["wire"].as_str().unwrap()).unwrap()
}

fn certificate() -> (CommitCertificate, ValidatorSet) {
    let keys: Vec<_> = (1..=4).map(|seed| SigningKey::from_seed(&[seed; 32])).collect();
    let validators = keys.iter().map(|key| Validator { vote_key: key.public(), power: 1 }).collect();
    let (network, block) = (NetworkId(Hash([9; 32])), Hash([1; 32]));
    let mut votes: Vec<_> = keys
        .iter()
        .map(|key| {
            let validator = Address::of(&key.public());
            let message = vote_bytes(&network, VoteKind::Precommit, 7, 1, Some(&block), &validator);
            CommitSignature { validator, signature: key.sign(&message) }
        })
        .collect();
    votes.sort_by_key(|vote| vote.validator);
    let signatures = votes.try_into().unwrap();
    (CommitCertificate { height: 7, round: 1, block, signatures }, ValidatorSet::new(validators).unwrap())
}

#[test]
fn mutated_seals_bodies_certificates_and_sets_are_read_canonically_or_refused() {
    let count = OTHERS / 4;
    let seal = seal();
    let accepted = attack("seal", count, std::slice::from_ref(&seal), Vec::as_slice, |_, bytes| {
        let seal = Seal::decode(bytes).ok()?;
        let _ = (seal.index(), seal.hash(), seal.is_checkpoint());
        Some(seal.bytes())
    });
    assert!(accepted > count / 100, "{accepted} mutations were seals");

    let body = Body { records: vec![b"one", b"", b"three"], seal: &seal }.encode();
    let accepted = attack("body", count, &[body], Vec::as_slice, |_, bytes| {
        Body::decode(bytes).ok().map(|body| body.encode())
    });
    assert!(accepted > count / 100, "{accepted} mutations were bodies");

    let (certificate, validators) = certificate();
    let (network, block) = (NetworkId(Hash([9; 32])), Hash([1; 32]));
    certificate.verify(&network, &validators, 7, &block).unwrap();
    let original = encode(&certificate);
    let wire = std::slice::from_ref(&original);
    let accepted =
        attack("certificate", count, wire, Vec::as_slice, |_, bytes| read::<CommitCertificate>(bytes));
    assert!(accepted > count / 100, "{accepted} mutations were certificates");
    let mut random = Random::new();
    for _ in 0..2000 {
        let seed = random.0;
        let mut bytes = original.clone();
        random.mutate(&mut bytes);
        if bytes != original
            && let Ok(mutated) = codec::decode::<CommitCertificate>(&bytes, LIMIT)
            && mutated.signatures.len() == 4
        {
            assert!(mutated.verify(&network, &validators, 7, &block).is_err(), "seed {seed}");
        }
    }

    let accepted = attack("set", count, &[encode(&validators)], Vec::as_slice, |_, bytes| {
        let set = codec::decode::<ValidatorSet>(bytes, LIMIT).ok()?;
        let _ = (set.proposer(u64::MAX, u32::MAX), set.power(), set.hash());
        Some(encode(&set))
    });
    assert!(accepted > 0, "no mutation was a set");
}

/// One reading is watched at a time.
static WATCHED: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Reads with the memory watched; returns what reading took at most, beyond what was there before.
fn watched<T>(read: impl FnOnce() -> T) -> (T, usize) {
    let _alone = WATCHED.lock();
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let result = read();
    (result, MEMORY.peak_usage().saturating_sub(before))
}

/// Prefixes of a sample, each followed by the byte pattern that claims the most.
fn claims(sample: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let cuts = (0..sample.len()).map(|cut| sample[..cut].to_vec());
    cuts.flat_map(|prefix| [0xff, 0x01, 0x04].map(|fill| [&prefix[..], &vec![fill; 4096]].concat()))
}

#[test]
fn reading_never_takes_more_memory_than_the_bound() {
    // The other tests of this file share the allocator, so their small needs are allowed for.
    let bound = MEMORY_LIMIT + (1 << 20);
    let check = |what: &dyn Debug, used: usize| assert!(used <= bound, "{what:?} took {used} bytes");
    for envelope in envelopes() {
        for bytes in claims(&envelope).step_by(5) {
            check(&"an envelope", watched(|| Envelope::decode(&bytes).is_ok()).1);
        }
    }
    for act in samples::acts() {
        let bytes = encode(&act);
        for mut claim in claims(&bytes[5..]).step_by(3) {
            let length = u16::try_from(claim.len()).unwrap().to_le_bytes();
            claim.splice(..0, [bytes[0], bytes[1], bytes[2], length[0], length[1]]);
            check(&act.name(), watched(|| codec::decode::<Act>(&claim, LIMIT).is_ok()).1);
        }
    }
    for claim in claims(&seal()) {
        check(&"a body", watched(|| Body::decode(&claim).is_ok()).1);
    }
    let largest = [&[0, 0, 1, 0][..], &[0; 4 * 65_537]].concat();
    let (body, used) = watched(|| Body::decode(&largest).map(|body| body.records.len()));
    assert_eq!(body, Ok(65_536));
    check(&"the largest count", used);
}

#[test]
fn the_memory_that_nested_lists_take_counts_in_full() {
    // A list of 16 hashes takes 514 bytes on the wire, 512 on the heap and 24 in the list around it.
    type Lists = List<List<Hash, 16>, 1000>;
    let sixteen: List<Hash, 16> = vec![Hash::ZERO; 16].try_into().unwrap();
    let fits: Lists = vec![sixteen.clone(); 900].try_into().unwrap();
    let bytes = encode(&fits);
    let (read, used) = watched(|| codec::decode::<Lists>(&bytes, 1 << 20).is_ok());
    assert!(read && used < MEMORY_LIMIT, "{used} bytes");
    let all: Lists = vec![sixteen; 1000].try_into().unwrap();
    let refused = codec::decode::<Lists>(&encode(&all), 1 << 20);
    assert!(matches!(refused, Err(CodecError::Malformed(_))), "1,000 of them are more than 1 MiB");
    // 65,535 optional hashes that are none: one byte each on the wire, 33 in memory.
    type Options = List<Option<Hash>, 65_535>;
    let none: Options = vec![None; 65_000].try_into().unwrap();
    let bytes = encode(&none);
    let (refused, used) = watched(|| codec::decode::<Options>(&bytes, 1 << 20));
    assert!(matches!(refused, Err(CodecError::Malformed(_))));
    assert!(used < 1 << 20, "nothing is allocated before the claim: {used} bytes");
}

#[test]
fn lengths_that_promise_more_than_there_is_are_refused() {
    let refused = |bytes: &[u8]| {
        assert!(codec::decode::<List<u64, 65_535>>(bytes, LIMIT).is_err());
        assert!(codec::decode::<Bytes<65_535>>(bytes, LIMIT).is_err());
        assert!(codec::decode::<Text<65_535>>(bytes, LIMIT).is_err());
        assert!(codec::decode::<PublicKey>(bytes, LIMIT).is_err());
        assert!(codec::decode::<Signature>(bytes, LIMIT).is_err());
        assert!(codec::decode::<ValidatorSet>(bytes, LIMIT).is_err());
        assert!(codec::decode::<CommitCertificate>(bytes, LIMIT).is_err());
        assert!(codec::decode::<Founding>(bytes, Founding::LIMIT).is_err());
        assert!(Envelope::decode(bytes).is_err());
        assert!(Seal::decode(bytes).is_err());
        assert!(Body::decode(bytes).is_err());
    };
    for length in [1, 2, 3, 4, 5, 8, 9, 16, 64, 4096] {
        refused(&vec![0xff; length]);
    }
    refused(&[0xff, 0xff, 0, 0, 0, 0, 0, 0]);
    refused(&[]);
}

#[test]
fn an_act_beyond_the_record_limit_is_an_error_before_it_is_signed() {
    use tongda_ledger::act::party::{Entry, PartyKind, PartyName, Register};
    let name: Text<600> = "长".repeat(200).parse().unwrap();
    let entry = Entry {
        name: PartyName::Organisation { name, code: None },
        kind: PartyKind::Private,
        country: "CN".parse().unwrap(),
    };
    let core = Core {
        network: NetworkId(Hash([9; 32])),
        author: MemberId::new(0, 1),
        valid_from: "2026-11-24T00:00:00Z".parse().unwrap(),
        valid_until: "2026-11-24T01:00:00Z".parse().unwrap(),
        nonce: [0; 16],
        gather_until: None,
        expects: List::new(),
        act: Register { parties: vec![entry; 200].try_into().unwrap() }.into(),
    };
    assert!(matches!(core.bytes(), Err(CodecError::Malformed(_))));
    assert!(matches!(Envelope::new(core, Vec::new()), Err(EnvelopeError::Codec(CodecError::Malformed(_)))));
    let too_long = vec![0; LIMIT + 1];
    assert_eq!(
        Envelope::decode(&too_long),
        Err(EnvelopeError::Codec(CodecError::TooLong { length: LIMIT + 1, limit: LIMIT }))
    );
}
