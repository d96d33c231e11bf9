//! What a chain says of its state and its log, it proves.

use super::World;
use tempfile::tempdir;
use tongda_ledger::block::{LeafKind, leaf_of};
use tongda_ledger::identifier::{PatentId, PledgeId};
use tongda_ledger::state::{Patent, PatentStatus, Pledge, StateKey};
use tongda_ledger::tree::value_hash;

#[test]
fn values_and_absences_at_the_tip_are_proven_by_the_seal_that_is_the_last_leaf() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    assert!(chain.prove_state(&[]).unwrap().is_none(), "there is no seal yet");
    for blocks in 1..6 {
        world.blocks(&chain, 1);
        let first = chain.committed().tip().seal.clone().unwrap().first;
        let patent = PatentId::new(first, 0);
        let keys = [
            StateKey::of::<Patent>(&patent),
            StateKey::of::<PatentStatus>(&patent),
            StateKey::of::<Pledge>(&PledgeId::new(first, 0)),
        ];
        let proven = chain.prove_state(&keys).unwrap().unwrap();
        assert_eq!(proven.seal.height, 2 * blocks);
        assert_eq!(proven.log.size(), proven.seal.index() + 1);
        assert_eq!(proven.log.root(), chain.committed().tip().log.root());
        let leaf = leaf_of(LeafKind::Seal, &proven.seal.bytes());
        proven.inclusion.verify(proven.seal.index(), proven.log.size(), &leaf, &proven.log.root()).unwrap();
        let founding = &world.network.founding;
        let validators = founding.nodes.validators().unwrap();
        let height = proven.seal.height;
        proven.certificate.verify(&founding.network(), &validators, height, &leaf).unwrap();
        for (key, value) in keys.iter().zip(&proven.values) {
            assert_eq!(value.key, *key);
            let hash = value.value.as_ref().map(|value| value_hash(value));
            value.proof.verify(&proven.seal.state_root, &key.hash(), hash.as_ref()).unwrap();
            let other = if hash.is_some() { None } else { Some(value_hash(b"a pledge")) };
            value.proof.verify(&proven.seal.state_root, &key.hash(), other.as_ref()).unwrap_err();
        }
        let is_there: Vec<_> = proven.values.iter().map(|value| value.value.is_some()).collect();
        assert_eq!(is_there, [true, true, false]);
    }
}
