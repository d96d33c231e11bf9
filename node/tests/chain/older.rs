//! The blocks older than a snapshot are proven one by one, kept over crashes, and become the beginning of the log.

use super::{World, follow, seen, sent, with_snapshot};
use bytes::Bytes;
use tempfile::{TempDir, tempdir};
use tongda_ledger::block::{Body, Seal};
use tongda_ledger::codec::encode;
use tongda_ledger::hash::Hash;
use tongda_node::chain::{Chain, OlderBlocks, OlderError, SentBlock};

/// A chain of 40 blocks; and the node that began from its snapshot at height 30 and followed for `behind` blocks.
fn began(behind: u64) -> (World, Chain, TempDir, TempDir) {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 15);
    let written = chain.write_snapshot(9).unwrap().unwrap();
    world.blocks(&chain, 5);
    let (other, _) = with_snapshot(&written.path);
    let (new, _) = world.open(other.path());
    follow(&new, &sent(&chain, 31, 30 + behind));
    drop(new);
    (world, chain, directory, other)
}

#[test]
fn older_blocks_come_in_portions_over_restarts_and_then_the_log_is_whole() {
    for behind in [0, 10] {
        let (world, chain, _directory, other) = began(behind);
        let founding = &world.network.founding;
        for (from, until) in [(1, 1), (2, 17), (18, 29)] {
            let (new, opening) = world.open(other.path());
            assert!(!opening.joined);
            assert_eq!(new.older_blocks(), Some(OlderBlocks { held: from - 1, until: 30 }));
            let mut older = new.older(founding).unwrap().unwrap();
            assert_eq!(older.next(), from);
            older.take(&sent(&chain, from, until)).unwrap();
            assert!(!older.is_complete());
            // What came can be read at once; what did not come is not there.
            assert_eq!(new.block(until).unwrap(), chain.block(until).unwrap());
            assert_eq!(new.block(until + 1).unwrap(), None);
            let index = chain.block(until).unwrap().unwrap().first_index;
            assert_eq!(new.entry(index).unwrap(), chain.entry(index).unwrap());
            assert!(new.older(founding).unwrap().is_none(), "one fetches at a time");
        }
        let (new, _) = world.open(other.path());
        let mut older = new.older(founding).unwrap().unwrap();
        // More than what is wanted is sent, and left out.
        older.take(&sent(&chain, 30, 33)).unwrap();
        assert!(older.is_complete());
        assert_eq!((new.older_blocks(), new.oldest()), (None, 1));
        let height = new.committed().tip().height();
        follow(&new, &sent(&chain, height + 1, 40));
        drop((older, new));
        let (new, opening) = world.open(other.path());
        assert!(opening.joined, "{opening:?}");
        assert_eq!((seen(&new), new.oldest()), (seen(&chain), 1));
        for height in 1..=40 {
            assert_eq!(new.block(height).unwrap(), chain.block(height).unwrap());
        }
        assert!(new.older(founding).unwrap().is_none());
        drop(new);
        let (new, opening) = world.open(other.path());
        assert!(!opening.joined);
        // The log is whole: it can be executed from its beginning.
        drop(new);
        std::fs::remove_dir_all(other.path().join("index")).unwrap();
        let (new, opening) = world.open_from(other.path(), tongda_node::chain::Beginning::Genesis).unwrap();
        assert_eq!((opening.restored, opening.replayed), (None, 40));
        assert_eq!(seen(&new), seen(&chain));
    }
}

/// A block with other records or another seal, with a certificate as the validator would sign it.
fn changed(world: &World, sent: &SentBlock, change: impl FnOnce(&mut Vec<Vec<u8>>, &mut Seal)) -> SentBlock {
    let body = Body::decode(&sent.body).unwrap();
    let mut records = body.records.iter().map(|record| record.to_vec()).collect();
    let mut seal = Seal::decode(body.seal).unwrap();
    change(&mut records, &mut seal);
    let certificate = encode(&world.certificate(seal.height, seal.hash())).into();
    let body = Body { records: records.iter().map(Vec::as_slice).collect(), seal: &seal.bytes() };
    SentBlock { certificate, body: Bytes::from(body.encode()) }
}

#[test]
fn whatever_another_node_sends_only_the_proven_blocks_are_kept() {
    let (world, chain, _directory, other) = began(2);
    let (new, _) = world.open(other.path());
    let mut older = new.older(&world.network.founding).unwrap().unwrap();
    let good = sent(&chain, 1, 30);
    let stranger = World::new();
    type Change<'a> = (&'a str, Box<dyn Fn(&SentBlock) -> SentBlock + 'a>);
    let cases: Vec<Change<'_>> = vec![
        ("no validator", Box::new(|sent| changed(&stranger, sent, |_, _| {}))),
        (
            "log root",
            Box::new(|sent| changed(&world, sent, |records, _| *records[0].last_mut().unwrap() ^= 1)),
        ),
        ("count of records", Box::new(|sent| changed(&world, sent, |records, _| drop(records.pop())))),
        ("parent", Box::new(|sent| changed(&world, sent, |_, seal| seal.parent = Hash([1; 32])))),
        ("first index", Box::new(|sent| changed(&world, sent, |_, seal| seal.first += 1))),
        (
            "next validators",
            Box::new(|sent| changed(&world, sent, |_, seal| seal.next_validators = Hash([1; 32]))),
        ),
        ("certificate", Box::new(|sent| SentBlock { certificate: Bytes::new(), ..sent.clone() })),
        ("body", Box::new(|sent| SentBlock { body: sent.body.slice(1..), ..sent.clone() })),
        ("is for height", Box::new(|_| good[20].clone())),
    ];
    for (place, (what, change)) in cases.iter().enumerate() {
        // A good one, then the bad one, then another good one: the first is kept.
        let at = 2 * place + 2;
        let blocks = [good[at - 2].clone(), change(&good[at - 1]), good[at].clone()];
        let error = match older.take(&blocks) {
            Err(OlderError::Unproven(error)) => error,
            other => panic!("{what}: {other:?}"),
        };
        assert_eq!(error.height, at as u64, "{what}: {error}");
        assert!(error.to_string().contains(what), "{what}: {error}");
        assert_eq!(older.next(), at as u64);
        older.take(&good[at - 1..at]).unwrap();
    }
    // The last one must be the one on which the log goes on, whoever signs another.
    older.take(&good[older.next() as usize - 1..29]).unwrap();
    let other_last = changed(&world, &good[29], |_, seal| seal.due += 1);
    let error = older.take(&[other_last]).unwrap_err().to_string();
    assert!(error.contains("not the block on which the log goes on"), "{error}");
    older.take(&good[29..]).unwrap();
    assert!(older.is_complete());
}
