//! The guard while nothing crashes: what it lets through, what silences a key, and for how long.

use crate::{Log, NETWORK, key};
use std::path::Path;
use tongda_ledger::hash::Hash;
use tongda_ledger::vote::NetworkId;
use tongda_node::cosign::guard::{Found, GuardError, NAME, Refused, look};
use tongda_node::cosign::{Folder, Guard, Silence, Tree};

const LOG: Log = Log { way: 0, forked: 0 };

fn folder(path: &Path) -> Folder {
    Folder::open(path).unwrap()
}

fn open(path: &Path) -> Guard<Folder> {
    Guard::open(folder(path), NETWORK, key(1)).unwrap()
}

fn sign(guard: &mut Guard<Folder>, log: Log, size: u64) -> Result<(), Refused> {
    guard.cosign(log.tree(size), 1, |size| Ok(log.root(size))).map(drop)
}

#[test]
fn larger_trees_and_the_same_one_afresh_are_signed_and_no_others() {
    let directory = tempfile::tempdir().unwrap();
    let mut guard = Guard::make(folder(directory.path()), NETWORK, key(1)).unwrap();
    for size in [2, 5, 5, 9] {
        sign(&mut guard, LOG, size).unwrap();
    }
    assert!(matches!(sign(&mut guard, LOG, 8), Err(Refused::Smaller { size: 8, largest: 9 })));
    let unproven = guard.cosign(LOG.tree(10), 1, |_| Err("not here".into()));
    assert!(matches!(unproven, Err(Refused::Unproven { size: 9, .. })));
    drop(guard);
    let mut guard = open(directory.path());
    assert_eq!(guard.largest(), LOG.tree(9));
    sign(&mut guard, LOG, 9).unwrap();
    sign(&mut guard, LOG, 10).unwrap();
    assert_eq!(guard.silent(), None);
}

#[test]
fn a_log_that_contradicts_what_was_signed_silences_the_key_for_good() {
    for size in [9, 12] {
        let directory = tempfile::tempdir().unwrap();
        let mut guard = Guard::make(folder(directory.path()), NETWORK, key(1)).unwrap();
        sign(&mut guard, LOG, 9).unwrap();
        let other = Log { way: 1, forked: 4 };
        let refused = sign(&mut guard, other, size);
        assert!(matches!(refused, Err(Refused::Silent(Silence::Contradicted))), "{refused:?}");
        drop(guard);
        let mut guard = open(directory.path());
        assert!(matches!(sign(&mut guard, LOG, 20), Err(Refused::Silent(Silence::Contradicted))));
    }
}

#[test]
fn a_guard_that_is_gone_or_damaged_is_missed_for_good_even_when_it_comes_back_later() {
    for damage in [false, true] {
        let directory = tempfile::tempdir().unwrap();
        let mut guard = Guard::make(folder(directory.path()), NETWORK, key(1)).unwrap();
        sign(&mut guard, LOG, 9).unwrap();
        let path = directory.path().join(NAME);
        if damage {
            let mut bytes = std::fs::read(&path).unwrap();
            let place = bytes.len() / 2;
            bytes[place] ^= 1;
            std::fs::write(&path, bytes).unwrap();
        } else {
            std::fs::remove_file(&path).unwrap();
        }
        let expected = if damage { Silence::Damaged } else { Silence::Lost };
        for _ in 0..2 {
            let mut guard = open(directory.path());
            assert_eq!(guard.silent(), Some(&expected));
            assert!(matches!(sign(&mut guard, LOG, 20), Err(Refused::Silent(_))));
        }
        // No second first guard for this key; a fresh key has its own, and the old one stays known.
        let again = Guard::make(folder(directory.path()), NETWORK, key(1));
        assert!(matches!(again, Err(GuardError::Exists { .. })));
        let mut fresh = Guard::make(folder(directory.path()), NETWORK, key(2)).unwrap();
        fresh.cosign(LOG.tree(20), 1, |_| Ok(Hash::ZERO)).unwrap();
        drop(fresh);
        let again = Guard::make(folder(directory.path()), NETWORK, key(1));
        assert!(matches!(again, Err(GuardError::Exists { .. })));
    }
}

#[test]
fn a_damaged_guard_is_no_reason_to_make_another() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(NAME), "nothing of a guard").unwrap();
    let made = Guard::make(folder(directory.path()), NETWORK, key(1));
    assert!(matches!(made, Err(GuardError::Damaged { .. })));
}

#[test]
fn the_guard_of_another_key_or_network_signs_nothing_and_is_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let mut guard = Guard::make(folder(directory.path()), NETWORK, key(1)).unwrap();
    sign(&mut guard, LOG, 9).unwrap();
    drop(guard);
    for (network, seed) in [(NETWORK, 2), (NetworkId(Hash([8; 32])), 1)] {
        let mut other = Guard::open(folder(directory.path()), network, key(seed)).unwrap();
        assert!(matches!(sign(&mut other, LOG, 20), Err(Refused::Silent(Silence::Other))));
    }
    let mut guard = open(directory.path());
    sign(&mut guard, LOG, 20).unwrap();
}

#[test]
fn a_signature_of_its_own_that_the_guard_does_not_know_silences_the_key() {
    let unknown = [LOG.tree(10), Tree { size: 9, root: Hash([1; 32]) }];
    for tree in unknown {
        let directory = tempfile::tempdir().unwrap();
        let mut guard = Guard::make(folder(directory.path()), NETWORK, key(1)).unwrap();
        sign(&mut guard, LOG, 9).unwrap();
        for known in [LOG.tree(9), LOG.tree(3)] {
            guard.seen(known).unwrap();
        }
        assert!(matches!(guard.seen(tree), Err(Refused::Silent(Silence::Restored))));
        drop(guard);
        assert!(matches!(
            sign(&mut open(directory.path()), LOG, 20),
            Err(Refused::Silent(Silence::Restored))
        ));
    }
}

#[test]
fn every_changed_byte_of_a_guard_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let mut guard = Guard::make(folder(directory.path()), NETWORK, key(1)).unwrap();
    sign(&mut guard, LOG, 9).unwrap();
    let path = directory.path().join(NAME);
    let bytes = std::fs::read(&path).unwrap();
    for place in 0..bytes.len() {
        for change in [1, 0x20, 0x80] {
            let mut changed = bytes.clone();
            changed[place] ^= change;
            std::fs::write(&path, &changed).unwrap();
            let found = look(&folder(directory.path())).unwrap();
            assert!(matches!(found, Found::Damaged(_)), "byte {place} changed by {change:#x}: {found:?}");
        }
        std::fs::write(&path, &bytes[..place]).unwrap();
        assert!(matches!(look(&folder(directory.path())).unwrap(), Found::Damaged(_)), "cut at {place}");
    }
}

#[test]
fn the_file_of_a_guard_is_as_the_book_shows_it() {
    let directory = tempfile::tempdir().unwrap();
    let mut guard = Guard::make(folder(directory.path()), NETWORK, key(1)).unwrap();
    guard.cosign(Tree { size: 678, root: Hash([9; 32]) }, 1, |_| Err("there is none before".into())).unwrap();
    let lines = format!(
        "tongda cosigning guard 1\nnetwork {}\nkey ed25519:{}\nsize 678\nroot {}\n",
        "07".repeat(32),
        "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c",
        "09".repeat(32),
    );
    let text = format!("{lines}sha256 {}\n", Hash::plain(&[lines.as_bytes()]));
    assert_eq!(std::fs::read_to_string(directory.path().join(NAME)).unwrap(), text);
    guard.seen(LOG.tree(700)).unwrap_err();
    let lines = format!("{lines}silent restored\n");
    let text = format!("{lines}sha256 {}\n", Hash::plain(&[lines.as_bytes()]));
    assert_eq!(std::fs::read_to_string(directory.path().join(NAME)).unwrap(), text);
}
