//! Whatever is applied since, what the map held is proven as it was; and what a change will make of it, as it will be.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use std::collections::BTreeMap;
use std::convert::Infallible;
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{Leaves, Map, MapError, PageAddress, Past, key_hash};

type Changes = BTreeMap<Hash, Option<Hash>>;

#[derive(Clone, Debug, Default)]
struct Store(BTreeMap<Hash, Hash>);

impl Leaves for Store {
    type Error = Infallible;

    fn page(&self, page: PageAddress) -> Result<Vec<(Hash, Hash)>, Infallible> {
        Ok(self.0.range(page.range()).map(|(key, value)| (*key, *value)).collect())
    }
}

fn keys() -> Vec<Hash> {
    (0..250_u16).map(|id| key_hash(7, &id.to_le_bytes())).collect()
}

fn batch() -> impl Strategy<Value = Changes> {
    let value = prop_oneof![3 => (0..6_u8).prop_map(|value| Some(Hash([value; 32]))), 1 => Just(None)];
    let changes = prop::collection::btree_map(0..250_usize, value, 0..60);
    changes.prop_map(|changes| {
        let keys = keys();
        changes.into_iter().map(|(place, value)| (keys[place], value)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_state_that_is_kept_proves_what_it_held(
        batches in prop::collection::vec((batch(), any::<bool>()), 1..10),
        cache in prop_oneof![Just(0_usize), Just(1 << 20)],
    ) {
        let (mut store, mut map) = (Store::default(), Map::new().with_cache(cache));
        let mut kept: Vec<(Past, Store)> = Vec::new();
        for (batch, keep) in &batches {
            if *keep {
                kept.push((map.past(), store.clone()));
            }
            let change = map.update(&store, batch).unwrap();
            let mut after = store.clone();
            for (key, value) in batch {
                match value {
                    Some(value) => after.0.insert(*key, *value),
                    None => after.0.remove(key),
                };
            }
            for key in keys().iter().step_by(7) {
                let proof = map.prove_after(&change, &store, key).unwrap();
                prop_assert_eq!(proof.verify(&change.root(), key, after.0.get(key)), Ok(()));
            }
            if let Some((youngest, _)) = kept.last_mut() {
                map.keep(&change, youngest);
            }
            map.apply(change);
            store = after;
            for (place, (past, held)) in kept.iter().enumerate() {
                let pasts: Vec<_> = kept[place..].iter().map(|(past, _)| past).collect();
                prop_assert_eq!(past.count(), held.0.len() as u64);
                for key in &keys() {
                    let proof = map.prove_past(&pasts, held, key).unwrap();
                    prop_assert_eq!(proof.verify(&past.root(), key, held.0.get(key)), Ok(()));
                }
            }
        }
        let key = keys()[3];
        prop_assert_eq!(map.prove_past(&[], &store, &key), map.prove(&store, &key));
    }
}

#[test]
fn leaves_of_another_state_are_noticed() {
    let key = keys()[0];
    let mut store = Store::default();
    let mut map = Map::new();
    let mut set = |map: &mut Map, value: u8, past: Option<&mut Past>| {
        let change = map.update(&store, &[(key, Some(Hash([value; 32])))].into()).unwrap();
        if let Some(past) = past {
            map.keep(&change, past);
        }
        map.apply(change);
        store.0.insert(key, Hash([value; 32]));
    };
    set(&mut map, 1, None);
    let mut past = map.past();
    set(&mut map, 2, Some(&mut past));
    assert!(past.size() > 0);
    let page = PageAddress { depth: 0, index: 0 };
    assert_eq!(map.prove_past(&[&past], &store, &key), Err(MapError::Damaged { page }));
    let before = Store([(key, Hash([1; 32]))].into());
    let proof = map.prove_past(&[&past], &before, &key).unwrap();
    assert_eq!(proof.verify(&past.root(), &key, Some(&Hash([1; 32]))), Ok(()));
}
