//! A patent's timeline is read page by page, from any place, however long it is and however it came about.

use super::World;
use tempfile::tempdir;
use tongda_ledger::act::Act;
use tongda_ledger::act::patent::{Correct, Correction};
use tongda_ledger::identifier::{PartyId, PatentId};
use tongda_ledger::state::PatentEvent;
use tongda_node::chain::{Beginning, Chain};

fn correction(patent: PatentId, number: u64) -> Act {
    let title = format!("一种用于测量的演示装置及其第{number}种方法").parse().unwrap();
    let reason = "演示".parse().unwrap();
    Correct { patent, correction: Correction::Title { title }, reason }.into()
}

/// The whole timeline in pages of this many.
fn paged(chain: &Chain, patent: PatentId, limit: usize) -> Vec<PatentEvent> {
    let committed = chain.committed();
    let mut found: Vec<PatentEvent> = Vec::new();
    loop {
        let before = found.last().map(|event| event.number);
        let page = committed.events_of(patent, before, limit).unwrap();
        if page.is_empty() {
            return found;
        }
        assert!(page.len() == limit || page.last().unwrap().number == 1, "{limit}");
        found.extend(page);
    }
}

#[test]
fn a_timeline_of_several_hundred_events_is_the_same_in_pages_of_every_length() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    let party = world.party();
    world.block(&chain, vec![party]);
    let owner = PartyId::new(chain.committed().tip().seal.clone().unwrap().first, 0);
    let acts = vec![world.patent(owner), world.patent(owner)];
    world.block(&chain, acts);
    let first = chain.committed().tip().seal.clone().unwrap().first;
    let (busy, quiet) = (PatentId::new(first, 0), PatentId::new(first + 1, 0));
    let mut positions = vec![first];
    for block in 0..150 {
        // Two to five in a block, and now and then one of another patent between them.
        let many = 2 + block % 4;
        let mut acts: Vec<_> = (0..many).map(|number| correction(busy, block * 10 + number)).collect();
        if block % 9 == 0 {
            acts.insert(1, correction(quiet, block));
        }
        let skipped = (block % 9 == 0).then_some(1);
        let first = chain.committed().tip().next_index();
        positions.extend(
            (0..acts.len() as u64).filter(|place| Some(*place) != skipped).map(|place| first + place),
        );
        world.block(&chain, acts);
    }
    let check = |chain: &Chain| {
        let whole = chain.committed().events_of(busy, None, 10_000).unwrap();
        assert_eq!(whole.len(), positions.len());
        assert!(whole.len() > 500);
        for ((event, number), position) in whole.iter().rev().zip(1..).zip(&positions) {
            assert_eq!((event.patent, event.number, event.position), (busy, number, *position));
        }
        for limit in [1, 7, 100, 128, 499] {
            assert_eq!(paged(chain, busy, limit), whole, "pages of {limit}");
        }
        let all = whole.len() as u64;
        for before in [1, 2, 100, 127, 128, 129, 130, 256, 257, all, all + 1, u64::MAX] {
            let page = chain.committed().events_of(busy, Some(before), 3).unwrap();
            let expected: Vec<_> =
                whole.iter().filter(|event| event.number < before).take(3).copied().collect();
            assert_eq!(page, expected, "before {before}");
        }
        assert_eq!(paged(chain, quiet, 4).len(), 18, "17 corrections and the registration");
    };
    check(&chain);
    // The same of an index that is built anew; and where it begins at a snapshot, from there on.
    let written = chain.write_snapshot(3).unwrap().unwrap();
    let acts = (0..5).map(|number| correction(busy, 9_000 + number)).collect();
    world.block(&chain, acts);
    drop(chain);
    std::fs::remove_dir_all(directory.path().join("index")).unwrap();
    let (chain, opening) = world.open(directory.path());
    assert_eq!(opening.restored, Some(written.height));
    let page = chain.committed().events_of(busy, None, 1_000).unwrap();
    let numbers: Vec<_> = page.iter().map(|event| event.number).collect();
    let all = positions.len() as u64;
    assert_eq!(numbers, (all + 1..=all + 5).rev().collect::<Vec<_>>());
    assert_eq!(chain.committed().events_of(busy, Some(100), 10).unwrap(), []);
    drop(chain);
    std::fs::remove_dir_all(directory.path().join("index")).unwrap();
    let (chain, _) = world.open_from(directory.path(), Beginning::Genesis).unwrap();
    let page = chain.committed().events_of(busy, Some(all + 1), 10_000).unwrap();
    assert_eq!(page.len(), positions.len());
}
