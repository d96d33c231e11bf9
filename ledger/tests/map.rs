//! The map against a naive model: whatever came in whatever order, cut into whatever pages.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use std::collections::BTreeMap;
use std::convert::Infallible;
use tongda_ledger::codec::{decode, encode};
use tongda_ledger::hash::{Domain, Hash};
use tongda_ledger::tree::{
    Leaves, Map, MapError, MapProof, MapProofError, PageAddress, Slot, Summary, key_hash, value_hash,
};

type Changes = BTreeMap<Hash, Option<Hash>>;

/// The leaves, as a node keeps them.
#[derive(Clone, Default)]
struct Store(BTreeMap<Hash, Hash>);

impl Leaves for Store {
    type Error = Infallible;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Infallible> {
        Ok(self.0.range(page.range()).map(|(key, value)| (*key, *value)).collect())
    }
}

impl Store {
    fn change(&mut self, changes: &Changes) {
        for (key, value) in changes {
            match value {
                Some(value) => self.0.insert(*key, *value),
                None => self.0.remove(key),
            };
        }
    }

    fn leaves(&self) -> Vec<(Hash, Hash)> {
        self.0.iter().map(|(key, value)| (*key, *value)).collect()
    }

    fn map(&self) -> Map {
        Map::from_leaves(self.0.len() as u64, self.leaves().into_iter().map(Ok::<_, Infallible>)).unwrap()
    }
}

fn bit(key: &Hash, depth: usize) -> bool {
    key.0[depth / 8] & (128 >> (depth % 8)) != 0
}

/// The definition, word for word.
fn naive(leaves: &[(Hash, Hash)], depth: usize) -> Summary {
    match leaves {
        [] => Summary::Empty,
        [(key, value)] => {
            Summary::Leaf { hash: Hash::of(Domain::MAP_LEAF, &[key.as_bytes(), value.as_bytes()]) }
        }
        _ => {
            let (right, left): (Vec<_>, Vec<_>) = leaves.iter().partition(|(key, _)| bit(key, depth));
            let (left, right) = (naive(&left, depth + 1).hash(), naive(&right, depth + 1).hash());
            Summary::Node { hash: Hash::of(Domain::MAP_NODE, &[left.as_bytes(), right.as_bytes()]) }
        }
    }
}

/// Keys that are near each other in all ways: a few first bytes, a few last bytes, and random ones.
fn key() -> impl Strategy<Value = Hash> {
    prop_oneof![
        (0..12_u8, 0..12_u8).prop_map(|(first, last)| {
            let mut key = Hash([0x5a; 32]);
            key.0[0] = first * 23;
            key.0[31] = last;
            key
        }),
        (0..400_u16).prop_map(|id| key_hash(7, &id.to_le_bytes())),
    ]
}

fn changes(size: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Changes> {
    let value = prop_oneof![3 => (0..6_u8).prop_map(|value| Some(Hash([value; 32]))), 1 => Just(None)];
    prop::collection::btree_map(key(), value, size)
}

fn batches() -> impl Strategy<Value = Vec<Changes>> {
    prop::collection::vec(prop_oneof![4 => changes(0..12), 1 => changes(0..300)], 1..12)
}

/// Applies batches one after the other and checks everything that must hold after each.
fn follow(batches: &[Changes], cache: usize) -> Result<(Store, Map), TestCaseError> {
    let (mut store, mut map) = (Store::default(), Map::new().with_cache(cache));
    let mut kept = BTreeMap::new();
    for batch in batches {
        let before = (map.root(), map.count(), map.pages().collect::<Vec<_>>());
        let change = map.update(&store, batch).unwrap();
        let again = map.update(&store, batch).unwrap();
        prop_assert_eq!((map.root(), map.count(), map.pages().collect::<Vec<_>>()), before);
        prop_assert_eq!(change.root(), again.root());

        store.change(batch);
        let root = naive(&store.leaves(), 0).hash();
        prop_assert_eq!(change.root(), root);
        for (page, summary) in change.pages() {
            match summary {
                Summary::Empty => kept.remove(&page),
                _ => kept.insert(page, summary),
            };
        }
        map.apply(change);
        prop_assert_eq!(map.root(), root);
        prop_assert_eq!(map.count(), store.0.len() as u64);
        prop_assert_eq!(map.pages().collect::<BTreeMap<_, _>>(), kept.clone());
    }
    Ok((store, map))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_root_is_that_of_the_definition_after_every_batch(batches in batches()) {
        for cache in [0, 20_000, 1 << 24] {
            follow(&batches, cache)?;
        }
    }

    #[test]
    fn the_root_depends_on_what_the_map_holds_and_not_on_its_history(batches in batches()) {
        let (store, map) = follow(&batches, 0)?;
        prop_assert_eq!(store.map().root(), map.root());
        let all: Changes = store.leaves().into_iter().map(|(key, value)| (key, Some(value))).collect();
        let at_once = Map::new().update(&Store::default(), &all).unwrap();
        prop_assert_eq!(at_once.root(), map.root());
    }

    #[test]
    fn a_map_cut_into_any_number_of_pages_has_the_same_root_and_proofs(
        batches in batches(), next in changes(0..40), pages in 1..200_u32, key in key(),
    ) {
        let (mut store, map) = follow(&batches, 0)?;
        let summaries = (pages..2 * pages).map(|position| {
            let depth = position.ilog2();
            let page = PageAddress { depth: u8::try_from(depth).unwrap(), index: position - (1 << depth) };
            Ok::<_, Infallible>((page, naive(&store.page(page).unwrap(), depth as usize)))
        });
        let mut other = Map::from_summaries(pages, map.count(), summaries).unwrap();
        prop_assert_eq!(other.root(), map.root());
        prop_assert_eq!(other.prove(&store, &key), map.prove(&store, &key));
        let change = other.update(&store, &next).unwrap();
        store.change(&next);
        other.apply(change);
        prop_assert_eq!(other.root(), naive(&store.leaves(), 0).hash());
    }

    #[test]
    fn a_map_started_again_from_its_pages_goes_on_as_if_nothing_had_happened(
        batches in batches(), next in changes(0..40),
    ) {
        let (store, map) = follow(&batches, 1 << 24)?;
        let again = Map::from_summaries(map.page_count(), map.count(), map.pages().map(Ok::<_, Infallible>)).unwrap();
        let (one, other) = (map.update(&store, &next).unwrap(), again.update(&store, &next).unwrap());
        prop_assert_eq!(one.root(), other.root());
        prop_assert_eq!(one.count(), other.count());
    }

    #[test]
    fn every_key_is_proved_present_or_absent_and_nothing_else_is(batches in batches(), keys in prop::collection::vec(key(), 4)) {
        let (store, map) = follow(&batches, 0)?;
        let root = map.root();
        let others = keys.clone();
        for key in keys {
            let value = store.0.get(&key);
            let proof = map.prove(&store, &key).unwrap();
            prop_assert_eq!(proof.verify(&root, &key, value), Ok(()));
            let bytes = encode(&proof);
            prop_assert_eq!(decode::<MapProof>(&bytes, 16_384), Ok(proof.clone()));

            // The other answer, another value, another root.
            let answer = if value.is_some() { None } else { Some(&Hash::ZERO) };
            prop_assert!(proof.verify(&root, &key, answer).is_err());
            prop_assert!(proof.verify(&root, &key, Some(&Hash([0xee; 32]))).is_err());
            prop_assert!(proof.verify(&Hash([0xee; 32]), &key, value).is_err());
            // Another key: never for another answer than its own.
            for other in &others {
                for answer in [None, value] {
                    if proof.verify(&root, other, answer).is_ok() {
                        prop_assert_eq!(store.0.get(other), answer);
                    }
                }
            }
            // Each byte of the proof counts; a different few are tried in every case.
            for at in (usize::from(key.0[7]) % 37..bytes.len()).step_by(37) {
                let mut mutated = bytes.clone();
                mutated[at] ^= 1 << (at % 8);
                if let Ok(mutated) = decode::<MapProof>(&mutated, 16_384) {
                    prop_assert!(mutated.verify(&root, &key, value).is_err(), "byte {} does not count", at);
                }
            }
        }
    }

    #[test]
    fn a_damaged_page_is_named_when_it_is_first_read(
        batches in batches(), key in key(), at in any::<prop::sample::Index>(), how in 0..4_u8,
    ) {
        let (mut store, map) = follow(&batches, 0)?;
        prop_assume!(!store.0.is_empty());
        let damaged = store.leaves()[at.index(store.0.len())].0;
        let named = |map: &Map| map.pages().map(|(page, _)| page).find(|page| page.range().contains(&damaged)).unwrap();
        let page = named(&map);
        match how {
            0 => store.0.get_mut(&damaged).unwrap().0[5] ^= 4,
            1 => { store.0.remove(&damaged); }
            2 => { store.0.insert(*page.range().end(), Hash::ZERO); }
            _ => { let value = store.0.remove(&damaged).unwrap(); store.0.insert(*page.range().start(), value); }
        }
        let change = [(damaged, None)].into();
        prop_assert_eq!(map.update(&store, &change).unwrap_err(), MapError::Damaged { page });
        let proved = map.prove(&store, &damaged);
        prop_assert_eq!(proved, Err(MapError::Damaged { page }));
        // What lies in other pages still answers, as long as the damaged page need not be cut.
        if !page.range().contains(&key) {
            prop_assert!(map.update(&store, &[(key, None)].into()).is_ok());
        }
    }
}

#[test]
fn an_empty_map_proves_that_everything_is_absent() {
    let map = Map::new();
    let proof = map.prove(&Store::default(), &key_hash(1, b"x")).unwrap();
    assert_eq!(map.root(), Hash::ZERO);
    assert_eq!((proof.siblings(), proof.slot()), (&[][..], &Slot::Empty));
    assert_eq!(encode(&proof), [0, 0, 1]);
    assert_eq!(proof.verify(&Hash::ZERO, &key_hash(1, b"x"), None), Ok(()));
    assert_eq!(proof.verify(&Hash::ZERO, &key_hash(1, b"x"), Some(&Hash::ZERO)), Err(MapProofError::Absent));
}

#[test]
fn a_map_of_one_key_has_its_leaf_as_its_root() {
    let (key, value) = (key_hash(1, b"x"), value_hash(b"y"));
    let store = Store([(key, value)].into());
    let map = store.map();
    assert_eq!(map.root(), Hash::of(Domain::MAP_LEAF, &[key.as_bytes(), value.as_bytes()]));
    let proof = map.prove(&store, &key).unwrap();
    assert_eq!(encode(&proof), [0, 0, 0]);
    assert_eq!(proof.verify(&map.root(), &key, Some(&value)), Ok(()));
    assert_eq!(proof.verify(&map.root(), &key, None), Err(MapProofError::Present));
    let absent = map.prove(&store, &key_hash(1, b"z")).unwrap();
    assert_eq!(absent.slot(), &Slot::Other { key, value });
    assert_eq!(absent.verify(&map.root(), &key_hash(1, b"z"), None), Ok(()));
    assert_eq!(absent.verify(&map.root(), &key, None), Err(MapProofError::OtherPlace));
}

#[test]
fn two_keys_that_share_255_bits_stand_256_levels_deep() {
    let (mut one, mut other) = (Hash([0xa5; 32]), Hash([0xa5; 32]));
    (one.0[31], other.0[31]) = (0xa4, 0xa5);
    let mut store = Store([(one, Hash([1; 32])), (other, Hash([2; 32]))].into());
    let map = store.map();
    assert_eq!(map.root(), naive(&store.leaves(), 0).hash());
    for (key, value) in &store.0 {
        let proof = map.prove(&store, key).unwrap();
        assert_eq!(proof.siblings().len(), 256);
        assert_eq!(proof.siblings().iter().filter(|sibling| **sibling != Hash::ZERO).count(), 1);
        assert_eq!(proof.verify(&map.root(), key, Some(value)), Ok(()));
        assert_eq!(encode(&proof).len(), 2 + 32 + 32 + 1);
        assert_eq!(decode(&encode(&proof), 16_384), Ok(proof));
    }
    let change = map.update(&store, &[(one, None)].into()).unwrap();
    store.0.remove(&one);
    assert_eq!(change.root(), naive(&store.leaves(), 0).hash());
}

#[test]
fn no_key_is_proved_absent_by_a_leaf_that_stands_elsewhere() {
    let store = Store((0..50_u8).map(|id| (key_hash(1, &[id]), value_hash(&[id]))).collect());
    let map = store.map();
    for key in store.0.keys() {
        for (other, value) in &store.0 {
            let honest = map.prove(&store, other).unwrap();
            let forged =
                MapProof::new(honest.siblings().to_vec(), Slot::Other { key: *other, value: *value })
                    .unwrap();
            assert_eq!(forged.verify(&map.root(), key, None), Err(MapProofError::OtherPlace));
        }
    }
}

#[test]
fn a_proof_that_is_not_in_its_one_canonical_form_is_refused() {
    let sibling = Hash([9; 32]);
    let proof = MapProof::new(vec![Hash::ZERO, sibling], Slot::Empty).unwrap();
    let bytes = encode(&proof);
    assert_eq!(bytes, [&[2, 0, 0b0100_0000][..], &sibling.0, &[1]].concat());
    let refused = |bytes: &[u8]| decode::<MapProof>(bytes, 16_384).is_err();
    assert!(!refused(&bytes));
    assert!(refused(&[&[2, 0, 0b0110_0000][..], &sibling.0, &[1]].concat()), "a bit behind the last sibling");
    assert!(
        refused(&[&[2, 0, 0b1100_0000][..], &[0; 32], &sibling.0, &[1]].concat()),
        "an empty sibling written"
    );
    assert!(refused(&[&[3, 0, 0b0100_0000][..], &sibling.0, &[1]].concat()), "an empty sibling at the end");
    assert!(refused(&[&[2, 0, 0b0100_0000][..], &sibling.0, &[3]].concat()), "an unknown slot");
    assert!(refused(&[&[2, 0, 0b0100_0000][..], &sibling.0, &[1, 0]].concat()), "a byte left over");
    assert!(refused(&bytes[..bytes.len() - 1]), "a byte missing");
    let deep = [&[1, 1][..], &[0; 32], &[1], &[0b1000_0000], &sibling.0, &[1]].concat();
    assert!(refused(&deep), "257 siblings");
    assert_eq!(MapProof::new(vec![sibling; 257], Slot::Empty), Err(MapProofError::TooDeep(257)));
    assert_eq!(MapProof::new(vec![Hash::ZERO], Slot::Empty), Err(MapProofError::EmptyEnd));
}

#[test]
fn the_pages_grow_one_by_one_with_the_keys() {
    let (mut store, mut map) = (Store::default(), Map::new());
    let mut keys = 0_u32;
    while keys < 3_000 {
        let batch: Changes =
            (keys..keys + 37).map(|id| (key_hash(1, &id.to_le_bytes()), Some(Hash::ZERO))).collect();
        let change = map.update(&store, &batch).unwrap();
        store.change(&batch);
        map.apply(change);
        keys += 37;
        assert_eq!(map.page_count(), keys.div_ceil(8));
        let largest = map.pages().map(|(page, _)| store.page(page).unwrap().len()).max().unwrap();
        assert!(largest <= 64, "a page of {largest} leaves");
    }
    assert_eq!(map.root(), naive(&store.leaves(), 0).hash());
}

#[test]
#[should_panic(expected = "a change is applied to the map it was computed from")]
fn a_change_is_not_applied_to_another_map() {
    let (store, mut map) = (Store::default(), Map::new());
    let one = map.update(&store, &[(Hash([1; 32]), Some(Hash::ZERO))].into()).unwrap();
    let other = map.update(&store, &[(Hash([2; 32]), Some(Hash::ZERO))].into()).unwrap();
    map.apply(one);
    map.apply(other);
}

#[test]
fn leaves_out_of_order_twice_or_in_another_number_build_no_map() {
    let leaf = |byte| Ok::<_, Infallible>((Hash([byte; 32]), Hash::ZERO));
    assert!(Map::from_leaves(2, [leaf(1), leaf(2)]).is_ok());
    assert!(Map::from_leaves(2, [leaf(2), leaf(1)]).is_err());
    assert!(Map::from_leaves(2, [leaf(1), leaf(1)]).is_err());
    assert!(Map::from_leaves(1, [leaf(1), leaf(2)]).is_err());
    assert!(Map::from_leaves(3, [leaf(1), leaf(2)]).is_err());
}

#[test]
fn summaries_of_pages_that_the_map_has_not_are_refused() {
    let summary = |depth, index| {
        Ok::<_, Infallible>((PageAddress { depth, index }, Summary::Leaf { hash: Hash::ZERO }))
    };
    assert!(Map::from_summaries(2, 1, [summary(1, 1)]).is_ok());
    for (depth, index) in [(0, 0), (1, 2), (2, 0), (31, 0), (32, 0), (255, 0)] {
        assert!(Map::from_summaries(2, 1, [summary(depth, index)]).is_err());
    }
    assert!(Map::from_summaries(0, 0, [summary(0, 0)]).is_err());
    assert!(Map::from_summaries(u32::MAX, 0, [summary(0, 0)]).is_err());
}
