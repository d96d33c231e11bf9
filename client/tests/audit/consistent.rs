//! What false validators could do with all their keys: every hash, root, seal, certificate and cosignature is made again,
//! and the audit still finds what the rules, the genesis or the order of the log do not allow.

use crate::history::acts::Story;
use crate::history::{Block, Chain};
use crate::{audit, report};
use tongda_client::audit::{Report, Verdict};
use tongda_ledger::audit::{Finding, What};
use tongda_ledger::block::{LeafKind, leaf_bytes};
use tongda_ledger::envelope::{Envelope, Signed};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{DeclarationId, PatentId};
use tongda_ledger::key::Signature;
use tongda_ledger::refusal::Code;
use tongda_ledger::tree::{MemoryHashes, leaf_hash};

/// A network with a patent and its declaration, and the same network before them.
fn story() -> (Story, PatentId) {
    let mut story = Story::new(4, 2);
    story.bulk(20, 2);
    let registration = story.patent(0);
    let patent = PatentId::new(story.block(&[registration]), 0);
    (story, patent)
}

fn record(envelope: &Envelope) -> Vec<u8> {
    leaf_bytes(LeafKind::Record, envelope.bytes())
}

/// The audit of all that is decided, under a checkpoint that all cosigned.
fn audited(chain: &Chain) -> Report {
    let folder = tempfile::tempdir().unwrap();
    chain.export(folder.path(), &[chain.blocks.len()]);
    report(&audit(chain, folder.path()))
}

fn finding(chain: &Chain) -> Finding {
    let report = audited(chain);
    assert_eq!(report.verdict, Verdict::Wrong, "{:?}", report.problems);
    report.first_wrong.unwrap()
}

#[track_caller]
fn found(chain: &Chain, what: What, index: u64) -> Finding {
    let finding = finding(chain);
    assert_eq!((finding.what, finding.index), (what, Some(index)), "{finding}");
    finding
}

/// Goes on honestly behind what was forged, so that the false block lies deep in the log.
fn go_on(mut story: Story) -> Chain {
    for _ in 0..5 {
        let envelope = story.patent(1);
        story.block(&[envelope]);
    }
    story.chain
}

#[test]
fn without_a_false_step_the_same_history_is_sound() {
    let (mut story, patent) = story();
    let declaration = story.declare(0, patent);
    let leaf = record(&declaration);
    story.chain.forge(vec![leaf], |_| {});
    assert_eq!(audited(&go_on(story)).verdict, Verdict::Sound);
}

#[test]
fn a_record_that_the_rules_refuse_is_named_with_the_reason() {
    let (mut story, patent) = story();
    // The declaration of a patent by somebody else.
    let (good, bad) = (story.declare(0, patent), story.declare(1, patent));
    let index = story.chain.size() + 1;
    story.chain.forge(vec![record(&good), record(&bad)], |_| {});
    let finding = found(&go_on(story), What::Rule, index);
    assert!(!finding.refusals.is_empty());
}

#[test]
fn a_record_that_counts_twice_is_named() {
    let (mut story, patent) = story();
    let declaration = story.declare(0, patent);
    story.block(std::slice::from_ref(&declaration));
    let index = story.chain.size();
    story.chain.forge(vec![record(&declaration)], |_| {});
    let finding = found(&go_on(story), What::Rule, index);
    assert!(finding.refusals.iter().any(|refusal| refusal.code == Code::EnvelopeUsed));
}

#[test]
fn a_state_that_the_records_do_not_make_is_named() {
    let (mut story, patent) = story();
    let declaration = story.declare(0, patent);
    let seal = story.chain.size() + 1;
    story.chain.forge(vec![record(&declaration)], |seal| seal.state_root = Hash([7; 32]));
    found(&go_on(story), What::StateRoot, seal);
}

#[test]
fn a_removed_signature_is_named() {
    let (mut story, patent) = story();
    let registration = story.patent(0);
    // The registrar signs with two keys: one of them is taken away.
    let signatures = registration.signatures()[..1].to_vec();
    let cut = Envelope::new(registration.core().clone(), signatures).unwrap();
    let index = story.chain.size();
    story.chain.forge(vec![record(&cut)], |_| {});
    let finding = found(&go_on(story), What::Rule, index);
    assert!(finding.refusals.iter().any(|refusal| refusal.code == Code::ThresholdNotMet));

    let (mut story, _) = self::story();
    let declaration = story.declare(0, patent);
    // All signatures are taken away: what is left is no envelope.
    let unsigned = &declaration.bytes()[..declaration.bytes().len() - signatures_length(&declaration)];
    let leaf = [&[LeafKind::Record as u8], unsigned, &[0, 0]].concat();
    let index = story.chain.size();
    story.chain.forge(vec![leaf], |_| {});
    found(&story.chain, What::Signature, index);
}

/// The bytes of an envelope's signatures, their count included.
fn signatures_length(envelope: &Envelope) -> usize {
    let core = usize::from(u16::from_le_bytes([envelope.bytes()[1], envelope.bytes()[2]]));
    envelope.bytes().len() - 3 - core
}

#[test]
fn a_false_signature_is_named_whatever_was_sealed_over_it() {
    let (mut story, patent) = story();
    let declaration = story.declare(0, patent);
    let false_one = |signed: &Signed| {
        let mut bytes: [u8; 64] = signed.signature.bytes().try_into().unwrap();
        bytes[40] ^= 1;
        Signed { signature: Signature::ed25519(bytes), ..signed.clone() }
    };
    let signatures = declaration.signatures().iter().map(false_one).collect();
    let declaration = Envelope::new(declaration.core().clone(), signatures).unwrap();
    let index = story.chain.size();
    // The rules allow it, and the state is the one that it makes.
    story.chain.forge(vec![record(&declaration)], |_| {});
    found(&go_on(story), What::Signature, index);
}

#[test]
fn a_record_that_poses_as_a_seal_is_named_either_way() {
    let (mut story, patent) = story();
    let declaration = story.declare(0, patent);
    let seal = story.chain.blocks.last().unwrap().seal.clone();
    let posing = leaf_bytes(LeafKind::Record, &seal.bytes());
    let index = story.chain.size() + 1;
    let mut one = Story::on(story.chain.clone(), 0);
    one.chain.forge(vec![record(&declaration), posing], |_| {});
    found(&one.chain, What::Posing, index);

    let index = story.chain.size();
    let posing = leaf_bytes(LeafKind::Seal, declaration.bytes());
    story.chain.forge(vec![posing], |_| {});
    found(&story.chain, What::Posing, index);
}

#[test]
fn a_genesis_inside_the_log_and_an_unknown_leaf_are_named() {
    let (story, _) = story();
    for (leaf, what) in [
        (leaf_bytes(LeafKind::Genesis, story.chain.network.0.as_bytes()), What::Genesis),
        (vec![3, 1, 2, 3], What::Leaf),
        (Vec::new(), What::Leaf),
    ] {
        let mut chain = story.chain.clone();
        let index = chain.size();
        chain.blocks.push(Block { leaves: vec![leaf], ..chain.blocks[0].clone() });
        let seal = chain.blocks[1].leaves.last().unwrap().clone();
        chain.blocks.last_mut().unwrap().leaves.push(seal);
        found(&chain, what, index);
    }
}

#[test]
fn an_old_seal_under_a_new_checkpoint_is_named() {
    let (story, _) = story();
    let mut chain = story.chain;
    for height in [1, 3, chain.blocks.len()] {
        let mut again = chain.clone();
        let old = again.blocks[height - 1].clone();
        let leaves = vec![old.leaves.last().unwrap().clone()];
        let index = again.size_at(again.blocks.len());
        again.blocks.push(Block { leaves, ..old });
        found(&again, What::OldSeal, index);
    }
    // The same with a certificate for its new height: the seal says another.
    let old = chain.blocks[2].clone();
    let index = chain.size();
    let height = chain.blocks.len() as u64 + 1;
    chain.forge(Vec::new(), |seal| *seal = old.seal.clone());
    assert_ne!(chain.blocks.last().unwrap().seal.height, height);
    found(&chain, What::OldSeal, index);
}

#[test]
fn a_certificate_of_another_epoch_is_named() {
    let (mut story, _) = story();
    let founders = story.chain.nodes();
    for (node, seed) in [("beijing", 0x50), ("shanghai", 0x54), ("sichuan", 0x58)] {
        story.rekey(node, seed);
    }
    story.bulk(10, 2);
    let place = story.chain.blocks.len() - 2;
    assert_eq!(audited(&story.chain).verdict, Verdict::Sound);
    let mut chain = story.chain;
    chain.blocks[place].certificate = chain.certificate(&founders, &chain.blocks[place].seal);
    let index = chain.size_at(place + 1) - 1;
    let finding = found(&chain, What::OtherEpoch, index);
    assert_eq!(finding.height, Some(place as u64 + 1));
    assert_eq!(finding.resource.as_deref(), Some(format!("commits/000.p/{}", chain.blocks.len()).as_str()));
    // And a checkpoint that the validators of another epoch cosigned.
    chain.blocks[place].certificate =
        chain.certificate(&chain.blocks[place].nodes, &chain.blocks[place].seal);
    let folder = tempfile::tempdir().unwrap();
    chain.export(folder.path(), &[chain.blocks.len()]);
    let text = chain.cosigned(chain.size(), chain.tip.log.root(), &founders);
    std::fs::write(folder.path().join("checkpoint"), text).unwrap();
    let report = report(&audit(&chain, folder.path()));
    assert_eq!(report.first_wrong.unwrap().what, What::Cosignature);
    assert_eq!(report.size, chain.size(), "the log itself is right");
}

#[test]
fn reordered_records_are_named_at_the_first_that_cannot_stand_there() {
    let (mut story, _) = story();
    let first = story.chain.size();
    let registration = story.patent(0);
    let declaration = story.declare(0, PatentId::new(first, 0));
    let announcement = story.announce(DeclarationId::new(first + 1, 0));
    let leaves = [&registration, &declaration, &announcement].map(record);
    let mut right = Story::on(story.chain.clone(), 0);
    right.chain.forge(leaves.to_vec(), |_| {});
    assert_eq!(audited(&right.chain).verdict, Verdict::Sound);
    let [one, two, three] = leaves;
    for (order, index) in [([&two, &one, &three], first), ([&one, &three, &two], first + 1)] {
        let mut chain = story.chain.clone();
        chain.forge(order.map(Clone::clone).to_vec(), |_| {});
        found(&chain, What::Rule, index);
    }
    // The same order under the old seal: the log's root is another. Under a seal of its own: nobody decided it.
    let mut chain = right.chain.clone();
    let seal = chain.size() - 1;
    let last = chain.blocks.last_mut().unwrap();
    last.leaves[..3].clone_from_slice(&[one.clone(), three.clone(), two.clone()]);
    found(&chain, What::Rule, first + 1);
    let mut chain = right.chain.clone();
    let last = chain.blocks.last_mut().unwrap();
    last.seal.log_root = Hash([1; 32]);
    *last.leaves.last_mut().unwrap() = leaf_bytes(LeafKind::Seal, &last.seal.bytes());
    let finding = found(&chain, What::Seal, seal);
    assert!(finding.detail.contains("decided the block"), "{finding}");
    // Two blocks that changed places.
    let mut chain = right.chain;
    let blocks = chain.blocks.len();
    chain.blocks.swap(blocks - 2, blocks - 3);
    let finding = self::finding(&chain);
    assert!(matches!(finding.what, What::Certificate | What::Seal), "{finding}");
    assert_eq!(finding.height, Some(blocks as u64 - 2));
}

#[test]
fn validators_that_nobody_chose_are_named() {
    let (mut story, _) = story();
    let seal = story.chain.size();
    story.chain.forge(Vec::new(), |seal| seal.next_validators = Hash([2; 32]));
    found(&go_on(story), What::Validators, seal);
}

#[test]
fn a_checkpoint_over_another_root_or_short_of_a_quorum_is_named() {
    let (story, _) = story();
    let chain = story.chain;
    let folder = tempfile::tempdir().unwrap();
    let hashes: MemoryHashes = chain.log().iter().map(|leaf| leaf_hash(leaf)).collect();
    let size = chain.size();
    let nodes = chain.nodes();
    let mut two = nodes.clone();
    two.nodes.retain(|node| ["beijing", "shanghai"].contains(&node.name.as_str()));
    let inside = chain.size_at(8) - 2;
    let good = chain.checkpoint(&hashes, chain.blocks.len());
    for (text, what) in [
        (chain.cosigned(size, Hash([5; 32]), &nodes), What::CheckpointRoot),
        (chain.cosigned(size, hashes.root(size).unwrap(), &two), What::Cosignature),
        (chain.cosigned(inside, hashes.root(inside).unwrap(), &nodes), What::Checkpoint),
        (good.replace("tongda/", "tongda-2/"), What::Checkpoint),
        (good.lines().take(4).map(|line| line.to_owned() + "\n").collect(), What::Checkpoint),
    ] {
        chain.export(folder.path(), &[chain.blocks.len()]);
        let log = chain.log();
        chain.export_leaves(folder.path(), &log[..usize::try_from(inside).unwrap()], &hashes, 8);
        std::fs::write(folder.path().join("checkpoint"), &text).unwrap();
        let report = report(&audit(&chain, folder.path()));
        assert_eq!(report.first_wrong.map(|finding| finding.what), Some(what), "{text}");
    }
}
