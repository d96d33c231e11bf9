//! A made stock, pushes with their proofs, demands, listings and events: sound acts, for a test to send or to spoil.

use super::{EXCHANGE, World, date, list, text};
use tongda_ledger::act::event::{Hold, MatchingEventKind};
use tongda_ledger::act::listing::{ListingMode, ListingPrice, ListingPurpose, Publish};
use tongda_ledger::act::matching::{
    BudgetBand, CooperationWish, Feedback, PostDemand, Push, PushPlace, push_leaf,
};
use tongda_ledger::act::stock::{Enter, Willingness};
use tongda_ledger::codec::Encode;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PatentId, PushId};
use tongda_ledger::tree::{InclusionProof, MemoryHashes};

/// A patent of a university, to be transferred or licensed.
pub fn enter(patent: PatentId, institution: MemberId) -> Enter {
    Enter {
        patent,
        institution,
        willingness: list(&[Willingness::Transfer, Willingness::License]),
        readiness: 6,
        grade: 3,
        description: text("用于动力电池的均衡控制"),
        contact: text("成果转化办公室"),
    }
}

/// A tree over ids: its root, and the place of each.
fn tree<T: Encode>(ids: &[T]) -> (Hash, Vec<PushPlace>) {
    let hashes: MemoryHashes = ids.iter().map(push_leaf).collect();
    let size = ids.len() as u64;
    let places = (0..size).map(|index| PushPlace {
        index: u32::try_from(index).expect("a small push"),
        proof: InclusionProof::prove(&hashes, index, size).expect("the leaf is there"),
    });
    (hashes.root(size).expect("every hash is there"), places.collect())
}

/// A push of patents to members, with the place of each patent and each member.
pub struct MadePush {
    pub act: Push,
    pub patents: Vec<PushPlace>,
    pub recipients: Vec<PushPlace>,
}

pub fn push(patents: &[PatentId], recipients: &[MemberId]) -> MadePush {
    let (patents_root, patent_places) = tree(patents);
    let (recipients_root, recipient_places) = tree(recipients);
    let act = Push {
        patents: u32::try_from(patents.len()).expect("a small push"),
        patents_root,
        segment: "C38".parse().expect("an industry"),
        recipients: u32::try_from(recipients.len()).expect("a small push"),
        recipients_root,
        algorithm: text("ipc-industry-similarity 1.2"),
        version: Hash([4; 32]),
    };
    MadePush { act, patents: patent_places, recipients: recipient_places }
}

/// The feedback of the recipient at one place on the patent at another.
pub fn feedback(push: PushId, made: &MadePush, recipient: usize, patent: (usize, PatentId)) -> Feedback {
    Feedback {
        push,
        patent: patent.1,
        recipient_place: made.recipients[recipient].clone(),
        patent_place: made.patents[patent.0].clone(),
        prospect: 5,
        improvement: Some(text("希望降低成本")),
        cooperation: CooperationWish::DevelopTogether,
    }
}

/// What an enterprise looks for until the end of 2026.
pub fn demand() -> PostDemand {
    PostDemand {
        problem: text("低温下电池容量衰减的抑制"),
        industry: "C3841".parse().expect("an industry"),
        budget: BudgetBand::BelowFiveMillion,
        joint: true,
        until: date("2026-12-31"),
    }
}

/// An open listing of a patent for sale until the end of 2026.
pub fn publish(patent: PatentId) -> Publish {
    Publish {
        patents: list(&[patent]),
        exchange: EXCHANGE,
        mode: ListingMode::OpenListing,
        purpose: ListingPurpose::Sale,
        price: ListingPrice::ByAgreement,
        openly_licensed: false,
        description: text("一种电池均衡装置"),
        until: date("2026-12-31"),
    }
}

/// A roadshow on the first of December 2026.
pub fn hold(patent: PatentId, member: MemberId) -> Hold {
    Hold {
        kind: MatchingEventKind::Roadshow,
        name: text("新能源产业“一月一链”路演"),
        on: date("2026-12-01"),
        industry: "C38".parse().expect("an industry"),
        region: "110000".parse().expect("a region"),
        patents: list(&[patent]),
        members: list(&[member]),
    }
}

impl World {
    /// Sends a push of the exchange.
    #[track_caller]
    pub fn pushed(&mut self, made: &MadePush) -> PushId {
        PushId::new(self.effect(&[EXCHANGE], made.act.clone()), 0)
    }
}
