//! Certificates as of a checkpoint that the tip has left behind, or not; their epochs and histories.

use super::World;
use std::time::Instant;
use tempfile::tempdir;
use tongda_ledger::certificate::{Asked, Certificate};
use tongda_ledger::epoch::Epochs;
use tongda_ledger::identifier::{MemberId, PatentId, PledgeId, RecordId};
use tongda_ledger::state::{Patent, PatentStatus, Stored as _};
use tongda_ledger::tree::{Checkpoint, Cosignature, origin};
use tongda_ledger::vote::Address;
use tongda_node::chain::{CertifiedSubject, Chain, Cosigned, Uncertified, With};

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

    /// Lets so much time pass that the next block is flagged.
    fn flagged(&mut self, chain: &Chain) -> Cosigned {
        loop {
            self.blocks(chain, 1);
            let committed = chain.committed();
            let flagged = committed.tip().seal.as_ref().is_some_and(|seal| seal.is_checkpoint());
            drop(committed);
            if flagged {
                return self.cosigned(chain);
            }
        }
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
