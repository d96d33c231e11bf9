//! Certificates as of a checkpoint that the tip has left behind, or not; their epochs and histories.

use super::{World, follow, sent, with_snapshot};
use bytes::Bytes;
use std::time::{Duration, Instant};
use tempfile::tempdir;
use tongda_ledger::act::Act;
use tongda_ledger::act::governance::{ChangeNodes, NodeChange, Vote};
use tongda_ledger::act::member::Role;
use tongda_ledger::certificate::{Asked, Certificate};
use tongda_ledger::epoch::Epochs;
use tongda_ledger::identifier::{MemberId, PatentId, PledgeId, ProposalId, RecordId};
use tongda_ledger::state::{Patent, PatentStatus, Stored as _};
use tongda_ledger::tree::{Checkpoint, Cosignature, origin};
use tongda_ledger::vote::Address;
use tongda_node::chain::{CertifiedSubject, Chain, Cosigned, Uncertified, With, verify_snapshot};
use tongda_node::clock::now;
use tongda_node::pool::Origin;

impl World {
    /// The checkpoint at the tip, cosigned by the one validator.
    fn cosigned(&self, chain: &Chain) -> Cosigned {
        let (size, root) = {
            let committed = chain.committed();
            (committed.tip().log.size(), committed.tip().log.root())
        };
        let node = &self.network.nodes[0];
        let network = self.network.founding.network();
        let text = Checkpoint { origin: origin(&network), size, root }.text();
        let cosignature = Cosignature::sign(&node.cosign, 1_800_000_000, &text);
        let cosignatures = vec![(Address::of(&node.vote.public()), cosignature)];
        Cosigned { size, root, cosignatures, witnesses: Vec::new() }
    }

    /// Decides a block of an act of the exchange; its log index.
    fn by_the_exchange(&mut self, chain: &Chain, act: Act) -> u64 {
        self.number += 1;
        let exchange = self.network.member(Role::Exchange).unwrap();
        let envelope = exchange.envelope(self.network.founding.network(), now(), self.number, act).unwrap();
        let verified = chain.pool().verify_all(&[Bytes::copy_from_slice(envelope.bytes())]).unwrap();
        chain.pool().admit_all(verified, &Origin::Client, now());
        let (block, body) = chain.propose(0).unwrap();
        let height = chain.committed().tip().height() + 1;
        let seal = chain.commit(&self.certificate(height, block), &body).unwrap();
        assert_eq!(seal.records, 1, "the act is allowed");
        seal.first
    }

    /// The exchange gives its node this power.
    fn reweigh(&mut self, chain: &Chain, power: u64) {
        let exchange = self.network.member(Role::Exchange).unwrap().id;
        let name = self.network.founding.nodes.nodes[0].name.clone();
        let change = NodeChange::Reweigh { name, power };
        let reason = "演示".parse().unwrap();
        let act = ChangeNodes { exchange, change, reason };
        let position = self.by_the_exchange(chain, act.into());
        let vote = Vote { proposal: ProposalId::new(position, 0), exchange, in_favour: true };
        self.by_the_exchange(chain, vote.into());
    }

    /// Lets so much time pass that the next block is flagged, and makes it. No blocks fill the time: a fast machine would
    /// make thousands.
    fn flagged(&mut self, chain: &Chain) -> Cosigned {
        let (last, every) = {
            let committed = chain.committed();
            (committed.tip().checkpoint(), committed.parameters().checkpoint_every)
        };
        let waits = last.plus_milliseconds(every).milliseconds().saturating_sub(now().milliseconds());
        std::thread::sleep(Duration::from_millis(waits));
        let party = self.party();
        self.block(chain, vec![party]);
        let flagged = chain.committed().tip().seal.as_ref().is_some_and(|seal| seal.is_checkpoint());
        assert!(flagged, "the block after the cadence is a checkpoint");
        self.cosigned(chain)
    }

    fn holds(&self, certificate: &Certificate) {
        let epochs = Epochs::of(&self.network.founding).unwrap();
        let (read, report) = Certificate::verify_bytes(&certificate.bytes(), &epochs, &Asked::default());
        assert!(report.holds, "{:?}", report.failures().collect::<Vec<_>>());
        assert_eq!(read.as_ref(), Some(certificate));
    }
}

const ALL: With = With { epochs: true, history: true };

fn patents(chain: &Chain) -> Vec<PatentId> {
    let ids = chain.committed().list::<Patent>(None, 1000).unwrap();
    ids.into_iter().map(|id| PatentId::new(id.position(), id.ordinal())).collect()
}

#[test]
fn a_certificate_is_made_at_a_checkpoint_that_the_tip_has_left_behind() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 4);
    let first = world.flagged(&chain);
    let known = patents(&chain);
    let statuses = |checkpoint: &Cosigned| -> Vec<_> {
        let one = |id: &PatentId| chain.certify(checkpoint, CertifiedSubject::Patent(*id), ALL).unwrap();
        known.iter().map(one).collect()
    };
    let at_the_tip = statuses(&first);
    at_the_tip.iter().for_each(|certificate| world.holds(certificate));
    // The map grows, its pages are cut, and a second checkpoint comes.
    world.blocks(&chain, 12);
    let second = world.flagged(&chain);
    world.blocks(&chain, 12);
    assert!(second.size > first.size);
    assert_eq!(statuses(&first), at_the_tip, "what the tip does changes nothing");
    statuses(&second).iter().for_each(|certificate| world.holds(certificate));
    // What has come since is certified as absent at the older one, and as present at the newer.
    let newer = *patents(&chain).iter().rfind(|id| id.position() < second.size).unwrap();
    assert!(newer.position() > first.size);
    let absent = chain.certify(&first, CertifiedSubject::Patent(newer), With::default()).unwrap();
    world.holds(&absent);
    assert_eq!(absent.statement.proven.value, None);
    let present = chain.certify(&second, CertifiedSubject::Patent(newer), ALL).unwrap();
    world.holds(&present);
    assert!(present.statement.proven.value.is_some());
    assert_eq!(present.history.len(), 1);
    // A checkpoint behind no flagged seal is none to certify at.
    let nowhere = Cosigned { size: first.size - 1, ..first };
    let error = chain.certify(&nowhere, CertifiedSubject::Patent(newer), ALL).unwrap_err();
    assert!(matches!(error, Uncertified::StateGone(size) if size == nowhere.size));
}

#[test]
fn a_patent_is_certified_by_its_number_and_what_is_not_there_as_absent() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 2);
    let checkpoint = world.flagged(&chain);
    let id = patents(&chain)[0];
    let by_id = chain.certify(&checkpoint, CertifiedSubject::Patent(id), ALL).unwrap();
    let (patent, status): (PatentId, PatentStatus) = by_id.status().unwrap();
    assert_eq!(patent, id);
    let by_number = chain.certify(&checkpoint, CertifiedSubject::Number(status.number), ALL).unwrap();
    assert_eq!(by_number, by_id);
    assert_eq!(by_id.statement.details[0].key.tag(), Patent::TAG);
    let history = by_id.proven_history().unwrap();
    assert_eq!(history.events().len(), 1);
    assert_eq!(history.records()[0].record, RecordId::new(id.position()));
    assert!(history.at(history.until().date(), history.until()).unwrap().is_some());

    let nobody = CertifiedSubject::Member(MemberId::new(9_000, 0));
    let nothing = CertifiedSubject::Pledge(PledgeId::new(9_000, 0));
    let unknown = CertifiedSubject::Number("201510542317.2".parse().unwrap());
    for subject in [nobody, nothing, unknown] {
        let certificate = chain.certify(&checkpoint, subject, With::default()).unwrap();
        world.holds(&certificate);
        assert_eq!(certificate.statement.proven.value, None);
        assert!(matches!(chain.certify(&checkpoint, subject, ALL), Err(Uncertified::NoHistory)));
    }
    let member = chain.certify(&checkpoint, CertifiedSubject::Member(MemberId::new(0, 1)), With::default());
    world.holds(&member.unwrap());
}

#[test]
fn after_a_restart_the_state_at_the_tip_is_certified_and_an_older_one_is_gone() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (older, newer) = {
        let (chain, _) = world.open(directory.path());
        world.blocks(&chain, 1);
        let older = world.flagged(&chain);
        let newer = world.flagged(&chain);
        chain.sync().unwrap();
        (older, newer)
    };
    let (chain, _) = world.open(directory.path());
    let id = patents(&chain)[0];
    world.holds(&chain.certify(&newer, CertifiedSubject::Patent(id), ALL).unwrap());
    let error = chain.certify(&older, CertifiedSubject::Patent(id), ALL).unwrap_err();
    assert!(matches!(error, Uncertified::StateGone(_)));
    // What is gone is kept again from the next flagged seal on.
    let next = world.flagged(&chain);
    world.blocks(&chain, 3);
    world.holds(&chain.certify(&next, CertifiedSubject::Patent(id), ALL).unwrap());
}

#[test]
fn a_change_of_the_signers_is_linked_and_goes_with_certificates_and_snapshots() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 1);
    world.reweigh(&chain, 5);
    let changed = chain.committed().tip().height();
    world.reweigh(&chain, 5);
    let links = chain.committed().links().unwrap();
    assert_eq!(
        links.iter().map(|link| link.seal.height).collect::<Vec<_>>(),
        [changed],
        "5 again is no change"
    );
    let mut epochs = Epochs::of(&world.network.founding).unwrap();
    epochs.push(&links[0]).unwrap();
    assert_eq!(epochs, *chain.committed().epochs());
    assert_eq!((epochs.signers_at(changed).power(), epochs.signers_at(changed + 1).power()), (1, 5));
    let checkpoint = world.flagged(&chain);
    let id = patents(&chain)[0];
    let certificate = chain.certify(&checkpoint, CertifiedSubject::Patent(id), ALL).unwrap();
    assert_eq!(certificate.epochs, links);
    world.holds(&certificate);
    // Without the link nobody but who knows it can tell who decided.
    let without = chain.certify(&checkpoint, CertifiedSubject::Patent(id), With::default()).unwrap();
    let founded = Epochs::of(&world.network.founding).unwrap();
    assert!(!without.verify(&founded, &Asked::default()).holds);
    assert!(without.verify(&epochs, &Asked::default()).holds);

    // A snapshot carries it; one that stands at the changing block itself leads to it, too.
    world.reweigh(&chain, 7);
    let snapshot = chain.write_snapshot(9).unwrap().unwrap();
    let verified = verify_snapshot(&snapshot.path, &world.network.founding).unwrap();
    assert_eq!(verified.epochs, epochs);
    let links = chain.committed().links().unwrap();
    world.blocks(&chain, 2);
    let (other, _) = with_snapshot(&snapshot.path);
    let (began, opening) = world.open(other.path());
    assert_eq!(opening.restored, Some(snapshot.height));
    assert_eq!(began.committed().links().unwrap(), links);
    assert_eq!(began.committed().epochs().current().power(), 7);
    let tip = chain.committed().tip().height();
    follow(&began, &sent(&chain, snapshot.height + 1, tip));
    assert_eq!(began.committed().epochs(), chain.committed().epochs());
}

/// Prints what it costs; asserts nothing about time.
#[test]
fn a_certificate_is_made_and_verified() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 40);
    let checkpoint = world.flagged(&chain);
    world.blocks(&chain, 10);
    let ids = patents(&chain);
    let with = With { epochs: true, history: false };
    let made = Instant::now();
    let certificates: Vec<_> = ids
        .iter()
        .filter(|id| id.position() < checkpoint.size)
        .map(|id| chain.certify(&checkpoint, CertifiedSubject::Patent(*id), with).unwrap())
        .collect();
    let (made, count) = (made.elapsed(), u32::try_from(certificates.len()).unwrap());
    let verified = Instant::now();
    certificates.iter().for_each(|certificate| world.holds(certificate));
    println!(
        "{count} certificates: {:?} to make, {:?} to verify each",
        made / count,
        verified.elapsed() / count
    );
    assert!(count >= 80);
}
