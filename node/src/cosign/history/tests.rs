//! Try the history of checkpoints: found by size, whole after a torn tail, and honest about damage.

use super::*;
use crate::cosign::checkpoints::Checkpoints;
use std::path::Path;
use tongda_ledger::key::SigningKey;

const NETWORK: NetworkId = NetworkId(Hash([7; 32]));

fn record(size: u64, lines: u8) -> Record {
    let lines = (0..lines).map(|number| Line {
        signer: Address([number; 20]),
        key: SigningKey::from_seed(&[number + 1; 32]).public().bytes().try_into().unwrap(),
        cosignature: Cosignature { time: size, signature: [number; 64] },
    });
    let tree = Tree { size, root: Hash::plain(&[&size.to_le_bytes()]) };
    Record { height: size / 2, tree, time: size, lines: lines.collect() }
}

fn open(path: &Path) -> (History, Opened) {
    History::open(path, &NETWORK).unwrap()
}

#[test]
fn checkpoints_are_found_by_size_before_and_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("history");
    let sizes: Vec<u64> = (1..=300).map(|number| 10 * number).collect();
    let (mut history, opened) = open(&path);
    assert!(opened.newest.is_none() && history.covering(1).unwrap().is_none());
    assert!(history.before(u64::MAX, 10).unwrap().is_empty());
    for size in &sizes {
        history.append(&record(*size, 3)).unwrap();
        if size.is_multiple_of(70) {
            history.append(&record(*size, 4)).unwrap();
        }
    }
    let expected = |size: u64| record(size, if size.is_multiple_of(70) { 4 } else { 3 });
    for restarted in [false, true] {
        for size in [1, 10, 11, 315, 320, 321, 640, 2991, 3000] {
            let found = history.covering(size).unwrap().unwrap();
            assert_eq!(found, expected(size.div_ceil(10) * 10), "{size}, restarted: {restarted}");
        }
        assert_eq!(history.covering(3001).unwrap(), None);
        let mut listed = Vec::new();
        let mut before = u64::MAX;
        loop {
            let page = history.before(before, 7).unwrap();
            let Some(last) = page.last() else { break };
            before = last.tree.size;
            listed.extend(page);
        }
        assert_eq!(listed, sizes.iter().rev().map(|size| expected(*size)).collect::<Vec<_>>());
        assert!(history.index.len() <= sizes.len() / SPARSE + 1);
        let opened;
        (history, opened) = open(&path);
        assert_eq!(opened.newest, Some(expected(3000)));
        assert_eq!(opened.damage, None);
        let of_signers: Vec<_> = opened.of_signers.iter().map(|newest| newest.tree.size).collect();
        assert_eq!(of_signers, [3000, 3000, 3000, 2940]);
    }
}

#[test]
fn a_torn_or_damaged_end_is_cut_off_and_kept_aside() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("history");
    let (mut history, _) = open(&path);
    (1..=3).for_each(|size| history.append(&record(size, 4)).unwrap());
    drop(history);
    let whole = std::fs::read(&path).unwrap();
    let frame = record(3, 4).frame().len();
    for (cut, flipped) in
        [(1, None), (frame - 1, None), (frame - 5, None), (0, Some(frame / 2)), (0, Some(frame))]
    {
        let mut bytes = whole[..whole.len() - cut].to_vec();
        if let Some(place) = flipped {
            let place = whole.len() - place;
            bytes[place] ^= 1;
        }
        std::fs::write(&path, &bytes).unwrap();
        let (mut history, opened) = open(&path);
        assert_eq!(opened.newest, Some(record(2, 4)), "{cut} {flipped:?}");
        assert!(opened.damage.unwrap().contains("moved to"));
        let kept = std::fs::read(path.with_extension("damaged")).unwrap();
        assert_eq!(kept, bytes[whole.len() - frame..]);
        history.append(&record(9, 3)).unwrap();
        drop(history);
        let (history, opened) = open(&path);
        assert_eq!((opened.newest, opened.damage), (Some(record(9, 3)), None));
        assert_eq!(history.covering(3).unwrap(), Some(record(9, 3)));
    }
}

#[test]
fn the_history_of_another_network_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("history");
    drop(open(&path));
    assert!(History::open(&path, &NetworkId(Hash([8; 32]))).is_err());
    std::fs::write(&path, "TDCO").unwrap();
    let (_, opened) = open(&path);
    assert!(opened.newest.is_none() && opened.damage.is_none(), "a head that was never whole");
}

#[test]
fn what_was_published_is_served_again_after_a_restart_with_the_nodes_own_line_first() {
    let directory = tempfile::tempdir().unwrap();
    let key = SigningKey::from_seed(&[50; 32]);
    let path = directory.path().join(crate::cosign::checkpoints::FILE);
    let (mut history, _) = open(&path);
    [10, 20].into_iter().for_each(|size| history.append(&record(size, 3)).unwrap());
    drop(history);
    let (checkpoints, opening) = Checkpoints::open(directory.path(), NETWORK, key.clone()).unwrap();
    assert_eq!(opening.of_signers.len(), 3);
    assert_eq!(checkpoints.newest().unwrap().tree.size, 20);
    assert_eq!(checkpoints.covering(11).unwrap().unwrap().tree.size, 20);
    assert_eq!(checkpoints.at(10).unwrap().unwrap().tree.size, 10);
    assert!(checkpoints.at(11).unwrap().is_none() && checkpoints.covering(21).unwrap().is_none());
    let sizes = |before, limit| {
        let found = checkpoints.before(before, limit).unwrap();
        found.iter().map(|published| published.tree.size).collect::<Vec<_>>()
    };
    assert_eq!(sizes(u64::MAX, 9), [20, 10]);
    assert_eq!(sizes(u64::MAX, 1), [20]);
    assert_eq!(sizes(20, 9), [10]);
    let note = checkpoints.newest().unwrap().signed.to_string();
    let lines: Vec<_> = note.lines().collect();
    assert_eq!(lines.len(), 3 + 1 + 4);
    assert!(lines[4].starts_with(&format!("— tongda/{NETWORK} ")), "{note}");
    assert!(lines[5].starts_with(&format!("— tongda/{NETWORK}/{} ", Address([0; 20]))), "{note}");
}
