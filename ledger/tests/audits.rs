//! What was audited is kept and continued; what cannot be believed of it is said.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::World;
use tongda_ledger::audit::{Auditor, CheckedEntry, KeptError, What};
use tongda_ledger::block::{LeafKind, Seal, Tip, leaf_bytes};
use tongda_ledger::chain::{self, Making};
use tongda_ledger::hash::Hash;
use tongda_ledger::replay::CheckedCertificate;
use tongda_ledger::state::Writes;
use tongda_ledger::tree::Map;
use tongda_ledger::vote::{Address, CommitCertificate, CommitSignature, VoteKind, vote_bytes};

/// The seal of an empty block behind `tip`, and its certificate.
fn empty_block(world: &mut World, tip: &Tip) -> (Seal, CommitCertificate) {
    let validators = chain::validators_after(&world.state, &Writes::default()).unwrap();
    let (_, executed) = world.block(&[]);
    let mut leaves: Vec<_> = world.state.leaves().collect();
    leaves.sort_unstable();
    let count = leaves.len() as u64;
    let all = leaves.into_iter().map(Ok::<_, std::convert::Infallible>);
    let making = Making {
        round: 0,
        time: world.time,
        proposer: validators.proposer(world.height, 0),
        record_leaves: &[],
        state_root: Map::from_leaves(count, all).unwrap().root(),
        validators: &validators,
        next_validators: &validators,
        every: 1000,
    };
    let seal = chain::make_seal(tip, &executed, making);
    let (block, key) = (seal.hash(), kit::vote_key());
    let validator = Address::of(&key.public());
    let message = vote_bytes(&world.network, VoteKind::Precommit, seal.height, 0, Some(&block), &validator);
    let signatures = kit::list(&[CommitSignature { validator, signature: key.sign(&message) }]);
    let certificate = CommitCertificate { height: seal.height, round: 0, block, signatures };
    (seal, certificate)
}

fn audited(blocks: usize) -> (World, Auditor) {
    let mut world = World::default();
    let mut tip = Tip::genesis(world.network, world.time);
    let mut auditor = Auditor::new(&world.founding).unwrap();
    let genesis = leaf_bytes(LeafKind::Genesis, world.network.0.as_bytes());
    auditor.entry(CheckedEntry::new(&genesis), None).unwrap();
    for _ in 0..blocks {
        let (seal, certificate) = empty_block(&mut world, &tip);
        let certificate = CheckedCertificate::new(world.network, auditor.validators(), certificate);
        let leaf = leaf_bytes(LeafKind::Seal, &seal.bytes());
        auditor.entry(CheckedEntry::new(&leaf), Some(&certificate)).unwrap();
        while auditor.next_tile().is_some() {}
        tip = tip.after(&[], seal);
    }
    (world, auditor)
}

#[test]
fn a_kept_audit_goes_on_as_if_it_had_not_been_interrupted() {
    let (mut world, auditor) = audited(300);
    let kept = auditor.keep("test 1").unwrap().unwrap();
    let mut resumed = Auditor::resume(&world.founding, "test 1", &kept).unwrap();
    assert_eq!((resumed.size(), resumed.root(), resumed.height()), (301, auditor.root(), 300));
    assert_eq!((resumed.counts(), resumed.epochs()), (auditor.counts(), auditor.epochs()));
    assert_eq!(resumed.partial_tiles(), auditor.partial_tiles());
    assert_eq!(resumed.keep("test 1").unwrap().unwrap(), kept);
    let (seal, certificate) = empty_block(&mut world, auditor.replay().tip());
    let certificate = CheckedCertificate::new(world.network, auditor.validators(), certificate);
    let leaf = CheckedEntry::new(&leaf_bytes(LeafKind::Seal, &seal.bytes()));
    let mut uninterrupted = auditor;
    for auditor in [&mut resumed, &mut uninterrupted] {
        auditor.entry(leaf.clone(), Some(&certificate)).unwrap();
    }
    assert_eq!((resumed.root(), resumed.height()), (uninterrupted.root(), 301));
    // A leaf that was audited before is known again while its tile is open, and another one is named.
    let last = uninterrupted.size() - 1;
    assert_eq!(resumed.seen(last, leaf.leaf()), Ok(()));
    assert_eq!(resumed.seen(last, Hash([9; 32])).unwrap_err().what, What::Leaf);
    assert_eq!(resumed.seen(last - 1, leaf.leaf()).unwrap_err().index, Some(last - 1));
}

#[test]
fn a_kept_audit_that_is_damaged_cut_foreign_or_of_another_program_is_not_continued() {
    let (world, auditor) = audited(3);
    let kept = auditor.keep("test 1").unwrap().unwrap();
    let resume = |bytes: &[u8]| Auditor::resume(&world.founding, "test 1", bytes).map(|_| ());
    assert_eq!(resume(&kept), Ok(()));
    assert!(matches!(
        Auditor::resume(&world.founding, "test 2", &kept),
        Err(KeptError::Program { found, .. }) if found == "test 1"
    ));
    let other = World::new("2026-11-25");
    assert!(matches!(Auditor::resume(&other.founding, "test 1", &kept), Err(KeptError::Network { .. })));
    assert_eq!(resume(b"TDSNAPSH"), Err(KeptError::NoKept));
    assert_eq!(resume(b"TDAUDIT1"), Err(KeptError::Cut));
    for cut in [9, 40, kept.len() / 2, kept.len() - 1] {
        assert!(matches!(resume(&kept[..cut]), Err(KeptError::Damaged | KeptError::Cut)), "{cut}");
    }
    for place in (8..kept.len()).step_by(7) {
        let mut damaged = kept.clone();
        damaged[place] ^= 0x40;
        assert_eq!(resume(&damaged), Err(KeptError::Damaged), "{place}");
        // The digest made again: what the file says must still fit, or be what was audited.
        let body = damaged.len() - 32;
        let digest = Hash::plain(&[&damaged[..body]]);
        damaged[body..].copy_from_slice(digest.as_bytes());
        if let Ok(resumed) = Auditor::resume(&world.founding, "test 1", &damaged) {
            assert_eq!(resumed.replay().map().root(), auditor.replay().map().root(), "{place}");
        }
    }
}

#[test]
fn nothing_is_kept_inside_a_block() {
    let (world, mut auditor) = audited(1);
    let mut world = world;
    assert!(auditor.keep("test 1").unwrap().is_some());
    let record = world.envelope(&[kit::REGISTRAR], party(), None);
    auditor.entry(CheckedEntry::new(&leaf_bytes(LeafKind::Record, record.bytes())), None).unwrap();
    assert_eq!(auditor.keep("test 1"), Ok(None));
}

fn party() -> tongda_ledger::act::Act {
    use tongda_ledger::act::party::{Entry, PartyKind, PartyName, Register};
    let name = PartyName::Organisation { name: kit::text("演示企业"), code: None };
    let entry = Entry { name, kind: PartyKind::Private, country: "CN".parse().unwrap() };
    Register { parties: kit::list(&[entry]) }.into()
}
