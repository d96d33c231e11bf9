//! Cases and credit events: sound acts, for a test to send or to spoil.

use super::{World, date, list, text};
use tongda_ledger::act::credit::{CreditGround, CreditLevel, Enter};
use tongda_ledger::act::dispute::{Accept, CaseKind, CaseOutcome, Conclude, Open};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{CaseId, MemberId};

/// A case of this kind by one member against another, about nothing yet.
pub fn case(world: &World, kind: CaseKind, sides: (MemberId, MemberId), forum: MemberId) -> Open {
    Open {
        kind,
        claimant: sides.0,
        respondents: list(&[world.party_of(sides.1)]),
        forum,
        patents: list(&[]),
        licences: list(&[]),
        pledges: list(&[]),
        claim: Hash([0x41; 32]),
    }
}

/// A result of today, with its document and nothing to be done.
pub fn result(world: &World, case: CaseId, outcome: CaseOutcome) -> Conclude {
    let binds = matches!(outcome, CaseOutcome::Settled | CaseOutcome::Decided);
    let document = binds.then_some(Hash([0x42; 32]));
    Conclude { case, outcome, document, perform_by: None, on: world.today() }
}

/// An entry against a member that counts until the end of 2028.
pub fn entry(member: MemberId, ground: CreditGround) -> Enter {
    let level = CreditLevel::Ordinary;
    Enter { member, ground, level, evidence: Hash([0x44; 32]), until: date("2028-12-31") }
}

impl World {
    /// The acceptance of a case today, with until the end of 2026 for its result.
    pub fn acceptance(&self, case: CaseId) -> Accept {
        Accept { case, number: text("（2026）演示1号"), on: self.today(), until: date("2026-12-31") }
    }

    /// Opens a case and has it accepted.
    #[track_caller]
    pub fn accepted(&mut self, act: Open) -> CaseId {
        let (claimant, forum) = (act.claimant, act.forum);
        let case = CaseId::new(self.effect(&[claimant], act), 0);
        let act = self.acceptance(case);
        self.effect(&[forum], act);
        case
    }
}
