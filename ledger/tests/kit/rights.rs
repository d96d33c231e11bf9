//! Made transfers and pledges: sound acts, for a test to send or to spoil.

use super::{REGISTRAR, World, list, text};
use tongda_ledger::act::open_licence::FeeStandard;
use tongda_ledger::act::pledge::{self, DebtKind};
use tongda_ledger::act::transfer::{self, Transferee};
use tongda_ledger::act::{ActKind, licence::Proceeds};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{
    Date, DeclarationId, MemberId, PartyId, PatentId, PledgeId, RecordalNumber, Term, TransferId,
};
use tongda_ledger::refusal::Refusal;
use tongda_ledger::state::{Declaration, DeclarationState, PatentStatus};

/// A refusal's code, what it is about and what is in the way, as text for comparison.
pub fn told(refusal: &Refusal) -> String {
    let part = |id: &Option<tongda_ledger::identifier::ObjectRef>| id.map_or("-".into(), |id| id.to_string());
    format!("{} {} {}", refusal.code, part(&refusal.subject), part(&refusal.obstacle))
}

/// The kind of act with this name.
pub fn kind(name: &str) -> ActKind {
    ActKind::named(name).expect("the test names an act")
}

impl World {
    fn parties(&self, members: &[MemberId]) -> Vec<PartyId> {
        members.iter().map(|member| self.party_of(*member)).collect()
    }

    /// The transfer of patents from these members to those.
    pub fn transfer_act(
        &self,
        patents: &[PatentId],
        from: &[MemberId],
        to: &[MemberId],
    ) -> transfer::Propose {
        let to: Vec<_> =
            self.parties(to).into_iter().map(|party| Transferee { party, share: None }).collect();
        transfer::Propose {
            patents: list(patents),
            from: list(&self.parties(from)),
            to: list(&to),
            pricing: None,
            export: None,
            funder: None,
            proceeds: None,
            contract: Hash([3; 32]),
        }
    }

    /// Proposes a transfer of one patent, signed by both sides.
    #[track_caller]
    pub fn proposed(&mut self, patent: PatentId, from: MemberId, to: MemberId) -> TransferId {
        let act = self.transfer_act(&[patent], &[from], &[to]);
        TransferId::new(self.effect(&[from, to], act), 0)
    }

    /// The registration of a transfer today.
    pub fn transfer_registration(&self, transfer: TransferId) -> transfer::Register {
        transfer::Register { transfer, gazette: text("42-01"), on: self.today() }
    }

    /// Transfers one patent from a member to another.
    #[track_caller]
    pub fn transferred(&mut self, patent: PatentId, from: MemberId, to: MemberId) -> TransferId {
        let transfer = self.proposed(patent, from, to);
        let act = self.transfer_registration(transfer);
        self.effect(&[REGISTRAR], act);
        transfer
    }

    /// The pledge of patents by these members for a loan of two years from today.
    pub fn pledge_act(
        &self,
        patents: &[PatentId],
        pledgors: &[MemberId],
        pledgee: MemberId,
    ) -> pledge::Apply {
        let last: Date = self.today().add_years(2);
        pledge::Apply {
            patents: list(patents),
            pledgors: list(&self.parties(pledgors)),
            pledgee,
            debt: DebtKind::Loan,
            contract: Hash([4; 32]),
            debt_term: Some(Term::new(self.today(), last).expect("two years")),
            scope: Some(text("本金、利息、违约金、实现质权的费用")),
            maximum: None,
            forfeiture: false,
            insist_same_day: false,
            insist_invalidation: false,
            open_continues: false,
        }
    }

    /// Applies for a pledge of one patent, signed by both sides.
    #[track_caller]
    pub fn applied(&mut self, patent: PatentId, owner: MemberId, pledgee: MemberId) -> PledgeId {
        let act = self.pledge_act(&[patent], &[owner], pledgee);
        PledgeId::new(self.effect(&[owner, pledgee], act), 0)
    }

    /// The registration of a pledge today, under a new number.
    pub fn pledge_registration(&mut self, pledge: PledgeId) -> pledge::Register {
        self.made += 1;
        let number: RecordalNumber = format!("Y202698{:07}", self.made).parse().expect("a pledge's number");
        pledge::Register { pledge, number, on: self.today() }
    }

    /// Pledges one patent.
    #[track_caller]
    pub fn pledge_registered(&mut self, patent: PatentId, owner: MemberId, pledgee: MemberId) -> PledgeId {
        let pledge = self.applied(patent, owner, pledgee);
        let act = self.pledge_registration(pledge);
        self.effect(&[REGISTRAR], act);
        pledge
    }

    /// Writes a declaration of open licence on a patent past its rules, announced or not.
    pub fn declaration_of(&mut self, patent: PatentId, open: bool) -> DeclarationId {
        let id = DeclarationId::new(self.index, 0);
        let declaration = Declaration {
            patent,
            state: if open { DeclarationState::Open } else { DeclarationState::Declared },
            fee: FeeStandard::Free,
            term: "2026-11-24/2030-11-23".parse().unwrap(),
            contact: text("甲"),
            calculation: text("免费"),
            industries: list(&[]),
            application: None,
            know_how: false,
            declared: self.today(),
            pledge: None,
            announced: None,
            withdrawal: None,
        };
        let status = PatentStatus { declaration: Some(id), open, ..self.status(patent) };
        self.past_the_rules(|overlay| {
            overlay.put(&id, &declaration)?;
            overlay.put(&patent, &status)
        });
        id
    }

    /// The same transfer, with the price of a pledged patent allocated.
    pub fn prepaying(&self, patents: &[PatentId], from: &[MemberId], to: &[MemberId]) -> transfer::Propose {
        transfer::Propose { proceeds: Some(Proceeds::Prepay), ..self.transfer_act(patents, from, to) }
    }
}
